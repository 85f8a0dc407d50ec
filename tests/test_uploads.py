"""What is sent through the page lands in one folder, whatever it is called."""

from pathlib import Path

import pytest

from ingest import Report, uploads
from ingest.uploads import add_uploads, safe_name, uploads_folder


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("story.txt", "story.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.md", "boot.md"),
        ("/abs/olute.PDF", "olute.pdf"),
        (".hidden.txt", "hidden.txt"),
        ("..txt", "article.txt"),
        ("a\n<b>?*.html", "a__b___.html"),
        ("Größe 2, (neu).docx", "Größe 2, (neu).docx"),
        ("x" * 300 + ".txt", "x" * 100 + ".txt"),
    ],
)
def test_an_uploaded_name_is_made_safe_and_keeps_its_suffix(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_file_sent_again_under_the_same_name_replaces_the_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(uploads, "ingest", lambda paths, **options: Report(added=tuple(map(str, paths))))
    sent, index = tmp_path / "story.txt", tmp_path / "index"
    for text in ("The lock\n\nFirst.", "The lock\n\nChanged."):
        sent.write_text(text)
        assert add_uploads([sent], index) == Report(added=(str(uploads_folder(index)),))
    assert {path.name: path.read_text() for path in (uploads_folder(index)).iterdir()} == {
        "story.txt": "The lock\n\nChanged."
    }


def test_a_file_of_which_nothing_can_be_read_is_named_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(uploads, "ingest", lambda paths, **options: Report())
    bad, index = tmp_path / "bad.pdf", tmp_path / "index"
    bad.write_bytes(b"no PDF at all")
    report = add_uploads([bad], index)
    assert [failure.path for failure in report.failed] == ["bad.pdf"]
    assert list(uploads_folder(index).iterdir()) == []


def test_a_readme_that_was_chosen_is_no_readme_of_the_folder() -> None:
    assert safe_name("README.md") == "article-README.md"
