"""Claims written about one statement each, and the same claims put to somebody else.

claims*.jsonl.gz + articles' texts -> (question, pair with says_so, opposite, topic or another)
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.judge.examples import Pair, evidence, is_aside, parts

WRITTEN_AS = {"yes": "says_so", "no": "opposite", "near": "topic"}
STRANGER = 0.2  # Share of claims that are put to somebody else once more.
RENAMED = 0.3  # Share of the claims in mixed words in which the speaker has another's name, in question and evidence.
SHORT = 4  # A last name of fewer letters may be part of another word.


@dataclass(frozen=True, slots=True)
class Claim:
    """A question whether somebody said something, and the one statement by which it was written.

    `mixed` when it was written with others: as many that say so as say the contrary have the statement's words.
    """

    question: str
    pair: Pair
    aside: bool
    mixed: bool


def read_claims(
    folder: Path, articles: dict[str, dict[str, Any]], roles: dict[str, str], strangers: Sequence[str], seed: int = 1
) -> list[Claim]:
    """The claims of a folder's claims*.jsonl.gz; some once more, put to one of the `strangers`."""
    rng = random.Random(seed)
    return [
        claim
        for row in parts(folder, "claims")
        if row["article_id"] in articles
        for claim in _of_statement(row, evidence(row, articles[row["article_id"]], roles), strangers, rng)
    ]


def _of_statement(row: dict[str, Any], said: str, strangers: Sequence[str], rng: random.Random) -> Iterator[Claim]:
    home = row["article_id"]
    aside, mixed = is_aside(home), bool(row.get("mixed"))
    for written, relation in WRITTEN_AS.items():
        for question in row[written]:
            asked, read = question, said
            if mixed and not aside and rng.random() < RENAMED:
                name = rng.choice(strangers)
                asked, read = (_renamed(text, row["speaker"], name) for text in (question, said))
            yield Claim(asked, Pair(read, relation, article_id=home), aside, mixed)
            other = _put_to(rng.choice(strangers), question, row["speaker"])
            if other and rng.random() < STRANGER:
                by_other = "another" if relation == "says_so" else "topic"
                yield Claim(other, Pair(said, by_other, article_id=home), aside, mixed)


def _renamed(text: str, speaker: str, name: str) -> str:
    """The text with another name for the speaker's, in full or his last; as it is where either has but one word."""
    if " " in speaker and " " in name:
        for old, new in ((speaker, name), (speaker.split()[-1], name.split()[-1])):
            text = new.join(re.split(rf"\b{re.escape(old)}\b", text))
    return text


def _put_to(stranger: str, question: str, speaker: str) -> str | None:
    """The question with another name for the speaker's; None where it does not name him."""
    last = speaker.split()[-1]
    for name in (speaker, last):
        if name in question and len(name) >= SHORT and stranger != speaker:
            return question.replace(name, stranger)
    return None
