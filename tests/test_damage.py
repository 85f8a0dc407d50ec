"""Torn vector files, lost rows and a full disk: a reader says what to type, and the next run ends in the same index."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import ingest.pipeline
from ingest import Report
from ingest import ingest as index_files
from rag.errors import StoreError
from rag.index import chroma
from rag.index.damage import DATABASE, FILES, torn_collections, vector_folders
from rag.index.derive import discard
from rag.index.opening import open_writer
from rag.index.store import COLLECTIONS
from tests.fakes import FakeEmbeddings, articles_of, read_all, read_index
from tests.test_reliability import check_same

MODEL = FakeEmbeddings()


def empty(file: Path) -> None:
    os.truncate(file, 0)


def halve(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def write_articles(folder: Path, many: int = 4) -> None:
    folder.mkdir()
    for number in range(many):
        (folder / f"a{number}.txt").write_text(
            f"Ana Torvik opened bridge {number}. “It will stand for {number} years,” she said.\n\n"
            f"“The ferry to island {number} will not sail,” said Ida Moe.\n",
            encoding="utf-8",
        )


def run(folder: Path, index: Path) -> Report:
    return index_files([folder], index=index, embeddings=FakeEmbeddings())


@pytest.fixture
def saved_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chroma saves its vectors after each two of them instead of a thousand."""
    monkeypatch.setattr(chroma, "GRAPH", {**chroma.GRAPH, "sync_threshold": 2})
    monkeypatch.setattr(chroma, "NO_GRAPH", {**chroma.NO_GRAPH, "sync_threshold": 2})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_articles(tmp_path / "articles")
    return tmp_path / "articles"


@pytest.fixture
def index(folder: Path, tmp_path: Path, saved_at_once: None) -> Path:
    run(folder, tmp_path / "index")
    return tmp_path / "index"


def vector_files(index: Path, name: str) -> Iterator[Path]:
    files = sorted(index.glob(f"*/{name}"))
    assert len(files) == len(COLLECTIONS)
    yield from files


@pytest.mark.parametrize(
    ("name", "tear"),
    [
        ("index_metadata.pickle", empty),
        ("index_metadata.pickle", halve),
        ("index_metadata.pickle", Path.unlink),
        ("data_level0.bin", empty),
        ("header.bin", empty),
        ("link_lists.bin", Path.unlink),
    ],
)
def test_torn_vectors_are_named_by_a_reader_and_made_anew_by_the_next_run(
    index: Path, folder: Path, name: str, tear: Callable[[Path], None]
) -> None:
    undisturbed = index.with_name("undisturbed")
    shutil.copytree(index, undisturbed)
    for file in vector_files(index, name):
        tear(file)
    with pytest.raises(
        StoreError, match=rf"{index} is damaged \(.*\): run `python -m ingest --check --index {index}`, which"
    ):
        read_index(index)
    report = run(folder, index)
    assert len(report.updated) == 4
    assert "torn" in report.findings[0]
    check_same(index, undisturbed)
    assert len(run(folder, index).unchanged) == 4


def test_torn_vectors_are_named_before_chroma_reads_them_for_what_is_derived(index: Path) -> None:
    """Vectors of one moment and links of another keep Chroma busy for ever."""
    for file in vector_files(index, "index_metadata.pickle"):
        empty(file)
    discard(index)
    with pytest.raises(StoreError, match="the vectors of its articles and passages and quotes are torn"):
        read_index(index)


def test_links_cut_off_are_seen_before_chroma_writes_without_end(index: Path) -> None:
    for file in vector_files(index, "link_lists.bin"):
        with file.open("ab") as links:
            links.write(b"\0\0\0\1")
    assert set(torn_collections(index)) == set(COLLECTIONS)


def test_articles_whose_files_are_elsewhere_are_restored_from_their_text(index: Path, folder: Path) -> None:
    undisturbed = index.with_name("undisturbed")
    shutil.copytree(index, undisturbed)
    for file in vector_files(index, "index_metadata.pickle"):
        empty(file)
    report = run(folder / "a1.txt", index)
    assert sorted(report.updated) == ["a0", "a1", "a2", "a3"]
    assert articles_of(read_index(index)) == articles_of(read_index(undisturbed))
    assert read_all(read_index(index)) == read_all(read_index(undisturbed))


@pytest.mark.parametrize("collection", ["passages", "quotes"])
def test_lost_rows_are_named_by_a_reader_and_made_anew(index: Path, folder: Path, collection: str) -> None:
    undisturbed = index.with_name("undisturbed")
    shutil.copytree(index, undisturbed)
    with open_writer(index, model=MODEL.name, dimension=MODEL.dimension) as writer:
        rows = getattr(writer, f"_{collection}")
        rows.delete(ids=rows.get(include=[])["ids"][::3])
    with pytest.raises(StoreError, match=r"is damaged \(.* missing\): run `python -m ingest --check --index"):
        read_all(read_index(index))
    assert run(folder, index).updated
    check_same(index, undisturbed)


def can_mount() -> bool:
    return os.geteuid() == 0 and bool(shutil.which("mount"))


@pytest.mark.slow
@pytest.mark.skipif(not can_mount(), reason="a small disk has to be mounted")
@pytest.mark.parametrize("kilobytes", [300, 420, 600, 900, 1500])
def test_a_full_disk_is_one_sentence_and_the_next_run_ends_in_the_same_index(
    tmp_path: Path, saved_at_once: None, kilobytes: int
) -> None:
    articles, disk = tmp_path / "articles", tmp_path / "disk"
    write_articles(articles, many=60)
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(disk)], check=True)
    try:
        with pytest.raises(StoreError, match=r"There is no space left for the index in .*: make room, then run"):
            run(articles, disk / "index")
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        run(articles, disk / "index")
        run(articles, tmp_path / "undisturbed")
        check_same(disk / "index", tmp_path / "undisturbed")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_rows_made_anew_have_no_columns_of_rows_that_were_torn(
    index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma gives the numbers of a deleted collection's rows to others: after an update, those come last of all."""
    monkeypatch.setattr(ingest.pipeline, "EMBED_BATCH", 2)
    for file in folder.iterdir():
        file.write_text(file.read_text(encoding="utf-8").replace("bridge", "harbour bridge"), encoding="utf-8")
    run(folder, index)
    undisturbed = index.with_name("undisturbed")
    shutil.copytree(index, undisturbed)
    halve(vector_folders(index)["quotes"] / "header.bin")
    assert "torn" in run(folder, index).findings[0]
    check_same(index, undisturbed)


def test_the_check_clears_columns_that_deleted_rows_left(index: Path, folder: Path) -> None:
    undisturbed = index.with_name("undisturbed")
    shutil.copytree(index, undisturbed)
    with closing(sqlite3.connect(index / DATABASE)) as database, database:
        [last] = database.execute("SELECT max(id) FROM embeddings").fetchone()
        left = [(row, "content", 7) for row in range(last + 1, last + 40)]
        database.executemany("INSERT INTO embedding_metadata_array (id, key, int_value) VALUES (?, ?, ?)", left)
        database.execute("DELETE FROM embeddings WHERE segment_id = (SELECT segment_id FROM embeddings WHERE id = 1)")
    index_files([], index=index, embeddings=FakeEmbeddings(), check=True)
    check_same(index, undisturbed)


def test_vectors_that_are_one_save_ahead_of_their_ids_are_torn(index: Path, folder: Path) -> None:
    """As a kill leaves them between two of Chroma's files: to delete one again would fail for good."""
    before = index.with_name("before")
    shutil.copytree(index, before)
    (folder / "a1.txt").unlink()
    run(folder, index)
    undisturbed = index.with_name("undisturbed")
    shutil.copytree(index, undisturbed)
    quotes = vector_folders(index)["quotes"]
    shutil.copy(before / quotes.relative_to(index) / FILES[-1], quotes)
    assert {*torn_collections(index)} == {"quotes"}
    assert "torn" in run(folder, index).findings[0]
    check_same(index, undisturbed)
