"""When nothing else helps: put what is left of an index aside, and take the articles and their files' names out of it.

It is read by plain SQL, so that it does not matter what Chroma thinks of it; a row that cannot be read costs that row.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.index.damage import DATABASE, open_database
from rag.index.locks import FILES_LOCK, RUN_LOCK
from rag.index.rows import article_of
from rag.index.seal import article_sum, broken, noted_roots
from rag.people import by_hand
from rag.schema import Article

ASIDE = "damaged-"
_TEXT = "chroma:document"
_ROOTS = "SELECT str_value FROM collection_metadata WHERE key = 'roots'"
# Of all rows, only an article's record counts its passages.
_RECORDS = (
    "SELECT e.embedding_id, m.key, m.string_value FROM embedding_metadata m JOIN embeddings e ON e.id = m.id "
    "WHERE m.id IN (SELECT id FROM embedding_metadata WHERE key = 'passages') ORDER BY m.id"
)


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What is left of an index: the files and folders that it was made from, and its articles."""

    roots: tuple[str, ...] = ()
    articles: tuple[Article, ...] = ()


def is_malformed(index: Path) -> str:
    """What SQLite finds wrong with the database, empty when nothing is."""
    if not (index / DATABASE).is_file():
        return ""
    try:
        with closing(open_database(index)) as database:
            [first] = database.execute("PRAGMA integrity_check(1)").fetchone()
        return "" if first == "ok" else str(first)
    except sqlite3.Error as error:
        return str(error)


def put_aside(index: Path) -> Path:
    """Move all that is in an index into a folder within it, but for what was decided by hand."""
    number = 1
    while (index / f"{ASIDE}{number}").exists():
        number += 1
    aside = index / f"{ASIDE}{number}"
    aside.mkdir()
    for part in list(index.iterdir()):
        if part.name not in (by_hand.FILE, by_hand.KEPT) and not part.name.startswith((ASIDE, RUN_LOCK, FILES_LOCK)):
            part.rename(aside / part.name)
    return aside


def salvage(index: Path) -> Salvaged:
    """What can be read of an index."""
    roots: set[str] = {*noted_roots(index)}
    records: dict[str, dict[str, Any]] = {}
    with suppress(sqlite3.Error), closing(open_database(index)) as database:
        for (value,) in _rows(database, _ROOTS):
            with suppress(ValueError, TypeError):
                roots.update(map(str, json.loads(value)))
        for id, key, value in _rows(database, _RECORDS):
            records.setdefault(str(id), {})[key] = value
    articles = [article_of(id, meta.pop(_TEXT), meta) for id, meta in records.items() if meta.get(_TEXT)]
    whole = [a for a in articles if not broken(str(records[a.id].get("seal") or ""), 0, article_sum(a))]
    return Salvaged(tuple(sorted(roots)), tuple(whole))


def _rows(database: sqlite3.Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows up to the first that cannot be read."""
    with suppress(sqlite3.Error):
        yield from database.execute(query)
