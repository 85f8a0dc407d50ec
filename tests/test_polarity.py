"""The negations and numbers of a clause, word by word."""

from __future__ import annotations

import pytest

from rag.judging.polarity import is_cue_negated, numbers, tokens
from rag.schema import ArticleInfo, Quote, Span, Statement
from rag.text import stem


def statement(before: str, cue: str, said: str) -> Statement:
    """A statement of one piece, with the words before its cue as its context."""
    text = f"{before}{cue} that {said}."
    start = text.index(said)
    content = Span.of(text, start, start + len(said))
    quote = Quote((content,), (), (Span.of(text, len(before), len(before) + len(cue)),), None, "indirect")
    info = ArticleInfo("a", None, None, None, None, None, "0")
    return Statement("s", info, quote, Span.of(text, 0, len(text)))


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("the bridge will close", False),
        ("the bridge will not close", True),
        ("the bridge won’t close", True),
        ("nobody asked whether the bridge will close", True),
        ("it is not that the bridge will not close", False),
        ("it did not rain; the bridge will close", False),
    ],
)
def test_a_word_stands_under_the_negations_of_its_clause(text: str, negated: bool) -> None:
    assert [token.negated for token in tokens(text) if token.stem == "close"] == [frozenset({negated})]


@pytest.mark.parametrize(
    "text",
    [
        "he refused to close the bridge",
        "they oppose that the bridge may close",
        "close? They do not",
        "there is no doubt that the bridge will close",
    ],
)
def test_a_word_behind_half_a_negation_may_be_read_either_way(text: str) -> None:
    found = [token.negated for token in tokens(text) if token.stem == "close"]
    assert found in ([frozenset({True, False})], [frozenset({False})])


def test_a_negation_before_half_a_negation_negates_that_word_alone() -> None:
    told = {token.stem: token.negated for token in tokens("she does not doubt that the bridge will close")}
    assert told[stem("doubt")] == frozenset({True})
    assert told[stem("close")] == frozenset({True, False})


@pytest.mark.parametrize(
    ("before", "cue", "negated"),
    [
        ("Ann Poole did not ", "say", True),
        ("Ann Poole never ", "said", True),
        ("She hasn’t ", "said", True),
        ("Ann Poole ", "denied", False),
        ("It did not rain. She ", "said", False),
    ],
)
def test_a_negation_before_the_cue_in_its_clause_is_the_cue_s(before: str, cue: str, negated: bool) -> None:
    [place] = statement(before, cue, "the bridge will close").quote.cue
    assert is_cue_negated(statement(before, cue, "the bridge will close").context.text, place) is negated


def test_numbers_are_compared_in_digits() -> None:
    assert numbers("four of 1,200 in 2032, and twenty") == {"4", "1200", "20"}


def test_a_title_in_marks_is_part_of_its_clause() -> None:
    found = {token.stem: token.negated for token in tokens('He never wanted to sing "Low Tide," he said.')}
    assert found[stem("tide")] == frozenset({True})
    apart = {token.stem: token.negated for token in tokens("He never sang. “We pay for the tide.”")}
    assert apart[stem("tide")] == frozenset({False})
