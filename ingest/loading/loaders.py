"""Load article files: paths go in, articles and explained failures come out.

Nothing that a file contains raises: it becomes a `Failure`. Ids are assigned elsewhere, unless the file gives one.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from io import BufferedReader, BytesIO
from pathlib import Path, PurePath
from typing import IO

from ingest.loading import byline
from ingest.loading.archive import DAMAGED, Room, members
from ingest.loading.blocks import line_blocks, message_blocks
from ingest.loading.byline import dated_by_name, with_byline, with_shown_lines
from ingest.loading.common import DAMAGE, SURE, UTF16_MARKS, LoadError, Read, decode, encoding_of
from ingest.loading.cut_words import with_whole_words
from ingest.loading.fields import FieldMap
from ingest.loading.finding import SPECIAL, SUFFIXES, Failure, find_files, format_of, reason
from ingest.loading.formats.mail import NO_MESSAGE, read_messages
from ingest.loading.formats.records import has_body, is_speech, items, read_record
from ingest.loading.formats.tables import columns, rows_of
from ingest.loading.mojibake import mended, unescaped, unmixed, without_backslashes
from ingest.loading.readers import READERS
from ingest.loading.tidy import iso_date, tidy
from rag.schema import Article

__all__ = ["SUFFIXES", "Failure", "LoadError", "Loaded", "Warned", "find_files", "joined", "load", "parts"]

# Text in an encoding that the file does not name.
TEXTUAL = (".txt", ".md", ".json", ".jsonl", ".csv", ".vtt", ".srt")
MAX_FILE_BYTES = 50_000_000  # of a file that is read whole
MAX_LINE_BYTES = 8_000_000  # of JSON: the longest article, each character of it escaped
AS_GIVEN = ".jsonl"
# Formats whose text is somebody's string: offsets are of it as it is. In all others marks that nobody sees, such as
# the places where a word may be cut, are left out.
STRINGS = (".txt", ".json", ".jsonl", ".csv")
PLAIN = (*STRINGS, ".eml", ".mbox")  # What the width of somebody's screen may have broken.
UNSEEN = "\u00ad\u200b\u2060\ufeff"
LEFT = "the text was in a wrong encoding, escaped or cut, and is left as given: mend it in the program that wrote it"
EMPTY = "the file is empty"
MAX_FAILURES = 100  # of one file; a file of another kind with the name of ours has a million


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


def load(path: Path, fields: FieldMap | None = None) -> Loaded:
    """Read the articles of one file, with the metadata that it has; whatever is wrong with it is a failure.

    The text of .txt and JSON is exactly the text given, except that half surrogates become U+FFFD and that what is
    certain to be wrong in it is mended and told; that of .jsonl is not mended. `fields` says which fields of its
    records are ours.
    """
    return joined(parts(path, fields))


def parts(path: Path, fields: FieldMap | None = None) -> Iterator[Loaded]:
    """The same, part by part: of an archive, of many messages and of long JSON lines the whole is never held."""
    try:
        with _opened(path) as file:
            yield from _parts(_Source(path, str(path), format_of(path.name), fields), file)
    except (LoadError, OSError) as error:
        yield Loaded(failures=(Failure(str(path), reason(error)),))


def joined(found: Iterable[Loaded]) -> Loaded:
    """The parts of a file as one."""
    articles: list[Article] = []
    failures: list[Failure] = []
    warnings: list[Warned] = []
    for part in found:
        articles += part.articles
        failures += part.failures
        warnings += part.warnings
    return Loaded(tuple(articles), tuple(failures), tuple(warnings))


@dataclass(frozen=True, slots=True)
class _Source:
    """Where bytes come from: their file, their place as a reader is told it, their format, what their fields mean."""

    path: Path
    place: str
    suffix: str
    fields: FieldMap | None
    first: int = 1  # The number of the first line that is read.


def _load_bytes(source: _Source, data: bytes) -> Loaded:
    if source.suffix not in TEXTUAL:
        return _explained(source, partial(_load_as, source, data))
    data, notes = _unmixed(data)
    loaded = _explained(source, partial(_load_as, source, data))
    return replace(loaded, warnings=(*(Warned(source.place, note) for note in notes), *loaded.warnings))


def _unmixed(data: bytes) -> tuple[bytes, list[str]]:
    """Text in one encoding, and what is to be told of that."""
    data, mixed = unmixed(data)
    if mixed:
        return data, [f"{mixed} of its lines are not in UTF-8 like the others; they were read as windows-1252"]
    encoding = _guess(data)
    told = f"the file is not in UTF-8; it was read as {encoding}: look at an accent, and save it as UTF-8"
    return data, [told] if encoding else []


def _guess(data: bytes) -> str | None:
    """The encoding that a file is taken to be in; None where that is sure, or where there is none."""
    try:
        encoding = encoding_of(data)
    except LoadError:
        return None
    return None if encoding in SURE else encoding.replace("cp125", "windows-125")


def _load_as(source: _Source, data: bytes) -> Loaded:
    if source.suffix == ".jsonl":
        return _load_each(source, _json_lines(source, data))
    if source.suffix == ".json":
        return _load_each(source, _json_items(source, decode(data)))
    if source.suffix == ".csv":
        return _load_each(source, _table_rows(source, decode(data)))
    if source.suffix not in READERS:
        raise LoadError(f"the format is not supported; use one of {' '.join(SUFFIXES)}")
    read = READERS[source.suffix](data)
    if source.suffix in byline.SUFFIXES:
        read = replace(read, articles=tuple(with_byline(article, iso_date) for article in read.articles))
    if source.suffix in byline.PAGES:
        read = replace(read, articles=tuple(with_shown_lines(article, iso_date) for article in read.articles))
    if source.suffix == ".md":
        name = PurePath(source.place).name
        read = replace(read, articles=tuple(dated_by_name(article, name) for article in read.articles))
    articles, warnings = _taken(source, source.place, read)
    return Loaded(tuple(articles), warnings=tuple(warnings))


def _explained(source: _Source, read: Callable[[], Loaded]) -> Loaded:
    """What `read` gives; where it raises, why, in words."""
    try:
        return read()
    except (LoadError, OSError) as error:
        return Loaded(failures=(Failure(source.place, reason(error)),))
    except RecursionError:
        return Loaded(failures=(Failure(source.place, "what is in it is nested too deeply; save its text as .txt"),))
    except DAMAGE as error:
        why = f"the file is damaged and cannot be read as {source.suffix} ({type(error).__name__}: {error})"
        return Loaded(failures=(Failure(source.place, why),))


def _parts(source: _Source, file: IO[bytes]) -> Iterator[Loaded]:
    """The parts of an opened file; raises LoadError for the file as a whole."""
    if source.suffix == ".zip":
        yield from _member_parts(source, file, Room.of(file))
    elif source.suffix == ".jsonl" and not _starts(file, *UTF16_MARKS):
        yield from _line_parts(source, file)
    elif source.suffix == ".mbox" and _starts(file, b"From "):
        yield from _message_parts(source, file)
    else:
        yield _load_bytes(source, _read_bytes(file))


def _member_parts(source: _Source, file: IO[bytes], room: Room, *, is_inner: bool = False) -> Iterator[Loaded]:
    """The parts of all files in an archive; one that cannot be read is named and costs no other.

    An archive in an archive is opened, too, within what the whole may unpack to; one within that is not.
    """
    for name, member in members(file, SUFFIXES, room):
        inner = replace(source, place=f"{source.place}/{name}", suffix=format_of(name))
        try:
            if isinstance(member, str):
                raise LoadError(member)
            if inner.suffix == ".zip":
                if is_inner:
                    raise LoadError("it is the third archive one within the other; unpack it")
                yield from _member_parts(inner, BytesIO(_read_bytes(member)), room, is_inner=True)
                continue
            yield from _parts(inner, BufferedReader(member))  # type: ignore[type-var]  # it is readable
        except (LoadError, OSError) as error:
            yield Loaded(failures=(Failure(inner.place, reason(error)),))
        except DAMAGED as error:
            yield Loaded(failures=(Failure(inner.place, f"it cannot be unpacked ({error})"),))


def _line_parts(source: _Source, file: IO[bytes]) -> Iterator[Loaded]:
    blocks = (_load_lines(source, first, data) for first, data in line_blocks(file, MAX_LINE_BYTES))
    yield from _bounded(source, blocks, EMPTY)


def _load_lines(source: _Source, first: int, data: bytes | None) -> Loaded:
    if data is None:
        why = f"the line is longer than {MAX_LINE_BYTES:,} bytes: split the article, or save its text as .txt"
        return Loaded(failures=(Failure(f"{source.place}:{first}", why),))
    data, notes = _unmixed(data)
    records = _json_lines(replace(source, first=first), data)
    loaded = _explained(source, lambda: joined(_load_record(source, *record) for record in records))
    return replace(loaded, warnings=(*(Warned(source.place, note) for note in notes), *loaded.warnings))


def _message_parts(source: _Source, file: IO[bytes]) -> Iterator[Loaded]:
    blocks = (_load_messages(source, first, data) for first, data in message_blocks(file, MAX_FILE_BYTES))
    yield from _bounded(source, blocks, NO_MESSAGE)


def _load_messages(source: _Source, first: int, data: bytes | None) -> Loaded:
    if data is None:
        why = f"message {first} is longer than {MAX_FILE_BYTES:,} bytes"
        return Loaded(failures=(Failure(source.place, why),))
    return _explained(source, lambda: _load_record(source, source.place, partial(read_messages, data, first)))


def _bounded(source: _Source, found: Iterable[Loaded], nothing: str) -> Iterator[Loaded]:
    """The parts of one file with MAX_FAILURES failures at most, and how many more there are.

    Raises LoadError with `nothing` when there is nothing in any.
    """
    left, more, is_empty = MAX_FAILURES, 0, True
    for part in found:
        told, failures = part.failures[:left], len(part.failures)
        more += failures - len(told)
        left -= len(told)
        is_empty = is_empty and not (part.articles or part.warnings or failures)
        yield replace(part, failures=told)
    if is_empty:
        raise LoadError(nothing)
    if more:
        yield Loaded(failures=(Failure(source.place, f"{more:,} more articles in it cannot be read"),))


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    # Without O_NONBLOCK, a pipe that has taken the file's place would be waited for.
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise LoadError(SPECIAL)
        if not about.st_size:
            raise LoadError(EMPTY)
        yield file


def _starts(file: IO[bytes], *marks: bytes) -> bool:
    """True when a file that nobody has read from starts with one of some marks."""
    seen: bytes = file.peek(8)  # type: ignore[attr-defined]  # all are buffered
    return seen.startswith(marks)


def _read_bytes(file: IO[bytes]) -> bytes:
    # One byte more than allowed tells a file that is too long, even one that grows.
    data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise LoadError(f"the file is larger than {MAX_FILE_BYTES:,} bytes; split it")
    if not data.strip():
        raise LoadError(EMPTY)
    return data


def _load_each(source: _Source, records: Iterable[tuple[str, Callable[[], Read]]]) -> Loaded:
    return joined(_bounded(source, (_load_record(source, *record) for record in records), "the file holds no articles"))


def _load_record(source: _Source, place: str, read: Callable[[], Read]) -> Loaded:
    try:
        articles, warnings = _taken(source, place, read())
    except LoadError as error:
        return Loaded(failures=(Failure(place, str(error)),))
    return Loaded(tuple(articles), warnings=tuple(warnings))


def _taken(source: _Source, place: str, found: Read) -> tuple[list[Article], list[Warned]]:
    """The articles that a reader found, tidied, and what an editor should know of how they were read."""
    articles, notes = [], [*found.warnings]
    for article in found.articles:
        text, more = _mended(article.text, is_plain=source.suffix in PLAIN)
        told = {name: _read_right(getattr(article, name)) for name in ("title", "author", "publication")}
        if source.suffix == AS_GIVEN and text != article.text:
            # Whoever made the line counts its characters: offsets are of the text as given.
            text, more = article.text, (LEFT,)
        if source.suffix not in STRINGS:
            for mark in UNSEEN:
                text = text.replace(mark, "")
        articles.append(tidy(replace(article, text=text, **told), source.path))
        notes += more
    return articles, [Warned(place, note) for note in dict.fromkeys(notes)]


def _mended(text: str, *, is_plain: bool) -> tuple[str, tuple[str, ...]]:
    """A text in the letters and the words that were meant, and what was done for that."""
    text, marks = unescaped(text)
    text, strokes = without_backslashes(text)
    text, letters = mended(text)
    text, words = with_whole_words(text) if is_plain else (text, ())
    return text, (*letters, *marks, *strokes, *words)


def _read_right(field: str | None) -> str:
    """What a file says of an article, in the letters that were meant."""
    return mended(without_backslashes(unescaped(field or "")[0])[0])[0]


def _json_lines(source: _Source, data: bytes) -> Iterator[tuple[str, Callable[[], Read]]]:
    # Decoded line by line, so that a damaged one costs no other. Not splitlines: a JSON string may hold U+2028.
    lines = decode(data).encode() if data.startswith(UTF16_MARKS) else data
    for number, line in enumerate(lines.split(b"\n"), start=source.first):
        if line.strip():
            yield f"{source.place}:{number}", partial(_json_line, line, source.fields)


def _json_items(source: _Source, text: str) -> Iterator[tuple[str, Callable[[], Read]]]:
    value = _parse(text)
    if source.fields:
        value = source.fields.records(value)
    for number, item in enumerate(items(value, mapped=source.fields is not None), start=1):
        place = source.place if item is value else f"{source.place} (item {number})"
        yield place, partial(_record, item, source.fields)


def _table_rows(source: _Source, text: str) -> Iterator[tuple[str, Callable[[], Read]]]:
    names = columns(text)
    if source.fields is None and not has_body(names):
        raise LoadError(
            f"no column of the table is the text: it has {', '.join(names)}; call that column `text`, or say which it "
            "is with --fields"
        )
    if source.fields is None and is_speech(names):
        yield source.place, partial(_record, {"segments": [row for _, row in rows_of(text)]}, None)
        return
    for line, row in rows_of(text):
        yield f"{source.place}:{line}", partial(_record, row, source.fields)


def _record(value: object, fields: FieldMap | None) -> Read:
    return read_record(fields.named(value) if fields else value)


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        hint = "; a file with one object on each line is named .jsonl" if error.msg == "Extra data" else ""
        raise LoadError(f"not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}{hint}") from error
    except (RecursionError, ValueError) as error:
        raise LoadError(f"not usable JSON: {error}") from error


def _json_line(line: bytes, fields: FieldMap | None) -> Read:
    return _record(_parse(decode(line)), fields)
