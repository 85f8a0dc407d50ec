"""Whose "I" and "we" are that the tagger takes for a source within somebody's words: "“I know that …,” Lee said".

In: the text with its quotes in reading order and their speakers. Out: the speakers, such words those of whoever speaks
there: in the quotation around them, or in the paragraph before, which leads on to theirs with a colon.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from ingest.speaking.named import PRONOUN
from rag.schema import Quote, Speaker

Spoken = tuple[int, int, Speaker]  # From where to where, and who.

START = itemgetter(0)
FIRST_PERSON = frozenset("i we me us my our".split())


def in_own_words(text: str, quotes: Sequence[Quote], speakers: Sequence[Speaker | None]) -> list[Speaker | None]:
    """The speakers, each "I" and "we" as whom it means where its place tells."""
    others = [(q, s) for q, s in zip(quotes, speakers, strict=True) if s and q.source and not _is_first_person(q)]
    spoken = sorted(((q.source[0].start, q.source[0].start, s) for q, s in others), key=START)
    direct = sorted(((c.start, c.end, s) for q, s in others if q.kind == "direct" for c in q.content), key=START)
    made = list(speakers)
    for number, quote in enumerate(quotes):
        if _is_first_person(quote):
            at = quote.source[0].start
            meant = _last(direct, at)
            if meant is None or meant[1] < at:
                meant = _leading_on(text, at, spoken)
            if meant:
                made[number] = replace(meant[2], confidence=min(PRONOUN, meant[2].confidence))
    return made


def _is_first_person(quote: Quote) -> bool:
    return bool(quote.source) and quote.source[0].text.lower() in FIRST_PERSON


def _last(some: Sequence[Spoken], at: int) -> Spoken | None:
    """The last that begins before a place."""
    before = bisect_left(some, at, key=START)
    return some[before - 1] if before else None


def _leading_on(text: str, at: int, spoken: Sequence[Spoken]) -> Spoken | None:
    """Who speaks last in the paragraph before, if that ends with a colon."""
    end = text.rfind("\n", 0, at)
    while end > 0 and text[end - 1].isspace():
        end -= 1
    if end <= 0 or text[end - 1] != ":":
        return None
    meant = _last(spoken, end)
    return meant if meant and meant[0] > text.rfind("\n", 0, end) else None
