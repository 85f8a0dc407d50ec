"""Take the numbers off the lines of a record that counts them, as those of courts do, and put its paragraphs together.

    4   A.   On the bridge. I had the wheel from ten until
    5   two in the morning.

In: the lines of a text or of printed pages. Out: the same lines without their numbers. Who reads such a page reads over
them; a quotation over two lines would have one in its middle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.loading.formats.lines import Line, paragraphs

NUMBERED = "the numbers of its lines are left out"
_NUMBERED = re.compile(r"\s{0,8}(\d{1,3})(?:\s+(?=\S)|\s*\Z)")
_LEAST = 8  # So many lines with a number,
_SHARE = 0.8  # so large a share of all, each one more than the one before or the first of a page,
_BROKEN = 0.2  # and such a share of them that end in the middle of a sentence: items of a list do not.
_MARGIN = 4  # The highest number with which a page may begin.


def text_of_numbered(text: str) -> str | None:
    """The paragraphs of a text whose lines are counted; None where they are not."""
    lines = [Line(line, 0.0, -float(number)) for number, line in enumerate(text.splitlines()) if line.strip()]
    [page], is_counted = without_numbers([lines])
    return "\n\n".join(paragraphs([page])) if is_counted else None


def without_numbers(pages: Sequence[Sequence[Line]]) -> tuple[list[list[Line]], bool]:
    """The pages without the numbers of their lines, and whether they had any."""
    printed = [line.text for page in pages for line in page if line.text.strip()]
    counted = _counted(printed)
    if len(counted) < max(_LEAST, _SHARE * len(printed)) or _broken(counted) < _BROKEN * len(counted):
        return [list(page) for page in pages], False
    return [[_without_number(line) for line in page] for page in pages], True


def _counted(lines: Sequence[str]) -> list[str]:
    """What stands behind the numbers of the lines that go on counting."""
    found, before = [], 0
    for line in lines:
        match = _NUMBERED.match(line)
        if match and (int(match[1]) == before + 1 or int(match[1]) <= _MARGIN):
            found.append(line[match.end() :])
            before = int(match[1])
    return found


def _broken(lines: Sequence[str]) -> int:
    """How many lines end in the middle of a sentence."""
    return sum(1 for line in lines if line.rstrip()[-1:].isalpha() or line.rstrip().endswith((",", "-")))


def _without_number(line: Line) -> Line:
    match = _NUMBERED.match(line.text)
    return replace(line, text=line.text[match.end() :]) if match else line
