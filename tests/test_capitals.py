"""Names in capitals, as transcripts have them, are spelt as an editor prints them."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.text.capitals import in_normal_spelling


def spelt(name: str, said: str = "") -> str:
    text = f"{name}: {said}"
    return in_normal_spelling(text, [(0, len(name))], [(len(name) + 2, len(text))])[: len(name)]


def told(text: str) -> list[tuple[str, str, str]]:
    return [(q.speaker.name, q.speaker.kind, q.text) for q in extract_quotes(text) if q.speaker]


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("ANN TARVE", "Ann Tarve"),
        ("ANN O’TARVE", "Ann O’Tarve"),
        ("ANN MCTARVE", "Ann McTarve"),
        ("ANN McTARVE", "Ann McTarve"),
        ("Ms. DeTARVE", "Ms. DeTarve"),
        ("COL. J.P. DE LA TARVE", "Col. J.P. de la Tarve"),
        ("JD TARVE III", "JD Tarve III"),
        ("BEN AL-TARVE", "Ben al-Tarve"),
        ("ANN HOLM-TARVE", "Ann Holm-Tarve"),
        ("Ann TARVE", "Ann Tarve"),
        ("Jon VAN DER TAR", "Jon van der Tar"),
        ("MR. LEE", "Mr. Lee"),
    ],
)
def test_a_name_in_capitals_is_spelt_as_names_are(name: str, normal: str) -> None:
    assert spelt(name) == normal


@pytest.mark.parametrize(
    ("name", "said", "normal"),
    [
        ("ANN MACTARVE", "Ask Mr. MacTarve.", "Ann MacTarve"),
        ("ANN DE LA TARVE", "Ask Ann De La Tarve.", "Ann De La Tarve"),
        ("TIBO REPORTER", "The TIBO sent me.", "TIBO Reporter"),
    ],
)
def test_a_name_in_capitals_is_spelt_as_the_text_has_it(name: str, said: str, normal: str) -> None:
    assert spelt(name, said) == normal


@pytest.mark.parametrize("name", ["THE COURT", "Q", "SPEAKER_01", "BBC", "Ann Tarve OBE", "Ann Tarve"])
def test_what_is_no_name_in_capitals_stays(name: str) -> None:
    assert spelt(name) == name


def test_a_label_that_is_initials_of_a_name_stays_and_a_short_name_does_not() -> None:
    assert spelt("AL", "I am Ann Lee.") == "AL"
    assert spelt("LEE", "I am Ann Lee.") == "Lee"


TELEVISION = """ANN TARVE, HOST: Good evening. Did you see the wave?

HON. IDA MCHOLM, MEMBER FOR TARN EAST: I saw it, and I ran.

DR. OLE MCHOLM (via telephone): I measured it. It was small.

UNIDENTIFIED FEMALE: My boat is gone!

I. MCHOLM: It was not small.

O. MCHOLM: I have it on paper.

TARVE: Thank you."""


def test_speakers_labelled_in_capitals_have_names_in_normal_spelling_and_initials_are_whose_they_are() -> None:
    assert told(TELEVISION) == [
        ("Ann Tarve", "person", "Good evening. Did you see the wave?"),
        ("Ida McHolm", "person", "I saw it, and I ran."),
        ("Ole McHolm", "person", "I measured it. It was small."),
        ("Unidentified Female", "unnamed", "My boat is gone!"),
        ("Ida McHolm", "person", "It was not small."),
        ("Ole McHolm", "person", "I have it on paper."),
        ("Ann Tarve", "person", "Thank you."),
    ]


def test_the_source_of_a_turn_stays_as_the_text_has_it() -> None:
    [first, *_] = extract_quotes(TELEVISION)
    assert first.source[0].text == TELEVISION[first.source[0].start : first.source[0].end] == "ANN TARVE"


def test_initials_that_two_of_a_surname_share_are_nobody_s() -> None:
    text = TELEVISION.replace("OLE MCHOLM", "IVAR MCHOLM")
    assert ("I. McHolm", "person", "It was not small.") in told(text)


def test_a_record_that_titles_its_speakers_has_their_surnames_in_normal_spelling() -> None:
    text = (
        "Ms. TARVE. I move the bill, and I thank my friend.\n\nMr. McHOLM. I object. I have not read it.\n\n"
        "Ms. TARVE. I will read it out.\n\nMr. McHOLM. I will listen."
    )
    assert {name for name, *_ in told(text)} == {"Tarve", "McHolm"}


SHED = "THE BAND MUST SHARE A SHED WITH THE CHOIR UNTIL THE HALL IS REBUILT."
COLD = '"THE BENCHES STAND ON THE WRONG SIDE,"'


@pytest.mark.parametrize("above", ["", "BAND AND CHOIR\n\n", "By Ann Lee\n\n"])
@pytest.mark.parametrize(
    "told",
    [
        "THE LEADER OF THE BAND, BRITA LINDQUIST, SAID THE SHED WAS COLD. {} LINDQUIST SAID.",
        "{} SAID BRITA LINDQUIST, THE LEADER OF THE BAND. SHE SAID THE SHED WAS COLD.",
        "{} SAID THE LEADER OF THE BAND, BRITA LINDQUIST.",
    ],
)
def test_in_a_text_all_in_capitals_a_name_beside_an_office_is_found(above: str, told: str) -> None:
    quotes = extract_quotes(f"{above}{SHED}\n\n{told.format(COLD)}\n\nTHE CHOIR HAD NO COMMENT ON THAT ON MONDAY.")
    assert [q.speaker.name for q in quotes if q.text == COLD and q.speaker] == ["BRITA LINDQUIST"]
