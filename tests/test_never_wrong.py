"""What keeps a verdict from being wrong: the claim's own words, its figures, and the paragraph that a judge read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.judging.claims import placed
from rag.judging.decide import decide
from rag.judging.decision import Decision
from rag.judging.figures import is_crossed
from rag.judging.letters import agrees, as_answered, repeats
from rag.judging.same import says_the_same
from rag.judging.verdict import SURE, YES
from rag.pipeline import has_the_words, stands_for_yes
from rag.schema import Judged, Judgement, Query, QuoteKind, Span, Statement
from tests.fakes import hit, party

ANN = party("Ann Poole")


def asked(claim: str) -> Query:
    return Query(f"Did Ann Poole say that {claim}?", f"Did Ann Poole say that {claim}?", "did_say", (ANN,))


def said(words: str, kind: QuoteKind = "direct", around: str = "") -> Statement:
    statement = hit(1.0, words, by="Ann Poole", id=words).statement
    whole = around or words
    start = whole.index(words)
    quote = replace(statement.quote, kind=kind, content=(Span.of(whole, start, start + len(words)),), cue=())
    return replace(statement, quote=quote, context=Span.of(whole, 0, len(whole)))


@pytest.mark.parametrize(
    ("claim", "words", "same"),
    [
        ("she came to mend the gate", "“We came to mend the gate.”", False),
        ("they came to mend the gate", "“We came to mend the gate.”", True),
        ("the gate stays", "“The gate stays. The smith sent his bill.”", True),
        ("she was tired", "“I am tired, and I will go home.”", True),
        ("she did not ask", "“It rained, but I didn't ask.”", True),
        ("the gate would hold", "“The gate will hold.”", True),
        ("the gate will hold", "“The gate would hold.”", False),
        ("the gate is shut", "“The gate was shut.”", False),
        ("he stole the gate", "“He stole the gate.”", False),
        ("the gate will hold", "“Will the gate hold?”", False),
        ("the gate is safe", "“The gate is safe. I never said that.”", False),
        ("the gate is safe", "“The gate is safe. I did not.”", False),
        ("the gate is safe", "“The papers write the gate is safe.”", False),
        ("they will go", "“If it leaks, we will go.”", False),
        ("the gate is not safe", "“The gate is safe.”", False),
        ("the gate costs 40 crowns", "“The gate costs 60 crowns.”", False),
        ("the gate stays", "“The gate stays when all others are torn down.”", False),
    ],
)
def test_a_sentence_that_is_the_claim_is_looked_up(claim: str, words: str, same: bool) -> None:
    assert says_the_same(asked(claim), said(words)) is same


def test_reported_words_keep_their_third_person() -> None:
    assert says_the_same(asked("she lost her key"), said("that she lost her key", "indirect"))
    two = said("that she lost her key in the fog and that nobody looked for it", "indirect")
    assert says_the_same(asked("she lost her key in the fog"), two)
    assert says_the_same(asked("nobody looked for it"), two)
    assert not says_the_same(asked("she lost her key in the fog and nobody looked"), two)


def test_what_is_the_claim_word_for_word_is_no_opposite() -> None:
    judgement = Judgement(replace(hit(1.0, "“The gate stays.”", by="Ann Poole"), statement=said("“The gate stays.”")))
    placed_one = placed(asked("the gate stays"), replace(judgement, opposite=0.9))
    assert (placed_one.says_so, placed_one.opposite) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("claim", "sentence", "crossed"),
    [
        ("that they shut seven mills", "We shut two of our seven mills", True),
        ("that they shut two mills", "We shut two of our seven mills", False),
        ("that eleven loaves had wood in them", "wood in three of the eleven loaves", True),
        ("that three of the eleven loaves had wood", "wood in three of the eleven loaves", False),
        ("that they shut seven mills", "We shut the oldest of our seven mills", False),
    ],
)
def test_a_part_of_a_number_is_not_all_of_it(claim: str, sentence: str, crossed: bool) -> None:
    assert is_crossed(claim, sentence) is crossed


def test_a_number_of_the_paragraph_is_not_lent_to_direct_words() -> None:
    around = "They had wanted 350 crowns. “We took what was there,” Ann Poole said."
    assert not agrees(asked("they took 350 crowns"), said("“We took what was there,”", around=around))


@pytest.mark.parametrize(
    ("words", "same"),
    [("“Is there a ghost? Of course not,”", False), ("“Is there a ghost? There is a ghost,”", True)],
)
def test_a_question_that_is_answered_with_a_negation_says_none_of_its_words(words: str, same: bool) -> None:
    assert repeats(asked("there is a ghost"), said(words)) is same


def test_a_whole_clause_is_negated_to_its_end() -> None:
    claim = "nobody wrote a letter to her about the old gate in nineteen long years"
    assert repeats(asked(claim), said("“In nineteen long years nobody wrote me a letter about the old gate,”"))


def test_a_pronoun_stands_for_several_words_of_the_sentence_before_it() -> None:
    words = "“People talk about the harbour wall. It was never in danger,”"
    assert repeats(asked("the harbour wall was never in danger"), said(words))


@pytest.mark.parametrize(("beside", "verdict"), [(True, None), (False, "yes")])
def test_beside_words_that_are_no_yes_what_has_less_of_the_claim_is_none(beside: bool, verdict: str | None) -> None:
    around = "“Whether it was a wolf I do not know. I lost nine lambs.”"
    refused = said("Whether it was a wolf I do not know.", around=around)
    other = replace(said("I lost nine lambs.", around=around if beside else ""), article=refused.article)
    found = [Judgement(replace(hit(1.0, "x"), statement=one), says_so=0.8) for one in (refused, other)]
    decision: Decision = decide(
        asked("it was a wolf"),
        Judged(tuple(found), "fake"),
        agrees=lambda query, statement: statement is other,
        repeats=lambda query, statement: False,
    )
    assert decision.verdict == verdict


def test_not_only_negates_nothing() -> None:
    assert agrees(
        asked("the children of the town are welcome"), said("“Not only the children of the town are welcome,”")
    )


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ("“Will we sail on Sunday? Yes, we will.”", True),
        ("“Are we sorry? No. Will we sail on Sunday? Yes!”", True),
        ("“Will we sail on Sunday? Ask the wind.”", False),
        ("“Will we sail on Sunday? Yes, but not if it rains.”", False),
        ("“Will we sail on Sunday? Yes? No?”", False),
    ],
)
def test_what_somebody_asks_and_answers_with_a_yes_they_say(words: str, stands: bool) -> None:
    assert says_the_same(asked("they would sail on Sunday"), said(words)) is stands
    assert agrees(asked("they would sail on Sunday"), said(words)) is stands


def test_a_question_that_is_answered_by_itself_is_as_long_as_before() -> None:
    assert as_answered("“Are we open? Yes, we are.”") == "“We are open. Yes, we are.”"
    assert as_answered("Is the gate open? Yes.") == "Is the gate open. Yes."


HEADLINE = "Poole: “The gate is rotten” – board calls it safe"


@pytest.mark.parametrize(
    ("around", "stands"),
    [(HEADLINE, False), (HEADLINE.upper(), False), ("“The gate is rotten,” Ann Poole said.", True)],
)
def test_what_stands_in_the_headline_alone_is_no_yes(around: str, stands: bool) -> None:
    words = next(
        each for each in ("“The gate is rotten”", "“THE GATE IS ROTTEN”", "“The gate is rotten,”") if each in around
    )
    found = said(words, around=around)
    quote = replace(found.quote, source=(Span(0, 5, "Poole"),))
    found = replace(found, quote=quote, article=replace(found.article, title=f"{HEADLINE} | Tarn Echo"))
    claim = asked("the gate is rotten")
    assert (stands_for_yes(claim, found), has_the_words(claim, found)) == (stands, stands)


def test_a_post_whose_title_is_its_text_stands() -> None:
    found = said("The gate is rotten.")
    quote = replace(found.quote, source=())
    found = replace(found, quote=quote, article=replace(found.article, title="The gate is rotten."))
    assert stands_for_yes(asked("the gate is rotten"), found)


MAY, JUNE, JULY = "2026-05-01", "2026-06-01", "2026-07-01"


@pytest.mark.parametrize(
    ("found", "note", "words"),
    [
        ([("a", MAY, 0.9, 0.0), ("b", JUNE, 0.0, SURE)], "turned", "ab"),
        ([("a", MAY, SURE, 0.0), ("b", JUNE, 0.0, 0.99)], "turned", "ab"),
        ([("a", JUNE, 0.9, 0.0), ("b", MAY, 0.0, 0.99)], "turned", "ba"),
        ([("a", JUNE, 0.99, 0.0), ("b", MAY, 0.0, 0.9)], "", "a"),
        ([("a", MAY, 0.9, 0.0), ("b", MAY, 0.0, SURE)], "", "a"),
        ([("a", MAY, 0.9, 0.0), ("b", JUNE, 0.0, SURE), ("c", JULY, YES, 0.0)], "", "ac"),
        ([("a", MAY, 0.9, 0.0), ("b", JUNE, 0.0, SURE - 0.01)], "", "a"),
        ([("a", MAY, 0.9, 0.0), ("b", None, 0.0, SURE)], "", "a"),
        ([("a", None, 0.9, 0.0), ("b", JUNE, 0.0, SURE)], "", "a"),
    ],
    ids=[
        "later",
        "later and surer",
        "before and surer",
        "before",
        "one day",
        "and again",
        "unsure",
        "undated",
        "no day",
    ],
)
def test_who_says_so_on_one_day_and_as_surely_the_contrary_on_another_is_shown_with_both(
    found: list[tuple[str, str | None, float, float]], note: str, words: str
) -> None:
    judged = tuple(
        Judgement(hit(1.0, word, by="Ann Poole", id=word, published=day), says_so=so, opposite=against)
        for word, day, so, against in found
    )
    decision = decide(asked("it is"), Judged(judged, "fake"), agrees=lambda *_: True, repeats=lambda *_: False)
    assert (decision.verdict, decision.note) == ("yes", note)
    assert "".join(one.statement.quote.text for one in decision.hits) == words
