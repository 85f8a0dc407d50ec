"""Headlines within a text: nobody says them, whatever they read like."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.headings import headings
from ingest.quoting.statements import statements

BODY = "Ana Torvik, the keeper of the lock, said on Monday that the port had known of the crack since March."


@pytest.mark.parametrize(
    "text",
    [
        "Torvik: Port lied about lock\n\nIt rained.",
        "Torvik says port ‘lied’\n\nIt rained.",
        "It rained.\n\nThe long wait\n\nIt rained again.",
        "It rained.\n\n‘I told them twice’\n\nIt rained again.",
        "Lock shut\n\nBy Ann Bo\n\nIt rained.\n\nIt rained again.",
    ],
)
def test_short_lines_that_end_no_sentence_are_headings(text: str) -> None:
    assert headings(text)


@pytest.mark.parametrize(
    "text",
    [
        "It rained.\n\n“Not one stone,” said Ana Torvik\n\nIt rained again.",
        "It rained.\n\n* The lock leaks, Torvik said\n\nIt rained again.",
        "It rained.\n\n“It leaks.”\n\nIt rained again. (Wire)",
        "we told them\n\nnobody came\n\nwe told them again",
        "It rained.\n\nThe end",
        "Torvik said that the lock had been shut for so long that nobody knew who had shut it in March\n\nYes.",
        "",
    ],
)
def test_other_lines_are_none(text: str) -> None:
    assert headings(text) == []


def test_the_index_has_no_statement_of_a_headline() -> None:
    last = "‘I told them twice’\n\n“I told them twice,” Torvik said."
    text = f"Torvik: Port lied about lock\n\nBy Ann Bo\n\n{BODY}\n\n{last}"
    assert [quote.text for quote in statements(text, extract_quotes(text))] == [
        "that the port had known of the crack since March",
        "“I told them twice,”",
    ]


def test_a_turn_without_its_full_stop_is_still_said() -> None:
    text = "Ana Torvik: It leaks.\n\nPer Lund: Since when?\n\nAna Torvik: May\n\nPer Lund: We told you."
    assert [quote.text for quote in statements(text, extract_quotes(text))][2] == "May"


def test_all_that_stands_above_a_byline_is_heading() -> None:
    text = (
        "Keeper to go over lost keys\n\n“I am finished,” she tells pilots\n\nBy Ann Bo\n\nAna Torvik has not resigned."
    )
    assert len(headings(text)) == 3
    assert statements(text, extract_quotes(text)) == []


def test_a_line_that_begins_with_by_is_no_byline_when_it_is_a_sentence() -> None:
    text = "It rained.\n\n“Not one stone,” said Ana Torvik\n\nBy then it was dark.\n\nIt rained.\n\nThe port shut."
    assert headings(text) == []
