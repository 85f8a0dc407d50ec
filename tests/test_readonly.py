"""An index that cannot be written, as on a share or a disk mounted for reading, answers as any other."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import ingest
from rag.errors import StoreError
from rag.index.readonly import is_read_only
from rag.pipeline import ask
from tests.fakes import FakeEmbeddings
from tests.test_damage import write_articles

QUESTION = "What did Ida Moe say about the ferry to island 2?"


@pytest.fixture
def index(tmp_path: Path, fake_models: None) -> Iterator[Path]:
    """A whole index that nobody may write to, root included."""
    write_articles(tmp_path / "articles")
    index = tmp_path / "index"
    ingest([tmp_path / "articles"], index=index, embeddings=FakeEmbeddings())
    if os.geteuid():
        for part in (*index.iterdir(), index):
            part.chmod(0o500 if part.is_dir() else 0o400)
        yield index
        index.chmod(0o700)
        return
    mounted = subprocess.run(["mount", "--bind", str(index), str(index)], capture_output=True, check=False)
    if not shutil.which("mount") or mounted.returncode:
        pytest.skip("a folder has to be mounted for reading")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(index)], check=True)
        yield index
    finally:
        subprocess.run(["umount", "-l", str(index)], check=True)


def test_it_is_asked_as_any_other_and_its_copy_goes(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_read_only(index)
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    before = {part: part.stat().st_mtime_ns for part in index.rglob("*")}
    answer = ask(QUESTION, index=index)
    assert (answer.answered, answer.citations[0].article_id) == (True, "a2")
    assert {part: part.stat().st_mtime_ns for part in index.rglob("*")} == before
    assert len([*room.iterdir()]) == 1
    from rag import pipeline

    pipeline._chains.pop(index.resolve()).chain.store.close()
    assert [*room.iterdir()] == []


def test_indexing_into_it_is_refused_in_one_sentence(index: Path) -> None:
    with pytest.raises(StoreError, match=r"The index folder .* cannot be written \(.*\): choose another with --index"):
        ingest([], index=index, embeddings=FakeEmbeddings())


def test_without_room_for_the_copy_the_way_out_is_named(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StoreError, match=r"is read-only, .* \(No space left on device\): set TMPDIR to a folder"):
        ask(QUESTION, index=index)
