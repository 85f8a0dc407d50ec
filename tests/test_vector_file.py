"""Vectors beside the index: any row exactly, damage told, and no file held for ever."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from rag.index.vectors import VectorFile, VectorsError, VectorWriter, single

COUNT, DIMENSION = 300, 384


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:
    file = tmp_path_factory.mktemp("vectors") / "quotes.f16"
    vectors = np.random.default_rng(1).standard_normal((COUNT, DIMENSION), dtype=np.float32)
    writer = VectorWriter(file, DIMENSION)
    writer.put(1, vectors)
    writer.close()
    return file, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_every_number_of_half_precision_is_read_as_numpy_has_it_and_what_is_none_as_a_large_one() -> None:
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    found, is_number = single(halves), np.isfinite(halves)
    assert np.array_equal(found[is_number], halves[is_number].astype(np.float32))
    assert (np.abs(found[~is_number]) >= 1 << 16).all()


def test_rows_are_what_was_written_however_many_were_read_before(written: tuple[Path, np.ndarray]) -> None:
    file, vectors = written
    opened = VectorFile(file, count=COUNT, dimension=DIMENSION)
    for rows in ([3, 0, COUNT], list(range(1, COUNT + 1)), [COUNT, 1]):
        expected = np.where(np.array(rows)[:, None] > 0, vectors[np.array(rows) - 1], 0)
        np.testing.assert_allclose(opened.read(rows), expected, atol=1e-3)


def test_a_file_of_fewer_rows_is_told(written: tuple[Path, np.ndarray]) -> None:
    with pytest.raises(VectorsError, match="is cut"):
        VectorFile(written[0], count=COUNT + 1, dimension=DIMENSION)
    assert VectorFile(written[0], count=0, dimension=DIMENSION).read([0]).tolist() == [[0.0] * DIMENSION]


def test_a_file_that_is_cut_behind_the_reader_is_told(tmp_path: Path, written: tuple[Path, np.ndarray]) -> None:
    file = tmp_path / "quotes.f16"
    file.write_bytes(written[0].read_bytes())
    opened = VectorFile(file, count=COUNT, dimension=DIMENSION)
    os.truncate(file, file.stat().st_size // 2)
    assert opened.read([1]).shape == (1, DIMENSION)
    with pytest.raises(VectorsError, match="are cut"):
        opened.read([1, COUNT])


def test_a_file_is_let_go_of_when_it_is_closed_or_forgotten(written: tuple[Path, np.ndarray]) -> None:
    first, second = (VectorFile(written[0], count=COUNT, dimension=DIMENSION) for _ in range(2))
    assert held(written[0]) == 2
    first.close()
    with pytest.raises(VectorsError, match="cannot be read"):
        first.read([1])
    del second
    assert held(written[0]) == 0


def held(file: Path) -> int:
    """How often this process has a file open."""
    opened = Path("/proc/self/fd").iterdir()
    return sum(os.path.realpath(one) == os.path.realpath(file) for one in opened)
