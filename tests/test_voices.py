"""On a page of voices each text is the words of whoever is named above it; what the paper says is nobody's."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.voices import voices

LEAD = ["Should the ferry run at night?", "The council wants to stop the last ferry. We asked those who take it."]
ONE, OTHER = (
    "I come off my shift at eleven. Without it I sleep in the linen room.",
    "Run it on Fridays. We would take it.",
)
END = ["The council decides on 4 June. A second meeting has been set aside."]


def told(*lines: str) -> list[tuple[str | None, str | None, str]]:
    """Who speaks, as what, and the words, of all that is given word for word."""
    quotes = [quote for quote in extract_quotes("\n\n".join(lines)) if quote.kind == "direct"]
    return [(q.speaker.name, q.speaker.role, q.text) if q.speaker else (None, None, q.text) for q in quotes]


@pytest.mark.parametrize("end", [[], END])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["Tove Aasen, nurse"], ["Piet van Meulen, harbour pilot"]),
        (["Tove Aasen, 41, nurse:"], ["Piet van Meulen, 67, harbour pilot:"]),
        (["1. Tove Aasen (41), nurse"], ["2. Piet van Meulen (67), harbour pilot"]),
    ],
)
def test_each_text_is_the_words_of_the_name_above_it(first: list[str], second: list[str], end: list[str]) -> None:
    assert told(*LEAD, *first, ONE, *second, OTHER, *end) == [
        ("Tove Aasen", "nurse", ONE),
        ("Piet van Meulen", "harbour pilot", OTHER),
    ]


@pytest.mark.parametrize("trade", [" – {}", "\n\n{}"])
def test_what_somebody_does_stands_behind_a_dash_or_on_the_next_line(trade: str) -> None:
    heads = [f"{name}{trade.format(does)}" for name, does in (("Tove Aasen", "nurse"), ("Piet Meulen", "pilot"))]
    found = told(*LEAD, heads[0], ONE, heads[1], OTHER)
    assert [(name, words) for name, _, words in found] == [("Tove Aasen", ONE), ("Piet Meulen", OTHER)]


def test_a_voice_goes_on_over_paragraphs_and_may_stand_in_marks() -> None:
    more = "Nobody sees that."
    found = told(*LEAD, "Tove Aasen, nurse", f"“{ONE}”", "Piet Meulen, pilot", more, OTHER, *END)
    assert [(name, words) for name, _, words in found] == [
        ("Tove Aasen", f"“{ONE}”"),
        ("Piet Meulen", f"{more} {OTHER}"),
    ]


def test_what_the_article_around_the_voices_quotes_stays_its_own() -> None:
    lead = "The council wants to stop it. “It costs too much,” said Inga Moll, the treasurer. “It is empty,” she said."
    found = told(*LEAD, lead, "Tove Aasen, nurse", ONE, "Piet Meulen, pilot", OTHER, *END)
    assert [name for name, _, _ in found] == ["Inga Moll", "Inga Moll", "Tove Aasen", "Piet Meulen"]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Tove Aasen, nurse",
            "Aasen sleeps in the linen room. I met her there.",
            "Piet Meulen, pilot",
            "I met Meulen too.",
        ],
        ["Tove Aasen, nurse", "She sleeps in the linen room.", "Piet Meulen, pilot", "He runs it on Fridays."],
        ["Tove Aasen, The Ferry", "I read it twice.", "Piet Meulen, The Pilot", "I gave it to my aunt."],
        ["Tove Aasen, nurse", ONE],
        ["I asked two of them.", "Tove Aasen, nurse", ONE, "Piet Meulen, pilot", OTHER],
        [
            "“I sleep here.”",
            "Tove Aasen, nurse",
            "“We sleep on Fridays.”",
            "Piet Meulen, pilot",
            "“I do not.”",
            "Bo Ek, pupil",
        ],
        ["Tove Aasen, nurse", ONE, "Piet Meulen, pilot", OTHER, "Tove Aasen, nurse", ONE],
    ],
    ids=["portraits", "no own words", "books", "one caption", "a column", "signatures", "turns"],
)
def test_other_names_above_paragraphs_are_no_voices(lines: list[str]) -> None:
    assert voices("\n\n".join([*LEAD, *lines])) == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["Casa Lopez, tapas bar", "I ordered the squid twice.", "Villa Moll, trattoria", "I sent my soup back."],
        ["Casa Lopez, 12 Quay Street", "I ordered the squid twice.", "Villa Moll, 3 Mill Lane", "I sent my soup back."],
    ],
)
def test_places_that_one_writer_tells_of_are_no_voices(lines: list[str]) -> None:
    assert voices("\n\n".join(["Two new places to eat on the quay of Tarn.", *lines])) == ()


def test_a_table_of_ranks_is_no_page_of_voices_and_what_stands_around_it_is_read() -> None:
    ranks = ["1. Tove Aasen (Last week: 2.)", "2. Piet Meulen (1.)", "3. Bo Ek (new.)"]
    found = told("The deck hands told us what they sing.", *ranks, "“I sing it every night,” said Inga Moll.", ONE)
    assert found == [("Inga Moll", None, "“I sing it every night,”")]


def test_ages_tell_voices_where_nothing_above_says_that_they_were_asked() -> None:
    found = told("The last ferry stops.", "Tove Aasen, 41, nurse", ONE, "Piet Meulen, pilot", OTHER)
    assert [(name, words) for name, _, words in found] == [("Tove Aasen", ONE), ("Piet Meulen", OTHER)]


def test_many_names_cost_little() -> None:
    text = "\n\n".join(f"Tove Aasen{n}, 41, nurse\n\n{ONE}" for n in range(4_000))
    assert len(voices(text)) == 4_000
