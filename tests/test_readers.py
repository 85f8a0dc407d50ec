"""Readers while another process brings the index up to date: what holds before and after is answered all the time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest import ingest
from rag import ask, pipeline
from rag.errors import StaleError
from rag.index.opening import open_writer
from rag.schema import Answer
from tests.conftest import ROOT
from tests.fakes import FakeEmbeddings, articles_of, read_all, read_index

ARTICLES = 12
DAYS = ("Monday", "Tuesday")
# Writes one article at a time and waits between them, so that a reader comes in at every state; twice over.
UPDATES = """
import sys, time
from pathlib import Path
from typing import Any
import ingest.pipeline
from tests.fakes import FakeEmbeddings
ingest.pipeline.EMBED_BATCH = 1
for before, after in (("Monday", "Tuesday"), ("Tuesday", "Monday")):
    for path in Path(sys.argv[1]).iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    ingest.pipeline.ingest([sys.argv[1]], index=sys.argv[2], embeddings=FakeEmbeddings(),
                           progress=lambda *_: time.sleep(0.05))
"""


def text_of(number: int, day: str) -> str:
    return (
        f"On {day}, keeper{number} Moe{number} spoke of lamp{number}.\n\n"
        f"“The lamp{number} will not be lit again,” said Ida Moe{number}, the keeper.\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"a{number}.txt").write_text(text_of(number, DAYS[0]), encoding="utf-8")
    return folder


@pytest.fixture
def index(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    ingest([folder], index=tmp_path / "index", embeddings=FakeEmbeddings())
    monkeypatch.setattr(pipeline, "load_embeddings", FakeEmbeddings)
    monkeypatch.setattr(pipeline, "_chains", {})
    monkeypatch.setenv("OTR_LLM", "none")
    return tmp_path / "index"


def check(answer: Answer, number: int) -> None:
    assert answer.answered, answer.text
    for citation in answer.citations[:1]:
        assert citation.speaker == f"Ida Moe{number}"
        assert citation.article_id == f"a{number}"
        texts = [text_of(number, day) for day in DAYS]
        assert any(text[citation.start : citation.end].strip("“”,") in citation.quote for text in texts)


def ask_until_done(process: subprocess.Popen[str], ask_one: Callable[[int], None]) -> int:
    asked = 0
    while process.poll() is None:
        ask_one(asked % ARTICLES)
        asked += 1
    output, _ = process.communicate()
    assert process.returncode == 0, output
    return asked


def update(folder: Path, index: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", UPDATES, str(folder), str(index)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.mark.slow
def test_an_open_reader_answers_throughout_two_updates(folder: Path, index: Path) -> None:
    def one(number: int) -> None:
        check(ask(f"What did Ida Moe{number} say about lamp{number}?", index=index), number)

    one(0)
    # A slow machine that has other work asks ten while an update runs, a fast one many more.
    assert ask_until_done(update(folder, index), one) > ARTICLES // 3


@pytest.mark.slow
def test_every_opening_during_two_updates_gives_a_whole_state(folder: Path, index: Path) -> None:
    def one(number: int) -> None:
        pipeline._chains.clear()
        check(ask(f"What did Ida Moe{number} say about lamp{number}?", index=index), number)

    assert ask_until_done(update(folder, index), one)


def change(folder: Path, index: Path) -> None:
    for path in folder.iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace(*DAYS), encoding="utf-8")
    ingest([folder], index=index, embeddings=FakeEmbeddings())


def test_a_reader_holds_the_state_it_was_opened_with(folder: Path, index: Path) -> None:
    reader = read_index(index)
    ids = read_all(reader).ids
    with open_writer(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension) as writer:
        writer.remove(["a0"])
        assert {s.article.id for s in reader.statements(ids)} == {f"a{n}" for n in range(ARTICLES)}
        assert len(reader.vectors(ids)) == len(ids)
        assert set(articles_of(read_index(index))) == {f"a{n}" for n in range(1, ARTICLES)}
    assert reader.article("a0").text == text_of(0, DAYS[0])


def test_a_reader_whose_rows_are_gone_says_so(folder: Path, index: Path) -> None:
    reader = read_index(index)
    ids = read_all(reader).ids
    change(folder, index)
    with pytest.raises(StaleError, match="was brought up to date just now: ask again"):
        reader.statements(ids)


def test_a_question_overtaken_by_a_run_is_answered_from_its_result(
    folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrieve, runs = pipeline.Chain._retrieve, iter([1])

    def slow(chain: pipeline.Chain, query: Any) -> Any:
        for _ in runs:
            change(folder, index)
        return retrieve(chain, query)

    monkeypatch.setattr(pipeline.Chain, "_retrieve", slow)
    check(ask("What did Ida Moe3 say about lamp3?", index=index), 3)
