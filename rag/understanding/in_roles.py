"""Tell for a full name that nobody is quoted under, but that stands in a role, whether it is a person's.

In "spokeswoman for Orsa Rail" it is the body that is asked about, which speaks through her. "A cousin of former mayor
Ida Hale" speaks for nobody but himself: then no words are the asked's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.people.names import HONORIFICS, TITLES, in_ascii, personal, surname
from rag.people.roles import RELATIONS
from rag.schema import Hit, Party, Query

# Titles that stand before a body's name as well, "the former Orsa Rail chief", and articles, which are no titles.
OF_BODIES = frozenset(
    "the a an former ex state staff deputy acting assistant associate field rear democrat democratic republican".split()
)
KIN = rf"(?:{'|'.join(sorted(RELATIONS))})s?"
TITLED = rf"(?<!\bto )\b(?:{'|'.join(sorted(TITLES - OF_BODIES))})\.?"
CALLED = rf"\b(?:{'|'.join(sorted(HONORIFICS - OF_BODIES))})\.?"
# Behind another preposition the name says of whom or what somebody else is: "son of the founder of Orsa Rail".
NO_OTHERS = r"(?:(?!(?:of|for|at|in|from|with|to|and)\b)[\w'.-]+ )*?"
LEAST = 2  # Words of a full name.


def without_others(query: Query, hits: Sequence[Hit], text_of: Callable[[str], str]) -> Query:
    """The query with nobody quoted for each person whose name stands in others' roles alone.

    `text_of` gives an article's text by its id.
    """
    return replace(query, parties=tuple(_own(party, hits, text_of) for party in query.parties))


def _own(party: Party, hits: Sequence[Hit], text_of: Callable[[str], str]) -> Party:
    name = personal(party.phrase)
    if party.named or not party.labels or len(name) < LEAST:
        return party
    found = [hit.statement for hit in hits if hit.statement.quote.speaker]
    roles = {
        (speaker.role or "", statement.article.id)
        for statement in found
        if (speaker := statement.quote.speaker) and speaker.name in party.labels
    }
    is_somebody = any(is_person(name, role, text_of(id)) for role, id in roles)
    return Party(party.phrase, named=True) if is_somebody else party


def is_person(name: Sequence[str], role: str, text: str) -> bool:
    """True where a role, or the text of the article, has a name in small letters with what only a person has.

    That is family, an office right before the name, an age right behind it, or "Mr" before the surname.
    """
    spelt = rf"\b{' '.join(map(re.escape, name))}\b"
    of_family = rf"\b{KIN} (?:of|to) {NO_OTHERS}{spelt}(?!'| \w)|{spelt}'s? (?:\w+ ){{0,2}}?{KIN}\b"
    of_a_person = rf"{TITLED} {spelt}|{spelt}(?:,| \() ?\d{{1,3}}[,.)]|{CALLED} {re.escape(surname(tuple(name)))}\b"
    plain, whole = (in_ascii(" ".join(words.split())) for words in (role, f"{role}\n{text}"))
    return re.search(of_family, plain) is not None or re.search(of_a_person, whole) is not None
