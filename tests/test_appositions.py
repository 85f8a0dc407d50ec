"""Whom a description means that the article itself has beside a name."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.speaking.appositions import Appositions
from ingest.speaking.cast import Places, gathered
from ingest.speaking.named import People
from ingest.text.names import mentions


def called(text: str, phrase: str) -> str | None:
    cast = gathered(People(text, (), "", mentions(text)), [], Places(text))
    number = Appositions(text, cast).only(phrase, len(text))
    return None if number is None else cast.members[number].name


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The tram was run by the night-tram operator Velle Lines.", "the night-tram operator"),
        ("The tram was run by the night-tram operator Velle Lines.", "the operator"),
        ("Velle Lines, a small airline in the north, was late.", "the airline"),
        ("Velle Lines is a tram operator of the old kind.", "the tram operator"),
        ("Velle Lines, which operates the trams, was late.", "the tram operator"),
        ("Velle Lines, which owns the quay, was late.", "the owner"),
    ],
)
def test_a_description_is_whom_the_article_calls_so(text: str, phrase: str) -> None:
    assert called(text, phrase) == "Velle Lines"


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The airline Velle Air and the airline Morn Wings were late.", "the airline"),
        ("The airline Velle Air was late.", "the cargo airline"),
        ("The airline Velle Air was late.", "an airline"),
        ("Velle Lines, which operates the trams, was late.", "the ferry operator"),
    ],
)
def test_a_description_that_fits_two_or_nobody_is_nobody(text: str, phrase: str) -> None:
    assert called(text, phrase) is None


DAIRY = (
    "The dairy group Tolle Foods has withdrawn forty loaves of cheese from shops after a weekend fire at a store run by"
    " the cold-room operator Bresk Logistics.\n\n"
    "“Anyone who bought a loaf will get the money back,” said Ada Renwick, a spokeswoman for Tolle, which has its seat"
    " in Orsa.\n\n"
    "Bresk, a subsidiary of the Venn shipping group, gave its account in a note sent on Monday. The cold-room operator"
    " said that the alarm had been switched off in March. “We forgot to turn it on again,” the note said.\n"
)


def test_a_firm_is_meant_by_what_the_article_calls_it() -> None:
    named = {
        quote.source[0].text: quote.speaker.name for quote in extract_quotes(DAIRY) if quote.speaker and quote.source
    }
    assert named["The cold-room operator"] == "Bresk Logistics"


MAYORS = (
    "The mayor of Velle said on Monday that the baths would stay shut.\n\n"
    "“The water is brown,” Mayor Nora Kesby told visitors.\n\n"
    "The baths were opened in 2015 by the {}, who now keeps bees. Orrin said the pipes were sound.\n\n"
    "“They were tested twice,” he said.\n\n"
    "The mayor said no test was on record.\n"
)


@pytest.mark.parametrize("former", ["former mayor, Bo Orrin", "former mayor Bo Orrin"])
def test_the_office_is_meant_of_who_has_it_now(former: str) -> None:
    found = extract_quotes(MAYORS.format(former))
    assert found[-1].source
    assert found[-1].source[0].text == "The mayor"
    assert [quote.speaker.name for quote in found[-1:] if quote.speaker] == ["Nora Kesby"]
