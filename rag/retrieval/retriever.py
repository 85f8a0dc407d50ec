"""Find the statements that bear on a question: several searches for candidates, then one exact score for each.

Candidates are the statements nearest by vector, those in the nearest passages, those whose words match, all of the
best articles, and the nearest of whom the query names. Whom, when and where it asks about adds to a score; nothing is
left out for it. Only candidates are read: what a question costs grows little with the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from rag.index.columns import Bag, Line
from rag.index.rows import Vectors
from rag.index.store import Store
from rag.index.words import day_of
from rag.models.embeddings import Embedder
from rag.people.by_hand import read_by_hand
from rag.people.directory import Directory
from rag.people.register import Register
from rag.retrieval.duplicates import folded
from rag.retrieval.lexical import Corpus, article_scores, counted, label_shares, local_shares, sentence_scores
from rag.retrieval.ranking import (
    DATE_BONUS,
    OUTLET_BONUS,
    SHORT_WORDS,
    SPEAKER_BONUS,
    Measures,
    phrase_bonus,
    weigh,
)
from rag.schema import Hit, Query
from rag.text import quotations, terms

QUOTE_CANDIDATES = 60
PASSAGE_CANDIDATES = 25
WORD_CANDIDATES = 60
# The right article is the first by its words for 0.90 of the development questions, among the first three for 0.93.
ARTICLE_CANDIDATES = 3
# Articles whose words are scored exactly: tantivy's own order rounds their lengths.
ARTICLES_SCORED = 20
# Statements of whom the query names that are scored in any case, the nearest of so many by their vectors: behind a
# hundred near-equal vectors an earlier graph lost one in 18 of 25 trials.
OF_SPEAKERS = 150
SPEAKERS_READ = 5000
# Of a time that is asked about, all that has a word is looked through: words that more statements have than this tell
# little beside rarer ones, and take five times as long in a million.
COMMON = 10_000
# Read for k hits, since repetitions are folded into one.
SPARE = 10
RECENT = 8  # Questions whose vector is kept.
FIRST_DAY, LAST_DAY = "0001-01-01", "9999-12-31"


class Retriever:
    """Search over one opened store."""

    def __init__(self, store: Store, embeddings: Embedder) -> None:
        """Take an opened store; nothing is read but the names of its outlets, and who is who by hand."""
        self._store = store
        self._embeddings = embeddings
        with store.deriving():
            self.people = Directory(Register(store.select), store.columns.publications(), read_by_hand(store.path))
        # A question is asked of several speakers in turn, and reading it takes longer than all else.
        self._asked = lru_cache(maxsize=RECENT)(self._read)

    def retrieve(self, query: Query, *, k: int) -> list[Hit]:
        """The k best statements for a query, best first, each in its passage; repetitions are folded into one hit."""
        if query.kind == "survey":
            return self._surveyed(k)
        with self._store.deriving():
            lines, bags, measures = self._measured(query)
            scores = weigh(measures) + self._wishes(query, lines, bags) + _quoted(query, lines)
            best = sorted(range(len(lines)), key=lambda n: (-scores[n], lines[n].id))[: k + SPARE]
        groups = folded([lines[n] for n in best])[:k]
        read = {each.id: each for each in self._store.statements([line.id for group in groups for line in group])}
        score_of = {lines[n].id: float(scores[n]) for n in best}
        hits = [
            Hit(read[first.id], score_of[first.id], also=tuple(read[line.id] for line in others))
            for first, *others in groups
        ]
        return self._in_passages(hits, {first.id: first.passage for first, *_ in groups})

    def _surveyed(self, k: int) -> list[Hit]:
        """Of each of the k people who are quoted most, the statement that is most like all that they say."""
        store = self._store
        with store.deriving():
            chosen = []
            for person in self.people.most_quoted(k):
                rows = store.columns.rows_said(person.labels, OF_SPEAKERS)
                vectors = store.quote_vectors.read(rows)
                chosen.append(rows[int(np.argmax(_cosines(vectors, vectors.mean(axis=0))))])
            lines = store.columns.lines(chosen)
        order = [lines[row].id for row in chosen]
        found = store.statements(order)
        hits = [Hit(statement, 1 / (1 + order.index(statement.id))) for statement in found]
        return self._in_passages(hits, {line.id: line.passage for line in lines.values()})

    def _in_passages(self, hits: Sequence[Hit], rows: dict[str, int]) -> list[Hit]:
        """The same hits with the passages that they stand in, by the rows of these."""
        with self._store.deriving():
            ids = self._store.columns.passage_ids(rows[hit.statement.id] for hit in hits)
        spans = self._store.passages([*ids.values()])
        return [replace(hit, passage=spans.get(ids.get(rows[hit.statement.id], ""))) for hit in hits]

    def _measured(self, query: Query) -> tuple[list[Line], dict[int, Bag], Measures]:
        """The candidates with their articles, and what is measured of them."""
        asked, vector = self._asked(query.text)
        named = {stem for party in query.parties if party.labels for stem in terms(party.phrase)}
        topic = [stem for stem in asked if stem not in named] or [*asked]
        sentences, texts = self._corpora({*asked})
        read = self._store.columns.bags(self._store.words.best("article", asked, ARTICLES_SCORED))
        near_counts = counted(read, asked)
        near = article_scores(read, near_counts, texts)
        docs = [doc for doc, score in sorted(near.items(), key=lambda pair: -pair[1])[:ARTICLE_CANDIDATES] if score > 0]
        rare = [stem for stem in topic if sentences.frequency.get(stem, 0) <= COMMON] or topic
        lines = [*self._store.columns.lines(self._candidates(query, vector, topic, rare, docs)).values()]
        more = self._store.columns.bags({line.doc for line in lines} - read.keys())
        bags, counts = read | more, {**near_counts, **counted(more, asked)}
        articles = article_scores(bags, counts, texts)
        sizes = np.array([line.size for line in lines], dtype=np.float32)
        return (
            lines,
            bags,
            Measures(
                quote=_cosines(self._store.quote_vectors.read([line.row for line in lines]), vector),
                passage=_cosines(self._store.passage_vectors.read([line.passage for line in lines]), vector),
                words=sentence_scores(lines, topic, sentences),
                article=np.array([articles[line.doc] for line in lines], dtype=np.float32),
                local=local_shares(lines, topic, bags, counts),
                label=label_shares(lines, asked, sentences),
                direct=np.array([line.kind != "indirect" for line in lines], dtype=np.float32),
                short=(sizes < SHORT_WORDS).astype(np.float32),
                length=(np.log(np.maximum(sizes, 1)) / 5).astype(np.float32),
            ),
        )

    def _read(self, question: str) -> tuple[tuple[str, ...], Vectors]:
        """A question's stems and vector."""
        return tuple(terms(question)), self._embeddings.embed([question])[0]

    def _corpora(self, stems: set[str]) -> tuple[Corpus, Corpus]:
        """What BM25 has to know of all statements' sentences, and of all articles."""
        known = self._store.columns
        found = known.frequencies(stems)
        return (
            Corpus(known.number("lines"), known.number("sentence_stems"), {s: n for s, (n, _) in found.items()}),
            Corpus(known.number("articles"), known.number("article_stems"), {s: n for s, (_, n) in found.items()}),
        )

    def _candidates(
        self, query: Query, vector: Vectors, topic: Sequence[str], rare: Sequence[str], docs: Sequence[int]
    ) -> list[int]:
        """Rows of the statements worth an exact score; `rare` are those of the topic's, `docs` the best articles."""
        known, words = self._store.columns, self._store.words
        near = known.standing("statements", self._store.search_quotes(vector, QUOTE_CANDIDATES))
        passages = known.standing("passages", self._store.search_passages(vector, PASSAGE_CANDIDATES))
        found = dict.fromkeys(row for row, *_ in near.values())
        found |= dict.fromkeys(known.rows_in("passage", (row for row, *_ in passages.values())))
        found |= dict.fromkeys(words.best("sentence", topic, WORD_CANDIDATES))
        found |= dict.fromkeys(known.rows_in("doc", docs))
        days = _days(query)
        if days:
            found |= dict.fromkeys(words.best("sentence", rare, WORD_CANDIDATES, days))
        return [*(found | dict.fromkeys(self._said(query, vector, days)))]

    def _said(self, query: Query, vector: Vectors, days: tuple[int, int] | None) -> list[int]:
        """What is nearest of all that they say whom the query names; before that, of what they say on these days."""
        known, names = self._store.columns, sorted(query.labels)
        rows = self._nearest(known.rows_said(names, SPEAKERS_READ, days), vector, OF_SPEAKERS) if days else []
        if len(rows) == OF_SPEAKERS:
            return rows
        return [*rows, *self._nearest(known.rows_said(names, SPEAKERS_READ), vector, OF_SPEAKERS - len(rows))]

    def _nearest(self, rows: list[int], vector: Vectors, most: int) -> list[int]:
        if len(rows) <= most:
            return rows
        cosines = _cosines(self._store.quote_vectors.read(rows), vector)
        return [rows[n] for n in np.argsort(-cosines)[:most].tolist()]

    def _wishes(self, query: Query, lines: Sequence[Line], bags: dict[int, Bag]) -> Vectors:
        """What statements earn for being by whom, when and where the query asks about."""
        fits: dict[str, float] = {}
        speakers = {line.speaker for line in lines}
        for party in query.parties:
            if not (party.labels or party.named):
                for label, share in self.people.fit(party.phrase, speakers).items():
                    fits[label] = max(share, fits.get(label, 0.0))
        fits.update(dict.fromkeys(query.labels, 1.0))
        earned = [
            SPEAKER_BONUS * fits.get(line.speaker, 0.0)
            + DATE_BONUS * query.is_when(bags[line.doc].published)
            + OUTLET_BONUS * query.is_where(bags[line.doc].publication)
            for line in lines
        ]
        return np.array(earned, dtype=np.float32)


def _cosines(vectors: Vectors, vector: Vectors) -> Vectors:
    """The products of vectors, shape (n, dimension), with one: float32 of shape (n,).

    Not by BLAS, whose threads wait busily for more: of 100,000 articles that was a third of what a question costs.
    """
    found: Vectors = np.einsum("ij,j->i", vectors, vector)
    return found


def _days(query: Query) -> tuple[int, int] | None:
    """The first and the last day that a question asks about, as 20261231; None when it asks about no time."""
    if not (query.since or query.until):
        return None
    return day_of(query.since or FIRST_DAY), day_of(query.until or LAST_DAY)


def _quoted(query: Query, lines: Sequence[Line]) -> Vectors:
    """What statements earn for holding a quotation that stands in the question."""
    phrases = quotations(query.question)
    return np.array([max((phrase_bonus(p, line.text) for p in phrases), default=0.0) for line in lines], np.float32)
