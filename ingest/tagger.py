"""Find sources, cues and contents in an article with the trained tagger: ONNX weights, no PyTorch, no network.

In: any text. Out: one TaggedQuote for each attribution. The weights lie beside this file; how they
were trained and what they can do is told in their model card.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np

from ingest.decoder import LABELS, NONE, FloatArray, Scores, TaggedQuote, decode
from ingest.pieces import IntArray, Pieces, cut, inputs, windows
from rag.errors import ModelError

WEIGHTS = Path(__file__).with_name("tagger.onnx")
SHA256 = "856eb342308ce8c786935ae2e938926c9d9394bae6c57b2bd712cca99921ab83"
WORKERS = min(4, os.cpu_count() or 1)  # Threads that read windows.
FAINT = 0.03  # A link of less probability is left out.
EDGE = 24  # A piece this far from both ends of its window, or farther, counts fully.

# (ids, features) of one window, each (length,) -> label log-probabilities (length, LABELS) and link
# probabilities (pointers, length, length).
Network = Callable[[IntArray, IntArray], tuple[FloatArray, FloatArray]]
Links = tuple[IntArray, IntArray, IntArray, FloatArray]


class Tagger:
    """The trained network and what it takes to run it over an article. Safe to share between threads."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="tagger")

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls, path: Path = WEIGHTS) -> Tagger:
        """The tagger with the packaged weights, loaded once; ModelError when they are missing or altered."""
        if not path.is_file():
            raise ModelError(f"the tagger's weights are missing at {path}: reinstall the project with `make install`")
        data = path.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != SHA256:
            raise ModelError(
                f"the tagger's weights at {path} have SHA-256 {found[:12]}… where {SHA256[:12]}… was expected: "
                "restore the file from the repository, or reinstall the project with `make install`"
            )
        return cls(_session(data))

    def tag(self, text: str) -> list[TaggedQuote]:
        """The attributions in `text`, in the order of their words; never raises on a text."""
        pieces = cut(text)
        return decode(pieces, self.score(pieces))

    def score(self, pieces: Pieces) -> Scores:
        """The network's scores for every piece: weighted means where windows overlap."""
        labels = np.zeros((len(pieces), LABELS), dtype=np.float32)
        total = np.zeros(len(pieces), dtype=np.float32)
        links: list[Links] = []
        # One window a thread: eight at once with two threads for each product took 1.4 times the CPU time.
        for start, log, weight, found in self._pool.map(lambda span: self._read(pieces, *span), windows(pieces)):
            labels[start : start + len(log)] += log * weight[:, None]
            total[start : start + len(log)] += weight
            links.append(found)
        labels /= np.maximum(total, 1e-6)[:, None]
        if not links:
            empty = np.zeros(0, dtype=np.int64)
            return Scores(labels, empty, empty, empty, np.zeros(0, dtype=np.float32))
        kinds, rows, columns, weights = (np.concatenate(part) for part in zip(*links, strict=True))
        return Scores(labels, kinds, rows, columns, weights / total[rows])

    def _read(self, pieces: Pieces, start: int, end: int) -> tuple[int, FloatArray, FloatArray, Links]:
        """(start, label log-probabilities, how much each piece's count, links) of one window."""
        labels, links = self._network(*inputs(pieces, start, end))
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


def _session(data: bytes) -> Network:
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])

    def run(ids: IntArray, features: IntArray) -> tuple[FloatArray, FloatArray]:
        labels, links = session.run(None, {"ids": ids[None], "features": features[None]})
        return np.asarray(labels[0]), np.asarray(links[0])

    return run
