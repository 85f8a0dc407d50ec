"""An article that the program itself fails over is named and left out; the run goes on, the next one tries again."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ingest.__main__ as cli
import ingest.pipeline
from ingest import extract_quotes, on_ray, preparing, uploads
from ingest.loading.loaders import Failure
from rag.errors import ModelError
from rag.index import rows
from rag.index.opening import open_writer
from rag.schema import Article, Quote
from tests.fakes import FakeEmbeddings
from tests.test_ingest import Desk, counts, said

OLD, NEW = said("Ana Torvik", "It will stand for a century"), said("Ana Torvik", "It has to be painted")
OTHER, THIRD = said("Per Lund", "It will stand for a decade"), said("Ida Moe", "The ferry sails")
LEFT_OUT = r"an error of this program \(IndexError in preparing\.py, line \d+\) while reading article '{}': it was left"

Break = Callable[..., None]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for module in (ingest.pipeline, on_ray):
        monkeypatch.setattr(module, "load_embeddings", FakeEmbeddings)
    return Desk(tmp_path)


@pytest.fixture
def break_at(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Make the search for statements fail in each article that holds some words; in none without words."""

    def break_at(*words: str, error: BaseException | None = None) -> None:
        def broken(text: str, *args: Any, **kwargs: Any) -> list[Quote]:
            if any(word in text for word in words):
                raise error or IndexError("tuple index out of range")
            return extract_quotes(text, *args, **kwargs)

        monkeypatch.setattr(preparing, "extract_quotes", broken)

    return break_at


def check_named(failure: Failure, path: Path, id: str) -> None:
    assert failure.path == str(path)
    assert re.match(LEFT_OUT.format(id), failure.reason)
    assert failure.reason.endswith("it was left out; please report it with the article")


def lose_rows(index: Path, id: str) -> None:
    """Delete the rows of an article's statements behind the index's back."""
    with open_writer(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension) as store:
        store._quotes.delete(where={"article": id})


def test_the_other_articles_are_indexed_and_a_later_run_tries_it_again(desk: Desk, break_at: Break) -> None:
    file = desk.write("a.txt", OLD)
    desk.write("b.txt", OTHER)
    break_at("century")
    for report in (desk.run(), first := desk.run()):
        [failure] = report.failed
        check_named(failure, file, "a")
    assert counts(first) == ((), (), ("b",), ())
    assert str(first.files[0]) == f"{file}: 0 articles, 0 statements, 1 failure"
    assert first.warnings == ()
    assert desk.catalogue().speakers == ("Per Lund",)
    break_at()
    assert counts(mended := desk.run()) == (("a",), (), ("b",), ())
    assert mended.failed == ()
    assert sorted(desk.catalogue().speakers) == ["Ana Torvik", "Per Lund"]


def test_the_older_version_stays_as_it_is(desk: Desk, break_at: Break) -> None:
    desk.write("a.txt", OLD)
    desk.run()
    desk.write("a.txt", NEW)
    break_at("painted")
    report = desk.run()
    assert (counts(report), len(report.failed)) == (((), (), (), ()), 1)
    assert desk.texts() == {"a": OLD}
    break_at()
    assert counts(desk.run()) == ((), ("a",), (), ())
    assert desk.texts() == {"a": NEW}


def test_the_older_version_of_an_article_without_an_id_is_not_taken_for_removed(desk: Desk, break_at: Break) -> None:
    file = desk.lines("wire.jsonl", {"text": OLD}, {"text": OTHER})
    before = desk.run()
    desk.lines("wire.jsonl", {"text": NEW}, {"text": OTHER})
    break_at("painted")
    report = desk.run()
    assert counts(report) == ((), (), (before.added[1],), ())
    check_named(report.failed[0], file, r"wire-[0-9a-f]{8}")
    assert set(desk.texts().values()) == {OLD, OTHER}
    break_at()
    assert desk.run().removed == (before.added[0],)
    assert set(desk.texts().values()) == {NEW, OTHER}


def test_each_of_several_articles_of_one_file_is_named_by_its_id(desk: Desk, break_at: Break) -> None:
    articles = [{"id": str(i), "text": text} for i, text in enumerate((OLD, OTHER, NEW, THIRD))]
    file = desk.lines("wire.jsonl", *articles)
    break_at("century", "painted")
    report = desk.run()
    assert report.added == ("1", "3")
    for failure, id in zip(report.failed, ("0", "2"), strict=True):
        check_named(failure, file, id)


def test_the_command_says_so_in_a_sentence_and_with_its_exit_status(
    desk: Desk, break_at: Break, capsys: pytest.CaptureFixture[str]
) -> None:
    file = desk.write("a.txt", OLD)
    desk.write("b.txt", OTHER)
    break_at("century")
    assert cli.main([str(desk.folder), "--index", str(desk.index)]) == 1
    out, err = capsys.readouterr()
    assert "1 added, 0 updated, 0 unchanged, 0 removed, 1 failed" in out
    assert err.startswith(f"skipped {file}: an error of this program (IndexError in preparing.py")
    assert err.count("\n") == 1


def test_the_traceback_is_in_the_log_for_who_asks_for_it(
    desk: Desk, break_at: Break, caplog: pytest.LogCaptureFixture
) -> None:
    desk.write("a.txt", OLD)
    break_at("century")
    with caplog.at_level(logging.DEBUG, "ingest.pipeline"):
        desk.run()
    [record] = [record for record in caplog.records if record.name == "ingest.pipeline"]
    assert record.levelno == logging.DEBUG
    assert "Traceback" in record.getMessage()
    assert "IndexError: tuple index out of range" in record.getMessage()


@pytest.mark.parametrize("error", [ModelError("no model"), OSError(28, "No space left"), MemoryError()])
def test_what_concerns_all_articles_still_ends_the_run(desk: Desk, break_at: Break, error: BaseException) -> None:
    desk.write("a.txt", OLD)
    break_at("century", error=error)
    with pytest.raises(type(error)):
        desk.run()


@pytest.mark.parametrize(("is_edited", "left"), [(False, ["Per Lund"]), (True, ["Ana Torvik", "Per Lund"])])
def test_a_damaged_article_keeps_its_text_and_what_can_be_read_in_it_and_the_index_can_be_opened(
    desk: Desk, break_at: Break, is_edited: bool, left: list[str]
) -> None:
    desk.write("a.txt", OLD)
    desk.write("b.txt", OTHER)
    desk.run()
    lose_rows(desk.index, "a")
    if is_edited:
        desk.write("a.txt", NEW)
    break_at("painted" if is_edited else "century")
    assert len(desk.run().failed) == 1
    assert desk.texts() == {"a": OLD, "b": OTHER}
    assert sorted(desk.catalogue().speakers) == left
    break_at()
    assert counts(desk.run()) == ((), ("a",), ("b",), ())
    assert sorted(desk.catalogue().speakers) == ["Ana Torvik", "Per Lund"]


def test_after_an_update_of_the_program_an_article_whose_file_is_elsewhere_keeps_what_the_index_has(
    desk: Desk, break_at: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("a.txt", OLD)
    other = desk.write("b.txt", OTHER)
    desk.run()
    monkeypatch.setattr(rows, "EXTRACTOR_VERSION", rows.EXTRACTOR_VERSION + 1)
    break_at("century")
    report = desk.run(other)
    assert (report.updated, len(report.failed)) == (("b",), 1)
    assert sorted(desk.catalogue().speakers) == ["Ana Torvik", "Per Lund"]
    break_at()
    assert desk.run().updated == ("a",)


def test_a_file_added_on_the_page_is_kept_and_named_and_a_later_addition_tries_it_again(
    desk: Desk, break_at: Break
) -> None:
    break_at("century")
    report = uploads.add_uploads([desk.write("a.txt", OLD), desk.write("b.txt", OTHER)], desk.index)
    assert (report.added, [Path(failure.path).name for failure in report.failed]) == (("b",), ["a.txt"])
    break_at()
    assert uploads.add_uploads([desk.write("c.txt", THIRD)], desk.index).added == ("a", "c")


def test_a_worker_of_a_cluster_gives_the_other_articles_of_its_batch(desk: Desk, break_at: Break) -> None:
    works = [(Article(id, text, path=f"{id}.txt"), "made") for id, text in (("a", OLD), ("b", OTHER), ("c", THIRD))]
    break_at("decade")
    batch = on_ray.Worker().prepare(works, FakeEmbeddings.name)
    assert [record.article.id for record in batch.records] == ["a", "c"]
    assert [(fault.id, fault.path) for fault in batch.faults] == [("b", "b.txt")]
    assert "IndexError: tuple index out of range" in batch.faults[0].trace
    break_at("It", "ferry")
    batch = on_ray.Worker().prepare(works, FakeEmbeddings.name)
    assert (batch.records, batch.embedded, len(batch.faults)) == ([], 0, 3)
