"""An index that another version's extraction made is refused with the command; what is being made anew answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest import ingest, pipeline
from ingest.pipeline import Report
from rag.errors import StoreError
from rag.index import rows
from rag.index.chroma import LAST_UNNOTED
from rag.index.opening import open_writer
from rag.index.store import Store, open_store
from rag.models.windows import Stretch, Vectors
from tests.fakes import FakeEmbeddings, read_index

COUNT = 3
NOW = rows.EXTRACTOR_VERSION


class Watched(FakeEmbeddings):
    """Does something whenever passages are embedded."""

    def __init__(self, do: Callable[[], None]) -> None:
        super().__init__()
        self.do = do

    def embed_within(self, texts: Sequence[str], places: Sequence[Sequence[Stretch]]) -> tuple[Vectors, Vectors]:
        self.do()
        return super().embed_within(texts, places)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Articles, indexed one by one."""
    monkeypatch.setattr(pipeline, "EMBED_BATCH", 1)
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"{number}.txt").write_text(f"“Bridge {number} is open,” said Ana Torvik, the mayor, on Monday.")
    ingest([folder], index=tmp_path / "index", embeddings=FakeEmbeddings())
    return folder


@pytest.fixture
def index(folder: Path) -> Path:
    return folder.parent / "index"


def said(store: Store) -> list[str]:
    return sorted(statement.quote.text for statement in store.statements(store.statement_ids()))


def again(index: Path, *paths: Path, embeddings: FakeEmbeddings | None = None) -> Report:
    return ingest(paths, index=index, embeddings=embeddings or FakeEmbeddings())


SAID = [f"“Bridge {number} is open,”" for number in range(COUNT)]


def test_an_index_of_another_extractor_is_refused_until_the_command_that_is_named_was_run(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "EXTRACTOR_VERSION", 99)
    with pytest.raises(StoreError, match=rf"extractor {NOW}, this .* 99: .* with `python -m ingest --index {index}`"):
        read_index(index)
    report = again(index)
    assert len(report.updated) == COUNT
    assert said(read_index(index)) == SAID
    assert again(index).embedded == 0


def test_an_index_that_notes_no_extractor_is_one_of_the_last_that_did_not(index: Path) -> None:
    with open_writer(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension) as store:
        noted = store._articles.metadata
        store._articles.modify(metadata={key: value for key, value in noted.items() if key != "extractor"})
    with pytest.raises(StoreError, match=f"built with extractor {LAST_UNNOTED}, "):
        read_index(index)


def test_a_run_killed_while_an_index_is_first_made_leaves_one_that_can_be_asked(index: Path) -> None:
    other = index.with_name("other")
    turns = iter(range(COUNT))

    def stop() -> None:
        if next(turns):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        again(other, index.parent / "articles", embeddings=Watched(stop))
    assert said(read_index(other)) == SAID[:1]


def test_a_run_over_some_files_makes_the_others_anew_from_what_is_stored(
    index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "EXTRACTOR_VERSION", 99)
    (folder / "0.txt").rename(folder.parent / "0.txt")
    folder.rename(folder.with_name("away"))
    report = again(index, folder.parent / "0.txt")
    assert len(report.updated) == COUNT
    assert said(read_index(index)) == SAID


def test_a_dry_run_tells_what_another_extractor_would_make_anew(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "EXTRACTOR_VERSION", 99)
    report = ingest(index=index, dry_run=True, embeddings=FakeEmbeddings())
    assert len(report.updated) == COUNT
    with pytest.raises(StoreError, match=f"extractor {NOW}"):
        read_index(index)


def test_while_it_is_made_anew_whoever_has_it_open_or_opens_it_is_answered(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, seen = read_index(index), []

    def ask() -> None:
        # Passages are embedded while no batch is written: readers are let in.
        seen.append((said(before), said(read_index(index)), before.search_quotes(vector, 1)))

    vector = FakeEmbeddings().embed(["Ana Torvik: Bridge 1 is open,"])[0]
    wanted = before.search_quotes(vector, 1)
    monkeypatch.setattr(rows, "EXTRACTOR_VERSION", 99)
    again(index, embeddings=Watched(ask))
    assert seen == [(SAID, SAID, wanted)] * COUNT


def test_a_run_that_is_broken_off_is_taken_up_by_the_command(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter(range(COUNT))

    def stop() -> None:
        if next(turns):
            raise KeyboardInterrupt

    monkeypatch.setattr(rows, "EXTRACTOR_VERSION", 99)
    with pytest.raises(KeyboardInterrupt):
        again(index, embeddings=Watched(stop))
    with pytest.raises(StoreError, match=f"extractor {NOW}"):
        read_index(index)
    assert len(again(index).updated) == COUNT - 1
    assert said(read_index(index)) == SAID


def test_another_model_s_index_is_made_beside_the_old_one_which_answers_meanwhile(index: Path, folder: Path) -> None:
    class Other(Watched):
        name = "other-words"

    before, seen = read_index(index), []
    new = index.with_name("new")
    again(new, folder, embeddings=Other(lambda: seen.append(said(before))))
    assert seen == [SAID] * COUNT
    assert said(open_store(new, model=Other.name, dimension=Other.dimension)) == SAID
    with pytest.raises(StoreError, match="built with model 'other-words'"):
        read_index(new)
