"""Play every reading through as the linker will meet it, and keep what it sees: `python -m training.speakers.prepare`.

Out: one npz with, for each source in order, its candidates' numbers and which of them are right; it holds none of the
articles' text. The vectors are reduced, and the reduction is kept with them.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ingest.speaking.features import Features
from ingest.speaking.stage import Source, Stage
from ingest.text.sources import joined
from training.speakers.examples import LITERAL, NOBODY, Lesson, lesson, read, right
from training.speakers.reduction import Reduction


class Items:
    """What the network is to see of all sources, as growing columns."""

    def __init__(self) -> None:
        self.columns: dict[str, list[Any]] = defaultdict(list)
        self.vectors: list[Any] = []
        self._row = 0

    def add(self, made: Lesson) -> None:
        """Play a lesson through, the past as its reader sees it."""
        stage = made.scene.stage(made.text)
        features = Features(stage)
        held: dict[int, frozenset[str]] = {}
        first = len(made.scene.cast.starts)
        for number, (source, gold) in enumerate(zip(made.scene.sources, made.gold, strict=True)):
            pair, own = features.about(source)
            rows = np.append(stage.rows[: stage.count], [-2, -3])
            if gold is None or gold.open or not (gold.keys or gold.nobody):
                wanted = [[LITERAL]]
            else:
                wanted = right(made, stage, held, gold)
                picked = stage.number_of(source.pick)
                rule = NOBODY if source.pick is None else LITERAL if picked is None else picked
                self._note(rows, (pair, own), wanted, first + number)
                for name, value in (("kind", gold.kind), ("aside", made.aside), ("rule", rule % len(rows))):
                    self.columns[name].append(value)
            spoke = _speak(stage, source, wanted, first + number)
            if spoke is not None and spoke not in held and spoke >= stage.named and gold is not None:
                held[spoke] = frozenset(gold.keys)
        self.vectors.append(made.scene.vectors)
        self._row += len(made.scene.vectors)

    def _note(self, rows: Any, numbers: tuple[Any, Any], wanted: list[list[int]], row: int) -> None:
        size = len(rows)
        turns = np.zeros(size, dtype=np.int8)  # Which of those who speak together a candidate is, from 1.
        for turn, candidates in enumerate(wanted, 1):
            for candidate in candidates:
                turns[candidate if candidate >= 0 else size + candidate] = turn
        place = np.where(rows >= 0, rows + self._row, np.minimum(rows, -1))
        pair, own = numbers
        values = {"rows": place.astype(np.int32), "pair": pair.astype(np.float16), "turns": turns, "own": own}
        values |= {"source": row + self._row, "size": size, "several": len(wanted) > 1}
        for name, value in values.items():
            self.columns[name].append(value)

    def save(self, path: Path) -> None:
        """Write all, the vectors reduced."""
        vectors = np.concatenate(self.vectors)
        reduction = Reduction.of(vectors)
        flat: dict[str, Any] = {name: np.concatenate(self.columns.pop(name)) for name in ("rows", "pair", "turns")}
        rest: dict[str, Any] = {name: np.array(column) for name, column in self.columns.items()}
        reduced = reduction.reduced(vectors).astype(np.float16)
        np.savez(path, vectors=reduced, mean=reduction.mean, matrix=reduction.matrix, **flat, **rest)


def _speak(stage: Stage, source: Source, wanted: list[list[int]], row: int) -> int | None:
    """Let the source be who the reader says; the candidate's number."""
    if wanted == [[NOBODY]]:
        return None
    if len(wanted) > 1:
        return stage.spoken(source, None, joined([stage.names[some[0]] for some in wanted]), row)
    chosen = wanted[0][0]
    return stage.spoken(source, None if chosen == LITERAL else chosen, source.pick or "", row)


def main(arguments: Sequence[str]) -> None:
    """Write the items."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labels", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--quotes", type=Path, required=True)
    parser.add_argument("--states", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(arguments)
    items = Items()
    for reading in read(args.labels, args.articles, args.quotes, args.states):
        items.add(lesson(reading))
    items.save(args.out)


if __name__ == "__main__":
    main(sys.argv[1:])
