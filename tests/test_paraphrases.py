"""A paraphrase reads as the article's own sentence, with the speaker's name for its subject."""

from __future__ import annotations

import pytest

from rag.schema import Article, ArticleInfo, Hit, Quote, Span, Speaker, Statement
from rag.writing.citations import cite, problems
from rag.writing.compose import heading, told
from tests.fakes import span


def reads(source: str, between: str, cue: str, said: str) -> str:
    """How a clause of an article is told of Ida Hale, whom it calls `source`."""
    text = f"{source}{between}{cue} {said}."
    article = Article("a1", text)
    quote = Quote((span(text, said),), (span(text, source),), (span(text, cue),), Speaker("Ida Hale"), "indirect")
    statement = Statement("s1", ArticleInfo.of(article), quote, Span.of(text, 0, len(text)))
    return told(cite([Hit(statement, 1.0)])[0])


@pytest.mark.parametrize("source", ["Hale, who runs the mill", "Hale, 52", "The owner, Ida Hale"])
def test_a_comma_that_closes_what_the_source_puts_behind_one_parts_it_from_no_verb(source: str) -> None:
    assert reads(source, ", ", "warned", "that it leaks") == "Ida Hale warned that it leaks"


@pytest.mark.parametrize(
    ("source", "between"), [("Hale", ", "), ("Hale, who runs the mill", ", back from sea, "), ("Hale", " is here, ")]
)
def test_what_else_stands_between_parts_them(source: str, between: str) -> None:
    assert reads(source, between, "warned", "that it leaks") == "Ida Hale, in the article’s words: warned that it leaks"


@pytest.mark.parametrize(("source", "between"), [("Hale, who runs the mill", ", "), ("Hale", " ")])
def test_a_verb_that_is_no_predicate_has_no_subject(source: str, between: str) -> None:
    said = reads(source, between, "warning", "that it leaks")
    assert said == "Ida Hale, in the article’s words: warning that it leaks"


@pytest.mark.parametrize(
    ("between", "words", "told_as"),
    [
        (" ", "“heavy use in hot weather”", "Ida Hale blamed “heavy use in hot weather”"),
        (": ", "“heavy use in hot weather”", "Ida Hale said: “heavy use in hot weather”"),
        (" ", "“The weather is hot”", "Ida Hale said: “The weather is hot”"),
    ],
)
def test_quoted_words_that_are_a_part_of_the_article_s_sentence_keep_its_verb(
    between: str, words: str, told_as: str
) -> None:
    text = f"The owner blamed{between}{words}."
    article = Article("a1", text)
    quote = Quote((span(text, words),), (span(text, "The owner"),), (span(text, "blamed"),), Speaker("Ida Hale"))
    citation = cite([Hit(Statement("s1", ArticleInfo.of(article), quote, Span.of(text, 0, len(text))), 1.0)])[0]
    assert told(citation) == told_as
    assert problems(f"{told(citation)} [1]", [citation]) == []


@pytest.mark.parametrize(("between", "made"), [(" ", " "), (" he added, ", " … ")])
def test_nothing_is_left_out_where_a_quotation_goes_on_from_a_paraphrase(between: str, made: str) -> None:
    text = f"The owner doubted that it would do:{between}“It is too small.”"
    article = Article("a1", text)
    content = (span(text, "that it would do:"), span(text, "“It is too small.”"))
    quote = Quote(content, (span(text, "The owner"),), (span(text, "doubted"),), Speaker("Ida Hale"), "mixed")
    citation = cite([Hit(Statement("s1", ArticleInfo.of(article), quote, Span.of(text, 0, len(text))), 1.0)])[0]
    assert told(citation) == f"Ida Hale doubted that it would do:{made}“It is too small.”"


@pytest.mark.parametrize(
    ("text", "cue", "made"),
    [
        ("The Millers’ Union said that it leaks.", "said", "The Millers’ Union said that it leaks"),
        ("Flour is dear, the Millers’ Union said, that it leaks.", "said", "The Millers’ Union said that it leaks"),
        (
            "The Millers’ Union, which owns it, said that it leaks.",
            "said",
            "The Millers’ Union, in the article’s words: s",
        ),
        ("Millers’ Union said that it leaks.", "said", "Millers’ Union said that it leaks"),
        ("In the Millers’ Union hall Millers’ Union said that it leaks.", "said", "Millers’ Union said"),
    ],
)
def test_a_body_keeps_the_article_that_its_name_has_beside_the_verb(text: str, cue: str, made: str) -> None:
    article = Article("a1", text)
    source = span(text, "Millers’ Union", nth=text.count("Millers’ Union") - 1)
    speaker = Speaker("Millers’ Union", kind="body")
    quote = Quote((span(text, "that it leaks"),), (source,), (span(text, cue),), speaker, "indirect")
    citation = cite([Hit(Statement("s1", ArticleInfo.of(article), quote, Span.of(text, 0, len(text))), 1.0)])[0]
    assert told(citation).startswith(made)


def test_a_heading_begins_with_a_capital() -> None:
    text = "The Millers’ Union said that it leaks."
    quote = Quote(
        (span(text, "that it leaks"),),
        (span(text, "Millers’ Union"),),
        (span(text, "said"),),
        Speaker("Millers’ Union", kind="body"),
        "indirect",
    )
    article = Article("a1", text)
    citation = cite([Hit(Statement("s1", ArticleInfo.of(article), quote, Span.of(text, 0, len(text))), 1.0)])[0]
    assert heading(citation) == "The Millers’ Union:"
