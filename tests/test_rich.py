"""Rich text, and a page saved in one file: the words that a person sees, and what the file says of itself."""

from __future__ import annotations

import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.loading.common import LoadError
from ingest.loading.formats.mail import read_saved_page
from ingest.loading.formats.rich import read_rtf
from ingest.loading.loaders import load

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset238 Times CE;}}"
    r"{\info{\title Gates stay shut}{\author Odile Farr}{\creatim\yr2026\mo3\dy4\hr9}}{\stylesheet{\s0 Normal;}}"
)


def text_of(body: str) -> list[str]:
    [article] = read_rtf(f"{HEAD}{body}}}".encode("latin-1")).articles
    return article.text.split("\n\n")


def test_title_author_and_the_day_it_was_made_are_those_of_the_file() -> None:
    [article] = read_rtf(f"{HEAD}It leaks.\\par}}".encode()).articles
    assert (article.text, article.title, article.author, article.published) == (
        "It leaks.",
        "Gates stay shut",
        "Odile Farr",
        "2026-03-04",
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"\ldblquote It\rquote s shut,\rdblquote  he said.", "“It’s shut,” he said."),
        (r"\'93Caf\'e9\'94 and \u8220?caf\u233?\u8221?", "“Café” and “café”"),
        (r"\uc2\u8220\'81\'67It\u8221\'81\'68", "“It”"),
        (r"\f1 Bo\'9eena\f0  Moll", "Božena Moll"),
        (r"\u55357?\u56832? rose", "😀 rose"),
        ("caf\xe9", "café"),
        ("It is\\line shut.", "It is shut."),
        ("It is \r\nshut.", "It is shut."),
        (r"{\b It} is {\i shut}\~now.", "It is shut\u00a0now."),
        (r"A {\field{\*\fldinst HYPERLINK x.example}{\fldrslt link}} in it.", "A link in it."),
        (r"It {\deleted never }leaks {\v secret }{\strike badly }now.", "It leaks now."),
        (r"It \strike never \strike0 leaks\strike\plain .", "It leaks."),
        (r"It{\*\annotation is it so?} leaks.", "It leaks."),
        (r"It leaks.{\pict\pngblip 89504e470d0a}", "It leaks."),
        (r"It leaks.{\pict\bin4 }}{{ So.}", "It leaks."),
        (r"{\header Brack Post}It leaks.", "It leaks."),
    ],
)
def test_a_sentence_is_that_which_a_person_sees(written: str, shown: str) -> None:
    assert text_of(written) == [shown]


def test_notes_come_last_and_a_row_is_a_line() -> None:
    body = r"It leaks.{\footnote A note.} So it is.\par Odile\cell It leaks.\cell\row {\*\shpinst{\shptxt A box.\par}}"
    assert text_of(body) == ["It leaks. So it is.", "Odile\tIt leaks.", "A box.", "A note."]


def test_what_is_left_out_is_named() -> None:
    read = read_rtf(f"{HEAD}It {{\\deleted never }}leaks {{\\strike badly}}.}}".encode())
    assert read.warnings == (
        "the document has tracked changes; it is read as their final text, without “never”",
        "words that are struck through are left out: “badly”",
    )


def test_a_byline_counts_before_the_day_the_file_was_made(tmp_path: Path) -> None:
    file = tmp_path / "a.rtf"
    file.write_bytes(f"{HEAD}Gates\\par By Ann Bo, The Courier, 2 March 2026\\par They leak.\\par}}".encode())
    [article] = load(file).articles
    assert (article.publication, article.published) == ("The Courier", "2026-03-02")


@pytest.mark.parametrize("data", [b"It leaks.", b"PK\x03\x04"])
def test_what_is_no_rich_text_is_refused(data: bytes) -> None:
    with pytest.raises(LoadError, match="not rich text"):
        read_rtf(data)


@pytest.mark.parametrize("part", ["{", "}", "\\'9", "\\u8220", "{\\deleted a", "\\pict", "{\\footnote "])
def test_broken_marks_cost_little(part: str) -> None:
    begun = time.perf_counter()
    read_rtf(f"{HEAD}{part * 20_000}".encode())
    assert time.perf_counter() - begun < 5


def test_a_page_saved_in_one_file_is_read_as_the_page(tmp_path: Path) -> None:
    said = "“They weigh more than my house,” said Greta Lund, the owner of the mine."
    told = "Two pumps for the mine arrived at the harbour on Sunday on a barge from the north."
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://stannery.example/pumps"
    message.set_content("p { color: red }", subtype="css")
    page = f"<html><head><title>Pumps</title></head><body><article><p>{told}</p><p>{said}</p></article></body></html>"
    message.make_mixed()
    message.add_attachment(page, subtype="html")
    for name in ("a.mhtml", "a.mht"):
        (tmp_path / name).write_bytes(message.as_bytes())
        [article] = load(tmp_path / name).articles
        assert (article.text, article.title, article.url) == (
            f"{told}\n\n{said}",
            "Pumps",
            "https://stannery.example/pumps",
        )


def test_a_saved_page_without_its_page_is_refused() -> None:
    with pytest.raises(LoadError, match="no page"):
        read_saved_page(b"Content-Type: text/css\n\np { color: red }")
