"""Articles as JSON from the tools that newsrooms use: their fields, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.loading.formats.records import read_record
from ingest.loading.loaders import Warned, load
from rag.schema import Article

SAID = "“The quay is sound,” said Ana Torvik."


def loaded(folder: Path, value: object) -> list[Article]:
    path = folder / "a.json"
    path.write_text(json.dumps(value))
    found = load(path)
    assert found.failures == ()
    return list(found.articles)


def test_ninjs_has_its_body_as_html(tmp_path: Path) -> None:
    record = {
        "guid": "urn:wire:1",
        "versioncreated": "2026-05-02T09:06:12+0000",
        "headline": "Quay holds",
        "byline": "Ann Bo",
        "source": "Halvick Wire",
        "body_html": "<p>HALVICK (Wire) — It was looked at.</p><blockquote><p>It is &amp; stays.</p></blockquote>"
        f"<p>{SAID}</p>",
    }
    [article] = loaded(tmp_path, record)
    assert (article.id, article.title, article.author) == ("urn:wire:1", "Quay holds", "Ann Bo")
    assert (article.publication, article.published) == ("Halvick Wire", "2026-05-02")
    assert article.text == f"HALVICK (Wire) — It was looked at.\n\n    It is & stays.\n\n{SAID}"


def test_newspaper_has_a_list_of_authors(tmp_path: Path) -> None:
    record = {
        "text": SAID,
        "authors": ["Ann Bo", "Cy Dee"],
        "publish_date": "2026-05-02 00:00:00",
        "url": "https://p.example",
    }
    [article] = loaded(tmp_path, record)
    assert (article.author, article.published, article.url) == ("Ann Bo, Cy Dee", "2026-05-02", "https://p.example")


def test_trafilatura_has_the_address_as_its_source(tmp_path: Path) -> None:
    record = {"text": SAID, "source": "https://p.example/q", "source-hostname": "The Post", "author": None, "id": None}
    [article] = loaded(tmp_path, record)
    assert (article.publication, article.url, article.author) == ("The Post", "https://p.example/q", None)


def test_media_cloud_has_the_name_of_the_medium_as_the_outlet(tmp_path: Path) -> None:
    [article] = loaded(tmp_path, {"text": SAID, "media_id": 4, "media_name": "The Post", "publish_date": "2026-05-02"})
    assert (article.publication, article.published) == ("The Post", "2026-05-02")


def test_the_list_of_an_answer_may_stand_a_few_objects_deep(tmp_path: Path) -> None:
    found = {"articles": {"results": [{"body": SAID, "lang": "eng", "source": {"uri": "p", "title": "The Post"}}]}}
    [article] = loaded(tmp_path, found)
    assert (article.text, article.language, article.publication) == (SAID, "en", "The Post")
    hits = {"hits": {"hits": [{"_id": "7", "_source": {"maintext": SAID, "date_publish": "04 Mar 2026"}}]}}
    [article] = loaded(tmp_path, hits)
    assert (article.text, article.published) == (SAID, "2026-03-04")


def test_our_own_name_of_a_field_counts_before_one_like_it(tmp_path: Path) -> None:
    [article] = loaded(tmp_path, {"Full Text": "Other.", "Text": "Mine too.", "text": SAID})
    assert article.text == SAID


def test_pieces_of_one_speaker_say_no_more_than_the_text(tmp_path: Path) -> None:
    [article] = loaded(tmp_path, {"text": "It is.", "segments": [{"speaker": "A", "text": "It"}, {"text": "is."}]})
    assert article.text == "It is."


def test_an_address_is_no_outlet(tmp_path: Path) -> None:
    [article] = loaded(tmp_path, {"text": SAID, "source": "https://p.example/q"})
    assert (article.publication, article.url) == (None, "https://p.example/q")


def test_newsapi_has_a_list_with_named_sources_and_texts_cut_off(tmp_path: Path) -> None:
    one = {
        "source": {"id": None, "name": "The Post"},
        "author": "Ann Bo",
        "title": "Quay holds",
        "url": "https://p.example/q",
        "publishedAt": "2026-05-02T09:00:00Z",
        "content": f"{SAID} It was looked… [+1204 chars]",
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"status": "ok", "totalResults": 2, "articles": [one, {**one, "content": SAID}]}))
    found = load(path)
    assert [article.text for article in found.articles] == [f"{SAID} It was looked", SAID]
    assert {article.publication for article in found.articles} == {"The Post"}
    text = "`content` is cut off: the rest of the article is not in the file"
    assert found.warnings == (Warned(f"{path} (item 1)", text),)


def test_schema_org_names_its_people_in_objects(tmp_path: Path) -> None:
    record = {
        "@type": "NewsArticle",
        "headline": "Quay holds",
        "articleBody": SAID,
        "author": [{"@type": "Person", "name": "Ann Bo"}],
        "publisher": {"name": "The Post"},
        "datePublished": "2026-05-02",
    }
    [article] = loaded(tmp_path, record)
    assert (article.title, article.author, article.publication) == ("Quay holds", "Ann Bo", "The Post")
    assert (article.text, article.published) == (SAID, "2026-05-02")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"text": 3, "content": None}, "`text` must be a string, not a number"),
        ({"headline": "x"}, "`text` is missing"),
        ({"text": "x", "author": 3}, "`author` must be a string, not a number"),
        ({"text": "x", "publish_date": {}}, "`publish_date` must be a string, not an object"),
    ],
)
def test_what_is_no_article_is_refused(tmp_path: Path, record: dict[str, Any], reason: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(record))
    assert [failure.reason for failure in load(path).failures] == [reason]


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"pubstatus": "canceled", "ednote": "Sent in error."}, "retracted Sent in error."),
        ({"ednote": "Correction: It is Torvik."}, "Correction: It is Torvik."),
        ({"ednote": "Photos follow."}, None),
        ({"correction": "It is Torvik."}, "It is Torvik."),
    ],
)
def test_what_the_publisher_says_of_an_article_is_its_notice(fields: dict[str, str], notice: str | None) -> None:
    [article] = read_record({"text": "It leaks.", **fields}).articles
    assert article.notice == notice


def test_dates_of_publication_and_of_an_update_language_and_story_are_kept_apart() -> None:
    record = {
        **{"body_text": "It leaks.", "uri": "urn:holm:7", "version": "2", "language": "en-GB"},
        **{"firstcreated": "2026-05-03T08:00:00Z", "versioncreated": "2026-05-04T10:00:00Z"},
    }
    [article] = read_record(record).articles
    assert (article.published, article.updated) == ("2026-05-03T08:00:00Z", "2026-05-04T10:00:00Z")
    assert (article.story, article.language) == ("urn:holm:7", "en-GB")


def test_the_day_of_a_feed_and_the_by_of_a_byline_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    record = {"text": "It leaks.", "byline": "By Ann Bo", "pubDate": "Tue, 03 Mar 2026 10:00:00 GMT"}
    file.write_text(json.dumps(record))
    [article] = load(file).articles
    assert (article.author, article.published) == ("Ann Bo", "2026-03-03")


def test_lists_of_by_lines_and_sources_and_the_only_address(tmp_path: Path) -> None:
    record = {
        "headlines": [{"role": "main", "value": "Quay is sound"}],
        "bodies": [{"role": "main", "contenttype": "text/plain", "value": SAID}],
        "bylines": [{"value": "By Greta Lowe"}],
        "infosources": [{"name": "Brackwire", "role": "provider"}],
        "Document URL": "https://brack.example/quay",
    }
    [article] = loaded(tmp_path, record)
    assert (article.author, article.publication, article.url) == ("Greta Lowe", "Brackwire", record["Document URL"])


def test_of_two_addresses_by_other_names_none_is_the_articles(tmp_path: Path) -> None:
    addresses = {"imageURL": "https://brack.example/a.jpg", "homeURL": "https://brack.example"}
    assert loaded(tmp_path, {"text": SAID, **addresses})[0].url is None


def test_a_headline_and_a_writer_that_are_objects(tmp_path: Path) -> None:
    record = {"text": SAID, "headline": {"main": "Quay is sound", "seo": None}, "byline": {"original": "By Greta Lowe"}}
    [article] = loaded(tmp_path, record)
    assert (article.title, article.author) == ("Quay is sound", "Greta Lowe")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"pageUrl": "https://m.p.example/q?ref=1", "resolvedPageUrl": "https://p.example/q"}, "https://p.example/q"),
        ({"page_url": "https://p.example/q", "imageUrl": "https://p.example/q.jpg"}, "https://p.example/q"),
        ({"articleUrl": "https://p.example/q"}, "https://p.example/q"),
        ({}, None),
    ],
)
def test_the_address_is_that_of_the_page_never_that_of_its_writer_or_outlet(
    tmp_path: Path, given: dict[str, str], address: str | None
) -> None:
    others = {"authorUrl": "https://p.example/by/bo", "publisher_url": "https://p.example"}
    [article] = loaded(tmp_path, {"objects": [{"text": SAID, "humanLanguage": "en", **others, **given}]})
    assert (article.url, article.language) == (address, "en")
