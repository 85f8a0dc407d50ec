"""Teach the matcher on top of a shipped judge, as training.judge.sharpen does, on a machine without a GPU.

    python -m training.parties.teach rag/judging/weights lessons.npz --minutes 45

Beside the matrices of the upper layers, which stay, changes of low rank learn. What was learnt is written beside the
judge, as meant.onnx, which takes the rest from it.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from rag.judging.networks import MEANT, NETWORK
from training.judge.evaluate import judged, network_at
from training.judge.losses import Targets
from training.judge.pairs import RELATIONS, Pairs, in_steps, load
from training.judge.sharpen import learning
from training.judge.shipped import Shipped
from training.judge.train import DEVICE, Places, stage

RANK = 16  # Of the changes.
POOLS = 20  # Phrases in one step.
BOUNDS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9)


def main() -> None:
    """Parse the command line, teach, print the figures on what is set aside, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("weights", type=Path, help="folder of the judge, and of what is written")
    parser.add_argument("lessons", type=Path)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--epochs", type=int, default=1, help="times that the phrases are read")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop by then, the rate falling to its end")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    pairs, shipped = load(args.lessons), Shipped(args.weights / NETWORK)
    network = learning(shipped, RANK).to(DEVICE)
    plan = list(steps(pairs, args.epochs, random.Random(args.seed)))
    stage(network, pairs, Targets.of(pairs, None, DEVICE), plan, args.rate, args.minutes)
    shipped.write(network.cpu(), args.weights / MEANT, beside=args.weights / NETWORK)
    places = pairs.of("pools", aside=True)
    print("\n".join(figures(pairs, places, judged(network_at(args.weights / MEANT), pairs, places))), flush=True)


def steps(pairs: Pairs, epochs: int, rng: random.Random) -> Iterator[Places]:
    """The places of each step: phrases, each with all the speakers beside it."""
    pools = pairs.pools("pools")
    for _ in range(epochs):
        rng.shuffle(pools)
        for some in in_steps(pools, POOLS):
            yield np.array([place for pool in some for place in pool])


def figures(pairs: Pairs, places: NDArray[np.int64], found: NDArray[np.float32]) -> list[str]:
    """For bounds on the likeliest speaker's probability: phrases whose speaker is found, another's, and nobody's.

    `found` are log probabilities of the pairs at `places`, (places, relations).
    """
    likely = np.exp(found[:, RELATIONS.index("answers")])
    groups = pairs.group[places]
    best = [np.flatnonzero(groups == group)[likely[groups == group].argmax()] for group in np.unique(groups)]
    is_meant = pairs.relation[places] == RELATIONS.index("answers")
    has_meant = [bool(is_meant[groups == groups[one]].any()) for one in best]
    lines = [f"phrases {len(best)}, of nobody {len(best) - sum(has_meant)}"]
    for bound in BOUNDS:
        taken = [(one, has) for one, has in zip(best, has_meant, strict=True) if likely[one] >= bound]
        right = sum(bool(is_meant[one]) for one, _ in taken)
        nobody = sum(not has for _, has in taken)
        lines.append(f"  from {bound}: right {right}, another {len(taken) - right - nobody}, of nobody {nobody}")
    return lines


if __name__ == "__main__":
    main()
