"""The loaders: what each format gives, and that nothing in a file ever raises."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ingest.loading import loaders
from ingest.loading.loaders import SUFFIXES, Failure, find_files, load
from rag.schema import Article

SEEDS = Path(__file__).parent.parent / "seeds"
QUOTED = "“Grüße,” said the envoy.\r\n\r\nShe said no more.\n"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only_article(path: Path) -> Article:
    loaded = load(path)
    assert loaded.failures == ()
    [article] = loaded.articles
    return article


def only_reason(path: Path) -> str:
    loaded = load(path)
    assert loaded.articles == ()
    [failure] = loaded.failures
    assert failure.path.startswith(str(path))
    return failure.reason


def json_file(folder: Path, **fields: object) -> Path:
    return write(folder / "a.json", json.dumps({"text": "He said so.", **fields}))


# --- find_files


def test_folders_are_walked_sorted_without_hidden_readme_and_foreign_files(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.MD",
        ".c.txt",
        "README.md",
        "README",
        "d.pages",
        "deep/e.pdf",
        ".git/f.txt",
        "deep/.g/h.txt",
        "deep/page.html",
        "deep/page_files/frame.html",
        "deep/case_files/i.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, "x")
    files, failures = find_files([tmp_path, tmp_path / "b.txt", str(tmp_path / "deep")])
    deep = [tmp_path / "deep" / name for name in ("case_files/i.txt", "e.pdf", "page.html")]
    assert files == [tmp_path / "a.MD", tmp_path / "b.txt", *deep]
    assert failures == []


def test_a_named_path_that_is_missing_or_foreign_is_a_failure(tmp_path: Path) -> None:
    foreign, missing = str(write(tmp_path / "d.pages", "x")), str(tmp_path / "none.txt")
    assert find_files([foreign, missing]) == (
        [],
        [
            Failure(foreign, f"the format is not supported; use one of {' '.join(SUFFIXES)}"),
            Failure(missing, "there is no such file or folder; check the spelling"),
        ],
    )


@pytest.mark.parametrize("given", ["x" * 5000 + ".txt", "nul\0.txt"])
def test_an_impossible_path_is_a_failure(given: str) -> None:
    files, failures = find_files([given])
    assert (files, [failure.path for failure in failures]) == ([], [given])


def test_a_named_readme_is_loaded(tmp_path: Path) -> None:
    readme = write(tmp_path / "README.md", "x")
    assert find_files([readme]) == ([readme], [])


def test_links_that_leave_the_folder_or_loop_are_not_followed_but_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    inside, outside = write(folder / "a.txt", "x"), write(tmp_path / "out.txt", "x")
    (folder / "away.txt").symlink_to(outside)
    (folder / "away").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder)
    (folder / "same.txt").symlink_to(inside)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "table.txt").symlink_to(write(folder / "table.ods", "x"))
    (folder / "gone.ods").symlink_to(tmp_path / "nothing")
    files, failures = find_files([folder, folder])
    assert files == [inside]
    assert {Path(failure.path).name: failure.reason for failure in failures} == {
        "away.txt": f"it is a link to {outside}, outside of the folder: name that file itself",
        "away": f"it is a link to the folder {tmp_path}: name that folder itself",
        "self.txt": f"it is a link to {folder / 'self.txt'}, where there is no article",
        "table.txt": f"it is a link to {folder / 'table.ods'}, where there is no article",
    }
    assert len(failures) == 4


def test_a_pipe_is_named_and_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "a.txt"
    os.mkfifo(pipe)
    named = Failure(str(pipe), "it is a pipe, a socket or a device, not a file of text")
    assert find_files([tmp_path, pipe]) == ([], [named])
    assert load(pipe).failures == (named,)


def test_a_folder_that_cannot_be_read_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: str) -> None:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert find_files([tmp_path]) == ([], [Failure(str(tmp_path), "it cannot be opened: Permission denied")])


# --- plain text and encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_is_stored_as_given_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = QUOTED * 5
    path = write(tmp_path / "a.txt", text.encode(encoding))
    assert only_article(path) == Article(id="", text=text, path=str(path))


def test_utf8_with_a_broken_byte_is_refused_rather_than_guessed(tmp_path: Path) -> None:
    broken = QUOTED.encode() + b"\xff" + QUOTED.encode()
    reason = f"the text is damaged at byte {len(QUOTED.encode())}: it is not valid utf-8; save it again"
    assert only_reason(write(tmp_path / "a.txt", broken)) == reason


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \n\t", "the file is empty"),
        ("a.txt", "\u00a0\u2003".encode(), "there is no text in it"),
        ("a.txt", b"\0" * 100, "the file is binary, not text: it contains NUL characters"),
        (
            "a.txt",
            bytes(range(1, 256)) * 20,
            "the file is in no text encoding that can be recognised; save it as UTF-8",
        ),
        ("a.pages", b"x", f"the format is not supported; use one of {' '.join(SUFFIXES)}"),
        ("a.json", b'{"text": }', "not valid JSON at line 1, column 10: Expecting value"),
        ("a.json", b'{"text":\n\n1', "not valid JSON at line 3, column 2: Expecting ',' delimiter"),
        (
            "a.json",
            b'{"text": "x"}\n{"text": "y"}',
            "not valid JSON at line 2, column 1: Extra data; a file with one object on each line is named .jsonl",
        ),
        ("a.json", b"[]", "the file holds no articles"),
        ("a.json", b'"x"', "an article is a JSON object with `text`, not a string"),
        ("a.json", b'{"title": "x"}', "`text` is missing"),
        ("a.json", b'{"text": null}', "`text` must be a string, not null"),
        ("a.json", b'{"text": " "}', "there is no text in it"),
        ("a.json", b'{"text": "x", "title": ["y"]}', "`title` must be a string, not a list"),
        ("a.json", b'{"text": "x", "date": 20250301}', "`date` must be a string, not a number"),
        ("a.json", b'{"text": "x", "id": true}', "`id` must be a string, not true or false"),
        ("a.md", b"---\ntitle: x\n---\n", "there is no text in it"),
        ("a.docx", b"not a zip", "the file is not a Word document, or is damaged; open it in Word and save it again"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0 old",
            "the document has a password or is in the old .doc format; save it as .docx without one",
        ),
        ("a.pdf", b"%PDF-1.7 and no more", "the PDF is damaged (Stream has ended unexpectedly)"),
        (
            "a.html",
            b"<html><body></body></html>",
            "no article text was found in the page; save the page of one article, not of a list",
        ),
    ],
)
def test_bad_content_is_a_failure_that_says_why(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert only_reason(write(tmp_path / name, content)) == reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", "[" * 100_000),
        ("a.json", '{"text": "x", "id": ' + "9" * 5000 + "}"),
        ("a.md", "---\na: " + "[" * 20_000 + "\n---\nx"),
    ],
)
def test_hostile_nesting_and_numbers_are_failures(tmp_path: Path, name: str, content: str) -> None:
    assert only_reason(write(tmp_path / name, content)) != ""


def test_a_file_over_the_limit_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "MAX_FILE_BYTES", 10)
    assert only_article(write(tmp_path / "fits.txt", "x" * 10)).text == "x" * 10
    assert only_reason(write(tmp_path / "a.txt", "x" * 11)) == "the file is larger than 10 bytes; split it"


def test_a_missing_file_is_a_failure(tmp_path: Path) -> None:
    assert only_reason(tmp_path / "a.txt") == "it cannot be opened: No such file or directory"


# --- JSON


def test_json_gives_every_field(tmp_path: Path) -> None:
    path = json_file(
        tmp_path,
        id="x-1",
        text=QUOTED,
        title=" A\n title ",
        author="Ann",
        publication="The Post",
        published="2025-03-01T23:30:00-05:00",
        url="https://post.example/a",
    )
    assert only_article(path) == Article(
        id="x-1",
        text=QUOTED,
        title="A title",
        author="Ann",
        publication="The Post",
        published="2025-03-01",
        url="https://post.example/a",
        path=str(path),
    )


@pytest.mark.parametrize(
    ("name", "field"),
    [("publisher", "publication"), ("headline", "title"), ("link", "url")],
)
def test_json_fields_have_other_names(tmp_path: Path, name: str, field: str) -> None:
    article = only_article(json_file(tmp_path, **{name: "https://x.example"}))
    assert getattr(article, field) == "https://x.example"


def test_a_number_is_an_id(tmp_path: Path) -> None:
    assert only_article(json_file(tmp_path, id=0)).id == "0"


def test_a_list_gives_its_articles_and_names_the_bad_item(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '[{"text": "one"}, 2, {"text": "three"}]')
    loaded = load(path)
    assert [article.text for article in loaded.articles] == ["one", "three"]
    assert loaded.failures == (Failure(f"{path} (item 2)", "an article is a JSON object with `text`, not a number"),)


def test_json_lines_fail_one_by_one_with_their_number(tmp_path: Path) -> None:
    lines = [
        b'{"text": "one \xe2\x80\xa8 line"}',
        b"",
        b"{",
        '{"text": "“x” \udcff"}'.encode("utf-8", "surrogateescape"),
    ]
    path = write(tmp_path / "a.jsonl", b"\r\n".join([*lines, b'{"text": "five"}']))
    loaded = load(path)
    assert [article.text for article in loaded.articles] == ["one \u2028 line", "five"]
    assert [failure.path for failure in loaded.failures] == [f"{path}:3", f"{path}:4"]


def test_json_lines_may_be_utf16(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "ñ one"}\n{"text": "two"}'.encode("utf-16"))
    assert [article.text for article in load(path).articles] == ["ñ one", "two"]


def test_half_surrogates_are_replaced_one_for_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", r'{"text": "a\ud800b \ud83d\ude00", "id": "\udc00", "title": "t\udfff"}')
    article = only_article(path)
    assert (article.text, article.id, article.title) == ("a\ufffdb 😀", "\ufffd", "t\ufffd")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-03-01", "2025-03-01"),
        ("2025-03-01T23:30:00Z", "2025-03-01"),
        ("12 March 2026", "2026-03-12"),
        ("March 12, 2026", "2026-03-12"),
        ("Sat, 01 Mar 2025 23:10:00 GMT", "2025-03-01"),
        ("13/04/2025", "2025-04-13"),
        ("03/04/2025", None),
        ("05.03.04", None),
        ("today", None),
        ("3 days ago", None),
        ("March 2025", None),
        ("2025", None),
        ("1740000000", None),
        ("30 February 2025", None),
        ("garbage", None),
        ("2025-03-01" + " " * 9 + "x" * 100, None),
        ("", None),
    ],
)
def test_only_a_full_unambiguous_date_is_kept(tmp_path: Path, written: str, day: str | None) -> None:
    assert only_article(json_file(tmp_path, date=written)).published == day


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" https://a.example/x?y=1 ", "https://a.example/x?y=1"),
        ("http://a.example", "http://a.example"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("https://[bad", None),
        ("https://a.example/ x", None),
        ("https://a.example/" + "x" * 2000, None),
    ],
)
def test_only_a_web_address_is_kept(tmp_path: Path, given: str, kept: str | None) -> None:
    assert only_article(json_file(tmp_path, url=given)).url == kept


def test_a_title_is_one_line_of_bounded_length(tmp_path: Path) -> None:
    assert only_article(json_file(tmp_path, title="a\0\x1b\u2028b" + "c" * 600)).title == "a b" + "c" * 497


@pytest.mark.parametrize("path", find_files([SEEDS])[0], ids=lambda path: path.name)
def test_a_file_cut_short_never_raises(tmp_path: Path, path: Path) -> None:
    data = path.read_bytes()
    for length in range(1, len(data), max(1, len(data) // 20)):
        loaded = load(write(tmp_path / path.name, data[:length]))
        assert len(loaded.articles) + len(loaded.failures) >= 1


@pytest.mark.parametrize("suffix", [".md", ".html", ".eml"])
def test_marks_that_nobody_sees_are_left_out(tmp_path: Path, suffix: str) -> None:
    told = "“The lock at Holm has leaked since the winter of the long ice,” said Ola Brun\u00adstad\u200b of Holm."
    body = f"<html><body><article><p>{told}</p></article></body></html>" if suffix == ".html" else told
    head = "Subject: Lock\nContent-Type: text/plain; charset=utf-8\n\n" if suffix == ".eml" else ""
    file = tmp_path / f"a{suffix}"
    file.write_text(head + body, encoding="utf-8")
    [article] = load(file).articles
    assert article.text.endswith("said Ola Brunstad of Holm.")


def test_the_text_of_a_plain_file_keeps_every_character(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Ola Brun\u00adstad left.", encoding="utf-8")
    assert load(file).articles[0].text == "Ola Brun\u00adstad left."
