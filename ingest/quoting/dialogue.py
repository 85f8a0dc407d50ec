"""Part a conversation in which only the first words of either side name who speaks.

In: an article's text and the tagger's quotes, which take “It is,” said Lee, and the paragraphs after it, for Lee’s.
Out: the same quotes, a paragraph that answers another one given to the other side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from ingest.quoting.decoder import TaggedQuote
from rag.text import paragraphs

Pair = tuple[int, int]

CLOSING = "”\"»’'"
QUOTED = re.compile(r"“[^“”\n]+”|\"[^\"\n]+\"|«[^«»\n]+»|[‘'][^“”\"\n]+[’']")
SHORT, SHORT_TURNS = 12, 2  # Words of a short turn, and so many of them.
ASKS = ("?”", '?"', "?»", "?’", "?'")


def by_turns(text: str, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """The quotes with the paragraphs of each conversation given to its two sides by turns.

    A conversation is what one says, with its source, an answer with another in the next paragraph, then quotations
    that are paragraphs of their own, each closed: among which one asks; where nobody asked before, two at least, of
    which the first asks or all are short. Of 511 news articles none has such paragraphs of anybody who goes on.
    """
    made: list[TaggedQuote] = []
    sides: tuple[TaggedQuote, TaggedQuote] | None = None
    quoted = _quoted_paragraphs(text)
    named = {pair for quote in tagged if quote.cue for pair in _beside_source(quoted, quote)[:1]}
    for quote in tagged:
        if sides and made[-1].content[-1] >= quote.content[0]:  # Some of its words are a turn already.
            left = tuple(pair for pair in quote.content if pair > made[-1].content[-1])
            if not left:
                continue
            quote = replace(quote, content=left)
        if sides and not quote.cue and quote.source in (sides[0].source, sides[1].source):
            sides = _take_turns(quote.content, sides, made)
            continue
        before = made[-1] if made else None
        first, others = _by_paragraph(quoted, quote.content)
        sides = None
        following = _following(quoted, first[0], named)
        if all(any(start <= one[0] < end for start, end in following) for one in others):
            others = following  # The tagger may pass over one of them.
        if before and _answers(text, before, quote) and _are_turns(text, before, others):
            made.append(replace(quote, content=first))
            sides = _take_turns(others, (quote, before), made)
        else:
            made.append(quote)
    return made


def _quoted_paragraphs(text: str) -> dict[Pair, Pair | None]:
    """Each paragraph, with the one after it where that is a closed quotation as a whole."""
    lines = list(paragraphs(text))
    return {
        one: other if other and QUOTED.fullmatch(text, *other) else None
        for one, other in zip_longest(lines, lines[1:])
        if one
    }


def _beside_source(quoted: dict[Pair, Pair | None], quote: TaggedQuote) -> Sequence[Pair]:
    """The words in the paragraph that names who says them, or all: “Whom?” above “Her,” said Lee, is another's."""
    place = quote.source[0] if quote.source else -1
    line = next(((start, end) for start, end in quoted if start <= place < end), None)
    return [pair for pair in quote.content if line and line[0] <= pair[0] < line[1]] or quote.content


def _by_paragraph(quoted: dict[Pair, Pair | None], content: Sequence[Pair]) -> tuple[tuple[Pair, ...], list[Pair]]:
    """What stands in the paragraph of the first words, on either side of who says them, and what stands below it."""
    end = next((line[1] for line in quoted if line[0] <= content[0][0] < line[1]), content[0][1])
    return tuple(pair for pair in content if pair[0] < end), [pair for pair in content if pair[0] >= end]


def _following(quoted: dict[Pair, Pair | None], said: Pair, named: set[Pair]) -> list[Pair]:
    """The paragraphs after some words that are quotations as a whole and nobody is named for."""
    line = next((line for line in quoted if line[0] <= said[0] < line[1]), None)
    found = []
    while line and (line := quoted[line]) and line not in named:
        found.append(line)
    return found


def _take_turns(
    pairs: Sequence[Pair], sides: tuple[TaggedQuote, TaggedQuote], made: list[TaggedQuote]
) -> tuple[TaggedQuote, TaggedQuote]:
    """Give the paragraphs to the two sides in turn; `sides` has first who spoke last."""
    for pair in pairs:
        sides = (sides[1], sides[0])
        made.append(TaggedQuote((pair,), sides[0].source, None))
    return sides


def _answers(text: str, before: TaggedQuote, quote: TaggedQuote) -> bool:
    """True where what one says is answered by another one in the next paragraph."""
    if not (before.source and quote.source and before.cue and quote.cue):
        return False
    is_other = text[slice(*before.source)] != text[slice(*quote.source)]
    begin, end = before.content[-1][0], quote.content[0][1]
    return is_other and text[begin:end].count("\n\n") <= 1


def _are_turns(text: str, before: TaggedQuote, pairs: Sequence[Pair]) -> bool:
    """True for closed quotations that are each a paragraph, of which one at least asks, or which are all short."""
    said = [text[slice(*pair)] for pair in pairs]
    asked = [words.endswith(ASKS) for words in said]
    goes_on = any(asked) and text[slice(*before.content[-1])].endswith(ASKS)
    begins = len(said) >= SHORT_TURNS and (asked[0] or all(len(words.split()) <= SHORT for words in said))
    return (goes_on or begins) and all(
        text[:start].endswith("\n") and text[end : end + 1] in ("\n", "") and text[end - 1] in CLOSING
        for start, end in pairs
    )
