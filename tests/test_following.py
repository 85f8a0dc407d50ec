"""A follow-up: asked once more of somebody else, at another time, or of all others; or behind what it goes on from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.people.directory import Directory
from rag.schema import Query
from rag.understanding.embedded import EmbeddedReader, Reading
from rag.understanding.following import OTHERS, joined
from tests.fakes import FakeTagger, party

PEOPLE = Directory.of(
    [("Ida Hale", "mayor"), ("Karl Poole", "diver"), ("Edda Quist", "minister")], publications=["The Post", "Echo"]
)
FIRST = "What did Ida Hale say about the dam?"
ANSWER = "Ida Hale, mayor, said: “The dam holds.” [1]"


class Follows(FakeTagger):
    """Everything goes on from what was asked before it."""

    def read(self, before: str, question: str) -> Reading:
        return replace(super().read(before, question), follows=bool(before))


def follow(question: str, *before: str, answer: str = ANSWER) -> Query:
    """A question read behind others, each of them answered."""
    history = [
        {"role": role, "content": words} for one in before for role, words in (("user", one), ("assistant", answer))
    ]
    return EmbeddedReader(PEOPLE, Follows()).read(question, history)


@pytest.mark.parametrize("question", ["And Karl Poole?", "What about Karl Poole?", "Karl Poole?"])
def test_a_follow_up_that_only_names_somebody_asks_them_the_same(question: str) -> None:
    query = follow(question, FIRST)
    assert query.as_judged == query.text == "What did Karl Poole say about the dam?"
    assert (query.question, query.follows, query.parties) == (question, True, (party("Karl Poole"),))


@pytest.mark.parametrize("question", ["What does Karl Poole think of that?", "What did Karl Poole say about it?"])
def test_a_follow_up_on_nothing_but_that_asks_somebody_else_the_same(question: str) -> None:
    query = follow(question, FIRST)
    assert (query.as_judged, query.parties) == ("What did Karl Poole say about the dam?", (party("Karl Poole"),))


@pytest.mark.parametrize("question", ["When did she say that?", "Where was that?", "And when?"])
def test_when_and_where_it_was_said_stands_beside_what_was_answered(question: str) -> None:
    query = follow(question, FIRST)
    assert (query.as_judged, query.parties, query.kind) == (FIRST, (party("Ida Hale"),), "said_what")


@pytest.mark.parametrize("question", ["Why did she say that?", "When will the toll rise?", "Did she say why?"])
def test_what_else_is_asked_of_the_same_is_judged_by_itself(question: str) -> None:
    assert follow(question, FIRST).as_judged == f"Ida Hale: {question}"


def test_after_why_somebody_did_it_another_is_asked_what_was_asked_before() -> None:
    assert (
        follow("And Karl Poole?", FIRST, "Why does she close it?").as_judged == "What did Karl Poole say about the dam?"
    )
    again = follow("And Karl Poole?", FIRST, "Does she close it?")
    assert again.as_judged == "Karl Poole: Does she close it?"


def test_the_kind_is_that_of_the_question_asked_once_more() -> None:
    assert follow("And Karl Poole?", "Did Ida Hale call the dam safe?").kind == "did_say"


def test_a_follow_up_of_one_that_was_asked_once_more_goes_on_from_that() -> None:
    query = follow("And Edda Quist?", FIRST, "And Karl Poole?")
    assert query.as_judged == "What did Edda Quist say about the dam?"


def test_after_a_question_of_nobody_whom_it_names_stands_before_it() -> None:
    query = follow("And Karl Poole?", "Who called the dam safe?")
    assert query.as_judged == "Karl Poole: Who called the dam safe?"
    assert query.parties == (party("Karl Poole"),)


def test_a_follow_up_that_only_names_a_time_asks_the_same_of_that_time() -> None:
    query = follow("And in May 2031?", FIRST)
    assert query.as_judged == "What did Ida Hale say about the dam in May 2031?"
    assert (query.since, query.until, query.parties) == ("2031-05-01", "2031-05-31", (party("Ida Hale"),))
    again = follow("And in June 2031?", FIRST, "And in May 2031?")
    assert again.as_judged == "What did Ida Hale say about the dam in June 2031?"
    assert (again.since, again.until) == ("2031-06-01", "2031-06-30")


def test_a_follow_up_that_only_names_somebody_keeps_the_time_and_the_outlet() -> None:
    query = follow("And Karl Poole?", "What did Ida Hale tell the Echo in May 2031?")
    assert (query.since, query.outlets) == ("2031-05-01", ("Echo",))


def test_who_else_asks_all_others_and_tells_what_was_told() -> None:
    query = follow("Who else?", FIRST)
    assert query.as_judged == f"What did {OTHERS} say about the dam?"
    assert (query.kind, query.parties) == ("who_said", ())
    assert ANSWER in query.told


def test_what_else_asks_the_same_of_the_same() -> None:
    query = follow("What else?", FIRST)
    assert (query.as_judged, query.parties) == (FIRST, (party("Ida Hale"),))
    assert ANSWER in query.told


def test_who_else_after_who_else_tells_of_both_answers() -> None:
    told = follow("Who else?", "Who called it safe?", "Who else?", answer="Karl Poole did. [1]").told
    assert told.count("Karl Poole did.") == 2


@pytest.mark.parametrize("question", ["Why?", "And the toll?", "What did Karl Poole say about the toll?"])
def test_any_other_follow_up_is_searched_behind_the_first_and_tells_of_no_answer(question: str) -> None:
    query = follow(question, FIRST)
    assert (query.text, query.told) == (joined(FIRST, question), "")
    assert query.as_judged.endswith(f": {question}")


def test_who_else_without_a_question_before_it_is_any_question() -> None:
    query = follow("Who else called it safe?")
    assert (query.text, query.told) == ("Who else called it safe?", "")


def test_an_outlet_that_the_network_takes_for_somebody_is_where_it_stood() -> None:
    query = EmbeddedReader(Directory.of([("Ida Hale", "mayor")], publications=["Kesh Daily"]), FakeTagger()).read(
        "What did Kesh Daily print of Ida Hale?", []
    )
    assert (query.parties, query.outlets) == ((party("Ida Hale"),), ("Kesh Daily",))
