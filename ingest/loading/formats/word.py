"""Read a Word document as a person sees it: the final text, with text boxes, tables and notes.

python-docx opens the file and knows its properties and styles. Its own texts leave out what is inserted under change
tracking, content controls, text boxes and notes, so the paragraphs are walked here.
"""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Iterator
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any

from ingest.loading.common import BLOCK, CELL_CHARS, LoadError, Read, named, without_breaks, without_struck
from ingest.loading.emphasis import emphasised, with_questions, without_marks
from ingest.loading.formats.exports import articles_of
from rag.schema import Article

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import BaseStyle

# A Word file is a zip: what it may unpack to. A book of 500 pages has about 5 MB of XML.
MAX_UNPACKED_BYTES = 200_000_000
# The rest is pictures; a parsed document takes ten times its XML in memory.
MAX_XML_BYTES = 40_000_000
MAX_PARAGRAPHS = 100_000

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
# The creation date and the author in python-docx's own template, which it leaves in every file it writes, and the
# title that it makes up for a document without properties, as Google's exports are.
_TEMPLATE_CREATED, _TEMPLATE_AUTHOR, _TEMPLATE_TITLE = "2013-12-23", "python-docx", "Word Document"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Not text, or no part of the final text; the fallback repeats what stands beside it for older programs.
_LEFT_OUT = {f"{_W}{tag}" for tag in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "sectPr")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_BOX, _PARAGRAPH, _RUN, _ROW, _CELL = (f"{_W}{tag}" for tag in ("txbxContent", "p", "r", "tr", "tc"))
_INSERTED, _DELETED = (f"{_W}ins", f"{_W}moveTo"), (f"{_W}del", f"{_W}moveFrom")
# Styles that Word itself has for a quotation set off from the text.
_QUOTE_STYLES = ("Quote", "Intense Quote", "Block Text")
# And for a headline, where the document's first paragraph has one of them.
_HEADLINE_STYLES = ("Title", "Heading 1")
_NAME_CHARS = 60  # Of a cell that has a name, an office or a time.
_NOTES = ("footnotes", "endnotes")
# How Word marks words that it does not show, and words that are struck through.
_HIDDEN, _STRUCK, _EMPHASISED = ("vanish",), ("strike", "dstrike"), ("b", "i")


def read_docx(data: bytes) -> Read:
    """Read a Word document; `published` is the day it was made, the only date it has."""
    document = _opened(data)
    body = document.element.body
    if sum(1 for _ in islice(body.iter(_PARAGRAPH), MAX_PARAGRAPHS + 1)) > MAX_PARAGRAPHS:
        raise LoadError(f"the document has more than {MAX_PARAGRAPHS:,} paragraphs; split it")
    about = document.core_properties
    created = about.created.date().isoformat() if about.created else None
    notes = [root for name in _NOTES for root in _note_parts(document, name)]
    styles = {style.style_id for style in document.styles if style.name in _QUOTE_STYLES}
    bold = frozenset(style.style_id for style in document.styles if _is_bold(style))
    text = "\n\n".join(with_questions(text for root in (body, *notes) for text in _blocks(root, styles, bold)))
    article = Article(
        id="",
        text=text,
        title=(about.title if about.title != _TEMPLATE_TITLE else "") or _headline(document, text),
        author=None if about.author == _TEMPLATE_AUTHOR else about.author,
        published=None if created == _TEMPLATE_CREATED else created,
    )
    return Read(articles_of(text) or (article,), (*_changes([body, *notes]), *without_struck(_struck([body, *notes]))))


def _headline(document: Document, text: str) -> str | None:
    """The first paragraph of a document's text, where its writer has set it as a headline."""
    first = next((paragraph for paragraph in document.paragraphs if paragraph.text.strip()), None)
    is_headline = first is not None and first.style is not None and first.style.name in _HEADLINE_STYLES
    shown = text.partition("\n")[0].strip()
    return shown if is_headline and first and shown == first.text.strip() else None


def _opened(data: bytes) -> Document:
    from docx import Document
    from docx.opc.exceptions import OpcError

    if data.startswith(_OLD_OFFICE):
        raise LoadError("the document has a password or is in the old .doc format; save it as .docx without one")
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            sizes = {part.filename: part.file_size for part in parts.infolist()}
        unpacked = sum(sizes.values())
        if unpacked > MAX_UNPACKED_BYTES:
            raise LoadError(f"the document unpacks to {unpacked:,} bytes; the limit is {MAX_UNPACKED_BYTES:,}")
        written = sum(size for name, size in sizes.items() if name.lower().endswith((".xml", ".rels")))
        if written > MAX_XML_BYTES:
            raise LoadError(f"the document has {written:,} bytes of text; the limit is {MAX_XML_BYTES:,}: split it")
        return Document(BytesIO(data))
    except (zipfile.BadZipFile, OpcError, LookupError) as error:
        raise LoadError("the file is not a Word document, or is damaged; open it in Word and save it again") from error


def _note_parts(document: Document, name: str) -> Iterator[BaseOxmlElement]:
    """The foot- or endnotes, less Word's own separators, which have a type."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{name}") and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if note.get(f"{_W}type") is None:
                    yield note


def _is_bold(style: BaseStyle) -> bool:
    """True for a heading's style, and for one of paragraphs or of characters that is bold or in italics."""
    font = getattr(style, "font", None)
    return (style.name or "").startswith("Heading") or (font is not None and bool(font.bold or font.italic))


def _blocks(root: BaseOxmlElement, styles: set[str], bold: frozenset[str]) -> Iterator[str]:
    """The paragraphs below an element in reading order; those of a text box follow the one that it hangs on.

    What is emphasised has the marks for `with_questions`: all of a paragraph in one of the `bold` styles, or a run.
    """
    open_text = ""
    for paragraph in _paragraphs(root):
        own = "".join(_pieces(paragraph, bold))
        open_text += emphasised(own) if _has_style(paragraph, "p", bold) else own
        if _mark_is_deleted(paragraph):
            continue
        if _row_goes_on(paragraph):
            open_text += "\t"
            continue
        if without_marks(open_text).strip():
            yield f"{BLOCK if _is_set_off(paragraph, styles) else ''}{without_breaks(open_text.strip())}"
        open_text = ""
        for box in _boxes(paragraph):
            yield from _blocks(box, styles, bold)
    if without_marks(open_text).strip():
        yield open_text.strip()


def _paragraphs(root: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """All paragraphs below an element but those within paragraphs; rows deleted under change tracking left out."""
    for child in root:
        if child.tag == _PARAGRAPH:
            yield child
        elif child.tag not in _LEFT_OUT and not (child.tag == _ROW and child.find(f"{_W}trPr/{_W}del") is not None):
            yield from _paragraphs(child)


def _row_goes_on(paragraph: BaseOxmlElement) -> bool:
    """True for a cell but the last of a row whose cells are a line each."""
    cell = paragraph.getparent()
    row = cell.getparent() if cell is not None and cell.tag == _CELL else None
    if row is None or row.tag != _ROW:
        return False
    cells = list(row.iterchildren(_CELL))
    if cell is cells[-1] or not cells:
        return False
    # Behind a name and a time, the words of a record can be long.
    return (all(_is_line(one, _NAME_CHARS) for one in cells[:-1]) and _is_line(cells[-1], None)) or all(
        _is_line(one, CELL_CHARS) for one in cells
    )


def _is_line(cell: BaseOxmlElement, most: int | None) -> bool:
    """True for a cell that is one paragraph, of so many characters at most."""
    paragraphs = list(cell.iter(_PARAGRAPH))
    return len(paragraphs) == 1 and (most is None or len("".join(_pieces(paragraphs[0]))) <= most)


def _boxes(paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The text boxes that hang on a paragraph, those of a box within a box left to that box."""
    for child in paragraph:
        if child.tag == _BOX:
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _boxes(child)


def _pieces(element: BaseOxmlElement, bold: frozenset[str] = frozenset()) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag not in _LEFT_OUT and child.tag != _BOX and not _is_set(child, *_HIDDEN, *_STRUCK):
            own = "".join(_pieces(child, bold))
            is_set = child.tag == _RUN and (_is_set(child, *_EMPHASISED) or _has_style(child, "r", bold))
            yield emphasised(own) if is_set and own.strip() else own


def _has_style(element: BaseOxmlElement, kind: str, styles: Collection[str]) -> bool:
    """True for a paragraph ("p") or a run ("r") in one of some styles."""
    style: Any = element.find(f"{_W}{kind}Pr/{_W}{kind}Style")
    return style is not None and style.get(f"{_W}val") in styles


def _is_set(run: BaseOxmlElement, *names: str) -> bool:
    """True for a run with one of some marks, as those that Word does not print or strikes through."""
    marks: list[Any] = [mark for name in names if (mark := run.find(f"{_W}rPr/{_W}{name}")) is not None]
    return any(mark.get(f"{_W}val", "1") not in ("0", "false", "off") for mark in marks)


def _struck(roots: list[BaseOxmlElement]) -> list[str]:
    """The words of each run that is struck through."""
    runs = [run for root in roots for run in root.iter(f"{_W}r") if _is_set(run, *_STRUCK)]
    texts = ["".join(t.text or "" for t in run.iter(f"{_W}t")).strip() for run in runs]
    return list(dict.fromkeys(filter(None, texts)))


def _mark_is_deleted(paragraph: BaseOxmlElement) -> bool:
    """True where the end of the paragraph was deleted: in the final text, the next one goes on in it."""
    return paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None


def _is_set_off(paragraph: BaseOxmlElement, styles: set[str]) -> bool:
    """A block quotation: in one of Word's styles for it, or indented on its own without being an item of a list."""
    about: Any = paragraph.find(f"{_W}pPr")
    if about is None:
        return False
    style, indent = about.find(f"{_W}pStyle"), about.find(f"{_W}ind")
    if style is not None and style.get(f"{_W}val") in styles:
        return True
    left = "" if indent is None else indent.get(f"{_W}left") or indent.get(f"{_W}start") or ""
    return left.isdigit() and int(left) > 0 and about.find(f"{_W}numPr") is None


def _changes(roots: list[BaseOxmlElement]) -> Iterator[str]:
    """One warning where changes are tracked: what the final text takes in, and what it leaves out."""
    inserted = _changed(roots, _INSERTED, f"{_W}t")
    deleted = _changed(roots, _DELETED, f"{_W}delText")
    done = [f"{kept} {named(texts)}" for kept, texts in (("with", inserted), ("without", deleted)) if any(texts)]
    if done:
        yield f"the document has tracked changes; it is read as their final text, {' and '.join(done)}"


def _changed(roots: list[BaseOxmlElement], tags: tuple[str, ...], words: str) -> list[str]:
    """The words of each change; those of a text box count once."""
    found = []
    for root in roots:
        for change in root.iter(*tags):
            text = "".join(t.text or "" for t in change.iter(words, f"{_W}t"))
            if text.strip():
                found.append(" ".join(text.split()))
    return list(dict.fromkeys(found))
