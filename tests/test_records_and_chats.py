"""Records of parliaments, short meetings and chats: who speaks in them, and what nobody says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.loaders import load
from ingest.text.turns import turns
from ingest.text.wrapping import unwrapped


def told(text: str) -> list[tuple[str | None, str]]:
    """(label, words) of every turn, None for what is nobody's."""
    text = unwrapped(text)
    return [
        (text[slice(*turn.label)] if turn.label else None, " | ".join(text[slice(*pair)] for pair in turn.content))
        for turn in turns(text)
    ]


CONGRESS = """[House Hearing, 117 Congress]

                  THE OIL OF THE WEIR

    The subcommittee met at 9:30 a.m., Hon. Priya Askham, chair of the
subcommittee, presiding.
    Present: Representatives Askham and Lowe.
    Ms. Askham. The subcommittee will come to order. The weir has been
shut since the spring, and nobody here has asked for the reason of it.
    I ask for it now.
    Mr. Lowe. Thank you. I have brought the keeper with me today, as I
said that I would.
    Ms. Askham. Mr. Quarry?
STATEMENT OF NOEL QUARRY, KEEPER OF THE WEIR
    Mr. Quarry. I shut it. There was no oil, and there has been none of
it for years.
    The Chairman. So ordered.
    [Whereupon, at 9:51 a.m., the subcommittee was adjourned.]
"""


def test_a_name_with_its_title_and_a_full_stop_begins_a_turn_of_a_record() -> None:
    assert told(CONGRESS) == [
        (
            "Ms. Askham",
            "The subcommittee will come to order. The weir has been shut since the spring, and nobody here has asked "
            "for the reason of it. | I ask for it now.",
        ),
        ("Mr. Lowe", "Thank you. I have brought the keeper with me today, as I said that I would."),
        ("Ms. Askham", "Mr. Quarry?"),
        ("Mr. Quarry", "I shut it. There was no oil, and there has been none of it for years."),
        ("The Chairman", "So ordered."),
    ]
    assert "Priya Askham" in {quote.speaker.name for quote in extract_quotes(CONGRESS) if quote.speaker}


def test_the_title_of_a_record_is_no_line_in_brackets(tmp_path: Path) -> None:
    file = tmp_path / "hearing.txt"
    file.write_text(CONGRESS)
    assert load(file).articles[0].title == "THE OIL OF THE WEIR"


@pytest.mark.parametrize(
    "text",
    [
        "Crew\n\nMr. Lowe. Captain.\n\nMs. Askham. Cook.\n\nMr. Lowe. Purser.\n\nMs. Askham. Pilot.",
        "1. Greta Lowe: 31 points\n2. Noel Quarry: 29 points\n3. Priya Askham: 12 points\n4. Greta Lowe: 9 points",
    ],
)
def test_lists_of_names_are_no_records(text: str) -> None:
    assert turns(text) == []


def test_lines_that_hang_go_on_with_what_stands_above_them() -> None:
    hanging = (
        "The weir of the town has been shut since the spring, and nobody has\n"
        "    asked for the reason of it in all of the time since then, the\n"
        "    keeper of the weir said on Monday, and nobody will ask him."
    )
    assert unwrapped("\n\n".join([hanging] * 3)).count("\n") == len("\n\n" * 2)


def test_an_oral_question_has_a_number_and_who_rises_says_nothing() -> None:
    text = (
        "1. Greta Lowe (Northmere) (Lab): What is done for the weir?\n\nThe Minister for Rivers (Priya Askham): I have "
        "ordered oil.\n\nGreta Lowe: When will we see it?\n\nPriya Askham: On Monday.\n\n"
        "Noel Quarry (Tarn) (Con) rose—\n\nGreta Lowe: I thank her."
    )
    assert told(text) == [
        ("Greta Lowe", "What is done for the weir?"),
        ("Priya Askham", "I have ordered oil."),
        ("Greta Lowe", "When will we see it?"),
        ("Priya Askham", "On Monday."),
        ("Greta Lowe", "I thank her."),
    ]


def test_two_who_speak_twice_each_need_no_question_where_there_is_nothing_else() -> None:
    said = ["Greta Lowe: Item one is the oil.", "Noel Quarry: We have none.", "Greta Lowe: None.", "Noel Quarry: No."]
    assert len(told("\n\n".join(said))) == len(said)
    assert told("\n\n".join([*said[:3], "It rained all day.", "Nobody came to the weir."])) == []
    assert told("\n\n".join(said).replace("We have", "There is")) == []


def test_what_a_chat_program_says_is_nobody_s_and_a_number_begins_a_turn() -> None:
    text = (
        "[14/05/2026, 09:02:11] Weir Group: \u200eMessages are encrypted. Nobody can read them.\n"
        "[14/05/2026, 09:05:40] Greta Lowe: I am at the weir.\n"
        "[14/05/2026, 09:05:59] +44 7700 900461: \u200eimage omitted\n"
        "[14/05/2026, 09:06:02] Noel Quarry: Do you see the oil?\n"
        "[14/05/2026, 09:09:10] Noel Quarry: \u200eThis message was deleted.\n"
        "[14/05/2026, 09:11:52] Greta Lowe: I see none."
    )
    found = [(quote.speaker.name if quote.speaker else None, quote.text) for quote in extract_quotes(text)]
    assert found == [
        ("Greta Lowe", "I am at the weir."),
        ("Noel Quarry", "Do you see the oil?"),
        ("Greta Lowe", "I see none."),
    ]


def test_directions_before_the_words_may_have_a_colon() -> None:
    text = "LOWE: I am on the weir.\n\n(voice-over): It leaks.\n\nQUARRY: Do you see it?\n\nLOWE: I do.\n\nQUARRY: Oh."
    assert told(text)[0] == ("LOWE", "I am on the weir. | It leaks.")


HELD = (
    "Greta Lowe, the keeper of the weir, released a statement on Monday:\n\n“I shut the weir in May. I am sorry that I "
    "told nobody.\n\nThat was my decision and not the town’s.\n\nIt opens on Friday.”\n\nThe town has not answered."
)


def test_a_quotation_that_is_closed_paragraphs_later_is_direct_in_all_of_them() -> None:
    found = {quote.text: (quote.speaker and quote.speaker.name, quote.kind) for quote in extract_quotes(HELD)}
    direct = ("Greta Lowe", "direct")
    said = " ".join(text for text, how in found.items() if how == direct)
    assert "That was my decision and not the town’s." in said
    assert "It opens on Friday.”" in said
    assert not [text for text in found if "has not answered" in text]


def test_a_mark_that_is_never_closed_ends_with_its_paragraph() -> None:
    text = HELD.replace("Friday.”", "Friday.").replace("answered.", "answered. “No,” said the mayor, Noel Quarry.")
    found = [quote for quote in extract_quotes(text) if quote.kind == "direct"]
    assert not [quote for quote in found if "opens on" in quote.text or "not the town" in quote.text]


def test_what_a_held_quotation_says_of_asking_is_whole_and_its_speaker_keeps_the_office() -> None:
    text = HELD.replace("Greta Lowe, the keeper of the weir,", "Mayor Greta Lowe").replace(
        "That was my", "I have asked the pilots to wait and they have agreed. That was my"
    )
    found = [quote for quote in extract_quotes(text) if "asked the pilots" in quote.text]
    assert [(quote.speaker and (quote.speaker.name, quote.speaker.role), quote.kind) for quote in found] == [
        (("Greta Lowe", "Mayor"), "direct")
    ]


def test_the_time_of_a_record_grows_with_its_answers_and_not_with_their_square() -> None:
    def took(answers: int) -> float:
        text = "\n\n".join(f"Q: Where were you on day {n}?\n\nA: I was at lock number {n}." for n in range(answers))
        started = time.process_time()
        turns(text)
        return time.process_time() - started

    # The best of two: on a busy machine one run can take several times as long.
    small, large = (min(took(answers) for _ in range(2)) for answers in (400, 1600))
    assert large < 10 * small + 0.3
