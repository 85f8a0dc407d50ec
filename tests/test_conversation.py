"""A question becomes a turn that grows, and every failure becomes a sentence in it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import ModelError, StoreError
from rag.models.local import Local
from rag.pipeline import MAX_QUESTION_CHARS
from rag.schema import Answer, Article, Citation, Sentence
from rag.understanding.embedded import REACH
from rag.writing.compose import TALK
from web import conversation
from web.conversation import (
    CONFIGURED,
    EMBEDDED,
    LOOKING,
    MAX_TURNS,
    NO_QUESTION,
    STOPPED,
    TROUBLE,
    Turn,
    begun,
    beside,
    brought,
    converse,
    kept,
    messages,
    question_problem,
    remembered,
    sources,
    stopped,
    told,
    waiting,
)
from web.markup import render

ARTICLE = Article("a1", "Ida Stone said: “No crown.”", "Mayor refuses")
CITATION = Citation(
    number=1,
    quote="No crown.",
    speaker="Ida Stone",
    role=None,
    article_id="a1",
    title="Mayor refuses",
    publication=None,
    published=None,
    url=None,
    start=17,
    end=26,
    direct=True,
    context=ARTICLE.text,
    context_start=0,
    spans=((17, 26),),
    sha256=ARTICLE.sha256,
)
LINE = Sentence("Ida Stone said: “No crown.”", citation=1)
FIRST = Answer("Ida Stone said: “No crown.” [1]", answered=True, citations=(CITATION,), sentences=(LINE,))
INDEX = Path("some-index")


class Chain:
    """Stands in for the chain: gives the same answers to any question, or fails after them, and keeps what it got."""

    def __init__(self, *answers: Answer, error: Exception | None = None) -> None:
        self.answers, self.error = answers, error
        self.asked: list[tuple[str, Any, Any]] = []

    def __call__(self, question: str, history: Any = None, index: Any = None, **_: Any) -> Iterator[Answer]:
        self.asked.append((question, history, index))
        yield from self.answers
        if self.error:
            raise self.error


@pytest.fixture(autouse=True)
def _store(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(article_id: str, index: Any = None) -> Article:
        if article_id != "a1":
            raise StoreError(f"There is no article {article_id}.")
        return ARTICLE

    monkeypatch.setattr(conversation, "read_article", read)


def turns(monkeypatch: pytest.MonkeyPatch, chain: Chain, *past: Turn, question: str = " Who? ") -> list[Turn]:
    monkeypatch.setattr(conversation, "stream", chain)
    return list(converse(begun(question, past), past, INDEX))


def test_a_turn_begins_with_the_question_alone_and_then_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    longer = replace(FIRST, text=FIRST.text + " More. [1]")
    assert begun(" Who? ", [Turn(4, "?")]) == Turn(5, "Who?", status=conversation.LOOKING)
    assert turns(monkeypatch, Chain(FIRST, longer)) == [Turn(1, "Who?", FIRST), Turn(1, "Who?", longer)]


def test_who_waits_is_told_how_many_are_before() -> None:
    assert waiting(Turn(1, "?"), 1).status == "Waiting: one other question is before yours."
    assert waiting(Turn(1, "?"), 3).status == "Waiting: 3 other questions are before yours."


def test_the_chain_is_given_the_plain_words_of_earlier_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    past = Turn(4, "Who?", FIRST)
    failed = Turn(5, "What?", None, "trouble", True)
    chain = Chain(FIRST)
    assert turns(monkeypatch, chain, past, failed)[-1].number == 6
    assert chain.asked == [
        ("Who?", [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": FIRST.text}], INDEX)
    ]


def test_a_known_error_is_the_reply_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    last = turns(monkeypatch, Chain(error=StoreError("No index here; type: make <it>")))[-1]
    reply = messages([last])[1]["content"]
    assert reply == '<div class="otr-trouble">No index here&#59; type&#58; make &#60;it&#62;</div>'
    assert last.answer is None


def test_an_unknown_error_is_logged_and_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    last = turns(monkeypatch, Chain(error=ZeroDivisionError("secret detail")))[-1]
    assert last.status == TROUBLE
    assert [type(record.exc_info[1]) for record in caplog.records if record.exc_info] == [ZeroDivisionError]


def test_what_was_already_verified_stays_when_the_rest_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = turns(monkeypatch, Chain(FIRST, error=StoreError("Gone.")))
    assert last == replace(first, status="Gone.", failed=True)
    reply = messages([last])[1]["content"]
    assert 'href="#t1c1"' in reply
    assert reply.endswith('<div class="otr-trouble">Gone&#46;</div>')


def test_a_citation_of_an_article_that_is_gone_says_so() -> None:
    gone = replace(FIRST, citations=(replace(CITATION, article_id="a2"),))
    assert "no longer in the index" in sources(Turn(1, "?", gone), INDEX)


def test_an_article_that_cannot_be_read_for_want_of_a_model_freezes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(article_id: str, index: Any = None) -> Article:
        raise ModelError("The model is away.")

    monkeypatch.setattr(conversation, "read_article", fail)
    assert "are not shown" in sources(Turn(1, "?", FIRST), INDEX)


def test_a_turn_that_is_stopped_keeps_what_was_shown() -> None:
    assert stopped(Turn(1, "?", FIRST)) == Turn(1, "?", FIRST, STOPPED)
    assert "Stopped&#46;" in messages([stopped(Turn(1, "?"))])[1]["content"]


def test_a_conversation_comes_back_from_the_browser_as_it_was() -> None:
    was = [Turn(1, "Who?", FIRST), Turn(2, "What?", None, "Gone.", True)]
    back = remembered(json.loads(json.dumps(kept(was))))
    assert back == was
    assert messages(back) == messages(was)
    assert sources(back[0], INDEX) == sources(was[0], INDEX)


@pytest.mark.parametrize(
    "turns", [None, "x", {"a": 1}, [None], [{"number": "one"}], [{"number": 1, "question": 2}], [[["x"]]], [3]]
)
def test_what_is_no_conversation_is_none(turns: object) -> None:
    assert remembered(turns) == []
    assert remembered({"user": None, "turns": turns}) == []


def test_a_conversation_is_shown_to_nobody_but_its_user() -> None:
    was = [Turn(1, "Who?", FIRST)]
    assert remembered(kept(was, "ann"), "ann") == was
    assert [remembered(kept(was, "ann"), user) for user in ("bob", None)] == [[], []]


def of(*items: object) -> list[Turn]:
    return remembered({"user": None, "turns": list(items)})


def test_a_bad_turn_costs_no_other_and_only_the_last_turns_are_kept() -> None:
    good = kept([Turn(1, "Who?", FIRST)])["turns"][0]
    assert of({"number": 2}, good, {**good, "answer": {"text": 1}}) == [Turn(1, "Who?", FIRST)]
    many = [Turn(number, "?") for number in range(1, MAX_TURNS + 9)]
    assert [turn.number for turn in remembered(kept(many))] == list(range(9, MAX_TURNS + 9))
    assert len(of(*[good] * 500)) == MAX_TURNS


def test_the_sources_of_every_earlier_answer_stay_on_the_page_the_last_one_first() -> None:
    last, page = beside(told([Turn(n, f"Question {n}?", FIRST) for n in range(1, 31)], INDEX))
    assert 'id="t30c1"' in last
    assert [f'id="t{n}c1"' in page for n in (1, 29, 30)] == [True, True, False]
    assert page.index("Question 29?") < page.index("Question 28?")


@pytest.mark.parametrize("status", [LOOKING, STOPPED])
def test_the_sources_of_the_last_answer_stay_until_there_are_new_ones(status: str) -> None:
    answered = Turn(1, "Who?", FIRST)
    assert beside(told([answered, Turn(2, "And?", status=status)], INDEX)) == (sources(answered, INDEX), "")
    assert beside(told([Turn(1, "Who?", status=status)], INDEX)) == (render("hint.html"), "")


def test_thanks_leave_the_sources_of_the_answer_and_are_nothing_to_go_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    answered, thanks = Turn(1, "Who?", FIRST), Turn(2, "Thanks!", Answer(TALK, answered=False))
    assert beside(told([answered, thanks], INDEX)) == (sources(answered, INDEX), "")
    chain = Chain(replace(FIRST, follows=True))
    assert turns(monkeypatch, chain, answered, thanks)[-1].before == ("Who?",)
    [(_, history, _)] = chain.asked
    assert [message["content"] for message in history] == ["Who?", FIRST.text]


def test_a_follow_up_keeps_the_questions_that_it_goes_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    past = [Turn(1, "Zero?", FIRST), Turn(2, "One?", FIRST), Turn(3, "And two?", FIRST, before=("One?",))]
    assert turns(monkeypatch, Chain(replace(FIRST, follows=True)), *past)[-1].before == ("One?", "And two?")
    assert turns(monkeypatch, Chain(FIRST), *past)[-1].before == ()


def test_what_a_link_brings_stands_before_its_question_and_is_heard_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Turn(1, "Own?", FIRST)
    there = brought(["One?", " ", "And two?"], [own])
    assert [(turn.number, turn.question, turn.before) for turn in there] == [
        (1, "Own?", ()),
        (2, "One?", ()),
        (3, "And two?", ("One?",)),
    ]
    assert brought(["One?", "And two?"], there) == there  # opened twice
    assert brought([], [own]) == [own]
    assert remembered(json.loads(json.dumps(kept(there)))) == there
    chain = Chain(replace(FIRST, follows=True))
    assert turns(monkeypatch, chain, *there)[-1].before == ("One?", "And two?")
    [(_, history, _)] = chain.asked
    assert [message["content"] for message in history if message["role"] == "user"] == ["Own?", "One?", "And two?"]


def test_a_link_brings_no_more_than_is_read() -> None:
    there = brought(["x" * 2 * MAX_QUESTION_CHARS] * 50, [])
    assert [len(turn.question) for turn in there] == [MAX_QUESTION_CHARS] * REACH


@pytest.mark.parametrize("question", ["", " \n\t "])
def test_an_empty_question_is_not_asked(question: str) -> None:
    assert question_problem(question) == NO_QUESTION


def test_a_question_at_the_limit_is_asked_and_one_longer_is_not() -> None:
    assert question_problem("x" * MAX_QUESTION_CHARS) is None
    assert question_problem("x" * (MAX_QUESTION_CHARS + 1)) == (
        "That question has 1,001 characters; at most 1,000 are read, so please shorten it."
    )


@pytest.mark.parametrize(
    ("choice", "told"),
    [(CONFIGURED, ["Two?"]), (EMBEDDED, ["Zero?", "One?", "Two?"]), ("8080:small", ["Zero?", "Two?"])],
)
def test_what_was_to_stay_here_is_not_told_to_a_chat_model_with_a_later_question(
    monkeypatch: pytest.MonkeyPatch, choice: str, told: list[str]
) -> None:
    monkeypatch.setattr(conversation, "local_models", lambda: (Local("small", 8080),))
    chain = Chain(FIRST)
    monkeypatch.setattr(conversation, "stream", chain)
    past = [Turn(1, "Zero?", FIRST, model="8080:small"), Turn(2, "One?", FIRST, embedded=True), Turn(3, "Two?", FIRST)]
    list(converse(begun("Three?", past, choice), past, INDEX))
    [(_, history, _)] = chain.asked
    assert [message["content"] for message in history if message["role"] == "user"] == told
