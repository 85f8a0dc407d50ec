"""Whose words they are where several could be meant: in a paragraph about one, after a joint statement."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.speaking.rules import resolve
from ingest.text.sources import heads


def said_by(text: str) -> dict[str, str | None]:
    """The speaker of each quote under the first word that is said."""
    return {
        quote.content[0].text.lstrip("“").split()[0]: quote.speaker.name if quote.speaker else None
        for quote in extract_quotes(text)
    }


def test_she_who_goes_on_after_a_joint_statement_is_not_both() -> None:
    text = (
        "“Both sides wanted an end to it,” Otto Brandel and Hilde Maurer said in a joint statement.\n\n"
        "Maurer, 64, had sued him over the well. The pair agreed to share the cost.\n\n"
        "“Nobody believed it,” she said afterwards."
    )
    assert said_by(text)["Nobody"] == "Hilde Maurer"


def test_bodies_that_are_described_by_other_words_are_not_one() -> None:
    text = (
        "The salmon are to be counted again, the fisheries ministry said on Friday.\n\n"
        "“Everybody shall trust the number,” the ministry said.\n\n"
        "The anglers' federation says it saw 900 fish. The river league says there are 300."
    )
    assert list(said_by(text).values())[-2:] == ["the anglers' federation", "the river league"]


def test_who_is_described_in_a_paragraph_about_one_person_is_that_person() -> None:
    text = (
        "Tarn Rovers won for the first time since May on Saturday.\n\n"
        "“Nobody saw it coming,” said Petr Novosad, who scored the goal.\n\n"
        "Coach Solveig Aune had changed four players. “Sleep was short,” the Dane said.\n\n"
        "Home captain Kofi Mensah hit the bar twice. “Metal is metal,” the midfielder said."
    )
    said = said_by(text)
    assert (said["Nobody"], said["Sleep"], said["Metal"]) == ("Petr Novosad", "Solveig Aune", "Kofi Mensah")


def test_a_word_that_only_opens_the_headline_is_nobodys_name() -> None:
    text = (
        "Rower, 71, crosses gulf alone\n\nGustav Ahlers set out at dawn and landed at Norra after two days. "
        "“There was nobody to talk to,” the 71-year-old said.\n\nAhlers will go back in May."
    )
    assert said_by(text)["There"] == "Gustav Ahlers"


@pytest.mark.parametrize(
    ("headline", "name"),
    [("Ahlers crosses gulf alone", "Gustav Ahlers"), ("Gustav Ahlers, 71, crosses gulf alone", "Gustav Ahlers")],
)
def test_a_name_that_opens_the_headline_is_one(headline: str, name: str) -> None:
    text = f"{headline}\n\nGustav Ahlers landed at Norra. “There was nobody to talk to,” he said."
    assert said_by(text)["There"] == name


def test_the_force_is_the_police_of_a_place_and_no_body_named_after_it() -> None:
    text = (
        "“It is a goat and it is in our garage,” Marlow police wrote on social media.\n\n"
        "The force said it had had 90 calls. None came from the owner.\n\n"
        "Marlow Zoo has offered it a place. “We have two already,” keeper Ida Strang told Radio Marlow."
    )
    assert said_by(text)["it"] == "Marlow police"


def test_what_belongs_to_several_is_not_who_they_are() -> None:
    assert heads("Hales’ lawyer") == ()
    assert [" ".join(mention.tokens) for mention in heads("Hales’")] == ["Hales"]


@pytest.mark.parametrize(
    ("source", "name"), [("the football director", "the football director"), ("the director", "Dan Holt")]
)
def test_a_director_of_one_kind_is_not_the_one_of_another_by_the_rules(source: str, name: str) -> None:
    text = f"The youth director, Dan Holt, and the club part in June. “Money was short,” {source} said."
    (quote,) = (quote for quote in extract_quotes(text) if quote.kind == "direct")
    (speaker,) = resolve(text, [quote])
    assert speaker is not None
    assert speaker.name == name


def test_the_elder_of_two_is_neither_by_name_where_the_article_does_not_say_which() -> None:
    text = (
        "Emil Rask, 67, is handing the yard over to his son Tove-Jon on Monday. “My keys are on the hook,” Emil Rask "
        "said.\n\nTove-Jon Rask, 34, a trained welder, plans to build in steel. “Father thinks that steel is for "
        "bridges,” he said.\n\nThe elder Rask does not deny it. “Boats need oak,” he said."
    )
    said = {quote.content[0].text: quote.speaker for quote in extract_quotes(text)}
    speaker = said["“Boats need oak,”"]
    assert speaker is not None
    assert speaker.name == "the elder Rask"
    assert "elder" not in {speaker.role for speaker in said.values() if speaker}
