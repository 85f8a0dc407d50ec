"""What an article tells of its speakers: the words around their names, which a description can be held against.

Most speakers are described where they are introduced and not in the role that was filed with their words:
"Ida Hale, a glazier, won the chess cup in twelve moves" answers "the chess player who won".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from rag.names import personal
from rag.roles import canonical, widened
from rag.text import paragraphs, sentences, terms

# The sentences beside the one that names somebody first count this much: the description goes on in them.
BESIDE_COUNTS = 0.6
# So do those of later mentions, which are more often about other things.
LATER_COUNTS = 0.7
WIDENED_COUNTS = 0.7
MAX_MENTIONS = 6
# What somebody says describes nobody; a few words in quotation marks are a title more often than a statement.
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|''.*?''", re.S)
MAX_TITLE_WORDS = 6
KEPT = 4096


class Profiles:
    """The profiles of the speakers of articles, each made when it is first asked for."""

    def __init__(self, text_of: Callable[[str], str]) -> None:
        """Read nothing yet; `text_of` gives the text of an article by its id."""
        self._text_of = text_of
        self._sentences = lru_cache(maxsize=KEPT)(self._read)
        self._told = lru_cache(maxsize=KEPT)(self._tell)

    def share(self, wanted: Mapping[str, float], article: str, speaker: str) -> float:
        """The share (0 to 1) of words, each with its weight, that an article tells of a speaker."""
        total = sum(wanted.values())
        told = self._told(article, speaker) if total else {}
        return sum(weight * _counted(word, told) for word, weight in wanted.items()) / total if told else 0.0

    def _tell(self, article: str, speaker: str) -> Mapping[str, float]:
        """How much each word counts for a speaker, 0 to 1; empty for one whom nothing names."""
        name = personal(speaker)
        if not name:
            return {}
        read = self._sentences(article)
        mark = re.compile(rf"(?<!\w){re.escape(name[-1])}(?!\w)", re.I)
        places = [n for n, text in enumerate(read) if mark.search(text)]
        # Relatives share a surname: the one meant is introduced where both names stand.
        whole = next((n for n in places if re.search(rf"(?<!\w){re.escape(name[0])}(?!\w)", read[n], re.I)), 0)
        places = [n for n in places if n >= whole][:MAX_MENTIONS]
        counts = dict.fromkeys(places, LATER_COUNTS)
        for first in places[:1]:
            counts = {first - 1: BESIDE_COUNTS, first + 1: BESIDE_COUNTS, **counts, first: 1.0}
        told: dict[str, float] = {}
        for place, weight in counts.items():
            for word in description(read[place]) if 0 <= place < len(read) else ():
                told[word] = max(weight, told.get(word, 0.0))
        return told

    def _read(self, article: str) -> list[str]:
        """The sentences of an article without what is said in them."""
        text = self._text_of(article)
        spans = (span for start, end in paragraphs(text) for span in sentences(text, start, end))
        return [QUOTED.sub(_unsaid, text[start:end]) for start, end in spans]


def description(phrase: str) -> set[str]:
    """The stems of a description, each spelling and form of an office as one."""
    return set(map(canonical, terms(phrase)))


def _unsaid(quoted: re.Match[str]) -> str:
    return quoted[0] if len(quoted[0].split()) <= MAX_TITLE_WORDS else " "


def _counted(word: str, told: Mapping[str, float]) -> float:
    return max(told.get(word, 0.0), WIDENED_COUNTS * max((told.get(w, 0.0) for w in widened(word)), default=0.0))
