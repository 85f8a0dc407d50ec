"""What the measurements share: an index to measure on, JSON lines, and figures as a table or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
Row = dict[str, Any]

# A command is run as a file, from a checkout that may not be installed. Import this module before `rag`.
sys.path.insert(0, str(ROOT))


def parser_of(doc: str | None) -> argparse.ArgumentParser:
    """A parser described by the first line of a module's docstring, with the options that all commands have."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--index", help="use this index of the articles as it is, instead of building one")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object, not as a table")
    return parser


@contextmanager
def index_of(articles: str | Path, index: str | None = None) -> Iterator[Path]:
    """The index given, or one of these article files or folders that is gone afterwards."""
    if index:
        yield Path(index)
        return
    from ingest import ingest

    with tempfile.TemporaryDirectory() as folder:
        report = ingest([str(articles)], index=folder)
        for failure in report.failed:
            print(f"skipped {failure.path}: {failure.reason}", file=sys.stderr)
        yield Path(folder)


def read_lines(path: str | Path) -> list[Row]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def report(figures: Mapping[str, Any], *, as_json: bool) -> None:
    """Print figures: one JSON object, or a line for each with nested ones indented."""
    if as_json:
        json.dump(figures, sys.stdout, indent=1, ensure_ascii=False)
        print()
        return
    for line in _lines(figures, 0):
        print(line)


def _lines(figures: Mapping[str, Any], depth: int) -> Iterator[str]:
    width = max((len(str(name)) for name in figures), default=0) + 2
    for name, value in figures.items():
        label = f"{'  ' * depth}{name!s:{width}}"
        if isinstance(value, Mapping):
            yield label.rstrip()
            yield from _lines(value, depth + 1)
        elif (
            isinstance(value, Sequence) and not isinstance(value, str) and value and isinstance(value[0], str | Mapping)
        ):
            yield label.rstrip()
            yield from (f"{'  ' * (depth + 1)}{item}" for item in value)
        else:
            yield f"{label}{share(value)}"


def share(value: object) -> str:
    """A figure for people: [7, 10] is "7 of 10", a fraction has three places."""
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2:
        return f"{value[0]} of {value[1]}"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
