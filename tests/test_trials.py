"""`bench/reliability.py` in its short form, and what it relies on: whoever opens an index is alone with it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from rag.errors import StoreError
from rag.index import locks
from rag.index.locks import alone
from tests.conftest import ROOT
from tests.fakes import read_index, write_index


@pytest.mark.slow
def test_kills_full_disks_readers_and_broken_files_cost_nothing() -> None:
    options = "--short --kills 4 --disks 1 --updates 1 --files 24 --json"
    parts = [word for part in ("kills", "full disks", "readers", "files") for word in ("--only", part)]
    command = [sys.executable, str(ROOT / "bench" / "reliability.py"), *options.split(), *parts]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["kills"]["right"] == [4, 4]
    assert figures["readers"]["asked"]


@pytest.mark.slow
def test_power_cuts_cost_nothing() -> None:
    command = [sys.executable, str(ROOT / "bench" / "reliability.py"), "--only", "power cuts", "--cuts", "4", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    cuts = json.loads(done.stdout)["power cuts"]
    assert cuts.get("right") == [4, 4], cuts


def test_an_index_is_opened_and_written_by_one_at_a_time(tmp_path: Path) -> None:
    write_index(tmp_path)
    done = threading.Event()

    def read() -> None:
        read_index(tmp_path).close()
        done.set()

    with alone(tmp_path):
        reader = threading.Thread(target=read)
        reader.start()
        assert not done.wait(0.5)
    assert done.wait(30)
    reader.join()


def test_an_index_that_is_never_free_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_index(tmp_path)
    monkeypatch.setattr(locks, "PATIENCE", 0.1)
    with alone(tmp_path), pytest.raises(StoreError, match=r"opening the index in .*: try again in a minute"):
        read_index(tmp_path)
