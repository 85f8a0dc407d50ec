"""Stand-ins for the models, behind our own seams: quick, deterministic and checkable by eye."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np

from rag.embeddings import Vectors


class FakeEmbeddings:
    """One axis a word: the cosine of two texts is their shared words / sqrt(words of one * words of the other).

    A token is a word. `embedded` lists every text that was asked for, in order.
    """

    name = "fake-words"
    dimension = 1024
    max_tokens = 40

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(_words(text))

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in _words(text):
                vector[1 + zlib.crc32(word.encode()) % (self.dimension - 1)] += 1
            vector[0] = 0 if vector.any() else 1
            vector /= np.linalg.norm(vector)
        return vectors


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
