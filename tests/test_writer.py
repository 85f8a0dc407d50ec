"""A chat model can only point and label: whatever else it writes reaches nobody."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from rag import prompts
from rag.models.chat import ChatModel
from rag.writer import MAX_REPLY_CHARS, TOKENS_PER_LINE, point, second_look, verified
from tests.fakes import citation, endless, scripted

DAM = citation("“The new dam will hold for a year,” Ida Hale said.", "The new dam will hold for a year,")
TOLL = citation("“We will vote for the toll,” he said.", "We will vote for the toll,", number=2, speaker="Karl Poole")
EVIDENCE = (DAM, TOLL)
QUESTION = "What did Ida Hale say about the old bridge?"


def pointed(*pieces: str | Exception, embedded: bool = False) -> list[tuple[int, str]]:
    chat, _ = scripted(*pieces, embedded=embedded)
    return list(point(chat, QUESTION, EVIDENCE))


def test_numbers_come_with_their_phrases_in_the_model_s_order() -> None:
    assert pointed("[2] on the toll\n[1] on the new dam\n") == [(2, "the toll"), (1, "the new dam")]


def test_a_reply_may_come_in_any_pieces() -> None:
    reply = "[1] on the new dam\n[2] on the toll"
    assert pointed(*reply) == pointed(reply) == pointed(reply[:7], reply[7:]) == [(1, "the new dam"), (2, "the toll")]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("", []),
        ("\n\n  \n", []),
        ("Ida Hale said that the dam will burst.", []),
        ("The answer is [1].", []),
        ("[3] on the dam\n[0] on it\n[99999] x\n[-1] x", []),
        ("[1] on the new dam\n[1] on the dam\n[1]", [(1, "the new dam")]),
        ("[1]\n[2]", [(1, ""), (2, "")]),
        ("[1] on “the dam will burst”\n[2] on Karl Poole", [(1, ""), (2, "")]),
        ("[1] the dam will not hold\n[2] on voting against the toll", [(1, ""), (2, "")]),
        ("[1] on the dam [2] on the toll", [(1, "")]),
        ("[1] on the new dam\nNONE", [(1, "the new dam")]),
        ("<script>alert(1)</script>\n[1] on <b>dam</b>", [(1, "")]),
        ("```\n[2] on the toll\n```", [(2, "the toll")]),
        ('{"number": 1}\n1. on the dam', []),
        ("[1] on the new dam\r\n[2] on the toll\r\n", [(1, "the new dam"), (2, "the toll")]),
    ],
)
def test_garbage_is_dropped_and_the_rest_kept(reply: str, expected: list[tuple[int, str]]) -> None:
    assert pointed(reply) == expected


@pytest.mark.parametrize("reply", ["NONE", "NONE\n", " NONE \n[1] on the new dam"])
def test_none_is_number_zero(reply: str) -> None:
    assert pointed(reply) == [(0, "")]


def test_what_is_dropped_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="rag.writer"):
        pointed("[7] on the dam\n[1] on the flood")
    assert [record.message for record in caplog.records] == [
        "dropped a line of the model that points at no statement: '[7] on the dam'",
        "dropped a phrase that the evidence does not carry: 'on the flood'",
    ]


def test_a_model_that_never_stops_is_cut_off() -> None:
    assert list(point(endless("[1] on the new dam\n"), QUESTION, EVIDENCE)) == [(1, "the new dam")]
    assert list(point(endless("and on "), QUESTION, EVIDENCE)) == []


def test_it_is_cut_off_after_what_the_statements_may_need() -> None:
    filler = "x" * (MAX_REPLY_CHARS * len(EVIDENCE))
    assert pointed("[1] on the new dam\n", filler, "\n[2] on the toll\n") == [(1, "the new dam")]


def test_what_came_before_a_failure_is_given_and_the_failure_raised() -> None:
    chat, _ = scripted("[1] on the new dam\n[2] on", ConnectionError("gone"))
    pairs = point(chat, QUESTION, EVIDENCE)
    assert next(pairs) == (1, "the new dam")
    with pytest.raises(ConnectionError, match="gone"):
        next(pairs)


def test_the_phrase_comes_while_the_model_still_writes() -> None:
    written: list[str] = []

    def script() -> object:
        for piece in ("[1] on the new dam\n", "[2] on the toll\n"):
            written.append(piece)
            yield piece

    chat, model = scripted()
    model.script = script
    assert next(point(chat, QUESTION, EVIDENCE)) == (1, "the new dam")
    assert len(written) == 1


def test_the_model_is_sent_instructions_an_example_and_the_question_once() -> None:
    chat, model = scripted("NONE")
    list(point(chat, QUESTION, EVIDENCE))
    [messages] = model.prompts
    assert [message.type for message in messages] == ["system", "human", "ai", "human"]
    assert messages[0].content == prompts.SYSTEM
    assert messages[-1].content == prompts.HUMAN.format(question=QUESTION, evidence=prompts.evidence_lines(EVIDENCE))


def test_braces_in_question_and_article_are_text() -> None:
    chat, model = scripted("NONE")
    odd = citation("“{evidence} {0} {{x}}”", "{evidence} {0} {{x}}")
    list(point(chat, "What about {question} and {}?", [odd]))
    assert "What about {question} and {}?" in str(model.prompts[0][-1].content)
    assert "{evidence} {0} {{x}}" in str(model.prompts[0][-1].content)


def test_only_the_embedded_model_is_bound_to_the_grammar() -> None:
    for embedded in (True, False):
        chat, model = scripted("NONE", embedded=embedded)
        list(point(chat, QUESTION, EVIDENCE))
        [options] = model.options
        assert options["max_tokens"] == TOKENS_PER_LINE * 2
        assert ("extra_body" in options) is embedded
        if embedded:
            assert options["extra_body"]["grammar"] == prompts.grammar(EVIDENCE)


def test_a_reply_in_content_blocks_is_read() -> None:
    _, model = scripted()
    model.script = lambda: [[{"type": "text", "text": "[1] on the new dam\n"}]]
    assert list(point(ChatModel(model, "blocks"), QUESTION, EVIDENCE)) == [(1, "the new dam")]


@pytest.mark.parametrize(
    ("phrase", "shown"),
    [
        ("on the new dam", "the new dam"),
        ("On the dam.", "the dam"),
        ("about the dam holding", "the dam holding"),
        ("the dam for a year", "the dam for a year"),
        ("on the year of the", "the year"),
        ("on the old bridge", "the old bridge"),
        ("on Ida Hale", "Ida Hale"),
        ("", ""),
        ("on the", ""),
        ("...", ""),
        ("on the flood", ""),
        ("on the old dam", ""),
        ("on the year of the dam", ""),
        ("on Karl Poole and the dam", ""),
        ("on the dam that will not hold", ""),
        ("on no dam", ""),
        ("on a dam that won’t hold", ""),
        ("on the dam against a year", ""),
        ("on “the dam”", ""),
        ('on "the dam"', ""),
        ("on the dam [2]", ""),
        ("on the dam: hold", ""),
        ("on the <b>dam</b>", ""),
        ("on the *dam*", ""),
        ("on the dam (1)", ""),
        ("on the dam the dam", ""),
        ("on the new dam that will hold for a year and a year", ""),
    ],
)
def test_a_phrase_is_shown_only_if_question_or_statement_carries_it(phrase: str, shown: str) -> None:
    assert verified(phrase, QUESTION, DAM) == shown


@pytest.mark.parametrize(
    ("phrase", "shown"),
    [
        ("on the vote for the toll", "the vote for the toll"),
        ("on voting against the toll", ""),
        ("on the toll without a vote", ""),
        ("on the vote before the toll", ""),
    ],
)
def test_small_words_that_turn_the_sense_must_stand_there_too(phrase: str, shown: str) -> None:
    assert verified(phrase, QUESTION, TOLL) == shown


def test_a_phrase_has_at_most_nine_words() -> None:
    long = replace(DAM, context="", spans=())
    words = "one two three four five six seven eight nine ten"
    assert verified(words.rpartition(" ")[0], words, long) == "one two three four five six seven eight nine"
    assert verified(words, words, long) == ""


def test_a_label_cannot_hand_a_statement_to_another_speaker() -> None:
    question = "How do Ida Hale and Karl Poole differ on the toll?"
    chat, _ = scripted("[1] on Karl Poole\n[2] on Ida Hale\n")
    assert list(point(chat, question, EVIDENCE)) == [(1, ""), (2, "")]
    named = citation("“Karl Poole is wrong,” Ida Hale said.", "Karl Poole is wrong,")
    chat, _ = scripted("[1] on Karl Poole\n")
    assert list(point(chat, question, [named, TOLL])) == [(1, "Karl Poole")]


def test_a_second_look_shows_the_model_one_statement_at_a_time() -> None:
    chat, model = scripted("[2] on the toll\n")
    assert list(second_look(chat, QUESTION, EVIDENCE)) == [2]
    shown = [str(prompt[-1].content) for prompt in model.prompts]
    assert [("[1]" in text, "[2]" in text) for text in shown] == [(True, False), (False, True)]
