"""Near-duplicate statements: the same words of the same speaker as several articles report them."""

from __future__ import annotations

from collections.abc import Sequence

from rag.index.columns import Line
from rag.judging.polarity import has_negation, numbers
from rag.people.names import compatible, personal

# One statement repeats another when this share of all the stems of either stands in both ...
MIN_SHARED = 0.8
# ... or, as an excerpt, this share of the shorter one's, and the shorter has at least so many stems.
MIN_CONTAINED = 0.9
MIN_STEMS = 5


def folded(lines: Sequence[Line]) -> list[list[Line]]:
    """Statements, best first, each with those behind it that repeat it; the order stays.

    Statements of one article are folded too (a headline and its story), but only other articles' are
    kept. Nothing is folded whose negations or numbers differ: there, near-equal words say something else.
    """
    kept: list[tuple[_Said, list[Line]]] = []
    for line in lines:
        said = _Said(line)
        place = next((group for best, group in kept if best.repeats(said)), None)
        if place is None:
            kept.append((said, [line]))
        elif line.doc not in {one.doc for one in place}:
            place.append(line)
    return [group for _, group in kept]


class _Said:
    """A statement with its words made comparable; the costly comparisons are made last."""

    def __init__(self, line: Line) -> None:
        self._doc, self._text, self._speaker = line.doc, line.text, line.speaker
        self._stems = set(line.stems.split())

    def repeats(self, other: _Said) -> bool:
        """True when two statements are the same words, or nearly, of the same speaker."""
        return self._is_alike(other) and self._is_by(other) and self._says_as(other)

    def _is_alike(self, other: _Said) -> bool:
        both, shorter = len(self._stems & other._stems), min(len(self._stems), len(other._stems))
        alike = both >= MIN_SHARED * len(self._stems | other._stems)
        return self._text == other._text or (
            both > 0 and (alike or (shorter >= MIN_STEMS and both >= MIN_CONTAINED * shorter))
        )

    def _is_by(self, other: _Said) -> bool:
        if self._speaker == other._speaker:
            # Two whom nobody names are one only within an article.
            return bool(self._speaker) or self._doc == other._doc
        return compatible(personal(self._speaker), personal(other._speaker))

    def _says_as(self, other: _Said) -> bool:
        return has_negation(self._text) == has_negation(other._text) and numbers(self._text) == numbers(other._text)
