"""Find article files and load them: paths go in, articles and explained failures come out.

Nothing that a file contains raises: it becomes a `Failure`. Ids are assigned elsewhere, unless the file gives one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from ingest.loading.common import DAMAGE, UTF16_MARKS, LoadError, Read, decode
from ingest.loading.readers import READERS
from ingest.loading.records import items, read_record
from rag.schema import Article

__all__ = ["SUFFIXES", "Failure", "LoadError", "Loaded", "Warned", "find_files", "load"]

SUFFIXES: tuple[str, ...] = (".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".docx", ".pdf", ".vtt", ".srt")
MAX_FILE_BYTES = 50_000_000
# Titles, names and outlets longer than this are not what they say they are; nor are such addresses.
MAX_FIELD_CHARS = 500
MAX_URL_CHARS = 2000

_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read and why; `path` is "file.jsonl:7" for line 7 of such a file."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Warned:
    """What an editor should know of how a file was read: `text` says it of the file at `path`."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one file gave."""

    articles: tuple[Article, ...] = ()
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Warned, ...] = ()


def find_files(paths: Iterable[str | Path]) -> tuple[list[Path], list[Failure]]:
    """Return the article files under `paths`, absolute, resolved, sorted and unique, and the paths that have none.

    Folders are searched through, but not hidden ones, nor hidden files, nor files named README; a link is followed
    only to a file in the same folder. A path that is named and missing, or of another format, is a failure.
    """
    files: set[Path] = set()
    failures: list[Failure] = []
    for given in paths:
        try:
            path = Path(given)
            if path.is_dir():
                files.update(_walk(path.resolve(), failures))
            elif not path.is_file():
                raise LoadError("there is no such file or folder; check the spelling")
            elif path.resolve().suffix.lower() not in SUFFIXES:
                raise LoadError(f"the format is not supported; use one of {' '.join(SUFFIXES)}")
            else:
                files.add(path.resolve())
        except (LoadError, OSError, ValueError) as error:
            failures.append(Failure(str(given), _reason(error)))
    return sorted(files), failures


def _walk(root: Path, failures: list[Failure]) -> Iterator[Path]:
    def note(error: OSError) -> None:
        failures.append(Failure(str(error.filename), _reason(error)))

    for folder, subfolders, names in os.walk(root, onerror=note):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            is_wanted = path.suffix.lower() in SUFFIXES and not name.startswith((".", "README"))
            if is_wanted and path.is_file():
                resolved = path.resolve()
                if resolved.is_relative_to(root) and resolved.suffix.lower() in SUFFIXES:
                    yield resolved


def load(path: Path) -> Loaded:
    """Read the articles of one file, with the metadata that it has; whatever is wrong with it is a failure.

    The text of .txt and JSON is exactly the text given, except that half surrogates become U+FFFD.
    """
    suffix = path.suffix.lower()
    try:
        data = _read_bytes(path)
        if suffix == ".jsonl":
            return _load_each(path, _json_lines(path, data))
        if suffix == ".json":
            return _load_each(path, _json_items(path, decode(data)))
        if suffix not in READERS:
            raise LoadError(f"the format is not supported; use one of {' '.join(SUFFIXES)}")
        read = READERS[suffix](data)
        articles = tuple(_tidy(article, path) for article in read.articles)
        return Loaded(articles, warnings=tuple(Warned(str(path), text) for text in read.warnings))
    except (LoadError, OSError) as error:
        return Loaded(failures=(Failure(str(path), _reason(error)),))
    except DAMAGE as error:
        reason = f"the file is damaged and cannot be read as {suffix} ({type(error).__name__}: {error})"
        return Loaded(failures=(Failure(str(path), reason),))


def _read_bytes(path: Path) -> bytes:
    # One byte more than allowed tells a file that is too long, even one that grows.
    with path.open("rb") as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise LoadError(f"the file is larger than {MAX_FILE_BYTES:,} bytes; split it")
    if not data.strip():
        raise LoadError("the file is empty")
    return data


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"it cannot be opened: {error.strerror or error}"
    return str(error)


def _load_each(path: Path, records: Iterable[tuple[str, Callable[[], Read]]]) -> Loaded:
    loaded: list[Article] = []
    failures: list[Failure] = []
    warnings: list[Warned] = []
    for place, read in records:
        try:
            found = read()
            loaded.extend(_tidy(article, path) for article in found.articles)
            warnings.extend(Warned(place, text) for text in found.warnings)
        except LoadError as error:
            failures.append(Failure(place, str(error)))
    if not loaded and not failures:
        raise LoadError("the file holds no articles")
    return Loaded(tuple(loaded), tuple(failures), tuple(warnings))


def _json_lines(path: Path, data: bytes) -> Iterator[tuple[str, Callable[[], Read]]]:
    # Decoded line by line, so that a damaged one costs no other. Not splitlines: a JSON string may hold U+2028.
    lines = decode(data).encode() if data.startswith(UTF16_MARKS) else data
    for number, line in enumerate(lines.split(b"\n"), start=1):
        if line.strip():
            yield f"{path}:{number}", partial(_json_line, line)


def _json_items(path: Path, text: str) -> Iterator[tuple[str, Callable[[], Read]]]:
    value = _parse(text)
    for number, item in enumerate(items(value), start=1):
        yield str(path) if item is value else f"{path} (item {number})", partial(read_record, item)


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        hint = "; a file with one object on each line is named .jsonl" if error.msg == "Extra data" else ""
        raise LoadError(f"not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}{hint}") from error
    except (RecursionError, ValueError) as error:
        raise LoadError(f"not usable JSON: {error}") from error


def _json_line(line: bytes) -> Read:
    return read_record(_parse(decode(line)))


def _tidy(article: Article, path: Path) -> Article:
    """Check the text and bring the metadata into the form that the schema promises."""
    if not article.text.strip():
        raise LoadError("there is no text in it")
    return replace(
        article,
        id=_whole(article.id),
        text=_whole(article.text),
        title=_one_line(article.title),
        author=_one_line(article.author),
        publication=_one_line(article.publication),
        published=_iso_date(article.published),
        url=_web_address(article.url),
        path=str(path),
    )


def _whole(text: str) -> str:
    """Replace half surrogates, which no encoding can store, one for one."""
    return _SURROGATE.sub("\ufffd", text)


def _one_line(value: str | None) -> str | None:
    return _BLANK_OR_CONTROL.sub(" ", _whole(value or "")).strip()[:MAX_FIELD_CHARS].rstrip() or None


def _iso_date(value: str | None) -> str | None:
    """Return the day as YYYY-MM-DD, as written; None when it is incomplete, relative or can be read in two ways."""
    written = _one_line(value)
    if written is None or len(written) > 60:
        return None
    try:
        return datetime.fromisoformat(written).date().isoformat()
    except ValueError:
        return _only_reading(written)


def _only_reading(written: str) -> str | None:
    import dateparser

    strict = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]}
    readings = {
        dateparser.parse(written, languages=["en"], settings={**strict, "DATE_ORDER": order})
        for order in ("DMY", "MDY", "YMD")
    }
    days = {reading.date().isoformat() for reading in readings if reading is not None}
    return days.pop() if len(days) == 1 else None


def _web_address(value: str | None) -> str | None:
    address = _whole(value or "").strip()
    if len(address) > MAX_URL_CHARS or _BLANK_OR_CONTROL.search(address):
        return None
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return address if is_web else None
