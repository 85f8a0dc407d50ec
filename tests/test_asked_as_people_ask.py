"""Whom a question means, when, and how much of what they say, in the words in which people ask."""

from __future__ import annotations

import pytest

from rag.judging.decide import decide
from rag.judging.letters import repeats
from rag.people.directory import Directory
from rag.people.names import personal
from rag.schema import Judged, Judgement, Party, Query
from rag.understanding.following import owned
from tests.fakes import hit, party


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Idris al-Rashidi", ("idris", "al-rashidi")),
        ("Luc d’Aubert", ("luc", "d'aubert")),
        ("Farida el-Masry", ("farida", "el-masry")),
        ("Amina as-Sayed", ("amina", "as-sayed")),
        ("a non-British firm", ()),
        ("the pro-European", ()),
    ],
)
def test_a_small_article_tied_to_a_name_is_part_of_it(label: str, words: tuple[str, ...]) -> None:
    assert personal(label) == words


@pytest.mark.parametrize("typed", ["al-Rashidi", "al rashidi", "idris al rashidi", "Al-Rashidi"])
def test_a_name_with_an_article_is_found_however_it_is_typed(typed: str) -> None:
    assert Directory.of([("Idris al-Rashidi", "")]).find(typed) == ("Idris al-Rashidi",)


HALE = party("Ida Hale")


@pytest.mark.parametrize(
    ("question", "phrases", "owners", "whole"),
    [
        ("What did her lawyer say?", ["her lawyer"], [HALE], "What did Hale's lawyer say?"),
        ("and their boss?", ["their boss"], [Party("the union")], "and the union's boss?"),
        ("What did Poole say?", ["Poole"], [HALE], "What did Poole say?"),
        ("What did she say?", ["she"], [HALE], "What did she say?"),
        ("What did her lawyer say?", ["her lawyer"], [HALE, party("Karl Poole")], "What did her lawyer say?"),
    ],
)
def test_whose_somebody_is_takes_the_name_from_before(
    question: str, phrases: list[str], owners: list[Party], whole: str
) -> None:
    assert owned(question, phrases, owners) == whole


@pytest.mark.parametrize(
    ("day", "is_when"), [("2031-05-02", True), ("1999-05-30", True), ("2031-06-05", False), (None, False)]
)
def test_a_month_of_any_year_is_a_time(day: str | None, is_when: bool) -> None:
    assert Query("?", "?", yearly="05").is_when(day) is is_when


def ida(words: str, shown: float) -> Judgement:
    return Judgement(hit(1.0, words, id=words, by="Ida Hale"), answers=shown)


def decided(query: Query, *found: Judgement) -> list[str]:
    decision = decide(query, Judged(found, "fake"), agrees=lambda q, s: True, repeats=lambda q, s: False)
    return [hit.statement.quote.text for hit in decision.hits]


def test_whoever_asks_what_somebody_said_gets_all_of_it() -> None:
    found = (ida("a", 0.9), ida("b", 0.1), ida("c", 0.0))
    assert decided(Query("What did Ida Hale say?", "What did Ida Hale say?", parties=(HALE,)), *found) == [
        "a",
        "b",
        "c",
    ]
    on_tugs = "What did Ida Hale say about tugs and quays?"
    assert decided(Query(on_tugs, on_tugs, parties=(HALE,)), *found) == ["a"]


def test_a_list_of_what_one_person_said_has_more_than_one_statement() -> None:
    found = (ida("a", 0.9), ida("b", 0.8), ida("c", 0.3))
    asked = "List all that Ida Hale said about tugs and quays"
    assert decided(Query(asked, asked, "list", (HALE,)), *found) == ["a", "b"]


@pytest.mark.parametrize("asked", ["Who disagrees with Hale?", "who disagrees with ida hale"])
def test_whom_a_question_names_is_not_who_else_speaks(asked: str) -> None:
    poole = Judgement(hit(1.0, "d", id="d", by="Karl Poole"), answers=0.5)
    assert decided(Query(asked, asked, "who_said"), ida("a", 0.9), poole) == ["d"]
    assert decided(Query("Who likes tugs?", "Who likes tugs?", "who_said"), ida("a", 0.9), poole) == ["a"]


def test_the_words_of_a_claim_are_shown_however_faint_a_judge_finds_them() -> None:
    asked = "Did Ida Hale say the tug sank?"
    query = Query(asked, asked, "did_say", (HALE,))
    faint = Judged((Judgement(hit(1.0, "a", id="a", by="Ida Hale"), says_so=0.01, opposite=0.05),), "fake")
    decision = decide(query, faint, agrees=lambda q, s: True, repeats=lambda q, s: True)
    assert (decision.answered, decision.verdict) == (True, None)
    assert not decide(query, faint, agrees=lambda q, s: True, repeats=lambda q, s: False).answered


def test_no_yes_stands_on_words_of_which_the_claim_has_none_where_another_has_them_all() -> None:
    asked = "Did Ida Hale say the tug sank?"
    query = Query(asked, asked, "did_say", (HALE,))
    own = Judgement(hit(1.0, "It floats", id="a", by="Ida Hale"), says_so=0.7)
    other = Judgement(hit(1.0, "The tug sank", id="b", by="Karl Poole"), another=0.05)
    for found, verdict in (((own, other), None), ((own,), "yes")):
        decision = decide(query, Judged(found, "fake"), agrees=lambda q, s: True, repeats=repeats)
        assert decision.verdict == verdict
