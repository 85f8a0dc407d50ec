"""A question to an answer: read -> retrieve -> judge -> decide -> copy -> verify.

    question, history -> Query -> Hits -> Judged -> Decision -> Citations -> sentences -> Answer

The steps are a LangChain chain; `Chain.stream` yields the answer sentence by sentence, each of them
verified before it is shown.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypedDict

from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from rag.config import Settings
from rag.errors import ConfigError, StaleError
from rag.index.store import Store, open_store, read_version
from rag.judging.chat import ChatJudge
from rag.judging.claims import is_by
from rag.judging.decide import decide
from rag.judging.decision import MOST, Decision, never
from rag.judging.embedded import EmbeddedJudge
from rag.judging.ground import is_ground, is_headline
from rag.judging.judge import Judge
from rag.judging.letters import agrees, quoted, repeats, turns, without_parties
from rag.judging.matcher import Matcher
from rag.models.chat import ChatModel, load_chat_model
from rag.models.embeddings import Embedder, load_embeddings
from rag.models.local import Local, load_local
from rag.people.by_hand import state_of
from rag.retrieval.retriever import Retriever
from rag.schema import Answer, Article, Citation, History, Hit, Judged, Message, Query, Statement
from rag.text import terms, whole
from rag.understanding.chat import ChatReader
from rag.understanding.described import described
from rag.understanding.embedded import EmbeddedReader, QuestionTagger
from rag.understanding.in_roles import without_others
from rag.understanding.namesakes import told_apart
from rag.understanding.reader import Reader
from rag.writing.beside import language_name, unjudged
from rag.writing.citations import cite, problems
from rag.writing.compose import opening, sentence, sentences_of, written

logger = logging.getLogger(__name__)

# A question is a sentence or two; the embedding model reads 256 word pieces, which these seldom exceed.
MAX_QUESTION_CHARS = 1000
# How many statements are judged, and by a chat model, which reads them all at once. docs/notes/judge.md has what
# more and fewer give, and take.
JUDGED, JUDGED_BY_CHAT = 32, 40
# Runs that end one after the other while a single question is answered.
ATTEMPTS = 5
# Notes with which a statement is no ground for a "yes".
TAKEN_AWAY = ("correction", "gone", "retracted")


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


def stream(
    question: str,
    history: History | None = None,
    index: str | Path | None = None,
    *,
    embedded: bool = False,
    local: Local | None = None,
) -> Iterator[Answer]:
    """Yield the answer as it grows, verified sentence by sentence; the last one is whole. See `ask`.

    `embedded` leaves the chat model of the settings out: nothing of this question leaves the machine. `local` puts a
    model of a server on this machine in its place.
    """
    if not isinstance(question, str):
        raise ConfigError(f"The question is {question!r}; expected a string, such as 'What did the mayor say?'.")
    said = [_message(each) for each in history or []]
    settings = Settings.load(index=index)
    return _stream(whole(question), said, settings, "embedded" if embedded else local)


def _message(given: object) -> Message:
    """A message of a history without half surrogates: a program's arguments, and JSON, can hold them."""
    if not isinstance(given, Mapping) or not {"role", "content"} <= given.keys():
        expected = {"role": "user", "content": "What did the mayor say?"}
        raise ConfigError(f"The history has {given!r:.80}; expected messages such as {expected}.")
    return {key: whole(value) if isinstance(value, str) else value for key, value in given.items()}


def _stream(
    question: str, history: History, settings: Settings, other: Local | Literal["embedded"] | None
) -> Iterator[Answer]:
    """Answer; begin anew where a writer has taken away what was being read, which happens before the first word."""
    for attempt in range(ATTEMPTS):
        try:
            chain = open_chain(settings)
            if other:
                chain = chain.embedded or chain
            if isinstance(other, Local):
                chain = chain.before(load_local(other, settings), settings)
            yield from chain.stream(question, history)
            return
        except StaleError:
            if attempt == ATTEMPTS - 1:
                raise


def read_article(article_id: str, index: str | Path | None = None) -> Article:
    """The stored article that a citation stands in; StoreError when the index has none of that id."""
    return open_chain(Settings.load(index=index)).store.article(article_id)


class _Steps(TypedDict):
    """What the chain has found so far; each step adds one. LangChain itself takes any mapping."""

    question: str
    history: History
    query: Query
    hits: list[Hit]
    judged: Judged


_Step = RunnableLambda[Any, Any]


class Chain:
    """The chain over one opened index. It keeps nothing of a question."""

    def __init__(  # noqa: PLR0913  # its parts
        self,
        store: Store,
        retriever: Retriever,
        reader: Reader,
        judge: Judge,
        matcher: Matcher,
        *,
        judged: int = JUDGED,
    ) -> None:
        """Take the parts; `judged` is how many statements are retrieved for the judge."""
        self.store, self.retriever, self._count = store, retriever, judged
        self._reader, self._judge, self._matcher = reader, judge, matcher
        # Over the same index, without the chat model that this one has; None where it has none.
        self.embedded: Chain | None = None
        self._chain: Runnable[dict[str, Any], Any] = (
            RunnablePassthrough.assign(query=_Step(self._read))
            | RunnablePassthrough.assign(hits=itemgetter("query") | _Step(self._retrieve))
            | _Step(self._whom)
            | RunnablePassthrough.assign(judged=_Step(self._judged))
            | _Step(self._write)
        )

    def stream(self, question: str, history: History) -> Iterator[Answer]:
        """Yield the growing answer to a question; the last one is whole."""
        yield from self._chain.stream({"question": question.strip()[:MAX_QUESTION_CHARS], "history": history})

    def before(self, chat: ChatModel, settings: Settings) -> Chain:
        """The chain over the same index with a chat model before the reader and the judge of this one."""
        judge = ChatJudge(chat, self._judge, token_budget=settings.llm_tokens)
        reader = ChatReader(chat, self._reader)
        return Chain(self.store, self.retriever, reader, judge, self._matcher, judged=JUDGED_BY_CHAT)

    def _read(self, steps: _Steps) -> Query:
        return self._reader.read(steps["question"], steps["history"])

    def _retrieve(self, query: Query) -> list[Hit]:
        return self.retriever.retrieve(query, k=self._count) if query.question else []

    def _whom(self, steps: _Steps) -> _Steps:
        """Whom the question means among those who speak to it; whom the network knows is searched for, too."""
        hits, people = steps["hits"], self.retriever.people
        known = described(steps["query"], hits, people)
        query = self._matcher.matched(known, hits, people, self.store.article)
        hits = hits if query == known else self._retrieve(query)
        query = told_apart(without_others(query, hits, self._text), hits, self._text)
        return {**steps, "query": query, "hits": hits}

    def _text(self, article_id: str) -> str:
        return self.store.article(article_id).text

    def _judged(self, steps: _Steps) -> Judged:
        return self._judge.judge(steps["query"], steps["hits"])

    def _write(self, steps: _Steps) -> Iterator[Answer]:
        """The answer as it grows; what does not pass verification is left out before anything is shown."""
        judged = steps["judged"]
        query = replace(steps["query"], kind=judged.kind or steps["query"].kind)
        by_model = isinstance(self._judge, ChatJudge) and not judged.note
        # A chat model that calls words the opposite although they are the claim's own has read what letters cannot;
        # how sure it is of a "yes" it does not tell.
        stands, repeated = (stands_unturned, never) if by_model else (stands_for_yes, has_the_words)
        decision = decide(query, judged, agrees=stands, repeats=repeated, turns=turns)
        decision, unread = with_foreign(query, with_corrected(query, decision, steps["hits"]), steps["hits"])
        verified = [citation for citation in cite(decision.hits) if _passes(citation)]
        if not verified:
            decision = Decision(False, None, ())
        note = " ".join(filter(None, [judged.note, unread]))
        head = opening(query, decision, note, by_model=by_model, most=self._most(query, len(verified)))
        for count in range(0 if head else min(1, len(verified)), len(verified) + 1):
            shown = tuple(verified[:count])
            lines = sentences_of(head, shown)
            told = (written(lines), decision.answered, decision.verdict, shown)
            yield Answer(*told, judged.by, lines, judged.note, query.follows)

    def _most(self, query: Query, count: int) -> list[str]:
        """Whom the articles quote most, each with how often, where a question is about them all."""
        is_of_all = query.kind == "survey" and not query.besides
        return self.retriever.people.counted(count) if is_of_all else []


def stands_for_yes(query: Query, statement: Statement) -> bool:
    """True unless letters speak against a "yes" by the statement, a correction, a later version, or what it is."""
    if any(note.kind in TAKEN_AWAY for note in statement.notes) or not agrees(query, statement):
        return False
    return is_ground(without_parties(query), statement, has_marks=bool(quoted(query)))


def stands_unturned(query: Query, statement: Statement) -> bool:
    """True unless letters speak against a "yes" as in `stands_for_yes`, or a negation does, however sure the judge."""
    return stands_for_yes(query, statement) and not turns(query, statement)


def has_the_words(query: Query, statement: Statement) -> bool:
    """True when letters speak against a "no": below the headline a statement has the very words of the claim."""
    return repeats(query, statement) and not is_headline(statement)


def with_foreign(query: Query, decision: Decision, hits: Sequence[Hit]) -> tuple[Decision, str]:
    """Where nothing answers, what the asked say in another language in place of others' words, and a sentence on it.

    No judge reads it, and the embedding model knows English alone: that it is there is all that can be said.
    """
    if decision.answered:
        return decision, ""
    own = [hit for hit in hits if any(is_by(party, hit.statement) for party in query.parties)]
    foreign = [hit for hit in own if any(note.kind == "language" for note in hit.statement.notes)][:MOST]
    if not foreign:
        return decision, ""
    codes = {note.text for hit in foreign for note in hit.statement.notes if note.kind == "language"}
    return replace(decision, hits=tuple(foreign)), unjudged(sorted(map(language_name, codes)))


def with_corrected(query: Query, decision: Decision, hits: Sequence[Hit]) -> Decision:
    """Where nothing answers, and a correction names the asked, whom nobody is quoted as: the words that it corrects."""
    unknown = [{*terms(party.phrase)} for party in query.parties if party.named and not party.labels]
    told = [
        hit
        for hit in hits
        for note in hit.statement.notes
        if note.kind == "correction" and any(name <= {*terms(note.text)} for name in unknown)
    ]
    return decision if decision.answered or not told else replace(decision, hits=tuple(told[:MOST]))


def _passes(citation: Citation) -> bool:
    """False, and a log line, for a statement whose sentence would show what its article does not have."""
    wrong = problems(sentence(citation), [citation])
    if wrong:
        place = (citation.start, citation.end, citation.article_id)
        logger.error("a sentence was dropped: it disagrees with characters %d to %d of %s", *place)
        logger.debug("%s", "; ".join(wrong))
    return not wrong


class _Opened(NamedTuple):
    """A chain, and for what it was built: settings, the index's version, the state of what is decided by hand."""

    chain: Chain
    settings: Settings
    version: str
    decided: str


_lock = threading.Lock()
_chains: dict[Path, _Opened] = {}


def open_chain(settings: Settings) -> Chain:
    """The chain for an index, opened once per process and again after the index has changed.

    After another decision by hand about who is who, it is built anew over the same opened index.
    """
    path = settings.index.resolve()
    with _lock:
        version, decided = read_version(path), state_of(path)
        known = _chains.get(path)
        store = known.chain.store if known and (known.version, known.settings) == (version, settings) else None
        if known and store and known.decided == decided:
            return known.chain
        embeddings = load_embeddings()
        store = store or open_store(path, model=embeddings.name, dimension=embeddings.dimension)
        chain = build_chain(store, embeddings, settings)
        _chains[path] = _Opened(chain, settings, store.version, decided)
        if known:
            # The replaced chain holds itself in circles: its store is closed when these are looked for.
            del known
            gc.collect()
        return chain


def build_chain(store: Store, embeddings: Embedder, settings: Settings) -> Chain:
    """The chain over an opened index: the embedded reader and judge, or the chat model of the settings before them."""
    retriever = Retriever(store, embeddings)
    reader, judge = EmbeddedReader(retriever.people, QuestionTagger.load()), EmbeddedJudge.load()
    embedded = Chain(store, retriever, reader, judge, Matcher.load())
    chat = load_chat_model(settings)
    if chat is None:
        return embedded
    chain = embedded.before(chat, settings)
    chain.embedded = embedded
    return chain
