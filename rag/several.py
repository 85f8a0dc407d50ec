"""Choose the statements for a question that wants several people: a list of speakers, or parties next to each other.

Takes the statements as `rag.evidence` measured them; whether there is an answer at all is for `rag.decision` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.evidence import Case, Evidence, is_named, speaker_of
from rag.names import name_words
from rag.query import topic_terms
from rag.schema import Asked, Hit

# What a party says is on the topic from this weight on (0 to 2), as in `rag.decision`.
MIN_PARTY_WEIGHT = 0.75
CONSIDERED = 10
# A list has the statements that score at least this share of the best one.
NEAR_BEST_LISTED = 0.5
MAX_LISTED = 12  # With 8, lists of the development set missed more people.
PER_PARTY = 2


@dataclass(frozen=True, slots=True)
class Compared:
    """What each party says, in the question's order; `closest` is anything near where none of them says anything.

    `silent` names the parties that say nothing on the topic.
    """

    hits: tuple[Hit, ...]
    silent: tuple[str, ...] = ()
    closest: tuple[Evidence, ...] = ()


def near_best(hits: Sequence[Hit], share: float, limit: int, *, best: float | None = None) -> tuple[Hit, ...]:
    """The hits that score at least a share of the best one (the first, unless its score is given)."""
    top = best if best is not None else (hits[0].score if hits else 0.0)
    return tuple(hit for hit in hits if hit.score >= share * top)[:limit]


def listed(found: Sequence[Evidence]) -> tuple[Hit, ...]:
    """One statement of each speaker, best first."""
    hits = [evidence.hit for evidence in found]
    return _one_each(near_best(hits, NEAR_BEST_LISTED, len(hits)), MAX_LISTED)


def compare(case: Case, share: float) -> Compared:
    """The best statements of each party asked about, or of the two best speakers when it names none.

    Args:
        share: how far behind a party's best statement another may score, as a share of it.
    """
    parties = _parties(case)
    each = {party.phrase: _of_party(case, party, share) for party in parties}
    spoken = [hits for hits in each.values() if hits]
    if not spoken:
        closest = [evidence for party in parties for evidence in case.of(party.speakers)[:1] if party.speakers]
        return Compared((), closest=tuple(closest or case.everybody))
    silent = tuple(party.people[0] if party.people else party.phrase for party in parties if not each[party.phrase])
    return Compared(tuple(dict.fromkeys(hit for hits in spoken for hit in hits))[:MAX_LISTED], silent)


def _parties(case: Case) -> list[Asked]:
    query = case.query
    if len(query.ambiguous) > 1:
        return [Asked(name, (name,), (name,)) for name in query.ambiguous]
    if query.asked or query.speakers:
        return list(query.asked) or [Asked(name, (name,), (name,)) for name in query.speakers]
    names = dict.fromkeys(speaker_of(e.hit) for e in case.everybody if is_named(speaker_of(e.hit)))
    return [Asked(name, (name,), (name,)) for name in list(names)[:2]]


def _of_party(case: Case, party: Asked, share: float) -> tuple[Hit, ...]:
    """What one party says on the topic, if anything."""
    if party.speakers:
        found = case.of(party.speakers, party.topic)
    elif party.described:
        rest = replace(
            case.query, speakers=(), described=(party.phrase,), asked=(party,), topic=party.topic or case.query.topic
        )
        found = Case(rest, case.retrieve, case.scales).own
        taken = set(case.query.speakers)
        found = [evidence for evidence in found if speaker_of(evidence.hit) not in taken]
    else:
        found = []
    topic = topic_terms(party.topic or case.query.topic)
    if not found or (topic and max(evidence.weight for evidence in found[:CONSIDERED]) < MIN_PARTY_WEIGHT):
        return ()
    return near_best([evidence.hit for evidence in found], share, PER_PARTY)


def _one_each(hits: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """The best hit of each speaker, "Hale" and "Ida Hale" being one; whom nobody names comes last."""
    best: dict[str, Hit] = {}
    for hit in hits:
        name = speaker_of(hit)
        if not any(_is_one_person(name, other) for other in best):
            best[name] = hit
    named = [hit for name, hit in best.items() if is_named(name)]
    return tuple([*named, *(hit for name, hit in best.items() if not is_named(name))][:limit])


def _is_one_person(name: str, other: str) -> bool:
    """True for a name and a shorter form of it that ends alike."""
    one, two = name_words(name), name_words(other)
    return name == other or (one[-1:] == two[-1:] != () and (set(one) <= set(two) or set(two) <= set(one)))
