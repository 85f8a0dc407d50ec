"""Teach a shipped judge more, without the network that it was made from, on a machine without a GPU.

    python -m training.judge.sharpen rag/judging/weights lessons.npz --for claims

lessons.npz is what training.judge.lessons wrote. Beside the matrices of the upper layers, which stay, changes of low
rank learn to read open questions, or claims: those that people ask of articles, those written about one statement; with
each some public pairs. What was learnt is written beside the judge, as open.onnx or claims.onnx, which takes the rest
from it. Some 28 pairs are read in a second on two cores that multiply in half precision, 10 on others.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from rag.judging.networks import CLAIMS, NETWORK, OPEN
from training.judge.evaluate import judged, network_at
from training.judge.figures import figures
from training.judge.losses import Targets
from training.judge.pairs import PARTS, RELATIONS, Pairs, in_steps, load
from training.judge.shipped import Judge, Shipped
from training.judge.train import DEVICE, Places, again, next_ones, stage

FROZEN = 2  # Layers that stay, from below.
RANK = 32  # Of the changes.
POOLS = 8  # In one step.
LABEL = 0.95  # Share of the label in what is learnt of a pair; the rest is spread over all relations.


@dataclass(frozen=True, slots=True)
class Course:
    """What one network learns: its file, the parts whose pools it learns, and how many single pairs stand beside them.

    `others` and `public` are those of one step: claims about one statement, public pairs. `rate` is the highest,
    `epochs` how often the pools are read, `share` how much of what was learnt is kept: docs/notes/judge.md tells why.
    """

    file: str
    pools: tuple[str, ...]
    others: int
    public: int
    rate: float
    epochs: int
    share: float


COURSES = {
    "open": Course(OPEN, ("pools", "new_pools"), others=0, public=4, rate=1e-3, epochs=2, share=0.5),
    "claims": Course(CLAIMS, ("claim_pools",), others=12, public=8, rate=3e-4, epochs=2, share=1.0),
}


def main() -> None:
    """Parse the command line, teach, print the figures on what is set aside, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("weights", type=Path, help="folder of the judge, and of what is written")
    parser.add_argument("lessons", type=Path)
    parser.add_argument("--for", dest="course", choices=COURSES, required=True, help="what it learns to read")
    parser.add_argument("--rate", type=float, help="another than the course's")
    parser.add_argument("--epochs", type=int, help="times that the pools are read, other than the course's")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop by then, the rate falling to its end")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    pairs, shipped, course = load(args.lessons), Shipped(args.weights / NETWORK), COURSES[args.course]
    plan = list(steps(pairs, course, args.epochs or course.epochs, random.Random(args.seed)))
    network = learning(shipped, RANK).to(DEVICE)
    targets = Targets(wanted(pairs).to(DEVICE), torch.from_numpy(pairs.group).long().to(DEVICE))
    stage(network, pairs, targets, plan, args.rate or course.rate, args.minutes)
    learnt = between(shipped.network(RANK), network.cpu(), course.share)
    shipped.write(learnt, args.weights / course.file, beside=args.weights / NETWORK)
    places = pairs.of(*PARTS, aside=True)
    found = np.zeros((len(pairs.relation), len(RELATIONS)), dtype=np.float32)
    found[places] = judged(network_at(args.weights / course.file), pairs, places)
    print("\n".join(figures(pairs, found)), flush=True)


def learning(shipped: Shipped, rank: int) -> Judge:
    """The network of a shipped judge, of which only the upper layers and the head learn changes of a rank."""
    network = shipped.network(rank)
    for part in (network.norm, *network.layers[:FROZEN]):
        part.requires_grad_(False)
    return network


@torch.no_grad()
def between(before: Judge, after: Judge, share: float) -> Judge:
    """A network on the way from the first, which has no change yet, to the second, which is altered."""
    old = dict(before.named_parameters())
    for name, learnt in after.named_parameters():
        if name.endswith(".up"):
            learnt.mul_(share)
        elif not name.endswith(".down"):
            learnt.copy_((1 - share) * old[name] + share * learnt)
    return after


def steps(pairs: Pairs, course: Course, epochs: int, rng: random.Random) -> Iterator[Places]:
    """The places of each step: pools, and single pairs among them."""
    pools = pairs.pools(*course.pools)
    others, public = again(pairs.of("mixed", "claims").tolist(), rng), again(pairs.of("public").tolist(), rng)
    for _ in range(epochs):
        rng.shuffle(pools)
        for some in in_steps(pools, POOLS):
            beside = [*next_ones(others, course.others), *next_ones(public, course.public)]
            yield np.array([place for group in some for place in group] + beside)


def wanted(pairs: Pairs) -> Tensor:
    """What is wanted of each pair: (pairs, relations)."""
    labels = one_hot(torch.from_numpy(pairs.relation).long().clamp(min=0), len(RELATIONS)).float()
    return LABEL * labels + (1 - LABEL) / len(RELATIONS)


if __name__ == "__main__":
    main()
