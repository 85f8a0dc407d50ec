"""Articles prepared by a Ray cluster make the index that one process makes, though a worker is killed meanwhile."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from ingest import ingest, on_ray
from rag.errors import ConfigError
from rag.index.store import COLLECTIONS, open_store
from rag.models.embeddings import load_embeddings
from rag.pipeline import ask
from tests.conftest import SEEDS

QUESTION = "What did Mayor Solvane say about the second tug?"


def rows(index: Path) -> dict[str, Any]:
    model = load_embeddings()
    store = open_store(index, model=model.name, dimension=model.dimension)
    found: dict[str, Any] = {}
    for name in COLLECTIONS:
        made = getattr(store, f"_{name}").get(include=["documents", "metadatas", "embeddings"])
        order = sorted(range(len(made["ids"])), key=made["ids"].__getitem__)
        for key in ("ids", "documents", "metadatas"):
            found[f"{name} {key}"] = [made[key][i] for i in order]
        found[f"{name} vectors"] = np.asarray(made["embeddings"])[order]
    store.close()
    return found


def stranger_is_told(address: str) -> str:
    """What a process without this cluster's word is told when it joins it."""
    code = f"import ray; ray.init({address!r}, log_to_driver=False)"
    known = {name: value for name, value in os.environ.items() if not name.startswith("RAY_AUTH")}
    joined = subprocess.run(
        [sys.executable, "-c", code], env=known, capture_output=True, text=True, timeout=120, check=False
    )
    return joined.stderr if joined.returncode else "come in"


def workers() -> list[int]:
    """The processes that prepare articles for this one."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    ours = {os.getpid()}
    while more := {int(pid) for pid, parent, _ in rows if int(parent) in ours} - ours:
        ours |= more
    return [int(pid) for pid, _, command in rows if int(pid) in ours and command.startswith("ray::Worker")]


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.timeout(1800)  # A busy machine of two slow cores takes nine minutes.
def test_a_cluster_that_loses_a_worker_makes_the_same_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []
    told: list[str] = []

    def kill_one(done: int, _total: int, _name: str) -> None:
        if done > 4 and not killed and (found := workers()):
            killed.append(found[0])
            os.kill(found[0], signal.SIGKILL)
            import ray  # after the run has started its cluster

            told.append(stranger_is_told(ray.get_runtime_context().gcs_address))

    monkeypatch.setattr(on_ray, "ARTICLES", 1)
    monkeypatch.setattr(on_ray, "AHEAD", 1)
    spread = ingest([SEEDS], index=tmp_path / "spread", ray="local", progress=kill_one)
    alone = ingest([SEEDS], index=tmp_path / "alone")
    assert killed
    assert "InvalidAuthToken" in told[0]
    assert replace(spread, embedded=0) == replace(alone, embedded=0)
    found, wanted = rows(tmp_path / "spread"), rows(tmp_path / "alone")
    for name, value in wanted.items():
        if name.endswith("vectors"):
            assert (found[name] * value).sum(axis=1).min() > 0.9999, name
        else:
            assert found[name] == value, name
    answers = [ask(QUESTION, index=tmp_path / name) for name in ("spread", "alone")]
    assert answers[0].citations
    assert answers[0].to_dict() == answers[1].to_dict()
    assert workers() == []


def test_a_cluster_is_not_started_open_to_other_machines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", ModuleType("ray"))
    monkeypatch.delenv("RAY_AUTH_TOKEN", raising=False)
    with pytest.raises(ConfigError, match="set RAY_AUTH_MODE=token"):
        ingest([SEEDS], index=tmp_path / "index", ray="local")


def test_a_worker_with_another_model_is_told_of(fake_models: None) -> None:
    with pytest.raises(ConfigError, match=r"embeds with '.+' where this run does with 'another'"):
        on_ray.Worker().prepare([], "another")


def test_a_dry_run_starts_no_cluster(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="leave one of them out"):
        ingest([SEEDS], index=tmp_path / "index", ray="local", dry_run=True)


def test_without_ray_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ConfigError, match=r'pip install "\.\[ray\]"'):
        ingest([SEEDS], index=tmp_path / "index", ray="local")


def test_an_address_without_a_cluster_is_named(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(ConfigError, match=rf"no Ray cluster at '127\.0\.0\.1:{port}' .*: give the address"):
        ingest([SEEDS], index=tmp_path / "index", ray=f"127.0.0.1:{port}")


def test_files_behind_the_option_are_not_taken_for_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    from ingest.__main__ import main

    with pytest.raises(SystemExit):
        main(["--ray", str(SEEDS)])
    assert "name what to index before --ray" in capsys.readouterr().err
