"""Find headings within a text: the headline that a file of plain text begins with, and those between paragraphs.

In: an article's text. Out: places of lines. Nobody says a headline, though it may read "Lee: port lied about lock".
"""

from __future__ import annotations

import re

from ingest.loading.byline import behind_by
from rag.text import paragraphs

Pair = tuple[int, int]

LONGEST = 14  # Words of a heading.
ENDS = re.compile(r"[.!?…:;,—–-]\s*[”\"’'»)\]]*\Z|[.!?…][”\"’'»)\]]*\s*[\[(][^\n]*[\])]\Z")
MARKS = re.compile("[“”\"„«»]|(?<!\\w)[‘']|``")
WHOLE = re.compile('[“"„«‘\'][^“”"„«»]*[”"“»’\']')
WORD = re.compile(r"[^\W\d_]")
ITEM = re.compile(r"[*•\-–—▪]\s")
HEAD, LONGEST_NAME = 4, 121  # A by-line is among so many first lines, with so many characters behind its "By".
MOSTLY = 0.4  # So large a share of the lines ends sentences in an article that is written in sentences.


def headings(text: str) -> list[Pair]:
    """The lines that end no sentence, are short and stand above another, in a text whose lines mostly end sentences.

    A line with quotation marks is one only at the head of the text, or when it is in marks as a whole: a quotation
    without its full stop is still somebody's. All that stands above a by-line is heading, too.
    """
    lines = list(paragraphs(text))
    above = next((number for number, line in enumerate(lines[:HEAD]) if _is_byline(text[slice(*line)])), 0)
    ended = [ENDS.search(text, *line) is not None for line in lines]
    # The time above an entry of a live page is neither a sentence nor a heading.
    worded = [is_ended for line, is_ended in zip(lines[above:], ended[above:], strict=True) if WORD.search(text, *line)]
    below = worded[1:] if above else worded
    if len(lines) < 2 or sum(below) < MOSTLY * (len(below) - 1):
        return []
    return [
        line
        for number, (line, is_ended) in enumerate(zip(lines[:-1], ended, strict=False))
        if not is_ended and _is_heading(text[slice(*line)], is_first=number == 0 or number < above)
    ]


def _is_byline(line: str) -> bool:
    name = behind_by(line) or ""
    return name[:1].isupper() and 1 < len(name) <= LONGEST_NAME and not any(mark in name for mark in ".!?")


def _is_heading(line: str, *, is_first: bool) -> bool:
    if len(line.split()) > LONGEST or ITEM.match(line):
        return False
    return is_first or not MARKS.search(line) or WHOLE.fullmatch(line.strip()) is not None
