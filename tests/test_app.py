"""The parts of the app that need no browser: files, reports, the command line, and a light import."""

import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import app
from ingest import Report, uploads
from ingest.loading.loaders import SUFFIXES, Failure, Warned
from ingest.uploads import uploads_folder
from rag.errors import StoreError
from tests.conftest import ROOT, free_port
from web.add import add_articles


def quiet(done: int, total: int, name: str) -> None:
    """A progress that shows nothing."""


class Indexer:
    """Stands in for `ingest`: keeps what it was given, reports progress, and gives a report or an error."""

    def __init__(self, outcome: Report | Exception) -> None:
        self.outcome = outcome
        self.calls: list[tuple[list[Path], Path]] = []

    def __call__(self, paths: list[Path], index: Path, *, progress: Callable[[int, int, str], None]) -> Report:
        self.calls.append((paths, index))
        progress(0, 1, "a.txt")
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    file = tmp_path / "sent" / "my story?.txt"
    file.parent.mkdir()
    file.write_text("One said: “Two.”")
    return file


def add(
    monkeypatch: pytest.MonkeyPatch, outcome: Report | Exception, files: list[Path], index: Path
) -> tuple[str, Any]:
    indexer = Indexer(outcome)
    monkeypatch.setattr(uploads, "ingest", indexer)
    return add_articles([str(file) for file in files], index, quiet), indexer


def test_uploads_are_kept_beside_the_index_and_that_folder_is_indexed(
    monkeypatch: pytest.MonkeyPatch, upload: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    html, indexer = add(monkeypatch, Report(added=("my story_",), unchanged=("b", "c")), [upload], index)
    assert indexer.calls == [([uploads_folder(index)], index)]
    assert {path.name: path.read_text() for path in (uploads_folder(index)).iterdir()} == {
        "my story_.txt": "One said: “Two.”"
    }
    assert html == '<div class="otr-notice otr-report" role="status"><p>Articles: 1 added, 2 unchanged.</p>\n</div>'


def test_a_file_that_cannot_be_read_is_named_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, upload: Path, tmp_path: Path
) -> None:
    noted = (Warned("/x/y/quay.docx", "it has <changes>"),)
    report = Report(failed=(Failure("/x/y/bad.json", "`<text>` is missing, not `"),), warnings=noted)
    html, _ = add(monkeypatch, report, [upload], tmp_path / "index")
    assert html == (
        '<div class="otr-notice otr-report" role="alert"><p>Articles: nothing to index.</p>\n'
        '<ul class="otr-failures">'
        "<li>bad.json could not be read: <code>&lt;text&gt;</code> is missing, not `</li></ul>\n"
        '<ul class="otr-notes"><li>quay.docx: it has &lt;changes&gt;</li></ul>\n</div>'
    )


def test_an_index_in_use_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, upload: Path, tmp_path: Path) -> None:
    html, _ = add(monkeypatch, StoreError("The index is being written; try again."), [upload], tmp_path / "index")
    assert html == (
        '<div class="otr-notice otr-bad" role="alert"><p>The index is being written; try again.</p>\n</div>'
    )


def test_an_unknown_error_while_adding_is_logged_and_told(
    monkeypatch: pytest.MonkeyPatch, upload: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    html, _ = add(monkeypatch, ZeroDivisionError("secret detail"), [upload], tmp_path / "index")
    assert "Something went wrong inside the program" in html
    assert "secret detail" not in html
    assert "secret detail" in caplog.text


def test_adding_nothing_says_which_files_there_can_be(tmp_path: Path) -> None:
    html = add_articles([], tmp_path / "index", quiet)
    assert all(suffix in html for suffix in SUFFIXES)
    assert not (tmp_path / "index").exists()


def test_importing_the_app_loads_no_heavy_library() -> None:
    heavy = {
        "gradio",
        "torch",
        "sentence_transformers",
        "chromadb",
        "trafilatura",
        "docx",
        "pypdf",
        "xllamacpp",
        "fastapi",
    }
    script = f"import sys, app; print(sorted({heavy!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_a_port_in_use_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert app.main(["--port", str(port), "--index", str(tmp_path / "index")]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"Cannot serve on 127.0.0.1 port {port} (")
    assert error.endswith(f"choose another: python app.py --port {port % 65000 + 1}\n")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("arguments", [["--port", "99999"], ["--host", "192.0.2.1"]])
def test_an_address_that_cannot_be_served_is_told_in_one_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert app.main([*arguments, "--index", str(tmp_path / "index")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_without_an_index_or_sample_articles_the_next_step_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(app, "SEEDS", tmp_path / "no seeds")
    assert app.main(["--port", str(free_port()), "--index", str(tmp_path / "index")]) == 1
    assert capsys.readouterr().err == (
        f"There is no index at {tmp_path / 'index'}; make one from your articles: python -m ingest FOLDER\n"
    )


def test_the_first_index_is_built_from_the_sample_articles(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    indexer = Indexer(Report(added=("a", "b")))
    monkeypatch.setattr(app, "ingest", indexer)
    app.build_index(tmp_path / "index")
    assert indexer.calls == [([app.SEEDS], tmp_path / "index")]
    assert capsys.readouterr().out == (
        f"Building the index {tmp_path / 'index'} from {app.SEEDS}, once ...\nArticles: 2 added.\n"
    )


def test_the_program_that_starts_it_all_stays_short() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) < 100


@pytest.mark.parametrize("path", [ROOT / "app.py", *sorted(ROOT.glob("web/*.py"))], ids=lambda path: path.name)
def test_no_markup_style_or_script_stands_in_python(path: Path) -> None:
    # A line break has no mark of its own in Markdown.
    code = path.read_text().replace('"<br>"', "")
    assert not re.search(r"</?[a-z]+[ >]|\{\s*color:|=>\s*\{", code)
