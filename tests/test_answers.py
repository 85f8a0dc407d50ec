"""Answers over seeds/ with the real retriever, reader and judge: what a person types, and what must come out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Answer, ask, stream
from rag.lookup import list_people
from rag.verification.verify import verify
from rag.writing.citations import words
from rag.writing.compose import NOT_SAID, TALK

pytestmark = pytest.mark.model

Ask = Callable[..., Answer]
AFTER = [
    {"role": "user", "content": "What did Mayor Solvane say about the second tug?"},
    {"role": "assistant", "content": "Ingrid Solvane, Mayor, said: …"},
]


@pytest.fixture
def put(seeds_index: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask a question of the sample articles."""
    monkeypatch.setenv("OTR_LLM", "embedded")
    return lambda question, history=None: ask(question, history=history, index=seeds_index)


@pytest.mark.parametrize(
    "question",
    [
        "Did the mayor call the harbour unsafe?",
        "Is Terner for or against the move?",
        "Did Peskov criticise Trump?",
        "Did Ingrid Solvane promise a second tug?",
    ],
)
def test_what_nobody_says_so_is_never_yes(put: Ask, question: str) -> None:
    assert put(question).verdict != "yes"


@pytest.mark.parametrize("question", ["What time is it?", "Who won the world cup?", "What is the capital of Peru?"])
def test_what_no_article_is_about_is_not_answered(put: Ask, question: str) -> None:
    answer = put(question)
    assert (answer.answered, answer.verdict) == (False, None)
    assert answer.text.startswith((NOT_SAID, TALK))


@pytest.mark.parametrize("question", ["Hello", "thanks!", "What can you do?"])
def test_talk_gets_a_word_on_what_can_be_asked_and_no_statement(put: Ask, question: str) -> None:
    for history in ([], AFTER):
        answer = put(question, history)
        assert (answer.answered, answer.text, answer.citations) == (False, TALK, ())


@pytest.mark.parametrize("question", ["What is in these articles?", "Who is quoted here, and on what?"])
def test_a_survey_tells_who_is_quoted_how_often_and_shows_several_people_once_each(
    put: Ask, seeds_index: Path, question: str
) -> None:
    for history in ([], AFTER):
        answer = put(question, history)
        speakers = [citation.speaker for citation in answer.citations]
        assert answer.answered
        assert len(speakers) == len(set(speakers)) > 3
        assert answer.sentences[0].text.startswith("These articles quote ")
        for person in list_people(index=seeds_index)[:3]:
            assert f"{person.name} ({person.statements} times)" in answer.sentences[0].text
        assert verify(answer, seeds_index).verified


def test_the_asked_speaker_s_words_come_first(put: Ask) -> None:
    answer = put("What did Mayor Solvane say about the second tug?")
    assert answer.answered
    assert answer.citations[0].speaker == "Ingrid Solvane"
    assert "second tug" in answer.citations[0].context


def test_who_said_it_is_found(put: Ask) -> None:
    answer = put("Who said that the pilots know there is no money for a second tug?")
    assert answer.citations[0].speaker == "Ingrid Solvane"


def test_somebody_who_is_not_quoted_is_said_so(put: Ask) -> None:
    answer = put("What did Edda Quist say about the second tug?")
    assert "Nobody is quoted" in answer.text
    assert "Edda Quist" in answer.text


def test_a_new_question_takes_over_nothing_from_the_one_before(put: Ask) -> None:
    alone = put("What did Peskov say about the new administration?")
    assert put("What did Peskov say about the new administration?", AFTER).citations == alone.citations


def test_a_follow_up_goes_on_with_the_same_matter_after_a_word_of_thanks_too(put: Ask) -> None:
    thanks = [{"role": "user", "content": "Thanks!"}, {"role": "assistant", "content": TALK}]
    for history in (AFTER, [*AFTER, *thanks]):
        answer = put("And what do the pilots say about it?", history)
        assert {c.article_id for c in answer.citations} == {"harbour-dredging"}
        assert answer.follows


@pytest.mark.parametrize(
    ("question", "speaker", "said"),
    [
        ("What did Dmitry Peskov say about the new administration?", "Dmitry Peskov", "largely aligns with our vision"),
        (
            "What did the mayor say about the second tug?",
            "Ingrid Solvane",
            "A second tug costs two million crowns a year",
        ),
        ("What did Tomas Solvane say about the second tug?", "Tomas Solvane", "a deeper hole"),
        ("Who called the plan a tax with a tap on it?", "Karel Dunmore", "a tax with a tap on it"),
        ("What did Stellan Voss say about closing the school?", "Stellan Voss", "I will not close a school"),
    ],
)
def test_every_stage_of_an_answer_is_verified(seeds_index: Path, question: str, speaker: str, said: str) -> None:
    *_, answer = grown = list(stream(question, index=seeds_index))
    assert [difference for each in grown for difference in verify(each, seeds_index).differences] == []
    assert (answer.answered, answer.judge) == (True, "embedded")
    assert any(c.speaker == speaker and said in words(c) for c in answer.citations), answer.text
    assert said in answer.text


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("Did Stellan Voss call the plan a tax with a tap on it?", "Karel Dunmore"),
    ],
)
def test_who_said_it_instead_is_named(put: Ask, question: str, speaker: str) -> None:
    answer = put(question)
    assert (answer.verdict, answer.citations[0].speaker) == ("no", speaker)
