"""Near-duplicate statements: the same words of the same speaker as several articles report them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.judging.polarity import has_negation, numbers
from rag.people.names import compatible, personal
from rag.schema import Hit, Statement
from rag.text import terms

# One statement repeats another when this share of all the stems of either stands in both ...
MIN_SHARED = 0.8
# ... or, as an excerpt, this share of the shorter one's, and the shorter has at least so many stems.
MIN_CONTAINED = 0.9
MIN_STEMS = 5


def group(hits: Sequence[Hit]) -> list[Hit]:
    """Fold hits that repeat a better one into it, as its `also`; the order stays.

    Statements of one article are folded too (a headline and its story), but only other articles' are
    listed. Nothing is folded whose negations or numbers differ: there, near-equal words say something else.
    """
    kept: list[tuple[Hit, _Said]] = []
    repeats: list[list[Statement]] = []
    for hit in hits:
        said = _Said(hit.statement)
        place = next((n for n, (_, best) in enumerate(kept) if best.repeats(said)), None)
        if place is None:
            kept.append((hit, said))
            repeats.append([])
        elif hit.statement.article.id not in {s.article.id for s in [kept[place][0].statement, *repeats[place]]}:
            repeats[place].append(hit.statement)
    return [replace(hit, also=tuple(also)) if also else hit for (hit, _), also in zip(kept, repeats, strict=True)]


class _Said:
    """A statement with its words made comparable; the costly comparisons are made last."""

    def __init__(self, statement: Statement) -> None:
        self._article = statement.article.id
        self._text = statement.quote.text
        self._speaker = statement.quote.speaker.name if statement.quote.speaker else ""
        self._stems = set(terms(self._text))

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
            return bool(self._speaker) or self._article == other._article
        return compatible(personal(self._speaker), personal(other._speaker))

    def _says_as(self, other: _Said) -> bool:
        return has_negation(self._text) == has_negation(other._text) and numbers(self._text) == numbers(other._text)
