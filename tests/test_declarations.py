"""A statement that is given in full is its maker's, word for word; an article about one is not."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.declarations import declaration

SAID = ["I have read the report. The dam was built on sand.", "I will ask for the road to be closed. We live there."]


def told(text: str) -> list[tuple[str | None, str]]:
    return [(quote.speaker.name if quote.speaker else None, quote.text) for quote in extract_quotes(text)]


@pytest.mark.parametrize(
    "head",
    [
        ["Statement by Governor Elin Marsk on the dam"],
        ["Statement from Elin Marsk", "4 March 2026"],
        ["PRESS RELEASE", "4 March 2026", "Full statement by Elin Marsk, governor"],
        ["Remarks of Elin Marsk at the dam"],
    ],
)
@pytest.mark.parametrize("end", [[], ["ENDS", "Notes to editors", "The dam was built in 1960."], ["###"]])
def test_a_statement_in_full_is_its_makers(head: list[str], end: list[str]) -> None:
    assert told("\n\n".join([*head, *SAID, *end])) == [("Elin Marsk", " ".join(SAID))]


@pytest.mark.parametrize(
    "lines",
    [
        ["Statement by Elin Marsk on the dam", "Marsk said that I was wrong. I was not."],
        ["Statement by Elin Marsk on the dam", "The dam was built on sand."],
        ["Statement by the board on the dam", "I have read it."],
        ["Statement by Elin Marsk was late.", "I waited for it."],
        ["Dam built on sand", "I have read the statement by Elin Marsk."],
    ],
    ids=["it tells of her", "no I", "nobody named", "a sentence", "no head"],
)
def test_other_texts_are_none(lines: list[str]) -> None:
    assert declaration("\n\n".join(lines)) is None
