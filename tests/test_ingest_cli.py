"""`python -m ingest` as a person meets it: exit status, what is printed where, and no traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

import ingest.__main__ as cli
import ingest.pipeline
from rag.index.opening import open_writer
from rag.terminal import CLOSED
from tests.conftest import ROOT
from tests.fakes import FakeEmbeddings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.pipeline, "load_embeddings", FakeEmbeddings)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("“The bridge is open,” said Ana Torvik, the mayor, on Monday.", encoding="utf-8")
    return folder


def test_a_run_in_which_all_went_well_prints_what_was_found_its_counts_and_nothing_else(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([str(articles), "--index", str(tmp_path / "index")]) == 0
    found = f"{articles / 'a.txt'}: 1 article, 1 statement\n"
    counts = "1 added, 0 updated, 0 unchanged, 0 removed, 0 failed (3 texts embedded)\n"
    assert capsys.readouterr() == (found + counts, "")
    assert cli.main(["--index", str(tmp_path / "index")]) == 0
    assert capsys.readouterr() == ("0 added, 0 updated, 1 unchanged, 0 removed, 0 failed (0 texts embedded)\n", "")


def test_each_failure_is_named_with_its_reason_on_standard_error(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (articles / "b.txt").write_bytes(b"")
    (articles / "c.jsonl").write_text('{"id": "c", "text": "A text."}\n{"id": "d"}\n')
    missing = tmp_path / "missing.txt"
    assert cli.main([str(articles), str(missing), "--index", str(tmp_path / "index")]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"{articles / 'a.txt'}: 1 article, 1 statement",
        f"{articles / 'b.txt'}: 0 articles, 0 statements, 1 failure",
        f"{articles / 'c.jsonl'}: 1 article, 0 statements, 1 failure",
        "2 added, 0 updated, 0 unchanged, 0 removed, 3 failed (3 texts embedded)",
    ]
    assert err.splitlines() == [
        f"skipped {missing}: there is no such file or folder; check the spelling",
        f"skipped {articles / 'b.txt'}: the file is empty",
        f"skipped {articles / 'c.jsonl'}:2: `text` is missing",
        f"note {articles / 'c.jsonl'}: no statement was found in 'c'",
    ]


def test_nothing_to_index_is_one_line_and_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--index", str(tmp_path / "index")]) == 2
    assert capsys.readouterr() == (
        "",
        "error: There is nothing to index: name files or folders, as in `python -m ingest seeds/`.\n",
    )


def test_a_first_run_over_a_misspelt_path_alone_makes_no_index(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, index = tmp_path / "none", tmp_path / "index"
    assert cli.main([str(missing), "--index", str(index)]) == 2
    said = f"error: There is no file or folder {missing}: check the spelling; no index was made.\n"
    assert capsys.readouterr().err == said
    assert not index.exists()


def test_an_index_in_use_is_one_line_and_status_2(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "index"
    with open_writer(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension):
        assert cli.main([str(articles), "--index", str(index)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("error: Another process is writing to the index")


def test_an_index_that_is_a_file_is_one_line_and_status_2(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "index"
    index.write_text("")
    assert cli.main([str(articles), "--index", str(index)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"error: The index folder {index} cannot be written")


def test_the_index_of_the_environment_is_used(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTR_INDEX", str(tmp_path / "set"))
    assert cli.main([str(articles)]) == 0
    assert (tmp_path / "set" / "chroma.sqlite3").is_file()


def test_a_stop_from_the_keyboard_says_how_to_go_on(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(self: FakeEmbeddings, texts: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeEmbeddings, "embed", interrupted)
    assert cli.main([str(articles), "--index", str(tmp_path / "index")]) == 130
    assert capsys.readouterr() == (
        "",
        "stopped: what was indexed so far is kept; run the same command again to go on\n",
    )


def test_a_terminal_gets_a_progress_bar(articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert cli.main([str(articles), "--index", str(tmp_path / "index")]) == 0
    assert "| 1/1 [" in terminal.getvalue()


def test_an_unknown_option_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["--indx", "x"])
    assert stop.value.code == 2
    assert "usage: python -m ingest" in capsys.readouterr().err


def test_the_help_names_the_options_without_loading_a_heavy_library() -> None:
    script = (
        "import sys, ingest.__main__ as cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'sentence_transformers', 'chromadb', 'trafilatura', 'docx', 'pypdf', 'dateparser'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "PATH" in result.stdout
    assert "--index" in result.stdout
    assert result.stdout.splitlines()[-1] == "[]"


@pytest.mark.model
@pytest.mark.slow
def test_in_a_pipe_the_real_command_prints_no_bar_and_no_traceback(articles: Path, tmp_path: Path) -> None:
    (articles / "b.txt").write_bytes(b"")
    command = [sys.executable, "-m", "ingest", str(articles), "--index", str(tmp_path / "index")]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        f"{articles / 'a.txt'}: 1 article, 1 statement",
        f"{articles / 'b.txt'}: 0 articles, 0 statements, 1 failure",
        "1 added, 0 updated, 0 unchanged, 0 removed, 1 failed (3 texts embedded)",
    ]
    assert result.stderr == f"skipped {articles / 'b.txt'}: the file is empty\n"


def test_what_an_editor_should_know_is_a_note_and_json_has_the_whole_report(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = docx.Document()
    change = parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>“It rains,” said Per Lund.</w:t></w:r></w:ins>")
    document.add_paragraph()._p.append(change)
    document.save(str(articles / "b.docx"))
    index = ["--index", str(tmp_path / "index")]
    text = "the document has tracked changes; it is read as their final text, with ““It rains,” said Per Lund.”"
    assert cli.main([str(articles), *index]) == 0
    assert capsys.readouterr().err == f"note {articles / 'b.docx'}: {text}\n"
    (articles / "c.txt").write_text("")
    assert cli.main([str(articles), *index, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["unchanged"] == ["a", "b"]
    assert report["warnings"] == [{"path": str(articles / "b.docx"), "text": text}]
    assert report["failed"] == [{"path": str(articles / "c.txt"), "reason": "the file is empty"}]


def test_only_the_first_files_are_named_and_the_rest_counted(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "LISTED", 2)
    for name in "bcde":
        (articles / f"{name}.txt").write_text(f"It rains, {name}.")
    assert cli.main([str(articles), "--index", str(tmp_path / "index")]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.rpartition("/")[2] for line in out[:2]] == [
        "a.txt: 1 article, 1 statement",
        "b.txt: 1 article, 0 statements",
    ]
    assert out[2] == "and 3 more files: --json names all"


def test_json_says_of_each_file_what_was_found_changed_or_not(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (articles / "b.jsonl").write_text("{}\n".join(f'{{"id": "{id}", "text": "It rains."}}\n' for id in "xy"))
    for changed in (True, False):
        cli.main([str(articles), "--index", str(tmp_path / "index"), "--json"])
        none = {"warnings": 0, "failed": 0, "silent": [], "changed": changed}
        assert json.loads(capsys.readouterr().out)["files"] == [
            {**none, "path": str(articles / "a.txt"), "articles": 1, "statements": 1},
            {
                **{**none, "path": str(articles / "b.jsonl"), "articles": 2, "statements": 0},
                **{"failed": 1, "silent": ["x", "y"]},
            },
        ]


def test_a_folder_without_a_file_that_is_read_is_noted(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty := tmp_path / "empty").mkdir()
    (empty / "a.xyz").write_text("“No,” said Ana Torvik.", encoding="utf-8")
    assert cli.main([str(articles), str(empty), "--index", str(tmp_path / "index")]) == 0
    [note] = capsys.readouterr().err.splitlines()
    assert note.startswith(f"note {empty}: there is no file in it that is read; names end in .txt .md ")
    (articles / "a.txt").unlink()
    assert cli.main([str(articles), "--index", str(tmp_path / "index")]) == 0
    assert capsys.readouterr().err == ""


def test_a_dry_run_names_what_would_change_and_writes_nothing(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([str(articles), "--index", str(tmp_path / "index"), "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("would add ")
    assert lines[-2] == "nothing was written; without --dry-run:"
    assert " added, 0 updated, 0 unchanged, 0 removed, 0 failed (0 texts embedded)" in lines[-1]
    assert not (tmp_path / "index").exists()


def test_a_dry_run_says_of_no_article_that_nothing_was_found_in_it(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (articles / "b.txt").write_text("It rains.")
    index = ["--index", str(tmp_path / "index")]
    assert cli.main([str(articles), *index, "--dry-run", "--json"]) == 0
    out, err = capsys.readouterr()
    assert (json.loads(out)["warnings"], err) == ([], "")
    assert [found["silent"] for found in json.loads(out)["files"]] == [[], []]
    assert cli.main([str(articles), *index]) == 0
    assert "no statement was found in 'b'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "from rag.terminal import leave, say; leave(lambda: say('x') or 0)"],
        ["-c", "from rag.terminal import leave, say_json; leave(lambda: say_json(['x']) or 0)"],
        ["-m", "ingest", "--help"],
        ["-m", "ingest", "people", "--help"],
        ["-m", "rag", "--help"],
        ["-m", "rag", "verify", "--help"],
    ],
)
def test_a_reader_that_goes_away_ends_a_command_quietly(command: list[str]) -> None:
    done = ended_by_a_closed_pipe(command)
    # Where Python does not hold back what is written, argparse itself passes over a closed pipe.
    quiet = (0, CLOSED) if "--help" in command else (CLOSED,)
    assert (done.returncode in quiet, done.stderr) == (True, "")


@pytest.mark.model
@pytest.mark.slow
def test_a_reader_that_goes_away_ends_a_run_and_a_list_of_people_quietly(articles: Path, tmp_path: Path) -> None:
    index = ["--index", str(tmp_path / "index")]
    for command in (["ingest", str(articles)], ["ingest", "people"], ["ingest", "people", "--json"], ["rag", "Who?"]):
        done = ended_by_a_closed_pipe(["-m", *command, *index])
        assert (command, done.returncode, done.stderr) == (command, CLOSED, "")


def ended_by_a_closed_pipe(command: list[str]) -> subprocess.CompletedProcess[str]:
    """The end of a command whose standard output nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        whole = [sys.executable, *command]
        return subprocess.run(whole, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writing)
