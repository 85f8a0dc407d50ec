"""Claims: the index tells whose words a statement is, the network which way they go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rag.judging.claims import asked_of, looked_up, placed
from rag.judging.same import says_the_same
from rag.schema import Judgement, Party, Query, QuestionKind, Span, SpeakerKind
from tests.fakes import hit, party

HALE = party("Ida Hale", "Ida Hale", "Hale")
NETWORK: dict[str, Any] = {"answers": 0.1, "says_so": 0.4, "opposite": 0.2, "another": 0.15}
CLAIM = Query("Did Hale say that the gate leaks?", "Did Hale say that the gate leaks?", "did_say", (HALE,))


def relations(found: Judgement) -> dict[str, Any]:
    return {name: pytest.approx(getattr(found, name)) for name in NETWORK}


def said(by: str, query: Query = CLAIM, kind: SpeakerKind = "person") -> Judgement:
    found = hit(1.0, by=by)
    quote = found.statement.quote
    speaker = quote.speaker and replace(quote.speaker, kind=kind)
    statement = replace(found.statement, quote=replace(quote, speaker=speaker))
    return placed(query, Judgement(replace(found, statement=statement), **NETWORK))


@pytest.mark.parametrize("label", ["Ida Hale", "Hale"])
def test_the_asked_say_so_or_the_opposite_and_are_nobody_else(label: str) -> None:
    assert relations(said(label)) == {"answers": 0.25, "says_so": 0.4, "opposite": 0.2, "another": 0.0}


def test_what_somebody_else_says_can_only_be_that_another_says_so() -> None:
    assert relations(said("Karl Poole")) == {"answers": 0.0, "says_so": 0.0, "opposite": 0.0, "another": 0.55}


@pytest.mark.parametrize(
    ("label", "kind"),
    [("", "person"), ("a spokesman for Hale", "unnamed"), ("Police", "unnamed"), ("Ida Hale and Per Lund", "group")],
)
def test_words_of_nobody_with_a_name_are_shown_and_prove_nothing(label: str, kind: SpeakerKind) -> None:
    assert relations(said(label, kind=kind)) == {"answers": 0.85, "says_so": 0.0, "opposite": 0.0, "another": 0.0}


def test_an_asked_without_a_name_of_his_own_can_say_so_too() -> None:
    query = Query(CLAIM.question, CLAIM.text, "did_say", (party("the keeper", "the keeper"),))
    assert said("the keeper", query).says_so == pytest.approx(NETWORK["says_so"])


@pytest.mark.parametrize("query", [Query("?", "?", "said_what", (HALE,)), Query("?", "?", "did_say")])
def test_other_questions_and_claims_of_nobody_in_the_index_stay_as_they_are(query: Query) -> None:
    assert said("Karl Poole", query) == Judgement(hit(1.0, by="Karl Poole"), **NETWORK)


@pytest.mark.parametrize(
    ("asked", "question", "speaker"),
    [
        (replace(HALE, phrase="the board", named=False), "Did the board say that the gate leaks?", "Karl Poole"),
        (HALE, "And her deputy Poole, does he say that the gate leaks?", "Karl Poole"),
        (party("Ida", "Ida Lund"), "Did Ida say that the gate leaks?", "Ida Marie Poole"),
    ],
)
def test_who_may_be_the_asked_is_nobody_else_who_says_so_instead(asked: Party, question: str, speaker: str) -> None:
    found = said(speaker, Query(question, question, "did_say", (asked,)))
    assert relations(found) == {"answers": 0.55, "says_so": 0.0, "opposite": 0.0, "another": 0.0}


@pytest.mark.parametrize(("channel", "through"), [("Hale", True), ("a letter", False)])
def test_what_the_asked_pass_on_is_shown_and_proves_nothing(channel: str, through: bool) -> None:
    found = hit(1.0, by="Karl Poole")
    passed = replace(found.statement.quote, channel=(Span(0, len(channel), channel),))
    made = placed(CLAIM, Judgement(replace(found, statement=replace(found.statement, quote=passed)), **NETWORK))
    assert (made.another > 0) is not through
    assert made.shown > 0


GATE = "“The gate leaks. It will not hold.”"


@pytest.mark.parametrize(
    ("words", "is_settled"),
    [
        ("The gate leaks", True),
        ("the gate leaks. It will not hold", True),
        ("It will not hold.", True),
        ("It will hold", False),
        ("will not hold", False),
        ("The gate leaked", False),
    ],
)
@pytest.mark.parametrize(("by", "relation"), [("Ida Hale", "says_so"), ("Karl Poole", "another")])
def test_whole_sentences_in_quotation_marks_are_looked_up(words: str, is_settled: bool, by: str, relation: str) -> None:
    asked = f"Did Hale say “{words}”?"
    found = placed(Query(asked, asked, "did_say", (HALE,)), Judgement(hit(1.0, GATE, by=by), **NETWORK))
    assert (getattr(found, relation) == 1.0) is is_settled
    assert found.opposite == (0.0 if is_settled or relation == "another" else NETWORK["opposite"])


def test_a_question_in_quotation_marks_is_nobody_s_statement() -> None:
    asked = "Did Hale say “Will the gate hold?”?"
    found = placed(Query(asked, asked, "did_say", (HALE,)), Judgement(hit(1.0, "“Will the gate hold?”"), **NETWORK))
    assert found.says_so < 1.0


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who said “It will not hold”?", "ab"),
        ("Who said “will not hold”?", "ab"),
        ("Who said “It will hold”?", "abc"),
        ("Who complained that “the gate leaks”?", "a"),
        ("Who complained of what “will not hold”?", "abc"),
        ("Who said that the gate will not hold?", "abc"),
    ],
)
def test_an_open_question_for_quoted_words_is_answered_by_who_said_them_alone(question: str, found: str) -> None:
    words = {"a": GATE, "b": "“I know: it will not hold.”", "c": "“The gate is old.”"}
    judged = [Judgement(hit(1.0, said, by="Ida Hale", id=name), answers=0.4) for name, said in words.items()]
    kept = looked_up(Query(question, question, "who_said"), judged)
    assert "".join(one.hit.statement.article.id for one in kept) == found
    assert [one.answers for one in kept] == [0.4 if found == "abc" else 1.0] * len(kept)


def test_whether_somebody_said_the_words_is_not_asked_of_them_alone() -> None:
    asked = "Did Hale say “It will not hold”?"
    judged = [Judgement(hit(1.0, GATE), says_so=1.0), Judgement(hit(1.0, "“No.”"), opposite=0.4)]
    assert looked_up(Query(asked, asked, "did_say", (HALE,)), judged) == judged


KEEPER = Party("the lock keeper", ("Ida Hale", "Hale", "the keeper"))
HAEL = party("Ida Hael", "Ida Hale", "Hale", respelt=True)


@pytest.mark.parametrize(
    ("asked", "by", "role", "put"),
    [
        (KEEPER, "Hale", None, "Did Hale say so?"),
        (KEEPER, "Hale", "keeper of the lock", "Did the lock keeper say so?"),
        (KEEPER, "the keeper", None, "Did the lock keeper say so?"),
        (KEEPER, "Karl Poole", None, "Did the lock keeper say so?"),
        (KEEPER, "", None, "Did the lock keeper say so?"),
        (HAEL, "Ida Hale", "mayor", "Did Ida Hale say so?"),
        (HAEL, "Karl Poole", None, "Did Ida Hael say so?"),
        (HALE, "Hale", None, "Did Ida Hale say so?"),
    ],
    ids=[
        "described",
        "described there, too",
        "called nearly so",
        "another",
        "nobody",
        "misspelt",
        "another than the misspelt",
        "named",
    ],
)
def test_who_is_misspelt_or_only_described_is_called_as_the_statement_s_speaker_is(
    asked: Party, by: str, role: str | None, put: str
) -> None:
    question = f"Did {asked.phrase} say so?"
    statement = hit(1.0, by=by).statement
    speaker = statement.quote.speaker and replace(statement.quote.speaker, role=role)
    statement = replace(statement, quote=replace(statement.quote, speaker=speaker))
    assert asked_of(Query(question, question, "did_say", (asked,)), statement) == put


REPORT = Party("the harbour report")


@pytest.mark.parametrize(
    ("kind", "parties", "channel", "put"),
    [
        ("said_what", (REPORT,), "a harbour report", "What does Karl Poole say of it?"),
        ("said_what", (REPORT,), "a letter", ""),
        (
            "said_what",
            (replace(REPORT, phrase="the harbour"),),
            "a harbour report",
            "What does Karl Poole report say of it?",
        ),
        ("said_what", (replace(REPORT, named=True),), "the harbour report’s author", ""),
        ("did_say", (REPORT,), "a harbour report", ""),
        ("said_what", (replace(REPORT, labels=("the harbour report",)),), "a harbour report", ""),
        ("said_what", (REPORT, party("Karl Poole", "Karl Poole")), "a harbour report", ""),
    ],
    ids=[
        "of it",
        "another",
        "half of it",
        "whose name has more",
        "a claim",
        "it speaks itself",
        "its speaker is asked, too",
    ],
)
def test_what_came_through_what_alone_is_asked_is_read_as_its_speaker_s(
    kind: QuestionKind, parties: tuple[Party, ...], channel: str, put: str
) -> None:
    question = "What does the harbour report say of it?"
    statement = hit(1.0, by="Karl Poole").statement
    statement = replace(statement, quote=replace(statement.quote, channel=(Span(0, len(channel), channel),)))
    assert asked_of(Query(question, question, kind, parties), statement) == (put or question)


@pytest.mark.parametrize(
    ("kind", "day", "asked"),
    [
        ("said_what", "2026-05-03", "What did Hale say about the gate?"),
        ("said_what", "2026-06-03", "What did Hale say about the gate in May?"),
        ("did_say", "2026-05-03", "What did Hale say about the gate in May?"),
    ],
)
def test_a_time_that_the_article_meets_is_not_left_to_the_network(kind: QuestionKind, day: str, asked: str) -> None:
    question = "What did Hale say about the gate in May?"
    query = Query(question, question, kind, (HALE,), when="in May", yearly="05")
    assert asked_of(query, hit(1.0, published=day).statement) == asked


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        ("2026-05-03", "Did Hale say that the gate opens?"),
        ("2026-06-03", "Did Hale say in May that the gate opens?"),
    ],
)
def test_when_a_claim_was_made_is_no_part_of_it(day: str, asked: str) -> None:
    question = "Did Hale say in May that the gate opens?"
    query = Query(question, question, "did_say", (HALE,), when="in May", yearly="05")
    assert asked_of(query, hit(1.0, published=day).statement) == asked


def test_a_claim_with_its_time_before_it_is_looked_up_in_what_was_said_then() -> None:
    question = "Did Ida Hale say in May that she would stand again?"
    query = Query(question, question, "did_say", (HALE,), when="in May", yearly="05")
    said = {
        day: hit(1.0, "I will stand again.", by="Hale", published=day).statement for day in ("2026-05-03", "2026-06-03")
    }
    assert [day for day, statement in said.items() if says_the_same(query, statement)] == ["2026-05-03"]


@pytest.mark.parametrize(
    ("claim", "words", "around", "opposite"),
    [
        (
            "they were late",
            "“Pass the bread,”",
            "Hale did not say “We are late.” She said, “Pass the bread,” and sat.",
            0.0,
        ),
        ("the gate was hers", "“Pass it,”", "Hale never said “The gate was mine.” “Pass it,” she said.", 0.0),
        ("the boats were late", "“Boats are early,”", "“Boats are early,” said Hale, who came late.", 0.2),
        ("they were late", "“Not at all.”", "Asked whether they were late, Hale said: “Not at all.”", 0.2),
        ("they were late", "“We came at nine,”", "“We came at nine,” said Hale of the boats that were late.", 0.0),
        ("the boats were late", "“They came at nine,”", "“They came at nine,” said Hale.", 0.2),
        ("they were late", "“Late? Never,”", "“Late? Never,” said Hale, who came late.", 0.2),
    ],
)
def test_words_beside_which_alone_the_claim_stands_are_not_its_opposite(
    claim: str, words: str, around: str, opposite: float
) -> None:
    question = f"Did Hale say that {claim}?"
    found = hit(1.0, by="Hale")
    at = around.index(words)
    quote = replace(found.statement.quote, content=(Span.of(around, at, at + len(words)),), cue=())
    statement = replace(found.statement, quote=quote, context=Span.of(around, 0, len(around)))
    judged = Judgement(replace(found, statement=statement), **NETWORK)
    assert placed(Query(question, question, "did_say", (HALE,)), judged).opposite == opposite
