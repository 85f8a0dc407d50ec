"""Heads of releases, of agencies' stories and of articles with lines below the headline; front matter of all kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.loading.loaders import load
from rag.schema import Article

BODY = "The gas works at Mill Lane will be shut in October, and nobody knows what will become of the site after that."
SENT = ["FOR IMMEDIATE RELEASE", "Contact: Petra Vance, press@gas.example, 555 0134"]


def read(folder: Path, *lines: str, name: str = "a.txt") -> Article:
    file = folder / name
    file.write_text("\n".join(lines), encoding="utf-8")
    [article] = load(file).articles
    return article


@pytest.mark.parametrize(
    "lines",
    [
        (*SENT, "Gas works to close", f"HARROW, March 9, 2026 — {BODY}"),
        (*SENT, "Gas works to close", "Nobody loses work", f"HARROW, Ohio (March 9, 2026) – {BODY}"),
        (*SENT, "Gas works to close", f"HARROW, Ohio, March 9, 2026 /Meridianwire/ -- {BODY}"),
        ("For Immediate Release: March 9, 2026", *SENT[1:], "Gas works to close", f"HARROW — {BODY}"),
        ("PRESS RELEASE", "9 March 2026", "Gas works to close", BODY),
        ("Media release", "Petra Vance", "Head of press", "555 0134 22", "March 9, 2026", "Gas works to close", BODY),
        ("Gas works to close", "Nobody loses work", f"HARROW, March 9, 2026 — {BODY}"),
    ],
)
def test_the_headline_of_a_release_is_the_line_above_its_text(tmp_path: Path, lines: tuple[str, ...]) -> None:
    article = read(tmp_path, *lines)
    assert (article.title, article.author, article.published) == ("Gas works to close", None, "2026-03-09")


@pytest.mark.parametrize(
    "lines",
    [
        ("Pilots walk out", "The harbour is quiet for the first time in years.", "By Dagny Lorne"),
        ("BC-EU--Pilots Strike,0412", "Pilots walk out", "Eds: UPDATES with quotes.", "By Dagny Lorne", "The Wire"),
        ("Pilots walk out", "* Minister calls for talks", "* Boats wait", "(Adds quotes)", "By Dagny Lorne"),
    ],
)
def test_a_byline_may_stand_below_more_than_the_headline(tmp_path: Path, lines: tuple[str, ...]) -> None:
    article = read(tmp_path, *lines, "", BODY)
    assert (article.title, article.author) == ("Pilots walk out", "Dagny Lorne")


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("THE HARROW POST 9 March 2026", "Gas works to close"),
        ("The Harrow Messenger Monday 9 March 2026", "Gas works to close"),
        ("Harrow Post Monday, March 9, 2026", "Gas works to close"),
        ("The blast of 9 March 2026", "The blast of 9 March 2026"),
    ],
)
def test_the_name_of_the_paper_with_its_day_is_no_headline(tmp_path: Path, above: str, title: str) -> None:
    article = read(tmp_path, above, "", "Gas works to close", "", "By Dagny Lorne", "", BODY)
    assert (article.title, article.author) == (title, "Dagny Lorne")


@pytest.mark.parametrize(
    "lines",
    [
        ("Gas works to close", BODY, BODY, "By Dagny Lorne"),
        ("Release of the hounds", BODY, BODY),
        ("Gas works to close", "It was known.", "By Monday, all will be gone.", BODY),
        (*SENT, BODY),
    ],
    ids=["by-line last", "a headline like it", "a sentence", "no headline"],
)
def test_nothing_is_read_into_other_heads(tmp_path: Path, lines: tuple[str, ...]) -> None:
    article = read(tmp_path, *lines)
    assert (article.title, article.author, article.published) == (None, None, None)


def test_front_matter_of_plus_signs_is_read(tmp_path: Path) -> None:
    matter = ['title = "Works close"', "date = 2026-03-02T10:00:00Z", 'authors = ["Edda Moor"]', "[more]", "a = 1"]
    article = read(tmp_path, "+++", *matter, "+++", "", BODY, name="a.md")
    assert (article.title, article.author, article.published) == ("Works close", "Edda Moor", "2026-03-02")
    assert article.text == BODY


def test_front_matter_that_is_broken_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("+++\ntitle = Works\n+++\nText.\n")
    [failure] = load(file).failures
    assert "not valid TOML" in failure.reason


@pytest.mark.parametrize(
    ("authors", "told"),
    [
        ("author:\n  name: Edda Moor\n  email: e@x.example", "Edda Moor"),
        ("authors:\n  - name: Edda Moor\n    role: reporter\n  - Finn Oster", "Edda Moor, Finn Oster"),
    ],
)
def test_a_writer_can_be_more_than_a_name(tmp_path: Path, authors: str, told: str) -> None:
    lines = ("---", authors, "permalink: /works/", "canonical_url: https://q.example/works", "---", BODY)
    article = read(tmp_path, *lines, name="a.md")
    assert (article.author, article.url) == (told, "https://q.example/works")


def test_the_day_that_the_name_of_a_post_begins_with_is_its_day(tmp_path: Path) -> None:
    assert read(tmp_path, BODY, name="2026-03-02-works.md").published == "2026-03-02"
    told = read(tmp_path, "---", "date: 2026-03-01", "---", BODY, name="2026-03-02-works.md")
    assert told.published == "2026-03-01"
