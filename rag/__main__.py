"""`python -m rag "question" [--index DIR] [--json]`: one question, one answer.

Exit status: 0 answered, 1 the articles do not say, 2 the question could not be asked.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import sys

from rag.errors import OnTheRecordError
from rag.pipeline import ask


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m rag", description="Ask the indexed articles who said what.")
    parser.add_argument("question")
    parser.add_argument("--index", help="folder of the index (default: OTR_INDEX, then index/)")
    parser.add_argument("--json", action="store_true", help="print the whole answer as one JSON object")
    args = parser.parse_args(argv)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    for output in (sys.stdout, sys.stderr):
        # What a terminal's encoding lacks, such as a curly mark in Latin-1, must not end the program.
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(errors="backslashreplace")
    try:
        answer = ask(args.question, index=args.index)
    except OnTheRecordError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
        return 0 if answer.answered else 1
    print(answer.text)
    for citation in answer.citations:
        print(
            f"[{citation.number}] {citation.article_id}:{citation.start}-{citation.end} {citation.title or ''}".rstrip()
        )
    return 0 if answer.answered else 1


if __name__ == "__main__":
    sys.exit(main())
