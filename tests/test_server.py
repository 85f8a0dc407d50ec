"""An index whose records lie on a Chroma server is the one in a folder, whoever is killed meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest import ingest, pipeline
from rag.errors import ConfigError, StoreError
from rag.index import chroma, server
from rag.index.derive import Deriver
from rag.index.store import Store
from rag.retrieval.retriever import Retriever
from rag.schema import Query
from tests.conftest import free_port
from tests.fakes import FakeEmbeddings, read_all, read_index
from tests.test_derived import tables

COUNT = 8
STEPS = ("modify", "add", "upsert", "delete", "put")
# Of what the tables hold, this names a state of Chroma.
TOKEN = "token"


class Running:
    """A real Chroma server, which can be killed and started again on its files."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = Path(sys.executable).with_name("chroma")
        given = [str(command), "run", "--path", str(self._folder / "chroma"), "--port", str(self._port)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(given, stdout=log, stderr=log, start_new_session=True)

    def kill(self) -> None:
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    found = Running(tmp_path_factory.mktemp("server"))
    yield found
    found.kill()


@pytest.fixture
def on_server(running: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The server, named to the program, which waits for it as long as a busy machine takes to start it."""
    monkeypatch.setenv(server.VARIABLE, running.address)
    monkeypatch.setattr(server, "PATIENCE", 240.0)
    return running


@pytest.fixture
def articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pipeline, "EMBED_BATCH", 1)
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(COUNT):
        write(folder, number, "Monday")
    return folder


def write(folder: Path, number: int, day: str) -> None:
    said = f"“Bridge {number} is open since {day},” said Ana Torvik, the mayor. “Quay {number} is shut,” Per Lund said."
    (folder / f"{number}.txt").write_text(said)


def in_folder(articles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The index of the articles in a folder, made at once."""
    with monkeypatch.context() as local:
        local.delenv(server.VARIABLE)
        index = articles.with_name("embedded")
        shutil.rmtree(index, ignore_errors=True)
        ingest([articles], index=index, embeddings=FakeEmbeddings())
        return index


def is_same(index: Path, articles: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """True when an index on a server has what one in a folder has, and answers the same; asserts that it does."""
    embedded = in_folder(articles, monkeypatch)
    on_it = read_index(index)
    with monkeypatch.context() as local:
        local.delenv(server.VARIABLE)
        here = read_index(embedded)
    assert on_it.place is not None
    assert here.place is None
    assert on_it.counts() == here.counts()
    assert read_all(on_it) == read_all(here)
    assert list(on_it.articles()) == list(here.articles())
    assert on_it.entries() == here.entries()
    ids = here.statement_ids()
    for id, vector in here.vectors(ids).items():
        assert np.array_equal(vector, on_it.vectors([id])[id])
    first, *others = tables(index)
    first_here, *others_here = tables(embedded)
    assert others == others_here
    assert [row for row in first if row[0] != TOKEN] == [row for row in first_here if row[0] != TOKEN]
    for words in ("Bridge 3 is open", "Quay 5", "Ana Torvik", "shut"):
        assert answers(on_it, words) == answers(here, words)
    return True


def answers(store: Store, words: str) -> list[tuple[str, float]]:
    hits = Retriever(store, FakeEmbeddings()).retrieve(Query(words, words), k=6)
    return sorted((hit.statement.id, round(hit.score, 6)) for hit in hits)


def run(articles: Path, index: Path, embeddings: FakeEmbeddings | None = None) -> pipeline.Report:
    return ingest([articles], index=index, embeddings=embeddings or FakeEmbeddings())


@pytest.mark.slow
def test_it_is_the_index_of_a_folder_and_answers_the_same_also_after_changes(
    on_server: Running, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    assert len(run(articles, index).added) == COUNT
    assert is_same(index, articles, monkeypatch)
    assert run(articles, index).embedded == 0
    write(articles, 1, "Tuesday")
    (articles / "2.txt").unlink()
    (articles / "3.txt").rename(articles / "moved.txt")
    report = run(articles, index)
    assert (report.updated, "2" in report.removed) == (("1",), True)
    assert is_same(index, articles, monkeypatch)
    assert not (index / "chroma.sqlite3").exists()
    monkeypatch.delenv(server.VARIABLE)  # the folder knows where its records are
    assert read_index(index).place == server.Place(on_server.address, server.place_of(index).id)  # type: ignore[union-attr]


@pytest.mark.slow
def test_indexes_on_one_server_do_not_meet(on_server: Running, articles: Path, tmp_path: Path) -> None:
    run(articles, tmp_path / "one")
    (articles / "0.txt").unlink()
    run(articles, tmp_path / "other")
    assert read_index(tmp_path / "one").counts()[0] == COUNT
    assert read_index(tmp_path / "other").counts()[0] == COUNT - 1


@pytest.mark.slow
def test_a_run_goes_on_when_the_server_is_killed_and_started_again_in_the_middle(
    on_server: Running, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[int] = []

    class Killing(FakeEmbeddings):
        def embed_within(self, texts: Sequence[str], places: Sequence[Sequence[Any]]) -> Any:
            embedded.append(len(texts))
            if len(embedded) == COUNT // 2:
                on_server.kill()
                threading.Timer(1, on_server.start).start()
            return super().embed_within(texts, places)

    index = tmp_path / "index"
    assert len(run(articles, index, Killing()).added) == COUNT
    assert len(embedded) == COUNT
    assert is_same(index, articles, monkeypatch)


@pytest.mark.slow
def test_who_asks_while_the_server_is_away_is_told_and_is_answered_when_it_is_back(
    on_server: Running, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    run(articles, index)
    store = read_index(index)
    before = answers(store, "Bridge 3")
    on_server.kill()
    try:
        monkeypatch.setattr(server, "PATIENCE", 0.1)
        told = rf"The Chroma server at {on_server.address} does not answer \(ConnectError\): start it"
        for ask in (lambda: answers(store, "Bridge 4"), lambda: read_index(index), lambda: run(articles, index)):
            with pytest.raises(StoreError, match=told):
                ask()
    finally:
        on_server.start()
    monkeypatch.setattr(server, "PATIENCE", 240.0)
    assert answers(store, "Bridge 3") == before
    assert is_same(index, articles, monkeypatch)


class Killed(BaseException):
    """The end of a run in the middle of a step."""


@pytest.mark.slow
@pytest.mark.parametrize("step", [f"{at} {call}" for call in STEPS for at in ("before", "after")])
def test_a_run_that_is_killed_at_any_step_is_taken_up(
    on_server: Running, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    at, call = step.split()
    index, calls = tmp_path / "index", iter(range(99))
    run(articles, index)
    for number in (1, 2):
        write(articles, number, "Tuesday")
    (articles / "3.txt").unlink()

    def killing(do: Callable[..., Any]) -> Callable[..., Any]:
        def done(*given: Any, **named: Any) -> Any:
            is_now = getattr(given[0], "__name__", "put") == call and next(calls) == (call != "delete")
            if is_now and at == "before":
                raise Killed
            found = do(*given, **named)
            if is_now:
                raise Killed
            return found

        return done

    with monkeypatch.context() as at_it:
        at_it.setattr(server, "patiently", killing(server.patiently))
        at_it.setattr(Deriver, "put", killing(Deriver.put))
        with pytest.raises(Killed):
            run(articles, index)
    # Who opens it now sees whole articles, each as the server has it: as it was before or is now.
    store = read_index(index)
    read_all(store)
    assert {entry.id: entry for entry in store.records()} == store.entries()
    run(articles, index)
    assert is_same(index, articles, monkeypatch)


@pytest.mark.parametrize(
    "given", ["localhost:8000", "ftp://host", "http://", "http://u:p@host", "http://host/path", "http://host:x"]
)
def test_what_is_no_address_of_a_server_is_told(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(server.VARIABLE, given)
    with pytest.raises(ConfigError, match="expected http://host:port"):
        run(tmp_path, tmp_path / "index")


def test_an_index_in_its_folder_is_not_taken_for_one_on_a_server(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    run(articles, index)
    monkeypatch.setenv(server.VARIABLE, "http://127.0.0.1:9")
    for ask in (lambda: read_index(index), lambda: run(articles, index)):
        with pytest.raises(ConfigError, match="has its records in its folder"):
            ask()


def test_the_file_that_names_the_server_is_told_when_it_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / server.FILE).write_text("no JSON")
    with pytest.raises(StoreError, match="names the server"):
        read_index(tmp_path)


def test_the_token_is_sent_and_its_refusal_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str | None] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent.append(self.headers["Authorization"])
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as refusing:
        threading.Thread(target=refusing.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv(server.VARIABLE, f"http://127.0.0.1:{refusing.server_port}")
        monkeypatch.setenv(server.TOKEN, "secret-word")
        with pytest.raises(StoreError, match="could not do what it was asked") as told:
            run(tmp_path, tmp_path / "index")
        refusing.shutdown()
    assert {*sent} == {"Bearer secret-word"}
    assert "secret-word" not in str(told.value)


def test_a_folder_needs_no_server(articles: Path, tmp_path: Path) -> None:
    run(articles, tmp_path / "index")
    assert server.place_of(tmp_path / "index") is None
    assert isinstance(read_index(tmp_path / "index"), chroma.Chroma)
