"""The index on disk: articles, passages and quotes in Chroma. With `rag.index.writer`, all that knows Chroma's ways.

An article is replaced in one write. The passages and quotes of its new state are added beside the old ones, then its
record names the new state by its fingerprint, and only after readers have been told are the old rows deleted. A
reader holds the records as they were when it opened, and takes no row that they do not stand for.
"""

from __future__ import annotations

import itertools
import json
import logging
import shutil
import sqlite3
import time
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import StaleError, StoreError
from rag.index.damage import DATABASE, file_states, torn_collections
from rag.index.rows import ARTICLE_FIELDS, Vectors, sentence_of, statement
from rag.schema import Article, Span, Statement

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

SCHEMA_VERSION = 2
COLLECTIONS = ("articles", "passages", "quotes")
WRITE_BATCH = 2000  # Chroma takes 5461 rows at most; 2000 was its best speed.
READ_BATCH = 5000  # SQLite binds a variable for each row whose metadata is read, and takes 32,766 of them.
# Chroma's defaults (16 neighbours, 100 looked at) never find a quote behind a hundred near-equal vectors, as in
# syndicated articles: lost in 4 of 10 runs, in 1 with 32 neighbours, in none with these.
GRAPH: Any = {"space": "cosine", "max_neighbors": 48, "ef_construction": 400}
# Articles are not searched: Chroma wants a vector of each and gets the same.
NO_GRAPH: Any = {"space": "cosine", "max_neighbors": 2, "ef_construction": 2}
VERSION_FILE = "version"
WHOLE, PART = "whole", "part"  # How a version begins: whether the run that wrote it came to its end.
LOCK_FILE = ".lock"
# A writer saves its vectors after each thousand of them, file by file: a reader that opens in between tries again.
OPENINGS = 100
PAUSE = 0.1
LEAST_SPACE = 1 << 20

_spellings = itertools.count()


@dataclass(frozen=True, slots=True)
class Entry:
    """What an article's record says: its file, of what it was made, and how many rows were made of it."""

    id: str
    path: str
    fingerprint: str
    passages: int
    quotes: int

    @classmethod
    def of(cls, id: str, meta: Mapping[str, Any]) -> Entry:
        """The entry in an article's row."""
        return cls(id, str(meta.get("path", "")), str(meta["fingerprint"]), int(meta["passages"]), int(meta["quotes"]))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every quote's id with what a search needs of it, in step (same index).

    `sentences` holds the sentence or sentences that the quote, its cue and its source stand in.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    speakers: tuple[str, ...]
    roles: tuple[str, ...]
    articles: tuple[str, ...]
    passages: tuple[str, ...]
    kinds: tuple[str, ...]
    sentences: tuple[str, ...]


def index_exists(index: str | Path) -> bool:
    """True when a folder holds an index."""
    return (Path(index) / DATABASE).is_file()


def read_version(index: str | Path) -> str:
    """A token that changes whenever a writer has finished; empty for an index never written."""
    try:
        return (Path(index) / VERSION_FILE).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return ""


def is_whole(index: str | Path) -> bool:
    """True when there is an index and the last run that wrote to it came to its end."""
    return index_exists(index) and read_version(index).startswith(WHOLE)


class Store:
    """One index, opened for reading with `open_store`. What it gives is the state of the index at that moment."""

    def __init__(self, path: Path, *, model: str, dimension: int, create: bool = False) -> None:
        if not create and not index_exists(path):
            raise StoreError(f"There is no index in {path}: make one with `python -m ingest seeds/ --index {path}`.")
        import chromadb
        from chromadb.config import Settings as ChromaSettings

        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.version = read_version(path)
        # Chroma shares one system, with one view of the vectors, among clients of the same path
        # string. An own spelling of the path gives each store its own, which can be closed alone.
        spelling = str(path) + "/." * (1 + next(_spellings) % 99)
        metadata = {"schema": SCHEMA_VERSION, "model": model, "dimension": dimension}
        with chroma_errors(path):
            client: Any = chromadb.PersistentClient(spelling, ChromaSettings(anonymized_telemetry=False))
            names = {c.name for c in client.list_collections()}
            if not create and not names >= set(COLLECTIONS):
                raise StoreError(damage_of(path, "parts of it are missing"))
            self._collections = {
                name: client.get_or_create_collection(
                    name,
                    embedding_function=None,
                    metadata=metadata,
                    configuration={"hnsw": NO_GRAPH if name == "articles" else GRAPH},
                )
                for name in COLLECTIONS
            }
        self._articles, self._passages, self._quotes = self._collections.values()
        self._check(metadata)
        self.close = weakref.finalize(self, client.close)

    def _check(self, expected: Mapping[str, Any]) -> None:
        found = self._articles.metadata or {}
        for key, value in expected.items():
            if found.get(key) != value:
                raise StoreError(
                    f"The index in {self.path} was built with {key} {found.get(key)!r}, this program uses {value!r}: "
                    f"delete the folder and index again with `python -m ingest PATH --index {self.path}`."
                )

    # ------------------------------------------------------------------ the state that is held

    @cached_property
    def _held(self) -> dict[str, tuple[Article, Entry]]:
        return self._read_articles(None)

    def article(self, article_id: str) -> Article:
        """The article as stored; StoreError when the index has none of that id."""
        if article_id not in self._held:
            raise StoreError(f"The index in {self.path} has no article {article_id!r}.")
        return self._held[article_id][0]

    def articles(self) -> dict[str, Article]:
        """Every article, by id."""
        return {id: article for id, (article, _) in self._held.items()}

    def entries(self) -> dict[str, Entry]:
        """Every article's record, by id."""
        return {id: entry for id, (_, entry) in self._held.items()}

    def catalogue(self) -> Catalogue:
        """The text, speaker and surroundings of every quote.

        Raises StaleError when a writer has deleted what is held, and StoreError when rows are lost.
        """
        return self._catalogue

    @cached_property
    def _catalogue(self) -> Catalogue:
        kept = [
            (
                id,
                document,
                str(meta["speaker"]),
                str(meta["role"]),
                str(meta["article"]),
                str(meta["passage"]),
                str(meta["kind"]),
                sentence_of(meta, self._held[str(meta["article"])][0].text),
            )
            for id, document, meta in self._rows(self._quotes, None, "documents", "metadatas")
            if self._stands(meta)
        ]
        self._check_counts(Counter(row[4] for row in kept))
        kept.sort()
        columns = list(zip(*kept, strict=True)) or [()] * len(fields(Catalogue))
        return Catalogue(*columns)

    def _check_counts(self, quotes: Mapping[str, int]) -> None:
        """Compare what is there with what the records say."""
        passages = sum(entry.passages for entry in self.entries().values())
        lost = [id for id, entry in self.entries().items() if quotes.get(id, 0) != entry.quotes]
        if lost:
            self._miss(f"statements of {lost[0]!r} are missing")
        if self._passages.count() < passages:
            self._miss("passages are missing")

    def _stands(self, meta: Mapping[str, Any] | None) -> bool:
        """True when a row of a passage or quote is of an article in the state that is held."""
        held = self._held.get(str(meta["article"])) if meta else None
        return held is not None and meta is not None and meta["fingerprint"] == held[1].fingerprint

    def _miss(self, what: str) -> None:
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

    # ------------------------------------------------------------------ reading

    def statements(self, ids: Sequence[str]) -> list[Statement]:
        """The quotes of these ids with their articles, in the order given; unknown ids are left out."""
        rows = {id: meta for id, meta in self._rows(self._quotes, ids, "metadatas") if self._stands(meta)}
        return [statement(id, rows[id], self.article(str(rows[id]["article"]))) for id in ids if id in rows]

    def search_quotes(self, vector: Vectors, k: int, *, speakers: Sequence[str] = ()) -> list[str]:
        """Ids of the k quotes nearest to a vector (cosine), of these speakers only when any is given."""
        return self._search(self._quotes, vector, k, {"speaker": {"$in": list(speakers)}} if speakers else None)

    def search_passages(self, vector: Vectors, k: int) -> list[str]:
        """Ids of the k passages nearest to a vector (cosine)."""
        return self._search(self._passages, vector, k, None)

    def passages(self, ids: Sequence[str]) -> dict[str, Span]:
        """The passages of these ids as spans of their articles, by id; unknown ids are left out."""
        rows = self._rows(self._passages, ids, "documents", "metadatas")
        return {id: Span(int(meta["start"]), int(meta["end"]), text) for id, text, meta in rows}

    def vectors(self, ids: Sequence[str], *, of: str = "quotes") -> dict[str, Vectors]:
        """The stored vectors of these quotes (or of="passages"), by id."""
        rows = self._rows(self._collections[of], ids, "embeddings")
        return {id: np.asarray(vector, dtype=np.float32) for id, vector in rows}

    def counts(self) -> tuple[int, int, int]:
        """How many articles, passages and quotes the index holds."""
        with self._reading():
            return self._articles.count(), self._passages.count(), self._quotes.count()

    def roots(self) -> list[str]:
        """The files and folders that were indexed into this index before."""
        found = json.loads(str((self._articles.metadata or {}).get("roots", "[]")))
        return [str(root) for root in found]

    def _search(self, collection: Collection, vector: Vectors, k: int, where: Any) -> list[str]:
        """Ids of the k nearest rows that stand; more are asked for as long as others are in their way."""
        wanted = k
        while True:
            with self._reading():
                found = collection.query(
                    query_embeddings=vector[None, :], n_results=wanted, where=where, include=["metadatas"]
                )
            # A row deleted by another process comes back without its metadata.
            metas = (found["metadatas"] or [[]])[0]
            ids = [id for id, meta in zip(found["ids"][0], metas, strict=True) if self._stands(meta)]
            if len(ids) >= k or len(metas) < wanted:
                return ids[:k]
            wanted *= 2

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

    def _read_articles(self, ids: Sequence[str] | None) -> dict[str, tuple[Article, Entry]]:
        """The articles of these ids, or all of them, each with its entry."""
        return {
            id: (
                Article(id=id, text=text, **{field: meta[field] for field in ARTICLE_FIELDS if field in meta}),
                Entry.of(id, meta),
            )
            for id, text, meta in self._rows(self._articles, ids, "documents", "metadatas")
        }


def open_store(path: Path, *, model: str, dimension: int) -> Store:
    """Open an index for reading, with the articles as they are now.

    Raises StoreError when there is none, another model built it, or it is damaged, and says what to type.
    """
    for _ in range(OPENINGS):
        before, broken = file_states(path), torn(path)
        if not broken:
            try:
                store = Store(path, model=model, dimension=dimension)
                store.articles()
                store.counts()  # Loads the vectors: after the records, so that it has those of every one of them.
            except StoreError:
                if file_states(path) == before:
                    raise
            else:
                if file_states(path) == before:
                    return store
                store.close()
        elif not _is_being_written(path):
            raise StoreError(damage_of(path, f"the vectors of its {' and '.join(sorted(broken))} are torn"))
        time.sleep(PAUSE)
    raise StoreError(f"The index in {path} is being written faster than it can be opened: try again in a minute.")


def drop(path: Path, names: Iterable[str]) -> None:
    """Take whole collections out of an index; it is opened without reading their vectors."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    with chroma_errors(path):
        client: Any = chromadb.PersistentClient(str(path), ChromaSettings(anonymized_telemetry=False))
        for name in names:
            client.delete_collection(name)
        client.close()


def torn(path: Path) -> dict[str, Path]:
    """The collections whose vectors cannot be used, with their folders; StoreError when the database is no database."""
    try:
        return torn_collections(path)
    except sqlite3.Error as error:
        raise StoreError(unreadable(path, error)) from error


def _is_being_written(path: Path) -> bool:
    from filelock import FileLock, Timeout

    try:
        with FileLock(path / LOCK_FILE).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:  # nobody can write to what is read-only
        return False


def damage_of(path: Path, what: str) -> str:
    """The sentence that says what is wrong with an index and what to type."""
    return f"The index in {path} is damaged ({what}): run `python -m ingest --index {path}`, which repairs it."


def unreadable(path: Path, error: Exception) -> str:
    """The sentence for a database that nothing can be read from."""
    return (
        f"The index in {path} cannot be opened ({error}): put a copy of {DATABASE} in its place, or delete the folder "
        f"and index again with `python -m ingest PATH --index {path}`."
    )


@contextmanager
def chroma_errors(path: Path) -> Iterator[None]:
    """Raise what Chroma raises as a StoreError of one sentence."""
    from chromadb.errors import ChromaError, InternalError

    try:
        yield
    except InternalError as error:
        if _is_full(path):
            raise StoreError(full_disk(path)) from error
        if "not a database" in str(error) or "malformed" in str(error):
            raise StoreError(unreadable(path, error)) from error
        raise StoreError(damage_of(path, str(error))) from error
    except (ChromaError, ValueError, OSError) as error:
        raise StoreError(unreadable(path, error)) from error


def _is_full(path: Path) -> bool:
    """True when less is left than Chroma writes at once; its own words for that are many."""
    return shutil.disk_usage(path).free < LEAST_SPACE


def full_disk(path: Path) -> str:
    """The sentence for a disk that takes no more."""
    return (
        f"There is no space left for the index in {path}: make room, then run `python -m ingest --index {path}` again; "
        "what was indexed so far is kept."
    )
