"""Files as programs and papers save them: codes on lines of their own, wrapped bodies, pages that say when they were
updated, pictures in the middle of a text, the number below a single page."""

from __future__ import annotations

from pathlib import Path

from ingest.loading.loaders import load
from rag.schema import Article
from tests.test_pdf import text_of

CODED = """SE  Gates
HD  Gate stays shut
BY  By Rolf Haas
WC  32 words
PD  4 March 2026
SN  Vale Wire
LA  English
CY  (c) 2026 Vale Wire

LP

The gate stayed shut on Tuesday.

TD

"I have the key," said Ilse Marr, its warden.

AN  Document VALW000020260304em340003k
"""
WRAPPED = """                    2 of 2 DOCUMENTS

                    The Vale Letter

                    March 4, 2026 Wednesday

Gate stays shut

BYLINE: By Rolf Haas, rhaas@vale.example

LENGTH: 32 words

"I have had the key since I was a girl," said Ilse Marr, a
warden from the upper end of the vale.

The board said that it was
sorry.

LOAD-DATE: March 5, 2026
"""
PICTURED = """<nitf><head><pubdata name="Vale Wire"/></head><body>
<body.head><hedline><hl1>Gate shut</hl1></hedline></body.head>
<body.content><p>The gate stayed shut.</p><media><media-caption>The gate on Tuesday.</media-caption></media>
<p>“I have the key,” said Ilse Marr.</p></body.content></body></nitf>"""
RECORD = """IN THE COURT OF THE VALE

THE COURT: Call your witness.
MR. HAAS: The Vale calls Ilse Marr.
ILSE MARR, having been first duly sworn, testified
as follows:
Q.  Did you shut the gate on Tuesday, and did
you tell anybody?
A.  I shut it and
told nobody.
MS. BRAND: Objection.
THE COURT: You may answer. Overruled, counsel.
THE WITNESS: I have answered."""
PAGE = """<html><head><title>Gate</title></head><body><article><h1>Gate stays shut</h1>
<p class="meta">Published: 4 March 2026, 18:12 | Updated: 6 March 2026, 09:00</p><p class="byline">By Rolf Haas</p>
<p>The gate of the vale stayed shut on Tuesday, and nobody at the fence could say for how long it would.</p>
<blockquote class="instagram-media"><p>Good night, gate. You are mine.</p>
<p><a href="x">A post shared by Ilse Marr (@ilse.marr)</a></p></blockquote>
<p>The post had four thousand hearts by the morning, and one thumb down from the upper end of the vale.</p></article>
</body></html>"""


def read(folder: Path, name: str, text: str) -> Article:
    (folder / name).write_text(text, encoding="utf-8")
    [article] = load(folder / name).articles
    return article


def test_codes_of_an_archive_may_stand_above_their_text(tmp_path: Path) -> None:
    article = read(tmp_path, "a.txt", CODED)
    about = (article.title, article.author, article.publication, article.published)
    assert about == ("Gate stays shut", "Rolf Haas", "Vale Wire", "2026-03-04")
    assert article.text.startswith("The gate stayed shut on Tuesday.\n\n")


def test_a_sentence_over_two_lines_of_an_export_is_one(tmp_path: Path) -> None:
    article = read(tmp_path, "a.txt", WRAPPED)
    assert article.author == "Rolf Haas"
    assert article.text.split("\n\n") == [
        '"I have had the key since I was a girl," said Ilse Marr, a warden from the upper end of the vale.',
        "The board said that it was sorry.",
    ]


def test_what_stands_below_a_picture_of_a_wire_is_no_text(tmp_path: Path) -> None:
    article = read(tmp_path, "a.xml", PICTURED)
    assert article.text == "The gate stayed shut.\n\n“I have the key,” said Ilse Marr."
    assert article.publication == "Vale Wire"


def test_a_page_says_when_it_was_updated_and_whose_a_post_is(tmp_path: Path) -> None:
    article = read(tmp_path, "a.html", PAGE)
    assert (article.published, article.updated) == ("2026-03-04", "2026-03-06")
    assert "A post shared by Ilse Marr (@ilse.marr)" in article.text


def test_an_outlet_and_a_day_below_the_by_line_give_the_day(tmp_path: Path) -> None:
    article = read(
        tmp_path, "a.txt", "Gate stays shut\nBy Rolf Haas\nThe Vale Letter, 4 March 2026\nThe gate is shut.\n"
    )
    assert (article.title, article.author, article.published) == ("Gate stays shut", "Rolf Haas", "2026-03-04")


def test_the_site_of_a_scraped_record_is_its_outlet(tmp_path: Path) -> None:
    record = '{"title": "Gate", "text": "The gate is shut.", "meta_site_name": "The Vale Letter"}'
    assert read(tmp_path, "a.json", record).publication == "The Vale Letter"


def test_the_number_of_a_single_page_is_not_in_its_sentence() -> None:
    left = [
        "The gate of the vale stayed",
        "shut on Tuesday, and nobody",
        "could say for how long it",
        "would, said its warden, and",
    ]
    right = [
        "I was there when it closed.",
        "The board of the vale will",
        "meet again on Friday, and it",
        "will speak of the key.",
    ]
    shown = text_of(["Gate stays shut", ""] + [f"{a} | {b}" for a, b in zip(left, right, strict=True)] + ["@30 4"])
    assert "warden, and I was there when it closed." in " ".join(shown)


def test_a_witness_begins_a_turn_on_a_page_whose_lines_are_counted(tmp_path: Path) -> None:
    lines = RECORD.splitlines()
    article = read(tmp_path, "a.txt", "\n".join(f"{n:<4}{line}" for n, line in enumerate(lines, 1)) + "\n")
    assert article.text.endswith("Overruled, counsel.\n\nTHE WITNESS: I have answered.")
