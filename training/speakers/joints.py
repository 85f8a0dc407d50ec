"""Train what tells a name that small words hold together: `python -m training.speakers.joints --help`.

In: the readings (the names of bodies) and GUM (Zeldes, 2017; its freely licensed part), both with where names stand.
Out: one vector and a number for `ingest.speaking.joints`, checked on the articles set aside and a tenth of GUM.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ingest.speaking.joints import SURE, Run, features, joints
from rag.models.onnx import Floats
from training.speakers.examples import WORDS, is_aside
from training.speakers.states import rows

DECAY, STEPS = 0.001, 400  # Of 0.003, 0.001, 0.0003 and 0.0001 the least surprised, over five parts.
Example = tuple[tuple[Run, Run], bool]


def of_spans(text: str, spans: Sequence[Run], persons: Sequence[Run]) -> Iterator[Example]:
    """Each joint beside a name but a person's: whether one of the spans holds both sides."""
    for a, b in joints(text):
        touched = [span for span in spans if span[0] < b[1] and span[1] > a[0]]
        if touched and not any(span[0] < b[1] and span[1] > a[0] for span in persons):
            yield (a, b), any(span[0] < a[1] and span[1] > b[0] for span in touched)


def of_labels(row: Mapping[str, Any], article: Mapping[str, Any]) -> list[Example]:
    """What a reading teaches: the names of its persons and bodies wherever they stand."""
    text, title = article["text"], article.get("title") or ""
    spans: dict[str, list[Run]] = {"body": [], "person": []}
    for who in row["who"].values():
        if not who["name"] or who["kind"] not in spans:
            continue
        forms = {(title if who["title"] else text)[slice(*who["name"])], *(text[slice(*form)] for form in who["forms"])}
        for form in (form for form in forms if form[:1].isupper()):
            spans[who["kind"]] += [m.span() for m in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text)]
    return list(of_spans(text, spans["body"], spans["person"]))


def of_corpus(row: Mapping[str, Any]) -> list[Example]:
    """What a document of GUM teaches."""
    named = [((m[0], m[1]), c["type"] == "person") for c in row["clusters"] for m in c["mentions"] if m[2] == "name"]
    persons = [span for span, is_person in named if is_person]
    return list(of_spans(row["text"], [span for span, is_person in named if not is_person], persons))


def teach(given: Floats, labels: Floats) -> tuple[Floats, float]:
    """Logistic regression with decay."""
    torch.manual_seed(0)
    model = nn.Linear(given.shape[1], 1)
    x, y = torch.from_numpy(given), torch.from_numpy(labels)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.02, weight_decay=0.0)
    for _ in range(STEPS):
        loss = nn.functional.binary_cross_entropy_with_logits(model(x)[:, 0], y) + DECAY * model.weight.square().sum()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return model.weight.detach().numpy()[0], float(model.bias.detach())


def main(arguments: Sequence[str]) -> None:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--corpus", type=Path, required=True, help="gum_coref_attribution.jsonl.gz")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(arguments)
    with np.load(WORDS) as kept:
        words = (kept["table"], kept["scales"])
    texts = {row["id"]: row for path in args.articles for row in rows(path)}
    found = [(row["id"], texts[row["id"]]["text"], of_labels(row, texts[row["id"]])) for row in rows(args.labels)]
    found += [(row["id"], row["text"], of_corpus(row)) for row in rows(args.corpus)]
    parts: dict[bool, list[tuple[Floats, Floats]]] = {False: [], True: []}
    for name, text, examples in found:
        if examples:
            table = features(text, [pair for pair, _ in examples], words)
            parts[is_aside(name)].append((table, np.array([is_one for _, is_one in examples], dtype=np.float32)))
    given, unseen = ([np.concatenate(column) for column in zip(*parts[aside], strict=True)] for aside in (False, True))
    weight, bias = teach(given[0], given[1])
    said = unseen[0] @ weight + bias > np.log(SURE / (1 - SURE))
    right = unseen[1] > 0
    print(f"{len(given[1])} taught, {given[1].mean():.3f} one name; {len(right)} unseen")
    print(f"right {(said == right).mean():.3f}, precision {right[said].mean():.3f}, found {said[right].mean():.3f}")
    np.savez(args.out, weight=weight.astype(np.float16), bias=np.float32(bias))


if __name__ == "__main__":
    main(sys.argv[1:])
