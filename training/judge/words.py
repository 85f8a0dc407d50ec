"""Which of many texts share a question's words: BM25 of all of them, in memory."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rag.index.rows import Vectors


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
