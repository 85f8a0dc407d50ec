"""Read the columns of a printed page one after the other, where the page is drawn line by line across them.

In: the rows of a page as they are drawn, each with its pieces. Out: lines, in reading order. A page that is drawn
column by column is left as it is, and so is a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median, median_low

from ingest.loading.common import WORD_END
from ingest.loading.formats.lines import Line

_CHARACTER = 0.5  # Width of a character of running text, as a share of the size of the letters.
_NARROWEST = 100  # Points of a column.
_SAME = 3  # Points between two beginnings that are one.
_LEAST = 4  # So many rows on both sides of a gutter make columns,
_PROSE = 15  # with so many characters a piece on both; cells of a table have fewer.
# The mark of a note: its size and how far it is raised, as shares of the usual size of the row's letters.
_SMALL, _RAISED = 0.75, 0.1


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a row: where it begins, in points from the left and the bottom of its page, and how large it is."""

    text: str
    x: float
    y: float
    size: float

    @property
    def end(self) -> float:
        """About where it ends."""
        return self.x + _CHARACTER * self.size * len(self.text.strip())


Row = Sequence[Piece]


def in_columns(rows: Sequence[Row], usual: float | None = None) -> list[Line]:
    """The lines of a page, each column read to its end; a line across the columns parts what is above and below it.

    `usual` is where the second column begins on other pages: a last page has too few rows to tell by itself.
    """
    gutter = _gutter(rows, usual)
    return [_line(row) for row in rows] if gutter is None else list(_read(rows, gutter))


def _read(rows: Sequence[Row], gutter: float) -> Iterator[Line]:
    left: list[Line] = []
    right: list[Row] = []
    for row in rows:
        cut = next((n for n, piece in enumerate(row) if abs(piece.x - gutter) <= _SAME), len(row))
        before, after = row[:cut], row[cut:]
        if before and before[-1].end > gutter + before[-1].size:
            yield from (*left, *in_columns(right), _line(row))
            left, right = [], []
            continue
        left += [_line(before)] if before else []
        right += [after] if after else []
    yield from (*left, *in_columns(right))


def usual_gutter(pages: Sequence[Sequence[Row]]) -> float | None:
    """Where the second column begins on most of the pages that have one; None where none has."""
    found = [gutter for rows in pages if (gutter := _gutter(rows)) is not None]
    return median_low(found) if found else None


def _gutter(rows: Sequence[Row], usual: float | None = None) -> float | None:
    """Where the second column begins; None where there is one column only."""
    found = [(row, n) for row in rows if (n := _gap(row))]
    middle = median(row[n].x for row, n in found) if found else 0.0
    if _are_columns(found, middle, _LEAST):
        return middle
    return usual if usual is not None and _are_columns(found, usual, 1) else None


def _are_columns(found: Sequence[tuple[Row, int]], gutter: float, least: int) -> bool:
    """True for prose on both sides of a gutter in so many of the rows with a gap."""
    both = [(row, n) for row, n in found if abs(row[n].x - gutter) <= _SAME]
    return len(both) >= least and mean(min(_length(row[:n]), _length(row[n:])) for row, n in both) >= _PROSE


def _gap(row: Row) -> int | None:
    """The piece of a row that begins behind a gap as wide as a letter, far enough from the row's beginning."""
    for n in range(1, len(row)):
        if row[n].x - row[n - 1].end > row[n].size and row[n].x - row[0].x >= _NARROWEST:
            return n
    return None


def _length(row: Row) -> int:
    return sum(len(piece.text.strip()) for piece in row)


def _line(row: Row) -> Line:
    shown = [piece for number, piece in enumerate(row) if not _is_note_mark(row, number)]
    return Line("".join(piece.text for piece in shown), row[0].x, row[0].y, max(piece.size for piece in row))


def _is_note_mark(row: Row, number: int) -> bool:
    """True for the small raised number behind a word or its punctuation that leads to a note.

    Any other is text: the lowered 2 of a gas, the raised one of square metres, a number beside a large first letter.
    """
    piece = row[number]
    if number == 0 or not piece.text.strip().isdigit() or not WORD_END.search(row[number - 1].text):
        return False
    letters = [beside for beside in row for _ in beside.text.strip()]
    size, y = median(letter.size for letter in letters), median(letter.y for letter in letters)
    return piece.size < _SMALL * size and piece.y > y + _RAISED * size
