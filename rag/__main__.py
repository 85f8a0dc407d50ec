"""`python -m rag "question" [--index DIR] [--json]`: one question, one answer; `python -m rag verify FILE`: check one.

Exit status of a question: 0 answered, 1 the articles do not say, 2 the question could not be asked;
of a check: 0 all verified, 1 something differs, 2 nothing could be checked.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from rag.errors import ConfigError, OnTheRecordError
from rag.pipeline import ask
from rag.terminal import leave, say, say_json, settle, warn
from rag.verification.verify import Report, open_records, verify
from rag.writing.exports import read_answers

VERIFY = "verify"


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    settle()
    try:
        if arguments[:1] == [VERIFY]:
            args = _verify_parser().parse_args(arguments[1:])
            # Without a file to check, the word is a question like any other.
            if args.file or args.articles:
                return _verify(args)
        return _ask(_question_parser().parse_args(arguments))
    except OnTheRecordError as error:
        warn(f"error: {error}")
        return 2


def _question_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag",
        description="Ask the indexed articles who said what.",
        epilog="`python -m rag verify FILE` checks an exported answer again; `python -m rag verify --help` says how.",
    )
    parser.add_argument("question")
    _add_common(parser)
    return parser


def _verify_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rag verify",
        description="Check exported answers against an index or the article files, and name every difference.",
    )
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="what --json or a question printed; - for standard input"
    )
    _add_common(parser)
    parser.add_argument(
        "--articles", nargs="+", metavar="PATH", help="article files or folders to check against instead of an index"
    )
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", help="folder of the index (default: OTR_INDEX, then index/)")
    parser.add_argument("--json", action="store_true", help="print the whole result as one JSON object")


def _ask(args: argparse.Namespace) -> int:
    answer = ask(args.question, index=args.index)
    if args.json:
        say_json(answer.to_dict())
        return 0 if answer.answered else 1
    say(answer.text)
    for citation in answer.citations:
        say(
            f"[{citation.number}] {citation.article_id}:{citation.start}-{citation.end} {citation.title or ''}".rstrip()
        )
    return 0 if answer.answered else 1


def _verify(args: argparse.Namespace) -> int:
    if not args.file:
        raise ConfigError("There is no answer to check: name its file before --articles.")
    answers = read_answers(args.file)
    with tempfile.TemporaryDirectory() as folder:
        if args.articles:
            _index(args.articles, folder)
        records = open_records(folder if args.articles else args.index)
        reports = [verify(answer, records=records) for answer in answers]
    if args.json:
        found = [report.to_dict() for report in reports]
        say_json(found[0] if len(found) == 1 else found)
    else:
        _print(reports)
    return 0 if all(report.verified for report in reports) else 1


def _print(reports: Sequence[Report]) -> None:
    for place, report in enumerate(reports, start=1):
        answer = f"Answer {place}: " if len(reports) > 1 else ""
        for difference in report.differences:
            say(f"{answer}{difference.message}")
        for left in report.unchecked:
            say(f"{answer}not checked: {left}")
    citations = sum(report.citations for report in reports)
    quoted = sum(report.quoted for report in reports)
    differences = sum(len(report.differences) for report in reports)
    outcome = f"differences: {differences}" if differences else "verified"
    say(f"{outcome} (answers: {len(reports)}, citations: {citations}, quoted strings: {quoted})")


def _index(paths: Sequence[str], folder: str) -> None:
    """Index article files into a folder, with the command that does it: `rag` imports nothing of `ingest`."""
    command = [sys.executable, "-m", "ingest", "--index", folder, "--", *paths]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise ConfigError(f"The articles cannot be read: {reason[0] if reason else 'python -m ingest failed'}.")


if __name__ == "__main__":
    leave(main)
