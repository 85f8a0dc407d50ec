"""Questions of an interview without labels that do not look like the others."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.text.turns import turns

INTRO = "Ana Torvik has kept the quay at Grey Point for thirty years. We met her in the crane.\n\n"
ASKED = [
    ("Do you miss the sea?", "I see it all day."),
    ("The port says that the crane was “fit for scrap”. Was it?", "I oiled it myself."),
    ("Your son told us that you would never sell.", "My son is six."),
    ("And the crane?", "I shall keep it."),
    ("Would you do it again?", "Tomorrow."),
]


def answers(text: str) -> list[str]:
    return [" | ".join(text[start:end] for start, end in turn.content) for turn in turns(text) if not turn.is_question]


def test_a_question_may_have_words_in_marks() -> None:
    asked = [pair for pair in ASKED if "?" in pair[0]]
    assert answers(INTRO + "\n\n".join(line for pair in asked for line in pair)) == [answer for _, answer in asked]


def test_where_all_questions_stand_right_above_their_answers_one_needs_no_question_mark() -> None:
    text = INTRO + "\n\n".join("\n".join(pair) for pair in ASKED)
    assert answers(text) == [answer for _, answer in ASKED]


def test_what_an_answer_says_below_it_is_no_question() -> None:
    blocks = ["\n".join(pair) for pair in ASKED]
    text = INTRO + "\n\n".join([blocks[0], "The nights were long.", *blocks[1:]])
    assert answers(text)[0] == "I see it all day. | The nights were long."


@pytest.mark.parametrize("line", ["“Who pays?” I asked them.", "I told them: “Who pays?”", "“Who pays?”"])
def test_an_answer_that_passes_a_question_on_is_an_answer(line: str) -> None:
    asked = [*ASKED[:1], ("And the port?", line), *ASKED[3:]]
    assert line in answers(INTRO + "\n\n".join(text for pair in asked for text in pair))


def test_the_answers_are_whose_name_the_headline_has_not_of_who_asks() -> None:
    asked = "\n\n".join(line for pair in ASKED[:2] + ASKED[3:] for line in pair)
    text = f"The crane driver has kept her quay for thirty years. She talks to Per Lund about rust.\n\n{asked}"
    found = extract_quotes(text, "Ana Torvik: “Rust never sleeps”")
    said = {quote.text: quote.speaker.name for quote in found if quote.speaker}
    assert {said[answer] for asked, answer in ASKED[:2] + ASKED[3:]} == {"Ana Torvik"}
