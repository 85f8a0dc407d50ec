"""Questions with their labelled statements, and public pairs, as what the judge's network learns from.

questions.jsonl + pools.jsonl + articles' texts -> Pool(question, [(evidence, relation)])
public/*.jsonl -> (claim or question, evidence, relation)
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.judging.reading import render
from rag.text import around
from rag.understanding.embedded import joined

RELATIONS = ("answers", "says_so", "opposite", "another", "topic", "off")
SET_ASIDE = 10  # One article in so many is kept for choices.


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement as the network reads it, with its relation to the question."""

    evidence: str
    relation: str
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """A question with the statements that were labelled for it; `aside` when its articles are set aside."""

    id: str
    kind: str
    question: str
    pairs: tuple[Pair, ...]
    aside: bool


def is_aside(article_id: str) -> bool:
    """True for one article in SET_ASIDE, by a hash of its id: nothing is trained on it."""
    return int(hashlib.sha256(article_id.encode()).hexdigest(), 16) % SET_ASIDE == 0


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def read_articles(paths: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Articles by id, from JSON Lines files with `id`, `text`, `title` and a date."""
    return {row["id"]: row for path in paths for row in lines(path)}


def read_pools(folder: Path, articles: dict[str, dict[str, Any]], roles: dict[str, str]) -> list[Pool]:
    """The pools of a folder's questions.jsonl and pools.jsonl.

    A pool is set aside when one of its gold articles is, or, where it has none, the article of its first statement;
    the other pools lose the statements of articles set aside. `roles` has the role that an article gives a speaker,
    by `role_key`.
    """
    asked = {row["id"]: row for row in _parts(folder, "questions")}
    pools = []
    for row in _parts(folder, "pools"):
        question = asked[row["id"]]
        mine = {gold["article_id"] for gold in question["gold"]} or {
            min(row["candidates"], key=lambda c: c["rank"] or 99)["article_id"]
        }
        aside = any(map(is_aside, mine))
        kept = [c for c in row["candidates"] if aside or not is_aside(c["article_id"])]
        pairs = tuple(_pair(c, articles[c["article_id"]], roles) for c in kept if c["article_id"] in articles)
        pools.append(Pool(row["id"], question["kind"], _asked(question), pairs, aside))
    return pools


def _asked(row: dict[str, Any]) -> str:
    """The question as the judge gets it: a follow-up half the time behind the one before it, half made whole."""
    before = [message["content"] for message in row["history"] if message["role"] == "user"]
    question: str = row["question"]
    if not before or row["standalone"] in ("", question):
        return question
    return joined(before[-1], question) if row["id"][-1] in "02468" else str(row["standalone"])


def _parts(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(f"{name}*.jsonl*")):
        yield from lines(path)


def role_key(article_id: str, speaker: str) -> str:
    """The key of a speaker's role in an article."""
    return f"{article_id}\t{speaker}"


def _pair(candidate: dict[str, Any], article: dict[str, Any], roles: dict[str, str]) -> Pair:
    text, content = article["text"], candidate["content"]
    start, end = around(text, content[0][0], content[-1][1])
    speaker = candidate["speaker"] or ""
    return Pair(
        render(
            text[start:end],
            [(s - start, e - start) for s, e in content],
            speaker=speaker,
            role=roles.get(role_key(article["id"], speaker), ""),
            title=article.get("title") or "",
            day=article.get("published") or article.get("date") or "",
        ),
        candidate["label"],
        candidate["rank"],
    )


# ---------------------------------------------------------------------------------------------- public data

CLAIMED = (
    "Did {name} say that {claim}?",
    "Did {name} say {claim}?",
    "{name} said that {claim}, right?",
    "Has {name} claimed that {claim}?",
    "Does {name} think that {claim}?",
    "Is it true that, according to {name}, {claim}?",
)
ENTAILED = {"entailment": "says_so", "contradiction": "opposite", "neutral": "topic"}
# How many pairs of each set, and the sets of the second kind, where a sentence answers a question or does not.
CLAIMS = {
    "vitaminc.jsonl.gz": 2600,
    "mnli_dev.jsonl.gz": 1700,
    "snli_dev_test.jsonl.gz": 300,
    "cad_snli.jsonl.gz": 400,
    "conjnli.jsonl.gz": 300,
    "breaking_nli.jsonl": 200,
    "scone.jsonl": 200,
    "negation_nli.jsonl": 300,
    "fm2.jsonl": 300,
    "dnc_veridicality.jsonl": 350,
    "dnc_function_words.jsonl": 200,
    "fever_evidence.jsonl.gz": 500,
}
ANSWERS = {"wikinews_qa.jsonl.gz": 1200, "squad2_sentences.jsonl.gz": 600, "qed_dev.jsonl": 300}
STRANGER = 0.12  # Share of claims put to somebody else than who makes them.


def public_pairs(folder: Path, names: list[str], seed: int = 1) -> list[tuple[str, Pair]]:
    """Pairs of public entailment and question data in the form of the judge's own, shuffled."""
    rng = random.Random(seed)
    found: list[tuple[str, Pair]] = []
    for file, count in CLAIMS.items():
        rows = [row for row in lines(folder / file) if row.get("label") in ENTAILED]
        found += [_claim(row, names, rng) for row in rng.sample(rows, min(count, len(rows)))]
    for file, count in ANSWERS.items():
        rows = list(lines(folder / file))
        found += [_answer(row, names, rng) for row in rng.sample(rows, min(count, len(rows)))]
    rng.shuffle(found)
    return found


def _claim(row: dict[str, Any], names: list[str], rng: random.Random) -> tuple[str, Pair]:
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


def _answer(row: dict[str, Any], names: list[str], rng: random.Random) -> tuple[str, Pair]:
    kind = row.get("kind", "")
    near = kind in ("judged_invalid", "impossible_plausible", "same_doc", "overlap_same_doc", "neighbour", "")
    relation = "answers" if row["answers"] else "topic" if near else "off"
    return row["question"], Pair(_said(row["sentence"], rng.choice(names)), relation)


def _said(text: str, speaker: str) -> str:
    text = " ".join(text.split())
    return render(text, [(0, len(text))], speaker=speaker)
