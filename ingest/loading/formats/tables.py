"""Read tables of articles, as content systems export them (.csv): the first line names the fields."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO

from ingest.loading.common import LoadError

_LONGEST_CELL = 10_000_000  # Characters; Python's own limit, 131,072, is shorter than a long transcript.
_SEPARATORS = ",;\t|"
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})((?:,?[ T]\d{1,2}:\d{2}[^\n]{0,12})?)")  # All of a cell.
_SOME_DAY = re.compile(r"\d/\d{1,2}/\d{4}")
_LONGEST_DAY, _MONTHS = 30, 12


def columns(text: str) -> tuple[str, ...]:
    """The names in the first line. Raises LoadError when it does not name several."""
    return tuple(_reader(text).fieldnames or ())


def rows_of(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row as an object, with the number of its last line; a day in figures as an ISO date where its column tells.

    "04/03/2026" can be read in two ways, unless there is a 25/03/2026 in its column, and no 03/25/2026.
    """
    first = _days_first(text)
    for line, row in _rows(text):
        yield line, {name: _iso(cell, first[name]) if name in first else cell for name, cell in row.items()}


def _days_first(text: str) -> dict[str, bool]:
    """The columns of days in figures whose order is certain, each with whether the day comes before the month."""
    seen: dict[str, set[bool]] = {}
    if not _SOME_DAY.search(text):
        return {}
    with suppress(LoadError):  # Who reads the rows is told.
        for _, row in _rows(text):
            for name, cell in row.items():
                if len(cell) <= _LONGEST_DAY and (day := _DAY.fullmatch(cell)):
                    seen.setdefault(name, set()).update(_orders(int(day[1]), int(day[2])))
    return {name: orders.pop() for name, orders in seen.items() if len(orders) == 1}


def _orders(one: int, other: int) -> set[bool]:
    return {True} if one > _MONTHS >= other else {False} if other > _MONTHS >= one else set()


def _iso(cell: str, is_day_first: bool) -> str:
    day = _DAY.fullmatch(cell) if len(cell) <= _LONGEST_DAY else None
    if day is None:
        return cell
    month, number = (day[2], day[1]) if is_day_first else (day[1], day[2])
    return f"{day[3]}-{month:0>2}-{number:0>2}{day[4]}"


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = _reader(text)
    try:
        for row in reader:
            yield reader.line_num, {name: cell for name, cell in row.items() if isinstance(name, str) and cell}
    except csv.Error as error:
        raise LoadError(f"the table is damaged at line {reader.line_num}: {error}") from error


def _reader(text: str) -> csv.DictReader[str]:
    csv.field_size_limit(_LONGEST_CELL)
    header = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=header.count)
    if not header.count(separator):
        raise LoadError("the first line does not name the fields of a table; name them, as in: title,published,text")
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=separator)
    reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    return reader
