"""Files that ask too much of a parser: each is named, its process is ended, and the others are read."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest.loading.worker as reading
import ingest.pipeline
from ingest import ingest as index_files
from ingest.loading import loaders
from ingest.loading.fields import FieldMap
from ingest.loading.loaders import Failure
from ingest.loading.worker import Worker, worker
from tests.conftest import ROOT, SEEDS
from tests.fakes import FakeEmbeddings

sys.path.insert(0, str(ROOT / "bench"))

import poison

SENTENCE = "“The dam will hold,” said Ida Hale.\n"


@pytest.fixture
def reader() -> Iterator[Worker]:
    with worker() as made:
        yield made


def word(path: Path, body: str) -> Path:
    path.write_bytes(poison.word(body))
    return path


def pdf(path: Path, stream: bytes, pages: int = 1) -> Path:
    path.write_bytes(poison.pdf(stream, pages))
    return path


def reason(reader: Worker, path: Path) -> str:
    loaded = reader.load(path)
    assert loaded.articles == ()
    [failure] = loaded.failures
    assert failure.path == str(path)
    return failure.reason


@pytest.mark.parametrize("path", [path for path in sorted(SEEDS.rglob("*")) if path.suffix in loaders.SUFFIXES])
def test_it_gives_what_the_loaders_give(reader: Worker, path: Path) -> None:
    assert reader.load(path) == loaders.load(path)


def test_what_the_loaders_refuse_it_refuses_in_their_words(reader: Worker, tmp_path: Path) -> None:
    for name, content in {"a.json": b'{"text": }', "b.docx": b"PK", "caf\udce9.html": b"", "d.pdf": b"%PDF"}.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert reader.load(path) == loaders.load(path)
        assert reader.load(path).failures


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv"])
def test_a_field_map_is_used_wherever_a_file_is_read(reader: Worker, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(f'words,day\n"{SENTENCE}",2026-05-04\n')
    if suffix != ".csv":
        path.write_text(json.dumps({"words": SENTENCE, "day": "2026-05-04"}))
    fields = FieldMap({"text": (("none",), ("words",)), "published": (("day",),)})
    [article] = reader.load(path, fields).articles
    assert (article.text, article.published) == (SENTENCE, "2026-05-04")
    assert reader.load(path).failures  # the next file has its own


def test_a_file_in_an_archive_that_takes_too_much_is_a_failure(reader: Worker, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("deep.json", "[" * 1_000_000)
        archive.writestr("good.txt", SENTENCE)
    loaded = reader.load(tmp_path / "a.zip")
    assert [article.text for article in loaded.articles] == [SENTENCE]
    assert [failure.path for failure in loaded.failures] == [str(tmp_path / "a.zip" / "deep.json")]


def test_plain_text_is_read_without_starting_a_process(reader: Worker, tmp_path: Path) -> None:
    for name, content in {"a.txt": SENTENCE, "b.jsonl": json.dumps({"text": SENTENCE})}.items():
        (tmp_path / name).write_text(content)
        assert reader.load(tmp_path / name).articles
    assert reader.close() is None


def test_one_process_reads_all_files_and_ends_with_the_block(tmp_path: Path) -> None:
    seen = []
    with worker() as reader:
        for number in range(3):
            path = tmp_path / f"{number}.json"
            path.write_text(json.dumps({"text": SENTENCE}))
            assert reader.load(path).articles
            seen.append(reader._process)
        assert seen[0]
        assert seen == [seen[0]] * 3
        assert seen[0].poll() is None
    assert seen[0].poll() is not None


def limited(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """Set a limit where it holds: in the other process."""
    start = reading._START.replace("serve()", f"import ingest.loading.worker as w; w.{limit}; serve()")
    monkeypatch.setattr(reading, "_START", start)


@pytest.mark.parametrize(
    ("limit", "file", "reason"),
    [
        ("MEMORY_BYTES = 200_000_000", ("a.json", "[" + "[]," * 4_000_000 + "[]]"), reading._MEMORY),
        ("CPU_SECONDS = 1", ("a.json", "[" + '{"text": "It leaks."},' * 200_000 + "0]"), reading._TIME),
    ],
    ids=["memory", "time"],
)
def test_a_file_that_takes_too_much_is_named_and_the_next_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, file: tuple[str, str], reason: str
) -> None:
    limited(monkeypatch, limit)
    name, content = file
    (tmp_path / name).write_text(content)
    (tmp_path / "good.json").write_text(json.dumps({"text": SENTENCE}))
    with worker() as reader:
        assert reader.load(tmp_path / name).failures == (Failure(str(tmp_path / name), reason),)
        assert reader.load(tmp_path / "good.json").articles[0].text == SENTENCE


def test_a_process_that_ended_between_two_files_costs_none(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"text": SENTENCE}))
    with worker() as reader:
        assert reader.load(tmp_path / "a.json").articles
        assert reader._process
        reader._process.kill()
        reader._process.wait()
        assert reader.load(tmp_path / "a.json").articles


def test_a_process_that_crashes_costs_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_START", "import os; os.abort()")
    (tmp_path / "a.html").write_text("x")
    with worker() as reader:
        assert reason(reader, tmp_path / "a.html") == reading._CRASH


def test_a_file_that_is_waited_for_in_vain_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_START", "import time; time.sleep(60)")
    monkeypatch.setattr(reading, "PATIENCE", 0.2)
    (tmp_path / "a.html").write_text("x")
    with worker() as reader:
        assert reason(reader, tmp_path / "a.html") == reading._WAIT


def test_pages_and_paragraphs_are_counted_before_they_are_read(reader: Worker, tmp_path: Path) -> None:
    many = word(tmp_path / "a.docx", "<w:p/>" * 7_000_000)
    assert "of text; the limit is 40,000,000: split it" in reason(reader, many)
    many = word(tmp_path / "b.docx", "<w:p/>" * 100_001)
    assert reason(reader, many) == "the document has more than 100,000 paragraphs; split it"
    assert reason(reader, pdf(tmp_path / "c.pdf", b"", 1001)) == "the PDF has 1,001 pages; the limit is 1,000: split it"


def test_a_cell_that_spans_two_thousand_million_columns_is_one_cell(reader: Worker, tmp_path: Path) -> None:
    text = "<w:p><w:r><w:t>“No,” said Ida Hale.</w:t></w:r></w:p>"
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>{text}</w:tc>'
    [article] = reader.load(word(tmp_path / "a.docx", f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")).articles
    assert article.text == "“No,” said Ida Hale."


def test_a_pdf_with_text_is_read(reader: Worker, tmp_path: Path) -> None:
    [article] = reader.load(pdf(tmp_path / "a.pdf", b"BT /F1 12 Tf 50 700 Td (It will hold, she said.) Tj ET")).articles
    assert article.text == "It will hold, she said."


def test_a_file_with_a_million_faults_names_a_hundred(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n" * 1000)
    failures = loaders.load(tmp_path / "a.jsonl").failures
    assert (len(failures), failures[-1].reason) == (101, "900 more articles in it cannot be read")


def test_an_article_longer_than_a_book_is_named_and_the_others_are_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.pipeline, "MAX_PIECES", 50)
    folder, index = tmp_path / "articles", tmp_path / "index"
    folder.mkdir()
    (folder / "a.txt").write_text(SENTENCE)
    (folder / "b.txt").write_text("word " * 51)
    (folder / "c.txt").write_text("x" * 1_000_001)
    report = index_files([folder], index=index, embeddings=FakeEmbeddings())
    assert report.added == ("a",)
    assert [(Path(failure.path).name, failure.reason) for failure in report.failed] == [
        ("b.txt", "the article has 51 words, parts of words and marks; the limit is 50: split it"),
        ("c.txt", "the article has 1,000,001 characters; the limit is 1,000,000: split it"),
    ]


def test_what_follows_a_file_that_was_read_in_part_is_its_own(reader: Worker, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", SENTENCE * (number + 1))
    (tmp_path / "b.html").write_text(f"<p>{SENTENCE}</p>" * 5)
    found = reader.parts(tmp_path / "a.zip")
    assert next(found).articles[0].text == SENTENCE
    found.close()  # type: ignore[attr-defined]  # it is a generator
    assert reader.load(tmp_path / "b.html") == loaders.load(tmp_path / "b.html")


def test_what_was_read_of_an_archive_before_it_took_too_much_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, "MEMORY_BYTES = 200_000_000")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", SENTENCE)
        archive.writestr("b.json", "[" + "[]," * 4_000_000 + "[]]")
    with worker() as reader:
        loaded = reader.load(tmp_path / "a.zip")
    assert [article.text for article in loaded.articles] == [SENTENCE]
    assert loaded.failures == (Failure(str(tmp_path / "a.zip"), reading._MEMORY),)
