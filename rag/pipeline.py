"""A question to an answer: read -> retrieve -> judge -> decide -> copy -> verify.

    question, history -> Query -> Hits -> Judged -> Decision -> Citations -> sentences -> Answer

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

from rag.config import Settings
from rag.errors import ConfigError, StaleError
from rag.index.store import Store, open_store, read_version
from rag.judging.chat import ChatJudge
from rag.judging.decide import Decision, decide
from rag.judging.embedded import EmbeddedJudge
from rag.judging.judge import Judge
from rag.judging.letters import agrees
from rag.models.chat import load_chat_model
from rag.models.embeddings import Embedder, load_embeddings
from rag.retrieval.retriever import Retriever
from rag.schema import Answer, Article, Citation, History, Hit, Judged, Query
from rag.understanding.chat import ChatReader
from rag.understanding.embedded import EmbeddedReader, QuestionTagger
from rag.understanding.reader import Reader
from rag.writing.citations import cite, problems
from rag.writing.compose import opening, sentence, text_of

logger = logging.getLogger(__name__)

# A question is a sentence or two; the embedding model reads 256 word pieces, which these seldom exceed.
MAX_QUESTION_CHARS = 1000
# How many statements are judged. docs/judge.md has what more and fewer give, and take.
JUDGED = 24
# Runs that end one after the other while a single question is answered.
ATTEMPTS = 5


def ask(question: str, history: History | None = None, index: str | Path | None = None) -> Answer:
    """Answer a question about who said what from the articles of an index.

    Args:
        question: What a person would type; at most MAX_QUESTION_CHARS are read.
        history: The conversation so far, {"role", "content"} messages, oldest first.
        index: Folder of the index; None reads OTR_INDEX, then falls back to `index/`.

    Raises StoreError when there is no such index and ConfigError or ModelError when the settings
    name a model that cannot be had. A model that fails while answering is stood in for by the embedded one.
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
    """The chain over one opened index. It keeps nothing of a question."""

    def __init__(self, store: Store, retriever: Retriever, reader: Reader, judge: Judge) -> None:
        self.store = store
        self._retriever, self._reader, self._judge = retriever, reader, judge
        self._chain: Runnable[dict[str, Any], Any] = (
            RunnablePassthrough.assign(query=RunnableLambda(self._read))
            | RunnablePassthrough.assign(hits=itemgetter("query") | RunnableLambda(self._retrieve))
            | RunnablePassthrough.assign(judged=RunnableLambda(self._judged))
            | RunnableLambda(self._write)
        )

    def stream(self, question: str, history: History) -> Iterator[Answer]:
        """Yield the growing answer to a question; the last one is whole."""
        yield from self._chain.stream({"question": question.strip()[:MAX_QUESTION_CHARS], "history": history})

    def _read(self, inputs: dict[str, Any]) -> Query:
        return self._reader.read(inputs["question"], inputs["history"])

    def _retrieve(self, query: Query) -> list[Hit]:
        return self._retriever.retrieve(query, k=JUDGED) if query.question else []

    def _judged(self, inputs: dict[str, Any]) -> Judged:
        return self._judge.judge(inputs["query"], inputs["hits"])

    def _write(self, inputs: dict[str, Any]) -> Iterator[Answer]:
        """The answer as it grows; what does not pass verification is left out before anything is shown."""
        query, judged = inputs["query"], inputs["judged"]
        decision = decide(query, judged, agrees=agrees)
        verified = [citation for citation in cite(decision.hits) if _passes(citation)]
        if not verified:
            decision = Decision(False, None, ())
        head = opening(query, decision, judged.note)
        for count in range(0 if head else min(1, len(verified)), len(verified) + 1):
            shown = tuple(verified[:count])
            yield Answer(text_of(head, shown), decision.answered, decision.verdict, shown, judged.by)


def _passes(citation: Citation) -> bool:
    """False, and a log line, for a statement whose sentence would show what its article does not have."""
    wrong = problems(sentence(citation), [citation])
    if wrong:
        logger.error("a sentence was dropped: %s", "; ".join(wrong))
    return not wrong


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
        chain = build_chain(store, embeddings, settings)
        _chains[path] = (store.version, settings, chain)
        return chain


def build_chain(store: Store, embeddings: Embedder, settings: Settings) -> Chain:
    """The chain over an opened index: the embedded reader and judge, or the chat model of the settings before them."""
    retriever = Retriever(store, embeddings)
    reader, judge = EmbeddedReader(retriever.people, QuestionTagger.load()), EmbeddedJudge.load()
    chat = load_chat_model(settings, tokens=settings.llm_tokens)
    if chat is None:
        return Chain(store, retriever, reader, judge)
    return Chain(store, retriever, ChatReader(chat, reader), ChatJudge(chat, judge, token_budget=settings.llm_tokens))
