"""Vectors beside the index, read row by row: one row a number, half precision, to score any of them exactly.

They are copies of Chroma's, made of length one. Half precision moves a cosine by less than 0.001.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from rag.index.rows import Vectors

KIND = np.dtype("<f2")
# Squared lengths that are no rounding.
UNIT = (0.99, 1.01)
BLOCK = 8192  # Vectors copied in one go.
# Of numbers of half and single precision: bits of the fraction, and what the exponent counts from.
FRACTION, BIAS = (10, 23), (15, 127)
# Sign, and exponent and fraction, behind the bits that the sign fills up when a number of 16 bits is made one of 32.
PARTS = np.int32((0x7FFF << FRACTION[1] - FRACTION[0]) - (1 << 31))
FACTOR = np.float32(2.0 ** (BIAS[1] - BIAS[0]))


class VectorsError(Exception):
    """A vector is not what was written: the files are made anew from Chroma."""


def named(name: str, generation: int) -> str:
    """The name of a file of vectors: written anew without what is gone, they have another, for readers keep the old."""
    return f"{Path(name).stem}-{generation}{Path(name).suffix}" if generation else name


class VectorFile:
    """Vectors for reading; rows begin with 1."""

    def __init__(self, file: Path, *, count: int, dimension: int) -> None:
        """Open a file of at least `count` rows; VectorsError when it has fewer."""
        self._dimension, self._size = dimension, dimension * KIND.itemsize
        self._opened = os.open(file, os.O_RDONLY)
        self.close = weakref.finalize(self, os.close, self._opened)
        if os.fstat(self._opened).st_size < count * self._size:
            self.close()
            raise VectorsError(f"{file} is cut")

    def read(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, zeros for row 0: float32 of shape (len(rows), dimension). Raises VectorsError."""
        # Rows of a mapped file would each bring 64 KB of neighbours into this process, and take it longer.
        try:
            held = b"".join([os.pread(self._opened, self._size, (row - 1) * self._size) for row in rows if row])
        except OSError as error:
            raise VectorsError(f"vectors cannot be read: {error}") from error
        real = np.asarray(rows, dtype=np.intp) > 0
        if len(held) < np.count_nonzero(real) * self._size:
            raise VectorsError("vectors are cut")
        found = np.zeros((len(real), self._dimension), dtype=np.float32)
        found[real] = single(np.frombuffer(held, dtype=KIND).reshape(-1, self._dimension))
        squares = np.einsum("ij,ij->i", found, found)[real]
        if not ((squares > UNIT[0]) & (squares < UNIT[1])).all():
            raise VectorsError("a vector is not what was written")
        return found


def single(halves: NDArray[np.float16]) -> Vectors:
    """Numbers of half precision as float32, in a fifth of the time that NumPy takes, which turns them one by one.

    Sign, exponent and fraction are moved to where float32 has them; a factor sets the exponent right, which counts from
    another number there. What is no number becomes a large one.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= FRACTION[1] - FRACTION[0]
    bits &= PARTS
    found = bits.view(np.float32)
    found *= FACTOR
    return found


class VectorWriter:
    """Vectors for writing, each at its row."""

    def __init__(self, file: Path, dimension: int) -> None:
        self._dimension = dimension
        self._file: BinaryIO = file.open("r+b" if file.exists() else "w+b")

    def put(self, first: int, vectors: Vectors) -> None:
        """Write vectors from a row on: float32 of shape (n, dimension)."""
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        self._file.seek((first - 1) * self._dimension * KIND.itemsize)
        self._file.write((vectors / np.where(lengths > 0, lengths, 1)).astype(KIND).tobytes())

    def copy(self, file: Path, rows: Sequence[int]) -> None:
        """Write rows of another file, in rising order, one behind the other; VectorsError when it has fewer."""
        if not rows:
            return
        if file.stat().st_size < rows[-1] * self._dimension * KIND.itemsize:
            raise VectorsError(f"{file} is cut")
        held = np.memmap(file, dtype=KIND, mode="r", shape=(rows[-1], self._dimension))
        self._file.seek(0)
        for begin in range(0, len(rows), BLOCK):
            self._file.write(held[np.asarray(rows[begin : begin + BLOCK]) - 1].tobytes())

    def flush(self) -> None:
        """See to it that what was written is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
