"""Search for words, by tantivy: sentences of statements and whole articles as stems, best first by its BM25.

What is written is seen from the next opening on; whoever has it open keeps what it had. The exact scores are for
`rag.retrieval.lexical`: a length is rounded here.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from tantivy import Index, IndexWriter, Query, Schema

FOLDER = "words"
LIST = "meta.json"  # tantivy's own list of its files
STEMS = "stems"
HEAP = 50_000_000  # Bytes until tantivy writes a segment by itself; it takes 15 million at least.
# Every file of tantivy ends with a checksum of what is before it, as JSON, how long that is, and this number.
END = struct.pack("<I", 1337)
LENGTH = struct.Struct("<I")


class WordsError(Exception):
    """The files cannot be read: they are made anew from the columns."""


class Words:
    """The words of an index as they are when it is opened."""

    def __init__(self, folder: Path) -> None:
        """Open them; WordsError when a file is missing or cut."""
        with _errors():
            check_files(folder)
            self._index = _open(folder)
            self._schema = self._index.schema
            self._searcher = self._index.searcher()

    def best(self, field: str, stems: Iterable[str], most: int, days: tuple[int, int] | None = None) -> list[int]:
        """Numbers of what fits best: rows of statements for "sentence", numbers of articles for "article".

        `days` are the first and the last day, as 20261231, that its article may be of.
        """
        from tantivy import Occur, Query

        wanted = [(Occur.Should, Query.term_query(self._schema, field, stem)) for stem in dict.fromkeys(stems)]
        if not wanted:
            return []
        query = Query.boolean_query(wanted)
        if days:
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, self._within(days))])
        with _errors():
            found = self._searcher.search(query, most, count=False).hits
            numbers: Any = self._searcher.fast_field_values("number", [address for _, address in found])
        return [int(number) for number in numbers]

    def _within(self, days: tuple[int, int]) -> Query:
        from tantivy import FieldType, Query

        # Its own score of 1 for each would be no difference between them.
        return Query.const_score_query(
            Query.range_query(self._schema, "day", FieldType.Unsigned, *days, include_lower=True, include_upper=True),
            0.0,
        )


class WordsWriter:
    """The words of an index, to be written to."""

    def __init__(self, folder: Path) -> None:
        """Open them, or begin them; WordsError when they cannot be."""
        with _errors():
            folder.mkdir(parents=True, exist_ok=True)
            self._folder = folder
            _remove_left(folder)
            index = _open(folder)
            self._schema = index.schema
            self._writer: IndexWriter = index.writer(HEAP, 1)

    def add(self, article: int, number: int, field: str, stems: str, day: int) -> None:
        """Add a text of stems of an article: a statement's sentence or the whole of it, with its number."""
        from tantivy import Document

        document = Document()
        for name, value in (("owner", article), ("number", number), ("day", day)):
            document.add_unsigned(name, value)
        document.add_text(field, stems)
        with _errors():
            self._writer.add_document(document)

    def remove(self, article: int) -> None:
        """Take out all that was added of an article."""
        from tantivy import Query

        with _errors():
            # Not by term: tantivy takes a Python number there for another kind of number, and finds nothing.
            self._writer.delete_documents_by_query(Query.term_query(self._schema, "owner", article))

    def commit(self) -> int:
        """Make it seen, and return the number that tantivy gives this state."""
        with _errors():
            return int(self._writer.commit())

    def close(self) -> None:
        """End what goes on in the background; what is not committed is lost."""
        with _errors():
            self._writer.rollback()
            self._writer.wait_merging_threads()


def state_of(folder: Path) -> int:
    """The number of the state that was committed last; -1 when there is none that can be read."""
    try:
        return int(json.loads((folder / LIST).read_text(encoding="utf-8"))["opstamp"])
    except (OSError, ValueError, LookupError, TypeError):
        return -1


def check_files(folder: Path) -> None:
    """Raise WordsError when a file that the list names is not whole, or was altered since it was listed.

    tantivy writes a file once, then the list that names it: only of one that is newer, what it holds is looked at.
    """
    try:
        listed = (folder / LIST).stat().st_mtime_ns
        segments = json.loads((folder / LIST).read_text(encoding="utf-8"))["segments"]
        names = [segment["segment_id"].replace("-", "") for segment in segments]
        # Where articles were taken out, a segment has a file of those as well.
        others = {file for file in folder.iterdir() if file.name.partition(".")[0] in names}
        for file in others.union(folder / f"{name}.{kind}" for name in names for kind in ("term", "idx", "fast")):
            with file.open("rb") as opened:
                opened.seek(-len(END), 2)
                if opened.read() != END:
                    raise WordsError(f"{file} is cut")
                if os.fstat(opened.fileno()).st_mtime_ns > listed and not _is_as_summed(opened):
                    raise WordsError(f"{file} is not what was written")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error) as error:
        raise WordsError(str(error)) from error


def _is_as_summed(opened: BinaryIO) -> bool:
    """True when the checksum at the end of a file of tantivy is that of what is before it."""
    with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as held:
        last = len(held) - len(END) - LENGTH.size
        end = last - LENGTH.unpack_from(held, last)[0]
        noted = json.loads(held[end:last])["crc"]
        with memoryview(held) as view, view[:end] as summed:
            return bool(zlib.crc32(summed) == noted)


def _remove_left(folder: Path) -> None:
    """Delete lists of deleted texts that a killed run left: the next one would give its own the same names."""
    if (folder / LIST).exists():
        segments = json.loads((folder / LIST).read_text(encoding="utf-8"))["segments"]
        noted = {f"{s['segment_id'].replace('-', '')}.{(s.get('deletes') or {}).get('opstamp')}.del" for s in segments}
        for file in folder.glob("*.del"):
            if file.name not in noted:
                file.unlink()


def _open(folder: Path) -> Index:
    import tantivy

    index = tantivy.Index(_schema(), str(folder))
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(STEMS, analyzer)
    return index


def _schema() -> Schema:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    for field in ("sentence", "article"):
        builder.add_text_field(field, stored=False, tokenizer_name=STEMS, index_option="freq")
    builder.add_unsigned_field("number", stored=False, indexed=False, fast=True)
    builder.add_unsigned_field("day", stored=False, indexed=True, fast=True)
    builder.add_unsigned_field("owner", stored=False, indexed=True, fast=False)
    return builder.build()


@contextmanager
def _errors() -> Iterator[None]:
    """Raise what tantivy raises as a WordsError; a panic of its Rust code is none of Python's exceptions."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise WordsError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise WordsError(str(error)) from error
        raise


def text_of(stems: Sequence[str]) -> str:
    """Stems as one text, to be kept and to be added."""
    return " ".join(stems)


def day_of(published: str | None) -> int:
    """A date as the number 20261231; 0 where it is none."""
    digits = (published or "")[:10].replace("-", "")
    return int(digits) if len(digits) == len("20261231") and digits.isascii() and digits.isdigit() else 0
