"""Teach the judge: first public pairs, then the labelled pools. Writes a checkpoint as it goes.

    python -m training.judge.train ENCODER ARTICLES.jsonl [ARTICLES.jsonl ...] --public FOLDER --out FOLDER

ENCODER is a folder with all-mpnet-base-v2 as its authors publish it.
"""

from __future__ import annotations

import os

# One thread for each half of a step: two threads for each product gave half of it on two cores that others use, too.
os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from training.judge.examples import RELATIONS, Pair, Pool, public_pairs, read_articles, read_pools
from training.judge.network import JudgeNetwork, load_tokenizer, padded

DATA = Path(__file__).parent / "data"
POSITIVE = 4  # The first relations are those of statements that an answer shows.
POOL_PAIRS = 4  # Pairs of a pool in one step: all that answer, and others.
STEP_PAIRS = 24
MICRO = 6  # Pairs in one pass, of like length.
WORKERS = 2
SAVE_EVERY = 100  # Steps.


def main() -> None:
    """Parse the command line and teach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--public", type=Path, help="folder with the public pairs; none: pools alone")
    parser.add_argument("--roles", type=Path, help="JSON: the roles of speakers, from training.judge.roles")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--frozen", type=int, default=2)
    parser.add_argument("--start", type=Path, help="checkpoint to go on from")
    parser.add_argument("--epochs", type=float, default=1.0, help="times that the pools are read")
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    network, tokenizer = JudgeNetwork(args.encoder, args.layers, args.frozen), load_tokenizer(args.encoder)
    if args.start:
        network.load_state_dict(torch.load(args.start, weights_only=True))
    roles = json.loads(args.roles.read_text(encoding="utf-8")) if args.roles else {}
    pools = [pool for pool in read_pools(DATA, read_articles(args.articles), roles) if not pool.aside]
    if args.public:
        names = sorted({pair.evidence.split(":")[0].split(",")[0] for pool in pools for pair in pool.pairs})
        steps = list(_batches(public_pairs(args.public, names, args.seed)))
        _teach(network, tokenizer, [[_Group(*pair) for pair in step] for step in steps], args.rate, args.out)
    if args.epochs:
        _teach(network, tokenizer, list(_pool_steps(pools, args.epochs, args.seed)), args.rate, args.out)


class _Group:
    """Pairs of one question; those of a public set stand alone."""

    def __init__(self, question: str, *pairs: Pair) -> None:
        self.question, self.pairs = question, pairs


def _batches(pairs: Sequence[tuple[str, Pair]]) -> Iterator[Sequence[tuple[str, Pair]]]:
    for begin in range(0, len(pairs), STEP_PAIRS):
        yield pairs[begin : begin + STEP_PAIRS]


def _pool_steps(pools: Sequence[Pool], epochs: float, seed: int) -> Iterator[list[_Group]]:
    """Steps of some pools each: their statements that answer, and the likeliest and some of the others."""
    rng = random.Random(seed)
    order = [pool for _ in range(int(epochs) + 1) for pool in rng.sample(pools, len(pools))]
    step: list[_Group] = []
    for pool in order[: round(epochs * len(pools))]:
        step.append(_Group(pool.question, *_chosen(pool, rng)))
        if sum(len(group.pairs) for group in step) >= STEP_PAIRS:
            yield step
            step = []
    if step:
        yield step


def _chosen(pool: Pool, rng: random.Random) -> list[Pair]:
    """Up to POOL_PAIRS of a pool; statements on the topic go before those off it three times in four."""
    right = [pair for pair in pool.pairs if RELATIONS.index(pair.relation) < POSITIVE]
    others = [pair for pair in pool.pairs if RELATIONS.index(pair.relation) >= POSITIVE]
    right = rng.sample(right, min(len(right), POOL_PAIRS - 2))
    near = sorted(others, key=lambda pair: (pair.relation == "off") + 1.4 * rng.random())
    return [*right, *near[: POOL_PAIRS - len(right)]]


def _teach(
    network: JudgeNetwork, tokenizer: Tokenizer, steps: Sequence[Sequence[_Group]], rate: float, out: Path
) -> None:
    learning = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=rate, weight_decay=0.01)
    warm = max(1, len(steps) // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1.0, (n + 1) / warm) * max(0.02, 1 - n / len(steps))
    )
    network.train()
    threads = ThreadPoolExecutor(WORKERS)
    began, seen, mean = time.monotonic(), 0, 0.0
    for number, step in enumerate(steps, 1):
        optimizer.zero_grad()
        parts = [part for part in (step[n::WORKERS] for n in range(WORKERS)) if part]
        sizes = [len(group.pairs) for group in step]
        learn = partial(_learn, network, tokenizer, pairs=sum(sizes), lists=sum(size > 1 for size in sizes))
        loss = sum(threads.map(learn, parts))
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        schedule.step()
        seen += sum(len(group.pairs) for group in step)
        mean = loss if number == 1 else 0.98 * mean + 0.02 * loss
        if number % 20 == 0:
            speed = seen / (time.monotonic() - began)
            print(f"{number}/{len(steps)} loss {mean:.3f} {speed:.1f} pairs/s", flush=True)
        if number % SAVE_EVERY == 0 or number == len(steps):
            torch.save(network.state_dict(), out / "judge.pt")


def _learn(network: JudgeNetwork, tokenizer: Tokenizer, part: Sequence[_Group], *, pairs: int, lists: int) -> float:
    """Add the gradients of a part of a step, which has so many pairs and lists in all; its share of the loss.

    Two terms: each pair's relation, and for each question which of its statements answers, or that none does.
    """
    texts = [(group.question, pair.evidence) for group in part for pair in group.pairs]
    logits = forward(network, tokenizer, texts)
    wanted = torch.tensor([RELATIONS.index(pair.relation) for group in part for pair in group.pairs])
    loss = cross_entropy(logits, wanted, reduction="sum") / pairs
    begin, scores = 0, score(logits)
    for group in part:
        end = begin + len(group.pairs)
        if len(group.pairs) > 1:
            right = wanted[begin:end] < POSITIVE
            target = torch.cat([right.float(), torch.tensor([float(not right.any())])])
            found = torch.cat([scores[begin:end], torch.zeros(1)])
            loss = loss + cross_entropy(found[None], (target / target.sum())[None]) / lists
        begin = end
    loss.backward()  # type: ignore[no-untyped-call]
    return float(loss.detach())


def score(logits: Tensor) -> Tensor:
    """The log odds that a statement is one that an answer shows; shape (pairs,)."""
    return torch.logsumexp(logits[:, :POSITIVE], 1) - torch.logsumexp(logits[:, POSITIVE:], 1)


def forward(network: JudgeNetwork, tokenizer: Tokenizer, texts: Sequence[tuple[str, str]]) -> Tensor:
    """The logits of pairs, read in passes of like length; shape (pairs, relations)."""
    rows = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(rows)), key=lambda n: len(rows[n]))
    passes = [network(padded([rows[n] for n in order[b : b + MICRO]])) for b in range(0, len(order), MICRO)]
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(passes)[back]


if __name__ == "__main__":
    main()
