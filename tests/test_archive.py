"""ZIP archives: every file of a known format in them is read as it would be in a folder."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from ingest import ingest
from ingest.loading import archive, loaders
from ingest.loading.loaders import Failure, load, parts
from tests.fakes import FakeEmbeddings

RECORDS = '{"text": "One."}\nbroken\n{"id": "two", "text": "Two."}'


def packed(folder: Path, **members: Any) -> Path:
    file = folder / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file


def test_files_of_all_formats_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    file = packed(tmp_path, **{"b/one.txt": "Lock.", "a.jsonl": '{"text": "Quay."}', "c.md": "# Mole\n\nPier."})
    loaded = load(file)
    assert [(a.text, a.title) for a in loaded.articles] == [("Quay.", None), ("Lock.", None), ("Mole\n\nPier.", "Mole")]
    assert {a.path for a in loaded.articles} == {str(file)}
    assert loaded.failures == ()


def test_what_cannot_be_read_is_named_by_its_place_in_the_archive(tmp_path: Path) -> None:
    file = packed(tmp_path, **{"a.pdf": "%PDF-1.4 broken", "b.jsonl": RECORDS, "c.txt": "Quay.", "d.txt": "  "})
    loaded = load(file)
    assert [a.text for a in loaded.articles] == ["One.", "Two.", "Quay."]
    assert [failure.path for failure in loaded.failures] == [f"{file}/a.pdf", f"{file}/b.jsonl:2", f"{file}/d.txt"]


def test_hidden_and_foreign_files_are_passed_over(tmp_path: Path) -> None:
    file = packed(
        tmp_path, **{"__MACOSX/._a.txt": "x", ".b.txt": "x", "README.md": "x", "c.exe": "x", "d.txt": "Quay."}
    )
    assert [a.text for a in load(file).articles] == ["Quay."]


def test_what_a_saved_page_shows_is_no_article(tmp_path: Path) -> None:
    names = ["b/page.md", "b/page.htm", "b/page_files/frame.txt", "b/page_files/c/d.txt", "case_files/e.txt"]
    file = packed(tmp_path, **{name: f"<p>{name}</p>" for name in names})
    assert [a.text for a in load(file).articles if a.text.endswith(".txt</p>")] == ["<p>case_files/e.txt</p>"]


def test_an_archive_in_an_archive_is_opened_and_one_within_that_is_named(tmp_path: Path) -> None:
    third = packed(tmp_path, **{"c.txt": "Weir."}).read_bytes()
    inner = packed(tmp_path, **{"a.txt": "Quay.", "third.zip": third}).read_bytes()
    file = packed(tmp_path, **{"b.txt": "Lock.", "inner.zip": inner})
    loaded = load(file)
    assert [article.text for article in loaded.articles] == ["Lock.", "Quay."]
    why = "it is the third archive one within the other; unpack it"
    assert loaded.failures == (Failure(f"{file}/inner.zip/third.zip", why),)


def test_archives_in_an_archive_unpack_together_to_no_more_than_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 5_000)
    monkeypatch.setattr(archive, "MAX_RATIO", 0)
    inner = packed(tmp_path, **{"a.txt": "Quay and lock. " * 200}).read_bytes()
    file = packed(tmp_path, **{"1.zip": inner, "2.zip": inner})
    loaded = load(file)
    assert len(loaded.articles) == 1
    [failure] = loaded.failures
    assert failure.path == f"{file}/2.zip"
    assert "the archive has 1 files that unpack to 3,000 bytes" in failure.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"PK no", "the file is not a ZIP archive, or is damaged"), (None, "the archive has no file that can be read")],
)
def test_an_archive_without_articles_is_a_failure(tmp_path: Path, content: bytes | None, reason: str) -> None:
    file = packed(tmp_path, **{"a.exe": b"x"})
    if content:
        file.write_bytes(content)
    [failure] = load(file).failures
    assert failure.reason.startswith(reason)


def test_an_archive_that_unpacks_to_too_much_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 10)
    file = packed(tmp_path, **{"a.txt": "Quay and lock." * 10_000})
    most = archive.MAX_RATIO * file.stat().st_size
    [failure] = load(file).failures
    why = f"the archive has 1 files that unpack to 140,000 bytes; the limits are 200,000 and {most:,}: split it"
    assert failure.reason == why


def test_a_file_in_it_over_the_limit_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "MAX_FILE_BYTES", 10)
    file = packed(tmp_path, **{"a.txt": "Quay and lock.", "b.txt": "Lock."})
    loaded = load(file)
    assert loaded.failures == (Failure(f"{file}/a.txt", "the file is larger than 10 bytes; split it"),)
    assert [a.text for a in loaded.articles] == ["Lock."]


def test_a_damaged_file_in_it_costs_no_other(tmp_path: Path) -> None:
    file = packed(tmp_path, **{"a.txt": "Quay and lock. " * 99, "b.txt": "Lock."})
    data = bytearray(file.read_bytes())
    data[60] ^= 0xFF  # within the packed text of the first
    file.write_bytes(data)
    loaded = load(file)
    assert [failure.path for failure in loaded.failures] == [f"{file}/a.txt"]
    assert loaded.failures[0].reason.startswith("it cannot be unpacked (")
    assert [a.text for a in loaded.articles] == ["Lock."]


def test_the_files_in_it_are_unpacked_one_after_the_other(tmp_path: Path) -> None:
    file = packed(tmp_path, **{f"{n}.txt": f"Lock {n}." for n in range(3)})
    assert [[a.text for a in part.articles] for part in parts(file)] == [["Lock 0."], ["Lock 1."], ["Lock 2."]]


def test_an_archive_is_brought_up_to_date_article_by_article(tmp_path: Path) -> None:
    file = packed(tmp_path, **{"a.txt": "Quay.", "b.txt": "Lock."})
    ingest([file], index=tmp_path / "index", embeddings=FakeEmbeddings())
    packed(tmp_path, **{"a.txt": "Quay.", "b.txt": "Locks."})
    report = ingest([file], index=tmp_path / "index", embeddings=FakeEmbeddings())
    assert [len(ids) for ids in (report.added, report.unchanged, report.removed)] == [1, 1, 1]
