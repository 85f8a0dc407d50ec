"""The many ways to ask: kinds, parties, topics and premises of questions that mean the same."""

from __future__ import annotations

import time

import pytest

from rag.people.directory import Directory
from rag.query import topic_terms, understand
from rag.schema import Query
from rag.text import terms

PEOPLE = Directory(
    [
        ("Ida Hale", "governor"),
        ("Delphine Hale", "coach"),
        ("Ingrid Solvane", "mayor"),
        ("Tomas Solvane", "leader of the Halvick pilots’ union"),
        ("Ruta Belmane", "harbour engineer"),
        ("Karel Dunmore", "opposition spokesman"),
        ("Stellan Voss", "education director"),
        ("Greta Olm", "chairwoman of the finance committee"),
        ("Dorothea Brandt", "chief executive"),
        ("Femi Castellane", "union secretary"),
        ("Marit Brandvold", "former governor of Skerry"),
        ("the Halvick Port Authority", ""),
        ("Bo Reay", "the union’s lawyer"),
        ("William Achterberg", "head nurse"),
    ],
    publications=("The Daily Harbour", "Tarn Times"),
)


def ask(question: str) -> Query:
    """Understand a question that nothing came before."""
    return understand(question, [], PEOPLE)


SAID_WHAT = [
    ("What did Belmane say about the price of the dredging?", "Ruta Belmane", "price dredging"),
    ("what's belmane's view on the beach", "Ruta Belmane", "beach"),
    ("How does the harbour engineer feel about the beach?", "Ruta Belmane", "beach"),
    ("What was the mayor's response to the pilots?", "Ingrid Solvane", "pilots"),
    ("Tell me what Ruta Belmane thinks of the beach plan", "Ruta Belmane", "beach plan"),
    ("I want to know what the mayor said about the tug", "Ingrid Solvane", "tug"),
    ("At Sunday's fair, what did Olm say about geese?", "Greta Olm", "Sunday fair geese"),
    ("What hope did Bo Reay express for the regatta?", "Bo Reay", "hope regatta"),
    ("What is Olm annoyed about in the baker's lease?", "Greta Olm", "annoyed baker lease"),
    ("How many swans nest on the roof, according to Voss?", "Stellan Voss", "many swans nest roof"),
    ("How long do swans nest on the roof, per Stellan Voss?", "Stellan Voss", "long swans nest roof"),
    ("ruta belmane - what's she predict for the spring tide", "Ruta Belmane", "predict spring tide"),
    ("olm on the merger", "Greta Olm", "merger"),
    ("What pleased Dunmore about the new pier?", "Karel Dunmore", "pleased new pier"),
    ("How did Castellane excuse the late boats to the islanders?", "Femi Castellane", "excuse late boats islanders"),
    ("What did Voss, the education director, say about roofs?", "Stellan Voss", "roofs"),
    ("Is it too late for barley? what has the union's lawyer told us", "Bo Reay", "late barley"),
]


@pytest.mark.parametrize(("question", "speaker", "topic"), SAID_WHAT)
def test_what_somebody_said(question: str, speaker: str, topic: str) -> None:
    query = ask(question)
    assert (query.kind, query.speakers, query.unknown_speakers) == ("said_what", (speaker,), ())
    assert sorted(topic_terms(query.topic)) == sorted(terms(topic))


@pytest.mark.parametrize(
    ("question", "described", "topic"),
    [
        ("Who said that the harbour is not getting bigger?", (), "harbour getting bigger"),
        ("who thinks the toll will stay", (), "toll stay"),
        ("'a tax with a tap on it' - who said that?", (), "tax tap"),
        ("“A tax with a tap on it”: who coined this?", (), "tax tap"),
        ("Which engineer warned about the sand?", ("engineer",), "warned sand"),
        ("Which Orrindale Museum curator says the bones are fake?", ("Orrindale Museum curator",), "bones fake"),
        ("Which radio commentator called the match 'a pillow fight'?", ("radio commentator",), "match pillow fight"),
        ("Who likened the timetable to a wet sock?", (), "likened timetable wet sock"),
        ("Who remarked that 'bakers versus brewers' drew a crowd?", (), "bakers versus brewers drew crowd"),
        ("By whom was the plan called a folly?", (), "plan called folly"),
        ("Whose words are 'Nobody digs a deeper hole'?", (), "nobody digs deeper hole"),
        ("Who coined the term 'daylight robbery'?", (), "daylight robbery"),
        ("So who blamed the ministry for the delay?", (), "blamed ministry delay"),
    ],
)
def test_who_said_it(question: str, described: tuple[str, ...], topic: str) -> None:
    query = ask(question)
    assert (query.kind, query.described, query.speakers) == ("who_said", described, ())
    assert sorted(topic_terms(query.topic)) == sorted(topic_terms(topic))


@pytest.mark.parametrize(
    ("question", "speaker", "topic"),
    [
        ("Did Voss ever say he'd close the school?", "Stellan Voss", "he'd close school"),
        ("Has the mayor promised a second tug?", "Ingrid Solvane", "promised second tug"),
        ("Is it true that Olm opposes the merger?", "Greta Olm", "opposes merger"),
        ("Is it the case that Olm said no?", "Greta Olm", ""),
        ("Was it Brandt who described the pier as a ruin?", "Dorothea Brandt", "pier ruin"),
        ("Was it the chief executive who described the pier as a ruin?", "Dorothea Brandt", "pier ruin"),
        ("Is Voss against the merger?", "Stellan Voss", "merger"),
        ("Didn’t Olm warn of higher costs?", "Greta Olm", "warn higher costs"),
        ("So did Dunmore call the plan a tax?", "Karel Dunmore", "plan tax"),
        ("Did Dunmore call on the brewers to bottle less?", "Karel Dunmore", "call brewers bottle less"),
        ("Is there any comment by Castellane on the night boat?", "Femi Castellane", "night boat"),
        (
            "did olm swear that the crates came before what the clerk calls noon",
            "Greta Olm",
            "swear crates came clerk calls noon",
        ),
    ],
)
def test_did_somebody_say_it(question: str, speaker: str, topic: str) -> None:
    query = ask(question)
    assert (query.kind, query.speakers) == ("did_say", (speaker,))
    assert sorted(topic_terms(query.topic)) == sorted(topic_terms(topic))


@pytest.mark.parametrize(
    ("question", "described", "topic"),
    [
        ("Which Tarnmouth pilots complained about the tug?", ("Tarnmouth pilots",), "complained tug"),
        ("Which councillors commented on the toll, and what does everyone think of it?", ("councillors",), "toll"),
        ("Which opening acts praised the stage, in their own words?", ("opening acts",), "praised stage"),
        ("Which gardeners are quoted on how frost harms pears?", ("gardeners",), "frost harms pears"),
        ("Which beekeepers are cited by name on honey, and how does each explain it?", ("beekeepers",), "honey"),
        ("Who commented on the toll?", (), "toll"),
        ("Who has commented on the toll?", (), "toll"),
        ("Who is quoted on the ferry strike?", (), "ferry strike"),
        ("Who else spoke about the ferry?", (), "ferry"),
        ("List everyone who spoke about the toll", (), "toll"),
        ("Name all the people quoted on the school merger", (), "school merger"),
        ("Cooks on the night boat: who are they, and where do they sleep?", (), "cooks night boat"),
        ("How did people react to the toll?", (), "toll"),
    ],
)  # fmt: skip
def test_all_who_said_something(question: str, described: tuple[str, ...], topic: str) -> None:
    query = ask(question)
    assert (query.kind, query.described, query.speakers) == ("list", described, ())
    assert sorted(topic_terms(query.topic)) == sorted(topic_terms(topic))


VOSS, OLM = ("Stellan Voss",), ("Greta Olm",)


@pytest.mark.parametrize(
    ("question", "parties", "topic"),
    [
        ("Compare what Voss and Olm said about the plan", (VOSS, OLM), "plan"),
        ("How do Voss and Olm differ on the school?", (VOSS, OLM), "school"),
        ("Voss vs. Olm on the merger", (VOSS, OLM), "merger"),
        ("Voss versus Olm: can the swans stay?", (VOSS, OLM), "swans stay"),
        ("What's the difference between Voss's and Olm's views on the school?", (VOSS, OLM), "school"),
        ("How far does Olm's account of the fog differ from that of Voss?", (OLM, VOSS), "fog"),
        ("How do Voss and the chairwoman see the merger?", (VOSS, OLM), "merger"),
        ("Do Voss and Olm agree on the roof?", (VOSS, OLM), "agree roof"),
        ("What did Voss and Olm say about the school?", (VOSS, OLM), "school"),
        ("Did Voss or Olm mention the roof?", (VOSS, OLM), "roof"),
        ("The first cellists, Stellan Voss and Greta Olm, about the encore", (VOSS, OLM), "encore"),
    ],
)
def test_two_parties_are_compared_in_the_question_s_order(
    question: str, parties: tuple[tuple[str, ...], ...], topic: str
) -> None:
    query = ask(question)
    assert query.kind == "compare"
    assert tuple(party.speakers for party in query.asked) == parties
    assert set(topic_terms(topic)) <= set(topic_terms(query.topic))


@pytest.mark.parametrize(
    "question",
    [
        "Compare what Voss wrote regarding the roof with what Olm told journalists about the budget",
        "What did Voss say about the roof, and what did Olm say about the budget?",
        "What does Voss write about the roof and how does Olm describe the budget?",
    ],
)
def test_each_party_can_have_its_own_topic(question: str) -> None:
    query = ask(question)
    assert query.kind == "compare"
    assert [(party.speakers, party.topic) for party in query.asked] == [(VOSS, "the roof"), (OLM, "the budget")]


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("Has Voss changed his mind about the school?", "Stellan Voss"),
        ("Did Olm shift her position on the merger?", "Greta Olm"),
        ("How has Olm's stance on the fair shifted since March 2031?", "Greta Olm"),
        ("How did the mayor's view of the tug change?", "Ingrid Solvane"),
        ("Has Dunmore flip-flopped on the tariff?", "Karel Dunmore"),
    ],
)
def test_a_change_of_position(question: str, speaker: str) -> None:
    query = ask(question)
    assert (query.kind, query.speakers) == ("change", (speaker,))


@pytest.mark.parametrize(
    ("question", "premise"),
    [
        ("Why did Brandt call the pier a ruin?", "call the pier a ruin"),
        ("Why does the mayor oppose a second tug?", "oppose a second tug"),
        ("What did Brandt write after she sold the winter boats?", "sold the winter boats"),
        ("When did Voss promise to keep the school open?", "promise to keep the school open"),
        ("When did Voss mention he hid a bell in the attic?", "he hid a bell in the attic"),
        ("What excuse did Olm make for painting the pier?", "painting the pier"),
        ("What did Voss speak about after he rowed home?", ""),
        ("What did Voss say about the roof?", ""),
        ("Why does Olm think the second building is cheaper?", ""),
        ("Did Voss say why he left?", ""),
    ],
)
def test_what_a_question_takes_for_granted(question: str, premise: str) -> None:
    assert ask(question).premise == premise


@pytest.mark.parametrize(
    ("question", "phrase", "speakers"),
    [
        ("Has Skerry's ex-governor spoken about the seals?", "Skerry's ex-governor", ("Marit Brandvold",)),
        ("what did the unions lawyer say", "the unions lawyer", ("Bo Reay",)),
        ("What did the attorney of the union say?", "the attorney of the union", ("Bo Reay",)),
        ("What did the port authority say about fees?", "the port authority", ("the Halvick Port Authority",)),
        ("What did the EU say about fees?", "the EU", ()),
        ("How did NATO respond to the strike?", "NATO", ()),
        ("What did France say about the ferry?", "France", ()),
        ("What did Skerry say about the ferry?", "Skerry", ("Marit Brandvold",)),
        ("What did the Hale campaign say about the leak?", "the Hale campaign", ()),
        ("how did brandts aunt explain the fog horn", "brandts aunt", ()),
        ("What did Brandt's aunt say about the fog horn?", "Brandt's aunt", ()),
        ("What did the cobbler behind the chapel say?", "the cobbler behind the chapel", ()),
        ("What did the keeper of 1,200 bees on Pier-4 say?", "the keeper of 1,200 bees on Pier-4", ()),
        ("What do young Tarners think of the toll?", "young Tarners", ()),
        ("the diver whose lamp broke: what has he learned?", "the diver whose lamp broke", ()),
    ],
)
def test_a_description_is_no_unknown_person(question: str, phrase: str, speakers: tuple[str, ...]) -> None:
    query = ask(question)
    assert (query.described, query.speakers, query.unknown_speakers) == ((phrase,), speakers, ())


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("How did Anna Quist of the Orrindale Choir explain the fees?", "Anna Quist of the Orrindale Choir"),
        ("What has Captain Alma Quist predicted for the regatta?", "Captain Alma Quist"),
        ("what does coach alma quist think of the relay", "coach alma quist"),
        ("Is there a statement of Alma Quist, the lock keeper, about the sluice?", "Alma Quist"),
        ("What did Mara Voss say about the school?", "Mara Voss"),
        ("Why did Quist resign?", "Quist"),
    ],
)
def test_a_name_that_nobody_carries_is_unknown_whatever_stands_around_it(question: str, unknown: str) -> None:
    query = ask(question)
    assert (query.unknown_speakers, query.speakers, query.described) == ((unknown,), (), ())


def test_an_ambiguous_surname_names_everybody_it_can_mean() -> None:
    query = ask("What did Hale say about the house?")
    assert query.ambiguous == ("Ida Hale", "Delphine Hale")
    assert query.asked[0].people == query.ambiguous
    assert ask("What did Governor Hale say?").ambiguous == ()
    assert ask("What did Governor Hale say?").speakers == ("Ida Hale",)


def test_a_misspelt_name_is_taken_for_the_nearest_and_said_so() -> None:
    query = ask("What did Femi Castelane say?")
    assert query.speakers == ("Femi Castellane",)
    assert query.respelt == (("Femi Castelane", "Femi Castellane"),)
    assert ask("What did Castellane say?").respelt == ()


@pytest.mark.parametrize(
    ("question", "outlets", "speakers"),
    [
        ("In the Daily Harbour, what did Voss say about the roof?", ("The Daily Harbour",), VOSS),
        ("What did Voss tell the Tarn Times about the roof?", ("Tarn Times",), VOSS),
        ("According to the Tarn Times’s report, what did Voss say about the roof?", ("Tarn Times",), VOSS),
        ("What did the Daily Harbour report about the ferry?", ("The Daily Harbour",), ()),
        ("What did Voss say about the daily harbour traffic?", (), VOSS),
    ],
)
def test_an_outlet_is_a_wish_not_a_speaker(question: str, outlets: tuple[str, ...], speakers: tuple[str, ...]) -> None:
    query = ask(question)
    assert (query.outlets, query.speakers, query.unknown_speakers) == (outlets, speakers, ())


UNITS = [
    "a ", "did x ", "x's view ", "which a ", "according to ", "per A ", "what made ", "in March ", "and ", ", ", "' ",
    '"', "'a", "- what ", "who is ", "vs ", "between a and ", "differ from ", "what is ", "Hale ", "hale's ",
    "when he ", "is it ", "the ", "view of change ", "Voss's take ", "and what about ", "on 1 ",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_a_hostile_question_costs_little(unit: str) -> None:
    question = (unit * 1000)[:1000]
    begin = time.process_time()
    understand(question, [{"role": "user", "content": question}, {"role": "assistant", "content": question}], PEOPLE)
    assert time.process_time() - begin < 1
