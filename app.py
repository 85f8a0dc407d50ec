"""The chat: `python app.py` builds the index from seeds/ when there is none, then serves the page on this machine."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest import ingest
from rag.config import Settings
from rag.errors import ConfigError, OnTheRecordError
from rag.index.store import index_exists, is_whole
from rag.terminal import printable, warn
from web.add import report_lines
from web.below import checked_root
from web.door import check_open
from web.login import users
from web.logs import FORMS, set_up
from web.serve import serve

SEEDS = Path(__file__).resolve().parent / "seeds"


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the chat until Ctrl+C; 1 and one sentence when it cannot."""
    parser = argparse.ArgumentParser(prog="python app.py", description="Chat with an index of news articles.")
    parser.add_argument("--index", help="folder of the index (default: OTR_INDEX, or index)")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: %(default)s, this machine)")
    parser.add_argument("--open", action="store_true", help="serve other machines too, even without a login")
    parser.add_argument("--name", action="append", default=[], help="a name that the page is called by, as a proxy's")
    parser.add_argument("--port", type=int, default=7860, help="port to serve on (default: %(default)s)")
    parser.add_argument("--root-path", default="", help="the path that a proxy serves this program under, as /otr")
    parser.add_argument("--log", choices=FORMS, help="how to write the log (default: OTR_LOG, or text)")
    args = parser.parse_args(argv)
    try:
        set_up(args.log)
        root = checked_root(args.root_path)
        settings = Settings.load(index=args.index)
        check_open(args.host, is_open=args.open or bool(users()))
        _check_port(args.host, args.port)
        if not is_whole(settings.index):
            build_index(settings.index)
        serve(settings.index, args.host, args.port, names=args.name, root=root)
    except OnTheRecordError as error:
        warn(str(error))
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return 0


def _check_port(host: str, port: int) -> None:
    """ConfigError unless a server can listen there."""
    try:
        family = socket.getaddrinfo(host, port)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"Cannot serve on {host} port {port} ({error}); choose another: python app.py --port {port % 65000 + 1}"
        ) from error


def build_index(index: Path) -> None:
    """Make the first index, from the sample articles, or finish one whose last run was broken off."""
    broken_off = index_exists(index)
    if not broken_off and not SEEDS.is_dir():
        raise ConfigError(f"There is no index at {index}; make one from your articles: python -m ingest FOLDER")

    def show(done: int, total: int, name: str) -> None:
        if sys.stdout.isatty():
            print(f"\r\033[K{done}/{total} {printable(name)}", end="" if done < total else "\n", flush=True)

    print(f"Finishing the index {index} ..." if broken_off else f"Building the index {index} from {SEEDS}, once ...")
    sys.stdout.flush()
    for line in report_lines(ingest([] if broken_off else [SEEDS], index=index, progress=show)):
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
