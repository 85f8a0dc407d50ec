"""What programs and clerks write of speech, as it reaches a newsroom: chats, captions, columns of a record."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.loading.formats.captions import read_captions
from ingest.text.turn_labels import TOLD

SAID = ["The weir is shut.", "I shut it at nine. Nobody asked me to.", "Then it stays shut.", "I did not say so."]


def told(text: str) -> list[tuple[str | None, str]]:
    return [(quote.speaker.name if quote.speaker else None, quote.text) for quote in extract_quotes(text)]


def captions(*shown: str) -> str:
    cues = [f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{words}" for n, words in enumerate(shown, 1)]
    [article] = read_captions("\n\n".join(cues).encode()).articles
    return article.text


def test_a_name_before_each_caption_is_read_once_and_its_sentence_goes_on() -> None:
    shown = ["Odile Farr: The weir", "Odile Farr: is shut.", "Noel Renn: Since when?", "Odile Farr: Since nine."]
    assert captions(*shown) == "Odile Farr: The weir is shut.\n\nNoel Renn: Since when?\n\nOdile Farr: Since nine."


def test_words_before_a_colon_stay_where_not_every_caption_has_a_name() -> None:
    assert captions("Listen: it runs.", "Listen: it stops.", "It is shut.").count("Listen:") == 2


def test_a_voice_in_brackets_is_a_label() -> None:
    text = captions("[SPEAKER_00]: Who shut it?", "[SPEAKER_01]: I did", "[SPEAKER_01]: at nine.", "[SPEAKER_00]: Why?")
    assert text.replace(TOLD, "") == "SPEAKER_00: Who shut it?\n\nSPEAKER_01: I did at nine.\n\nSPEAKER_00: Why?"
    assert ("SPEAKER_01", "I did at nine.") in told(text)


@pytest.mark.parametrize("time", ["[00:00:{}] ", "00:00:{} ", "[00:{}] "])
def test_a_time_of_the_recording_before_each_name_makes_a_transcript(time: str) -> None:
    names = ["Odile Farr", "Noel Renn", "Odile Farr"]
    turns = [f"{time.format(10 + n)}{name}: {said}" for n, (name, said) in enumerate(zip(names, SAID, strict=False))]
    assert told("\n\n".join(turns)) == list(zip(names, SAID, strict=False))


def test_the_times_of_a_live_page_make_none() -> None:
    entries = ["10:02 The weir: It is shut now.", "10:09 The ferry: It is late.", "10:20 The weir: It is open."]
    assert told("\n\n".join(entries)) == []


def test_the_words_of_a_chat_may_stand_below_who_writes_them() -> None:
    chat = (
        "10:02:11 From Odile Farr to Everyone:\n\tThe weir is shut.\n"
        "10:03:40 From Noel Renn to Everyone:\n\tI can't hear you.\n\tIs it shut?\n"
        "10:04:02 From Odile Farr to Everyone:\n\tI said so.\n"
    )
    said = ["The weir is shut.", "I can't hear you. Is it shut?", "I said so."]
    assert told(chat) == list(zip(["Odile Farr", "Noel Renn", "Odile Farr"], said, strict=True))


def test_who_was_given_an_office_once_may_stand_without_it() -> None:
    lines = [
        *("The Minister for Weirs (Odile Farr)", "I beg to move that the Bill be read."),
        *("Noel Renn (Stannery) (Lab)", "Will the Minister give way?"),
        *("Odile Farr", "I give way to him.", "Column 213"),
        *("Noel Renn", "I thank her. The weir is shut."),
    ]
    assert told("\n".join(lines)) == [
        ("Odile Farr", "I beg to move that the Bill be read."),
        ("Noel Renn", "Will the Minister give way?"),
        ("Odile Farr", "I give way to him."),
        ("Noel Renn", "I thank her. The weir is shut."),
    ]


def spoken(text: str) -> list[tuple[str | None, str]]:
    return [(quote.speaker.name if quote.speaker else None, quote.text) for quote in extract_quotes(text)]


COUNCIL = (
    "ANA TORVIK: Who shut the lock?\n\nPER LUND: I did. It was nine.\n\nTORVIK: And the lamp?\n\n"
    "LUND: I put it out myself{stop}\n\nTORVIK: Thank you.\n\nLUND: I have said what I know."
)


@pytest.mark.parametrize("stop", [".", ""])
def test_a_turn_without_its_full_stop_is_its_speaker_s(stop: str) -> None:
    assert ("Per Lund", f"I put it out myself{stop}") in spoken(COUNCIL.format(stop=stop))


NAMES_ABOVE = (
    "Ana Torvik\n\nWe shut the lock at nine.\n\nPer Lund\n\nI saw the lamp.\n\n{last}\n\n"
    "Ana Torvik\n\nI was in the office.\n\nPer Lund\n\nI was on the wall.\n\nNobody called me.\n\nI left at ten"
)


def test_a_turn_keeps_its_last_words_without_a_full_stop() -> None:
    words = "I will not say more than that until I have read the log"
    found = spoken(NAMES_ABOVE.format(last=words))
    assert ("Per Lund", f"I saw the lamp. {words}") in found
    assert ("Per Lund", "I was on the wall. Nobody called me. I left at ten") in found


HEARING = (
    "COUNTY COURT\n\nANA TORVIK, having been first duly sworn, testified as follows:\n\nDIRECT EXAMINATION\n\n"
    "BY MR. LUND:\n\nQ. Did you hear the bell?\n\nA. I did. He said, “Shut it.”\n\nQ. Did anybody answer?\n\n"
    "A. I answered."
)


def test_headings_of_a_hearing_are_nobody_and_he_is_not_the_witness() -> None:
    found = spoken(HEARING)
    assert {who for who, _ in found} == {"Ana Torvik", "He"}
    assert ("He", "“Shut it.”") in found
    assert not [words for _, words in found if words.isupper()]


def test_what_somebody_asks_is_nobody_s_statement() -> None:
    text = (
        "ANA TORVIK: Did the engineer say that the gate was safe?\n\nPER LUND: I never heard him.\n\n"
        "TORVIK: When did you learn that it leaks?\n\nLUND: I learnt it in May."
    )
    assert {who for who, _ in spoken(text)} == {"Ana Torvik", "Per Lund"}


def test_a_paper_named_before_each_question_makes_an_interview() -> None:
    asked = ["When did it begin?", "What was there?", "Nearly?"]
    said = ["I began with one boat.", "My shed. The roof leaked.", "At ten you need another."]
    lines = [line for pair in zip([f"Courier: {one}" for one in asked], said, strict=True) for line in pair]
    text = "\n\n".join(["Per Lund builds boats.", *lines])
    assert spoken(text) == [("Per Lund", answer) for answer in said]
    assert spoken(text.replace("Courier: ", "")) == []


def test_two_labels_in_capitals_are_turns_where_they_are_heard_to_speak() -> None:
    text = "IDA MARSH: I carry the water from the weir.\n\nKEEPER: She carries it for the whole street."
    assert spoken(text) == [
        ("IDA MARSH", "I carry the water from the weir."),
        ("KEEPER", "She carries it for the whole street."),
    ]
