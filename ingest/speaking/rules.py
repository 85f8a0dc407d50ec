"""Whom the rules pick for each quote of an article, in reading order."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.speaking.labels import described
from ingest.speaking.named import AMBIGUOUS, People
from ingest.speaking.speakers import Speakers
from ingest.text.names import mentions
from rag.schema import Quote, Speaker


def resolve(
    text: str, quotes: Sequence[Quote], title: str | None = None, answers: Sequence[bool] = ()
) -> list[Speaker | None]:
    """One speaker for each quote, as `picked` for the mentions that capitals alone show."""
    return picked(People(text, quotes, title or "", mentions(text)), quotes, answers)


def picked(people: People, quotes: Sequence[Quote], answers: Sequence[bool] = ()) -> list[Speaker | None]:
    """One speaker for each quote, None where the quote has no source. Quotes come in reading order.

    `answers` says of each quote whether it is an answer in an interview that does not name who answers.
    Where the article leaves open who is meant, the name is the source's own words.
    """
    asked, speakers = Speakers(people), list[Speaker | None]()
    told: dict[int, Speaker] = {}  # "She" whose lines come back between another's is still the same.
    for number, quote in enumerate(quotes):
        is_answer = number < len(answers) and answers[number]
        if quote.source:
            source = quote.source[0]
            if source.start not in told:
                told[source.start] = asked.speaker(source.text, source.start)
            speakers.append(_sure(told[source.start], quote))
        else:
            speakers.append(asked.interviewed(quote.content[0].start) if is_answer else None)
    return speakers


def _sure(speaker: Speaker, quote: Quote) -> Speaker:
    if speaker.confidence > AMBIGUOUS:
        return speaker
    return Speaker(described(quote.source[0].text.strip()), None, speaker.confidence)
