"""Pairs of question and evidence as token ids: written once, and read on whatever machine trains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

T = TypeVar("T")
RELATIONS = ("answers", "says_so", "opposite", "another", "topic", "off")
UNLABELLED = ""
# Where a pair comes from: pools of labelled statements, those of claims apart; statements near a pool's question
# without a label; claims written about one statement; public data; claims whose yes, no and neither share words with
# the statement alike; pools of open questions that judge.onnx had not learnt.
PARTS = ("pools", "claim_pools", "near", "claims", "public", "mixed", "new_pools")
NO_RANK = 99


@dataclass(frozen=True, slots=True)
class Row:
    """One pair. `group` is the pool that it belongs to, `rank` what its retriever made of it."""

    part: str
    question: str
    evidence: str
    relation: str
    aside: bool = False
    group: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs. Arrays of shape (pairs,) but for `ids`, the token ids of all, and `starts`, (pairs + 1,).

    `relation` is a place in RELATIONS, -1 without a label; `part` one in PARTS; `group` a number that pairs of one pool
    share, -1 for a pair by itself.
    """

    ids: NDArray[np.uint16]
    starts: NDArray[np.int64]
    relation: NDArray[np.int8]
    part: NDArray[np.int8]
    group: NDArray[np.int32]
    rank: NDArray[np.int8]
    aside: NDArray[np.bool_]

    def of(self, *parts: str, aside: bool = False) -> NDArray[np.int64]:
        """The places of the pairs of some parts, those set aside or those to learn from."""
        wanted = np.isin(self.part, [PARTS.index(part) for part in parts])
        return np.flatnonzero(wanted & (self.aside == aside))

    def pools(self, *parts: str) -> list[list[int]]:
        """The places of the pairs to learn from of some parts, those of a pool together."""
        groups: dict[int, list[int]] = {}
        for place in self.of(*parts).tolist():
            groups.setdefault(int(self.group[place]), []).append(place)
        return list(groups.values())


def save(path: Path, rows: Sequence[Row], tokenizer: Tokenizer) -> None:
    """Write rows as the arrays of Pairs."""
    encoded = [one.ids for one in tokenizer.encode_batch([(row.question, row.evidence) for row in rows])]
    groups = {name: number for number, name in enumerate(dict.fromkeys(row.group for row in rows if row.group))}
    arrays: dict[str, Any] = {
        "ids": np.fromiter((id for ids in encoded for id in ids), dtype=np.uint16),
        "starts": np.cumsum([0, *map(len, encoded)], dtype=np.int64),
        "relation": np.array([RELATIONS.index(row.relation) if row.relation else -1 for row in rows], dtype=np.int8),
        "part": np.array([PARTS.index(row.part) for row in rows], dtype=np.int8),
        "group": np.array([groups.get(row.group, -1) for row in rows], dtype=np.int32),
        "rank": np.array([min(NO_RANK, row.rank or NO_RANK) for row in rows], dtype=np.int8),
        "aside": np.array([row.aside for row in rows]),
    }
    np.savez_compressed(path, **arrays)


def load(path: Path) -> Pairs:
    """The pairs that `save` wrote."""
    with np.load(path) as file:
        return Pairs(**{name: file[name] for name in Pairs.__slots__})


def in_steps(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Things in their order, so many at a time."""
    for begin in range(0, len(things), size):
        yield things[begin : begin + size]
