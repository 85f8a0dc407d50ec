"""Whom a question's words for somebody mean where no name and no role has them: who surely is, by a trained network.

A nickname or a description may be anybody of those who speak to the question: each is read beside it, with what the
article first tells of them. It is seldom sure, and then nobody is taken. docs/judge.md tells how the network was made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from rag.judging.claims import may_be_anybody
from rag.judging.networks import MEANT, MEANT_SCALES, packaged
from rag.judging.profile import called, profile
from rag.models.cross_encoder import Calibrated
from rag.models.once import Once
from rag.people.directory import Directory
from rag.schema import Article, Hit, Party, Query, Speaker

# Who is meant must be so likely, and nobody else likelier than so much of it. Of 420 phrases set aside 86 are taken for
# the right speaker then, 7 for another of those beside, and 9 of 85 that mean none of them for somebody.
SURE, BESIDE = 0.4, 0.6

# A speaker, and what an article tells of them.
Told = tuple[Speaker, str]


class Matcher:
    """Tells whom a question's words for somebody mean. Safe to share between threads."""

    def __init__(self, network: Callable[[], Calibrated]) -> None:
        """Take what makes the network, whose first probability is that a speaker is meant."""
        self._network = Once(network)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Matcher:
        """The matcher with the packaged weights, which are loaded when they are first needed."""
        return cls(lambda: packaged(MEANT, MEANT_SCALES))

    def matched(self, query: Query, hits: Sequence[Hit], people: Directory, article: Callable[[str], Article]) -> Query:
        """The query with who is surely meant of the hits, for each party of which the index has no label.

        Whoever is asked for by a full name is that one or nobody here. `article` gives an article with its text, by its
        id.
        """
        if not any(map(may_be_anybody, query.parties)):
            return query
        said = [hit.statement for hit in hits]
        speakers = {(one.article.id, one.quote.speaker.name): one.quote.speaker for one in said if one.quote.speaker}
        known = {label for party in (*query.parties, *query.besides) for label in party.labels}
        others = [(id, who) for (id, name), who in speakers.items() if name not in known]
        told = [(who, profile(who.name, who.role or "", article(id))) for id, who in others]
        parties = list[Party]()
        for party in query.parties:
            found = self._meant(party, query, told, people) if may_be_anybody(party) else party
            parties.append(party if set(found.people) & {name for other in parties for name in other.people} else found)
        return replace(query, parties=tuple(parties))

    def _meant(self, party: Party, query: Query, told: Sequence[Told], people: Directory) -> Party:
        """The party as it is, or as the one person or body with a name, of those told of, that is surely meant."""
        likely: dict[str, float] = {}
        meant: dict[str, tuple[str, ...]] = {}
        for (speaker, _), chance in zip(told, self._chances(party, query, told), strict=True):
            who = people.holding([speaker.name])[:1] if speaker.is_named else []
            name = who[0].name if who else speaker.name
            likely[name] = max(likely.get(name, 0.0), chance)
            meant[name] = tuple(who[0].labels) if who else ()
        best = max(likely, key=lambda name: likely[name], default="")
        rival = max((chance for name, chance in likely.items() if name != best), default=0.0)
        if not best or likely[best] < SURE or rival > BESIDE * likely[best] or not meant[best]:
            return party
        return replace(party, labels=meant[best], people=(best,), respelt=True)

    def _chances(self, party: Party, query: Query, told: Sequence[Told]) -> list[float]:
        """How likely a party means each of those told of."""
        if not told:
            return []
        asked = called(party.phrase, query.as_judged)
        found: list[float] = self._network().probabilities([(asked, text) for _, text in told])[:, 0].tolist()
        return found
