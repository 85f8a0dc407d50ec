"""While what is derived of an index is made anew, nobody is kept out; what is gone does not fill its files."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag.errors import StoreError
from rag.index import chroma, derive, locks, renew, store
from rag.index.columns import FOLDER
from rag.index.damage import DATABASE
from rag.index.derive import PASSAGES, QUOTES, Made, discard
from rag.index.locks import alone
from rag.index.opening import open_writer
from rag.index.renew import is_current
from rag.index.words import FOLDER as WORDS
from rag.index.words import Words, WordsError, WordsWriter
from tests.fakes import FakeEmbeddings, read_all, read_index, write_index
from tests.test_derived import found, made, tables

MODEL = FakeEmbeddings()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_index(tmp_path / "index", *map(made, range(4)))
    monkeypatch.setattr(renew, "BATCH", 1)
    monkeypatch.setattr(locks, "PATIENCE", 0.3)
    monkeypatch.setattr(store, "OPENINGS", 2)
    return tmp_path / "index"


def at_each(monkeypatch: pytest.MonkeyPatch, do: Callable[[int], None]) -> None:
    """Do something at each article that is derived anew, told how many there were before."""
    look, count = derive.wrong_with, iter(range(99))

    def looked(made: Made) -> str:
        do(next(count))
        return look(made)

    monkeypatch.setattr(renew, "wrong_with", looked)


@pytest.mark.parametrize("by", ["a reader", "a run", "a check"])
def test_the_index_is_free_between_the_batches(index: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    seen = []

    def take_it(number: int) -> None:
        with alone(index):
            seen.append(number)

    at_each(monkeypatch, take_it)
    discard(index)
    if by == "a reader":
        read_index(index).close()
    else:
        with open_writer(index, model=MODEL.name, dimension=MODEL.dimension, thorough=by == "a check"):
            pass
    assert seen == [0, 1, 2, 3]
    assert is_current(index)


def test_whoever_opens_it_meanwhile_is_told_how_far_it_is_and_nothing_that_costs(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []

    def open_it(number: int) -> None:
        with pytest.raises(StoreError) as error:
            read_index(index)
        told.append(str(error.value))

    at_each(monkeypatch, open_it)
    discard(index)
    read_index(index).close()
    assert len(told) == 4
    for number, sentence in enumerate(told):
        assert f"is being made anew, of {number} articles so far: try again in a minute." in sentence


def test_who_waits_too_long_is_told_to_try_again(index: Path) -> None:
    with alone(index), pytest.raises(StoreError, match=r"try again in a minute\.$"):
        read_index(index)


def test_what_was_made_anew_before_a_kill_is_not_made_again(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(number: int) -> None:
        if number == 3:
            raise KeyboardInterrupt

    wanted = read_all(read_index(index))
    at_each(monkeypatch, stop)
    discard(index)
    with pytest.raises(KeyboardInterrupt):
        read_index(index)
    seen: list[int] = []
    at_each(monkeypatch, seen.append)
    assert read_all(read_index(index)) == wanted
    assert seen == [0]


def test_a_run_begins_while_others_look_whether_one_is_going_on(index: Path) -> None:
    from filelock import FileLock

    looking = FileLock(index / locks.RUN_LOCK)
    looking.acquire()
    try:
        with pytest.raises(StoreError, match="Another process is writing"), locks.one_run(index):
            pass
    finally:
        looking.release()
    with locks.one_run(index):
        assert locks.is_being_written(index)
    assert not locks.is_being_written(index)


def vector_bytes(index: Path) -> int:
    return sum(file.stat().st_size for file in (index / FOLDER).glob("*.f16"))


def test_vectors_of_what_is_gone_are_left_out_when_they_are_many(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derive, "LEAST_GONE", 1)
    before = vector_bytes(index)
    for day in ("Tuesday", "Wednesday", "Thursday", "Friday"):
        write_index(index, *(made(number, day) for number in range(4)))
        assert vector_bytes(index) < 2 * before
    assert len([*(index / FOLDER).glob("*.f16")]) == 2
    fresh = index.with_name("fresh")
    write_index(fresh, *(made(number, "Friday") for number in range(4)))
    assert tables(index)[1:] == tables(fresh)[1:]
    assert read_all(read_index(index)) == read_all(read_index(fresh))
    assert found(index, "bridge number2 hold") == found(fresh, "bridge number2 hold")
    discard(index)
    assert found(index, "bridge number2 hold") == found(fresh, "bridge number2 hold")


def test_a_reader_keeps_the_vectors_that_it_has_opened(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derive, "LEAST_GONE", 1)
    reader = read_index(index)
    rows = [row for (row,) in reader.select("SELECT row FROM statements", ())]
    before = reader.quote_vectors.read(rows)
    for day in ("Tuesday", "Wednesday"):
        write_index(index, *(made(number, day) for number in range(4)))
    assert not (index / FOLDER / QUOTES).exists()
    np.testing.assert_array_equal(reader.quote_vectors.read(rows), before)
    assert reader.select("SELECT row FROM statements", ()) == [(row,) for row in rows]
    reader.close()


def test_files_that_stand_for_no_state_go_with_the_next_run(index: Path) -> None:
    left = index / FOLDER / "quotes-7.f16"
    shutil.copy(index / FOLDER / PASSAGES, left)
    write_index(index, made(5))
    assert not left.exists()


def test_vectors_are_on_the_disk_before_they_are_noted_as_whole(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    keep = os.fsync

    def noted(number: int) -> None:
        kept.append(Path(os.readlink(f"/proc/self/fd/{number}")).name)
        keep(number)

    monkeypatch.setattr(chroma, "GRAPH", {**chroma.GRAPH, "sync_threshold": 2})
    monkeypatch.setattr("os.fsync", noted)
    write_index(index.with_name("other"), *map(made, range(4)))
    assert kept[-2:] == ["sums.json.part", "other"]
    assert kept.count("data_level0.bin") == kept.count("index_metadata.pickle") == 2


def test_words_that_only_look_whole_are_made_anew_once(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = read_all(read_index(index))
    monkeypatch.setattr(store, "OPENINGS", 4)
    monkeypatch.setattr(derive, "check_files", lambda _: None)
    monkeypatch.setattr(renew, "check_files", lambda _: None)
    file = next((index / WORDS).glob("*.fieldnorm"))
    os.truncate(file, file.stat().st_size // 2)
    assert read_all(read_index(index)) == wanted
    monkeypatch.setattr(store, "Words", broken_words)
    seen: list[int] = []
    at_each(monkeypatch, seen.append)
    with pytest.raises(
        StoreError, match=r"damaged \(what is derived of it cannot be read: noise\): run `python -m ing"
    ):
        read_index(index)
    assert len(seen) == 4


def broken_words(folder: Path) -> None:
    raise WordsError("noise")


def test_what_a_killed_run_noted_as_deleted_is_not_in_the_way(tmp_path: Path) -> None:
    def remove(folder: Path) -> None:
        writer = WordsWriter(folder)
        writer.remove(1)
        writer.commit()
        writer.close()

    written = WordsWriter(tmp_path / "words")
    for number in (1, 2):
        written.add(number, 10 * number, "sentence", "quay", 0)
    written.commit()
    written.close()
    shutil.copytree(tmp_path / "words", tmp_path / "done")
    remove(tmp_path / "done")
    [deleted] = (tmp_path / "done").glob("*.del")
    shutil.copy(deleted, tmp_path / "words")
    remove(tmp_path / "words")
    assert Words(tmp_path / "words").best("sentence", ["quay"], 9) == [20]


def test_an_index_whose_tables_a_kill_kept_from_being_made_is_made_by_the_next_run(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database:
        database.execute("CREATE TABLE migrations(dir TEXT, version INTEGER, filename TEXT, sql TEXT, hash TEXT)")
        database.commit()
    write_index(tmp_path, made(1))
    assert {*read_all(read_index(tmp_path)).articles} == {"a1"}
