"""Whose words "the letter said" are: who wrote in one before, as in "In a letter read out by her lawyer, Lee wrote",
or whom it is from, as in "the letter from Lee said".

In: the text with its quotes in reading order and their speakers. Out: the speakers, such papers as whom they speak for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.speaking.cast import Places
from ingest.speaking.named import People
from ingest.text.names import Mention
from rag.schema import Quote, Speaker

THE = re.compile(r"the ([a-z][\w-]+)", re.I)
SENT = re.compile(r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Hh]is|[Hh]er|[Tt]heir) (?:[a-z][\w-]* ){1,3}from ")
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


def by_their_senders(
    people: People, quotes: Sequence[Quote], speakers: Sequence[Speaker | None]
) -> list[Speaker | None]:
    """The speakers, "the message from Lee" as Lee: what is from a person, and not from a place, is what Lee wrote."""
    made = list(speakers)
    for number, quote in enumerate(quotes):
        source = quote.source[0] if quote.source else None
        led = SENT.match(source.text) if source else None
        if source is None or led is None:
            continue
        within = people.within(source.text, source.start) or ()
        if len(within) == 1 and _is_sender(people, within[0], led.end(), len(source.text)):
            meant = people.person(within[0], source.start)
            made[number] = replace(meant, confidence=min(SURE, meant.confidence))
    return made


def _is_sender(people: People, mention: Mention, start: int, end: int) -> bool:
    """True for a mention that is all that stands there, of a person whom the article names in full."""
    is_whole = (mention.run, mention.end) == (start, end)
    return is_whole and mention.body is False and mention.surname in people.full


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
