"""Which vector files of an index are torn: they are overwritten in place, and a kill or a full disk can come between.

Chroma finds out some of it by an error at every call, and some not at all: with a truncated `link_lists.bin` it
writes until the disk is full. So the sizes are compared first; that takes no longer than reading four bytes a vector.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

DATABASE = "chroma.sqlite3"
FILES = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")
# How hnswlib begins its header: version, offset of level 0, vectors there is room for, vectors, bytes of a vector.
HEADER = struct.Struct("<iQQQQ")
LENGTH = struct.Struct("<I")
LOCKED = 60  # Seconds to wait for a writer.
PICKLE_STOP = b"."  # How a pickle ends.

FileStates = dict[str, tuple[int, int]]


def file_states(index: Path) -> FileStates:
    """Size and time of every saved vector file: what was read between two equal ones was not written meanwhile.

    Where nothing is saved yet, whoever opens the index writes the other files anew; nobody reads them.
    """
    states: FileStates = {}
    for file in (folder / name for last in index.glob(f"*/{FILES[-1]}") for folder in [last.parent] for name in FILES):
        try:
            stat = file.stat()
        except FileNotFoundError:
            continue
        states[str(file)] = (stat.st_size, stat.st_mtime_ns)
    return states


def torn_collections(index: Path) -> dict[str, Path]:
    """The collections whose vectors cannot be used, each with the folder of its vectors.

    Articles are not searched: torn files of theirs are in the way, but missing ones are not missed. Raises
    sqlite3.Error when the database itself cannot be read.
    """
    return {
        name: folder
        for name, folder, is_saved in _vector_folders(index)
        # Without the last of its files, the others hold nothing yet.
        if ((folder / FILES[-1]).exists() or (is_saved and name != "articles")) and not _is_sound(folder)
    }


def _vector_folders(index: Path) -> Iterator[tuple[str, Path, bool]]:
    """Name, folder and whether vectors were ever saved there, of each collection."""
    if not (index / DATABASE).is_file():
        return
    query = (
        "SELECT c.name, s.id, m.seq_id FROM segments s JOIN collections c ON c.id = s.collection "
        "LEFT JOIN max_seq_id m ON m.segment_id = s.id WHERE s.scope = 'VECTOR'"
    )
    # Not mode=ro: what a killed writer left half done could not be undone.
    with closing(
        sqlite3.connect(f"{(index / DATABASE).absolute().as_uri()}?mode=rw", uri=True, timeout=LOCKED)
    ) as database:
        for name, segment, saved in database.execute(query).fetchall():
            folder = index / segment
            yield name, folder, saved is not None


def _is_sound(folder: Path) -> bool:
    """True when the files of a graph of vectors are all there and as long as they say."""
    header, vectors, lengths, links, pickled = (folder / name for name in FILES)
    try:
        _, _, room, count, width = HEADER.unpack(header.read_bytes()[: HEADER.size])
        return (
            vectors.stat().st_size in (room * width, count * width)
            and lengths.stat().st_size >= count * 4
            and _has_links(links.read_bytes(), count)
            and pickled.read_bytes()[-1:] == PICKLE_STOP
        )
    except (OSError, struct.error):
        return False


def _has_links(links: bytes, count: int) -> bool:
    """True when the links of so many vectors fill the file: each its size in bytes, then the links."""
    end = 0
    for _ in range(count):
        if end + LENGTH.size > len(links):
            return False
        end += LENGTH.size + LENGTH.unpack_from(links, end)[0]
    return end == len(links)
