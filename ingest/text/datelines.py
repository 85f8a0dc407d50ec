"""Find where an agency's copy begins: "PORT ELLIN, Ostrand (AP) — ", "PORT ELLIN, Oct 14 (Norwick Wire) - ", and
where a paper sets the place alone: "PORT ELLIN: ".

In: a text. Out: the place with its day, and the agency; or the text, as long as before, without that.
"""

from __future__ import annotations

import re

from ingest.text.names import LOWER_WORD, TITLES
from ingest.text.turn_labels import OWN_WORDS, SENTENCE
from ingest.text.unlabelled import UNQUOTED
from rag.text import paragraphs

# The place, perhaps the region and the day, and in brackets the agency; not "QUESTION: (Off mic.) — the farmers …".
WIRED = re.compile(
    r"([A-Z](?:[^\Wa-z]|[.,'’-]| (?! )){2,40}(?:, [^\n()]{2,30})?) \(([A-Z][^()\d\n]{1,30})\)\s+(?:[–—]|--?)\s"
)
AT_HEAD = re.compile(rf"^{WIRED.pattern}", re.M)
# The place alone, perhaps with the day. A label looks the same, but labels come again, and who speaks says "I" or "we".
PLACED = re.compile(
    r"^[A-Z](?:[^\W\da-z]|[.'’-]| (?! )){2,40}(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?:[^\S\n]+(?=[^\Wa-z])", re.M
)


def without_datelines(text: str) -> str:
    """The text with line breaks for its datelines, which nobody says and which name nobody who speaks."""
    text = AT_HEAD.sub(_blank, text)
    placed = [*PLACED.finditer(text)]
    return PLACED.sub(_blank, text) if len(placed) == 1 and _leads_report(text, placed[0]) else text


def _blank(found: re.Match[str]) -> str:
    return "\n" * len(found[0])


def _leads_report(text: str, placed: re.Match[str]) -> bool:
    """True at the head of the first sentence of several paragraphs in which nobody speaks of himself but in marks."""
    lines = list(paragraphs(text))
    first = next((line for line in lines if SENTENCE.search(text, *line)), None)
    is_first = first is not None and first[0] == placed.start() and first != lines[-1]
    is_place = TITLES.isdisjoint(LOWER_WORD.findall(placed[0].lower()))  # "MAYOR LEE: " is no place.
    return is_first and is_place and OWN_WORDS.search(UNQUOTED.sub("", text)) is None
