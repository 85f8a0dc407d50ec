"""Part a quote behind a paragraph's first sentence in which somebody else acts and then speaks: Ann Lee nodded. “No.”

In: an article's text and the tagger's quotes, which take “Yes,” said Hale, and that “No.” for Hale’s. Out: the same
quotes, the words behind such a sentence those of the name that begins it; and no source goes on into another sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.tagger import Tagger
from ingest.text.names import Mention, mentions, moved

Pair = tuple[int, int]

# The end of a sentence, right before a name; the point of "J." or "Capt." is none.
ENDED, FAR = re.compile(r"\w{4,}[.!?][”\"’')]*\s+\Z|\n\Z"), 40
ACTS = re.compile(r"(?:, [^,.!?“”\"\n]{2,80},)?(?P<acts> [a-z][^“”\"\n]*[.!?:] )\Z")


def by_who_acts(text: str, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """The quotes, those in parts that somebody else's act is between."""
    return sorted((part for quote in tagged for part in _parts(text, quote)), key=lambda quote: quote.content[0])


def _parts(text: str, quote: TaggedQuote) -> list[TaggedQuote]:
    if not (quote.source and quote.cue):
        return [quote]
    (start, end), cue = quote.source, quote.cue
    if other := _opening(text, start, end):  # Of the two sentences it is the one that has the verb.
        start, end = (other.run, end) if cue[0] >= end else (start, len(text[: other.run].rstrip(" \n.!?")))
        quote = replace(quote, source=(start, end))
    own = {token for mention in mentions(text[start:end]) for token in mention.tokens}
    parts = [replace(quote, content=quote.content[:1])]
    for before, pair in pairwise(quote.content):
        other = _opening(text, max(place for place in (before[1], start, cue[1]) if place <= pair[0]), pair[0])
        # Within a paragraph the article may tell of somebody between two quotations of one and the same.
        begins = other is not None and text[: other.run].rstrip(" ")[-1:] == "\n"
        acting = _acting(text, other, pair) if other and begins and own.isdisjoint(other.tokens) else None
        if acting:
            parts.append(acting)
        else:
            parts[-1] = replace(parts[-1], content=(*parts[-1].content, pair))
    return parts


def _opening(text: str, start: int, end: int) -> Mention | None:
    """Whose name begins a sentence behind another one there."""
    named = (moved(mention, start) for mention in mentions(text[start:end]))
    return next((m for m in named if not m.is_body and ENDED.search(text, max(start, m.run - FAR), m.run)), None)


def _acting(text: str, other: Mention, pair: Pair) -> TaggedQuote | None:
    """The words of somebody who acts before them; None where the sentence tells of whom the words may be about.

    The tagger, which has learnt on articles that name each in full but once, knows it by a surname: of 18 such acts
    all with "Lee shook her head." and 13 with the full name, and of 18 sentences on somebody's life 4 and 5.
    """
    acts = ACTS.search(text, other.end, pair[0])
    if acts is None or acts.start() != other.end:
        return None
    scene = f"{other.tokens[-1]}{acts['acts']}{text[slice(*pair)]}"
    at = len(scene) - (pair[1] - pair[0])
    read = (quote for quote in Tagger.load().read(scene)[0] if quote.source and quote.content[-1][0] >= at)
    found = next((quote for quote in read if quote.source and quote.source[0] < len(other.tokens[-1])), None)
    return TaggedQuote((pair,), (other.start, other.end), None) if found else None
