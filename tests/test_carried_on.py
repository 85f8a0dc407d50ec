"""A quotation that goes on over paragraphs, and who is quoted within it; who is asked, and who asks."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.parts import carried_on
from ingest.text.marks import word_for_word

PARTS = [
    "‘The pilot came at six. “Shut the lock,” he said, and then he ran.",
    "‘Nobody rang us.",
    "‘I want the money.’",
]
INNER = "“Shut the lock,”"
TEXT = "\n\n".join([f"Mayor Ana Torvik said: {PARTS[0]}", *PARTS[1:], "It rained."])


def pair(words: str, text: str = TEXT) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def whose(*tagged: TaggedQuote) -> list[tuple[str | None, list[str]]]:
    """Who has which pieces, of what the tagger has."""
    found = carried_on(TEXT, tagged, word_for_word(TEXT, ()))
    return [(q.source and TEXT[slice(*q.source)], [TEXT[slice(*piece)] for piece in q.content]) for q in found]


@pytest.mark.parametrize("given", [(PARTS[1], PARTS[2]), (PARTS[1],), ()])
def test_who_is_quoted_within_a_quotation_does_not_say_where_it_goes_on(given: tuple[str, ...]) -> None:
    own = TaggedQuote((pair("‘The pilot came at six."),), pair("Mayor Ana Torvik"), pair("said:"))
    inner = TaggedQuote((pair(INNER), *map(pair, given)), pair("he"), None)
    rest = TaggedQuote((pair(PARTS[2]),), None, None)
    tagged = [own, inner] if PARTS[2] in given else [own, inner, rest]
    assert whose(*tagged) == [("Mayor Ana Torvik", ["‘The pilot came at six.", *PARTS[1:]]), ("he", [INNER])]


def test_a_paragraph_with_a_source_of_its_own_ends_it() -> None:
    own = TaggedQuote((pair("‘The pilot came at six."),), pair("Mayor Ana Torvik"), pair("said:"))
    other = TaggedQuote((pair(PARTS[2]),), pair("It"), None)
    assert whose(own, other)[0] == ("Mayor Ana Torvik", ["‘The pilot came at six.", PARTS[1]])


@pytest.mark.parametrize(
    "asked",
    [
        "Asked by the board’s lawyer what she had seen, she said: ",
        "Asked by lawyer Edda Moor whether she had rung the pilots, she said: ",
        "Questioned by the lawyer on what she had seen that night, she said: ",
    ],
)
def test_who_is_asked_answers_and_not_who_asks(asked: str) -> None:
    text = (
        "Ines Okkonen, 61, gave evidence for two hours in the hall at Brack.\n\n"
        f"{asked}“The lock was dry when I came down with the lamps.”\n\n"
        "“Then the minutes are wrong,” the board’s lawyer, Edda Moor, told her. It rained."
    )
    found = {quote.text: quote.speaker.name for quote in extract_quotes(text) if quote.speaker}
    assert found["“The lock was dry when I came down with the lamps.”"] == "Ines Okkonen"
