"""Find signed quotations: “…” — Ann Lee, mayor, on one line or two, rows of a table, and posts that end in a handle.

In: an article's text. Out: attributions like the tagger's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile, zip_longest

from ingest.quoting.decoder import TaggedQuote
from ingest.text.names import CLAUSE
from ingest.text.sources import without_relative
from rag.text import paragraphs

Pair = tuple[int, int]

LINE = 700  # Characters of the longest paragraph that is read as a signed quotation.
SIGNED = re.compile(r"(“[^”\n]+”|\"[^\"\n]+\")\s*([—–]|--?)\s*([^\W\d_][^\n“”\"—]{2,100}?)\.?")
POSTED = re.compile(r"([^\n<>]{3,500}?)\s*([—–]|--)\s*([^\n—–]{2,60}? \(@\w{1,15}\))[^\n—–]{0,40}")
# A row of a table: who, and in the last cell the words.
TABLED = re.compile(r"([A-Z][^\t\n“”\"]{2,100})\t(?:[^\n“”\"]*\t)?(“[^”\n]+”|\"[^\"\n]+\")")
QUOTED, HELD_OPEN = re.compile(r"“[^”\n]+”|\"[^\"\n]+\""), re.compile(r"“[^”\n]+|\"[^\"\n]+")
CREDIT = re.compile(r"([—–]|--?)\s*([^\W\d_][^\n“”\"—]{2,100}?)\.?")
COLUMN = 2  # So many signed quotations are a column: in it "a schoolboy" signs one as well,
# and not "the words that haunt the town": what is definite, or has a clause that tells of a thing, tells of the words.
THING = re.compile(r"(?:the|this|that|these|those|its)\b|.*\b(?:that|which)\b")
WHO = re.compile(r"\bwho(?:se|m)?\b")


def signed(text: str) -> list[TaggedQuote]:
    """The signed quotations in the order of their words: whose each is, stands behind it or on the line below it.

    On a line of its own it is a credit in a column only: a single one may be the agency’s that an article is from.
    """
    lines = list(paragraphs(text))
    below = [*_over_lines(text, lines)]
    beside = [quote for line in lines if line[1] - line[0] <= LINE and (quote := _on_a_line(text, line))]
    found = [quote for quote in (*beside, *(below if len(below) >= COLUMN else ())) if not _tells_of_words(text, quote)]
    named = [quote for quote in found if quote.source and not text[quote.source[0]].islower()]
    is_column = len(found) >= COLUMN and bool(named)
    return sorted(found if is_column else named, key=lambda quote: quote.content)


def _tells_of_words(text: str, quote: TaggedQuote) -> bool:
    """True for a credit in small letters that tells of what is said, and of nobody."""
    credit = text[slice(*quote.source)] if quote.source else ""
    return credit[:1].islower() and THING.match(credit) is not None and WHO.search(credit) is None


def _on_a_line(text: str, line: Pair) -> TaggedQuote | None:
    match = SIGNED.fullmatch(text, *line) or POSTED.fullmatch(text, *line)
    row = TABLED.fullmatch(text, *line)
    if match and not CLAUSE.search(without_relative(match[3])):
        return TaggedQuote((match.span(1),), match.span(3), match.span(2))
    if row and not CLAUSE.search(row[1]):
        return TaggedQuote((row.span(2),), row.span(1), None)
    return None


def _over_lines(text: str, lines: Sequence[Pair]) -> Iterator[TaggedQuote]:
    """The quotations with a credit on the line below them; several such lines below one are a list, or talk."""
    credits = [CREDIT.fullmatch(text, *line) for line in lines]
    for number, (credit, after) in enumerate(zip_longest(credits[1:], credits[2:]), 1):
        said = (
            _said(text, lines, number - 1)
            if credit and not after and not CLAUSE.search(without_relative(credit[2]))
            else ()
        )
        if credit and said:
            yield TaggedQuote(said, credit.span(2), credit.span(1))


def _said(text: str, lines: Sequence[Pair], last: int) -> tuple[Pair, ...]:
    """The quotation that ends at a line: that one, and those right before it that only open a mark."""
    if not QUOTED.fullmatch(text, *lines[last]):
        return ()
    above = (lines[number] for number in range(last - 1, -1, -1))
    opened = [*takewhile(lambda line: HELD_OPEN.fullmatch(text, *line), above)]
    return (*reversed(opened), lines[last])
