"""Persons of one family: father and son of one name, and couples whose surname is said once."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from rag.schema import Speaker

FARM = (
    "Ronald Tillet Jr. sold the farm on Monday. “It was never mine,” Tillet said at the gate.\n\n"
    "His father, Ronald Tillet Sr., bought it in 1971 for the price of a tractor."
)


def whose(text: str) -> dict[str, Speaker]:
    """Who says what, by the first words of it."""
    return {" ".join(q.text.strip('“”"').split()[:2]): q.speaker for q in extract_quotes(text) if q.speaker}


@pytest.mark.parametrize(("word", "name"), [("elder", "Ronald Tillet Sr."), ("younger", "Ronald Tillet Jr.")])
def test_the_elder_and_the_younger_of_one_name_are_told_apart(word: str, name: str) -> None:
    said = whose(f"{FARM}\n\n“I count cows in my sleep,” the {word} Tillet said.")
    assert said["It was"].name == "Ronald Tillet Jr."
    assert (said["I count"].name, said["I count"].kind) == (name, "person")


def test_a_relation_is_the_role_of_one_of_two_of_one_name() -> None:
    said = whose(f"{FARM} “I count cows,” Ronald Tillet Sr. said.")
    assert (said["I count"].role, said["It was"].role) == ("father", None)


def test_a_name_without_its_suffix_is_the_same_persons() -> None:
    said = whose("Ronald Tillet Jr. sold the farm. “It was never mine,” Ronald Tillet said at the gate.")
    assert said["It was"].name == "Ronald Tillet Jr."


COUPLE = (
    "Oluseyi and Bernadette Quarshie-Boot opened the ferry kiosk in 1988.\n\n“The kettle hums,” Bernadette said. "
    "“The tide shakes the shelves,” Oluseyi said.\n\nTheir son, Kofi Quarshie-Boot, runs the boat. “I sleep on it,” "
    "Kofi said."
)


def test_of_a_couple_either_has_the_surname_where_the_article_calls_them_by_first_names() -> None:
    said = whose(COUPLE)
    assert said["The tide"].name == "Oluseyi Quarshie-Boot"
    assert said["The kettle"].name == "Bernadette Quarshie-Boot"
    assert said["I sleep"].name == "Kofi Quarshie-Boot"


def test_who_is_named_beside_somebody_called_by_the_surname_is_of_none() -> None:
    said = whose(
        "Oluseyi and Bernadette Quarshie opened the kiosk in 1988.\n\n“The kettle hums,” Quarshie said. "
        "“The tide shakes the shelves,” Oluseyi said."
    )
    assert said["The tide"].name == "Oluseyi"


NOTE = "“We have baked since the flood, and our knees have had enough,”"


@pytest.mark.parametrize(
    ("clause", "who"),
    [
        ("brothers Anton and Dario Quell said in a note on the door", "Anton Quell and Dario Quell"),
        ("said the sisters Tindra and Ysolde Oskar", "Tindra Oskar and Ysolde Oskar"),
        ("said Tindra and Ysolde Oskar, sisters of the last baker", "Tindra Oskar and Ysolde Oskar"),
        ("said brothers Bram and Dario Quell, who run the shop", "Bram Quell and Dario Quell"),
    ],
)
def test_a_family_whose_surname_is_said_once_says_together_what_both_say(clause: str, who: str) -> None:
    [speaker] = {quote.speaker for quote in extract_quotes(f"{NOTE} {clause}.") if quote.speaker}
    assert (speaker.name, speaker.kind) == (who, "group")


def test_two_who_are_no_family_say_it_together_and_share_no_surname() -> None:
    [speaker] = {q.speaker for q in extract_quotes(f"{NOTE} said bakers Zephyrine and Dario Quell.") if q.speaker}
    assert speaker.name == "Zephyrine and Dario Quell"


TALK = (
    "%s have kept the bells of the old church for nine years.\n\nThe Ebb: Can they be saved?\n\nLeota: No. I would "
    "sell them.\n\nWilhelmina: They can. I will ring them myself.\n\nThe Ebb: Do you ever agree?\n\nWilhelmina: Once, "
    "about a kettle.\n\nLeota: It was a bad kettle."
)


@pytest.mark.parametrize(
    ("pair", "surname"),
    [
        ("The sisters Leota and Wilhelmina Tarve", "Tarve"),
        ("Leota & Wilhelmina Tarve", "Tarve"),
        ("The twins Leota and Wilhelmina van der Tarve", "van der Tarve"),
        ("The sisters Leota, Ida and Wilhelmina Tarve", "Tarve"),
    ],
)
def test_first_names_before_the_lines_of_a_conversation_have_the_surname_that_is_told_once(
    pair: str, surname: str
) -> None:
    said = whose(TALK % pair)
    assert {said[words].name for words in ("No. I", "It was")} == {f"Leota {surname}"}
    assert {said[words].name for words in ("They can.", "Once, about")} == {f"Wilhelmina {surname}"}


def test_who_has_another_surname_in_a_conversation_keeps_it() -> None:
    assert whose(TALK % "The friends Leota Lund and Wilhelmina Tarve")["No. I"].name == "Leota Lund"
    assert whose(TALK % "Leota and her neighbour, Wilhelmina Tarve,")["No. I"].name == "Leota"
