"""Whatever the format: the words of an article are those that a person sees in it, and so is every quoted string."""

from __future__ import annotations

import csv
import html
import io
import json
import textwrap
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import extract_quotes
from ingest.loading.loaders import load
from tests.test_opendocument import made
from tests.test_pdf import make_pdf

NAMES = ("Ana Torvik", "Per Lund", "Zoë Brand", "Kirsten O’Dell")
WORDS = ("The lock leaks", "I’ll pay 4,000 crowns", "It isn’t a well-kept quay", "Nobody asked us", "We go at 9.30")
MARKS = ("“{}”", '"{}"')
FORMS = (
    "{quote} said {name}, who keeps the lock at Holm and has done so since the winter of the long ice.",
    "{name}, who keeps the lock at Holm, told the pilots on Monday: {quote} It rained all of that day.",
    "{name} said that the lock at Holm would be shut for a month, and that {quote} was all there was to say.",
    "The pilots waited on the quay until the evening, and {name} was not seen there again before the winter.",
)


def paragraph(form: str, name: str, words: str, marks: str) -> str:
    return form.format(quote=marks.format(f"{words},"), name=name)


PARAGRAPHS = st.lists(
    st.builds(paragraph, *map(st.sampled_from, (FORMS, NAMES, WORDS, MARKS))), min_size=3, max_size=6, unique=True
)


def as_docx(paragraphs: list[str]) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def as_pdf(paragraphs: list[str]) -> bytes:
    return make_pdf([line for text in paragraphs for line in [*textwrap.wrap(text, 70, break_on_hyphens=False), ""]])


def as_html(paragraphs: list[str]) -> bytes:
    body = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    head = "<head><meta charset='utf-8'><title>Lock</title></head>"
    return f"<html>{head}<body><article>{body}</article></body></html>".encode()


def as_xml(paragraphs: list[str]) -> bytes:
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return f"<nitf><body><body.content>{body}</body.content></body></nitf>".encode()


def as_mail(paragraphs: list[str]) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Lock"
    mail.set_content("\n\n".join(paragraphs))
    return mail.as_bytes()


def as_mbox(paragraphs: list[str]) -> bytes:
    return b"From a@lock.example Thu Mar  5 06:00:00 2026\n" + as_mail(paragraphs)


def as_saved_page(paragraphs: list[str]) -> bytes:
    page = EmailMessage()
    page["Subject"] = "Lock"
    page.set_content(as_html(paragraphs).decode(), subtype="html")
    page.replace_header("Content-Type", 'text/html; charset="utf-8"')
    saved = EmailMessage()
    saved["Subject"] = "Lock"
    saved.make_related()
    saved.attach(page)
    return saved.as_bytes()


def as_rich_text(paragraphs: list[str]) -> bytes:
    def letter(one: str) -> str:
        return one if one.isascii() else f"\\u{ord(one)}?"

    return ("{\\rtf1\\ansi " + "\\par\\par ".join("".join(map(letter, text)) for text in paragraphs) + "}").encode()


def as_feed(paragraphs: list[str]) -> bytes:
    body = escape("".join(f"<p>{html.escape(text)}</p>" for text in paragraphs))
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Echo</title>'
    return f"{head}<item><title>Lock</title><content:encoded>{body}</content:encoded></item></channel></rss>".encode()


def as_tsv(paragraphs: list[str]) -> bytes:
    return as_csv(paragraphs, "\t")


def as_csv(paragraphs: list[str], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["title", "text"], ["Lock", "\n\n".join(paragraphs)]])
    return out.getvalue().encode()


def as_zip(paragraphs: list[str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "\n\n".join(paragraphs))
    return out.getvalue()


def as_captions(paragraphs: list[str]) -> bytes:
    cues = [f"00:00:{10 * n:02}.000 --> 00:00:{10 * n + 5:02}.000\n{text}" for n, text in enumerate(paragraphs)]
    return "WEBVTT\n\n{}".format("\n\n".join(cues)).encode()


def as_subtitles(paragraphs: list[str]) -> bytes:
    return as_captions(paragraphs).removeprefix(b"WEBVTT\n\n").replace(b".000 -->", b",000 -->")


FORMATS: dict[str, Callable[[list[str]], bytes]] = {
    ".txt": lambda paragraphs: "\n\n".join(paragraphs).encode(),
    ".md": lambda paragraphs: "\n\n".join(paragraphs).encode(),
    ".json": lambda paragraphs: json.dumps({"text": "\n\n".join(paragraphs)}).encode(),
    ".jsonl": lambda paragraphs: json.dumps({"text": "\n\n".join(paragraphs)}, ensure_ascii=False).encode(),
    ".csv": as_csv,
    ".html": as_html,
    ".docx": as_docx,
    ".pdf": as_pdf,
    ".vtt": as_captions,
    ".xml": as_xml,
    ".eml": as_mail,
    ".zip": as_zip,
    ".odt": lambda paragraphs: made("".join(f"<text:p>{escape(text)}</text:p>" for text in paragraphs)),
    ".rtf": as_rich_text,
    ".mhtml": as_saved_page,
    ".mbox": as_mbox,
    ".tsv": as_tsv,
    ".srt": as_subtitles,
    ".rss": as_feed,
}


@pytest.mark.parametrize("suffix", FORMATS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paragraphs=PARAGRAPHS)
def test_words_and_quoted_strings_are_those_that_a_person_sees(
    tmp_path: Path, suffix: str, paragraphs: list[str]
) -> None:
    file = tmp_path / f"a{suffix}"
    file.write_bytes(FORMATS[suffix](paragraphs))
    [article] = load(file).articles
    assert article.text.split() == " ".join(paragraphs).split()
    for quote in extract_quotes(article.text):
        for span in quote.content:
            assert article.text[span.start : span.end] == span.text
            assert any(" ".join(span.text.split()) in text for text in paragraphs)
