"""Texts longer than a model reads: cut into windows, read, and put together again. Also stretches of texts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters [start, end) of one of several texts that are embedded together, by its number."""

    text: int
    start: int
    end: int


def edges(count: int, most: int) -> list[tuple[int, int]]:
    """(start, end) of the fewest windows over `count` tokens, each of `most` at most, of nearly equal size.

    No tokens are one window that is empty.
    """
    windows = max(1, -(-count // most))
    return list(itertools.pairwise(count * i // windows for i in range(windows + 1)))


def words_of(texts: Sequence[str], places: Sequence[Sequence[Stretch]]) -> list[str]:
    """The words of each place, which is one stretch or several: those joined by a space."""
    return [" ".join(texts[one.text][one.start : one.end] for one in place) for place in places]


def unit(vectors: Vectors) -> Vectors:
    """The same with length 1 each; zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)
