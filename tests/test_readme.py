"""What the README shows exists: its Python imports, its commands and options, its settings, its links."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys

import pytest

from rag.config import ENV_PREFIX, Settings
from rag.index import server
from rag.models import local
from tests.conftest import ROOT
from web import add, logs
from web.login import VARIABLE

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
PYTHON = [code for language, code in BLOCKS if language == "python"]
# Commands stand in shell blocks, behind a prompt in sessions, and in running text.
COMMANDS = [
    line.partition("#")[0].removeprefix("$ ").strip()
    for language, code in BLOCKS
    for line in code.splitlines()
    if language == "sh" or (language == "console" and line.startswith("$ "))
] + re.findall(r"`((?:make|python) [^`]+)`", README)


def test_it_is_at_most_150_lines() -> None:
    assert len(README.splitlines()) <= 150


def test_it_shows_the_python_function() -> None:
    assert sum("from rag import ask" in code for code in PYTHON) == 1


@pytest.mark.parametrize("code", PYTHON)
def test_every_python_block_is_python_and_imports_what_there_is(code: str) -> None:
    imports = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    assert imports
    for node in imports:
        module = importlib.import_module(str(node.module))
        assert [alias.name for alias in node.names if alias.name not in module.__all__] == []


def test_it_names_the_two_commands() -> None:
    assert {"make chat", "make test"} <= set(COMMANDS)


@pytest.mark.parametrize("target", sorted({c.split()[1] for c in COMMANDS if c.startswith("make ")}))
def test_every_make_target_exists(target: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("program", sorted({" ".join(c.split()[1:3]) for c in COMMANDS if c.startswith("python -m ")}))
def test_every_python_command_and_its_options_exist(program: str) -> None:
    done = subprocess.run(
        [sys.executable, *program.split(), "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    used = {o for c in COMMANDS if program in c for o in re.findall(r"(?<=\s)--[a-z-]+", c)}
    assert [option for option in used if option not in done.stdout] == []


def test_the_configuration_table_is_the_settings() -> None:
    rows = re.findall(rf"^\| `{ENV_PREFIX}(\w+)` \| ([^|]*)\|", README, re.MULTILINE)
    assert [name.lower() for name, _ in rows] == list(Settings.model_fields)


@pytest.mark.parametrize("name", ["index", "llm", "llm_timeout"])
def test_the_defaults_of_the_configuration_table_are_true(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [v for v in os.environ if v.startswith(ENV_PREFIX)]:
        monkeypatch.delenv(variable)
    [default] = re.findall(rf"^\| `{ENV_PREFIX}{name.upper()}` \| `([^`]*)` \|", README, re.MULTILINE)
    assert Settings.load(**{name: default}) == Settings.load()


def test_every_variable_that_is_named_is_a_setting() -> None:
    named = set(re.findall(rf"\b{ENV_PREFIX}[A-Z_]+\b", README))
    read_alone = {VARIABLE, logs.VARIABLE, logs.QUESTIONS, add.VARIABLE, local.VARIABLE, server.VARIABLE}
    assert named <= {*read_alone, *(ENV_PREFIX + field.upper() for field in Settings.model_fields)}


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:rag|ingest|seeds|docs|training|\.ci)/[\w./]*|app\.py)`", README)))
)
def test_every_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("link", [x for x in re.findall(r"\]\(([^)#\s]+)", README) if "://" not in x] or ["README.md"])
def test_every_link_into_the_project_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
