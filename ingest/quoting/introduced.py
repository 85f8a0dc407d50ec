"""Give a quotation of several paragraphs to whom the paragraph above it has telling: "Lee described the night.", “We …

In: an article's text, what the tagger and the marks say of it. Out: the same quotes. A quotation of one paragraph may
be anybody's; one that opens its mark again and again is led to by something, and only the paragraph above it is left.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from operator import itemgetter

from ingest.quoting.block_quotes import CREDIT
from ingest.quoting.decoder import TaggedQuote
from ingest.text.marks import CLOSING
from ingest.text.names import mentions
from ingest.text.sources import heads
from rag.text import paragraphs

Pair = tuple[int, int]


def introduced(text: str, quotes: Sequence[TaggedQuote], marked: Collection[Pair]) -> list[TaggedQuote]:
    """The quotes, one of several paragraphs that nobody claims with the only source of the paragraph above it.

    `marked` is all that stands in marks.
    """
    lines, sources = list(paragraphs(text)), sorted({quote.source for quote in quotes if quote.source})
    in_full = cache(lambda: {mention.surname for mention in mentions(text) if len(mention.tokens) > 1})
    made = []
    for quote in quotes:
        above = None if quote.source or quote.cue else _above(text, lines, quote.content, marked)
        told = sources[bisect_left(sources, (above[0], 0)) : bisect_left(sources, (above[1], 0))] if above else []
        named = heads(text[slice(*told[0])]) if len(told) == 1 else []
        is_person = len(named) == 1 and named[0].surname in in_full()
        made.append(replace(quote, source=told[0]) if is_person else quote)
    return made


def _above(text: str, lines: Sequence[Pair], content: Sequence[Pair], marked: Collection[Pair]) -> Pair | None:
    """The paragraph above words that are all of several ones, each opened by a mark and only the last closed."""
    first = bisect_left(lines, content[0][0], key=itemgetter(0))
    whole = lines[first : first + len(content)]
    are_opened = [start for start, _ in content] == [start for start, _ in whole] and set(whole) <= set(marked)
    are_closed = [text[end - 1] in CLOSING for _, end in whole]
    is_held = len(whole) > 1 and are_opened and are_closed[-1] and not any(are_closed[:-1])
    below = lines[first + len(content) : first + len(content) + 1]
    is_signed = any(CREDIT.fullmatch(text, *line) for line in below)
    return lines[first - 1] if is_held and first and not is_signed else None
