"""Word search over texts: BM25, and the share of a question's words that a label holds.

Both are derived from the store and held in memory. Texts and questions come as stems (`rag.text.terms`).
"""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from rag.index.rows import Vectors
from rag.text import terms

KEPT = 20_000  # Texts whose stems are kept once read.


class WordIndex:
    """BM25 over texts, as a share of the best text's score."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        """Index texts given as stems; a text without any is never found."""
        self._size = len(texts)
        self._index: Any = None
        self._vocabulary: set[str] = set().union(*texts)
        if self._vocabulary:
            import bm25s

            # It sets its own logger to DEBUG when it is imported.
            logging.getLogger("bm25s").setLevel(logging.WARNING)
            self._index = bm25s.BM25()
            self._index.index([list(text) for text in texts], show_progress=False)

    def scores(self, stems: Iterable[str]) -> Vectors:
        """The score of each text, the best one's being 1; all 0 when none has a word of the question."""
        known = [stem for stem in dict.fromkeys(stems) if stem in self._vocabulary]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        scores = np.asarray(self._index.get_scores(known), dtype=np.float32)
        best = float(scores.max())
        return scores / best if best > 0 else scores


class WordShares:
    """How much of a question the words of a label cover, rare words counting more."""

    def __init__(self, labels: Sequence[Iterable[str]], texts: Sequence[Iterable[str]]) -> None:
        """Index labels given as stems; how rare a stem is shows in `texts`."""
        self._size = len(labels)
        self._rows: dict[str, list[int]] = {}
        for row, label in enumerate(labels):
            for stem in set(label):
                self._rows.setdefault(stem, []).append(row)
        self._texts = len(texts)
        self._frequency: dict[str, int] = {}
        for text in texts:
            for stem in set(text):
                self._frequency[stem] = self._frequency.get(stem, 0) + 1

    def rarity(self, stem: str) -> float:
        """BM25's weight of a word: the log of how many texts there are for each that holds it."""
        holding = self._frequency.get(stem, 0)
        return math.log1p((self._texts - holding + 0.5) / (holding + 0.5))

    def of(self, stems: Iterable[str]) -> Vectors:
        """For each label the share (0 to 1) of the question's words, weighed by rarity, that it holds."""
        wanted = {stem: self.rarity(stem) for stem in stems}
        shares = np.zeros(self._size, dtype=np.float32)
        for stem, weight in wanted.items():
            shares[self._rows.get(stem, [])] += weight
        whole = sum(wanted.values())
        return shares / np.float32(whole) if whole > 0 else shares


class LocalShares:
    """How much of a question a text holds, words that are rare among the texts of its own article counting more.

    What a whole article is about tells its statements apart as little as "the" does.
    """

    def __init__(self, texts: Sequence[str], sentences: Sequence[Sequence[str]], articles: Sequence[str]) -> None:
        """Take each text, the stems of the sentence that it stands in and its article, in step."""
        self._texts = texts
        self._articles = articles
        self._stems = lru_cache(maxsize=KEPT)(lambda row: frozenset(terms(self._texts[row])))
        self._frequency: dict[str, Counter[str]] = {}
        self._sizes: Counter[str] = Counter()
        # Several quotes can stand in one sentence.
        for article, sentence in dict.fromkeys(zip(articles, map(tuple, sentences), strict=True)):
            self._frequency.setdefault(article, Counter()).update(set(sentence))
            self._sizes[article] += 1

    def of(self, stems: Iterable[str], rows: Iterable[int]) -> Vectors:
        """The share (0 to 1) of the question's words, weighed by rarity in the article, that each row's text holds."""
        wanted = set(stems)
        weights = {article: self._weights(wanted, article) for article in {self._articles[row] for row in rows}}
        shares = []
        for row in rows:
            rarity = weights[self._articles[row]]
            held = sum(rarity[stem] for stem in wanted & self._stems(row))
            shares.append(held / (sum(rarity.values()) or 1.0))
        return np.array(shares, dtype=np.float32)

    def _weights(self, stems: Iterable[str], article: str) -> dict[str, float]:
        frequency, size = self._frequency[article], self._sizes[article]
        return {s: math.log1p((size - frequency[s] + 0.5) / (frequency[s] + 0.5)) for s in stems}
