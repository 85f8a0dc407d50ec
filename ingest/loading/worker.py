"""Read files in a process of their own, which is ended when one of them takes too much time or memory.

A page, a Word document or a PDF of a few kilobytes can ask a parser for hours and gigabytes. The process is started
with the first file that needs it and reads all those after it. What it sends back is JSON, never code.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from ingest.loading.fields import FieldMap
from ingest.loading.loaders import Failure, Loaded, Warned, joined, parts
from rag.schema import Article

# A PDF of 500 pages takes 20 seconds of a slow core.
CPU_SECONDS = 40
# Time that passes without work, on a share that does not answer.
PATIENCE = 300
MEMORY_BYTES = 800_000_000
OUT_OF_MEMORY = 75  # exit status
# These are read without a parser, line by line,
LINES = (".jsonl",)
# and these as a whole: longer ones take memory in proportion.
PLAIN = (".txt",)
PLAIN_BYTES = 4_000_000
DONE = "done"  # What the process says when it has given all parts of a file.

_START = "import sys; sys.path.insert(0, sys.argv[1]); from ingest.loading.worker import serve; serve()"
_TIME = f"reading it takes more than {CPU_SECONDS} seconds of processor time; split it, or save its text as .txt"
_WAIT = f"it could not be read within {PATIENCE} seconds; copy it to a local disk"
_MEMORY = f"reading it takes more than {MEMORY_BYTES // 1_000_000} MB of memory; split it, or save its text as .txt"
_CRASH = "the program that reads this format crashed on it; save its text as .txt"


class Worker:
    """Loads files, those of formats that need a parser in another process. For one thread; made with `worker`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def load(self, path: Path, fields: FieldMap | None = None) -> Loaded:
        """What `ingest.loading.loaders.load` gives; a file that takes too much is a failure that says so."""
        return joined(self.parts(path, fields))

    def parts(self, path: Path, fields: FieldMap | None = None) -> Iterator[Loaded]:
        """The same part by part; the limits hold for each of them."""
        suffix = path.suffix.lower()
        if suffix in LINES or (suffix in PLAIN and _size(path) <= PLAIN_BYTES):
            yield from parts(path, fields)
            return
        request = {"path": str(path), "fields": asdict(fields) if fields else None}
        if self._process and self._process.poll() is not None:
            self.close()  # It ended between two files: this one has no part in it.
        process = self._process = self._process or _started()
        is_whole = False
        try:
            reply, why = self._ask(process, json.dumps(request).encode() + b"\n")
            while reply is not None and reply != DONE:
                yield _decoded(reply)
                reply, why = self._ask(process)
            is_whole = True
        finally:
            if not is_whole:  # nobody wants the rest of this file, which the next one's would follow
                self.close()
        if reply is None:
            yield Loaded(failures=(Failure(str(path), why),))

    def close(self) -> int | None:
        """End the process, if there is one; how it ended."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        for pipe in (process.stdin, process.stdout):
            # What was not sent to a process that has ended is not missed.
            with suppress(BrokenPipeError):
                if pipe:
                    pipe.close()
        return process.wait()

    def _ask(self, process: subprocess.Popen[bytes], request: bytes = b"") -> tuple[Any, str]:
        """(what the process says next, "") or (None, why it says nothing)."""
        assert process.stdin
        assert process.stdout
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(PATIENCE, give_up)
        timer.start()
        try:
            process.stdin.write(request)
            process.stdin.flush()
            reply = process.stdout.readline()
        except BrokenPipeError:
            reply = b""
        finally:
            timer.cancel()
        if reply.endswith(b"\n"):
            return json.loads(reply), ""
        # What has ended by itself keeps how it did.
        process.wait()
        status = self.close()
        if late.is_set():
            return None, _WAIT
        return None, {-signal.SIGXCPU: _TIME, OUT_OF_MEMORY: _MEMORY}.get(status or 0, _CRASH)


@contextmanager
def worker() -> Iterator[Worker]:
    """A worker, whose process ends with the block."""
    made = Worker()
    try:
        yield made
    finally:
        made.close()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # `load` says what is wrong
        return 0


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _START, str(Path(__file__).resolve().parents[2])]
    # What parsers say of a file's oddities goes nowhere: what matters of it is in the reply.
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def serve() -> None:
    """The other process: a path and a field map, on each line it is sent, each part that it loads on one it sends."""
    # A parser that prints would break into the reply.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Not the address space: libraries reserve gigabytes of it that they never use.
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    answer(sys.stdin.buffer, replies)


def answer(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer until there are no more requests; ends with OUT_OF_MEMORY when a file takes too much memory."""
    for request in requests:
        try:
            asked = json.loads(request)
            fields = _field_map(asked["fields"]) if asked["fields"] else None
            _give_time()
            for part in parts(Path(asked["path"]), fields):
                _say(replies, asdict(part))
                _give_time()
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        _say(replies, DONE)


def _give_time() -> None:
    """Let the next part take CPU_SECONDS from now on."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + CPU_SECONDS + 1, most))


def _say(replies: BinaryIO, reply: object) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")
    replies.flush()


def _field_map(kept: Any) -> FieldMap:
    # JSON has lists in place of tuples.
    places = {name: tuple(map(tuple, paths)) for name, paths in kept["places"].items()}
    return FieldMap(places, tuple(map(tuple, kept["listed"])))


def _decoded(reply: Any) -> Loaded:
    return Loaded(
        tuple(Article(**article) for article in reply["articles"]),
        tuple(Failure(**failure) for failure in reply["failures"]),
        tuple(Warned(**warning) for warning in reply["warnings"]),
    )
