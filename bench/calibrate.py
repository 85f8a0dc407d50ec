"""Where do the bounds of `rag.evidence` and `rag.decision` separate best, on your own index and questions?

    python bench/calibrate.py QUESTIONS.jsonl --index DIR

A question is a line of JSON: `question`, `answerable` (true or false) and, for "Did X say Y?", `expected` ("yes" or
"no"). Prints as JSON, for each bound, the share that the bound in use gets right, the bound that separates these
questions best, and what a bound chosen on four fifths of them gets right on the fifth left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rag.decision import MIN_OWN
from rag.models.embeddings import load_embeddings
from rag.evidence import CONSIDERED, MIN_WEIGHT, Case, Scales
from rag.query import understand
from rag.retrieval.retriever import Retriever
from rag.index.store import open_store

FOLDS = 5
STEP = 0.05

Point = tuple[float, bool]


def measure(questions: Sequence[dict[str, object]], index: Path) -> dict[str, list[Point]]:
    """The weight of the best own statement for each question that names somebody, with what it should mean.

    "answered" has questions that ask what somebody said, True where they can be answered; "claimed" has
    "Did X say Y?", True where the answer is yes.
    """
    embeddings = load_embeddings()
    store = open_store(index, model=embeddings.name, dimension=embeddings.dimension)
    retriever = Retriever(store, embeddings)
    scales = Scales(store.catalogue().texts, embeddings.embed)
    points: dict[str, list[Point]] = {"answered": [], "claimed": []}
    for row in questions:
        query = understand(str(row["question"]), row.get("history") or [], retriever.people)  # type: ignore[arg-type]
        own = Case(query, retriever.retrieve, scales).own[:CONSIDERED]
        if not (query.speakers and own) or query.premise:
            continue
        weight = max(evidence.weight for evidence in own)
        if row.get("expected"):
            points["claimed"].append((weight, row["expected"] == "yes"))
        elif query.kind == "said_what":
            points["answered"].append((weight, bool(row["answerable"])))
    return points


def right(points: Sequence[Point], bound: float) -> float:
    """The mean of the shares of true and of false points that lie on their side of a bound."""
    sides = [[(weight >= bound) == truth for weight, truth in points if truth is side] for side in (True, False)]
    return sum(sum(side) / len(side) for side in sides if side) / max(1, sum(map(bool, sides)))


def best(points: Sequence[Point]) -> float:
    """The middle of the bounds, 0 to 2 in steps of STEP, that separate points best."""
    bounds = [step * STEP for step in range(int(2 / STEP) + 1)]
    top = max(right(points, bound) for bound in bounds)
    equal = [bound for bound in bounds if right(points, bound) == top]
    return round(equal[len(equal) // 2], 2)


def left_out(points: Sequence[Point]) -> float:
    """What bounds chosen on the other folds get right, the folds taken together."""
    judged: list[bool] = []
    for fold in range(FOLDS):
        bound = best([point for n, point in enumerate(points) if n % FOLDS != fold])
        judged += [(weight >= bound) == truth for weight, truth in points[fold::FOLDS]]
    return sum(judged) / len(judged) if judged else 0.0


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    args = parser.parse_args()
    lines = args.questions.read_text(encoding="utf-8").splitlines()
    points = measure([json.loads(line) for line in lines if line.strip()], args.index)
    used = {"answered": MIN_WEIGHT, "claimed": MIN_OWN}
    figures = {
        name: {
            "questions": len(found),
            "bound": used[name],
            "right": round(right(found, used[name]), 3),
            "best_bound": best(found),
            "best_right": round(right(found, best(found)), 3),
            "left_out_right": round(left_out(found), 3),
        }
        for name, found in points.items()
        if found
    }
    json.dump(figures, sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
