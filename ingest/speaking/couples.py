"""Two or more who share a surname that is said once: in "Finn and Ida Hale" Finn is Finn Hale.

In: the names of an article. Out: whose surname is told so, and the speakers under it. In the labelled articles six of
the seven that this takes are of that surname.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.speaking.given import genders, women
from ingest.speaking.namer import Words
from ingest.text.names import PARTICLES, Mention
from ingest.text.sources import NOUN_GENDERS
from rag.schema import Speaker

AND = (" and ", " & ")
BEFORE, BEHIND, LONGEST = re.compile(r"\b([a-z]+s) \Z"), re.compile(r", ([a-z]+s)\b"), 20


def only_pair(text: str, named: Sequence[Mention]) -> tuple[Mention, Mention] | None:
    """The two persons whom some text names together, as in "the twins Ann and Ida Hale", where no others are."""
    found = {
        (one.tokens, other.tokens): (one, other)
        for one, other in pairwise(named)
        if text[one.end : other.run] in AND and not (one.is_body or other.is_body)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def shared_surnames(text: str, named: Sequence[Mention], words: Words) -> dict[str, str]:
    """The surname of each that surely is a first name, has none of its own and is nobody's surname in the article.

    That it is a first name, the name tells, or an article that calls the other by the first name: in the training
    articles no other pair is called so.
    """
    alone = {mention.tokens[0] for mention in named if len(mention.tokens) == 1}
    known = {word for mention in named if len(mention.tokens) > 1 for word in (mention.tokens[0], mention.tokens[-1])}
    found = {
        one.tokens[0]: (one, other)
        for one, other in pairwise(named)
        if text[one.end : other.start] in AND
        and len(one.tokens) == 1
        and len(other.tokens) > 1
        and PARTICLES.issuperset(other.tokens[1:-1])  # "Ann and Ida van der Hale"
        and one.run == one.start
        and not (one.is_body or other.is_body or one.tokens[0] in known)
    }
    for one, other in reversed([*pairwise(named)]):  # "Ann, Bo and Ida Hale" are all of one surname.
        is_listed = text[one.end : other.start] == ", " and len(one.tokens) == len(other.tokens) == 1
        if is_listed and other.tokens[0] in found and not one.is_body and one.tokens[0] not in known:
            found.setdefault(one.tokens[0], (one, found[other.tokens[0]][1]))
    first_names = genders(women(found, words))
    return {
        name: " ".join(other.tokens[1:])
        for name, (one, other) in found.items()
        if name in first_names
        or _are_family(text, one, other)
        or (_are_persons(one, other) and other.tokens[0] in alone and other.tokens[-1] not in alone)
    }


def _are_family(text: str, one: Mention, other: Mention) -> bool:
    """True for "sisters" right before the first, or behind a comma after the other."""
    found = (BEFORE.search(text, max(0, one.run - LONGEST), one.run), BEHIND.match(text, other.end))
    return any(word and word[1] in NOUN_GENDERS for word in found)


def with_shared_surnames(speakers: Sequence[Speaker | None], shared: Mapping[str, str]) -> list[Speaker | None]:
    """The speakers, "Finn" of a label as Finn Hale where his surname is told with another's."""
    return [
        replace(one, name=f"{one.name} {shared[one.name]}") if one and one.name in shared else one for one in speakers
    ]


def _are_persons(one: Mention, other: Mention) -> bool:
    return one.body is False and other.body is False
