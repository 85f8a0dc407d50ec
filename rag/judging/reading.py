"""How a statement is put to the embedded judge: its speaker, and its words marked in their paragraph.

Training and answering render a statement by this one function, so that the network reads at work what it learnt on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.text import sentences

OPEN, CLOSE = "«", "»"
NO_MARKS = str.maketrans("", "", OPEN + CLOSE)
# Words kept of the paragraph before the statement, of the statement itself, and after it: an average pair of question
# and statement has 90 pieces then, and one in twenty reaches the network's limit of 128.
BEFORE, INSIDE, AFTER = 14, 48, 6
WORD = re.compile(r"\S+")
MAX_LABEL = 80  # Characters of a speaker, of a role and of a headline.


def render(  # noqa: PLR0913  # whose words, which, and where they stand
    context: str, content: Sequence[tuple[int, int]], *, speaker: str, role: str = "", title: str = "", day: str = ""
) -> str:
    """A statement in its paragraph as the judge reads it.

    Args:
        context: The paragraph.
        content: Where the statement's pieces stand in it, in order; what stands between them (the cue) is kept.
        speaker, role: As the index has them; empty where it has none.
        title, day: The article's headline and ISO date.
    """
    start, end = content[0][0], content[-1][1]
    before = _words(context[:start])[-BEFORE:]
    inside = _words(context[start:end])
    after = _words(context[end:])[:AFTER]
    kept = inside if len(inside) <= INSIDE else [*inside[:INSIDE], "…"]
    who = ", ".join(part for part in (_short(speaker) or "somebody", _short(role)) if part)
    said = " ".join([*before, OPEN, *kept, CLOSE, *(after if len(inside) <= INSIDE else [])])
    return f"{who}: {said} | {' '.join(part for part in (_short(title), day[:10]) if part)}"


def parts(context: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where a statement at [start, end) is read: whole, or piece by piece where it is longer than the judge reads.

    A piece is as many whole sentences as have INSIDE words together; of a longer sentence, so many words.
    """
    found: list[tuple[int, int]] = []
    for low, high in _short_pieces(context, start, end):
        if found and _size(context, found[-1][0], high) <= INSIDE:
            low, _ = found.pop()
        found.append((low, high))
    return found or [(start, end)]


def _short_pieces(context: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for low, high in sentences(context, start, end):
        words = [match.span() for match in WORD.finditer(context, low, high)]
        for first in range(0, len(words), INSIDE):
            last = words[first : first + INSIDE][-1]
            yield words[first][0], last[1]


def _size(context: str, start: int, end: int) -> int:
    return len(context[start:end].split())


def _words(text: str) -> list[str]:
    """The words without marks like ours, which would say that the statement is elsewhere."""
    return text.translate(NO_MARKS).split()


def _short(label: str) -> str:
    return " ".join(_words(label))[:MAX_LABEL]
