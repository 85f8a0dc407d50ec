"""Teach a shipped judge more, without the network that it was made from, on a machine without a GPU.

    python -m training.judge.sharpen rag/judging/weights/judge.onnx pairs.npz --out judge.onnx

pairs.npz is what training.judge.prepare wrote. Beside each matrix, which stays, a change of low rank learns: claims by
their labels above all; pools, whose labels count beside what the shipped judge makes of them, so that it stays what it
was; and public pairs.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot, softmax

from rag.models.onnx import OnnxNetwork
from training.judge.evaluate import judged
from training.judge.figures import figures
from training.judge.losses import Targets
from training.judge.pairs import PARTS, RELATIONS, Pairs, in_steps, load
from training.judge.shipped import Shipped
from training.judge.train import DEVICE, Places, again, next_ones, stage

POOLS, CLAIMS, PUBLIC = 6, 48, 12  # Pools, claims and public pairs in one step.
OFF = 3  # Statements off the topic that are kept of a pool: more teach nothing new.
LABEL = 0.75  # Share of the label in what claims teach, beside that in all (training.judge.losses.HARD).


def main() -> None:
    """Parse the command line, teach, print the figures on what is set aside, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("judge", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--epochs", type=int, default=1, help="times that the pools are read")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop by then, the rate falling to its end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    pairs, shipped = load(args.pairs), Shipped(args.judge)
    plan = list(steps(pairs, args.epochs, random.Random(args.seed)))
    taught = teachings(OnnxNetwork(args.judge.read_bytes()), pairs, np.unique(np.concatenate(plan)))
    network = shipped.network().to(DEVICE)
    stage(network, pairs, Targets.of(pairs, taught, DEVICE), plan, args.rate, args.minutes)
    shipped.write(network.cpu(), args.out)
    places = pairs.of(*PARTS, aside=True)
    found = np.zeros((len(pairs.relation), len(RELATIONS)), dtype=np.float32)
    found[places] = judged(OnnxNetwork(args.out.read_bytes()), pairs, places)
    print("\n".join(figures(pairs, found)), flush=True)


def steps(pairs: Pairs, epochs: int, rng: random.Random) -> Iterator[Places]:
    """The places of each step: pools without most of what is off their topic, claims and public pairs among them."""
    off = RELATIONS.index("off")
    groups: dict[int, list[int]] = {}
    for place in pairs.of("pools", "claim_pools").tolist():
        mine = groups.setdefault(int(pairs.group[place]), [])
        if pairs.relation[place] != off or sum(pairs.relation[one] == off for one in mine) < OFF:
            mine.append(place)
    claims, public = again(pairs.of("claims", "mixed").tolist(), rng), again(pairs.of("public").tolist(), rng)
    for _ in range(epochs):
        order = list(groups.values())
        rng.shuffle(order)
        for some in in_steps(order, POOLS):
            beside = [*next_ones(claims, CLAIMS), *next_ones(public, PUBLIC)]
            yield np.array([place for group in some for place in group] + beside)


def teachings(network: OnnxNetwork, pairs: Pairs, places: Places) -> Tensor:
    """What the shipped judge, and of claims mostly the label, says of some pairs: (all pairs, relations)."""
    taught = torch.zeros(len(pairs.relation), len(RELATIONS))
    taught[places] = softmax(torch.from_numpy(judged(network, pairs, places)), 1)
    claims = pairs.of("claims", "mixed", "public")
    labels = one_hot(torch.from_numpy(pairs.relation[claims]).long(), len(RELATIONS)).float()
    taught[claims] = LABEL * labels + (1 - LABEL) * taught[claims]
    return taught


if __name__ == "__main__":
    main()
