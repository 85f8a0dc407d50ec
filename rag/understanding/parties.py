"""Whom a phrase of a question means, among the speakers of an index."""

from __future__ import annotations

from rag.people.directory import Directory
from rag.people.names import personal
from rag.schema import Party


def identify(phrase: str, people: Directory) -> Party:
    """The party that a phrase names or describes; without labels when nobody here is called so."""
    labels = people.find(phrase)
    if labels:
        names = tuple(person.name for person in people.people(phrase))
        return Party(phrase, labels, names, named=bool(names))
    near = people.respelt(phrase)
    if near:
        return Party(phrase, tuple(near.labels), (near.name,), named=True, respelt=True)
    return Party(phrase, named=bool(personal(phrase)))
