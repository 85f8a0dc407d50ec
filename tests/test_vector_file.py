"""Vectors beside the index: any row exactly, and what was read is not held for ever."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from rag.index.vectors import READ_BEFORE, VectorFile, VectorsError, VectorWriter, single

COUNT, DIMENSION = 30_000, 384


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
    for rows in ([3, 0, COUNT], list(range(1, READ_BEFORE + 2)), [COUNT, 1]):
        expected = np.where(np.array(rows)[:, None] > 0, vectors[np.array(rows) - 1], 0)
        np.testing.assert_allclose(opened.read(rows), expected, atol=1e-3)


def test_a_file_of_fewer_rows_is_told(written: tuple[Path, np.ndarray]) -> None:
    with pytest.raises(VectorsError, match="is cut"):
        VectorFile(written[0], count=COUNT + 1, dimension=DIMENSION)
    assert VectorFile(written[0], count=0, dimension=DIMENSION).read([0]).tolist() == [[0.0] * DIMENSION]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells what a process holds of a file")
def test_what_was_read_is_not_held(written: tuple[Path, np.ndarray]) -> None:
    file, _ = written
    opened = VectorFile(file, count=COUNT, dimension=DIMENSION)
    chance = np.random.default_rng(2)
    for _ in range(READ_BEFORE // 512):
        opened.read(chance.integers(1, COUNT + 1, 512).tolist())
    assert held_of(file) == 0
    opened.read([1, 2])
    assert 0 < held_of(file) < file.stat().st_size / 4


def held_of(file: Path) -> int:
    """How many bytes of a file this process has mapped and read."""
    held, is_file = 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if ":" not in line.split(" ")[0]:
            is_file = line.endswith(str(file))
        elif is_file and line.startswith("Rss:"):
            held += 1024 * int(line.split()[1])
    return held
