"""Whom a description means that no name and no role holds word for word: the one who fits among whom a question found.

"The airport's chief" is its "airport director", and "the Orsa mayor" the "mayor" of an article on Orsa, as long as
nobody else of those who speak to the question can be meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.people.directory import Directory
from rag.people.names import NAME_WORD
from rag.people.roles import head_stem, role_stems, widened
from rag.schema import Hit, Party, Query, Statement


def described(query: Query, hits: Sequence[Hit], people: Directory) -> Query:
    """The query with each description that fits one person of the hits, and only one, taken for that person."""
    return replace(query, parties=tuple(_meant(party, hits, people) for party in query.parties))


def _meant(party: Party, hits: Sequence[Hit], people: Directory) -> Party:
    if party.labels or party.named:
        return party
    fitting = {name for hit in hits if (name := _who_fits(party.phrase, hit.statement))}
    found = {one.labels[0]: one for one in people.holding(sorted(fitting))}
    if len(found) != 1:
        return party
    [one] = found.values()
    return replace(party, labels=tuple(one.labels), people=(one.name,), respelt=True)


def _who_fits(phrase: str, statement: Statement) -> str:
    """The name of a person whose role is another word for a description's office, and has nothing beside it.

    What the description has beside the office stands in the role, or is a name in the headline or the paragraph.
    """
    speaker = statement.quote.speaker
    if speaker is None or speaker.kind != "person" or not speaker.role:
        return ""
    office, others = head_stem(phrase), role_stems(phrase) - {head_stem(phrase)}
    theirs = role_stems(speaker.role)
    is_office = office == head_stem(speaker.role) or head_stem(speaker.role) in widened(office)
    if not office or not is_office or theirs - others - widened(office) - {office}:
        return ""
    names = role_stems(" ".join(word for word in NAME_WORD.findall(phrase) if word[0].isupper()))
    about = role_stems(f"{statement.article.title or ''} {statement.context.text}")
    return speaker.name if others and others - theirs <= names & about else ""
