"""Hyphens in names: who types them otherwise than the articles means the same person, and nobody else."""

from __future__ import annotations

import pytest

from rag.people.directory import Directory
from rag.people.names import hyphened
from rag.understanding.parties import identify

PEOPLE = Directory.of(
    [("Martina Osei-Lund", "baker"), ("Jean-Luc Brandt", ""), ("Per Lund", ""), ("Ana Ruiz Quist", ""), ("Hale", "")]
)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Martina Osei Lund", "Martina Osei-Lund"),
        ("martina osei lund", "Martina Osei-Lund"),
        ("Osei Lund", "Martina Osei-Lund"),
        ("the Rev Osei Lund", "Martina Osei-Lund"),
        ("Jean Luc Brandt", "Jean-Luc Brandt"),
        ("Ana Ruiz-Quist", "Ana Ruiz Quist"),
        ("Per Lund", "Per Lund"),
    ],
)
def test_a_name_with_its_hyphens_put_otherwise_is_the_same(phrase: str, name: str) -> None:
    assert PEOPLE.find(phrase) == (name,)


@pytest.mark.parametrize("phrase", ["Ida Osei-Hale", "Ida Osei-Lund", "Martina Lund", "Osei-Brandt", "Jean Osei Lund"])
def test_a_name_with_another_word_is_nobody_s(phrase: str) -> None:
    assert PEOPLE.find(phrase) == ()


def test_a_slip_of_the_pen_may_stand_in_it_too() -> None:
    party = identify("Martna Osei Lund", PEOPLE)
    assert (party.labels, party.respelt) == (("Martina Osei-Lund",), True)


def test_two_words_are_joined_and_one_is_parted() -> None:
    assert hyphened(("ana", "ruiz", "quist")) == [("ana", "ruiz-quist"), ("ana-ruiz", "quist")]
    assert hyphened(("ana", "ruiz-quist"))[0] == ("ana", "ruiz", "quist")
    assert hyphened(("ana",)) == []
