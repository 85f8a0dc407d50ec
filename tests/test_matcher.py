"""Whom a question's words for somebody mean: the one who surely is, of those who speak to it, and by nobody else's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from rag.judging.matcher import SURE, Matcher
from rag.judging.profile import BEFORE, BEHIND, called, profile
from rag.models.cross_encoder import Calibrated
from rag.people.directory import Directory
from rag.pipeline import Chain
from rag.retrieval.retriever import Retriever
from rag.schema import Article, History, Hit, Party, Query, Speaker
from rag.verification.verify import Records, verify
from tests.fakes import FakeEmbeddings, FakeJudge, FakeReader, hit, matcher, quote, read_index, record, write_index

SPEAKERS = [("Ida Hale", "airport director"), ("Karl Poole", "mayor"), ("a guard", "")]
PEOPLE = Directory.of(SPEAKERS)
BOSS = "the airport's boss"
ASKED = Query("What did the airport's boss say?", "What did the airport's boss say?", parties=(Party(BOSS),))


def said(by: str, role: str, article: str = "") -> Hit:
    found = hit(1.0, by=by, id=article or by)
    quote = replace(found.statement.quote, speaker=Speaker(by, role or None))
    return replace(found, statement=replace(found.statement, quote=quote))


HITS = [said(*speaker) for speaker in SPEAKERS]


def article(id: str) -> Article:
    return Article(id, f"On Monday {id} spoke.", title="The dam")


def test_who_is_surely_meant_is_taken_for_whom_the_question_asks_about() -> None:
    [found] = matcher({"Ida Hale": 0.95}).matched(ASKED, HITS, PEOPLE, article).parties
    assert found == Party(BOSS, ("Ida Hale",), ("Ida Hale",), respelt=True)


@pytest.mark.parametrize(
    "chances",
    [{}, {"Ida Hale": SURE - 0.01}, {"Ida Hale": 0.9, "Karl Poole": 0.8}],
    ids=["nobody", "not surely", "two may be"],
)
def test_nobody_is_taken_for_whom_it_asks_about_where_that_is_not_sure(chances: Mapping[str, float]) -> None:
    assert matcher(chances).matched(ASKED, HITS, PEOPLE, article) == ASKED


def test_who_speaks_under_two_names_is_no_rival_of_himself() -> None:
    people = Directory.of([("Ida Hale", "airport director"), ("I. Hale", "airport director")])
    two = [said("Ida Hale", "airport director"), said("I. Hale", "airport director", "other")]
    [found] = matcher({"Ida Hale": 0.95, "I. Hale": 0.9}).matched(ASKED, two, people, article).parties
    assert found.labels == ("Ida Hale", "I. Hale")


def test_nobody_is_taken_for_two_of_whom_a_question_asks_about() -> None:
    both = replace(ASKED, parties=(Party(BOSS), Party("Hale", ("Ida Hale",), ("Ida Hale",), named=True)))
    assert matcher({"Ida Hale": 0.95}).matched(both, HITS, PEOPLE, article) == both


def test_two_descriptions_are_not_taken_for_one_person() -> None:
    both = replace(ASKED, parties=(Party(BOSS), Party("the runway's chief")))
    first, second = matcher({"Ida Hale": 0.95}).matched(both, HITS, PEOPLE, article).parties
    assert (first.people, second) == (("Ida Hale",), Party("the runway's chief"))


def test_nobody_is_taken_for_whom_a_question_leaves_out() -> None:
    asked = replace(ASKED, besides=(Party("Hale", ("Ida Hale",), ("Ida Hale",), named=True),))
    assert matcher({"Ida Hale": 0.95}).matched(asked, HITS, PEOPLE, article) == asked


def test_a_full_name_is_nobody_else_s_and_a_single_one_may_be_a_nickname() -> None:
    full = replace(ASKED, parties=(Party("Harlan Quist", named=True),))
    assert matcher({"Ida Hale": 0.95}).matched(full, HITS, PEOPLE, article) == full
    nick = replace(ASKED, parties=(Party("Dusty", named=True),))
    assert matcher({"Ida Hale": 0.95}).matched(nick, HITS, PEOPLE, article).parties[0].people == ("Ida Hale",)


def test_words_without_a_name_are_nobody_to_be_taken_for() -> None:
    unnamed = replace(HITS[2].statement.quote, speaker=Speaker("a guard", kind="unnamed"))
    guard = replace(HITS[2], statement=replace(HITS[2].statement, quote=unnamed))
    assert matcher({"a guard": 0.95}).matched(ASKED, [*HITS[:2], guard], PEOPLE, article) == ASKED


def test_an_answer_says_whom_it_took_the_words_for(tmp_path: Path) -> None:
    toll = Article("toll", "“The toll is daylight robbery,” Karl Poole said.", title="Toll stays")
    write_index(tmp_path, record(toll, quote(toll, "“The toll is daylight robbery,”", by="Karl Poole")))
    store = read_index(tmp_path)

    class Describes(FakeReader):
        def read(self, question: str, history: History) -> Query:
            return replace(super().read(question, history), parties=(Party("the wheelman"),))

    judge, meant = FakeJudge({"daylight robbery": {"answers": 0.9}}), matcher({"Karl Poole": 0.9})
    chain = Chain(store, Retriever(store, FakeEmbeddings()), Describes(), judge, meant)
    *_, answer = chain.stream("What did the wheelman say of the toll?", ())
    assert answer.text.startswith("Taking the wheelman to mean Karl Poole.")
    assert [citation.speaker for citation in answer.citations] == ["Karl Poole"]
    checked = verify(answer, records=Records(store))
    assert checked.differences == ()
    assert "that “the wheelman” means Karl Poole" in checked.unchecked
    other = replace(answer, text=answer.text.replace("Karl Poole.", "Ann Reed.", 1))
    assert verify(other, records=Records(store)).differences


def test_whom_the_index_knows_is_left_alone_and_nothing_is_read() -> None:
    def unread() -> Calibrated:
        raise AssertionError("no network is needed")

    known = replace(ASKED, parties=(Party("Hale", ("Ida Hale",), named=True),))
    assert Matcher(unread).matched(known, HITS, PEOPLE, article) == known
    assert Matcher(unread).matched(ASKED, [], PEOPLE, article) == ASKED


def test_a_speaker_is_told_by_name_role_first_mention_and_headline() -> None:
    text = f"{'before ' * 30}Ida Hale, who runs the airport, {'behind ' * 40}"
    told = profile("Ida Hale", "director", Article("1", text, title="The dam", published="2031-05-04T10:00"))
    name, words = told.removesuffix(" | The dam 2031-05-04").split(": ")
    assert name == "Ida Hale, director"
    assert words.split().count("before") == BEFORE
    assert len(words.split()) == BEFORE + BEHIND


@pytest.mark.parametrize(("text", "words"), [("Then Hale spoke.", "Then Hale spoke."), ("Nobody spoke.", "")])
def test_who_is_mentioned_by_the_surname_or_not_at_all_has_a_profile(text: str, words: str) -> None:
    assert profile("Ida Hale", "", Article("1", text)) == f"Ida Hale: {words} | "


def test_the_question_stands_behind_the_words_for_whom_it_asks() -> None:
    assert called("the vet", "What did the vet say?") == "the vet: What did the vet say?"
