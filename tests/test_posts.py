"""JSON of feeds and networks: what stands around the posts belongs to each of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.loading.formats.records import read_record
from ingest.loading.loaders import load
from rag.schema import Article

SAID = "“The weir holds,” said Odile Farr."


def loaded(folder: Path, value: object) -> list[Article]:
    path = folder / "export.json"
    path.write_text(json.dumps(value))
    found = load(path)
    assert found.failures == ()
    return list(found.articles)


def test_the_entries_of_a_json_feed_are_of_its_outlet(tmp_path: Path) -> None:
    item = {"id": "https://quay.example/1", "url": "https://quay.example/1", "title": "Weir holds"}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Quay Letters",
        "authors": [{"name": "Edda Moor"}],
        "items": [
            {**item, "content_html": f"<p>{SAID}</p>", "date_published": "2026-03-02T10:00:00Z"},
            {**item, "id": "2", "content_text": SAID, "authors": [{"name": "Finn Oster"}]},
        ],
    }
    found = loaded(tmp_path, feed)
    assert {(a.text, a.publication, a.title, a.url) for a in found} == {
        (SAID, "Quay Letters", "Weir holds", "https://quay.example/1")
    }
    assert [(a.author, a.published) for a in found] == [("Edda Moor", "2026-03-02"), ("Finn Oster", None)]


@pytest.mark.parametrize("is_account", [False, True])
def test_a_message_of_a_channel_has_its_text_in_pieces(tmp_path: Path, is_account: bool) -> None:
    pieces: list[Any] = ["The strike is over. ", {"type": "bold", "text": "“We sail,”"}, " said Odile Farr."]
    about = {"type": "message", "date": "2026-03-02T10:00:00", "text_entities": []}
    messages = [
        {"id": 1, "type": "service", "date": "2026-03-01T10:00:00", "action": "create_channel", "text": ""},
        {"id": 2, **about, "from": "Port Watch", "text": pieces},
        {"id": 3, **about, "from": "Noel Renn", "text": SAID},
    ]
    chat = {"name": "Port Watch", "type": "public_channel", "id": 9, "messages": messages}
    found = loaded(tmp_path, {"chats": {"list": [chat]}} if is_account else chat)
    assert [a.text for a in found] == ["The strike is over. “We sail,” said Odile Farr.", SAID]
    assert [(a.id, a.author, a.publication) for a in found] == [
        ("9/2", None, "Port Watch"),
        ("9/3", "Noel Renn", "Port Watch"),
    ]
    assert {a.published for a in found} == {"2026-03-02"}


def test_who_posted_stands_beside_the_posts(tmp_path: Path) -> None:
    post = {"id": "901", "text": "The weir is shut.", "created_at": "2026-03-04T10:00:00.000Z", "author_id": "7"}
    [found] = loaded(tmp_path, {"data": [post], "includes": {"users": [{"id": "7", "name": "Odile Farr"}]}})
    assert (found.text, found.author, found.published) == ("The weir is shut.", "Odile Farr", "2026-03-04")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (1772618400, "2026-03-04"),
        (1772618400000, "2026-03-04"),
        ("Wed Mar 04 10:00:00 +0000 2026", "2026-03-04"),
    ],
)
def test_a_moment_as_programs_write_it_is_a_date(tmp_path: Path, moment: object, day: str) -> None:
    [found] = loaded(tmp_path, {"text": SAID, "created_at": moment, "user": {"name": "Odile Farr"}})
    assert (found.published, found.author) == (day, "Odile Farr")


def test_wordpress_has_title_and_text_as_it_shows_them(tmp_path: Path) -> None:
    post = {
        "id": 11,
        "date": "2026-03-03T08:00:00",
        "link": "https://brack.example/weir",
        "title": {"rendered": "Weir &#8211; it holds"},
        "content": {"rendered": f"<p>It was looked at.</p><p>{SAID}</p>", "protected": False},
        "author": 3,
    }
    [found] = loaded(tmp_path, [post])
    assert (found.id, found.title, found.author) == ("11", "Weir – it holds", None)
    assert (found.text, found.url) == (f"It was looked at.\n\n{SAID}", "https://brack.example/weir")
    [found] = loaded(tmp_path, [{**post, "_embedded": {"author": [{"name": "Edda Moor"}]}}])
    assert found.author == "Edda Moor"


@pytest.mark.parametrize("added", [{}, {"_embedded": {"author": [{"code": "rest_user_invalid_id"}]}}])
def test_a_post_of_wordpress_has_writer_and_outlet_from_its_page_s_head(
    tmp_path: Path, added: dict[str, object]
) -> None:
    head = {"og_site_name": "The Brack Post", "author": "Edda Moor"}
    post = {"title": {"rendered": "Weir"}, "content": {"rendered": SAID}, "author": 3, "yoast_head_json": head}
    [found] = loaded(tmp_path, [post | added])
    assert (found.author, found.publication) == ("Edda Moor", "The Brack Post")
    named = {"_embedded": {"author": [{"name": "Bo Rask"}]}, "publication": "Brack Weekly"}
    [found] = loaded(tmp_path, [{**post, **named}])
    assert (found.author, found.publication) == ("Bo Rask", "Brack Weekly")


@pytest.mark.parametrize("page", ["https://p.example/q", {"@type": "WebPage", "@id": "https://p.example/q"}])
def test_the_page_that_an_article_is_the_main_thing_of_is_its_address(page: object) -> None:
    [found] = read_record({"articleBody": SAID, "mainEntityOfPage": page}).articles
    assert found.url == "https://p.example/q"


def test_a_text_can_be_a_list_of_its_paragraphs() -> None:
    [found] = read_record({"text": ["It was looked at.", SAID]}).articles
    assert found.text == f"It was looked at.\n\n{SAID}"


def test_a_table_of_pieces_of_speech_is_one_recording(tmp_path: Path) -> None:
    table = tmp_path / "speech.tsv"
    table.write_text("start\tend\ttext\n0\t2400\tI have been mayor\n2400\t5100\tfor six years.\n")
    assert [article.text for article in load(table).articles] == ["I have been mayor for six years."]
    table.write_text("start\tend\tspeaker\ttext\n0\t1\tOdile\tWho asks?\n1\t2\tNoel\tI do,\n2\t3\tNoel\twe all do.\n")
    assert [article.text for article in load(table).articles] == ["Odile: Who asks?\n\nNoel: I do, we all do."]


def test_a_text_that_is_written_as_html_is_read_as_it_shows() -> None:
    [found] = read_record({"content": f"<p>It was looked at.</p>\n<p>{SAID}</p>"}).articles
    assert found.text == f"It was looked at.\n\n{SAID}"
    [given] = read_record({"text": f"<p>{SAID}</p>"}).articles
    assert given.text == f"<p>{SAID}</p>"


@pytest.mark.parametrize(
    ("other", "day"),
    [
        ("25/03/2026", "2026-03-04"),
        ("03/25/2026", "2026-04-03"),
        ("05/03/2026", None),
        ("25/03/2026 08:00", "2026-03-04"),
    ],
)
def test_a_day_in_figures_is_read_as_the_others_of_its_column(tmp_path: Path, other: str, day: str | None) -> None:
    table = tmp_path / "export.csv"
    table.write_text(f"title,date,text\nOne,04/03/2026,{SAID}\nOther,{other},04/03/2026 was cold.\n")
    found = load(table).articles
    assert [article.published for article in found][:1] == [day]
    assert found[1].text == "04/03/2026 was cold."
