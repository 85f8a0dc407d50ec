"""Find article files: paths go in, files of known formats and explained failures come out."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from ingest.loading.common import LoadError
from rag.index.store import index_exists

# Other names of the same formats.
ALIASES = {
    ".markdown": ".md",
    ".xhtml": ".html",
    ".mht": ".mhtml",
    ".ndjson": ".jsonl",
    ".tsv": ".csv",
    ".rss": ".xml",
    ".atom": ".xml",
}
SUFFIXES: tuple[str, ...] = (
    *(".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".csv", ".docx", ".pdf", ".vtt", ".srt"),
    *(".odt", ".rtf", ".mhtml", ".xml", ".mbox", ".eml", ".zip", *ALIASES),
)
SAVED = "_files"
SPECIAL = "it is a pipe, a socket or a device, not a file of text"


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read and why; `path` is "file.jsonl:7" for line 7 of such a file."""

    path: str
    reason: str


def find_files(paths: Iterable[str | Path]) -> tuple[list[Path], list[Failure]]:
    """Return the article files under `paths`, absolute, resolved, sorted and unique, and the paths that have none.

    Folders are searched through, but not hidden ones, nor indexes, nor those beside saved pages, nor hidden files, nor
    files named README; a link is followed only to a file in the same folder. Other links, and what is no regular file,
    are failures, as is a path that is named and missing or of another format.
    """
    files: set[Path] = set()
    failures: list[Failure] = []
    for given in paths:
        try:
            path = Path(given)
            if path.is_dir():
                files.update(_walk(path.resolve(), failures))
            elif not path.exists():
                raise LoadError("there is no such file or folder; check the spelling")
            elif not path.is_file():
                raise LoadError(SPECIAL)
            elif path.resolve().suffix.lower() not in SUFFIXES:
                raise LoadError(f"the format is not supported; use one of {' '.join(SUFFIXES)}")
            else:
                files.add(path.resolve())
        except (LoadError, OSError, ValueError) as error:
            failures.append(Failure(str(given), reason(error)))
    return sorted(files), list(dict.fromkeys(failures))


def format_of(name: str) -> str:
    """The suffix by which the format of a file is known, whatever its own is."""
    suffix = PurePath(name).suffix.lower()
    return ALIASES.get(suffix, suffix)


def can_be_read(name: str) -> bool:
    """True for the name of a file of a format that is read; of a folder, the others are passed over."""
    return Path(name).suffix.lower() in SUFFIXES and not Path(name).name.startswith(".")


def is_of_page(folder: str, files: Collection[str]) -> bool:
    """True for the folder of what a page shows, such as frames with advertisements, that a browser saves beside it."""
    page = folder.removesuffix(SAVED)
    return page != folder and not {f"{page}.html", f"{page}.htm"}.isdisjoint(files)


def _walk(root: Path, failures: list[Failure]) -> Iterator[Path]:
    def note(error: OSError) -> None:
        failures.append(Failure(str(error.filename), reason(error)))

    for folder, subfolders, names in os.walk(root, onerror=note):
        subfolders[:] = [
            n for n in subfolders if not (n.startswith(".") or is_of_page(n, names) or index_exists(Path(folder, n)))
        ]
        for path in [Path(folder, name) for name in names if not name.startswith((".", "README"))]:
            if path.suffix.lower() in SUFFIXES:
                if why := _passed_over(path, root):
                    failures.append(Failure(str(path), why))
                else:
                    yield path.resolve()
        for path in [Path(folder, name) for name in subfolders]:
            if path.is_symlink() and not _target(path).is_relative_to(root):
                failures.append(
                    Failure(str(path), f"it is a link to the folder {_target(path)}: name that folder itself")
                )


def _target(link: Path) -> Path:
    # Not `resolve`, which raises where links go round in a circle.
    return Path(os.path.realpath(link))


def _passed_over(path: Path, root: Path) -> str | None:
    """Why a file that has the name of an article is not read, or None."""
    target = _target(path)
    if path.is_symlink() and (not path.exists() or target.suffix.lower() not in SUFFIXES):
        return f"it is a link to {target}, where there is no article"
    if not target.is_relative_to(root):
        return f"it is a link to {target}, outside of the folder: name that file itself"
    return None if path.is_file() else SPECIAL


def reason(error: Exception) -> str:
    """Why a file cannot be read, in words."""
    if isinstance(error, OSError):
        return f"it cannot be opened: {error.strerror or error}"
    return str(error)
