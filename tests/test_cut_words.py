"""Words that the end of a line cuts, in text that was broken at a width: whole again, and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.loading.cut_words import with_whole_words
from ingest.loading.formats.hyphens import Spelling, joined
from ingest.loading.loaders import load

CUT = (
    "The lock at the foot of the valley will be shut un|til the autumn, the office said, and thirty-|one of the boats",
    "are to be towed back to the sea by well-|known pilots of the town, of whom the spokes|woman, Ana Torvik-|Brandt,",
    "said that nobody had told them what it would cost, and that a letter by the keeper's mother-in-|law, which may be",
    "read at https://holm-|lock.example/ by all, had asked for a 19-|day rest in the houses.",
)
WHOLE = " ".join(CUT).replace("|", "")


def wrapped(text: str, width: int) -> str:
    """The text in lines of one width, its words cut at a "|" where half of one fits."""
    lines = [""]
    for word in text.split():
        start, _, rest = word.partition("|")
        room = width - len(lines[-1]) - 1
        if len(word.replace("|", "")) <= room:
            lines[-1] = f"{lines[-1]} {word.replace('|', '')}".strip()
        elif rest and len(start) + 1 <= room:
            lines[-1] += f" {start.removesuffix('-')}-"
            lines.append(rest)
        else:
            lines.append(word.replace("|", ""))
    return "\n".join(lines)


@pytest.mark.parametrize("width", range(50, 76))
def test_words_are_whole_and_compounds_keep_their_hyphens(width: int) -> None:
    text = wrapped(" ".join(CUT), width)
    whole, notes = with_whole_words(text)
    if "-\n" in text:
        assert (whole, len(notes)) == (WHOLE, 1)
        assert notes[0].startswith("lines broken at a width, which cut words, are put together in it, as “")
    else:
        assert (whole, notes) == (text, ())


WRAPPED = next(text for text in (wrapped(" ".join(CUT), width) for width in range(50, 76)) if "un-\n" in text)


def test_how_the_text_writes_a_word_elsewhere_decides() -> None:
    assert "shut until the" in with_whole_words(WRAPPED)[0]
    assert "shut un-til the" in with_whole_words(f"{WRAPPED}\n\nIt is un-til, of old.")[0]


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (("the pre-", "and post-war houses"), "the pre- and post-war houses"),
        (("their err-", "or was"), "their error was"),
        (("pages 14-", "18 of it"), "pages 14-18 of it"),
        (("his mother-in-", "law"), "his mother-in-law"),
        (("the twenty-first-cen-", "tury lock"), "the twenty-first-century lock"),
    ],
)
def test_a_hyphen_stays_where_it_is_no_cut(lines: tuple[str, str], whole: str) -> None:
    assert joined(lines, Spelling.of(lines)) == whole


@pytest.mark.parametrize(
    "text",
    [
        WRAPPED.replace("-\n", "\n"),  # broken at a width, and no word cut
        "Three things are left:\n- the lock\n- pre-\nseason boats\n",
        "The harbour-\nwide survey.\n\nThe lock holds, the office said on Tuesday, and the boats are to be towed back.",
        "Ana Torvik: We wait for rain-\nPer Lund: And for wind-\nAna Torvik: And then we wait again, as we did in May.",
    ],
)
def test_a_text_that_no_width_cut_is_left_letter_for_letter(text: str) -> None:
    assert with_whole_words(text) == (text, ())


def test_a_file_and_a_mail_are_stored_with_whole_words_and_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(WRAPPED, encoding="utf-8")
    head = "From: Ana <ana@holm.example>\nSubject: Lock\nContent-Type: text/plain; charset=utf-8\n\n"
    (tmp_path / "a.eml").write_text(head + WRAPPED, encoding="utf-8")
    for name in ("a.txt", "a.eml"):
        loaded = load(tmp_path / name)
        assert "shut until the autumn" in loaded.articles[0].text
        assert ["put together in it" in warning.text for warning in loaded.warnings] == [True]
