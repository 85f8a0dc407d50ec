"""Chats that a program has written out, by themselves or within an article."""

from __future__ import annotations

import pytest

from ingest import extract_quotes

ABOVE = "Oil in the weir\n\nThe crew gave these messages to the board on Monday.\n\n"
BELOW = "\n\nThe board meets again on Monday."


def said(text: str) -> list[tuple[str | None, str, str]]:
    return [(quote.speaker.name if quote.speaker else None, quote.kind, quote.text) for quote in extract_quotes(text)]


@pytest.mark.parametrize(
    "stamp",
    [
        "[14/03/2026, 21:02] ",
        "[14/03/2026, 21:02:11] ",
        "14/03/2026, 21:02 - ",
        "3/14/26, 9:02\u202fPM - ",
        "14.03.26, 21:02 - ",
        "2026-03-14 21.02 - ",
        "[3/14/26, 9:02:11 p. m.] ~ ",
        "\u200e[14 Mar 2026, 21:02] ",
    ],
)
def test_a_message_is_one_turn_of_its_sender_over_all_of_its_lines(stamp: str) -> None:
    messages = [
        "Greta Lowe: I found the sluice open: wide.\nSo I shut it\nand sat on it.",
        "Noel Quarry: Not me. I was in bed.",
        "Greta Lowe: Who was it?",
    ]
    assert said(ABOVE + "\n".join(stamp + message for message in messages) + BELOW) == [
        ("Greta Lowe", "direct", "I found the sluice open: wide.\nSo I shut it\nand sat on it."),
        ("Noel Quarry", "direct", "Not me. I was in bed."),
        ("Greta Lowe", "direct", "Who was it?"),
    ]


def test_what_the_program_says_is_nobody_s_and_ends_the_message_above_it() -> None:
    text = (
        "14/03/2026, 21:01 - Messages are encrypted. Nobody else can read them.\n"
        '14/03/2026, 21:01 - Greta Lowe created group "Weir: crew"\n'
        "14/03/2026, 21:02 - Greta Lowe: I am at the weir.\n"
        "14/03/2026, 21:02 - Noel Quarry was added\n"
        "14/03/2026, 21:03 - Noel Quarry: <Media omitted>\n"
        "14/03/2026, 21:04 - Noel Quarry: IMG-0001.jpg (file attached)\nThis is the oil.\n"
        "14/03/2026, 21:05 - Greta Lowe: I see it. <This message was edited>\n"
        "14/03/2026, 21:06 - Greta Lowe: This message was deleted"
    )
    assert said(text) == [
        ("Greta Lowe", "direct", "I am at the weir."),
        ("Noel Quarry", "direct", "This is the oil."),
        ("Greta Lowe", "direct", "I see it."),
    ]


def test_a_blank_line_ends_a_message_where_the_article_goes_on_and_not_where_the_next_one_follows() -> None:
    text = (
        f"{ABOVE}[14/03/2026, 21:02] Greta Lowe: The sluice is open.\n\nI shut it.\n"
        "[14/03/2026, 21:03] Noel Quarry: Good.\n\nThe two met there.\n\n"
        f"[15/03/2026, 08:00] Greta Lowe: We found oil.{BELOW}"
    )
    assert [words for _, _, words in said(text)] == ["The sluice is open. I shut it.", "Good.", "We found oil."]


def test_a_programme_with_days_and_times_is_no_chat() -> None:
    items = ("09:00 – Opening: words by the mayor", "10:00 – Tour: the weir", "12:00 – Lunch: soup")
    text = "Open day\n\n" + "\n".join(f"14/03/2026, {item}" for item in items)
    assert said(text) == []


@pytest.mark.parametrize("zone", ["UTC", "GMT", "CET", "AEST"])
def test_the_zone_of_a_time_in_a_log_is_nobody_who_writes(zone: str) -> None:
    told = ("first server fails", "second server fails", "pumps stop")
    assert said("".join(f"2026-03-04 10:1{n} {zone}: The {what}.\n" for n, what in enumerate(told))) == []


def test_who_writes_behind_the_zone_of_a_time_is_who_says_it() -> None:
    lines = [f"2026-03-04 10:1{n} UTC: Ana Lee: The pumps stop at {n}." for n in range(3)]
    assert [(name, text) for name, _, text in said("\n".join(lines))] == [
        ("Ana Lee", f"The pumps stop at {n}.") for n in range(3)
    ]


def test_a_sender_in_capitals_behind_a_dash_writes() -> None:
    lines = [f"2026-03-04 10:1{n} - BOB: The pumps stop at {n}." for n in range(3)]
    assert [text for _, _, text in said("\n".join(lines))] == [f"The pumps stop at {n}." for n in range(3)]
