"""Whom "she" means where nobody named can be meant: "The mayor of Tarn, who came late, was cross. “No,” she said."

In: the text with its quotes in reading order and their speakers. Out: the speakers, such a pronoun as the description
that a "who" right behind it shows to be a person's, in the same paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.speaking.labels import described
from ingest.speaking.speakers import DESCRIPTION, SINGULAR
from rag.schema import Quote, Speaker

PERSON = re.compile(
    r"(?:^|[.!?][”\"’')]*\s+)((?:The|An?|One|Another|His|Her|Its|Their) [^,.;:“”\"\n]{2,60}), who(?:se)?\b"
)


def by_description(text: str, quotes: Sequence[Quote], speakers: Sequence[Speaker | None]) -> list[Speaker | None]:
    """The speakers, each bare "he" or "she" as whom the paragraph describes before it."""
    return [_described(text, quote, speaker) for quote, speaker in zip(quotes, speakers, strict=True)]


def _described(text: str, quote: Quote, speaker: Speaker | None) -> Speaker | None:
    if speaker is None or not quote.source or speaker.name.lower() not in SINGULAR:
        return speaker
    at = quote.source[0].start
    found = PERSON.findall(text[text.rfind("\n", 0, at) + 1 : at])
    return Speaker(described(found[-1]), None, DESCRIPTION, "unnamed") if found else speaker
