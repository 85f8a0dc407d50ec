"""From the lines of printed pages to the paragraphs that a person reads. No PDF here; works on any lines."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile
from statistics import median

from ingest.pieces import tokenizer

_PAGE_NUMBER = re.compile(r"(page\s+)?\d{1,4}(\s*(of|/)\s*\d{1,4})?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_CUT_WORD = re.compile(r"[^\W\d_]+-\Z")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_ITEM = re.compile(r"\s*[•▪‣◦●]\s")
_EDGE = 3  # A running header or footer stands among so many lines at the top or the bottom of its page.
# Shares of the column's width in characters, which vary by some percent from line to line in print.
_FULL_LINE = 0.95
_HEADING_LINE = 0.75
_GAP = 1.4  # Times the usual distance between two lines: white space between paragraphs.
_INDENT = (5, 45)  # Points by which a first line is set in.


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print and where it begins, in points from the left and from the bottom of its page."""

    text: str
    x: float
    y: float


def without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without headers, footers and page numbers: what stands at one place of the edge of several pages.

    Numbers within such a line may differ from page to page. Nothing stands between it and the edge but its like.
    """
    edges = [_edges(page) for page in pages]
    counts = Counter(key for both in edges for key in {_key(line) for edge in both for line in edge})
    kept = []
    for page, both in zip(pages, edges, strict=True):
        running = {line for edge in both for line in takewhile(lambda line: _repeats(line, counts), edge)}
        rest = [line for line in page if line not in running]
        while rest and not rest[-1].text.strip():
            rest.pop()
        if len(rest) > 1 and _PAGE_NUMBER.fullmatch(rest[-1].text.strip()):
            rest.pop()
        kept.append(rest)
    return kept


def _edges(page: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines at the bottom and at the top, from the edge inwards."""
    printed = sorted((line for line in page if line.text.strip()), key=lambda line: line.y)
    return printed[:_EDGE], printed[::-1][:_EDGE]


def _key(line: Line) -> tuple[str, int]:
    return " ".join(_DIGITS.sub("#", line.text).split()), round(line.y)


def _repeats(line: Line, counts: Counter[tuple[str, int]]) -> bool:
    text, y = _key(line)
    return sum(counts[text, y + shift] for shift in (-1, 0, 1)) > 1


def paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[str]:
    """Join wrapped lines; a paragraph, and so a quotation, goes on over the end of a page."""
    gap = _GAP * _usual_drop(pages)
    lines: list[str] = []
    for page in pages:
        spaced = [*_spaced(page, gap)]
        if lines and _ends_sentence(lines[-1].strip()) and _is_heading(spaced):
            lines.append("")
        lines += spaced
    whole = {word.lower() for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line)}
    for paragraph in _paragraphs(lines):
        joined = _unwrap(paragraph, lambda word: word in whole)
        yield _LIGATURE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), joined)


def _usual_drop(pages: Sequence[Sequence[Line]]) -> float:
    """The distance between two lines of running text."""
    drops = [one.y - other.y for page in pages for one, other in pairwise(page) if one.y > other.y]
    return median(drops) if drops else 0


def _spaced(page: Sequence[Line], gap: float) -> Iterator[str]:
    """The page's lines with an empty one where the print leaves a gap, and two spaces before a first line set in."""
    printed = [line for line in page if line.text.strip()]
    for before, line, after in zip([None, *printed], printed, [*printed[1:], None], strict=False):
        text = line.text.strip()
        if before and before.y - line.y > gap and not _runs_on(before.text, text):
            yield ""
        yield f"  {text}" if after and _is_set_in(before, line, after) else line.text


def _is_set_in(before: Line | None, line: Line, after: Line) -> bool:
    """True for the first line of a paragraph, not for the last one of a block quotation or of an item of a list."""
    low, high = _INDENT
    if before and _runs_on(before.text, line.text.strip()):
        return False
    return low <= line.x - after.x <= high and (before is None or abs(before.x - after.x) < low)


def _is_heading(lines: Sequence[str]) -> bool:
    """True when the first line stands alone and ends no sentence."""
    return len(lines) > 1 and not lines[1].strip() and not _ends_sentence(lines[0].strip())


def _runs_on(line: str, following: str) -> bool:
    """True in the middle of a sentence: a picture can stand there."""
    return following[:1].islower() and not _ends_sentence(line.strip())


def _ends_sentence(line: str) -> bool:
    return line.rstrip("\"'”’»)").endswith((".", "!", "?", "…", ":"))


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    """A blank line, a line stopping short, a first-line indent or an item of a list ends a paragraph."""
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    column = lengths[len(lengths) * 9 // 10]
    paragraph: list[str] = []
    indented = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        was_indented, indented = indented, line.startswith(("  ", "\t"))
        if paragraph and (not line.strip() or (indented and not was_indented) or _ITEM.match(line)):
            yield paragraph
            paragraph = []
        if line.strip():
            paragraph.append(line.strip())
        if paragraph and _stops_short(paragraph[-1], following.strip(), column):
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _stops_short(line: str, following: str, column: int) -> bool:
    """Say whether the next word would have fitted on the line: then the line ends there on purpose."""
    next_word = following.split(" ", 1)[0]
    if line.rstrip("\"'”’»)").endswith((".", "!", "?", "…")):
        return len(line) + 1 + len(next_word) < column * _FULL_LINE
    return len(line) < column * _HEADING_LINE and not next_word[:1].islower()


def _unwrap(lines: list[str], stands: Callable[[str], bool]) -> str:
    """One line of several; `stands` says whether the text has a word elsewhere, which tells how to join a cut one."""
    parts = [lines[0]]
    for line in lines[1:]:
        last = parts[-1]
        if last.endswith("\u00ad"):
            parts[-1] = last[:-1]
        elif not (_CUT_WORD.search(last) and line[0].islower()):
            parts.append(" ")
        elif not _keeps_hyphen(last, line, stands):
            parts[-1] = last[:-1]
        parts.append(line)
    return "".join(parts)


def _keeps_hyphen(line: str, following: str, stands: Callable[[str], bool]) -> bool:
    """True for the hyphen of "harbour-wide" at the end of a line, which is no cut of one word.

    The text's own other places decide, then the words of the tokenizer: two words of its that make no third.
    """
    first, rest = _CUT_WORD.search(line), _FIRST_WORD.match(following)
    if first is None or rest is None:
        return False
    one, other = first[0][:-1].lower(), rest[0].lower()
    if stands(f"{one}-{other}") or stands(one + other):
        return not stands(one + other)
    words = _vocabulary()
    return one + other not in words and one in words and other in words and min(len(one), len(other)) > 2


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    return frozenset(tokenizer().get_vocab())
