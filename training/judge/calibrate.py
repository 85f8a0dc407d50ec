"""Turn the judge's logits into probabilities that hold on the articles set aside, and show how well they do.

    python -m training.judge.calibrate found.npz [--parts claim_pools] --out claims.json

found.npz is what training.judge.evaluate writes; of its parts, the pools of claims are what is like the work of a judge
of claims, and the others' that of one of open questions.
One scale and a shift for each relation are fitted (by likelihood); then it prints, for each relation, how often
statements of a probability really have it.
"""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import nll_loss

from training.judge.losses import POSITIVE
from training.judge.pairs import PARTS, RELATIONS

STEPS = 400
EDGES = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)


def main() -> None:
    """Parse the command line, fit, write, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("found", type=Path)
    parser.add_argument("--parts", choices=PARTS, nargs="+", default=PARTS, help="fit on these alone")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    with np.load(args.found) as file:
        kept = np.isin(file["part"], [PARTS.index(part) for part in args.parts])
        logits, wanted = torch.from_numpy(file["found"][kept]), torch.from_numpy(file["relation"][kept]).long()
    scale, shift = fit(logits, wanted)
    rounded = {"scale": [round(v, 4) for v in scale.tolist()], "shift": [round(v, 4) for v in shift.tolist()]}
    args.out.write_text(json.dumps(rounded) + "\n", encoding="utf-8")
    print(f"{len(wanted)} statements; nats {float(surprise(logits, wanted)):.4f} before, ", end="")
    found = logits * scale + shift
    print(f"{float(surprise(found, wanted)):.4f} after; {rounded}")
    for line in reliability(found.softmax(1), wanted):
        print(line)


def fit(logits: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """One scale for all relations, (1,), and one shift for each, (relations,).

    What is on the topic and what is off it count as one: no reader is shown which, and to tell them apart is hardest.
    """
    scale, shift = torch.ones(1, requires_grad=True), torch.zeros(len(RELATIONS), requires_grad=True)
    optimizer = torch.optim.Adam([scale, shift], lr=0.02)
    for _ in range(STEPS):
        loss = surprise(logits * scale + shift, wanted) + 0.001 * shift.square().sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return scale.detach(), shift.detach()


def surprise(logits: Tensor, wanted: Tensor) -> Tensor:
    """Mean nats a statement, of what answers by its relation and of all that does not as one."""
    chances = logits.log_softmax(1)
    merged = torch.cat([chances[:, :POSITIVE], torch.logsumexp(chances[:, POSITIVE:], 1, keepdim=True)], 1)
    return nll_loss(merged, wanted.clamp(max=POSITIVE))


def reliability(found: Tensor, wanted: Tensor) -> list[str]:
    """For each relation and stretch of probability: how many statements, their mean, and the share that has it."""
    table = []
    for place, relation in enumerate(RELATIONS[:POSITIVE]):
        for low, high in pairwise(EDGES):
            inside = (found[:, place] >= low) & (found[:, place] < high)
            if int(inside.sum()):
                mean, share = found[inside, place].mean(), (wanted[inside] == place).float().mean()
                table.append(f"{relation} {low:.2f}-{high:.2f}: {int(inside.sum())}, {mean:.3f} -> {share:.3f}")
    return table


if __name__ == "__main__":
    main()
