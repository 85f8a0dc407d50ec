"""Which statements may answer: the last that was said, and whose."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.judging.decide import decide
from rag.schema import Judged, Judgement, Party, Query, QuestionKind, Speaker, Statement
from tests.fakes import hit, party

HALE = party("Ida Hale")
EARLY, LATE = ("2031-05-04", "2031-06-12")


def never(query: Query, statement: Statement) -> bool:
    return False


def judgement(words: str, likely: float, *, by: str = "Ida Hale", day: str = EARLY) -> Judgement:
    return Judgement(hit(1.0, words, by=by, id=words, published=day), answers=likely)


def shown(query: Query, *found: Judgement) -> list[str]:
    """The words by which a question is answered; nothing for one that is not."""
    decision = decide(query, Judged(found, "fake"), agrees=never, repeats=never)
    return [each.statement.quote.text for each in decision.hits] if decision.answered else []


def asked(question: str, *parties: Party, kind: QuestionKind = "said_what", when: str = "") -> Query:
    return Query(question, question, kind, parties, when=when, newest=bool(when))


SAID = (judgement("a", 0.9), judgement("b", 0.6, day=LATE), judgement("c", 0.1, day=LATE))


def test_the_last_thing_that_was_said_is_that_of_the_last_day_on_which_something_answers() -> None:
    assert shown(asked("What was the last thing Ida Hale said of gulls?", HALE, when="the last thing"), *SAID) == ["b"]
    assert shown(asked("What did Ida Hale say of gulls?", HALE), *SAID[:2]) == ["a"]


def test_the_last_thing_that_was_said_on_anything_is_all_of_the_last_day() -> None:
    assert shown(asked("What was the last thing Ida Hale said?", HALE, when="the last thing"), *SAID) == ["b", "c"]


OTHER = judgement("Poole’s", 0.8, by="Karl Poole")


def test_what_another_person_says_is_no_answer_to_what_a_known_one_said() -> None:
    assert shown(asked("What did Ida Hale say of gulls on roofs?", HALE), OTHER, judgement("faint", 0.1)) == []


@pytest.mark.parametrize("by", [Party("the mayor of Holm", named=False), Party("Edda Quist", named=True)])
def test_of_whom_nobody_is_quoted_as_another_person_may_speak(by: Party) -> None:
    assert shown(asked("What did they say of gulls on roofs?", by), OTHER) == ["Poole’s"]


@pytest.mark.parametrize(("likely", "answers"), [(0.7, []), (0.95, ["Poole’s"])])
def test_what_others_say_hardly_answers_what_somebody_said_whom_nobody_is_called(
    likely: float, answers: list[str]
) -> None:
    other = judgement("Poole’s", likely, by="Karl Poole")
    assert shown(asked("What did Edda Quist say?", Party("Edda Quist", named=True)), other) == answers


def test_nothing_comes_close_to_the_words_of_somebody_whom_nobody_is_called() -> None:
    nobody, other = Party("Edda Quist", named=True), judgement("Poole’s", 0.3, by="Karl Poole")
    for question, closest in (("What did Edda Quist say?", []), ("What did Edda Quist say of gulls?", ["Poole’s"])):
        decision = decide(asked(question, nobody), Judged((other,), "fake"), agrees=never, repeats=never)
        assert [hit.statement.quote.text for hit in decision.hits] == closest


def test_nobody_s_words_and_those_of_an_it_do_not_tell_who_said_them() -> None:
    written = judgement("No swimming.", 0.9, by="it")
    unknown = judgement("No diving.", 0.9)
    unknown = replace(unknown, hit=replace(unknown.hit, statement=without_speaker(unknown.hit.statement)))
    assert shown(asked("Who said “No swimming”?", kind="who_said"), written, unknown) == []
    assert shown(asked("What was said of swimming?"), written) == ["No swimming."]
    by_somebody = judgement("No swimming.", 0.9, by="he")
    assert shown(asked("Who said “No swimming”?", kind="who_said"), by_somebody, written) == ["No swimming."]


def without_speaker(statement: Statement) -> Statement:
    return replace(statement, quote=replace(statement.quote, speaker=None, source=()))


def _in_role(found: Judgement, role: str) -> Judgement:
    statement = found.hit.statement
    quote = replace(statement.quote, speaker=Speaker("Per Lund", role, kind="person"))
    return replace(found, hit=replace(found.hit, statement=replace(statement, quote=quote)))


def test_whom_the_article_tells_from_somebody_that_nobody_is_quoted_as_does_not_answer_for_them() -> None:
    likely = judgement("gulls", 0.95, by="Mara Quist")
    cousin = _in_role(judgement("tugs", 0.95, by="Per Lund"), "a cousin of former mayor Harlan Quist")
    stranger = judgement("eels", 0.95, by="Karl Poole")
    question = asked("What did Harlan Quist say of gulls and tugs?", Party("Harlan Quist", named=True))
    assert shown(question, likely, cousin, stranger) == ["eels"]
    assert shown(asked("What did Quist say of gulls and tugs?", Party("Quist", named=True)), likely) == ["gulls"]


def by_somebody(described: str, likely: float) -> Judgement:
    """What somebody says whom the article does not name."""
    found = judgement("words", likely, by=described)
    statement = found.hit.statement
    quote = replace(statement.quote, speaker=Speaker(described, kind="unnamed"))
    return replace(found, hit=replace(found.hit, statement=replace(statement, quote=quote)))


@pytest.mark.parametrize(
    ("described", "question", "answers"),
    [
        ("a badge on the porter's coat", "What did the porter say?", False),
        ("a badge on the porter's coat", "What did the porter say about the gulls?", False),
        ("the porter's widow", "What did the porter say about the gulls?", False),
        ("a board at the exit", "What did the porter say?", False),
        ("a board at the exit", "What did the porter say about the gulls?", True),
        ("the porters' mate", "What did the porter say?", True),
        ("a spokesman", "What did the porter say?", True),
        ("it", "What did the porter say?", True),
    ],
)
def test_what_belongs_to_who_is_described_or_has_nothing_of_that_is_not_who_says_it(
    described: str, question: str, answers: bool
) -> None:
    porter = Party("the porter")
    assert shown(asked(question, porter), by_somebody(described, 0.8)) == (["words"] if answers else [])


def test_what_surely_answers_stands_whatever_its_speaker_is_called() -> None:
    assert shown(asked("What did the porter say?", Party("the porter")), by_somebody("a board", 0.95)) == ["words"]
