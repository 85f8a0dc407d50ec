"""Question to answer: with fakes behind our seams, then over seeds/ with the real models."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag
from rag import pipeline
from rag.writing.citations import MARKER, QUOTED, pieces, stands, words
from rag.writing.compose import EMPTY, NOT_SAID
from rag.config import Settings
from rag.errors import StoreError
from rag.models.chat import ChatModel
from rag.pipeline import MAX_QUESTION_CHARS, Chain
from rag.schema import Answer, Article, History
from rag.index.store import Store
from rag.text import fold
from tests.fakes import FakeEmbeddings, endless, quote, read_index, record, scripted, write_index

TOLL = Article(
    "toll",
    "“The bridge toll stays at four crowns,” minister Ida Hale said. “The toll buys paint for the bridge.”\n"
    "Driver Karl Poole called it robbery. “The toll at the bridge is daylight robbery,” Karl Poole said.\n"
    "Ann Reed said that the toll at the bridge was a shame.",
    title="Toll stays",
    publication="The Post",
    published="2026-03-01",
)
OLD = Article("old", "“The toll at the bridge will end,” Ida Hale said in the spring.", published="2025-04-01")
NEW = Article("new", "“We have [1] ferry and no captain,” Tom Brook said, “says [2] nobody.”")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pipeline") / "index"
    write_index(
        folder,
        record(
            TOLL,
            quote(TOLL, "The bridge toll stays at four crowns,", by="Ida Hale", role="minister"),
            quote(TOLL, "The toll buys paint for the bridge.", by="Ida Hale", role="minister"),
            quote(TOLL, "The toll at the bridge is daylight robbery,", by="Karl Poole", role="driver"),
            quote(TOLL, "the toll at the bridge was a shame", by="Ann Reed", kind="indirect"),
        ),
        record(OLD, quote(OLD, "The toll at the bridge will end,", by="Ida Hale", role="minister")),
        record(NEW, quote(NEW, "We have [1] ferry and no captain,", "says [2] nobody.", by="Tom Brook")),
    )
    return folder


@pytest.fixture(scope="module")
def store(index: Path) -> Store:
    return read_index(index)


def answers(store: Store, question: str, chat: ChatModel | None = None, history: History = ()) -> list[Answer]:
    """The growing answer; every stage of it is checked."""
    grown = list(Chain(store, FakeEmbeddings(), chat).stream(question, history))
    for answer in grown:
        check(answer, {c.article_id: store.article(c.article_id) for c in answer.citations})
    return grown


def last(store: Store, question: str, chat: ChatModel | None = None, history: History = ()) -> Answer:
    return answers(store, question, chat, history)[-1]


def check(answer: Answer, articles: dict[str, Article]) -> None:
    """Every citation stands in its article, every quotation in a cited one, and the numbers agree."""
    for c in answer.citations:
        text = articles[c.article_id].text
        assert stands(c, text)
        assert c.sha256 == articles[c.article_id].sha256
        assert c.context == text[c.context_start : c.context_start + len(c.context)]
        assert (c.start, c.end) in c.spans
    bare = answer.text
    for c in answer.citations:
        for start, end in c.spans:
            bare = bare.replace(" ".join(articles[c.article_id].text[start:end].split()), " ")
    shown = [int(number) for number in MARKER.findall(bare)]
    twice = [c.number for c in answer.citations if c.against in shown] if len(answer.citations) > 2 else []
    assert sorted(shown) == sorted([*(c.number for c in answer.citations), *twice])
    whole = [fold(articles[c.article_id].text).text for c in answer.citations]
    for quoted in QUOTED.findall(answer.text):
        assert any(fold(quoted).text.strip("\" '") in text for text in whole), quoted
    assert json.loads(json.dumps(answer.to_dict()))["text"] == answer.text


def spoken(answer: Answer) -> list[str]:
    return [words(c) for c in answer.citations]


def test_who_is_asked_about_answers_in_his_own_words(store: Store) -> None:
    answer = last(store, "What did Karl Poole say about the toll at the bridge?")
    assert (answer.answered, answer.verdict) == (True, None)
    assert answer.text == (
        "Karl Poole, driver, said: “The toll at the bridge is daylight robbery,” (The Post, 1 March 2026) [1]"
    )
    [cited] = answer.citations
    assert (cited.number, cited.speaker, cited.role, cited.title) == (1, "Karl Poole", "driver", "Toll stays")
    assert TOLL.text[cited.start : cited.end] == cited.quote == "The toll at the bridge is daylight robbery,"


def test_indirect_words_are_told_as_the_article_s(store: Store) -> None:
    answer = last(store, "What did Ann Reed say about the toll at the bridge?")
    assert answer.text.startswith("Ann Reed, in the article’s words: the toll at the bridge was a shame (The Post")
    assert not answer.citations[0].direct


def test_who_said_it_is_found_by_its_words(store: Store) -> None:
    answer = last(store, "Who said “the toll at the bridge is daylight robbery”?")
    assert answer.citations[0].speaker == "Karl Poole"


def test_yes(store: Store) -> None:
    answer = last(store, "Did Ida Hale say the toll stays at four crowns?")
    assert (answer.answered, answer.verdict, answer.text[:4]) == (True, "yes", "Yes.")
    assert {c.speaker for c in answer.citations} == {"Ida Hale"}


def test_no_names_who_did(store: Store) -> None:
    answer = last(store, "Did Ida Hale say “the toll at the bridge is daylight robbery”?")
    assert (answer.answered, answer.verdict) == (True, "no")
    assert answer.text.startswith("No. In these articles it is not Ida Hale who says so, but:\n\n")
    assert answer.citations[0].speaker == "Karl Poole"


def test_somebody_who_is_not_quoted(store: Store) -> None:
    answer = last(store, "What did Harlan Quist say about the toll at the bridge?")
    assert (answer.answered, answer.verdict) == (False, None)
    assert answer.text.startswith(
        f"{NOT_SAID} Nobody is quoted in them under the name Harlan Quist. The closest they come:"
    )
    assert len(answer.citations) == 2


def test_a_topic_that_nobody_speaks_on(store: Store) -> None:
    answer = last(store, "xylophone concerts?")
    assert answer == Answer(NOT_SAID, answered=False)


def test_a_topic_that_the_speaker_is_silent_on(store: Store) -> None:
    answer = last(store, "What did Karl Poole say of xylophones?")
    assert not answer.answered
    assert "Karl Poole is quoted in them, but not on this. The closest they come:" in answer.text
    assert {c.speaker for c in answer.citations} == {"Karl Poole"}


def test_a_change_is_told_oldest_first(store: Store) -> None:
    answer = last(store, "Has Ida Hale changed her position on the toll at the bridge?")
    assert answer.text.startswith("Oldest first:\n\nIda Hale, minister:\n- “The toll at the bridge will end,” (1 April")
    assert answer.text.endswith(
        "Ida Hale, the two that do not go together:\n"
        "- “The toll at the bridge will end,” (1 April 2025) [1]\n"
        "- “The bridge toll stays at four crowns,” (The Post, 1 March 2026) [2]"
    )
    assert [c.against for c in answer.citations] == [2, 1, None]
    dates = [c.published or "" for c in answer.citations]
    assert dates == sorted(dates)
    assert dates[0] == "2025-04-01"


def test_a_sentence_that_fails_verification_reaches_nobody(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pipeline, "problems", lambda sentence, citations: ["it is altered"] * ("robbery" in sentence))
    answer = last(store, "Who spoke about the toll at the bridge?")
    assert answer.answered
    assert "robbery" not in answer.text
    assert "Karl Poole" not in {c.speaker for c in answer.citations}
    assert "a sentence was dropped: it is altered" in caplog.messages
    silent = last(store, "What did Karl Poole say about the toll at the bridge?")
    assert (silent.answered, silent.citations) == (False, ())
    assert silent.text.startswith(NOT_SAID)


@pytest.mark.parametrize("question", ["", "  \n ", "?"])
def test_an_empty_question_is_asked_for(store: Store, question: str) -> None:
    answer = last(store, question)
    assert not answer.answered
    assert answer.text == (EMPTY if not question.strip() else NOT_SAID)


@pytest.mark.parametrize(
    "question",
    ["\0", "“", "[1]", "<script>alert(1)</script>", "{question}", "Что?", "\ud800", "toll " * 5000, "who " * 3000],
)
def test_hostile_questions_get_an_answer(store: Store, question: str) -> None:
    assert last(store, question).text


def test_only_the_beginning_of_a_long_question_is_read(store: Store) -> None:
    asked = "What did Karl Poole say about the toll at the bridge?"
    padded = asked + " " * MAX_QUESTION_CHARS + "Did Ida Hale say so?"
    assert last(store, padded) == last(store, asked)


def test_markers_in_an_article_are_not_taken_for_ours(store: Store) -> None:
    answer = last(store, "What did Tom Brook say about the ferry and no captain?")
    assert answer.text == "Tom Brook said: “We have [1] ferry and no captain,” … “says [2] nobody.” [1]"


def test_a_follow_up_leans_on_the_conversation(store: Store) -> None:
    history = [
        {"role": "user", "content": "What did Ida Hale say about the toll at the bridge?"},
        {"role": "assistant", "content": "Ida Hale, minister, said: “The toll buys paint for the bridge.” [1]"},
    ]
    answer = last(store, "And what about Karl Poole?", history=history)
    assert {c.speaker for c in answer.citations} == {"Karl Poole"}
    answer = last(store, "What did she say about the four crowns?", history=history)
    assert spoken(answer)[0] == "The bridge toll stays at four crowns,"


class TestModel:
    """Whatever the model does, the answer is whole and every word of it stands in the articles."""

    QUESTION = "What did Ida Hale say about the toll at the bridge?"

    @pytest.fixture
    def plain(self, store: Store) -> Answer:
        answer = last(store, self.QUESTION)
        assert len(answer.citations) == 3
        return answer

    @pytest.mark.parametrize("embedded", [True, False])
    @pytest.mark.parametrize(
        "pieces",
        [
            (),
            ("Ida Hale said that the toll is robbery. I hope this helps!",),
            ("[7] on the toll\n[0] on it\n",),
            ("“The toll will double,” said Ida Hale [1].",),
            (ConnectionError("gone"),),
            ("[", ValueError("odd")),
            ("\0\ud800\n" * 50,),
        ],
    )
    def test_a_useless_or_dead_model_costs_nothing(
        self, store: Store, plain: Answer, pieces: tuple[str | Exception, ...], embedded: bool
    ) -> None:
        chat, _ = scripted(*pieces, embedded=embedded)
        answer = last(store, self.QUESTION, chat)
        assert spoken(answer) == spoken(plain)
        assert (answer.answered, answer.verdict) == (True, None)
        assert "double" not in answer.text

    def test_an_endless_model_is_cut_off(self, store: Store, plain: Answer) -> None:
        assert last(store, self.QUESTION, endless("and so on ")) == plain

    def test_a_phrase_is_put_before_the_words_it_labels(self, store: Store, plain: Answer) -> None:
        chat, _ = scripted("[1] on the toll\n[2] on a flood\n", embedded=True)
        answer = last(store, self.QUESTION, chat)
        assert answer.citations == plain.citations
        assert answer.text == plain.text.replace("- “", "- On the toll: “", 1)

    def test_the_embedded_model_cannot_leave_a_statement_out(self, store: Store, plain: Answer) -> None:
        for reply in ("[2] on the toll\n", "NONE"):
            chat, _ = scripted(reply, embedded=True)
            answer = last(store, self.QUESTION, chat)
            assert sorted(spoken(answer)) == sorted(spoken(plain))
            assert answer.answered

    def test_another_model_chooses_and_orders(self, store: Store, plain: Answer) -> None:
        chat, _ = scripted("[3] on the toll\n[1] on the toll\n")
        answer = last(store, self.QUESTION, chat)
        assert spoken(answer) == [spoken(plain)[2], spoken(plain)[0]]
        assert [c.number for c in answer.citations] == [3, 1]

    def test_a_model_cannot_hide_the_best_statement(self, store: Store, plain: Answer) -> None:
        chat, _ = scripted("[3] on the toll\n")
        assert spoken(last(store, self.QUESTION, chat)) == [spoken(plain)[2], spoken(plain)[0]]

    def test_a_model_cannot_refuse_what_the_question_s_own_words_answer(self, store: Store, plain: Answer) -> None:
        chat, model = scripted("NONE\n")
        assert last(store, self.QUESTION, chat) == plain
        assert len(model.prompts) == 1 + len(plain.citations)

    def test_after_none_each_statement_is_looked_at_alone(self, store: Store, plain: Answer) -> None:
        chat, model = scripted()

        def script() -> Iterator[str]:
            alone = "[3]" in str(model.prompts[-1][-1].content) and "[1]" not in str(model.prompts[-1][-1].content)
            yield "[3] on the toll\n" if alone else "NONE\n"

        model.script = script
        assert spoken(last(store, self.QUESTION, chat)) == [spoken(plain)[2], spoken(plain)[0]]

    def test_another_model_may_refuse_what_shares_little_with_the_question(self, store: Store) -> None:
        question = "What did Ida Hale say about the bridge of sighs and its lovers in winter?"
        plain = last(store, question)
        chat, _ = scripted("NONE\n")
        answer = last(store, question, chat)
        assert (plain.answered, answer.answered, answer.verdict) == (True, False, None)
        assert answer.text.startswith(NOT_SAID)
        assert spoken(answer) == spoken(plain)[:2]

    def test_a_change_keeps_its_order_whatever_the_model_likes(self, store: Store) -> None:
        question = "Has Ida Hale changed her position on the toll at the bridge?"
        for reply in ("[2] on the toll\n[1] on the toll\n", "NONE", "[9] on it"):
            chat, _ = scripted(reply)
            assert spoken(last(store, question, chat)) == spoken(last(store, question))

    def test_a_verdict_is_not_the_model_s(self, store: Store) -> None:
        question = "Did Ida Hale say the toll stays at four crowns?"
        plain = last(store, question)
        for reply in ("NONE", "[99] no", "No, she never said that."):
            chat, _ = scripted(reply)
            assert last(store, question, chat) == plain

    def test_the_model_is_not_asked_when_there_is_nothing_to_tell(self, store: Store) -> None:
        chat, model = scripted("[1] on the toll\n")
        assert last(store, "xylophone concerts?", chat).text == NOT_SAID
        assert last(store, "What did Harlan Quist say about the toll?", chat).answered is False
        assert model.prompts == []

    def test_a_model_that_dies_midway_keeps_what_was_shown(self, store: Store, plain: Answer) -> None:
        chat, _ = scripted("[2] on the toll\n[1] on", TimeoutError("slow"))
        answer = last(store, self.QUESTION, chat)
        assert spoken(answer) == [spoken(plain)[1], spoken(plain)[0], spoken(plain)[2]]

    def test_stopping_the_reader_stops_the_model(self, store: Store) -> None:
        stopped: list[bool] = []

        def script() -> Iterator[str]:
            try:
                while True:
                    yield "[1] on the toll\n"
            finally:
                stopped.append(True)

        chat, model = scripted()
        model.script = script
        stream = Chain(store, FakeEmbeddings(), chat).stream(self.QUESTION, ())
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert stopped == [True]


@pytest.mark.parametrize(
    "question",
    [
        "What did Ida Hale say about the toll at the bridge?",
        "Did Ida Hale say the toll stays at four crowns?",
        "What did Harlan Quist say about the toll at the bridge?",
        "How do Ida Hale and Karl Poole differ on the toll at the bridge?",
    ],
)
def test_an_answer_grows_statement_by_statement(store: Store, question: str) -> None:
    chat, _ = scripted("[2] on the toll\n", "[1] on the toll\n")
    grown = answers(store, question, chat)
    assert len(grown) >= 2
    for before, after in itertools.pairwise(grown):
        assert after.citations[: len(before.citations)] == before.citations
        assert len(after.text) >= len(before.text)
        assert all(piece in after.text for c in before.citations for piece in pieces(c))
    assert {(a.answered, a.verdict) for a in grown} == {(grown[-1].answered, grown[-1].verdict)}


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public functions over the fake models."""
    monkeypatch.setattr(pipeline, "load_embeddings", FakeEmbeddings)
    monkeypatch.setattr(pipeline, "load_chat_model", lambda settings: None)
    monkeypatch.setattr(pipeline, "_chains", {})


@pytest.mark.usefixtures("fakes")
def test_ask_is_the_last_of_the_stream(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    question = "What did Ida Hale say about the toll at the bridge?"
    grown = list(rag.stream(question, index=index))
    assert rag.ask(question, index=index) == rag.ask(question, [], str(index)) == grown[-1]
    monkeypatch.setenv("OTR_INDEX", str(index))
    assert rag.ask(question) == grown[-1]


@pytest.mark.usefixtures("fakes")
def test_the_article_of_a_citation_can_be_read(index: Path) -> None:
    assert rag.read_article("toll", index=index) == TOLL
    with pytest.raises(StoreError, match="has no article 'flood'"):
        rag.read_article("flood", index=index)


@pytest.mark.usefixtures("fakes")
def test_without_an_index_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"There is no index in .*none: make one with `python -m ingest seeds/"):
        rag.ask("What did she say?", index=tmp_path / "none")


SEED_QUESTIONS = [
    ("What did Dmitry Peskov say about the new administration?", "Dmitry Peskov", "largely aligns with our vision"),
    ("What did the mayor say about the second tug?", "Ingrid Solvane", "A second tug costs two million crowns a year"),
    ("What did Tomas Solvane say about the second tug?", "Tomas Solvane", "a second tug since 2021"),
    ("Who called the plan a tax with a tap on it?", "Karel Dunmore", "a tax with a tap on it"),
    ("What did Stellan Voss say about closing the school?", "Stellan Voss", "I will not close a school"),
]


def check_seeds(index: Path, question: str, speaker: str, said: str) -> Answer:
    grown = list(rag.stream(question, index=index))
    articles = {c.article_id: rag.read_article(c.article_id, index=index) for c in grown[-1].citations}
    for answer in grown:
        check(answer, articles)
    answer = grown[-1]
    assert answer.answered
    assert any(c.speaker == speaker and said in words(c) for c in answer.citations), answer.text
    assert said in answer.text
    return answer


@pytest.mark.model
@pytest.mark.parametrize(("question", "speaker", "said"), SEED_QUESTIONS)
def test_the_sample_articles_are_answered_without_a_language_model(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch, question: str, speaker: str, said: str
) -> None:
    monkeypatch.setenv("OTR_LLM", "none")
    check_seeds(seeds_index, question, speaker, said)


@pytest.mark.model
def test_the_sample_articles_refute_and_abstain(seeds_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTR_LLM", "none")
    for question, speaker in (
        ("Did Wilma Hale say the ground is not for sale?", "Lucan Pryde"),
        ("Did Stellan Voss call the plan a tax with a tap on it?", "Karel Dunmore"),
    ):
        refuted = rag.ask(question, index=seeds_index)
        assert (refuted.verdict, refuted.citations[0].speaker) == ("no", speaker)
    for question in ("What did Harlan Quist say about the ferry?", "Who spoke about the moon landing of 1969?"):
        silent = rag.ask(question, index=seeds_index)
        assert not silent.answered
        assert re.match(re.escape(NOT_SAID), silent.text)


@pytest.mark.model
def test_the_sample_articles_are_answered_with_the_embedded_model(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTR_LLM", "none")
    question, speaker, said = SEED_QUESTIONS[0]
    plain = rag.ask(question, index=seeds_index)
    monkeypatch.setenv("OTR_LLM", "embedded")
    assert Settings.load().llm == "embedded"
    answer = check_seeds(seeds_index, question, speaker, said)
    assert answer.citations == plain.citations
