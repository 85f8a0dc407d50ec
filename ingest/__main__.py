"""`python -m ingest [PATH or LINK ...] [--check | --dry-run] [--prune] [--index DIR] [--json] [--ray]`: index articles.

`python -m ingest people` lists who is quoted, and joins, parts and renames them (`ingest.people_command`).

Exit status: 0 all indexed, 1 something was skipped (named on standard error), 2 nothing could be done; of a check, 3
something was skipped and the index was damaged as well, and 1 only that.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from tqdm import tqdm

from ingest import people_command
from ingest.fetching.following import Followed, follow
from ingest.fetching.keeping import uploads_folder
from ingest.fetching.links import is_link
from ingest.loading.finding import can_be_read
from ingest.loading.worker import worker
from ingest.pipeline import Found, Progress, Report, ingest
from rag.config import Settings
from rag.errors import ConfigError, OnTheRecordError
from rag.terminal import leave, printable, say, say_json, settle, warn

_CHANGES = (("add", "added"), ("update", "updated"), ("remove", "removed"))
SKIPPED, DAMAGED = 1, 3
SOUND, REPAIRED = "the index is sound", "the index was damaged and is repaired"
LISTED = 20  # Files that a run names one by one; a terminal has some 50 lines.


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Index or re-index news articles.",
        epilog="`python -m ingest people` lists who is quoted, and joins, parts and renames them.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, folders, and links to articles or feeds; none: the files and folders indexed before",
    )
    parser.add_argument("--index", help="folder of the index (default: OTR_INDEX, then index/)")
    parser.add_argument("--check", action="store_true", help="look at all that is in the index first, and repair it")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    parser.add_argument(
        "--prune", action="store_true", help="also take out articles whose file is gone, wherever it was"
    )
    parser.add_argument(
        "--ray",
        nargs="?",
        const="local",
        metavar="ADDRESS",
        help="spread the work over a Ray cluster (no address: one on this machine, for the time of the run)",
    )
    parser.add_argument("--fields", metavar="MAP", help="YAML file: which fields of your records are which of ours")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == [people_command.VERB]:
        settle()
        return people_command.run(arguments[1:])
    parser = _parser()
    args = parser.parse_args(arguments)
    if args.ray and Path(args.ray).exists():
        parser.error(f"--ray takes {args.ray!r} for the address of a cluster: name what to index before --ray")
    settle()
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    for library in ("pypdf", "trafilatura"):
        # They warn of every oddity in a file; what matters of a file is in the report.
        logging.getLogger(library).setLevel(logging.CRITICAL)
    # disable=None: a bar on a terminal, none in a pipe.
    with tqdm(unit="file", disable=None, leave=False) as bar:

        def show(done: int, total: int, name: str) -> None:
            bar.total = total
            bar.set_postfix_str(printable(name), refresh=False)
            bar.update(done - bar.n)
            if done == total:
                bar.refresh()  # the last step is shown however quick it was

        try:
            report = _ingest(args, show)
        except OnTheRecordError as error:
            bar.close()
            warn(f"error: {error}")
            return 2
        except KeyboardInterrupt:
            bar.close()
            warn("stopped: what was indexed so far is kept; run the same command again to go on")
            return 130
    _tell(report, args)
    if not report.failed:
        return 0
    return DAMAGED if args.check and report.findings else SKIPPED


def _tell(report: Report, args: argparse.Namespace) -> None:
    """Say what was done on standard output, and what to know of it on standard error."""
    for finding in report.findings:
        warn(f"repaired: {finding}")
    for failure in report.failed:
        warn(f"skipped {failure.path}: {failure.reason}")
    for warning in report.warnings:
        warn(f"note {warning.path}: {warning.text}")
    if args.json:
        say_json(asdict(report))
    else:
        if args.check:
            say(REPAIRED if report.findings else SOUND)
        for line in _planned(report) if report.dry_run else _lines(report.files):
            say(printable(line))
        say(f"of the articles: {report}" if args.check else str(report))


def _ingest(args: argparse.Namespace, progress: Progress) -> Report:
    """Fetch what is at the links among what was named, and index it with the rest."""
    links, paths = [p for p in args.paths if is_link(p)], [p for p in args.paths if not is_link(p)]
    followed = Followed()
    if links:
        if args.dry_run:
            raise ConfigError("A dry run writes nothing, and what is fetched has to be kept: leave out the links.")
        folder = uploads_folder(Settings.load(index=args.index).index)
        try:
            with worker() as reader:
                followed = follow(links, folder, reader, progress)
        except OSError as error:
            raise ConfigError(
                f"What is at the links cannot be kept in {folder} ({error.strerror}): choose another --index."
            ) from error
        if any(map(can_be_read, os.listdir(folder))):
            paths.append(str(folder))
        if not paths:
            return Report(failed=followed.failed, warnings=followed.notes)
    report = ingest(
        paths,
        index=args.index,
        check=args.check,
        prune=args.prune,
        dry_run=args.dry_run,
        ray=args.ray,
        fields=args.fields,
        progress=progress,
    )
    return replace(report, failed=(*followed.failed, *report.failed), warnings=(*followed.notes, *report.warnings))


def _planned(report: Report) -> list[str]:
    """A line for each article that a run would change."""
    told = [f"would {verb} {id}" for verb, ids in _CHANGES for id in getattr(report, ids)]
    more = [f"and {len(told) - LISTED} more articles: --json names all"] if len(told) > LISTED else []
    return [*told[:LISTED], *more, "nothing was written; without --dry-run:"]


def _lines(files: Sequence[Found]) -> list[str]:
    """A line for each file that gave something new, or nothing."""
    told = [found for found in files if found.changed or not found.articles]
    more = [f"and {len(told) - LISTED} more files: --json names all"] if len(told) > LISTED else []
    return [*map(str, told[:LISTED]), *more]


if __name__ == "__main__":
    leave(main)
