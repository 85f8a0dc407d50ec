"""Posts that a page embeds: their words are of whoever posted them, what the network writes around them is nobody's."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.loading.formats.page import read_html, text_of_html

BEFORE, AFTER = "The pilots had met all morning. Then it was made known.", "The quay was shut at noon."
OWN = "https://net.example/posts/7"
WORDS = "I will not raise the quay. I never said so."
SHARED = f'<p><a href="{OWN}">A post shared by Per Lund (@plund)</a></p>'


def text_around(post: str) -> list[str]:
    filler = " ".join([AFTER] * 9)
    markup = f"<html><body><article><h1>Quay</h1><p>{BEFORE}</p>{post}<p>{filler}</p></article></body></html>"
    return read_html(markup.encode()).articles[0].text.split("\n\n")[1:-1]


def embed(inner: str, about: str = f'data-post-permalink="{OWN}"') -> str:
    return f"<blockquote {about}>{inner}</blockquote>"


@pytest.mark.parametrize(
    "credit",
    [
        f'Posted by <a href="https://net.example/plund">Per Lund</a> on&nbsp;<a href="{OWN}">4 May 2026</a>',
        f'Gepostet von <a href="https://net.example/plund">Per Lund</a> am <a href="{OWN}">4 May 2026</a>',
        f'<a href="https://net.example/plund">Per Lund</a>, <a href="{OWN}">4 May 2026</a>',
    ],
)
@pytest.mark.parametrize("is_boxed", [False, True])
def test_the_line_below_a_post_says_whose_it_is_in_whatever_words(credit: str, is_boxed: bool) -> None:
    inner = f"<p>{WORDS}</p><p>It leaks.</p>{credit}"
    box = f'<div class="net-post" data-href="{OWN}"><blockquote cite="{OWN}">{inner}</blockquote></div>'
    shown = text_around(box if is_boxed else embed(inner))
    assert shown == [f"    {WORDS}", "    It leaks.", "    — Per Lund (4 May 2026)"]
    [quote] = (q for q in extract_quotes("\n\n".join([BEFORE, *shown, AFTER])) if q.kind == "direct")
    assert (quote.speaker and (quote.speaker.name, quote.speaker.role), quote.text) == (
        ("Per Lund", None),
        f"{WORDS} It leaks.",
    )


@pytest.mark.parametrize(
    "inner",
    [
        f'<div><a href="{OWN}">View this post elsewhere</a>{SHARED}</div>',
        f'<a href="{OWN}"><div>Post by @plund@net.example</div><div>View on Net</div></a>',
        f'Posted by <a href="https://net.example/plund">Per Lund</a> on <a href="{OWN}">4 May</a>',
        '<p><a href="https://t.co/x1">pic.twitter.com/x1</a></p>&mdash; Per Lund (@plund) May 4',
    ],
)
@pytest.mark.parametrize("about", [f'data-post-permalink="{OWN}"', 'class="net-embed"'])
def test_a_post_without_words_is_nobodys(inner: str, about: str) -> None:
    assert text_around(embed(inner, about)) == []


def test_words_that_lead_to_their_post_stay_and_its_buttons_go() -> None:
    words = f'<p><a href="{OWN}">Best day on the quay</a></p>'
    above = f'<a href="https://net.example/@plund">@plund</a><div><a href="{OWN}">View this post</a></div>'
    below = '<a href="https://net.example/music/1">♬ a tune</a>'
    shown = ["    Best day on the quay", "    A post shared by Per Lund (@plund)"]
    assert text_around(embed(above + words + SHARED + below)) == shown


@pytest.mark.parametrize(
    ("quotation", "shown"),
    [
        (f'<blockquote cite="{OWN}">{WORDS} <a href="{OWN}">The letter</a></blockquote>', f"    {WORDS} The letter"),
        (f'<blockquote class="embed">{WORDS} Read <a href="{OWN}">this</a></blockquote>', f"    {WORDS} Read this"),
        ('<blockquote class="embed"><p>Thanks, (@plund).</p></blockquote>', "    Thanks, (@plund)."),
    ],
)
def test_words_beside_a_link_stay(quotation: str, shown: str) -> None:
    assert text_around(quotation) == [shown]


def test_a_post_in_a_piece_of_html_is_read_alike() -> None:
    post = embed(
        f'<p>{WORDS}</p>Posted by <a href="https://net.example/plund">Per Lund</a> on <a href="{OWN}">4 May</a>'
    )
    assert text_of_html(f"<p>{BEFORE}</p>{post}<p>{AFTER}</p>").split("\n\n")[1:3] == [
        f"    {WORDS}",
        "    — Per Lund (4 May)",
    ]
