"""Fit the weights of `rag.ranking` to questions with known answers, and print them with each measure's worth.

    python scripts/fit_ranking.py QUESTIONS.jsonl --index DIR

QUESTIONS has one JSON object a line: `question`, optionally `speaker` (the name as the index has it, when
the question gives it) and `gold`, a list of {"article_id", "content": [[start, end], ...]} of an
article in the index. Use articles and questions that you measure nothing else on.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from rag.models.embeddings import load_embeddings
from rag.query import understand
from rag.retrieval.ranking import Measures
from rag.retrieval.retriever import Retriever
from rag.index.store import Store, open_store

NAMES = [field.name for field in fields(Measures)]
RATE, STEPS, DECAY = 0.5, 3000, 0.01
MIN_OVERLAP = 0.5  # Of the shorter of gold and statement.

Case = tuple[np.ndarray, np.ndarray]


def main() -> None:
    """Read, measure, fit on all questions, and fit again with each measure left out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    options = parser.parse_args()
    embeddings = load_embeddings()
    store = open_store(options.index, model=embeddings.name, dimension=embeddings.dimension)
    retriever = Retriever(store, embeddings)
    rows = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines()]
    cases = [case for row in rows if (case := measured(row, retriever, store)) is not None]
    weights = fit(cases, list(range(len(NAMES))))
    print(json.dumps({"cases": len(cases), **dict(zip(NAMES, weights.round(2).tolist(), strict=True))}))
    print(json.dumps({"all": shares(cases, weights)}))
    for left_out in range(len(NAMES)):
        columns = [n for n in range(len(NAMES)) if n != left_out]
        print(json.dumps({f"without {NAMES[left_out]}": shares(cases, fit(cases, columns))}))


def measured(row: dict[str, Any], retriever: Retriever, store: Store) -> Case | None:
    """The measures of a question's candidates and which of them are right; None when none or all are."""
    query = understand(row["question"], None, retriever.people)
    ids, measures = retriever.measure(query, speakers=(row["speaker"],) if row.get("speaker") else ())
    values = np.stack([getattr(measures, name) for name in NAMES], axis=1)
    spans = {s.id: (s.article.id, [(c.start, c.end) for c in s.quote.content]) for s in store.statements(ids)}
    right = np.array([any(answers(*spans[id], gold) for gold in row["gold"]) for id in ids])
    return (values, right) if right.any() and not right.all() else None


def answers(article: str, said: list[tuple[int, int]], gold: dict[str, Any]) -> bool:
    """True when a statement and a gold answer cover each other by half of the shorter."""
    both = sum(max(0, min(e, end) - max(s, start)) for s, e in gold["content"] for start, end in said)
    shorter = min(sum(e - s for s, e in gold["content"]), sum(end - start for start, end in said))
    return bool(article == gold["article_id"] and both >= MIN_OVERLAP * shorter)


def fit(cases: list[Case], columns: list[int]) -> np.ndarray:
    """Weights that make the right statements likely under a softmax over the candidates; 0 for other columns."""
    weights = np.zeros(len(NAMES))
    for step in range(STEPS):
        gradient = -2 * DECAY * weights
        for values, right in cases:
            odds = np.exp(values @ weights - (values @ weights).max())
            gradient += ((odds * right / (odds * right).sum() - odds / odds.sum()) @ values) / len(cases)
        kept = np.zeros_like(weights)
        kept[columns] = gradient[columns]
        weights += RATE * kept
        if step % 100 == 0 and np.abs(kept).max() < 1e-3:
            break
    return weights


def shares(cases: list[Case], weights: np.ndarray) -> dict[str, float]:
    """Of how many questions the right statement is the first, and among the first three."""
    ranks = [1 + int((values @ weights > (values @ weights)[right].max()).sum()) for values, right in cases]
    return {f"first {k}": round(sum(rank <= k for rank in ranks) / len(ranks), 3) for k in (1, 3)}


if __name__ == "__main__":
    main()
