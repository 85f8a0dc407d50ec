"""Train the tagger of `ingest.quoting.tagger` on articles with attributions marked by hand.

    python -m training.tagger.train TRAIN.jsonl OUT_DIR [--epochs 8] [--seed 0] [--held-out 60]

TRAIN.jsonl: one article a line, {"id", "text", "attributions": [{"source": [[start, end], ...], "cue", "content"}]}.
OUT_DIR gets a checkpoint after every epoch; the same command again goes on from the last one. On two cores an epoch
of 690 articles takes 4 to 7 minutes; a GPU is used where there is one. `training.tagger.export` makes checkpoints
into the files that the product loads.

`--encoder FOLDER` trains a larger network instead, on the encoder in that folder (all-mpnet-base-v2; 26 minutes an
epoch): `training.tagger.teach` hands on what it learns.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ingest.text.pieces import WINDOW
from training.tagger.checkpoints import make_model
from training.tagger.examples import Example, Styles, collate, epoch_batches, make_item, read_examples, training_windows
from training.tagger.learning import Batch, Descent, RunningMean, losses, moved

log = logging.getLogger("training.tagger")

REACH = 500  # Steps that the running mean of the weights reaches back.
HEAD_RATE = 5.0  # Learning rate of what starts from nothing, in units of the encoder's.


class Trainer:
    """A model on its way: its weights, their running mean, the optimiser and its schedule."""

    def __init__(self, args: argparse.Namespace, learn: list[Example]) -> None:
        torch.manual_seed(args.seed)
        self.args, self.learn = args, learn
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = make_model(args.encoder, args.dropout).to(self.device)
        steps = args.epochs * math.ceil(sum(len(e.pieces) for e in learn) / (WINDOW * 0.9 * args.batch))
        self.descent = Descent(self.model, steps, args.rate, args.rate * HEAD_RATE)
        self.mean = RunningMean(self.model, REACH)
        self.epoch = 0

    def run(self, held_out: list[Example]) -> None:
        """Train to the last epoch, from the last checkpoint on if there is one."""
        self._resume()
        while self.epoch < self.args.epochs:
            rng = random.Random(self.args.seed * 1000 + self.epoch)
            self._run_epoch(epoch_batches(self.learn, Styles(), self.args.batch, rng))
            self.epoch += 1
            self._save()
            if held_out:
                self._evaluate(held_out)

    def _run_epoch(self, found: list[Batch]) -> None:
        self.model.train()
        began, sums = time.time(), np.zeros(2)
        for step, batch in enumerate(found, 1):
            got = losses(self.model, moved(batch, self.device))
            self.descent.step(got.total)
            self.mean.update()
            sums += (got.labels.item(), got.links.item())
            if step % 20 == 0 or step == len(found):
                pace = (time.time() - began) / step
                log.info(
                    "epoch %d step %d/%d tag %.4f link %.4f %.2f s/step",
                    self.epoch,
                    step,
                    len(found),
                    *(sums / step),
                    pace,
                )

    def _save(self) -> None:
        state = {
            "epoch": self.epoch,
            "steps": self.mean.steps,
            "model": self.model.state_dict(),
            "average": self.mean.weights,
            "optimizer": self.descent.optimizer.state_dict(),
            "schedule": self.descent.schedule.state_dict(),
        }
        torch.save(state, self.args.out / "last.tmp")
        (self.args.out / "last.tmp").replace(self.args.out / "last.pt")
        self.mean.save(self.args.out / f"epoch{self.epoch}.pt")

    def _resume(self) -> None:
        last = self.args.out / "last.pt"
        if not last.exists():
            return
        state: dict[str, Any] = torch.load(last, weights_only=True, map_location=self.device)
        self.model.load_state_dict(state["model"])
        self.mean.weights.update(state["average"])
        self.descent.optimizer.load_state_dict(state["optimizer"])
        self.descent.schedule.load_state_dict(state["schedule"])
        self.epoch, self.mean.steps = int(state["epoch"]), int(state["steps"])

    @torch.no_grad()
    def _evaluate(self, held_out: list[Example]) -> None:
        """Log the F1 of single pieces; how good the quotes are, this does not say."""
        kept = {k: v.clone() for k, v in self.model.state_dict().items()}
        self.model.load_state_dict(self.mean.weights)
        self.model.eval()
        items = [make_item(e, s, t) for e in held_out for s, t in training_windows(e.pieces, random.Random(0))]
        items.sort(key=lambda item: len(item.ids))
        counts = np.zeros((3, 3))
        for i in range(0, len(items), self.args.batch):
            batch = moved(collate(items[i : i + self.args.batch]), self.device)
            guess = losses(self.model, batch).logits.argmax(-1)
            seen = batch["labels"] >= 0
            for role in range(3):
                said, true = (guess + 1) // 2 == role + 1, (batch["labels"] + 1) // 2 == role + 1
                counts[role] += [int((m & seen).sum()) for m in (said & true, said, true)]
        f1 = 200 * counts[:, 0] / np.maximum(1, counts[:, 1] + counts[:, 2])
        log.info("held out: piece F1 content %.1f cue %.1f source %.1f", *f1)
        self.model.load_state_dict(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=8, help="windows a step")
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--held-out", type=int, default=60, help="articles not trained on, the same for every seed")
    parser.add_argument("--encoder", type=Path, help="train the larger network instead, on the encoder in this folder")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    names, examples = read_examples(args.train)
    order = list(range(len(examples)))
    random.Random(1234).shuffle(order)
    held_out = sorted(order[: args.held_out])
    (args.out / "held_out.json").write_text(json.dumps([names[i] for i in held_out]), encoding="utf-8")
    Trainer(args, [examples[i] for i in order[args.held_out :]]).run([examples[i] for i in held_out])


if __name__ == "__main__":
    main()
