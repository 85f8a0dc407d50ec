"""`python -m rag`: what it prints, where, and the exit status."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag import pipeline
from rag.__main__ import main
from rag.schema import Article
from tests.conftest import ROOT
from tests.fakes import FakeEmbeddings, quote, record, write_index

DAM = Article(
    "dam", "“The dam will hold — for a year,” mayor Ida Hale said.", title="Dam holds", publication="The Post"
)
ASKED = "What did Ida Hale say about the dam?"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pipeline, "load_embeddings", FakeEmbeddings)
    monkeypatch.setattr(pipeline, "_chains", {})
    monkeypatch.setenv("OTR_LLM", "none")
    write_index(tmp_path, record(DAM, quote(DAM, "The dam will hold — for a year,", by="Ida Hale", role="mayor")))
    return tmp_path


def test_an_answer_is_printed_with_its_sources(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([ASKED, "--index", str(index)]) == 0
    printed = capsys.readouterr()
    assert printed.out == (
        "Ida Hale, mayor, said: “The dam will hold — for a year,” (The Post) [1]\n[1] dam:1-32 Dam holds\n"
    )
    assert printed.err == ""


def test_json_is_the_answer_s_dictionary(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([ASKED, "--json", "--index", str(index)]) == 0
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert answer == json.loads(json.dumps(pipeline.ask(ASKED, index=index).to_dict()))
    [cited] = answer["citations"]
    assert DAM.text[cited["start"] : cited["end"]] == cited["quote"]
    assert "—" in printed.out
    assert printed.err == ""


def test_the_index_may_come_from_the_environment(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTR_INDEX", str(index))
    assert main([ASKED]) == 0
    assert "[1] dam:1-32" in capsys.readouterr().out


@pytest.mark.parametrize("options", [[], ["--json"]])
@pytest.mark.parametrize("question", ["What did Harlan Quist say?", "Xylophones?", ""])
def test_what_the_articles_do_not_say_is_status_1(
    index: Path, capsys: pytest.CaptureFixture[str], question: str, options: list[str]
) -> None:
    assert main([question, "--index", str(index), *options]) == 1
    printed = capsys.readouterr()
    assert printed.out
    assert printed.err == ""


def test_a_missing_index_is_status_2_and_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "none"
    assert main([ASKED, "--json", "--index", str(missing)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"error: There is no index in {missing}: make one with `python -m ingest seeds/ --index {missing}`.\n"
    )


def test_a_wrong_setting_is_status_2_and_one_line(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTR_LLM", "telepathy")
    assert main([ASKED, "--index", str(index)]) == 2
    assert capsys.readouterr().err.startswith("error: OTR_LLM is 'telepathy': expected embedded, none, openai:NAME")
    monkeypatch.setenv("OTR_LLM_THREADS", "many")
    assert main([ASKED, "--index", str(index)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["one", "two"], ["--unknown"], [ASKED, "--index"]])
def test_wrong_arguments_are_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m rag ")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rag", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


def test_the_program_ends_without_a_traceback(tmp_path: Path) -> None:
    done = run(ASKED, "--index", str(tmp_path / "none"), OTR_LLM="none")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: There is no index in ")
    assert done.stderr.count("\n") == 1


def test_a_file_where_the_index_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(ASKED, "--index", str(tmp_path / "file"), OTR_LLM="none")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_narrow_terminal_does_not_end_the_program(tmp_path: Path) -> None:
    done = run(
        "Was sagte Müller “heute”?", "--index", str(tmp_path / "größer"), OTR_LLM="none", PYTHONIOENCODING="ascii"
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "gr\\xf6\\xdfer" in done.stderr


def test_what_the_terminal_cannot_show_is_escaped(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding="ascii", write_through=True))
    assert main([ASKED, "--index", str(index)]) == 0
    assert b"said: \\u201cThe dam will hold \\u2014 for a year" in shown.getvalue()


@pytest.mark.model
def test_the_first_question_of_the_readme(seeds_index: Path) -> None:
    question = "What did Peskov say about the new administration?"
    done = run(question, "--json", "--index", str(seeds_index), OTR_LLM="none")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    article = (ROOT / "seeds" / "000_fda846308a16d720.txt").read_text(encoding="utf-8")
    assert {cited["speaker"] for cited in answer["citations"]} == {"Dmitry Peskov"}
    assert all(article[cited["start"] : cited["end"]] == cited["quote"] for cited in answer["citations"])
    plain = run(question, "--index", str(seeds_index), OTR_LLM="none")
    assert plain.stdout.startswith(answer["text"])
