"""Readings altered so that the namer learns that "Fishmonger Ann Lee" is Ann Lee, and "Will Lee" nobody's will.

News has "Senator Lee" by the thousand and few other offices there, and few first names that are words. Out: paragraphs
of the readings with an office, from among those that the readers found, before a full name at the head of a sentence,
or with another first name there.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ingest.quoting.tagger import Tagger
from ingest.text.names import TITLES, role_noun
from rag.text import paragraphs
from training.speakers.examples import Reading

HEAD = re.compile(r"(?:^|[.!?][”\"]?\s+)$")
# First names that are words, too, and some that few articles have.
FIRST_NAMES = (
    "Angel April Art August Autumn Basil Bill Bo Brook Buck Buddy Candy Carol Cash Chance Chase Christian Clay "
    "Cliff Colt Dale Dawn Dean Drew Dot Duke Earl Eve Faith Fern Flint Ford Forest Frank Gene Ginger Glen Grace "
    "Grant Guy Harmony Heath Holly Hope Hunter Iris Ivy Jack Jade Jasmine Jay Joy June Kit Lance Lane Lily Major "
    "Mark Marina Mason Max May Mercy Miles Nick Norm Olive Pat Patience Pearl Penny Pierce Piper Porter Prudence "
    "Ray Reed Rich Rob Robin Rocky Rose Ruby Rusty Sage Sandy Scout Skip Sky Star Sterling Stone Sue Summer Sunny "
    "Tanner Trinity Victor Violet Wade Will Winter Wren"
).split()
MOST = 6  # Paragraphs of one article.
WORD = re.compile(r"[a-z]{4,}")


def offices(labels: Iterable[Mapping[str, Any]], texts: Mapping[str, str]) -> list[str]:
    """The nouns of the roles that readers found, but titles that every list has, in order."""
    found = set()
    for row in labels:
        for who in row["who"].values():
            text = texts.get(row["id"], "")
            noun = role_noun(text[slice(*who["role"])]) if who["role"] else ""
            if WORD.fullmatch(noun) and noun not in TITLES and not noun.endswith("s"):
                found.add(noun)
    return sorted(found)


def altered(reading: Reading, nouns: Sequence[str], dice: random.Random) -> Iterator[Reading]:
    """Some paragraphs of a reading, each with an office before a name, another first name, both, and two surnames."""
    named = {key: name for key, name in reading.names.items() if reading.kinds[key] == "person" and " " in name}
    lines = [reading.text[start:end] for start, end in paragraphs(reading.text)]
    found = [
        (line, key, at) for line in lines for key, name in named.items() if (at := _headed(line, name)) is not None
    ]
    for line, key, at in dice.sample(found, min(MOST, len(found))):
        office, first = dice.choice(nouns).capitalize(), dice.choice(FIRST_NAMES)
        name = f"{first} {named[key].split(' ', 1)[1]}"
        other = line.replace(named[key], name)
        at_other = at + line[:at].count(named[key]) * (len(name) - len(named[key]))
        names = {**reading.names, key: name}
        yield _with(reading, f"{line[:at]}{office} {line[at:]}", reading.names)
        yield _with(reading, other, names)
        second = f"{named[key]} {dice.choice(list(named.values())).split()[-1]}"
        yield _with(reading, line.replace(named[key], second), {**reading.names, key: second})
        yield _with(reading, f"{other[:at_other]}{office} {other[at_other:]}", names)


def _with(reading: Reading, text: str, names: dict[str, str]) -> Reading:
    _, pieces, states = Tagger.load().read(text)
    return replace(reading, text=text, names=names, pieces=pieces, states=states)


def _headed(line: str, name: str) -> int | None:
    """Where a name stands at the head of a sentence of the line."""
    found = (match.start() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", line))
    return next((at for at in found if HEAD.search(line[:at])), None)
