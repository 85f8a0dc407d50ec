"""What all readers of formats share: what they give back, how they fail, and how bytes become text.

A reader knows nothing of paths, ids or limits on files: `ingest.loaders` does, and tidies what a reader returns.
It raises `LoadError` for what it can explain; a damaged file may raise any of `DAMAGE`.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
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
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# What sets a block quotation off in the text of an article, whatever its file has for it.
BLOCK = "    "


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
    try:
        text = data.decode("utf-16" if data.startswith(UTF16_MARKS) else "utf-8-sig")
    except UnicodeDecodeError as error:
        text = _guess_encoding(data, error)
    if "\0" in text:
        raise LoadError("the file is binary, not text: it contains NUL characters")
    return text


def _guess_encoding(data: bytes, error: UnicodeDecodeError) -> str:
    from charset_normalizer import from_bytes

    # Other encodings seldom make valid UTF-8 sequences by chance: this is UTF-8 with bytes broken, and a guess
    # would turn every quotation mark in it into three strange letters.
    replaced = data.decode("utf-8", "replace")
    broken = replaced.count("\ufffd")
    if sum(character > "\x7f" for character in replaced) > 2 * broken:
        raise LoadError(f"the text is damaged at byte {error.start}: it is not valid {error.encoding}; save it again")
    best = from_bytes(data).best()
    if best is None:
        raise LoadError("the file is in no text encoding that can be recognised; save it as UTF-8")
    return str(best)
