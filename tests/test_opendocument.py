"""Text documents of LibreOffice: the final text, in the order in which a person reads it."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from ingest.loading.common import LoadError
from ingest.loading.formats import opendocument
from ingest.loading.formats.opendocument import read_odt
from rag.schema import Article

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "draw", "meta")
)
SPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
META = (
    "<dc:title>Ferry fares rise</dc:title><meta:initial-creator>Nils Aubry</meta:initial-creator>"
    "<meta:creation-date>2026-02-11T09:00:00</meta:creation-date>"
)
STYLES = (
    '<style:style style:name="T1"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="P1" style:parent-style-name="Quotations"/>'
)


def made(body: str, styles: str = STYLES, meta: str = META) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        parts.writestr(
            "meta.xml", f"<office:document-meta {SPACES}><office:meta>{meta}</office:meta></office:document-meta>"
        )
    return out.getvalue()


def only(body: str) -> Article:
    [article] = read_odt(made(body)).articles
    return article


def test_the_file_says_title_writer_and_the_day_it_was_made() -> None:
    article = only("<text:p>It leaks.</text:p>")
    assert (article.text, article.title, article.author, article.published) == (
        "It leaks.",
        "Ferry fares rise",
        "Nils Aubry",
        "2026-02-11",
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('We<text:s/>have<text:s text:c="2"/>no', "We have  no"),
        ("We have<text:line-break/>no boat", "We have no boat"),
        ('We <text:span text:style-name="T2">have</text:span> no', "We have no"),
        ("We<office:annotation><dc:creator>Ed</dc:creator><text:p>really?</text:p></office:annotation> do", "We do"),
        ('We <text:change-start text:change-id="c"/>do<text:change-end text:change-id="c"/>', "We do"),
    ],
)
def test_a_sentence_is_that_which_a_person_sees(written: str, shown: str) -> None:
    assert only(f"<text:p>{written}</text:p>").text == shown


def test_what_is_deleted_or_struck_through_is_left_out_and_named() -> None:
    gone = "<text:changed-region><text:deletion><text:p>gravely</text:p></text:deletion></text:changed-region>"
    body = (
        f"<text:tracked-changes>{gone}</text:tracked-changes>"
        '<text:p>It <text:span text:style-name="T1">never </text:span>leaks.</text:p>'
    )
    read = read_odt(made(body))
    assert [article.text for article in read.articles] == ["It leaks."]
    assert read.warnings == (
        "the document has tracked changes; it is read as their final text, without “gravely”",
        "words that are struck through are left out: “never”",
    )


def test_notes_come_last_boxes_follow_and_a_row_of_lines_is_one_line() -> None:
    note = "<text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body>"
    box = "<draw:frame><draw:text-box><text:p>A box.</text:p></draw:text-box></draw:frame>"
    cells = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in ("Odile", "It leaks."))
    body = (
        f"<text:h>Fares</text:h><text:p>They<text:note>{note}</text:note> rise.{box}</text:p>"
        f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
        '<text:p text:style-name="P1">Set off.</text:p>'
    )
    assert only(body).text.split("\n\n") == [
        "Fares",
        "They rise.",
        "A box.",
        "Odile\tIt leaks.",
        "    Set off.",
        "A note.",
    ]


def test_a_row_of_many_cells_costs_little() -> None:
    cells = "<table:table-cell><text:p>a</text:p></table:table-cell>" * 50_000
    begun = time.perf_counter()
    only(f"<table:table><table:table-row>{cells}</table:table-row></table:table>")
    assert time.perf_counter() - begun < 10


@pytest.mark.parametrize("data", [b"PK", b"no archive", made("<text:p>a")])
def test_a_damaged_document_is_refused(data: bytes) -> None:
    with pytest.raises(LoadError):
        read_odt(data)


def test_a_document_that_unpacks_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opendocument, "MAX_XML_BYTES", 100)
    with pytest.raises(LoadError, match="bytes of text; the limit is 100"):
        read_odt(made("<text:p>a</text:p>"))


def test_no_entity_grows_and_no_file_is_read() -> None:
    content = made("<text:p>&a;</text:p>")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(out, "w") as again:
        declared = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + parts.read("content.xml")
        again.writestr("content.xml", declared)
    [article] = read_odt(out.getvalue()).articles
    assert "root" not in article.text
