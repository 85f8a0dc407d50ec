"""Articles that a newspaper continues on a later page."""

from __future__ import annotations

import pytest

from ingest.loading.formats.jumps import parts_of
from ingest.loading.formats.lines import Line

FIRST = ["Pilots leave", "“We will not take a ship past the wreck in the", "{}", "Lock opens", "It has a new gate."]
LATER = ["Pilots", "{}", "dark,” said Ana Torvik, who leads them."]


def parts(*pages: list[str]) -> list[str]:
    made = [[Line(text, 60, 780 - 16 * number) for number, text in enumerate(page)] for page in pages]
    return [" ".join(line.text for page in part for line in page) for part in parts_of(made)]


@pytest.mark.parametrize(
    ("onward", "back"),
    [
        ("Continued on page 6", "Continued from page 1"),
        ("CONTINUED ON PAGE A6", "From Page A1"),
        ("Turn to Page 6 »", "Cont’d from p. 1"),
        ("(See PILOTS, page 6)", "PILOTS, from page 1"),
        ("See PILOTS, A6", "Continued from A1"),
    ],
)
def test_an_article_is_read_on_where_the_paper_continues_it(onward: str, back: str) -> None:
    first, later = ([line.format(mark) for line in page] for page, mark in ((FIRST, onward), (LATER, back)))
    assert parts(first, ["Weather", "It rains."], later, ["It snows."]) == [
        "Pilots leave “We will not take a ship past the wreck in the dark,” said Ana Torvik, who leads them. It snows.",
        "Lock opens It has a new gate. Weather It rains. Pilots",
    ]


def test_where_it_goes_on_is_not_guessed_among_several() -> None:
    first = [line.format("Continued on page 6") for line in FIRST]
    later = [line.format("Continued from page 1") for line in LATER]
    assert len(parts(first, first, later, later)) == 5


HALVES = [["“Nobody asked the", "Continued on page {}"], ["LOCK, from page {}", "keeper of the lock,” said Mr. Ode."]]


def test_a_text_goes_on_over_every_jump_with_nothing_in_it() -> None:
    pages = [[line.format(number) for line in HALVES[number % 2]] for number in range(4)]
    whole = "“Nobody asked the keeper of the lock,” said Mr. Ode."
    assert parts(*pages) == [f"{whole} {whole}"]


def test_a_line_that_leads_back_to_another_article_is_not_read_on() -> None:
    assert len(parts(["The pier rots.", "See PIER, page 2"], ["LOCK, from page 1", "It has a gate."])) == 3


@pytest.mark.parametrize(
    "line",
    ["The dispute, which continued on page 6", "continued on page 6", "See page 6", "He read from page 1", "Page 6"],
)
def test_a_sentence_about_a_page_stays(line: str) -> None:
    [whole] = parts([mark.format(line) for mark in FIRST])
    assert line in whole
