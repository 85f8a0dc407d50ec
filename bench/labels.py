"""List the speakers' labels that are hardly fit to print: clauses, dates, adverbs, beginnings of something else.

    python bench/labels.py [ARTICLES ...] [--json] [--sample N]

ARTICLES are files or folders of articles, the seeds where none are named. A label is a name, an office or a short
description. The check knows no meaning: what it lists is suspicious, what it passes can still be wrong, so `--sample`
prints so many labels beside the words that they stand for, evenly spread, to be read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from common import SEEDS, Row, parser_of, report

LONGEST, LONGEST_ROLE = 12, 20  # Words.
DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow|tonight"
WRONG = {
    "a clause": re.compile(r"\b(?:who|whom|which|that|because|is|was|were|has|had|said|says|told|will|would)\b", re.I),
    "a date": re.compile(rf"\b(?:{DAY})(?:\s+\w+)?$", re.I),
    "a beginning": re.compile(r"\b(?:a|an|the|of|for|to|in|on|at|by|with|and|or|as|from|about|than|not)$", re.I),
    "an end": re.compile(
        r"^(?:and|or|but|of|to|in|at|by|with|as|from|about|than|if|when|while|though|because)\b", re.I
    ),
    "no words": re.compile(r"^\W*[^\WA-HJ-Z]?\W*$"),
    "marks": re.compile(r"[\n“”\"\[\]{}<>|*]|^\W|:"),
    "an owner": re.compile(r"\w[’']s$"),
    "a function word": re.compile(
        r"^(?:let|let[’']s|some|none|nearly|both|whose\b.*|what|there|here|not|no|yes)$", re.I
    ),
}


def suspicion(label: str, *, longest: int = LONGEST) -> str:
    """What is wrong with a label; empty when nothing is seen."""
    if len(label.split()) > longest:
        return "long"
    return next((name for name, pattern in WRONG.items() if pattern.search(label)), "")


def labels(paths: Sequence[str]) -> Iterator[Row]:
    """Each label and role of the articles in the files or folders."""
    from ingest import extract_quotes
    from ingest.loading.finding import find_files
    from ingest.loading.worker import worker

    files, _ = find_files(Path(path).resolve() for path in paths)
    with worker() as reader:
        for article in (article for file in files for article in reader.load(file).articles):
            for quote in extract_quotes(article.text, article.title, language=article.language):
                if quote.speaker:
                    source = " ".join(span.text for span in quote.source)
                    yield {"article": article.id, "label": quote.speaker.name, "role": quote.speaker.role or "",
                           "kind": quote.speaker.kind, "source": source}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Print what is suspicious, and the share of labels that are not."""
    parser = parser_of(__doc__)
    parser.add_argument("articles", nargs="*", default=[str(SEEDS)])
    parser.add_argument("--sample", type=int, default=0, help="print so many labels to be read")
    args = parser.parse_args(arguments)
    found = {(row["label"], row["role"], row["kind"]): row for row in labels(args.articles)}
    rows = [found[key] for key in sorted(found)]
    wrong = [(row, why) for row in rows if (why := suspicion(row["label"]))]
    roles = [(row, why) for row in rows if row["role"] and (why := suspicion(row["role"], longest=LONGEST_ROLE))]
    for row in rows[:: max(1, len(rows) // args.sample)] if args.sample else []:
        print(f"{row['label']} | {row['role']} | {row['kind']} | {row['source'][:80]}")
    figures = {
        "labels": len(rows),
        "fit": 1 - len(wrong) / max(1, len(rows)),
        "roles": sum(bool(row["role"]) for row in rows),
        "roles fit": 1 - len(roles) / max(1, sum(bool(row["role"]) for row in rows)),
        "suspicious": [f"{row['label']} ({why}; {row['article']})" for row, why in wrong],
        "suspicious roles": [f"{row['role']} ({why}; {row['label']})" for row, why in roles],
    }
    report(figures, as_json=args.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
