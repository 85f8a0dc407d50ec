"""Who speaks in an index, and which of them a name, surname or role in a question means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.text import stem

HONORIFICS = frozenset("mr mrs ms miss dr prof professor sir dame lord lady the a an".split())
SUFFIXES = frozenset("jr sr ii iii iv".split())
NAME_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
# Function words that carry nothing in a role such as "head of the harbour authority".
ROLE_FILLERS = frozenset("of the a an for and at in on to who is was with his her their".split())
PRONOUNS = frozenset("he she they it i we you who".split())
MAX_MENTION_WORDS = 5


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, honorifics and possessive endings dropped."""
    words = [re.sub(r"['’]s?$", "", w.lower()) for w in NAME_WORD.findall(name)]
    return tuple(w for w in words if w not in HONORIFICS) or tuple(words)


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a question that names speakers of the index: characters [start, end)."""

    start: int
    end: int
    names: tuple[str, ...]


class Directory:
    """The speakers of an index by name, surname and role."""

    def __init__(self, speakers: Iterable[tuple[str, str]]) -> None:
        """Take (name, role) pairs, one for each quote; an empty name or a pronoun is no speaker."""
        self._counts: dict[str, int] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._roles: dict[str, set[str]] = {}
        self._by_last: dict[str, list[str]] = {}
        for name, role in speakers:
            if not name or name.lower() in PRONOUNS:
                continue
            if name not in self._counts:
                self._words[name] = name_words(name)
                self._by_last.setdefault(_last(self._words[name]), []).append(name)
            self._counts[name] = self._counts.get(name, 0) + 1
            self._roles.setdefault(name, set()).update(_role_stems(role))

    @property
    def names(self) -> tuple[str, ...]:
        """Every speaker's name."""
        return tuple(self._counts)

    def find(self, phrase: str) -> tuple[str, ...]:
        """The speakers that a phrase such as "Hale", "Dr. Ida Hale" or "the minister" can mean."""
        return self.by_name(phrase) or self.by_role(phrase)

    def by_name(self, phrase: str) -> tuple[str, ...]:
        """The speakers of that name: the same words, or the same surname and no other given name."""
        words = name_words(phrase)
        if not words:
            return ()
        same = [n for n in self._by_last.get(_last(words), []) if _compatible(words, self._words[n])]
        exact = [n for n in same if self._words[n] == words]
        if len(words) > 1 and exact:
            # A fuller form of the same name is the same person; the bare surname may be.
            return tuple(exact + [n for n in same if n not in exact])
        return tuple(same)

    def by_role(self, phrase: str) -> tuple[str, ...]:
        """The speakers whose role and name together hold every word of the phrase."""
        wanted = _role_stems(phrase)
        if not wanted:
            return ()
        return tuple(name for name, role in self._roles.items() if wanted <= role | set(map(stem, self._words[name])))

    def scan(self, text: str) -> list[Mention]:
        """Every stretch of a text that is a speaker's name or surname, longest first at each place."""
        words = list(NAME_WORD.finditer(text))
        found: list[Mention] = []
        position = 0
        while position < len(words):
            for length in range(min(MAX_MENTION_WORDS, len(words) - position), 0, -1):
                start, end = words[position].start(), words[position + length - 1].end()
                names = self._named(text[start:end], length)
                if names:
                    found.append(Mention(start, end, names))
                    position += length
                    break
            else:
                position += 1
        return found

    def _named(self, phrase: str, length: int) -> tuple[str, ...]:
        words = name_words(phrase)
        if len(words) != length or (length == 1 and phrase[:1].islower()):
            return ()
        return self.by_name(phrase)


def _last(words: tuple[str, ...]) -> str:
    kept = [w for w in words if w not in SUFFIXES]
    return (kept or list(words))[-1] if words else ""


def _role_stems(role: str) -> set[str]:
    words = (re.sub(r"['’]s?$", "", w.lower()) for w in NAME_WORD.findall(role))
    return {stem(w) for w in words if w not in ROLE_FILLERS}


def _compatible(asked: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Same surname, and the given names do not clash: one is missing, equal or the other's initial."""
    a = [w for w in asked if w not in SUFFIXES]
    b = [w for w in known if w not in SUFFIXES]
    suffixes = (set(asked) & SUFFIXES, set(known) & SUFFIXES)
    if all(suffixes) and suffixes[0] != suffixes[1]:
        return False
    if len(a) == 1 or len(b) == 1:
        return True
    return a[0] == b[0] or (1 in (len(a[0]), len(b[0])) and a[0][0] == b[0][0])
