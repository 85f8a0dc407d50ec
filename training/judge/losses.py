"""What the judge learns: each pair's relation, and which of a pool's statements answers, or that none does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import log_softmax

from training.judge.pairs import RELATIONS, Pairs

POSITIVE = 4  # The first relations are those of statements that an answer shows.
HARD = 0.4  # Share of the labels beside what a teacher says.


@dataclass(frozen=True, slots=True)
class Targets:
    """The wanted probability of each relation of each pair, (pairs, relations), and the pools that pairs belong to."""

    wanted: Tensor
    group: Tensor

    @classmethod
    def of(cls, pairs: Pairs, taught: Tensor | None, device: torch.device) -> Targets:
        """From labels, and from a teacher's probabilities, (pairs, relations), where there is one."""
        relation = torch.from_numpy(pairs.relation).long()
        is_labelled = (relation >= 0).float()[:, None]
        labels = torch.nn.functional.one_hot(relation.clamp(min=0), len(RELATIONS)).float() * is_labelled
        if taught is not None:
            share = HARD * is_labelled
            labels = share * labels + (1 - share) * taught
        return cls(labels.to(device), torch.from_numpy(pairs.group).long().to(device))


def loss_of(logits: Tensor, places: NDArray[np.int64], targets: Targets) -> Tensor:
    """The loss of a step's pairs; logits of shape (places, relations)."""
    at = torch.from_numpy(places).to(logits.device)
    wanted, group = targets.wanted[at], targets.group[at]
    relations = -(wanted * log_softmax(logits, 1)).sum() / len(places)
    in_pool = group >= 0
    return (
        relations + _lists(score(logits[in_pool]), wanted[in_pool], group[in_pool])
        if bool(in_pool.any())
        else relations
    )


def _lists(scores: Tensor, wanted: Tensor, group: Tensor) -> Tensor:
    """Cross-entropy over each pool's statements with "none" beside them, by the wanted odds of each to answer."""
    names, row = torch.unique(group, return_inverse=True)
    sizes = torch.bincount(row)
    order = row.argsort(stable=True)
    column = torch.arange(len(row), device=row.device) - (sizes.cumsum(0) - sizes)[row[order]]
    table = torch.full((len(names), int(sizes.max()) + 1), float("-inf"), device=row.device)
    shares = torch.zeros_like(table)
    table[:, -1] = 0.0
    table[row[order], column] = scores[order]
    right = wanted[order, :POSITIVE].sum(1).clamp(0, 1)
    shares[row[order], column] = right
    shares[:, -1] = (1 - shares.amax(1)).clamp(min=0)
    shares = shares / shares.sum(1, keepdim=True)
    found = log_softmax(table, 1).masked_fill(table.isinf(), 0.0)
    return -(shares * found).sum(1).mean()


def score(logits: Tensor) -> Tensor:
    """The log odds that a statement is one that an answer shows; shape (pairs,)."""
    return torch.logsumexp(logits[:, :POSITIVE], 1) - torch.logsumexp(logits[:, POSITIVE:], 1)
