"""People and Articles as data and HTML: what stands where, in which order and colour."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest

from rag import lookup
from rag.config import Settings
from rag.models.chat import destination
from rag.schema import Article
from tests.fakes import quote, record, write_index
from web.articles import article_html, coloured, listed, table_html
from web.examples import examples
from web.markup import render
from web.opening import opened
from web.people import person_html, timeline

ONE = Article(
    "one",
    "“The dam will hold for years,” Ida Hale said. “It is a fine old dam,” said Karl Poole.",
    "Dam <holds>",
    "Ann Reed",
    "The Post",
    "2026-01-10",
)
TWO = Article(
    "two", "“The dam is old,” Ida Hale said. “It leaks,” Ida Hale said.", "A leak", None, "Mail", "2026-03-01"
)
BARE = Article("bare", "“We know nothing,” the clerk said.")


@pytest.fixture
def index(tmp_path: Path, fake_models: None) -> Path:
    write_index(
        tmp_path,
        record(
            ONE,
            quote(ONE, "“The dam will hold for years,”", by="Ida Hale", role="mayor"),
            quote(ONE, "“It is a fine old dam,”", by="Karl Poole"),
        ),
        record(TWO, quote(TWO, "“The dam is old,”", by="Ida Hale"), quote(TWO, "“It leaks,”", by="Ida Hale")),
        record(BARE, quote(BARE, "“We know nothing,”", by="the clerk")),
    )
    return tmp_path


def test_the_examples_ask_whom_the_collection_quotes_and_put_others_words_to_them(index: Path) -> None:
    assert examples(index) == [
        "What did Ida Hale say?",
        "What did Karl Poole say?",
    ]


def test_an_example_quotes_words_of_somebody_else(tmp_path: Path, fake_models: None) -> None:
    names = ("Ida Hale", "Karl Poole", "Ann Reed", "Bo Lund")
    said = [f"“The dam number {n} will hold for years,”" for n in range(4)]
    text = " ".join(f"{words} {name} said." for words, name in zip(said, names, strict=True))
    article = Article("a", text)
    write_index(tmp_path, record(article, *(quote(article, w, by=n) for w, n in zip(said, names, strict=True))))
    third, fourth = examples(tmp_path)[2:]
    assert re.fullmatch(r"Who said “The dam number \d will hold for years”\?", third)
    assert re.fullmatch(r"Did Ann Reed say “The dam number \d will hold for years”\?", fourth)


def test_a_person_s_statements_stand_from_the_oldest_to_the_newest(index: Path) -> None:
    page = person_html("Ida Hale", index)
    listed = page[page.index('id="pc1"') :]
    words = [html.unescape(found) for found in re.findall(r'<blockquote class="otr-words">(.*?)</blockquote>', listed)]
    assert words == ["“The dam will hold for years,”", "“The dam is old,”", "“It leaks,”"]
    assert "3 statements in 2 articles" in page
    assert 'data-ask="What did Ida Hale say?"' in page
    assert "10 January 2026 1 times, 1 March 2026 2 times" in page


def test_a_row_of_either_list_opens_what_it_tells_of_and_that_leads_back_to_the_row(index: Path) -> None:
    people = render("people.html", people=lookup.list_people(index=index, limit=9))
    assert '<button type="button" class="otr-open" data-open="Ida Hale">Ida Hale</button>' in people
    assert 'data-open="" data-back="Ida Hale"' in person_html("Ida Hale", index)
    articles = table_html(listed("dam", "title", index))
    assert '<button type="button" class="otr-open" data-open="one">Dam &lt;holds&gt;</button>' in articles
    assert 'data-open="" data-back="one"' in article_html("one", index)


@pytest.mark.parametrize(
    ("sent", "label"),
    [({"open": "Ida Hale"}, "Ida Hale"), ({"open": ""}, ""), ({"open": None}, ""), (None, ""), ([], "")],
)
def test_what_is_opened_is_a_label_or_nothing_whatever_a_browser_sends(sent: object, label: str) -> None:
    assert opened(gr.EventData(None, sent)) == label


def test_a_row_tells_its_numbers_in_words_and_a_day_once(index: Path) -> None:
    page = render("people.html", people=lookup.list_people(index=index, limit=9))
    row = html.unescape(re.sub(r"<[^>]*>", "|", page[page.index('data-open="Karl Poole"') :]))
    assert "|1| statement|" in row
    assert row.count("10 January 2026") == 1
    assert "|10 January 2026| – |1 March 2026|" in re.sub(r"<[^>]*>", "|", page)


def test_a_timeline_runs_from_the_first_day_to_the_last(index: Path) -> None:
    dots = timeline(lookup.statements_of("Ida Hale", index=index))
    assert [(dot.x, dot.day, dot.count) for dot in dots] == [(12.0, "2026-01-10", 1), (588.0, "2026-03-01", 2)]
    assert [dot.x for dot in timeline(lookup.statements_of("Karl Poole", index=index))] == [300.0]
    assert timeline(lookup.statements_of("the clerk", index=index)) == []


@pytest.mark.parametrize(
    ("words", "sort", "found"),
    [
        ("", "newest first", ["two", "one", "bare"]),
        ("", "title", ["two", "one", "bare"]),
        ("", "outlet", ["two", "one", "bare"]),
        ("", "most statements", ["one", "two", "bare"]),
        ("POST dam", "newest first", ["one"]),
        ("ann 2026-01", "title", ["one"]),
        ("nothing of that kind", "title", []),
    ],
)
def test_articles_are_filtered_and_sorted(index: Path, words: str, sort: str, found: list[str]) -> None:
    assert [article.id for article, _ in listed(words, sort, index)] == found


def test_an_article_is_shown_whole_with_each_speaker_in_a_colour(index: Path) -> None:
    page = article_html("one", index)
    assert re.findall(r'<mark class="otr-c(\d)" title="([^"]*)">', page) == [("0", "Ida Hale"), ("1", "Karl Poole")]
    assert ONE.text in html.unescape(re.sub(r"<[^>]*>", "", page))
    assert "Dam &lt;holds&gt;" in page
    assert "Ann Reed · The Post · 10 January 2026" in page


@pytest.mark.parametrize(("url", "links"), [("https://post.example/a", 1), ("javascript:x", 0), (None, 0)])
def test_an_article_leads_to_where_it_was_published(
    tmp_path: Path, fake_models: None, url: str | None, links: int
) -> None:
    write_index(tmp_path, record(replace(ONE, url=url), quote(ONE, "“It is a fine old dam,”", by="Karl Poole")))
    page = article_html("one", tmp_path)
    assert page.count('<a href="https://post.example/a" target="_blank" rel="noopener noreferrer">') == links
    assert "javascript" not in page


def test_statements_that_overlap_lose_no_word_and_show_none_twice(index: Path) -> None:
    from dataclasses import replace

    (first, second) = lookup.statements_in("one", index=index)
    inside = replace(first, spans=((1, 8),))
    pieces = coloured(ONE.text, [first, inside, second], {"Ida Hale": 0, "Karl Poole": 1})
    assert "".join(text for text, _, _ in pieces) == ONE.text


@pytest.mark.parametrize(
    ("llm", "base", "host"),
    [
        ("embedded", None, ""),
        ("gguf:/models/a.gguf", None, ""),
        ("http://127.0.0.1:8080/v1", None, ""),
        ("ollama:qwen3", None, ""),
        ("ollama:qwen3", "http://models.example:11434", "models.example"),
        ("openai:some-model", None, "openai"),
        ("openai:some-model", "http://localhost:8080/v1", ""),
        ("https://models.example/v1", None, "models.example"),
        ("http://127.0.0.1.models.example/v1", None, "127.0.0.1.models.example"),
    ],
)
def test_the_page_says_where_a_question_goes(
    monkeypatch: pytest.MonkeyPatch, llm: str, base: str | None, host: str
) -> None:
    for name in ("OLLAMA_HOST", "OTR_LLM_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    assert destination(Settings.load(llm=llm, llm_base_url=base)) == host
    page = render("intro.html", model=llm, host=host, is_choice=False)
    assert ("Nothing leaves this machine." in page) is (not host)
    told = f"Your question, what was said before it and the passages found for it go to {host} (model {llm})."
    assert (told in page) is bool(host)
