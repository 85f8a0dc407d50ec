"""The sample articles: all formats load, the fictional ones say what they are, and in the given one who says what."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.loaders import SUFFIXES, find_files, load
from ingest.quoting.statements import statements
from rag.schema import Article, Quote

SEEDS = Path(__file__).parent.parent / "seeds"
NOTICE = "This article is fiction, written as sample data for On the Record."
GIVEN = "000_fda846308a16d720.txt"
GIVEN_SHA256 = "e7135266a78884f91004dedb235a1c1f24f10a48b4f7119164597b91e72963f1"
FILES, FAILURES = find_files([SEEDS])


def articles(path: Path) -> tuple[Article, ...]:
    return load(path).articles


def test_every_format_is_there() -> None:
    assert FAILURES == []
    # Some are other names of these; captions, tables, feeds, mail and rich text have tests of their own.
    assert {path.suffix for path in FILES} == set(SUFFIXES) - {
        ".htm",
        ".xhtml",
        ".markdown",
        ".ndjson",
        ".tsv",
        ".rss",
        ".atom",
        ".vtt",
        ".srt",
        ".csv",
        ".xml",
        ".mbox",
        ".eml",
        ".zip",
        ".odt",
        ".rtf",
        ".mhtml",
        ".mht",
    }


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
            "The Orrindale Post",
            "2026-10-05",
        ),
        (
            "library-fee.pdf",
            "Tarnmouth library will not charge for loans",
            "Marguerite Sand",
            "Tarnmouth Ledger",
            "2026-07-14",
        ),
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


# Every statement of the given article, read by a person: who, how, and its first and last words. By the annotators'
# convention "that" belongs to what is said, a preposition such as "for" to the cue.
PESKOV = ("Dmitry Peskov", "Kremlin spokesperson")
TERNER = ("Steven Terner", "head of the New York-based Terner Consulting")
FRIDMAN = ("Ofer Fridman", "a senior lecturer at King’s College London")
RATCLIFFE = ("John Ratcliffe", "CIA Director")
WALTZ = ("Mike Waltz", "US National Security Adviser")
SOURCES = ("three sources familiar with the matter", None)
LAWMAKERS = ("Republican lawmakers and national security officials", None)
SAID: list[tuple[tuple[str, str | None], str, str, str]] = [
    (SOURCES, "indirect", "Further escalating the diplomatic crisis", "operations against Russia"),
    (("some experts", None), "indirect", "the move as a temporary pause", "serve broader diplomatic objectives"),
    (("others", None), "indirect", "that it could be a dangerous", "Russia’s global cyber influence"),
    (PESKOV, "direct", "“The new administration", "aligns with our vision.”"),
    (TERNER, "indirect", "that it benefits Russia", "more than the US"),
    (TERNER, "direct", "“This is just one more", "a ‘Manchurian candidate,’”"),
    (TERNER, "indirect", "that Russian cyber and narrative", "and fueling political unrest"),
    (TERNER, "direct", '"In the US and Britain', 'the anti-nuclear movement,"'),
    (FRIDMAN, "indirect", "that this move marks the first", "true adversarial diplomatic negotiation"),
    (FRIDMAN, "direct", "“It’s more political", "States at any risk,”"),
    (FRIDMAN, "direct", "“Trump’s government", "infrastructure from Russia.”"),
    (FRIDMAN, "indirect", "the backlash stems from", "established Western diplomatic norms"),
    (FRIDMAN, "direct", "“The West, for the", "make adversarial negotiations,”"),
    (FRIDMAN, "direct", "“European Union", "we will apply sanctions.’”"),
    (FRIDMAN, "indirect", "that true negotiations", "negotiations involve compromise"),
    (FRIDMAN, "direct", "“You need to give", "does not want to give,”"),
    (LAWMAKERS, "indirect", "a more aggressive US", "aggressive US cyber posture"),
    (RATCLIFFE, "indirect", "that America's adversaries", "espionage as a critical tool"),
    (RATCLIFFE, "direct", '"I want us to have', 'in the cyber community,"'),
    (WALTZ, "indirect", "that cyber attackers", "must face higher costs"),
    (WALTZ, "indirect", "an offensive cyber strategy to", "to deter future threats"),
    (FRIDMAN, "indirect", "that Trump’s move may not", "what it initially seems"),
    (FRIDMAN, "direct", "“Trump’s general", "only time will tell.”"),
    (("many experts", None), "indirect", "that halting offensive cyber", "lacks strategic depth"),
    (TERNER, "mixed", "that the move “gives Russia", "Iran, and other adversaries.”"),
]
# What Terner criticized, an attitude: an annotator may mark it, and nobody misses it.
ALSO = "the decision"
GIVEN_TEXT = (SEEDS / GIVEN).read_text(encoding="utf-8")


@cache
def given_statements() -> tuple[Quote, ...]:
    return tuple(statements(GIVEN_TEXT, extract_quotes(GIVEN_TEXT)))


def piece(first: str, last: str) -> list[tuple[int, str]]:
    """(start, text) of the one stretch of the given article from `first` through `last`."""
    start = GIVEN_TEXT.index(first)
    end = GIVEN_TEXT.index(last, start) + len(last)
    return [(start, GIVEN_TEXT[start:end])]


@pytest.mark.parametrize(("speaker", "kind", "first", "last"), SAID, ids=[first for _, _, first, _ in SAID])
def test_every_statement_of_the_given_article_is_found_exactly(
    speaker: tuple[str, str | None], kind: str, first: str, last: str
) -> None:
    found = [q for q in given_statements() if [(s.start, s.text) for s in q.content] == piece(first, last)]
    assert [(q.speaker and (q.speaker.name, q.speaker.role), q.kind) for q in found] == [(speaker, kind)]


def test_nothing_else_in_the_given_article_is_said() -> None:
    gold = [piece(first, last) for _, _, first, last in SAID]
    found = [[(s.start, s.text) for s in q.content] for q in given_statements()]
    assert [spans for spans in found if spans not in gold and [text for _, text in spans] != [ALSO]] == []
