"""Depositions and testimony: the head names who answers, and is nobody's name itself."""

from __future__ import annotations

import pytest

from ingest import extract_quotes

ASKED = (
    "BY MS. BRAND:\n\nQ.   Where were you?\n\nA.   In the lock house.\n\nMR. LUND: Objection.\n\n"
    "THE WITNESS: I told them twice.\n\nQ.   And the lamp?\n\nA.   I lit it."
)


def told(text: str, title: str | None = None) -> list[tuple[str | None, str]]:
    """(speaker, words) of everything that is said."""
    return [(q.speaker.name if q.speaker else None, q.text) for q in extract_quotes(text, title=title)]


@pytest.mark.parametrize(
    "head",
    [
        "DEPOSITION OF ANA McTORVIK",
        "DEPOSITION OF: ANA McTORVIK",
        "Videotaped Deposition of Dr. Ana McTorvik, taken on March 3, 2026",
        "COURT OF THE STATE OF NORTHMERE\n\nCOUNTY OF LOW TARN\n\nTRANSCRIPT OF THE TESTIMONY OF\n\nANA McTORVIK",
        "DIRECT EXAMINATION OF ANA McTORVIK BY MS. BRAND",
    ],
)
def test_answers_and_the_witness_are_whoever_the_head_names(head: str) -> None:
    for title in (None, head.splitlines()[0]):
        assert told(f"{head}\n\n{ASKED}", title) == [
            ("Ana McTorvik", "In the lock house."),
            ("Lund", "Objection."),
            ("Ana McTorvik", "I told them twice."),
            ("Ana McTorvik", "I lit it."),
        ]


def test_whoever_the_head_names_is_a_person() -> None:
    found = extract_quotes(f"DIRECT EXAMINATION OF ANA McTORVIK BY MS. BRAND\n\n{ASKED}")
    assert {quote.speaker.kind for quote in found if quote.speaker} == {"person"}


def test_each_witness_answers_below_the_head_that_names_them() -> None:
    text = f"TESTIMONY OF ANA TORVIK\n\n{ASKED}\n\nExamination of Bo Quarry by Mr. Lund\n\nQ.   Who?\n\nA.   I."
    assert [name for name, words in told(text) if words != "Objection."] == ["Ana Torvik"] * 3 + ["Bo Quarry"]
    assert not [words for _, words in told(text) if "examination" in words]


def test_a_title_in_capitals_names_who_answers_and_is_no_name_as_a_whole() -> None:
    assert ("Ana Torvik", "I lit it.") in told(f"May 3, 2026\n\n{ASKED}", "DEPOSITION OF ANA TORVIK")


def test_a_head_that_names_a_thing_names_no_witness() -> None:
    text = f"DEPOSITION OF ANA TORVIK\n\nEXAMINATION OF THE LAMP\n\n{ASKED}"
    assert ("Ana Torvik", "I lit it.") in told(text)


def test_a_sentence_about_somebody_s_testimony_names_nobody_who_answers() -> None:
    head = "DEPOSITION OF ANA McTORVIK\n\nAfter the testimony of Bo Ek, the court rose."
    assert {name for name, _ in told(f"{head}\n\n{ASKED}")} == {"Ana McTorvik", "Lund"}
