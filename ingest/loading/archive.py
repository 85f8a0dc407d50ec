"""Open a ZIP file: the files of known formats in it, one after the other, none of them unpacked before its turn."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from ingest.loading.common import LoadError
from ingest.loading.finding import is_of_page

MAX_MEMBERS = 200_000
# Text shrinks to a tenth; what shrinks to a hundredth is made to fill a disk.
MAX_UNPACKED_BYTES = 1_000_000_000
MAX_RATIO = 30
_ENCRYPTED = 0x1
# macOS puts a folder of its own into archives that it makes.
_FOREIGN = "__MACOSX"
# What reading a damaged member raises.
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError)


@dataclass(slots=True)
class Room:
    """What an archive, with those in it, may still unpack: so many files of so many bytes in all."""

    files: int
    size: int

    @classmethod
    def of(cls, file: IO[bytes]) -> Room:
        """The room of an archive that is opened."""
        return cls(MAX_MEMBERS, max(MAX_UNPACKED_BYTES, MAX_RATIO * file.seek(0, os.SEEK_END)))

    def take(self, files: int, size: int) -> None:
        """Take some of it. Raises LoadError when there is too little."""
        if files > self.files or size > self.size:
            raise LoadError(
                f"the archive has {files:,} files that unpack to {size:,} bytes; the limits are "
                f"{self.files:,} and {self.size:,}: split it"
            )
        self.files, self.size = self.files - files, self.size - size


def members(file: IO[bytes], suffixes: Collection[str], room: Room) -> Iterator[tuple[str, IO[bytes] | str]]:
    """(name, opened) of each file of these formats; in place of it, why a file cannot be read.

    An opened file is to be read before the next one is asked for; reading it may raise what is in DAMAGED. Hidden
    files, those named README and the folders of saved pages are passed over, as in a folder. Raises LoadError when the
    archive as a whole cannot be read or unpacks to more than there is room for.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise LoadError("the file is not a ZIP archive, or is damaged; make it again") from error
    with archive:
        names = {info.filename for info in archive.infolist()}
        wanted = [
            info
            for info in archive.infolist()
            if not info.is_dir() and _is_wanted(info.filename, suffixes) and not _is_beside(info.filename, names)
        ]
        if not wanted:
            raise LoadError(f"the archive has no file that can be read: {' '.join(suffixes)}")
        room.take(len(wanted), sum(info.file_size for info in wanted))
        for info in sorted(wanted, key=lambda info: info.filename):
            if why := _refused(info):
                yield info.filename, why
                continue
            try:
                opened = archive.open(info)
            except DAMAGED as error:
                yield info.filename, f"it cannot be unpacked ({error})"
                continue
            with opened:
                yield info.filename, opened


def _suffix_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _is_wanted(name: str, suffixes: Collection[str]) -> bool:
    path = PurePosixPath(name)
    is_hidden = any(part.startswith(".") or part == _FOREIGN for part in path.parts)
    return _suffix_of(name) in suffixes and not is_hidden and not path.name.startswith("README")


def _is_beside(name: str, names: Collection[str]) -> bool:
    return any(is_of_page(str(folder), names) for folder in PurePosixPath(name).parents)


def _refused(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "it has a password; make the archive without one"
    return None
