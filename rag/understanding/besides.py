"""Whom a question leaves out: "Who other than the mayor spoke of the dam?"."""

from __future__ import annotations

import re

from rag.people.directory import Directory
from rag.schema import Party
from rag.understanding.parties import identify

BEFORE = re.compile(
    r",?\s*\b(?:other than|besides|apart from|aside from|except(?:ing)?(?: for)?|(?<=one )but|(?<=body )but)\s+", re.I
)
# Nobody else is left out than who might speak: not in "say that no one but Hale knew", nor "about papers other than …".
SUBJECT = re.compile(r"(?:\S+\s+){0,2}(?:who|(?:any|every|some|no)(?:one|body)|no one|others)|", re.I)
WORD = re.compile(r"[^\s,;:?!]+(?:\s|\b)")
MOST = 6  # Words of a name or a description.


def left_out(question: str, people: Directory) -> tuple[str, tuple[Party, ...]]:
    """A question without whom it leaves out, and them; as it is where nobody here is called so.

    The longest words behind "other than" that mean somebody are theirs: "the harbour master" of "the harbour master
    spoke".
    """
    for found in BEFORE.finditer(question):
        is_subject = SUBJECT.fullmatch(question[: found.start()]) is not None
        is_of_who = question.lower().startswith("who") and "other" not in found[0].lower()
        words: list[re.Match[str]] = []
        for word in WORD.finditer(question, found.end()):
            if len(words) == MOST or (words and word.start() != words[-1].end()):
                break
            words.append(word)
        for last in reversed(words):
            if not is_subject and not (is_of_who and not question[last.end() :].strip(" ?")):
                continue
            party = identify(question[found.end() : last.end()].strip(), people)
            if party.labels and not party.respelt:
                rest = f"{question[: found.start()].rstrip()} {question[last.end() :].lstrip(' ,')}"
                return rest.replace(" ?", "?").strip(), (party,)
    return question, ()
