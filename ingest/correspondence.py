"""Tell a letter to the editor by how it begins and ends: "SIR –", "To the Editor:", and below it who signs.

In: an article's text. Out: its words as one turn of whoever signs it, and the text without the salutation, which is
no name, no role and nobody who speaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.names import CAPITALISED, PARTICLE
from ingest.turn_labels import SENTENCE
from ingest.turns import Turn
from rag.text import paragraphs

SALUTATION = re.compile(
    r"(?:sirs?|madam|dear (?:sirs?|madam|editors?)(?:(?: or |/)madam)?|to the editors?)"
    r"\s*(?:[,:]|[–—-](?= )|(?=\n|\Z))",
    re.I,
)
HEAD_LINES = 4  # A headline, an outlet and a day may stand above the salutation;
TAIL_LINES = 3  # and below the name, whose line is among so many, a place.
SIGNATURE = re.compile(rf"(?:[–—-]+\s*)?({CAPITALISED}(?: (?:{CAPITALISED}|{PARTICLE}))+)(?:, [^.!?\n]{{2,60}})?")
CLOSING_WORDS = 4  # "Yours faithfully,"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's words, labelled with the name below them, and its text, as long as before, without the salutation."""

    turn: Turn
    text: str


def letter(text: str, author: str | None = None) -> Letter | None:
    """A text that is a letter; None for any other, and for a letter that nobody signs.

    `author`, where it is known, tells where the name ends on its line.
    """
    lines = list(paragraphs(text))
    at = next((n for n, (start, _) in enumerate(lines[:HEAD_LINES]) if SALUTATION.match(text, start)), None)
    if at is None:
        return None
    begin, end = lines[at]
    done = SALUTATION.match(text, begin, end)
    assert done is not None
    words = done.end() + len(text[done.end() : end]) - len(text[done.end() : end].lstrip())
    below = range(max(at + 1, len(lines) - TAIL_LINES), len(lines))
    signed = next((n for n in below if _is_signature(text, lines[n:])), None)
    if signed is None:
        return None
    own = [pair for pair in [(words, end), *lines[at + 1 : signed]] if pair[0] < pair[1]]
    last = text[slice(*own[-1])] if own else ""
    if last.endswith(",") and len(last.split()) <= CLOSING_WORDS:
        own.pop()
    found = SIGNATURE.fullmatch(text, *lines[signed])
    if not own or found is None:
        return None
    blank = " " * (words - begin - 1) + "\n" if words > begin else ""
    name = found.span(1)
    if author and found[1].startswith(f"{author} "):
        name = name[0], name[0] + len(author)
        text = f"{text[: name[1]]}\n{text[name[1] + 1 :]}"  # The place is no part of the name.
    return Letter(Turn(name, None, tuple(own)), text[:begin] + blank + text[words:])


def _is_signature(text: str, lines: list[tuple[int, int]]) -> bool:
    """True where the first of the last lines is a name and none of them ends as a sentence does."""
    return SIGNATURE.fullmatch(text, *lines[0]) is not None and not any(
        SENTENCE.search(text, start, end) for start, end in lines
    )
