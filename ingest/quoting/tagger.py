"""Find sources, cues and contents in an article with the trained tagger: ONNX weights, no PyTorch, nothing fetched.

In: any text. Out: one TaggedQuote for each attribution. Two networks read the article, each in windows of
its own, and their scores are averaged. The weights lie in `ingest/quoting/weights`; how they were trained and what
they can do is told in their model card.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.quoting.decoder import LABELS, NONE, FloatArray, Scores, TaggedQuote, decode
from ingest.text.pieces import IntArray, Pieces, cut, inputs, windows, windows_between
from rag.models.onnx import checked, sums_exactly

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

# Appended to a network's file, this makes the encoder's last states an output: files in this format merge when joined.
# The message is graph { output { name: "layer_norm_12" type { tensor_type { elem_type: FLOAT } } } }.
STATES = b":\x17b\x15\n\rlayer_norm_12\x12\x04\n\x02\x08\x01"

# (ids, features) of one window, each (length,) -> label log-probabilities (length, LABELS), link
# probabilities (pointers, length, length) and the encoder's states (length, size).
Network = Callable[[IntArray, IntArray], tuple[FloatArray, FloatArray, FloatArray]]
Words = tuple[npt.NDArray[np.int8], FloatArray]
Links = tuple[IntArray, IntArray, IntArray, FloatArray]


@dataclass(frozen=True, slots=True)
class _Window:
    """What network number `network` says of the pieces from `start` on, and how much its word on each counts."""

    network: int
    start: int
    log: FloatArray
    states: FloatArray
    weight: FloatArray
    links: Links


class Tagger:
    """The trained networks and what it takes to run them over an article. Safe to share between threads."""

    def __init__(self, *networks: Network, words: Words | None = None) -> None:
        self._networks = networks
        self._words = words
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="tagger")

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls, folder: Path = WEIGHTS) -> Tagger:
        """The tagger with the packaged weights, loaded once; ModelError when a file is missing or altered."""
        files = {name: checked(folder / name, expected) for name, expected in SHA256.items()}
        with np.load(BytesIO(files.pop(WORDS))) as words:
            table, scales = words["table"], words["scales"]
        return cls(*(_network(data, table, scales) for data in files.values()), words=(table, scales))

    @property
    def words(self) -> Words:
        """The vectors of the word pieces in 8 bits, (vocabulary, size), with a scale for each."""
        if self._words is None:
            raise ValueError("this tagger was made without word vectors")
        return self._words

    def tag(self, text: str) -> list[TaggedQuote]:
        """The attributions in `text`, in the order of their words; never raises on a text."""
        return self.read(text)[0]

    def read(self, text: str) -> tuple[list[TaggedQuote], Pieces, FloatArray]:
        """The attributions in `text`, its pieces, and the networks' states of each, side by side: (pieces, size)."""
        pieces = cut(text)
        scores = self.score(pieces)
        return decode(pieces, scores), pieces, scores.states

    def score(self, pieces: Pieces) -> Scores:
        """The networks' scores for every piece: weighted means over all the windows that hold it."""
        labels = np.zeros((len(pieces), LABELS), dtype=np.float32)
        totals = np.zeros((len(self._networks), len(pieces)), dtype=np.float32)
        links: list[Links] = []
        states: dict[int, FloatArray] = {}
        # One window a thread: eight at once with two threads for each product took 1.4 times the CPU time.
        for window in self._pool.map(lambda job: self._read(pieces, *job), self._jobs(pieces)):
            place = slice(window.start, window.start + len(window.log))
            labels[place] += window.log * window.weight[:, None]
            totals[window.network, place] += window.weight
            links.append(window.links)
            size = window.states.shape[1]
            own = states.setdefault(window.network, np.zeros((len(pieces), size), dtype=np.float32))
            own[place] += window.states * window.weight[:, None]
        total = totals.sum(axis=0)
        labels /= np.maximum(total, 1e-6)[:, None]
        if not links:
            empty = np.zeros(0, dtype=np.int64)
            return Scores(labels, empty, empty, empty, np.zeros(0, dtype=np.float32))
        beside = [own / np.maximum(totals[network], 1e-6)[:, None] for network, own in sorted(states.items())]
        kinds, rows, columns, weights = (np.concatenate(part) for part in zip(*links, strict=True))
        return Scores(labels, kinds, rows, columns, weights / total[rows], np.concatenate(beside, axis=1))

    def _jobs(self, pieces: Pieces) -> list[tuple[int, int, int]]:
        """(network's number, start, end) of all windows, long ones first: so no thread is left with one at the end.

        Where the first network's windows meet, those of the others are in the middle.
        """
        first = windows(pieces)
        between = windows_between(pieces, first)
        jobs = [(number, *span) for number in range(len(self._networks)) for span in (between if number else first)]
        return sorted(jobs, key=lambda job: job[1] - job[2])

    def _read(self, pieces: Pieces, number: int, start: int, end: int) -> _Window:
        labels, links, states = self._networks[number](*inputs(pieces, start, end))
        weight = _centrality(start, end, len(pieces))
        log = labels[1 : end - start + 1]
        kept = states[1 : end - start + 1]
        return _Window(number, start, log, kept, weight, _faint_left_out(links, log, start, weight))


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
    if not sums_exactly():
        # Otherwise it would find other statements than a processor that does. It takes a fifth of the time more.
        options.add_session_config_entry("session.x64quantprecision", "1")
    # Sum and norm fused take longer on a CPU than the two apart: 15 % of a window's time.
    session = onnxruntime.InferenceSession(
        data + STATES, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )

    def run(ids: IntArray, features: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        vectors = table[ids] * scales[ids]
        labels, links, states = session.run(None, {"vectors": vectors[None], "features": features[None]})
        return np.asarray(labels[0]), np.asarray(links[0]), np.asarray(states[0])

    return run
