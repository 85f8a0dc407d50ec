"""Exports of news archives: one document, many articles, each with its outlet and date."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from ingest.loading.formats.exports import articles_of
from ingest.loading.loaders import load
from tests.test_pdf import make_pdf

NEW = """Page 1 of 3

Quay will not be raised

The Halvick Post

May 2, 2026 Saturday

Copyright 2026 Halvick Post All Rights Reserved

Section: NEWS; Pg. 2

Length: 40 words

Byline: Ann Bo

Body

The quay stays as it is, Ana Torvik said.

“Not one stone,” Torvik said.

Load-Date: May 3, 2026

End of Document

Pilot wins a race

Evening Gull

4 June 2026

Length: 20 words

Body

Eda Torvik won.

Graphic

A boat.

End of Document
"""

OLD = """1 of 2 DOCUMENTS

The Halvick Post

May 2, 2026 Saturday
Final Edition

Quay will not be raised

BYLINE: Ann Bo

SECTION: NEWS; Pg. 2

LENGTH: 40 words

The quay stays as it is, Ana Torvik said.

LOAD-DATE: May 3, 2026

LANGUAGE: ENGLISH

2 of 2 DOCUMENTS

Evening Gull

June 4, 2026

Pilot wins a race

LENGTH: 20 words

Eda Torvik won.
"""

FACTIVA = """Quay will not be raised
By Ann Bo
1,040 words
2 May 2026
09:12
The Halvick Post
HALP
English
Copyright 2026. Halvick Post.

The quay stays as it is, Ana Torvik said.

Document HALP000020260502em5200012

Pilot wins a race
20 words
4 June 2026
Evening Gull
GULL
English
(c) 2026 Evening Gull

Eda Torvik won.

Document GULL000020260604em6400001
"""

CODED = """HD Quay will not be raised
BY By Ann Bo
WC 1,040 words
PD 2 May 2026
ET 09:12
SN The Halvick Post
LA English
LP The quay stays as it is, Ana Torvik said.
TD “Not one stone,” Torvik said.
AN Document HALP000020260502em5200012
Document HALP000020260502em5200012
HD Pilot wins a race
WC 20 words
PD 4 June 2026
SN Evening Gull
LP Eda Torvik won.
Document GULL000020260604em6400001
"""


@pytest.mark.parametrize("export", [NEW, OLD, FACTIVA, CODED], ids=["nexis", "old nexis", "factiva", "factiva codes"])
def test_each_article_has_its_outlet_date_and_byline(tmp_path: Path, export: str) -> None:
    path = tmp_path / "results.txt"
    path.write_text(export)
    one, other = load(path).articles
    assert (one.title, one.author, one.publication, one.published) == (
        *("Quay will not be raised", "Ann Bo", "The Halvick Post", "2026-05-02"),
    )
    assert (other.title, other.author, other.publication, other.published) == (
        *("Pilot wins a race", None, "Evening Gull", "2026-06-04"),
    )
    assert one.text.split("\n\n")[0] == "The quay stays as it is, Ana Torvik said."
    assert other.text == "Eda Torvik won."
    assert "load-date" not in one.text.lower()


def test_a_word_document_can_be_an_export(tmp_path: Path) -> None:
    document = docx.Document()
    for line in NEW.split("\n\n"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "results.docx"))
    assert [article.title for article in load(tmp_path / "results.docx").articles] == [
        "Quay will not be raised",
        "Pilot wins a race",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The quay\n\nMay 2, 2026\n\nIt holds.\n\nEND",
        "“It is 40 words,” she said.\n\n40 words\n\nIt holds.",
        "Length: 20 words\n\nBody\n\nNo date.\n\nEnd of Document",
        "END",
        "",
    ],
)
def test_any_other_text_is_one_article(text: str) -> None:
    assert articles_of(text) == ()


def test_a_number_of_the_archive_ends_an_article_with_codes() -> None:
    export = CODED.replace("\nDocument HALP000020260502em5200012\n", "\n\n").replace(
        "\nDocument GULL", "\nAN Document GULL"
    )
    assert [(a.title, a.publication, a.published) for a in articles_of(export)] == [
        ("Quay will not be raised", "The Halvick Post", "2 May 2026"),
        ("Pilot wins a race", "Evening Gull", "4 June 2026"),
    ]


def test_one_article_with_the_fields_of_an_archive_needs_no_mark_of_its_end() -> None:
    text = "Halvick Post\nJuly 1, 2026 Wednesday\n\nHeadline: Boats return\n\nBYLINE: Ann Bo\n\nLENGTH: 30 words\n\n"
    [article] = articles_of(f"{text}The boats are back.\n\nLOAD-DATE: July 2, 2026\n")
    assert (article.title, article.author, article.publication, article.text) == (
        "Boats return",
        "Ann Bo",
        "Halvick Post",
        "The boats are back.",
    )


def test_an_article_that_speaks_of_words_and_sections_is_no_export() -> None:
    assert articles_of("The letter had 40 words.\n\nSection: the lock.\n\nAna Torvik read it aloud.") == ()


def test_lines_set_in_the_middle_of_a_page_keep_their_day_where_a_width_broke_the_body() -> None:
    body = [
        "The quay at Halvick will not be raised, the harbour board said",
        "on Monday, and nobody will pay for what it has",
    ]
    more = [
        "cost. The pilots said that they had asked for a higher quay in",
        "the autumn, and that they will ask for it again.",
    ]
    rows = ["The Halvick Post", "May 2, 2026 Saturday", "Final Edition"]
    head = "\n".join(f"{'':30}{row}" for row in rows)
    [article] = articles_of(
        f"{'':30}1 of 1 DOCUMENTS\n\n{head}\n\nQuay stays low\n\nBYLINE: Ann Bo\n\nLENGTH: 40 words\n\n"
        + "\n".join([*body, *more])
    )
    assert (article.title, article.publication, article.published) == (
        "Quay stays low",
        "The Halvick Post",
        "May 2, 2026",
    )
    assert article.text == " ".join([*body, *more])


def test_fields_behind_each_text_of_several_documents_are_no_heads_of_the_next() -> None:
    rows = [
        "Document {} of 2", "Quay {}", "Author: Bo, Ann", "Full text: The quay leaks, Ann Lee said.",
        "Title: Quay {}", "Publication title: Holm Post", "Publication date: Jan 1{}, 2026",
    ]  # fmt: skip
    found = articles_of("\n\n".join(row.format(n) for n in (1, 2) for row in rows))
    assert [(a.title, a.author, a.published) for a in found] == [
        ("Quay 1", "Ann Bo", "Jan 11, 2026"),
        ("Quay 2", "Ann Bo", "Jan 12, 2026"),
    ]


COVER = """User Name: = a.reader@college.example
Date and Time: = 3 June 2026 11:04:00 GMT
Job Number: = 24188
Documents (2)
1. Quay will not be raised
Client/Matter: -None-
Search Terms: "quay"
2. Pilot wins a race
Client/Matter: -None-
Search Terms: "quay"
"""


def test_the_page_that_lists_the_headlines_of_an_export_is_no_part_of_its_first_article() -> None:
    assert articles_of(f"{COVER}\n{NEW}") == articles_of(NEW)


def test_a_list_in_an_article_of_an_export_is_no_list_of_its_headlines() -> None:
    listed = NEW.replace("“Not one", "1. Nets\n\n2. Boats\n\nNets\n\n“Not one")
    assert [article.title for article in articles_of(listed)] == ["Quay will not be raised", "Pilot wins a race"]
    assert "1. Nets" in articles_of(listed)[0].text


def test_the_codes_of_an_archive_may_stand_on_lines_of_their_own() -> None:
    lines = (f"{line[:2]}\n{line[3:]}" if line[2:3] == " " else line for line in CODED.split("\n"))
    assert articles_of("\n".join(lines)) == articles_of(CODED)


PAGE = "<html><head><title>{}</title></head><body><div>{}</div></body></html>"


@pytest.mark.parametrize("export", [FACTIVA, NEW, OLD], ids=["factiva", "nexis", "old nexis"])
def test_a_web_page_can_be_an_export(tmp_path: Path, export: str) -> None:
    page = PAGE.format("Results", "".join(f"<p><span>{line}</span></p>" for line in export.split("\n") if line))
    (tmp_path / "results.html").write_text(page)
    (tmp_path / "results.txt").write_text(export)
    found, given = (load(tmp_path / f"results.{suffix}").articles for suffix in ("html", "txt"))
    assert [(a.title, a.publication, a.published, a.text) for a in found] == [
        (a.title, a.publication, a.published, a.text) for a in given
    ]


def test_a_pdf_can_be_an_export(tmp_path: Path) -> None:
    long = "Torvik said on the quay, to all who had come to hear of it, and to the boats of the pilots.\n"
    lines = [line for line in NEW.replace("Torvik said.\n", 3 * long).split("\n") if line]
    (tmp_path / "results.pdf").write_bytes(make_pdf([f"@{800 - 22 * n} {line}" for n, line in enumerate(lines)]))
    found = load(tmp_path / "results.pdf").articles
    assert [(a.title, a.publication) for a in found] == [
        ("Quay will not be raised", "The Halvick Post"),
        ("Pilot wins a race", "Evening Gull"),
    ]


def test_a_page_that_counts_the_words_of_its_article_is_no_export(tmp_path: Path) -> None:
    told = "<h1>Quay stays</h1><div>2 May 2026</div><div>40 words</div><p>“Not one stone,” Ana Torvik said.</p>"
    (tmp_path / "a.html").write_text(PAGE.format("Quay stays", told))
    [article] = load(tmp_path / "a.html").articles
    assert article.title == "Quay stays"
