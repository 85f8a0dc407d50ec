"""Boxes that sell subscriptions within an article are no part of it; what only subscribers get is."""

from __future__ import annotations

import pytest

from ingest.loading.formats.page import read_html

TOLD = "The rakes came up empty for the third winter, and the drying sheds at the jetty of Orr are locked for good."
SAID = "“The weed went north,” said Bo Harkness, who has raked the bay since he was nine and has a boat of his own."
PRAISE = "“The only paper that I open,” says Zoë Tarn, a reader."


def text_of(body: str, head: str = "") -> str:
    page = f"<html><head>{head}</head><body><article><h1>No weed</h1>{body}</article></body></html>"
    [article] = read_html(page.encode()).articles
    return article.text


@pytest.mark.parametrize(
    "box",
    [
        "<div class='paywall'><h3>Read on</h3><p>{}</p><p>Already with us? <a href='/login'>Log in</a></p></div>",
        "<section id='subscription-box'><p>{}</p><a href='/subscribe?from=weed'>Get it</a></section>",
        "<div class='c-PayWall_box'><p>{}</p><button>A crown a week</button></div>",
        "<div class='newsletter-signup'><p>{}</p><form action='/n'><input name='mail'></form></div>",
    ],
)
def test_praise_of_the_paper_in_a_box_that_sells_it_is_no_part_of_the_article(box: str) -> None:
    assert text_of(f"<p>{TOLD}</p>{box.format(PRAISE)}<p>{SAID}</p><p>{TOLD}</p>") == f"{TOLD}\n\n{SAID}\n\n{TOLD}"


@pytest.mark.parametrize(
    ("rest", "head"),
    [
        (f"<div class='paywall'><p>{SAID}</p></div>", ""),
        (f"<div class='subscribers-only'><p>{SAID}</p><p>{SAID}</p><a href='/login'>Log in</a></div>", ""),
        (
            f"<div class='paywall'><p>{SAID}</p><a href='/login'>Log in</a></div>",
            """<script type="application/ld+json">{"hasPart": {"cssSelector": ".paywall"}}</script>""",
        ),
    ],
)
def test_what_only_subscribers_get_of_an_article_is_part_of_it(rest: str, head: str) -> None:
    assert SAID in text_of(f"<p>{TOLD}</p>{rest}", head)


@pytest.mark.parametrize(
    "box",
    [
        "<div class='paywall-content'><button>Listen</button>{}</div>",
        "<div class='subscriber-only'>{}<p>More in <a href='/newsletter/join'>our letter</a> on Friday.</p></div>",
    ],
)
def test_a_long_part_for_subscribers_with_a_button_or_a_link_in_it_is_part_of_the_article(box: str) -> None:
    rest = "".join(f"<p>{number}. {SAID}</p>" for number in range(6))
    text = text_of("".join(f"<p>{number}. {TOLD}</p>" for number in range(9)) + box.format(rest))
    assert text.count(SAID) == 6


def test_an_offer_of_many_short_paragraphs_is_no_part_of_the_article() -> None:
    box = f"<div class='paywall'><p>{PRAISE}</p><p>All pages.</p><p>A crown.</p><button>Get it</button></div>"
    assert PRAISE not in text_of(f"<p>{TOLD}</p>{box}<p>{SAID}</p><p>{TOLD}</p>")
