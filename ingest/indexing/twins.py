"""The same article in two files is indexed once: from the file that the index has, else from the first that is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from rag.index.rows import Entry
from rag.schema import Article


class Twins:
    """Finds articles without an id of their own whose text and metadata are those of another file's."""

    def __init__(self, entries: Mapping[str, Entry], files: Iterable[Path]) -> None:
        """Take what the index has, and the files that this run reads: what is in one of these shows when it is read."""
        self._read = {str(file) for file in files}
        self._kept: dict[str, list[Entry]] = {}
        for entry in entries.values():
            self._kept.setdefault(entry.fingerprint, []).append(entry)
        self._met: dict[str, tuple[str, str]] = {}

    def note(self, article: Article, fingerprint: str) -> None:
        """Note an article of this run, with its id."""
        self._met.setdefault(fingerprint, (article.id, article.path))

    def of(self, article: Article, fingerprint: str) -> str | None:
        """Why an article, as its file gives it, is not indexed; None where it has an id of its own or no twin."""
        if article.id:
            return None
        found = self._met.get(fingerprint) or self._indexed(article, fingerprint)
        if found is None or found[1] == article.path:
            return None
        return f"it is the same article as {found[1]}, and is indexed once, as {found[0]!r}"

    def may_come(self, article: Article, fingerprint: str) -> bool:
        """True where a file of this run had the same article and may have it still: that shows when all are read."""
        entries = self._kept.get(fingerprint, ())
        is_own = any(entry.path == article.path for entry in entries)
        return not article.id and not is_own and any(entry.path in self._read for entry in entries)

    def _indexed(self, article: Article, fingerprint: str) -> tuple[str, str] | None:
        """(id, file) of the same article in the index, from a file that this run does not read; its own comes first."""
        entries = self._kept.get(fingerprint, ())
        own = [entry for entry in entries if entry.path == article.path]
        there = own or [e for e in entries if e.path not in self._read and Path(e.path).exists()]
        return (there[0].id, there[0].path) if there else None
