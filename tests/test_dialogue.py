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


BRIEFING = (
    "The harbour minister, Oskar Wiel, cut a briefing short on Monday.\n\nThe first question came "
    "from Lena Brock, of the "
    "Tarn Gazette. “Minister, the crane was due in March. Where is it?”\n\n“On a barge,” said "
    "Wiel.\n\n“Which barge?”\n\n"
    "“I do not count barges.”\n\n“It has been paid for, has it not?”\n\n“Half of it has.”\n\n"
)
THIRD = (
    "His secretary, Ines Holgaard, leaned over to the microphone. “One more, please, and then we close,” she said.\n\n"
)


def test_questions_without_a_source_are_not_his_who_answers_them() -> None:
    found = said(f"{BRIEFING}{THIRD}It rained.")
    assert {words for words, who in found.items() if who == "Oskar Wiel"} == {
        "“On a barge,”",
        "“I do not count barges.”",
        "“Half of it has.”",
    }
    assert found["“Minister, the crane was due in March. Where is it?”"] == "Lena Brock"
    assert found["“Which barge?”"] == "Lena Brock"
    assert found["“One more, please, and then we close,”"] == "Ines Holgaard"


def test_lines_of_a_side_that_nothing_names_are_nobodys() -> None:
    text = (
        "The harbour minister, Oskar Wiel, spoke to the press on Monday.\n\n“The crane is on a barge,” said Wiel.\n\n"
        "“Which barge?”\n\n“I do not count barges.”\n\n“It has been paid for, has it not?”\n\n“Half of "
        "it has.”\n\nIt rained."
    )
    assert said(text) == {
        "“The crane is on a barge,”": "Oskar Wiel",
        "“I do not count barges.”": "Oskar Wiel",
        "“Half of it has.”": "Oskar Wiel",
    }


def test_a_question_and_what_is_answered_below_it_have_two_speakers() -> None:
    text = (
        "The keeper, Oskar Wiel, was heard by prosecutor Lena Brock on Monday.\n\n“Who gave you the "
        "key?” asked Brock.\n\n"
        "“The pilot. He said I should keep it.”\n\n“You never told the police about a pilot.”\n\n“They "
        "never asked.”\n\n"
        "The hearing goes on."
    )
    found = said(text)
    assert found["“You never told the police about a pilot.”"] == "Lena Brock"
    assert "Lena Brock" not in (found.get("“The pilot. He said I should keep it.”"), found.get("“They never asked.”"))


def test_one_closed_paragraph_below_a_question_may_be_of_whoever_asks() -> None:
    text = (
        "The keeper, Oskar Wiel, was tired.\n\n“Who would do this for the money?” he asked.\n\n“I have "
        "done it for thirty "
        "winters, and my father did before me.”\n\nIt rained."
    )
    assert set(said(text).values()) == {"Oskar Wiel"}


def test_a_third_who_breaks_in_does_not_end_a_conversation() -> None:
    text = (
        "“Did you lock the gate?” asked prosecutor Lena Brock.\n\n“I did,” said the keeper, Oskar "
        "Wiel.\n\n“And who had "
        "the key?”\n\n“My brother.”\n\n“Louder, please,” said the judge, Ida Hale.\n\n“Where was "
        "he?”\n\n“At sea.”\n\nIt rained."
    )
    found = said(text)
    assert found["“Louder, please,”"] == "Ida Hale"
    assert (found["“Where was he?”"], found["“At sea.”"]) == ("Lena Brock", "Oskar Wiel")


@pytest.mark.parametrize(
    ("hailed", "answers"), [("Mr Wiel", "Oskar Wiel"), ("Mr. Wiel", "Oskar Wiel"), ("Notary", "Oskar Wiel")]
)
def test_whoever_has_just_been_addressed_replies(hailed: str, answers: str) -> None:
    text = (
        "Ruben Castle wants to sell the mill. His sister, Lena Castle, does not.\n\n“I carried the sacks,” he said.\n\n"
        "The notary, Oskar Wiel, had brought a deed. Lena Castle told him to put it away. “There is no hurry, "
        f"{hailed},” she said.\n\n“The offer ends in May,” he replied.\n\nIt rained."
    )
    assert said(text)["“The offer ends in May,”"] == answers


def test_she_is_nobody_who_has_been_addressed_as_a_man() -> None:
    text = (
        "Lena Castle wants to sell the mill.\n\nThe notary, Oskar Wiel, had brought a deed. “There is "
        "no hurry, Mr Wiel,” "
        "said her brother, Ruben Castle.\n\n“The offer ends in May,” she replied.\n\nIt rained."
    )
    assert said(text)["“The offer ends in May,”"] != "Oskar Wiel"


@pytest.mark.parametrize(
    ("one", "other"),
    [("said he", "said she"), ("he said", "she said"), ("said Ruben", "said Lena"), ("said Ruben", "she said")],
)
def test_quotations_side_by_side_have_each_the_clause_behind_it(one: str, other: str) -> None:
    text = (
        "Ruben Castle wants to sell the mill. His sister, Lena Brock, does not.\n\n“I carried the sacks,” said Ruben "
        "Castle.\n\n“My mother carried them, too,” said Lena Brock.\n\nNeither the sister nor the "
        "brother told the price. "
        f"“Enough for a roof,” {one}. “Not enough for a mother,” {other}.\n\nIt rained."
    )
    found = said(text)
    assert found["“Enough for a roof,”"] == "Ruben Castle"
    assert found["“Not enough for a mother,”"] == "Lena Brock"


def test_whoever_asks_as_she_is_the_same_in_all_her_lines() -> None:
    text = (
        "Mayor Ingrid Lund faced questions about the mill on Monday. Her deputy, Oskar Wiel, sat beside her.\n\n"
        "A reporter, Lena Brock, stood up. “Mayor, who signs for the mill?” she asked.\n\n“I do,” Lund said.\n\n"
        "“When?”\n\n“When we have the money.”\n\nWiel whispered to her. “Time is up,” he said.\n\n"
        "“Is there any money at all?”\n\n“There is a loan.”\n\nLund left by the side door."
    )
    found = said(text)
    assert (found["“When?”"], found["“When we have the money.”"]) == ("Lena Brock", "Ingrid Lund")
    # Behind a "he" who may be either side or a third, nothing tells whose turn it is.
    assert not {"“Is there any money at all?”", "“There is a loan.”"} & found.keys()


@pytest.mark.parametrize("marks", ["“”", "‘’"])
def test_a_he_whom_nothing_names_is_whom_the_words_before_address(marks: str) -> None:
    text = (
        "Ines Holgaard is the third witness. She was questioned by Advocate Ruben Castle.\n\n“Is that "
        "your hand?” Castle "
        "asked.\n\n“It is mine,” Holgaard said.\n\n“The gallery will be quiet, Mr Castle,” said Judge Ida Hale.\n\n"
        "The advocate put a book before the witness.\n\n“Who gave you this book?” he asked.\n\n“The night manager.”\n\n"
        "“You never told the police.”\n\n“They never asked me.”\n\nThe trial goes on."
    )
    found = said(text.replace("“", marks[0]).replace("”", marks[1]))
    theirs = {words[1:-1]: who for words, who in found.items()}
    assert (theirs["Who gave you this book?"], theirs["You never told the police."]) == ("Ruben Castle", "Ruben Castle")
    assert not {"The night manager.", "They never asked me."} & {
        w for w, who in theirs.items() if who == "Ruben Castle"
    }


def test_he_is_not_both_the_sister_and_the_brother() -> None:
    text = (
        "Ruben Castle wants to sell the mill. His sister, Lena Castle, owns the other half and does not.\n\n"
        "“I carried the sacks,” he said.\n\nThe buyers have not spoken in public. Neither the sister "
        "nor the brother would "
        "name the price. “Enough for a roof,” said he. “Not enough for a mother,” said she.\n\nThe two left together."
    )
    found = said(text)
    assert found["“Enough for a roof,”"] == "Ruben Castle"
    assert found["“Not enough for a mother,”"] == "Lena Castle"


TWO = "“We are tired,” the sisters Tindra and Ysolde Oskar said on Monday.\n\n"


@pytest.mark.parametrize(
    ("text", "is_apart"),
    [
        (f"{TWO}“I wanted to stop in May,” Ysolde said.\n\n“You wanted to stop at noon.”", True),
        (f"{TWO}“I never liked the oven,” Ysolde Oskar said.\n\n“You never liked getting up.”", True),
        (f"{TWO}“I like the oven,” Ysolde said.\n\n“You can lean on it when the wind is up.”", False),
        ("Ysolde Oskar bakes. “I wanted to stop,” Oskar said.\n\n“You wanted bread in those days.”", False),
    ],
)
def test_of_two_who_spoke_together_one_does_not_answer_herself(text: str, is_apart: bool) -> None:
    quotes = extract_quotes(f"{text}\n\nThe last loaf went to the fire brigade.")
    [answer] = [quote for quote in quotes if "“You" in quote.text]
    assert (answer.speaker is None or answer.speaker.name != "Ysolde Oskar") == is_apart
