"""What all readers of formats share: what they give back, how they fail, and how bytes become text.

A reader knows nothing of paths, ids or limits on files: `ingest.loading.loaders` does, and tidies what a reader
returns. It raises `LoadError` for what it can explain; a damaged file may raise any of `DAMAGE`.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from rag.errors import OnTheRecordError
from rag.schema import Article

# What the parsers let through on damaged input (seen when flipping bytes of real files), apart from their own errors.
DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    AssertionError,
    EOFError,
    OSError,
    SyntaxError,
    zlib.error,
    struct.error,
    zipfile.BadZipFile,
)
SURE = ("utf-8-sig", "utf-16")  # Encodings that the bytes themselves tell.
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HEAD, _ZEROS = 4000, 0.6  # Bytes that are looked at; the share of zeros in one half of them.
# What Windows' Western encoding makes of others: signs within words, words of accents alone.
_STRANGE = re.compile(r"[^\W\d_][¡-¿×÷][^\W\d_]|[À-ÿŠšŽžŸƒ]{4}|[\x00-\x08\x0e-\x1f]")
# The marks and the apostrophe of an old Macintosh: in Windows' Western encoding they are letters, "ÒIt leaks,Ó".
_MACINTOSH = re.compile(rb"(?<![^\s(])\xd2[A-Za-z][^\xd2\xd3]*[.,!?]\xd3|[a-z]\xd5(?:s|t|re|ll|ve|d|m)\b")
# What sets a block quotation off in the text of an article, whatever its file has for it.
BLOCK = "    "
# Characters of a cell that is read on one line with the others of its row; a longer one is a column of a page.
CELL_CHARS = 300

# What a raised number that leads to a note stands behind; behind a number or a unit of measure it is a power.
WORD_END = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?…”\"’')\]])\Z")
# What a warning names: so many pieces of text, each of so many characters.
_NAMED, _LONGEST = 5, 60

# A break of a line in the middle of a sentence, as people make them to fill a line.
_BREAK = re.compile(r"(?<=[^\s.!?…:;”\"’'])[ \t]*\n[ \t]*(?=[^\W\d_A-Z])")


class LoadError(OnTheRecordError):
    """A file, or one article in it, that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader makes of a file: its articles, and what an editor should know of how they were read."""

    articles: tuple[Article, ...]
    warnings: tuple[str, ...] = ()

    @classmethod
    def one(cls, article: Article, *warnings: str) -> Read:
        """A file that is one article."""
        return cls((article,), warnings)


def decode(data: bytes) -> str:
    """Return the text exactly as stored, less a byte order mark: UTF-8, UTF-16 by its mark, else the likeliest.

    Raises LoadError when no encoding fits or the bytes are not text.
    """
    text = data.decode(encoding_of(data))
    if "\0" in text:
        raise LoadError("the file is binary, not text: it contains NUL characters")
    return text


def without_breaks(paragraph: str) -> str:
    """The paragraph with spaces for line breaks in the middle of a sentence."""
    return _BREAK.sub(" ", paragraph)


def named(texts: Sequence[str]) -> str:
    """Pieces of text as a warning names them: the first few, cut short, and how many more there are."""
    short = [f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”" for text in texts[:_NAMED]]
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return ", ".join(short) + more


def without_struck(struck: Sequence[str]) -> tuple[str, ...]:
    """The warning of words that were left out because they are struck through; none where there are none."""
    return (f"words that are struck through are left out: {named(struck)}",) if struck else ()


def encoding_of(data: bytes) -> str:
    """The encoding of a file: UTF-8, UTF-16 by its mark or its zeros, else the likeliest; LoadError when none fits."""
    if not data.startswith(UTF16_MARKS) and (unmarked := _unmarked(data[:_HEAD])):
        return unmarked
    sure = "utf-16" if data.startswith(UTF16_MARKS) else "utf-8-sig"
    try:
        data.decode(sure)
    except UnicodeDecodeError as error:
        return _guessed(data, error)
    return sure


def _unmarked(head: bytes) -> str | None:
    """UTF-16 without its mark, in which every second byte of Western letters is zero."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) <= _ZEROS * (len(head) // 2) or min(even, odd):
        return None
    return "utf-16-le" if odd else "utf-16-be"


def _guessed(data: bytes, error: UnicodeDecodeError) -> str:
    from charset_normalizer import from_bytes

    # Other encodings seldom make valid UTF-8 sequences by chance: this is UTF-8 with bytes broken, and a guess
    # would turn every quotation mark in it into three strange letters.
    replaced = data.decode("utf-8", "replace")
    broken = replaced.count("\ufffd")
    if sum(character > "\x7f" for character in replaced) > 2 * broken:
        raise LoadError(f"the text is damaged at byte {error.start}: it is not valid {error.encoding}; save it again")
    if _MACINTOSH.search(data):
        return "mac-roman"
    if _is_western(data):
        return "cp1252"
    best = from_bytes(data).best()
    if best is None:
        raise LoadError("the file is in no text encoding that can be recognised; save it as UTF-8")
    return best.encoding


def _is_western(data: bytes) -> bool:
    """True for text that is in Windows' Western encoding: now and then an accent or a mark, signs never within words.

    charset-normalizer alone reads Spanish, German and the sign of the pound as Central European or as a Macintosh's.
    """
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return not _STRANGE.search(text)
