"""Two speakers with one verb between them, and two who are told apart as the former and the latter."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.left_out import with_verbs_left_out


def whose(text: str) -> dict[str, str]:
    """Who says what, by the words in marks, or all words where there are none."""
    return {q.text.strip("“”.,"): q.speaker.name for q in extract_quotes(text) if q.speaker}


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Councillor Bo Marr called it “a gift to the town,” Councillor Ida Hale “a burden.”", "Ida Hale"),
        ("Bo Marr called the bridge “a gift to the town”; Ida Hale “a burden”. It is old.", "Ida Hale"),
        ("Bo Marr described the plan as “a gift to the town,” Mr. Tarn as “a burden.” It is old.", "Tarn"),
        ("Bo Marr said the lock was “a gift to the town”, Ida van der Hale “a burden”.", "Ida van der Hale"),
    ],
)
def test_a_name_between_two_quotations_says_the_second_with_the_verb_of_the_first(text: str, second: str) -> None:
    quotes = {q.text: q for q in extract_quotes(text)}
    [last] = [q for words, q in quotes.items() if "burden" in words]
    assert last.speaker is not None
    assert (last.speaker.name, last.content[0].text.strip("“”.,")) == (second, "a burden")
    assert {q.speaker.name for words, q in quotes.items() if "gift" in words and q.speaker} == {"Bo Marr"}


def test_a_nickname_within_a_name_is_nothing_said() -> None:
    text = "Bo Marr called it “a gift to the town,” Ida “Dusty” Hale reported."
    words = ("“a gift to the town,”", "Bo Marr", "called")
    content, source, cue = ((text.index(each), text.index(each) + len(each)) for each in words)
    tagged = [TaggedQuote((content,), source, cue)]
    assert with_verbs_left_out(text, tagged) == tagged


@pytest.mark.parametrize(
    "text",
    [
        "Bo Marr called Ida Hale “a gift to the town,” Ole Tarn “a burden.”",
        "Bo Marr called the plan “a gift to the town” and Ida Hale “a burden.”",
        "Bo Marr called the plan “a gift to the town,” the union “a burden.”",
    ],
)
def test_whom_or_what_somebody_calls_so_does_not_say_it(text: str) -> None:
    assert set(whose(text).values()) == {"Bo Marr"}


@pytest.mark.parametrize(
    "names",
    [
        "Of the two engineers, Ruth Tarn wants a dam of earth and Ole Brandt one of stone.",
        "Ruth Tarn and Ole Brandt looked at the dam with Ida Hale in May.",
        "The engineer, Ruth Tarn, met the mayor, Ole Brandt, on Monday.",
    ],
)
def test_the_former_and_the_latter_are_the_two_of_the_sentence_before(names: str) -> None:
    said = whose(f"{names} “Earth holds,” said the former. “Earth leaks,” said the latter.")
    assert (said["Earth holds"], said["Earth leaks"]) == ("Ruth Tarn", "Ole Brandt")
    said = whose(f"{names} “Earth leaks,” the latter said. The former said that stone was cold.")
    assert (said["Earth leaks"], said["that stone was cold"]) == ("Ole Brandt", "Ruth Tarn")


def test_each_piece_is_that_of_the_description_behind_it() -> None:
    quotes = extract_quotes(
        "“We will win,” said the captain. “We will not,” said the coach. “Who knows?” said the vet."
    )
    assert [[span.text for span in quote.source] for quote in quotes] == [["the captain"], ["the coach"], ["the vet"]]
