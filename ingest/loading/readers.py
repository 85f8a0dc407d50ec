"""Which reader reads which format, by the suffix of its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ingest.loading.common import LoadError, Read, decode
from ingest.loading.formats.captions import read_captions
from ingest.loading.formats.exports import articles_of
from ingest.loading.formats.mail import read_mail, read_saved_page
from ingest.loading.formats.markdown import AS_MARKDOWN, is_markdown, read_markdown
from ingest.loading.formats.numbered import NUMBERED, text_of_numbered
from ingest.loading.formats.opendocument import read_odt
from ingest.loading.formats.page import read_html
from ingest.loading.formats.pdf import read_pdf
from ingest.loading.formats.quoted_lines import QUOTED, text_with_quoted
from ingest.loading.formats.rich import read_rtf
from ingest.loading.formats.wire import read_wire
from ingest.loading.formats.word import read_docx
from rag.schema import Article


def read_text(data: bytes) -> Read:
    """Read plain text; the whole is the article, unchanged, but for an export, counted or quoted lines, Markdown."""
    text = decode(data)
    if (counted := text_of_numbered(text)) is not None:
        return Read.one(Article(id="", text=counted), NUMBERED)
    if exported := articles_of(text):
        return Read(exported)
    if is_markdown(text) and (read := _as_markdown(data)):
        return read
    if (set_off := text_with_quoted(text)) is not None:
        return Read.one(Article(id="", text=set_off), QUOTED)
    return Read.one(Article(id="", text=text))


def _as_markdown(data: bytes) -> Read | None:
    """A text as Markdown; None where what seems to be its front matter is none."""
    try:
        read = read_markdown(data)
    except LoadError:
        return None
    return replace(read, warnings=(AS_MARKDOWN, *read.warnings))


READERS: dict[str, Callable[[bytes], Read]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".mhtml": read_saved_page,
    ".docx": read_docx,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".pdf": read_pdf,
    ".vtt": read_captions,
    ".srt": read_captions,
    ".xml": read_wire,
    ".mbox": read_mail,
    ".eml": read_mail,
}
