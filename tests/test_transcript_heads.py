"""Title and day of a transcript stand above the first who speaks; what whoever wrote it down adds is no word of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.loaders import load
from ingest.text.turns import turns

SAID = [
    "MS. ASKHAM: Good morning. We open the weir today. Any questions?",
    "MR. LOWE: I have one. Who pays for it?",
    "MS. ASKHAM: We do. I have said so.",
    "MR. LOWE: You have not, and I would know.",
]


def about(tmp_path: Path, *lines: str) -> tuple[str | None, str | None]:
    file = tmp_path / "a.txt"
    file.write_text("\n".join([*lines, *SAID]))
    [article] = load(file).articles
    return article.title, article.published


@pytest.mark.parametrize(
    ("lines", "title", "day"),
    [
        (["Weir Briefing - October 14, 2026", "Priya Askham, Spokeswoman"], "Weir Briefing", "2026-10-14"),
        (["Weir Bill", "Volume 8: debated on Wednesday 4 March 2026", ""], "Weir Bill", "2026-03-04"),
        (["WEIR TONIGHT", "Aired May 6, 2026 - 22:00 ET", "THIS IS A RUSH TRANSCRIPT."], "WEIR TONIGHT", "2026-05-06"),
        (["Weir talk", "Tue, Mar 3, 2026 10:02AM • 4:11"], "Weir talk", "2026-03-03"),
        (["The weir, episode 4", "Guest: Noel Quarry"], "The weir, episode 4", None),
    ],
)
def test_the_lines_above_the_first_who_speaks_give_title_and_day(
    tmp_path: Path, lines: list[str], title: str, day: str | None
) -> None:
    assert about(tmp_path, *lines) == (title, day)


def test_two_days_or_a_sentence_above_tell_nothing(tmp_path: Path) -> None:
    assert about(tmp_path, "Weir talk", "March 3, 2026", "Revised May 4, 2026") == (None, None)
    assert about(tmp_path, "The weir is shut since March 3, 2026.") == (None, None)
    assert about(tmp_path, "The weir is shut. (Picture: Noel Quarry)") == (None, None)


def test_directions_at_either_end_of_a_turn_are_no_words_of_it() -> None:
    lines = [
        "LOWE: [laughs] I shut it. (Laughter.)",
        "QUARRY: Who saw you? [crosstalk]",
        "LOWE: [The board] knows it (and so do you). (I was there.)",
        "[00:00:33] [music]",
        "QUARRY: I do not.",
    ]
    text = "\n".join(lines)
    assert [text[slice(*pair)] for turn in turns(text) for pair in turn.content] == [
        "I shut it.",
        "Who saw you?",
        "[The board] knows it (and so do you). (I was there.)",
        "I do not.",
    ]


@pytest.mark.parametrize(
    "stamp", ["[12/03/2026, 08:14:02] ", "12/03/26, 08:14 - ", "\u200e[2026-03-12, 8:14:02\u202fPM] ", "[8:14 AM] "]
)
def test_the_lines_of_a_chat_begin_with_a_day_and_a_time(stamp: str) -> None:
    chat = ["Greta Lowe: Is it shut?", "Noel Quarry: \u200eimage omitted", "Noel Quarry: It is. I shut it.\nTwice."]
    text = "\n".join(stamp + line for line in (*chat, "Greta Lowe: When?"))
    said = [turn for turn in turns(text) if turn.label]
    found = [(text[slice(*turn.label or (0, 0))], "\n".join(text[slice(*p)] for p in turn.content)) for turn in said]
    assert found == [
        ("Greta Lowe", "Is it shut?"),
        ("Noel Quarry", "It is. I shut it.\nTwice."),
        ("Greta Lowe", "When?"),
    ]


def test_a_label_with_the_surname_first_is_the_person_in_the_usual_order() -> None:
    text = "Lowe, Greta (River Board)   0:07\nI shut the weir at noon.\n\nNoel Quarry   0:12\nAnd who paid for it?"
    found = {q.speaker.name: q.text for q in extract_quotes(text) if q.speaker}
    assert found == {"Greta Lowe": "I shut the weir at noon.", "Noel Quarry": "And who paid for it?"}


def test_who_holds_an_office_stands_in_brackets_with_a_title() -> None:
    text = "\n".join(
        [
            "Greta Lowe (Northmere) (Ind)",
            "I move it.",
            "Madam Speaker (Dame Priya Askham)",
            "Order. I shall wait.",
            "Greta Lowe",
            "I do, too.",
        ]
    )
    assert [text[slice(*turn.label)] for turn in turns(text) if turn.label][1] == "Priya Askham"


def test_names_that_are_initials_from_their_second_time_on_come_again() -> None:
    lines = ["Weir Weekly: Is it shut?", "Greta Lowe: I shut it.", "WW: Why?", "GL: It leaked, and I was tired."]
    assert len(turns("\n\n".join(["We met at the weir in March.", *lines]))) == len(lines)
