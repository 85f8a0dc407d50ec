"""Who speaks in exchanges, meetings, notes of a firm, letters pages and live pages, and what in them nobody says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.loaders import load
from ingest.quoting.statements import statements

EXCHANGE = """AT THE GATE, 2 MARCH 2026

MAYOR ILSE MARR: I have nothing to add. The gate stays shut.

BRUNO KEEL: Then I will climb it, and you may watch.
"""
MIXED = """Ilse Marr (IM) has kept the gate since 1990. She spoke to the Vale Letter (VL) at her door.

Vale Letter: Why is it shut?

Ilse Marr: Because I shut it.

VL: For how long?

IM: For as long as I have the key.

VL: And then?

IM: Ask my daughter. She wants it open.
"""
PAPERS = """What the papers say

Iron Gate: Two sisters, one key. I laughed twice.

The Long Fence: A film about wood. I slept.

Gate of Rust: My favourite of the year.
"""
LETTERS = """From the readers

The gate was kind

Your report ("Gate stays shut", 2 March) is wrong. I have walked through it for thirty years.

Ottilie Brand, Vale

I would have climbed it.

Hanno Pryce, by email
"""
LIVE = """11:20 CET

Warden speaks

Ilse Marr has come out. “I regret the gate,” she says to the people at the fence.

10:45 CET

Climber arrives

Bruno Keel is here with a ladder. “She can watch,” he tells the Letter.
"""
BRIEFING = """Briefing by Press Secretary Ilse Marr

1:07 P.M.

MS. MARR: Good afternoon. I have ten minutes, and I mean it.

Q    Is the gate shut?

MS. MARR: It is. I shut it myself.

Q    (Inaudible) -- resign?

MS. MARR: I heard nothing.

END                1:22 P.M.
"""


def told(text: str) -> list[tuple[str, str, str]]:
    found = statements(text, extract_quotes(text))
    return [(quote.speaker.name if quote.speaker else "", quote.text, quote.kind) for quote in found]


def test_two_turns_without_a_question_are_an_exchange() -> None:
    assert told(EXCHANGE) == [
        ("ILSE MARR", "I have nothing to add. The gate stays shut.", "direct"),
        ("BRUNO KEEL", "Then I will climb it, and you may watch.", "direct"),
    ]


def test_a_list_with_names_of_works_is_no_exchange() -> None:
    assert told(PAPERS) == []


def test_an_interview_that_goes_on_with_initials_begins_with_the_names() -> None:
    found = told(MIXED)
    assert ("Ilse Marr", "Because I shut it.", "direct") in found
    assert {who for who, words, _ in found if words.startswith(("For as long", "Ask my"))} <= {"Ilse Marr", "IM"}


def test_letters_without_a_salutation_are_each_their_writer_s() -> None:
    found = told(LETTERS)
    assert ("Hanno Pryce", "I would have climbed it.", "direct") in found
    assert [who for who, words, _ in found if "thirty years" in words] == ["Ottilie Brand"]
    assert not any("kind" in words for _, words, _ in found)


def test_the_zone_of_a_clock_is_nobody() -> None:
    found = told(LIVE)
    assert ("Bruno Keel", "“She can watch,”", "direct") in found
    assert {"Ilse Marr", "Bruno Keel"} >= {who for who, *_ in found}


def test_what_a_reporter_asks_unheard_and_the_end_of_a_briefing_are_nobody_s() -> None:
    words = " ".join(words for _, words, _ in told(BRIEFING))
    assert "I heard nothing." in words
    assert "resign" not in words
    assert "END" not in words


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("From the desk of Ilse Marr, head of gates, Vale & Sons:", "head of gates, Vale & Sons"),
        ("A line from Ilse Marr, head of gates, Vale Trust:", "head of gates, Vale Trust"),
        ("And this, from the desk of Ilse Marr, Chief Gate Officer, Vale Trust:", "Chief Gate Officer, Vale Trust"),
    ],
)
def test_the_line_above_a_quotation_names_its_sender(line: str, role: str | None) -> None:
    text = f"Morning note\n\n{line}\n\n“We would keep it shut. A gate is a gate.”"
    [quote] = extract_quotes(text)
    assert quote.speaker
    assert (quote.speaker.name, quote.speaker.role) == ("Ilse Marr", role)


def test_a_chief_constable_is_named_without_the_office() -> None:
    text = "Chief Constable Ilse Marr said: “We look for a ladder.”\n\nThe painter John Constable said: “It is wet.”"
    speakers = [quote.speaker for quote in extract_quotes(text)]
    assert [(s.name, s.role) for s in speakers if s] == [
        ("Ilse Marr", "Chief Constable"),
        ("John Constable", "painter"),
    ]


@pytest.mark.parametrize(
    "cues",
    [
        ["<v Marr, Ilse>Who has it?</v>", "<v Keel, Bruno (Guest)>I have the key. I never\nhid it.</v>"] * 2,
        ["(Ilse Marr)\nWho has it?", "(Bruno Keel)\nI have the key. I never\nhid it."] * 2,
        ["Ilse Marr: Who has it?", "Bruno Keel (Guest): I have the key. I never hid it.", "iPhone (2): Sorry?"],
    ],
    ids=["surname first", "a name above", "a device"],
)
def test_captions_of_a_meeting_name_who_speaks(tmp_path: Path, cues: list[str]) -> None:
    timed = [f"00:00:{n:02}.000 --> 00:00:{n:02}.900\n{cue}" for n, cue in enumerate(cues)]
    (tmp_path / "a.vtt").write_text("WEBVTT\n\n" + "\n\n".join(timed), encoding="utf-8")
    [article] = load(tmp_path / "a.vtt").articles
    found = [(who, words) for who, words, _ in told(article.text)]
    assert ("Bruno Keel", "I have the key. I never hid it.") in found


def test_a_name_of_a_work_that_nobody_says_is_no_statement() -> None:
    text = "The film “A Long Way From The Gate” was shown as well.\n\n“I wept,” said Ilse Marr, a warden."
    assert [words for _, words, _ in told(text)] == ["“I wept,”"]


def test_a_german_office_before_a_name_is_no_part_of_it() -> None:
    text = "Das Tor ist zu, und es bleibt zu.\n\nDie Ministerin Ilse Marr erklärte: „Ich habe es nicht geschlossen.“"
    [quote] = extract_quotes(text, language="de")
    assert quote.speaker
    assert quote.speaker.name == "Ilse Marr"
