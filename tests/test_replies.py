"""A mail whose answers stand between the questions that it quotes is an interview."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from ingest.loading.formats.mail import read_mail
from ingest.quotes import extract_quotes
from rag.schema import Article

LED = "On Mon, 4 May 2026 at 09:14, Pia Halden <pia@courier.example> wrote:\n"
ASKED = (
    "> 1. Why was the lock at Holm shut on a Friday night, without any notice\n> to the pilots who had\n"
    "> already left the upper basin?\n"
)
BECAUSE = "Because the gate had moved. I do not send a boat below a gate that moves."
FIRST = f"{ASKED}\n{BECAUSE}\n\n"
SECOND = "> 2. Will it open again?\n\nYes, in June, with one gate. I would rather promise one and keep it.\n\n"
SIGNED = (
    "Kind regards,\nZoë Torvik\nHarbour Master, Port of Holm\n\nThis message is confidential. I ask you to delete it.\n"
)


def reply(body: str, *, html: str | None = None, **headers: str) -> Article:
    mail = EmailMessage()
    mail["From"], mail["To"] = '"Torvik, Zoë" <z.torvik@port.example>', "Pia Halden <pia@courier.example>"
    mail["Subject"], mail["Message-ID"] = "RE: The lock", "<1@port.example>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    if html:
        mail.set_content(html, subtype="html")
    return read_mail(mail.as_bytes()).articles[0]


def said(article: Article) -> list[tuple[str | None, str]]:
    quotes = extract_quotes(article.text, article.title, author=article.author)
    return [(quote.speaker.name if quote.speaker else None, quote.text) for quote in quotes]


ANSWERS = [
    ("Zoë Torvik", BECAUSE),
    ("Zoë Torvik", "Yes, in June, with one gate. I would rather promise one and keep it."),
]
QUESTION = (
    "1. Why was the lock at Holm shut on a Friday night, without any notice to the pilots who had already left the "
    "upper basin?"
)


def test_the_sender_answers_and_who_is_answered_asks() -> None:
    article = reply(f"Dear Pia,\n\nmy answers stand below.\n\n{LED}{FIRST}{SECOND}{SIGNED}")
    assert (article.author, article.publication) == ("Zoë Torvik", None)
    assert said(article) == [
        ("Pia Halden", QUESTION),
        ANSWERS[0],
        ("Pia Halden", "2. Will it open again?"),
        ANSWERS[1],
    ]


def test_questions_of_nobody_who_is_named_are_nobody_s() -> None:
    article = reply(f"Dear Pia,\n\n{FIRST}{SECOND}{SIGNED}", In_Reply_To="<0@courier.example>")
    assert said(article) == ANSWERS


def test_a_message_of_html_is_an_interview_too() -> None:
    html = (
        f"<p>Dear Pia,</p><p>{LED.replace('<', '&lt;').replace('>', '&gt;')}</p>"
        f"<blockquote type=cite>{QUESTION}</blockquote><p>{ANSWERS[0][1]}</p>"
        f"<blockquote type=cite>2. Will it open again?</blockquote><p>{ANSWERS[1][1]}</p>"
        "<p>Kind regards,<br>Zoë Torvik</p><p>This message is confidential. I ask you to delete it.</p>"
    )
    assert said(reply("", html=html)) == [
        ("Pia Halden", QUESTION),
        ANSWERS[0],
        ("Pia Halden", "2. Will it open again?"),
        ANSWERS[1],
    ]


def test_an_answer_that_the_program_for_mail_broke_at_a_width_is_whole() -> None:
    broken = (
        "Because the gate had moved a hand’s breadth since the morning, and I do\n"
        "not send a boat below a gate that moves, whoever waits for it and for\nhowever long.\n"
    )
    article = reply(f"{LED}{ASKED}\n{broken}\n{SECOND}{SIGNED}")
    assert ("Zoë Torvik", broken.replace("\n", " ").strip()) in said(article)


def test_who_asks_may_be_named_surname_first_and_on_two_lines() -> None:
    led = "On Mon, 4 May 2026 at 09:14, Halden, Pia <\npia@courier.example> wrote:\n"
    article = reply(f"{led}{FIRST}{SECOND}", To="desk@courier.example")
    assert [who for who, _ in said(article)] == ["Pia Halden", "Zoë Torvik"] * 2


def test_what_was_quoted_before_and_greetings_and_signatures_in_questions_are_nobody_s() -> None:
    asked = "> Dear Zoë,\n>\n>> I shall answer on Monday.\n>\n> Will it open again?\n>\n> Best,\n> Pia\n\n"
    article = reply(f"{LED}{asked}Yes, in June, with one gate.\n\nBest wishes,\nZT\n")
    assert said(article) == [("Pia Halden", "Will it open again?"), ("Zoë Torvik", "Yes, in June, with one gate.")]


def test_somebody_else_s_words_in_an_answer_are_that_one_s() -> None:
    added = "The pilot, Dr Ansgar Tveit, asked me to add this from him: “I was on board and it was a calm night.”\n\n"
    found = said(reply(f"{LED}{FIRST}{SECOND}{added}{SIGNED}"))
    assert any(who == "Ansgar Tveit" and "I was on board" in words for who, words in found)


def test_an_answer_to_an_editor_is_no_letter() -> None:
    found = said(reply(f"Dear editor,\n\n{LED}{FIRST}{SECOND}Zoë Torvik\n"))
    assert [who for who, _ in found] == ["Pia Halden", "Zoë Torvik"] * 2


@pytest.mark.parametrize(
    "body",
    [
        "The pilots ask:\n\n> Will it open?\n\nNobody knew.\n",  # A newsletter, which answers nobody.
        f"It opens in June.\n\n{LED}> Will it open again?\n> It rains.\n",
    ],
)
def test_other_mails_have_no_labels(body: str) -> None:
    assert "Torvik:" not in reply(body).text
