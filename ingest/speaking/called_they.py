"""Whom "they" means of whom the article says that it is their pronoun: "Ann Lee, who uses they/them pronouns".

In: an article's quotes and their speakers. Out: the speakers, a "they" that stood for nobody given to such a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.speaking.named import PRONOUN, People
from rag.schema import Quote, Speaker
from rag.text import sentences

# What stands behind a name: "(they/them)", "uses they/them pronouns", ", whose pronouns are they and them". Of
# "Ann Lee's child uses" it is the child's: behind that mark stand the pronouns themselves, and so behind "whose".
_THEIRS = re.compile(
    r",? \(they\b[^()\n]{0,20}\)|['’]s? pronouns (?:are|were) [^,.;:!?()“”\"\n]{0,20}?(\bthey\b)|"
    r",? (?!whose (?!pronouns? ))[^,.;:!?()“”\"\n]{0,30}?"
    r"(\bpronouns? [^,.;:!?()“”\"\n]{0,20}?\bthey\b|\bthey\b[^,.;:!?()“”\"\n]{0,12} pronouns?\b)"
)
THEY = "they"
OPENING = " \n“\"‘'"


def by_pronoun_they(
    people: People, quotes: Sequence[Quote], speakers: Sequence[Speaker | None]
) -> list[Speaker | None]:
    """The speakers, "they" who would be one person or nobody as whoever has that pronoun and was just told of or spoke.

    A group is left, with a name or without: whom the article calls "they" is not those who were named together.
    """
    called = _called_they(people, quotes)
    made = list(speakers)
    for number, (quote, speaker) in enumerate(zip(quotes, speakers, strict=True)):
        if called and speaker and quote.source and quote.source[0].text.lower() == THEY:
            is_open = speaker.name.lower() == THEY or speaker.kind == "person"
            meant = (_goes_on(people, quotes, made, number) or _subject(people, quote)) if is_open else None
            if meant and meant.name in called:
                made[number] = replace(speaker, name=meant.name, role=meant.role, confidence=PRONOUN, kind="person")
    return made


def _called_they(people: People, quotes: Sequence[Quote]) -> set[str]:
    """The persons of whom the article itself says so, whatever their first names tell."""
    said = [(span.start, span.end) for quote in quotes for span in quote.content]
    found: set[str] = set()
    for mention in people.mentions:
        told = _THEIRS.match(people.text, mention.end)
        at = max(told.start(1), told.start(2), told.start()) if told and not mention.is_body else -1
        # In "said that pupils could use the pronoun they" it is somebody's words.
        if at >= 0 and not any(start < at < end for start, end in said):
            found.add(people.person(mention, mention.start).name)
    return found


def _goes_on(
    people: People, quotes: Sequence[Quote], speakers: Sequence[Speaker | None], number: int
) -> Speaker | None:
    """Who spoke in the sentence before, in the same paragraph."""
    before, last = (quotes[number - 1], speakers[number - 1]) if number else (None, None)
    told = _sentences_before(people.text, quotes[number])
    if before is None or not told:
        return None
    return last if told[-1][0] < before.content[-1].end else None


def _subject(people: People, quote: Quote) -> Speaker | None:
    """The one person in the sentence before, or, where the quote begins a paragraph, in the one before; at a head."""
    before, start = _sentences_before(people.text, quote), _start(quote)
    above = len(people.text[:start].rstrip(OPENING))
    begin = before[-1][0] if before else people.text.rfind("\n", 0, above) + 1
    told = people.told_between(begin - 1, start)
    known = [people.person(m, m.start) for m in told if m.body is False]
    names = {person.name for person in known}
    return known[0] if len(names) == 1 and any(map(people.opens_sentence, told)) else None


def _sentences_before(text: str, quote: Quote) -> list[tuple[int, int]]:
    """The sentences of its paragraph before the one in which a quote and its source stand."""
    start = _start(quote)
    begin = text.rfind("\n", 0, start) + 1
    return list(sentences(text, begin, len(text[:start].rstrip(OPENING))))


def _start(quote: Quote) -> int:
    return min(quote.content[0].start, quote.source[0].start)
