"""Two people of one name: whom a question means by the office beside it, and how an answer tells them apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.judging.claims import is_own, placed
from rag.people.names import personal
from rag.schema import Hit, Judgement, Query, Speaker
from rag.understanding.embedded import with_first_name
from rag.understanding.namesakes import told_apart
from rag.writing.compose import text_of
from tests.fakes import citation, hit, party

TEXTS = {
    "bank": "The bank’s deputy governor, Ida Hale, said: “Bread will be cheaper.”",
    "race": "Ida Hale read the map. “We had no bread,” said Hale, the oldest co-driver in the race.",
    "town": "Ida Hale opened the fair. “Bread for all,” Hale said.",
}


def said(article: str, role: str) -> Hit:
    found = hit(1.0, f"Of bread, {article}.", id=article)
    quote = replace(found.statement.quote, speaker=Speaker("Ida Hale", role or None))
    return replace(found, statement=replace(found.statement, quote=quote))


BANK, RACE, TOWN = said("bank", "deputy governor"), said("race", "oldest co-driver"), said("town", "")


def own(phrase: str, *hits: Hit) -> list[str]:
    query = Query("?", "?", "did_say", (party(phrase, "Ida Hale"),))
    query = told_apart(query, hits, TEXTS.__getitem__)
    return [each.statement.article.id for each in hits if is_own(query, each.statement)]


@pytest.mark.parametrize(
    ("phrase", "articles"),
    [
        ("Ida Hale, the co-driver", ["race", "town"]),
        ("co-driver Ida Hale", ["race", "town"]),
        ("Ida Hale, the deputy governor", ["bank", "town"]),
        ("Ida Hale", ["bank", "race", "town"]),
        ("Ida Hale, the singer", ["bank", "race", "town"]),
    ],
)
def test_an_office_beside_a_name_chooses_between_namesakes(phrase: str, articles: list[str]) -> None:
    assert own(phrase, BANK, RACE, TOWN) == articles


def test_what_the_article_calls_somebody_anywhere_counts_as_an_office() -> None:
    assert own("Ida Hale, the co-driver", BANK, said("race", "")) == ["race"]


def test_a_word_before_the_name_in_a_label_is_an_office_of_a_namesake() -> None:
    quote = replace(TOWN.statement.quote, speaker=Speaker("Striker Ida Hale"))
    striker = replace(TOWN, statement=replace(TOWN.statement, quote=quote))
    query = Query("?", "?", "did_say", (party("the co-driver Ida Hale", "Ida Hale", "Striker Ida Hale"),))
    told = told_apart(query, (RACE, striker), TEXTS.__getitem__)
    assert [each.statement.article.id for each in (RACE, striker) if is_own(told, each.statement)] == ["race"]


def test_one_who_is_called_by_another_word_for_the_office_is_no_namesake() -> None:
    assert own("Ida Hale, the co-driver", RACE, said("bank", "co-driver")) == ["race", "bank"]
    assert own("Ida Hale, the bank’s deputy governor", BANK, said("race", "deputy governor")) == ["bank", "race"]


def test_the_words_of_a_namesake_are_no_yes_and_no_no() -> None:
    query = Query(
        "Did Ida Hale, the co-driver, say so?", "?", "did_say", (party("Ida Hale, the co-driver", "Ida Hale"),)
    )
    query = told_apart(query, [BANK, RACE], TEXTS.__getitem__)
    assert placed(query, Judgement(BANK, says_so=0.9)) == Judgement(BANK, answers=0.9)
    assert placed(query, Judgement(RACE, says_so=0.9)) == Judgement(RACE, says_so=0.9)


def test_two_of_one_name_have_their_roles_at_every_statement() -> None:
    mayor, pilot = (
        citation("“No,” said Ida Hale.", "“No,”", number=n, speaker="Ida Hale", role=role)
        for n, role in ((1, "mayor"), (2, "pilot"))
    )
    third = replace(mayor, number=3)
    text = text_of("", [mayor, pilot, third])
    assert (text.count("Ida Hale, mayor,"), text.count("Ida Hale, pilot,")) == (2, 1)
    assert text_of("", [mayor, third]).count("mayor") == 1


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did Said Quist say about tugs?", "Said Quist"),
        ("What did Will Quist say about tugs?", "Will Quist"),
        ("Did May Quist say that tugs sink?", "Quist"),
        ("What Did Quist Say About Tugs?", "Quist"),
        ("WHAT DID QUIST SAY?", "QUIST"),
        ("Will Quist say that tugs sink?", "Quist"),
        ("what did quist say", "quist"),
    ],
)
def test_a_first_name_that_is_a_small_word_elsewhere_is_known_by_its_capital(question: str, name: str) -> None:
    start = question.lower().index("quist")
    assert question[with_first_name(question, start) : start + 5] == name


def test_a_first_name_that_is_a_verb_elsewhere_is_part_of_a_name() -> None:
    assert personal("Said Quist") == ("said", "quist")
    assert personal("said Ida Quist") == ()
