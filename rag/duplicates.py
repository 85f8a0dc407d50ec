"""Near-duplicate statements: the same words of the same speaker as several articles report them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.names import compatible, personal
from rag.polarity import has_negation, numbers
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
    kept: list[Hit] = []
    repeats: list[list[Statement]] = []
    for hit in hits:
        place = next((n for n, best in enumerate(kept) if repeated(best.statement, hit.statement)), None)
        if place is None:
            kept.append(hit)
            repeats.append([])
        elif hit.statement.article.id not in {s.article.id for s in [kept[place].statement, *repeats[place]]}:
            repeats[place].append(hit.statement)
    return [replace(hit, also=tuple(also)) if also else hit for hit, also in zip(kept, repeats, strict=True)]


def repeated(one: Statement, other: Statement) -> bool:
    """True when two statements are the same words, or nearly, of the same speaker."""
    if not _same_speaker(one, other):
        return False
    first, second = one.quote.text, other.quote.text
    mine, theirs = set(terms(first)), set(terms(second))
    both, shorter = len(mine & theirs), min(len(mine), len(theirs))
    alike = both >= MIN_SHARED * len(mine | theirs) or (shorter >= MIN_STEMS and both >= MIN_CONTAINED * shorter)
    same = shorter > 0 and alike and _key(first) == _key(second)
    return same or first == second


def _same_speaker(one: Statement, other: Statement) -> bool:
    mine, theirs = ((s.quote.speaker.name if s.quote.speaker else "") for s in (one, other))
    if mine == theirs:
        # Two whom nobody names are one only within an article.
        return bool(mine) or one.article.id == other.article.id
    words = personal(mine), personal(theirs)
    return all(words) and compatible(*words)


def _key(text: str) -> tuple[bool, set[str]]:
    return has_negation(text), numbers(text)
