"""Part what two say with one verb, left out the second time: Lee called it “a gift,” Ida Hale “a burden.”

In: an article's text and the tagger's quotes. Out: the same quotes, the second quotation that of the name
right before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.quoting.decoder import TaggedQuote
from ingest.text.names import CAPITALISED, PARTICLE, mentions

Pair = tuple[int, int]

QUOTED = r"[“\"][^“”\"\n]+[”\"]"
# Without "and", which joins what one and the same calls so as often: "called the plan “bold” and Hale “a fool”".
PARALLEL = re.compile(
    rf"(?P<first>{QUOTED})(?:(?<=[,;].)|[,;]) (?P<name>{CAPITALISED}(?: (?:{CAPITALISED}|{PARTICLE}))*) (?:as )?"
    rf"(?P<second>{QUOTED})(?:(?=[.,;]|\s*(?:\n|\Z))|(?<=[.,;!?].)(?=\s))"
)
ENDS = re.compile(r"[.;:!?“”\"\n]")


def with_verbs_left_out(text: str, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """The quotes, a name with nothing but a quotation behind it as the source of that one.

    What the verb is said of must be no name: in “called Lee “a liar,” Hale “a thief” both may be called so by one.
    """
    made = list(tagged)
    for found in PARALLEL.finditer(text):
        whole = next((quote for quote in made if _leads_to(text, quote, found.span("first"))), None)
        named = mentions(found["name"])
        if whole and len(named) == 1 and named[0].end == len(found["name"]) and not named[0].is_body:
            own = TaggedQuote((found.span("second"),), found.span("name"), whole.cue)
            made = [*(cut for quote in made if (cut := _without(quote, found))), own]
    return sorted(made, key=lambda quote: quote.content[0])


def _leads_to(text: str, quote: TaggedQuote, pair: Pair) -> bool:
    """True where the quote's source and verb stand before a quotation in its clause, and no name between."""
    if not (quote.source and quote.cue) or not quote.source[0] < quote.cue[1] <= pair[0]:
        return False
    between = text[quote.cue[1] : pair[0]]
    is_its = any(start <= pair[0] and end > pair[0] for start, end in quote.content)
    return is_its and ENDS.search(between) is None and not mentions(between)


def _without(quote: TaggedQuote, found: re.Match[str]) -> TaggedQuote | None:
    """The quote without the name and what is said behind it; None where nothing is left."""
    start, end = found.start("name"), found.end("second")
    cut = (
        (begin, min(stop, found.end("first"))) if begin < start < stop else (begin, stop)
        for begin, stop in quote.content
    )
    left = tuple((begin, stop) for begin, stop in cut if not start <= begin < end)
    return replace(quote, content=left) if left else None
