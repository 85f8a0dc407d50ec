"""Names in short forms: first names with a patronymic, and initials."""

from __future__ import annotations

import pytest

from ingest import extract_quotes


def whose(text: str) -> dict[str, str]:
    """Whose words are whose, by the first two of them."""
    return {" ".join(q.text.strip("“”,").split()[:2]): q.speaker.name for q in extract_quotes(text) if q.speaker}


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("Galina Petrovna Sedova", "Galina Petrovna"),
        ("Maria Elena Pires", "Maria Elena"),
        ("Pavel Nikolaevich Grinko", "Pavel Nikolaevich"),
        ("Mary Ann Tolland", "Mary Ann"),
    ],
)
def test_first_names_alone_are_whose_name_goes_on_with_a_surname(whole: str, short: str) -> None:
    text = (
        f"{whole} has run the ferry for nine years. “The hull leaks,” {short} said. Tove Lund was away. "
        f"“It floats still,” {short} said."
    )
    assert set(whose(text).values()) == {whole}


def test_a_label_of_first_names_alone_is_the_same_person_in_a_transcript() -> None:
    text = "GALINA SEDOVA PETRENKO: It leaks.\nBO LUND: Does it?\nGALINA SEDOVA: It does, since May.\nBO LUND: Oh."
    assert set(whose(text).values()) == {"Galina Sedova Petrenko", "Bo Lund"}


def test_a_name_that_ends_with_a_surname_is_nobody_whose_name_goes_on() -> None:
    text = "Ida Marsh rows. “We train,” Ida Marsh said. “She wins,” said Ida Marsh Tolland. “We rest,” Marsh said."
    said = whose(text)
    assert (said["We train"], said["She wins"]) == ("Ida Marsh", "Ida Marsh Tolland")


def test_first_names_that_two_longer_names_begin_with_are_neither_of_them() -> None:
    text = (
        "Galina Petrovna Sedova and Galina Petrovna Orlik came. “It leaks,” said Galina Petrovna Sedova. “It floats,” "
        "said Galina Petrovna Orlik. “It sank,” Galina Petrovna said."
    )
    assert whose(text)["It sank"] not in {"Galina Petrovna Sedova", "Galina Petrovna Orlik"}


def test_capitals_of_a_headline_make_a_name_no_longer() -> None:
    text = (
        "Ida Marsh Wins Regatta With Late Sprint Past Rivals\n\nIda Marsh of Tarn rowed well. “My oar broke,” Ida "
        "Marsh said."
    )
    assert set(whose(text).values()) == {"Ida Marsh"}


def test_initials_tell_neither_a_man_nor_a_woman() -> None:
    text = (
        "Tove Brandt drives the plough. “The heater works,” Brandt said. K. L. M. Ekstrand, the stationmaster, brought "
        "her tea. She said that the trains had not stopped."
    )
    assert whose(text) == {"The heater": "Tove Brandt", "that the": "K. L. M. Ekstrand"}


@pytest.mark.parametrize("name", ["A. Ekstrand", "I. Ekstrand", "A. K. Ekstrand"])
def test_an_initial_that_is_a_small_word_begins_a_name(name: str) -> None:
    text = f"{name}, the stationmaster, came late. “The points froze,” {name} said."
    assert whose(text) == {"The points": name}


def test_the_letter_before_an_answer_is_no_initial() -> None:
    text = "Q. Who came?\nA. Ekstrand came with the keys.\nQ. And then?\nA. Ekstrand said that the points were frozen."
    assert all("A. " not in name for name in whose(text).values())
