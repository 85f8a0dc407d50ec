"""Conversations in which only the first words of either side have a source."""

from __future__ import annotations

import pytest

from ingest import extract_quotes

HEARING = (
    "At the hearing\n\n“Did you lock the gate?” asked prosecutor Lena Brock.\n\n“I did,” said the keeper, Oskar Wiel."
    "\n\n“And who had the key?”\n\n“My brother. He always has it.”\n\n“Where was he?”\n\n“At sea, as he is in May.”"
)


def said(text: str) -> dict[str, str]:
    return {quote.text: quote.speaker.name for quote in extract_quotes(text) if quote.speaker}


def test_the_two_sides_of_a_conversation_speak_by_turns() -> None:
    assert said(HEARING) == {
        "“Did you lock the gate?”": "Lena Brock",
        "“I did,”": "Oskar Wiel",
        "“And who had the key?”": "Lena Brock",
        "“My brother. He always has it.”": "Oskar Wiel",
        "“Where was he?”": "Lena Brock",
        "“At sea, as he is in May.”": "Oskar Wiel",
    }


def test_a_speaker_who_goes_on_in_the_next_paragraph_is_no_conversation() -> None:
    text = "“The gate was shut,” said the keeper, Oskar Wiel.\n\n“I shut it at nine. Nobody came.”\n\nHe sat down."
    assert set(said(text).values()) == {"Oskar Wiel"}


def test_a_conversation_goes_on_as_long_as_its_paragraphs_are_quotations() -> None:
    text = (
        "“Was the gate shut?” Lena Brock, the prosecutor, asked.\n\n“Yes,” Wiel said.\n\n“Who shut it?”\n\n“My "
        "brother.”\n\n“When?”\n\n“At nine. He is never late.”\n\nOskar Wiel sat down."
    )
    assert said(text) == {
        "“Was the gate shut?”": "Lena Brock",
        "“Yes,”": "Oskar Wiel",
        "“Who shut it?”": "Lena Brock",
        "“My brother.”": "Oskar Wiel",
        "“When?”": "Lena Brock",
        "“At nine. He is never late.”": "Oskar Wiel",
    }


def test_a_conversation_ends_where_somebody_else_is_named() -> None:
    text = (
        "“Was the gate shut?” asked prosecutor Lena Brock.\n\n“Yes,” said the keeper, Oskar Wiel.\n\n“Who shut it?”\n\n"
        "“My brother.”\n\n“Order,” said the judge, Ida Hale."
    )
    assert said(text)["“My brother.”"] == "Oskar Wiel"
    assert said(text)["“Order,”"] == "Ida Hale"


DASHED = (
    "Two men met on the quay at midnight.\n\n"
    "— The lamp went out at ten, said Anders Holt, the keeper.\n\n"
    "— Who told you to put it out? asked Viktor Prahl, the harbour master.\n\n"
    "— Nobody told me. The oil was gone.\n\n— Then I will write that down.\n\n"
    "Prahl shook his head and left. He has been harbour master since 2019."
)


def test_a_dash_begins_what_each_side_says_word_for_word() -> None:
    assert said(DASHED) == {
        "The lamp went out at ten": "Anders Holt",
        "Who told you to put it out?": "Viktor Prahl",
        "Nobody told me. The oil was gone.": "Anders Holt",
        "Then I will write that down.": "Viktor Prahl",
    }
    assert {quote.kind for quote in extract_quotes(DASHED)} == {"direct"}


def test_a_list_behind_dashes_is_no_conversation() -> None:
    text = "The board, said Anders Holt, wants three things.\n\n— A new lamp\n\n— Oil for the winter\n\n— A boat"
    assert not {"A new lamp", "Oil for the winter", "A boat"} & said(text).keys()


QUAY = "On the quay\n\n“The lamp is out,” said the keeper, Oskar Wiel.\n\n“It is not,” said the pilot, Lena Brock.\n\n"


def test_a_conversation_need_not_begin_with_a_question() -> None:
    found = said(f"{QUAY}“Did you look?”\n\n“I looked at nine.”\n\nIt rained.")
    assert found["“Did you look?”"] == "Oskar Wiel"
    assert found["“I looked at nine.”"] == "Lena Brock"


def test_a_few_words_each_are_a_conversation_without_any_question() -> None:
    found = said(f"{QUAY}“Then I am blind.”\n\n“You are.”\n\nIt rained.")
    assert found["“Then I am blind.”"] == "Oskar Wiel"
    assert found["“You are.”"] == "Lena Brock"


def test_whoever_goes_on_at_length_has_both_paragraphs() -> None:
    more = "“It burns on gas, and the gas came on Friday with the boat from the mainland, as it does each week.”"
    found = said(f"{QUAY}{more}\n\n{more.replace('Friday', 'Monday')}\n\nIt rained.")
    assert {who for words, who in found.items() if "gas" in words} == {"Lena Brock"}


def test_who_says_it_may_stand_in_the_middle_of_the_last_words_that_have_a_source() -> None:
    found = said(
        "“You are late,” said the pilot, Lena Brock.\n\n“I am not,” said the keeper, Oskar Wiel. “Your clock is.”\n\n"
        "“It was set on Monday.”\n\n“Then set it on Tuesday.”\n\nIt rained."
    )
    assert found["“It was set on Monday.”"] == "Lena Brock"
    assert found["“Then set it on Tuesday.”"] == "Oskar Wiel"


def test_words_above_those_of_the_next_who_is_named_are_the_other_side_s() -> None:
    found = said(
        "“That is my oil,” said the pilot, Lena Brock.\n\n“It was in my lamp,” said the keeper, Oskar Wiel.\n\n"
        "“I never sold it.”\n\n“To anybody?”\n\n“To a goat,” said Brock, and everybody laughed."
    )
    assert found["“I never sold it.”"] == "Lena Brock"
    assert found["“To anybody?”"] == "Oskar Wiel"
    assert found["“To a goat,”"] == "Lena Brock"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "— Were you at the lamp? asked the judge, Ines Holgaard.",
            "— I was fast asleep, Madam, answered the keeper, Ruben Castle. My wife was not.",
        ),
        (
            "– Were you at the lamp? the judge, Ines Holgaard, asked.",
            "– I was fast asleep, the keeper, Ruben Castle, answered. My wife was not.",
        ),
        (
            "—Were you at the lamp? —asked the judge, Ines Holgaard.",
            "—I was fast asleep, Madam —answered the keeper, Ruben Castle—. My wife was not.",
        ),
    ],
)
def test_who_says_it_is_no_part_of_what_a_dash_begins_wherever_it_stands(question: str, answer: str) -> None:
    text = f"The court heard two people on Monday.\n\n{question}\n\n{answer}\n\nThe hearing goes on."
    quotes = [quote for quote in extract_quotes(text) if quote.kind == "direct"]
    assert [
        ([span.text.removesuffix(", Madam") for span in q.content], q.speaker and q.speaker.name) for q in quotes
    ] == [
        (["Were you at the lamp?"], "Ines Holgaard"),
        (["I was fast asleep", "My wife was not."], "Ruben Castle"),
    ]


def test_a_conversation_behind_dashes_may_be_broken_by_what_happens_meanwhile() -> None:
    text = (
        "The council met.\n\n— Where did the money go? asked Lena Brock.\n\nThe treasurer looked at his papers.\n\n"
        "— You have it in the books, said Ruben Castle, the treasurer.\n\nNobody laughed."
    )
    assert said(text)["Where did the money go?"] == "Lena Brock"
    assert said(text)["You have it in the books"] == "Ruben Castle"


def test_whoever_a_pronoun_stands_for_in_a_conversation_is_the_other_side() -> None:
    text = (
        "The court met.\n\n— Were you there? asked the judge, Ines Holgaard.\n\n— I was, answered Ruben Castle.\n\n"
        "— And the oil? the judge asked.\n\n— There was none, he said. I looked.\n\nThe hearing goes on."
    )
    assert (said(text)["There was none"], said(text)["I looked."]) == ("Ruben Castle", "Ruben Castle")


def test_a_list_of_what_several_bodies_say_is_no_conversation() -> None:
    text = (
        "The week in short.\n\n— The harbour will stay shut until June, the port said.\n\n"
        "— The ministry sent 30 tonnes of rice, its spokesman, Ruben Castle, said.\n\nMore next week."
    )
    assert {quote.kind for quote in extract_quotes(text)} == {"indirect"}
