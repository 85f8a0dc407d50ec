"""Teach the judge: public pairs first, then the labelled pools and claims among some of them.

    python -m training.judge.train ENCODER pairs.npz --layers 0-11 --out teacher/
    python -m training.judge.train ENCODER pairs.npz --layers 0-5 --taught-by teacher/logits.npy [...] --out judge/

ENCODER is a folder with all-mpnet-base-v2 as its authors publish it, pairs.npz what training.judge.prepare wrote. A
network of twelve layers learns from the labels; the one of six that is shipped learns from it and from the labels. Uses
a GPU where there is one.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import log_softmax

from training.judge.figures import figures
from training.judge.losses import Targets, loss_of
from training.judge.network import PADDING, JudgeNetwork
from training.judge.pairs import RELATIONS, Pairs, in_steps, load

Places = NDArray[np.int64]
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
# Half precision where the processor multiplies in it: elsewhere it is slower than whole.
IN_HALVES = DEVICE.type == "cuda" or torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
PASS = 128 if DEVICE.type == "cuda" else 24  # Pairs of like length in one pass: on a processor, what its cache holds.
POOLS, CLAIMS, REPLAYED = 12, 32, 32  # Pools, claims and public pairs in one step of the second stage.
PUBLIC = 192  # Pairs in one step of the first.
WARM = 0.05  # Share of a stage in which the rate rises.


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to learn: the rate of each stage, epochs of the second, minutes that both may take."""

    public_rate: float
    rate: float
    epochs: int
    minutes: float


def main() -> None:
    """Parse the command line, teach, print the figures on what is set aside, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--layers", type=layers, default=layers("0-5"), help="numbers from below: 0-5 or 0,2,4")
    parser.add_argument("--frozen", type=int, default=0, help="layers from below that do not learn")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument(
        "--taught-by", type=Path, nargs="+", default=[], help="logits.npy of teachers: their mean teaches"
    )
    parser.add_argument("--public-rate", type=float, default=5e-5)
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--epochs", type=int, default=3, help="times that the pools are read")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop by then, the rate falling to its end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    pairs = load(args.pairs)
    taught = [torch.from_numpy(np.load(path)).float().softmax(1) for path in args.taught_by]
    network = JudgeNetwork(args.encoder, args.layers, frozen=args.frozen, dropout=args.dropout).to(DEVICE)
    plan = Plan(args.public_rate, args.rate, args.epochs, args.minutes)
    teach(network, pairs, torch.stack(taught).mean(0) if taught else None, plan, args.seed)
    torch.save({name: p.half() for name, p in network.named_parameters() if p.requires_grad}, args.out / "judge.pt")
    logits = judged(network, pairs, np.arange(len(pairs.relation)))
    np.save(args.out / "logits.npy", logits.astype(np.float16))
    print("\n".join(figures(pairs, logits)), flush=True)


def layers(text: str) -> list[int]:
    """0-5 or 0,2,4 as numbers."""
    first, dash, last = text.partition("-")
    return list(range(int(first), int(last) + 1)) if dash else [int(part) for part in text.split(",")]


def teach(network: JudgeNetwork, pairs: Pairs, taught: Tensor | None, plan: Plan, seed: int) -> None:
    """Both stages. With a teacher's probabilities for all pairs, those without a label are read, too."""
    rng = random.Random(seed)
    public, second = list(_public(pairs, rng)), list(_mixed(pairs, plan.epochs, taught is not None, rng))
    targets = Targets.of(pairs, taught, DEVICE)
    share = len(public) / max(1, len(public) + len(second))
    stage(network, pairs, targets, public, plan.public_rate, plan.minutes * share)
    stage(network, pairs, targets, second, plan.rate, plan.minutes * (1 - share))


def _public(pairs: Pairs, rng: random.Random) -> Iterator[Places]:
    order = pairs.of("public").tolist()
    rng.shuffle(order)
    for step in in_steps(order, PUBLIC):
        yield np.array(step)


def _mixed(pairs: Pairs, epochs: int, unlabelled: bool, rng: random.Random) -> Iterator[Places]:
    """Steps of whole pools, with claims and public pairs among them."""
    pools = pairs.pools("pools", "claim_pools", *(["near"] if unlabelled else []))
    claims, public = again(pairs.of("claims", "mixed").tolist(), rng), again(pairs.of("public").tolist(), rng)
    for _ in range(epochs):
        order = list(pools)
        rng.shuffle(order)
        for some in in_steps(order, POOLS):
            beside = [
                place for source, count in ((claims, CLAIMS), (public, REPLAYED)) for place in next_ones(source, count)
            ]
            yield np.array([place for group in some for place in group] + beside)


def again(places: list[int], rng: random.Random) -> Iterator[int]:
    while places:
        rng.shuffle(places)
        yield from places


def next_ones(source: Iterator[int], count: int) -> list[int]:
    return [place for place, _ in zip(source, range(count), strict=False)]


def stage(  # noqa: PLR0913  # what learns, from what, how fast and how long
    network: nn.Module, pairs: Pairs, targets: Targets, steps: Sequence[Places], rate: float, minutes: float
) -> None:
    """Learn step by step, the rate rising at first and falling to nothing."""
    learning = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=rate, weight_decay=0.01, fused=DEVICE.type == "cuda")
    network.train()
    began, mean = time.monotonic(), 0.0
    for number, places in enumerate(steps):
        done = max(number / len(steps), (time.monotonic() - began) / (60 * minutes))
        if done >= 1:
            print(f"out of time at step {number} of {len(steps)}", flush=True)
            break
        optimizer.param_groups[0]["lr"] = rate * min(done / WARM + 0.01, 1 - done, 1)
        loss = loss_of(forward(network, pairs, places), places, targets)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        if number % 50 == 0:
            mean = float(loss.detach()) if not mean else 0.7 * mean + 0.3 * float(loss.detach())
            print(f"{number}/{len(steps)} loss {mean:.3f}, {time.monotonic() - began:.0f} s", flush=True)


def forward(network: nn.Module, pairs: Pairs, places: Places) -> Tensor:
    """The logits of some pairs, read in passes of like length; float of shape (places, relations)."""
    lengths = pairs.starts[places + 1] - pairs.starts[places]
    order = np.argsort(lengths, kind="stable")
    found = []
    for some in in_steps(order.tolist(), PASS):
        rows = [pairs.ids[pairs.starts[p] : pairs.starts[p + 1]] for p in places[some].tolist()]
        longest = max(map(len, rows))
        ids = np.full((len(rows), longest), PADDING, dtype=np.int64)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
        with torch.autocast(DEVICE.type, torch.bfloat16, enabled=IN_HALVES):
            found.append(network(torch.from_numpy(ids).to(DEVICE, non_blocking=True)).float())
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.from_numpy(order)] = torch.arange(len(order))
    return torch.cat(found)[back.to(DEVICE)]


def judged(network: nn.Module, pairs: Pairs, places: Places) -> NDArray[np.float32]:
    """What the network makes of pairs: log probabilities, (places, relations)."""
    network.eval()
    found = np.empty((len(places), len(RELATIONS)), dtype=np.float32)
    order = np.argsort(pairs.starts[places + 1] - pairs.starts[places], kind="stable")
    with torch.inference_mode():
        for some in np.array_split(order, max(1, len(order) // (4 * PASS))):
            found[some] = log_softmax(forward(network, pairs, places[some]), 1).cpu().numpy()
    return found


if __name__ == "__main__":
    main()
