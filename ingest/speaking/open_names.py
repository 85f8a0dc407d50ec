"""Surnames that two people of an article bear, where it does not show which of them is meant."""

from __future__ import annotations

from itertools import takewhile

from ingest.speaking.features import SURE
from ingest.speaking.linker import Link, Scene
from ingest.speaking.named import AMBIGUOUS
from rag.schema import Speaker


def is_open(link: Link, pick: Speaker | None, made: Scene) -> bool:
    """True where the link of a bare surname only follows who was named last of two who are named in full as often.

    It stands where the rules know whose the surname is, and where one named within the last sentence is surely meant.
    All such links in the labelled articles, of three surnames, were wrong.
    """
    cast, family = made.cast, pick.name.split()[-1] if pick else ""
    number = cast.numbers.get(link.name or "")
    if pick is None or number is None or pick.confidence != AMBIGUOUS or _family(cast.members[number].name) != family:
        return False
    spans = zip(cast.starts.tolist(), cast.ends.tolist(), cast.owners.tolist(), strict=True)
    before = takewhile(lambda span: span[0] < link.place[0], spans)
    # Behind the family name alone nobody shows who it is.
    whole = [(at, owner) for at, end, owner in before if end - at > len(family) and owner in _bearers(made, family)]
    if not whole or whole[-1][1] != number:
        return False
    sentences = made.places.sentence(link.place[0]) - made.places.sentence(whole[-1][0])
    others = [cast.members[other].whole for other in _bearers(made, family) if other != number]
    return max(others, default=0) == cast.members[number].whole and (sentences > 1 or link.sure < SURE)


def _family(name: str) -> str:
    return name.split()[-1] if " " in name else ""


def _bearers(made: Scene, family: str) -> list[int]:
    return [number for number, member in enumerate(made.cast.members) if _family(member.name) == family]
