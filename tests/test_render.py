"""What reaches the page: inert text, working markers, and words only where they stand in their article."""

import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.schema import Answer, Article, Citation, Sentence, Span, Verdict
from rag.writing.compose import EMPTY, NOT_SAID, TALK, display_date, written
from rag.writing.reference import safe_url
from web.markup import inert, static
from web.render import answer_markdown, earlier_html, notice_html, question_of, reading_html, sources_html

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


def said(*lines: str | tuple[str, int], citations: tuple[Citation, ...] = (), answered: bool = True) -> Answer:
    """An answer of these lines: an opening, or (words, number of the citation)."""
    made = tuple(
        Sentence(line, "opening") if isinstance(line, str) else Sentence(line[0], citation=line[1]) for line in lines
    )
    return Answer(written(made), answered=answered, citations=citations, sentences=made)


def page_of(*citations: Citation, stored: dict[str, Article] | None = None, answered: bool = True) -> str:
    """The sources of an answer that tells each of these citations."""
    answer = said(*(("x", citation.number) for citation in citations), citations=citations, answered=answered)
    return sources_html("Who?", answer, 2, {"a1": ARTICLE} if stored is None else stored)


def hostile(words: str) -> tuple[Article, Citation]:
    article = Article("h", f"Bob said: “{words}” and left.")
    return article, cite(article, words)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t")))
def test_escaped_markdown_shows_exactly_the_text(text: str) -> None:
    assert html.unescape(inert(text).replace("<br>", "\n")) == text


@given(st.text(st.sampled_from("ab1 \t\n\r.-+*_`~#|<>&[]()!$\\:/@{}^=\"'")))
def test_escaped_markdown_leaves_no_character_that_markdown_reads(text: str) -> None:
    shown = re.sub(r"&#\d+;", "x", inert(text)).replace("<br>", "\n")
    assert not re.search(r"[^abx1 \"'\n]|^ |  |\n ", shown)


def test_lone_surrogates_are_replaced_because_no_page_can_carry_them() -> None:
    assert inert("a\ud800b") == "a\ufffdb"


def test_a_marker_of_a_citation_links_to_its_card_which_leads_back_to_it() -> None:
    markdown = answer_markdown(said(("She refused.", 1), citations=(cite(ARTICLE, "pay a crown."),)), 3)
    assert re.findall(r"<a[^>]*>", markdown) == ['<a id="t3c1m" class="otr-marker" href="#t3c1">']
    assert html.unescape(re.sub(r"<[^>]*>", "", markdown)).strip().startswith("She refused. [1]")


def test_a_number_that_is_no_citation_gets_no_marker() -> None:
    assert "<a " not in answer_markdown(said(("See", 9)), 1)


@pytest.mark.parametrize("words", ["I said [1] twice", "“No”, [1] he said", "a\n- b [1]\n\nc", "one ” two [1] three"])
def test_what_looks_like_a_marker_or_a_list_in_the_articles_words_stays_text(words: str) -> None:
    _, citation = hostile(words)
    markdown = answer_markdown(said((f"Bob said: “{words}”", 1), citations=(citation,)), 1)
    assert inert(f"Bob said: “{words}”") in markdown
    assert markdown.count("<a ") == 1


def test_the_answers_own_opening_and_list_are_kept() -> None:
    two = (cite(ARTICLE, "pay a crown."), cite(ARTICLE, "She left early.", number=2))
    markdown = answer_markdown(said("Two - spoke:", ("Ida", 1), ("Bob", 2), citations=two), 1)
    shown = re.sub(r" <a[^>]*>.*?</a>", "", markdown)
    assert "\n\nTwo &#45; spoke&#58;\n\n- Ida\n- Bob\n" in shown


@pytest.mark.parametrize(
    ("answered", "verdict", "state"),
    [(False, None, "unsaid"), (True, "no", "no"), (True, "yes", "yes"), (True, None, "said")],
)
def test_yes_no_and_no_answer_look_as_deliberate_as_an_answer(
    answered: bool, verdict: Verdict | None, state: str
) -> None:
    answer = replace(said(NOT_SAID, answered=answered), verdict=verdict)
    assert answer_markdown(answer, 1).startswith(f'<div class="otr-answer otr-{state}">\n\n')
    assert state == "said" or f"\n.otr-{state} {{ border-left: 4px solid " in static("style.css")


@pytest.mark.parametrize(("judge", "shown"), [("embedded", "the model on this machine"), ("a*b", "the model a&#42;b")])
def test_an_answer_says_which_model_chose_it(judge: str, shown: str) -> None:
    answer = replace(said("Yes.", ("x", 1), citations=(cite(ARTICLE, "pay a crown."),)), judge=judge)
    assert shown in answer_markdown(answer, 1)


def test_where_nothing_is_cited_nothing_is_said_to_be_chosen_or_copied() -> None:
    assert "otr-by" not in answer_markdown(replace(said(NOT_SAID, answered=False), judge="embedded"), 1)


def test_that_another_model_stepped_in_is_said_above_the_sources() -> None:
    answer = replace(said(("x", 1), citations=(cite(ARTICLE, "pay a crown."),)), note="It <failed>.")
    assert '<p class="otr-stood-in">It &lt;failed&gt;.</p>' in sources_html("?", answer, 1, {"a1": ARTICLE})


def test_the_link_of_an_answer_has_the_questions_that_its_own_goes_on_from() -> None:
    page = sources_html("And she?", said(NOT_SAID, answered=False), 2, {}, ("Who “won”?", "<b>?"))
    assert 'data-take="link"' in page
    [before] = re.findall(r'data-before="([^"]*)"', page)
    assert json.loads(html.unescape(before)) == ["Who “won”?", "<b>?"]
    [exported] = re.findall(r'data-export="([^"]*)"', page)
    assert json.loads(html.unescape(exported))["question"].startswith("Who “won”? / <b>? / ")


@pytest.mark.parametrize("words", [EMPTY, TALK])
def test_the_reply_to_what_asks_nothing_looks_like_no_refusal(words: str) -> None:
    assert "otr-unsaid" not in answer_markdown(said(words, answered=False), 1)
    assert "otr-unsaid" in answer_markdown(said(NOT_SAID, answered=False), 1)


def test_a_card_shows_who_said_what_where_and_when() -> None:
    page = page_of(cite(ARTICLE, "We will not,", "pay a crown."))
    card = html.unescape(re.sub(r"<[^>]*>", "\n", page))
    for shown in ("Ida Stone", "mayor", "The Courier", "9 March 2026", "Mayor refuses"):
        assert f"\n{shown}\n" in card
    assert "\n“We will not,” … “pay a crown.”\n" in card
    assert '<li id="t2c1"' in page


def test_a_card_says_through_what_the_words_came_unless_its_outlet_is_that() -> None:
    said_so = cite(ARTICLE, "We will not,")
    assert '<p class="otr-kind">Through a &lt;police&gt; report</p>' in page_of(
        replace(said_so, channel="a <police> report")
    )
    assert "Through" not in page_of(replace(said_so, channel=said_so.publication))


def test_a_card_shows_a_paraphrase_with_the_verb_that_leads_to_it() -> None:
    article = Article("a1", "Ida Stone has denied that she left early.")
    citation = replace(cite(article, "that she left early", direct=False), cue=(10, 20), cues=((10, 20),))
    page = page_of(citation, stored={"a1": article})
    assert 'otr-indirect"><span class="otr-lead">has denied</span> that she left early</blockquote>' in page
    assert '<mark class="otr-verb">has denied</mark>' in page


def test_a_card_says_what_stands_beside_a_statement_and_that_it_is_none() -> None:
    noted = replace(cite(ARTICLE, "We will not"), notes=("corrected: <b>we</b> will",), mode="supposed")
    page = page_of(noted)
    assert "Corrected: &lt;b&gt;we&lt;/b&gt; will" in page
    assert "A condition" in page
    assert "A condition" not in page_of(cite(ARTICLE, "We will not"))


def test_a_statement_leads_to_a_question_in_english_whatever_clause_it_is() -> None:
    assert question_of(cite(ARTICLE, "We will not")) == "Did Ida Stone say “We will not”?"
    assert question_of(replace(cite(ARTICLE, "We will not"), speaker="")) == "Who said “We will not”?"
    article = Article("a1", "Ida Stone refused to leave early. “" + "No, " * 30 + "never,” she said.")
    citation = replace(cite(article, "to leave early", direct=False), cue=(10, 17), cues=((10, 17),))
    assert question_of(citation) == "What did Ida Stone say, as in “refused to leave early”?"
    long = question_of(cite(article, "No, " * 30 + "never,"))
    assert long == f"What did Ida Stone say, as in “{'No, ' * 11}No”?"


def test_a_card_names_the_verb_beside_a_quotation() -> None:
    article = Article("a1", "“We left early,” Ida Stone joked.")
    citation = replace(cite(article, "“We left early,”"), cues=((27, 32),))
    page = page_of(citation, stored={"a1": article})
    assert '<span class="otr-how">joked</span>' in page
    assert '<mark class="otr-verb">joked</mark>' in page


def test_the_highlight_is_the_quote_in_its_paragraph() -> None:
    page = page_of(cite(ARTICLE, "We will not,", "pay a crown."))
    assert re.findall(r'<mark id="(\w+)" class="otr-mark">(.*?)</mark>', page) == [("t2c1q", "We will not,")]
    assert re.findall(r'<mark class="otr-also">(.*?)</mark>', page) == ["pay a crown."]
    assert "“We will not,” she said, “pay a crown.” She left early." in html.unescape(re.sub(r"<[^>]*>", "", page))


@pytest.mark.parametrize("words", ["The mayor spoke.", "The end.", TEXT])
def test_a_quote_at_either_end_of_an_article_is_highlighted_in_the_whole_of_it(words: str) -> None:
    start = TEXT.index(words)
    page = reading_html(ARTICLE, [Span.of(TEXT, start, start + len(words))], [])
    assert f'class="otr-mark">{html.escape(words)}</mark>' in page
    assert TEXT in html.unescape(re.sub(r"<[^>]*>", "", page))
    assert "By Ann Author" in page


def test_an_article_is_read_with_its_verb_and_every_piece_marked() -> None:
    def span(words: str) -> Span:
        return Span.of(TEXT, TEXT.index(words), TEXT.index(words) + len(words))

    page = reading_html(ARTICLE, [span("We will not,"), span("pay a crown.")], [span("said")])
    assert re.findall(r'<mark[^>]*class="([\w-]+)">(.*?)</mark>', page) == [
        ("otr-mark", "We will not,"),
        ("otr-verb", "said"),
        ("otr-also", "pay a crown."),
    ]


def test_reported_speech_is_shown_as_such_and_without_quotation_marks() -> None:
    page = page_of(cite(ARTICLE, "She left early", direct=False))
    assert "Reported in the outlet’s words, not word for word" in page
    assert '<blockquote class="otr-words otr-indirect">She left early</blockquote>' in page


@pytest.mark.parametrize(
    ("source", "shown"),
    [(None, "Someone the article does not name"), ("two <b>aides</b>", "two &lt;b&gt;aides&lt;/b&gt; (not named)")],
)
def test_a_speaker_without_a_name_is_said_to_have_none(source: str | None, shown: str) -> None:
    page = page_of(replace(cite(ARTICLE, "pay a crown."), speaker="", role=None, source=source))
    assert f'<h3 class="otr-speaker">{shown}</h3>' in page


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
    page = re.sub(r'data-export="[^"]*"', "", page_of(cite(ARTICLE, "We will not,"), stored=stored))
    assert "are not shown; ask again." in page
    assert "We will not" not in page


def test_nothing_in_an_article_becomes_markup() -> None:
    nasty = "<script>x</script><img src=x onerror=y> \"a\" 'b' &lt;"
    article = Article("h", f"Bob said: “{nasty}” and left.", nasty, nasty, nasty, nasty, "javascript:alert(1)")
    citation = replace(cite(article, nasty), speaker=nasty, role=nasty)
    page = page_of(citation, stored={"h": article}) + reading_html(article, [Span.of(article.text, 0, 5)], [])
    own = {"ol", "li", "span", "div", "h3", "h4", "p", "blockquote", "strong", "time", "br", "cite", "mark", "details"}
    tags = Tags(page)
    assert tags.names == own | {"summary", "button", "a"}
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name in ("src", "style")]
    assert [value for name, value in tags.attributes if name == "href"] == ["#t2c1m"]
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
    page = page_of(cite(ARTICLE, "pay a crown."))
    assert '<a href="https://courier.example/a?x=1" target="_blank" rel="noopener noreferrer">Mayor refuses</a>' in page


def test_no_answer_is_said_plainly_and_the_closest_is_called_that() -> None:
    assert f'<p class="otr-none">{NOT_SAID}</p>' in page_of(answered=False)
    page = page_of(cite(ARTICLE, "pay a crown."), answered=False)
    assert re.search(f'<p class="otr-none">{NOT_SAID}</p>\\s*<p class="otr-hint">The closest', page)


@pytest.mark.parametrize(
    ("published", "shown"),
    [("2026-03-09", "9 March 2026"), ("2026-03-09T10:00:00Z", "9 March 2026"), ("spring", "spring"), (None, None)],
)
def test_dates_are_shown_as_people_write_them(published: str | None, shown: str | None) -> None:
    assert display_date(published) == shown


def test_sources_of_earlier_answers_are_folded_under_their_escaped_question() -> None:
    assert earlier_html([]) == ""
    page = earlier_html([("Who <b>?", "<ol></ol>")])
    assert "<summary>Sources for “Who &lt;b&gt;?”</summary><ol></ol></details>" in page


def test_a_notice_is_escaped_and_lists_what_follows_its_first_line() -> None:
    assert notice_html([]) == ""
    assert notice_html(["1 added", "<x>"], bad=True) == (
        '<div class="otr-notice otr-bad" role="alert"><p>1 added</p>\n<ul><li>&lt;x&gt;</li></ul></div>'
    )


def test_the_same_statement_elsewhere_opens_at_its_own_paragraph_and_shows_what_it_words_otherwise() -> None:
    copy = replace(ARTICLE, id="a2", publication="The Mail", url=None, text=TEXT.replace("pay a", "pay one"))
    other = cite(copy, "pay one crown.")
    citation = replace(cite(ARTICLE, "pay a crown."), also=(other, replace(other, article_id="gone")))
    page = page_of(citation, stored={"a1": ARTICLE, "a2": copy})
    assert page.count('<details class="otr-also-in">') == 1
    assert "<strong>The Mail</strong>" in page
    assert '<mark id="t2c1o0q" class="otr-mark">pay one crown.</mark>' in page
    assert 'There: “pay <b class="otr-differs">one</b> crown.”' in page
