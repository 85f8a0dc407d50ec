"""Field maps and tables: records of any tool are read by a small YAML file that names their fields."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest import ingest
from ingest.__main__ import main
from ingest.loading.fields import read_fields
from ingest.loading.loaders import load
from rag.errors import ConfigError
from tests.fakes import FakeEmbeddings

RECORD = {
    "head": {"main": "Lock leaks", "kicker": "Holm"},
    "body": {"plain": "", "rich": "<p>It leaks.</p><p>It stays.</p>"},
    "people": [{"role": "photo"}, {"byline": "Ann Bo"}],
    "dc.issued": "2026-05-04",
    "source": {"unused": True},
    "site": "The Holm Courier",
}
MAP = """
articles: response.docs
title: head.main
text: [body.plain, body.none]
html: body.rich
author: people.1.byline
published: dc.issued
publication: site
"""


def written(folder: Path, text: str, name: str = "map.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_fields_are_found_in_objects_lists_and_names_with_points(tmp_path: Path) -> None:
    file = written(tmp_path, json.dumps({"response": {"docs": [RECORD]}}), "export.json")
    [article] = load(file, read_fields(written(tmp_path, MAP))).articles
    assert article.text == "It leaks.\n\nIt stays."
    assert (article.title, article.author, article.published) == ("Lock leaks", "Ann Bo", "2026-05-04")
    assert article.publication == "The Holm Courier"


def test_a_map_serves_lines_of_json_and_tables_too(tmp_path: Path) -> None:
    fields = read_fields(written(tmp_path, "text: story\ntitle: hed"))
    lines = written(tmp_path, '{"story": "It leaks.", "hed": "Lock"}\n{"story": "It stays."}', "a.jsonl")
    table = written(tmp_path, 'hed;story\nLock;"It leaks;\nit stays."\n', "a.csv")
    assert [(a.title, a.text) for a in load(lines, fields).articles] == [("Lock", "It leaks."), (None, "It stays.")]
    assert [(a.title, a.text) for a in load(table, fields).articles] == [("Lock", "It leaks;\nit stays.")]


def test_a_field_that_is_ours_already_needs_no_line_in_the_map(tmp_path: Path) -> None:
    fields = read_fields(written(tmp_path, "text: story"))
    file = written(tmp_path, '{"story": "It leaks.", "title": "Lock", "text": 7}', "a.jsonl")
    [article] = load(file, fields).articles
    assert (article.title, article.text) == ("Lock", "It leaks.")


def test_a_table_whose_first_line_names_our_fields_needs_no_map(tmp_path: Path) -> None:
    file = written(tmp_path, "id,title,text,date\n7,Lock,It leaks.,2026-05-04\n8,Quay,,2026-05-05\n", "a.csv")
    loaded = load(file)
    assert [(a.id, a.title, a.text, a.published) for a in loaded.articles] == [("7", "Lock", "It leaks.", "2026-05-04")]
    assert [(f.path, f.reason) for f in loaded.failures] == [(f"{file}:3", "`text` is missing")]


def test_a_table_without_a_header_is_refused(tmp_path: Path) -> None:
    [failure] = load(written(tmp_path, "It leaks.\nIt stays.\n", "a.csv")).failures
    assert failure.reason.startswith("the first line does not name the fields of a table")


def test_a_table_of_something_else_is_one_failure_that_names_its_columns(tmp_path: Path) -> None:
    [failure] = load(written(tmp_path, "day,depth\n1,3.2\n2,3.4\n", "a.csv")).failures
    assert failure.reason.startswith("no column of the table is the text: it has day, depth; call that column `text`")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("txt: body", "has 'txt', which is no field of an article: use text, html, id"),
        ("text: [body, 3]", "'text' must be the name of a field, or a list of names"),
        ("text: [body", "is not valid YAML"),
        ("", "has no lines such as"),
        (None, "cannot be opened"),
    ],
)
def test_what_is_wrong_in_a_map_is_said(tmp_path: Path, text: str | None, message: str) -> None:
    file = written(tmp_path, text) if text is not None else tmp_path / "none.yaml"
    with pytest.raises(ConfigError, match=message.replace("[", r"\[")):
        read_fields(file)


def test_indexing_takes_a_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, '{"story": "It leaks."}', "a.jsonl")
    fields = written(tmp_path, "text: story")
    report = ingest([tmp_path], index=tmp_path / "index", fields=fields, embeddings=FakeEmbeddings())
    assert (len(report.added), report.failed) == (1, ())
    assert main([str(tmp_path), "--index", str(tmp_path / "i"), "--fields", str(tmp_path / "no.yaml")]) == 2
    assert "cannot be opened" in capsys.readouterr().err
