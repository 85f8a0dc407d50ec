"""The log: text or JSON, each request and question told once, and no words of an article or an asker unless wanted."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import app
import rag
from rag.errors import ConfigError
from rag.schema import Article
from tests.fakes import quote, record, write_index
from web import logs, serve
from web.login import VARIABLE as AUTH
from web.logs import set_up

DAM = Article("dam", "“The dam will hold,” Ida Hale said.")
QUESTION = "What did Ida Hale say about the dam?"
SECRETS = ("Hale", "dam will", "sang", "secret")


@pytest.fixture
def index(tmp_path: Path, fake_models: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in (AUTH, logs.VARIABLE, logs.QUESTIONS):
        monkeypatch.delenv(variable, raising=False)
    write_index(tmp_path, record(DAM, quote(DAM, "“The dam will hold,”", by="Ida Hale")))
    return tmp_path


def served(index: Path) -> TestClient:
    return TestClient(serve.application(index, ["testserver"]), raise_server_exceptions=False)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What stands on stderr, of which every line is one JSON object."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def ask_all(index: Path) -> None:
    with served(index) as client:
        client.post("/api/ask", json={"question": QUESTION}, headers={"X-Request-ID": "from-the-proxy"})
        client.post("/api/ask", json={"question": "Who sang?"})
        client.get("/api/quotes", params={"words": "dam will hold", "speaker": "Hale"})
        client.get("/reading/dam", params={"spans": "0-20"})
        client.get("/", params={"q": "secret"})
        client.get("/no/such/secret")


def test_json_has_a_line_for_each_request_and_question_without_their_words(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("json")
    ask_all(index)
    found = lines(capsys)
    routes = [line["route"] for line in found if "route" in line]
    assert routes[:4] == ["/api/ask", "/api/ask", "/api/quotes", "/reading/{article_id:path}"]
    first, second = (line for line in found if line["message"] == "POST /api/ask 200")
    assert (first["level"], first["logger"], first["status"]) == ("INFO", "web.logs", 200)
    assert (first["request"], len(second["request"])) == ("from-the-proxy", 16)
    assert first["seconds"] >= 0
    assert first["time"].endswith("+00:00")
    told, untold = (line for line in found if "outcome" in line)
    assert [told["outcome"], untold["outcome"]] == ["answered", "not_answered"]
    assert [told["request"], untold["request"]] == ["from-the-proxy", second["request"]]
    assert {"seconds", "waited"} <= told.keys()
    assert [secret for secret in SECRETS if secret in json.dumps(found, ensure_ascii=False)] == []


def test_questions_are_written_when_that_is_wished(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(logs.QUESTIONS, "1")
    set_up("json")
    ask_all(index)
    assert [line["question"] for line in lines(capsys) if "question" in line] == [QUESTION, "Who sang?"]


def test_text_is_the_default_and_has_warnings_alone(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    set_up()
    ask_all(index)
    logging.getLogger("web").warning("the models are not ready")
    assert capsys.readouterr().err == "the models are not ready\n"


def test_what_was_refused_has_its_line_too(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(AUTH, "ann:secret")
    set_up("json")
    with served(index) as client:
        client.get("/api/people")
        client.get("/api/people", auth=("ann", "secret"))
        client.get("/api/people", headers={"Host": "evil.example"})
    assert [line["status"] for line in lines(capsys)] == [401, 200, 421]


@pytest.fixture
def raised() -> Iterator[tuple[type[BaseException], BaseException, Any]]:
    try:
        try:
            raise KeyError(QUESTION)
        except KeyError as cause:
            raise ValueError(SECRETS[-1]) from cause
    except ValueError as error:
        yield (ValueError, error, error.__traceback__)


@pytest.mark.parametrize("form", logs.FORMS)
@pytest.mark.parametrize("wanted", ["0", "1"])
def test_what_an_exception_says_is_written_when_questions_are_wanted(
    form: str, wanted: str, raised: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(logs.QUESTIONS, wanted)
    set_up(form)
    logging.getLogger("web").error("answering failed", exc_info=raised)
    written = capsys.readouterr().err
    assert "answering failed" in written
    assert written.index("KeyError") < written.index("ValueError")
    assert "test_logs.py" in written
    assert [word for word in ("Hale", ": secret") if word in written] == (["Hale", ": secret"] if wanted == "1" else [])


def test_a_request_that_breaks_is_500_and_its_words_stay_out(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError(QUESTION)

    monkeypatch.setattr(rag, "ask", broken)
    set_up("json")
    with served(index) as client:
        assert client.post("/api/ask", json={"question": QUESTION}).status_code == 500
        assert client.post("/gradio_api/call/ask", json={"data": [QUESTION, None]}).status_code in (200, 500)
    written = capsys.readouterr().err
    found = [json.loads(line) for line in written.splitlines()]
    assert [line["status"] for line in found if line.get("route") == "/api/ask"] == [500]
    assert "failed" in [line.get("outcome") for line in found]
    assert [secret for secret in SECRETS if secret in written] == []


@pytest.mark.parametrize("given", ["a b", "x" * 65, "é", ""])
def test_an_id_that_could_break_the_log_is_not_taken(index: Path, given: str) -> None:
    with served(index) as client:
        reply = client.get("/health", headers={b"X-Request-ID": given.encode()})
    assert len(reply.headers["x-request-id"]) == 16


@pytest.mark.parametrize(("variable", "value"), [(logs.VARIABLE, "xml"), (logs.QUESTIONS, "yes")])
def test_a_setting_that_cannot_be_read_is_told_in_one_line(
    variable: str, value: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError, match=f"{variable} is '{value}'; expected"):
        set_up()
    assert app.main([]) == 1
    assert capsys.readouterr().err.count("\n") == 1
