"""Decide an article's id, and which articles of the index no longer have a file.

An article's own id comes first; otherwise it is the stem of its file, made unique by its folders.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path

from ingest.loading.loaders import LoadError
from rag.index.rows import Entry
from rag.schema import Article

# What an id made of a file's name cannot hold: control characters, and bytes that are no UTF-8.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Ledger:
    """What the index held before this run, which files the run reads, and what it has met so far."""

    def __init__(self, entries: Mapping[str, Entry], files: Iterable[Path] = ()) -> None:
        self._entries = entries
        self._files = {str(file) for file in files}
        self._by_path: dict[str, list[str]] = {}
        for entry in entries.values():
            self._by_path.setdefault(entry.path, []).append(entry.id)
        self._met: dict[str, str] = {}

    def identify(self, article: Article, *, alone: bool) -> str:
        """Return the id for an article of this run; `alone` when its file holds no other article.

        Raises LoadError when its own id, or its text within one file, was met before.
        """
        if article.id:
            wanted = iter([article.id])
        elif alone:
            wanted = _names(Path(article.path), self._by_path.get(article.path, []))
        else:
            digest = hashlib.sha256(article.text.encode("utf-8", "replace")).hexdigest()
            wanted = iter([f"{_fit(Path(article.path).stem)}-{digest[:8]}"])
        # The run will hear from the file that has an id whether it still gives it; of two, the first keeps it.
        yielding = self._files if article.id else frozenset()
        for id in wanted:
            if self._is_free(id, article.path, yielding):
                self._met[id] = article.path
                return id
        owner = self._met.get(id) or self._entries[id].path
        raise LoadError(f"the article id {id!r} is taken by {owner}: give one of them another id")

    def gone(self, roots: Iterable[Path], unreadable: Iterable[str], *, everywhere: bool = False) -> list[str]:
        """Ids that this run should have met under `roots` and did not; unreadable files and folders keep theirs.

        `everywhere` adds those whose file no longer exists, wherever it was.
        """
        folders, kept = list(roots), {Path(path) for path in unreadable}
        return [
            id
            for id, entry in sorted(self._entries.items())
            if id not in self._met
            and kept.isdisjoint([Path(entry.path), *Path(entry.path).parents])
            and (
                any(Path(entry.path).is_relative_to(folder) for folder in folders)
                or (everywhere and not Path(entry.path).exists())
            )
        ]

    def _is_free(self, id: str, path: str, yielding: Set[str]) -> bool:
        if id in self._met:
            return False
        before = self._entries.get(id)
        return before is None or before.path == path or before.path in yielding or not Path(before.path).exists()


def _names(path: Path, before: list[str]) -> Iterator[str]:
    """The id this file has, then its stem with more and more folders, then the same with its suffix."""
    yield from before[:1]
    folders = path.parent.parts[1:]
    for name in (path.stem, path.name):
        for depth in range(len(folders) + 1):
            yield _fit("/".join([*folders[len(folders) - depth :], name]))


def _fit(name: str) -> str:
    """A file's name with %E9 for the byte E9 where it is part of no character, and the same for control characters."""
    return _UNFIT.sub(lambda found: "".join(f"%{byte:02X}" for byte in os.fsencode(found[0])), name)
