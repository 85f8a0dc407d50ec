"""The format readers: text and metadata of Markdown, web pages, Word and PDF."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import docx
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from ingest import formats
from ingest.formats import LoadError, read_docx, read_html, read_markdown, read_pdf
from rag.schema import Article


def refusal(read: Callable[[bytes], Article], data: bytes) -> str:
    with pytest.raises(LoadError) as raised:
        read(data)
    return str(raised.value)


# --- Markdown


def test_markdown_becomes_paragraphs_of_plain_text() -> None:
    source = """---
title: "Quay: the vote"
author: [Ann, Bo]
publication: The Post
date: 2026-01-20
url: https://post.example/quay
---
# Heading

Wrapped *and* **bold**
[link](https://x.example) &amp; `code`.

> “Quoted,” she
> said.

- first
- second

<div>In a <b>box</b></div>

| a | b |
|---|---|
| c | d |
"""
    blocks = ["Heading", "Wrapped and bold link & code.", "“Quoted,” she said.", "first", "second", "In a box", *"abcd"]
    assert read_markdown(source.encode()) == Article(
        id="",
        text="\n\n".join(blocks),
        title="Quay: the vote",
        author="Ann, Bo",
        publication="The Post",
        published="2026-01-20",
        url="https://post.example/quay",
    )


def test_the_first_heading_is_the_title_without_front_matter() -> None:
    article = read_markdown(b"Intro.\n\n## The *vote*\n\n# Later\n")
    assert (article.title, article.text) == ("The vote", "Intro.\n\nThe vote\n\nLater")


def test_front_matter_that_is_not_yaml_is_a_failure_with_advice() -> None:
    reason = refusal(read_markdown, b"---\ntitle: He said: no\n---\nText.\n")
    assert reason.startswith("the front matter is not valid YAML (")
    assert reason.endswith("; put values that contain a colon in quotation marks")


# --- HTML

# A page with less text than this is taken whole by trafilatura.
LONG = " ".join(["The pilots, who had met all morning, said that they would wait and see."] * 5)


def test_html_gives_the_article_without_the_page_around_it() -> None:
    page = f"""<html><head><title>Quay | The Post</title><meta property="og:site_name" content="The Post">
    <meta property="og:title" content="Quay"><meta name="author" content="Ann Bo">
    <meta property="article:published_time" content="2026-01-20"><link rel="canonical" href="https://post.example/q">
    </head><body><nav>Home</nav><article><p>The mayor said that the quay would open on Monday.</p>
    <p>“It will open,” she said. <script>alert(1)</script></p><p>{LONG}</p></article>
    <footer>Cookies</footer></body></html>"""
    assert read_html(page.encode()) == Article(
        id="",
        text=f"The mayor said that the quay would open on Monday.\n\n“It will open,” she said.\n\n{LONG}",
        title="Quay",
        author="Ann Bo",
        publication="The Post",
        published="2026-01-20",
        url="https://post.example/q",
    )


def test_an_html_date_is_not_guessed_from_the_text() -> None:
    page = (
        "<html><body><article><p>The quay was built on 3 May 1999, the mayor said.</p><p>Copyright 2021</p></article>"
    )
    assert read_html(page.encode()).published is None


# --- Word


def make_docx(*, created: datetime | None = None) -> bytes:
    document = docx.Document()
    document.add_paragraph("Before.")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "merged"
    table.cell(1, 0).text, table.cell(1, 1).text = "left", "right"
    document.add_paragraph("After.")
    document.core_properties.title, document.core_properties.author = "Quay", "Ann"
    if created:
        document.core_properties.created = created
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_docx_gives_paragraphs_and_cells_in_order() -> None:
    text = "Before.\n\nmerged\n\nleft\n\nright\n\nAfter."
    assert read_docx(make_docx(created=datetime(2026, 10, 5))) == Article(
        id="", text=text, title="Quay", author="Ann", published="2026-10-05"
    )


def test_the_date_of_the_docx_template_is_no_date() -> None:
    assert read_docx(make_docx()).published is None


def test_a_docx_that_unpacks_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_docx()
    size = sum(part.file_size for part in zipfile.ZipFile(BytesIO(data)).infolist())
    monkeypatch.setattr(formats, "MAX_UNPACKED_BYTES", size - 1)
    assert refusal(read_docx, data) == f"the document unpacks to {size:,} bytes; the limit is {size - 1:,}"


def test_a_zip_that_is_no_docx_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.txt", "x")
    reason = "the file is not a Word document, or is damaged; open it in Word and save it again"
    assert refusal(read_docx, out.getvalue()) == reason


# --- PDF

FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}


def make_pdf(lines: list[str], *, password: str | None = None, **info: str) -> bytes:
    """Make a one-page PDF with one line of text below the other."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject({NameObject(f"/{k}"): NameObject(f"/{v}") for k, v in FONT.items()})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
    content = DecodedStreamObject()
    shown = "".join(f"({line}) Tj 0 -16 Td\n" for line in lines)
    content.set_data(f"BT /F 11 Tf 60 780 Td\n{shown}ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(content)
    writer.add_metadata({f"/{key}": value for key, value in info.items()})
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_pdf_lines_are_joined_into_paragraphs() -> None:
    lines = [
        "Quay to open",
        "The mayor said on Monday that the new quay would be open to every ves-",
        "sel that pays, and that nobody would be turned away from it at night or",
        "at dawn.",
        "The pilots said no.",
        "",
        "A harbour-wide strike was called for Friday by the union of the pilots,",
        "which has 40 members.",
        "1",
    ]
    data = make_pdf(lines, Title="Quay", Author="Ann", CreationDate="D:20260714233000Z")
    paragraphs = [
        "Quay to open",
        "The mayor said on Monday that the new quay would be open to every vessel that pays, and that nobody would be "
        "turned away from it at night or at dawn.",
        "The pilots said no.",
        "A harbour-wide strike was called for Friday by the union of the pilots, which has 40 members.",
    ]
    assert read_pdf(data) == Article(
        id="", text="\n\n".join(paragraphs), title="Quay", author="Ann", published="2026-07-14"
    )


def test_a_pdf_without_text_is_a_failure() -> None:
    reason = "the PDF has no text, only images; run text recognition (OCR) on it first"
    assert refusal(read_pdf, make_pdf([])) == reason


def test_a_pdf_with_a_password_is_a_failure() -> None:
    assert refusal(read_pdf, make_pdf(["Secret."], password="x")) == "the PDF has a password; save a copy without one"


def test_a_pdf_encrypted_with_an_empty_password_opens() -> None:
    assert read_pdf(make_pdf(["Not secret."], password="")).text == "Not secret."
