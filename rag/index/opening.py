"""Open an index for writing: one writer at a time; what is torn is cleared, what cannot be opened put aside.

Readers are told when the writer ends.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import StoreError
from rag.index.chroma import PART, VERSION_FILE, WHOLE, index_exists
from rag.index.damage import DATABASE, forget_lists, vector_folders
from rag.index.locks import alone, one_run
from rag.index.salvage import is_malformed, put_aside, salvage
from rag.index.seal import altered_files, noted_roots, open_sums, write_sums
from rag.index.server import place_of
from rag.index.trouble import chroma_errors, full_disk, is_full, torn, unreadable
from rag.index.writer import Writer
from rag.lasting import write_whole


@contextmanager
def open_writer(path: Path, *, model: str, dimension: int, thorough: bool = False) -> Iterator[Writer]:
    """Open an index for writing, making it if need be, and tell readers when done.

    `thorough` looks at every row and file, and puts an index aside that cannot be opened. Two writers would silently
    lose vectors, so a second one gets a StoreError at once. Raises StoreError, too, when there is no space left.
    """
    with one_run(path):
        store = (_open_checked if thorough else _open)(path, model=model, dimension=dimension)
        ended = False
        try:
            yield store
            store.finish()
            ended = True
        finally:
            try:
                store.version = _write_version(path, ended=ended)
                if ended:
                    store.delete_superseded()
                kept = store.fingerprints(), store.roots()
            finally:
                store.close_all()
            if ended:
                with _full_disks(path):
                    write_sums(path, *kept)


def _open(path: Path, *, model: str, dimension: int) -> Writer:
    with alone(path):
        findings = _clear_torn(path, torn(path))
        store = Writer(path, model=model, dimension=dimension)
    store.look()
    store.findings[:0] = findings
    with _full_disks(path):
        open_sums(path)
    return store


def _open_checked(path: Path, *, model: str, dimension: int) -> Writer:
    """A writer that has looked at everything; what cannot be opened at all is put aside and salvaged."""
    with alone(path):
        trouble = is_malformed(path)
    if noted_roots(path) and not index_exists(path):
        trouble = f"{DATABASE} is gone"
    if not trouble:
        try:
            with alone(path):
                findings = _clear_altered(path)
                if index_exists(path):
                    _forget(path)
                store = Writer(path, model=model, dimension=dimension, thorough=True)
            store.look()
            store.findings[:0] = findings
        except StoreError as error:
            # What is on a server is not ours to put aside.
            if is_full(path) or place_of(path):
                raise
            trouble = str(error.__cause__ or error)
    if trouble:
        with alone(path):
            left = salvage(path)
            aside = put_aside(path)
            store = Writer(path, model=model, dimension=dimension)
        store.look()
        store.remember_roots(left.roots)
        store.salvaged = {article.id: article for article in left.articles}
        store.findings.append(f"it could not be opened ({trouble}): what was left of it is in {aside}")
    with _full_disks(path):
        open_sums(path)
    return store


def _clear_altered(path: Path) -> list[str]:
    """Take vectors that are torn or not what was written out of the index, whatever tells so."""
    altered = altered_files(path)
    folders = {file.parent for file in altered}
    broken_vectors = {
        **torn(path),
        **{name: folder for name, folder in vector_folders(path).items() if folder in folders},
    }
    findings = [f"{file.relative_to(path)} is not what was written" for file in altered]
    return findings + _clear_torn(path, broken_vectors)


def _clear_torn(path: Path, broken_vectors: Mapping[str, Path]) -> list[str]:
    """Take vectors that cannot be read out of the index: the run makes what they belong to anew."""
    if not broken_vectors:
        return []
    _drop(path, broken_vectors.keys() - {"articles"})
    for folder in broken_vectors.values():
        shutil.rmtree(folder, ignore_errors=True)
    return [f"the vectors of the {' and '.join(sorted(broken_vectors))} were torn"]


def _drop(path: Path, names: Collection[str]) -> None:
    """Take whole collections out of an index; it is opened without reading their vectors."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    with chroma_errors(path):
        client: Any = chromadb.PersistentClient(str(path), ChromaSettings(anonymized_telemetry=False))
        _forget(path, names)
        for name in names:
            client.delete_collection(name)
        client.close()


def _forget(path: Path, names: Iterable[str] = ()) -> None:
    try:
        forget_lists(path, names)
    except sqlite3.Error as error:
        raise StoreError(full_disk(path) if is_full(path) else unreadable(path, error)) from error


@contextmanager
def _full_disks(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(full_disk(path) if error.errno == errno.ENOSPC else unreadable(path, error)) from error


def _write_version(path: Path, *, ended: bool) -> str:
    """Tell readers to open the index again, and return what tells them; StoreError when there is no space for it."""
    version = f"{WHOLE if ended else PART}-{uuid.uuid4().hex}"
    try:
        write_whole(path / VERSION_FILE, version)
    except OSError as error:
        raise StoreError(full_disk(path) if error.errno == errno.ENOSPC else unreadable(path, error)) from error
    return version
