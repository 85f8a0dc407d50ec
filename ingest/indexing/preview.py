"""What a run would do: an index that can be compared with, and to which nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rag.index import rows
from rag.index.rows import Entry, Record
from rag.index.store import index_exists, open_store
from rag.models.embeddings import Embedder
from rag.schema import Article


class Preview:
    """The records of an index, or of none, in place of a `Writer`: what is to be changed is left as it is."""

    lost: frozenset[str] = frozenset()
    spoiled: frozenset[str] = frozenset()
    findings: tuple[str, ...] = ()

    def __init__(self, entries: Mapping[str, Entry], roots: Sequence[str]) -> None:
        self._entries = entries
        self._roots = roots
        self.salvaged: dict[str, Article] = {}

    def entries(self) -> dict[str, Entry]:
        """Every article's record, by id."""
        return dict(self._entries)

    def roots(self) -> list[str]:
        """The files and folders that were indexed before."""
        return list(self._roots)

    def stored(self, article_id: str) -> Article:
        """Never asked for: nothing is lost where nothing is looked at."""
        raise LookupError(article_id)

    def write(self, records: Sequence[Record]) -> None:
        """Write nothing."""

    def remove(self, article_ids: Sequence[str]) -> None:
        """Remove nothing."""

    def move(self, article_id: str, path: str) -> None:
        """Move nothing."""

    def extractor(self) -> int:
        """The extraction that is there: what would be made anew is told by each article's fingerprint."""
        return rows.EXTRACTOR_VERSION

    def note_extractor(self) -> None:
        """Note nothing."""

    def remember_roots(self, roots: Iterable[str]) -> None:
        """Remember nothing."""

    def forget_roots(self, roots: Iterable[str]) -> None:
        """Forget nothing."""


@contextmanager
def open_preview(path: Path, embedder: Embedder) -> Iterator[Preview]:
    """Open an index to compare with; where there is none, nothing is made. Raises StoreError as opening one does."""
    if not index_exists(path):
        yield Preview({}, [])
        return
    store = open_store(path, model=embedder.name, dimension=embedder.dimension, of_any_extractor=True)
    try:
        yield Preview(store.entries(), store.roots())
    finally:
        store.close()
