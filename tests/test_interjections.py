"""What somebody else says in brackets within a turn: it is that one's, and the turn is whole around it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ingest import extract_quotes
from ingest.quoting.layout import laid_out
from ingest.quoting.statements import statements

RECORDING = """LARCH: When did you first go out?

OSTBY: {}

LARCH: And what were you paid?

OSTBY: I had a bag of salt on Fridays.

LARCH: Thank you."""


def told(text: str) -> list[tuple[str | None, str]]:
    """(speaker, words) of all statements, what is left out between two pieces shown by three points."""
    found = statements(text, extract_quotes(text))
    return [(q.speaker.name if q.speaker else None, " … ".join(span.text for span in q.content)) for q in found]


@pytest.mark.parametrize(
    ("turn", "own", "other"),
    [
        ("I was nine. [LARCH: That is young.] I had a rake.", "I was nine. … I had a rake.", "That is young."),
        ("I was nine [LARCH: Nine!] and I had a rake.", "I was nine … and I had a rake.", "Nine!"),
        ("I was nine. (LARCH: Nine. Goodness.) I had a rake.", "I was nine. … I had a rake.", "Nine. Goodness."),
        ("I was nine. (Larch: Yes.)", "I was nine.", "Yes."),
        ("[LARCH: Take your time, please.] I was nine.", "I was nine.", "Take your time, please."),
        ("I was nine.\n\n[LARCH: I was eight.]\n\nI had a rake.", "I was nine.", "I was eight."),
    ],
)
def test_what_another_says_in_brackets_is_no_part_of_the_turn(turn: str, own: str, other: str) -> None:
    found = told(RECORDING.format(turn))
    assert ("Ostby", own) in found
    assert ("Larch", other) in found


@pytest.mark.parametrize(
    "aside", ["[VOICE FROM THE KITCHEN: She never did!]", "[Editor’s note: The pans closed later.]", "[00:12:03]"]
)
def test_in_square_brackets_nobody_has_words_of_his_own(aside: str) -> None:
    found = told(RECORDING.format(f"I was nine. {aside} I had a rake."))
    assert ("Ostby", "I was nine. … I had a rake.") in found
    assert ("Larch", aside) not in found


@pytest.mark.parametrize("aside", ["(Mind you: it rained.)", "[the big] one", "(it was at 10:30)"])
def test_an_aside_of_the_speaker_s_own_stays(aside: str) -> None:
    assert ("Ostby", f"I was nine {aside} and small.") in told(RECORDING.format(f"I was nine {aside} and small."))


def test_a_question_in_brackets_is_nobody_s_statement() -> None:
    text = "Q: When was that?\n\nA: I was nine. [Q: Nine?] I had a rake.\n\nQ: And then?\n\nA: I went home."
    assert (None, "I was nine. … I had a rake.") in told(text)
    assert not [words for _, words in told(text) if "Nine?" in words]


def test_what_somebody_tells_of_others_after_an_interjection_is_still_passed_on() -> None:
    turn = "I was nine. [LARCH: That is young.] The foreman said that I was too small to work."
    [passed] = [q for q in extract_quotes(RECORDING.format(turn)) if q.text == "that I was too small to work"]
    assert [span.text for span in passed.channel] == ["OSTBY"]


def test_the_areas_of_a_turn_and_of_what_breaks_into_it_are_apart() -> None:
    areas = laid_out(RECORDING.format("I was nine. [LARCH: That is young.] I had a rake.")).areas
    assert len(areas) == 7
    assert all(one[1] <= other[0] for one, other in pairwise(areas))
