"""Put words together again that the end of a printed line cuts: "over-" and "loaded", but not "well-" and "known"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ingest.text.pieces import tokenizer

_SOFT = "\u00ad"
_CUT_WORD = re.compile(r"[^\W\d_]+-\Z")
_OF_SEVERAL = re.compile(r"-[^\W\d_]+-\Z")  # "mother-in-": a compound already.
_PARTED = re.compile(r"\w-\Z")  # "19-" before "year-old", too.
_SUSPENDED = ("and", "or")  # "pre- and post-war"
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a document writes: its words, and whether it cuts words at the ends of its lines."""

    words: frozenset[str]
    cuts: bool

    @classmethod
    def of(cls, lines: Sequence[str]) -> Spelling:
        """The spelling of a document's lines. One cut that leaves no word tells that there are cuts."""
        words = frozenset(_whole_words(lines))
        halves = [_halves(line.strip(), following.strip()) for line, following in pairwise(lines)]
        return cls(words, any(one not in _vocabulary() and one not in words for one, _ in filter(None, halves)))

    def has(self, word: str) -> bool:
        """True for a word of the document or of the tokenizer."""
        return word in self.words or word in _vocabulary()

    def keeps_hyphen(self, one: str, other: str) -> bool:
        """True for the hyphen of "harbour-wide" at the end of a line, which is no cut of one word.

        The document's other places decide, then the words of the tokenizer: two words that make no third. Where words
        are cut, a second half that often ends longer words is one.
        """
        if f"{one}-{other}" in self.words or one + other in self.words:
            return one + other not in self.words
        known = _vocabulary()
        if one + other in known or min(len(one), len(other)) < 3:
            return False
        is_compound = all(half in known or half in self.words for half in (one, other))
        return is_compound and not (self.cuts and f"##{other}" in known)


def joined(lines: Sequence[str], spelling: Spelling) -> str:
    """One line of several."""
    parts = [lines[0]]
    for line in lines[1:]:
        last = parts[-1]
        halves = _halves(last, line)
        is_word = halves is not None and spelling.has("".join(halves))
        is_suspended = halves is not None and halves[1] in _SUSPENDED and not is_word
        keeps = halves is None or spelling.keeps_hyphen(*halves) or (_OF_SEVERAL.search(last) and not is_word)
        if last.endswith(_SOFT) or not (keeps or is_suspended):
            parts[-1] = last[:-1]
        elif is_suspended or not (_PARTED.search(last) and line[:1].isalnum()):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _halves(line: str, following: str) -> tuple[str, str] | None:
    """The two halves of a word that a line may cut, in lower case; the second half of a name has a capital."""
    first, rest = _CUT_WORD.search(line), _FIRST_WORD.match(following)
    if first is None or rest is None or not rest[0][0].islower():
        return None
    return first[0][:-1].lower(), rest[0].lower()


def _whole_words(lines: Iterable[str]) -> Iterator[str]:
    """The words of a document but for those that a line cuts."""
    is_cut = False
    for line in map(str.strip, lines):
        found = [word.lower() for word in _WORD.findall(line)]
        was_cut, is_cut = is_cut, line.endswith(("-", _SOFT))
        yield from found[was_cut : len(found) - is_cut]


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    return frozenset(tokenizer().get_vocab())
