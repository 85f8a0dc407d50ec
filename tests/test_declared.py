"""What a page declares of other articles, in its data or its markup, is nothing that it says of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.loading.formats.page import read_html
from rag.schema import Article

TITLE, ADDRESS = "Bell tower closed", "https://tarn.example/bell"
BODY = "<p>The tower will stay closed until the spring, the parish said on Monday, for its stairs are loose.</p>" * 2
OTHER = {
    "@type": "NewsArticle",
    "headline": "Goat wins fair",
    "url": "https://tarn.example/goat",
    "datePublished": "2024-01-02",
    "dateModified": "2024-05-02",
    "author": {"@type": "Person", "name": "Al Ruiz"},
    "publisher": {"@type": "Organization", "name": "The Fairground Gazette and News"},
}
OWN = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2026-02-03",
    "dateModified": "2026-02-04",
    "author": [{"@type": "Person", "name": "Ines Vollmer"}],
    "publisher": {"@type": "Organization", "name": "Tarn Post"},
}
LIST = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": OTHER}]}
TOLD = ("Ines Vollmer", "Tarn Post", "2026-02-03", "2026-02-04")
BY_ADDRESS = {**OWN, "headline": "Why the bells are silent", "mainEntityOfPage": {"@id": f"{ADDRESS}/#page"}}


def data(*items: dict[str, Any]) -> str:
    declared = ({"@context": "https://schema.org", **item} for item in items)
    return "".join(f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in declared)


def read(head: str, above: str = "") -> Article:
    shown = f"<title>{TITLE} | Tarn Post</title><link rel='canonical' href='{ADDRESS}'>"
    page = f"<html><head>{shown}{head}</head><body>{above}<article><h1>{TITLE}</h1>{BODY}</article></body></html>"
    [article] = read_html(page.encode()).articles
    return article


def told(article: Article) -> tuple[str | None, str | None, str | None, str | None]:
    return article.author, article.publication, article.published, article.updated


@pytest.mark.parametrize(
    "head",
    [
        data(LIST, OWN),
        data(OTHER, OWN),
        data({"@graph": [OTHER, LIST, OWN]}),
        data(OTHER, BY_ADDRESS),
        data(OWN, OTHER),
        # A film within the article has a day of its own.
        data({"@type": "NewsArticle", "video": {"datePublished": "2019-01-01"}, **OWN}),
    ],
)
def test_the_data_of_other_articles_tells_nothing_of_a_page_s_own(head: str) -> None:
    assert told(read(head)) == TOLD


def test_a_page_that_declares_nothing_of_its_own_has_nothing_of_the_articles_that_it_lists() -> None:
    assert told(read(data(LIST))) == (None, "tarn.example", None, None)


def test_the_only_article_of_the_data_is_the_page_s_own_whatever_its_headline() -> None:
    only = {**OWN, "headline": "Tower shut"}
    page = {"@type": "WebPage", "url": ADDRESS, "dateCreated": "2026-02-03"}
    assert told(read(data(page, only))) == TOLD


def test_the_markup_of_another_article_above_the_page_s_own_tells_nothing_of_it() -> None:
    teaser = "<meta itemprop='datePublished' content='2024-01-02'><h3 itemprop='headline'>Goat wins fair</h3>"
    scope = "itemscope itemtype='https://schema.org/NewsArticle'"
    above = f"<div {scope}>{teaser}<span itemprop='author'>Al Ruiz</span></div>"
    article = read("", f"{above}<time itemprop='datePublished' datetime='2026-02-03'>3 February 2026</time>")
    assert (article.author, article.published) == (None, "2026-02-03")


@pytest.mark.parametrize(("below", "day"), [("<time datetime='2026-02-03'></time>", "2026-02-03"), ("", "2024-01-02")])
def test_a_day_in_a_box_beside_the_text_counts_where_there_is_no_other(below: str, day: str) -> None:
    box = "<aside><a href='/goat'>Goat wins fair</a> <time datetime='2024-01-02'></time></aside>"
    assert read("", f"{box}{below}").published == day


def test_data_that_nests_without_end_costs_no_page() -> None:
    deep = f'<script type="application/ld+json">{"[" * 5000}{"]" * 5000}</script>'
    assert read(deep).title == TITLE


def test_a_page_that_shows_only_when_it_was_changed_is_of_the_day_that_it_declares() -> None:
    changed = '<meta property="article:modified_time" content="2026-05-19T16:44:00Z">'
    article = read(changed + data({**OWN, "dateModified": "2026-05-19T16:44:00Z"}), "<p>Last updated: 19 May 2026</p>")
    assert (article.published, article.updated) == ("2026-02-03", "2026-05-19T16:44:00Z")


@pytest.mark.parametrize("unfit", ["\ud83d", "\uffff", "\ufffe", "\x00", "\x7f"])
def test_a_character_that_no_page_can_have_costs_neither_the_page_nor_its_data(unfit: str) -> None:
    assert told(read(data({**OWN, "description": f"Loose {unfit} stairs"}, OTHER))) == TOLD


def test_marks_written_for_html_beside_large_characters_leave_the_data_readable() -> None:
    article = read(data({**OWN, "description": "&quot;é 🔔&quot;", "author": {"name": "Ines 𠮷 Vollmer"}}, OTHER))
    assert (article.author, article.published) == ("Ines 𠮷 Vollmer", "2026-02-03")
