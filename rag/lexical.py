"""Word search over texts: BM25, and the share of a question's words that a label holds.

Both are derived from the store and held in memory. Texts and questions come as stems (`rag.text.terms`).
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rag.rows import Vectors


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
