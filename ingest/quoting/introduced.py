"""Give a quotation of several paragraphs to whom the paragraph above it has telling: "Lee described the night.", “We …

In: an article's text, what the tagger and the marks say of it. Out: the same quotes. A quotation of one paragraph may
be anybody's; one that opens its mark again and again is led to by something, and only the paragraph above it is left.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from itertools import takewhile
from operator import itemgetter

from ingest.quoting.block_quotes import CREDIT
from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.modes import QUESTION
from ingest.text.marks import CLOSING, is_inside
from ingest.text.names import mentions
from ingest.text.sources import heads
from rag.judging.ground import ASKING
from rag.text import paragraphs

Pair = tuple[int, int]

# "asked her": who is asked stands behind the verb.
ADDRESSED_WORDS, OBJECTS = 2, ("her", "him")


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
    return _answered(text, made, lines, marked)


def _answered(
    text: str, quotes: Sequence[TaggedQuote], lines: Sequence[Pair], marked: Collection[Pair]
) -> list[TaggedQuote]:
    """The quotes, one of several paragraphs below "Her lawyer asked her what she saw." with whom that was asked.

    Who is asked is the one whom the paragraph before begins with, and whoever only asks says none of it.
    """
    made = list(quotes)
    for asking in quotes:
        number = _put_by(text, asking, lines)
        run = _held(text, lines[number + 1 :], marked) if number else []
        asked = _first_named(text, lines[number - 1]) if number and run else None
        whose = {quote.source for quote in made if any(is_inside(pair, run) for pair in quote.content)}
        if asked and whose <= {None, asking.source}:
            kept = (tuple(pair for pair in quote.content if not is_inside(pair, run)) for quote in made)
            made = [replace(quote, content=own) for quote, own in zip(made, kept, strict=True) if own]
            made.append(TaggedQuote(tuple(run), asked, None))
    return made


def _put_by(text: str, asking: TaggedQuote, lines: Sequence[Pair]) -> int:
    """The paragraph that ends with the question that somebody is said to have put to "her" or "him"; 0 for none."""
    if not (asking.source and asking.cue) or len(words := text[slice(*asking.cue)].split()) < ADDRESSED_WORDS:
        return 0
    number = bisect_left(lines, asking.cue[0] + 1, key=itemgetter(0)) - 1
    start, end = asking.content[0]
    is_put = ASKING.fullmatch(words[0]) and words[-1].lower() in OBJECTS and QUESTION.match(text, start)
    is_last = asking.source[0] < asking.cue[0] and not any(map(str.isalnum, text[end : lines[number][1]]))
    return number if is_put and is_last else 0


def _held(text: str, below: Sequence[Pair], marked: Collection[Pair]) -> list[Pair]:
    """The paragraphs, several, of a quotation that each opens again and the last one closes."""
    whole = list(takewhile(lambda line: line in marked, below))
    closed = next((n for n, (_, end) in enumerate(whole) if text[end - 1] in CLOSING), 0)
    return whole[: closed + 1] if closed else []


def _first_named(text: str, line: Pair) -> Pair | None:
    """Whom a paragraph begins with, by the full name."""
    named = next((m for m in mentions(text[slice(*line)]) if len(m.tokens) > 1), None)
    begins = named is not None and not named.is_body and not any(map(str.islower, text[line[0] : line[0] + named.run]))
    return (line[0] + named.start, line[0] + named.end) if named and begins else None


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
