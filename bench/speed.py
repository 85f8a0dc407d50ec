"""How long an answer takes beside the bare work on the same question, in one run.

    python bench/speed.py [QUESTION ...] [--index index/] [--rounds 20] [--json]

Medians of wall-clock milliseconds after a warm-up, with the judge of OTR_LLM (default: embedded).
Start-up, first words and memory are measured by bench/startup.py.
"""

from __future__ import annotations

import os
import statistics
import sys

import answers
from common import SEEDS, index_of, parser_of, report

QUESTIONS = (
    "What did the mayor say about the harbour?",
    "Who said the ground is not for sale?",
    "Did Stellan Voss say he would close the school?",
    "What did Voss and Olm say about the school?",
)


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = parser_of(__doc__)
    parser.add_argument("questions", nargs="*", default=list(QUESTIONS), metavar="QUESTION")
    parser.add_argument("--rounds", type=int, default=20, help="how often each question is asked")
    args = parser.parse_args(argv)
    os.environ.setdefault("OTR_LLM", "embedded")
    asked = [{"question": question} for _ in range(args.rounds) for question in args.questions]
    with index_of(SEEDS, args.index) as index:
        rows = answers.ask_all(index, asked)
    ask, bare = (statistics.median(row[name] for row in rows) * 1000 for name in ("seconds", "bare_seconds"))
    slow = sorted(row["seconds"] for row in rows)[int(0.95 * (len(rows) - 1))] * 1000
    figures = {"ask_ms": ask, "ask_ms_95th": slow, "bare_ms": bare, "ratio": ask / bare, "answers": len(rows)}
    report(figures, as_json=args.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
