"""Turns of interviews and transcripts: the label says who speaks, a turn is whole, a question is nobody's statement."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.layout import laid_out
from ingest.turns import turns


def told(text: str, title: str | None = None) -> list[tuple[str | None, str]]:
    """(speaker, words) of everything that is said word for word."""
    found = [q for q in extract_quotes(text, title) if q.kind == "direct" and not (q.speaker and q.speaker.name == "I")]
    return [(q.speaker.name if q.speaker else None, " | ".join(s.text for s in q.content)) for q in found]


SAID = ["It is sound.", "Since when?", "I do. We looked.", "And who pays?"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Torvik (00:11):\n", "Per Lund (00:19):\n"),
        ("Ana Torvik  0:11\n", "Per Lund  0:19\n"),
        ("Ana Torvik\n0:11\n", "Per Lund\n0:19\n"),
        ("[Ana Torvik] 10:02:11\n", "[Per Lund] 10:02:19\n"),
        ("00:00:11 Ana Torvik\n", "00:00:19 Per Lund\n"),
        ("00:00:11.120\nAna Torvik\n", "00:00:19.040\nPer Lund\n"),
        ("[00:00:11] Ana Torvik: ", "[00:00:19] Per Lund: "),
        ("Ana Torvik [0:11]: ", "Per Lund [0:19]: "),
        ("Ana Torvik, the mayor: ", "Per Lund, Halvick Post: "),
        (">> Ana Torvik: ", ">> Per Lund: "),
    ],
)
def test_a_name_with_a_time_or_a_role_is_a_label(one: str, other: str) -> None:
    text = "Ana Torvik met Per Lund.\n\n" + "\n\n".join(
        (other if number % 2 else one) + said for number, said in enumerate(SAID)
    )
    names = ["Ana Torvik", "Per Lund"] * 2
    assert told(text) == list(zip(names, SAID, strict=True))


TELEVISION = """HALVICK TONIGHT
Aired May 3, 20:00

ANA TORVIK, HALVICK ANCHOR: Good evening. The quay has a crack.

CAPT. P. LUND (RET.), QUAY BOARD: It is deep. I would not stand on it.

[Crosstalk]

TORVIK: Would you close it?

LUND: Yes.

TORVIK: We will be right back.

(END VIDEO CLIP)"""


def test_labels_in_capitals_have_roles_and_are_short_later() -> None:
    assert told(TELEVISION) == [
        ("ANA TORVIK", "Good evening. The quay has a crack."),
        ("P. LUND", "It is deep. I would not stand on it."),
        ("ANA TORVIK", "Would you close it?"),
        ("P. LUND", "Yes."),
        ("ANA TORVIK", "We will be right back."),
    ]


def test_honorifics_initials_and_first_names_mean_those_named_in_full() -> None:
    head = "Briefing by Ana Torvik, the harbour’s spokeswoman. Per Lund of the Post asked.\n\n"
    for one, other in (("MS. TORVIK", "MR. LUND"), ("AT", "PL"), ("Ana", "Per")):
        lines = [f"{other if number % 2 else one}: {said}" for number, said in enumerate(SAID)]
        assert [name for name, _ in told(head + "\n\n".join(lines))] == ["Ana Torvik", "Per Lund"] * 2


def test_an_office_is_who_stands_in_brackets_behind_it() -> None:
    text = (
        "The Minister for Quays (Ana Torvik): I move the bill.\n\nMr. Lund: What does it cost?\n\n"
        "The Minister for Quays (Ana Torvik): Nine million.\n\nMr. Lund: Too much.\n\nPer Lund spoke for the others."
    )
    assert told(text)[:2] == [("Ana Torvik", "I move the bill."), ("Per Lund", "What does it cost?")]


def test_a_long_turn_is_whole() -> None:
    turn = [f"Then I tried gate number {number}." for number in range(12)]
    text = "\n\n".join(
        [
            *("Inquiry into the quay. Counsel Per Lund examined Ana Torvik.", "LUND: What did you do?"),
            *("TORVIK: I ran.", *turn, "LUND: Thank you.", "TORVIK: I was late."),
        ]
    )
    assert told(text)[1] == ("Ana Torvik", " | ".join(["I ran.", *turn]))


def test_a_long_turn_ends_where_the_article_tells_of_its_speaker() -> None:
    text = (
        "Per Lund met Ana Torvik.\n\nLund: Is it sound?\n\nTorvik: It is.\n\nI looked.\n\nTwice.\n\n"
        "Torvik stood up and went to the window.\n\nIt rained.\n\nLund: And the crane?\n\nTorvik: Another matter."
    )
    assert told(text)[1] == ("Ana Torvik", "It is. | I looked. | Twice.")


def test_what_a_question_says_is_nobody_s_statement() -> None:
    text = (
        "Press briefing by Ana Torvik\n\nMS. TORVIK:  Good day.\n\n     Q    Does the mayor still believe that the "
        "quay is sound?\n\n     MS. TORVIK:  Ask her.\n\n     Q    She said that you were wrong. Were you?\n\n"
        "     THE MAYOR:  Let me. I was wrong.\n\n     MS. TORVIK:  Thank you."
    )
    said = extract_quotes(text)
    assert not [q.text for q in said if "sound" in q.text]
    assert "Ana Torvik" not in [q.speaker and q.speaker.name for q in said if "you were wrong" in q.text]
    assert ("the mayor", "Let me. I was wrong.") in told(text)


@pytest.mark.parametrize(("ask", "answer"), [("Q: ", "A: "), ("Question: ", "Answer: "), ("Q. ", "A. ")])
def test_answers_are_those_of_the_one_whom_the_text_is_about(ask: str, answer: str) -> None:
    text = f"Ana Torvik runs the quay.\n\n{ask}Is it sound?\n\n{answer}It is.\n\n{ask}Since when?\n\n{answer}Since May."
    assert told(text) == [("Ana Torvik", "It is."), ("Ana Torvik", "Since May.")]


def test_a_witness_is_not_the_counsel_who_asks() -> None:
    text = (
        "ANA TORVIK, sworn.\n\nBY MR. LUND:\n\nQ. Where?\n\nA. On the quay.\n\nQ. Alone?\n\nA. Yes.\n\nTHE COURT: Up."
    )
    assert told(text) == [("ANA TORVIK", "On the quay."), ("ANA TORVIK", "Yes."), ("the court", "Up.")]


MAGAZINE = (
    "Ana Torvik has kept the quay at Grey Point for thirty years. We met her in the crane.\n\nDo you miss the sea?\n\n"
    "I see it all day.\n\nThe port says that the crane was scrap. Was it?\n\nI oiled it myself. The port can come and "
    "look.\n\nIt still runs.\n\nWould you do it again?\n\nTomorrow, if I may bring the dog."
)


def test_an_interview_without_labels_is_read_by_its_questions() -> None:
    assert told(MAGAZINE) == [
        ("Ana Torvik", "I see it all day."),
        ("Ana Torvik", "I oiled it myself. The port can come and look. | It still runs."),
        ("Ana Torvik", "Tomorrow, if I may bring the dog."),
    ]
    assert [q.speaker and q.speaker.name for q in extract_quotes(MAGAZINE) if "scrap" in q.text] == ["the port"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("I see it", "She sees it"),
        ("We met her", "I met her"),
        ("I oiled it", "Torvik says I oiled it"),
        ("Ana Torvik has kept the quay at Grey Point", "A driver has kept the quay at the point"),
        ("Do you miss the sea?", "No more sea."),
    ],
)
def test_explainers_columns_and_reports_are_no_interviews(old: str, new: str) -> None:
    text = MAGAZINE.replace(old, new)
    assert text != MAGAZINE
    if new.startswith("She"):
        text = text.replace("I oiled", "She oiled")
    assert turns(text) == []


def test_answers_of_somebody_unclear_are_left_to_the_tagger() -> None:
    text = MAGAZINE.replace("Ana Torvik has kept", "Ana Torvik and Per Lund have kept")
    assert laid_out(text).answers
    assert not [name for name, _ in told(text) if name in ("Ana Torvik", "Per Lund")]


@pytest.mark.parametrize(
    "text",
    [
        "Ana Torvik sings.\n\nCast: Six pilots.\n\nDirector: Per Lund.\n\nCast: Two more.\n\nDirector: Ana Torvik.",
        "Two plays.\n\nHamlet: I liked it.\n\nMacbeth: At eight?\n\nHamlet: Again.\n\nMacbeth: On Tuesday.",
        "Tides\n\nHigh: 0:11\n\nLow: 6:20\n\nHigh: 12:35\n\nLow: 18:40",
        "Results\n\nLund 0:59 was first and Torvik 1:02 second, the port said. I saw it.",
    ],
)
def test_lists_and_times_are_no_turns(text: str) -> None:
    assert turns(text) == []
