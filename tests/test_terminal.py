"""Names of any bytes and texts with escape codes: indexed, asked about, and printed without steering a terminal."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

import ingest.__main__
import ingest.pipeline
import rag.__main__
from rag.index.store import read_version
from rag.pipeline import ask
from rag.terminal import printable, say_json
from tests.fakes import FakeEmbeddings, read_index
from web.conversation import begun, converse

NAMES = [b"caf\xe9.txt", b"caf\xe8.txt", b"\x1b[31mred\n.txt", "café.txt".encode()]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def index(tmp_path: Path, fake_models: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ingest.pipeline, "load_embeddings", FakeEmbeddings)
    folder = tmp_path / "articles"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        where(folder, name).write_text(f"“The dam \x1b[2Jholds {number},” Ida Hale said.", encoding="utf-8")
    assert ingest.ingest([folder], index=tmp_path / "index").added == ("%1B[31mred%0A", "café", "caf%E8", "caf%E9")
    return tmp_path / "index"


def where(folder: Path, name: bytes) -> Path:
    return Path(os.fsdecode(os.path.join(os.fsencode(folder), name)))


def test_a_name_of_any_bytes_is_indexed_and_stays_the_same_article(index: Path) -> None:
    folder = index.with_name("articles")
    again = ingest.ingest([], index=index)
    assert (len(again.unchanged), again.failed) == (4, ())
    paths = {os.fsencode(entry.path) for entry in read_index(index).entries().values()}
    assert paths == {os.path.join(os.fsencode(folder), name) for name in NAMES}
    where(folder, NAMES[0]).unlink()
    assert ingest.ingest([], index=index).removed == ("caf%E9",)


def test_a_name_that_cannot_be_read_is_one_line_without_escapes(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = index.with_name("articles")
    for name in NAMES:
        where(folder, name).write_bytes(b"")
    assert ingest.__main__.main([str(folder), "--index", str(index)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"skipped {folder}/\\x1b[31mred\\n.txt: the file is empty",
        f"skipped {folder}/café.txt: the file is empty",
        f"skipped {folder}/caf\\xe8.txt: the file is empty",
        f"skipped {folder}/caf\\xe9.txt: the file is empty",
    ]
    assert ingest.__main__.main([str(folder), "--index", str(index), "--json"]) == 1
    failed = json.loads(capsys.readouterr().out)["failed"]
    assert {os.fsencode(Path(failure["path"]).name) for failure in failed} == set(NAMES)


def test_an_answer_is_escaped_for_a_terminal_and_word_for_word_in_a_file(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rag.__main__.main(["What did Ida Hale say about the dam?", "--index", str(index)]) == 0
    assert "dam \x1b[2Jholds" in capsys.readouterr().out
    for more in ([], ["--json"]):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        assert rag.__main__.main(["What did Ida Hale say about the dam?", "--index", str(index), *more]) == 0
        assert "\x1b" not in terminal.getvalue()
        assert ("dam \\x1b[2Jholds", "dam \\u001b[2Jholds")[len(more)] in terminal.getvalue()


def test_a_question_with_half_a_surrogate_is_answered(index: Path) -> None:
    question = "What did Ida Hale say about the dam \udce9?"
    answer = ask(question, history=[{"role": "user", "content": "Who is \ud800?"}], index=index)
    assert answer.answered
    assert json.dumps(answer.to_dict(), ensure_ascii=False).encode()
    *_, turn = converse(begun(question, []), [], index)
    assert (turn.question[-2:], "Ida Hale" in turn.answer.text if turn.answer else "") == ("\ufffd?", True)
    missing = ask("What did Zed \udce9uist say?", index=index)
    assert missing.text.encode()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00whole", b""])
def test_a_version_file_of_any_bytes_is_read(index: Path, content: bytes) -> None:
    (index / "version").write_bytes(content)
    assert isinstance(read_version(index), str)
    assert ask("What did Ida Hale say about the dam?", index=index).answered


def test_what_poses_as_another_name_is_escaped_and_letters_are_not() -> None:
    assert printable("a\u202etxt.exe\t\x9b1m") == "a\\u202etxt.exe\\t\\x9b1m"
    assert printable("“Grüße”\n\tИда 😀", lines=True) == "“Grüße”\n\tИда 😀"


def test_json_stays_json_where_the_output_has_fewer_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"path": "caf\udce9 “x” 😀 \x9b"}
    for encoding in ("ascii", "utf-8", "latin-1"):
        output = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", output)
        say_json(value)
        output.seek(0)
        assert json.loads(output.read()) == value
