"""Teach the small network of `ingest.quoting.tagger` what a larger one makes of the training articles.

    python -m training.tagger.teach TRAIN.jsonl PUPIL.pt TEACHER.pt OUT.pt --encoder FOLDER [--steps 4400]

PUPIL.pt and TEACHER.pt are checkpoints of `training.tagger.train`, the second with `--encoder FOLDER`. The teacher
reads every window in another style and with other words each time, so what it says of them is not learnt by heart.
The pupil learns its odds of the labels beside the labels set by hand, and what its last layer says of every piece; the
links it learns from the articles alone. OUT.pt is written again and again until the last step. On two cores a step
takes 1.4 seconds; a GPU is used where there is one.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ingest.text.pieces import SEP, tokenizer
from training.tagger.checkpoints import load_checkpoint
from training.tagger.examples import (
    FIRST_WORD,
    Example,
    Item,
    Styles,
    collate,
    grouped,
    hide,
    make_item,
    read_examples,
    training_windows,
)
from training.tagger.learning import Batch, Descent, RunningMean, losses, moved
from training.tagger.network import TaggerModel

log = logging.getLogger("training.tagger")

HEAD_RATE = 3.0  # Learning rate of the heads, in units of the encoder's.
REACH = 300  # Steps that the running mean of the weights reaches back.
NEAR = 12  # A word is replaced by one of so many that are nearest to it in the teacher's word vectors.
REWORDED_WINDOWS = 0.7  # Share of the windows of which some words are replaced,
REWORDED_WORDS = 0.3  # and the most of their words that are.
KEPT = 60  # Every group of windows is met again after about so many others: the teacher takes half of the time.
SAVED = 400  # Steps between two writings.


class Rewording:
    """Puts near words in the place of others; only words of one piece, for those of several have no vector."""

    def __init__(self, teacher: TaggerModel) -> None:
        vectors = teacher.encoder.embeddings.word_embeddings.weight.detach()[teacher.get_buffer("numbers")].cpu()
        vectors = nn.functional.normalize(vectors - vectors[FIRST_WORD + 1 :].mean(0), dim=-1)
        self.known = np.zeros(len(vectors), dtype=bool)
        for word, number in tokenizer().get_vocab().items():
            self.known[number] = number > FIRST_WORD and word.isalpha() and len(word) > 1
        words = torch.from_numpy(np.flatnonzero(self.known))
        self.near = np.zeros((len(vectors), NEAR), dtype=np.int64)
        for some in torch.split(words, 2000):
            closest = (vectors[some] @ vectors[words].T).topk(NEAR + 1).indices[:, 1:]
            self.near[some.numpy()] = words[closest].numpy()

    def apply(self, item: Item, rng: random.Random) -> Item:
        if rng.random() > REWORDED_WINDOWS:
            return item
        ids, share = item.ids.copy(), rng.random() * REWORDED_WORDS
        begins = item.labels != -100
        whole = begins[:-1] & (begins[1:] | (ids[1:] == SEP)) & self.known[ids[:-1]]
        for place in np.flatnonzero(whole):
            if rng.random() < share:
                ids[place] = self.near[ids[place], rng.randrange(NEAR)]
        return replace(item, ids=ids)


@dataclass(frozen=True)
class Lesson:
    """Some windows as the teacher read them, its odds of their labels and its last layer, (B, L, …)."""

    items: list[Item]
    odds: Tensor
    hidden: Tensor


def lessons(examples: list[Example], teacher: TaggerModel, size: int, rng: random.Random) -> Iterator[Lesson]:
    """Without end; every lesson comes twice."""
    rewording, styles, device = Rewording(teacher), Styles(), next(teacher.parameters()).device
    waiting: list[Lesson] = []
    while True:
        items = []
        for example in examples:
            styled = styles.apply(example, rng)
            windows = training_windows(styled.pieces, rng)
            items += [rewording.apply(make_item(styled, start, end), rng) for start, end in windows]
        for group in grouped(items, size, rng):
            lesson = Lesson(group, *_read(teacher, moved(collate(group), device)))
            waiting.append(lesson)
            yield lesson
            if len(waiting) > KEPT:
                yield waiting.pop(rng.randrange(len(waiting)))


def _read(teacher: TaggerModel, batch: Batch) -> tuple[Tensor, Tensor]:
    ids = batch["ids"]
    with torch.no_grad(), torch.autocast(ids.device.type, torch.bfloat16):
        hidden = teacher.encode(ids, batch["features"])
        labels, _ = teacher.heads(hidden, ids != 0)
    return labels.float().softmax(-1), hidden.to(torch.bfloat16)


def distance(guess: Tensor, seen: Tensor, counted: Tensor) -> Tensor:
    """Mean of 1 - cosine over the pieces `counted` (B, L)."""
    apart = 1 - nn.functional.cosine_similarity(guess.float(), seen.float(), dim=-1)
    return (apart * counted).sum() / counted.sum()


def teach(pupil: TaggerModel, found: Iterator[Lesson], size: int, args: argparse.Namespace) -> None:
    """`size` is that of the teacher's last layer."""
    device, rng = next(pupil.parameters()).device, random.Random(args.seed)
    bridge = nn.Linear(pupil.encoder.config.hidden_size, size).to(device)
    descent = Descent(pupil.train(), args.steps, args.rate, args.rate * HEAD_RATE, bridge)
    mean, began, sums = RunningMean(pupil, REACH), time.time(), np.zeros(3)
    for step, lesson in zip(range(1, args.steps + 1), found, strict=False):
        batch = moved(collate([hide(item, rng) for item in lesson.items]), device)
        got = losses(pupil, batch, lesson.odds)
        apart = distance(bridge(got.hidden.float()), lesson.hidden, batch["ids"] != 0)
        descent.step(got.total + apart)
        mean.update()
        sums += (got.labels.item(), got.links.item(), apart.item())
        if step % 40 == 0:
            pace = (time.time() - began) / step
            log.info("step %d tag %.4f link %.4f distance %.4f %.2f s/step", step, *(sums / 40), pace)
            sums[:] = 0
        if step % SAVED == 0 or step == args.steps:
            mean.save(args.out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("train", "pupil", "teacher", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--encoder", type=Path, required=True, help="the folder of the teacher's encoder")
    parser.add_argument("--steps", type=int, default=4400)
    parser.add_argument("--batch", type=int, default=8, help="windows a step")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    teacher = load_checkpoint(args.teacher, args.encoder).to(device)
    _, examples = read_examples(args.train)
    found = lessons(examples, teacher, args.batch, random.Random(args.seed))
    teach(load_checkpoint(args.pupil).to(device), found, teacher.encoder.config.hidden_size, args)


if __name__ == "__main__":
    main()
