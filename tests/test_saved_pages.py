"""Pages that were not made by a newspaper's site: documents, exports of archives, newsletters; and whose text it is."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.loading.loaders import load
from rag.schema import Article

SAID = "“I shut the gate myself, and it stays shut,” said Ruth Ansell, who runs the harbour."
TOLD = "It had stood open since the storm of last winter, when the sea took the old one away in one night."


def read(folder: Path, body: str, head: str = "") -> list[Article]:
    file = folder / "a.html"
    file.write_text(f"<html><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    return list(load(file).articles)


def test_a_document_s_remarks_are_no_text_and_its_byline_is_read(tmp_path: Path) -> None:
    mark, words = '<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup>', "“I shut the gate"
    remark = '<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Is this on tape? said the lawyer</span></p></div>'
    body = f"<p>Gate shut</p><p>By Ann Bo, The Courier, 4 March 2026</p><p>{SAID.replace(words, words + mark)}</p>"
    [article] = read(tmp_path, f"{body}<p>{TOLD}</p>{remark}")
    assert article.text.split("\n\n")[2:] == [SAID, TOLD]
    assert (article.title, article.author, article.publication) == ("Gate shut", "Ann Bo", "The Courier")
    assert article.published == "2026-03-04"


@pytest.mark.parametrize("line", ["By Ann Bo, The Courier, 4 March 2026", "Ann Bo | The Courier | 4 March 2026"])
def test_a_page_that_declares_nothing_has_its_byline_read(tmp_path: Path, line: str) -> None:
    body = f"<article><h1>Gate shut</h1><p>{line}</p><p>{TOLD}</p><p>{SAID}</p></article>"
    [article] = read(tmp_path, body, "<title>Gate shut</title>")
    assert (article.author, article.publication, article.published) == ("Ann Bo", "The Courier", "2026-03-04")
    assert article.text == f"{line}\n\n{TOLD}\n\n{SAID}"


def test_what_a_page_declares_counts_alone(tmp_path: Path) -> None:
    body = f"<article><h1>Gate shut</h1><p>By Cy Dee, The Post, 1 May 2020</p><p>{TOLD}</p><p>{SAID}</p></article>"
    [article] = read(tmp_path, body, '<title>Gate shut</title><meta name="author" content="Ann Bo">')
    assert (article.author, article.published) == ("Ann Bo", None)


def test_articles_with_a_heading_each_are_articles_by_themselves(tmp_path: Path) -> None:
    one = f"<article><h1>Gate shut</h1><p>The Courier, 4 March 2026</p><p>{TOLD}</p><p>{SAID}</p></article>"
    other = f"<article><h1>Gate &amp; quay</h1><p>The Post, 5 March 2026</p><p>{SAID}</p><p>{TOLD}</p></article>"
    found = read(tmp_path, f"{one}{other}<article><h1>Empty</h1></article>")
    assert [(article.title, article.published) for article in found] == [
        ("Gate shut", "2026-03-04"),
        ("Gate & quay", "2026-03-05"),
    ]
    assert found[1].text.split("\n\n")[1:] == [SAID, TOLD]


def test_the_entries_of_a_live_page_are_one_article(tmp_path: Path) -> None:
    entries = "".join(f"<article><h2>Entry</h2><p>{words}</p></article>" for words in (TOLD, SAID, TOLD))
    assert len(read(tmp_path, f"<main><h1>As it happened</h1>{entries}</main>", "<title>As it happened</title>")) == 1


def test_teasers_are_no_articles(tmp_path: Path) -> None:
    teaser = f"<article><h1><a href='/b'>Gate shut</a></h1><p>{TOLD}</p></article>"
    assert len(read(tmp_path, teaser * 3)) == 1


@pytest.mark.parametrize("name", ["ad", "article-ad", "Advertisement", "ad-slot"])
def test_the_place_of_an_advertisement_is_no_text(tmp_path: Path, name: str) -> None:
    box = f'<div class="{name}">Advertisement</div>'
    [article] = read(tmp_path, f"<article><h1>Gate</h1><p>{TOLD}</p>{box}<p>{SAID}</p></article>")
    assert article.text.split("\n\n")[-2:] == [TOLD, SAID]


def test_words_of_an_article_stay_whatever_its_boxes_are_called(tmp_path: Path) -> None:
    box = f'<div class="ad-free reader-ad">{TOLD}</div>'
    [article] = read(tmp_path, f"<article><h1>Gate</h1>{box}<p>{SAID}</p></article>")
    assert TOLD in article.text


@pytest.mark.parametrize(
    ("headers", "first", "url"),
    [
        ({"List-Post": "<https://notes.example/p/gate>"}, "", "https://notes.example/p/gate"),
        ({"List-Post": "<mailto:notes@list.example>"}, "", None),
        ({}, "View this post on the web at https://notes.example/p/gate\n\n", "https://notes.example/p/gate"),
        ({}, "View in your browser (https://notes.example/p/gate)\n\n", "https://notes.example/p/gate"),
        ({}, "https://notes.example/p/gate\n\n", None),
    ],
)
def test_a_newsletter_says_where_it_can_be_read(
    tmp_path: Path, headers: dict[str, str], first: str, url: str | None
) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Tide Notes <notes@list.example>", "Gate shut"
    for header, value in headers.items():
        message[header] = value
    message.set_content(f"{first}{TOLD}\n\n{SAID}\n")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    [article] = load(tmp_path / "a.eml").articles
    assert article.url == url


def test_whose_the_text_is_stands_below_an_article_and_is_no_part_of_it(tmp_path: Path) -> None:
    one = "Title: Gate shut\nSource: The Courier\nDate: 4 March 2026\n\n"
    exported = (
        f"{one}{SAID}\n\nCopyright law does not hold here.\n\nCopyright 2026 The Courier. All rights reserved.\n\n"
    )
    (tmp_path / "a.txt").write_text(f"{exported}{one}{TOLD}\n", encoding="utf-8")
    found = load(tmp_path / "a.txt").articles
    assert [a.text for a in found] == [f"{SAID}\n\nCopyright law does not hold here.", TOLD]
