"""Whom a description means: by another word for the office, by the office alone, and by nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.people.directory import Directory
from rag.schema import Hit, Party, Query, Speaker
from rag.understanding.described import described
from tests.fakes import hit

ORSA = "Órsa council meets"
SPEAKERS = [
    ("Ida Hale", "airport director"),
    ("Karl Poole", "mayor"),
    ("Ann Reed", "deputy mayor for roads"),
    ("Tom Brook", "German president"),
    ("Per Lund", ""),
]


def said(by: str, role: str, title: str = "") -> Hit:
    found = hit(1.0, by=by, id=by, title=title or None)
    quote = replace(found.statement.quote, speaker=Speaker(by, role or None))
    return replace(found, statement=replace(found.statement, quote=quote))


HITS = [said(*speaker, ORSA) for speaker in SPEAKERS]


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("the airport chief", "Ida Hale"),
        ("the airport's boss", "Ida Hale"),
        ("the Orsa mayor", "Karl Poole"),
        ("the mayor of Orsa", "Karl Poole"),
        ("the Ørsa mayor", "Karl Poole"),
        ("the Tarn mayor", ""),
        ("the orsa mayor", ""),
        ("the Orsa president", ""),
        ("the airport pilot", ""),
        ("the boss", ""),
        ("the", ""),
    ],
)
def test_another_word_for_an_office_means_the_one_who_holds_it(phrase: str, name: str) -> None:
    [found] = described(Query("?", "?", parties=(Party(phrase),)), HITS, Directory.of(SPEAKERS)).parties
    assert (found.labels, found.people, found.respelt) == (((name,), (name,), True) if name else ((), (), False))


def test_whom_two_can_be_is_nobody() -> None:
    two = [*HITS, said("Bo Reay", "director of the airport")]
    people = Directory.of([*SPEAKERS, ("Bo Reay", "director of the airport")])
    asked = Query("?", "?", parties=(Party("the airport chief"),))
    assert described(asked, two, people) == asked
    one = [said("Ida Hale", "airport director"), said("I. Hale", "airport director")]
    people = Directory.of([("Ida Hale", "airport director"), ("I. Hale", "airport director")])
    assert described(asked, one, people).parties[0].labels == ("Ida Hale", "I. Hale")


def test_who_is_known_or_named_is_left_alone() -> None:
    asked = Query("?", "?", parties=(Party("the airport chief", ("Per Lund",)), Party("Orsa Mayor", named=True)))
    assert described(asked, HITS, Directory.of(SPEAKERS)) == asked


ROLES = Directory.of(
    [
        ("Ida Hale", "mayor"),
        ("Karl Poole", "deputy mayor"),
        ("Ann Reed", "mayor’s spokeswoman"),
        ("the vicar", ""),
        ("Bo Reay", "vicar"),
        ("Tom Brook", "vicar’s brother"),
        ("Tide Board", ""),
        ("Una Voss", "head of the Tide Board"),
    ]
)


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("the mayor", ("Ida Hale",)),
        ("the deputy mayor", ("Karl Poole",)),
        ("the spokeswoman", ("Ann Reed",)),
        ("the vicar", ("the vicar", "Bo Reay")),
        ("the Tide Board", ("Tide Board",)),
    ],
)
def test_an_office_means_who_has_just_that_one(phrase: str, names: tuple[str, ...]) -> None:
    assert ROLES.find(phrase) == names
