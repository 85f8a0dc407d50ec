"""What settles a claim and what does not: conditions, another's very words, and which words stand under a "no"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rag.judging.claims import placed
from rag.judging.decide import decide
from rag.judging.decision import FAINT, Decision
from rag.judging.letters import repeats, share_of_words
from rag.judging.verdict import ANOTHER
from rag.schema import Judged, Judgement, Party, Query, Statement
from tests.fakes import hit, party

HALE = party("Ida Hale")
KEEPER = "Did Ida Hale say that the keeper was asleep?"


def said(words: str, *, by: str = "Ida Hale", mode: Any = "said", **likely: Any) -> Judgement:
    found = hit(1.0, words, by=by, id=words)
    quote = replace(found.statement.quote, mode=mode)
    return Judgement(replace(found, statement=replace(found.statement, quote=quote)), **likely)


def always(query: Query, statement: Statement) -> bool:
    return True


def asked(question: str, *found: Judgement, kind: Any = "did_say", parties: tuple[Party, ...] = (HALE,)) -> Decision:
    query = Query(question, question, kind, parties)
    return decide(query, Judged(found, "fake"), agrees=always, repeats=repeats)


def shown(decision: Decision) -> list[str]:
    return [found.statement.quote.text for found in decision.hits]


@pytest.mark.parametrize(
    ("claim", "mode", "opposite"),
    [
        ("she would go", "supposed", 0.0),
        ("she would go at once", "supposed", 0.0),
        ("she would go", "said", 0.9),
        ("she would stay whatever happens", "supposed", 0.9),
    ],
)
def test_a_condition_about_what_is_claimed_is_not_its_opposite(claim: str, mode: Any, opposite: float) -> None:
    question = f"Did Ida Hale say that {claim}?"
    found = said("If the fare rises, I will go.", mode=mode, opposite=0.9)
    judged = placed(Query(question, question, "did_say", (HALE,)), found)
    assert (judged.opposite, judged.shown) == (opposite, 0.9)


@pytest.mark.parametrize(
    ("words", "verdict"), [("She was singing on deck.", None), ("She slept, the keeper, all night.", "yes")]
)
def test_words_without_any_of_the_claim_s_are_no_yes_beside_these_in_another_s_mouth(
    words: str, verdict: str | None
) -> None:
    another = said("The keeper was asleep.", by="Karl Poole", another=ANOTHER)
    assert asked(KEEPER, said(words, says_so=0.8), another).verdict == verdict


def test_words_without_any_of_the_claim_s_are_a_yes_where_nobody_else_has_these() -> None:
    another = said("It was dark.", by="Karl Poole", another=ANOTHER)
    assert asked(KEEPER, said("She was dreaming.", says_so=0.8), another).verdict == "yes"


def test_what_is_nearest_comes_first_under_a_no_although_it_is_nearly_as_like_the_claim() -> None:
    near, far = said("We lost six boats.", says_so=0.5, opposite=0.45), said("We lose no more.", opposite=0.6)
    decision = asked("Did Ida Hale say that they lost nine boats?", near, far)
    assert (decision.verdict, shown(decision)) == ("no", ["We lost six boats.", "We lose no more."])
    decision = asked("Did Ida Hale say that they lost nine boats?", far, near)
    assert (decision.verdict, shown(decision)) == ("no", ["We lose no more."])


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("What did Ida Hale say?", True),
        ("What has Ida Hale ever said?", True),
        ("Why did Ida Hale resign?", False),
        ("When did Ida Hale die?", False),
    ],
)
def test_what_surely_answers_nothing_answers_only_what_asks_for_anything_said(question: str, answered: bool) -> None:
    found = said("The dam will hold.", answers=FAINT / 2)
    assert asked(question, found, kind="said_what").answered == answered


def test_what_may_answer_answers_a_question_of_one_word() -> None:
    found = said("The dam will hold.", answers=FAINT)
    assert asked("What does Ida Hale think?", found, kind="said_what").answered


@pytest.mark.parametrize(
    ("words", "share"),
    [("He slept.", 0), ("That keeper!", 0.5), ("I was asleep.", 0.5), ("The keeper sleeps, asleep", 1)],
)
def test_words_are_shared_by_their_stems(words: str, share: float) -> None:
    query = Query(KEEPER, KEEPER, "did_say", (HALE,))
    assert share_of_words(query, said(words).hit.statement) == share
    nothing = replace(query, question="Did Ida Hale say it?", text="Did Ida Hale say it?")
    assert share_of_words(nothing, said(words).hit.statement) == 1


@pytest.mark.parametrize(("parties", "likely", "verdict"), [((), 0.7, None), ((), 0.85, "no"), ((HALE,), 0.7, "no")])
def test_contrary_words_of_somebody_are_a_no_where_nobody_is_asked_about_only_when_they_are_sure(
    parties: tuple[Party, ...], likely: float, verdict: str | None
) -> None:
    decision = asked("Was the keeper asleep?", said("He was wide awake.", opposite=likely), parties=parties)
    assert (decision.verdict, shown(decision)) == (verdict, ["He was wide awake."])
