"""Newsletters: each message of an mbox file is an article of its sender and its day."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.loading.common import LoadError
from ingest.loading.formats.mail import read_mail
from ingest.loading.loaders import load

WORDS = "“The lock leaks and stays,” Ana Torvik said on the quay, where the pilots had waited for her all morning."
LONG = f"Good morning from Holm.\n\n{WORDS}\n\nFrom now on the lock is shut at night, she said. It rained all night."


def message(
    subject: str = "Morning: lock leaks", *, text: str | None = LONG, html: str | None = None, **headers: str
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "The Holm Courier <letters@courier.example>", subject
    mail["Date"], mail["Message-ID"] = "Mon, 4 May 2026 06:00:00 +0200", f"<{subject[:3]}@courier.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text or "")
    if html:
        mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def mbox(*messages: bytes) -> bytes:
    start = b"From letters@courier.example Mon May  4 06:00:00 2026\n"
    return b"\n".join(start + one.replace(b"\nFrom ", b"\n>From ") for one in messages)


def test_each_message_is_an_article_with_sender_subject_and_day(tmp_path: Path) -> None:
    file = tmp_path / "letters.mbox"
    file.write_bytes(mbox(message(), message("Evening: lock shut")))
    articles = load(file).articles
    assert [(a.id, a.title) for a in articles] == [
        ("Mor@courier.example", "Morning: lock leaks"),
        ("Eve@courier.example", "Evening: lock shut"),
    ]
    assert {(a.publication, a.published) for a in articles} == {("The Holm Courier", "2026-05-04")}


def test_a_line_that_begins_with_from_is_text_of_its_message() -> None:
    [article] = read_mail(mbox(message())).articles
    assert article.text == LONG


def test_a_message_of_html_is_read_by_its_paragraphs() -> None:
    markup = f"<html><body><table><tr><td><p>Good morning.</p><p>{WORDS}</p></td></tr></table></body></html>"
    [article] = read_mail(message(text="See it on the web.", html=markup)).articles
    assert WORDS in article.text.split("\n\n")


def test_words_in_another_encoding_are_the_same_words() -> None:
    raw = (
        "From: =?iso-8859-1?q?K=F8bing?= <k@k.example>\nSubject: =?utf-8?b?w5hs?=\nContent-Type: text/plain; "
        "charset=windows-1252\nContent-Transfer-Encoding: quoted-printable\n\n=93It leaks=94, hun sa=E5.\n"
    )
    [article] = read_mail(raw.encode()).articles
    assert (article.publication, article.title, article.text) == ("Købing", "Øl", "“It leaks”, hun saå.")


def test_a_message_on_the_web_has_its_address(tmp_path: Path) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(message(archived_at="<https://courier.example/4>"))
    assert load(file).articles[0].url == "https://courier.example/4"


def test_a_message_without_text_is_named_and_costs_no_other() -> None:
    read = read_mail(mbox(message(), message("Empty", text="")))
    assert [article.title for article in read.articles] == ["Morning: lock leaks"]
    assert read.warnings == ("message 2 (“Empty”) has no text and is left out",)


def test_a_file_without_any_text_is_refused() -> None:
    with pytest.raises(LoadError, match="no message with text"):
        read_mail(mbox(message("Empty", text="")))


def test_the_signature_and_what_a_mail_answers_are_not_its_text() -> None:
    mail = (
        'From: Port <port@halvick.example>\nSubject: Lock\nContent-Type: text/plain; charset=utf-8\n\n"It leaks," said '
        "Ana Torvik.\n\n> You wrote:\n> Will it fall?\n\n-- \nPort of Halvick\n"
    )
    read = read_mail(mail.encode())
    assert [article.text for article in read.articles] == ['"It leaks," said Ana Torvik.']
    assert read.warnings == (
        "message 1 (“Lock”) is read without its signature or what it answers (lines at its end: 3)",
    )


def test_lines_with_a_mark_in_the_middle_of_a_mail_are_set_off() -> None:
    mail = "Subject: Lock\nContent-Type: text/plain; charset=utf-8\n\nAna Torvik wrote:\n\n> It leaks.\n\nIt rained.\n"
    [article] = read_mail(mail.encode()).articles
    assert article.text == "Ana Torvik wrote:\n\n    It leaks.\n\nIt rained."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("> It leaks.\n> It rained.\n>> When?\n", "It leaks.\nIt rained.\n    When?"),
        ("> It leaks.\n\n-- \nPort\n", "It leaks."),
        ("-- \nIt leaks.\n", "-- \nIt leaks."),
        ("It leaks.\n\n-- \nIt rained.\n\n-- \nPort\n", "It leaks.\n\n-- \nIt rained."),
        ("It leaks.\n\n-- \n" + "It rained.\n" * 11, "It leaks.\n\n-- \n" + "\n".join(["It rained."] * 11)),
    ],
    ids=["quoted alone", "quoted and signed", "nothing above", "two stories", "a long story below"],
)
def test_words_are_not_taken_for_a_signature_or_an_answer(body: str, text: str) -> None:
    mail = f"Subject: Lock\nContent-Type: text/plain; charset=utf-8\n\n{body}"
    assert [article.text for article in read_mail(mail.encode()).articles] == [text]


def test_a_by_line_below_the_address_of_a_newsletter_is_one(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    text = "Read it here: https://tarn.example/7\n\nBy Greta Lowe\n\nThe lock will be shut for the winter."
    file.write_text(f"From: Tarn Weekly <hello@tarn.example>\nSubject: Lock to shut\n\n{text}\n")
    [article] = load(file).articles
    assert (article.author, article.url) == ("Greta Lowe", "https://tarn.example/7")
    assert article.text == text


@pytest.mark.parametrize(
    ("sender", "author", "publication"),
    [
        ("Greta Lowe <greta.lowe@tarn.example>", "Greta Lowe", None),
        ("Greta Lowe <glowe@tarn.example>\nList-Id: Tarn Weekly <weekly.tarn.example>", "Greta Lowe", "Tarn Weekly"),
        ("Tarn Weekly <hello@tarn.example>\nList-Id: Letters <weekly.tarn.example>", None, "Tarn Weekly"),
        ("Tarn Post <tarn.post@tarn.example>", None, "Tarn Post"),
        ("The Weekly <the.weekly@tarn.example>", None, "The Weekly"),
        ("desk@tarn.example", None, "desk@tarn.example"),
    ],
)
def test_a_person_who_sends_a_mail_writes_it_and_is_no_outlet(
    sender: str, author: str | None, publication: str | None
) -> None:
    [article] = read_mail(f"From: {sender}\nSubject: Lock\n\nThe lock leaks.\n".encode()).articles
    assert (article.author, article.publication) == (author, publication)


def test_a_by_line_may_stand_below_the_headline_without_the_list_s_name(tmp_path: Path) -> None:
    rows = [
        "<a href='https://holm.example/1'>See it on the web</a>",
        f"<h1>Lock leaks</h1><p>By Ida Moe</p><p>{WORDS}</p>",
    ]
    html = "".join(f"<table><tr><td>{row}</td></tr></table>" for row in rows)
    (tmp_path / "a.eml").write_bytes(message(text="See it.", html=html))
    [article] = load(tmp_path / "a.eml").articles
    assert (article.author, article.text) == ("Ida Moe", f"Lock leaks\n\nBy Ida Moe\n\n{WORDS}")


HEAD = "--- Forwarded message ---\nFrom: Ann Lee <ann.lee@quay.example>\nDate: {}\nSubject: {}\nTo: a@b.example"


@pytest.mark.parametrize(
    "day", ["Sun, 3 May 2026 at 18:04", "Sunday, 3 May 2026 18:04", "Sun, 3 May 2026 18:04:00 +0200"]
)
def test_a_message_that_is_passed_on_is_of_its_own_sender_and_day(day: str) -> None:
    text = f"For Friday.\n\n{HEAD.format(day, 'Lock leaks')}\n\n{LONG}"
    read = read_mail(message("Fwd: Lock leaks", text=text))
    [article] = read.articles
    assert (article.title, article.author, article.published) == ("Lock leaks", "Ann Lee", "2026-05-03")
    assert article.text == LONG
    assert read.warnings == (
        "message 1 (“Lock leaks”) is read as the message that it passes on, without what stands above it",
    )


@pytest.mark.parametrize(
    ("subject", "above"),
    [("Re: Lock leaks", "We shall mend it."), ("Fwd: The lock", "See below."), ("Fwd: Lock leaks", 3 * LONG)],
    ids=["an answer", "another message", "words of its own"],
)
def test_a_message_with_another_below_its_own_words_is_its_sender_s(subject: str, above: str) -> None:
    text = f"{above}\n\n{HEAD.format('Sun, 3 May 2026', 'Lock leaks')}\n\n{LONG}"
    [article] = read_mail(message(subject, text=text)).articles
    assert (article.title, article.publication, article.published) == (subject, "The Holm Courier", "2026-05-04")
    assert article.text == text


def test_a_by_line_below_the_name_and_the_number_of_a_newsletter_names_its_writer() -> None:
    [article] = read_mail(message(text=f"THE HOLM COURIER\nNo. 7\n\nBy Greta Lowe\n\n{LONG}")).articles
    assert (article.author, article.publication) == ("Greta Lowe", "The Holm Courier")
    for above in ("It rained.\n\nBy Friday, she said\n\n", "Holm\n\nBy noon\n\n", "It rained.\n\nBy Greta Lowe\n\n"):
        [other] = read_mail(message(text=f"{above}{LONG}")).articles
        assert other.author is None


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ("\n\n--\nYou get this because you asked for it.\nStop: https://courier.example/u\n", ""),
        ("\n\n--\nIt is warmer now.\n\nIt will stay so.\n", "\n\n--\nIt is warmer now.\n\nIt will stay so."),
        ("\n\n--\nIt is warmer now.\n\n--\nIt will stay so.\n", "\n\n--\nIt is warmer now.\n\n--\nIt will stay so."),
    ],
)
def test_a_signature_is_one_even_where_the_space_behind_its_hyphens_is_lost(end: str, kept: str) -> None:
    [article] = read_mail(message(text=LONG + end)).articles
    assert article.text == LONG + kept
