"""Every kind of damage is told, by a reader or by the next run, and `ingest --check` ends in the index as it was."""

from __future__ import annotations

import json
import random
import shutil
import sys
from pathlib import Path

import pytest

import ingest.__main__
import ingest.pipeline
from ingest import ingest as index_files
from ingest.loading.loaders import Failure
from rag.errors import StoreError
from rag.index import chroma
from rag.index.damage import torn_collections
from rag.index.seal import SUMS_FILE
from tests.conftest import ROOT
from tests.fakes import FakeEmbeddings, articles_of, read_all, read_index
from tests.test_damage import write_articles
from tests.test_reliability import check_same

sys.path.insert(0, str(ROOT / "bench"))

import damages

KINDS = damages.kinds()
# One of each sort; the others take as long again.
QUICK = {
    "half of the statements",
    "one passage",
    "one article",
    "a statement's speaker",
    "an article's text altered",
    "a passage moved",
    "the articles' collection",
    "vectors not saved yet",
    "data_level0.bin overwritten",
    "chroma.sqlite3 gone",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("whole")
    write_articles(base / "articles", many=5)
    with pytest.MonkeyPatch.context() as patch:
        for graph in ("GRAPH", "NO_GRAPH"):
            patch.setattr(chroma, graph, {**getattr(chroma, graph), "sync_threshold": 8})
        index_files([base / "articles"], index=base / "index", embeddings=FakeEmbeddings())
    return base / "index"


@pytest.fixture
def index(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "index"))


def check(index: Path) -> ingest.pipeline.Report:
    return index_files([], index=index, embeddings=FakeEmbeddings(), check=True)


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[] if kind in QUICK else [pytest.mark.slow]) for kind in KINDS]
)
def test_a_damage_is_told_and_the_check_repairs_it(index: Path, whole: Path, kind: str) -> None:
    KINDS[kind](index, random.Random(kind))
    told = ""
    try:
        opened = read_index(index)
        catalogue, wanted = read_all(opened), read_all(read_index(whole))
        assert catalogue == wanted
        opened.close()
    except StoreError as error:
        told = str(error)
    report = check(index)
    assert report.findings or not told
    assert report.failed == ()
    check_same(index, whole)
    assert check(index).findings == ()


def test_a_sound_index_is_said_to_be_sound(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.pipeline, "load_embeddings", FakeEmbeddings)
    assert ingest.__main__.main(["--check", "--index", str(index)]) == 0
    assert capsys.readouterr() == (
        "the index is sound\n"
        "of the articles: 0 added, 0 updated, 5 unchanged, 0 removed, 0 failed (0 texts embedded)\n",
        "",
    )


def test_what_was_wrong_is_named_line_by_line(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.pipeline, "load_embeddings", FakeEmbeddings)
    KINDS["a speaker altered"](index, random.Random(1))
    assert ingest.__main__.main(["--check", "--index", str(index)]) == 0
    out, err = capsys.readouterr()
    assert err.startswith("repaired: rows of 1 articles are lost or altered, such as those of 'a")
    assert out.startswith("the index was damaged and is repaired\n")
    assert out.endswith("\nof the articles: 0 added, 1 updated, 4 unchanged, 0 removed, 0 failed (5 texts embedded)\n")


def test_the_status_tells_files_that_cannot_be_read_from_a_damaged_index(
    index: Path, whole: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.pipeline, "load_embeddings", FakeEmbeddings)
    empty = index.with_name("empty.txt")
    empty.write_bytes(b"")
    command = ["--check", str(whole.with_name("articles")), str(empty), "--index", str(index)]
    assert ingest.__main__.main(command) == 1
    assert capsys.readouterr().out.startswith("the index is sound\n")
    KINDS["a speaker altered"](index, random.Random(1))
    assert ingest.__main__.main(command) == 3
    out, err = capsys.readouterr()
    assert out.startswith("the index was damaged and is repaired\n")
    assert "1 failed" in out.splitlines()[-1]
    assert [line.partition(" ")[0] for line in err.splitlines()] == ["repaired:", "skipped"]


def test_an_ordinary_run_makes_missing_rows_anew_instead_of_saying_unchanged(index: Path, whole: Path) -> None:
    KINDS["one statement"](index, random.Random(1))
    report = index_files([], index=index, embeddings=FakeEmbeddings())
    assert (len(report.updated), len(report.unchanged)) == (1, 4)
    assert report.findings
    check_same(index, whole)


def test_an_article_whose_text_is_spoiled_and_whose_file_is_gone_is_named_and_taken_out(index: Path) -> None:
    file = index.with_name("lone") / "lone.txt"
    file.parent.mkdir()
    file.write_text("“It rains,” Ida Hale said.")
    index_files([file], index=index, embeddings=FakeEmbeddings())
    damages.execute(
        index,
        "UPDATE embedding_metadata SET string_value = 'x' WHERE key = 'chroma:document' "
        "AND id = (SELECT id FROM embeddings WHERE embedding_id = 'lone')",
    )
    shutil.rmtree(file.parent)
    report = check(index)
    assert Failure(str(file), ingest.pipeline.SPOILED) in report.failed
    assert "lone" not in articles_of(read_index(index))


def test_an_article_without_a_file_is_salvaged_from_an_index_that_cannot_be_opened(index: Path, tmp_path: Path) -> None:
    file = tmp_path / "lone" / "lone.txt"
    file.parent.mkdir()
    file.write_text("“It rains,” Ida Hale said.")
    index_files([file], index=index, embeddings=FakeEmbeddings())
    shutil.rmtree(file.parent)
    damages.execute(index, "DELETE FROM segments")
    report = check(index)
    assert sorted(report.added) == ["a0", "a1", "a2", "a3", "a4", "lone"]
    assert "could not be opened" in report.findings[0]
    assert (index / "damaged-1" / "chroma.sqlite3").is_file()
    assert read_index(index).article("lone").text == "“It rains,” Ida Hale said."


def test_what_a_killed_run_leaves_open_is_no_damage(index: Path) -> None:
    noted = json.loads((index / SUMS_FILE).read_text())
    (index / SUMS_FILE).write_text(json.dumps({**noted, "open": True, "records": "0"}))
    assert len(articles_of(read_index(index))) == 5
    assert check(index).findings == ()


def test_room_for_more_vectors_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chroma makes room for more than a hundred vectors before the file has it."""
    monkeypatch.setattr(chroma, "GRAPH", {**chroma.GRAPH, "sync_threshold": 12})
    monkeypatch.setattr(ingest.pipeline, "EMBED_BATCH", 8)
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday"):
        folder = tmp_path / "articles"
        shutil.rmtree(folder, ignore_errors=True)
        write_articles(folder, many=16)
        for file in folder.iterdir():
            file.write_text(file.read_text(encoding="utf-8") + f"\n“It is {day},” Ida Moe said.\n", encoding="utf-8")
        index_files([folder], index=tmp_path / "index", embeddings=FakeEmbeddings())
        assert torn_collections(tmp_path / "index") == {}
