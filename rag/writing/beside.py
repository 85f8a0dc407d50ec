"""Say what stands beside a statement: one clause for each note, with the article's own words where it has them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.schema import Note
from rag.writing.dates import display_date

# Characters of a correction that are shown; it ends with a whole word.
LONGEST = 400
# "Correction, 4 May: …" needs no more words.
_SAYS_SO = re.compile(r"\W*(?:correction|clarification|retraction)", re.I)


def clauses(notes: Iterable[Note]) -> tuple[str, ...]:
    """The notes as clauses that follow a statement."""
    return tuple(_clause(note) for note in notes)


def language_name(code: str) -> str:
    """The English name of a language: "Spanish" for "es"; the code where nobody knows it."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(code).get_display_name("en")
    except (UnknownLocaleError, ValueError):
        name = None
    return name or code


def unjudged(languages: Iterable[str]) -> str:
    """What a reader must know of statements in languages that no judge reads."""
    return f"What is said in {' and '.join(languages)} is shown, but not judged."


def _clause(note: Note) -> str:
    version = f"the version of {display_date(note.since)}" if note.since else "a later version"
    if note.kind == "language":
        return f"in {language_name(note.text)}"
    if note.kind == "retracted":
        day = f" on {display_date(note.since)}" if note.since else ""
        return f"taken back by its publisher{day}{f': {_shortened(note.text)}' if note.text else ''}"
    if note.kind == "gone":
        return f"{version} no longer has these words"
    told = "" if _SAYS_SO.match(note.text) else "corrected: "
    return f"{f'in {version}, ' if note.since else ''}{told}{_shortened(note.text)}"


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"
