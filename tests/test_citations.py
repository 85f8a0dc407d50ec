"""Citations are copies at their offsets, and nothing else in quotation marks passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.schema import Article, Span
from rag.writing.citations import cite, cut, pieces, problems, stands, words
from tests.fakes import citation, hit, quote

TEXT = "HALVICK — “We don’t sell\nthe ground,” Ida Hale said, “to anyone — ever.” She left."
SPLIT = citation(TEXT, "We don’t sell\nthe ground,", "to anyone — ever.")
PLAIN = citation(
    "Ida Hale said that the toll will not rise before 2029.", "the toll will not rise before 2029", number=2
)


def test_a_citation_is_the_article_s_text_at_its_offsets() -> None:
    assert SPLIT.quote == TEXT[SPLIT.start : SPLIT.end] == "We don’t sell\nthe ground,"
    assert [TEXT[start:end] for start, end in SPLIT.spans] == ["We don’t sell\nthe ground,", "to anyone — ever."]
    assert SPLIT.context == TEXT[SPLIT.context_start : SPLIT.context_start + len(SPLIT.context)]
    assert (SPLIT.speaker, SPLIT.role, SPLIT.article_id) == ("Ida Hale", "mayor", "a1")
    assert SPLIT.sha256 == Article("a1", TEXT).sha256


def test_offsets_count_from_the_article_s_beginning_not_the_context_s() -> None:
    article = Article("a", "First 𝔭aragraph.\n\n“No,” said Ida Hale.")
    found = hit(1.0)
    words_said = quote(article, "No,", by="Ida Hale")
    context = Span.of(article.text, 18, len(article.text))
    [cited] = cite([replace(found, statement=replace(found.statement, quote=words_said, context=context))])
    assert (cited.start, cited.end, cited.context_start) == (19, 22, 18)
    assert article.text[cited.start : cited.end] == cited.quote == words(cited) == "No,"


def test_numbers_count_from_one_in_the_order_of_the_hits() -> None:
    cited = cite(
        [hit(1.0, by="Ida Hale"), hit(0.9, by=""), hit(0.8, by="Karl Poole", title="T", published="2026-01-02")]
    )
    assert [c.number for c in cited] == [1, 2, 3]
    assert [c.speaker for c in cited] == ["Ida Hale", "", "Karl Poole"]
    assert (cited[1].role, cited[2].title, cited[2].published) == (None, "T", "2026-01-02")
    assert cite([]) == ()


def test_only_what_stands_wholly_in_quotation_marks_is_direct() -> None:
    for kind, direct in (("direct", True), ("mixed", False), ("indirect", False)):
        assert citation("He said no.", "no", kind=kind).direct is direct  # type: ignore[arg-type]


def test_the_words_are_all_pieces_without_line_breaks() -> None:
    assert pieces(SPLIT) == ["We don’t sell the ground,", "to anyone — ever."]
    assert words(SPLIT) == "We don’t sell the ground, … to anyone — ever."


def test_a_citation_stands_only_in_its_article() -> None:
    assert stands(SPLIT, TEXT)
    assert not stands(SPLIT, TEXT.replace("don’t", "do"))
    assert not stands(SPLIT, " " + TEXT)
    assert not stands(SPLIT, "")
    assert not stands(replace(SPLIT, quote="", end=SPLIT.start), TEXT)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ida Hale said: “We don’t sell the ground,” [1]",
        'Ida Hale said: "We don\'t sell the ground" [1]',
        "Ida Hale said: “to anyone – ever.” [1]",
        "Ida Hale said: “We don’t sell the ground,” … “to anyone — ever.” [1]",
        "Ida Hale said: “We don’t\u00a0sell\nthe ground, … to anyone - ever.” [1]",
        "The toll will not rise. [2]",
        "Both [1] [2] said: “the toll will not rise before 2029” and “We don't sell”",
        "No quotation and no marker.",
        "",
        "Nothing in it: “” [1]",
    ],
)
def test_copied_words_in_any_typography_pass(sentence: str) -> None:
    assert problems(sentence, [SPLIT, PLAIN]) == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("“We sell the ground” [1]", "“We sell the ground” does not stand in the words cited"),
        ("“We do sell the ground” [1]", "“We do sell the ground” does not stand"),
        ("“We don’t buy the ground” [1]", "“We don’t buy the ground” does not stand"),
        ("“we don’t sell” [1]", "“we don’t sell” does not stand"),
        ('"We dont sell the ground" [1]', '"We dont sell the ground" does not stand'),
        ("“the toll will rise before 2029” [2]", "“the toll will rise before 2029” does not stand"),
        ("“the toll will not rise before 2028” [2]", "“the toll will not rise before 2028” does not stand"),
        ("“the toll will not rise before 2029” [1]", "“the toll will not rise before 2029” does not stand"),
        ("“the toll will not rise before 2029”", "“the toll will not rise before 2029” does not stand"),
        ("“We don’t sell the ground, to anyone” [1]", "“We don’t sell the ground, to anyone” does not stand"),
        ("She said so. [3]", "[3] is no citation"),
        ("She said so. [0]", "[0] is no citation"),
        ("“We don’t sell” [1] [9999]", "[9999] is no citation"),
    ],
)
def test_altered_words_and_unknown_numbers_are_named(sentence: str, found: str) -> None:
    [problem] = problems(sentence, [SPLIT, PLAIN])
    assert problem.startswith(found)


def test_a_marker_in_an_article_s_words_is_no_marker_of_ours() -> None:
    fake = citation("Ida Hale said: “See [7] and [2],” she went on, “or [8].”", "See [7] and [2],", "or [8].")
    assert problems("Ida Hale said: “See [7] and [2],” … “or [8].” [1]", [fake]) == []
    assert problems("In the article’s words: See [7] and [2], … or [8]. [1]", [fake]) == []
    # Without our own marker, the article's cannot vouch for anything.
    assert problems("“See [7] and [2],” “Sold!”", [fake, PLAIN]) == [
        "“See [7] and [2],” does not stand in the words cited",
        "“Sold!” does not stand in the words cited",
    ]
    assert problems("She sold. [7] [1]", [fake]) == ["[7] is no citation"]


def test_quotation_marks_and_markers_in_names_and_outlets_are_the_article_s() -> None:
    odd = replace(PLAIN, speaker="Karl “Kalle” Poole", role='the "king of tolls"', publication='The "Post" [5]')
    sentence = f'Karl “Kalle” Poole, the "king of tolls", in its words: {odd.quote} (The "Post" [5]) [2]'
    assert problems(sentence, [odd]) == []
    assert problems("Karl “Kalle” Poole said so.", [odd]) == ["“Kalle” does not stand in the words cited"]


def test_pieces_that_the_context_lacks_leave_the_quote() -> None:
    assert cut(SPLIT) == ("We don’t sell\nthe ground,", "to anyone — ever.")
    assert cut(replace(SPLIT, context=SPLIT.context[:40])) == (SPLIT.quote,)


def test_a_source_without_a_name_is_cited_by_the_article_s_words() -> None:
    article = Article("a", "“No,” said three tired officials.\n“Yes,” he said.")
    found = hit(1.0)

    def cited(words: str, source: str) -> str | None:
        start = article.text.index(source)
        made = replace(quote(article, words), source=(Span.of(article.text, start, start + len(source)),))
        context = Span.of(article.text, 0, len(article.text))
        return cite([replace(found, statement=replace(found.statement, quote=made, context=context))])[0].source

    assert cited("No,", "three tired officials") == "three tired officials"
    assert cited("Yes,", "he") is None
    assert cite([found])[0].source is None


def test_the_same_statement_elsewhere_shares_the_number() -> None:
    other = hit(1.0, publication="The Mail", id="a2").statement
    [cited] = cite([replace(hit(1.0, publication="The Post"), also=(other,))])
    assert [(c.number, c.publication, c.article_id) for c in (cited, *cited.also)] == [
        (1, "The Post", "a1"),
        (1, "The Mail", "a2"),
    ]


def test_controls_that_stand_for_marks_are_shown_as_these_and_copied_as_they_are() -> None:
    text = "\x93It\x92s shut \x96 for now,\x94 she said."
    told = citation(text, text[:22])
    assert (told.quote, words(told)) == (text[:22], "“It’s shut – for now,”")
    assert problems("Ana Torvik said: “It’s shut – for now,” [1]", [told]) == []
