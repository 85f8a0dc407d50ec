"""Checksums: of an article, of the rows made from it, of all articles together, and of the files of vectors.

They are written with what they are of, so that whatever is lost or altered afterwards shows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from io import BufferedReader
from pathlib import Path
from typing import Any

from rag.index.damage import queue_state, saved_files
from rag.lasting import write_whole
from rag.schema import Article

SUMS_FILE = "sums.json"
_NOTED = ("size", "time", "digest")  # of each file
_BYTES = 8
_MOD = 1 << (8 * _BYTES)


def row_sum(id: str, text: str | None, meta: Mapping[str, Any] | None) -> int:
    """The checksum of one row; those of several are added up, whatever their order."""
    return _number([id, text, sorted((meta or {}).items())])


def article_sum(article: Article) -> int:
    """The checksum of an article's text and of what is known of it, but for where its file is."""
    about = (
        *(article.title, article.author, article.publication, article.published, article.url),
        *(article.updated, article.language, article.story, article.notice, article.corrections),
    )
    return _number([article.id, article.text, *(value or None for value in about)])


def seal(article: Article, *rows: Iterable[tuple[str, str, Mapping[str, Any]]]) -> str:
    """The checksums of an article, of its passages and of its quotes, as its record keeps them."""
    parts = (article_sum(article), *(sum(row_sum(*row) for row in part) for part in rows))
    return "-".join(map(shown_sum, parts))


def broken(kept: str, part: int, total: int) -> bool:
    """True when a part of a seal (0 the article, 1 its passages, 2 its quotes) does not add up to `total`."""
    return bool(kept) and kept.split("-")[part : part + 1] != [shown_sum(total)]


def are_missing(noted: Mapping[str, Any], fingerprints: Mapping[str, str]) -> bool:
    """True when these are not the articles (by id) that the last run left; False where none came to its end."""
    return noted.get("open") is False and noted.get("records") != _all_sum(fingerprints)


def record_sum(id: str, fingerprint: str) -> int:
    """The checksum of an article's id and fingerprint; those of several are added up, whatever their order."""
    return _number([id, fingerprint])


def shown_sum(total: int) -> str:
    """Checksums added up, as they are kept."""
    return f"{total % _MOD:016x}"


def _all_sum(fingerprints: Mapping[str, str]) -> str:
    return shown_sum(sum(record_sum(*each) for each in fingerprints.items()))


def _number(value: object) -> int:
    # What JSON cannot have, as a row that is damaged may hold, is as good as any other difference.
    key = json.dumps(value, default=repr).encode()
    return int.from_bytes(hashlib.blake2b(key, digest_size=_BYTES).digest())


def write_sums(index: Path, fingerprints: Mapping[str, str], roots: Iterable[str]) -> None:
    """Note which articles there are, and what each vector file holds; one as it was before is not read again.

    `roots`, the files and folders indexed, are noted as well: without the database nobody else knows them.
    """
    known = _read(index)
    sums = {}
    for file in saved_files(index):
        try:
            state, name = _state(file), str(file.relative_to(index))
            before = known.get(name)
            # What is noted as whole has to be on the disk first, should the power go.
            sums[name] = before if before and before[:2] == state else [*state, _kept_digest(file)]
        except FileNotFoundError:
            continue
    records, queue = _all_sum(fingerprints), queue_state(index)
    _write(index, {"open": False, "records": records, "files": sums, "queue": queue, "roots": sorted(roots)})


def open_sums(index: Path) -> None:
    """Note that a run may be writing to the vector files: from here on, nothing is known of what they hold."""
    if (index / SUMS_FILE).exists():
        _write(index, {"open": True, "files": _read(index), "roots": noted_roots(index)})


def altered_files(index: Path) -> list[Path]:
    """The vector files that are not what the last run left, where it came to its end."""
    if noted(index).get("open") is not False:
        return []
    return [index / name for name, kept in _read(index).items() if _digest(index / name) != kept[2]]


def is_as_noted(index: Path) -> bool:
    """True when the vector files are as the last run left them, by size and time, and so is what waits to be saved.

    Nothing of the files is read. Raises sqlite3.Error when the database cannot be.
    """
    before = noted(index)
    if before.get("open") is not False or before.get("queue") != queue_state(index):
        return False
    known = _read(index)
    try:
        return {str(file.relative_to(index)): _state(file) for file in saved_files(index)} == {
            name: kept[:2] for name, kept in known.items()
        }
    except OSError:
        return False


def noted_roots(index: Path) -> list[str]:
    """The files and folders that an index was made from, as the last run noted them."""
    found = noted(index).get("roots")
    return [root for root in found if isinstance(root, str)] if isinstance(found, list) else []


def _read(index: Path) -> dict[str, list[Any]]:
    found = noted(index).get("files")
    files = found if isinstance(found, dict) else {}
    return {name: kept for name, kept in files.items() if isinstance(kept, list) and len(kept) == len(_NOTED)}


def noted(index: Path) -> dict[str, Any]:
    """What the last run noted of an index; `open` is True while one is going on, or was broken off."""
    try:
        found = json.loads((index / SUMS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(index: Path, noted: object) -> None:
    write_whole(index / SUMS_FILE, json.dumps(noted))


def _state(file: Path) -> list[int]:
    stat = file.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _digest(file: Path) -> str | None:
    try:
        with file.open("rb") as opened:
            return _hash(opened)
    except OSError:
        return None


def _kept_digest(file: Path) -> str:
    """The checksum of a file that is on the disk from then on; OSError where it cannot be brought there."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        return _hash(opened)


def _hash(opened: BufferedReader) -> str:
    return hashlib.file_digest(opened, "blake2b").hexdigest()[:32]
