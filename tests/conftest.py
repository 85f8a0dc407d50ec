"""Fixtures shared by the tests that use the real stack: an index of the sample articles, and a running chat."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.fakes import FakeEmbeddings, FakeJudge, FakeTagger

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
# Starting means importing torch and Gradio and loading the embedding model: 15 s on two busy cores.
START_SECONDS = 120

StartChat = Callable[..., AbstractContextManager[str]]


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


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of seeds/ made with the real embedding model. Read it; copy it before writing to it."""
    from ingest import ingest

    index = tmp_path_factory.mktemp("seeds") / "index"
    report = ingest([SEEDS], index=index)
    assert not report.failed
    return index


@pytest.fixture(scope="session")
def start_chat(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> StartChat:
    """`with start_chat(OTR_LLM="embedded") as url:` serves app.py over a copy of the seeds index, then stops it."""

    @contextmanager
    def start(**environment: str) -> Iterator[str]:
        index = tmp_path_factory.mktemp("chat") / "index"
        shutil.copytree(seeds_index, index)
        port = free_port()
        command = [sys.executable, str(ROOT / "app.py"), "--index", str(index), "--port", str(port)]
        log = index.parent / "chat.log"
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
def chat(start_chat: StartChat) -> Iterator[str]:
    """The address of a chat with the embedded judge."""
    with start_chat(OTR_LLM="embedded") as url:
        yield url


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
