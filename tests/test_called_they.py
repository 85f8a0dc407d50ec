"""Who "they" is where an article says that it is one person's pronoun, and where it is not."""

from __future__ import annotations

import pytest

from ingest import extract_quotes

WON = "won the sheep trials on Friday. The town paid for the cup.\n\n“I never trained the dog,” they said."


def they(text: str) -> list[str]:
    """The names of those whom "they" is taken for, in order."""
    return [
        q.speaker.name for q in extract_quotes(text) if q.source and q.speaker and q.source[0].text in ("they", "They")
    ]


@pytest.mark.parametrize(
    "told",
    [
        "Rowan Ashdown, who uses the pronoun they,",
        "Rowan Ashdown (they/them)",
        "Rowan Ashdown, whose pronouns are they and them,",
        "Emily Ashdown, who uses they/them pronouns,",
    ],
)
def test_they_is_the_one_whose_pronoun_it_is(told: str) -> None:
    name = " ".join(told.split()[:2]).rstrip(",")
    assert they(f"{told} {WON}") == [name]
    assert they(f"{told} {WON} They said that it was old.") == [name, name]


def test_pronouns_of_whoever_is_named_before_an_apostrophe_are_that_ones() -> None:
    text = "Alex Morrow’s pronouns are they and them. Morrow said the tide was late. “It sets the clock,” they added."
    assert they(text) == ["Alex Morrow"]


@pytest.mark.parametrize("of", ["’s", "'s", ", whose"])
def test_pronouns_of_somebody_who_belongs_to_a_person_are_not_that_persons(of: str) -> None:
    told = f"Alex Morrow{of} child uses they/them pronouns."
    text = f"{told} Morrow said the tide was late. “It sets the clock,” they said."
    assert they(text) == ["they"]


def test_they_is_whoever_spoke_in_the_sentence_before() -> None:
    text = "Alex Morrow uses they/them pronouns. Morrow said the tide was late. “It sets the clock here,” they added."
    assert they(text) == ["Alex Morrow"]


@pytest.mark.parametrize(
    "more",
    [
        "Bo Marr and Ida Lund row there.\n\n“It leaks,” they said.",
        "The rowers were cross. “It leaks,” they said.",
        "Ida Lund came with her crew.\n\n“It leaks,” they said.",
    ],
)
def test_they_who_were_told_of_since_are_not_that_one(more: str) -> None:
    text = f"Alex Morrow, who uses they/them pronouns, has a boat on the quay.\n\n{more}"
    assert "Alex Morrow" not in they(text)


def test_they_is_no_single_person_where_nothing_says_so() -> None:
    assert they(f"Rowan Ashdown {WON}") == ["they"]


def test_who_only_speaks_of_the_pronoun_is_not_called_so() -> None:
    text = "Rowan Vale said that pupils could use the pronoun they. “It costs nothing,” they said."
    assert they(text) == ["they"]
