"""Fixtures shared by the tests that use the real stack: an index of the sample articles, and a running chat."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from rag.schema import Article
from tests.browser import CHROMIUM_OPTIONS, open_page
from tests.fakes import FakeEmbeddings, FakeJudge, FakeTagger, quote, record, write_index
from tests.site import Does, public_site
from web import logs
from web.login import VARIABLE

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
# Starting means importing torch and Gradio and loading the embedding model: 15 s on two busy cores.
START_SECONDS = 120
HELD_SECONDS = 0.4  # How long a model that takes its time holds each request.
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

StartChat = Callable[..., AbstractContextManager[str]]


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """What a test sets of the log ends with it."""
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in logs.OURS]
    handlers = list(root.handlers)
    yield
    logging.captureWarnings(False)
    root.handlers[:] = [each for each in root.handlers if each in handlers]
    for each in ours:
        each.setLevel(logging.NOTSET)


@pytest.fixture
def fake_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public functions over stand-ins for all models."""
    from rag import pipeline
    from rag.judging.embedded import EmbeddedJudge
    from rag.understanding.embedded import QuestionTagger
    from rag.verification import verify

    for module in (pipeline, verify):
        monkeypatch.setattr(module, "load_embeddings", FakeEmbeddings)
    monkeypatch.setattr(EmbeddedJudge, "load", FakeJudge)
    monkeypatch.setattr(QuestionTagger, "load", FakeTagger)
    monkeypatch.setattr(pipeline, "_chains", {})
    monkeypatch.setenv("OTR_LLM", "embedded")


@pytest.fixture
def dam_index(tmp_path: Path, fake_models: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of one article, in which Ida Hale says that the dam will hold; nobody has to log in."""
    monkeypatch.delenv(VARIABLE, raising=False)
    dam = Article("dam", "“The dam will hold,” Ida Hale said.")
    write_index(tmp_path, record(dam, quote(dam, "“The dam will hold,”", by="Ida Hale")))
    return tmp_path


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Does]]:
    """What the site lock.example does at each path."""
    with public_site(monkeypatch) as does:
        yield does


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of seeds/ made with the real embedding model. Read it; copy it before writing to it."""
    from ingest import ingest

    index = tmp_path_factory.mktemp("seeds") / "index"
    report = ingest([SEEDS], index=index)
    assert not report.failed
    return index


@pytest.fixture(scope="session")
def start_chat(tmp_path_factory: pytest.TempPathFactory) -> StartChat:
    """`with start_chat(index, OTR_LLM="embedded") as url:` serves app.py over an index, then stops it."""

    @contextmanager
    def start(index: Path, **environment: str) -> Iterator[str]:
        port = free_port()
        command = [sys.executable, str(ROOT / "app.py"), "--index", str(index), "--port", str(port)]
        log = tmp_path_factory.mktemp("log") / "chat.log"
        # A proxy that takes no connection: whatever the program would send out fails, its talk to itself must not.
        settings = os.environ | dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9") | environment
        with log.open("w") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=output, stderr=output)
        try:
            _wait(f"http://127.0.0.1:{port}/", process, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    return start


@pytest.fixture(scope="session")
def chat_index(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index that `chat` answers from; the tests of a session add to it."""
    index = tmp_path_factory.mktemp("chat") / "index"
    shutil.copytree(seeds_index, index)
    return index


@pytest.fixture(scope="session")
def chat(start_chat: StartChat, chat_index: Path) -> Iterator[str]:
    """The address of a chat with the embedded judge."""
    with start_chat(chat_index, OTR_LLM="embedded") as url:
        yield url


class _Refusing(BaseHTTPRequestHandler):
    """A model's server that takes its time and then refuses, so that the embedded judge does the work."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"data": [{"id": "refusing"}]}')

    def do_POST(self) -> None:
        time.sleep(HELD_SECONDS)
        self.send_error(400)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def slow_chat(start_chat: StartChat, chat_index: Path) -> Iterator[str]:
    """The address of a chat whose answers take a second or more, on any machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with start_chat(chat_index, OTR_LLM=f"http://127.0.0.1:{server.server_port}/v1") as url:
            yield url
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, CHROMIUM_NAMES)]
    executable = next(filter(None, found), None)
    if executable is None:
        pytest.fail(f"the browser tests need one of {', '.join(CHROMIUM_NAMES)} on PATH, or its path in CHROMIUM")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS.split())


@pytest.fixture
def page(browser: Browser, chat: str) -> Iterator[Page]:
    """The chat, open; at the end, a failure if the page did what it must not."""
    yield from open_page(browser, chat, 1280, 900)


@pytest.fixture
def slow_page(browser: Browser, slow_chat: str) -> Iterator[Page]:
    """The same of the chat that takes its time."""
    yield from open_page(browser, slow_chat, 1280, 900)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the chat did not start: {log.read_text()}")
