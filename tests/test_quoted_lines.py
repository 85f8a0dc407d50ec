"""Lines of a plain text with a > before them, as programs for mail quote."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.loading.common import Read
from ingest.loading.formats.quoted_lines import QUOTED, text_with_quoted
from ingest.loading.readers import read_text
from rag.schema import Article

ABOVE = "The ferry of Tarnhead makes its last crossing on Friday.\n\n"
BELOW = "\n\nThe ferry will be sold for parts."


def said(text: str) -> list[tuple[str | None, str, str]]:
    [article] = read_text(text.encode()).articles
    found = extract_quotes(article.text)
    return [(quote.speaker.name if quote.speaker else None, quote.kind, quote.text) for quote in found]


def test_quoted_lines_are_direct_words_of_whom_the_line_above_them_names() -> None:
    text = (
        f"{ABOVE}Greta Lowe, who steered it for twenty years, answered our questions by mail:\n\n"
        "> I have steered that ferry through two floods and one wedding. The deck\n"
        "> was never wet, and neither was the bride.\n>\n> I will hand in the key.\n\n"
        f"The harbour master, Noel Quarry, wrote back with one line:\n\n>> The key is mine.{BELOW}"
    )
    assert said(text) == [
        (
            "Greta Lowe",
            "direct",
            "I have steered that ferry through two floods and one wedding. The deck was never wet, and neither was the "
            "bride. I will hand in the key.",
        ),
        ("Noel Quarry", "direct", "The key is mine."),
    ]
    assert read_text(text.encode()).warnings == (QUOTED,)


@pytest.mark.parametrize(
    ("above", "quoted"),
    [
        ("Greta Lowe wrote to the board:\n", ">The deck was never wet, and I will hand in\n>the key."),
        (
            "The board heard from a pilot, Greta Lowe, on Monday.\n\n",
            "> The deck was never wet, and I will\n> hand in the key.",
        ),
        ("The board has one letter.\n\n", "> The deck was never wet, and I will hand in the key.\n> — Greta Lowe"),
        ("Greta Lowe wrote:\r\n\r\n", " > The deck was never wet, and I will\r\n > hand in the key."),
    ],
)
def test_a_credit_or_a_person_above_words_that_say_i_will_do(above: str, quoted: str) -> None:
    words = "The deck was never wet, and I will hand in the key."
    assert [one for one in said(ABOVE + above + quoted + BELOW) if one[1] == "direct"] == [
        ("Greta Lowe", "direct", words)
    ]


def test_lines_that_somebody_broke_stay_lines() -> None:
    text = f"{ABOVE}Greta Lowe wrote:\n\n> The deck is wet.\n> The key is cold.\n> The rope is gone.{BELOW}"
    assert "    The deck is wet.\n    The key is cold.\n    The rope is gone.\n" in (text_with_quoted(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        f"{ABOVE}> Read more about our ferry{BELOW}",
        f"{ABOVE}Greta Lowe answered us:\n\n> How wet was the deck?\n\nNever wet.\n\n> And the key?\n\nCold.",
        "Home\n> News\n> Ferries\n\nThe ferry was > 20 years old.",
    ],
)
def test_links_and_questions_stay_as_they_are(text: str) -> None:
    assert read_text(text.encode()) == Read.one(Article(id="", text=text))


@pytest.mark.parametrize(
    "turns",
    [
        ">> ANN LEE: Good evening. I have news.\n>> BO EK: We have seen it leak.",
        ">> ANN LEE: Good evening. I have news\n>> of the ferry.\n>> BO EK, pilot: We have seen it leak.",
        ">> Ann Lee: Good evening. I have news.\n\n>> Bo Ek: We have seen it leak.\n>> I did not.",
        ">> Good evening. I have news.\n>> We have seen it leak.\n>> Never!",
    ],
)
def test_marks_of_a_change_of_speaker_are_no_quoted_lines(turns: str) -> None:
    assert text_with_quoted(f"{ABOVE}{turns}{BELOW}") is None


@pytest.mark.parametrize(
    "mail",
    [
        ">> From: Greta Lowe\n>> To: Noel Quarry\n>> I have seen it leak.",
        ">> I have seen it leak, and I will hand in\n>> the key.",
        ">> I have seen it leak.\n>> — Greta Lowe",
    ],
)
def test_mail_that_was_quoted_twice_stays_a_quotation(mail: str) -> None:
    assert "I have seen it leak" in (text_with_quoted(f"{ABOVE}{mail}{BELOW}") or "").replace("\n    ", " ")
    assert ">>" not in (text_with_quoted(f"{ABOVE}{mail}{BELOW}") or ">>")
