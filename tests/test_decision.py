"""Answered or not, yes or no, and by which statements: with retrieval given by hand."""

from __future__ import annotations

from typing import Any

import pytest

from rag.decision import (
    MAX_CITATIONS,
    MAX_CLOSEST,
    MAX_LISTED,
    MIN_NO,
    MIN_RELEVANCE,
    MIN_YES,
    PER_SPEAKER,
    YES_MARGIN,
    Decision,
    decide,
)
from rag.schema import Hit, Query, QuestionKind
from tests.fakes import hit


class Found:
    """Stands in for the retriever: hits by score, kept to speakers when some are asked for."""

    def __init__(self, *hits: Hit) -> None:
        self.hits = sorted(hits, key=lambda found: -found.score)

    def __call__(self, query: Query, *, k: int, speakers: tuple[str, ...] = ()) -> list[Hit]:
        return [found for found in self.hits if not speakers or name(found) in speakers][:k]


def name(found: Hit) -> str:
    speaker = found.statement.quote.speaker
    return speaker.name if speaker else ""


def query(kind: QuestionKind, *speakers: str, unknown: tuple[str, ...] = (), topic: str = "the dam will hold") -> Query:
    return Query("the question", kind, topic, speakers, unknown)


def made(kind: QuestionKind, found: Found, *speakers: str, **about: Any) -> Decision:
    return decide(query(kind, *speakers, **about), found)


def scores(decision: Decision) -> list[float]:
    return [found.score for found in decision.hits]


def names(decision: Decision) -> list[str]:
    return [name(found) for found in decision.hits]


def test_nothing_found_is_not_answered() -> None:
    for kind in ("said_what", "who_said", "did_say", "list", "compare", "change"):
        assert made(kind, Found()) == Decision(False, None, ())
        assert made(kind, Found(), "Ida Hale") == Decision(False, None, ())
        assert made(kind, Found(), "Ida Hale", "Karl Poole") == Decision(False, None, ())
        assert made(kind, Found(), unknown=("Ann Reed",)) == Decision(False, None, ())


def test_an_empty_question_is_not_answered_by_anything() -> None:
    assert decide(Query("", "said_what", ""), Found(hit(2.0))) == Decision(False, None, ())


def test_what_is_off_the_topic_is_shown_as_the_closest_only() -> None:
    found = Found(*(hit(MIN_RELEVANCE - 0.01 * n, f"Number {n}.") for n in range(1, 6)))
    decision = made("said_what", found, "Ida Hale")
    assert (decision.answered, decision.verdict) == (False, None)
    assert scores(decision) == [found.hits[0].score, found.hits[1].score]
    assert len(decision.hits) == MAX_CLOSEST


def test_what_others_say_off_the_topic_is_not_even_the_closest() -> None:
    assert made("said_what", Found(hit(MIN_RELEVANCE - 0.01))) == Decision(False, None, ())


def test_the_best_and_those_near_it_answer() -> None:
    decision = made("said_what", Found(hit(1.0), hit(0.71, "Two."), hit(0.69, "Three.")))
    assert (decision.answered, decision.verdict, scores(decision)) == (True, None, [1.0, 0.71])
    many = Found(*(hit(1.0, f"Number {n}.") for n in range(20)))
    assert len(made("who_said", many).hits) == MAX_CITATIONS


def test_only_the_speaker_asked_about_answers() -> None:
    found = Found(hit(2.0, by="Karl Poole"), hit(0.6, by="Ida Hale"))
    assert names(made("said_what", found, "Ida Hale")) == ["Ida Hale"]


def test_somebody_who_is_not_quoted_is_not_answered_however_near_others_come() -> None:
    decision = made("said_what", Found(hit(2.0, by="Karl Poole")), unknown=("Ann Reed",))
    assert not decision.answered
    assert names(decision) == ["Karl Poole"]


class TestDidSay:
    """Did X say Y?"""

    def test_yes_is_the_speaker_s_own_statement(self) -> None:
        decision = made("did_say", Found(hit(MIN_YES), hit(0.5, by="Karl Poole")), "Ida Hale")
        assert (decision.answered, decision.verdict, names(decision)) == (True, "yes", ["Ida Hale"])

    def test_yes_when_another_says_it_only_a_little_more_clearly(self) -> None:
        found = Found(hit(1.2), hit(1.2 + YES_MARGIN - 0.01, by="Karl Poole"))
        assert made("did_say", found, "Ida Hale").verdict == "yes"

    def test_no_is_somebody_else_s_statement(self) -> None:
        found = Found(hit(MIN_YES), hit(MIN_NO, by="Karl Poole"))
        decision = made("did_say", found, "Ida Hale")
        assert (decision.answered, decision.verdict, names(decision)) == (True, "no", ["Karl Poole"])

    def test_no_for_somebody_who_is_not_quoted_when_another_says_it(self) -> None:
        decision = made("did_say", Found(hit(MIN_NO, by="Karl Poole")), unknown=("Ann Reed",))
        assert (decision.verdict, names(decision)) == ("no", ["Karl Poole"])

    def test_unanswered_when_nobody_says_it_clearly(self) -> None:
        found = Found(hit(MIN_YES - 0.01), hit(MIN_NO - 0.01, by="Karl Poole"))
        decision = made("did_say", found, "Ida Hale")
        assert (decision.answered, decision.verdict, names(decision)) == (False, None, ["Ida Hale"])

    def test_unanswered_with_the_closest_of_others_when_the_speaker_says_nothing(self) -> None:
        decision = made("did_say", Found(hit(0.6, by="Karl Poole")), "Ida Hale")
        assert (decision.answered, names(decision)) == (False, ["Karl Poole"])

    def test_a_negated_statement_is_no_yes(self) -> None:
        decision = made("did_say", Found(hit(1.5, "The dam will not hold.")), "Ida Hale")
        assert (decision.answered, decision.verdict, scores(decision)) == (True, None, [1.5])
        negated = made("did_say", Found(hit(1.5, "The dam will not hold.")), "Ida Hale", topic="the dam will not hold")
        assert negated.verdict == "yes"

    def test_a_negated_statement_of_another_is_no_no(self) -> None:
        decision = made("did_say", Found(hit(1.5, "The dam will not hold.", by="Karl Poole")), "Ida Hale")
        assert (decision.answered, decision.verdict) == (False, None)

    def test_a_statement_of_nobody_named_refutes_nobody(self) -> None:
        decision = made("did_say", Found(hit(2.0, by="")), "Ida Hale")
        assert (decision.answered, decision.verdict) == (False, None)

    def test_of_either_namesake_is_yes(self) -> None:
        decision = made("did_say", Found(hit(1.0, by="Tom Hale")), "Ida Hale", "Tom Hale")
        assert (decision.verdict, names(decision)) == ("yes", ["Tom Hale"])

    def test_shows_few_statements(self) -> None:
        found = Found(*(hit(1.0, f"The dam will hold, {n}.") for n in range(9)))
        assert len(made("did_say", found, "Ida Hale").hits) == PER_SPEAKER

    def test_of_anybody_is_answered_by_what_is_said(self) -> None:
        decision = made("did_say", Found(hit(1.0, by="Karl Poole")))
        assert (decision.answered, decision.verdict, names(decision)) == (True, None, ["Karl Poole"])


def test_a_comparison_gives_each_person_s_best_in_the_order_asked() -> None:
    found = Found(
        hit(0.9, by="Karl Poole"),
        hit(0.8, "More.", by="Karl Poole"),
        hit(0.7, "Yet more.", by="Karl Poole"),
        hit(0.5, by="Ida Hale"),
    )
    decision = made("compare", found, "Ida Hale", "Karl Poole")
    assert (decision.answered, names(decision)) == (True, ["Ida Hale", "Karl Poole", "Karl Poole"])


def test_a_comparison_of_people_who_say_nothing_on_it_is_not_answered() -> None:
    found = Found(hit(0.4), hit(0.3, by="Karl Poole"), hit(2.0, by="Ann Reed"))
    decision = made("compare", found, "Ida Hale", "Karl Poole")
    assert (decision.answered, names(decision)) == (False, ["Ida Hale", "Karl Poole"])


def test_a_list_has_each_speaker_once_and_nobody_unnamed() -> None:
    found = Found(
        *(hit(1.0 - 0.01 * n, by=f"Speaker {n}") for n in range(12)),
        hit(0.99, "Again.", by="Speaker 0"),
        hit(1.1, by=""),
    )
    decision = made("list", found)
    assert names(decision) == [f"Speaker {n}" for n in range(MAX_LISTED)]


def test_a_list_of_unnamed_sources_is_still_one() -> None:
    assert names(made("list", Found(hit(1.0, by="")))) == [""]


def test_a_change_is_told_oldest_first() -> None:
    found = Found(
        hit(1.0, "New.", published="2026-10-05"),
        hit(0.9, "Undated."),
        hit(0.8, "Old.", published="2026-02-09"),
    )
    decision = made("change", found, "Ida Hale")
    assert [found.statement.quote.text for found in decision.hits] == ["Old.", "New.", "Undated."]


@pytest.mark.parametrize("kind", ["said_what", "who_said", "list", "compare", "change"])
def test_only_a_did_say_question_has_a_verdict(kind: QuestionKind) -> None:
    assert made(kind, Found(hit(3.0)), "Ida Hale").verdict is None


def test_a_question_without_a_topic_gets_what_the_person_said() -> None:
    weak = hit(0.1)
    query = Query("What did Hale say?", "said_what", "What did say", ("Ida Hale",))
    assert decide(query, lambda query, *, k, speakers=(): [weak]) == Decision(True, None, (weak,))
