"""A conversation: each question becomes a turn that grows while its answer streams, ready to be shown and kept.

Takes a question and the turns before it, gives `Turn`s. Knows no web framework, and never raises: whatever goes wrong
becomes the reply, in one sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rag.errors import ModelError, OnTheRecordError
from rag.models.local import Local, local_models
from rag.pipeline import MAX_QUESTION_CHARS, read_article, stream
from rag.schema import Answer, Article, Citation
from rag.text import whole
from rag.understanding.embedded import REACH
from rag.writing.compose import asks_nothing
from web.markup import inert, render
from web.render import answer_markdown, earlier_html, sources_html

NO_QUESTION = "Type a question first, for example: What did the minister say about the dam?"
TROUBLE = "Something went wrong inside the program; its log says what. Ask again, or restart it with: python app.py"
LOOKING = "Looking for who said it…"
STOPPED = "Stopped."
BROUGHT = "Came with the link: the next question goes on from this one."
CONFIGURED, EMBEDDED = "configured", "embedded"  # Who may be chosen besides models found on this machine, by key.
MAX_TURNS = 40  # A browser keeps 5 MB for a page, and a turn has some 20 kB.
log = logging.getLogger(__name__)

Told = tuple[str, str]  # a question and its sources as HTML


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer, as far as there is one; `status` says in a sentence why there is none or no more.

    `failed` tells trouble from what merely waits or was stopped; `embedded` says that the asker wanted no chat model,
    `model` is the key of one on this machine that they wanted.
    `seconds` is how long somebody has waited by now, while there is nothing else to tell. `before` are the questions
    that it goes on from; `brought` says that it is such a question itself, which came with a link.
    """

    number: int
    question: str
    answer: Answer | None = None
    status: str = ""
    failed: bool = False
    embedded: bool = False
    model: str = ""
    seconds: int = 0
    before: tuple[str, ...] = ()
    brought: bool = False

    @property
    def is_told(self) -> bool:
        """True when it has an answer that tells something of the articles."""
        return self.answer is not None and not asks_nothing(self.answer)

    @property
    def stays(self) -> bool:
        """True when it was asked so that nothing of it leaves this machine."""
        return self.embedded or bool(self.model)


_turn = TypeAdapter(Turn)


def question_problem(question: str) -> str | None:
    """A sentence saying why this cannot be asked, or None."""
    if not question.strip():
        return NO_QUESTION
    if len(question) > MAX_QUESTION_CHARS:
        size, limit = f"{len(question):,}", f"{MAX_QUESTION_CHARS:,}"
        return f"That question has {size} characters; at most {limit} are read, so please shorten it."
    return None


def begun(question: str, past: Sequence[Turn], choice: str = CONFIGURED) -> Turn:
    """The turn of a question that has just been asked: of the configured model, the embedded one, or one by its key."""
    model = "" if choice in (CONFIGURED, EMBEDDED) else choice
    number = past[-1].number + 1 if past else 1
    return Turn(number, whole(question).strip(), status=LOOKING, embedded=choice == EMBEDDED, model=model)


def waiting(turn: Turn, ahead: int) -> Turn:
    """The turn of a question before which so many others are answered."""
    others = "one other question is" if ahead == 1 else f"{ahead} other questions are"
    return replace(turn, status=f"Waiting: {others} before yours.")


def converse(turn: Turn, past: Sequence[Turn], index: Path) -> Iterator[Turn]:
    """Answer a question as a growing turn. Never raises: whatever goes wrong becomes its status, in one sentence."""
    heard = _heard(turn, past)
    history = [
        {"role": role, "content": words}
        for before in heard
        for role, words in (("user", before.question), ("assistant", before.answer.text if before.answer else ""))
    ]
    try:
        local = _local(turn.model) if turn.model else None
        for answer in stream(turn.question, history=history, index=index, embedded=turn.embedded, local=local):
            before = (*heard[-1].before, heard[-1].question)[-REACH:] if heard and answer.follows else ()
            turn = replace(turn, answer=answer, status="", before=before)
            yield turn
    except OnTheRecordError as error:
        yield replace(turn, status=str(error), failed=True)
    except Exception:  # the border to the page: an exception that leaves an event leaves the form frozen
        log.exception("answering failed")
        yield replace(turn, status=TROUBLE, failed=True)


def _heard(turn: Turn, past: Sequence[Turn]) -> list[Turn]:
    """What a question can go on from.

    What was asked so that it stays here, or within this program, is not sent along with a later question either.
    """
    return [
        before
        for before in past
        if (before.is_told or before.brought)
        and (turn.embedded or not before.embedded)
        and (turn.stays or not before.stays)
    ]


def _local(key: str) -> Local:
    """The model of a key among those that are found: whatever a browser sends, no other address is asked."""
    found = next((each for each in local_models() if each.key == key), None)
    if found is None:
        raise ModelError("That model is not found on this machine any more: choose another one, or start its server.")
    return found


def brought(asked: Sequence[str], past: Sequence[Turn]) -> list[Turn]:
    """The conversation behind which a link's question is asked: the questions before it, behind what was there."""
    few = [question[:MAX_QUESTION_CHARS] for question in asked if question.strip()][-REACH:]
    turns = list(past)
    if [turn.question for turn in turns[-len(few) :]] == few:
        return turns
    for number, question in enumerate(few):
        turns.append(replace(begun(question, turns), status=BROUGHT, brought=True, before=tuple(few[:number])))
    return turns


def stopped(turn: Turn) -> Turn:
    """The turn as it stays when its answer ends early: what was shown, or that nothing was."""
    return replace(turn, status=STOPPED, seconds=0)


def kept(turns: Iterable[Turn], user: str | None = None) -> dict[str, Any]:
    """The last turns as plain JSON types, for the browser to keep for this user."""
    return {"user": user, "turns": [asdict(turn) for turn in list(turns)[-MAX_TURNS:]]}


def remembered(given: object, user: str | None = None) -> list[Turn]:
    """The turns that a browser kept for this user; what is no turn is left out, for a browser can send anything."""
    is_theirs = isinstance(given, dict) and given.get("user") == user
    items = given.get("turns") if isinstance(given, dict) and is_theirs else []
    if not isinstance(items, list):
        return []
    turns = []
    for item in items[-MAX_TURNS:]:
        try:
            turns.append(_turn.validate_python(item))
        except ValidationError:
            log.info("a kept turn cannot be read")
    return turns


def messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The conversation as the chat shows it, both sides escaped."""
    return [
        {"role": role, "content": content}
        for turn in turns
        for role, content in (("user", inert(turn.question)), ("assistant", _reply(turn)))
    ]


def sources(turn: Turn, index: Path) -> str:
    """The sources of a turn as HTML; nothing of one that has no answer."""
    if turn.answer is None:
        return ""
    known = articles_of(turn.answer.citations, index)
    return sources_html(turn.question, turn.answer, turn.number, known, turn.before)


def told(turns: Sequence[Turn], index: Path) -> list[Told]:
    """The question of each of these turns that tells something, with its sources; the last one first."""
    return [(turn.question, sources(turn, index)) for turn in reversed(turns) if turn.is_told]


def beside(answers: Sequence[Told]) -> tuple[str, str]:
    """What stands beside the chat: the sources of the first of these answers, or a hint, and those of the others."""
    last = answers[0][1] if answers else render("hint.html")
    return last, earlier_html(answers[1:])


def _reply(turn: Turn) -> str:
    answer = answer_markdown(turn.answer, turn.number) if turn.answer else ""
    return render("reply.md", answer=answer, status=turn.status, failed=turn.failed, seconds=turn.seconds).strip()


def articles_of(citations: Iterable[Citation], index: Path) -> Mapping[str, Article]:
    """Read the articles that are cited; one that is gone stays out, and its card says so."""
    known: dict[str, Article] = {}
    for article_id in {place.article_id for citation in citations for place in (citation, *citation.also)}:
        try:
            known[article_id] = read_article(article_id, index=index)
        except OnTheRecordError as error:
            log.warning("cited article %s cannot be read: %s", article_id, error)
    return known
