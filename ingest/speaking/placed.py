"""Tell two of one surname apart in a record of a hearing, whose labels have a place: "Mr. Lee of Tarn" is no other Lee.

In: the people of an article, its quotes and their speakers. Out: the speakers, such labels as persons.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.speaking.named import SURNAME, People
from ingest.text.names import surname
from ingest.text.turn_labels import PLACED_NAME
from rag.schema import Quote, Speaker


def with_places(people: People, quotes: Sequence[Quote], speakers: Sequence[Speaker | None]) -> list[Speaker | None]:
    """The speakers, each "Mr. Lee of Tarn" as who is named so in full, as the only Lee, or else as what he is called.

    The whole label tells him from Mrs. Lee of the Fens.
    """
    labels = [PLACED_NAME.fullmatch(quote.source[0].text) if quote.source else None for quote in quotes]
    places: dict[str, set[str]] = {}
    for found in filter(None, labels):
        places.setdefault(surname((found[1],)), set()).add(found[2])
    made = list(speakers)
    for number, label in enumerate(labels):
        if label is None:
            continue
        bearers = people.full.get(surname((label[1],)), [])
        own = [m for m in bearers if people.text.startswith(label[2], m.end)]
        if not own and len(places[surname((label[1],))]) == 1:
            own = bearers
        named = {person.name: person for m in own for person in [people.person(m, m.start)]}
        made[number] = named.popitem()[1] if len(named) == 1 else Speaker(label[0], None, SURNAME, "person")
    return made
