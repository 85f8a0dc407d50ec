"""Choose the statements for a question that wants several people: a list of speakers, or parties next to each other.

Takes the statements as `rag.evidence` measured them; whether there is an answer at all is for `rag.decision` to say.
Such a question is nearly always about one event, so one article counts for more than the rest: in a list the one whose
three best statements score highest together, in a comparison each that holds a party's best statement.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.evidence import CONSIDERED, MIN_AROUND, MIN_WEIGHT, Case, Evidence, is_named, speaker_of
from rag.names import name_words
from rag.people import PRONOUNS
from rag.query import topic_terms
from rag.roles import role_stems, widened
from rag.schema import Asked, Hit

# People stand far down in the article of the event: some of the development lists' were beyond the first 30.
RETRIEVED = 80
# A list has only people of whom a statement scores at least this share of the best one.
NEAR_BEST_LISTED = 0.5
MAX_LISTED = 12  # With 8 or 10, lists of the development set missed more people.
MAX_OF_ONE = 3
# What a statement's score is multiplied by. Round numbers from the middle of what was good on the development lists:
# of 5,500 settings tried, one in four listed two thirds of the wanted people in 11 lists of 14, two in three in 10.
EACH_FURTHER = 0.8  # for each better one by the same speaker
ELSEWHERE = 0.7  # in another article than that of the event
OFF_TOPIC = 0.8  # with less than MIN_AROUND of the topic's words around it
UNNAMED = 0.85  # by one person without a name
GROUP = 0.6  # by "some experts"
NOBODY = 0.5  # by "another"
FITTING = 0.5  # added for whoever fits the question's description wholly
# Who fits a description less than this does not fit it.
MIN_FIT = 0.5
# A party says few things on one event, and what answers can be put in other words than the question: of ten development
# comparisons, 2 or 3 statements of each party held every party's answer in 8, 4 in 10.
PER_PARTY = 4
PER_NAMESAKE = 2
NEAR_BEST_OF_PARTY = 0.35
# Words of a description and of a speaker's are one from this many letters on: "sculptor", "who sculpts".
MIN_ROOT = 5
WIDENED_WEIGHT = 0.7


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


def listed(case: Case) -> tuple[Hit, ...]:
    """The statements of as many speakers as answer, and further ones of each where they are as good; best first."""
    found = case.weigh(case.retrieve(case.query, k=RETRIEVED), case.query.topic)
    near = [said for said in _people(found) if said[0].hit.score >= NEAR_BEST_LISTED * found[0].hit.score]
    people = [(_wanted(case.query.described, said), said) for said in near]
    return _spread(people, _event(found), MAX_LISTED)


def _event(found: Iterable[Evidence]) -> tuple[str, ...]:
    """The article whose three best statements are the best in all; none of no statements."""
    scores: dict[str, list[float]] = {}
    for evidence in found:
        scores.setdefault(evidence.hit.statement.article.id, []).append(evidence.hit.score)
    best = sorted(scores, key=lambda article: -sum(sorted(scores[article], reverse=True)[:3]))
    return tuple(best[:1])


def _spread(people: Iterable[tuple[float, Sequence[Evidence]]], event: Container[str], limit: int) -> tuple[Hit, ...]:
    """The most telling statements, each of a speaker's counting less than the one before; a speaker's stand together.

    Args:
        people: how much each speaker is wanted, with their statements.
        event: the articles of what is asked about.
    """
    worth: list[tuple[float, int, Hit]] = []
    for person, (wanted, said) in enumerate(people):
        values = ((wanted * _worth(e, event, first=not turn), e.hit) for turn, e in enumerate(said))
        ordered = sorted(values, key=lambda pair: -pair[0])[:MAX_OF_ONE]
        worth += [(value * EACH_FURTHER**turn, person, hit) for turn, (value, hit) in enumerate(ordered)]
    chosen = sorted(worth, key=lambda one: -one[0])[:limit]
    order = list(dict.fromkeys(person for _, person, _ in chosen))
    return tuple(hit for _, _, hit in sorted(chosen, key=lambda one: order.index(one[1])))


def _worth(evidence: Evidence, event: Container[str], *, first: bool) -> float:
    """A statement's score, lowered in other articles than the event's and, but for a speaker's first, off topic."""
    elsewhere = evidence.hit.statement.article.id not in event
    factor = (ELSEWHERE if elsewhere else 1.0) * (1.0 if first or evidence.around >= MIN_AROUND else OFF_TOPIC)
    return evidence.hit.score * factor


def _wanted(described: Iterable[str], said: Sequence[Evidence]) -> float:
    """How much a speaker is wanted: by how well a description fits, and for having a name."""
    name = speaker_of(said[0].hit)
    fits = max((fit(phrase, said) for phrase in described), default=0.0)
    wanted = 1.0 + FITTING * (fits if fits >= MIN_FIT else 0.0)
    if not name or name.lower() in PRONOUNS:
        return wanted * NOBODY
    if is_named(name) and not name[0].islower():
        return wanted
    return wanted * (UNNAMED if name.lower().startswith(("the ", "a ", "an ")) else GROUP)


def _people(found: Iterable[Evidence]) -> list[list[Evidence]]:
    """The statements of each speaker, "Hale" and "Ida Hale" being one; of those without any name, none."""
    people: list[tuple[str, list[Evidence]]] = []
    for evidence in found:
        name = speaker_of(evidence.hit)
        said = next((said for other, said in people if is_one_person(name, other)), None)
        if said is None:
            people.append((name, [evidence]))
        else:
            said.append(evidence)
    return [said for _, said in people]


def fit(phrase: str, said: Sequence[Evidence]) -> float:
    """How much (0 to 1) of a description's words a speaker's name, role and what the articles call them hold.

    All words count the same here, and ones with a common root are one: a few statements at hand are told apart. That of
    `Directory.fit` weighs words by how rare they are in the roles of an index, `Profiles.share` reads whole sentences.
    """
    wanted = role_stems(phrase)
    known: set[str] = set()
    for evidence in said:
        quote = evidence.hit.statement.quote
        role = quote.speaker.role or "" if quote.speaker else ""
        known |= role_stems(" ".join([speaker_of(evidence.hit), role, *(span.text for span in quote.source)]))
    got = sum(_held(word, known) for word in wanted)
    return got / len(wanted) if wanted else 0.0


def _held(word: str, known: set[str]) -> float:
    if word in known or any(
        min(len(word), len(other)) >= MIN_ROOT and (word.startswith(other) or other.startswith(word)) for other in known
    ):
        return 1.0
    return WIDENED_WEIGHT * bool(widened(word) & known)


def compare(case: Case) -> Compared:
    """The best statements of each party asked about, or of the two best speakers when it names none."""
    parties = _parties(case)
    most = PER_PARTY if case.query.kind == "compare" else PER_NAMESAKE
    limit = max(1, min(most, MAX_LISTED // max(1, len(parties))))
    found = {party.phrase: _of_party(case, party) for party in parties}
    named = [found[p.phrase] for p in parties if p.speakers and _weighs(found[p.phrase])]
    told = named or [said for said in found.values() if _weighs(said)]
    event = {said[0].hit.statement.article.id for said in told}
    each: dict[str, tuple[Hit, ...]] = {}
    for party in parties:
        said = _on_topic(found[party.phrase], party.topic or case.query.topic, event)
        if party.speakers:
            each[party.phrase] = near_best([e.hit for e in said], NEAR_BEST_OF_PARTY, limit)
        else:
            people = [(1.0 + fit(party.phrase, mine), mine) for mine in _people(said)]
            each[party.phrase] = _spread(people, event, limit)
    spoken = [hits for hits in each.values() if hits]
    if not spoken:
        closest = [evidence for party in parties for evidence in case.of(party.speakers)[:1] if party.speakers]
        return Compared((), closest=tuple(closest or case.everybody))
    silent = tuple(party.people[0] if party.people else party.phrase for party in parties if not each[party.phrase])
    return Compared(tuple(dict.fromkeys(hit for hits in spoken for hit in hits))[:MAX_LISTED], silent)


def _on_topic(said: Sequence[Evidence], topic: str, event: Container[str]) -> Sequence[Evidence]:
    """What a party says when it is on the topic; else what stands near the topic's words in the event's articles.

    Those are the articles of another party's answer, which tells what the event is.
    """
    if not topic_terms(topic) or _weighs(said):
        return said
    return [e for e in said if e.hit.statement.article.id in event and e.around >= MIN_AROUND]


def _parties(case: Case) -> list[Asked]:
    query = case.query
    if len(query.ambiguous) > 1:
        return [Asked(name, (name,), (name,)) for name in query.ambiguous]
    if query.asked or query.speakers:
        return list(query.asked) or [Asked(name, (name,), (name,)) for name in query.speakers]
    names = dict.fromkeys(speaker_of(e.hit) for e in case.everybody if is_named(speaker_of(e.hit)))
    return [Asked(name, (name,), (name,)) for name in list(names)[:2]]


def _weighs(said: Sequence[Evidence]) -> bool:
    return max((evidence.weight for evidence in said[:CONSIDERED]), default=0.0) >= MIN_WEIGHT


def _of_party(case: Case, party: Asked) -> list[Evidence]:
    """What one party says, best first; when it is only described, what those say who fit, or else anybody."""
    if party.speakers:
        return case.of(party.speakers, party.topic)
    if not party.described:
        return []
    topic = party.topic or case.query.topic
    rest = replace(case.query, speakers=(), described=(party.phrase,), asked=(party,), topic=topic)
    taken = set(case.query.speakers)
    found = [e for e in case.weigh(case.retrieve(rest, k=RETRIEVED), topic) if speaker_of(e.hit) not in taken]
    fitting = [said for said in _people(found) if fit(party.phrase, said) > MIN_FIT]
    return sorted((e for said in fitting for e in said), key=lambda e: -e.hit.score) if fitting else found


def is_one_person(name: str, other: str) -> bool:
    """True for a name and a shorter form of it that ends alike.

    Labels of any kind, groups too; `rag.names.compatible` takes personal names and lets initials and short forms pass.
    """
    one, two = name_words(name), name_words(other)
    return name == other or (one[-1:] == two[-1:] != () and (set(one) <= set(two) or set(two) <= set(one)))
