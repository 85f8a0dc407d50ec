"""Captions for who does not hear: names in capitals, songs, sounds, and voices of people who are not seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.formats.captions import read_captions
from ingest.loading.loaders import load


def told(*captions: str) -> list[tuple[str | None, str]]:
    """(speaker, words) of everything that is said in the captions of a film."""
    cues = (f"{n}\n00:00:{3 * n:02},000 --> 00:00:{3 * n + 2:02},900\n{shown}" for n, shown in enumerate(captions, 1))
    [article] = read_captions("\n\n".join(cues).encode()).articles
    return [(q.speaker.name if q.speaker else None, q.text) for q in extract_quotes(article.text)]


def test_a_name_in_capitals_speaks_until_the_next_over_all_captions_between() -> None:
    assert told("ANA TORVIK: The quay is wet.", "It was built\nby hand.", "LUND (on phone):\nWho built it?") == [
        ("Ana Torvik", "The quay is wet. It was built by hand."),
        ("Lund", "Who built it?"),
    ]


@pytest.mark.parametrize(
    "song",
    [
        ["♪ The river is my road ♪"],
        ["♪ The river\nis my road ♪"],
        ["♪ The river", "is my road ♪"],
        ["♪ The river\n♪ Is my road"],
        ["<i>♪ The river\nis my road ♪</i>"],
    ],
)
def test_what_is_sung_is_nobody_s(song: list[str]) -> None:
    assert told("TORVIK: I know it.", *song, "ANA TORVIK: I sang it once.") == [
        ("Ana Torvik", "I know it."),
        ("Ana Torvik", "I sang it once."),
    ]


@pytest.mark.parametrize("sound", ["[BELL TOLLS]", "(BELL TOLLS)", "[bell tolls]", "[BELL TOLLS ON SHORE]"])
def test_a_sound_above_a_name_is_nobody(sound: str) -> None:
    assert told(f"{sound}\nANA TORVIK: I hear it.", f"{sound}", "It is late.") == [
        ("Ana Torvik", "I hear it. It is late.")
    ]


def test_a_sound_between_two_sentences_is_not_said() -> None:
    [(_, words)] = told("ANA TORVIK: It rang twice. [SIGHS] I heard it. (COUGHS) Now it is still.")
    assert words == "It rang twice. I heard it. Now it is still."


def test_a_sound_behind_what_is_read_out_leaves_its_mark() -> None:
    [(_, words)] = told("ANA TORVIK: It says: “The bell is mine.” [SIGHS] I rang it.")
    assert words == "It says: “The bell is mine.” I rang it."


def test_a_song_above_the_first_who_speaks_is_no_title(tmp_path: Path) -> None:
    cues = "1\n00:00:01,000 --> 00:00:02,000\n♪ The river ♪\n\n2\n00:00:03,000 --> 00:00:04,000\nANA TORVIK: I know it."
    (tmp_path / "film.srt").write_text(cues, encoding="utf-8")
    assert [article.title for article in load(tmp_path / "film.srt").articles] == [None]


def test_brackets_within_a_sentence_stay() -> None:
    [(_, words)] = told("ANA TORVIK: I called the [INAUDIBLE] board. [INAUDIBLE] is closed.")
    assert words == "I called the [INAUDIBLE] board. [INAUDIBLE] is closed."


def test_a_narrator_in_italics_ends_where_others_are_set_upright_and_comes_back_in_italics() -> None:
    assert told(
        "<i>NARRATOR: The quay is wet.</i>",
        "<i>It was built by hand.</i>",
        "It leaks.",
        "ANA TORVIK: I swim in it.",
        "<i>The water\nis cold.</i>",
        "It is <i>never</i> warm.",
    ) == [("Narrator", "The quay is wet. It was built by hand."), ("Ana Torvik", "I swim in it. It is never warm.")]


def test_italics_are_the_same_voice_where_no_label_is_in_italics() -> None:
    assert told("ANA TORVIK: I swim in it.", "<i>The water is cold.</i>") == [
        ("Ana Torvik", "I swim in it. The water is cold.")
    ]


def test_credits_in_capitals_alone_are_no_turns() -> None:
    assert ("Subtitles", "Tarn House") not in told("The quay is wet.", "SUBTITLES: Tarn House")
