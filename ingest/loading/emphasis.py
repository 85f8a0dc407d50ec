"""Keep apart the questions of an interview that nothing but their type tells: bold, in italics or set as headings.

In: the paragraphs of a file, in which marks that no text has stand around all that is emphasised. Out: the paragraphs
without those marks; where they are an interview's, white space stands before each emphasised line instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.loading.common import BLOCK
from ingest.text.unlabelled import ASKED_TIMES, SET_APART, WHOLE

BEGIN, END = "\x02", "\x03"  # Around what is emphasised, while a file is read.
_MARK = re.compile(f"([{BEGIN}{END}])")
_AGAIN = re.compile(rf"{END}(\s*){BEGIN}")  # Two emphasised pieces in a row are one.
_SET = re.compile(rf"\s*{BEGIN}[^{BEGIN}{END}]+{END}\W*")
# A question at the head of its answer's line.
_LEADS = re.compile(rf"^(\s*{BEGIN}[^{BEGIN}{END}\n]+\?\s*{END})[ \t]+(?=\S)", re.M)


def emphasised(text: str) -> str:
    """The text with the marks around it."""
    return f"{BEGIN}{text}{END}"


def with_questions(paragraphs: Iterable[str]) -> list[str]:
    """The paragraphs without the marks, the emphasised lines of an interview set apart.

    Its questions end as sentences do, each has lines below it that are not emphasised, and at least one asks.
    """
    marked = [_AGAIN.sub(r"\1", _outermost(paragraph)) for paragraph in paragraphs]
    parted = [_LEADS.sub("\\1\n", paragraph) for paragraph in marked]
    if not _is_interview([line for paragraph in parted for line in paragraph.split("\n")]):
        return [without_marks(paragraph) for paragraph in marked]
    return ["\n".join(_set_apart(line) for line in paragraph.split("\n")) for paragraph in parted]


def without_marks(text: str) -> str:
    """The text without the marks of what is emphasised."""
    return _MARK.sub("", text)


def _outermost(text: str) -> str:
    """The text with marks around each line of what is emphasised, however many stood around it."""
    parts, depth = list[str](), 0
    for part in _MARK.split(text):
        if part in (BEGIN, END):
            depth = max(0, depth + (1 if part == BEGIN else -1))
        else:
            lines = (emphasised(line) if depth and line.strip() else line for line in part.split("\n"))
            parts.append("\n".join(lines))
    return "".join(parts)


def _is_interview(lines: Sequence[str]) -> bool:
    is_set = [_is_set(line) for line in lines]
    ends = [
        match[0]
        for line, (is_own, is_next) in zip(lines, pairwise([*is_set, True]), strict=True)
        if is_own and not is_next and (match := WHOLE.search(without_marks(line).rstrip()))
    ]
    return len(ends) >= ASKED_TIMES and any("?" in end for end in ends)


def _is_set(line: str) -> bool:
    return not line.startswith(BLOCK) and _SET.fullmatch(line) is not None


def _set_apart(line: str) -> str:
    plain = without_marks(line)
    return f"{SET_APART}{plain.lstrip()}" if _is_set(line) else plain
