"""The sample articles: every format is there, all of them load, and the fictional ones say that they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ingest.loaders import SUFFIXES, find_files, load
from rag.schema import Article

SEEDS = Path(__file__).parent.parent / "seeds"
NOTICE = "This article is fiction, written as sample data for On the Record."
GIVEN = "000_fda846308a16d720.txt"
GIVEN_SHA256 = "e7135266a78884f91004dedb235a1c1f24f10a48b4f7119164597b91e72963f1"
FILES, FAILURES = find_files([SEEDS])


def articles(path: Path) -> tuple[Article, ...]:
    return load(path).articles


def test_every_format_is_there() -> None:
    assert FAILURES == []
    # .htm is another name of .html.
    assert {path.suffix for path in FILES} == set(SUFFIXES) - {".htm"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_seed_loads_without_failure(path: Path) -> None:
    loaded = load(path)
    assert loaded.failures == ()
    assert len(loaded.articles) == (3 if path.suffix == ".jsonl" else 1)


def test_the_given_article_is_unchanged() -> None:
    data = (SEEDS / GIVEN).read_bytes()
    assert hashlib.sha256(data).hexdigest() == GIVEN_SHA256
    assert [article.text.encode() for article in articles(SEEDS / GIVEN)] == [data]


@pytest.mark.parametrize("path", [path for path in FILES if path.name != GIVEN], ids=lambda path: path.name)
def test_every_fictional_article_ends_by_saying_so(path: Path) -> None:
    assert [article.text.rstrip().endswith(f"\n\n{NOTICE}") for article in articles(path)] == [True] * len(
        articles(path)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_readme_has_a_row_for_every_file(path: Path) -> None:
    rows = [line for line in (SEEDS / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert sum(row.startswith(f"| `{path.name}` |") for row in rows) == 1


@pytest.mark.parametrize(
    ("name", "title", "author", "publication", "published"),
    [
        (
            "water-tariff.md",
            "Water bills to rise by a fifth, minister tells parliament",
            "Odile Marsh",
            "Northlight News",
            "2026-01-20",
        ),
        (
            "hospital-night-ward.html",
            "Night ward at St Brannoc’s to close for the summer",
            "Idris Quill",
            "The Orrindale Post",
            "2026-05-04",
        ),
        (
            "ferry-truce.json",
            "Skerry ferries to sail again under four-week truce",
            "Nell Haverstock",
            "Skerry Isles Gazette",
            "2026-06-18",
        ),
        ("football-wire.jsonl", "Rovers coach says she is staying", "Sam Ferrar", "Tarnmouth Ledger", "2026-04-02"),
        (
            "school-merger-october.docx",
            "Education director now backs school merger",
            "Idris Quill",
            None,
            "2026-10-05",
        ),
        ("library-fee.pdf", "Tarnmouth library will not charge for loans", "Marguerite Sand", None, "2026-07-14"),
    ],
)
def test_metadata_of_each_format_is_found(
    name: str, title: str, author: str, publication: str | None, published: str
) -> None:
    first = articles(SEEDS / name)[0]
    assert (first.title, first.author, first.publication, first.published) == (title, author, publication, published)


def test_the_web_page_gives_no_clutter() -> None:
    [article] = articles(SEEDS / "hospital-night-ward.html")
    assert [
        word for word in ("Subscribe", "statue", "gullwatcher", "Cookies", "Most read") if word in article.text
    ] == []


def test_the_pdf_gives_whole_paragraphs_and_whole_words() -> None:
    [article] = articles(SEEDS / "library-fee.pdf")
    assert (
        "Borrowing a book in Tarnmouth will stay free, the city’s librarian said on Tuesday, contradicting a "
        "councillor who had announced a fee of one crown a loan."
    ) in article.text.split("\n\n")
