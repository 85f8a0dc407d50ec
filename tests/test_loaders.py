"""The loaders: what each format gives, and that nothing in a file ever raises."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import docx
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from ingest import formats, loaders
from ingest.loaders import SUFFIXES, Failure, find_files, load
from rag.schema import Article

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


def make_pdf(lines: list[str], *, password: str | None = None, **info: str) -> bytes:
    """Make a one-page PDF with one line of text below the other."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject({NameObject(f"/{k}"): NameObject(f"/{v}") for k, v in FONT.items()})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
    content = DecodedStreamObject()
    shown = "".join(f"({line}) Tj 0 -16 Td\n" for line in lines)
    content.set_data(f"BT /F 11 Tf 60 780 Td\n{shown}ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(content)
    writer.add_metadata({f"/{key}": value for key, value in info.items()})
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


FONT = {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica", "Encoding": "WinAnsiEncoding"}


# --- find_files


def test_folders_are_walked_sorted_without_hidden_readme_and_foreign_files(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.MD",
        ".c.txt",
        "README.md",
        "README",
        "d.csv",
        "deep/e.pdf",
        ".git/f.txt",
        "deep/.g/h.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, "x")
    files, failures = find_files([tmp_path, tmp_path / "b.txt", str(tmp_path / "deep")])
    assert files == [tmp_path / "a.MD", tmp_path / "b.txt", tmp_path / "deep" / "e.pdf"]
    assert failures == []


def test_a_named_path_that_is_missing_or_foreign_is_a_failure(tmp_path: Path) -> None:
    foreign, missing = str(write(tmp_path / "d.csv", "x")), str(tmp_path / "none.txt")
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


def test_links_that_leave_the_folder_or_loop_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    inside, outside = write(folder / "a.txt", "x"), write(tmp_path / "out.txt", "x")
    (folder / "away.txt").symlink_to(outside)
    (folder / "away").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder)
    (folder / "same.txt").symlink_to(inside)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    assert find_files([folder]) == ([inside], [])


def test_a_folder_that_cannot_be_read_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: str) -> None:
        raise PermissionError(13, "Permission denied", folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert find_files([tmp_path]) == ([], [Failure(str(tmp_path), "it cannot be opened: Permission denied")])


# --- plain text and encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
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
        ("a.csv", b"x", f"the format is not supported; use one of {' '.join(SUFFIXES)}"),
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
    [("publisher", "publication"), ("source", "publication"), ("headline", "title"), ("link", "url")],
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


# --- Markdown


def test_markdown_becomes_paragraphs_of_plain_text(tmp_path: Path) -> None:
    source = """---
title: "Quay: the vote"
author: [Ann, Bo]
publication: The Post
date: 2026-01-20
url: https://post.example/quay
---
# Heading

Wrapped *and* **bold**
[link](https://x.example) &amp; `code`.

> “Quoted,” she
> said.

- first
- second

<div>In a <b>box</b></div>

| a | b |
|---|---|
| c | d |
"""
    path = write(tmp_path / "a.md", source)
    blocks = ["Heading", "Wrapped and bold link & code.", "“Quoted,” she said.", "first", "second", "In a box", *"abcd"]
    assert only_article(path) == Article(
        id="",
        text="\n\n".join(blocks),
        title="Quay: the vote",
        author="Ann, Bo",
        publication="The Post",
        published="2026-01-20",
        url="https://post.example/quay",
        path=str(path),
    )


def test_the_first_heading_is_the_title_without_front_matter(tmp_path: Path) -> None:
    article = only_article(write(tmp_path / "a.md", "Intro.\n\n## The *vote*\n\n# Later\n"))
    assert (article.title, article.text) == ("The vote", "Intro.\n\nThe vote\n\nLater")


def test_front_matter_that_is_not_yaml_is_a_failure_with_advice(tmp_path: Path) -> None:
    reason = only_reason(write(tmp_path / "a.md", "---\ntitle: He said: no\n---\nText.\n"))
    assert reason.startswith("the front matter is not valid YAML (")
    assert reason.endswith("; put values that contain a colon in quotation marks")


# --- HTML

# A page with less text than this is taken whole by trafilatura.
LONG = " ".join(["The pilots, who had met all morning, said that they would wait and see."] * 5)


def test_html_gives_the_article_without_the_page_around_it(tmp_path: Path) -> None:
    page = f"""<html><head><title>Quay | The Post</title><meta property="og:site_name" content="The Post">
    <meta property="og:title" content="Quay"><meta name="author" content="Ann Bo">
    <meta property="article:published_time" content="2026-01-20"><link rel="canonical" href="https://post.example/q">
    </head><body><nav>Home</nav><article><p>The mayor said that the quay would open on Monday.</p>
    <p>“It will open,” she said. <script>alert(1)</script></p><p>{LONG}</p></article>
    <footer>Cookies</footer></body></html>"""
    path = write(tmp_path / "a.htm", page)
    assert only_article(path) == Article(
        id="",
        text=f"The mayor said that the quay would open on Monday.\n\n“It will open,” she said.\n\n{LONG}",
        title="Quay",
        author="Ann Bo",
        publication="The Post",
        published="2026-01-20",
        url="https://post.example/q",
        path=str(path),
    )


def test_an_html_date_is_not_guessed_from_the_text(tmp_path: Path) -> None:
    page = (
        "<html><body><article><p>The quay was built on 3 May 1999, the mayor said.</p><p>Copyright 2021</p></article>"
    )
    assert only_article(write(tmp_path / "a.html", page)).published is None


# --- Word


def save_docx(path: Path, *, created: datetime | None = None) -> Path:
    document = docx.Document()
    document.add_paragraph("Before.")
    table = document.add_table(rows=2, cols=2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "merged"
    table.cell(1, 0).text, table.cell(1, 1).text = "left", "right"
    document.add_paragraph("After.")
    document.core_properties.title, document.core_properties.author = "Quay", "Ann"
    if created:
        document.core_properties.created = created
    document.save(str(path))
    return path


def test_docx_gives_paragraphs_and_cells_in_order(tmp_path: Path) -> None:
    path = save_docx(tmp_path / "a.docx", created=datetime(2026, 10, 5))
    text = "Before.\n\nmerged\n\nleft\n\nright\n\nAfter."
    assert only_article(path) == Article(
        id="", text=text, title="Quay", author="Ann", published="2026-10-05", path=str(path)
    )


def test_the_date_of_the_docx_template_is_no_date(tmp_path: Path) -> None:
    assert only_article(save_docx(tmp_path / "a.docx")).published is None


def test_a_docx_that_unpacks_too_far_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save_docx(tmp_path / "a.docx")
    size = sum(part.file_size for part in zipfile.ZipFile(path).infolist())
    monkeypatch.setattr(formats, "MAX_UNPACKED_BYTES", size - 1)
    assert only_reason(path) == f"the document unpacks to {size:,} bytes; the limit is {size - 1:,}"


def test_a_zip_that_is_no_docx_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("x.txt", "x")
    reason = "the file is not a Word document, or is damaged; open it in Word and save it again"
    assert only_reason(tmp_path / "a.docx") == reason


# --- PDF


def test_pdf_lines_are_joined_into_paragraphs(tmp_path: Path) -> None:
    lines = [
        "Quay to open",
        "The mayor said on Monday that the new quay would be open to every ves-",
        "sel that pays, and that nobody would be turned away from it at night or",
        "at dawn.",
        "The pilots said no.",
        "",
        "A harbour-wide strike was called for Friday by the union of the pilots,",
        "which has 40 members.",
        "1",
    ]
    path = write(tmp_path / "a.pdf", make_pdf(lines, Title="Quay", Author="Ann", CreationDate="D:20260714233000Z"))
    paragraphs = [
        "Quay to open",
        "The mayor said on Monday that the new quay would be open to every vessel that pays, and that nobody would be "
        "turned away from it at night or at dawn.",
        "The pilots said no.",
        "A harbour-wide strike was called for Friday by the union of the pilots, which has 40 members.",
    ]
    assert only_article(path) == Article(
        id="", text="\n\n".join(paragraphs), title="Quay", author="Ann", published="2026-07-14", path=str(path)
    )


def test_a_pdf_without_text_is_a_failure(tmp_path: Path) -> None:
    reason = "the PDF has no text, only images; run text recognition (OCR) on it first"
    assert only_reason(write(tmp_path / "a.pdf", make_pdf([]))) == reason


def test_a_pdf_with_a_password_is_a_failure(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", make_pdf(["Secret."], password="x"))
    assert only_reason(path) == "the PDF has a password; save a copy without one"


def test_a_pdf_encrypted_with_an_empty_password_opens(tmp_path: Path) -> None:
    assert only_article(write(tmp_path / "a.pdf", make_pdf(["Not secret."], password=""))).text == "Not secret."


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".html"])
def test_a_file_cut_short_never_raises(tmp_path: Path, suffix: str) -> None:
    whole = {".docx": save_docx(tmp_path / "w.docx").read_bytes(), ".pdf": make_pdf(["He said so."])}
    data = whole.get(suffix, b"<html><body><p>He said that it was so and not otherwise.</p></body></html>")
    for length in range(1, len(data), max(1, len(data) // 40)):
        loaded = load(write(tmp_path / f"a{suffix}", data[:length]))
        assert len(loaded.articles) + len(loaded.failures) == 1
