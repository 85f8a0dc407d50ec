"""Files that are written whole or not at all: a kill or a power cut leaves what was there before, or all of it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(file: Path, text: str) -> None:
    """Write a file so that it is on the disk afterwards. Raises OSError; what was there is still there then.

    Two at a time would be in each other's way.
    """
    temporary = file.with_name(f"{file.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        put_in_place(temporary, file)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def put_in_place(written: Path, file: Path) -> None:
    """Rename a file over another, what is in it and its name on the disk. Raises OSError."""
    with written.open("r+b") as opened:
        os.fsync(opened.fileno())
    written.replace(file)
    # Windows opens no folder, and some file systems sync none.
    with suppress(OSError):
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
