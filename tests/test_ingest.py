"""Indexing with a stand-in model and a real store: what is added, made anew, left alone, taken out and refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import ingest.pipeline
from ingest import Report
from rag.errors import ConfigError, StoreError
from rag.index.opening import open_writer
from rag.index.store import Store, open_store
from rag.schema import Article
from tests.fakes import Catalogue, FakeEmbeddings, read_all

SAID = "{} opened the bridge on Monday. “{},” {} said."


class Desk:
    """A folder of articles with its index, and a model that counts what it is asked to embed."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "articles"
        self.index = root / "index"
        self.folder.mkdir()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def lines(self, name: str, *articles: object) -> Path:
        return self.write(name, "".join(json.dumps(article) + "\n" for article in articles))

    def run(self, *paths: Path) -> Report:
        """Index the folder, or these paths."""
        return self.go(*(paths or [self.folder]))

    def go(self, *paths: Path) -> Report:
        embeddings = FakeEmbeddings()
        report = ingest.ingest(paths, index=self.index, embeddings=embeddings)
        assert report.embedded == len(embeddings.embedded)
        self.embedded = embeddings.embedded
        return report

    def read(self) -> Store:
        return open_store(self.index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension)

    def catalogue(self) -> Catalogue:
        store = self.read()
        catalogue = read_all(store)
        store.close()
        return catalogue

    def texts(self) -> dict[str, str]:
        store = self.read()
        texts = {id: store.article(id).text for id in store.entries()}
        store.close()
        return texts

    def articles(self) -> dict[str, Article]:
        store = self.read()
        articles = {id: store.article(id) for id in store.entries()}
        store.close()
        return articles

    def paths(self) -> dict[str, str]:
        store = self.read()
        paths = {id: entry.path for id, entry in store.entries().items()}
        store.close()
        return paths


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def said(name: str, words: str) -> str:
    return SAID.format(name, words, name)


def counts(report: Report) -> tuple[tuple[str, ...], ...]:
    return report.added, report.updated, report.unchanged, report.removed


def test_a_first_run_adds_every_article_and_its_quotes(desk: Desk) -> None:
    desk.write("a.txt", said("Ana Torvik", "It will stand for a century"))
    desk.write("deep/b.md", "# Bridge\n\n" + said("Per Lund", "It will stand for a decade"))
    report = desk.run()
    assert counts(report) == (("a", "b"), (), (), ())
    assert report.failed == ()
    assert report.embedded > 0
    assert str(report) == f"2 added, 0 updated, 0 unchanged, 0 removed, 0 failed ({report.embedded} texts embedded)"
    catalogue = desk.catalogue()
    assert sorted(zip(catalogue.articles, catalogue.speakers, strict=True)) == [("a", "Ana Torvik"), ("b", "Per Lund")]


def test_a_passage_s_telling_sentences_are_embedded_under_its_headline_and_each_quote_within_them(desk: Desk) -> None:
    text = said("Ana Torvik", "It will stand for a century")
    desk.lines("a.jsonl", {"id": "a", "title": "The bridge", "text": text})
    desk.run()
    assert desk.embedded == [
        "The bridge. “It will stand for a century,” Ana Torvik said.",
        "“It will stand for a century,”",
        "Ana Torvik",
    ]


def test_a_passage_in_which_nobody_is_quoted_is_not_embedded(desk: Desk) -> None:
    text = said("Ana Torvik", "It will stand for a century")
    desk.write("a.txt", f"{'Nothing is said here. ' * 10}\n\n{text}")
    desk.write("b.txt", "Nothing is said here.")
    assert counts(desk.run()) == (("a", "b"), (), (), ())
    assert desk.embedded == [
        "“It will stand for a century,” Ana Torvik said.",
        "“It will stand for a century,”",
        "Ana Torvik",
    ]
    assert counts(desk.run()) == ((), (), ("a", "b"), ())


def test_a_second_run_embeds_nothing(desk: Desk) -> None:
    desk.write("a.txt", said("Ana Torvik", "It will stand for a century"))
    desk.lines("b.jsonl", {"id": "x", "text": said("Per Lund", "It will stand for a decade")}, {"text": "No more."})
    first = desk.run()
    second = desk.run()
    assert counts(second) == ((), (), first.added, ())
    assert desk.embedded == []


def test_an_edited_file_has_its_own_texts_embedded_and_no_others(desk: Desk) -> None:
    desk.write("a.txt", said("Ana Torvik", "It will stand for a century"))
    desk.write("b.txt", said("Per Lund", "It will stand for a decade"))
    desk.run()
    desk.write("a.txt", said("Ana Torvik", "It has to be painted"))
    report = desk.run()
    assert counts(report) == ((), ("a",), ("b",), ())
    assert len(desk.embedded) == 3
    assert all("It has to be painted" in text for text in desk.embedded[:2])
    catalogue = desk.catalogue()
    assert [text for text in catalogue.texts if "century" in text] == []
    assert sorted(catalogue.speakers) == ["Ana Torvik", "Per Lund"]


def test_a_new_title_makes_an_article_anew(desk: Desk) -> None:
    desk.lines("a.jsonl", {"id": "a", "title": "One", "text": "A text."})
    desk.run()
    desk.lines("a.jsonl", {"id": "a", "title": "Two", "text": "A text."})
    assert counts(desk.run()) == ((), ("a",), (), ())
    assert desk.articles()["a"].title == "Two"


def test_a_field_that_is_taken_away_is_gone_from_the_index(desk: Desk) -> None:
    desk.lines("a.jsonl", {"id": "a", "author": "Ida Moe", "url": "https://bridge.example/a", "text": "A text."})
    desk.run()
    desk.lines("a.jsonl", {"id": "a", "text": "A text."})
    desk.run()
    store = desk.read()
    assert (store.article("a").author, store.article("a").url) == (None, None)
    store.close()


def test_a_deleted_file_takes_its_quotes_along(desk: Desk) -> None:
    desk.write("a.txt", said("Ana Torvik", "It will stand for a century"))
    gone = desk.write("b.txt", said("Per Lund", "It will stand for a decade"))
    desk.run()
    gone.unlink()
    report = desk.run()
    assert counts(report) == ((), (), ("a",), ("b",))
    assert desk.embedded == []
    assert desk.catalogue().speakers == ("Ana Torvik",)
    assert set(desk.texts()) == {"a"}


def test_a_deleted_line_takes_its_article_along(desk: Desk) -> None:
    one, two = ({"id": i, "text": said(name, "It will stand")} for i, name in (("1", "Ana Torvik"), ("2", "Per Lund")))
    desk.lines("wire.jsonl", one, two)
    desk.run()
    desk.lines("wire.jsonl", two)
    assert counts(desk.run()) == ((), (), ("2",), ("1",))
    assert desk.embedded == []
    assert desk.catalogue().speakers == ("Per Lund",)


def test_a_folder_that_became_empty_empties_the_index(desk: Desk) -> None:
    file = desk.write("a.txt", "A text.")
    desk.run()
    file.unlink()
    assert counts(desk.run()) == ((), (), (), ("a",))
    store = desk.read()
    assert store.counts() == (0, 0, 0)
    store.close()


def test_a_moved_file_is_not_embedded_again(desk: Desk) -> None:
    file = desk.write("a.txt", said("Ana Torvik", "It will stand for a century"))
    desk.run()
    (desk.folder / "deep").mkdir()
    shutil.move(file, desk.folder / "deep" / "a.txt")
    report = desk.run()
    assert (counts(report), desk.embedded) == (((), (), ("a",), ()), [])
    assert desk.paths() == {"a": str(desk.folder / "deep" / "a.txt")}
    assert counts(desk.run()) == ((), (), ("a",), ())


def test_an_article_moved_to_another_file_is_not_embedded_again(desk: Desk) -> None:
    one, two = {"id": "1", "text": "One."}, {"id": "2", "text": "Two."}
    desk.lines("a.jsonl", one, two)
    desk.run()
    desk.lines("a.jsonl", one)
    desk.lines("b.jsonl", two)
    report = desk.run()
    assert (counts(report), report.failed, desk.embedded) == (((), (), ("1", "2"), ()), (), [])
    assert desk.paths() == {"1": str(desk.folder / "a.jsonl"), "2": str(desk.folder / "b.jsonl")}


def test_an_article_moved_to_a_file_that_is_read_earlier_is_not_embedded_again(desk: Desk) -> None:
    one, two = {"id": "1", "text": "One."}, {"id": "2", "text": "Two."}
    desk.lines("b.jsonl", one, two)
    desk.run()
    desk.lines("a.jsonl", two)
    desk.lines("b.jsonl", one)
    report = desk.run()
    assert (counts(report), report.failed, desk.embedded) == (((), (), ("2", "1"), ()), (), [])


def test_files_with_one_stem_keep_their_ids_from_run_to_run(desk: Desk) -> None:
    desk.write("west/a.txt", "West.")
    desk.run()
    desk.write("east/a.txt", "East.")
    assert counts(desk.run()) == (("east/a",), (), ("a",), ())
    assert desk.texts() == {"a": "West.", "east/a": "East."}
    assert counts(desk.run()) == ((), (), ("east/a", "a"), ())


@pytest.mark.parametrize(
    "spoil", [lambda f: f.write_bytes(b""), lambda f: f.write_text("  \n"), lambda f: f.write_bytes(b"\x00\x01\x02")]
)
def test_a_file_that_cannot_be_read_any_more_keeps_what_the_index_has(
    desk: Desk, spoil: Callable[[Path], object]
) -> None:
    text = said("Ana Torvik", "It will stand for a century")
    file = desk.write("a.txt", text)
    desk.write("b.txt", "Another text.")
    desk.run()
    spoil(file)
    report = desk.run()
    assert counts(report) == ((), (), ("b",), ())
    assert [failure.path for failure in report.failed] == [str(file)]
    assert report.failed[0].reason
    assert desk.texts()["a"] == text
    assert desk.catalogue().speakers == ("Ana Torvik",)


def test_a_failing_line_is_named_and_the_others_are_kept(desk: Desk) -> None:
    good = [{"id": str(i), "text": f"Text {i}."} for i in range(3)]
    file = desk.lines("wire.jsonl", *good)
    desk.run()
    file.write_text(json.dumps(good[0]) + "\n{broken\n" + json.dumps(good[2]) + "\n")
    report = desk.run()
    assert counts(report) == ((), (), ("0", "2"), ())
    assert [failure.path for failure in report.failed] == [f"{file}:2"]
    assert desk.texts() == {"0": "Text 0.", "1": "Text 1.", "2": "Text 2."}


def test_a_failing_item_of_a_list_keeps_what_the_index_has(desk: Desk) -> None:
    good = [{"id": str(i), "text": f"Text {i}."} for i in range(3)]
    file = desk.write("wire.json", json.dumps(good))
    desk.run()
    file.write_text(json.dumps([good[0], {"id": "1"}, good[2]]))
    report = desk.run()
    assert counts(report) == ((), (), ("0", "2"), ())
    assert [failure.path for failure in report.failed] == [f"{file} (item 2)"]
    assert desk.texts() == {"0": "Text 0.", "1": "Text 1.", "2": "Text 2."}


def test_an_id_given_twice_is_named_and_the_first_is_kept(desk: Desk) -> None:
    file = desk.lines("wire.jsonl", {"id": "7", "text": "First."}, {"id": "7", "text": "Second."})
    report = desk.run()
    assert report.added == ("7",)
    assert [(failure.path, failure.reason) for failure in report.failed] == [
        (str(file), f"the article id '7' is taken by {file}: give one of them another id")
    ]
    assert desk.texts() == {"7": "First."}


def test_a_single_file_leaves_the_other_articles_of_its_folder_alone(desk: Desk) -> None:
    one, other = desk.write("a.txt", "One."), desk.write("b.txt", "Two.")
    desk.run()
    other.unlink()
    one.write_text("One, edited.")
    assert counts(desk.run(one)) == ((), ("a",), (), ())
    assert desk.texts() == {"a": "One, edited.", "b": "Two."}


def test_a_run_without_paths_takes_the_folders_and_files_of_before(desk: Desk, tmp_path: Path) -> None:
    desk.write("a.txt", "One.")
    lone = tmp_path / "elsewhere" / "c.txt"
    lone.parent.mkdir()
    lone.write_text("Three.")
    (lone.parent / "d.txt").write_text("Never named.")
    desk.run(desk.folder, lone)
    desk.write("b.txt", "Two.")
    (desk.folder / "a.txt").unlink()
    lone.write_text("Three, edited.")
    assert counts(desk.go()) == (("b",), ("c",), (), ("a",))
    assert desk.texts() == {"b": "Two.", "c": "Three, edited."}


def test_a_missing_path_is_a_failure_and_takes_nothing_out(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.run()
    away = desk.folder.with_name("away")
    desk.folder.rename(away)
    report = desk.go()
    assert [failure.path for failure in report.failed] == [str(desk.folder)]
    assert counts(report) == ((), (), (), ())
    assert desk.texts() == {"a": "One."}
    away.rename(desk.folder)
    assert counts(desk.go()) == ((), (), ("a",), ())


def test_nothing_to_index_is_an_error_that_says_what_to_type(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="python -m ingest seeds/"):
        desk.go()
    assert not desk.index.exists()


def test_an_index_in_use_is_an_error_and_stays_as_it_is(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.run()
    desk.write("b.txt", "Two.")
    with (
        open_writer(desk.index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension),
        pytest.raises(StoreError, match="Another process is writing"),
    ):
        desk.run()
    assert set(desk.texts()) == {"a"}
    assert desk.run().added == ("b",)


@pytest.mark.parametrize(
    "text",
    [
        "  led by space and followed by it \n\n",
        "tabs\tand\r\nWindows lines\r\n",
        '“curly”, "straight", — dash, e\u0301 and é, ﬁ, \u00a0, \u200b, \ufeff, \U0001f600',
        "\u202eright to left\u202c and \x1b[31m",
    ],
)
def test_the_stored_text_is_the_text_as_given(desk: Desk, text: str) -> None:
    (desk.folder / "a.txt").write_bytes(text.encode())
    desk.lines("b.jsonl", {"id": "b", "text": text})
    assert desk.run().failed == ()
    assert desk.texts() == {"a": text, "b": text}


def test_a_json_text_is_stored_with_its_control_characters(desk: Desk) -> None:
    text = "One\x00two\x01three\u2028four\x85five"
    desk.lines("a.jsonl", {"id": "a", "text": text})
    desk.run()
    assert desk.texts() == {"a": text}


def test_a_deleted_line_goes_though_another_is_given_twice(desk: Desk) -> None:
    one, two = {"id": "1", "text": "One."}, {"id": "2", "text": "Two."}
    desk.lines("wire.jsonl", one, two)
    desk.run()
    desk.lines("wire.jsonl", one, one)
    report = desk.run()
    assert (counts(report), len(report.failed)) == (((), (), ("1",), ("2",)), 1)


def test_the_stored_quotes_stand_at_their_offsets(desk: Desk) -> None:
    text = "\n\n  é😀 " + said("Ana Torvik", "It will stand for a century")
    desk.lines("a.jsonl", {"id": "a", "text": text})
    desk.run()
    store = desk.read()
    [statement] = store.statements(store.statement_ids())
    words = statement.quote.content[0]
    assert text[words.start : words.end] == words.text
    assert "It will stand for a century" in words.text
    store.close()


def test_progress_counts_the_files_and_ends_at_all_of_them(desk: Desk) -> None:
    desk.write("a.txt", "One.")
    desk.write("b.txt", "Two.")
    seen: list[tuple[int, int, str]] = []
    ingest.ingest(
        [desk.folder], index=desk.index, embeddings=FakeEmbeddings(), progress=lambda *step: seen.append(step)
    )
    assert seen == [(0, 2, "a.txt"), (1, 2, "b.txt"), (2, 2, "")]


def test_more_texts_than_one_batch_are_all_embedded_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.pipeline, "EMBED_BATCH", 5)
    articles = [{"id": str(i), "text": said("Ana Torvik", f"It will stand for {i} years")} for i in range(8)]
    desk.lines("wire.jsonl", *articles)
    assert desk.run().added == tuple("01234567")
    texts = [text for text in desk.embedded if text != "Ana Torvik"]
    assert len(texts) == len(set(texts)) == 16
    store = desk.read()
    assert store.counts() == (8, 8, 8)
    store.close()


def test_a_run_that_was_stopped_is_taken_up_where_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.pipeline, "EMBED_BATCH", 6)
    for i in range(8):
        desk.write(f"{i}.txt", said("Ana Torvik", f"It will stand for {i} years"))

    def stop(done: int, total: int, name: str) -> None:
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest.ingest([desk.folder], index=desk.index, embeddings=FakeEmbeddings(), progress=stop)
    assert counts(desk.run()) == (("6", "7"), (), tuple("012345"), ())
    assert [text for text in desk.embedded if text.endswith("”")] == [f"“It will stand for {i} years,”" for i in (6, 7)]


def test_a_file_named_once_and_then_deleted_is_gone(desk: Desk) -> None:
    file = desk.write("a.txt", "One.")
    desk.write("b.txt", "Two.")
    desk.go(file)
    file.unlink()
    report = desk.go()
    assert (report.removed, report.failed) == (("a",), ())
    with pytest.raises(ConfigError, match="nothing to index"):
        desk.go()
