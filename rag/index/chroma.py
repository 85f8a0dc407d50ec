"""The collections of an index in Chroma. With `rag.index.writer`, `opening` and `trouble`, all that knows its ways.

An article is replaced in one write. The passages and quotes of its new state are added beside the old ones, then its
record names the new state by its fingerprint, and only after readers have been told are the old rows deleted.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from rag.errors import StaleError, StoreError
from rag.index import rows, server
from rag.index.damage import DATABASE, row_counts
from rag.index.derive import Made
from rag.index.locks import alone
from rag.index.rows import Entry, Rows
from rag.index.trouble import chroma_errors, damage_of, unreadable

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

SCHEMA_VERSION = 3
COLLECTIONS = ("articles", "passages", "quotes")
WRITE_BATCH = 2000  # Chroma takes 5461 rows at most; 2000 was its best speed.
READ_BATCH = 5000  # SQLite binds a variable for each row whose metadata is read, and takes 32,766 of them.
# Chroma's defaults (16 neighbours, 100 looked at in building and in asking) find 0.75 of the 60 nearest of 31,000
# statements, and 0.89 where a hundred near copies of each are among them; these 0.95 and 1.00. Others: docs/growth.md.
GRAPH: Any = {"space": "cosine", "max_neighbors": 32, "ef_construction": 100, "ef_search": 400}
# Articles are not searched: Chroma wants a vector of each and gets the same.
NO_GRAPH: Any = {"space": "cosine", "max_neighbors": 2, "ef_construction": 2}
LAST_UNNOTED = 8  # of EXTRACTOR_VERSION
VERSION_FILE = "version"
WHOLE, PART = "whole", "part"  # How a version begins: whether the run that wrote it came to its end.

_spellings = itertools.count()


def index_exists(index: str | Path) -> bool:
    """True when a folder holds an index."""
    return (Path(index) / DATABASE).is_file() or (Path(index) / server.FILE).is_file()


def read_version(index: str | Path) -> str:
    """A token that changes whenever a writer has finished; empty for an index never written."""
    try:
        return (Path(index) / VERSION_FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def is_whole(index: str | Path) -> bool:
    """True when there is an index and the last run that wrote to it came to its end."""
    return index_exists(index) and read_version(index).startswith(WHOLE)


class Chroma:
    """The collections of one index.

    `files` is the folder that is opened, where it is not the index itself but a copy.
    """

    def __init__(
        self, path: Path, *, model: str, dimension: int, create: bool = False, files: Path | None = None
    ) -> None:
        self.path = path
        self.files = files or path
        self.files.mkdir(parents=True, exist_ok=True)
        self.version = read_version(self.files)
        self.place = (server.new_place if create else server.place_of)(self.files)
        made_by = {"schema": SCHEMA_VERSION, "model": model, "dimension": dimension}
        with chroma_errors(path):
            client: Any = server.client_of(self.place) if self.place else _client_of_files(self.files)
            # Whatever fails from here on, the client is closed with this object; one of a server is everybody's.
            self.close = weakref.finalize(self, (lambda: None) if self.place else client.close)
            named = {name: self.place.name(name) if self.place else name for name in COLLECTIONS}
            if not create and not _has(client, named.values()):
                raise StoreError(damage_of(path, "parts of it are missing"))
            found = {
                name: client.get_or_create_collection(
                    named[name],
                    embedding_function=None,
                    # Of a new collection; one that is there keeps its own.
                    metadata=made_by | {"extractor": rows.EXTRACTOR_VERSION},
                    configuration={"hnsw": NO_GRAPH if name == "articles" else GRAPH},
                )
                for name in COLLECTIONS
            }
        self._collections: dict[str, Any] = (
            {name: server.Patient(each) for name, each in found.items()} if self.place else found
        )
        self._articles, self._passages, self._quotes = self._collections.values()
        self._check_made_by(made_by)

    def _check_made_by(self, expected: Mapping[str, Any]) -> None:
        found = self._articles.metadata or {}
        for key, value in expected.items():
            if found.get(key) == value:
                continue
            way = f"make it anew, from its files and itself, with `python -m ingest --check --index {self.path}`"
            if self.place:  # what is there cannot be put aside
                way = "index its files into another folder, with `python -m ingest FILES --index FOLDER`"
            if key == "model":  # the variable is mistyped, or unset, more often than the model is to be another
                way = f"set OTR_EMBEDDINGS to {found.get(key)!r}, or {way}"
            raise StoreError(
                f"The index in {self.path} was built with {key} {found.get(key)!r}, this program uses {value!r}: {way}."
            )

    def counts(self) -> tuple[int, int, int]:
        """How many articles, passages and quotes the index holds. Chroma itself loads its vectors to count."""
        if self.place:
            with chroma_errors(self.path):
                articles, passages, quotes = (collection.count() for collection in self._collections.values())
            return articles, passages, quotes
        try:
            found = row_counts(self.files)
        except sqlite3.Error as error:
            raise StoreError(unreadable(self.path, error)) from error
        articles, passages, quotes = (found.get(name, 0) for name in COLLECTIONS)
        return articles, passages, quotes

    def load(self) -> None:
        """Have Chroma make rows and vectors of all that it has noted, while nobody else opens the index.

        What is only read after that needs no such time.
        """
        with alone(self.files), chroma_errors(self.path):
            for collection in self._collections.values():
                collection.count()

    def roots(self) -> list[str]:
        """The files and folders that were indexed into this index before."""
        found = json.loads(str((self._articles.metadata or {}).get("roots", "[]")))
        return [str(root) for root in found]

    def extractor(self) -> int:
        """The version by which all articles were made; one that notes none was made by the last that did not."""
        return int((self._articles.metadata or {}).get("extractor", LAST_UNNOTED))

    def records(self) -> Iterator[Entry]:
        """Every article's record as Chroma has it; StoreError where one is torn."""
        for id, meta in self._rows(self._articles, None, "metadatas"):
            try:
                yield Entry.of(id, meta)
            except (KeyError, TypeError, ValueError, AttributeError):  # the row has lost some of its columns
                self._miss(f"the record of the article {id!r} is torn")

    def made(self, article_ids: Sequence[str]) -> Iterator[Made]:
        """The articles of these ids with the rows that their records stand for, and their vectors."""
        which: Any = {"article": {"$in": [*article_ids]}}
        parts: list[dict[str, list[tuple[Any, ...]]]] = []
        for collection in (self._passages, self._quotes):
            with self._reading():
                ids = collection.get(where=which, include=[])["ids"]
            by_article: dict[str, list[tuple[Any, ...]]] = {}
            for row in self._rows(collection, ids, "documents", "metadatas", "embeddings"):
                by_article.setdefault(str(row[2]["article"]), []).append(row)
            parts.append(by_article)
        for id, text, meta in self._rows(self._articles, article_ids, "documents", "metadatas"):
            passages, quotes = (
                _rows_of([row for row in part.get(id, ()) if row[2].get("fingerprint") == meta.get("fingerprint")])
                for part in parts
            )
            yield Made(id, text, dict(meta), passages, quotes)

    def _rows(self, collection: Collection, ids: Sequence[str] | None, *columns: str) -> Iterator[tuple[Any, ...]]:
        """(id, value of each column) of the rows of these ids, or of all rows, read batch by batch.

        Raises StaleError when some of them are gone because the index was brought up to date.
        """
        with self._reading():
            wanted = collection.get(include=[])["ids"] if ids is None else list(dict.fromkeys(ids))
        for begin in range(0, len(wanted), READ_BATCH):
            batch = wanted[begin : begin + READ_BATCH]
            with self._reading():
                rows: Any = collection.get(ids=batch, include=list(columns))  # type: ignore[arg-type]
                if ids is not None and len(rows["ids"]) < len(batch) and read_version(self.path) != self.version:
                    raise StoreError("rows are gone")
            yield from zip(rows["ids"], *(rows[column] for column in columns), strict=True)

    def _miss(self, what: str) -> NoReturn:
        """Raise StoreError for what is not there; StaleError where a run has ended since the index was opened."""
        if read_version(self.path) != self.version:
            raise StaleError(f"The index in {self.path} was brought up to date just now: ask again.")
        raise StoreError(damage_of(self.path, what))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say what is wrong in one sentence; nothing is where the writer has only replaced what is held."""
        try:
            with chroma_errors(self.path):
                yield
        except StoreError as error:
            if read_version(self.path) == self.version:
                raise
            raise StaleError(f"The index in {self.path} was brought up to date just now: ask again.") from error


def _client_of_files(files: Path) -> Any:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    # Chroma shares one system, with one view of the vectors, among clients of the same path
    # string. An own spelling of the path gives each store its own, which can be closed alone.
    spelling = f"{files}" + "".join("//." if bit == "1" else "/." for bit in f"{next(_spellings) % (1 << 16):b}")
    return chromadb.PersistentClient(spelling, ChromaSettings(anonymized_telemetry=False))


def _has(client: Any, names: Iterable[str]) -> bool:
    """True when there are collections of all these names."""
    from chromadb.errors import NotFoundError

    try:
        for name in names:
            client.get_collection(name, embedding_function=None)
    except NotFoundError:
        return False
    return True


def _rows_of(rows: Sequence[tuple[Any, ...]]) -> Rows:
    vectors = np.array([row[3] for row in rows], dtype=np.float32)
    return Rows([row[0] for row in rows], [row[1] for row in rows], [dict(row[2]) for row in rows], vectors)
