"""Public pairs of entailment and of questions with sentences, in the form of the judge's own.

public/*.jsonl -> (claim or question, evidence, relation)
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.judging.reading import render
from training.judge.examples import Pair, lines

CLAIMED = (
    "Did {name} say that {claim}?",
    "Did {name} say {claim}?",
    "{name} said that {claim}, right?",
    "Has {name} claimed that {claim}?",
    "Does {name} think that {claim}?",
    "Is it true that, according to {name}, {claim}?",
)
ENTAILED = {"entailment": "says_so", "contradiction": "opposite", "neutral": "topic"}
# At most so many pairs of each set; of the second kind are those where a sentence answers a question or does not.
CLAIMS = {
    "vitaminc.jsonl.gz": 40_000,
    "mnli_dev.jsonl.gz": 20_000,
    "snli_dev_test.jsonl.gz": 12_000,
    "fever_evidence.jsonl.gz": 12_000,
    "cad_snli.jsonl.gz": 9_000,
    "conjnli.jsonl.gz": 8_000,
    "dnc_veridicality.jsonl": 4_000,
    "negation_nli.jsonl": 2_500,
    "fm2.jsonl": 2_500,
    "scone.jsonl": 1_500,
    "breaking_nli.jsonl": 1_500,
    "dnc_function_words.jsonl": 1_200,
}
ANSWERS = {
    "wikinews_qa.jsonl.gz": 20_000,
    "squad2_sentences.jsonl.gz": 7_000,
    "qnli_dev.jsonl": 4_000,
    "qed_dev.jsonl": 3_000,
}
STRANGER = 0.12  # Share of claims put to somebody else than who makes them.


def public_pairs(folder: Path, names: Sequence[str], seed: int = 1) -> list[tuple[str, Pair]]:
    """(question, pair) of public entailment and question data in the judge's own form, with `names` as speakers."""
    rng = random.Random(seed)
    found: list[tuple[str, Pair]] = []
    for file, count in CLAIMS.items():
        rows = [row for row in lines(folder / file) if row.get("label") in ENTAILED]
        found += [_claim(row, names, rng) for row in rng.sample(rows, min(count, len(rows)))]
    for file, count in ANSWERS.items():
        rows = list(lines(folder / file))
        found += [_answer(row, names, rng) for row in rng.sample(rows, min(count, len(rows)))]
    return found


def _claim(row: dict[str, Any], names: Sequence[str], rng: random.Random) -> tuple[str, Pair]:
    asked = rng.choice(names)
    speaker = rng.choice(names) if rng.random() < STRANGER else asked
    claim = row["hypothesis"].strip().rstrip(".")
    if claim[:2].istitle() and rng.random() < 0.7:
        claim = claim[0].lower() + claim[1:]
    relation = ENTAILED[row["label"]]
    if speaker != asked:
        relation = "another" if relation == "says_so" else "topic"
    question = rng.choice(CLAIMED).format(name=asked, claim=claim)
    return question, Pair(_said(row["premise"], speaker), relation)


def _answer(row: dict[str, Any], names: Sequence[str], rng: random.Random) -> tuple[str, Pair]:
    kind = row.get("kind", "")
    near = kind in ("judged_invalid", "impossible_plausible", "same_doc", "overlap_same_doc", "neighbour", "")
    relation = "answers" if row["answers"] else "topic" if near else "off"
    return row["question"], Pair(_said(row["sentence"], rng.choice(names)), relation)


def _said(text: str, speaker: str) -> str:
    text = " ".join(text.split())
    return render(text, [(0, len(text))], speaker=speaker)
