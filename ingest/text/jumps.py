"""Tell the lines by which a newspaper says where an article goes on: on which page, from which, below what else.

In: a line; or a text. Out: the jump that the line is; or where such lines stand in the text. Nobody says them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

Pair = tuple[int, int]

_CONTINUED = r"(?i:continue[ds]|cont[’']?d|cont\.)"
_WORD = r"(?P<word>[^\W\d_a-z][A-Z’' -]{1,30}),? "  # By which a reader finds the other half: "RENT, from page 1".
_PAGE = r"(?:(?i:page|p\.) ?[A-Z]?|[A-Z])\d{1,3}\W{0,3}"
_ONWARD = re.compile(
    rf"\W{{0,3}}(?:{_CONTINUED} (?i:on|at) {_PAGE}|(?i:(?:please )?turn to ){_PAGE}|(?i:see ){_WORD}{_PAGE})"
)
_BACK = re.compile(rf"\W{{0,3}}(?:{_WORD})?(?:{_CONTINUED} (?i:from) |(?i:from) ){_PAGE}")
# "Story continues below advertisement": where a web page breaks off for something else.
_BREAK = re.compile(
    r"\W{0,3}(?:story|article|text|interview) (?:continues|goes on) (?:below|after|under)\b[^,;]{0,40}", re.I
)
_LINE = re.compile(r"[^\n]+")
_ENDED = re.compile(r"[.!?…:][”\"’')\]]*\Z")
_MARKS = 9  # Characters among which a sentence's last one and the marks behind it stand.
ONWARD, BACK = ">", "<"


def jump_of(line: str) -> tuple[str, str] | None:
    """ONWARD or BACK and the word by which a reader finds the other half, if any; None for any other line."""
    line = line.strip()
    if line[:1].islower():
        return None
    onward, back = _ONWARD.fullmatch(line), _BACK.fullmatch(line)
    found = onward or back
    return (ONWARD if onward else BACK, found["word"] or "") if found else None


def is_break(line: str) -> bool:
    """True for a line by which a web page says that its article goes on below something else."""
    return line.strip()[:1].isupper() and _BREAK.fullmatch(line.strip()) is not None


def jumps(text: str) -> list[Pair]:
    """Where such lines stand in a text, those below each other as one, with the white space on both sides."""
    found: list[Pair] = []
    begin, is_within = 0, False
    for line in _LINE.finditer(text):
        start, last = line.start(), line.start() + len(line[0].rstrip())
        if line[0].isspace():
            continue
        if is_within:
            found[-1] = found[-1][0], start
        if is_jump := jump_of(line[0]) is not None or is_break(line[0]):
            found.append((found.pop()[0] if is_within else begin, last))
        else:
            begin = last
        is_within = is_jump
    return found


def outside_of(places: Sequence[Pair], pair: Pair) -> Iterator[Pair]:
    """The pieces of a stretch that lie outside of some places, which are apart and in order."""
    start, last = pair
    for begin, end in places:
        if start <= begin and end <= last:
            if start < begin:
                yield start, begin
            start = end
    if start < last:
        yield start, last


def without_jumps(text: str, places: Sequence[Pair]) -> str:
    """The text, as long as before, with line breaks at the places of such lines."""
    return _filled(text, ((place, "\n") for place in places))


def gone_on(text: str, places: Sequence[Pair]) -> str:
    """The text, as long as before, with spaces at the places that part a sentence: it goes on over them."""
    parted = (pair for pair in places if text[pair[1] : pair[1] + 1].islower() and not _is_ended(text, pair[0]))
    return _filled(text, ((place, " ") for place in parted))


def _is_ended(text: str, end: int) -> bool:
    return _ENDED.search(text, max(0, end - _MARKS), end) is not None


def _filled(text: str, given: Iterable[tuple[Pair, str]]) -> str:
    characters = list(text)
    for (begin, end), space in given:
        characters[begin:end] = space * (end - begin)
    return "".join(characters)
