"""Moments at which a run is killed: in its own process, by the kernel, so that nobody has to watch it.

Each is a way to prepare the process of a run that begins: it ends there as by `kill -9`, with nothing tidied up.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trials

from rag.index import derive, renew, vectors, words, writer

PREPARED = Callable[[Any], None]
STEPS = ("the vectors", "the words", "the columns")
# What the store writes to an index, by the calls that a kill is aimed at.
CUT_FILES = ("index_metadata.pickle", "data_level0.bin", "header.bin", "link_lists.bin", "length.bin")
ATTACHED = 20  # seconds that strace may take to begin


@dataclass(frozen=True, slots=True)
class Killed:
    """What a kill came upon: whether it hit at all, in a write, and which files it left shorter than they were."""

    hit: bool
    in_write: bool
    cut: tuple[str, ...] = ()


def by_chance(seconds: float) -> PREPARED:
    """After so many seconds of processor time."""
    return lambda writes: _end_after(seconds)


def in_write(number: int, seconds: float) -> PREPARED:
    """So long after the run has begun its write of that number."""

    def prepare(writes: Any) -> None:
        def begun() -> None:
            if writes[1] == number:
                _end_after(seconds)

        _watch(writes, begun)

    return prepare


def after_step(step: str, number: int) -> PREPARED:
    """When that part of what is derived has been written for the time of that number, and the next has not."""

    def prepare(writes: Any) -> None:
        _watch(writes)
        _die_after(step, number)

    return prepare


def in_watched(writes: Any) -> None:
    """Nothing by itself: strace kills it."""
    _watch(writes)


def killed(folder: Path, index: Path, prepare: PREPARED, *, cut_at: int = 0) -> Killed:
    """Run an update that ends where it is told to; `cut_at` is the write to a cut file at which strace ends it."""
    before = {file: file.stat().st_size for name in CUT_FILES for file in index.glob(f"*/{name}")}
    writes = multiprocessing.Array("i", 2, lock=False)  # (1 within one, how many were begun)
    ready = trials.FORK.Event()
    child = trials.FORK.Process(target=_run, args=(folder, index, prepare, writes, ready))
    child.start()
    tracer = _trace(child.pid or 0, [*before], cut_at) if cut_at else None
    ready.set()
    child.join()
    if tracer:
        tracer.kill()
        tracer.wait()
    cut = tuple(file.name for file, size in before.items() if file.exists() and file.stat().st_size < size)
    return Killed((child.exitcode or 0) < 0, bool(writes[0]), cut)


def can_trace() -> bool:
    """True where strace can end a process at a call."""
    if not shutil.which("strace"):
        return False
    return not subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode


def _run(folder: Path, index: Path, prepare: PREPARED, writes: Any, ready: Any) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    ready.wait()
    prepare(writes)
    trials.index_files(folder, index)


def _watch(writes: Any, begun: Callable[[], object] = lambda: None) -> None:
    """Note in shared memory when a write begins and ends, and call `begun` at each beginning."""
    for module in (writer, renew):
        module.alone = _noted(module.alone, writes, begun)  # type: ignore[attr-defined]


def _noted(alone: Callable[[Path], Any], writes: Any, begun: Callable[[], object]) -> Callable[[Path], Any]:
    @contextmanager
    def noted(path: Path) -> Iterator[None]:
        with alone(path):
            writes[0], writes[1] = 1, writes[1] + 1
            begun()
            try:
                yield
            finally:
                writes[0] = 0

    return noted


def _end_after(seconds: float) -> None:
    # The kernel ends the process at once, wherever it is; processor time, so that a busy machine makes no difference.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, max(seconds, 1e-4))


def _die_after(step: str, number: int) -> None:
    left = number

    def count() -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def dying(method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            given = method(*args)
            count()
            return given

        return call

    if step == "the vectors":
        vectors.VectorWriter.flush = dying(vectors.VectorWriter.flush)  # type: ignore[method-assign]
    elif step == "the words":
        words.WordsWriter.commit = dying(words.WordsWriter.commit)  # type: ignore[method-assign]
    else:
        derive.Deriver._remove_others = dying(derive.Deriver._remove_others)  # type: ignore[method-assign]


def attached(pid: int, options: Sequence[str]) -> subprocess.Popen[bytes]:
    """strace with these options, as it watches a process and its threads; it ends with the process."""
    tracer = subprocess.Popen(["strace", "-f", "-p", str(pid), *options], stderr=subprocess.DEVNULL)
    until = time.monotonic() + ATTACHED
    while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text() and time.monotonic() < until:
        time.sleep(0.01)
    return tracer


def _trace(pid: int, files: list[Path], number: int) -> subprocess.Popen[bytes]:
    """Attach strace to a process: it is killed at the write of that number to one of these files, which were cut."""
    paths = [word for file in files for word in ("-P", str(file))]
    calls = "write,writev,pwrite64"
    watched = ["-o", os.devnull, "-e", f"trace={calls}", "-e", f"inject={calls}:signal=KILL:when={number}"]
    return attached(pid, [*watched, *paths])
