"""Read text in the form of LibreOffice (.odt): the final text of tracked changes, text boxes, tables, notes.

It is an archive of XML, which lxml reads without what a document type declares.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from ingest.loading.common import BLOCK, CELL_CHARS, LoadError, Read, named, without_breaks, without_struck
from ingest.loading.formats.exports import articles_of
from rag.schema import Article

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_XML_BYTES = 40_000_000  # As of a Word document.
MAX_PARAGRAPHS = 100_000
_CONTENT, _ABOUT = "content.xml", "meta.xml"
_STYLES = "styles.xml"
# No part of the final text: what was deleted, what an editor remarks, the number of a note, drawings' descriptions.
_LEFT_OUT = ("tracked-changes", "annotation", "annotation-end", "note-citation", "title", "desc", "hidden-text")
_PARAGRAPHS, _NOTE, _BOX, _ROW, _CELL = ("p", "h"), "note", "text-box", "table-row", "table-cell"
_MOST_SPACES = 100
_QUOTATION = ("Quotations",)  # LibreOffice's own style for a quotation set off from the text.
_CHARACTERS = {"tab": "\t", "line-break": "\n", "soft-page-break": ""}


def read_odt(data: bytes) -> Read:
    """Read a text document; `published` is the day it was made, the only date it has."""
    content, meta, styles = _parts(data)
    body = next(_all(content, "text"), None) if content is not None else None
    if body is None:
        raise LoadError("the document has no text in it; save it as .docx")
    if sum(1 for _ in _all(body, *_PARAGRAPHS)) > MAX_PARAGRAPHS:
        raise LoadError(f"the document has more than {MAX_PARAGRAPHS:,} paragraphs; split it")
    reader = _Reader([part for part in (content, styles) if part is not None])
    paragraphs = [*reader.blocks(body)]
    notes = [text for note in _all(body, "note-body") for text in reader.blocks(note)]
    text = "\n\n".join((*paragraphs, *notes))
    about = {} if meta is None else {_local(e): (e.text or "").strip() for e in meta.iter() if isinstance(e.tag, str)}
    article = Article(
        id="",
        text=text,
        title=about.get("title") or None,
        author=about.get("initial-creator") or about.get("creator") or None,
        published=(about.get("creation-date") or about.get("date") or "")[:10] or None,
    )
    deleted = [" ".join("".join(e.itertext()).split()) for e in _deletions(body)]
    tracked = f"the document has tracked changes; it is read as their final text, without {named(deleted)}"
    return Read(articles_of(text) or (article,), (*([tracked] if deleted else []), *without_struck(reader.struck)))


def _parts(data: bytes) -> list[_Element | None]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            sizes = {info.filename: info.file_size for info in parts.infolist()}
            wanted = [name if name in sizes else None for name in (_CONTENT, _ABOUT, _STYLES)]
            written = sum(sizes[name] for name in wanted if name)
            if written > MAX_XML_BYTES:
                raise LoadError(f"the document has {written:,} bytes of text; the limit is {MAX_XML_BYTES:,}: split it")
            return [etree.fromstring(parts.read(name), parser) if name else None for name in wanted]
    except (zipfile.BadZipFile, etree.XMLSyntaxError, RuntimeError) as error:
        why = "has a password, is no text document or is damaged; open it and save it again without one"
        raise LoadError(f"the file {why}") from error


class _Reader:
    """The paragraphs of a document; `struck` has the words that are struck through, which are left out."""

    def __init__(self, roots: list[_Element]) -> None:
        self.struck: list[str] = []
        self._struck_styles: set[str] = set()
        self._quotations = {*_QUOTATION}
        self._lines: dict[_Element, bool] = {}
        for style in (style for root in roots for style in _all(root, "style")):
            name = _attribute(style, "name")
            if any(
                _attribute(e, "text-line-through-style") not in ("", "none") for e in _all(style, "text-properties")
            ):
                self._struck_styles.add(name)
            if _attribute(style, "parent-style-name") in _QUOTATION:
                self._quotations.add(name)

    def blocks(self, root: _Element) -> Iterator[str]:
        """The paragraphs below an element; those of a text box follow the one that it hangs on."""
        row: list[str] = []
        for paragraph in _outermost(root):
            text = "".join(self._pieces(paragraph)).strip()
            if text:
                if self._goes_on(paragraph):
                    row.append(text)
                else:
                    yield "\t".join([*row, f"{self._indent(paragraph)}{without_breaks(text)}"])
                    row = []
            for box in _boxes(paragraph):
                yield from self.blocks(box)
        if row:
            yield "\t".join(row)

    def _goes_on(self, paragraph: _Element) -> bool:
        """True for a cell but the last of a row whose cells are a line each."""
        cell = paragraph.getparent()
        row = cell.getparent() if cell is not None and _local(cell) == _CELL else None
        if cell is None or row is None or _local(row) != _ROW or cell.getnext() is None:
            return False
        if row not in self._lines:
            self._lines[row] = all(_is_line(each) for each in row)
        return self._lines[row]

    def _indent(self, paragraph: _Element) -> str:
        return BLOCK if _attribute(paragraph, "style-name") in self._quotations else ""

    def _pieces(self, element: _Element) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            name = _local(child) if isinstance(child.tag, str) else ""
            if name == "s":
                yield " " * min(int(_attribute(child, "c") or 1), _MOST_SPACES)
            elif name in _CHARACTERS:
                yield _CHARACTERS[name]
            elif name == "span" and _attribute(child, "style-name") in self._struck_styles:
                self.struck.append(" ".join("".join(child.itertext()).split()))
            elif name and name not in (*_LEFT_OUT, _NOTE, _BOX):
                yield from self._pieces(child)
            yield child.tail or ""


def _outermost(root: _Element) -> Iterator[_Element]:
    """All paragraphs below an element but those within paragraphs."""
    for child in root:
        if isinstance(child.tag, str) and _local(child) in _PARAGRAPHS:
            yield child
        elif isinstance(child.tag, str) and _local(child) not in _LEFT_OUT:
            yield from _outermost(child)


def _is_line(cell: _Element) -> bool:
    """True for a cell of a table that is one short paragraph, or none."""
    paragraphs = [*_all(cell, *_PARAGRAPHS)]
    return len(paragraphs) <= 1 and sum(len(part) for p in paragraphs for part in p.itertext()) <= CELL_CHARS


def _boxes(paragraph: _Element) -> Iterator[_Element]:
    for child in paragraph:
        if isinstance(child.tag, str) and _local(child) == _BOX:
            yield child
        elif isinstance(child.tag, str) and _local(child) not in (*_LEFT_OUT, _NOTE):
            yield from _boxes(child)


def _deletions(body: _Element) -> list[_Element]:
    return [p for change in _all(body, "deletion") for p in _all(change, *_PARAGRAPHS) if "".join(p.itertext()).strip()]


def _all(root: _Element, *names: str) -> Iterator[_Element]:
    return (e for e in root.iter() if isinstance(e.tag, str) and _local(e) in names)


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: _Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")
