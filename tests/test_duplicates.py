"""Repetitions: which statements are one, and which near-equal ones are not."""

from __future__ import annotations

import pytest

from rag.index.columns import Line
from rag.retrieval.duplicates import folded
from rag.text import terms

TOLL = "The toll on the old bridge will rise to four crowns in May."


def said(words: str, *, doc: int, by: str = "Ida Hale") -> Line:
    stems = " ".join(terms(words))
    return Line(doc, f"s{doc}", doc, 0, by, "", "", "direct", len(words.split()), words, stems, stems)


def pair(words: str, other: str, *, by: str = "Ida Hale", other_by: str = "Ida Hale") -> list[Line]:
    return [said(words, doc=1, by=by), said(other, doc=2, by=other_by)]


@pytest.mark.parametrize(
    "other",
    [
        TOLL,
        "“The toll on the old bridge will rise to four crowns in May,”",
        "the toll on the old bridge will rise to four crowns",
    ],
)
def test_the_same_words_of_the_same_speaker_are_one(other: str) -> None:
    assert folded(pair(TOLL, other)) == [pair(TOLL, other)]


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
    assert folded(pair(TOLL, other)) == [[line] for line in pair(TOLL, other)]


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
    assert len(folded(pair(TOLL, TOLL, by=by, other_by=other_by))) == (1 if same else 2)


def test_a_repetition_within_the_article_is_dropped_and_each_other_article_listed_once() -> None:
    best, again = said(TOLL, doc=1), said(TOLL, doc=1)
    third, fourth = said(TOLL, doc=3), said(TOLL, doc=3)
    assert folded([best, again, third, fourth]) == [[best, third]]


def test_a_chain_is_measured_against_the_best_of_a_group_only() -> None:
    apart = said("The ferry runs again.", doc=4)
    assert folded([*pair(TOLL, TOLL), apart]) == [pair(TOLL, TOLL), [apart]]
    assert folded([]) == []
