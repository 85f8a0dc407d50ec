"""Who "he" and "she" are: by what the article tells, where the first names tell little."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.speaking.namesakes import unquoted


def meant(text: str, pronoun: str) -> list[str | None]:
    """The names of those whom a pronoun is taken for as a source, in order."""
    quotes = [quote for quote in extract_quotes(text, language="en") if quote.source]
    return [q.speaker.name if q.speaker else None for q in quotes if q.source[0].text.lower() == pronoun]


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("Kwaku Asante", "Nilüfer Demirci"),
        ("Emre Yıldız", "Selin Aydın"),
        ("Tunde Bello", "Angharad Pugh"),
        ("Xiaoping Lu", "Petronella Wu"),
    ],
)
def test_who_speaks_of_him_is_not_he(man: str, woman: str) -> None:
    of_him = f'{man} lost the vote on Monday. {woman} was pleased. "He had no plan," she told reporters.'
    of_her = f'{woman} lost the vote on Monday. {man} was pleased. "She had no plan," he told reporters.'
    assert (meant(of_him, "she"), meant(of_her, "he")) == ([woman], [man])


def test_who_was_she_a_sentence_before_is_not_he() -> None:
    text = (
        'Robin Adler met the crew on Friday. "The pier is closed," she said. Kim Sorensen, the engineer, listened. '
        '"It will open in May," he said.'
    )
    assert (meant(text, "she"), meant(text, "he")) == (["Robin Adler"], ["Kim Sorensen"])


def test_a_woman_by_a_name_unknown_is_not_he_behind_a_sure_she() -> None:
    text = (
        'Professor Hồ Thị Lan said the dam lost water. She called the plan "a plaster". Kofi Brandvold spoke next at '
        'the meeting. "It is a good plan," he said.'
    )
    assert meant(text, "he") == ["Kofi Brandvold"]


def test_what_is_quoted_is_blank_and_all_places_stay() -> None:
    text = 'Lee left. "He had no plan," she said.'
    blank = unquoted(text, extract_quotes(text, language="en"))
    assert len(blank) == len(text)
    assert "He" not in blank
    assert blank.endswith(" she said.")


def test_somebodys_widow_is_not_that_somebody() -> None:
    text = "Karl Lenz died in May. The widow of Karl Lenz said she would appeal."
    assert [q.speaker.name for q in extract_quotes(text) if q.speaker] == ["the widow of Karl Lenz"]


def test_a_surname_that_two_bear_alike_stays_a_surname() -> None:
    text = (
        'The trust, chaired by Wilma Hale, owns the marsh. "The birds come in March," said Delphine Hale, a teacher. '
        "The trust will ask for a grant. Hale said it had 4,100 members."
    )
    assert [q.speaker.name for q in extract_quotes(text) if q.speaker] == ["Delphine Hale", "Hale"]


@pytest.mark.parametrize("described", ["The keeper", "Its keeper", "A keeper of the gate"])
def test_he_is_the_subject_whose_sentence_begins_with_what_he_is(described: str) -> None:
    text = (
        "Inspector Renske Holt said the gate “was a danger to the street”.\n\n"
        f"{described}, Pavel Marsh, disagreed. “It has hung for ninety years,” he said."
    )
    found = {quote.text: quote.speaker.name for quote in extract_quotes(text) if quote.speaker}
    assert found["“It has hung for ninety years,”"] == "Pavel Marsh"


@pytest.mark.parametrize(
    ("before", "pronoun", "name"),
    [
        ("Marsh, of the weavers’ union, shook her head. “No,”", "she", "Marsh"),
        ("Treadgold said the union felt no triumph. It would ballot for a strike in September,", "he", "Treadgold"),
        ("Karlsson, who left in July, said the folder was on her desk. Nobody had read it,", "she", "Karlsson"),
    ],
)
def test_a_surname_alone_at_the_head_of_a_sentence_is_who_is_meant(before: str, pronoun: str, name: str) -> None:
    text = f"Director {'Ida' if pronoun == 'she' else 'Gregor'} Innes said the mill would close in May.\n\n{before}"
    assert meant(f"{text} {pronoun} said.", pronoun) == [name]


@pytest.mark.parametrize(
    "described",
    [
        "The joiner who was called to see it",
        "The diver whose rope had torn",
        "The only joiner in the valley",
        "A cooper",
    ],
)
def test_she_is_whom_the_paragraph_begins_to_tell_of_and_not_who_spoke_above(described: str) -> None:
    text = (
        "“The mill wheel is split, and I have known it since May,” said Obinna Falk, who keeps it.\n\n"
        f"{described}, Ingeborg Tamm, did not go in. “I can mend it in the dry weeks,” she said."
    )
    assert meant(text, "she") == ["Ingeborg Tamm"]
