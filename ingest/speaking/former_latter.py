"""Whom "the former" and "the latter" mean: the first and the second of the two whom a sentence before names.

In: an article's quotes and their speakers. Out: the speakers, these words as who was named there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.speaking.named import PRONOUN, People
from ingest.text.names import Mention
from rag.schema import Quote, Speaker, SpeakerKind
from rag.text import sentences

PLACES = {"the former": 0, "the latter": 1}
PAIR = 2
AND = " and "
FAR = 600  # Characters back in which the two are looked for.


def by_place_in_pair(
    people: People, quotes: Sequence[Quote], speakers: Sequence[Speaker | None]
) -> list[Speaker | None]:
    """The speakers, "the former" and "the latter" told; they stay as they are where the last names are not two."""
    made = list(speakers)
    for number, (quote, speaker) in enumerate(zip(quotes, speakers, strict=True)):
        place = PLACES.get(quote.source[0].text.lower()) if quote.source else None
        pair = _pair(people, quote.source[0].start) if speaker and place is not None else []
        if speaker and place is not None and pair:
            person, kind = pair[place]
            made[number] = replace(speaker, name=person.name, role=person.role, confidence=PRONOUN, kind=kind)
    return made


def _pair(people: People, position: int) -> list[tuple[Speaker, SpeakerKind]]:
    """The two persons, or else the two bodies, of the last sentence before that names any."""
    low = max(0, position - FAR)
    for start, end in reversed(list(sentences(people.text, low, position))):
        told = people.told_between(start - 1, end)
        persons, bodies = ([m for m in told if m.body is is_body] for is_body in (False, True))
        if named := _two(people, persons or bodies):
            return [(person, "person" if persons else "body") for person in named]
        if persons or bodies:
            return []
    return []


def _two(people: People, told: Sequence[Mention]) -> list[Speaker]:
    """Those mentioned where they are two, or the only two of them that stand together as "Ann Lee and Bo Ek"."""
    joined = [(m, after) for m, after in pairwise(told) if people.text[m.end : after.run] == AND]
    for group in (told, joined[0] if len(joined) == 1 else ()):
        named = {person.name: person for m in group for person in [people.person(m, m.start)]}
        if len(named) == PAIR:
            return [*named.values()]
    return []
