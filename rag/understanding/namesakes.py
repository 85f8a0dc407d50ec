"""Which articles quote a namesake of whom a question means: "Ida Hale, the pilot", where another Ida Hale is a mayor.

An index has both under one label. What tells them apart is the office that the question gives beside the name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.people.names import personal
from rag.people.roles import role_stems, widened
from rag.schema import Hit, Party, Query


def told_apart(query: Query, hits: Sequence[Hit], text_of: Callable[[str], str]) -> Query:
    """The query with the articles of namesakes beside each party; `text_of` gives an article's text by its id."""
    return replace(query, parties=tuple(_apart(party, hits, text_of) for party in query.parties))


def _apart(party: Party, hits: Sequence[Hit], text_of: Callable[[str], str]) -> Party:
    """An article is a namesake's that gives the name another office and has no word of the asked's anywhere.

    That is so only where another article has the asked's: one is mayor in one paper and lawyer in the other.
    """
    name = personal(party.phrase)
    office = role_stems(party.phrase) - role_stems(" ".join(name))
    if not (party.named and party.labels and office):
        return party
    offices: dict[str, set[str]] = {}
    for hit in hits:
        speaker = hit.statement.quote.speaker
        if speaker is not None and speaker.name in party.labels:
            told = f"{_before(name, speaker.name)} {speaker.role or ''}"
            offices.setdefault(hit.statement.article.id, set()).update(role_stems(told))
    if len(offices) < 2:
        return party
    texts = {id: role_stems(text_of(id)) for id in offices}
    meant = {id for id, theirs in offices.items() if office <= theirs | texts[id]}
    known = office.union(*(offices[id] for id in meant), *map(widened, office))
    others = [
        id
        for id, theirs in offices.items()
        if id not in meant and theirs and known.isdisjoint(theirs) and office.isdisjoint(texts[id])
    ]
    return replace(party, namesakes=tuple(others)) if meant else party


def _before(name: tuple[str, ...], label: str) -> str:
    """What a label has before a full name: "Vet" of "Vet Ida Hale", where whoever is asked for is Ida Hale."""
    words = personal(label)
    return " ".join(words[: -len(name)]) if len(name) > 1 and words[-len(name) :] == name else ""
