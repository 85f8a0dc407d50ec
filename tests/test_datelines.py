"""Where an agency's copy begins: its place and its name are nobody who speaks, and no part of what is said."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.text.datelines import without_datelines

SAID = "The mill at Tarn will cut a hundred jobs, it said on Tuesday."
DATELINES = ["PORT ELLIN, March 3 (Norwick Wire) - ", "PORT ELLIN, Ostrand (AP) — ", "PORT ELLIN (NW) -- "]


@pytest.mark.parametrize("dateline", DATELINES)
@pytest.mark.parametrize("above", ["", "Mill cuts jobs\n\n", "Mill cuts jobs\n"])
def test_a_dateline_is_neither_said_nor_speaks(dateline: str, above: str) -> None:
    text = f"{above}{dateline}{SAID}\n\n“We have no more wood,” the owner, Ida Marsh, said."
    quotes = extract_quotes(text)
    assert ("Ida Marsh", "“We have no more wood,”") in [(q.speaker.name, q.text) for q in quotes if q.speaker]
    for quote in quotes:
        assert "PORT ELLIN" not in f"{quote.text} {quote.speaker and quote.speaker.name}"
        assert all(text[span.start : span.end] == span.text for span in (*quote.content, *quote.source, *quote.cue))


@pytest.mark.parametrize("label", ["QUESTION: (Off mic.) — ", "Q    (Inaudible) -- ", "MS. MARSH: (Laughs) - "])
def test_what_is_not_heard_in_a_turn_is_no_dateline(label: str) -> None:
    assert without_datelines(f"{label}will it fall?") == f"{label}will it fall?"


def test_the_words_of_a_dateline_are_left_out_in_their_length() -> None:
    text = f"{DATELINES[0]}{SAID}"
    assert without_datelines(text).lstrip() == SAID
    assert len(without_datelines(text)) == len(text)
    assert without_datelines(SAID) == SAID


REPORT = "{}The court stayed the work on Friday.\n\n“Nobody was heard,” Justice Ida Marsh said. “{} shall wait.”"


@pytest.mark.parametrize("place", ["ELLINPUR: ", "PORT ELLIN: ", "ELLINPUR, March 3: "])
@pytest.mark.parametrize("above", ["", "Court stays work\n\n"])
def test_the_place_alone_before_a_colon_is_a_dateline(place: str, above: str) -> None:
    text = above + REPORT.format(place, "We")
    assert without_datelines(text) == text.replace(place, "\n" * len(place))
    assert "ELLIN" not in "".join(quote.speaker.name for quote in extract_quotes(text) if quote.speaker)


@pytest.mark.parametrize(
    "text",
    [
        "MAYOR ELLIN: The court stayed the work on Friday.\n\nIt begins again in May.",
        "ELLIN: The court stayed the work on Friday.\n\nI was not heard.",
        "ELLIN: The court stayed the work.\n\nMARSH: It did not.",
        "ELLIN: The court stayed the work on Friday.",
        "The court stayed the work.\n\nELLIN: The bridge stays shut.\n\nIt opens in May.",
    ],
)
def test_who_speaks_before_a_colon_is_no_dateline(text: str) -> None:
    assert without_datelines(text) == text
