"""Part a quote whose pieces have each a clause of their own that says whose they are: “Yes,” said he. “No,” said she.

In: an article's text and the tagger's quotes. Out: the same quotes; a piece behind whose closing mark a pronoun, a name
or "the latter" stands with a verb that the article says things with, up to the end of the sentence, is that one's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.quoting.decoder import TaggedQuote
from ingest.text.marks import MARK
from ingest.text.sources import PRONOUNS
from rag.text import paragraphs

Pair = tuple[int, int]

NAME = r"[^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*){0,2}"
WHO = rf"the [a-z]+|[a-z]+|{NAME}"
CLAUSE = re.compile(
    rf"(?<=[,?!][”\"’']) (?:(?P<verb>[a-z]+) (?P<source>{WHO})|(?P<first>{WHO}) (?P<last>[a-z]+))"
    r"(?:[.,;:](?=\s|\Z)|(?=\n|\Z))"
)


def each_its_own(text: str, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """The quotes, a piece that has another clause behind it than the quote's own as a quote by itself."""
    verbs = {text[slice(*quote.cue)].lower() for quote in tagged if quote.cue}
    lines = list(paragraphs(text))
    made = []
    for quote in (part for whole in tagged for part in _parts(text, lines, whole)):
        left = []
        for pair in quote.content:
            clause = _clause(text, pair, verbs) if quote.source and quote.cue and len(quote.content) > 1 else None
            if clause and not _is_own(clause, quote):
                made.append(TaggedQuote((pair,), *clause))
            else:
                left.append(pair)
        made += [replace(quote, content=tuple(left))] if left else []
    return sorted(made, key=lambda quote: quote.content[0])


def _parts(text: str, lines: Sequence[Pair], quote: TaggedQuote) -> list[TaggedQuote]:
    """The quote of a pronoun in parts, between which a paragraph tells of what happens meanwhile.

    The source stays; whom it answers in its own paragraph tells nothing of the others.
    """
    if len(quote.content) == 1 or not quote.source or text[slice(*quote.source)].lower() not in PRONOUNS:
        return [quote]
    parts = [[quote.content[0]]]
    for before, pair in pairwise(quote.content):
        between = lines[bisect_left(lines, (before[1],)) : bisect_left(lines, (pair[0],))]
        is_told = any(end <= pair[0] and MARK.search(text, start, end) is None for start, end in between)
        if is_told:
            parts.append([])
        parts[-1].append(pair)
    return [replace(quote, content=tuple(part)) for part in parts]


def _is_own(clause: tuple[Pair, Pair], quote: TaggedQuote) -> bool:
    """True for a clause that shares words with what the tagger has for who says the quote."""
    told = [pair for pair in (quote.source, quote.cue) if pair]
    return any(one[0] < other[1] and other[0] < one[1] for one in clause for other in told)


def _clause(text: str, pair: Pair, verbs: set[str]) -> tuple[Pair, Pair] | None:
    """The source and the verb of the clause right behind a quotation, if one stands there."""
    found = CLAUSE.match(text, pair[1])
    if found is None:
        return None
    for source, verb in (("source", "verb"), ("first", "last")):
        who = found[source]
        is_who = who and (who.lower() in PRONOUNS or who[0].isupper() or who.startswith("the "))
        if is_who and found[verb] in verbs:
            return found.span(source), found.span(verb)
    return None
