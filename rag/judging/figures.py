"""Whether a claim joins a figure to what another one belongs to: "lost 9 last year", of "lost 11 last year, 9 before".

In: what is claimed, and a sentence. A figure is a number, or a date: a year, a month or a day of the week.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator

from rag.judging.polarity import NUMBER, NUMBER_WORDS, YEAR
from rag.months import MONTHS
from rag.text import terms

WORD = re.compile(rf"{NUMBER.pattern}|[^\W\d_]+")
PARTS = re.compile(r"[,;:()]\s|\s[-–—]+\s|—|\b(?:and|but|while)\b")
WEEKDAYS = {name.lower() for name in calendar.day_name}
OF = re.compile(r"\sof\s")
SHARED = 2  # So many words behind "of", for "of the eleven" has one before its figure.
JOINTS = (" ", "-")  # Between the words of one number.

Figure = tuple[str, str]


def is_crossed(asked: str, sentence: str) -> bool:
    """True when a figure of the claim stands in one part of a sentence and the rest of the claim beside another one.

    A part that begins with its figure takes over the words before the figure of the part before it: "we lost 11 last
    year and 9 the year before" says "lost" of both.
    """
    wanted, claim = figures(asked), _words(asked)
    if any(_is_of_more(figures(few), figures(many), wanted) for few, many in _shares(sentence)):
        return True
    parts = PARTS.split(sentence)
    found = [figures(part) for part in parts]
    if not wanted & set[Figure]().union(*found) or any(len(wanted) > 1 and wanted <= each for each in found):
        return False
    words, before = list[set[str]](), set[str]()
    for part in parts:
        head = _words(part[: _first_figure(part)])
        words.append(_words(part) | (set() if head else before))
        before = head or before
    best = max(range(len(parts)), key=lambda n: (len(claim & words[n]), len(wanted & found[n])))
    kinds = {kind for kind, _ in (wanted & set[Figure]().union(*found)) - found[best]}
    return bool(claim & words[best]) and any(kind in kinds for kind, _ in found[best] - wanted)


def _shares(sentence: str) -> Iterator[tuple[str, str]]:
    """What stands next to each "of" of a sentence: "two", "our seven", of "two of our seven mills"."""
    for match in OF.finditer(sentence):
        before, behind = WORD.findall(sentence[: match.start()]), WORD.findall(sentence[match.end() :])
        yield " ".join(before[-1:]), " ".join(behind[:SHARED])


def _is_of_more(few: set[Figure], many: set[Figure], wanted: set[Figure]) -> bool:
    """True for a claim about all seven where the sentence speaks of two of them."""
    return bool(few) and bool(many & wanted) and not few & wanted


def figures(text: str) -> set[Figure]:
    """The figures of a text, each with its kind: "number" or "date". "Two hundred" and "5 million" are one."""
    found: list[Figure] = []
    end = -1
    for match in WORD.finditer(text):
        figure = _figure(match.group())
        if (
            figure
            and figure[0] == "number"
            and found
            and found[-1][0] == "number"
            and text[end : match.start()] in JOINTS
        ):
            found[-1] = "number", f"{found[-1][1]} {figure[1]}"
        elif figure:
            found.append(figure)
        end = match.end() if figure else -1
    return set(found)


def _figure(word: str) -> Figure | None:
    low = word.lower()
    if low[0].isdigit():
        return ("date" if YEAR.fullmatch(low) else "number", low.replace(",", ""))
    if low in NUMBER_WORDS:
        return "number", NUMBER_WORDS[low]
    if word[0].isupper() and low in WEEKDAYS:
        return "date", low
    if word[0].isupper() and low in MONTHS:
        return "date", calendar.month_name[MONTHS[low]].lower()
    return None


def _first_figure(part: str) -> int:
    return next((match.start() for match in WORD.finditer(part) if _figure(match.group())), len(part))


def _words(text: str) -> set[str]:
    """The content words of a text but for its figures."""
    return {*terms(" ".join(word for word in WORD.findall(text) if not _figure(word)))}
