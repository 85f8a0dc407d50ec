"""`python -m ingest [PATH ...] [--index DIR] [--json]`: index or re-index files and folders of articles.

Exit status: 0 all indexed, 1 something was skipped (named on standard error), 2 nothing could be done.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from dataclasses import asdict

from tqdm import tqdm

from ingest.pipeline import ingest
from rag.errors import OnTheRecordError


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description="Index or re-index news articles.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders; none: those indexed before")
    parser.add_argument("--index", help="folder of the index (default: OTR_INDEX, then index/)")
    parser.add_argument("--json", action="store_true", help="print the whole report as JSON")
    args = parser.parse_args(argv)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    for library in ("pypdf", "trafilatura"):
        # They warn of every oddity in a file; what matters of a file is in the report.
        logging.getLogger(library).setLevel(logging.CRITICAL)
    # disable=None: a bar on a terminal, none in a pipe.
    with tqdm(unit="file", disable=None, leave=False) as bar:

        def show(done: int, total: int, name: str) -> None:
            bar.total = total
            bar.set_postfix_str(name, refresh=False)
            bar.update(done - bar.n)
            if done == total:
                bar.refresh()  # the last step is shown however quick it was

        try:
            report = ingest(args.paths, index=args.index, progress=show)
        except OnTheRecordError as error:
            bar.close()
            print(f"error: {error}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            bar.close()
            print("stopped: what was indexed so far is kept; run the same command again to go on", file=sys.stderr)
            return 130
    for failure in report.failed:
        print(f"skipped {failure.path}: {failure.reason}", file=sys.stderr)
    for warning in report.warnings:
        print(f"note {warning.path}: {warning.text}", file=sys.stderr)
    print(json.dumps(asdict(report), ensure_ascii=False, indent=2) if args.json else report)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
