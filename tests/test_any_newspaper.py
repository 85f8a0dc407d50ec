"""Who speaks in short news of business, sport, courts and councils, as an editor would put it."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from rag.schema import Quote


def said(text: str, part: str) -> Quote:
    """The one quote whose words hold `part`."""
    (quote,) = [q for q in extract_quotes(text, language="en") if any(part in span.text for span in q.content)]
    return quote


def whose(text: str, part: str) -> str | None:
    speaker = said(text, part).speaker
    return speaker.name if speaker else None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "Ostara Ferries",
            "Ostara Ferries cancelled all its sailings on Sunday. The operator said that a rudder broke.",
        ),
        ("Stannery Minerals", "Stannery Minerals found copper under the moor. The miner said that a rudder broke."),
    ],
)
def test_a_body_that_capitals_do_not_show_is_meant_by_what_describes_one(body: str, text: str) -> None:
    assert whose(text, "a rudder broke") == body


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Ilse Brandauer", "Ilse Brandauer won the slalom by a tenth. “My skis did the work,” the Austrian said."),
        ("Aoife Tierney", "Aoife Tierney finished third in Oslo. “My skis did the work,” the Irishwoman said."),
        ("Mateusz Kowal", "Mateusz Kowal missed two penalties. “My skis did the work,” the Pole said."),
    ],
)
def test_the_word_for_somebody_of_a_country_is_no_name(name: str, text: str) -> None:
    assert whose(text, "did the work") == name


@pytest.mark.parametrize("source", ["they said", "the pair said", "the couple said"])
@pytest.mark.parametrize(
    ("names", "opening"),
    [
        ("Wanda Pryor and Iain Mackie", "Detectives Wanda Pryor and Iain Mackie searched the loft."),
        ("Olive Tran and Carl Boone", "Senators Olive Tran of Utah and Carl Boone of Maine wrote the bill."),
        ("Astrid Holm and Leo Varga", "Astrid Holm and Leo Varga wrote the report in Lund."),
    ],
)
def test_several_who_are_named_together_speak_together(names: str, opening: str, source: str) -> None:
    quote = said(f"{opening} “Somebody was there before us,” {source}.", "before us")
    assert quote.speaker
    assert (quote.speaker.name, quote.speaker.kind) == (names, "group")


@pytest.mark.parametrize("body", ["Weavers’ Guild", "Dockers’ Federation", "Teachers' Union"])
def test_an_apostrophe_within_a_name_stays(body: str) -> None:
    assert whose(f"The {body} met on Monday. The {body} said that the hall would stay open.", "the hall") == body


@pytest.mark.parametrize("name", ["Remigio Quispe Mamani", "Lucía Arroyo Benítez"])
def test_the_first_of_two_surnames_means_who_bears_both(name: str) -> None:
    text = f"{name}, the harbour pilot, stayed on board. “The tug was late,” {name.split()[1]} said."
    assert whose(text, "tug was late") == name


@pytest.mark.parametrize("name", ["K. R. Selvanathan", "J. P. Okonda"])
def test_a_name_has_all_its_initials(name: str) -> None:
    text = f"Tamil Nadu’s chief minister, {name}, opened a canal. “Water is no favour,” {name.split()[-1]} said."
    assert whose(text, "no favour") == name


def test_an_honorific_tells_whom_of_two_of_one_surname_is_meant() -> None:
    text = (
        "President Emil Hadžić arrived in Oslo on Monday. His wife, Lejla Hadžić, visited a school. “Children here are "
        "so quiet,” Mrs Hadžić said. Mr Hadžić said that the contract would be signed."
    )
    assert (whose(text, "so quiet"), whose(text, "be signed")) == ("Lejla Hadžić", "Emil Hadžić")


def test_who_is_named_in_a_clause_about_the_source_does_not_speak() -> None:
    text = "The widow, who wrote to Lars Holt, said that the pump was old."
    assert whose(text, "pump was old") == "the widow"


@pytest.mark.parametrize(
    ("channel", "end"),
    [
        ("Harbour Mail", "Rehn told the Harbour Mail last week."),
        ("Instagram", "he wrote on Instagram."),
        ("", "Rehn told a Harbour Mail reporter."),
    ],
)
def test_what_somebody_told_or_wrote_on_is_the_channel(channel: str, end: str) -> None:
    quote = said(f"Ivo Rehn has kept the lock for nine years. “The gate is rotten,” {end}", "gate is rotten")
    assert quote.speaker
    assert (quote.speaker.name, " ".join(span.text for span in quote.channel)) == ("Ivo Rehn", channel)


def test_what_a_person_told_a_paper_goes_on_in_the_next_sentence() -> None:
    text = "“Bread has doubled in price,” Runa Vik told the Tarn Gazette. But, she says, nobody complains."
    assert whose(text, "nobody complains") == "Runa Vik"


def test_an_article_that_begins_with_its_speaker_keeps_him() -> None:
    text = (
        "Emre Tanış says that he was never asked.\n\n“I would have said no,” he says.\n\nHe sold the boat to his "
        "cousin, Okan, in March.\n\n“Okan can swim,” he says."
    )
    assert {whose(text, part) for part in ("never asked", "said no", "can swim")} == {"Emre Tanış"}


def test_a_quotation_of_several_paragraphs_is_whose_its_last_one_is() -> None:
    text = (
        "Captain Willem de Roos told the inquiry that the light had failed.\n\n“I was on deck. I could smell oil.\n\n"
        "“Nobody answered the horn.\n\n“The tug had gone,” he said."
    )
    assert {whose(text, part) for part in ("smell oil", "answered the horn", "had gone")} == {"Willem de Roos"}


@pytest.mark.parametrize(
    "above", ["By Nadia Frost\n\nLONDON — ", "Photo: Fireman Lou Bantry carries a dog from the flood.\n\n"]
)
def test_who_wrote_or_is_in_the_picture_does_not_speak(above: str) -> None:
    text = f"{above}Ninety homes had no power. Mayor Eileen Tooley said that boats were near. “We need oars,” she said."
    assert (whose(text, "boats were near"), whose(text, "need oars")) == ("Eileen Tooley", "Eileen Tooley")


def test_namesakes_in_one_team_are_two() -> None:
    text = (
        "Goalkeeper Nadia Farrow saved two penalties. “I watched them all week,” Farrow said. Her coach, Dennis "
        "Farrow, who is not related, said that the side had been lucky. “She has ice in her veins,” he said."
    )
    assert whose(text, "all week") == "Nadia Farrow"
    assert (whose(text, "had been lucky"), whose(text, "ice in her")) == ("Dennis Farrow", "Dennis Farrow")


def test_a_ship_does_not_speak_for_its_captain() -> None:
    text = (
        "The survey ship Boreal Star came home to Bodø with a broken winch. Captain Ingvild Moen said that the ship "
        "would sail in May. “She is stubborn,” Moen said of the Boreal Star."
    )
    assert (whose(text, "sail in May"), whose(text, "stubborn")) == ("Ingvild Moen", "Ingvild Moen")


def test_what_an_agency_reports_is_the_ministers() -> None:
    text = (
        "The foreign minister, Andrei Costin, said that the talks were over, the state news agency Merpress reported "
        "on Friday."
    )
    assert whose(text, "talks were over") == "Andrei Costin"
    assert [span.text for span in said(text, "talks were over").channel] == ["the state news agency Merpress"]


def test_a_name_in_capitals_is_the_one_that_the_text_has() -> None:
    text = (
        "IDA MARSH, HOST: With us is the keeper Noel Quarry. Who shut it?\n\nNOEL QUARRY: I shut it on Friday.\n\n"
        "MARSH: Why?\n\nQUARRY: It leaked, and I was told to."
    )
    assert {whose(text, words) for words in ("I shut it", "It leaked")} == {"Noel Quarry"}


def test_a_trade_is_no_part_of_the_name_of_who_is_asked() -> None:
    text = (
        "Potter Greta Lowe on clay, frost and the last kiln. By Noel Quarry\n\nWhen did you build yours?\n\nIn May. It "
        "cost me a winter.\n\nDo you sell your pots?\n\nI give them away. My son sells them.\n\nWhat would you do "
        "without clay?\n\nSleep, as your editor does."
    )
    assert {whose(text, words) for words in ("cost me", "give them", "Sleep")} == {"Greta Lowe"}
