"""Write the articles set aside and the questions about them in the form of the benchmark, to choose bounds on.

    python -m training.judge.aside ARTICLES.jsonl [...] --out FOLDER

FOLDER gets articles.jsonl and questions.jsonl, as ../shared/bench/run_answers.py and score_qa.py read them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.judge.examples import is_aside, parts, read_articles
from training.judge.prepare import DATA

VERDICTS = {"says_so": "yes", "opposite": "no", "another": "no"}
# The kinds that the scorer knows by other names.
SCORED_AS = {"stance": "said_what", "change": "said_what", "overview": "list"}
ARTICLE_FIELDS = ("id", "title", "author", "publication", "publisher", "published", "date", "text")


def main() -> None:
    """Parse the command line and write the two files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("articles", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    articles = {id: row for id, row in read_articles(args.articles).items() if is_aside(id)}
    kept = [{field: row[field] for field in ARTICLE_FIELDS if row.get(field)} for row in articles.values()]
    write(args.out / "articles.jsonl", kept)
    homes = {row["id"]: _home(row) for row in parts(DATA, "pools")}
    scored = [q for row in parts(DATA, "questions") if (q := _scored(row, homes.get(row["id"], ""), articles))]
    write(args.out / "questions.jsonl", scored)
    print(f"{len(articles)} articles, {len(scored)} questions")


def _home(pool: dict[str, Any]) -> str:
    """The article of a pool's first statement."""
    found: str = min(pool["candidates"], key=lambda c: c["rank"] or 99)["article_id"]
    return found


def _scored(row: dict[str, Any], home: str, articles: dict[str, Any]) -> dict[str, Any] | None:
    """A question whose articles are all set aside, as the scorer reads it; None for any other."""
    gold = [g for g in row["gold"] if g["relation"] != "related"]
    if not all(g["article_id"] in articles for g in gold) or (not gold and home not in articles):
        return None
    kind = SCORED_AS.get(row["kind"], row["kind"]) if gold else "unanswerable"
    follows = row["history"] and row["standalone"] != row["question"]
    expected = VERDICTS.get(gold[0]["relation"]) if gold and kind == "did_say" else None
    return {
        "id": row["id"],
        "kind": "followup" if follows and kind == "said_what" else kind,
        "question": row["question"],
        "history": row["history"],
        "answerable": bool(gold),
        "expected": expected,
        "gold": [{k: g[k] for k in ("article_id", "speaker", "content")} | {"aliases": []} for g in gold],
        "must_not": [],
    }


def write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows as JSON Lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
