"""Small files as newsrooms have them, `newsroom/`: who says what in each, and what in each is nobody's statement.

The kind of a file is the first word of its name: transcripts, exports, pages, corrections, forms of quotation, modes,
other languages, broken lines, names, records. `expected.jsonl` has a line for each file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest import extract_quotes
from ingest.loading.loaders import load
from ingest.quoting.correspondence import letters
from ingest.quoting.statements import statements
from ingest.text.corrections import corrected, outside
from rag.schema import Article, Quote

FOLDER = Path(__file__).parent / "newsroom"
EXPECTED = [json.loads(line) for line in (FOLDER / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
NAMED = pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: Path(expected["file"]).stem)


def quotes_of(article: Article) -> list[Quote]:
    return extract_quotes(article.text, article.title, language=article.language, author=article.author)


def told(name: str) -> list[tuple[Article, Quote]]:
    """Every statement of a file's articles."""
    loaded = load(FOLDER / name)
    assert not loaded.failures
    return [(article, quote) for article in loaded.articles for quote in statements(article.text, quotes_of(article))]


def plain(words: str) -> str:
    return " ".join(words.split())


@NAMED
def test_every_statement_is_found_under_its_speaker_and_nothing_else_is_one(expected: dict[str, Any]) -> None:
    found = told(expected["file"])
    for names, words in expected["said"]:
        speakers = [q.speaker.name if q.speaker else "" for _, q in found if plain(words) in plain(q.text)]
        assert speakers, f"{words} is lost"
        assert names is None or any(one.lower() in who.lower() for one in names.split("|") for who in speakers), (
            speakers
        )
    for words in expected["unsaid"]:
        assert not [quote.text for _, quote in found if words in quote.text]


@NAMED
def test_every_quoted_string_is_the_text_s_letter_for_letter(expected: dict[str, Any]) -> None:
    for article, quote in told(expected["file"]):
        for span in (*quote.content, *quote.source, *quote.cue):
            assert article.text[span.start : span.end] == span.text


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("correction-*")))
def test_every_form_of_a_correction_stands_beside_what_it_corrects(name: str) -> None:
    [article] = load(FOLDER / name).articles
    quotes = outside(article.text, extract_quotes(article.text))
    assert any(quote.corrected for quote in corrected(article.text, quotes))


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("export-nexis-new.txt", [("Dam keeper shuts third gate", "Mara Quist", "Tarn Hollow Mercury", "2026-06-04")]),
        ("export-factiva.txt", [("Board shuts third gate", "Mara Quist", "Norwick Wire", "2026-06-04")]),
        ("export-proquest.txt", [("Board shuts third gate", "Mara Quist", "Tarn Hollow Mercury", "2026-06-04")]),
        ("record-nexis-uk.txt", [("Dam keeper shuts third gate", "Mara Quist", "Tarn Hollow Mercury", "2026-06-04")]),
        ("export-ninjs2.json", [("Board shuts gate", "Mara Quist", "Norwick Wire", "2026-06-04")]),
        ("record-schema-graph.json", [("Gate shut", "Mara Quist", "Mercury", "2026-06-04")]),
        ("record-md-front.md", [("Gate: shut", "Mara Quist", "Mercury", "2026-06-04")]),
        ("record-nitf.xml", [("Gate shut", "Mara Quist", "Norwick Wire", "2026-06-04")]),
        ("record-csv-semicolon.csv", [("Gate shut", None, "Mercury", "2026-06-04")]),
        ("record-html-ld.html", [("Gate shut", None, "Mercury", "2026-06-04")]),
        ("export-mbox-html.mbox", [("Gate shut", None, "The Valley Letter", "2026-06-04")]),
        ("record-eml-byline.eml", [("Board keeps the slipway", "Ina Solberg", "Skerry Gazette", "2026-03-10")]),
        ("transcript-dated-title.txt", [("Transcript: Evening Tide, Radio Skerry", None, None, "2026-06-03")]),
        ("export-rss.xml", [("Weir shut", "Noel Quarry", "Dunmoor Gazette", "2026-02-08")]),
        ("export-atom.atom", [("Weir shut", "Noel Quarry", "Dunmoor Gazette", "2026-02-08")]),
        ("export-trafilatura.xml", [("Weir shut", "Noel Quarry", "Dunmoor Gazette", "2026-02-08")]),
        ("export-newsbank.txt", [("Weir shut", "Noel Quarry", "Dunmoor Gazette", "2026-02-08")]),
        ("export-gale.txt", [("Weir shut", "Noel Quarry", "Dunmoor Gazette", "2026-02-08")]),
        ("export-answer.json", [("Weir shut", "Noel Quarry", "Dunmoor Gazette", "2026-02-08")]),
        ("record-odd-names.tsv", [("Weir shut", "Noel Quarry", "Dunmoor Gazette", "2026-03-08")]),
        ("record-entities.csv", [("Weir & mills shut", None, None, None)]),
        ("record-fields.txt", [("Weir shut", "Noel Quarry", "Dunmoor Gazette", "2026-02-08")]),
        ("record-published-updated.txt", [("Weir shut", "Noel Quarry", None, "2026-02-08")]),
        (
            "language-es-surname.txt",
            [("La alcaldesa de Robledal no venderá el molino", "Lucía Arrizabal", "El Eco de la Sierra", "2026-03-09")],
        ),
    ],
)
def test_what_a_file_says_of_its_first_article_is_read(name: str, about: list[tuple[str | None, ...]]) -> None:
    article = load(FOLDER / name).articles[0]
    assert [(article.title, article.author, article.publication, article.published)] == about


def test_the_articles_of_an_export_each_have_their_outlet() -> None:
    for name in ("export-nexis-new.txt", "export-proquest.txt", "record-nexis-uk.txt"):
        assert [a.publication for a in load(FOLDER / name).articles] == ["Tarn Hollow Mercury", "Upper Vale Gazette"]


def test_what_is_told_of_a_file_that_was_not_read_as_it_stands() -> None:
    told = {
        name: [warning.text for warning in load(FOLDER / name).warnings]
        for name in ("export-rss.xml", "transcript-lines-counted.txt", "record-entities.csv")
    }
    assert told["export-rss.xml"] == ["entries of the feed with only a summary: 1"]
    assert told["transcript-lines-counted.txt"] == ["the numbers of its lines are left out"]
    assert "marks of HTML in it are read as what they stand for" in told["record-entities.csv"][0]


@pytest.mark.parametrize("suffix", [".ndjson", ".jsonl"])
def test_a_format_has_other_names_too(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_text('{"text": "One."}\n{"text": "Two."}\n')
    assert [article.text for article in load(tmp_path / f"a{suffix}").articles] == ["One.", "Two."]


def test_a_later_date_is_kept_apart() -> None:
    for name in ("record-md-front.md", "record-html-ld.html", "record-schema-graph.json", "export-ninjs2.json"):
        [article] = load(FOLDER / name).articles
        assert article.published == "2026-06-04"
        assert str(article.updated)[:10] >= "2026-06-04"


@pytest.mark.parametrize(
    ("name", "who", "talks"),
    [
        ("transcript-told.vtt", "the minister", "Asta Grieg"),
        ("letter-sir.md", "My husband", "Kirsten Aamodt"),
        ("letter-dear-sir.txt", "Rolf Tangen", "Oddvar Brekke"),
        ("letter-to-the-editor.txt", "Jon Moen", "Siri Halle"),
    ],
)
def test_what_somebody_who_talks_or_writes_says_of_another_is_the_other_s_in_other_words(
    name: str, who: str, talks: str
) -> None:
    found = [quote for _, quote in told(name)]
    [passed_on] = [quote for quote in found if quote.speaker and quote.speaker.name == who]
    assert (passed_on.kind, [span.text for span in passed_on.channel]) == ("indirect", [talks])
    own = [quote for quote in found if quote.speaker and quote.speaker.name == talks]
    assert own
    assert {quote.kind for quote in own} == {"direct"}
    assert not any(quote.speaker and "SIR" in (quote.speaker.role or "") for quote in found)


@pytest.mark.parametrize(
    "text",
    [
        "Sir Otto Lind said that the boat leaks.\n\nIna Solberg\nVik",
        "SIR – The boat leaks, and I have said so.\n\nIt will sink.",
        "The boat leaks.\n\nNobody saw it.\n\nThe pilots know.\n\nAll do.\n\nSir, I was there.\n\nSiri Halle",
    ],
    ids=["a title", "nobody signs", "far below"],
)
def test_other_texts_are_no_letters(text: str) -> None:
    assert letters(text) is None
