"""Find the headline where more stands at the head of a text than that: marks of a release, contacts, a wire's slug.

    FOR IMMEDIATE RELEASE                       BC-EU--Pilots Strike,0412
    Contact: Ann Bo, press@gas.example          Pilots walk out at harbour
    Gas works to close                          Eds: UPDATES with quotes.
    HARROW, March 9, 2026 — The works ...       By DAGNY LORNE

In: the lines above a by-line, a dateline or the text. Out: which of them is the headline. What a web page's menu or a
printed page's head has above all that is told by the blank line below it, or by the day at its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from ingest.text.sources import is_body
from rag.text import paragraphs

Day = Callable[[str | None], str | None]

# How those who send a statement to many begin it; what they agreed on for so long that it is as much form as words.
RELEASE = re.compile(
    r"(?:for immediate (?:release|distribution)|for release|(?:press|news|media) release|embargoed)\b[^.!?]*", re.I
)
FIELD = re.compile(r"[^\W\d_][^:\n]{1,30}:(?:\s+\S.*)?")
SLUG = re.compile(r"\S.*,\d{3,4}")  # With the number of words, as agencies write it.
PHONE, MAIL = re.compile(r"(?:\d[\d().\s+-]*){7,}"), re.compile(r"\S@\S")
ENDS = ".!?…:"
BY = re.compile(r"[Bb][Yy]:? +[A-Z]")
MOST_ABOVE = 12  # Lines that can stand above a by-line, and how long each is at most.
LONGEST_ABOVE = 160
_WORD = r"(?:[^\W\d_a-z][\w’'-]{0,30}|of|the|and|&)"
_PAPER = re.compile(rf"{_WORD}(?: {_WORD}){{0,6}}")
WITHOUT_WEEKDAY = 3
DAY_WORDS = range(6, 2, -1)  # Of a day at the end of a line, with the day of the week.


def is_release(line: str) -> bool:
    """True for the line that a release begins with."""
    return RELEASE.fullmatch(line) is not None


def is_headed(line: str) -> bool:
    """True for a first line that is no headline: that of a release, or an agency's slug."""
    return is_release(line) or SLUG.fullmatch(line) is not None


def title_of(lines: Sequence[str], day: Day, longest: int) -> str | None:
    """The headline among the lines above a text; below the last contact or day of a release, if that is one."""
    around = [is_headed(line) or MAIL.search(line) or PHONE.search(line) or day(line) for line in lines]
    is_sent = any(map(is_release, lines))
    last = max((n for n, line in enumerate(lines) if is_sent and (around[n] or FIELD.fullmatch(line))), default=-1)
    below = [n for n in range(last + 1, len(lines)) if not around[n]]
    whole = [n for n in range(len(lines)) if not around[n]]
    shown = (lines[n] for n in (*below, *whole))
    return next((line for line in shown if len(line) <= longest and line[-1] not in ENDS), None)


def released(lines: Sequence[str], day: Day) -> str | None:
    """The day of a release, on a line of its own or behind the mark that it begins with."""
    behind = (line.partition(":")[2].strip() if is_release(line) else line for line in lines)
    return next((found for line in behind if line and (found := day(line))), None)


def head_at(text: str, day: Day) -> tuple[int, str | None]:
    """Where the head of an article begins, below what a page has above it, and the day that stands there.

    0 where nothing does. A by-line that stands right below its headline is set off by a blank line from a menu, and
    from what an agency tells editors. The name of a paper with its day is the head of a printed page.
    """
    lines = list(islice(paragraphs(text), MOST_ABOVE))
    if len(lines) > 1 and (issued := _issued(text[slice(*lines[0])], day)):
        return lines[1][0], issued
    first = begin = 0
    for number, (start, end) in enumerate(lines):
        if end - start > LONGEST_ABOVE:
            break
        if number and "\n\n" in text[lines[number - 1][1] : start]:
            begin, first = number, first or number
        if BY.match(text, start) and number > begin >= first > 1:
            return lines[begin][0], None
    return 0, None


def _issued(line: str, day: Day) -> str | None:
    """The day at the end of a line that has a name in capitals before it, or, with its weekday, the name of a paper."""
    words = line.split()
    for count in DAY_WORDS:
        name = " ".join(words[:-count])
        is_paper = count > WITHOUT_WEEKDAY and _PAPER.fullmatch(name) and (name.startswith("The ") or is_body(name))
        if (name.isupper() or is_paper) and (found := day(" ".join(words[-count:]))):
            return found
    return None
