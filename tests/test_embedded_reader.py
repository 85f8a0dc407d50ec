"""The embedded reader: what a question asks, of whom, when and where, and what it takes over from the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rag.people.directory import Directory
from rag.schema import Party
from rag.understanding import embedded
from rag.understanding.embedded import (
    FOLLOWS,
    KINDS,
    POLAR,
    REACH,
    WITHOUT_MATTER,
    EmbeddedReader,
    QuestionTagger,
    Reading,
    whole_words,
)
from rag.understanding.following import joined
from tests.fakes import FakeTagger, party, tokenizer
from tests.judge_contract import check_reader

PEOPLE = Directory.of(
    [("Ida Hale", "mayor"), ("Karl Poole", "diver"), ("Edda Quist", "minister")],
    publications=["The Post", "Post", "Echo"],
)
FIRST = "What did Ida Hale say about the dam?"


def user(*questions: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": question} for question in questions]


@pytest.fixture
def tagger() -> FakeTagger:
    return FakeTagger()


@pytest.fixture
def reader(tagger: FakeTagger) -> EmbeddedReader:
    return EmbeddedReader(PEOPLE, tagger)


def test_the_contract(reader: EmbeddedReader) -> None:
    check_reader(reader)


def test_a_question_has_its_kind_and_its_people(reader: EmbeddedReader) -> None:
    query = reader.read("Did  Ida Hale\nask Harlan Quist?", [])
    assert (query.question, query.text) == ("Did Ida Hale ask Harlan Quist?",) * 2
    assert query.kind == "did_say"
    assert query.parties == (party("Ida Hale"), Party("Harlan Quist", named=True))


class Doubting(FakeTagger):
    """Gives what begins with "Is" so much for a question whether somebody said something."""

    def __init__(self, claim: float = POLAR) -> None:
        super().__init__()
        self.claim = claim

    def read(self, before: str, question: str) -> Reading:
        return replace(super().read(before, question), claim=self.claim if question.startswith("Is ") else 0.0)


@pytest.mark.parametrize(("claim", "polar"), [(POLAR, True), (POLAR - 0.001, False)])
def test_a_yes_or_a_no_may_answer_what_may_ask_whether_they_said_so(claim: float, polar: bool) -> None:
    query = EmbeddedReader(PEOPLE, Doubting(claim)).read("Is Ida Hale for the dam?", [])
    assert (query.kind, query.polar) == ("said_what", polar)


def test_a_question_that_is_asked_once_more_of_another_is_answered_in_the_same_way() -> None:
    reader = EmbeddedReader(PEOPLE, Doubting())
    assert reader.read("And Karl Poole?", user("Is Ida Hale for the dam?")).polar
    assert not reader.read("And Karl Poole?", user(FIRST)).polar


@pytest.mark.parametrize("cut", ["the", "'", "-"])
def test_an_article_or_a_mark_by_itself_is_nobody(cut: str) -> None:
    class Cutting(FakeTagger):
        def read(self, before: str, question: str) -> Reading:
            return Reading("list", False, (cut, "Ida Hale"))

    assert EmbeddedReader(PEOPLE, Cutting()).read(f"Ask {cut} three divers and Ida Hale", []).parties == (
        party("Ida Hale"),
    )


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What was said since 2015?", "2015-01-01", None),
        ("What was said in March 2016?", "2016-03-01", "2016-03-31"),
        ("What was said?", None, None),
    ],
)
def test_dates_are_the_question_s(reader: EmbeddedReader, question: str, since: str | None, until: str | None) -> None:
    query = reader.read(question, [])
    assert (query.since, query.until) == (since, until)


@pytest.mark.parametrize(
    ("question", "outlets"),
    [
        ("What did she tell the Post?", ("The Post", "Post")),
        ("What did she tell Echo’s reader?", ("Echo",)),
        ("What about the echoes and posts?", ()),
    ],
)
def test_outlets_are_those_of_the_index_that_stand_in_the_question(
    reader: EmbeddedReader, question: str, outlets: tuple[str, ...]
) -> None:
    assert reader.read(question, []).outlets == outlets


def test_a_follow_up_is_joined_with_what_it_goes_on_from(reader: EmbeddedReader) -> None:
    query = reader.read("And the toll?", user(FIRST))
    assert (query.question, query.text) == ("And the toll?", joined(FIRST, "And the toll?"))
    assert query.parties == (party("Ida Hale"),)


def test_whom_a_follow_up_names_takes_the_place_of_the_one_before(reader: EmbeddedReader) -> None:
    assert reader.read("And Karl Poole?", user(FIRST)).parties == (party("Karl Poole"),)
    assert reader.read("And Harlan Quist?", user(FIRST)).parties == (Party("Harlan Quist", named=True),)


def test_a_follow_up_of_a_follow_up_goes_back_to_the_beginning(reader: EmbeddedReader) -> None:
    query = reader.read("And in May?", user(FIRST, "And the toll?"))
    assert query.text == f"{FIRST} And the toll in May?"
    assert query.parties == (party("Ida Hale"),)


def test_a_fresh_question_inherits_nothing(reader: EmbeddedReader) -> None:
    history = user("What did Ida Hale tell the Echo about the dam in 2015?")
    query = reader.read("Who spoke of gulls?", history)
    assert query == EmbeddedReader(PEOPLE, FakeTagger()).read("Who spoke of gulls?", [])
    assert (query.parties, query.outlets) == ((), ())
    assert (query.text, query.since) == ("Who spoke of gulls?", None)


def test_a_conversation_is_read_no_further_back_than_it_can_matter(reader: EmbeddedReader) -> None:
    asked = [f"And number {n}?" for n in range(20)]
    assert reader.read("And now?", user(*asked)).text == " ".join([*asked[-REACH:], "And now?"])


def test_only_what_a_person_asked_is_gone_on_from(reader: EmbeddedReader, tagger: FakeTagger) -> None:
    history = [*user(FIRST, "  "), {"role": "assistant", "content": "Karl Poole said no."}, {"role": "user"}, {}]
    assert reader.read("And the toll?", history).text == joined(FIRST, "And the toll?")
    assert FIRST in tagger.read_before
    assert not any("Poole" in before for before in tagger.read_before)


def test_a_follow_up_goes_on_from_what_was_asked_before_a_word_of_thanks(reader: EmbeddedReader) -> None:
    query = reader.read("And the toll?", user(FIRST, "Thanks!", "ok"))
    assert query == reader.read("And the toll?", user(FIRST))
    assert query.text == joined(FIRST, "And the toll?")


class Torn(FakeTagger):
    """Takes a question for one about all the articles when it stands alone."""

    def read(self, before: str, question: str) -> Reading:
        return replace(super().read(before, question), kind="overview" if before else "survey")


@pytest.mark.parametrize(
    ("question", "kind"), [("Anything?", "survey"), ("And then?", "overview"), ("Ida Hale?", "overview")]
)
def test_a_fresh_question_on_nobody_is_about_all_the_articles_when_it_is_so_by_itself(question: str, kind: str) -> None:
    assert EmbeddedReader(PEOPLE, Torn()).read(question, user(FIRST)).kind == kind


def test_the_first_question_goes_on_from_nothing(reader: EmbeddedReader) -> None:
    assert reader.read("And the toll?", []).text == "And the toll?"


@pytest.mark.parametrize("question", ["", " \n\t "])
def test_no_question_is_read_as_none(reader: EmbeddedReader, tagger: FakeTagger, question: str) -> None:
    query = reader.read(question, user(FIRST))
    assert (query.question, query.text, query.parties) == ("", "", ())
    assert tagger.read_before == []


class Runs:
    """Stands in for the ONNX session: tags pieces by their number, and notes what it was given."""

    kind, follows, sure = "said_what", 0.1, 10.0
    tags: Mapping[int, int] = {}

    def __init__(self, data: bytes) -> None:
        self.inputs: Mapping[str, Any] = {}

    def run(self, inputs: Mapping[str, Any]) -> list[Any]:
        self.inputs = inputs
        [ids] = inputs["ids"].tolist()
        tags = np.eye(3, dtype=np.float32)[[self.tags.get(id, 0) for id in ids]]
        kinds = np.array([[self.sure * (kind == self.kind) for kind in KINDS]], dtype=np.float32)
        follows = np.log(np.array([[1 - self.follows, self.follows]], dtype=np.float32))
        return [kinds, follows, tags[None]]


IDA, HALE, PO, OLE, AND = range(4, 9)  # The pieces' numbers, behind the tokenizer's own four.


def tag(monkeypatch: pytest.MonkeyPatch, before: str, question: str, **about: Any) -> Reading:
    monkeypatch.setattr(embedded, "OnnxNetwork", type("Tags", (Runs,), about))
    return QuestionTagger(b"", tokenizer("ida", "hale", "po", "##ole", "and")).read(before, question)


@pytest.mark.parametrize(
    ("question", "tags", "parties"),
    [
        ("Did Ida Hale speak?", {IDA: 1, HALE: 2}, ("Ida Hale",)),
        ("Did Poole’s dog bark?", {PO: 1, OLE: 2}, ("Poole",)),
        ("Poole and Ida Hale", {PO: 1, OLE: 2, IDA: 1, HALE: 2}, ("Poole", "Ida Hale")),
        ("Did Hale speak?", {HALE: 2}, ("Hale",)),
        ("IDA HÁLE", {IDA: 1, HALE: 2}, ("IDA HÁLE",)),
        ("Ida and Hale", {IDA: 1, HALE: 2}, ("Ida",)),
        ("Did she speak?", {}, ()),
    ],
)
def test_parties_are_cut_out_letter_for_letter(
    monkeypatch: pytest.MonkeyPatch, question: str, tags: dict[int, int], parties: tuple[str, ...]
) -> None:
    assert tag(monkeypatch, "", question, tags=tags).parties == parties


def test_who_stands_in_the_question_before_is_no_party_of_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = {IDA: 1, HALE: 2, PO: 1, OLE: 2}
    assert tag(monkeypatch, "Did Ida Hale speak?", "And Poole?", tags=tags).parties == ("Poole",)


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_is_the_network_s(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    assert tag(monkeypatch, "", "Did Hale speak?", kind=kind).kind == kind


@pytest.mark.parametrize("kind", WITHOUT_MATTER)
@pytest.mark.parametrize(
    "about", [{"sure": 3.0}, {"tags": {IDA: 1}}, {"follows": 0.99}], ids=["unsure", "names somebody", "goes on"]
)
def test_a_question_with_a_matter_is_about_something(
    monkeypatch: pytest.MonkeyPatch, kind: str, about: dict[str, Any]
) -> None:
    assert tag(monkeypatch, "Did Ida speak?", "And Ida?", kind=kind, **about).kind not in WITHOUT_MATTER


@pytest.mark.parametrize(("likely", "follows"), [(0.01, False), (FOLLOWS - 0.01, False), (FOLLOWS + 0.01, True)])
def test_a_question_goes_on_only_where_the_network_is_sure(
    monkeypatch: pytest.MonkeyPatch, likely: float, follows: bool
) -> None:
    assert tag(monkeypatch, "Did Ida speak?", "And Hale?", follows=likely).follows is follows


@pytest.mark.parametrize("text", ["\ud800 Ida Hale", "Ida Hale " * 300, "\0 Ida Hale", "Что? Ida Hale"])
def test_any_characters_can_be_read(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    reading = tag(monkeypatch, text, text, tags={IDA: 1, HALE: 2})
    assert reading.parties[0] == "Ida Hale"
    assert all(phrase in text for phrase in reading.parties)


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([(4, 8)], ["Halestone"]),
        ([(8, 13)], ["Halestone"]),
        ([(4, 8), (8, 13)], ["Halestone"]),
        ([(4, 6), (19, 21)], ["Halestone", "Quist"]),
        ([], []),
    ],
)
def test_a_party_is_made_of_whole_words(spans: list[tuple[int, int]], words: list[str]) -> None:
    text = "Did Halestone call Quist?"
    assert [text[start:end] for start, end in whole_words(text, spans)] == words


@pytest.mark.parametrize(
    ("question", "parties"),
    [("What did Mark Quist say?", ["Mark Quist"]), ("Does Hale, Quist say?", ["Hale", "Quist"])],
)
def test_words_of_a_name_that_are_taken_for_two_are_one(question: str, parties: list[str]) -> None:
    words = [(at, at + len(word)) for word in ("Mark", "Hale", "Quist") if (at := question.find(word)) >= 0]
    assert [question[start:end] for start, end in whole_words(question, words)] == parties


BEFORE = "What did Ida Hale say about the new dam?"


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "follows"),
    [
        ("What did Karl Poole say?", False),
        ("Quotes by Ida Hale", False),
        ("What does the harbour master say?", False),
        ("Did Karl Poole call the bridge unsafe?", False),
        ("And Karl Poole?", True),
        ("What did her deputy say about it?", True),
        ("Anything else?", True),
        ("Who disagreed with that?", True),
    ],
)
def test_a_question_that_stands_by_itself_inherits_nothing_and_a_follow_up_is_known(
    question: str, follows: bool
) -> None:
    assert QuestionTagger.load().read(BEFORE, question).follows is follows


@pytest.mark.model
@pytest.mark.parametrize("name", ["Karl Poole", "ida hale", "Hale?", "the harbour master"])
def test_a_bare_name_asks_what_its_bearer_says(name: str) -> None:
    reading = QuestionTagger.load().read("", name)
    assert (reading.kind, reading.parties) == ("said_what", (name.strip("?"),))
