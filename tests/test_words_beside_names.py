"""Words that stand beside names without being part of them, and names that hold more words than it seems."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.text.names import mentions
from rag.people.names import personal
from rag.schema import Speaker


def whose(text: str) -> dict[str, Speaker]:
    """Who says what, by the first words of it."""
    return {" ".join(q.text.strip('“”"').split()[:2]): q.speaker for q in extract_quotes(text) if q.speaker}


@pytest.mark.parametrize(
    "name",
    ["Lucía del Pilar Soto Vera", "Jordi Vidal i Font", "Elsa af Ekesund", "Paz Heredia de la Torre", "Uwe zu Reben"],
)
def test_a_small_word_within_a_name_is_part_of_it(name: str) -> None:
    said = whose(f"{name} said the lock was closed. “Nobody asked us,” said {name}.")
    assert {(speaker.name, speaker.kind) for speaker in said.values()} == {(name, "person")}


@pytest.mark.parametrize("letters", ["MBE", "KC", "MP", "OBE QC"])
def test_honours_behind_a_name_are_no_part_of_it(letters: str) -> None:
    said = whose(f"The baths must stay, said Edna Farrow {letters}. “They are full,” Farrow said.")
    assert {speaker.name for speaker in said.values()} == {"Edna Farrow"}


def test_a_surname_in_capitals_stays() -> None:
    said = whose("Marie DUVAL said the lock was closed. “Nobody asked us,” said Marie DUVAL.")
    assert {speaker.name for speaker in said.values()} == {"Marie DUVAL"}


@pytest.mark.parametrize(("office", "name"), [("Cllr", "Edna Farrow"), ("Cpl", "Ida Marsh")])
def test_a_short_office_without_vowels_is_no_first_name(office: str, name: str) -> None:
    (mention,) = mentions(f"{office} {name} left.")
    assert (" ".join(mention.tokens), mention.role) == (name, office)


def test_a_short_office_stands_before_the_surname_alone() -> None:
    said = whose(
        "Detective Inspector Nora Pell said the clock had stopped. The curator wept. DI Pell asked anyone who had seen "
        "the key to come forward. “It is a small key,” DI Pell said."
    )
    assert {(speaker.name, speaker.role) for speaker in said.values()} == {("Nora Pell", "Detective Inspector")}


def test_initials_that_are_no_office_stay() -> None:
    said = whose("Detective Inspector Nora Pell said the clock had stopped. “It ticks,” said AJ Pell, her son.")
    assert {speaker.name for speaker in said.values()} == {"Nora Pell", "AJ Pell"}


@pytest.mark.parametrize(("word", "name"), [("Dane", "Olle Krag-Holm"), ("Finn", "Aarne Ketola-Rinne")])
def test_what_the_article_calls_somebody_is_no_first_name(word: str, name: str) -> None:
    said = whose(f"{word} {name}, who came third, was content. “My ski broke,” said the {word}.")
    assert {speaker.name for speaker in said.values()} == {name}


def test_the_name_of_a_people_before_a_persons_means_the_person() -> None:
    said = whose(
        "Frenchwoman Odile Garnier and Canadian Troy Mercer will sail round the cape in a barrel.\n\n“It is a good "
        "barrel,” Garnier told reporters.\n\nMercer said he would bail. The Canadian said his mother did not know."
    )
    assert (said["his mother"].name, said["his mother"].role) == ("Troy Mercer", "Canadian")


def test_the_minister_of_something_is_a_person_of_any_number_of_names() -> None:
    (speaker,) = whose("Minister of Culture Omar ibn Tariq said the plan was wrong.").values()
    assert (speaker.name, speaker.role) == ("Omar ibn Tariq", "Minister of Culture")


def test_an_office_and_a_comma_before_a_titled_name_are_the_role() -> None:
    (speaker,) = whose("The committee’s vice-chair, Cllr Edna Farrow, said that the baths must stay.").values()
    assert (speaker.name, speaker.role) == ("Edna Farrow", "committee’s vice-chair")


@pytest.mark.parametrize("whose_coach", ["Her", "His", "Their"])
def test_whoever_is_somebodys_has_a_role(whose_coach: str) -> None:
    said = whose(f"Ida Marsh won again. {whose_coach} coach, Noel Pryce, was in tears. “I knew it,” he told reporters.")
    assert (said["I knew"].name, said["I knew"].role) == ("Noel Pryce", "coach")


@pytest.mark.parametrize(("kin", "title"), [("wife", "Mrs"), ("husband", "Mr"), ("mother", "Ms"), ("brother", "Mr")])
def test_what_a_namesake_is_to_somebody_tells_who_is_called_mr_or_mrs(kin: str, title: str) -> None:
    said = whose(
        "Sølve Oberg took up the post on Monday. “The levy will stay,” Oberg told the board.\n\nThe levy brings in "
        f"eleven million.\n\nThe director’s {kin}, Ragn Oberg, keeps forty cows and pays the charge. “I get the bill,” "
        f"{title} Oberg said."
    )
    assert (said["The levy"].name, said["I get"].name) == ("Sølve Oberg", "Ragn Oberg")


def test_a_nickname_breaks_off_neither_role_nor_name() -> None:
    said = whose(
        "His business partner, Dolores “Lola” Arce Pinto, said that the cakes were made of nuts. “They sell,” she said."
        " Lola Arce said she had no recipe."
    )
    assert {(speaker.name, speaker.role) for speaker in said.values()} == {("Dolores Arce Pinto", "business partner")}


def test_a_saints_hospital_is_one_name() -> None:
    said = whose(
        "Nurses at St Orley’s Hospital will strike in May. St Orley’s Hospital said that it had made an offer."
    )
    assert {(speaker.name, speaker.kind) for speaker in said.values()} == {("St Orley’s Hospital", "body")}


def test_what_belongs_to_a_named_person_is_no_part_of_the_name() -> None:
    said = whose("Ida Marsh said the lock was closed. A fan of Ida Marsh’s Dance Company said it was not.")
    assert said["the lock"].name == "Ida Marsh"


@pytest.mark.parametrize("name", ["Elsa af Ekesund", "Jordi Vidal i Font", "Uwe zu Reben"])
def test_a_label_with_a_small_word_is_read_whole(name: str) -> None:
    assert personal(name) == tuple(name.lower().split())


def test_what_the_article_has_many_of_is_no_first_name() -> None:
    said = whose(
        "Heron Air cancelled a fifth of its flights on Wednesday. The airline said passengers would be rebooked.\n\n"
        "Passenger Valeriya Drozdova said she had waited nine hours. “They gave us a biscuit,” she said."
    )
    assert said["They gave"].name == "Valeriya Drozdova"


def test_two_surnames_with_an_ampersand_are_one_firm() -> None:
    text = (
        "Shares in Tavish & Lowe fell 8% on Thursday. The retailer said profit would be “well below” last year’s. "
        "It said stores would close."
    )
    assert {(q.speaker.name, q.speaker.kind) for q in extract_quotes(text) if q.speaker} == {("Tavish & Lowe", "body")}


def test_a_trade_that_is_likelier_no_name_is_none() -> None:
    text = "Midfielder Ciara Brophy will miss the final. “I heard it pop,” Brophy said."
    assert [q.speaker.name for q in extract_quotes(text) if q.speaker] == ["Ciara Brophy"]


@pytest.mark.parametrize("office", ["Fr", "Fr.", "Rabbi", "Baroness", "Ex-mayor", "Then-governor"])
def test_an_office_before_a_name_is_no_part_of_it(office: str) -> None:
    said = whose(f"{office} Edna Farrow was against it. “I closed it,” said {office} Farrow.")
    assert {speaker.name for speaker in said.values()} == {"Edna Farrow"}


def test_a_surname_with_a_hyphen_is_no_office() -> None:
    (mention,) = mentions("Edna Smith-King left.")
    assert mention.tokens == ("Edna", "Smith-King")


@pytest.mark.parametrize("full", ["Ines de la Vega", "Paulo da Cunha", "Jan van der Elst"])
def test_a_particle_that_begins_a_sentence_belongs_to_the_surname(full: str) -> None:
    surname = full.split(" ", 1)[1]
    said = whose(f"{full}, a welder, spoke first. “Nobody asked us,” {surname.capitalize()[0]}{surname[1:]} said.")
    assert said["Nobody asked"].name == full
    assert said["Nobody asked"].role == "a welder"


def test_who_writes_an_article_is_not_who_speaks_in_it() -> None:
    text = (
        "Baths to shut\n\nBy Una Holt\n\nThe baths in Tarn will shut, the county said. “They leak,” said the keeper, "
        "Ida Marsh."
    )
    speakers = {quote.speaker.name for quote in extract_quotes(text) if quote.speaker}
    assert "Una Holt" not in speakers


def test_a_writer_to_whom_somebody_speaks_again_may_speak() -> None:
    text = "Baths to shut\n\nBy Una Holt\n\n“They leak,” Holt said. “I saw it.”"
    assert {quote.speaker.name for quote in extract_quotes(text) if quote.speaker} == {"Una Holt"}


def test_an_outlet_below_the_writer_is_not_the_council() -> None:
    text = (
        "Depot to move\nBy Una Holt\nThe Tarn Herald, 21 January 2026\n\nThe depot will move to Weir Lane in May, "
        "the council said on Tuesday.\n\n“It is a mile further,” said Ida Marsh, who runs it."
    )
    assert {quote.speaker.name for quote in extract_quotes(text) if quote.speaker} == {"the council", "Ida Marsh"}


def test_the_first_word_of_a_headline_is_no_name_where_the_text_has_the_word() -> None:
    text = (
        "Landslip shuts line\n\nA landslip has shut the line at Tarn for a month, the railway said on Friday.\n\n“It "
        "has slipped before,” said Ida Marsh, a geologist."
    )
    assert "Landslip" not in {quote.speaker.name for quote in extract_quotes(text) if quote.speaker}


def test_counsel_is_named_in_full_where_letters_stand_behind_the_name() -> None:
    text = (
        "Ms Una Holt KC, counsel to the inquiry, examined Ida Marsh.\n\nHOLT: Who rang you?\n\nMARSH: The keeper. He "
        "called it “as good as shut”.\n\nHOLT: And then?\n\nMARSH: I went home."
    )
    found = [(quote.speaker.name, quote.text) for quote in extract_quotes(text) if quote.speaker]
    assert ("Una Holt", "And then?") in found
    assert ("Ida Marsh", "The keeper. He called it “as good as shut”.") in found


@pytest.mark.parametrize(
    ("before", "role"),
    [
        ("The leader of the town council, ", "leader of the town council"),
        ("It was sent to the keeper of the Grey Gull, ", "keeper of the Grey Gull"),
        ("In the opinion of the chairman, ", "chairman"),
        ("The day was over. The coach, ", "coach"),
    ],
)
def test_whoever_leads_or_owns_something_is_not_called_by_its_name(before: str, role: str) -> None:
    assert [m.role for m in mentions(f"{before}Ann Lee, was late.") if m.tokens == ("Ann", "Lee")] == [role]


@pytest.mark.parametrize("line", ["By Ida Marsh", "Words: Ida Marsh"])
def test_she_is_not_who_writes(line: str) -> None:
    text = f"Last mile of the line\n\n{line}\n\n“It is late,” she said on Saturday.\n\n“It is,” said Per Holt."
    assert "Ida Marsh" not in {quote.speaker.name for quote in extract_quotes(text) if quote.speaker}


def test_a_family_name_that_is_a_small_word_is_a_name_where_it_stands_alone() -> None:
    said = whose(
        "Harbour firm Tavol Lines will sell its tug, the mayor said on Monday.\n\nThe head of the crew, Do Min-seo, was"
        ' not told before. "I read it on a crate," Do said.\n\nShares in Tavol Lines fell.'
    )
    assert (said["I read"].name, said["I read"].role) == ("Do Min-seo", "head of the crew")


def test_a_small_word_alone_is_no_name_of_a_text_without_one() -> None:
    assert not mentions("De gulls left. Do not feed them, Van or no van.")


def test_the_place_in_a_peers_title_is_part_of_the_name() -> None:
    said = whose(
        "Baroness Osgood of Netherby Bank said she had drawn the map. “It was raining,” Lady Osgood said.\n\n"
        "Mayor Denning of Pell said he had not. “I have no pen,” Denning said."
    )
    assert {said[words].name for words in ("she had", "It was")} == {"Osgood of Netherby Bank"}
    assert said["I have"].name == "Denning"


def test_an_office_for_somebody_and_a_comma_before_a_titled_name_are_the_role() -> None:
    said = whose("Counsel for the growers, Mrs. L. Pillai, said her clients would pay. “Give us a day,” Pillai said.")
    assert {(speaker.name, speaker.role) for speaker in said.values()} == {("L. Pillai", "Counsel for the growers")}


@pytest.mark.parametrize(
    ("behind", "role"),
    [("beaten by a bounce", "Orsa goalkeeper"), ("teacher by training", "teacher by training")],
)
def test_what_was_done_to_somebody_is_no_role(behind: str, role: str) -> None:
    (speaker,) = whose(f"Orsa goalkeeper Thandi Okoro, {behind}, said that the grass was wet.").values()
    assert (speaker.name, speaker.role) == ("Thandi Okoro", role)


@pytest.mark.parametrize("trade", ["Vet", "Plumber", "Baker", "Joiner"])
def test_a_trade_at_the_head_of_a_sentence_is_no_part_of_a_name_that_stands_without_it(trade: str) -> None:
    said = whose(f"{trade} Amina Wekesa was out by six. “It is cold,” Wekesa said. A bus took Amina Wekesa home.")
    assert said["It is"].name == "Amina Wekesa"
    said = whose(f"A bus took Amina Wekesa home. “It is cold,” Wekesa said. {trade} Amina Wekesa said it would snow.")
    assert {(speaker.name, speaker.role) for speaker in said.values()} == {("Amina Wekesa", trade)}


@pytest.mark.parametrize(
    "text",
    [
        "Marta Ruiz Ortega was out by six. “It is cold,” Ruiz Ortega said. A bus took Ruiz Ortega home.",
        "A bus took Marta Ruiz Ortega home. “It is cold,” Ruiz Ortega said. “It is wet,” Ortega said. Marta Ruiz "
        "Ortega left.",
    ],
)
def test_a_first_name_stays_before_two_surnames(text: str) -> None:
    assert {speaker.name for speaker in whose(text).values()} == {"Marta Ruiz Ortega"}
