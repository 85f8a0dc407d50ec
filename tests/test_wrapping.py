"""Text broken at a fixed width is read as its paragraphs, and stored as it was given."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.loaders import load
from ingest.text.wrapping import unwrapped

PARAGRAPHS = (
    "The lock at Holm will be shut for the rest of the month while divers look at its foot, the port said on Monday.",
    "“I have walked the lock twice and I will not sign an order that raises it by a stone,” Ana Torvik, its keeper, "
    "told the pilots. “Nobody asked me what it would cost, and nobody will.”",
    "Per Lund, a pilot, said that the port had known of the leak since May, and that the pilots would not wait.",
)


def wrapped(width: int) -> str:
    return "\n\n".join(textwrap.fill(paragraph, width) for paragraph in PARAGRAPHS)


@pytest.mark.parametrize("width", [48, 64, 72, 100])
def test_a_quotation_over_several_lines_is_one(width: int) -> None:
    text = wrapped(width)
    said = {(q.speaker and q.speaker.name, q.kind): q for q in extract_quotes(text) if q.kind == "direct"}
    quote = said["Ana Torvik", "direct"]
    assert [" ".join(span.text.split()) for span in quote.content] == [
        "“I have walked the lock twice and I will not sign an order that raises it by a stone,”",
        "“Nobody asked me what it would cost, and nobody will.”",
    ]
    assert all(text[span.start : span.end] == span.text for span in quote.content)


def test_a_broken_text_is_as_long_and_has_the_same_words() -> None:
    text = wrapped(64)
    assert len(unwrapped(text)) == len(text)
    assert unwrapped(text).split() == text.split()
    assert [" ".join(part.split()) for part in unwrapped(text).split("\n\n")] == list(PARAGRAPHS)


def test_windows_line_ends_are_breaks_like_others() -> None:
    assert "\n" not in unwrapped(wrapped(64).replace("\n", "\r\n")).replace("\r\n\r\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(PARAGRAPHS),
        "\n".join(PARAGRAPHS),
        "Ana Torvik: It leaks.\nPer Lund: Since when?\nAna Torvik: Since May, as I told them in May.\nPer Lund: Oh.",
        "We shut the lock\nand wait for rain\nand when it comes\nwe wait again",
        "One line of fifty characters that is the only one.\nShort.",
        "",
    ],
)
def test_lines_that_somebody_broke_stay(text: str) -> None:
    assert unwrapped(text) == text


def test_the_file_s_own_text_is_stored(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(wrapped(64), encoding="utf-8")
    assert load(file).articles[0].text == wrapped(64)


def test_lines_of_a_transcript_stay_apart_whatever_their_width() -> None:
    lines = [f"0{n}:14:02 Ana Torvik: the lock at Holm will open in June" for n in range(5)]
    assert unwrapped("\n".join(lines)) == "\n".join(lines)
    named = [
        f"{who}: The lock at Holm will open again in June"
        for who in ("Ana Torvik", "Per Lund", "Zoë Brand", "Ana Torvik")
    ]
    assert unwrapped("\n".join(named)) == "\n".join(named)


EARLY = (
    "The mill race will be cleared before the winter, said the Guild of Water\n"
    "Bailiffs (GWB), which sent nine men. “Nobody has looked into it since the\n"
    "flood,” said Ilse\n"
    "Montal Freire, who has kept the mill for the guild and its neighbours\n"
    "since 1990."
)


def test_a_line_that_ends_early_within_a_sentence_is_broken_like_the_full_ones_around_it() -> None:
    assert unwrapped(EARLY) == EARLY.replace("\n", " ")
    assert {q.speaker.name for q in extract_quotes(EARLY) if q.speaker} == {
        "Guild of Water Bailiffs (GWB)",
        "Ilse Montal Freire",
    }


@pytest.mark.parametrize(
    "lines",
    [
        "flood,” it said\n* Ilse Montal, who has kept the mill for the guild and its neighbours\nsince 1990.",
        "flood.”\nMontal Freire, who has kept the mill for the guild and its neighbours\nsince 1990.",
        "flood”\nILSE MONTAL: It was kept by the guild and its neighbours for a hundred\nyears.",
        "flood,” it said\nIlse Montal, keeper of the mill, on behalf of the neighbours and of\nthe guild",
    ],
)
def test_an_early_end_of_a_line_stays_where_an_item_a_turn_or_a_signature_can_follow(lines: str) -> None:
    text = f"{EARLY[: EARLY.index('flood')]}{lines}\n\n{wrapped(72)}"
    before, after = lines.split("\n")[:2]
    assert f"{before}\n{after}" in unwrapped(text)
    assert f"since the {before}" in unwrapped(text)


def test_words_without_end_at_the_heads_of_lines_are_read_at_once() -> None:
    text = f"{'A' * 400} it was.\n" * 20
    begun = time.perf_counter()
    assert unwrapped(text) == text
    assert time.perf_counter() - begun < 2
