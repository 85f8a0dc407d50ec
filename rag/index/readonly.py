"""Open an index that cannot be written: Chroma writes when it opens one, so a copy is opened in its place."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from rag.errors import StoreError
from rag.index.damage import DATABASE
from rag.index.salvage import ASIDE

TRIES = 20
PAUSE = 0.5  # Seconds until a run elsewhere may have stopped writing.


def is_read_only(index: Path) -> bool:
    """True when there is an index here that this process cannot write to."""
    return (index / DATABASE).exists() and not all(os.access(part, os.W_OK) for part in (index, index / DATABASE))


def copied(index: Path) -> tempfile.TemporaryDirectory[str]:
    """A copy of an index's state at one moment, in a folder that goes when it is cleaned up; StoreError if it cannot.

    It is where TMPDIR says, and as large as the index.
    """
    for _ in range(TRIES):
        before = _states(index)
        folder = tempfile.TemporaryDirectory(prefix="on-the-record-")
        try:
            _copy(index, Path(folder.name))
        except OSError as error:
            folder.cleanup()
            if _states(index) == before:
                raise StoreError(
                    f"The index in {index} is read-only, and the copy that is opened cannot be made "
                    f"({error.strerror or error}): set TMPDIR to a folder with room for it."
                ) from error
        else:
            if _states(index) == before:
                return folder
            folder.cleanup()
        time.sleep(PAUSE)
    raise StoreError(f"The index in {index} is being written faster than it can be copied: try again in a minute.")


def _copy(index: Path, folder: Path) -> None:
    for part in _parts(index):
        to = folder / part.relative_to(index)
        to.parent.mkdir(exist_ok=True)
        # Without its permissions: the copy has to be written.
        shutil.copyfile(part, to)


def _parts(index: Path) -> list[Path]:
    within = (part for folder in index.iterdir() if not folder.name.startswith(ASIDE) for part in folder.glob("*"))
    return sorted(part for part in (*index.iterdir(), *within) if part.is_file())


def _states(index: Path) -> dict[str, tuple[int, int]]:
    states = {}
    for part in _parts(index):
        try:
            stat = part.stat()
        except FileNotFoundError:
            continue
        states[str(part)] = (stat.st_size, stat.st_mtime_ns)
    return states
