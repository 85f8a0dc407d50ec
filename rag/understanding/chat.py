"""A chat model as the reader of follow-ups: it makes the question whole, the embedded reader reads that."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, Field

from rag.errors import ModelError
from rag.models.chat import ChatModel
from rag.models.fence import fenced, plain
from rag.schema import History, Party, Query
from rag.text import terms
from rag.understanding import prompts
from rag.understanding.reader import Reader

logger = logging.getLogger(__name__)

# What a question leaves out stands a turn or two back; an answer of ours begins with what it is about.
MAX_MESSAGES, MAX_MESSAGE_CHARS = 6, 1200
MAX_WHOLE_CHARS = 1000
# The measure of content words leaves these out, and they turn a question round.
NEGATION = re.compile(r"\b(?:no|not|never|nor|neither|without|nobody|nothing|none)\b|n['’]t\b", re.IGNORECASE)


class Whole(BaseModel):
    """A question that can be read alone."""

    follow_up: bool = Field(description=prompts.FOLLOW_UP)
    question: str = Field(description=prompts.WHOLE)


class ChatReader:
    """Reads by the embedded reader; of a question with a history, a chat model first makes a whole one."""

    def __init__(self, chat: ChatModel, embedded: Reader) -> None:
        self._chat = chat
        self._embedded = embedded

    def read(self, question: str, history: History) -> Query:
        """Read a question: one call when there is a history, none without.

        The embedded reader's reading of question and history stands when the model fails, or brings in a word that
        stands in neither.
        """
        said = list(_said(history))
        if not said:
            return self._embedded.read(question, history)
        try:
            whole = self._chat.ask(Whole, messages_of(question, said))
        except ModelError as error:
            # What a client raises can repeat the prompt.
            is_told = logger.isEnabledFor(logging.DEBUG)
            logger.warning("%s The question is read without it.", error, exc_info=is_told)
            return self._embedded.read(question, history)
        if not whole.follow_up:
            return self._embedded.read(question, [])
        text = " ".join(whole.question.split())
        if not _carried(text, [question, *(words for _, words in said)]):
            logger.info("dropped a question made whole by words that nobody used")
            return self._embedded.read(question, history)
        return _as_asked(self._embedded.read(text, []), question, [question, *(words for _, words in said)])


def messages_of(question: str, said: list[tuple[str, str]]) -> list[BaseMessage]:
    """The prompt about a question and the (who, words) said before it."""
    lines = [f"{who}: {plain(words, MAX_MESSAGE_CHARS)}" for who, words in said[-MAX_MESSAGES:]]
    asked = prompts.QUESTION.format(question=plain(question))
    return [SystemMessage(prompts.SYSTEM), HumanMessage(f"{fenced('conversation', lines)}\n\n{asked}")]


def _said(history: History) -> Iterator[tuple[str, str]]:
    """(who, words) of each message of a history that has words in it."""
    for message in history:
        content = message.get("content")
        if isinstance(content, str) and content.strip():
            yield ("USER" if message.get("role") == "user" else "PROGRAM"), content


def _carried(text: str, sources: list[str]) -> bool:
    """True when every content word of a text stands in one of the sources, and it negates nothing on its own."""
    known = {term for source in sources for term in terms(source)}
    mine = terms(text)
    negates = bool(NEGATION.search(text)) and not any(NEGATION.search(source) for source in sources)
    return bool(mine) and len(text) <= MAX_WHOLE_CHARS and set(mine) <= known and not negates


def _as_asked(query: Query, question: str, sources: list[str]) -> Query:
    """A reading of a whole question as one of the question typed: what it names stands in what was said."""
    parties = tuple(found for party in query.parties if (found := _typed(party, sources)) is not None)
    return replace(query, question=question, parties=parties)


def _typed(party: Party, sources: list[str]) -> Party | None:
    """A party by the words that were typed, case aside, or None when nobody typed them."""
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, party.phrase.split())) + r"(?!\w)", re.IGNORECASE)
    match = next((match for source in sources if (match := pattern.search(source))), None)
    return replace(party, phrase=match.group()) if match and party.phrase.strip() else None
