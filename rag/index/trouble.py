"""What is wrong with an index, in one sentence that says what to type and costs no data."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import StoreError
from rag.index.damage import DATABASE, torn_collections
from rag.index.seal import is_as_noted
from rag.index.server import VARIABLE, Place, place_of

LEAST_SPACE = 1 << 20


def damage_of(path: Path, what: str) -> str:
    """The sentence that says what is wrong with an index and what to type."""
    return f"The index in {path} is damaged ({what}): run `python -m ingest --check --index {path}`, which repairs it."


def unreadable(path: Path, error: Exception) -> str:
    """The sentence for a database that nothing can be read from."""
    return (
        f"The index in {path} cannot be opened ({error}): put a copy of {DATABASE} in its place, or run "
        f"`python -m ingest --check --index {path}`, which makes it anew and keeps what is left of it."
    )


def torn(path: Path) -> dict[str, Path]:
    """The collections whose vectors cannot be used, with their folders; StoreError when the database is no database.

    Files that are as the last run left them, by size and time, are not read.
    """
    try:
        return {} if is_as_noted(path) else torn_collections(path)
    except sqlite3.Error as error:
        raise StoreError(unreadable(path, error)) from error


def torn_vectors(path: Path, collections: Iterable[str]) -> str:
    """The sentence for collections whose vectors cannot be used."""
    return damage_of(path, f"the vectors of its {' and '.join(sorted(collections))} are torn")


@contextmanager
def chroma_errors(path: Path) -> Iterator[None]:
    """Raise what Chroma raises as a StoreError of one sentence."""
    import httpx
    from chromadb.errors import ChromaError, InternalError

    try:
        yield
    except httpx.HTTPError as error:
        raise StoreError(silent(path, error)) from error
    except InternalError as error:
        if place := place_of(path):
            raise StoreError(failing(place, error)) from error
        if is_full(path):
            raise StoreError(full_disk(path)) from error
        if "not a database" in str(error) or "malformed" in str(error):
            raise StoreError(unreadable(path, error)) from error
        raise StoreError(damage_of(path, str(error))) from error
    except (ChromaError, ValueError, OSError) as error:
        if place := place_of(path):
            raise StoreError(failing(place, error)) from error
        if is_full(path):
            raise StoreError(full_disk(path)) from error
        raise StoreError(unreadable(path, error)) from error


def silent(path: Path, error: Exception) -> str:
    """The sentence for a server that does not answer."""
    place = place_of(path)
    return (
        f"The Chroma server at {place.address if place else 'an unknown address'} does not answer "
        f"({type(error).__name__}): start it, or say with {VARIABLE} where it is; nothing that it holds is lost."
    )


def failing(place: Place, error: Exception) -> str:
    """The sentence for a server that answers with an error."""
    return f"The Chroma server at {place.address} could not do what it was asked ({error}): see what its log says."


def is_full(path: Path) -> bool:
    """True when less is left than Chroma writes at once; its own words for that are many."""
    return shutil.disk_usage(path).free < LEAST_SPACE


def full_disk(path: Path) -> str:
    """The sentence for a disk that takes no more."""
    return (
        f"There is no space left for the index in {path}: make room, then run `python -m ingest --index {path}` again; "
        "what was indexed so far is kept."
    )
