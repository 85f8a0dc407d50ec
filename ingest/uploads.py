"""Files sent through the page: copied into the index's own folder under safe names, and indexed from there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from ingest.pipeline import Progress, Report, ingest

FOLDER = "uploads"
MAX_STEM = 100  # characters; file systems allow 255 bytes, and a character can take four


def add_uploads(files: Sequence[str | Path], index: Path, *, progress: Progress | None = None) -> Report:
    """Copy files into `<index>/uploads` and index that folder; one of the same name replaces the one before.

    Raises what `ingest` raises, and OSError when a file cannot be copied.
    """
    folder = index / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        name = safe_name(Path(file).name)
        # Copied beside and renamed, so that an indexing run that reads the folder never sees half a file.
        shutil.copyfile(file, folder / f".{name}.part")
        os.replace(folder / f".{name}.part", folder / name)
    return ingest([folder], index=index, progress=progress)


def safe_name(name: str) -> str:
    """A file name without folders, leading dots or odd characters, its suffix kept: `../a b?.txt` -> `a b_.txt`."""
    path = Path(name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = re.sub(r"[^\w.,() -]", "_", path.stem).strip(" .")[:MAX_STEM] or "article"
    return stem + re.sub(r"[^\w.]", "_", path.suffix.lower())
