"""What somebody repeats of others and takes back in the next breath is not what he says."""

from __future__ import annotations

import pytest

from rag.judging.letters import agrees, repeats, turns
from rag.schema import Article, ArticleInfo, Query, Span, Statement
from tests.fakes import hit, party, quote


def query(claim: str) -> Query:
    question = f"Did Ida Hale say that {claim}?"
    return Query(question, question, "did_say", (party("Ida Hale"),))


@pytest.mark.parametrize(
    "denial",
    ["I don’t.", "I never did.", "No.", "We have not, and never will.", "I never said that.", "I don’t think so."],
)
def test_a_sentence_that_only_negates_takes_back_the_one_before_it(denial: str) -> None:
    statement = hit(1.0, f"The paper said I hate bells. {denial} I was a ringer.").statement
    asked = query("she hates bells")
    assert (agrees(asked, statement), repeats(asked, statement)) == (False, False)


@pytest.mark.parametrize("behind", ["I always have.", "I was no ringer.", "I cannot say why.", "I told nobody.", ""])
def test_any_other_sentence_takes_nothing_back(behind: str) -> None:
    statement = hit(1.0, f"I hate bells. {behind}").statement
    asked = query("she hates bells")
    assert (agrees(asked, statement), repeats(asked, statement)) == (True, True)


def test_what_is_taken_back_is_the_sentence_before_and_no_other() -> None:
    statement = hit(1.0, "I hate bells. They say I broke one. I did not.").statement
    assert agrees(query("she hates bells"), statement)
    assert not agrees(query("she broke one"), statement)


def test_a_negation_alongside_another_takes_neither_back() -> None:
    """“Not tired and not ill” is no double negation."""
    statement = hit(1.0, "I was not tired and I was not ill.").statement
    assert not repeats(query("she was ill"), statement)
    assert turns(query("she was ill"), statement)
    assert not turns(query("she was not ill"), statement)


def spoken(text: str) -> Statement:
    """The first quotation of a paragraph, as Ida Hale's words."""
    article = Article("a", text)
    words = quote(article, text[: text.index("”") + 1], by="Ida Hale")
    return Statement("s", ArticleInfo.of(article), words, Span.of(text, 0, len(text)))


def test_what_somebody_goes_on_to_say_behind_the_verb_takes_back_what_stands_before_it() -> None:
    statement = spoken("“I used to hate bells,” said Ida Hale, the mayor. “I don’t any more. I ring one.”")
    assert not agrees(query("she hates bells"), statement)


@pytest.mark.parametrize(
    "behind",
    ["“It is not,” said Karl Poole.", "Karl Poole said: “It is not.”", "“It rang.”", "It is not. “It rang.”", ""],
)
def test_what_another_says_takes_nothing_back(behind: str) -> None:
    assert agrees(query("the bell is whole"), spoken(f"“The bell is whole,” said Ida Hale. {behind}"))


def test_what_negates_and_is_taken_back_is_no_ground_for_a_question_that_negates() -> None:
    statement = hit(1.0, "I used to think that a town without bells is no town. I don’t any more.").statement
    assert not agrees(query("a town without bells is no town"), statement)
