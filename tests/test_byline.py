"""What the first lines of a printed article say of it, and what must not be read into them."""

from pathlib import Path

import docx
import pytest

from ingest.loading.byline import behind_by
from ingest.loading.loaders import load

BODY = "The pier at Port Ellin will be sold, the council said on Monday."


def about(tmp_path: Path, *lines: str) -> tuple[str | None, ...]:
    file = tmp_path / "a.txt"
    file.write_text("\n\n".join(lines))
    article = load(file).articles[0]
    assert article.text == file.read_text()
    return article.title, article.author, article.publication, article.published


@pytest.mark.parametrize(
    ("line", "author", "publication", "published"),
    [
        ("By Ann Reed, The Courier, 14 July 2026", "Ann Reed", "The Courier", "2026-07-14"),
        ("By Ann Reed, The Courier, July 14, 2026", "Ann Reed", "The Courier", "2026-07-14"),
        ("Ann Reed | The Courier | 2026-07-14", "Ann Reed", "The Courier", "2026-07-14"),
        ("by our harbour staff – 14 July 2026", "our harbour staff", None, "2026-07-14"),
        ("By Ann Reed, The Courier", "Ann Reed", "The Courier", None),
        ("BY: Ann Reed, The Courier", "Ann Reed", "The Courier", None),
        ("By Ann Reed, Health Correspondent", "Ann Reed", None, None),
        ("By Ann Reed, Chief Reporter, The Courier, 14 July 2026", "Ann Reed", "The Courier", "2026-07-14"),
    ],
)
def test_a_byline_below_the_title_gives_author_outlet_and_day(
    tmp_path: Path, line: str, author: str, publication: str | None, published: str | None
) -> None:
    assert about(tmp_path, "Pier to be sold", line, BODY) == ("Pier to be sold", author, publication, published)


@pytest.mark.parametrize(
    ("lines", "author", "publication"),
    [
        (["By Ann Reed", "The Courier", "14 July 2026"], "Ann Reed", "The Courier"),
        (["By Ann Reed, The Courier", "July 14, 2026"], "Ann Reed", "The Courier"),
        (["By Ann Reed", "14 July 2026"], "Ann Reed", None),
        (["Ann Reed", "The Courier", "2026-07-14"], "Ann Reed", "The Courier"),
        (["The Courier", "14 July 2026"], None, None),
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_byline_can_stand_on_lines_of_its_own(
    tmp_path: Path, lines: list[str], author: str | None, publication: str | None, between: str
) -> None:
    found = about(tmp_path, between.join(["Pier to be sold", *lines]), BODY)
    assert found == ("Pier to be sold", author, publication, "2026-07-14")


@pytest.mark.parametrize("line", ["PORT ELLIN, 12 March 2026. " + BODY, "PORT ELLIN, March 12, 2026 — " + BODY])
def test_a_dateline_gives_the_day(tmp_path: Path, line: str) -> None:
    assert about(tmp_path, "Pier to be sold", line) == ("Pier to be sold", None, None, "2026-03-12")


@pytest.mark.parametrize(
    "lines",
    [
        (BODY, "By Ann Reed, The Courier, 14 July 2026"),
        ("Pier to be sold", BODY),
        ("Pier to be sold", "Ann Reed, The Courier", BODY),
        ("Pier to be sold", "By then, on 14 July 2026, it had been sold.", BODY),
        ("Pier to be sold", "Ann Reed, The Courier, 03/04/2026", BODY),
        ("Pier to be sold", "On Monday, 12 March 2026. " + BODY),
        ("Pier to be sold",),
        ("Pier to be sold", "Nobody knew.", "14 July 2026", BODY),
        ("Pier to be sold", BODY, "14 July 2026"),
    ],
    ids=[
        "no title",
        "no by-line",
        "neither By nor a day",
        "a sentence",
        "two readings",
        "no place",
        "nothing below",
        "a sentence first",
        "text first",
    ],
)
def test_nothing_is_read_into_other_lines(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert about(tmp_path, *lines) == (None, None, None, None)


def test_a_pdf_is_dated_by_its_byline_and_not_by_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from ingest.loading import readers
    from ingest.loading.common import Read
    from rag.schema import Article

    made = Article("", f"Pier to be sold\n\nBy Ann Reed, The Courier, 14 July 2026\n\n{BODY}", published="2026-11-02")
    monkeypatch.setitem(readers.READERS, ".pdf", lambda data: Read.one(made))
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert load(tmp_path / "a.pdf").articles[0].published == "2026-07-14"


def test_one_name_before_a_day_may_be_anything(tmp_path: Path) -> None:
    assert about(tmp_path, "House of Assembly", "Oral Answers, 12 May 2026", BODY) == (
        "House of Assembly",
        None,
        None,
        "2026-05-12",
    )


@pytest.mark.parametrize(
    ("line", "behind"),
    [
        ("By Ann Bo", "Ann Bo"),
        ("BY:  ANN BO", "ANN BO"),
        ("Bylaws change", None),
        ("Words by Ann Bo", None),
        ("By ", None),
    ],
)
def test_a_name_stands_behind_by_at_the_beginning_of_a_line_only(line: str, behind: str | None) -> None:
    assert behind_by(line) == behind


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Por Lucía Arrizabal, El Eco, 9 de marzo de 2026", "Lucía Arrizabal"),
        ("Por Inês Carvalhal, O Farol, 9 de março de 2026", "Inês Carvalhal"),
        ("Von Ana de la Torvik, Der Bote, 9. März 2026", "Ana de la Torvik"),
        ("Par Ana Torvik, Le Phare, 9 mars 2026", "Ana Torvik"),
    ],
)
def test_a_byline_can_be_in_another_language(tmp_path: Path, line: str, author: str) -> None:
    assert about(tmp_path, "El molino", line, BODY)[1::2] == (author, "2026-03-09")


@pytest.mark.parametrize("line", ["Por la tarde, nadie", "Por Navidad", "Di Maria scores again"])
def test_other_lines_that_begin_so_are_none(tmp_path: Path, line: str) -> None:
    assert about(tmp_path, "El molino", line, BODY) == (None, None, None, None)


BODY = "The lock will be shut for the winter, its keeper said on Friday, and nobody has told the barges."


@pytest.mark.parametrize(
    "above",
    [
        ["Sign in | Subscribe", "Menu", "News", ""],
        ["BC-LOCK-WINTER, 1st Ld", "Eds: ADDS comment of the keeper.", ""],
        ["THE TARN HERALD Friday, 6 March 2026", ""],
        ["THE TARN HERALD, March 6, 2026", ""],
    ],
)
def test_what_a_page_has_above_the_headline_is_none(tmp_path: Path, above: list[str]) -> None:
    file = tmp_path / "a.txt"
    file.write_text("\n".join([*above, "Lock to shut for the winter", "By Greta Lowe", "", BODY]))
    [article] = load(file).articles
    assert (article.title, article.author) == ("Lock to shut for the winter", "Greta Lowe")
    assert article.published == ("2026-03-06" if "2026" in above[0] else None)
    assert article.text.startswith(above[0])


def test_a_deck_with_the_by_line_below_it_is_not_the_headline(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"Lock to shut for the winter\n\nBarges must go round\nBy Greta Lowe\n\n{BODY}")
    [article] = load(file).articles
    assert article.title == "Lock to shut for the winter"


def test_fields_above_a_text_have_its_address(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    head = ["Title: Lock to shut", "Author: Greta Lowe", "Source: Tarn Herald", "Date: 6 March 2026"]
    file.write_text("\n".join([*head, "URL: https://tarn.example/lock", "", BODY]))
    [article] = load(file).articles
    assert (article.title, article.published, article.url) == (
        "Lock to shut",
        "2026-03-06",
        "https://tarn.example/lock",
    )


@pytest.mark.parametrize(
    ("place", "agency", "published"),
    [
        ("PORT ELLIN, Ostrand (AP) — ", "AP", None),
        ("PORT ELLIN (Norwick Wire) -- ", "Norwick Wire", None),
        ("PORT ELLIN, March 12, 2026 (Norwick Wire) - ", "Norwick Wire", "2026-03-12"),
    ],
)
def test_an_agency_s_dateline_names_it(tmp_path: Path, place: str, agency: str, published: str | None) -> None:
    assert about(tmp_path, "Pier to be sold", place + BODY) == ("Pier to be sold", None, agency, published)
    assert about(tmp_path, place + BODY)[2] == agency
    assert about(tmp_path, "Pier to be sold", "By Ann Reed, The Courier", place + BODY)[1:3] == (
        "Ann Reed",
        "The Courier",
    )


@pytest.mark.parametrize("more", ["", " in Port Ellin", " in Port Ellin; Editing by Bo Lund", "; Writing by Bo Lund"])
def test_who_reports_for_an_agency_stands_below_the_text(tmp_path: Path, more: str) -> None:
    lines = "Pier to be sold", "PORT ELLIN, Oct 14 (Norwick Wire) - " + BODY, f"(Reporting by Ann Reed{more})"
    assert about(tmp_path, *lines) == ("Pier to be sold", "Ann Reed", "Norwick Wire", None)


def test_brackets_in_a_text_name_no_agency(tmp_path: Path) -> None:
    line = "The board (Ann Reed and Bo Lund) - it met on Monday - will sell the pier."
    assert about(tmp_path, "Pier to be sold", line, "BOARD (Ann Reed) met.") == (None, None, None, None)


@pytest.mark.parametrize(("below", "outlet"), [("Ellin Post", "Ellin Post"), ("The Quay", "The Quay"), ("Ellin", None)])
def test_what_is_an_outlet_by_its_words_may_stand_before_the_day(tmp_path: Path, below: str, outlet: str) -> None:
    found = about(tmp_path, f"Pier to be sold\nBy Ann Reed\n{below}, 12 March 2026", BODY)
    assert found == ("Pier to be sold", "Ann Reed", outlet, "2026-03-12")


def test_a_deck_above_the_writer_and_the_day_is_neither(tmp_path: Path) -> None:
    lines = ["Pier to be sold", "Traders “furious” over price", "By Ann Reed", "Published 12 March 2026"]
    assert about(tmp_path, "\n".join(lines), BODY) == ("Pier to be sold", "Ann Reed", None, "2026-03-12")


@pytest.mark.parametrize(
    "lines",
    [
        ("14 July 2026", "The Courier", "By Ann Reed"),
        ("The Courier", "14 July 2026", "By Ann Reed"),
        ("Tuesday, 14 July 2026", "By Ann Reed, The Courier"),
    ],
)
def test_day_outlet_and_byline_stand_in_any_order(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert about(tmp_path, "Pier to be sold", *lines, BODY) == (
        "Pier to be sold",
        "Ann Reed",
        "The Courier",
        "2026-07-14",
    )


@pytest.mark.parametrize(
    ("properties", "lines", "told"),
    [
        (("Template 2019", "aboss"), ["Pier to be sold", "By Ann Reed", BODY], ("Pier to be sold", "Ann Reed")),
        (("Pier to be sold", "Bo Lund"), ["PIER TO BE SOLD", "By Ann Reed", BODY], ("Pier to be sold", "Ann Reed")),
        (("pier_v7.docx", "Bo Lund"), ["Pier to be sold", "Words: Ann Reed", BODY], ("Pier to be sold", "Ann Reed")),
        (("Pier: the sale", "Bo Lund"), [BODY, "By Monday it was gone."], ("Pier: the sale", "Bo Lund")),
        (("pier_v7.docx", "Bo Lund"), [BODY], (None, "Bo Lund")),
    ],
)
def test_what_is_printed_counts_before_the_properties_of_a_document(
    tmp_path: Path, properties: tuple[str, str], lines: list[str], told: tuple[str | None, str]
) -> None:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = properties
    for line in lines:
        document.add_paragraph(line)
    document.save(str(tmp_path / "a.docx"))
    [article] = load(tmp_path / "a.docx").articles
    assert (article.title, article.author) == told


def test_a_title_of_two_parts_above_a_day_is_neither_writer_nor_outlet(tmp_path: Path) -> None:
    lines = ("Harbour Committee", "Hearing: The pier at Port Ellin, HP 41", "Tuesday 14 July 2026")
    assert about(tmp_path, *lines, BODY)[1:] == (None, None, "2026-07-14")
