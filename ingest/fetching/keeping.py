"""Where articles that were sent or fetched are kept: in a folder beside the index, under safe names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from rag.lasting import put_in_place

MAX_STEM = 100  # characters; file systems allow 255 bytes, and a character can take four


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


def keep(file: Path, place: Path) -> None:
    """Copied beside and renamed, so that an indexing run that reads the folder never sees half a file."""
    part = place.with_name(f".{place.name}.part")
    shutil.copyfile(file, part)
    put_in_place(part, place)
