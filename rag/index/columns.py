"""What a search needs of an index, as tables of SQLite: derived from Chroma's rows, in rows and columns of their own.

A reader sees the state at which it opened them, whatever is written meanwhile (SQLite's write-ahead log). They hold
no truth: `rag.index.derive` makes them, and makes them anew.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rag.index.rows import Entry, file_path
from rag.people.register import TABLES as PEOPLE
from rag.schema import Article

Kind = Literal["statements", "passages"]  # What has vectors, and a table of its own.

FOLDER = "derived"
FILE = "columns.sqlite3"
VERSION = 8  # Raise it when a table or what stands in it changes: the next opening makes them anew.
BOUND = 500  # Values of one query.
ALWAYS = (0, 99991231)
MAKING = "being made"  # In place of the state that they stand for, from their beginning until all is in them.
WAIT = 60.0  # Seconds for another process's commit.
HELD = 16  # MB of pages that a reader holds: a question reads some thousand, all over the tables.

# `total` are checksums of Chroma's rows. `record` is the article, `bag` how often each of its stems stands in it, and
# in how many of its statements' sentences. `story` is what versions of one article have in common, `moment` its date.
# `amending` says by what a correction names another article.
TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles(
  doc INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, path TEXT NOT NULL, seal TEXT NOT NULL,
  passages INTEGER NOT NULL, quotes INTEGER NOT NULL, published TEXT, publication TEXT, story TEXT,
  moment TEXT NOT NULL, stems INTEGER NOT NULL, sentences INTEGER NOT NULL);
CREATE INDEX articles_story ON articles(story, moment) WHERE story IS NOT NULL;
CREATE INDEX articles_publication ON articles(publication) WHERE publication IS NOT NULL;
CREATE TABLE texts(doc INTEGER PRIMARY KEY, record BLOB NOT NULL, bag TEXT NOT NULL);
CREATE TABLE passages(row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc INTEGER NOT NULL, total TEXT NOT NULL);
CREATE INDEX passages_doc ON passages(doc);
CREATE TABLE statements(
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc INTEGER NOT NULL, passage INTEGER NOT NULL,
  speaker TEXT NOT NULL, role TEXT NOT NULL, speaker_kind TEXT NOT NULL, channel TEXT NOT NULL, kind TEXT NOT NULL,
  size INTEGER NOT NULL, total TEXT NOT NULL, text TEXT NOT NULL, stems TEXT NOT NULL, day INTEGER NOT NULL,
  sentence TEXT NOT NULL);
CREATE INDEX statements_doc ON statements(doc);
CREATE INDEX statements_passage ON statements(passage);
CREATE INDEX statements_speaker ON statements(speaker, day);
CREATE TABLE amending(key TEXT NOT NULL, doc INTEGER NOT NULL, place TEXT NOT NULL);
CREATE INDEX amending_key ON amending(key);
CREATE INDEX amending_doc ON amending(doc);
CREATE TABLE stems(stem TEXT PRIMARY KEY, statements INTEGER NOT NULL, articles INTEGER NOT NULL) WITHOUT ROWID;
"""

# The columns of `Entry.kept`.
ENTRIES = "SELECT id, path, fingerprint, passages, quotes, seal FROM articles ORDER BY doc"


class ColumnsError(Exception):
    """The tables are missing, torn or of another version: they are made anew."""


class BeingMadeError(ColumnsError):
    """The tables have only a part of the articles yet."""


class Line(NamedTuple):
    """A statement as a search reads it. `doc` and `passage` are the numbers of its article and passage (0: none).

    `size` counts its words, `stems` are those of its words, `sentence` those of the sentence or sentences around it.
    """

    row: int
    id: str
    doc: int
    passage: int
    speaker: str
    role: str
    channel: str
    kind: str
    size: int
    text: str
    stems: str
    sentence: str


class Bag(NamedTuple):
    """An article as a search reads it: how many stems and statements' sentences it has, and how often it has each."""

    doc: int
    published: str | None
    publication: str | None
    stems: int
    sentences: int
    bag: str

    def counts(self, marks: Mapping[str, str]) -> dict[str, tuple[int, int]]:
        """How often stems stand in the article, and in how many of its statements' sentences; none that does not.

        `marks` are the stems as the bag has them, each with the blank before it and the colon behind.
        """
        found = {}
        for stem, mark in marks.items():
            at = self.bag.find(mark)
            if at >= 0:
                often, sentences = self.bag[at + len(mark) : self.bag.index(" ", at + 1)].split(":")
                found[stem] = int(often), int(sentences)
        return found


class Columns:
    """The tables of an index, opened for reading: one state, whatever is written meanwhile."""

    def __init__(self, folder: Path) -> None:
        """Open them; ColumnsError when they are missing, torn or of another version."""
        if not (folder / FILE).is_file():
            raise ColumnsError("they are missing")
        self._lock = threading.RLock()
        try:
            self.database = connect(folder / FILE)
            self.database.execute(f"PRAGMA cache_size = -{HELD * 1024}")
        except sqlite3.Error as error:
            raise ColumnsError(str(error)) from error
        try:
            self._begin()
        except ColumnsError:
            self.close()
            raise

    def _begin(self) -> None:
        """Hold on to the state that there is now, and read what it says of itself."""
        try:
            self.database.execute("BEGIN")
            self.meta = read_meta(self.database)
        except sqlite3.Error as error:
            raise ColumnsError(str(error)) from error
        if self.meta.get("version") != str(VERSION):
            raise ColumnsError("they are of another version")
        if self.meta.get("token") == MAKING:
            raise BeingMadeError(self.meta.get("articles", "0"))

    def number(self, key: str) -> int:
        """A number that the tables say of themselves."""
        return int(self.meta.get(key, "0"))

    def close(self) -> None:
        """Let go of the state."""
        with self._lock, suppress(sqlite3.Error):
            self.database.close()

    # ------------------------------------------------------------------ articles

    def counts(self) -> tuple[int, int, int, int, int]:
        """Articles, the passages and statements that they should have, and those that there are."""
        [articles, passages, quotes] = self._all("SELECT count(*), total(passages), total(quotes) FROM articles")[0]
        there = (self._all(f"SELECT count(*) FROM {table}")[0][0] for table in ("passages", "statements"))
        return int(articles), int(passages), int(quotes), *there

    def entries(self) -> Iterator[Entry]:
        """Every article's record."""
        return (Entry.kept(*row) for row in self._all(ENTRIES))

    def article(self, article_id: str) -> tuple[int, Article, str] | None:
        """An article by its id: its number, itself and its seal; None when there is none."""
        rows = self._all(
            "SELECT doc, id, path, seal, record FROM articles JOIN texts USING(doc) WHERE id = ?", (article_id,)
        )
        return next(((doc, _article(id, path, record), seal) for doc, id, path, seal, record in rows), None)

    def later_than(self, article_id: str) -> str | None:
        """The id of the latest of the articles with the same story, if it is later than this one."""
        query = (
            "SELECT n.id FROM articles a JOIN articles n ON n.story = a.story AND n.moment > a.moment "
            "WHERE a.id = ? ORDER BY n.moment DESC, n.doc LIMIT 1"
        )
        return next((str(id) for (id,) in self._all(query, (article_id,))), None)

    def amending(self, keys: Iterable[str]) -> list[tuple[str, str, str]]:
        """(article's id, place in it, key) of the corrections that name another article by one of some keys."""
        query = (
            "SELECT a.id, m.place, m.key FROM amending m JOIN articles a USING(doc) WHERE m.key IN ({}) ORDER BY m.key"
        )
        return [(id, place, key) for id, place, key in self._in(query, keys)]

    def said_in(self, article_id: str) -> list[tuple[str, str]]:
        """(speaker, words) of all statements of an article."""
        query = "SELECT s.speaker, s.text FROM statements s JOIN articles a USING(doc) WHERE a.id = ?"
        return [(speaker, text) for speaker, text in self._all(query, (article_id,))]

    def ids(self) -> list[str]:
        """The ids of all articles."""
        return [id for (id,) in self._all("SELECT id FROM articles ORDER BY id")]

    def publications(self) -> list[str]:
        """The outlets of the articles."""
        return [name for (name,) in self._all("SELECT DISTINCT publication FROM articles WHERE publication <> ''")]

    def bags(self, docs: Iterable[int]) -> dict[int, Bag]:
        """Articles by their numbers, as a search reads them."""
        query = (
            "SELECT doc, published, publication, stems, sentences, bag FROM articles JOIN texts USING(doc) "
            "WHERE doc IN ({})"
        )
        return {row[0]: Bag(*row) for row in self._in(query, docs)}

    # ------------------------------------------------------------------ statements and passages

    def lines(self, rows: Iterable[int]) -> dict[int, Line]:
        """Statements by their rows."""
        query = f"SELECT {', '.join(Line._fields)} FROM statements WHERE row IN ({{}})"
        return {row[0]: Line(*row) for row in self._in(query, rows)}

    def standing(self, table: Kind, ids: Iterable[str]) -> dict[str, tuple[int, str, str]]:
        """Of statements or passages with these ids: (row, article's id, checksum), by id."""
        query = f"SELECT t.id, t.row, a.id, t.total FROM {table} t JOIN articles a USING(doc) WHERE t.id IN ({{}})"
        return {row[0]: row[1:] for row in self._in(query, ids)}

    def rows_in(self, column: Literal["doc", "passage"], numbers: Iterable[int]) -> list[int]:
        """The rows of the statements that stand in one of these articles ("doc") or passages."""
        return sorted(row for (row,) in self._in(f"SELECT row FROM statements WHERE {column} IN ({{}})", numbers))

    def rows_said(self, speakers: Iterable[str], most: int, days: tuple[int, int] = ALWAYS) -> list[int]:
        """The rows of what these say from the first to the last of these days (as 20261231), at most so many.

        Of each speaker what was said last comes first.
        """
        query = "SELECT row FROM statements WHERE speaker = ? AND day BETWEEN ? AND ? ORDER BY day DESC LIMIT ?"
        found: list[int] = []
        for speaker in speakers:
            if len(found) < most:
                found += [row for (row,) in self._all(query, (speaker, *days, most - len(found)))]
        return found

    def passage_ids(self, rows: Iterable[int]) -> dict[int, str]:
        """The ids of passages, by row."""
        return dict(self._in("SELECT row, id FROM passages WHERE row IN ({})", rows))

    def ids_in(self, article_id: str) -> list[str]:
        """The ids of an article's statements."""
        query = "SELECT s.id FROM statements s JOIN articles a USING(doc) WHERE a.id = ? ORDER BY s.row"
        return [id for (id,) in self._all(query, (article_id,))]

    def ids_by(self, speakers: Iterable[str]) -> list[str]:
        """The ids of what these say."""
        return [id for (id,) in self._in("SELECT id FROM statements WHERE speaker IN ({}) ORDER BY row", speakers)]

    def roles_of(self, speaker: str) -> list[str]:
        """The roles that articles give a speaker."""
        query = "SELECT DISTINCT role FROM statements WHERE speaker = ? AND role <> ''"
        return [role for (role,) in self._all(query, (speaker,))]

    def short(self, least: int, longest: int, most: int) -> list[tuple[str, str, str]]:
        """(text, speaker, the speaker's kind) of direct statements of so many words, `most` of them."""
        query = (
            "SELECT text, speaker, speaker_kind FROM statements WHERE kind = 'direct' AND size BETWEEN ? AND ? "
            "ORDER BY id LIMIT ?"
        )
        return self._all(query, (least, longest, most))

    def frequencies(self, stems: Iterable[str]) -> dict[str, tuple[int, int]]:
        """In how many statements' sentences, and in how many articles, each stem stands; unknown ones are left out."""
        query = "SELECT stem, statements, articles FROM stems WHERE stem IN ({})"
        return {stem: (statements, articles) for stem, statements, articles in self._in(query, stems)}

    def select(self, query: str, values: Sequence[Any]) -> list[Any]:
        """The rows of a query."""
        return self._all(query, values)

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        # One connection is one state; threads take turns at it.
        with self._lock:
            try:
                return self.database.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise ColumnsError(str(error)) from error

    def _in(self, query: str, values: Iterable[Any]) -> Iterator[Any]:
        """The rows of a query whose {} stands for some values, read BOUND of these at a time."""
        wanted = list(dict.fromkeys(values))
        for begin in range(0, len(wanted), BOUND):
            part = wanted[begin : begin + BOUND]
            yield from self._all(query.format(", ".join("?" * len(part))), part)


def connect(file: Path) -> sqlite3.Connection:
    """Open a database of these tables, with or without them in it."""
    # Without the right to write, SQLite's log cannot be joined; where there is none, nobody writes either.
    is_fixed = file.exists() and not os.access(file.parent, os.W_OK) and not file.with_name(f"{file.name}-wal").exists()
    place = f"{file.absolute().as_uri()}{'?immutable=1' if is_fixed else ''}"
    return sqlite3.connect(place, uri=True, timeout=WAIT, isolation_level=None, check_same_thread=False)


def create(database: sqlite3.Connection) -> None:
    """Make the tables in an empty database."""
    database.execute("PRAGMA journal_mode = WAL")
    database.executescript(f"BEGIN; {TABLES} {PEOPLE} COMMIT;")


def read_meta(database: sqlite3.Connection) -> dict[str, str]:
    """What the tables say of themselves."""
    return dict(database.execute("SELECT key, value FROM meta"))


def packed(article: Article, fields: Mapping[str, Any]) -> bytes:
    """An article as `Columns.article` reads it; `fields` are those that it has besides id, text and path."""
    return zlib.compress(json.dumps([article.text, dict(fields)]).encode(), 6)


def _article(id: str, path: str, record: bytes) -> Article:
    try:
        text, fields = json.loads(zlib.decompress(record))
        return Article(id=id, text=text, path=file_path(path), **fields)
    except (zlib.error, ValueError, TypeError) as error:
        raise ColumnsError(str(error)) from error
