"""A quotation of several paragraphs without a source of its own, and the paragraph above it."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.introduced import introduced
from ingest.text.marks import word_for_word

PARTS = ['"We came down with the lamps and the lock was dry.', '"Then the lock keeper shouted. He had found the hole."']
ABOVE = "Diver Ines Okkonen described the night the lock ran dry."
NAMED = "Diver Ines Okkonen"


def whose(above: str, *parts: str, below: str = "It is full again.", sources: tuple[str, ...] = (NAMED,)) -> str | None:
    """The source that some paragraphs get, of those that the tagger has in the paragraph above them."""
    text = "\n\n".join([above, *parts, below])

    def pair(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    told = [TaggedQuote((pair("the lock ran dry"),), pair(source), None) for source in sources]
    *_, quote = introduced(text, [*told, TaggedQuote(tuple(map(pair, parts)), None, None)], word_for_word(text, ()))
    return text[slice(*quote.source)] if quote.source else None


def test_it_is_that_of_the_only_one_who_tells_in_the_paragraph_above() -> None:
    assert whose(ABOVE, *PARTS) == NAMED


@pytest.mark.parametrize(
    ("above", "sources"),
    [
        (f"{ABOVE[:-1]}, and Bo Rask knew of it.", (NAMED, "Bo Rask")),
        ("Nobody knew why the lock ran dry.", ("Nobody",)),
        ("Bo Rask spoke. So the lock ran dry.", ()),
    ],
)
def test_it_is_nobody_s_where_two_tell_above_it_or_none_who_has_a_name(above: str, sources: tuple[str, ...]) -> None:
    assert whose(above, *PARTS, sources=sources) is None


def test_one_paragraph_and_one_with_a_credit_below_are_left() -> None:
    assert whose(ABOVE, PARTS[1]) is None
    assert whose(ABOVE, *PARTS, below="— Bo Rask, lock keeper") is None


def test_paragraphs_that_are_closed_one_by_one_are_left() -> None:
    assert whose(ABOVE, f'{PARTS[0]}"', PARTS[1]) is None


def test_all_of_its_paragraphs_have_that_speaker() -> None:
    lead = "Ines Okkonen, who has mended locks since 2011, described the night her crew found the lock dry."
    parts = [
        *PARTS[:1],
        '"It was so wide that a cat sat in it. The cat was dry too.',
        '"Nobody spoke until the tea was gone.',
    ]
    parts.append('"What I fear is the next frost. Every gate is now a crown cheaper than its bolts."')
    text = "\n\n".join(["Lock is full again", lead, *parts, "The crew goes home in May."])
    quotes = [quote for quote in extract_quotes(text) if quote.kind == "direct"]
    assert [span.text for quote in quotes for span in quote.content] == parts
    assert {quote.speaker.name for quote in quotes if quote.speaker} == {"Ines Okkonen"}


@pytest.mark.parametrize("put", ["asked her what she had seen.", "asked him why the lamps were out:"])
@pytest.mark.parametrize("took", [PARTS, PARTS[:1], []])
def test_who_was_asked_in_the_paragraph_above_answers(put: str, took: list[str]) -> None:
    above = f"{NAMED} gave evidence before the magistrate, Bo Rask."
    asker = "Lawyer Edda Moor"
    text = "\n\n".join([above, f"{asker} {put}", *PARTS, "It rained."])

    def pair(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    cue, question = put[:9], put[10:-1]
    tagged = [TaggedQuote((pair(question), *map(pair, took)), pair(asker), pair(cue))]
    tagged += [TaggedQuote((pair(part),), None, None) for part in PARTS if part not in took]
    found = introduced(text, tagged, word_for_word(text, ()))
    shown = [(text[slice(*q.source or (0, 0))], [text[slice(*piece)] for piece in q.content]) for q in found]
    assert shown == [(asker, [question]), (NAMED, PARTS)]


def test_who_asks_somebody_to_do_something_says_what_stands_below() -> None:
    text = "\n\n".join(["Diver Ines Okkonen came.", "Lawyer Edda Moor asked her to stay.", *PARTS])
    start = text.index("to stay")
    asked = TaggedQuote(((start, start + 7),), (text.index("Lawyer"), start - 11), (start - 10, start - 1))
    assert all(q.source is None or q.source == asked.source for q in introduced(text, [asked], word_for_word(text, ())))
