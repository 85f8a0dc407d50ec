"""Teach a shipped judge more claims, its lower layers as they are, on a machine without a GPU.

    python -m training.judge.sharpen rag/judging/weights/judge.onnx pairs.npz --out judge.onnx

pairs.npz is what training.judge.prepare wrote. The upper layers learn the claims in mixed words by their labels; among
them stand other pairs, whose labels count beside what the shipped judge makes of them, so that it stays what it was.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import log_softmax, one_hot, softmax
from torch.nn.utils.rnn import pad_sequence

from rag.judging.embedded import WORKERS
from rag.models.onnx import OnnxNetwork
from training.judge.pairs import PARTS, RELATIONS, Pairs, in_steps, load
from training.judge.shipped import Shipped, Upper

STEP, PASS = 64, 16  # Pairs of a step, and of like length in one pass.
WARM = 0.05  # Share of the steps in which the rate rises.
# Pairs of each part for each of the claims in mixed words, and the share of the label in what is learnt from them.
BESIDE = {"claims": 0.05, "claim_pools": 0.15, "pools": 0.15}
LABEL = {"mixed": 0.9, "claims": 0.4, "claim_pools": 0.4, "pools": 0.3}


@dataclass(frozen=True, slots=True)
class Read:
    """What the lower layers made of pairs: by place the states, (length, size) in half floats; what is to be learnt."""

    states: Mapping[int, NDArray[np.float16]]
    wanted: Mapping[int, Tensor]


def main() -> None:
    """Parse the command line, read the pairs, teach, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("judge", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--first", type=int, default=3, help="the lowest layer that learns")
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--epochs", type=float, default=2.0, help="times that the claims in mixed words are read")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop by then, the rate falling to its end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    pairs, shipped = load(args.pairs), Shipped(args.judge, args.first)
    plan = steps(pairs, args.epochs, random.Random(args.seed))
    read = read_below(shipped.lower(), pairs, np.unique(np.concatenate(plan)))
    print(f"{len(read.states)} pairs read, {len(plan)} steps", flush=True)
    network = shipped.upper()
    teach(network, plan, read, args.rate, args.minutes, lambda: shipped.write(network, args.out))


def steps(pairs: Pairs, epochs: float, rng: random.Random) -> list[NDArray[np.int64]]:
    """The places of each step: the claims in mixed words each once an epoch, others among them, never the same."""
    mixed = pairs.of("mixed").tolist()
    others = {part: pairs.of(part).tolist() for part in BESIDE}
    for places in (mixed, *others.values()):
        rng.shuffle(places)
    order: list[int] = []
    while epochs > 0:
        size = round(min(epochs, 1) * len(mixed))
        among, epochs = mixed[:size], epochs - 1
        for part, share in BESIDE.items():
            count = round(share * size)
            among += others[part][:count]
            others[part] = others[part][count:]
        rng.shuffle(among)
        order += among
    return [np.array(some) for some in in_steps(order, STEP)]


def read_below(lower: OnnxNetwork, pairs: Pairs, places: NDArray[np.int64]) -> Read:
    """Run the lower layers over pairs once; 7,000 pairs take 1 GB."""
    parts = np.array(PARTS)[pairs.part]
    labels = one_hot(torch.from_numpy(pairs.relation).long().clamp(min=0), len(RELATIONS)).float()

    def read(place: int) -> tuple[NDArray[np.float16], Tensor]:
        ids = pairs.ids[pairs.starts[place] : pairs.starts[place + 1]].astype(np.int64)
        states, logits = lower.run({"ids": ids[None]})
        share = LABEL[parts[place]]
        return states[0].astype(np.float16), share * labels[place] + (1 - share) * softmax(torch.tensor(logits[0]), 0)

    with ThreadPoolExecutor(WORKERS) as pool:
        found = dict(zip(places.tolist(), pool.map(read, places.tolist()), strict=True))
    return Read({p: states for p, (states, _) in found.items()}, {p: wanted for p, (_, wanted) in found.items()})


def teach(  # noqa: PLR0913  # what learns, from what, how fast and how long
    network: Upper,
    plan: Sequence[NDArray[np.int64]],
    read: Read,
    rate: float,
    minutes: float,
    keep: Callable[[], None],
) -> None:
    """Learn step by step; `keep` is called in the middle and at the end."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    network.train()
    began, mean = time.monotonic(), 0.0
    for number, places in enumerate(plan):
        done = max(number / len(plan), (time.monotonic() - began) / (60 * minutes))
        if done >= 1:
            print(f"out of time at step {number} of {len(plan)}", flush=True)
            break
        optimizer.param_groups[0]["lr"] = rate * min(done / WARM + 0.01, 1 - done, 1)
        optimizer.zero_grad()
        loss = sum(_learn(network, some, read) for some in _passes(places, read)) / len(places)
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        mean = 0.95 * mean + 0.05 * loss if mean else loss
        if number % 10 == 0:
            print(f"{number}/{len(plan)} loss {mean:.3f}, {time.monotonic() - began:.0f} s", flush=True)
        if number == len(plan) // 2:
            keep()
    keep()


def _passes(places: NDArray[np.int64], read: Read) -> Sequence[Sequence[int]]:
    ordered = sorted(places.tolist(), key=lambda place: len(read.states[place]))
    return list(in_steps(ordered, PASS))


def _learn(network: Upper, places: Sequence[int], read: Read) -> float:
    """Add the gradient of a pass, of which STEP are a step; its summed loss."""
    states = [torch.from_numpy(read.states[place]).float() for place in places]
    logits = network(pad_sequence(states, batch_first=True), torch.tensor([len(one) for one in states]))
    wanted = torch.stack([read.wanted[place] for place in places])
    loss = -(wanted * log_softmax(logits, 1)).sum()
    (loss / STEP).backward()  # type: ignore[no-untyped-call]
    return float(loss.detach())


if __name__ == "__main__":
    main()
