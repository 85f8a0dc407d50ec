"""No "yes" stands on a question, a condition, a wish, or words that the speaker only passes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.judging.ground import answers_nothing, is_condition, is_ground
from rag.schema import Mode, QuoteKind, Span, Statement
from tests.fakes import hit


def made(words: str, mode: Mode = "said", kind: QuoteKind = "direct", around: str = "") -> Statement:
    statement = hit(1.0, words).statement
    if around:
        start = around.index(words)
        span = Span.of(around, start, start + len(words))
        whole = Span.of(around, 0, len(around))
        statement = replace(statement, quote=replace(statement.quote, content=(span,)), context=whole)
    return replace(statement, quote=replace(statement.quote, mode=mode, kind=kind))


@pytest.mark.parametrize(
    ("asked", "words", "stands"),
    [
        ("that they will open it", "“We will open the gate if the board pays us,”", False),
        ("that they will open it if the board pays", "“We will open the gate if the board pays us,”", True),
        ("that they will open the gate", "“We will open the gate even if nobody pays us,”", True),
        ("that they will open the gate", "“We will open the gate unless it rains.”", False),
        ("that the gate is safe", "“I do not know whether the gate is safe.”", False),
        ("that the gate is safe", "“Nobody knows if it will rain. The gate is safe.”", True),
        ("that the gate is safe", "“If it rains I will go, but the gate is safe.”", True),
        ("that the gate will break", "“Were the gate to break, the town would drown.”", False),
        ("that the gate is open", "“I wish the gate were open.”", False),
        ("that the gate will hold", "“We all hope the gate will hold.”", False),
        ("that he hopes the gate will hold", "“We all hope the gate will hold.”", True),
        ("that the gate will hold", "“We hope for rain. The gate will hold.”", True),
        ("that the gate will be raised", "“He told me, ‘The gate will be raised,’ and I laughed.”", False),
        ("that the gate is sound", "“So the gate is ‘sound’, and I am a queen.”", False),
        ("that she laughed at him", "“He told me, ‘The gate will be raised,’ and I laughed at him.”", True),
        ("that the gate is sound", "‘They call it “sound” and the gate leaks.’", False),
        ("that the gate is quiet", "“You say it is a quiet gate. Come and sleep there.”", False),
        ("that the gate is quiet", "“I have always said it is a quiet gate.”", True),
        ("that the gate is the pilots’", "“The gate is the pilots’ and nobody else’s.”", True),
    ],
)
def test_the_form_of_the_closest_words_tells(asked: str, words: str, stands: bool) -> None:
    assert is_ground(f"Did she say {asked}?", made(words)) is stands


@pytest.mark.parametrize(
    ("asked", "words", "mode", "stands"),
    [
        ("Did she say that the gate was open?", "whether the gate was open", "asked", False),
        ("Did she ask whether the gate was open?", "whether the gate was open", "asked", True),
        ("Did she say that they opened the gate?", "them to open the gate", "wished", False),
        ("Did she say that they should open the gate?", "them to open the gate", "wished", True),
        ("Did she urge them to open the gate?", "them to open the gate", "wished", True),
        ("Did she say that the gate will hold?", "the gate will hold", "said", True),
    ],
)
def test_what_a_paraphrase_asks_or_wishes_is_not_what_it_says(asked: str, words: str, mode: Mode, stands: bool) -> None:
    assert is_ground(asked, made(words, mode, "indirect")) is stands


@pytest.mark.parametrize(
    ("around", "words", "stands"),
    [
        ("The choir sang “The water is wide” there. “I wept,” she said.", "“I wept,”", False),
        ("Q. Was the water wide? A. It was shallow.", "It was shallow.", False),
        ("Q. Is the water wide? A. It is.", "It is.", True),
        ("Q. Is the water wide? A. No. The bank is.", "No. The bank is.", False),
        ("Q. Is the lake wide and the water, too? A. No, the water is deep.", "No, the water is deep.", False),
        ("Q. Is the lake deep? A. No. The water is wide.", "No. The water is wide.", True),
        ("It rained. “No. The water is wide,” she said.", "“No. The water is wide,”", True),
        ("Somebody said something. “I wept,” she said.", "“I wept,”", True),
        ("The choir sang “The water is wide” there. “Too wide,” she said.", "“Too wide,”", True),
    ],
)
def test_words_that_stand_beside_a_statement_alone_are_not_its_own(around: str, words: str, stands: bool) -> None:
    assert is_ground("Did she say that the water is wide?", made(words, around=around)) is stands


def test_a_question_that_quotes_may_ask_for_what_somebody_quotes() -> None:
    statement = made("“He told me, ‘The gate will be raised,’ and I laughed.”")
    assert is_ground("Did she say “the gate will be raised”?", statement, has_marks=True)


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("“If it holds, we stay,”", True),
        ("Had they asked, I would have come.", True),
        ("Should it rain, we go.", True),
        ("Had they asked?", False),
        ("Were they here?”", False),
        ("We stay.", False),
    ],
)
def test_a_condition_begins_with_its_word_or_its_verb(sentence: str, is_one: bool) -> None:
    assert is_condition(sentence) is is_one


@pytest.mark.parametrize(
    ("asked", "mode", "nothing"),
    [
        ("Is the gate safe?", "asked", True),
        ("What did the host ask about the gate?", "asked", False),
        ("Is the gate safe?", "said", False),
        ("Is the gate safe?", "supposed", False),
    ],
)
def test_a_question_somebody_put_answers_nothing_but_what_was_asked(asked: str, mode: Mode, nothing: bool) -> None:
    assert answers_nothing(asked, made("“Is the gate safe tonight?”", mode)) is nothing
