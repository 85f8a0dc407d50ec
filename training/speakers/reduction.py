"""Fewer numbers for a piece's states and its word vector: their principal directions, at equal scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

STATES = 768  # Numbers of the two networks' states; what follows is the word vector.
KEPT = (96, 48)  # Directions that are kept of either.
SAMPLE = 20000
FLOOR = 0.1  # Of the widest direction's spread, added to all: the narrow ones are mostly noise.


@dataclass(frozen=True, slots=True)
class Reduction:
    """`mean` (size,) and `matrix` (size, kept)."""

    mean: Floats
    matrix: Floats

    @classmethod
    def of(cls, vectors: npt.NDArray[np.float16]) -> Reduction:
        """The principal directions of a sample of the vectors."""
        order = np.random.default_rng(0).permutation(len(vectors))[:SAMPLE]
        some = vectors[order].astype(np.float64)
        matrix = np.zeros((some.shape[1], sum(KEPT)))
        parts = ((slice(0, STATES), slice(0, KEPT[0])), (slice(STATES, None), slice(KEPT[0], None)))
        for (rows, columns), kept in zip(parts, KEPT, strict=True):
            spread, directions = np.linalg.eigh(np.cov(some[:, rows].T))
            widest = np.argsort(-spread)[:kept]
            scale = np.sqrt(np.maximum(spread[widest], 0))
            matrix[rows, columns] = directions[:, widest] / (scale + FLOOR * scale[0])
        return cls(some.mean(axis=0).astype(np.float32), matrix.astype(np.float32))

    def reduced(self, vectors: npt.NDArray[np.floating]) -> Floats:
        """(rows, kept) of (rows, size)."""
        return np.asarray((vectors.astype(np.float32) - self.mean) @ self.matrix, dtype=np.float32)

    def through(self, weights: Floats) -> tuple[Floats, Floats]:
        """Weights (kept, width) for reduced vectors as weights (size, width) and bias (width,) for whole ones."""
        whole = self.matrix @ weights
        return whole, -self.mean @ whole
