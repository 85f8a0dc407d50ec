"""Chat models of servers on this machine are found, offered with a word on what leaves it, and asked; no others are."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, expect

from rag.errors import ConfigError
from rag.models import local
from rag.models.local import Local, local_models, ports_asked
from rag.schema import Article
from tests.browser import Watch, ask
from tests.conftest import free_port
from tests.fakes import quote, record, write_index
from tests.payloads import PAYLOADS
from tests.proxy import serving
from web.conversation import CONFIGURED, EMBEDDED, begun, converse
from web.login import VARIABLE
from web.serve import application

DAM = Article("dam", "“The dam will hold,” Ida Hale said. “It is old,” Karl Poole said.")
QUESTION = "What did Ida Hale say about the dam?"
CHOSEN = {"chosen": [{"number": 1, "relation": "answers", "speaker": ""}]}


class Server(BaseHTTPRequestHandler):
    """An OpenAI-compatible server: lists its models, chooses the first statement, notes what it was asked."""

    models: Sequence[Any] = ("small-one",)
    prompts: list[dict[str, Any]]
    keys: list[str | None]
    wait = 0.0

    def do_GET(self) -> None:
        time.sleep(self.wait)
        if self.path != "/v1/models":
            self.send_error(404)
            return
        self.reply({"data": [{"id": name} for name in self.models]})

    def do_POST(self) -> None:
        self.keys.append(self.headers["Authorization"])
        self.prompts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        message = {"role": "assistant", "content": json.dumps(CHOSEN)}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        self.reply({"id": "1", "object": "chat.completion", "created": 1, "choices": [choice]})

    def reply(self, found: Any) -> None:
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):  # whoever asked had no time
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def handler() -> type[Server]:
    return type("Handler", (Server,), {"prompts": [], "keys": []})


@pytest.fixture
def port(handler: type[Server], monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server that the settings name."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("OTR_LLM", "embedded")
    monkeypatch.setattr(local, "_known", {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setenv("OTR_LLM_PORTS", str(running.server_port))
        yield running.server_port
        running.shutdown()


@pytest.fixture
def index(tmp_path: Path, fake_models: None) -> Path:
    write_index(
        tmp_path,
        record(DAM, quote(DAM, "“The dam will hold,”", by="Ida Hale"), quote(DAM, "“It is old,”", by="Karl Poole")),
    )
    return tmp_path


def found() -> list[str]:
    return [model.name for model in local_models()]


# ---------------------------------------------------------------------- looking for them


def test_the_models_of_a_server_on_this_machine_are_found_and_kept_for_a_while(
    port: int, handler: type[Server]
) -> None:
    assert local_models() == (Local("small-one", port),)
    handler.models = ["another"]
    assert found() == ["small-one"]
    local._known.clear()
    assert found() == ["another"]


@pytest.mark.parametrize(
    "listed",
    [
        {"data": 3},
        {"data": [3, None, {"id": 7}, {}]},
        [],
        "x",
        {},
        {"data": [{"id": ""}, {"id": "a\nb"}, {"id": "x" * 201}, {"id": "http://192.0.2.1/v1"}]},
    ],
)
def test_what_is_no_list_of_models_is_none(port: int, handler: type[Server], listed: Any) -> None:
    handler.do_GET = lambda self: self.reply(listed)  # type: ignore[method-assign]
    assert found() == []


def test_a_server_that_does_not_answer_holds_nobody_up(
    port: int, handler: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler.wait = 5.0
    monkeypatch.setattr(local, "SECONDS", 0.1)
    began = time.monotonic()
    assert found() == []
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("drips", ["headers", "body"])
def test_a_server_that_drips_out_its_list_is_cut_off(
    port: int, handler: type[Server], monkeypatch: pytest.MonkeyPatch, drips: str
) -> None:
    def drip(self: Server) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\n" + b"\r\n" * (drips == "body"))
        with suppress(OSError):
            for number in range(60):
                self.wfile.write(f"X-{number}: y\r\n".encode() if drips == "headers" else b" ")
                time.sleep(0.1)

    handler.do_GET = drip  # type: ignore[method-assign]
    began = time.monotonic()
    assert found() == []
    assert local.SECONDS <= time.monotonic() - began < 4


def test_where_nobody_listens_nothing_is_found(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTR_LLM_PORTS", str(free_port()))
    assert found() == []


def test_a_redirect_is_not_followed_and_no_proxy_is_asked(
    port: int, handler: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def redirect(self: Server) -> None:
        asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:{port}/elsewhere")
        self.end_headers()

    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
    handler.do_GET = redirect  # type: ignore[method-assign]
    assert found() == []
    assert asked == ["/v1/models"]


def test_only_this_machine_is_asked(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def connecting(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connecting)
    monkeypatch.delenv("OTR_LLM_PORTS")
    found()
    assert sorted(asked) == [("127.0.0.1", number) for number in (1234, 8000, 8080, 11434)]


def test_ollama_s_models_that_run_elsewhere_are_left_out(
    port: int, handler: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {"models": [{"name": "qwen"}, {"name": "big-cloud", "remote_host": "https://models.example"}]}
    handler.do_GET = lambda self: self.reply(listed)  # type: ignore[method-assign]
    monkeypatch.setattr(local, "OLLAMA_PORT", port)
    assert found() == ["qwen"]


@pytest.mark.parametrize(("given", "ports"), [("none", ()), ("1, 1,2", (1, 2))])
def test_the_ports_are_those_of_the_setting(
    monkeypatch: pytest.MonkeyPatch, given: str, ports: tuple[int, ...]
) -> None:
    monkeypatch.setenv("OTR_LLM_PORTS", given)
    assert ports_asked() == ports


@pytest.mark.parametrize("given", ["x", "1;2", "http://192.0.2.1", "-1", "0", "65536", "1,", "²"])
def test_what_is_no_list_of_ports_is_told(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("OTR_LLM_PORTS", given)
    with pytest.raises(ConfigError, match="OTR_LLM_PORTS"):
        ports_asked()


# ---------------------------------------------------------------------- asking them


def test_a_question_goes_to_the_model_that_was_chosen(port: int, handler: type[Server], index: Path) -> None:
    turn = begun(QUESTION, [], f"{port}:small-one")
    last = [*converse(turn, [], index)][-1]
    assert last.answer is not None
    assert (last.answer.judge, last.answer.note) == (f"small-one at 127.0.0.1:{port}", "")
    assert "The dam will hold" in last.answer.text
    assert [prompt["model"] for prompt in handler.prompts] == ["small-one"]
    # What was to stay on this machine goes to no other with a later question.
    assert last.stays


def test_a_server_that_was_found_is_sent_no_key_of_the_user_s(
    port: int, handler: type[Server], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine")
    assert [*converse(begun(QUESTION, [], f"{port}:small-one"), [], index)][-1].answer
    assert handler.keys == ["Bearer none"]


@pytest.mark.parametrize("key", ["80:evil", "small-one", "http://192.0.2.1/v1", "{port}:other"])
def test_no_other_address_is_asked_whatever_a_browser_sends(
    port: int, handler: type[Server], index: Path, key: str
) -> None:
    last = [*converse(begun(QUESTION, [], key.format(port=port)), [], index)][-1]
    assert last.failed
    assert last.status.startswith("That model is not found on this machine any more")
    assert handler.prompts == []


def test_without_a_choice_no_model_that_was_found_is_asked(port: int, handler: type[Server], index: Path) -> None:
    for choice in (CONFIGURED, EMBEDDED):
        assert [*converse(begun(QUESTION, [], choice), [], index)][-1].answer
    assert handler.prompts == []


def test_a_server_that_is_gone_is_stood_in_for_by_the_embedded_model(
    port: int, handler: type[Server], index: Path
) -> None:
    handler.do_POST = lambda self: self.send_error(500)  # type: ignore[method-assign]
    last = [*converse(begun(QUESTION, [], f"{port}:small-one"), [], index)][-1]
    assert last.answer is not None
    assert "small-one" not in last.answer.judge
    assert f"small-one at 127.0.0.1:{port}" in last.answer.note
    assert "The dam will hold" in last.answer.text


def test_looking_for_models_is_no_part_of_starting(port: int, handler: type[Server], index: Path) -> None:
    handler.wait = 5.0
    with TestClient(application(index, ["testserver"])) as client:
        assert client.get("/config").status_code == 200
    assert local._known == {}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_the_choice_on_the_page_is_obeyed_and_no_name_of_a_model_runs(
    port: int, handler: type[Server], index: Path, browser: Browser, width: int
) -> None:
    handler.models = [
        *(payload for payload in PAYLOADS if payload.isprintable() and "://" not in payload),
        "small-one",
    ][-20:]
    with serving(application(index), free_port()) as url:
        page = browser.new_page(viewport={"width": width, "height": 900})
        watch = Watch(page)
        page.goto(url)
        for name in ("small-one", handler.models[0]):
            page.get_by_label(f"{name} (to the server at 127.0.0.1:{port} on this machine)").check()
            ask(page, QUESTION)
            expect(page.locator(".otr-by").last).to_contain_text(f"Chosen by the model {name} at 127.0.0.1:{port}")
        assert handler.prompts[0]["model"] == "small-one"
        assert {prompt["model"] for prompt in handler.prompts} == {"small-one", handler.models[0]}
        assert page.locator("#otr-chat :is(script, img, iframe)").count() == 0
        assert page.evaluate("window.ran") is None
        assert (watch.outside, watch.dialogs) == ([], [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
