"""The many ways to ask: kinds, parties, topics and premises of questions that mean the same."""

from __future__ import annotations

import time

import pytest

from rag.people import Directory
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
        ("Marit Brandvold", "former president of Ruritania"),
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
    ("In Tuesday's debate, what did Olm say about cuts?", "Greta Olm", "Tuesday debate cuts"),
    ("What risk did Bo Reay see in the merger?", "Bo Reay", "risk merger"),
    ("What is Olm worried about for next year's budget?", "Greta Olm", "worried next year budget"),
    ("How much will the roof cost, according to Voss?", "Stellan Voss", "much roof cost"),
    ("How much will the roof cost, per Stellan Voss?", "Stellan Voss", "much roof cost"),
    ("stellan voss - what's he expect the council to do", "Stellan Voss", "expect council"),
    ("olm on the merger", "Greta Olm", "merger"),
    ("What bothered Dunmore about the tariff?", "Karel Dunmore", "bothered tariff"),
    ("How did Castellane square the strike with her promise?", "Femi Castellane", "square strike promise"),
    ("What did Voss, the education director, say about roofs?", "Stellan Voss", "roofs"),
    ("Is it a strike? what did the union's lawyer tell reporters", "Bo Reay", "strike"),
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
        ("“A tax with a tap on it”: who wrote this?", (), "tax tap"),
        ("Which engineer warned about the sand?", ("engineer",), "warned sand"),
        ("Which Tarn Institute professor says the sand will move?", ("Tarn Institute professor",), "sand move"),
        ("Which council hopeful called the plan 'a folly'?", ("council hopeful",), "plan folly"),
        ("Who compared the merger to a leaking boat?", (), "compared merger leaking boat"),
        ("Who described the vote as 'cat versus dog'?", (), "vote cat versus dog"),
        ("By whom was the plan called a folly?", (), "plan called folly"),
        ("Whose words are 'Nobody digs a deeper hole'?", (), "nobody digs deeper hole"),
        ("Who used the phrase 'daylight robbery'?", (), "daylight robbery"),
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
        ("Was it Brandt who called the merger a rescue?", "Dorothea Brandt", "merger rescue"),
        ("Was it the chief executive who called the merger a rescue?", "Dorothea Brandt", "merger rescue"),
        ("Is Voss against the merger?", "Stellan Voss", "merger"),
        ("Didn’t Olm warn of higher costs?", "Greta Olm", "warn higher costs"),
        ("So did Dunmore call the plan a tax?", "Karel Dunmore", "plan tax"),
        ("Did Dunmore call on the mayor to resign?", "Karel Dunmore", "call mayor resign"),
        ("Is there any quote from Castellane about the merger?", "Femi Castellane", "merger"),
        (
            "did olm testify that the levy depends on what the pilots earn",
            "Greta Olm",
            "testify levy depends pilots earn",
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
        ("Which councillors commented on the toll, and what did they say?", ("councillors",), "toll"),
        ("Which founding members praised the rota, in their own words?", ("founding members",), "praised rota"),
        ("Which teachers are quoted on why they left?", ("teachers",), "left"),
        ("Which engineers are quoted by name on the dam, and what does each say?", ("engineers",), "dam"),
        ("Who commented on the toll?", (), "toll"),
        ("Who has commented on the toll?", (), "toll"),
        ("Who is quoted on the ferry strike?", (), "ferry strike"),
        ("Who else spoke about the ferry?", (), "ferry"),
        ("List everyone who spoke about the toll", (), "toll"),
        ("Name all the people quoted on the school merger", (), "school merger"),
        ("Witnesses to the collision: who are they and what did they see?", (), "witnesses collision"),
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
        ("Voss versus Olm: is the school safe?", (VOSS, OLM), "school safe"),
        ("What's the difference between Voss's and Olm's views on the school?", (VOSS, OLM), "school"),
        ("How does Olm's verdict on the merger differ from Voss's?", (OLM, VOSS), "merger"),
        ("How do Voss and the chairwoman see the merger?", (VOSS, OLM), "merger"),
        ("Do Voss and Olm agree on the roof?", (VOSS, OLM), "agree roof"),
        ("What did Voss and Olm say about the school?", (VOSS, OLM), "school"),
        ("Did Voss or Olm mention the roof?", (VOSS, OLM), "roof"),
        ("The two teachers, Stellan Voss and Greta Olm, on the roof", (VOSS, OLM), "roof"),
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
        "Compare what Voss said about the roof with what Olm said about the budget",
        "What did Voss say about the roof, and what did Olm say about the budget?",
        "What does Voss claim about the roof and how does Olm answer about the budget?",
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
        ("How has Olm's position on the merger shifted since March 2016?", "Greta Olm"),
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
        ("Why did Brandt call the merger a rescue?", "call the merger a rescue"),
        ("Why does the mayor oppose a second tug?", "oppose a second tug"),
        ("What did Brandt say when she announced the closure?", "announced the closure"),
        ("When did Voss promise to keep the school open?", "promise to keep the school open"),
        ("When did Voss say he gave the keys to the museum?", "he gave the keys to the museum"),
        ("What reason did Olm give for cutting the budget?", "cutting the budget"),
        ("What did Voss write about when he opened the school?", ""),
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
        ("What did Ruritania's ex-president say about the treaty?", "Ruritania's ex-president", ("Marit Brandvold",)),
        ("what did the unions lawyer say", "the unions lawyer", ("Bo Reay",)),
        ("What did the attorney of the union say?", "the attorney of the union", ("Bo Reay",)),
        ("What did the port authority say about fees?", "the port authority", ("the Halvick Port Authority",)),
        ("What did the Kremlin say about fees?", "the Kremlin", ()),
        ("How did NATO respond to the strike?", "NATO", ()),
        ("What did France say about the ferry?", "France", ()),
        ("What did Ruritania say about the ferry?", "Ruritania", ("Marit Brandvold",)),
        ("What did the Hale campaign say about the leak?", "the Hale campaign", ()),
        ("What did hales wife say about the house", "hales wife", ()),
        ("What did Hale's wife say about the house?", "Hale's wife", ()),
        ("What did the lawmaker from the coast say?", "the lawmaker from the coast", ()),
        ("What did the 61-year-old with 1,200 hens say?", "the 61-year-old with 1,200 hens", ()),
        ("How did fellow Tarners react to the toll?", "fellow Tarners", ()),
        ("that pilot who quit, how did she put it?", "that pilot who quit", ()),
    ],
)
def test_a_description_is_no_unknown_person(question: str, phrase: str, speakers: tuple[str, ...]) -> None:
    query = ask(question)
    assert (query.described, query.speakers, query.unknown_speakers) == ((phrase,), speakers, ())


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("What did Anna Quist of the Tarn Institute say about fees?", "Anna Quist of the Tarn Institute"),
        ("What did Judge Alma Quist write in the toll case?", "Judge Alma Quist"),
        ("what did senator alma quist say about the toll", "senator alma quist"),
        ("Is there a quote from Alma Quist, the union rep, about the toll?", "Alma Quist"),
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
