"""The index on disk: articles, passages and quotes in Chroma. The only module that imports chromadb.

An article is written in three steps, so that a process killed at any moment leaves nothing half
visible: its record is marked pending, its passages and quotes are replaced, the record is marked
ready. Readers see ready articles only; the next writer clears away what is pending.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import uuid
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import StoreError
from rag.index.rows import ARTICLE_FIELDS, Record, Rows, Vectors, belongs, rows_of, sentence_of, statement
from rag.schema import Article, Span, Statement

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

SCHEMA_VERSION = 1
COLLECTIONS = ("articles", "passages", "quotes")
WRITE_BATCH = 2000  # Chroma takes 5461 rows at most; 2000 was its best speed.
READ_BATCH = 5000  # SQLite binds a variable for each row whose metadata is read, and takes 32,766 of them.
# Chroma's defaults (16 neighbours, 100 looked at) never find a quote behind a hundred near-equal vectors, as in
# syndicated articles: lost in 4 of 10 runs, in 1 with 32 neighbours, in none with these.
GRAPH: Any = {"space": "cosine", "max_neighbors": 48, "ef_construction": 400}
DATABASE = "chroma.sqlite3"
VERSION_FILE = "version"
WHOLE, PART = "whole", "part"  # How a version begins: whether the run that wrote it came to its end.
LOCK_FILE = ".lock"

_spellings = itertools.count()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the store knows of an article without reading it."""

    id: str
    path: str
    fingerprint: str
    ready: bool


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
        return (Path(index) / VERSION_FILE).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return ""


def is_whole(index: str | Path) -> bool:
    """True when there is an index and the last run that wrote to it came to its end."""
    return index_exists(index) and read_version(index).startswith(WHOLE)


class Store:
    """One index. Open it with `open_store` to read and with `open_writer` to write."""

    def __init__(self, path: Path, *, model: str, dimension: int, create: bool = False) -> None:
        if not create and not index_exists(path):
            raise StoreError(f"There is no index in {path}: make one with `python -m ingest seeds/ --index {path}`.")
        import chromadb
        from chromadb.config import Settings as ChromaSettings
        from chromadb.errors import ChromaError

        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.version = read_version(path)
        # Chroma shares one system, with one view of the vectors, among clients of the same path
        # string. An own spelling of the path gives each store its own, which can be closed alone.
        spelling = str(path) + "/." * (1 + next(_spellings) % 99)
        try:
            client: Any = chromadb.PersistentClient(spelling, ChromaSettings(anonymized_telemetry=False))
            names = {c.name for c in client.list_collections()}
            if not create and not names >= set(COLLECTIONS):
                raise StoreError(f"The index in {path} is incomplete: run `python -m ingest` on your articles again.")
            metadata = {"schema": SCHEMA_VERSION, "model": model, "dimension": dimension}
            collections = [
                client.get_or_create_collection(
                    name,
                    embedding_function=None,
                    metadata=metadata,
                    configuration={"hnsw": GRAPH},
                )
                for name in COLLECTIONS
            ]
        except (ChromaError, ValueError, OSError) as error:
            raise StoreError(
                f"The index in {path} cannot be opened ({error}): delete the folder and index again."
            ) from error
        self._articles, self._passages, self._quotes = collections
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

    # ------------------------------------------------------------------ reading

    def entries(self) -> dict[str, Entry]:
        """Every article's id, file, fingerprint and whether it was written completely."""
        return {
            id: Entry(id, str(meta.get("path", "")), str(meta["fingerprint"]), bool(meta["ready"]))
            for id, meta in self._rows(self._articles, None, "metadatas")
        }

    def article(self, article_id: str) -> Article:
        """The article as stored; StoreError when the index has none of that id."""
        found = self._ready_articles([article_id]).get(article_id)
        if found is None:
            raise StoreError(f"The index in {self.path} has no article {article_id!r}.")
        return found

    def articles(self) -> dict[str, Article]:
        """Every ready article, by id."""
        return self._ready_articles(None)

    def catalogue(self) -> Catalogue:
        """Read the text, speaker and surroundings of every quote of every ready article."""
        articles = self.articles()
        kept = [
            (
                id,
                document,
                str(meta["speaker"]),
                str(meta["role"]),
                str(meta["article"]),
                str(meta["passage"]),
                str(meta["kind"]),
                sentence_of(meta, articles[str(meta["article"])].text),
            )
            for id, document, meta in self._rows(self._quotes, None, "documents", "metadatas")
            if belongs(meta, articles.get(str(meta["article"])))
        ]
        kept.sort()
        columns = list(zip(*kept, strict=True)) or [()] * len(fields(Catalogue))
        return Catalogue(*columns)

    def statements(self, ids: Sequence[str]) -> list[Statement]:
        """The quotes of these ids with their articles, in the order given; unknown ids are left out."""
        rows = dict(self._rows(self._quotes, ids, "metadatas"))
        articles = self._ready_articles(list({str(meta["article"]) for meta in rows.values()}))
        return [
            statement(id, rows[id], articles[str(rows[id]["article"])])
            for id in ids
            if id in rows and belongs(rows[id], articles.get(str(rows[id]["article"])))
        ]

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
        """The stored vectors of these quotes (or of="passages", of="articles"), by id."""
        collection = {"quotes": self._quotes, "passages": self._passages, "articles": self._articles}[of]
        return {id: np.asarray(vector, dtype=np.float32) for id, vector in self._rows(collection, ids, "embeddings")}

    def counts(self) -> tuple[int, int, int]:
        """How many articles, passages and quotes the index holds."""
        return self._articles.count(), self._passages.count(), self._quotes.count()

    def _search(self, collection: Collection, vector: Vectors, k: int, where: Any) -> list[str]:
        with self._whole():
            found = collection.query(query_embeddings=vector[None, :], n_results=k, where=where, include=["documents"])
        documents = (found["documents"] or [[]])[0]
        # A row deleted by another process comes back without its document.
        return [id for id, document in zip(found["ids"][0], documents, strict=True) if document is not None]

    def _rows(self, collection: Collection, ids: Sequence[str] | None, *columns: str) -> Iterator[tuple[Any, ...]]:
        """(id, value of each column) of the rows of these ids, or of all rows, read batch by batch."""
        wanted = collection.get(include=[])["ids"] if ids is None else list(dict.fromkeys(ids))
        for begin in range(0, len(wanted), READ_BATCH):
            batch = wanted[begin : begin + READ_BATCH]
            with self._whole():
                rows: Any = collection.get(ids=batch, include=list(columns))  # type: ignore[arg-type]
            yield from zip(rows["ids"], *(rows[column] for column in columns), strict=True)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Say what to do when Chroma has lost its vectors, as when a folder of the index was deleted."""
        from chromadb.errors import InternalError

        try:
            yield
        except InternalError as error:
            raise StoreError(
                f"The index in {self.path} has lost vectors ({error}): delete the folder and run "
                f"`python -m ingest PATH --index {self.path}` on your articles again."
            ) from error

    def _ready_articles(self, ids: Sequence[str] | None) -> dict[str, Article]:
        """The ready articles of these ids, or all of them."""
        return {
            id: Article(id=id, text=text, **{field: meta[field] for field in ARTICLE_FIELDS if field in meta})
            for id, text, meta in self._rows(self._articles, ids, "documents", "metadatas")
            if meta["ready"]
        }

    # ------------------------------------------------------------------ writing

    def write(self, records: Sequence[Record]) -> None:
        """Put articles into the index, each in place of what the index has under its id.

        All of them together: a call to Chroma takes 22 ms, whatever it carries.
        """
        if not records:
            return
        self.remove([record.article.id for record in records])
        articles, passages, quotes = (Rows.join(parts) for parts in zip(*map(rows_of, records), strict=True))
        for collection, rows in ((self._articles, articles), (self._passages, passages), (self._quotes, quotes)):
            _add(collection, rows)
        self._articles.update(ids=articles.ids, metadatas=[{"ready": True} for _ in articles.ids])

    def remove(self, article_ids: Sequence[str]) -> None:
        """Take articles and all that was made from them out of the index."""
        for begin in range(0, len(article_ids), WRITE_BATCH):
            batch = list(article_ids[begin : begin + WRITE_BATCH])
            known = self._articles.get(ids=batch, include=["metadatas"])["ids"]
            if not known:
                continue
            # Not ready first: a process killed between these lines leaves work for the next writer.
            self._articles.update(ids=known, metadatas=[{"ready": False} for _ in known])
            for collection in (self._quotes, self._passages):
                collection.delete(where={"article": {"$in": [*known]}})
            self._articles.delete(ids=known)

    def move(self, article_id: str, path: str) -> None:
        """Note that an unchanged article now comes from another file."""
        self._articles.update(ids=[article_id], metadatas=[{"path": path}])

    def roots(self) -> list[str]:
        """The files and folders that were indexed into this index before."""
        found = json.loads(str((self._quotes.metadata or {}).get("roots", "[]")))
        return [str(root) for root in found]

    def remember_roots(self, roots: Iterable[str]) -> None:
        """Add to the files and folders that a run without arguments indexes again."""
        self._set_roots({*self.roots(), *roots})

    def forget_roots(self, roots: Iterable[str]) -> None:
        """Take out of them what no longer exists."""
        self._set_roots({*self.roots()} - {*roots})

    def _set_roots(self, roots: set[str]) -> None:
        if roots != {*self.roots()}:
            self._quotes.modify(metadata={**(self._quotes.metadata or {}), "roots": json.dumps(sorted(roots))})


def open_store(path: Path, *, model: str, dimension: int) -> Store:
    """Open an index for reading; StoreError when there is none or another model built it."""
    return Store(path, model=model, dimension=dimension)


@contextmanager
def open_writer(path: Path, *, model: str, dimension: int) -> Iterator[Store]:
    """Open an index for writing, making it if need be, and tell readers when done.

    Two writers would silently lose vectors, so a second one gets a StoreError at once.
    """
    from filelock import FileLock, Timeout

    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / LOCK_FILE)
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreError(
            f"Another process is writing to the index in {path}: wait for it to end, then try again."
        ) from error
    except OSError as error:
        raise StoreError(
            f"The index folder {path} cannot be written ({error.strerror}): choose another with --index."
        ) from error
    try:
        store = Store(path, model=model, dimension=dimension, create=True)
        ended = False
        try:
            yield store
            ended = True
        finally:
            store.close()
            _write_version(path, ended=ended)
    finally:
        lock.release()


def _write_version(path: Path, *, ended: bool) -> None:
    temporary = path / f"{VERSION_FILE}.{os.getpid()}"
    temporary.write_text(f"{WHOLE if ended else PART}-{uuid.uuid4().hex}", encoding="utf-8")
    temporary.replace(path / VERSION_FILE)


def _add(collection: Collection, rows: Rows) -> None:
    for begin in range(0, len(rows.ids), WRITE_BATCH):
        part = slice(begin, begin + WRITE_BATCH)
        collection.add(
            ids=rows.ids[part],
            documents=rows.texts[part],
            metadatas=rows.metadatas[part],  # type: ignore[arg-type]
            embeddings=rows.vectors[part],
        )
