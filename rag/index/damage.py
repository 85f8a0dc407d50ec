"""Which vector files of an index are torn: they are overwritten in place, and a kill or a full disk can come between.

Chroma finds out some of it by an error at every call, some not at all, and some by a crash: with a truncated
`link_lists.bin` it writes until the disk is full, and a link that leads nowhere ends the process. So what the files
hold is compared with what they say and with the database first; 100,000 vectors take less than a second.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import sqlite3
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

DATABASE = "chroma.sqlite3"
FILES = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")
LENGTH = struct.Struct("<I")
LOCKED = 60  # Seconds to wait for a writer.
BLOCK = 8192  # Vectors looked at in one go.
# Chroma makes all of length one when it takes them in; half a percent is far above what rounding does. Those that wait
# are as they were given: noise is of another order.
UNIT, GIVEN = (0.995, 1.005), (0, 1e6)
MANY, MARK = 0xFFFF, 0x10000  # Of the first four bytes of a list of links: how many there are, what is deleted.
DELETED = 3  # Of Chroma's operations.


class Header(NamedTuple):
    """How hnswlib begins its header: sizes in bytes, counts in vectors."""

    version: int
    offset: int
    room: int
    held: int
    width: int
    label_at: int
    vector_at: int
    top: int
    entry: int
    links: int
    links_below: int
    given_links: int
    scale: float
    looked_at: int

    @classmethod
    def read(cls, file: Path) -> Header:
        """The header in a file; struct.error when it is too short."""
        layout = struct.Struct("<iQQQQQQiIQQQdQ")
        return cls(*layout.unpack(file.read_bytes()[: layout.size]))


@dataclass(frozen=True, slots=True)
class _Vectors:
    """Where the vectors of a collection lie, whether they were ever saved, and which ones there have to be.

    `saved` are the ids whose vectors have to be in the folder: the others are in the database, yet to be saved, and
    `are_queued_whole` tells whether those are vectors.
    """

    name: str
    folder: Path
    is_saved: bool
    saved: frozenset[str]
    are_queued_whole: bool


def saved_files(index: Path) -> list[Path]:
    """The vector files that are in use; where nothing is saved yet, whoever opens the index writes them anew."""
    return [last.parent / name for last in sorted(index.glob(f"*/{FILES[-1]}")) for name in FILES]


def queue_state(index: Path) -> str:
    """What names the vectors that wait to be saved, and how many rows there are. Raises sqlite3.Error."""
    if not _is_begun(index):
        return ""
    digest = hashlib.blake2b(digest_size=16)
    with closing(open_database(index)) as database:
        database.execute("BEGIN")
        for query in (
            "SELECT segment_id, seq_id FROM max_seq_id ORDER BY segment_id",
            "SELECT id, type, scope, collection FROM segments ORDER BY id",
            "SELECT count(*) FROM embeddings",
            "SELECT seq_id, topic, operation, id, vector FROM embeddings_queue ORDER BY seq_id",
        ):
            for row in database.execute(query):
                digest.update(repr(row).encode())
    return digest.hexdigest()


def row_counts(index: Path) -> dict[str, int]:
    """How many rows each collection has, by its name, without loading its vectors. Raises sqlite3.Error."""
    query = (
        "SELECT c.name, (SELECT count(*) FROM embeddings e WHERE e.segment_id = s.id) FROM segments s "
        "JOIN collections c ON c.id = s.collection WHERE s.scope = 'METADATA'"
    )
    with closing(open_database(index)) as database:
        return dict(database.execute(query))


def forget_lists(index: Path, collections: Iterable[str] = ()) -> None:
    """Delete the lists among the columns of the rows of these collections, and of rows that are gone.

    Chroma leaves them behind when it deletes a collection, and gives its rows' numbers to others, which then have them.
    Raises sqlite3.Error.
    """
    names = [*collections]
    kept = (
        "SELECT e.id FROM embeddings e JOIN segments s ON s.id = e.segment_id "
        f"JOIN collections c ON c.id = s.collection WHERE c.name NOT IN ({', '.join('?' * len(names))})"
    )
    with closing(open_database(index)) as database, database:
        if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'embedding_metadata_array'").fetchone():
            database.execute(f"DELETE FROM embedding_metadata_array WHERE id NOT IN ({kept})", names)


def torn_collections(index: Path) -> dict[str, Path]:
    """The collections whose vectors cannot be used, each with the folder of its vectors.

    Articles are not searched: torn files of theirs are in the way, but missing ones are not missed. Raises
    sqlite3.Error when the database itself cannot be read.
    """
    return {vectors.name: vectors.folder for vectors in _all_vectors(index) if _are_torn(vectors)}


def vector_folders(index: Path) -> dict[str, Path]:
    """The folder of each collection's vectors, by the collection's name. Raises sqlite3.Error."""
    return {vectors.name: vectors.folder for vectors in _all_vectors(index)}


def _are_torn(vectors: _Vectors) -> bool:
    is_searched = vectors.name != "articles"
    if not vectors.are_queued_whole:
        return True
    # Without the last of its files, the others hold nothing yet.
    if not (vectors.folder / FILES[-1]).exists():
        return is_searched and (vectors.is_saved or bool(vectors.saved))
    held = _held(vectors.folder)
    return held is None or (is_searched and not vectors.saved <= held)


def _all_vectors(index: Path) -> Iterator[_Vectors]:
    if not _is_begun(index):
        return
    query = (
        "SELECT c.id, c.name, s.id, m.seq_id FROM segments s JOIN collections c ON c.id = s.collection "
        "LEFT JOIN max_seq_id m ON m.segment_id = s.id WHERE s.scope = 'VECTOR'"
    )
    # What stands in the queue behind what the folder has is given to it when it is opened.
    rows = (
        "SELECT e.embedding_id FROM embeddings e JOIN segments s ON s.id = e.segment_id "
        "WHERE s.collection = ?1 AND s.scope = 'METADATA' EXCEPT "
        "SELECT q.id FROM embeddings_queue q WHERE q.topic LIKE '%' || ?1 AND q.operation <> ?2 AND q.seq_id > ?3"
    )
    waiting = (
        "SELECT vector FROM embeddings_queue WHERE topic LIKE '%' || ? AND operation <> ? AND seq_id > ? "
        "AND vector IS NOT NULL"
    )
    with closing(open_database(index)) as database:
        # One state of the database for all of it.
        database.execute("BEGIN")
        for collection, name, segment, seq in database.execute(query).fetchall():
            found = database.execute(rows, (collection, DELETED, seq or 0)).fetchall() if name != "articles" else []
            queued = database.execute(waiting, (collection, DELETED, seq or 0))
            are_whole = all(_are_within(np.frombuffer(vector, dtype=np.float32)[None], GIVEN) for (vector,) in queued)
            yield _Vectors(name, index / segment, seq is not None, frozenset(id for (id,) in found), are_whole)


def _is_begun(index: Path) -> bool:
    """False where there is no database, or a kill came while Chroma made its tables: nothing is in any of them."""
    if not (index / DATABASE).is_file():
        return False
    with closing(open_database(index)) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        made = names & {"collections", "segments", "embeddings", "embeddings_queue", "max_seq_id"}
        return len(made) == 5 or any(database.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in made)


def open_database(index: Path) -> sqlite3.Connection:
    """Chroma's database in an index that has one, to be read. Raises sqlite3.Error."""
    # Not mode=ro: what a killed writer left half done could not be undone.
    return sqlite3.connect(f"{(index / DATABASE).absolute().as_uri()}?mode=rw", uri=True, timeout=LOCKED)


def _are_within(vectors: np.ndarray[Any, np.dtype[np.float32]], bounds: tuple[float, float]) -> bool:
    """True when every row is a vector whose squared length is within the bounds."""
    with np.errstate(all="ignore"):
        squares = np.einsum("ij,ij->i", vectors, vectors)
    return bool(((squares > bounds[0]) & (squares < bounds[1])).all())


def _held(folder: Path) -> frozenset[str] | None:
    """The ids of the vectors in a folder; None when its files are not what they say, or are not all there."""
    header_file, vectors, lengths, links, pickled = (folder / name for name in FILES)
    try:
        header = Header.read(header_file)
        is_sound = (
            # Room that is made for more is not in the file before it is needed.
            vectors.stat().st_size >= header.held * header.width
            and vectors.stat().st_size % header.width == 0
            and _are_lengths(lengths, header.held)
            and (not header.held or header.entry < header.held)
            and _are_links(links.read_bytes(), header)
        )
        if not is_sound:
            return None
        numbers: dict[str, int] = _unpickled(pickled.read_bytes())["id_to_label"]
        # The ids are saved last: after a kill in between, the vectors are those of a later state.
        return frozenset(numbers) if _live_numbers(vectors, header) == {*numbers.values()} else None
    except (OSError, struct.error, pickle.UnpicklingError, EOFError, LookupError, TypeError, ValueError):
        return None


def _are_lengths(file: Path, count: int) -> bool:
    """True when a file begins with so many lengths of vectors, as they were given."""
    lengths = np.fromfile(file, dtype=np.float32, count=count)
    return len(lengths) == count and bool(((lengths > GIVEN[0]) & (lengths < GIVEN[1])).all())


def _live_numbers(file: Path, header: Header) -> set[int] | None:
    """The numbers of the vectors that are not marked as deleted, if all are of length one and link to vectors."""
    if (header.vector_at, header.width) != (LENGTH.size * (1 + header.links_below), header.label_at + 8):
        return None
    live: set[int] = set()
    with file.open("rb") as opened:
        for begin in range(0, header.held, BLOCK):
            many = min(BLOCK, header.held - begin)
            block = np.frombuffer(opened.read(many * header.width), dtype=np.uint32).reshape(many, -1)
            if not _are_within(block[:, header.vector_at // 4 : header.label_at // 4].view(np.float32), UNIT):
                return None
            if not _lead_somewhere(block[:, : header.vector_at // 4], header.held):
                return None
            live.update(block[block[:, 0] & MARK == 0, header.label_at // 4].tolist())
    return live


def _lead_somewhere(lists: np.ndarray[Any, np.dtype[np.uint32]], count: int) -> bool:
    """True for lists of links, one a row, the number of its links before them, of which all are below `count`."""
    many = lists[:, 0] & MANY
    if (many >= lists.shape[1]).any():
        return False
    counted = np.arange(lists.shape[1] - 1) < many[:, None]
    return not (counted & (lists[:, 1:] >= count)).any()


def _are_links(links: bytes, header: Header) -> bool:
    """True when all vectors' links above the ground fill the file: each their size in bytes, then a list a level."""
    end = 0
    for _ in range(header.held):
        if end + LENGTH.size > len(links):
            return False
        size = LENGTH.unpack_from(links, end)[0]
        end += LENGTH.size
        if size:
            width = LENGTH.size * (1 + header.links)
            if size % width or end + size > len(links):
                return False
            lists = np.frombuffer(links, dtype=np.uint32, count=size // 4, offset=end).reshape(-1, width // 4)
            if not _lead_somewhere(lists, header.held):
                return False
        end += size
    return end == len(links)


class _Plain(pickle.Unpickler):
    """Numbers, strings and what holds them: nothing that a file could have run."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


def _unpickled(data: bytes) -> Any:
    return _Plain(io.BytesIO(data)).load()
