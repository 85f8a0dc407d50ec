"""Word documents as a person sees them: the final text, boxes, tables, notes, and a word on tracked changes."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.loading.common import LoadError
from ingest.loading.formats import word
from ingest.loading.formats.word import read_docx
from ingest.loading.loaders import Warned, load
from rag.schema import Article

NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
COMPATIBLE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def inserted(text: str) -> str:
    return f'<w:ins w:id="1" w:author="Desk">{run(text)}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="2" w:author="Desk"><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def made(*paragraphs: str, notes: str = "") -> bytes:
    """A document of these paragraphs' inner XML; one that begins with <w:p, <w:tbl or <w:sdt is taken whole."""
    document = docx.Document()
    for inner in paragraphs:
        whole = inner if inner.startswith(("<w:p>", "<w:tbl>", "<w:sdt>")) else f"<w:p>{inner}</w:p>"
        tag, rest = whole.split(">", 1)
        element = parse_xml(f"{tag} {nsdecls('w')} {COMPATIBLE}>{rest}")
        document.element.body.insert(len(document.element.body) - 1, element)
    if notes:
        xml = f"<w:footnotes {nsdecls('w')}>{notes}</w:footnotes>".encode()
        part = Part(PackURI("/word/footnotes.xml"), NOTES, xml, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def texts(data: bytes) -> list[str]:
    [article] = read_docx(data).articles
    return article.text.split("\n\n")


def refusal(data: bytes) -> str:
    with pytest.raises(LoadError) as raised:
        read_docx(data)
    return str(raised.value)


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
    return saved(document)


def test_docx_gives_paragraphs_and_cells_in_order() -> None:
    text = "Before.\n\nmerged\n\nleft\tright\n\nAfter."
    read = read_docx(make_docx(created=datetime(2026, 10, 5)))
    assert read.articles == (Article(id="", text=text, title="Quay", author="Ann", published="2026-10-05"),)
    assert read.warnings == ()


def test_the_date_of_the_docx_template_is_no_date() -> None:
    assert read_docx(make_docx()).articles[0].published is None


def test_a_docx_that_unpacks_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_docx()
    size = sum(part.file_size for part in zipfile.ZipFile(BytesIO(data)).infolist())
    monkeypatch.setattr(word, "MAX_UNPACKED_BYTES", size - 1)
    assert refusal(data) == f"the document unpacks to {size:,} bytes; the limit is {size - 1:,}"


def test_a_zip_that_is_no_docx_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.txt", "x")
    assert refusal(out.getvalue()) == (
        "the file is not a Word document, or is damaged; open it in Word and save it again"
    )


def test_tracked_changes_are_read_as_the_final_text_and_named(tmp_path: Path) -> None:
    path = tmp_path / "quay.docx"
    path.write_bytes(
        made(
            run("“The quay costs ") + deleted("two") + inserted("six") + run(" million,” Ana Torvik said."),
            inserted("“Not from us,” Per Lund said."),
            deleted("“From whom?” he asked."),
        )
    )
    loaded = load(path)
    assert loaded.articles[0].text == "“The quay costs six million,” Ana Torvik said.\n\n“Not from us,” Per Lund said."
    assert loaded.warnings == (
        Warned(
            str(path),
            "the document has tracked changes; it is read as their final text, with “six”, ““Not from us,” Per Lund "
            "said.” and without “two”, ““From whom?” he asked.”",
        ),
    )


def test_words_that_were_moved_stand_where_they_were_moved_to() -> None:
    move = f'<w:moveFrom w:id="3" w:author="D">{run("not ")}</w:moveFrom>'
    data = made(
        run("It is ")
        + move
        + run("sound. It is ")
        + f'<w:moveTo w:id="4" w:author="D">{run("not ")}</w:moveTo>'
        + run("dry.")
    )
    assert texts(data) == ["It is sound. It is not dry."]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    joined = '<w:pPr><w:rPr><w:del w:id="5" w:author="D"/></w:rPr></w:pPr>'
    assert texts(made(joined + run("“We will wait "), run("until May,” she said."))) == [
        "“We will wait until May,” she said."
    ]


def test_only_the_first_changes_are_named_and_long_ones_cut() -> None:
    [warning] = read_docx(made(*[inserted(f"Line {number}") for number in range(7)], deleted("x" * 80))).warnings
    assert warning.endswith(f"“Line 3”, “Line 4” and 2 more and without “{'x' * 59}…”")


def test_a_text_box_follows_its_paragraph_and_is_read_once() -> None:
    box = f"<w:txbxContent><w:p>{run('“The last toll,” Lund said.')}</w:p></w:txbxContent>"
    shape = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert texts(made(run("The vote is ") + shape + run("on Friday."), run("It rained."))) == [
        "The vote is on Friday.",
        "“The last toll,” Lund said.",
        "It rained.",
    ]


def test_links_fields_and_content_controls_are_part_of_the_text() -> None:
    data = made(
        f"{run('See ')}<w:hyperlink>{run('a plan')}</w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r>{run('.')}",
        f"<w:sdt><w:sdtContent><w:p>{run('“No,” said Lund.')}</w:p></w:sdtContent></w:sdt>",
    )
    assert texts(data) == ["See a plan.", "“No,” said Lund."]


def test_notes_come_last_and_a_deleted_row_not_at_all() -> None:
    rows = f"<w:tr><w:trPr><w:del w:id='6' w:author='D'/></w:trPr><w:tc><w:p>{run('old')}</w:p></w:tc></w:tr>"
    rows += f"<w:tr><w:tc><w:p>{run('new')}</w:p></w:tc></w:tr>"
    note = f"<w:footnote w:id='2'><w:p>{run('Torvik denied it.')}</w:p></w:footnote>"
    separator = f"<w:footnote w:type='separator' w:id='0'><w:p>{run('-')}</w:p></w:footnote>"
    data = made(
        run("One.") + "<w:r><w:footnoteReference w:id='2'/></w:r>", f"<w:tbl>{rows}</w:tbl>", notes=separator + note
    )
    assert texts(data) == ["One.", "new", "Torvik denied it."]


def test_a_block_quotation_is_set_off_and_a_list_is_not() -> None:
    document = docx.Document()
    document.add_paragraph("She wrote:")
    document.add_paragraph("I walked it twice.", style="Quote")
    document.add_paragraph("An item.", style="List Bullet")
    document.add_paragraph("Set in by hand.").paragraph_format.left_indent = docx.shared.Cm(1)
    assert texts(saved(document)) == ["She wrote:", "    I walked it twice.", "An item.", "    Set in by hand."]


def test_tabs_breaks_and_hyphens_are_kept() -> None:
    inner = "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>Well</w:t><w:noBreakHyphen/><w:t>known</w:t></w:r>"
    assert texts(made(inner)) == ["a\tb\nWell-known"]


def test_the_author_of_the_docx_template_is_nobody() -> None:
    document = docx.Document()
    document.add_paragraph("It leaks.")
    assert read_docx(saved(document)).articles[0].author is None


def test_a_row_of_short_cells_is_one_line_and_columns_of_prose_are_none() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Per Lund, pilot", "“It leaks.”"
    table.cell(1, 0).text, table.cell(1, 1).text = "The quay. " * 40, "The lock. " * 40
    [first, *others] = texts(saved(document))
    assert first == "Per Lund, pilot\t“It leaks.”"
    assert len(others) == 2


def test_a_break_of_the_line_in_a_sentence_is_a_space_and_between_sentences_it_stays() -> None:
    broken = made(
        run("“It was a good") + "<w:r><w:br/></w:r>" + run("crane,” he said.") + "<w:r><w:br/></w:r>" + run("it left.")
    )
    assert texts(broken) == ["“It was a good crane,” he said.\nit left."]


@pytest.mark.parametrize(
    ("style", "title"), [("Title", "Lock to shut"), ("Heading 1", "Lock to shut"), ("Normal", None)]
)
def test_a_first_paragraph_in_words_own_style_for_one_is_the_headline(
    tmp_path: Path, style: str, title: str | None
) -> None:
    document = docx.Document()
    document.add_paragraph("Lock to shut", style=style)
    document.add_paragraph("The barges must go round, and nobody has told them.")
    document.save(str(tmp_path / "a.docx"))
    [article] = load(tmp_path / "a.docx").articles
    assert (article.title, article.text.partition("\n")[0]) == (title, "Lock to shut")


def test_a_document_without_properties_has_its_own_headline() -> None:

    document = docx.Document()
    document.add_paragraph("The weir is shut", style="Title")
    document.add_paragraph("It leaks.")
    relations = document.part.package.rels
    [own] = [id for id, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES]
    del relations[own]
    assert read_docx(saved(document)).articles[0].title == "The weir is shut"
