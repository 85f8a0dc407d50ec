"""What must not be called the same: negations and numbers."""

from __future__ import annotations

import pytest

from rag.judging.letters import clashes
from rag.judging.polarity import numbers
from rag.schema import ArticleInfo, Quote, Span, Statement


def statement(before: str, cue: str, said: str) -> Statement:
    """A statement of one piece, with the words before its cue as its context."""
    text = f"{before}{cue} that {said}."
    start = text.index(said)
    content = Span.of(text, start, start + len(said))
    quote = Quote((content,), (), (Span.of(text, len(before), len(before) + len(cue)),), None, "indirect")
    info = ArticleInfo("a", None, None, None, None, None, "0")
    return Statement("s", info, quote, Span.of(text, 0, len(text)))


@pytest.mark.parametrize(
    ("asked", "said", "same"),
    [
        ("say the bridge will close", "the bridge will close in March", True),
        ("say the bridge will close", "the bridge will not close in March", False),
        ("say the bridge will not close", "the bridge won’t close", True),
        ("say the bridge never closes", "the bridge does not close", True),
        ("say a second tug costs nothing", "a second tug costs two million. We do not have it", False),
        ("say the bridge closes for four days", "the bridge closes for 4 days", True),
        ("say the bridge closes for nine days", "the bridge closes for four days", False),
        ("say in 2032 that the bridge will close", "the bridge will close", True),
        ("say the toll is 1,000 crowns", "the toll is 1000 crowns", True),
        ("say the toll is 12 crowns", "the toll is 21 crowns", False),
    ],
)
def test_a_statement_agrees_when_negation_and_numbers_do(asked: str, said: str, same: bool) -> None:
    assert (clashes(asked, statement("Ann Poole ", "said", said)) == ()) is same


@pytest.mark.parametrize(
    ("before", "cue"),
    [("Ann Poole did not ", "say"), ("Ann Poole never ", "said"), ("Ann Poole ", "denied"), ("She hasn’t ", "said")],
)
def test_what_somebody_did_not_say_is_no_yes(before: str, cue: str) -> None:
    assert clashes("say the bridge will close", statement(before, cue, "the bridge will close")) != ()


def test_a_negation_in_the_sentence_before_the_cue_is_not_the_cues() -> None:
    found = statement("It did not rain. She ", "said", "the bridge will close")
    assert clashes("say the bridge will close", found) == ()


def test_numbers_are_compared_in_digits() -> None:
    assert numbers("four of 1,200 in 2032, and twenty") == {"4", "1200", "20"}
