"""A page of letters to the editor: each is its own writer's, and where one is nobody's, none is given to another."""

from __future__ import annotations

import time

import pytest

from ingest import extract_quotes
from ingest.quoting.correspondence import letters

ONE = ["For forty years we swam below the weir. Nobody ever asked us for a ticket.", "Signe Ravn", "Holm"]
OTHER = ["I drive to work on it. Tar it today.", "Nobody asked the cyclists.", "Yours,", "Gerrit Laan", "Ellery"]


def told(text: str) -> list[tuple[str | None, str]]:
    return [(quote.speaker.name if quote.speaker else None, quote.text) for quote in extract_quotes(text)]


@pytest.mark.parametrize("head", [[], ["Letters to the editor", "The Courier, 4 March 2026"]])
@pytest.mark.parametrize("heading", [[], ["Tar it today"]])
def test_each_letter_is_its_writers(head: list[str], heading: list[str]) -> None:
    text = "\n\n".join([*head, "Sir,", *ONE, *heading, "Sir,", *OTHER])
    assert told(text) == [
        ("Signe Ravn", ONE[0]),
        ("Gerrit Laan", f"{OTHER[0]} {OTHER[1]}"),
    ]


def test_a_letter_that_nobody_signs_leaves_the_page_to_be_read_as_an_article() -> None:
    assert letters("\n\n".join(["Sir,", ONE[0], "Name withheld.", "Sir,", *OTHER])) is None


def test_many_salutations_cost_little() -> None:
    begun = time.perf_counter()
    letters("Sir,\nI walk.\nAna Torvik\n" * 20_000)
    assert time.perf_counter() - begun < 5


def test_how_a_writer_is_called_may_stand_behind_the_name() -> None:
    text = "\n\n".join(["Sir,", ONE[0], "Signe Ravn (Mrs)", "Holm"])
    assert told(text) == [("Signe Ravn", ONE[0])]


BODY, OTHERS = (
    "I row past the weir every day. Nobody has ever asked me for a ticket.",
    "I asked him twice. He rowed on.",
)


@pytest.mark.parametrize(
    ("salutation", "closing"),
    [
        ("Sir, – ", " – Yours, etc.,"),
        ("Sir – ", " – Yours, etc."),
        ("A chara, – ", " – Is mise le meas,"),
        ("SIR, — ", " Yours faithfully,"),
        ("Madam, – ", "\nYours sincerely,"),
    ],
)
@pytest.mark.parametrize("heading", [[], ["The ticket of the rower"]])
def test_a_formula_closes_a_letter_above_a_name_in_capitals_and_an_address(
    salutation: str, closing: str, heading: list[str]
) -> None:
    one = [f"{salutation}{BODY}{closing}", "SIGNE RAVN,\nWeir Road,\nHolm."]
    other = [f"{salutation}{OTHERS}{closing}", "Dr GERRIT McLAAN,\nEllery Rowing Club."]
    text = "\n\n".join(["Letters to the editor", *one, *heading, *other, "Letters may be cut."])
    assert told(text) == [("Signe Ravn", BODY), ("Gerrit McLaan", OTHERS)]
    assert all(text[span.start : span.end] == span.text for quote in extract_quotes(text) for span in quote.content)


def test_a_short_last_sentence_is_no_formula() -> None:
    text = "\n\n".join([f"Sir, – {BODY} Tar it. Yours, etc.,", "SIGNE RAVN,", "Holm."])
    assert told(text) == [("Signe Ravn", f"{BODY} Tar it.")]


SHORT = "The night bus is a blessing. Please let nobody take it away."
SIGNS = ("Signe Ravn\nMill Lane, Holm", "Gerrit Laan\nEllery")


def test_the_place_of_a_letters_writer_may_stand_on_the_line_below_the_name() -> None:
    text = "\n\n".join([BODY, SIGNS[0], OTHERS, SIGNS[1]])
    assert told(text) == [("Signe Ravn", BODY), ("Gerrit Laan", OTHERS)]


def test_under_a_heading_that_calls_them_letters_not_each_needs_to_say_i() -> None:
    page = "\n\n".join([BODY, SIGNS[0], SHORT, SIGNS[1]])
    assert told(f"Letters to the editor\n\n{page}") == [("Signe Ravn", BODY), ("Gerrit Laan", SHORT)]
    assert letters(f"Notes from the valley\n\n{page}") is None


def test_a_last_sentence_behind_a_dash_is_no_formula() -> None:
    text = "\n\n".join(
        ["Sir,", "I have swum here all my life. Open it at once! – And stay open.", "Signe Ravn", "Holm"]
    )
    assert told(text)[0][1].endswith("– And stay open.")
