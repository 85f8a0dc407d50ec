"""Who may do what to an index at a time: one run writes to it, and one process opens it or writes a batch.

Whoever opens an index has Chroma save vectors that wait to be saved, reader or not: two at once would tear the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import StoreError

RUN_LOCK = ".lock"
FILES_LOCK = ".files.lock"
PATIENCE = 120  # Seconds; a hundred thousand vectors are loaded in two.
LOOK = 0.05  # Seconds; others who look whether a run is going on have its lock for a thousandth of that.
RUN_PATIENCE = 1.0  # Seconds; those who look, and whoever finds that there is nothing to be made anew.


def is_being_written(path: Path) -> bool:
    """True while a run is going on."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(path / RUN_LOCK).acquire(timeout=LOOK, poll_interval=LOOK / 10):
            return False
    except Timeout:
        return True
    except OSError:  # nobody can write to what is read-only
        return False


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """The time to open an index or to write a batch, while nobody else does; StoreError when that lasts too long."""
    busy = (
        f"Others have been opening the index in {path} or writing to it for {PATIENCE} seconds: try again in a minute."
    )
    with _held(path, FILES_LOCK, patience=PATIENCE, busy=busy):
        yield


@contextmanager
def one_run(path: Path) -> Iterator[None]:
    """The time of a run that writes; StoreError while there is another."""
    busy = f"Another process is writing to the index in {path}: wait for it to end, then try again."
    with _held(path, RUN_LOCK, patience=RUN_PATIENCE, busy=busy):
        yield


@contextmanager
def _held(path: Path, name: str, *, patience: float, busy: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / name)
        lock.acquire(timeout=patience, poll_interval=0.02)
    except Timeout as error:
        raise StoreError(busy) from error
    except OSError as error:
        raise StoreError(
            f"The index folder {path} cannot be written ({error.strerror}): choose another with --index."
        ) from error
    try:
        yield
    finally:
        lock.release()
