"""Networks that read two texts together: one pair at a time, and probabilities of what they make of each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.models.onnx import Floats, OnnxNetwork

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TOKENS = 128
WORKERS = min(4, os.cpu_count() or 1)


class Network(Protocol):
    """Reads pairs of a question, or of words in one, and what is held against it."""

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """What the network makes of each pair: float32 of shape (pairs, relations)."""


class Calibrated:
    """A network with probabilities for logits: softmax(logits * scale + shift)."""

    def __init__(self, network: Network, scale: Sequence[float], shift: Sequence[float]) -> None:
        """Take a network, one scale or one for each relation, and a shift for each."""
        self._network = network
        self._scale = np.asarray(scale, dtype=np.float32)
        self._shift = np.asarray(shift, dtype=np.float32)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Of each pair the probability of each relation: (pairs, relations)."""
        logits = self._network.logits(pairs) * self._scale + self._shift
        exps = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(exps / exps.sum(axis=1, keepdims=True), dtype=np.float32)


class CrossEncoder:
    """The network and its tokenizer. A pair is read by itself, without padding, one a thread."""

    def __init__(self, network: OnnxNetwork, tokenizer: bytes) -> None:
        """Take a network that reads token ids, and the file of its tokenizer."""
        from tokenizers import Tokenizer

        self._network = network
        self._tokenizer: Tokenizer = Tokenizer.from_buffer(tokenizer)
        self._words: Tokenizer = Tokenizer.from_buffer(tokenizer)
        # As its authors publish it, the tokenizer cuts and fills up every text to 128 pieces.
        self._words.no_truncation()
        self._words.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
        self._tokenizer.no_padding()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="judge")

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """As Network. A question that leaves no room for evidence is cut to half of what the network reads."""
        rows = [self._ids(question, text) for question, text in pairs]
        return np.stack(list(self._pool.map(self._read, rows)))

    def _ids(self, question: str, text: str) -> Sequence[int]:
        # A lone surrogate, which JSON can carry, has no UTF-8 form; the tokenizer would refuse it.
        question, text = (one.encode("utf-8", "replace").decode("utf-8") for one in (question, text))
        words = self._words.encode(question, add_special_tokens=False)
        if len(words.ids) > MAX_TOKENS // 2:
            question = question[: words.offsets[MAX_TOKENS // 2][0]]
        return list(self._tokenizer.encode(question, text).ids)

    def _read(self, ids: Sequence[int]) -> Floats:
        return np.asarray(self._network.run({"ids": np.asarray([ids], dtype=np.int64)})[0][0], dtype=np.float32)
