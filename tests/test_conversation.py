"""A question becomes a turn that grows, and every failure becomes a sentence in it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import StoreError
from rag.pipeline import MAX_QUESTION_CHARS
from rag.schema import Answer, Article, Citation
from web import conversation
from web.conversation import (
    NO_QUESTION,
    NO_SOURCES,
    STOPPED,
    TROUBLE,
    Turn,
    converse,
    question_problem,
    stopped,
)

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
FIRST = Answer("Ida Stone said: “No crown.” [1]", answered=True, citations=(CITATION,))
INDEX = Path("some-index")


class Chain:
    """Stands in for the chain: gives the same answers to any question, or fails after them, and keeps what it got."""

    def __init__(self, *answers: Answer, error: Exception | None = None) -> None:
        self.answers, self.error = answers, error
        self.asked: list[tuple[str, Any, Any]] = []

    def __call__(self, question: str, history: Any = None, index: Any = None) -> Iterator[Answer]:
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
    return list(converse(question, past, INDEX))


def test_a_turn_shows_the_question_first_then_grows_and_ends_with_the_whole_articles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    longer = replace(FIRST, text=FIRST.text + " More. [1]")
    shown = turns(monkeypatch, Chain(FIRST, longer))
    assert [turn.text for turn in shown] == ["", FIRST.text, longer.text, longer.text]
    assert [turn.question for turn in shown] == ["Who?"] * 4
    assert ["otr-article" in turn.sources for turn in shown] == [False, False, False, True]
    assert 'href="#t1c1"' in shown[1].reply


def test_the_chain_is_given_the_plain_words_of_earlier_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    past = Turn(4, "Who?", "“No crown.” [1]", "<a>…</a>", "")
    failed = Turn(5, "What?", "", "trouble", "")
    chain = Chain(FIRST)
    assert turns(monkeypatch, chain, past, failed)[-1].number == 6
    assert chain.asked == [
        ("Who?", [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "“No crown.” [1]"}], INDEX)
    ]


def test_a_known_error_is_the_reply_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    last = turns(monkeypatch, Chain(error=StoreError("No index here; type: make <it>")))[-1]
    assert last.reply == '<div class="otr-trouble">No index here&#59; type&#58; make &#60;it&#62;</div>'
    assert (last.text, last.sources) == ("", NO_SOURCES)


def test_an_unknown_error_is_logged_and_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    last = turns(monkeypatch, Chain(error=ZeroDivisionError("secret detail")))[-1]
    assert TROUBLE.split(";")[0] in last.reply
    assert "secret detail" not in last.reply
    assert [type(record.exc_info[1]) for record in caplog.records if record.exc_info] == [ZeroDivisionError]


def test_what_was_already_verified_stays_when_the_rest_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    _, first, last = turns(monkeypatch, Chain(FIRST, error=StoreError("Gone.")))
    assert last.reply == f'{first.reply}\n\n<div class="otr-trouble">Gone&#46;</div>'
    assert (last.text, last.sources) == (first.text, first.sources)


def test_a_citation_of_an_article_that_is_gone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = replace(FIRST, citations=(replace(CITATION, article_id="a2"),))
    last = turns(monkeypatch, Chain(gone))[-1]
    assert "no longer in the index" in last.sources


@pytest.mark.parametrize("question", ["", " \n\t "])
def test_an_empty_question_is_not_asked(question: str) -> None:
    assert question_problem(question) == NO_QUESTION


def test_a_question_at_the_limit_is_asked_and_one_longer_is_not() -> None:
    assert question_problem("x" * MAX_QUESTION_CHARS) is None
    assert question_problem("x" * (MAX_QUESTION_CHARS + 1)) == (
        "That question has 1,001 characters; at most 1,000 are read, so please shorten it."
    )


def test_a_turn_that_is_broken_off_keeps_what_was_shown_or_says_so() -> None:
    shown = Turn(1, "Who?", "“No crown.” [1]", "<a>…</a>", "cards")
    assert stopped(shown) == shown
    assert stopped(Turn(1, "Who?")) == Turn(1, "Who?", "", STOPPED, NO_SOURCES)
