"""Words behind a sentence in which somebody else acts than whoever spoke before."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.acting import by_who_acts
from ingest.quoting.decoder import TaggedQuote

LATE = "The line was shut.\n\n“It is late,” said the guard, Bo Lisk."


def pair(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def said(acts: str, between: str) -> list[str | None]:
    """Who says what the guard says, and what stands behind the sentence."""
    text = f"{LATE}{between}{acts}\n\nThe station opens again on Friday."
    return [quote.speaker.name if quote.speaker else None for quote in extract_quotes(text) for _ in quote.content]


@pytest.mark.parametrize(
    "acts",
    [
        "Odile Renn, a passenger, put away her watch. “It is four hours late.”",
        "Odile Renn, who came from Orsa, shook her head. “Four hours.”",
        "Odile Renn leaned back in her seat. “I do not mind.”",
        "Dr. Odile Renn closed the book. “I have read it twice.”",
    ],
)
def test_whoever_acts_at_the_head_of_a_paragraph_says_what_stands_behind(acts: str) -> None:
    assert said(acts, "\n\n") == ["Bo Lisk", "Odile Renn"]


def test_of_whom_the_article_tells_between_two_quotations_of_one_says_neither() -> None:
    assert said("Odile Renn, his lawyer, filed the suit in May. “I could not wait.”", " ") == ["Bo Lisk"] * 2


@pytest.mark.parametrize("between", [" ", "\n\n"])
@pytest.mark.parametrize(
    "told",
    [
        "Odile Renn was found dead on Friday. “She was the best of us.”",
        "Odile Renn, his mother, died in May. “She came every day.”",
        "Tarn County has forty such lines. “Half of them are late.”",
        "Bo Lisk shrugged. “It always is.”",
    ],
)
def test_whoever_is_only_told_of_before_a_quotation_does_not_say_it(told: str, between: str) -> None:
    assert said(told, between) == ["Bo Lisk", "Bo Lisk"]


def test_a_source_ends_with_its_sentence() -> None:
    text = "“We are proud,” said the coach, Ida Brun. Ole Tarn won the race in June. “Nobody thought that he could.”"
    (source,) = {span.text for quote in extract_quotes(text) for span in quote.source}
    assert source == "the coach, Ida Brun"


def test_a_source_before_its_verb_begins_with_its_sentence() -> None:
    text = "It was about the Marshes. Odile Renn said that it was late."
    source, cue, content = (pair(text, words) for words in ("Marshes. Odile Renn", "said", "that it was late"))
    (quote,) = by_who_acts(text, [TaggedQuote((content,), source, cue)])
    assert quote.source == pair(text, "Odile Renn")
