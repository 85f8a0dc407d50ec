"""Write the index: each article whole or not at all, torn vectors made anew, what readers may hold deleted last."""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import StoreError
from rag.index.rows import Record, Rows, rows_of
from rag.index.store import (
    LOCK_FILE,
    PART,
    VERSION_FILE,
    WHOLE,
    WRITE_BATCH,
    Entry,
    Store,
    chroma_errors,
    drop,
    full_disk,
    torn,
    unreadable,
)
from rag.schema import Article

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

# An article's id with a fingerprint that its record has no longer.
Superseded = tuple[str, str]


class Writer(Store):
    """One index, opened for writing with `open_writer`. `lost` are the articles of which rows are missing."""

    def __init__(self, path: Path, *, model: str, dimension: int) -> None:
        super().__init__(path, model=model, dimension=dimension, create=True)
        rows = self._rows(self._articles, None, "metadatas")
        self._live = {id: Entry.of(id, meta) for id, meta in rows}
        self._superseded: set[Superseded] = set()
        self.lost = self._compare()

    def entries(self) -> dict[str, Entry]:
        """Every article's record as it is now, by id."""
        return dict(self._live)

    def stored(self, article_id: str) -> Article:
        """An article of the index as it is now."""
        return self._read_articles([article_id])[article_id][0]

    def write(self, records: Sequence[Record]) -> None:
        """Put articles into the index, each in place of what the index has under its id.

        All of them together: a call to Chroma takes 22 ms, whatever it carries.
        """
        if not records:
            return
        articles, passages, quotes = (Rows.join(parts) for parts in zip(*map(rows_of, records), strict=True))
        with chroma_errors(self.path):
            self._add(self._passages, passages)
            self._add(self._quotes, quotes)
            # From here on, whoever opens the index sees these articles.
            self._articles.upsert(
                ids=articles.ids,
                documents=articles.texts,
                metadatas=articles.metadatas,
                embeddings=articles.vectors,
            )
        for id, meta in zip(articles.ids, articles.metadatas, strict=True):
            self._supersede(id)
            self._live[id] = Entry.of(id, meta)

    def remove(self, article_ids: Sequence[str]) -> None:
        """Take articles and all that was made from them out of the index."""
        known = [id for id in article_ids if id in self._live]
        for begin in range(0, len(known), WRITE_BATCH):
            with chroma_errors(self.path):
                self._articles.delete(ids=known[begin : begin + WRITE_BATCH])
        for id in known:
            self._supersede(id)
            del self._live[id]

    def move(self, article_id: str, path: str) -> None:
        """Note that an unchanged article now comes from another file."""
        with chroma_errors(self.path):
            self._articles.update(ids=[article_id], metadatas=[{"path": path}])

    def remember_roots(self, roots: Iterable[str]) -> None:
        """Add to the files and folders that a run without arguments indexes again."""
        self._set_roots({*self.roots(), *roots})

    def forget_roots(self, roots: Iterable[str]) -> None:
        """Take out of them what no longer exists."""
        self._set_roots({*self.roots()} - {*roots})

    def delete_superseded(self) -> None:
        """Delete the rows that no record stands for. Readers who still hold them have to be told before."""
        stale = {
            (id, made) for id, made in self._superseded if id not in self._live or self._live[id].fingerprint != made
        }
        articles = sorted({id for id, _ in stale})
        for begin in range(0, len(articles), WRITE_BATCH):
            for collection in (self._quotes, self._passages):
                self._delete(collection, articles[begin : begin + WRITE_BATCH], stale)
        self._superseded.clear()

    def _delete(self, collection: Collection, articles: Sequence[str], stale: set[Superseded]) -> None:
        with chroma_errors(self.path):
            of_them: Any = {"article": {"$in": [*articles]}}
            rows = collection.get(where=of_them, include=[])["ids"]
            gone = [id for id, meta in self._rows(collection, rows, "metadatas") if _made(meta) in stale]
            for begin in range(0, len(gone), WRITE_BATCH):
                collection.delete(ids=gone[begin : begin + WRITE_BATCH])

    def _supersede(self, article_id: str) -> None:
        if article_id in self._live:
            self._superseded.add((article_id, self._live[article_id].fingerprint))

    def _compare(self) -> frozenset[str]:
        """The articles of which rows are missing. Rows of a run that was killed are noted as superseded.

        The rows are looked at one by one only where their number is not what the records say.
        """
        entries = self._live.values()
        expected = len(entries), sum(entry.passages for entry in entries), sum(entry.quotes for entry in entries)
        if self.counts() == expected:
            return frozenset()
        live = {(entry.id, entry.fingerprint) for entry in entries}
        passages, quotes = (
            Counter(_made(meta) for _, meta in self._rows(collection, None, "metadatas"))
            for collection in (self._passages, self._quotes)
        )
        self._superseded |= {*passages, *quotes} - live
        return frozenset(
            entry.id
            for entry in entries
            if passages[entry.id, entry.fingerprint] < entry.passages
            or quotes[entry.id, entry.fingerprint] < entry.quotes
        )

    def _add(self, collection: Collection, rows: Rows) -> None:
        for begin in range(0, len(rows.ids), WRITE_BATCH):
            part = slice(begin, begin + WRITE_BATCH)
            collection.add(
                ids=rows.ids[part],
                documents=rows.texts[part],
                metadatas=rows.metadatas[part],  # type: ignore[arg-type]
                embeddings=rows.vectors[part],
            )

    def _set_roots(self, roots: set[str]) -> None:
        if roots != {*self.roots()}:
            with chroma_errors(self.path):
                self._articles.modify(metadata={**(self._articles.metadata or {}), "roots": json.dumps(sorted(roots))})


@contextmanager
def open_writer(path: Path, *, model: str, dimension: int) -> Iterator[Writer]:
    """Open an index for writing, making it if need be, and tell readers when done.

    Two writers would silently lose vectors, so a second one gets a StoreError at once. Raises StoreError, too, when
    there is no space left.
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
        _clear_torn(path)
        store = Writer(path, model=model, dimension=dimension)
        ended = False
        try:
            yield store
            ended = True
        finally:
            store.version = _write_version(path, ended=ended)
            if ended:
                store.delete_superseded()
            store.close()
    finally:
        lock.release()


def _clear_torn(path: Path) -> None:
    """Take vectors that cannot be read out of the index: the run makes what they belong to anew."""
    broken = torn(path)
    if not broken:
        return
    drop(path, broken.keys() - {"articles"})
    for folder in broken.values():
        shutil.rmtree(folder, ignore_errors=True)
    logger.warning(
        "The vectors of the %s in the index %s were torn: they are made anew.", " and ".join(sorted(broken)), path
    )


def _write_version(path: Path, *, ended: bool) -> str:
    """Tell readers to open the index again, and return what tells them; StoreError when there is no space for it."""
    version = f"{WHOLE if ended else PART}-{uuid.uuid4().hex}"
    temporary = path / f"{VERSION_FILE}.{os.getpid()}"
    try:
        temporary.write_text(version, encoding="utf-8")
        temporary.replace(path / VERSION_FILE)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StoreError(full_disk(path) if error.errno == errno.ENOSPC else unreadable(path, error)) from error
    return version


def _made(meta: Mapping[str, Any]) -> Superseded:
    """Of which article, as it was made when, a passage or quote is a row."""
    return str(meta["article"]), str(meta["fingerprint"])
