"""Find the statements that bear on a question: several searches for candidates, then one exact score for each.

Candidates are the statements nearest by vector, those in the nearest passages, those whose words match, all of the
best articles, and all of whom the query names. Whom, when and where it asks about adds to a score; nothing is left
out for it. The lexical indexes are derived from the store, held in memory, and made anew when the store changes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.index.rows import Vectors
from rag.index.store import Store
from rag.models.embeddings import Embedder
from rag.people.directory import Directory
from rag.retrieval.duplicates import group
from rag.retrieval.lexical import LocalShares, WordIndex, WordShares
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

logger = logging.getLogger(__name__)

Rows = NDArray[np.intp]

QUOTE_CANDIDATES = 60
PASSAGE_CANDIDATES = 25
WORD_CANDIDATES = 60
# The right article is the first by its words for 0.90 of the development questions, among the first three for 0.93.
ARTICLE_CANDIDATES = 3
# Statements of whom the query names that are scored in any case: behind a hundred near-equal vectors Chroma's graph
# lost one in 18 of 25 trials.
OF_SPEAKERS = 300
# Read for k hits, since repetitions are folded into one.
SPARE = 10
CHECKED_VECTORS = 20
RECENT = 8  # Questions whose vector is kept.


class Retriever:
    """Search over one opened store."""

    def __init__(self, store: Store, embeddings: Embedder) -> None:
        """Read the store's catalogue and build the lexical indexes of it.

        Raises StoreError when the index has lost its vectors.
        """
        self._store = store
        self._embeddings = embeddings
        known = self._catalogue = store.catalogue()
        self._ids = np.array(known.ids, dtype=object)
        self._rows = {id: row for row, id in enumerate(known.ids)}
        self._by_passage = _places(known.passages)
        self._by_speaker = _places(known.speakers)
        self._by_article = _places(known.articles)
        articles = store.articles()
        self._articles = [articles[id] for id in self._by_article]
        place = {id: n for n, id in enumerate(self._by_article)}
        self._article_of = np.array([place[id] for id in known.articles], dtype=int)
        self.people = Directory(
            zip(known.speakers, known.roles, strict=True),
            known.articles,
            (article.publication or "" for article in self._articles),
        )
        sentences = [terms(text) for text in known.sentences]
        self._words = WordIndex(sentences)
        self._texts = WordIndex([terms(f"{a.title or ''} {a.text}") for a in self._articles])
        self._local = LocalShares(known.texts, sentences, known.articles)
        labels = [terms(f"{name} {role}") for name, role in zip(known.speakers, known.roles, strict=True)]
        self._labels = WordShares(labels, sentences)
        sizes = np.array([len(text.split()) for text in known.texts], dtype=np.float32)
        self._short = (sizes < SHORT_WORDS).astype(np.float32)
        self._length = (np.log(np.maximum(sizes, 1)) / 5).astype(np.float32)
        self._direct = np.array([kind != "indirect" for kind in known.kinds], dtype=np.float32)
        # A question is asked of several speakers in turn, and reading it takes longer than all else.
        self._asked = lru_cache(maxsize=RECENT)(self._read)
        store.vectors(known.ids[:: 1 + len(known.ids) // CHECKED_VECTORS])

    def retrieve(self, query: Query, *, k: int) -> list[Hit]:
        """The k best statements for a query, best first, each in its passage; repetitions are folded into one hit."""
        rows, measures = self._measured(query)
        scores = weigh(measures) + self._wishes(query, rows) + self._quoted(query, rows)
        best = sorted(range(len(rows)), key=lambda n: (-scores[n], self._ids[rows[n]]))[: k + SPARE]
        score_of = {self._ids[rows[n]]: float(scores[n]) for n in best}
        found = self._store.statements(list(score_of))
        hits = group([Hit(statement, score_of[statement.id]) for statement in found])[:k]
        return self._in_passages(hits)

    def _in_passages(self, hits: Sequence[Hit]) -> list[Hit]:
        """The same hits with the passages that they stand in."""
        wanted = [self._catalogue.passages[self._rows[hit.statement.id]] for hit in hits]
        spans = self._store.passages([id for id in wanted if id])
        return [replace(hit, passage=spans.get(id)) for hit, id in zip(hits, wanted, strict=True)]

    def _measured(self, query: Query) -> tuple[Rows, Measures]:
        asked, vector, articles = self._asked(query.text)
        named = {stem for party in query.parties if party.labels for stem in terms(party.phrase)}
        topic = [stem for stem in asked if stem not in named] or asked
        words = self._words.scores(topic)
        rows, quotes, passages = self._vectors(self._candidates(query, vector, words, articles))
        return rows, Measures(
            quote=quotes @ vector,
            passage=passages @ vector,
            words=words[rows],
            article=articles[self._article_of[rows]],
            local=self._local.of(topic, rows.tolist()),
            label=self._labels.of(asked)[rows],
            direct=self._direct[rows],
            short=self._short[rows],
            length=self._length[rows],
        )

    def _read(self, question: str) -> tuple[tuple[str, ...], Vectors, Vectors]:
        """A question's stems and vector, and the scores of all articles for it."""
        asked = tuple(terms(question))
        return asked, self._embeddings.embed([question])[0], self._texts.scores(asked)

    def _candidates(self, query: Query, vector: Vectors, words: Vectors, articles: Vectors) -> list[int]:
        """Rows of the catalogue worth an exact score."""
        ids = self._store.search_quotes(vector, QUOTE_CANDIDATES)
        found = dict.fromkeys(self._rows[id] for id in ids if id in self._rows)
        for passage in self._store.search_passages(vector, PASSAGE_CANDIDATES):
            found.update(dict.fromkeys(self._by_passage.get(passage, ())))
        found.update(dict.fromkeys(_best(words, WORD_CANDIDATES)))
        for article in _best(articles, ARTICLE_CANDIDATES):
            found.update(dict.fromkeys(self._by_article[self._articles[article].id]))
        named = [row for name in sorted(query.labels) for row in self._by_speaker.get(name, ())]
        found.update(dict.fromkeys(named[:OF_SPEAKERS]))
        return list(found)

    def _vectors(self, rows: Sequence[int]) -> tuple[Rows, Vectors, Vectors]:
        """The rows that have a vector, with their vectors and their passages' (zeros where there is no passage)."""
        known = self._catalogue
        quotes = self._store.vectors([known.ids[row] for row in rows])
        kept = [row for row in rows if known.ids[row] in quotes]
        if len(kept) < len(rows):
            logger.warning("%d statements have no vector yet and are left out.", len(rows) - len(kept))
        passages = self._store.vectors([p for p in {known.passages[row] for row in kept} if p], of="passages")
        none = np.zeros(self._embeddings.dimension, dtype=np.float32)
        shape = (len(kept), self._embeddings.dimension)
        return (
            np.array(kept, dtype=np.intp),
            np.array([quotes[known.ids[row]] for row in kept], dtype=np.float32).reshape(shape),
            np.array([passages.get(known.passages[row], none) for row in kept], dtype=np.float32).reshape(shape),
        )

    def _wishes(self, query: Query, rows: Rows) -> Vectors:
        """What statements earn for being by whom, when and where the query asks about."""
        fits: dict[str, float] = {}
        for party in query.parties:
            for label, share in ({} if party.labels or party.named else self.people.fit(party.phrase)).items():
                fits[label] = max(share, fits.get(label, 0.0))
        fits.update(dict.fromkeys(query.labels, 1.0))
        speakers = self._catalogue.speakers
        earned = np.array([SPEAKER_BONUS * fits.get(speakers[row], 0.0) for row in rows], dtype=np.float32)
        for place, row in enumerate(rows):
            article = self._articles[self._article_of[row]]
            earned[place] += DATE_BONUS * query.is_when(article.published)
            earned[place] += OUTLET_BONUS * query.is_where(article.publication)
        return earned

    def _quoted(self, query: Query, rows: Rows) -> Vectors:
        """What statements earn for holding a quotation that stands in the question."""
        phrases = quotations(query.question)
        texts = self._catalogue.texts
        return np.array([max((phrase_bonus(p, texts[row]) for p in phrases), default=0.0) for row in rows], np.float32)


def _places(keys: Iterable[str]) -> dict[str, list[int]]:
    """Where each key stands."""
    places: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        places.setdefault(key, []).append(row)
    return places


def _best(scores: Vectors, k: int) -> list[int]:
    """Rows of the k best scores above 0, best first."""
    return [int(row) for row in np.argsort(-scores, kind="stable")[:k] if scores[row] > 0]
