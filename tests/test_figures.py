"""Whose figure is whose: a claim may not join a number or a date to what stands beside another one."""

from __future__ import annotations

import pytest

from rag.judging.figures import figures, is_crossed
from rag.judging.letters import agrees, repeats
from rag.schema import Query
from tests.fakes import hit, party

LOSSES = "We lost 11m last year and 9m the year before,"
CALENDARS = "They asked us in April and printed the calendars in February,"
STAFF = "In 2019 we had forty hands, and in 2024 we had twelve."


@pytest.mark.parametrize(
    ("claim", "sentence", "crossed"),
    [
        ("that they lost 9m last year", LOSSES, True),
        ("that they lost 11m last year", LOSSES, False),
        ("that they lost 9m the year before", LOSSES, False),
        ("that they lost money last year", LOSSES, False),
        ("that they asked people in February", CALENDARS, True),
        ("that they asked people in April", CALENDARS, False),
        ("that calendars were printed in February", CALENDARS, False),
        ("that calendars were printed in April", CALENDARS, True),
        ("that they had forty hands in 2024", STAFF, True),
        ("that they had forty hands in 2019", STAFF, False),
        ("that they had twelve hands in 2024", STAFF, False),
        ("that the gate opens on Friday", "The gate opens on Monday; the bridge opens on Friday.", True),
        ("that the bridge opens on Friday", "The gate opens on Monday; the bridge opens on Friday.", False),
        ("that they promised 5 million for pumps", "2 million for pumps by May and 5 million for a wall by 2028", True),
        (
            "that they promised 5 million for a wall",
            "2 million for pumps by May and 5 million for a wall by 2028",
            False,
        ),
        ("that they promised a wall by May", "2 million for pumps by May and 5 million for a wall by 2028", True),
        ("that they promised pumps by May", "2 million for pumps by May and 5 million for a wall by 2028", False),
        ("that 30 boats sank", "They sank, all 30 of them.", False),
        ("that it costs four crowns", "It costs four crowns.", False),
    ],
)
def test_a_figure_belongs_to_its_own_part_of_a_sentence(claim: str, sentence: str, crossed: bool) -> None:
    assert is_crossed(claim, sentence) == crossed


@pytest.mark.parametrize(("day", "holds"), [("February", False), ("April", True)])
def test_words_beside_another_figure_are_no_yes_and_take_no_no_away(day: str, holds: bool) -> None:
    asked = f"Did Ida Hale say that they asked us in {day}?"
    query = Query(asked, asked, "did_say", (party("Ida Hale"),))
    statement = hit(1.0, CALENDARS).statement
    assert (agrees(query, statement), repeats(query, statement)) == (holds, holds)


def test_figures_are_numbers_and_dates() -> None:
    found = figures("On Monday, 3 May 2026, twenty-one may march, and 1,200 people in March; 5 million of 3")
    numbers = {"3", "20 1", "1200", "5 million"}
    assert found == {("number", n) for n in numbers - {"20 1"}} | {("number", "20")} | {
        ("date", day) for day in ("monday", "may", "2026", "march")
    }
