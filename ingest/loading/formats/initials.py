"""Put the large first letter of an article, which reaches down beside several lines, back to the rest of its word.

In: the lines of pages, in reading order. Out: the same lines with the letter, and the marks before it, at the head of
the first of those beside it. A capital on a line of its own, as in an index, has nothing beside it and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.loading.formats.hyphens import Spelling
from ingest.loading.formats.lines import NARROW, Line

_MARKS = r"[“\"„«»‘'(\[]"
_INITIAL, _MARK = re.compile(rf"{_MARKS}{{0,2}}([^\W\d_a-z])[’']?"), re.compile(rf"{_MARKS}{{1,2}}")
_LARGE = 1.5  # Times the size of the lines beside it.
_HEIGHT, _DEPTH = 0.8, 0.3  # Of a capital above its line, and of other letters below theirs, as shares of their size.
_GUTTER = 0.3  # Behind the letter, as a share of its size.
_WORDS = "AIO"  # Those that are a word by themselves.
_REST = re.compile(r"[^\W\d_]+")


def is_initial(text: str, size: float, beside: float) -> bool:
    """True for a capital, with the marks before it, in letters so much larger than those beside it."""
    return _INITIAL.fullmatch(text.strip()) is not None and size > _LARGE * beside > 0


def with_initials(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of pages, each large first letter with the word that it begins."""
    return [_with_initials(page, pages) for page in pages]


def _with_initials(page: Sequence[Line], pages: Sequence[Sequence[Line]]) -> list[Line]:
    lines = list(page)
    for initial in page:
        beside = sorted(_beside(initial, lines), key=lambda line: -line.y)
        mark = next((line for line in beside if _MARK.fullmatch(line.text.strip())), None)
        beside = [line for line in beside if line is not mark and line.x > initial.x]
        if not beside or (joined := _joined(initial.text.strip(), beside[0], pages)) is None:
            continue
        texts = [f"{mark.text.strip() if mark else ''}{joined}", *(line.text.strip() for line in beside[1:])]
        put = {id(line): text for line, text in zip(beside, texts, strict=True)}
        lines = [
            replace(line, text=f"{put[id(line)]}{NARROW}", x=initial.x) if id(line) in put else line
            for line in lines
            if line is not initial and line is not mark
        ]
    return lines


def _beside(initial: Line, lines: Sequence[Line]) -> Iterator[Line]:
    """The lines that begin right behind a large letter, or the mark before it, between its foot and its top."""
    far = (len(initial.text.strip()) + _GUTTER) * initial.size
    for line in lines:
        is_level = -_DEPTH * line.size <= line.y - initial.y <= _HEIGHT * initial.size
        if is_level and is_initial(initial.text, initial.size, line.size) and abs(line.x - initial.x) <= far:
            yield line


def _joined(initial: str, first: Line, pages: Sequence[Sequence[Line]]) -> str | None:
    """The letter and the line that goes on from it; None where that begins anew, as an entry of an index."""
    text, letter = first.text.strip(), initial.rstrip("’'")[-1]
    if initial[-1] != letter or text[0] in "’'":  # "O’" before "Brien", and "I" before "’m".
        return f"{initial}{text}"
    if (found := _REST.match(text)) is None:
        return None
    rest = found[0]
    if letter not in _WORDS:
        return f"{initial}{text}" if rest[0].islower() or rest.isupper() else None
    if first.text[:1].isspace() or (rest[0].isupper() and not rest.isupper()):
        return f"{initial} {text}"
    return f"{initial}{text}" if _is_one(letter.lower(), rest.lower(), first, pages) else f"{initial} {text}"


def _is_one(letter: str, rest: str, first: Line, pages: Sequence[Sequence[Line]]) -> bool:
    """True for "A" and "mong", and where both could be, as for "A" and "long": whole words are more often so begun."""
    spelling = Spelling.of([line.text for page in pages for line in page if line is not first])
    return len(rest) == 1 or spelling.has(letter + rest)
