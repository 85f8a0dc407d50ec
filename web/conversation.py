"""A conversation: each question becomes a turn that grows while its answer streams, ready to be shown.

Takes a question and the turns before it, gives `Turn`s whose Markdown and HTML are safe to show. Knows no web
framework, and never raises: whatever goes wrong becomes the reply, in one sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import OnTheRecordError, StoreError
from rag.pipeline import MAX_QUESTION_CHARS, read_article, stream
from rag.schema import Answer, Article
from web.render import answer_markdown, escape_markdown, sources_html

NO_QUESTION = "Type a question first, for example: What did the minister say about the dam?"
TROUBLE = "Something went wrong inside the program; its log says what. Ask again, or restart it with: python app.py"
LOOKING = '<span class="otr-looking">Looking for who said it…</span>'
STOPPED = '<span class="otr-looking">Stopped.</span>'
NO_SOURCES = (
    '<p class="otr-hint">The words that an answer cites appear here, each in its paragraph and its whole article.</p>'
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with what is shown for it; `text` is the answer as plain words, empty when there is none."""

    number: int
    question: str
    text: str = ""
    reply: str = LOOKING
    sources: str = ""


def question_problem(question: str) -> str | None:
    """A sentence saying why this cannot be asked, or None."""
    if not question.strip():
        return NO_QUESTION
    if len(question) > MAX_QUESTION_CHARS:
        size, limit = f"{len(question):,}", f"{MAX_QUESTION_CHARS:,}"
        return f"That question has {size} characters; at most {limit} are read, so please shorten it."
    return None


def converse(question: str, turns: Sequence[Turn], index: Path) -> Iterator[Turn]:
    """Answer a question as a growing turn. Never raises: whatever goes wrong becomes the reply, in one sentence."""
    turn = Turn(number=turns[-1].number + 1 if turns else 1, question=question.strip())
    yield turn
    history = [
        message
        for past in turns
        if past.text
        for message in ({"role": "user", "content": past.question}, {"role": "assistant", "content": past.text})
    ]
    try:
        articles: dict[str, Article] = {}
        answer: Answer | None = None
        for answer in stream(turn.question, history=history, index=index):
            turn = _show(turn, answer, _cited(answer, articles, index), whole=False)
            yield turn
        if answer is not None:
            yield _show(turn, answer, articles, whole=True)
    except OnTheRecordError as error:
        yield _fail(turn, str(error))
    except Exception:  # the border to the page: an exception that leaves an event leaves the form frozen
        log.exception("answering failed")
        yield _fail(turn, TROUBLE)


def stopped(turn: Turn) -> Turn:
    """The turn as it stays when its reader breaks it off: what was shown, or that nothing was."""
    return turn if turn.text else replace(turn, reply=STOPPED, sources=NO_SOURCES)


def _show(turn: Turn, answer: Answer, articles: dict[str, Article], *, whole: bool) -> Turn:
    sources = sources_html(answer, turn.number, articles, whole=whole)
    return replace(turn, text=answer.text, reply=answer_markdown(answer, turn.number), sources=sources)


def _fail(turn: Turn, sentence: str) -> Turn:
    """Keep what was already verified and shown, and say what went wrong after it."""
    trouble = f'<div class="otr-trouble">{escape_markdown(sentence)}</div>'
    if not turn.text:
        return replace(turn, reply=trouble, sources=NO_SOURCES)
    return replace(turn, reply=f"{turn.reply}\n\n{trouble}")


def _cited(answer: Answer, known: dict[str, Article], index: Path) -> dict[str, Article]:
    """Read the cited articles that are not known yet; one that is gone stays out, and its card says so."""
    cited = {place.article_id for citation in answer.citations for place in (citation, *citation.also)}
    for article_id in cited - known.keys():
        try:
            known[article_id] = read_article(article_id, index=index)
        except StoreError:
            log.warning("cited article %s cannot be read", article_id)
    return known
