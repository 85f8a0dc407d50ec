"""The format readers: text and metadata of Markdown and web pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from ingest.loading.common import LoadError, Read
from ingest.loading.formats.markdown import AS_MARKDOWN, read_markdown
from ingest.loading.formats.page import read_html
from ingest.loading.readers import read_text
from rag.schema import Article


def refusal(read: Callable[[bytes], Read], data: bytes) -> str:
    with pytest.raises(LoadError) as raised:
        read(data)
    return str(raised.value)


# --- Markdown


def test_markdown_becomes_paragraphs_of_plain_text() -> None:
    source = """---
title: "Quay: the vote"
author: [Ann, Bo]
publication: The Post
date: 2026-01-20
url: https://post.example/quay
---
# Heading

Wrapped *and* **bold**
[link](https://x.example) &amp; `code`.

> “Quoted,” she
> said.

- first
- second

<div>In a <b>box</b></div>

| a | b |
|---|---|
| c | d |
"""
    blocks = [
        "Heading",
        "Wrapped and bold link & code.",
        "    “Quoted,” she said.",
        "first",
        "second",
        "In a box",
        *"abcd",
    ]
    assert read_markdown(source.encode()).articles[0] == Article(
        id="",
        text="\n\n".join(blocks),
        title="Quay: the vote",
        author="Ann, Bo",
        publication="The Post",
        published="2026-01-20",
        url="https://post.example/quay",
    )


def test_the_first_heading_is_the_title_without_front_matter() -> None:
    [article] = read_markdown(b"Intro.\n\n## The *vote*\n\n# Later\n").articles
    assert (article.title, article.text) == ("The vote", "Intro.\n\nThe vote\n\nLater")


def test_front_matter_that_is_not_yaml_is_a_failure_with_advice() -> None:
    reason = refusal(read_markdown, b"---\ntitle: He said: no\n---\nText.\n")
    assert reason.startswith("the front matter is not valid YAML (")
    assert reason.endswith("; put values that contain a colon in quotation marks")


# --- HTML

# A page with less text than this is taken whole by trafilatura.
LONG = " ".join(["The pilots, who had met all morning, said that they would wait and see."] * 5)


def test_html_gives_the_article_without_the_page_around_it() -> None:
    page = f"""<html><head><title>Quay | The Post</title><meta property="og:site_name" content="The Post">
    <meta property="og:title" content="Quay"><meta name="author" content="Ann Bo">
    <meta property="article:published_time" content="2026-01-20"><link rel="canonical" href="https://post.example/q">
    </head><body><nav>Home</nav><article><p>The mayor said that the quay would open on Monday.</p>
    <p>“It will open,” she said. <script>alert(1)</script></p><p>{LONG}</p></article>
    <footer>Cookies</footer></body></html>"""
    assert read_html(page.encode()).articles[0] == Article(
        id="",
        text=f"The mayor said that the quay would open on Monday.\n\n“It will open,” she said.\n\n{LONG}",
        title="Quay",
        author="Ann Bo",
        publication="The Post",
        published="2026-01-20",
        url="https://post.example/q",
    )


def test_an_html_date_is_not_guessed_from_the_text() -> None:
    page = (
        "<html><body><article><p>The quay was built on 3 May 1999, the mayor said.</p><p>Copyright 2021</p></article>"
    )
    assert read_html(page.encode()).articles[0].published is None


def test_a_bold_line_and_a_bold_label_of_markdown_stand_by_themselves() -> None:
    [article] = read_markdown(b"**Ida Moe**\nHalvick\n\n**MOE:** I wait\nhere.\n**LUND:** So do I.").articles
    assert article.text == "Ida Moe\nHalvick\n\nMOE: I wait here.\nLUND: So do I."


@pytest.mark.parametrize(
    "text",
    [
        '**Ida Moe**, a cook, said:\n*"We wait."*',
        "# The vote\n\nIda Moe, a cook, said: _“We wait.”_",
        "**Ida Moe** came.\n\nA [cook](https://tarn.example/cook), she said: “We wait.”\n\n*She is new",
        "***\n\n* It rained.\n\n***Ida Moe***, a cook, came.\n\nShe said: **“We wait.”**",
    ],
)
def test_a_text_that_plainly_is_markdown_is_read_so_and_says_so(text: str) -> None:
    read = read_text(text.encode())
    assert read == replace(read_markdown(text.encode()), warnings=(AS_MARKDOWN,))
    assert "**" not in read.articles[0].text
    assert not re.search(r"\[cook|# The|_“|\*[\"“]", read.articles[0].text)


@pytest.mark.parametrize(
    "text",
    [
        "The play: **** Go.\n\nThe film: ** Stay at home.\n\n# # #",
        "He said f**k and s**t, and f**k again.",
        "*Not her name.\n\n**Nor his.\n\n* It rained.\n* It stopped.",
        "**Update**\n\nIda Moe, a cook, said: “We wait.”",
        "Ida Moe said: “Wait for [the cook](https://tarn.example/cook) until **Monday**.”",
        "#1 is Ida Moe.\n\n# 2 is nobody, #tarn says.",
        "---\nShe said: he: no\n---\n# Ida Moe\n\n# The vote",
        "* * *\n\n2*3*4 is 24, and 2**3 is 8.",
    ],
)
def test_a_text_with_a_few_such_signs_stays_as_it_is(text: str) -> None:
    assert read_text(text.encode()) == Read.one(Article(id="", text=text))
