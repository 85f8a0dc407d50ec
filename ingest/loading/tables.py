"""Read tables of articles, as content systems export them (.csv): the first line names the fields."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from ingest.loading.common import LoadError

_LONGEST_CELL = 10_000_000  # Characters; Python's own limit, 131,072, is shorter than a long transcript.
_SEPARATORS = ",;\t|"


def columns(text: str) -> tuple[str, ...]:
    """The names in the first line. Raises LoadError when it does not name several."""
    return tuple(_reader(text).fieldnames or ())


def rows_of(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row as an object, with the number of its last line."""
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
