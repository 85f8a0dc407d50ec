"""Whom a phrase of a question means among the speakers of an index."""

from __future__ import annotations

import pytest

from rag.people.directory import Directory
from rag.schema import Party
from rag.understanding.parties import identify

PEOPLE = Directory.of(
    [
        ("Ida Hale", "mayor"),
        ("Mayor Ida Hale", ""),
        ("Wilma Hale", "chair of the harbour trust"),
        ("Femi Castellane", "harbour engineer"),
        ("the ministry", ""),
    ]
)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Femi Castellane", Party("Femi Castellane", ("Femi Castellane",), ("Femi Castellane",), named=True)),
        ("Castellane’s", Party("Castellane’s", ("Femi Castellane",), ("Femi Castellane",), named=True)),
        ("Castelane", Party("Castelane", ("Femi Castellane",), ("Femi Castellane",), named=True, respelt=True)),
        ("the harbour engineer", Party("the harbour engineer", ("Femi Castellane",))),
        ("the ministry", Party("the ministry", ("the ministry",))),
        ("Harlan Quist", Party("Harlan Quist", named=True)),
        ("the diver who keeps the gate", Party("the diver who keeps the gate")),
        ("", Party("")),
    ],
)
def test_a_phrase_is_a_person_a_description_or_nobody_here(phrase: str, expected: Party) -> None:
    assert identify(phrase, PEOPLE) == expected


def test_all_labels_of_one_person_are_that_person() -> None:
    found = identify("Ida Hale", PEOPLE)
    assert set(found.labels) == {"Ida Hale", "Mayor Ida Hale"}
    assert len(found.people) == 1


def test_a_surname_of_two_people_means_either() -> None:
    found = identify("Hale", PEOPLE)
    assert set(found.labels) == {"Ida Hale", "Mayor Ida Hale", "Wilma Hale"}
    assert len(found.people) == 2
    assert not found.respelt


def test_an_index_without_speakers_has_nobody() -> None:
    assert identify("Ida Hale", Directory.of([])) == Party("Ida Hale", named=True)
    assert identify("the mayor", Directory.of([])) == Party("the mayor")
