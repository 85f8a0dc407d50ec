"""Files sent through the page: kept in a folder beside the index under safe names, and indexed from there."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.loaders import Failure, load
from ingest.pipeline import Progress, Report, ingest

MAX_STEM = 100  # characters; file systems allow 255 bytes, and a character can take four


def add_uploads(files: Sequence[str | Path], index: Path, *, progress: Progress | None = None) -> Report:
    """Copy files into the index's folder of uploads and index it; one of the same name replaces the one before.

    A file of which nothing can be read is named in the report and not kept. Raises what `ingest` raises, and
    OSError when a file cannot be copied.
    """
    folder = uploads_folder(index)
    folder.mkdir(parents=True, exist_ok=True)
    failed: list[Failure] = []
    for file in files:
        name = safe_name(Path(file).name)
        loaded = load(Path(file))
        if not loaded.articles:
            failed.extend(replace(failure, path=name) for failure in loaded.failures)
            continue
        # Copied beside and renamed, so that an indexing run that reads the folder never sees half a file.
        shutil.copyfile(file, folder / f".{name}.part")
        os.replace(folder / f".{name}.part", folder / name)
    report = ingest([folder], index=index, progress=progress)
    return replace(report, failed=(*failed, *report.failed))


def uploads_folder(index: Path) -> Path:
    """Where uploads to an index are kept: beside it, so that an index can be deleted and made anew from them."""
    return index.parent / f"{index.name}-uploads"


def safe_name(name: str) -> str:
    """A file name without folders, leading dots or odd characters, its suffix kept: `../a b?.txt` -> `a b_.txt`."""
    path = Path(name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = re.sub(r"[^\w.,() -]", "_", path.stem).strip(" .")[:MAX_STEM] or "article"
    if stem.lower().startswith("readme"):  # passed over in a folder, but this one was chosen
        stem = f"article-{stem}"
    return stem + re.sub(r"[^\w.]", "_", path.suffix.lower())
