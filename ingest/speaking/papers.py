"""Whose words "the letter said" are: who wrote in one before, as in "In a letter read out by her lawyer, Lee wrote".

In: the text with its quotes in reading order and their speakers. Out: the speakers, such papers as whom they speak for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.speaking.cast import Places
from rag.schema import Quote, Speaker

THE = re.compile(r"the ([a-z][\w-]+)", re.I)
FAR = 200  # Characters behind a source in which its sentence goes on.
SURE = 0.6  # As sure as the rules are of an office.


def by_their_papers(text: str, quotes: Sequence[Quote], speakers: Sequence[Speaker | None]) -> list[Speaker | None]:
    """The speakers, each "the letter" as whoever spoke right before in "a letter" or "her letter"."""
    places, made = Places(text), list(speakers)
    for number, (quote, speaker) in enumerate(zip(quotes, speakers, strict=True)):
        noun = THE.fullmatch(quote.source[0].text) if quote.source and speaker else None
        if noun is None or speaker is None:
            continue
        led = re.compile(rf"\b(?:in|on|from) (?:an?|his|her|its|their) (?:[\w-]+ )?{re.escape(noun[1])}\b", re.I)
        last = next((n for n in reversed(range(number)) if quotes[n].source and made[n]), None)
        meant = None if last is None else made[last]
        if last is not None and meant and _is_led(text, quotes[last], led, places):
            made[number] = replace(meant, confidence=min(SURE, meant.confidence))
    return made


def _is_led(text: str, quote: Quote, led: re.Pattern[str], places: Places) -> bool:
    """True where the paper stands in the sentence that names the source, and not in what is said."""
    if not quote.source:
        return False
    start, end = quote.source[0].start, quote.source[-1].end
    head = places.head(start)
    found = led.search(text, head, min(len(text), end + FAR))
    if found is None or places.sentence(found.start()) != places.sentence(start):
        return False
    return not any(span.start <= found.start() < span.end for span in quote.content)
