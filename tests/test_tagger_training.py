"""The tagger's training, small: from articles with marked attributions to weights."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.quoting.tagger import Tagger
from tests.conftest import ROOT

pytestmark = [pytest.mark.model, pytest.mark.slow]

SAID, NAME, QUOTED = "said", "Ida Halvorsen", "“The ferry leaves at noon,”"
TEXT = f"{QUOTED} {SAID} {NAME}, who runs the quay. It rained all day, and nobody was there to see it go."


def place(words: str) -> list[list[int]]:
    start = TEXT.index(words)
    return [[start, start + len(words)]]


def run(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_small_training_of_the_tagger_ends_in_weights_that_the_product_loads_and_finds_what_it_learnt_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = [{"content": place(QUOTED), "cue": place(SAID), "source": place(NAME)}]
    rows = [json.dumps({"id": f"a{number}", "text": TEXT, "attributions": marked}) for number in range(28)]
    train, folder, out = tmp_path / "train.jsonl", tmp_path / "run", tmp_path / "out"
    train.write_text("\n".join(rows), encoding="utf-8")
    settings = "--epochs", "2", "--held-out", "4", "--batch", "2", "--rate", "5e-4"
    assert "held out: piece F1" in run("training.tagger.train", str(train), str(folder), *settings)
    told = run("training.tagger.export", str(train), str(out), str(folder / "epoch2.pt"))
    hashes = {Path(file).name: sha for file, sha in re.findall(r"(.*): \d+ bytes, SHA-256 (\w+)", told)}
    assert sorted(hashes) == ["network1.onnx", "words.npz"]
    monkeypatch.setattr("ingest.quoting.tagger.SHA256", dict(sorted(hashes.items(), reverse=True)))
    [quote] = Tagger.load(out).tag(TEXT)
    assert quote.source
    assert [TEXT[slice(*span)] for span in (*quote.content, quote.source)] == [QUOTED, NAME]
