"""Find what somebody else says in brackets within a turn: "I was nine. [HALE: Heavens!] It was taller than I was".

In: a stretch of a turn's words and who speaks elsewhere. Out: where such brackets stand, and the turns in them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ingest.text.turn import Pair, Turn
from ingest.text.turn_labels import QUESTION, label_of

BRACKETS = re.compile(r"\[([^\[\]\n]+)\]|\(([^()\n]+)\)")
# A time of the recording is nothing said, wherever it stands.
STAMP = re.compile(r"\d{1,2}(?::\d{2}){1,2}(?:[.,]\d{1,3})?")
SQUARE = "["  # What is not the speaker's own stands in these.


@dataclass(frozen=True, slots=True)
class Interjection:
    """Where the brackets stand, and what is said in them; None where that is a time, or of nobody who has turns."""

    area: Pair
    turn: Turn | None


def interjections(text: str, pair: Pair, keys: Collection[str]) -> Iterator[Interjection]:
    """The brackets in which another than the speaker has a word; `keys` tell who speaks in the text.

    In round ones the speaker has his own asides, "(mind you: it rained)": those of others begin with one of the keys.
    """
    for brackets in BRACKETS.finditer(text, *pair):
        inside = brackets.span(1 if brackets[1] else 2)
        is_square = brackets[0].startswith(SQUARE)
        if is_square and STAMP.fullmatch(text, *inside):
            yield Interjection(brackets.span(), None)
        elif label := label_of(text, 0, inside):
            is_known = label.key in keys or label.name == QUESTION
            said = Turn(label.place, label.mark, ((label.words, inside[1]),), label.name == QUESTION)
            if is_known or is_square:
                yield Interjection(brackets.span(), said if is_known else None)


def around(pair: Pair, found: Collection[Interjection]) -> Iterator[Pair]:
    """The pieces of a stretch outside of interjections that lie in it, in order."""
    start, end = pair
    for one in found:
        if start <= one.area[0] and one.area[1] <= end:
            yield start, one.area[0]
            start = one.area[1]
    yield start, end
