"""What reaches the page: inert text, working markers, and words only where they stand in their article."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.schema import Answer, Article, Citation
from rag.writing.compose import NOT_SAID, display_date
from web.render import (
    answer_markdown,
    earlier_html,
    escape_markdown,
    notice_html,
    safe_url,
    sources_html,
)

TEXT = "The mayor spoke.\n\n“We will not,” she said, “pay a crown.” She left early.\n\nThe end."
ARTICLE = Article(
    "a1", TEXT, "Mayor refuses", "Ann Author", "The Courier", "2026-03-09", "https://courier.example/a?x=1"
)


class Tags(HTMLParser):
    """The element names and the attributes of some HTML, as a browser would see them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += attrs


def cite(article: Article, *words: str, number: int = 1, direct: bool = True) -> Citation:
    """A citation of the longest of `words`, each found in the article; its context is the paragraph."""
    spans = tuple((article.text.index(word), article.text.index(word) + len(word)) for word in words)
    start, end = max(spans, key=lambda span: span[1] - span[0])
    context_start = article.text.rfind("\n\n", 0, spans[0][0]) + 2 if "\n\n" in article.text[: spans[0][0]] else 0
    context_end = article.text.find("\n\n", spans[-1][1])
    context = article.text[context_start : context_end if context_end >= 0 else len(article.text)]
    return Citation(
        number=number,
        quote=article.text[start:end],
        speaker="Ida Stone",
        role="mayor",
        article_id=article.id,
        title=article.title,
        publication=article.publication,
        published=article.published,
        url=article.url,
        start=start,
        end=end,
        direct=direct,
        context=context,
        context_start=context_start,
        spans=spans,
        sha256=article.sha256,
    )


def said(text: str, *citations: Citation, answered: bool = True) -> Answer:
    return Answer(text, answered=answered, citations=citations)


def hostile(words: str) -> tuple[Article, Citation]:
    article = Article("h", f"Bob said: “{words}” and left.")
    return article, cite(article, words)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t")))
def test_escaped_markdown_shows_exactly_the_text(text: str) -> None:
    assert html.unescape(escape_markdown(text).replace("<br>", "\n")) == text


@given(st.text(st.sampled_from("ab1 \t\n\r.-+*_`~#|<>&[]()!$\\:/@{}^=\"'")))
def test_escaped_markdown_leaves_no_character_that_markdown_reads(text: str) -> None:
    inert = re.sub(r"&#\d+;", "x", escape_markdown(text)).replace("<br>", "\n")
    assert not re.search(r"[^abx1 \"'\n]|^ |  |\n ", inert)


def test_lone_surrogates_are_replaced_because_no_page_can_carry_them() -> None:
    assert escape_markdown("a\ud800b") == "a\ufffdb"


def test_a_marker_of_a_citation_links_to_its_card_and_the_first_one_can_be_returned_to() -> None:
    markdown = answer_markdown(said("She refused. [1] Again. [1]", cite(ARTICLE, "pay a crown.")), 3)
    assert re.findall(r"<a[^>]*>", markdown) == [
        '<a id="t3c1m" class="otr-marker" href="#t3c1">',
        '<a class="otr-marker" href="#t3c1">',
    ]
    assert html.unescape(re.sub(r"<[^>]*>", "", markdown)) == "She refused. [1] Again. [1]"


@pytest.mark.parametrize("text", ["See [9].", "See [0].", "See [99999999].", "See [1]"])
def test_a_number_that_is_no_citation_stays_text(text: str) -> None:
    assert answer_markdown(said(text), 1) == escape_markdown(text)


@pytest.mark.parametrize("words", ["I said [1] twice", "“No”, [1] he said", "a\n- b [1]\n\nc"])
def test_what_looks_like_a_marker_or_a_list_in_the_articles_words_stays_text(words: str) -> None:
    _, citation = hostile(words)
    markdown = answer_markdown(said(f"Bob said: “{words}” [1]", citation), 1)
    assert markdown.startswith(escape_markdown(f"Bob said: “{words}”"))
    assert markdown.count("<a ") == 1


def test_a_fake_marker_in_words_whose_lines_were_joined_stays_text() -> None:
    _, citation = hostile("one ”\n two [1] three")
    assert answer_markdown(said("Bob said: “one ” two [1] three” [1]", citation), 1).count("<a ") == 1


def test_a_fake_marker_in_words_printed_in_other_quotation_marks_stays_text() -> None:
    _, citation = hostile('"one ” two [1] three"')
    assert answer_markdown(said("Bob said: “one ” two [1] three” [1]", citation), 1).count("<a ") == 1


def test_a_fake_marker_in_a_name_stays_text() -> None:
    citation = replace(cite(ARTICLE, "pay a crown."), speaker="Ida [1] Stone", role="boss [1]")
    assert answer_markdown(said("Ida [1] Stone, boss [1], said no [1]", citation), 1).count("<a ") == 1


def test_the_answers_own_paragraphs_and_list_are_kept() -> None:
    markdown = answer_markdown(said("Two spoke:\n\n- Ida - yes\n- Bob", cite(ARTICLE, "pay a crown.")), 1)
    assert markdown == "Two spoke&#58;\n\n- Ida &#45; yes\n- Bob"


def test_an_answer_that_the_articles_do_not_give_is_marked_as_such() -> None:
    assert answer_markdown(said(NOT_SAID, answered=False), 1).startswith('<div class="otr-unsaid">\n\n')


def test_a_card_shows_who_said_what_where_and_when() -> None:
    citation = cite(ARTICLE, "We will not,", "pay a crown.")
    page = sources_html(said("x [1]", citation), 2, {"a1": ARTICLE})
    card = html.unescape(re.sub(r"<[^>]*>", "\n", page))
    for shown in ("Ida Stone", "mayor", "The Courier", "9 March 2026", "Mayor refuses", "By Ann Author"):
        assert f"\n{shown}\n" in card
    assert "\n“We will not,” … “pay a crown.”\n" in card
    assert '<li id="t2c1"' in page


def test_the_highlight_is_the_quote_in_its_paragraph_and_in_the_whole_article() -> None:
    citation = cite(ARTICLE, "We will not,", "pay a crown.")
    page = sources_html(said("x [1]", citation), 1, {"a1": ARTICLE})
    assert re.findall(r'<mark id="(\w+)" class="otr-mark">(.*?)</mark>', page) == [
        ("t1c1q", "We will not,"),
        ("t1c1aq", "We will not,"),
    ]
    assert re.findall(r'<mark class="otr-also">(.*?)</mark>', page) == ["pay a crown.", "pay a crown."]
    shown = html.unescape(re.sub(r"<[^>]*>", "", page))
    assert citation.context in shown
    assert TEXT in shown


@pytest.mark.parametrize("words", ["The mayor spoke.", "The end.", TEXT])
def test_a_quote_at_either_end_of_an_article_is_highlighted(words: str) -> None:
    page = sources_html(said("x [1]", cite(ARTICLE, words)), 1, {"a1": ARTICLE})
    assert page.count(f'class="otr-mark">{html.escape(words)}</mark>') == 2


def test_the_article_is_left_out_while_an_answer_grows() -> None:
    page = sources_html(said("x [1]", cite(ARTICLE, "pay a crown.")), 1, {"a1": ARTICLE}, whole=False)
    assert "She left early." in page
    assert "The end." not in page


def test_reported_speech_is_shown_as_such_and_without_quotation_marks() -> None:
    page = sources_html(said("x [1]", cite(ARTICLE, "She left early", direct=False)), 1, {"a1": ARTICLE})
    assert "Reported in the outlet’s words, not word for word" in page
    assert '<blockquote class="otr-words otr-indirect">She left early</blockquote>' in page


def test_a_speaker_without_a_name_is_said_to_have_none() -> None:
    page = sources_html(said("x [1]", replace(cite(ARTICLE, "pay a crown."), speaker="")), 1, {"a1": ARTICLE})
    assert '<h3 class="otr-speaker">Someone the article does not name</h3>' in page


@pytest.mark.parametrize(
    "stored",
    [
        {"a1": replace(ARTICLE, text=TEXT.replace("will not", "will now"))},
        {"a1": replace(ARTICLE, text=" " + TEXT)},
        {"a1": replace(ARTICLE, text=TEXT.replace("left", "came"))},
        {},
    ],
    ids=["a word differs", "the offsets moved", "the paragraph differs", "the article is gone"],
)
def test_words_that_do_not_stand_in_the_stored_article_are_not_shown(stored: dict[str, Article]) -> None:
    page = sources_html(said("x [1]", cite(ARTICLE, "We will not,")), 1, stored)
    assert "are not shown; ask again." in page
    assert "We will not" not in page


def test_nothing_in_an_article_becomes_markup() -> None:
    nasty = "<script>x</script><img src=x onerror=y> \"a\" 'b' &lt;"
    article = Article("h", f"Bob said: “{nasty}” and left.", nasty, nasty, nasty, nasty, "javascript:alert(1)")
    citation = replace(cite(article, nasty), speaker=nasty, role=nasty)
    page = sources_html(said("x [1]", citation), 1, {"h": article})
    own = {"ol", "li", "span", "div", "h3", "h4", "p", "blockquote", "strong", "time", "br", "cite", "mark", "details"}
    tags = Tags(page)
    assert tags.names == own | {"summary", "button", "a"}
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name in ("src", "style")]
    assert [value for name, value in tags.attributes if name == "href"] == ["#t1c1m"]
    assert html.unescape(re.sub(r"<[^>]*>", "\n", page)).count(nasty) >= 6


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "ftp://x.example/",
        "//x.example/",
        "http:///nohost",
        "https://x.example/a b",
        "https://x.example/\n",
        "https:\\\\x.example",
        "http://[bad",
        "",
        None,
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    assert safe_url(url) is None


def test_a_web_address_opens_without_handing_over_the_page() -> None:
    page = sources_html(said("x [1]", cite(ARTICLE, "pay a crown.")), 1, {"a1": ARTICLE})
    assert '<a href="https://courier.example/a?x=1" target="_blank" rel="noopener noreferrer">Mayor refuses</a>' in page


def test_the_copied_text_names_the_source() -> None:
    page = sources_html(said("x [1]", cite(ARTICLE, "pay a crown.")), 1, {"a1": ARTICLE})
    copied = html.unescape(re.findall(r'data-copy="([^"]*)"', page)[0])
    assert copied == (
        "“pay a crown.” — Ida Stone, mayor (The Courier, 9 March 2026, Mayor refuses, https://courier.example/a?x=1)"
    )


def test_no_answer_is_said_plainly_and_the_closest_is_called_that() -> None:
    assert sources_html(said("x", answered=False), 1, {}) == f'<p class="otr-none">{NOT_SAID}</p>'
    page = sources_html(said("x [1]", cite(ARTICLE, "pay a crown."), answered=False), 1, {"a1": ARTICLE})
    assert page.startswith(f'<p class="otr-none">{NOT_SAID}</p><p class="otr-hint">The closest')


@pytest.mark.parametrize(
    ("published", "shown"),
    [("2026-03-09", "9 March 2026"), ("2026-03-09T10:00:00Z", "9 March 2026"), ("spring", "spring"), (None, None)],
)
def test_dates_are_shown_as_people_write_them(published: str | None, shown: str | None) -> None:
    assert display_date(published) == shown


def test_sources_of_earlier_answers_are_folded_under_their_escaped_question() -> None:
    assert earlier_html([]) == ""
    page = earlier_html([("Who <b>?", "<ol></ol>")])
    assert page.endswith("<summary>Sources for “Who &lt;b&gt;?”</summary><ol></ol></details>")


def test_a_notice_is_escaped_and_lists_what_follows_its_first_line() -> None:
    assert notice_html([]) == ""
    assert notice_html(["1 added", "<x>"], bad=True) == (
        '<div class="otr-notice otr-bad"><p>1 added</p><ul><li>&lt;x&gt;</li></ul></div>'
    )


def test_the_same_words_elsewhere_open_at_their_own_paragraph() -> None:
    copy = replace(ARTICLE, id="a2", publication="The Mail", url=None)
    other = cite(copy, "pay a crown.")
    citation = replace(cite(ARTICLE, "pay a crown."), also=(other, replace(other, article_id="gone")))
    page = sources_html(said("x [1]", citation), 1, {"a1": ARTICLE, "a2": copy})
    assert page.count('<details class="otr-also-in">') == 1
    assert "<strong>The Mail</strong>" in page
    assert '<mark id="t1c1o0q" class="otr-mark">pay a crown.</mark>' in page


def test_a_fake_marker_in_a_verb_stays_text() -> None:
    article = Article("h", "Bob warned [1] that it leaks.")
    citation = replace(cite(article, "that it leaks", direct=False), cue=(4, 14))
    assert answer_markdown(said("Ida Stone warned [1] that it leaks [1]", citation), 1).count("<a ") == 1


def test_a_source_without_a_name_is_shown_by_the_article_s_words() -> None:
    citation = replace(cite(ARTICLE, "pay a crown."), speaker="", role=None, source="two <b>aides</b>")
    page = sources_html(said("x [1]", citation), 1, {"a1": ARTICLE})
    assert '<h3 class="otr-speaker">two &lt;b&gt;aides&lt;/b&gt; (not named)</h3>' in page
