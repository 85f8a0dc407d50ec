"""Printed records of hearings: labels that a point closes, places that tell namesakes apart, full names in heads."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.text.turns import turns
from rag.people.directory import Directory

HEARING = """                         OIL FOR THE WEIR

    The committee met at 9:30 a.m., Hon. Priya Askham (Chairwoman of the Committee) presiding.

    Present: Representatives Askham, Lowe of Tarn, and Lowe of Upper Ashby.

    The CHAIRWOMAN. The committee will come to order. Mr. Quarry, we thank you.

  STATEMENT OF NOEL QUARRY, KEEPER OF THE WEIR, RIVER BOARD

    Mr. QUARRY. I shut it in May. I have a letter of Mrs. Greta Ashdown. She writes: ``The river is my road.''

    Mr. LOWE of Tarn. Is there no oil?

    [Laughter.]

    Mrs. LOWE of Upper Ashby. I have brought some with me.

    Mr. LOWE of Tarn. I thank the gentlewoman for it.

    Mr. QUARRY. There was none of it for years.

    Mrs. LOWE of Upper Ashby. I will leave it here.

    The CHAIRWOMAN. So ordered.

    [Whereupon, at 9:51 a.m., the committee was adjourned.]
"""


def said(text: str) -> list[tuple[str | None, str]]:
    """(speaker, words) of every quote."""
    return [(quote.speaker.name if quote.speaker else None, quote.text) for quote in extract_quotes(text)]


def test_a_label_in_capitals_with_a_place_or_an_office_is_who_speaks() -> None:
    assert [HEARING[slice(*turn.label)] for turn in turns(HEARING) if turn.label] == [
        "The CHAIRWOMAN",
        "Mr. QUARRY",
        "Mr. LOWE of Tarn",
        "Mrs. LOWE of Upper Ashby",
        "Mr. LOWE of Tarn",
        "Mr. QUARRY",
        "Mrs. LOWE of Upper Ashby",
        "The CHAIRWOMAN",
    ]


def test_two_of_one_surname_are_two_people_each_called_with_the_place() -> None:
    found = {words: who for who, words in said(HEARING)}
    assert found["Is there no oil?"] == "Mr. Lowe of Tarn"
    assert found["I thank the gentlewoman for it."] == "Mr. Lowe of Tarn"
    assert found["I will leave it here."] == "Mrs. Lowe of Upper Ashby"
    assert {q.speaker.kind for q in extract_quotes(HEARING) if q.speaker and " of " in q.speaker.name} == {"person"}


def test_the_heads_name_the_chair_and_the_witness_in_full_and_nobody_laughs() -> None:
    found = said(HEARING)
    assert ("Priya Askham", "So ordered.") in found
    assert ("Noel Quarry", "There was none of it for years.") in found
    assert not [who for who, words in found if "Laughter" in words or "STATEMENT" in str(who)]


def test_she_in_a_turn_is_the_only_woman_named_there_before() -> None:
    assert ("Greta Ashdown", "``The river is my road.''") in said(HEARING)
    two = HEARING.replace("letter of Mrs. Greta Ashdown.", "letter of Mrs. Greta Ashdown to Mrs. Ida Vane.")
    assert ("She", "``The river is my road.''") in said(two)


@pytest.mark.parametrize(
    ("presides", "label"),
    [
        ("Hon. Priya Askham [Chairman of the Subcommittee] presiding", "The CHAIRMAN"),
        ("Senator Priya Askham, vice chair of the committee, presiding", "The VICE CHAIR"),
        ("Hon. Priya Askham presiding", "The Chairman"),
    ],
)
def test_whoever_presides_is_the_chair_however_the_record_says_so(presides: str, label: str) -> None:
    text = HEARING.replace("Hon. Priya Askham (Chairwoman of the Committee) presiding", presides)
    assert ("Priya Askham", "So ordered.") in said(text.replace("The CHAIRWOMAN", label))


def test_one_head_can_name_several_witnesses_and_no_name_is_lent_to_two() -> None:
    heads = "STATEMENTS OF HON. NOEL QUARRY, KEEPER OF THE WEIR; AND IDA VANE, CLERK"
    several = HEARING.replace("STATEMENT OF NOEL QUARRY, KEEPER OF THE WEIR, RIVER BOARD", heads)
    several = several.replace("Mr. QUARRY. There", "Ms. VANE. There")
    assert ("Ida Vane", "There was none of it for years.") in said(several)
    assert ("Noel Quarry", "I shut it in May.") in [(who, words[:17]) for who, words in said(several)]
    lowe = HEARING.replace("STATEMENT OF NOEL QUARRY", "STATEMENT OF BEN LOWE")
    assert "Ben Lowe" not in {who for who, _ in said(lowe)}


def test_a_place_behind_the_only_one_of_a_surname_is_no_part_of_the_name() -> None:
    text = HEARING.replace("Mrs. LOWE of Upper Ashby", "Mrs. VANE").replace(" and Lowe of Upper Ashby", " Ida Vane")
    text = text.replace("Askham, Lowe of Tarn", "Askham, Ben Lowe of Tarn")
    assert ("Ben Lowe", "Is there no oil?") in said(text)


def test_a_question_with_a_place_finds_whoever_has_it_and_no_namesake() -> None:
    told = ["Mr. Lowe of Tarn", "Mrs. Lowe of Upper Ashby", "Lowe"]
    people = Directory.of([(name, "") for name in told], ["a", "a", "b"])
    assert people.find("Mrs. Lowe of Upper Ashby") == ("Mrs. Lowe of Upper Ashby",)
    assert people.find("Mr. Lowe of Tarn") == ("Mr. Lowe of Tarn",)
    assert "Mr. Lowe of Tarn" not in people.find("Mr. Lowe of Dover")
    assert {person.name for person in people.people("Lowe")} == set(told)


def test_a_full_name_takes_no_label_that_one_of_two_places_marks() -> None:
    told = [("Ben Lowe", ""), ("Mr. Lowe of Tarn", ""), ("Mrs. Lowe of Upper Ashby", "")]
    people = Directory.of(told, ["a", "b", "b"])
    assert people.find("Ben Lowe") == ("Ben Lowe",)
    assert len(people.people("Lowe")) == len(told)


FLOOR = """RECORD OF THE DIET OF TARN
Tuesday, March 3, 2026

The SPEAKER pro tempore. The gentlewoman from Orsa is recognized.

Ms. ORR HALE. Mr. Speaker, I rise against the fee.

The quay is our only road.

Mr. VANE of Upper Tarn. Mr. Speaker, the fee is small.

The SPEAKER pro tempore. The time has expired.
"""


def test_a_few_turns_of_an_assembly_are_read_and_whole() -> None:
    assert said(FLOOR) == [
        ("the Speaker pro tempore", "The gentlewoman from Orsa is recognized."),
        ("Orr Hale", "Mr. Speaker, I rise against the fee. The quay is our only road."),
        ("Mr. Vane of Upper Tarn", "Mr. Speaker, the fee is small."),
        ("the Speaker pro tempore", "The time has expired."),
    ]


def test_a_single_speech_of_an_assembly_is_read() -> None:
    text = "THE WEIR\n\nMrs. O’VANE. Mr. Speaker, I rise. I am Mrs. O’VANE.\n\nThe quay is wet.\n\nIt is our road."
    assert said(text) == [("O’Vane", "Mr. Speaker, I rise. I am Mrs. O’VANE. The quay is wet. It is our road.")]


def test_an_office_in_capitals_speaks_and_may_have_its_holder_in_brackets() -> None:
    text = FLOOR.replace("tempore. The gentlewoman", "tempore (Ms. Ida Lund). The gentlewoman")
    text += "\nThe CLERK. The bill is read.\n\nThe PRESIDING OFFICER. Without objection, so ordered."
    assert said(text)[0] == ("Ida Lund", "The gentlewoman from Orsa is recognized.")
    assert said(text)[-3:] == [
        ("Ida Lund", "The time has expired."),
        ("the Clerk", "The bill is read."),
        ("the Presiding Officer", "Without objection, so ordered."),
    ]


def test_a_place_in_the_head_of_a_record_is_nobody_s_name() -> None:
    text = FLOOR.replace("Upper Tarn", "Low Tarn").replace("OF TARN", "OF LOW TARN")
    assert ("Mr. Vane of Low Tarn", "Mr. Speaker, the fee is small.") in said(text)


@pytest.mark.parametrize("line", ["Mr. Vane. I like him.", "The TARN. I swim in it.", "I met Mr. VANE. I like him."])
def test_a_sentence_that_ends_in_a_name_is_no_turn(line: str) -> None:
    assert turns(f"The quay\n\nThe quay was closed on Monday.\n\n{line}\n\nIt opens in May.") == []
