"""Find sources, cues and contents in an article with the trained tagger: ONNX weights, no PyTorch, nothing fetched.

In: any text. Out: one TaggedQuote for each attribution. Two networks read the article, each in windows of
its own, and their scores are averaged. The weights lie in `ingest/weights`; how they were trained and what
they can do is told in their model card.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.decoder import LABELS, NONE, FloatArray, Scores, TaggedQuote, decode
from ingest.pieces import IntArray, Pieces, cut, inputs, windows, windows_between
from rag.models.onnx import checked

WEIGHTS = Path(__file__).with_name("weights")
WORDS = "words.npz"  # The vectors of the word pieces, the same for every network.
SHA256 = {
    WORDS: "b01477a402a2a7dae91bf54b8a9c2fa0341cec42a8ffbab82d8b9d61685cecf5",
    "network1.onnx": "842e17312cc1aa1215d8a634752cc95a50d8fb930870b2238e386abc38af43ef",
    "network2.onnx": "7cfce62a07cb905ac7c9d2ec61f640c8e3604c3d59380b77bc78f592e5c65a35",
}
WORKERS = min(4, os.cpu_count() or 1)  # Threads that read windows.
FAINT = 0.03  # A link of less probability is left out.
EDGE = 60  # A piece this far from both ends of its window, or farther, counts fully.

# (ids, features) of one window, each (length,) -> label log-probabilities (length, LABELS) and link
# probabilities (pointers, length, length).
Network = Callable[[IntArray, IntArray], tuple[FloatArray, FloatArray]]
Links = tuple[IntArray, IntArray, IntArray, FloatArray]


class Tagger:
    """The trained networks and what it takes to run them over an article. Safe to share between threads."""

    def __init__(self, *networks: Network) -> None:
        self._networks = networks
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="tagger")

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls, folder: Path = WEIGHTS) -> Tagger:
        """The tagger with the packaged weights, loaded once; ModelError when a file is missing or altered."""
        files = {name: checked(folder / name, expected) for name, expected in SHA256.items()}
        with np.load(BytesIO(files.pop(WORDS))) as words:
            table, scales = words["table"], words["scales"]
        return cls(*(_network(data, table, scales) for data in files.values()))

    def tag(self, text: str) -> list[TaggedQuote]:
        """The attributions in `text`, in the order of their words; never raises on a text."""
        pieces = cut(text)
        return decode(pieces, self.score(pieces))

    def score(self, pieces: Pieces) -> Scores:
        """The networks' scores for every piece: weighted means over all the windows that hold it."""
        labels = np.zeros((len(pieces), LABELS), dtype=np.float32)
        total = np.zeros(len(pieces), dtype=np.float32)
        links: list[Links] = []
        # One window a thread: eight at once with two threads for each product took 1.4 times the CPU time.
        for start, log, weight, found in self._pool.map(lambda job: self._read(pieces, *job), self._jobs(pieces)):
            labels[start : start + len(log)] += log * weight[:, None]
            total[start : start + len(log)] += weight
            links.append(found)
        labels /= np.maximum(total, 1e-6)[:, None]
        if not links:
            empty = np.zeros(0, dtype=np.int64)
            return Scores(labels, empty, empty, empty, np.zeros(0, dtype=np.float32))
        kinds, rows, columns, weights = (np.concatenate(part) for part in zip(*links, strict=True))
        return Scores(labels, kinds, rows, columns, weights / total[rows])

    def _jobs(self, pieces: Pieces) -> list[tuple[Network, int, int]]:
        """(network, start, end) of all windows, long ones first: so no thread is left with one at the end.

        Where the first network's windows meet, those of the others are in the middle.
        """
        first = windows(pieces)
        between = windows_between(pieces, first)
        jobs = [
            (network, *span) for number, network in enumerate(self._networks) for span in (between if number else first)
        ]
        return sorted(jobs, key=lambda job: job[1] - job[2])

    def _read(
        self, pieces: Pieces, network: Network, start: int, end: int
    ) -> tuple[int, FloatArray, FloatArray, Links]:
        """(start, label log-probabilities, how much each piece's count, links) of one window."""
        labels, links = network(*inputs(pieces, start, end))
        weight = _centrality(start, end, len(pieces))
        log = labels[1 : end - start + 1]
        return start, log, weight, _faint_left_out(links, log, start, weight)


def _centrality(start: int, end: int, total: int) -> FloatArray:
    """How much a window's word on each of its pieces counts: little near a border with more text behind it."""
    places = np.arange(start, end)
    left = np.full(end - start, EDGE) if start == 0 else places - start + 1
    right = np.full(end - start, EDGE) if end == total else end - places
    return np.asarray(np.minimum(np.minimum(left, right), EDGE) / EDGE, dtype=np.float32)


def _faint_left_out(pointers: FloatArray, log: FloatArray, start: int, weight: FloatArray) -> Links:
    """(kinds, rows, columns, weights) of a window's links that count, in pieces of the article."""
    size = len(log)
    block = pointers[:, 1 : size + 1, : size + 1]
    busy = np.flatnonzero(log[:, 0] < np.log(0.9))
    # The numbers of the elements: half the time of three indices for each.
    kinds, places = np.divmod(np.flatnonzero(block[:, busy] > FAINT), len(busy) * (size + 1))
    rows, columns = np.divmod(places, size + 1)
    rows = busy[rows]
    found = block[kinds, rows, columns] * weight[rows]
    return kinds, rows + start, np.where(columns == 0, NONE, columns - 1 + start), found


def _network(data: bytes, table: npt.NDArray[np.int8], scales: FloatArray) -> Network:
    """ONNX weights and, in 8 bits, the word vectors that go into them, (vocabulary, size), with a scale for each."""
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Sum and norm fused take longer on a CPU than the two apart: 15 % of a window's time.
    session = onnxruntime.InferenceSession(
        data, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )

    def run(ids: IntArray, features: IntArray) -> tuple[FloatArray, FloatArray]:
        vectors = table[ids] * scales[ids]
        labels, links = session.run(None, {"vectors": vectors[None], "features": features[None]})
        return np.asarray(labels[0]), np.asarray(links[0])

    return run
