"""Write the invented articles and the claims about them in the form of the benchmark: the bounds are chosen on them.

    python -m training.judge.written --out FOLDER

FOLDER gets articles.jsonl and questions.jsonl, as ../shared/bench/run_answers.py and bench/answers.py read them. To the
scorer a claim that its article leaves open is a question without an answer; it should get neither a yes nor a no.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training.judge.aside import write
from training.judge.examples import lines
from training.judge.prepare import DATA

WRITTEN = DATA / "written.jsonl.gz"


def main() -> None:
    """Parse the command line and write the two files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = list(lines(WRITTEN))
    questions = [question for row in rows for question in asked_of(row)]
    write(args.out / "articles.jsonl", [{key: row[key] for key in row if key != "claims"} for row in rows])
    write(args.out / "questions.jsonl", questions)
    print(f"{len(rows)} articles, {len(questions)} claims")


def asked_of(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The claims about an article, as the scorer reads questions."""
    for number, claim in enumerate(row["claims"], 1):
        start = row["text"].index(claim["words"])
        gold = {"article_id": row["id"], "speaker": claim["speaker"], "aliases": []}
        span = [[start, start + len(claim["words"])]]
        yield {
            "id": f"{row['id']}-{number}",
            "kind": "did_say" if claim["expected"] else "unanswerable",
            "question": claim["question"],
            "history": [],
            "answerable": bool(claim["expected"]),
            "expected": claim["expected"],
            "gold": [gold | {"content": span}] if claim["expected"] else [],
            "must_not": [],
        }


if __name__ == "__main__":
    main()
