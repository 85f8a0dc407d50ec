"""Block quotations: words set off from the text are their speaker's, word for word, without quotation marks."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.loading.formats.page import read_html, text_of_html
from rag.schema import Article

LEAD = "The quay will stay as it is. In a letter to the pilots the harbour minister, Ana Torvik, wrote:"
WORDS = "I have walked the quay twice. I will not raise it by a stone."


def said(text: str) -> list[tuple[str | None, str, str]]:
    return [(q.speaker.name if q.speaker else None, q.kind, q.text) for q in extract_quotes(text)]


def page(body: str, head: str = "") -> Article:
    filler = " ".join(["The pilots, who had met all morning, waited on the quay for the letter to come."] * 4)
    markup = f"<html><head><title>Quay</title>{head}</head><body><article>{body}<p>{filler}</p></article></body></html>"
    [article] = read_html(markup.encode()).articles
    return article


def test_words_set_off_behind_a_colon_are_direct() -> None:
    assert ("Ana Torvik", "direct", WORDS) in said(f"{LEAD}\n\n    {WORDS}\n\nThe pilots have said nothing.")


def test_all_paragraphs_of_a_block_are_one_person_s() -> None:
    more = "The stones are old."
    assert ("Ana Torvik", "direct", f"{WORDS} {more}") in said(f"{LEAD}\n\n    {WORDS}\n\n    {more}\n\nIt rained.")


@pytest.mark.parametrize(
    "credit", ["    — Per Lund, pilot", "— Per Lund, pilot", "    -- Per Lund (@plund) 4 May 2026"]
)
def test_a_credit_below_says_whose_they_are(credit: str) -> None:
    assert ("Per Lund", "direct", "Bring lamps.") in said(
        f"It is dark there.\n\n    Bring lamps.\n\n{credit}\n\nIt rained."
    )


def test_a_text_that_is_set_off_as_a_whole_has_no_blocks() -> None:
    assert not [q for q in said("    It is dark.\n\n    It rained.") if q[1] == "direct"]


def test_html_sets_block_quotations_posts_and_letters_in_italics_off() -> None:
    credit = '&mdash; Per Lund (@plund) <a href="#">May 4</a>'
    post = f'<blockquote class="twitter-tweet"><p>Bring lamps.</p>{credit}</blockquote>'
    article = page(
        f"<h1>Quay</h1><p>{LEAD}</p><blockquote><p>{WORDS}</p></blockquote><p>The mayor replied:</p>"
        f"<p><em>It leaks.</em></p><p><em>An editor’s note.</em></p>{post}"
    )
    assert article.text.split("\n\n")[:-1] == [
        LEAD,
        f"    {WORDS}",
        "The mayor replied:",
        "    It leaks.",
        "An editor’s note.",
        "    Bring lamps.",
        "    — Per Lund (@plund) May 4",
    ]


@pytest.mark.parametrize(
    "shown", ["https://t.co/x1", "pic.twitter.com/x1", "<br><br><a href='#'>[image or embed]</a>", "pic.x.com/x1"]
)
def test_how_a_post_names_its_picture_is_no_word_of_it(shown: str) -> None:
    link = shown if "<a" in shown else f'<a href="https://t.co/x1">{shown}</a>'
    post = f"<blockquote><p>Bring <a href='#'>#lamps</a> {link}</p>&mdash; Per Lund (@plund) May 4</blockquote>"
    article = page(f"<h1>Quay</h1><p>{LEAD}</p><blockquote><p>{WORDS}</p></blockquote>{post}")
    assert "\n\n    Bring #lamps\n\n    — Per Lund" in article.text


def test_what_a_page_shows_in_marks_by_its_markup_has_them() -> None:
    text = page("<p>Per Lund said: <q>It <em>leaks</em></q>. He called it <q>old</q>.</p><p>It rained.</p>").text
    assert text.startswith("Per Lund said: “It leaks”. He called it “old”.")


@pytest.mark.parametrize(
    ("below", "shown"),
    [
        ("<cite>Per Lund, pilot</cite>", "    — Per Lund, pilot"),
        ("<cite>The Gull</cite> has it.", "    The Gull has it."),
        ("<p>It is in <cite>The Gull</cite></p>", "    It is in The Gull"),
    ],
)
def test_a_cited_name_that_stands_alone_below_a_quotation_says_whose_it_is(below: str, shown: str) -> None:
    article = page(f"<p>{LEAD}</p><blockquote><p>{WORDS}</p>{below}</blockquote><p>It rained.</p>")
    assert article.text.split("\n\n")[1:3] == [f"    {WORDS}", shown]


@pytest.mark.parametrize(
    ("credit", "role"),
    [
        ("<footer>— Per Lund, <cite>log of the <i>port</i>, 20 March</cite></footer>", None),
        ("<footer>Per Lund, pilot, <cite title='The Gull'>The Gull</cite></footer>", "pilot"),
        ("<p>— Per Lund, <cite>The Gull</cite></p>", None),
        ("&mdash; Per Lund, <cite>The Gull</cite>", None),
        ("<footer><b>Per Lund</b>, <cite>The Gull</cite></footer>", None),
        ("<footer><cite>Per Lund</cite>, pilot</footer>", "pilot"),
        ("<footer>Per Lund, pilot, 20 March</footer>", "pilot"),
        ("<footer>Per Lund, pilot, March 20, 2026</footer>", "pilot"),
        ("<footer>Per Lund, pilot, 58</footer>", "pilot"),
    ],
)
def test_where_and_when_words_were_said_is_no_role_of_who_said_them(credit: str, role: str | None) -> None:
    article = page(f"<p>It is dark there.</p><blockquote><p>{WORDS}</p>{credit}</blockquote><p>It rained.</p>")
    [speaker] = {q.speaker for q in extract_quotes(article.text) if q.text == WORDS}
    assert speaker
    assert (speaker.name, speaker.role) == ("Per Lund", role)


def test_a_work_that_the_words_themselves_cite_stays_as_it_stands() -> None:
    words = "I read of it in the paper, <cite>The Gull</cite>."
    article = page(f"<p>{LEAD}</p><blockquote><p>{words}</p><footer>Per Lund</footer></blockquote>")
    assert "    I read of it in the paper, The Gull.\n\n    — Per Lund" in article.text


def test_the_title_of_a_live_page_is_its_own_not_an_update_s() -> None:
    update = (
        '{"@type":"LiveBlogPosting","headline":"Live","liveBlogUpdate":[{"@type":"BlogPosting","headline":"It leaks"}]}'
    )
    script = f'<script type="application/ld+json">{update}</script>'
    assert page("<h1>Quay: live</h1><h2>It leaks</h2><p>Per Lund saw it.</p>", script).title == "Quay: live"


def test_a_piece_of_html_is_text_with_paragraphs_and_line_breaks() -> None:
    assert text_of_html(
        "<p>One <b>two</b>.</p><ul><li>Three</li><li>Four</li></ul><p>Five.<br/>Six<br/>seven.</p>"
    ) == ("One two.\n\nThree\n\nFour\n\nFive.\nSix seven.")


@pytest.mark.parametrize(
    "credit",
    ["A post shared by Per Lund (@perlund)", "Per Lund (@per.lund@quay.example) · 4 May"],
)
def test_a_post_is_of_whom_its_last_line_names_with_a_handle(credit: str) -> None:
    text = f"The port answered late on Monday.\n\n    Nobody gave the lock away.\n\n    {credit}\n\nAna Torvik left."
    found = [(q.speaker and q.speaker.name, q.text) for q in extract_quotes(text) if q.kind == "direct"]
    assert found == [("Per Lund", "Nobody gave the lock away.")]


def test_two_block_quotations_in_a_row_are_of_those_whom_their_credits_name() -> None:
    blocks = [
        "The lock is open.",
        "— Per Lund (@plund) 4 May 2026",
        "It is shut to me.",
        "— Ana Torvik, harbour minister",
    ]
    text = "Two answers came.\n\n" + "\n\n".join(f"    {block}" for block in blocks) + "\n\nIt rained."
    assert [one for one in said(text) if one[1] == "direct"] == [
        ("Per Lund", "direct", "The lock is open."),
        ("Ana Torvik", "direct", "It is shut to me."),
    ]


def test_words_set_off_in_which_somebody_says_i_need_no_colon() -> None:
    lead = "The head of Halvick Quays, Ana Torvik, has been speaking there."
    assert ("Ana Torvik", "direct", WORDS) in said(f"{lead}\n\n    {WORDS}\n\nIt rained.")
    assert not said(f"{lead}\n\n    Two cups of rye, one of water.\n\nIt rained.")


def test_a_post_with_breaks_of_its_own_is_one_block() -> None:
    post = "<blockquote><p>Stay home.<br>I mean it.</p>&mdash; Ana Torvik (@torvik) May 4</blockquote>"
    assert ("Ana Torvik", "direct", "Stay home. I mean it.") in said(page(f"<p>She posted.</p>{post}").text)


def test_a_short_piece_of_html_keeps_its_paragraphs_and_no_captions() -> None:
    markup = (
        "<p>The quay is shut.</p><figure><img/><figcaption>A quay.</figcaption></figure><p>“It leaks,” he said.</p>"
    )
    assert text_of_html(markup) == "The quay is shut.\n\n“It leaks,” he said."


@pytest.mark.parametrize(
    ("lead", "found"),
    [
        ("The mail came late. Per Lund wrote to the board:", [("Per Lund", "direct", WORDS)]),
        ("Per Lund wrote to Ana Torvik:", [("Per Lund", "direct", WORDS)]),
        ("The board heard that Per Lund was there:", []),
    ],
)
def test_the_only_person_at_the_head_of_the_sentence_with_the_colon_says_i(
    lead: str, found: list[tuple[str, str, str]]
) -> None:
    assert [one for one in said(f"It is dark.\n\n{lead}\n\n    {WORDS}\n\nIt rained.") if one[1] == "direct"] == found
