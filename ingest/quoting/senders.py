"""Read the line that names who sent what stands below it: "From the desk of Ann Lee, chief economist, Tarn Bank:".

In: an article's text with the tagger's quotes. Out: the same quotes, with the name as the source where the tagger has
the firm, or the desk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.quoting.decoder import TaggedQuote
from ingest.text.turn_labels import FULL

LONGEST = 200  # Characters of such a line.
# "the desk of" belongs to whoever sits there where the line says that it comes from it; "the office of" elsewhere may
# speak for itself.
SENT = re.compile(
    rf"(?:(?:[^.:\n]{{1,60}} )?[Ff]rom the (?:[\w’'-]+ ){{1,3}}of |(?:[^.:\n]{{1,60}} )?(?:[Ff]rom|by) (?!the\b))"
    rf"({FULL})(?:, [^:\n]+)?"
)


def from_senders(text: str, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """The quotes, each that a line of a sender leads to with a colon with the sender as its source."""
    return [_sent(text, quote) or quote for quote in tagged]


def _sent(text: str, quote: TaggedQuote) -> TaggedQuote | None:
    if not (quote.source and quote.cue) or any(map(str.isalnum, text[slice(*quote.cue)])):
        return None
    start, end = text.rfind("\n", 0, quote.source[0]) + 1, quote.source[1]
    if end - start > LONGEST or text[end : end + 1] != ":" or quote.content[0][0] < end:
        return None
    found = SENT.fullmatch(text, start, end)
    return replace(quote, source=found.span(1)) if found else None
