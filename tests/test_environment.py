"""The switches that keep libraries quiet are set by whichever package is imported first, before any library is."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from rag.environment import SETTINGS
from tests.conftest import ROOT

# Notes the switches at the first import of a library that reads one.
CODE = """
import json, os, sys
from importlib.abc import MetaPathFinder
class Watch(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in {"onnxruntime", "chromadb", "gradio", "huggingface_hub", "tokenizers", "langsmith", "numpy"}:
            seen.append({key: os.environ.get(key) for key in keys})
keys, seen = json.loads(sys.argv[1]), []
sys.meta_path.insert(0, Watch())
import %s
print(json.dumps([*seen, {key: os.environ.get(key) for key in keys}]))
"""


def settled(module: str, **environment: str) -> list[dict[str, str]]:
    """The switches as they stand at each import of a library that `module` causes, and after it."""
    clean = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    command = [sys.executable, "-c", CODE % module, json.dumps([*SETTINGS])]
    done = subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=True)
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("module", ["rag", "rag.index.store", "ingest", "ingest.quoting.tagger", "app"])
def test_the_switches_are_set_before_any_library_is_imported(module: str) -> None:
    assert all(found == SETTINGS for found in settled(module))


def test_what_the_user_has_set_stays() -> None:
    assert settled("rag", LANGSMITH_TRACING="true")[-1] == SETTINGS | {"LANGSMITH_TRACING": "true"}
