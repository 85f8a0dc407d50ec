"""The figures at /metrics: each question is counted once, by how it ended; door and login cannot be passed by."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

import rag
from rag import lookup, pipeline
from rag.errors import ModelError
from rag.schema import Article
from tests.fakes import in_own_loop, quote, record, write_index
from web import login
from web.conversation import Turn, begun
from web.line import Line
from web.login import VARIABLE
from web.metrics import Metrics
from web.running import grown
from web.serve import application

DAM = Article("dam", "“The dam will hold,” Ida Hale said. “It is old,” she said.")
ANN = ("ann", "secret")


@pytest.fixture
def index(tmp_path: Path, fake_models: None) -> Path:
    statements = (quote(DAM, "“The dam will hold,”", by="Ida Hale"), quote(DAM, "“It is old,”", by="Ida Hale"))
    write_index(tmp_path, record(DAM, *statements))
    return tmp_path


@pytest.fixture
def client(index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv(VARIABLE, ":".join(ANN))
    monkeypatch.setattr(login, "SLOW", 0.0)
    with TestClient(application(index, ["testserver"]), raise_server_exceptions=False) as made:
        yield made


def figures(text: str) -> dict[str, float]:
    """Every figure by its name, with the outcome where it has one."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {" ".join([each.name, *each.labels.values()]): each.value for each in samples}


def of(metrics: Metrics) -> dict[str, float]:
    return figures(metrics.text().decode())


def test_questions_of_programs_are_counted_by_how_they_ended(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise ModelError("The model is gone.")

    for question in ("What did Ida Hale say about the dam?", "Who sang?", " "):
        client.post("/api/ask", json={"question": question}, auth=ANN)
    monkeypatch.setattr(rag, "ask", failing)
    client.post("/api/ask", json={"question": "Who said what?"}, auth=ANN)
    reply = client.get("/metrics", auth=ANN)
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = figures(reply.text)
    # What cannot be asked at all is no question.
    assert found["otr_questions_asked_total"] == found["otr_answer_seconds_count"] == 3
    ended = {name.split()[1]: count for name, count in found.items() if name.startswith("otr_questions_ended_total")}
    assert ended == {"answered": 1, "not_answered": 1, "failed": 1, "stopped": 0}
    assert (found["otr_articles"], found["otr_statements"]) == (1, 2)
    assert "Hale" not in reply.text
    assert found["process_resident_memory_bytes"] > 0


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer secret"}])
@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "//metrics", "/health/../metrics", "/%6detrics"])
def test_the_login_cannot_be_passed_by(client: TestClient, path: str, headers: dict[str, str]) -> None:
    reply = client.get(path, headers=headers, follow_redirects=False)
    assert (reply.status_code, "otr_" in reply.text) == (401, False)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "http://evil.example"}, 403), ({"Sec-Fetch-Site": "same-site"}, 403)],
)
def test_the_door_cannot_be_passed_by(client: TestClient, headers: dict[str, str], status: int) -> None:
    reply = client.get("/metrics", headers=headers, auth=ANN)
    assert (reply.status_code, "otr_" in reply.text) == (status, False)


def test_who_waits_and_who_is_answered_is_told(index: Path) -> None:
    async def scene() -> None:
        metrics = Metrics(index)
        line = Line(2, watchers=(metrics,))
        places = [line.enter() for _ in range(5)]
        assert [of(metrics)[f"otr_questions_{state}"] for state in ("waiting", "answering")] == [3, 2]
        for place in places:
            place.leave()
        found = of(metrics)
        assert [found[f"otr_questions_{state}"] for state in ("waiting", "answering")] == [0, 0]
        assert found["otr_questions_ended_total stopped"] == found["otr_wait_seconds_count"] == 5
        assert found["otr_answer_seconds_count"] == 0

    in_own_loop(scene())


def test_questions_of_the_page_are_counted_by_how_they_ended(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        metrics = Metrics(index)
        line = Line(1, watchers=(metrics,))

        async def ask(question: str, index: Path = index) -> list[Turn]:
            return [turn async for turn in grown(begun(question, []), [], index, line, asyncio.Event())]

        await ask("What did Ida Hale say about the dam?")
        await ask("Who sang?")
        await ask("Who?", index / "none")
        stop = asyncio.Event()
        stop.set()
        assert [turn async for turn in grown(begun("Who?", []), [], index, line, stop)] == []
        while of(metrics)["otr_questions_answering"]:
            await asyncio.sleep(0.01)
        ended = [of(metrics)[f"otr_questions_ended_total {how}"] for how in ("answered", "not_answered", "failed")]
        assert ended == [1, 1, 1]
        assert of(metrics)["otr_questions_ended_total stopped"] == 1

    in_own_loop(scene())


def test_a_scrape_loads_no_model(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def loading(*_: object) -> None:
        raise AssertionError("a model is loaded")

    monkeypatch.setattr(pipeline, "open_chain", loading)
    monkeypatch.setattr(lookup, "open_chain", loading)
    assert of(Metrics(index))["otr_statements"] == 2


def test_without_an_index_the_other_figures_are_there(tmp_path: Path) -> None:
    found = of(Metrics(tmp_path / "none"))
    assert "otr_articles" not in found
    assert found["otr_questions_asked_total"] == 0
