"""Transcripts of conversations and hearings: whose the paragraphs below a label are, and what is read out in a turn."""

from __future__ import annotations

import re

import pytest

from ingest import extract_quotes
from ingest.text.names import mentions
from ingest.text.turns import turns

CONVERSATION = """Episode 9: The man who counts the eels

Dagny Holt: You sit on a weir all night with a lamp. Why?

Oskar Fenn: Eels do not move by day. The lamp is for the thermos.

I dropped it into the river once. It is still lit, for all I know.

The night watch brings me another each spring.

Dagny Holt: Are there fewer?

Oskar Fenn: A tenth of what there were. My father stopped counting.

He had reached twelve thousand in one night, and fell asleep.

Dagny Holt: What would help?

Oskar Fenn: Holes in weirs. It's the cheapest idea that I have."""


def told(text: str) -> list[tuple[str | None, str]]:
    """(speaker, words) of everything that is said."""
    found = extract_quotes(text)
    return [(q.speaker.name if q.speaker else None, " | ".join(span.text for span in q.content)) for q in found]


def test_paragraphs_without_a_label_are_the_answer_s_where_one_asks_and_the_other_answers() -> None:
    [fenn] = [words for name, words in told(CONVERSATION) if words.startswith("Eels")]
    assert fenn.split(" | ") == [
        "Eels do not move by day. The lamp is for the thermos.",
        "I dropped it into the river once. It is still lit, for all I know.",
        "The night watch brings me another each spring.",
    ]
    assert ("Oskar Fenn", "Holes in weirs. It's the cheapest idea that I have.") in told(CONVERSATION)


def test_names_before_colons_among_other_paragraphs_are_no_turns_where_nobody_is_asked() -> None:
    assert turns(CONVERSATION.replace("?", ".").replace("Why.", "Why?")) == []


HEARING = """HEARING ON LOCK GATES
Tuesday, May 5, 2026

    The committee met at 9:30 a.m.

    Chairwoman Sarno. The committee will come to order.

    Mr. Pohl. Thank you, Madam Chair. Dr. Reuss, on page 9 of your study {line}, ``{words}'' Is it yours?

    Dr. Reuss. It is the builder's line. I took it out.

    Mr. Pohl. Who put it back?

    Dr. Reuss. I was not told, Senator. No one asked me.

    Chairwoman Sarno. I thank you both."""


@pytest.mark.parametrize("line", ["a line says", "there is a line that says", "there is a sentence that says"])
def test_what_is_read_out_to_a_witness_is_no_statement_of_the_witness(line: str) -> None:
    said = told(HEARING.format(line=line, words="The gates closed as planned."))
    assert [words for name, words in said if name == "Reuss"] == [
        "It is the builder's line. I took it out.",
        "I was not told, Senator. No one asked me.",
    ]
    assert [name for name, words in said if "as planned" in words] == ["Pohl"]


def test_what_is_put_to_a_witness_as_said_before_stays_that_statement() -> None:
    said = told(HEARING.format(line="you said that", words="The gates closed as planned."))
    assert len([name for name, words in said if "as planned" in words]) == 2


@pytest.mark.parametrize("before", ["Thank you, Madam Chair.", "I yield, Congressman.", "Good evening, Mayor."])
def test_words_that_close_a_sentence_before_a_name_are_no_role_of_whoever_has_it(before: str) -> None:
    *_, reuss = mentions(f"{before} Dr. Reuss, you may begin.")
    assert (reuss.tokens, reuss.role) == (("Reuss",), None)


def test_short_titles_before_a_name_end_no_sentence() -> None:
    roles = [mention.role for mention in mentions("Capt. Reuss and Profs. Pohl and Sarno left.")]
    assert roles == ["Capt.", "Profs.", None]


COMMITTEE = """Members present: Ana Torvik (Chair); Per Lund.

Questions 7 - 9

Witness: Dr Oda Renn, former keeper of the lock.

{opening}Q7 Chair: When did you see the crack?

Dr Renn: I saw it at nine. I was alone.

Q8 Per Lund: Whom did you tell?

Dr Renn: I told the keeper. He laughed.

Q9 Chair: Thank you."""


@pytest.mark.parametrize("opening", ["", "Chair: Good morning, Dr Renn.\n\n"])
def test_who_is_present_says_nothing_and_the_number_of_a_question_is_no_part_of_who_asks_it(opening: str) -> None:
    text = COMMITTEE.format(opening=opening)
    labels = [text[slice(*turn.label)] for turn in turns(text) if turn.label]
    assert labels == ["Chair"] * bool(opening) + ["Chair", "Dr Renn", "Per Lund", "Dr Renn", "Chair"]


def test_who_speaks_once_before_the_questions_of_a_record_without_numbers_still_speaks() -> None:
    text = re.sub(r"Q\d ", "", COMMITTEE.format(opening="Clerk: I call the witness.\n\n"))
    assert "Clerk" in [text[slice(*turn.label)] for turn in turns(text) if turn.label]
