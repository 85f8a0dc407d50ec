"""Whom a question leaves out: "Who other than the mayor spoke of the dam?"."""

from __future__ import annotations

import re

from rag.people.directory import Directory
from rag.schema import Party
from rag.understanding.parties import identify

BEFORE = re.compile(
    r",?\s*\b(?:other than|besides|apart from|aside from|except(?:ing)?(?: for)?|(?<=one )but|(?<=body )but)\s+", re.I
)
WORD = re.compile(r"[^\s,;:?!]+(?:\s|\b)")
MOST = 6  # Words of a name or a description.


def left_out(question: str, people: Directory) -> tuple[str, tuple[Party, ...]]:
    """A question without whom it leaves out, and them; as it is where nobody here is called so.

    The longest words behind "other than" that mean somebody are theirs: "the harbour master" of "the harbour master
    spoke".
    """
    for found in BEFORE.finditer(question):
        words: list[re.Match[str]] = []
        for word in WORD.finditer(question, found.end()):
            if len(words) == MOST or (words and word.start() != words[-1].end()):
                break
            words.append(word)
        for last in reversed(words):
            party = identify(question[found.end() : last.end()].strip(), people)
            if party.labels and not party.respelt:
                rest = f"{question[: found.start()].rstrip()} {question[last.end() :].lstrip(' ,')}"
                return rest.replace(" ?", "?").strip(), (party,)
    return question, ()
