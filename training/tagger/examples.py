"""Annotated articles as training batches: labels, links, and the same words set in other styles."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ingest.text.pieces import LOWER, PLAIN, SEP, SPACED, UPPER, WINDOW, IntArray, Pieces, cut, inputs, tokenizer

BoolArray = npt.NDArray[np.bool_]

MASK = 103  # [MASK] of BERT's vocabulary, whose words begin after 999.
FIRST_WORD = 999
HIDDEN_WINDOWS = 0.7  # Share of the windows of which some pieces are hidden,
HIDDEN_PIECES = 0.12  # and the share of their pieces.


@dataclass(frozen=True)
class Example:
    """An article: its pieces and, for each, the span it lies in (-1 for none) and that span's attribution.

    `spans` is (3, pieces) for content, cue and source; `owners` says for content and cue pieces which
    attribution they belong to, `sources[a]` which source span attribution `a` has.
    """

    pieces: Pieces
    spans: IntArray
    owners: IntArray
    sources: IntArray


def read_examples(path: Path) -> tuple[list[str], list[Example]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row["id"] for row in rows], [make_example(row["text"], row["attributions"]) for row in rows]


def make_example(text: str, attributions: list[dict[str, list[list[int]]]]) -> Example:
    pieces = cut(text)
    spans = np.full((3, len(pieces)), -1, dtype=np.int64)
    owners = np.full((2, len(pieces)), -1, dtype=np.int64)
    sources = np.full(max(1, len(attributions)), -1, dtype=np.int64)
    numbers: dict[tuple[int, int], int] = {}
    count = 0
    for number, attribution in enumerate(attributions):
        for role, name in enumerate(("content", "cue", "source")):
            for start, end in attribution[name]:
                inside = (pieces.starts < end) & (pieces.ends > start) & (pieces.ids != SEP)
                if role < 2:
                    owners[role, inside], spans[role, inside] = number, count
                else:
                    spans[role, inside] = sources[number] = numbers.setdefault((start, end), count)
                count += 1
    return Example(pieces, spans, owners, sources)


class Styles:
    """The same article as other outlets would set it: other quotation marks, none, lower case, no paragraphs."""

    def __init__(self) -> None:
        ids = tokenizer().get_vocab()
        self.open, self.close, self.straight = ids["“"], ids["”"], ids['"']
        self.single_open, self.single_close = ids["‘"], ids["’"]
        self.tick, self.apostrophe = ids["`"], ids["'"]

    def apply(self, example: Example, rng: random.Random) -> Example:
        pieces, roll = example.pieces, rng.random()
        if roll < 0.55:
            changed = example
        else:
            marks = np.isin(pieces.ids, (self.open, self.close, self.straight))
            opening = (pieces.ids == self.open) | ((pieces.ids == self.straight) & (pieces.features > SPACED))
            changed = self._restyle(example, marks, opening, roll, rng)
        if rng.random() < 0.04:
            features = changed.pieces.features
            lower = np.where(
                (features % SPACED != PLAIN) & (features > 0), LOWER + SPACED * (features > UPPER), features
            )
            changed = replace(changed, pieces=replace(changed.pieces, features=lower))
        if rng.random() < 0.04:
            changed = take(changed, np.flatnonzero(changed.pieces.ids != SEP))
        return changed

    def _restyle(
        self, example: Example, marks: BoolArray, opening: BoolArray, roll: float, rng: random.Random
    ) -> Example:
        ids = example.pieces.ids.copy()
        if roll < 0.75:
            curly = bool((ids == self.open).any())
            ids[marks] = self.straight if curly else np.where(opening, self.open, self.close)[marks]
        elif roll < 0.82:
            ids[marks] = np.where(opening, self.single_open, self.single_close)[marks]
        elif roll < 0.90:
            left = self.tick if rng.random() < 0.5 else self.apostrophe
            ids[marks] = np.where(opening, left, self.apostrophe)[marks]
            example = replace(example, pieces=replace(example.pieces, ids=ids))
            return take(example, np.repeat(np.arange(len(ids)), 1 + marks))
        elif roll < 0.95:
            return take(example, np.flatnonzero(~marks))
        else:
            kept = ~marks | (np.array([rng.random() for _ in ids]) > 0.08)
            return take(example, np.flatnonzero(kept))
        return replace(example, pieces=replace(example.pieces, ids=ids))


def take(example: Example, order: IntArray) -> Example:
    p = example.pieces
    pieces = Pieces(p.ids[order], p.features[order], p.starts[order], p.ends[order], p.firsts[order])
    return replace(example, pieces=pieces, spans=example.spans[:, order], owners=example.owners[:, order])


def training_windows(pieces: Pieces, rng: random.Random) -> list[tuple[int, int]]:
    """Windows without overlap whose borders move from epoch to epoch; most end where a paragraph does."""
    breaks = np.flatnonzero(pieces.ids == SEP)
    found, start = [], 0
    limit = rng.randint(WINDOW // 3, WINDOW)
    while start < len(pieces):
        end = min(start + limit, len(pieces))
        near = breaks[(breaks > start + limit // 2) & (breaks <= end)]
        if end < len(pieces) and len(near) and rng.random() < 0.8:
            end = int(near[-1])
        found.append((start, end))
        start, limit = end, WINDOW
    return found


@dataclass(frozen=True)
class Item:
    """One window of an example, as arrays that begin with [CLS]."""

    ids: IntArray
    features: IntArray
    labels: IntArray
    spans: IntArray
    owners: IntArray
    wanted: IntArray  # The source span of each content and cue piece's attribution; -1 none, -2 no such piece.


def make_item(example: Example, start: int, end: int) -> Item:
    ids, features = inputs(example.pieces, start, end)
    size = len(ids)
    spans = np.full((3, size), -1, dtype=np.int64)
    owners = np.full((2, size), -1, dtype=np.int64)
    labels = np.zeros(size, dtype=np.int64)
    spans[:, 1 : size - 1] = example.spans[:, start:end]
    owners[:, 1 : size - 1] = example.owners[:, start:end]
    for role in range(3):
        inside = spans[role] >= 0
        labels[inside] = 2 * role + 2
        # A span that the window's border cuts goes on with I: with B, every window learns to begin with a span.
        before = example.spans[role, start - 1] if start else -1
        begins = inside & (spans[role] != np.concatenate([[-1, before], spans[role][1:-1]]))
        labels[begins] = 2 * role + 1
    labels[1 : size - 1][~example.pieces.firsts[start:end]] = -100
    labels[[0, -1]] = -100
    wanted = np.where(owners >= 0, example.sources[owners], -2)
    return Item(ids, features, labels, spans, owners, wanted)


def collate(items: list[Item]) -> dict[str, Tensor]:
    size = max(len(item.ids) for item in items)

    def pad(name: str, value: int) -> Tensor:
        arrays = [getattr(item, name) for item in items]
        return torch.from_numpy(
            np.stack(
                [np.pad(a, [(0, 0)] * (a.ndim - 1) + [(0, size - a.shape[-1])], constant_values=value) for a in arrays]
            )
        )

    fills = {"ids": 0, "features": 0, "labels": -100, "spans": -1, "owners": -1, "wanted": -2}
    return {name: pad(name, value) for name, value in fills.items()}


def hide(item: Item, rng: random.Random) -> Item:
    """A window some of whose words cannot be read: what is said by whom must show from the words around them too."""
    if rng.random() > HIDDEN_WINDOWS:
        return item
    ids = item.ids.copy()
    chosen = np.array([rng.random() < HIDDEN_PIECES for _ in ids]) & (ids > FIRST_WORD)
    ids[chosen] = MASK
    return replace(item, ids=ids)


def epoch_batches(examples: list[Example], styles: Styles, size: int, rng: random.Random) -> list[dict[str, Tensor]]:
    items = []
    for example in examples:
        styled = styles.apply(example, rng)
        items += [hide(make_item(styled, start, end), rng) for start, end in training_windows(styled.pieces, rng)]
    return [collate(group) for group in grouped(items, size, rng)]


def grouped(items: list[Item], size: int, rng: random.Random) -> list[list[Item]]:
    """Groups of `size` windows of about one length, in any order."""
    rng.shuffle(items)
    pools = [sorted(items[i : i + 40 * size], key=lambda it: len(it.ids)) for i in range(0, len(items), 40 * size)]
    found = [pool[i : i + size] for pool in pools for i in range(0, len(pool), size)]
    rng.shuffle(found)
    return found
