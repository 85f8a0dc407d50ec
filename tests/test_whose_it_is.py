"""Sources that say whose somebody is, letters that speak, and those who stand behind a comma."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from rag.schema import Speaker


def whose(text: str) -> dict[str, Speaker]:
    """Who says what, by the first words of it."""
    return {" ".join(q.text.strip('“”"').split()[:2]): q.speaker for q in extract_quotes(text) if q.speaker}


def test_her_husband_is_not_she() -> None:
    said = whose("Her husband said the roof was gone. Ida Marsh said it was not. “It is,” her husband said.")
    assert [speaker.name for speaker in said.values()] == ["her husband", "Ida Marsh", "her husband"]


@pytest.mark.parametrize("office", ["Minister", "Attorney General", "Mayor"])
def test_an_office_is_not_who_holds_it(office: str) -> None:
    label = f"the {office.lower()}’s office"
    said = whose(f"{office} Ida Marsh opened the case. {label.capitalize()} said that it was strong.")
    assert {speaker.name for speaker in said.values()} == {label}


def test_a_letter_speaks_for_whoever_wrote_in_it() -> None:
    said = whose(
        "The inquest into the loss of the Merganser heard from the skipper’s widow.\n\nIn a "
        "statement read out by her "
        "solicitor, Edna Farrow said her husband had warned the owners. “He came home grey,” the "
        "statement said.\n\nThe "
        "solicitor, Noel Pryce, asked for the papers."
    )
    assert said["He came"].name == "Edna Farrow"


@pytest.mark.parametrize("paper", ["a note from Pryce", "an email from Noel Pryce", "the last letter from Pryce"])
def test_a_paper_from_somebody_speaks_for_who_sent_it(paper: str) -> None:
    said = whose(
        "Prosecutor Hanne Okoro said the skipper, Noel Pryce, knew of the pump. “The pump is dead and we sail "
        f"anyway,” {paper} said.\n\nOkoro told the court: “A man may know his pump.”"
    )
    assert (said["The pump"].name, said["A man"].name) == ("Noel Pryce", "Hanne Okoro")


def test_somebody_from_a_place_is_not_the_place() -> None:
    said = whose("Noel Pryce knew of the pump. “The pump is dead,” a sailor from Orsa said. Orsa lies on the Tarn.")
    assert said["The pump"].name == "a sailor from Orsa"


def test_a_body_behind_a_comma_is_who_speaks() -> None:
    said = whose("Her union, the Weavers’ Guild, said that she had been ill. “She coughed,” said Ida Marsh.")
    assert (said["that she"].name, said["that she"].kind) == ("Weavers’ Guild", "body")


@pytest.mark.parametrize("lead", ["One of the guests, 50-year-old", "Outside court, one of the guests, 50-year-old"])
def test_a_person_behind_a_comma_is_who_speaks(lead: str) -> None:
    said = whose(f"{lead} Ida Marsh, said the roof was gone. “It blew off,” she said.")
    assert {speaker.name for speaker in said.values()} == {"Ida Marsh"}


def test_the_pair_are_both_where_one_surname_serves_for_two() -> None:
    said = whose(
        "Two brothers who built a mill from barrels say they will not stop.\n\nJanek and Bruno "
        "Lisak began in May, after "
        "a bar closed. “We had nine hundred barrels,” the pair said in a statement.\n\n“He "
        "carries,” Bruno Lisak said.\n\n"
        "Janek Lisak said the wheel had taken a year."
    )
    assert (said["We had"].name, said["We had"].kind) == ("Janek Lisak and Bruno Lisak", "group")


def test_they_are_no_single_husband() -> None:
    said = whose(
        "Married couple Gwen and Idris Pryor found a coin in a loaf of bread.\n\n“I thought it was "
        "my tooth,” Gwen said. "
        "Her husband said he had wanted to spend it.\n\nThe couple, from Nant Isaf, have given the "
        "coin to the museum. "
        "They said that they did not want any money."
    )
    assert said["that they"].name != "her husband"


def test_a_description_of_a_body_means_the_one_whose_name_says_so() -> None:
    said = whose(
        "Halder Bank is to close half of its branches, blaming a shift to phones.\n\nThe lender "
        "said that only one customer "
        "in nine still came in. “They come to complain,” said branch manager Tobias "
        "Finch.\n\nHalder said it would send "
        "vans to villages."
    )
    assert said["that only"].name == "Halder Bank"


def test_the_manager_of_a_club_is_not_the_club() -> None:
    said = whose("Orsa Town drew on Sunday and Noel Pryce was cross.\n\n“We slept,” the Orsa Town manager said.")
    assert said["We slept,"].name != "Orsa Town"


def test_whom_a_club_lost_to_is_not_its_keeper() -> None:
    said = whose(
        "Norway lost on Sunday, and Pia Sandvik was in tears. Orla Finch, who scored for Wales, was "
        "not.\n\n“It was the "
        "wind,” the Norway keeper said."
    )
    assert said["It was"].name != "Orla Finch"


def test_an_analyst_opens_a_sentence_as_a_mayor_does() -> None:
    said = whose(
        "Shares in Lanternbay, the lighting maker, fell on Wednesday.\n\nThe company blamed the "
        "price of copper. “Nobody "
        "could have known,” finance director Priya Varma said.\n\nAnalyst Torvald Haug of Skagen Markets was not "
        "impressed. “Everybody did,” he said."
    )
    assert said["Everybody did,"].name == "Torvald Haug"


def test_the_campaign_of_one_is_not_that_of_another() -> None:
    said = whose(
        "Ida Marsh and Noel Pryce met on Monday to talk of the toll.\n\nThe Pryce campaign said that she had no plan."
        "\n\nThe Marsh campaign said that it had won."
    )
    assert said["that it"].name != "the Pryce campaign"


def test_whoever_recalls_what_a_father_said_is_not_the_father() -> None:
    text = "Harry Lowther recalled that his late father had said the mine “would outlive us all”."
    found = [q.speaker.name for q in extract_quotes(text) if q.speaker and "outlive" in q.text]
    assert found == ["his late father"]


def test_the_company_is_a_firm_that_is_named_like_a_person() -> None:
    text = (
        "A spokeswoman for Darrow Foods said the company “regrets the error”. Its chief executive, Leonie Marsh, was "
        "not available. The company said a refund would be paid within ten days."
    )
    assert [q.speaker.name for q in extract_quotes(text) if q.speaker][-1] == "Darrow Foods"


def test_an_age_is_of_whoever_has_it_beside_the_name() -> None:
    said = whose(
        "Greta Lowe, 63, has kept the lock since she left school. “I never missed a barge,” she said.\n\nHer nephew "
        "Noel Quarry, 29, missed two. “They had no lights,” the 29-year-old said."
    )
    assert said["They had"].name == "Noel Quarry"


def test_the_number_outweighs_whoever_spoke_last() -> None:
    said = whose(
        "Greta Lowe, 19, rowed the Tarn in a day on Sunday.\n\nHer trainer, Noel Quarry, 58, followed in a barge. “She "
        "never looked round,” he said.\n\n“He snores,” the 19-year-old said."
    )
    assert said["He snores,"].name == "Greta Lowe"


def test_a_share_of_people_is_not_whoever_has_the_number_for_an_age() -> None:
    said = whose(
        "Greta Lowe, 41, has lost her lead over the lock. A year ago, 41 percent of bargemen said that the lock had "
        "been run badly."
    )
    assert said["that the"].name == "41 percent of bargemen"


def test_he_behind_a_lawyer_of_his_is_not_the_lawyer() -> None:
    said = whose(
        "Clerk Dilys Marrack told the inquiry that she rang twice. “He hung up,” she said.\n\nKarl Tresk, the master, "
        "was there. His solicitor, Priya Nandakumar, said he disputed her account.\n\n“My client is careful,” she said."
    )
    assert said["My client"].name == "Priya Nandakumar"


def test_he_is_the_only_one_whom_his_paragraph_is_about() -> None:
    said = whose(
        "Mayor Nguyen Thi Bao Chau held off Terrence Whitlock on Tuesday.\n\n“The levee got built,” Nguyen said.\n\n"
        "Whitlock conceded at midnight. “I am going fishing,” he told supporters."
    )
    assert said["I am"].name == "Terrence Whitlock"


def test_an_office_of_two_leads_up_to_both() -> None:
    said = whose(
        "The presidents of Calder Rovers and Calder Athletic, Lena Hirst and Mustafa Demirel, said in a letter that "
        "the clubs would share a ground. “It is time,” they wrote."
    )
    assert {speaker.name for speaker in said.values()} == {"Lena Hirst and Mustafa Demirel"}


def test_the_pair_are_the_only_two_who_were_named_together() -> None:
    said = whose(
        "Sisters Orla and Niamh Desmond rowed home on Sunday.\n\nTheir mother, Bridie Desmond, had watched a screen. "
        "“I slept badly,” she said.\n\nThe pair said they would eat."
    )
    assert said["they would"].name == "Orla and Niamh Desmond"


def test_whoever_speaks_in_a_headline_is_nobody_whom_the_text_means() -> None:
    said = whose(
        "Tunnel workers feared flooding\n\nWorkers on the Brennick tunnel warned of water three days before the "
        "collapse, the public prosecutor said on Friday.\n\nThe foreman, Luc Arnoux, answered: “Walls do that.”"
    )
    assert said["Workers on"].name == "the public prosecutor"


def test_one_word_behind_a_bank_is_where_it_is() -> None:
    said = whose(
        "The Bank of Tarn kept its main rate at 3.5 percent on Tuesday and signalled that it was in no hurry to "
        "cut.\n\n“It would be wrong to bet on June,” Governor Ines Lacombe said."
    )
    assert said["that it"].name == "Bank of Tarn"


def test_she_is_whom_a_who_shows_to_be_a_person_where_nobody_is_named() -> None:
    said = whose(
        "Judge Karl Ranheim fined Captain Petros Lambrou on Monday. “I know what I did,” he told the court.\n\n"
        "The mayor of Ytterby, who was in the gallery, was less forgiving. “Four days,” she said."
    )
    assert (said["Four days,"].name, said["Four days,"].kind) == ("the mayor of Ytterby", "unnamed")


def test_an_age_at_the_head_of_a_sentence_is_no_part_of_a_name() -> None:
    said = whose(
        "Seventeen-year-old Li Wen of Canada beat Anton Brzezicki in 31 moves.\n\n“I did not sleep,” Li said later."
    )
    assert said["I did"].name == "Li Wen"


def test_whoever_asks_whether_he_did_is_not_he() -> None:
    said = whose(
        "Structural engineer Baljit Rooke said he had written to the owners. “I underlined it,” he said.\n\nGemma "
        "Straker, for the family, asked whether he had received a reply.\n\n“A Christmas card,” he said."
    )
    assert said["A Christmas"].name == "Baljit Rooke"


def test_one_is_no_role() -> None:
    said = whose("Two riders backed her on Sunday. “It happened to me as well,” said one, Clara Monti.")
    assert (said["It happened"].name, said["It happened"].role) == ("Clara Monti", None)


def test_the_lawyer_of_a_man_can_be_she_and_he_cannot() -> None:
    said = whose(
        "Chief executive Marcus Deane said the review had cost the company £2m. “We have fans in every room,” Deane "
        "said.\n\nThe author of the guide, Polly Trench, said she stood by every word. Her publisher, Quill & Stone, "
        "said in a statement: “We look forward to a judge.”\n\nDeane’s lawyer told the Ledger that the chain would "
        "accept an apology. “A short one,” she said."
    )
    assert said["A short"].name == "Deane’s lawyer"


@pytest.mark.parametrize(
    ("opens", "name"), [("An old man in a good coat", "an old man"), ("His brother", "his brother")]
)
def test_he_in_a_paragraph_without_names_is_whom_it_begins_with(opens: str, name: str) -> None:
    said = whose(
        "Tomasz Wilk, 44, a welder, stood in line at the consulate. “I have every paper,” Wilk said.\n\n"
        f"{opens} shook his head. “My sister is in there,” he said, and pointed at the wall."
    )
    assert (said["My sister"].name, said["My sister"].kind) == (name, "unnamed")


def test_the_officer_is_a_council_officer_who_came_before() -> None:
    said = whose(
        "The baker, Otto Brandl, says that bread wakes up at four.\n\nA council officer visited on Monday. “I found no "
        "nuisance,” the officer, who asked not to be named, said. “I did find a very good rye.”"
    )
    assert said["I found"].name == "the officer"


def test_whoever_has_the_family_name_first_can_be_she() -> None:
    said = whose(
        "Sato Haruka took gold on Sunday, beating Kim Seo-yeon in golden score.\n\n“My legs were gone,” Sato said.\n\n"
        "Kim, bowing to the crowd, was in tears. “I lost to a better grip,” she said."
    )
    assert said["I lost"].name == "Kim Seo-yeon"


def test_a_body_is_itself_and_not_its_spokesperson_though_a_clause_tells_more_of_it() -> None:
    said = whose(
        "Builder misses the opening of the lock\n\nA spokesman for Brannet Works said: “The first gate will hang in "
        "May.”\n\nThe company, which has its seat in Kelso, said that the hinges were late."
    )
    assert (said["The first"].kind, said["that the"].name) == ("unnamed", "Brannet Works")


def test_what_somebody_wrote_is_who_wrote_it() -> None:
    said = whose(
        "Edna Zollner of The Tide wrote: “If you want people to know you care, you have to show it.” Zollner’s comment "
        "highlighted the silence that the council had kept."
    )
    assert said["the silence"].name == "Edna Zollner"


def test_of_two_by_one_surname_the_father_is_not_whoever_is_called_the_son() -> None:
    said = whose(
        "Marrack’s Son Says The Race Will Be Close.\n\nKarl Marrack began his campaign for mayor on Saturday.\n\nJoss "
        "Marrack, son of the candidate, spoke to the harbour radio. “It will be near,” Joss Marrack said. “He is "
        "ready,” he added.\n\n“My father sleeps well,” Joss Marrack said."
    )
    assert said["The Race"].name == "Joss Marrack"


def test_he_is_not_a_description_that_likely_means_somebody_named() -> None:
    said = whose(
        "Does Tidepool co-founder Elias Vandermeer have regrets? The entrepreneur and founder of venture fund Seven "
        "Six Six, speaking at an event at the University of Tarn, espoused a bleak view of the trade — one where he "
        "says, everyone has “been trained to count the likes.” Still, he ultimately described himself as a “stubborn "
        "optimist” — a nod to what others wrote.\n\n“Guilty as charged,” Vandermeer said."
    )
    assert said["himself as"].name == "Elias Vandermeer"


def test_whoever_is_of_a_council_is_a_person_though_nobody_has_the_surname_in_full() -> None:
    said = whose("The Tarn river rose on Monday.\n\nKarppinen of the energy agency welcomed the plan.")
    assert (said["the plan"].name, said["the plan"].kind) == ("Karppinen", "person")


@pytest.mark.parametrize(
    ("titled", "short", "owned"),
    [
        ("Sister Ida Hale", "Sister Ida", "sister"),
        ("Father Bo Ekman", "Father Bo", "father"),
        ("Brother Tomas Hale", "Brother Tomas", "brother"),
    ],
)
@pytest.mark.parametrize("mark", ["’", "'"])
def test_whose_sister_somebody_is_does_not_speak(titled: str, short: str, owned: str, mark: str) -> None:
    name = titled.split(" ", 1)[1]
    text = (
        f"{titled}, who keeps the bees, said on Friday that two hives had been moved. “They were here at noon,” "
        f"{short} said.\n\nTove Brandt, who bakes in the village, had bought eleven jars.\n\n“I asked nothing,” "
        f"{short}{mark}s {owned} said."
    )
    said = whose(text)
    assert (said["They were"].name, said["I asked"].name == name) == (name, False)


def test_whose_captain_somebody_is_does_not_speak() -> None:
    text = (
        "Captain Ida Hale said the crew was ready. “We row at noon,” Hale said. Tove Brandt came by.\n\n“The oars are "
        "old,” Captain Hale’s old captain said."
    )
    assert whose(text)["The oars"].name != "Ida Hale"
