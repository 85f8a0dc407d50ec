"""A question to an answer: understand -> retrieve -> decide -> point and copy -> verify.

    question -> Query -> Hits -> Decision -> Citations -> sentences -> Answer

The steps are a LangChain chain; `Chain.stream` yields the answer sentence by sentence, each of them
verified before it is shown.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from rag.citations import cite, problems
from rag.compose import Stated, closing, opening, sentence, text_of
from rag.config import Settings
from rag.decision import Decision, as_closest, decide
from rag.embeddings import Embedder, load_embeddings
from rag.errors import ConfigError, StaleError
from rag.evidence import Scales
from rag.llm import ChatModel, load_chat_model
from rag.query import understand
from rag.retriever import Retriever
from rag.schema import Answer, Article, Citation, History, Query
from rag.store import Store, open_store, read_version
from rag.writer import point, second_look

logger = logging.getLogger(__name__)

# A question is a sentence or two; the embedding model reads 256 word pieces, which these seldom exceed.
MAX_QUESTION_CHARS = 1000
# Runs that end one after the other while a single question is answered.
ATTEMPTS = 5


def ask(question: str, history: History | None = None, index: str | Path | None = None) -> Answer:
    """Answer a question about who said what from the articles of an index.

    Args:
        question: What a person would type; at most MAX_QUESTION_CHARS are read.
        history: The conversation so far, {"role", "content"} messages, oldest first.
        index: Folder of the index; None reads OTR_INDEX, then falls back to `index/`.

    Raises StoreError when there is no such index and ConfigError or ModelError when the settings
    name a model that cannot be had. A model that fails while answering costs only its connecting words.
    """
    *_, answer = stream(question, history, index)
    return answer


def stream(question: str, history: History | None = None, index: str | Path | None = None) -> Iterator[Answer]:
    """Yield the answer as it grows, verified sentence by sentence; the last one is whole. See `ask`."""
    if not isinstance(question, str):
        raise ConfigError(f"The question is {question!r}; expected a string, such as 'What did the mayor say?'.")
    return _stream(question, history or [], Settings.load(index=index))


def _stream(question: str, history: History, settings: Settings) -> Iterator[Answer]:
    """Answer; begin anew where a writer has taken away what was being read, which happens before the first word."""
    for attempt in range(ATTEMPTS):
        try:
            yield from open_chain(settings).stream(question, history)
            return
        except StaleError:
            if attempt == ATTEMPTS - 1:
                raise


def read_article(article_id: str, index: str | Path | None = None) -> Article:
    """The stored article that a citation stands in; StoreError when the index has none of that id."""
    return open_chain(Settings.load(index=index)).store.article(article_id)


class Chain:
    """The chain over one opened index. It holds the retriever and the model; it keeps nothing of a question."""

    def __init__(self, store: Store, embeddings: Embedder, chat: ChatModel | None) -> None:
        self.store = store
        self._retriever = Retriever(store, embeddings)
        self._scales = Scales(store.catalogue().texts, embeddings.embed)
        self._chat = chat
        self._chain: Runnable[dict[str, Any], Any] = (
            RunnablePassthrough.assign(query=RunnableLambda(self._understand))
            | RunnablePassthrough.assign(decision=itemgetter("query") | RunnableLambda(self._decide))
            | RunnableLambda(self._write)
        )

    def stream(self, question: str, history: History) -> Iterator[Answer]:
        """Yield the growing answer to a question; the last one is whole."""
        yield from self._chain.stream({"question": question.strip()[:MAX_QUESTION_CHARS], "history": history})

    def _understand(self, inputs: dict[str, Any]) -> Query:
        return understand(inputs["question"], inputs["history"], self._retriever.people)

    def _decide(self, query: Query) -> Decision:
        return decide(query, self._retriever.retrieve, self._scales)

    def _write(self, inputs: dict[str, Any]) -> Iterator[Answer]:
        query, decision = inputs["query"], inputs["decision"]
        draft = _Draft(query, decision, cite(decision.hits, conflict=decision.conflict))
        if draft.head:
            yield draft.answer()
        for number, phrase in self._pointed(query, decision, draft.evidence):
            if draft.add(number, phrase):
                yield draft.answer()
        if decision.answered and not draft.told:
            closest = as_closest(decision)
            draft = _Draft(query, closest, cite(closest.hits))
            for citation in draft.evidence:
                draft.add(citation.number, "")
        yield draft.answer()

    def _pointed(self, query: Query, decision: Decision, evidence: tuple[Citation, ...]) -> Iterator[tuple[int, str]]:
        """The numbers to show, in order, each with a few words on what it is about, or none.

        The embedded model only adds words to the statements that the retriever chose: it is too
        small to choose among them. Another model chooses and orders, but what a hostile article can
        make it write must not hide the best statement, nor refuse an answer (see `second_look`).
        """
        numbers = [citation.number for citation in evidence]
        shown: list[int] = []
        failed = False
        if self._chat and decision.answered:
            try:
                pointed = point(self._chat, query.question, evidence)
                for number, phrase in sorted(pointed) if query.kind == "change" else pointed:
                    shown.append(number)
                    yield number, phrase
                if shown == [0] and not self._chat.embedded:
                    shown = list(second_look(self._chat, query.question, evidence))
                    yield from ((number, "") for number in shown)
                    shown = shown or [0] * (not decision.sure)
            except Exception:  # a client can raise anything, and the answer does not need it
                failed = True
                logger.warning("The model %s failed; the answer goes on without it.", self._chat.name, exc_info=True)
        whole = failed or not shown or not self._chat or self._chat.embedded
        # A verdict is all of its statements together, and so is a change.
        whole = whole or decision.verdict is not None or query.kind == "change"
        due = numbers if whole else numbers[: shown != [0]]
        yield from ((number, "") for number in due if number not in shown)


class _Draft:
    """An answer in the making: the sentences so far and the citations that they point at."""

    def __init__(self, query: Query, decision: Decision, evidence: tuple[Citation, ...]) -> None:
        self.head = opening(query, decision)
        self.evidence = evidence
        self._decision = decision
        self._statements: list[Stated] = []

    @property
    def told(self) -> bool:
        """True when there is a sentence to show."""
        return bool(self._statements)

    def add(self, number: int, phrase: str) -> bool:
        """Add the sentence of one statement; False, and a log line, when it does not pass verification."""
        citation = next((c for c in self.evidence if c.number == number), None)
        if citation is None:
            return False
        stated = Stated(citation, phrase)
        wrong = problems(sentence(stated), [citation])
        if wrong:
            logger.error("a sentence was dropped: %s", "; ".join(wrong))
            return False
        self._statements.append(stated)
        return True

    def answer(self) -> Answer:
        """The answer as far as it goes."""
        return Answer(
            text=text_of(self.head, self._statements, closing(self._statements)),
            answered=self._decision.answered,
            verdict=self._decision.verdict,
            citations=tuple(stated.citation for stated in self._statements),
        )


_lock = threading.Lock()
_chains: dict[Path, tuple[str, Settings, Chain]] = {}


def open_chain(settings: Settings) -> Chain:
    """The chain for an index, opened once per process and again after the index has changed."""
    path = settings.index.resolve()
    with _lock:
        version = read_version(path)
        known = _chains.get(path)
        if known and known[:2] == (version, settings):
            return known[2]
        embeddings = load_embeddings()
        store = open_store(path, model=embeddings.name, dimension=embeddings.dimension)
        # The replaced store closes itself once the last request that reads it has ended.
        chain = Chain(store, embeddings, load_chat_model(settings))
        _chains[path] = (store.version, settings, chain)
        return chain
