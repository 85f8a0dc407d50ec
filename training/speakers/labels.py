"""Make training data of what readers wrote about the packs: offsets only, none of the articles' text.

    python -m training.speakers.labels PACKS ARTICLES.jsonl... --out training/speakers/data/labels.jsonl.gz

In: packNN.txt, keyNN.jsonl and the readers' outNN.jsonl; files that are not whole are passed over. Out: one line for
each reading of an article: `who`, under a key each person or body with where its name, its role and its other forms
stand (characters of the text, or of the title where `title` says so), and `sources`, (start, end, whose): "!" nobody's,
"a+b" several together, "c>s" s's words passed on by c, "me" the writer, "you" everybody, "?" open.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

KINDS = ("person", "body", "group", "unnamed")
OTHERS = ("me", "you", "?")


def readings(folder: Path, texts: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every whole reading of an article in the packs of `folder`."""
    for key_file in sorted(folder.glob("key*.jsonl")):
        number = key_file.stem[3:]
        out = folder / f"out{number}.jsonl"
        read = _by_article(out) if out.is_file() else {}
        for line in key_file.read_text(encoding="utf-8").splitlines():
            key = json.loads(line)
            row = read.get(key["a"])
            if row and _is_whole(row, key["places"]):
                yield _reading(row, key, texts[key["id"]], int(number))


def _by_article(path: Path) -> dict[int, dict[str, Any]]:
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:  # A reader is still at work on it.
            continue
        rows[row["a"]] = row
    return rows


def _is_whole(row: Mapping[str, Any], places: Sequence[Any]) -> bool:
    """True where every place has an answer and every key in it is somebody."""
    whose = row["s"]
    if set(whose) != {str(number) for number in range(1, len(places) + 1)}:
        return False
    used = {key for said in whose.values() for key in keys(said)}
    return used <= {*row["who"], *OTHERS} and all(len(w) == 4 and w[2] in KINDS for w in row["who"].values())


def keys(whose: str) -> list[str]:
    """The keys in a label such as "!a", "a+b" or "c>s"."""
    return [key for key in re.split(r"[>+]", whose.lstrip("!")) if key]


def _reading(row: Mapping[str, Any], key: Mapping[str, Any], article: Mapping[str, Any], number: int) -> dict[str, Any]:
    text, title = str(article["text"]), str(article.get("title") or "")
    who = {}
    for short, (name, role, kind, forms) in row["who"].items():
        place = _find(text, name)
        who[short] = {
            "kind": kind,
            "name": place or _find(title, name),
            "title": bool(name) and place is None,
            "role": _find(text, role),
            "forms": [found for form in forms if (found := _find(text, form))],
        }
    sources = [[*place, row["s"][str(n)]] for n, place in enumerate(key["places"], 1)]
    return {"id": key["id"], "pack": number, "who": who, "sources": sources}


def _find(text: str, words: str) -> list[int] | None:
    """Where the words first stand, by themselves if they do, as [start, end]."""
    if not words.strip():
        return None
    found = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) or re.search(re.escape(words), text, re.I)
    return [found.start(), found.end()] if found else None


def main(arguments: Sequence[str]) -> None:
    """Write the data that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packs", type=Path)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(arguments)
    lines = (line for path in args.articles for line in path.read_text(encoding="utf-8").splitlines())
    texts = {row["id"]: row for row in map(json.loads, lines)}
    rows = list(readings(args.packs, texts))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(args.out, "wb", mtime=0) as file:
        file.write("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows).encode())
    print(f"{len(rows)} readings, {sum(len(row['sources']) for row in rows)} sources")


if __name__ == "__main__":
    main(sys.argv[1:])
