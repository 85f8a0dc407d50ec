"""Repetitions: which statements are one, and which near-equal ones are not."""

from __future__ import annotations

import pytest

from rag.retrieval.duplicates import group
from rag.schema import Hit
from tests.fakes import hit

TOLL = "The toll on the old bridge will rise to four crowns in May."


def pair(words: str, other: str, *, by: str = "Ida Hale", other_by: str = "Ida Hale") -> tuple[Hit, Hit]:
    return hit(1.0, words, by=by, id="a1"), hit(0.9, other, by=other_by, id="a2")


@pytest.mark.parametrize(
    "other",
    [
        TOLL,
        "“The toll on the old bridge will rise to four crowns in May,”",
        "the toll on the old bridge will rise to four crowns",
    ],
)
def test_the_same_words_of_the_same_speaker_are_one(other: str) -> None:
    first, second = pair(TOLL, other)
    assert group([first, second]) == [Hit(first.statement, first.score, also=(second.statement,))]


@pytest.mark.parametrize(
    "other",
    [
        "The toll on the old bridge will not rise to four crowns in May.",
        "The toll on the old bridge will rise to five crowns in May.",
        "The toll on the old bridge is robbery.",
        "Four crowns.",
    ],
)
def test_another_number_a_negation_or_other_words_are_another_statement(other: str) -> None:
    hits = list(pair(TOLL, other))
    assert group(hits) == hits


@pytest.mark.parametrize(
    ("by", "other_by", "same"),
    [
        ("Ida Hale", "Hale", True),
        ("Ida Hale", "Mayor Ida Hale", True),
        ("Ida Hale", "Karl Hale", False),
        ("Ida Hale", "Karl Poole", False),
        ("Ida Hale", "", False),
        ("", "", False),
    ],
)
def test_the_speaker_must_be_one_person(by: str, other_by: str, same: bool) -> None:
    first, second = pair(TOLL, TOLL, by=by, other_by=other_by)
    assert len(group([first, second])) == (1 if same else 2)


def test_a_repetition_within_the_article_is_dropped_and_each_other_article_listed_once() -> None:
    best, again = hit(1.0, TOLL, id="a1"), hit(0.9, TOLL, id="a1")
    third, fourth = hit(0.8, TOLL, id="a3"), hit(0.7, TOLL, id="a3")
    assert group([best, again, third, fourth]) == [Hit(best.statement, 1.0, also=(third.statement,))]


def test_a_chain_is_measured_against_the_best_of_a_group_only() -> None:
    apart = hit(0.5, "The ferry runs again.", id="a4")
    assert [h.statement.article.id for h in group([*pair(TOLL, TOLL), apart])] == ["a1", "a4"]
    assert group([]) == []
