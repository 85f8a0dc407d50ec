"""Tell where the last turn of a transcript ends and whoever wrote it down goes on.

In: an article's text, its paragraphs and labels. Out: a place among the paragraphs, and those set apart from turns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.text.turn_labels import ANSWER, OWN_WORDS, Label, Pair
from ingest.text.unlabelled import SET_APART, UNQUOTED

RULE = re.compile(r"(?:[*_=~#•·–—-]\s*){3,}")
BLANK = re.compile(r"\n[^\S\n]*\n")
CLOSE_TURNS = 3  # So many that follow each other without a blank line show that one would end them.


def last_end(text: str, lines: Sequence[Pair], labels: Sequence[Label], *, whole: bool) -> int:
    """Behind which paragraph the last turn ends, at the latest before one that names a speaker.

    All of them up to there belong to a `whole` transcript; else the last that says "I" or "we".
    """
    end = labels[-1].line + 1
    keys = {label.key for label in labels if label.place and label.key != ANSWER}
    names = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(keys)))})\b", re.I) if keys else None
    for number in range(end, _closed(text, lines, labels)):
        paragraph = UNQUOTED.sub("", text[slice(*lines[number])])
        if names and names.search(paragraph):
            break
        if whole or OWN_WORDS.search(paragraph):
            end = number + 1
    return end


def set_apart(text: str, lines: Sequence[Pair], labels: Sequence[Label]) -> set[Pair]:
    """The paragraphs that the file sets apart from those with labels; none where it sets labels apart by their type."""
    apart = {number for number, (start, _) in enumerate(lines) if text.startswith(SET_APART, start - 1)}
    return set() if any(label.first in apart for label in labels) else {lines[number] for number in apart}


def _closed(text: str, lines: Sequence[Pair], labels: Sequence[Label]) -> int:
    """Before which paragraph all turns end for certain.

    That is one set apart from them, a rule where none stands between turns, and one below a blank line where turns
    follow each other without any.
    """
    first, last = labels[0].first, labels[-1].line
    apart = set_apart(text, lines, labels)
    is_ruled = any(RULE.fullmatch(text, *line) for line in lines[first:last])
    blank = [number for number in range(first + 1, len(lines)) if _is_below_blank(text, lines, number)]
    are_close = len(labels) >= CLOSE_TURNS and (not blank or blank[0] > last)
    for number in range(last + 1, len(lines)):
        is_rule = not is_ruled and RULE.fullmatch(text, *lines[number])
        if lines[number] in apart or is_rule or (are_close and number in blank):
            return number
    return len(lines)


def _is_below_blank(text: str, lines: Sequence[Pair], number: int) -> bool:
    return BLANK.search(text, lines[number - 1][1], lines[number][0]) is not None
