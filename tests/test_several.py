"""Lists of speakers, and parties next to each other: with retrieval given by hand."""

from __future__ import annotations

from dataclasses import replace

from rag.evidence import Case, Scales
from rag.schema import Asked, Hit, Query, Span
from rag.several import MAX_LISTED, PER_NAMESAKE, PER_PARTY, compare, fit, listed
from tests.fakes import FakeEmbeddings, Found, hit, speaker_name

TOPIC = "the dam will hold"
OTHER = "Trout breed in spring."


def case(*hits: Hit, kind: str = "list", **about: object) -> Case:
    query = Query("the question", kind, TOPIC, **about)  # type: ignore[arg-type]
    return Case(query, Found(*hits), Scales([h.statement.quote.text for h in hits], FakeEmbeddings().embed))


def called(found: Hit, words: str) -> Hit:
    """The hit with these words in its article for the speaker, who has no role."""
    quote = found.statement.quote
    speaker = replace(quote.speaker, role=None) if quote.speaker else None
    changed = replace(quote, source=(Span(0, len(words), words),), speaker=speaker)
    return replace(found, statement=replace(found.statement, quote=changed))


def names(hits: tuple[Hit, ...]) -> list[str]:
    return [speaker_name(found) for found in hits]


def words(hits: tuple[Hit, ...]) -> list[str]:
    return [found.statement.quote.text for found in hits]


class TestListed:
    def test_of_nothing_is_empty(self) -> None:
        assert listed(case()) == ()

    def test_has_a_further_statement_of_a_speaker_where_it_is_as_good(self) -> None:
        found = (hit(1.0, by="Ida Hale"), hit(0.95, "It will hold.", by="Ida Hale"), hit(0.6, by="Karl Poole"))
        assert names(listed(case(*found))) == ["Ida Hale", "Ida Hale", "Karl Poole"]

    def test_keeps_what_one_speaker_says_together(self) -> None:
        found = (hit(1.0), hit(0.9, "It will hold."), hit(0.8, by="Karl Poole"))
        assert names(listed(case(*found))) == ["Ida Hale", "Ida Hale", "Karl Poole"]

    def test_has_no_more_than_three_of_one_speaker(self) -> None:
        found = (hit(1.0 - n / 100, f"The dam will hold {n} years.") for n in range(6))
        assert names(listed(case(*found))) == ["Ida Hale"] * 3

    def test_takes_a_further_statement_on_the_topic_before_a_better_one_off_it(self) -> None:
        found = (hit(1.0), hit(0.8, OTHER), hit(0.7, "That dam will hold."))
        assert words(listed(case(*found))) == ["The dam will hold.", "That dam will hold.", OTHER]

    def test_puts_who_fits_the_description_before_better_statements(self) -> None:
        found = (called(hit(1.0), "the mill owner"), called(hit(0.8, by="Bo Reay"), "who piloted the ferry, Bo Reay"))
        assert names(listed(case(*found))) == ["Ida Hale", "Bo Reay"]
        assert names(listed(case(*found, described=("ferry pilots",)))) == ["Bo Reay", "Ida Hale"]

    def test_puts_the_article_of_the_event_before_others(self) -> None:
        event = (hit(1.0), hit(0.9, by="Bo Reay"), hit(0.7, by="Ann Reed"))
        found = (*event, hit(0.95, by="Karl Poole", id="a2"))
        assert names(listed(case(*found))) == ["Ida Hale", "Bo Reay", "Ann Reed", "Karl Poole"]

    def test_puts_groups_behind_a_single_person_without_a_name(self) -> None:
        found = (hit(1.0, by="some experts"), hit(0.9, by="another"), hit(0.8, by="a diver"), hit(0.7))
        assert names(listed(case(*found))) == ["Ida Hale", "a diver", "some experts", "another"]

    def test_leaves_out_people_who_are_only_loosely_related(self) -> None:
        assert names(listed(case(hit(1.0), hit(0.49, by="Karl Poole"), hit(0.5, by="Bo Reay")))) == [
            "Ida Hale",
            "Bo Reay",
        ]

    def test_is_not_longer_than_a_reader_reads(self) -> None:
        found = (hit(1.0 - n / 100, by=f"Speaker {letter}") for n, letter in enumerate("ABCDEFGHIJKLMNOP"))
        assert len(listed(case(*found))) == MAX_LISTED


class TestCompare:
    HALE = Asked("Hale", ("Ida Hale",), ("Ida Hale",))
    POOLE = Asked("Poole", ("Karl Poole",), ("Karl Poole",))

    def test_has_what_a_party_says_in_other_words_in_the_article_of_the_event(self) -> None:
        far = hit(0.3, "We will see.", by="Karl Poole", title="The dam will hold, or will it?")
        compared = compare(case(hit(1.0), far, kind="compare", asked=(self.HALE, self.POOLE), speakers=("Ida Hale",)))
        assert (names(compared.hits), compared.silent) == (["Ida Hale", "Karl Poole"], ())

    def test_has_no_such_thing_of_another_article(self) -> None:
        far = hit(0.3, "We will see.", by="Karl Poole", title="The dam will hold, or will it?", id="a2")
        compared = compare(case(hit(1.0), far, kind="compare", asked=(self.HALE, self.POOLE), speakers=("Ida Hale",)))
        assert (names(compared.hits), compared.silent) == (["Ida Hale"], ("Karl Poole",))

    def test_knows_a_described_party_by_what_the_article_calls_it(self) -> None:
        diver = called(hit(0.8, by="Bo Reay"), "harbour diver Bo Reay")
        asked = (self.HALE, Asked("the harbour diver", described=True))
        found = (hit(1.0), called(hit(0.9, by="Karl Poole"), "the miller"), diver)
        compared = compare(case(*found, kind="compare", asked=asked, speakers=("Ida Hale",)))
        assert names(compared.hits) == ["Ida Hale", "Bo Reay"]

    def test_takes_anybody_else_for_a_party_that_no_label_fits(self) -> None:
        asked = (self.HALE, Asked("the lock keeper", described=True))
        found = (hit(1.0), called(hit(0.9, by="Karl Poole"), "Poole"))
        compared = compare(case(*found, kind="compare", asked=asked, speakers=("Ida Hale",)))
        assert names(compared.hits) == ["Ida Hale", "Karl Poole"]

    def test_has_a_few_statements_of_each_party_and_fewer_of_namesakes(self) -> None:
        found = [hit(1.0 - n / 100, f"The dam will hold {n} years.") for n in range(8)]
        assert len(compare(case(*found, kind="compare", asked=(self.HALE,), speakers=("Ida Hale",))).hits) == PER_PARTY
        assert (
            len(compare(case(*found, kind="said_what", asked=(self.HALE,), speakers=("Ida Hale",))).hits)
            == PER_NAMESAKE
        )

    def test_has_something_of_every_party_of_many(self) -> None:
        people = [f"Speaker {letter}" for letter in "ABCDE"]
        found = [hit(1.0 - n / 100, f"The dam will hold {n} years.", by=by) for by in people for n in range(4)]
        asked = tuple(Asked(by, (by,), (by,)) for by in people)
        compared = compare(case(*found, kind="compare", asked=asked, speakers=tuple(people)))
        assert names(compared.hits) == [by for by in people for _ in range(2)]


def test_a_description_fits_by_the_share_of_its_words() -> None:
    said = case(called(hit(1.0), "harbour diver Ida Hale")).everybody
    assert fit("the harbour diver", said) == 1.0
    assert fit("the harbour pilot", said) == 0.5
    assert fit("the miller", said) == 0.0
    assert fit("harbour diving", said) == 0.5
