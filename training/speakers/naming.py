"""Train the network that tells which capitalised words are names: `python -m training.speakers.naming --help`.

In: the readings (who is named how), the articles and the tagger's states of their pieces; beside them the names of GUM
(Zeldes, 2017; its freely licensed part), whose places, times and works are no speakers. Out: weights for
`ingest.speaking.namer`, checked on the articles set aside.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ingest.speaking.cast import Ints
from ingest.speaking.namer import FEATURES, Words, flags, spans_of, word_vectors
from ingest.speaking.resolver import Read
from ingest.text.names import LOWER_WORD, TITLES, mentions
from ingest.text.pieces import Pieces
from rag.models.onnx import Floats
from training.speakers.examples import WORDS, Reading, is_aside, read, rows_of
from training.speakers.offices import altered, offices
from training.speakers.reduction import Reduction
from training.speakers.states import rows

LABELS = 5
UNKNOWN = -1
OTHERS_WEIGHT = 0.3  # What a word of GUM counts beside one of the articles.
LONGEST_NAME = 3
INITIAL = re.compile(r"[A-Z]\.?|Jr\.?|Sr\.?|I{2,3}|IV")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Taught:
    """The words of an article's mentions: vectors (words, size), flags (words, FEATURES), labels (words,)."""

    vectors: Floats
    flags: Floats
    labels: Ints
    weight: float = 1.0
    aside: bool = False


def of_reading(reading: Reading, words: Words) -> Taught:
    """What a reading teaches: the words of who it names; what stands beside them is no name, all else unknown."""
    text = reading.text
    runs = [spans_of(text, m.start, m.end) for m in mentions(text)]
    spans = _apart(_named(reading))
    lower = set(LOWER_WORD.findall(text))
    labels: list[int] = []
    for run in runs:
        found = _labels(text, run, spans, reading)
        is_word = len(run) == 1 and text[slice(*run[0])].lower() in lower
        labels += found if any(found) or is_word else [UNKNOWN] * len(run)
    made = _taught(text, runs, labels, Read(reading.pieces, reading.states), words)
    return replace(made, aside=is_aside(reading.id))


def _named(reading: Reading) -> Iterator[tuple[int, int, int, str]]:
    """(start, end, first label, key) wherever the text has a name of a person or a body of the reading."""
    for key, name in reading.names.items():
        kind = {"person": 1, "body": 3}.get(reading.kinds[key])
        if not (name and kind):
            continue
        known = {name, *(form for form in reading.forms[key] if form[:1].isupper())}
        forms = {re.sub(r"^(?:The|A|An) ", "", form) for form in known}
        if kind == 1:
            own = set(name.split())
            forms = {form for form in forms if set(form.split()) <= own or len(form.split()) == 1} | {name.split()[-1]}
        for form in forms:
            if len(form) > 1:
                for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", reading.text):
                    yield match.start(), match.end(), kind, key


def _apart(spans: Iterable[tuple[int, int, int, str]]) -> list[tuple[int, int, int, str]]:
    kept: list[tuple[int, int, int, str]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _labels(text: str, run: Sequence[Span], spans: Sequence[tuple[int, int, int, str]], reading: Reading) -> list[int]:
    labels = []
    for start, end in run:
        hit = next((s for s in spans if s[0] < end and s[1] > start), None)
        labels.append(0 if hit is None else hit[2] if start <= hit[0] < end else hit[2] + 1)
        if hit and hit[2] == 1:
            own = {*reading.names[hit[3]].split()}
            # "Ann B. Lee" where the reader writes Ann Lee, and "Ann Lee Jr.".
            before = len(labels) - 1
            while before and labels[before] == 1 and labels[before - 1] in (0, 1):
                word = text[slice(*run[before - 1])].rstrip(",")
                if word not in own and not INITIAL.fullmatch(word):
                    break
                labels[before - 1 : before + 1] = 1, 2
                before -= 1
        elif not hit and len(labels) > 1 and labels[-2] in (1, 2) and INITIAL.fullmatch(text[start:end]):
            labels[-1] = 2
    return labels


def of_corpus(row: Mapping[str, Any], pieces: Pieces, states: Floats, words: Words) -> Taught:
    """What a document of GUM teaches: its mentions have types."""
    text = row["text"]
    spans = sorted(
        ((m[1] - m[0], m[0], m[1], c["type"]) for c in row["clusters"] for m in c["mentions"] if m[2] == "name"),
    )
    runs = [spans_of(text, m.start, m.end) for m in mentions(text)]
    labels = []
    for run in runs:
        for start, end in run:
            hits = [(s, e, kind) for _, s, e, kind in spans if s < end and e > start]
            labels.append(_typed(text, start, end, hits) if hits else UNKNOWN if text[start:end].isupper() else 0)
    return replace(_taught(text, runs, labels, Read(pieces, states), words), weight=OTHERS_WEIGHT)


def _typed(text: str, start: int, end: int, hits: Sequence[tuple[int, int, str]]) -> int:
    first, last, kind = hits[0]
    bare = re.sub(r"^(?:the|The|a|an) ", "", text[first:last])
    first = last - len(bare)
    own = bare.split()
    if kind == "organization":
        return 0 if end <= first else 3 if start <= first < end else 4
    if kind != "person":
        return 0
    plain = len(own) <= LONGEST_NAME and all(w[:1].isupper() and w.lower().strip(".") not in TITLES for w in own)
    return UNKNOWN if not plain or len(hits) > 1 else 1 if start <= first < end else 2


def _taught(text: str, runs: Sequence[Sequence[Span]], labels: Sequence[int], seen: Read, words: Words) -> Taught:
    known = np.array(labels, dtype=np.int64) != UNKNOWN
    flat = np.array([span for run in runs for span in run], dtype=np.int64).reshape(-1, 2)
    vectors = (
        word_vectors(seen.pieces, seen.states, words, flat[known])
        if known.any()
        else np.zeros((0, 1), dtype=np.float32)
    )
    return Taught(vectors.astype(np.float16), flags(text, runs)[known], np.array(labels)[known])


class NamerNetwork(nn.Module):
    """One hidden layer over a word, its neighbours and its flags."""

    def __init__(self, size: int, width: int = 96) -> None:
        super().__init__()
        self.hidden = nn.Linear(size, width)
        self.out = nn.Linear(width, LABELS)
        self.before, self.between = nn.Dropout(0.2), nn.Dropout(0.4)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """(words, LABELS) scores."""
        out: torch.Tensor = self.out(self.between(torch.relu(self.hidden(self.before(words)))))
        return out


def teach(taught: Sequence[Taught], reduction: Reduction, epochs: int, seed: int) -> NamerNetwork:
    """A network taught by all that is not set aside; prints how it does on the rest after each round."""
    given, rest = ([t for t in taught if t.aside == aside and len(t.labels)] for aside in (False, True))
    x, y = _table(given, reduction), torch.from_numpy(np.concatenate([t.labels for t in given]))
    weight = torch.from_numpy(np.concatenate([np.full(len(t.labels), t.weight, dtype=np.float32) for t in given]))
    unseen, right = _table(rest, reduction), np.concatenate([t.labels for t in rest])
    torch.manual_seed(seed)
    network = NamerNetwork(x.shape[1])
    batch = 256
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.02)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=epochs * (len(x) // batch + 1))
    for number in range(epochs):
        network.train()
        order = torch.randperm(len(x))
        for begin in range(0, len(x), batch):
            part = order[begin : begin + batch]
            loss = (nn.functional.cross_entropy(network(x[part]), y[part], reduction="none") * weight[part]).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            rate.step()
        network.eval()
        with torch.no_grad():
            said = network(unseen).argmax(-1).numpy()
        print(number, f"label {(said == right).mean():.4f}  name or not {((said > 0) == (right > 0)).mean():.4f}")
    return network


def _table(taught: Sequence[Taught], reduction: Reduction) -> torch.Tensor:
    vectors = np.concatenate([t.vectors for t in taught])
    parts = [reduction.reduced(part) for part in np.split(vectors, 3, axis=1)]
    return torch.from_numpy(np.concatenate([*parts, *[np.concatenate([t.flags for t in taught])]], axis=1))


def export(network: NamerNetwork, reduction: Reduction, path: Path) -> None:
    """The weights, the reduction within them, in 16 bits."""
    state = {name: tensor.detach().numpy() for name, tensor in network.state_dict().items()}
    into = state["hidden.weight"].T
    size = (len(into) - FEATURES) // 3
    parts = [reduction.through(into[n * size : (n + 1) * size]) for n in range(3)]
    kept = {
        "words": np.concatenate([matrix for matrix, _ in parts]),
        "flags": into[3 * size :],
        "bias": state["hidden.bias"] + sum(bias for _, bias in parts),
        "out": state["out.weight"].T,
        "out_bias": state["out.bias"],
    }
    small: dict[str, Any] = {name: np.ascontiguousarray(array, dtype=np.float16) for name, array in kept.items()}
    np.savez(path, **small)


def main(arguments: Sequence[str]) -> None:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--quotes", type=Path, required=True)
    parser.add_argument("--states", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, help="gum_coref_attribution.jsonl.gz")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    with np.load(WORDS) as kept:
        words = (kept["table"], kept["scales"])
    readings = list(read(args.labels, args.articles, args.quotes, args.states))
    taught = [of_reading(reading, words) for reading in readings]
    nouns, dice = offices(rows(args.labels), {reading.id: reading.text for reading in readings}), random.Random(0)
    for reading in readings:
        taught += [of_reading(other, words) for other in altered(reading, nouns, dice)]
    if args.corpus:
        for row, pieces, states in rows_of(args.corpus, args.states):
            taught.append(of_corpus(row, pieces, states, words))
    sample = np.concatenate([t.vectors[:, : t.vectors.shape[1] // 3] for t in taught if not t.aside and len(t.labels)])
    reduction = Reduction.of(sample)
    export(teach(taught, reduction, args.epochs, 0), reduction, args.out)


if __name__ == "__main__":
    main(sys.argv[1:])
