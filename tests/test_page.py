"""Web pages as a person reads their article: without captions, boxes and links to others, live entries with times."""

from __future__ import annotations

import pytest

from ingest.loading.formats.page import read_html, text_of_html

LEAD = "Ana Torvik, who keeps the lock at Holm, said on Monday that it leaks and that nobody had come to look at it."
LAST = "“It stays shut,” Torvik said. She went home at noon, and the pilots waited on the quay until the evening came."


def paragraphs(body: str, head: str = "") -> list[str]:
    top = f"<html><head><title>Lock leaks</title>{head}</head><body><nav><a href='/'>Home</a></nav>"
    markup = f"{top}<main><article><h1>Lock leaks</h1><p>{LEAD}</p>{body}</article></main></body></html>"
    [article] = read_html(markup.encode()).articles
    return article.text.split("\n\n")


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><img src='a.jpg'><figcaption>“My lock,” Torvik said. Photo: Per Lund</figcaption></figure>",
        "<div class='image-caption'>“My lock,” Torvik said at its opening.</div>",
        "<p class='wp-caption-text'>“My lock,” Torvik said at its opening.</p>",
        "<span class='photo-credit'>Photo: Per Lund</span>",
        "<aside><h3>More</h3><p>“My lock,” Torvik said last year.</p></aside>",
        "<p><a href='/b'>Read more: “We are lost,” says pilot Per Lund</a></p>",
        "<p><strong>Read more:</strong> <a href='/b'>Pilots say no to “the plan of fools”</a></p>",
        "<ul><li><a href='/b'>Per Lund: “Never again”</a></li><li><a href='/c'>The lock in pictures</a></li></ul>",
    ],
)
def test_captions_boxes_and_links_to_other_articles_are_no_text(markup: str) -> None:
    assert paragraphs(f"{markup}<p>{LAST}</p>") == [LEAD, LAST]


@pytest.mark.parametrize(
    "markup",
    [
        "<p><a href='/b'>“It was never mine,” Torvik wrote in her letter to the port.</a></p>",
        "<p>Her letter, <a href='/b'>which the port has put on its pages</a>, says more.</p>",
        "<p>She keeps the lock <a href='#note'>since May</a></p>",
    ],
)
def test_sentences_with_links_stay(markup: str) -> None:
    assert len(paragraphs(f"{markup}<p>{LAST}</p>")) == 3


def test_a_short_page_keeps_its_paragraphs_and_its_headline_apart() -> None:
    assert paragraphs("<p>“It leaks.”</p>") == [LEAD, "“It leaks.”"]


ENTRY = "<section><time datetime='2026-05-04T{}:00Z'>{}</time><h2>{}</h2><p>{}</p></section>"


def test_a_live_page_has_the_time_of_each_entry_above_it() -> None:
    entries = ENTRY.format("12:05", "12.05", "Torvik answers", LAST) + ENTRY.format(
        "11:20", "", "Lund asks", "He asks."
    )
    assert paragraphs(entries) == [LEAD, "12.05", "Torvik answers", LAST, "11:20", "Lund asks", "He asks."]


def test_the_one_time_of_a_page_is_no_entry_s() -> None:
    assert paragraphs(f"<div><time datetime='2026-05-04T09:00:00Z'>4 May</time><p>{LAST}</p></div>")[0] == LEAD


QUESTIONS = ("Does it leak, the lock?", "Since when do you know?", "And who will pay?")
ANSWERS = ("It leaks. I saw it.", "Since May. I had divers there.", "I do not know who pays.")


@pytest.mark.parametrize(
    "form",
    [
        "<p><strong>{}</strong></p><p>{}</p>",
        "<h3>{}</h3><p>{}</p>",
        "<div class='q'>{}</div><div class='a'>{}</div>",
        "<dl><dt>{}</dt><dd>{}</dd></dl>",
    ],
)
def test_questions_and_answers_in_any_markup_are_paragraphs(form: str) -> None:
    pairs = zip(QUESTIONS, ANSWERS, strict=True)
    body = "".join(form.format(question, answer) for question, answer in pairs)
    told = [part for pair in zip(QUESTIONS, ANSWERS, strict=True) for part in pair]
    assert [part.strip() for part in paragraphs(body + f"<p>{LAST}</p>")] == [LEAD, *told, LAST]


def test_a_page_tells_its_language_and_when_it_was_changed() -> None:
    head = "<meta property='article:modified_time' content='2026-05-05T10:00:00Z'>"
    markup = f"<html lang='en-GB'><head><title>Lock</title>{head}</head><body><article><p>{LEAD}</p><p>{LAST}</p>"
    [article] = read_html(f"{markup}</article></body></html>".encode()).articles
    assert (article.language, article.updated) == ("en-GB", "2026-05-05T10:00:00Z")


def test_a_page_says_to_programs_when_it_was_changed() -> None:
    data = '{"@context":"https://schema.org","@type":"NewsArticle","dateModified":"2026-02-05T06:00:00+01:00"}'
    body = "<p>The lock at Holm stays shut for a month, the port said on Monday, and nobody knows why it is so.</p>" * 2
    script = f'<script type="application/ld+json">{data}</script>'
    page = f"<html><head><title>Lock</title>{script}</head><body><article>{body}</article></body></html>"
    assert read_html(page.encode()).articles[0].updated == "2026-02-05T06:00:00+01:00"


def test_a_break_in_a_sentence_of_a_page_is_a_space() -> None:
    text = text_of_html(
        "<p>“It was a good<br>crane,” said Ana Torvik, who keeps the lock at Holm.</p><p>It rained all day.</p>"
    )
    assert text.startswith("“It was a good crane,” said Ana Torvik")


def test_the_cells_of_a_row_are_one_line() -> None:
    table = "<table><tr><td>Per Lund, pilot</td><td>“It leaks.”</td></tr></table>"
    text = text_of_html(f"<p>We asked the pilots of Holm about the lock, and here is what they said to us.</p>{table}")
    assert "Per Lund, pilot\t“It leaks.”" in text
