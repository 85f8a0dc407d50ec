"""Write the invented articles and the questions about them in the form of the benchmark: bounds are chosen on them.

    python -m training.judge.written --out FOLDER

FOLDER gets articles.jsonl, claims.jsonl and open.jsonl, as ../shared/bench/run_answers.py and bench/answers.py read
them. To the scorer a claim that its article leaves open is a question without an answer; it should get neither a yes
nor a no.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.judge.aside import write
from training.judge.examples import lines
from training.judge.prepare import DATA

ARTICLE = ("id", "title", "published", "text")
WRITTEN = DATA / "written.jsonl.gz"


def main() -> None:
    """Parse the command line and write the two files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = list(lines(WRITTEN))
    write(args.out / "articles.jsonl", [{key: row[key] for key in ARTICLE} for row in rows])
    claims = [question for row in rows for question in claims_of(row)]
    others = [question for row in rows for question in open_of(row)]
    write(args.out / "claims.jsonl", claims)
    write(args.out / "open.jsonl", others)
    print(f"{len(rows)} articles, {len(claims)} claims, {len(others)} open questions")


def claims_of(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The claims about an article, as the scorer reads questions."""
    for number, claim in enumerate(row["claims"], 1):
        kind = "did_say" if claim["expected"] else "unanswerable"
        answers = [claim] if claim["expected"] else []
        yield _scored(row, f"c{number}", kind, claim["question"], answers) | {"expected": claim["expected"]}


def open_of(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The open questions about an article, as the scorer reads them."""
    for number, one in enumerate(row["open"], 1):
        yield _scored(row, f"o{number}", one["kind"], one["question"], one["answers"])


def _scored(row: dict[str, Any], name: str, kind: str, question: str, answers: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "id": f"{row['id']}-{name}",
        "kind": kind,
        "question": question,
        "history": [],
        "answerable": bool(answers),
        "expected": None,
        "gold": [_gold(row, one) for one in answers],
        "must_not": [],
    }


def _gold(row: dict[str, Any], answer: dict[str, str]) -> dict[str, Any]:
    start = row["text"].index(answer["words"])
    span = [start, start + len(answer["words"])]
    return {"article_id": row["id"], "speaker": answer["speaker"], "aliases": [], "content": [span]}


if __name__ == "__main__":
    main()
