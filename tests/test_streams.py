"""Archives that grow: what a run would do, files that are gone, the same article twice, long files part by part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ingest
from ingest.loading import blocks, loaders
from ingest.pipeline import Report
from rag.errors import ConfigError
from rag.index.store import read_version
from tests.fakes import FakeEmbeddings

SAID = "Ana Torvik opened the bridge on Monday. “It will stand for {} years,” Ana Torvik said."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    for number in range(3):
        (made / f"{number}.txt").write_text(SAID.format(number + 10))
    return made


def run(*paths: Path, **about: Any) -> Report:
    index = paths[0].parent / "index"
    return ingest.ingest(about.pop("given", paths), index=index, embeddings=FakeEmbeddings(), **about)


def counts(report: Report) -> tuple[tuple[str, ...], ...]:
    return report.added, report.updated, report.unchanged, report.removed


def test_a_dry_run_over_no_index_makes_none(folder: Path) -> None:
    report = run(folder, dry_run=True)
    assert counts(report) == (("0", "1", "2"), (), (), ())
    assert (report.dry_run, report.embedded) == (True, 0)
    assert not (folder.parent / "index").exists()


def test_a_dry_run_says_what_the_run_after_it_does(folder: Path) -> None:
    run(folder)
    (folder / "0.txt").unlink()
    (folder / "1.txt").write_text(SAID.format(99))
    (folder / "3.txt").write_text(SAID.format(13))
    before = read_version(folder.parent / "index")
    planned = run(folder, dry_run=True)
    assert read_version(folder.parent / "index") == before
    assert counts(planned) == (("3",), ("1",), ("2",), ("0",))
    assert counts(run(folder)) == counts(planned)


def test_a_dry_run_and_a_check_together_are_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="ask for one of them"):
        run(folder, dry_run=True, check=True)


def test_a_folder_that_is_gone_keeps_its_articles_until_they_are_pruned(folder: Path) -> None:
    other = folder.parent / "other"
    other.mkdir()
    (other / "x.txt").write_text(SAID.format(50))
    run(folder, other)
    (other / "x.txt").unlink()
    other.rmdir()
    assert counts(run(folder)) == ((), (), ("0", "1", "2"), ())
    assert run(folder, given=(), dry_run=True, prune=True).removed == ("x",)
    assert counts(run(folder, given=(), prune=True)) == ((), (), ("0", "1", "2"), ("x",))
    # It is forgotten: no later run asks for it.
    assert run(folder, given=()).failed == ()


def test_pruning_takes_nothing_whose_file_is_there(folder: Path) -> None:
    run(folder)
    report = run(folder / "0.txt", given=[folder / "0.txt"], prune=True)
    assert counts(report)[3] == ()


def test_a_misspelt_path_is_a_failure_and_prunes_nothing_of_it(folder: Path) -> None:
    run(folder)
    report = run(folder, given=[folder.parent / "artikles"], prune=True)
    assert len(report.failed) == 1
    assert report.removed == ()


def test_the_same_article_in_two_files_is_indexed_once_and_named(folder: Path) -> None:
    (folder / "copy.txt").write_bytes((folder / "1.txt").read_bytes())
    report = run(folder)
    assert report.added == ("0", "1", "2")
    [note] = report.warnings
    assert note.path == str(folder / "copy.txt")
    assert note.text == f"it is the same article as {folder / '1.txt'}, and is indexed once, as '1'"
    assert counts(run(folder)) == ((), (), ("0", "1", "2"), ())


def test_a_copy_that_is_read_first_does_not_take_the_place_of_what_the_index_has(folder: Path) -> None:
    run(folder)
    (folder / "!copy.txt").write_bytes((folder / "1.txt").read_bytes())
    assert counts(run(folder)) == ((), (), ("0", "1", "2"), ())


def test_a_copy_stays_when_the_first_is_gone(folder: Path) -> None:
    (folder / "copy.txt").write_bytes((folder / "1.txt").read_bytes())
    run(folder)
    (folder / "1.txt").unlink()
    assert counts(run(folder)) == (("copy",), (), ("0", "2"), ("1",))


def test_articles_with_ids_of_their_own_are_no_copies(folder: Path) -> None:
    for id in ("a", "b"):
        (folder / f"{id}.jsonl").write_text(json.dumps({"id": id, "text": SAID.format(70)}))
    assert run(folder).added == ("0", "1", "2", "a", "b")


def test_a_long_file_is_indexed_in_parts_and_taken_up_like_a_short_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 200)
    dump = folder / "dump.jsonl"
    dump.write_text("".join(json.dumps({"text": SAID.format(number)}) + "\n" for number in range(100, 120)))
    assert len(list(loaders.parts(dump))) > 5
    told: list[str] = []
    report = run(dump, progress=lambda done, total, name: told.append(name))
    assert len(report.added) == 20
    assert told[-2:] == ["dump.jsonl, 20 articles", ""]
    [found] = report.files
    assert (found.articles, found.statements) == (20, 20)
    assert len(run(dump).unchanged) == 20


def test_an_article_that_moves_into_another_file_of_the_run_is_kept(folder: Path) -> None:
    run(folder)
    (folder / "!new.txt").write_bytes((folder / "1.txt").read_bytes())
    (folder / "1.txt").write_text(SAID.format(99))
    assert counts(run(folder)) == (("!new",), ("1",), ("0", "2"), ())


def test_a_copy_beside_an_unchanged_original_stays_a_copy(folder: Path) -> None:
    run(folder)
    (folder / "!new.txt").write_bytes((folder / "1.txt").read_bytes())
    report = run(folder)
    assert counts(report) == ((), (), ("0", "1", "2"), ())
    assert [Path(warned.path).name for warned in report.warnings] == ["!new.txt"]
