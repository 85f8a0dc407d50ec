"""What an article tells of its speakers, against invented descriptions."""

from __future__ import annotations

import pytest

from rag.profiles import BESIDE_COUNTS, LATER_COUNTS, WIDENED_COUNTS, Profiles, description

TEXT = (
    "The ferry was late again.\n"
    "Ida Hale, 71, a glazier from Lund, breeds two goats. She won the chess cup in 12 moves. “The mayor of this "
    "whole town never rides the ferry,” she said.\n"
    "Karl Poole wrote “The Salt Road”. His wife, Vera Poole, paints boats.\n"
    "Snow fell on the harbour.\n"
    "Hale waved a red flag."
)


@pytest.fixture
def profiles() -> Profiles:
    return Profiles({"ferry": TEXT}.__getitem__)


def share(profiles: Profiles, phrase: str, speaker: str) -> float:
    return profiles.share(dict.fromkeys(description(phrase), 1.0), "ferry", speaker)


def test_words_of_the_sentence_that_introduces_a_speaker_describe_them(profiles: Profiles) -> None:
    assert share(profiles, "the 71-year-old glazier", "Ida Hale") == pytest.approx(0.5)
    assert share(profiles, "the glazier from Lund", "Ida Hale") == 1.0
    assert share(profiles, "the glazier from Lund", "Karl Poole") == 0.0


def test_the_sentence_beside_it_counts_for_less(profiles: Profiles) -> None:
    assert share(profiles, "12 moves", "Ida Hale") == pytest.approx(BESIDE_COUNTS)


def test_sentences_of_later_mentions_count_for_less(profiles: Profiles) -> None:
    assert share(profiles, "red flag", "Ida Hale") == pytest.approx(LATER_COUNTS)


def test_what_is_said_describes_nobody_but_a_title_does(profiles: Profiles) -> None:
    assert share(profiles, "the mayor of this town", "Ida Hale") == 0.0
    assert share(profiles, "the Salt Road", "Karl Poole") == 1.0


def test_another_word_for_an_office_counts_for_less(profiles: Profiles) -> None:
    assert share(profiles, "husband", "Vera Poole") == pytest.approx(WIDENED_COUNTS)


def test_a_relative_is_introduced_where_both_names_stand(profiles: Profiles) -> None:
    assert share(profiles, "wife", "Vera Poole") == 1.0
    assert share(profiles, "wife", "Karl Poole") == pytest.approx(LATER_COUNTS)


@pytest.mark.parametrize("speaker", ["", "she", "the glazier", "Olga Reed"])
def test_whom_the_article_does_not_name_it_does_not_describe(profiles: Profiles, speaker: str) -> None:
    assert share(profiles, "the glazier from Lund", speaker) == 0.0


def test_no_words_are_no_description(profiles: Profiles) -> None:
    assert share(profiles, "the of", "Ida Hale") == 0.0
