"""A full name that stands in roles alone: a body's, which others speak for, or a person's, for whom nobody does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.schema import Party, Query, Speaker
from rag.understanding.in_roles import without_others
from tests.fakes import hit

QUIET = "The barge lay at the quay all night."


def asked(phrase: str, role: str, text: str = QUIET) -> Party:
    """The party of a question that names what stands in the role of Karl Poole alone."""
    found = hit(1.0, "We are sorry.", by="Karl Poole")
    quote = replace(found.statement.quote, speaker=Speaker("Karl Poole", role))
    found = replace(found, statement=replace(found.statement, quote=quote))
    query = Query("What did they say?", "What did they say?", "said_what", (Party(phrase, ("Karl Poole",)),))
    return without_others(query, [found], lambda id: text).parties[0]


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("a cousin of the town’s former mayor Ida Thorvél", QUIET),
        ("Ida Thorvél’s younger brother", QUIET),
        ("widow of Ida Thorvél, the pilot", QUIET),
        ("lawyer for Mayor Ida Thorvél", QUIET),
        ("spokesman for Ida Thorvél", "Ms. Thorvél left by boat."),
        ("lawyer of Ida Thorvél", "Ida Thorvél, 57, denies it."),
        ("Ida Thorvél’s aide", "The council heard Senator Ida Thorvél for an hour."),
    ],
)
def test_nobody_is_quoted_for_a_person_who_stands_in_another_s_role(role: str, text: str) -> None:
    assert asked("Ida Thorvel", role, text) == Party("Ida Thorvel", named=True)


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("spokeswoman for Orsa Rail", "Orsa Rail, which runs the ferries, has 12 of them. Rail strikes are over."),
        ("former Orsa Rail chief executive", QUIET),
        ("Orsa Rail’s lawyer", "She was chosen to chair Orsa Rail in May."),
        ("son of the founder of Orsa Rail", QUIET),
        ("father of Orsa Rail driver Bo Reay", QUIET),
        ("head of freight at Orsa Rail", "“Mr Reay of Orsa Rail was late,” he said."),
    ],
)
def test_whoever_speaks_for_a_body_is_found_under_its_name(role: str, text: str) -> None:
    assert asked("Orsa Rail", role, text) == Party("Orsa Rail", ("Karl Poole",))


@pytest.mark.parametrize("phrase", ["the mayor’s cousin", "Thorvél", "Thorvél’s cousin"])
def test_who_is_described_or_named_by_a_surname_alone_is_left_as_found(phrase: str) -> None:
    assert asked(phrase, "a cousin of mayor Ida Thorvél") == Party(phrase, ("Karl Poole",))
