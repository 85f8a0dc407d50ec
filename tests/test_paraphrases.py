"""A paraphrase reads as the article's own sentence, with the speaker's name for its subject."""

from __future__ import annotations

import pytest

from rag.schema import Article, ArticleInfo, Hit, Quote, Span, Speaker, Statement
from rag.writing.citations import cite
from rag.writing.compose import told
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
