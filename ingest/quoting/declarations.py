"""Tell a statement that is given as a whole by its first lines: "Statement by Governor Ann Lee on the dam", and an I.

In: an article's text. Out: its words as one turn of whoever makes it. Without an "I", or where the text tells of its
speaker, it is an article about a statement.
"""

from __future__ import annotations

import re

from ingest.text.names import mentions, surname
from ingest.text.turn import Turn
from ingest.text.turn_labels import SENTENCE
from ingest.text.unlabelled import OWN_VIEW, UNQUOTED
from rag.text import paragraphs

Pair = tuple[int, int]

HEAD = re.compile(r"(?:[^\W\d_]+ ){0,2}(?:statement|remarks|speech|address)s? (?:by|from|of) (?=[^\W\d_])", re.I)
HEAD_LINES = 4  # A mark of release, an outlet and a day may stand above it.
END = re.compile(r"ends?|-\s*(?:ends?|30)\s*-|#+|\*+", re.I)  # So those who send it end it.


def declaration(text: str) -> Turn | None:
    """The words of a text that is a statement of one person in full; None for any other."""
    lines = list(paragraphs(text))
    at = next((n for n, line in enumerate(lines[:HEAD_LINES]) if HEAD.match(text, *line)), None)
    if at is None or SENTENCE.search(text, *lines[at]):
        return None
    name = _named(text, lines[at])
    below = lines[at + 1 :]
    end = next((n for n, line in enumerate(below) if END.fullmatch(text, *line)), len(below))
    said = [line for line in below[:end] if SENTENCE.search(text, *line)]
    if name is None or not said or said != below[below.index(said[0]) : end]:
        return None
    words = UNQUOTED.sub("", text[said[0][0] : said[-1][1]])
    is_told = re.search(rf"\b{re.escape(surname(tuple(text[slice(*name)].split())))}\b", words, re.I)
    return Turn(name, None, tuple(said)) if OWN_VIEW.search(words) and not is_told else None


def _named(text: str, line: Pair) -> Pair | None:
    """The first full name of a person on the line."""
    shown = text[slice(*line)]
    person = next((m for m in mentions(shown) if len(m.tokens) > 1 and not m.is_body), None)
    return (line[0] + person.start, line[0] + person.end) if person else None
