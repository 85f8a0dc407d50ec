"""The score of a statement: what its measures weigh, and what a quotation in the question earns it."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from rag.retrieval.ranking import EXACT_BONUS, NEAR_BONUS, UNIT, WEIGHTS, ZERO, Measures, phrase_bonus, weigh

NOTHING = {field.name: np.zeros(2, dtype=np.float32) for field in fields(Measures)}


def test_every_measure_has_a_weight() -> None:
    assert set(WEIGHTS) == set(NOTHING)


@pytest.mark.parametrize("name", WEIGHTS)
def test_a_measure_moves_the_score_by_its_weight(name: str) -> None:
    scores = weigh(Measures(**{**NOTHING, name: np.array([0.0, 1.0], dtype=np.float32)}))
    assert scores.tolist() == pytest.approx([-ZERO / UNIT, (WEIGHTS[name] - ZERO) / UNIT])


@pytest.mark.parametrize(
    ("phrase", "earned"),
    [
        ("we will not sell the harbour", EXACT_BONUS),
        ("not sell", EXACT_BONUS),
        ("we will sell the harbour", NEAR_BONUS),
        ("we will not ever sell the harbour", NEAR_BONUS),
        ("will not sell the old harbour, ever", NEAR_BONUS),
        ("we will not sell harbour", NEAR_BONUS),
        ("we will not buy the harbour", 0.0),
        ("the harbour we will not sell", 0.0),
        ("sell harbour", 0.0),
        ("nobody asked us about it", 0.0),
    ],
)
def test_a_quotation_earns_its_statement_most_letter_for_letter_and_less_with_a_word_amiss(
    phrase: str, earned: float
) -> None:
    assert phrase_bonus(phrase, "We will not sell the harbour, ever.") == earned


def test_typography_does_not_count() -> None:
    assert phrase_bonus("we don't know", "“We don’t  know,” she said") == EXACT_BONUS
