"""Train what tells a woman's first name from a man's: `python -m training.speakers.given --help`.

In: the readings, in which "he" and "she" are sources, and GAP (Webster et al., 2018; Apache 2.0), in which they stand
beside the names they mean. Out: one vector and a number, checked on a fifth of the names.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from ingest.speaking.given import SURE, vector
from rag.models.onnx import Floats
from training.speakers.examples import WORDS, is_aside
from training.speakers.states import rows

PRONOUNS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
CLEAR = 3  # Times as often one as the other.
HELD = 5  # One name in so many is for the test.
DECAY = 0.05


def read(labels: Path, articles: Sequence[Path], gap: Path) -> Iterator[tuple[str, str]]:
    """(first name, "m" or "f") wherever a pronoun means a full name."""
    texts = {row["id"]: row for path in articles for row in rows(path)}
    for row in rows(labels):
        article = texts[row["id"]]
        for start, end, whose in row["sources"]:
            who = row["who"].get(whose)
            gender = PRONOUNS.get(article["text"][start:end].lower().strip())
            if gender and who and who["name"] and who["kind"] == "person" and not is_aside(row["id"]):
                yield from _first(article["title" if who["title"] else "text"][slice(*who["name"])], gender)
    with gzip.open(gap, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            gender = PRONOUNS.get(row["text"][slice(*row["pronoun"])].lower())
            for start, end, is_meant in row["candidates"]:
                if is_meant and gender:
                    yield from _first(row["text"][start:end], gender)


def _first(name: str, gender: str) -> Iterator[tuple[str, str]]:
    first, *others = name.split()
    if others:
        yield first, gender


def fitted(vectors: Floats, is_hers: Floats) -> tuple[Floats, float]:
    """The weights and the bias of a logistic regression."""
    mean, spread = vectors.mean(0), vectors.std(0) + 1e-6
    x, y = torch.from_numpy((vectors - mean) / spread), torch.from_numpy(is_hers)
    weight, bias = torch.zeros(x.shape[1], requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=200)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = torch.nn.functional.binary_cross_entropy_with_logits(x @ weight + bias, y) + DECAY * (weight**2).sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    scaled = weight.detach().numpy() / spread
    return scaled, float(bias.detach()[0]) - float(scaled @ mean)


def main(arguments: Sequence[str]) -> None:
    """Train, print how it does, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--gap", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(arguments)
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, gender in read(args.labels, args.articles, args.gap):
        votes[name][gender] += 1
    names = [name for name, v in votes.items() if max(v.values()) >= CLEAR * (v.total() - max(v.values()))]
    with np.load(WORDS) as kept:
        vectors = np.stack([vector(name, (kept["table"], kept["scales"])) for name in names])
    hers = np.array([votes[name]["f"] > votes[name]["m"] for name in names], dtype=np.float32)
    held = np.array([int(hashlib.sha256(name.encode()).hexdigest(), 16) % HELD == 0 for name in names])
    weight, bias = fitted(vectors[~held], hers[~held])
    chance = 1 / (1 + np.exp(-(vectors[held] @ weight + bias)))
    right, sure = (chance > 0.5) == (hers[held] > 0), (chance > SURE) | (chance < 1 - SURE)
    print(f"{len(names)} names; of {held.sum()}: right {right.mean():.3f}, sure {sure.mean():.3f}, right then", end=" ")
    print(f"{right[sure].mean():.3f}")
    weight, bias = fitted(vectors, hers)
    np.savez(args.out, weight=weight.astype(np.float32), bias=np.array(bias, dtype=np.float32))


if __name__ == "__main__":
    main(sys.argv[1:])
