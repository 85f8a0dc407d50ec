"""A citation by itself: what a clipboard takes and an export lists keeps the verb, the speaker and the source."""

from dataclasses import replace

import pytest

from rag.schema import Citation
from rag.writing.reference import reference, said
from tests.fakes import citation

PLACE = {"publication": "The Courier", "published": "2026-03-09", "title": "Mayor", "url": "https://c.example/a"}
WHERE = "(The Courier, 9 March 2026, Mayor, https://c.example/a)"


def cued(text: str, words: str, cue: str, *, leads: bool = False, kind: str = "direct") -> Citation:
    """A citation with its verb; `leads` when the verb stands right before a paraphrase, behind the speaker."""
    start = text.index(cue)
    span = (start, start + len(cue))
    made = citation(text, words, kind=kind, **PLACE)  # type: ignore[arg-type]
    return replace(made, cues=(span,), cue=span if leads else None, is_subject=leads)


@pytest.mark.parametrize(
    ("text", "words", "cue", "how", "copied"),
    [
        (
            "Ida Hale has denied that she is on her way.",
            "that she is on her way",
            "has denied",
            {"leads": True, "kind": "indirect"},
            "Ida Hale, mayor, has denied that she is on her way",
        ),
        (
            "She is on her way, Ida Hale denied.",
            "She is on her way",
            "denied",
            {"kind": "indirect"},
            "Ida Hale, mayor, in the article’s words: She is on her way [denied]",
        ),
        ("“I left,” Ida Hale joked.", "“I left,”", "joked", {}, "“I left,” — Ida Hale, mayor [joked]"),
        ("Ida Hale: “I left.”", "“I left.”", ":", {}, "“I left.” — Ida Hale, mayor"),
    ],
    ids=["the verb leads", "the verb follows a paraphrase", "the verb follows a quotation", "no verb"],
)
def test_what_is_copied_keeps_the_verb(text: str, words: str, cue: str, how: dict[str, str], copied: str) -> None:
    assert reference(cued(text, words, cue, **how)) == f"{copied} {WHERE}"  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["direct", "indirect"])
def test_a_correction_goes_along_behind_the_source(kind: str) -> None:
    corrected = replace(
        cued("Ida Hale said that it is safe.", "it is safe", "said", kind=kind), notes=("corrected: it is not",)
    )
    assert reference(corrected).endswith(f" [said] {WHERE} — corrected: it is not")


@pytest.mark.parametrize(
    ("channel", "copied"), [("a police report", "(through a police report; The Courier, "), ("The Courier", WHERE)]
)
def test_what_the_words_came_through_goes_along_unless_it_is_the_outlet(channel: str, copied: str) -> None:
    told = replace(cued("“I left,” Ida Hale said.", "“I left,”", "said"), channel=channel)
    assert f" [said] {copied}" in reference(told)


def test_a_source_that_is_not_known_is_given_by_the_article_s_id_and_no_odd_address_is_copied() -> None:
    assert reference(citation("“I left.”", "“I left.”", url="javascript:x")).endswith(" (a1)")


@pytest.mark.parametrize(
    "words", ["``We wait,''", ",,We wait,''", ",,We wait,“", "‘‘We wait,’’", "„We wait,“", "‘We wait,’"]
)
def test_whatever_marks_an_article_has_what_is_copied_stands_in_one_pair(words: str) -> None:
    assert said(citation(f"{words} said Ida Hale.", words)) == "“We wait,”"
