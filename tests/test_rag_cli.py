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
from tests.fakes import quote, record, write_index

DAM = Article(
    "dam", "“The dam will hold — for a year,” mayor Ida Hale said.", title="Dam holds", publication="The Post"
)
ASKED = "What did Ida Hale say about the dam?"


@pytest.fixture
def index(tmp_path: Path, fake_models: None) -> Path:
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
    assert capsys.readouterr().err.startswith("error: OTR_LLM is 'telepathy': expected embedded, openai:NAME")
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
    done = run(ASKED, "--index", str(tmp_path / "none"), OTR_LLM="embedded")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: There is no index in ")
    assert done.stderr.count("\n") == 1


def test_a_file_where_the_index_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(ASKED, "--index", str(tmp_path / "file"), OTR_LLM="embedded")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_narrow_terminal_does_not_end_the_program(tmp_path: Path) -> None:
    done = run(
        "Was sagte Müller “heute”?", "--index", str(tmp_path / "größer"), OTR_LLM="embedded", PYTHONIOENCODING="ascii"
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "gr\\xf6\\xdfer" in done.stderr


def test_what_the_terminal_cannot_show_is_escaped(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding="ascii", write_through=True))
    assert main([ASKED, "--index", str(index)]) == 0
    assert b"said: \\u201cThe dam will hold \\u2014 for a year" in shown.getvalue()


@pytest.fixture
def export(index: Path, tmp_path: Path) -> Path:
    """An answer to ASKED as --json prints it."""
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(pipeline.ask(ASKED, index=index).to_dict()), encoding="utf-8")
    return file


def test_an_exported_answer_is_verified(index: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(export), "--index", str(index)]) == 0
    assert capsys.readouterr() == ("verified (answers: 1, citations: 1, quoted strings: 1)\n", "")


def test_every_difference_is_a_line_and_status_1(index: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(export.read_text(encoding="utf-8"))
    answer["citations"][0] |= {"speaker": "Karl Poole", "role": "diver"}
    export.write_text(json.dumps([answer, answer]), encoding="utf-8")
    assert main(["verify", str(export), "--index", str(index)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Answer 1: Citation [1] gives its words to “Karl Poole”; in the index it is “Ida Hale”."
    assert lines[3] == "Answer 2: Citation [1] has the role “diver”; the index has “mayor”."
    assert lines[4:] == ["differences: 4 (answers: 2, citations: 2, quoted strings: 2)"]


def test_the_report_is_json_on_demand(index: Path, export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(export), "--json", "--index", str(index)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == {"verified": True, "citations": 1, "quoted": 1, "markers": 1, "differences": [], "unchecked": []}


def test_what_a_question_printed_is_verified_from_standard_input(
    index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main([ASKED, "--index", str(index)]) == 0
    printed = capsys.readouterr().out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(printed.encode())))
    assert main(["verify", "-", "--index", str(index)]) == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(printed.replace("will hold", "held").encode())))
    assert main(["verify", "-", "--index", str(index)]) == 1


@pytest.mark.parametrize("content", ["", "no answer", "{", "[]", '{"text": ""}', "\0"])
def test_what_cannot_be_checked_is_status_2_and_one_line(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    file = tmp_path / "file"
    file.write_text(content)
    assert main(["verify", str(file), "--index", str(index)]) == 2
    assert main(["verify", str(tmp_path / "missing"), "--index", str(index)]) == 2
    assert main(["verify", "--articles", "one.txt"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [line[:7] for line in printed.err.splitlines()] == ["error: "] * 3


def test_a_missing_index_to_verify_against_is_status_2(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(export), "--index", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.startswith("error: There is no index in ")


def test_verify_alone_is_a_question_like_any_other(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--index", str(index)]) == 1
    assert capsys.readouterr().out.startswith("The articles do not say.")


def test_articles_that_cannot_be_read_are_named(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(export), "--articles", "none.txt"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: The articles cannot be read: ")
    assert "none.txt" in error
    assert error.count("\n") == 1


@pytest.mark.model
def test_an_answer_is_verified_against_the_article_files(seeds_index: Path, tmp_path: Path) -> None:
    asked = run("What did Tomas Solvane say?", "--json", "--index", str(seeds_index), OTR_LLM="embedded")
    article = ROOT / "seeds" / "harbour-dredging.txt"
    (tmp_path / "answer.json").write_text(asked.stdout, encoding="utf-8")
    done = run("verify", str(tmp_path / "answer.json"), "--articles", str(article))
    assert (done.returncode, done.stderr) == (0, "")
    other = tmp_path / article.name
    other.write_text(article.read_text(encoding="utf-8").replace("second tug", "third tug"), encoding="utf-8")
    done = run("verify", str(tmp_path / "answer.json"), "--articles", str(other))
    assert (done.returncode, done.stderr) == (1, "")
    assert "is of a text with the SHA-256" in done.stdout


@pytest.mark.model
def test_the_first_question_of_the_readme(seeds_index: Path) -> None:
    question = "What did Peskov say about the new administration?"
    done = run(question, "--json", "--index", str(seeds_index), OTR_LLM="embedded")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    article = (ROOT / "seeds" / "000_fda846308a16d720.txt").read_text(encoding="utf-8")
    assert {cited["speaker"] for cited in answer["citations"]} == {"Dmitry Peskov"}
    assert all(article[cited["start"] : cited["end"]] == cited["quote"] for cited in answer["citations"])
    plain = run(question, "--index", str(seeds_index), OTR_LLM="embedded")
    assert plain.stdout.startswith(answer["text"])
