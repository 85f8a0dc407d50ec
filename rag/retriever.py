"""Find the statements that bear on a query: quotes by meaning and by words, their speaker as a filter.

Candidates come from three searches (quotes by vector, passages by vector, quotes and headlines by
BM25); each candidate then gets one exact score. The lexical index is derived from the store, held in
memory, and made anew whenever the store's version changes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rag.embeddings import Embedder
from rag.people import Directory
from rag.query import topic_terms
from rag.rows import Vectors
from rag.schema import Hit, Query
from rag.store import Catalogue, Store
from rag.text import fold, terms

QUOTE_CANDIDATES = 60
PASSAGE_CANDIDATES = 25
WORD_CANDIDATES = 60
# A speaker's statements are all scored up to this many: behind a hundred near-equal vectors Chroma's
# graph lost one in 18 of 25 trials, filtered or not.
ALL_OF_SPEAKERS = 300
# Weights of the three scores, from the project's measurement of retrieval over perfect quotes:
# similarity of the quote 1, of its passage 0.5, BM25 0.03.
PASSAGE_WEIGHT = 0.5
ARTICLE_WEIGHT = 0.5
WORD_WEIGHT = 0.06
# A quotation in the question that stands in a statement letter for letter settles the matter.
EXACT_BONUS = 1.0
MIN_EXACT_WORDS = 2
QUOTED = re.compile(r"“([^“”]{4,})”|\"([^\"]{4,})\"|(?<!\w)[‘']([^“”\"]{4,}?)[’'](?!\w)")


class Retriever:
    """Search over one opened store."""

    def __init__(self, store: Store, embeddings: Embedder) -> None:
        """Read the store's catalogue and build the lexical index of it."""
        self._store = store
        self._embeddings = embeddings
        self._catalogue = store.catalogue()
        self._rows = {id: row for row, id in enumerate(self._catalogue.ids)}
        self._by_passage: dict[str, list[str]] = {}
        for id, passage in zip(self._catalogue.ids, self._catalogue.passages, strict=True):
            self._by_passage.setdefault(passage, []).append(id)
        self.people = Directory(zip(self._catalogue.speakers, self._catalogue.roles, strict=True))
        self._words = _LexicalIndex(self._catalogue)

    def retrieve(self, query: Query, *, k: int, speakers: Sequence[str] = ()) -> list[Hit]:
        """The k best statements for a query, best first; of these speakers only when any is given."""
        if not self._rows:
            return []
        vector = self._embeddings.embed([query.topic or query.question])[0]
        word_scores = self._words.scores(topic_terms(query.topic) or terms(query.question))
        candidates = self._candidates(vector, word_scores, speakers)
        scores = self._scores(candidates, vector, word_scores, query)
        best = sorted(candidates, key=lambda id: (-scores[id], id))[:k]
        return [Hit(s, scores[s.id]) for s in self._store.statements(best)]

    def _candidates(self, vector: Vectors, word_scores: Vectors, speakers: Sequence[str]) -> list[str]:
        wanted = set(speakers)
        own = [id for id, name in zip(self._catalogue.ids, self._catalogue.speakers, strict=True) if name in wanted]
        if wanted and len(own) <= ALL_OF_SPEAKERS:
            return own
        found = dict.fromkeys(self._store.search_quotes(vector, QUOTE_CANDIDATES, speakers=speakers))
        for passage in self._store.search_passages(vector, PASSAGE_CANDIDATES):
            found.update(dict.fromkeys(self._by_passage.get(passage, ())))
        for row in np.argsort(-word_scores, kind="stable")[:WORD_CANDIDATES]:
            if word_scores[row] > 0:
                found[self._catalogue.ids[row]] = None
        return [
            id
            for id in found
            if id in self._rows and (not wanted or self._catalogue.speakers[self._rows[id]] in wanted)
        ]

    def _scores(
        self, candidates: Sequence[str], vector: Vectors, word_scores: Vectors, query: Query
    ) -> dict[str, float]:
        quotes = self._store.vectors(candidates)
        passage_of = {id: self._catalogue.passages[self._rows[id]] for id in candidates}
        passages = self._store.vectors([p for p in passage_of.values() if p], of="passages")
        article_of = {id: self._catalogue.articles[self._rows[id]] for id in candidates}
        articles = self._store.vectors(list(article_of.values()), of="articles")
        exact = _quotations(query.question)
        scores: dict[str, float] = {}
        for id in candidates:
            score = float(quotes[id] @ vector) if id in quotes else 0.0
            if passage_of[id] in passages:
                score += PASSAGE_WEIGHT * float(passages[passage_of[id]] @ vector)
            if article_of[id] in articles:
                score += ARTICLE_WEIGHT * float(articles[article_of[id]] @ vector)
            score += WORD_WEIGHT * float(word_scores[self._rows[id]])
            text = fold(self._catalogue.texts[self._rows[id]]).text.lower() if exact else ""
            scores[id] = score + EXACT_BONUS * any(phrase in text for phrase in exact)
        return scores


def _quotations(question: str) -> list[str]:
    """What stands in quotation marks in a question, folded and in lower case; single words are no quotation."""
    found = (match[match.lastindex or 0] for match in QUOTED.finditer(question))
    return [fold(words).text.lower() for words in found if len(words.split()) >= MIN_EXACT_WORDS]


class _LexicalIndex:
    """BM25 over each quote's words, its speaker and role."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._size = len(catalogue.ids)
        self._index: Any = None
        rows = zip(catalogue.speakers, catalogue.roles, catalogue.texts, strict=True)
        corpus = [terms(" ".join(row)) for row in rows]
        if any(corpus):
            import bm25s

            # It sets its own logger to DEBUG when it is imported.
            logging.getLogger("bm25s").setLevel(logging.WARNING)
            self._index = bm25s.BM25()
            self._index.index(corpus, show_progress=False)
            self._vocabulary: set[str] = set().union(*corpus)

    def scores(self, stems: Iterable[str]) -> Vectors:
        """The BM25 score of every quote, in the catalogue's order."""
        known = [stem for stem in stems if self._index is not None and stem in self._vocabulary]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)
