"""Whom "she" means where nobody named can be meant: "The mayor of Tarn, who came late, was cross. “No,” she said."

In: the text with its names, its quotes in reading order and their speakers. Out: the speakers, such a pronoun as the
description that a "who" right behind it shows to be a person's, in the same paragraph; or as whom the paragraph begins
with, if it names no person: "An old man shook his head. “No,” he said."
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from ingest.speaking.labels import described
from ingest.speaking.named import DESCRIPTION
from ingest.speaking.small_words import GENDER
from ingest.text.names import Mention
from ingest.text.sources import NOUN_GENDERS
from rag.schema import Quote, Speaker

PERSON = re.compile(
    r"(?:^|[.!?][”\"’')]*\s+)((?:The|An?|One|Another|His|Her|Its|Their) [^,.;:“”\"\n]{2,60}), who(?:se)?\b"
)


OPENING = re.compile(rf"((?:An?|One|Another|His|Her|Their) (?:[\w’'-]+ ){{0,3}}?({'|'.join(NOUN_GENDERS)}))\b")


def by_description(
    text: str, quotes: Sequence[Quote], speakers: Sequence[Speaker | None], named: Sequence[Mention]
) -> list[Speaker | None]:
    """The speakers, each "he" or "she" as whom only a description in the same paragraph can mean."""
    persons = sorted(mention.start for mention in named if not mention.is_body)
    made = list(speakers)
    for number, (quote, speaker) in enumerate(zip(quotes, speakers, strict=True)):
        wanted = GENDER.get(quote.source[0].text.lower()) if quote.source else None
        if wanted and speaker:
            at = quote.source[0].start
            begin = text.rfind("\n", 0, at) + 1
            is_nameless = bisect_left(persons, begin) == bisect_left(persons, at)
            opening = OPENING.match(text, begin, at) if is_nameless else None
            found = PERSON.findall(text[begin:at]) if speaker.name.lower() in GENDER else []
            if opening and NOUN_GENDERS[opening[2]] == wanted:
                found = [opening[1]]
            if found:
                made[number] = Speaker(described(found[-1]), None, DESCRIPTION, "unnamed")
    return made
