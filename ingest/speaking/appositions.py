"""Whom the article itself calls "airline": Orsa Air of "the airline Orsa Air" and of "Orsa Air, an airline", and Tarn
Lines as "the tram operator", of "Tarn Lines, which operates the trams".

In: the text and its cast. Out: who is called so before a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.speaking.cast import Cast, words_of
from ingest.text.names import role_noun
from ingest.text.sources import without_relative

THE = re.compile(r"the ((?:[\w’'-]+ ){0,3}[\w’'-]+)")
BEFORE = re.compile(r"(?:[\w’'-]+ ){0,4}[\w’'-]+(?=(?: the)? \Z)", re.I)
BEHIND = re.compile(r"(?:,| is| was) (?:the|an?) ([^,.;:()“”\"\n]{3,90})")
DOES = re.compile(r",? (?:which|that|who) ([a-z]+) ([^,.;:()“”\"\n]{3,60})")
FAR = 120  # Characters on either side of a name in which it stands what it is.
DOER, DONE = re.compile(r"(?:e?r|or)$"), re.compile(r"(?:e|s|es|d|ed)$")  # "Owner" and "owns", "maker" and "makes".
SHORTEST_STEM = 3


class Appositions:
    """What the article says of each of the cast right beside the name."""

    def __init__(self, text: str, cast: Cast) -> None:
        self._found: dict[str, list[tuple[int, int, set[str]]]] = {}
        spans = zip(cast.starts.tolist(), cast.ends.tolist(), cast.owners.tolist(), strict=True)
        for start, end, owner in spans:
            for noun, words in _beside(text, start, end):
                self._found.setdefault(noun, []).append((start, owner, words))

    def only(self, phrase: str, at: int) -> int | None:
        """The only one whom all words of "the tram operator", in lower case, are said of before `at`."""
        the = THE.fullmatch(phrase)
        noun = role_noun(the[1]) if the else ""
        if the is None or not the[1].endswith(noun):
            return None
        wanted = words_of(the[1]) - {noun}
        found = [*self._found.get(noun, []), *self._found.get(_doing(noun), [])]
        owners = {owner for start, owner, words in found if start < at and wanted <= words}
        return owners.pop() if len(owners) == 1 else None


def _beside(text: str, start: int, end: int) -> Iterator[tuple[str, set[str]]]:
    """The noun that each description of the name turns on, and its words."""
    if before := BEFORE.search(text, max(0, start - FAR), start):
        yield before[0].split()[-1].lower(), words_of(before[0])
    if behind := BEHIND.match(text, end, end + FAR):
        main = without_relative(behind[1])
        yield role_noun(main), words_of(main)
    if does := DOES.match(text, end, end + FAR):
        words = words_of(does[2])
        yield f"{DONE.sub('', does[1])}-", words | {word.removesuffix("s") for word in words}


def _doing(noun: str) -> str:
    """ "Operat-" of "operator", under which it stands what somebody operates."""
    stem = DOER.sub("", noun)
    return f"{stem}-" if stem != noun and len(stem) >= SHORTEST_STEM else noun
