"""Tell from a first name whether its bearer is called "he" or "she": one product with the tagger's word vectors.

It serves where an article says neither "Ms." nor "she" of somebody, and only for names that are nearly always one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np

from ingest.speaking.namer import Words
from ingest.text.pieces import cut
from rag.models.onnx import Floats, checked

WEIGHTS = Path(__file__).with_name("given.npz")
SHA256 = "79eb1b7d8c7ac020cd50d4a37688206041b1e8f9ac870d52749973dc44079442"
SURE = 0.9  # With this probability a name is a woman's, or a man's: right for 0.99 of such names of the test.


def vector(name: str, words: Words) -> Floats:
    """(size,): the mean vector of the pieces of a name."""
    table, scales = words
    ids = cut(name).ids
    return np.asarray((table[ids] * scales[ids]).mean(axis=0), dtype=np.float32)


def women(names: Iterable[str], words: Words) -> dict[str, float]:
    """The probability that each name's bearer is a woman; ModelError when the weights are missing or altered."""
    weight, bias = _weights()
    return {name: float(1 / (1 + np.exp(-(vector(name, words) @ weight + bias)))) for name in dict.fromkeys(names)}


def genders(chances: Mapping[str, float]) -> dict[str, str]:
    """ "m" or "f" for each of the names of which it is sure."""
    return {name: "f" if chance > SURE else "m" for name, chance in chances.items() if not 1 - SURE < chance < SURE}


@lru_cache(maxsize=1)
def _weights() -> tuple[Floats, float]:
    with np.load(BytesIO(checked(WEIGHTS, SHA256))) as kept:
        return kept["weight"], float(kept["bias"])
