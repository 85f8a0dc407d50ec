"""What a browser prints around a page is no text, and its header tells headline and outlet apart."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.loading.loaders import load
from rag.schema import Article
from tests.test_pdf import make_pdf

HEADLINE, ADDRESS = "Boats to cost more", "https://tarn.example/boats"
BODY = [
    "The two boats of Tarn will cost a third more from May on, the firm that runs",
    "them said on Monday. Hundreds of people cross the bay every day to work there.",
]


def read(folder: Path, pages: list[list[str]], **about: str) -> Article:
    file = folder / "a.pdf"
    file.write_bytes(make_pdf(*pages, **about))
    [article] = load(file).articles
    return article


def printed(header: str, footer: str, count: int) -> list[list[str]]:
    """The pages as a browser prints them; {} of the footer is the number of the page."""
    first = [HEADLINE, "", *BODY]
    pages = [first, *([*BODY] for _ in range(count - 1))]
    return [[f"@820 {header}", *page, f"@20 {footer.format(n)}"] for n, page in enumerate(pages, 1)]


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize(
    ("header", "footer", "name"),
    [
        (f"3/5/26, 9:14 AM {HEADLINE} - Tarn Post", f"{ADDRESS} {{}}/3", f"{HEADLINE} - Tarn Post"),
        (f"{HEADLINE} - News - Tarn Post {ADDRESS}", "{} of 3 05/03/2026, 09:14", ""),
        (f"05.03.26, 09:14 Tarn Post: {HEADLINE}", f"{ADDRESS} {{}}/3", f"Tarn Post: {HEADLINE}"),
        ("3/5/26, 9:14 AM Boats to…", f"{ADDRESS} {{}}/3", f"{HEADLINE} – Tarn Post"),
    ],
)
def test_a_browser_s_header_tells_headline_and_outlet_apart(
    tmp_path: Path, count: int, header: str, footer: str, name: str
) -> None:
    article = read(tmp_path, printed(header, footer, count), Title=name, Author="user")
    assert (article.title, article.publication, article.author) == (HEADLINE, "Tarn Post", None)
    assert article.text.startswith(f"{HEADLINE}\n\nThe two boats")
    assert not any(mark in article.text for mark in ("Tarn Post", "http", "09:14", "9:14"))


@pytest.mark.parametrize(
    ("header", "footer"),
    [
        (f"Chapter 2 - {HEADLINE}", "{}"),  # A book.
        (f"3/5/26, 9:14 AM {HEADLINE}", f"{ADDRESS} {{}}/2"),
        ("3/5/26, 9:14 AM Boats - Tarn Post", f"{ADDRESS} {{}}/2"),  # Another headline.
    ],
)
def test_a_header_that_has_no_outlet_beside_the_headline_tells_none(tmp_path: Path, header: str, footer: str) -> None:
    name = header.removeprefix("3/5/26, 9:14 AM ")
    article = read(tmp_path, printed(header, footer, 2), Title=name)
    assert (article.title, article.publication) == (name, None)


def test_a_by_line_names_the_writer_of_a_printed_page(tmp_path: Path) -> None:
    pages = printed(f"3/5/26, 9:14 AM {HEADLINE} - Tarn Post", f"{ADDRESS} {{}}/2", 2)
    pages[0][2:2] = ["", "By Ines Vollmer", "", "3 May 2024", ""]
    article = read(tmp_path, pages, Title=f"{HEADLINE} - Tarn Post", Author="user")
    assert (article.title, article.author, article.published) == (HEADLINE, "Ines Vollmer", "2024-05-03")


def test_a_row_of_days_that_could_be_times_is_read_at_once(tmp_path: Path) -> None:
    header = f"x {'1.11.26 ' * 200}y"
    begun = time.perf_counter()
    article = read(tmp_path, printed(header, f"{ADDRESS} {{}}/1", 1), Title=HEADLINE)
    assert article.text.startswith(header)
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("beside", ["1.11.26", "1.11.26 pm", "1.11.26, 9:02 PM", "2026-11-01 9.02", "1 of 3", "1/3"])
def test_day_time_and_page_on_both_sides_of_a_header_are_no_part_of_it(tmp_path: Path, beside: str) -> None:
    header = f"{beside} {HEADLINE} - Tarn Post {beside}"
    assert read(tmp_path, printed(header, f"{ADDRESS} {{}}/1", 1)).publication == "Tarn Post"
