"""From the lines of printed pages to the paragraphs that a person reads. No PDF here; works on any lines."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, product, takewhile

from ingest.loading.formats.hyphens import Spelling, joined

_PAGE_NUMBER = re.compile(r"(page\s+)?\d{1,4}(\s*(of|/)\s*\d{1,4})?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_AT_AN_END = re.compile(r"(?:\A\s*(?=\d+\s)|(?<=\s)(?=\d+\s*\Z))(\d{1,4})\b")
# Who speaks, in a transcript: "MR. LEE:", "Lee:", "Q.", "A:".
_LABEL = re.compile(r"\s*([^\W\d_a-z][^a-z:\n]{0,60}|[^\W\d_a-z][\w.’'-]+(?: [^\W\d_a-z][\w.’'-]+){0,3})[:.]\s+\S")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_ITEM = re.compile(r"\s*[•▪‣◦●]\s")
_LARGE = 1.2  # Times the usual size: letters of a heading, or of a quotation that the page repeats.
_SMALL = 0.9  # Times the usual size: letters of a note at the foot of a page, which begins so.
_NOTE = re.compile(r"\s*(?:\d{1,3}|[*†‡§])[.)]?\s*[^\W\d_]")
_EDGE = 3  # A running header or footer stands among so many lines at the top or the bottom of its page.
# Shares of the column's width in characters, which vary by some percent from line to line in print.
_FULL_LINE = 0.95
_HEADING_LINE = 0.75
_GAP = 1.4  # Times the usual distance between two lines: white space between paragraphs.
_APART = 2  # The same to a number below the page.
# Ends a line beside a large first letter, which is shorter than others: no paragraph ends there for that.
NARROW = "\n"
_INDENT = (5, 45)  # Points by which a first line is set in.


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print, where it begins, in points from the left and from the bottom of its page, and how large it is.

    `size` is that of its letters, in points; 0 where it is not known.
    """

    text: str
    x: float
    y: float
    size: float = 0.0


def without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without headers, footers and page numbers: what stands at one place of the edge of several pages.

    Numbers within such a line may differ from page to page, and all of it where the number counts the pages. Nothing
    stands between it and the edge but its like.
    """
    edges = [_edges(page) for page in pages]
    counts = Counter(key for both in edges for key in {_key(line) for edge in both for line in edge})
    counted = _counting(edges)
    kept = []
    for page, both in zip(pages, edges, strict=True):
        running = {
            line for edge in both for line in takewhile(lambda line: line in counted or _repeats(line, counts), edge)
        }
        rest = [line for line in page if line not in running and line is not _numbering(page)]
        while rest and not rest[-1].text.strip():
            rest.pop()
        if len(rest) > 1 and _PAGE_NUMBER.fullmatch(rest[-1].text.strip()):
            rest.pop()
        kept.append(rest)
    return kept


def _numbering(page: Sequence[Line]) -> Line | None:
    """The number of a page that stands by itself below all else, where a single page shows no others like it."""
    printed = sorted((line for line in page if line.text.strip()), key=lambda line: line.y)
    drop = _usual_drop([page])
    if len(printed) < _EDGE or not _PAGE_NUMBER.fullmatch(printed[0].text.strip()):
        return None
    return printed[0] if printed[1].y - printed[0].y > _APART * drop > 0 else None


def _edges(page: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines at the bottom and at the top, from the edge inwards."""
    printed = sorted((line for line in page if line.text.strip()), key=lambda line: line.y)
    return printed[:_EDGE], printed[::-1][:_EDGE]


def _counting(edges: Sequence[tuple[list[Line], list[Line]]]) -> set[Line]:
    """The outermost lines at one height whose number, first or last in the line, goes up by one from page to page."""
    found: set[Line] = set()
    for one, other in pairwise(edges):
        for line, following in product((edge[0] for edge in one if edge), (edge[0] for edge in other if edge)):
            is_level = round(line.y) == round(following.y)
            if is_level and any(_numbers(following) & {number + 1} for number in _numbers(line)):
                found |= {line, following}
    return found


def _numbers(line: Line) -> set[int]:
    return {int(found) for found in _AT_AN_END.findall(line.text)}


def _key(line: Line) -> tuple[str, int]:
    return " ".join(_DIGITS.sub("#", line.text).split()), round(line.y)


def _repeats(line: Line, counts: Counter[tuple[str, int]]) -> bool:
    text, y = _key(line)
    return sum(counts[text, y + shift] for shift in (-1, 0, 1)) > 1


def paragraphs(pages: Sequence[Sequence[Line]]) -> Iterator[str]:
    """Join wrapped lines; a paragraph, and so a quotation, goes on over the end of a page.

    Words in large letters that stand in the middle of a sentence, as a magazine repeats a quotation, come last where
    the text does not have them. The notes at the foot of a page come behind the text.
    """
    gap = _GAP * _usual_drop(pages)
    usual = _usual_size(pages)
    lines: list[str] = []
    pulled: list[str] = []
    notes: list[list[str]] = []
    for page in pages:
        page, small = _without_notes(page, usual)
        page, large = _without_pulled(page, usual)
        notes += small
        pulled += large
        spaced = [*_spaced(page, gap)]
        if lines and _ends_sentence(lines[-1].strip()) and _is_heading(spaced):
            lines.append("")
        lines += spaced
    spelling = Spelling.of(lines)
    read = [_with_letters(joined(paragraph, spelling)) for paragraph in _paragraphs(lines)]
    yield from read
    said = _letters_of(" ".join(read))
    yield from (text for text in map(_with_letters, pulled) if _letters_of(text) not in said)
    yield from (_with_letters(joined(note, spelling)) for note in notes)


def _with_letters(text: str) -> str:
    """The text with letters for its ligatures."""
    return _LIGATURE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def _letters_of(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    """The size of most letters; 0 where it is not known."""
    counts: Counter[float] = Counter()
    for line in (line for page in pages for line in page):
        counts[line.size] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def _without_notes(page: Sequence[Line], usual: float) -> tuple[list[Line], list[list[str]]]:
    """The page without its notes, and these: small lines behind a number, at its end or where they break a sentence."""
    kept: list[Line] = []
    notes: list[list[str]] = []
    runs = [(is_small, list(run)) for is_small, run in groupby(page, lambda line: 0 < line.size < _SMALL * usual)]
    for number, (is_small, run) in enumerate(runs):
        is_apart = number + 1 == len(runs) or (kept and not _ends_sentence(kept[-1].text.strip()))
        if not (is_small and kept and is_apart and _NOTE.match(run[0].text)):
            kept += run
            continue
        for line in run:
            if _NOTE.match(line.text):
                notes.append([])
            notes[-1].append(line.text.strip())
    return kept, notes


def _without_pulled(page: Sequence[Line], usual: float) -> tuple[list[Line], list[str]]:
    """The page without lines in large letters between two lines of one sentence, and these, as one text each."""
    kept: list[Line] = []
    pulled: list[list[str]] = []
    runs = [(is_large, list(run)) for is_large, run in groupby(page, lambda line: line.size > _LARGE * usual > 0)]
    for number, (is_large, run) in enumerate(runs):
        after = runs[number + 1][1][0] if number + 1 < len(runs) else None
        # A box is drawn before the page that it stands in, or where it breaks a sentence off, at its end, too.
        is_apart = _is_broken_off(kept[-1], page, usual) if kept else after and after.y > run[0].y
        if is_large and is_apart:
            pulled.append([line.text.strip() for line in run])
        else:
            kept += run
    return kept, [" ".join(lines) for lines in pulled]


def _is_broken_off(line: Line, page: Sequence[Line], usual: float) -> bool:
    """True for a full line of running text that ends in the middle of a sentence."""
    full = _column([other.text for other in page if other.size == usual])
    text = line.text.strip()
    return line.size == usual and len(text) >= full * _HEADING_LINE and not _ends_sentence(text)


def _column(lines: Iterable[str]) -> int:
    """Characters of a full line."""
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _usual_drop(pages: Sequence[Sequence[Line]]) -> float:
    """The distance between two lines of running text: the usual one of the smaller ones below full lines.

    A page of many short paragraphs, such as the fields of an archive, has more gaps than such distances.
    """
    full = _HEADING_LINE * _column(line.text for page in pages for line in page)
    below = [(one, other) for page in pages for one, other in pairwise(page) if one.y > other.y]
    drops = sorted(one.y - other.y for one, other in below if len(one.text.strip()) >= full)
    return drops[len(drops) // 4] if drops else 0


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
    """A blank line, a line stopping short, a first-line indent, an item of a list or a label ends a paragraph."""
    speakers = Counter(match[1] for line in lines if (match := _LABEL.match(line)))
    in_capitals = any(count > 1 and name.isupper() and len(name) > 1 for name, count in speakers.items())
    column = _column(lines)
    paragraph: list[str] = []
    indented = False
    for line, following in zip(lines, [*lines, ""][1:], strict=True):
        was_indented, indented = indented, line.startswith(("  ", "\t"))
        label = _LABEL.match(line)
        is_turn = label is not None and (speakers[label[1]] > 1 or (in_capitals and _is_called(line, label, paragraph)))
        if paragraph and (not line.strip() or (indented and not was_indented) or _ITEM.match(line) or is_turn):
            yield paragraph
            paragraph = []
        if line.strip():
            paragraph.append(line.strip())
        if paragraph and not line.endswith(NARROW) and _stops_short(paragraph[-1], following.strip(), column):
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _is_called(line: str, label: re.Match[str], before: Sequence[str]) -> bool:
    """True for a name in capitals and its colon behind the end of a sentence, where other speakers are in capitals."""
    is_closed = line[label.end(1)] == ":" and label[1].isupper()
    return is_closed and bool(before) and _ends_sentence(before[-1])


def _stops_short(line: str, following: str, column: int) -> bool:
    """Say whether the next word would have fitted on the line: then the line ends there on purpose."""
    next_word = following.split(" ", 1)[0]
    if line.rstrip("\"'”’»)").endswith((".", "!", "?", "…")):
        return len(line) + 1 + len(next_word) < column * _FULL_LINE
    return len(line) < column * _HEADING_LINE and not next_word[:1].islower()
