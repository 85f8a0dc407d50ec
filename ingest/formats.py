"""Read the text and the metadata out of one file format: bytes go in, an `Article` with raw metadata comes out.

Nothing here knows about paths, ids or limits on files: `ingest.loaders` does, and tidies what these return.
Every reader raises `LoadError` for what it can explain; a damaged file may raise any of `DAMAGE`.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from rag.errors import OnTheRecordError
from rag.schema import Article

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from markdown_it.token import Token

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
# A Word file is a zip: what it may unpack to. A book of 500 pages has about 5 MB of XML.
MAX_UNPACKED_BYTES = 200_000_000

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
# The creation date in python-docx's own template, which it leaves in every file it writes.
_TEMPLATE_CREATED = "2013-12-23"
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)
_PAGE_NUMBER = re.compile(r"(page\s+)?\d{1,4}(\s*(of|/)\s*\d{1,4})?", re.IGNORECASE)
# Shares of the column's width in characters, which vary by some percent from line to line in print.
_FULL_LINE = 0.95
_HEADING_LINE = 0.75


class LoadError(OnTheRecordError):
    """A file, or one article in it, that cannot be read; the message says why."""


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


def read_text(data: bytes) -> Article:
    """Read plain text; the whole of it is the article, unchanged."""
    return Article(id="", text=decode(data))


def read_markdown(data: bytes) -> Article:
    """Read Markdown with YAML front matter; the first heading is the title if the front matter has none."""
    import frontmatter
    import yaml  # type: ignore[import-untyped]
    from frontmatter.default_handlers import YAMLHandler
    from markdown_it import MarkdownIt

    class PythonYAML(YAMLHandler):
        """The parser in Python: the handler's own choice, in C, ends the process on deeply nested lists."""

        def load(self, fm: str, **_: object) -> Any:
            return super().load(fm, Loader=yaml.SafeLoader)

    try:
        matter, body = frontmatter.parse(decode(data), handler=PythonYAML())
    except yaml.YAMLError as error:
        raise LoadError(
            f"the front matter is not valid YAML ({error}); put values that contain a colon in quotation marks"
        ) from error
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    headings = (_inline_text(tokens[i + 1]) for i, token in enumerate(tokens) if token.type == "heading_open")
    return Article(
        id="",
        text="\n\n".join(_blocks(tokens)),
        title=_scalar(matter, "title", "headline") or next(headings, None),
        author=_scalar(matter, "author", "authors"),
        publication=_scalar(matter, "publication", "publisher", "source"),
        published=_scalar(matter, "published", "date", "published_at"),
        url=_scalar(matter, "url", "link"),
    )


def _scalar(matter: dict[str, Any], *names: str) -> str | None:
    value = next((matter[name] for name in names if matter.get(name)), None)
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str)) or None
    return None if value is None or isinstance(value, dict) else str(value)


def _blocks(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            text = _inline_text(token)
        elif token.type == "html_block":
            text = _TAG.sub("", token.content)
        else:
            text = token.content
        if text.strip():
            yield text.strip()


def _inline_text(token: Token) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n", "html_inline": ""}
    return "".join(breaks.get(child.type, child.content) for child in token.children or ()).strip()


def read_html(data: bytes) -> Article:
    """Read the article out of a web page, without menus, comments and footers."""
    from trafilatura import bare_extraction

    page: Any = bare_extraction(
        data,
        with_metadata=True,
        include_comments=False,
        # Only a date that the page declares, and the first one: no guess from numbers in its text.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if page is None:
        raise LoadError("no article text was found in the page; save the page of one article, not of a list")
    found = page.as_dict()
    return Article(
        id="",
        text="\n\n".join(line.strip() for line in (found["text"] or "").splitlines() if line.strip()),
        title=found["title"],
        author=found["author"],
        publication=found["sitename"],
        published=found["date"],
        url=found["url"],
    )


def read_docx(data: bytes) -> Article:
    """Read a Word document, tables cell by cell; `published` is the day it was made, the only date it has."""
    from docx import Document
    from docx.opc.exceptions import OpcError

    if data.startswith(_OLD_OFFICE):
        raise LoadError("the document has a password or is in the old .doc format; save it as .docx without one")
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise LoadError(f"the document unpacks to {unpacked:,} bytes; the limit is {MAX_UNPACKED_BYTES:,}")
        document = Document(BytesIO(data))
    except (zipfile.BadZipFile, OpcError, LookupError) as error:
        raise LoadError("the file is not a Word document, or is damaged; open it in Word and save it again") from error
    about = document.core_properties
    created = about.created.date().isoformat() if about.created else None
    return Article(
        id="",
        text="\n\n".join(text for text in _docx_texts(document.iter_inner_content()) if text.strip()),
        title=about.title,
        author=about.author,
        published=None if created == _TEMPLATE_CREATED else created,
    )


def _docx_texts(blocks: Iterable[Paragraph | Table]) -> Iterator[str]:
    for block in blocks:
        if hasattr(block, "rows"):
            # A merged cell is listed once for each place that it covers.
            cells = {cell._tc: cell for row in block.rows for cell in row.cells}
            for cell in cells.values():
                yield from _docx_texts(cell.iter_inner_content())
        else:
            yield block.text


def read_pdf(data: bytes) -> Article:
    """Read a PDF, its wrapped lines joined; `published` is the day it was made, the only date it has."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(BytesIO(data))
        # Many PDFs are encrypted with an empty password, only to forbid printing.
        if reader.is_encrypted and not reader.decrypt(""):
            raise LoadError("the PDF has a password; save a copy without one")
        lines = [line for page in reader.pages for line in _page_lines(page.extract_text())]
        about = reader.metadata
    except DependencyError as error:
        raise LoadError("the PDF is encrypted; save a copy without encryption") from error
    except PyPdfError as error:
        raise LoadError(f"the PDF is damaged ({error})") from error
    if not any(line.strip() for line in lines):
        raise LoadError("the PDF has no text, only images; run text recognition (OCR) on it first")
    text = "\n\n".join(_paragraphs(lines))
    if about is None:
        return Article(id="", text=text)
    created = about.creation_date
    published = created.date().isoformat() if created else None
    return Article(id="", text=text, title=about.title, author=about.author, published=published)


def _page_lines(text: str) -> list[str]:
    lines = text.rstrip().split("\n")
    if len(lines) > 1 and _PAGE_NUMBER.fullmatch(lines[-1].strip()):
        lines.pop()
    return lines


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Join wrapped lines: a blank line, a line stopping short or a first-line indent ends a paragraph."""
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    column = lengths[len(lengths) * 9 // 10]
    paragraph: list[str] = []
    indented = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        was_indented, indented = indented, line.startswith(("  ", "\t"))
        if paragraph and (not line.strip() or (indented and not was_indented)):
            yield _unwrap(paragraph)
            paragraph = []
        if line.strip():
            paragraph.append(line.strip())
        if paragraph and _stops_short(paragraph[-1], following.strip(), column):
            yield _unwrap(paragraph)
            paragraph = []
    if paragraph:
        yield _unwrap(paragraph)


def _stops_short(line: str, following: str, column: int) -> bool:
    """Say whether the next word would have fitted on the line: then the line ends there on purpose."""
    next_word = following.split(" ", 1)[0]
    if line.rstrip("\"'”’»)").endswith((".", "!", "?", "…")):
        return len(line) + 1 + len(next_word) < column * _FULL_LINE
    return len(line) < column * _HEADING_LINE and not next_word[:1].islower()


def _unwrap(lines: list[str]) -> str:
    parts = [lines[0]]
    for line in lines[1:]:
        last = parts[-1]
        is_cut_word = last.endswith("\u00ad") or (last[-2:-1].isalpha() and last[-1] == "-" and line[0].islower())
        if is_cut_word:
            parts[-1] = last[:-1]
        else:
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


READERS: dict[str, Callable[[bytes], Article]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".pdf": read_pdf,
}
