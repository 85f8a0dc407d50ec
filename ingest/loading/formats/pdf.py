"""Read PDF: the lines that pypdf finds, without those that stand on every page, joined into paragraphs."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from math import hypot
from typing import TYPE_CHECKING, Any

from ingest.loading.common import LoadError, Read
from ingest.loading.formats.columns import Piece, in_columns, usual_gutter
from ingest.loading.formats.exports import articles_of
from ingest.loading.formats.initials import is_initial, with_initials
from ingest.loading.formats.jumps import parts_of
from ingest.loading.formats.lines import paragraphs
from ingest.loading.formats.numbered import NUMBERED, without_numbers
from ingest.loading.formats.printed import without_print
from rag.schema import Article

if TYPE_CHECKING:
    from pypdf import PageObject


MAX_PAGES = 1000


def read_pdf(data: bytes) -> Read:
    """Read a PDF; `published` is the day it was made, the only date it has."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(BytesIO(data))
        # Many PDFs are encrypted with an empty password, only to forbid printing.
        if reader.is_encrypted and not reader.decrypt(""):
            raise LoadError("the PDF has a password; save a copy without one")
        if len(reader.pages) > MAX_PAGES:
            raise LoadError(f"the PDF has {len(reader.pages):,} pages; the limit is {MAX_PAGES:,}: split it")
        rows = [_rows(page) for page in reader.pages]
        about = reader.metadata
    except DependencyError as error:
        raise LoadError("the PDF is encrypted; save a copy without encryption") from error
    except PyPdfError as error:
        raise LoadError(f"the PDF is damaged ({error})") from error
    gutter = usual_gutter(rows)
    pages = with_initials([in_columns(page, gutter) for page in rows])
    if not any(line.text.strip() for page in pages for line in page):
        raise LoadError("the PDF has no text, only images; run text recognition (OCR) on it first")
    own, told = without_print(pages, about.title if about else None)
    shown, is_counted = without_numbers(own)
    text = "\n\n".join(paragraph for part in parts_of(shown) for paragraph in paragraphs(part))
    notes = (NUMBERED,) if is_counted else ()
    if archived := articles_of(text):
        return Read(archived, notes)
    created = about.creation_date if about else None
    article = Article(id="", text=text, published=created.date().isoformat() if created else None)
    if told:  # Who printed a page is no writer of it.
        return Read.one(replace(article, title=told[0], publication=told[1]), *notes)
    return Read.one(replace(article, title=about.title, author=about.author) if about else article, *notes)


def _rows(page: PageObject) -> list[list[Piece]]:
    """The rows of a page as pypdf finds them, each with its pieces."""
    rows: list[list[Piece]] = [[]]

    def take(text: str, outer: Any, inner: Any, _: Any, size: Any) -> None:
        for number, part in enumerate(text.split("\n")):
            if number:
                rows.append([])
            if part.strip():
                piece = Piece(part, *_place(outer, inner), float(size or 0) * _scale(outer) * _scale(inner))
                if rows[-1] and piece.x < rows[-1][-1].x and is_initial(part, piece.size, rows[-1][-1].size):
                    rows.append([])  # Drawn behind the line that it stands before.
                rows[-1].append(piece)
            elif part and rows[-1]:
                rows[-1][-1] = replace(rows[-1][-1], text=rows[-1][-1].text + part)

    page.extract_text(visitor_text=take)
    return [row for row in rows if row]


def _place(outer: Any, inner: Any) -> tuple[float, float]:
    """Where a piece begins on the page: its own matrix within that of what it is drawn in."""
    x, y = float(inner[4]), float(inner[5])
    return x * outer[0] + y * outer[2] + outer[4], x * outer[1] + y * outer[3] + outer[5]


def _scale(matrix: Any) -> float:
    """How much a matrix makes letters taller."""
    return hypot(float(matrix[2]), float(matrix[3]))
