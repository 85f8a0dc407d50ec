"""Statements of several who are named with their offices, or above a block; and mail that ends in an address."""

from __future__ import annotations

import textwrap

import pytest

from ingest import extract_quotes
from ingest.text.sources import behind_offices
from ingest.text.wrapping import unwrapped
from rag.people.directory import Directory

LEADERS = (
    "The Mayor of Tarn, Ida Vane, the Warden of Upper Ashby, Noel Quarry, and the head of the River Board, Greta Lowe, "
    "today issued the following joint statement:"
)
THREE = "Ida Vane, Noel Quarry and Greta Lowe"
WORDS = "“The weir belongs to no town that only wishes to close it. We will share the cost of the oil.”"
ADDRESS = "Contact:\nBo Ek, Head of Communications\nRiver Board, Quay 4, Tarn\n+00 555 0142"


def speakers(text: str) -> dict[str, str | None]:
    """Who says what, by the words on one line."""
    return {
        " ".join(quote.text.split()): quote.speaker.name if quote.speaker else None for quote in extract_quotes(text)
    }


def test_a_statement_is_of_all_who_are_named_behind_their_offices_above_it() -> None:
    assert speakers(f"{LEADERS}\n\n{WORDS}\n\nNobody asked anything.")[WORDS] == THREE


def test_two_behind_their_offices_say_together_what_stands_behind_the_colon() -> None:
    lead = "The mayor of Tarn, Ida Vane, and the minister for rivers, Noel Quarry, said in a joint statement on Monday"
    assert speakers(f"{lead}: {WORDS}")[WORDS] == "Ida Vane and Noel Quarry"


@pytest.mark.parametrize(
    ("lead", "who"),
    [
        (LEADERS, THREE),
        ("Ida Vane and Noel Quarry have put this on the board of the town:", "Ida Vane and Noel Quarry"),
        ("In May, Ida Vane, Noel Quarry and Greta Lowe wrote:", THREE),
        ("The mayor, Ida Vane, wrote to Noel Quarry and Greta Lowe:", "Ida Vane"),
    ],
)
def test_a_block_set_in_is_of_all_whom_the_line_above_lists(lead: str, who: str) -> None:
    block = "We shut the weir in the night. We had no time to ask anybody for oil."
    assert speakers(f"The weir is shut.\n\n{lead}\n\n    {block}\n\nIt opens in May.")[block] == who


@pytest.mark.parametrize(
    "source",
    [
        "The mayor of Tarn, Ida Vane",
        "The friend of the mayor, Ida Vane, a clerk, Noel Quarry",
        "A lawyer for the mayor, Ida Vane, and the clerk, Noel Quarry",
        "The man who met the mayor, Ida Vane, and the clerk, Noel Quarry",
        "The mayor, Ida Vane, and the clerk, Noel Quarry, of Tarn",
    ],
)
def test_one_or_somebody_else_is_no_list_of_offices(source: str) -> None:
    assert behind_offices(source) == []


def test_an_address_below_mail_does_not_hide_the_width_that_broke_its_lines() -> None:
    mail = "\n\n".join(textwrap.fill(part, 72) for part in (LEADERS, WORDS, LEADERS, WORDS))
    text = f"FOR IMMEDIATE RELEASE\nTarn, 13 March\n\n{mail}\n\n{ADDRESS}"
    assert unwrapped(text).split("\n\n")[1] == LEADERS
    assert unwrapped(text).endswith(ADDRESS)
    assert speakers(text)[WORDS] == THREE


def test_lists_in_which_a_line_is_full_by_chance_stay() -> None:
    entries = [f"Berth {n}\nTarn Quay\nopen" for n in range(9)]
    long = "Berth 10 with the new crane that was built\nTarn Quay"
    text = "\n\n".join([*entries, *([long] * 3)])
    assert unwrapped(text) == text


def test_who_is_asked_for_by_name_has_the_joint_statements_too() -> None:
    told = ["Ida Vane", "Noel Quarry", "Ida Vane and Noel Quarry", THREE, "Ben Quarry and Greta Lowe", "Quarry, clerk"]
    people = Directory.of([(name, "") for name in told])
    assert {"Noel Quarry", "Ida Vane and Noel Quarry", THREE} <= set(people.find("Noel Quarry"))
    assert "Ben Quarry and Greta Lowe" not in people.find("Noel Quarry")
    assert "Noel Quarry" not in people.find("Ida Vane")


def test_the_names_of_a_firm_say_nothing_together_with_who_works_for_it() -> None:
    text = (
        "The airport wants more flights.\n\n“I know what rest is worth,” said Tobias Marr, of Quell, Lovell and Sons."
    )
    assert [quote.speaker.name for quote in extract_quotes(text) if quote.speaker] == ["Tobias Marr"]
