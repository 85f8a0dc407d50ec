"""Where a span that the tagger finds ends."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.edges import before_main_verb, through_figure
from ingest.text.marks import word_for_word


@pytest.mark.parametrize(
    ("text", "stop", "whole"),
    [
        ("He wrote at 7.05am. She left", "He wrote at 7", "He wrote at 7.05am"),
        ("It costs 1,200.50 crowns", "It costs 1", "It costs 1,200.50"),
        ("It began at 7. She left at 9", "It began at 7", "It began at 7"),
        ("They met in 2019, 2020 and", "They met in 2019", "They met in 2019"),
        ("It fell by 3.5%.", "It fell by 3.5", "It fell by 3.5"),
    ],
)
def test_a_figure_is_whole_and_a_point_behind_one_ends_a_sentence(text: str, stop: str, whole: str) -> None:
    assert text[slice(*through_figure(text, (0, len(stop))))] == whole


@pytest.mark.parametrize(
    "told",
    [
        "A clip in which the coach, Ida Brandt, says “I never liked this club” was seen by thousands on Sunday.",
        "It rained all day.\n\nThe tape on which Ida Brandt says “I never liked this club” went round on Friday.",
        "One video where Ida Brandt says “I never liked this club” made the rounds before the vote.",
    ],
)
def test_what_a_sentence_tells_of_a_recording_is_not_what_is_said_in_it(told: str) -> None:
    said = told[told.index("“") : told.index("”") + 1]
    mark = (told.index("“"), len(told) - 1)
    source = (told.index("Ida"), told.index(" says"))
    assert told[slice(*before_main_verb(told, mark, source, word_for_word(told, ())))] == said


@pytest.mark.parametrize(
    "told",
    [
        "A clip in which Ida Brandt says “I never liked this club” and that she goes was seen by all.",
        "A clip in which Ida Brandt says “the plan” is rotten and “the club” is lost was seen by all.",
        "The board saw a clip in which Ida Brandt says “dark forces” were behind it.",
        "Ida Brandt says “dark forces” were behind it.",
    ],
)
def test_where_more_of_what_is_said_may_follow_it_stays(told: str) -> None:
    pair, source = (told.index("“"), len(told) - 1), (told.index("Ida"), told.index(" says"))
    assert before_main_verb(told, pair, source, word_for_word(told, ())) == pair


def test_who_says_it_may_have_the_recording_before_him() -> None:
    told = "A clip in which the coach, Ida Brandt, says “I never liked this club” was seen by thousands on Sunday."
    source, mark = (0, told.index(", says")), (told.index("“"), len(told) - 1)
    assert told[slice(*before_main_verb(told, mark, source, word_for_word(told, ())))] == "“I never liked this club”"


def test_of_a_recording_only_the_quotation_is_said() -> None:
    text = "A clip in which the coach, Ida Brandt, says “I never liked this club” was seen by thousands on Sunday."
    assert [quote.text for quote in extract_quotes(text)] == ["“I never liked this club”"]
