"""Text to vectors by another model of sentence-transformers, with PyTorch. The only importer of that library."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.errors import ModelError
from rag.models.windows import Stretch, Vectors, edges, unit, words_of

SPECIAL = 2  # The marks at a text's start and end, which take places of the model's.


class SentenceModel(Embeddings):
    """A model of sentence-transformers. A text of any length gets one vector, and all of it counts."""

    def __init__(self, name: str) -> None:
        """Load the model in a folder, or one that its hub's cache holds; ModelError when there is none."""
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        # A bar for half a second of reading weights would stand in the middle of an answer.
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(name, device="cpu", local_files_only=True)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"OTR_EMBEDDINGS is {name!r}, and no sentence-transformers model can be loaded from there "
                f"({type(error).__name__}): give the folder that one was saved in, or unset it to use "
                "all-MiniLM-L6-v2."
            ) from error
        model.eval()
        tokenizer: Any = model.tokenizer
        if not getattr(tokenizer, "is_fast", False):
            raise ModelError(
                f"OTR_EMBEDDINGS is {name!r}, whose tokenizer does not say which characters a token stands for: give "
                "a model with a fast tokenizer (tokenizer.json)."
            )
        self.name = name
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.max_tokens = int(model.get_max_seq_length() or 512) - SPECIAL
        self._model = model
        self._tokenizer = tokenizer
        # Its tokenizer is no thing to share between threads.
        self._alone = threading.Lock()

    def count_tokens(self, text: str) -> int:
        """Count the tokens of `text` as the model sees them, without the special ones; nothing is cut."""
        return len(self._offsets(_clean(text)))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts`: float32 of shape (len(texts), dimension), in their order, each of length 1.

        Of one that the model does not see whole, the mean of its windows, weighted by their tokens.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        cut = [(owner, piece, tokens) for owner, text in enumerate(texts) for piece, tokens in self._cut(text)]
        if cut:
            found = unit(self._read([piece for _, piece, _ in cut]))
            for (owner, _, tokens), vector in zip(cut, found, strict=True):
                vectors[owner] += vector * max(1, tokens)
        return unit(vectors)

    def embed_within(self, texts: Sequence[str], places: Sequence[Sequence[Stretch]]) -> tuple[Vectors, Vectors]:
        """Embed `texts`, and the words of places in them by themselves: what a token's state means, the model knows."""
        return self.embed(texts), self.embed(words_of(texts, places))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of `embed`."""
        return [[float(value) for value in vector] for vector in self.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of `embed` for one text."""
        return self.embed_documents([text])[0]

    def _cut(self, text: str) -> list[tuple[str, int]]:
        text = _clean(text)
        offsets = self._offsets(text)
        places = edges(len(offsets), self.max_tokens)
        if len(places) == 1:
            return [(text, len(offsets))]
        return [(text[offsets[start][0] : offsets[end - 1][1]], end - start) for start, end in places]

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        with self._alone:
            found = self._tokenizer(
                text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
            )
        offsets: list[tuple[int, int]] = found["offset_mapping"]
        return offsets

    def _read(self, texts: Sequence[str]) -> Vectors:
        with self._alone:
            found = self._model.encode(list(texts), convert_to_numpy=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


def _clean(text: str) -> str:
    # A lone surrogate, which JSON can carry, has no UTF-8 form; the tokenizer would refuse it.
    return text.encode("utf-8", "replace").decode("utf-8")
