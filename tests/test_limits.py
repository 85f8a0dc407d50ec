"""What a question limits the asked's words to: a time, or an outlet that was told; and which time is of the saying."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rag.judging.claims import asked_of
from rag.judging.decide import decide
from rag.judging.decision import Decision
from rag.judging.letters import agrees
from rag.judging.limits import within
from rag.judging.same import says_the_same
from rag.people.directory import Directory
from rag.schema import Judged, Judgement, Query, QuestionKind, Span, Statement
from rag.understanding.dates import time_of
from rag.understanding.embedded import EmbeddedReader
from rag.writing.compose import opening
from tests.fakes import FakeTagger, hit, party

HALE = party("Ida Hale")


def query(question: str, kind: QuestionKind = "said_what") -> Query:
    time = time_of(question)
    return Query(question, question, kind, (HALE,), time.since, time.until, when=time.words, yearly=time.yearly)


def never(query: Query, statement: Statement) -> bool:
    return False


def judgement(day: str, *, around: str = "", outlet: str | None = None, **likely: Any) -> Judgement:
    found = hit(1.0, "The gulls are loud.", id=day, published=day, publication=outlet)
    if around:
        context = Span.of(
            f"{found.statement.context.text} {around}", 0, len(found.statement.context.text) + 1 + len(around)
        )
        found = replace(found, statement=replace(found.statement, context=context))
    return Judgement(found, **(likely or {"answers": 0.9}))


def decided(asked: Query, *found: Judgement) -> Decision:
    return decide(asked, Judged(found, "fake"), agrees=agrees, repeats=never)


JUNE = judgement("2031-06-12")
MAY = judgement("2031-05-04", answers=0.3)
FAINT = judgement("2031-05-04", answers=0.05)


@pytest.mark.parametrize(
    "question",
    [
        "What did Ida Hale say about gulls in May 2031?",
        "What did Ida Hale say in May about gulls?",
        "In May 2031, what did Ida Hale say about gulls?",
        "What did Ida Hale say about gulls on 4 May 2031?",
    ],
)
def test_what_was_said_at_another_time_is_no_answer_but_comes_closest(question: str) -> None:
    asked = query(question)
    assert decided(asked, JUNE, MAY).hits == (MAY.hit,)
    without = decided(asked, JUNE, FAINT)
    assert (without.answered, without.hits[0]) == (False, JUNE.hit)
    assert opening(asked, without).startswith(
        f"The articles do not say. Ida Hale is quoted in them, but not on this {asked.when}."
    )


@pytest.mark.parametrize(
    ("around", "answers"),
    [
        ("It was the storm of 4 May that brought them.", True),
        ("They came in May.", True),
        ("They came last month.", True),
        ("They had been quiet until May.", False),
        ("They had been loud since early May.", False),
        ("They came in May 2029.", False),
        ("They came in April.", False),
    ],
)
def test_what_happened_then_may_be_spoken_of_later(around: str, answers: bool) -> None:
    later = judgement("2031-06-12", around=around)
    assert decided(query("What did Ida Hale say about the gulls in May 2031?"), later).answered is answers


def test_what_was_said_on_a_weekday_of_the_time_is_of_it() -> None:
    asked = query("What did Ida Hale say about gulls in May 2031?")
    assert decided(asked, judgement("2031-06-01", around="She spoke on Friday.")).answered
    assert not decided(asked, judgement("2031-06-08", around="She spoke on Friday.")).answered


@pytest.mark.parametrize(
    "question",
    [
        "What did Ida Hale say about the gulls of 2029?",
        "What did Ida Hale say about the storm in 2029?",
        "What did Ida Hale say about the vote in November 2031?",
        "Who spoke about gulls in May 2031?",
    ],
)
def test_a_year_and_a_day_to_come_are_of_what_is_spoken_of(question: str) -> None:
    kind: QuestionKind = "who_said" if question.startswith("Who") else "said_what"
    assert decided(query(question, kind), JUNE).answered


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Did Ida Hale say on 12 June 2031 that the gulls are loud?", "yes"),
        ("Did Ida Hale say on 12 June 2031 the gulls are loud?", "yes"),
        ("On 12 June 2031, did Ida Hale say that the gulls are loud?", "yes"),
        ("Did Ida Hale say on 4 May 2031 that the gulls are loud?", None),
        ("Did Ida Hale say in May that the gulls are loud?", None),
    ],
)
def test_a_yes_is_of_the_day_on_which_it_was_said(question: str, verdict: str | None) -> None:
    said = judgement("2031-06-12", says_so=0.9)
    assert decided(query(question, "did_say"), said).verdict == verdict


def test_a_day_that_is_claimed_is_part_of_the_claim() -> None:
    statement = hit(1.0, "The gulls are loud.", published="2031-06-12").statement
    assert not agrees(query("Did Ida Hale say that the gulls came on 12 June 2031 and are loud?", "did_say"), statement)
    prices = query("Did Ida Hale say today's gulls are loud?", "did_say")
    assert "today" in asked_of(prices, statement)
    assert not says_the_same(query("Did Ida Hale say on 4 May that the gulls are loud?", "did_say"), statement)


PEOPLE = Directory.of([("Ida Hale", "mayor"), ("the Echo", "")], publications=["The Mail", "Echo", "Echo Weekly"])


@pytest.mark.parametrize(
    ("question", "outlets", "judged"),
    [
        ("What did Ida Hale tell The Mail about gulls?", ("The Mail",), "What did Ida Hale say about gulls?"),
        ("What did Ida Hale tell the Mail about gulls?", ("The Mail",), "What did Ida Hale say about gulls?"),
        ("What has Ida Hale told the Echo about gulls?", ("Echo",), "What has Ida Hale said about gulls?"),
        ("What did Ida Hale say to the Echo about gulls?", ("Echo",), "What did Ida Hale say about gulls?"),
        (
            "What did Ida Hale say about gulls in an interview with the Mail?",
            ("The Mail",),
            "What did Ida Hale say about gulls ?",
        ),
    ],
)
def test_an_outlet_that_was_told_is_where_it_stands(question: str, outlets: tuple[str, ...], judged: str) -> None:
    asked = EmbeddedReader(PEOPLE, FakeTagger()).read(question, [])
    assert (asked.outlets, asked.is_told, asked.as_judged, asked.parties) == (outlets, True, judged, (HALE,))
    here, there = judgement("2031-05-04", outlet=outlets[0], answers=0.3), judgement("2031-06-12", outlet="Echo Weekly")
    assert decided(asked, there, here).hits == (here.hit,)
    without = decided(asked, there)
    assert (without.answered, without.hits) == (False, (there.hit,))
    assert f"but not on this in {outlets[0]}." in opening(asked, without)


def test_an_outlet_that_is_spoken_of_limits_nothing() -> None:
    asked = EmbeddedReader(PEOPLE, FakeTagger()).read("What did Ida Hale say about the sale of the Echo?", [])
    assert (asked.outlets, asked.is_told) == (("Echo",), False)
    assert decided(asked, judgement("2031-06-12", outlet="The Mail")).answered


def test_what_another_outlet_has_from_the_one_that_was_told_was_told_there() -> None:
    asked = EmbeddedReader(PEOPLE, FakeTagger()).read("What did Ida Hale tell the Mail about gulls?", [])
    elsewhere = judgement("2031-06-12", outlet="Echo")
    quote = replace(elsewhere.hit.statement.quote, channel=(Span(0, 4, "Mail"),))
    carried = replace(elsewhere, hit=replace(elsewhere.hit, statement=replace(elsewhere.hit.statement, quote=quote)))
    assert decided(asked, carried).answered


def told(day: str, around: str, verb: str = "told") -> Judgement:
    """What Ida Hale says in that sentence."""
    found = judgement(day, around=around)
    at = found.hit.statement.context.text.index(verb)
    quote = replace(found.hit.statement.quote, cue=(Span(at, at + len(verb), verb),))
    return replace(found, hit=replace(found.hit, statement=replace(found.hit.statement, quote=quote)))


BOARD, CHOIR = told("2031-05-04", "Hale told the harbour board."), told("2031-06-12", "Hale told the choir on Monday.")
HER = told("2031-07-02", "Hale told her that day.")
OPEN = told("2031-07-01", "Hale said that they come. She later told the choir so.", "said")


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("What did Ida Hale tell the board about gulls?", [BOARD, OPEN, HER]),
        ("What did Ida Hale tell members of the harbour board about gulls?", [BOARD, OPEN, HER]),
        ("What has Ida Hale said to the choir about gulls?", [CHOIR, OPEN, HER]),
        ("What did Ida Hale tell the school about gulls?", [BOARD, CHOIR, OPEN, HER]),
        ("What did Ida Hale say about gulls?", [BOARD, CHOIR, OPEN, HER]),
        ("Tell me what Ida Hale said about gulls", [BOARD, CHOIR, OPEN, HER]),
    ],
)
def test_what_was_told_to_others_is_no_answer_where_the_asked_were_told_something(
    question: str, kept: list[Judgement]
) -> None:
    found = within(query(question), Judged((BOARD, CHOIR, OPEN, HER), "fake"))
    assert [*found.judgements] == kept


def test_whom_somebody_else_told_something_limits_nobody() -> None:
    asked = replace(query("What did Una Moss tell the board about gulls?"), parties=(party("Una Moss"),))
    assert within(asked, Judged((BOARD, CHOIR), "fake")).judgements == (BOARD, CHOIR)
