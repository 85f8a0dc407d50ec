"""Keep what extraction and the tagger make of articles: `python -m training.speakers.states ARTICLES... --help`.

Out: QUOTES.jsonl, the quotes of each article as offsets with the speaker's name, and in STATES one npz an article with
its pieces and the tagger's states of them, in 16 bits (1.5 MB an article). A third of a second of CPU each.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ingest.quotes import extract_quotes
from ingest.quoting.tagger import Tagger
from ingest.text.marks import with_double_marks
from rag.schema import Quote


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file of JSON lines, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def quote_row(quote: Quote) -> dict[str, Any]:
    """A quote as offsets."""
    spans = {name: [[s.start, s.end] for s in getattr(quote, name)] for name in ("content", "source", "cue")}
    return {**spans, "kind": quote.kind, "speaker": quote.speaker and [quote.speaker.name]}


def main(arguments: Sequence[str]) -> None:
    """Write the quotes and the states."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--labels", type=Path, help="keep these articles only; quotes are of these")
    parser.add_argument("--quotes", type=Path, required=True)
    parser.add_argument("--states", type=Path, required=True)
    args = parser.parse_args(arguments)
    wanted = {row["id"] for row in rows(args.labels)} if args.labels else None
    args.states.mkdir(parents=True, exist_ok=True)
    with args.quotes.open("a", encoding="utf-8") as out:
        for row in (row for path in args.articles for row in rows(path)):
            if wanted is not None and row["id"] not in wanted:
                continue
            quotes = [quote_row(quote) for quote in extract_quotes(row["text"], row.get("title"))]
            out.write(json.dumps({"id": row["id"], "quotes": quotes}) + "\n")
            _, pieces, states = Tagger.load().read(with_double_marks(row["text"]))
            columns = {name: getattr(pieces, name) for name in ("ids", "features", "starts", "ends", "firsts")}
            name = row["id"].replace("/", "_")
            np.savez(args.states / f"{name}.npz", states=states.astype(np.float16), **columns)


if __name__ == "__main__":
    main(sys.argv[1:])
