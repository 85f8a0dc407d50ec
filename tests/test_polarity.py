"""A negated statement is no yes to a question that is not."""

from __future__ import annotations

import pytest

from rag.polarity import is_negated, same_polarity


@pytest.mark.parametrize(
    ("clause", "negated"),
    [
        ("We will raise taxes", False),
        ("We will not raise taxes", True),
        ("We won’t raise taxes", True),
        ("Nobody will raise taxes", True),
        ("She denied it", True),
        ("We cannot refuse", False),
        ("A notable knot in Norway", False),
        ("", False),
    ],
)
def test_negations_are_counted(clause: str, negated: bool) -> None:
    assert is_negated(clause) is negated


@pytest.mark.parametrize(
    ("asked", "said", "same"),
    [
        ("Did say that she will raise taxes", "We will raise taxes.", True),
        ("Did say that she will raise taxes", "We will not raise taxes.", False),
        ("Did say that she will not raise taxes", "We will not raise taxes.", True),
        ("Did say that she will raise taxes", "It is no secret. We will raise taxes. Do not ask why.", True),
        ("Did say that she will raise taxes", "It is a secret. We will not raise taxes.", False),
        ("Did say", "", True),
    ],
)
def test_the_sentence_nearest_to_the_question_counts(asked: str, said: str, same: bool) -> None:
    assert same_polarity(asked, said) is same
