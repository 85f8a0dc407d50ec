"""Ways in which an index can be damaged: rows lost or altered in its database, files cut, emptied, gone or overwritten.

Each takes the folder of an index and a source of chance, and damages it in place.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import common  # noqa: F401 - it makes the product importable

from rag.index.damage import MARK, Header

Damage = Callable[[Path, random.Random], None]

VECTOR_FILES = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")
DERIVED = ("derived/columns.sqlite3", "derived/quotes.f16", "derived/passages.f16", "words/meta.json")
WORDS = "words/*.[!l]*"
PEOPLE = "people.yaml"
ROWS = "SELECT e.id FROM embeddings e JOIN segments s ON s.id = e.segment_id JOIN collections c ON c.id = s.collection "


def execute(index: Path, *statements: str, values: tuple[object, ...] = ()) -> int:
    """Run statements of SQL on the database; how many rows they changed."""
    with closing(sqlite3.connect(index / "chroma.sqlite3")) as database:
        changed = sum(database.execute(statement, values).rowcount for statement in statements)
        database.commit()
    return changed


def rows_of(index: Path, collection: str) -> list[int]:
    """The numbers of a collection's rows."""
    with closing(sqlite3.connect(index / "chroma.sqlite3")) as database:
        return [row for (row,) in database.execute(f"{ROWS} WHERE c.name = ? ORDER BY e.id", (collection,))]


def lose_rows(collection: str, share: float, index: Path, chance: random.Random) -> None:
    """Take rows out of a collection, at least one."""
    rows = rows_of(index, collection)
    for row in chance.sample(rows, max(1, int(len(rows) * share))):
        for table in ("embedding_metadata", "embedding_metadata_array", "embeddings"):
            execute(index, f"DELETE FROM {table} WHERE id = ?", values=(row,))


def lose_column(collection: str, key: str, index: Path, chance: random.Random) -> None:
    """Take a column out of one row, or all of them when it is named *."""
    row = chance.choice(rows_of(index, collection))
    which = "" if key == "*" else f" AND key = '{key}'"
    assert execute(index, f"DELETE FROM embedding_metadata WHERE id = ?{which}", values=(row,))


def alter(collection: str, key: str, change: str, index: Path, chance: random.Random) -> None:
    """Alter a column of one row: `change` is SQL."""
    row = chance.choice(rows_of(index, collection))
    statement = f"UPDATE embedding_metadata SET {change} WHERE id = ? AND key = '{key}'"
    assert execute(index, statement, values=(row,))


def run_sql(statement: str, index: Path, chance: random.Random) -> None:
    """Run one statement."""
    execute(index, statement)


def vector_file(name: str, index: Path, chance: random.Random) -> Path:
    """A file of that name with something in it, of any collection, or of those that are searched."""
    found = sorted(file for file in index.glob(f"*/{name}") if file.stat().st_size)
    if not found:
        found = sorted(index.glob(f"*/{name}"))
    return chance.choice(found)


def halve(file: Path, chance: random.Random) -> None:
    """Cut a file somewhere."""
    os.truncate(file, chance.randrange(max(1, file.stat().st_size)))


def empty(file: Path, chance: random.Random) -> None:
    """Leave nothing in a file."""
    os.truncate(file, 0)


def remove(file: Path, chance: random.Random) -> None:
    """Take a file away."""
    file.unlink()


def overwrite(file: Path, chance: random.Random) -> None:
    """Write noise over a part of a file."""
    size = max(64, file.stat().st_size)
    many = min(size, 512)
    with file.open("r+b") as opened:
        opened.seek(chance.randrange(size - many + 1))
        opened.write(chance.randbytes(many))


def on_vectors(name: str, harm: Callable[[Path, random.Random], None], index: Path, chance: random.Random) -> None:
    """Harm one vector file."""
    harm(vector_file(name, index, chance), chance)


def on_file(name: str, harm: Callable[[Path, random.Random], None], index: Path, chance: random.Random) -> None:
    """Harm a file of the index itself."""
    harm(index / name, chance)


def on_any(pattern: str, harm: Callable[[Path, random.Random], None], index: Path, chance: random.Random) -> None:
    """Harm one of the files of a pattern."""
    harm(chance.choice(sorted(index.glob(pattern))), chance)


def lose_folder(name: str, index: Path, chance: random.Random) -> None:
    """Take a folder of the index away."""
    shutil.rmtree(index / name)


def lose_vectors(index: Path, chance: random.Random) -> None:
    """Take a whole folder of vectors away."""
    shutil.rmtree(vector_file("header.bin", index, chance).parent)


def mark_deleted(index: Path, chance: random.Random) -> None:
    """Mark a vector as deleted, as in a file that is one save ahead of the ids beside it."""
    file = vector_file("index_metadata.pickle", index, chance).with_name("data_level0.bin")
    header = Header.read(file.with_name("header.bin"))
    at = header.width * chance.randrange(header.held)
    with file.open("r+b") as opened:
        opened.seek(at)
        [links] = struct.unpack("<I", opened.read(4))
        opened.seek(at)
        opened.write(struct.pack("<I", links ^ MARK))


HARMS = {"cut": halve, "emptied": empty, "gone": remove, "overwritten": overwrite}


def of_people() -> dict[str, Damage]:
    """Every kind of damage to what a person decided about people."""
    return {f"{PEOPLE} {how}": partial(on_file, PEOPLE, harm) for how, harm in HARMS.items()}


def kinds() -> dict[str, Damage]:
    """Every kind of damage, by what it is."""
    text = "string_value = string_value || ' not'"
    found: dict[str, Damage] = {
        "half of the statements": partial(lose_rows, "quotes", 0.5),
        "one statement": partial(lose_rows, "quotes", 0),
        "half of the passages": partial(lose_rows, "passages", 0.5),
        "one passage": partial(lose_rows, "passages", 0),
        "one article": partial(lose_rows, "articles", 0),
        "all articles": partial(lose_rows, "articles", 1),
        "a statement's speaker": partial(lose_column, "quotes", "speaker"),
        "a statement's columns": partial(lose_column, "quotes", "*"),
        "a passage's columns": partial(lose_column, "passages", "*"),
        "an article's columns": partial(lose_column, "articles", "*"),
        "an article's fingerprint": partial(lose_column, "articles", "fingerprint"),
        "a statement's words altered": partial(alter, "quotes", "chroma:document", text),
        "a passage's words altered": partial(alter, "passages", "chroma:document", text),
        "an article's text altered": partial(alter, "articles", "chroma:document", text),
        "a speaker altered": partial(alter, "quotes", "speaker", "string_value = 'Zed Quist'"),
        "a passage moved": partial(alter, "passages", "start", "int_value = int_value + 1"),
        "the statements' collection": partial(run_sql, "DELETE FROM collections WHERE name = 'quotes'"),
        "the passages' collection": partial(run_sql, "DELETE FROM collections WHERE name = 'passages'"),
        "the articles' collection": partial(run_sql, "DELETE FROM collections WHERE name = 'articles'"),
        "the segments": partial(run_sql, "DELETE FROM segments"),
        "how far vectors are saved": partial(run_sql, "DELETE FROM max_seq_id"),
        "vectors not saved yet": partial(run_sql, "DELETE FROM embeddings_queue"),
        "a folder of vectors": lose_vectors,
        "a vector marked as deleted": mark_deleted,
    }
    for name in VECTOR_FILES:
        found |= {f"{name} {how}": partial(on_vectors, name, harm) for how, harm in HARMS.items()}
    for name in ("chroma.sqlite3", "version", "sums.json", *DERIVED):
        found |= {f"{name} {how}": partial(on_file, name, harm) for how, harm in HARMS.items()}
    # A file of words that is written over: its own end tells that it is whole, nothing what is in it.
    found |= {f"a file of words {how}": partial(on_any, WORDS, harm) for how, harm in HARMS.items()}
    found |= {f"all of {name}/": partial(lose_folder, name) for name in ("derived", "words")}
    return found
