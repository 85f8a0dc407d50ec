"""Read text whose lines were broken at a fixed width, as in mail and on old wires, as the paragraphs that it has.

In: an article's text. Out: the same text, character for character, with spaces for the breaks that only the width
made: whatever is found in it stands at the same place in the article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import pairwise

_LINE = re.compile(r"[^\n]+")
_WIDTHS = range(40, 121)  # Characters of the longest line, in text that was broken at a width.
_LEAST = 3  # So many broken lines,
_SHARE = 0.8  # and so large a share of them at that width, tell of it.
_HALF = 0.5  # In lines of which none is full, as in an address, no width can show: at most so many are such.
_SET_IN = 0.6  # Share of the lines set in that begin a paragraph: centred headings are others.
_RAGGED = 0.75  # A line in mid-sentence that is so full, of the longest, was broken at the width, too.
_CAPITALISED = r"[^\W\d_a-z][\w.’'-]*"
# Who speaks or when, at the head of a line of a transcript: no width has put it there.
_LABEL = re.compile(
    r"[\[(]?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s)?\d{1,2}:\d{2}"
    rf"|{_CAPITALISED}(?:[^\S\n]{_CAPITALISED}){{0,3}}[^\S\n]?:\s|[^\W\d_a-z][^a-z:\n]{{1,60}}:\s"
)
# A quotation that a break runs through, and a break in it in the middle of a sentence.
_QUOTED = re.compile(r"“[^“”]+”|\"[^\"]+\"")
_BREAK = re.compile(r"(?<=[^\s.!?…:;”\"’'])[ \t\r]*\n[ \t]*(?=[^\W\d_A-Z])")
# A word that a line's end cuts, or a compound that it parts: "irri-" and "gation", "twenty-" and "six".
_CUT = re.compile(r"[^\W_]-\s+(?=[^\W_])")
_WORD = re.compile(r"[“\"‘'(]?[^\W\d_]")
_ENDS = re.compile(r"[.!?:…][”\"’')\]]*\Z")

_Break = tuple[tuple[int, int], tuple[int, int]]


def unwrapped(text: str) -> str:
    """The text with spaces for the line breaks that a fixed width made; the text itself where there is no such width.

    Breaks where the next word would have fitted are somebody's own, and stay: labels, verses, lists. In the middle of a
    sentence in quotation marks a break is a space, whoever made it.
    """
    return _QUOTED.sub(lambda quoted: _BREAK.sub(lambda found: " " * len(found[0]), quoted[0]), _filled(text))


def _filled(text: str) -> str:
    """The text with spaces for the breaks that a fixed width made."""
    characters = list(text)
    for start, end in width_breaks(text):
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def width_breaks(text: str) -> list[tuple[int, int]]:
    """The breaks that a fixed width made, from the end of a line to the next word; none where there is no such width.

    Where a word is cut at a line's end, nothing tells of a width, but where there is one, it cut the word.
    """
    lines = [match.span() for match in _LINE.finditer(text) if not match[0].isspace()]
    width = max((len(text[slice(*line)].rstrip()) for line in lines), default=0)
    breaks = [(one, other) for one, other in pairwise(lines) if text.count("\n", one[1], other[0]) == 1]
    breaks = _within_paragraphs(text, breaks)
    cut = {pair for pair in breaks if _CUT.match(text, _end(text, pair[0]) - 2) and not _LABEL.match(text, *pair[1])}
    whole = [pair for pair in breaks if pair not in cut]
    full = {pair for pair in whole if _is_full(text, *pair, width)}
    blocks = [block for block in _blocks(whole) if not full.isdisjoint(block)]
    early = {pair for block in blocks for pair in _early(text, block, full)}
    telling = [pair for block in blocks for pair in block if pair not in early]
    if width not in _WIDTHS or len(full) < max(_LEAST, _SHARE * len(telling), _HALF * len(whole)):
        return []
    broken = sorted([*full, *early, *cut])
    return [(_end(text, one), other[1] - len(text[slice(*other)].lstrip())) for one, other in broken]


def _early(text: str, block: Sequence[_Break], full: Set[_Break]) -> set[_Break]:
    """The breaks before the width was reached, by hand or where words were changed, within a sentence.

    The line goes on from a full one, ends no sentence and neither a label nor an item follows; the block is sentences.
    """
    if not _ENDS.search(text[slice(*block[-1][1])].rstrip()):
        return set()
    found: set[_Break] = set()
    for before, (one, other) in pairwise(block):
        goes_on = not _ENDS.search(text[slice(*one)].rstrip()) and _WORD.match(text[slice(*other)].lstrip())
        if goes_on and (before in full or before in found) and not _LABEL.match(text, *other):
            found.add((one, other))
    return found - full


def _blocks(breaks: Sequence[_Break]) -> list[list[_Break]]:
    """The breaks by the blocks of lines in which they stand."""
    found: list[list[_Break]] = []
    for pair in breaks:
        if found and found[-1][-1][1] == pair[0]:
            found[-1].append(pair)
        else:
            found.append([pair])
    return found


def _end(text: str, line: tuple[int, int]) -> int:
    return line[0] + len(text[slice(*line)].rstrip())


def _within_paragraphs(text: str, breaks: Sequence[_Break]) -> list[_Break]:
    """The breaks but those at paragraphs whose first lines are set in, as in records of Congress, with no line between.

    Where lines hang, those that are set in go on with a sentence.
    """
    ends = [_ENDS.search(text[slice(*one)].rstrip()) is not None for one, _ in breaks]
    more = [_indent(text, other) - _indent(text, one) for one, other in breaks]
    rising = [is_end for is_end, rise in zip(ends, more, strict=True) if rise > 0]
    if len(rising) < _LEAST or sum(rising) < _SET_IN * len(rising):
        return list(breaks)
    least = min(_indent(text, other) for _, other in breaks)
    return [
        (one, other)
        for (one, other), is_end, rise in zip(breaks, ends, more, strict=True)
        if rise <= 0 and not (is_end and _indent(text, other) > least)
    ]


def _indent(text: str, line: tuple[int, int]) -> int:
    written = text[slice(*line)].expandtabs()
    return len(written) - len(written.lstrip())


def _is_full(text: str, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
    """True where the next word would not have fitted; where print or a hand made the lines, they vary."""
    own, word = text[slice(*line)].rstrip(), text[slice(*following)].split()[0]
    if _LABEL.match(text, *following):
        return False
    return len(own) + 1 + len(word) > width or (len(own) >= _RAGGED * width and not _ENDS.search(own))
