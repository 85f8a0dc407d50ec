"""What stands in the sentences of a file and is no word of them for whoever looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.loading.formats.page import text_of_html
from ingest.loading.loaders import load
from tests.test_word import made, run

KILN = "The brick kiln at Ostrey will close in May, and nobody knows what comes after it, its owners said on Tuesday."
STRUCK = '<w:r><w:rPr><w:{}/></w:rPr><w:t xml:space="preserve">nine </w:t></w:r>'
TOLD = "words that are struck through are left out: “nine”"


def read(path: Path, data: bytes) -> tuple[str, list[str]]:
    """The text of a file's one article, and what is told of how it was read."""
    path.write_bytes(data)
    loaded = load(path)
    [article] = loaded.articles
    return article.text, [warning.text for warning in loaded.warnings]


@pytest.mark.parametrize("mark", ["strike", "dstrike"])
def test_struck_words_of_a_word_document_are_left_out_and_named(tmp_path: Path, mark: str) -> None:
    data = made(run(KILN), run("“We burn ") + STRUCK.format(mark) + run("six tons a day.”"))
    text, told = read(tmp_path / "a.docx", data)
    assert text.endswith("“We burn six tons a day.”")
    assert told == [TOLD]


def test_a_strike_that_is_switched_off_strikes_nothing(tmp_path: Path) -> None:
    data = made(run(KILN), run("“We burn ") + STRUCK.format('strike w:val="0"') + run("tons a day.”"))
    assert read(tmp_path / "a.docx", data) == (f"{KILN}\n\n“We burn nine tons a day.”", [])


@pytest.mark.parametrize("struck", ["<s>nine</s>", "<del>nine</del>", "<strike>nine</strike>"])
def test_struck_words_of_a_page_are_left_out_and_named(tmp_path: Path, struck: str) -> None:
    page = f"<html><body><article><p>{KILN}</p><p>“We burn {struck} six tons.”</p><p>{KILN}</p></article></body></html>"
    text, told = read(tmp_path / "a.html", page.encode())
    assert "“We burn six tons.”" in text
    assert told == [TOLD]


def test_struck_words_of_markdown_are_left_out_and_named(tmp_path: Path) -> None:
    assert read(tmp_path / "a.md", "“We burn ~~nine~~ six tons.”".encode()) == ("“We burn six tons.”", [TOLD])


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("six tons<sup>2</sup> a day", "six tons a day"),
        ("six tons<sup><a href='#n2'>[2]</a></sup> a day", "six tons a day"),
        ("six tons a day.<sup>*</sup>", "six tons a day."),
        ("the 4<sup>th</sup> kiln", "the 4th kiln"),
        ("30 m<sup>2</sup> of clay", "30 m2 of clay"),
        ("six<span class='visually-hidden'> (a link)</span> tons", "six tons"),
        ("six<span class='u-screen-reader-text-wide'> wide</span> tons", "six wide tons"),
    ],
)
def test_the_mark_of_a_note_and_what_is_read_aloud_are_no_words(markup: str, shown: str) -> None:
    assert text_of_html(f"<p>{KILN}</p><p>{markup}</p>").split("\n\n")[1:] == [shown]


def test_a_hidden_part_with_paragraphs_is_the_page_s_to_show() -> None:
    markup = f"<p>{KILN}</p><div hidden><p>The rest of it.</p></div><p hidden>A draft.</p>"
    assert text_of_html(markup).split("\n\n") == [KILN, "The rest of it."]
