"""Look-ups in an index that need no judge: find statements, check where a quotation stands, list who is quoted.

    words, speaker -> Citations        a quotation -> Places that hold it letter for letter        -> People

For programs, the REST and MCP tools and the page's views. Everything that is given back is copied from the store.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rag.config import Settings
from rag.errors import ConfigError
from rag.index.store import Store, counted
from rag.people.persons import Person
from rag.pipeline import Chain, open_chain
from rag.schema import Article, Citation, Hit, Query, Statement
from rag.text import Folded, fold
from rag.writing.citations import cite

MAX_FOUND = 200
MAX_NAME = 200  # characters of whom is looked for
MAX_PEOPLE = 10_000  # of a list
MAX_WORDS = 1000  # characters of what is looked for
MIN_QUOTATION = 3  # characters; less stands everywhere


@dataclass(frozen=True, slots=True)
class Quoted:
    """Somebody who is quoted: every name that the index has for them, and how often, where and when.

    `first` and `last` are the ISO dates of the oldest and the newest article that quotes them.
    """

    name: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    statements: int
    articles: int
    outlets: tuple[str, ...]
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands: its characters in an article, and the statement that holds it, if one does."""

    article_id: str
    title: str | None
    publication: str | None
    published: str | None
    url: str | None
    start: int
    end: int
    words: str
    statement: Citation | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of checking a quotation; `is_said` only when a statement of the speaker asked about holds it."""

    quote: str
    speaker: str
    is_found: bool
    is_said: bool
    speakers: tuple[str, ...]
    places: tuple[Place, ...]


def find_quotes(
    words: str = "", speaker: str = "", *, limit: int = 20, index: str | Path | None = None
) -> tuple[Citation, ...]:
    """The statements that fit some words best, of a speaker, or both; everything of a speaker when no words are given.

    Raises ConfigError when neither is given, StoreError when there is no such index.
    """
    chain = opened(index)
    wanted = max(1, min(limit, MAX_FOUND))
    if not words.strip() and not speaker.strip():
        raise ConfigError("Give words to look for, a speaker, or both, for example: find_quotes('the harbour').")
    labels = frozenset(chain.retriever.people.find(speaker[:MAX_NAME])) if speaker.strip() else None
    if not words.strip():
        return cite([Hit(statement, 1.0) for statement in said_under(labels or frozenset(), chain.store)[:wanted]])
    # Retrieval folds repetitions and knows no speakers to the exclusion of others, so more is read.
    hits = chain.retriever.retrieve(Query(words[:MAX_WORDS], words[:MAX_WORDS]), k=MAX_FOUND if labels else wanted)
    kept = [hit for hit in hits if labels is None or _name(hit.statement) in labels]
    return cite(kept[:wanted])


def verify_quote(quote: str, speaker: str = "", *, index: str | Path | None = None) -> Checked:
    """Whether a quotation stands in the articles letter for letter (typography folded), where, and who says it there.

    Raises ConfigError for a quotation of fewer than MIN_QUOTATION characters, StoreError when there is no such index.
    """
    wanted = fold(quote[:MAX_WORDS]).text.strip(" \"'")
    if len(wanted) < MIN_QUOTATION:
        raise ConfigError("Give the words to check, at least three characters, for example: verify_quote('It leaks').")
    chain = opened(index)
    labels = frozenset(chain.retriever.people.find(speaker)) if speaker.strip() else frozenset[str]()
    places = tuple(islice(_places(chain.store, wanted), MAX_FOUND))
    said = [place.statement for place in places if place.statement]
    return Checked(
        quote=quote,
        speaker=speaker,
        is_found=bool(places),
        is_said=any(statement.speaker in labels for statement in said) if speaker.strip() else bool(said),
        speakers=tuple(dict.fromkeys(statement.speaker for statement in said if statement.speaker)),
        places=places,
    )


def list_people(name: str = "", *, limit: int = MAX_FOUND, index: str | Path | None = None) -> tuple[Quoted, ...]:
    """Everybody who is quoted, the most quoted first; with a name, surname or role only whom it can mean."""
    chain, most = opened(index), min(max(1, limit), MAX_PEOPLE)
    name, people = name[:MAX_NAME], chain.retriever.people
    named = people.holding(people.find(name)) or people.like(name, most) if name.strip() else None
    found = people.most_quoted(most) if named is None else named
    told = sorted((_quoted(p, chain.store) for p in found), key=lambda each: (-each.statements, each.name))
    return tuple(told[:most])


def person(label: str, *, index: str | Path | None = None) -> Quoted | None:
    """Whoever has a label, or is shown under that name; None when nobody is."""
    chain = opened(index)
    people = chain.retriever.people.holding([label]) or chain.retriever.people.called(label)
    return _quoted(people[0], chain.store) if people else None


def statements_of(name: str, *, index: str | Path | None = None) -> tuple[Citation, ...]:
    """Everything that a person says under any of their names, the oldest first; `name` is a label, or their name."""
    chain = opened(index)
    return cite([Hit(statement, 1.0) for statement in said_under(labels_of(name, chain), chain.store)])


def labels_of(name: str, chain: Chain) -> frozenset[str]:
    """All labels of whoever has this one, or is shown under this name."""
    people = chain.retriever.people.holding([name]) or chain.retriever.people.called(name)
    return frozenset(label for person in people for label in person.labels)


def statements_in(article_id: str, *, index: str | Path | None = None) -> tuple[Citation, ...]:
    """Every statement of an article, in the order in which they stand there."""
    return _standing_in(opened(index).store, article_id)


def articles(*, index: str | Path | None = None) -> dict[str, tuple[Article, int]]:
    """Every article with the number of its statements, by id."""
    store = opened(index).store
    entries = store.entries()
    return {article.id: (article, entries[article.id].quotes) for article in store.articles()}


def size(*, index: str | Path | None = None) -> tuple[int, int]:
    """How many articles there are, and statements in them all; loads no model. StoreError without an index."""
    return counted(Settings.load(index=index).index)


def opened(index: str | Path | None) -> Chain:
    """The chain over an index; StoreError when there is none."""
    return open_chain(Settings.load(index=index))


def _name(statement: Statement) -> str:
    return statement.quote.speaker.name if statement.quote.speaker else ""


def said_under(labels: frozenset[str], store: Store) -> list[Statement]:
    """All statements under these names, the oldest first; whose article has no date come last."""
    return sorted(store.statements(store.statement_ids(speakers=labels)), key=when)


def when(statement: Statement) -> tuple[str, str, int]:
    """The order of statements in time: those whose article has no date come last."""
    return statement.article.published or "9", statement.article.id, statement.quote.content[0].start


def _standing_in(store: Store, article_id: str) -> tuple[Citation, ...]:
    ids = store.statement_ids(article=article_id)
    found = sorted(store.statements(ids), key=lambda statement: statement.quote.content[0].start)
    return cite([Hit(statement, 1.0) for statement in found])


def _quoted(person: Person, store: Store) -> Quoted:
    with store.deriving():
        quoting = store.columns.bags(person.articles).values()
        roles = [role for label in person.labels for role in store.columns.roles_of(label)]
    days = sorted(article.published for article in quoting if article.published)
    return Quoted(
        name=person.name,
        names=tuple(person.labels),
        roles=tuple(dict.fromkeys(roles)),
        statements=person.count,
        articles=len(quoting),
        outlets=tuple(sorted({article.publication for article in quoting if article.publication})),
        first=days[0] if days else None,
        last=days[-1] if days else None,
    )


_lock = threading.Lock()
# Folding is most of the work of checking a quotation; a store that is replaced takes its texts along.
_folded: weakref.WeakKeyDictionary[Store, dict[str, Folded]] = weakref.WeakKeyDictionary()


def _places(store: Store, wanted: str) -> Iterator[Place]:
    """Every place that holds these folded words as whole words."""
    with _lock:
        if store not in _folded:
            _folded[store] = {article.id: fold(article.text) for article in store.articles()}
    for id, text in _folded[store].items():
        at = text.text.find(wanted)
        statements = _standing_in(store, id) if at >= 0 else ()
        while at >= 0:
            if _is_whole(text.text, at, at + len(wanted)):
                yield _place(store.article(id), text.source(at, at + len(wanted)), statements)
            at = text.text.find(wanted, at + 1)


def _place(article: Article, where: tuple[int, int], statements: Sequence[Citation]) -> Place:
    start, end = where
    holding = (s for s in statements if min(a for a, _ in s.spans) <= start and end <= max(b for _, b in s.spans))
    return Place(
        article_id=article.id,
        title=article.title,
        publication=article.publication,
        published=article.published,
        url=article.url,
        start=start,
        end=end,
        words=article.text[start:end],
        statement=min(holding, key=lambda s: s.end - s.start, default=None),
    )


def _is_whole(text: str, start: int, end: int) -> bool:
    """True unless a word goes on at either end: "rain" does not stand in "train"."""
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    return not before and not after
