"""How well a statement carries what a question is about: in which of its words, and how near next to the others.

The measures are shares between 0 and 1 and lean on no scale of the retriever's, only on its order and on ratios.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from rag.embeddings import Vectors
from rag.people import PRONOUNS
from rag.query import topic_terms
from rag.schema import Hit, Query
from rag.text import terms

RETRIEVED = 30
# Bounds that `rag.decision` and `rag.several` share: round numbers, set on the 150 + 24 questions of the benchmark.
# What somebody says answers a question about it from this weight on (0 to 2). Own statements of those who are silent
# on the topic weighed 0.0 to 0.7, those that answer 0.8 and more.
MIN_WEIGHT = 0.75
# A statement stands near the topic when this share of the topic's words is in its own words, paragraph and headline.
MIN_AROUND = 0.25
# Only this many of somebody's best statements are looked at.
CONSIDERED = 10
# Kinds of questions that a description ("which captains") only narrows: several people are looked for.
OF_MANY = frozenset(("who_said", "list"))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A statement measured against a topic.

    `said` is the share of the topic's words (each weighted by its rarity) that the speaker's own words and the cue
    hold, `around` the same with the paragraph and the headline, `nearness` its score as a share of the best of all.
    """

    hit: Hit
    said: float
    around: float
    nearness: float

    @property
    def weight(self) -> float:
        """Own words and nearness together, 0 to 2: what tells an answer from a bystander (MIN_WEIGHT)."""
        return self.said + self.nearness


class Scales:
    """Weighs statements against a topic; holds how rare each word is in an index."""

    def __init__(self, texts: Iterable[str], embed: Callable[[Sequence[str]], Vectors]) -> None:
        """Count in how many of the texts, one a statement, each stem stands; `embed` gives unit vectors."""
        self._embed = embed
        self._count: Counter[str] = Counter()
        self._size = 0
        for text in texts:
            self._count.update(set(terms(text)))
            self._size += 1

    def share(self, wanted: Iterable[str], text: str) -> float:
        """The share of stems, by rarity, that a text holds; 0 when there are none."""
        stems = set(wanted)
        total = sum(map(self._rarity, stems))
        return sum(map(self._rarity, stems & set(terms(text)))) / total if total else 0.0

    def weigh(self, topic: str, hits: Sequence[Hit], *, best: float, leaving_out: Iterable[str] = ()) -> list[Evidence]:
        """Measure hits, in their order.

        Args:
            best: the score of the best statement of anybody, which `nearness` is a share of.
            leaving_out: names that are no part of the topic, such as the speaker's.
        """
        names = set(terms(" ".join(leaving_out)))
        stems = [stem for stem in topic_terms(topic) if stem not in names]
        return [self._weigh(stems, hit, best) for hit in hits]

    def likeness(self, topic: str, found: Sequence[Evidence]) -> float:
        """The highest of `likenesses`; 0 when there are no statements."""
        return max(self.likenesses(topic, found), default=0.0)

    def likenesses(self, topic: str, found: Sequence[Evidence]) -> list[float]:
        """The cosine of a topic and each statement's words: where they share a meaning and no word."""
        one, *others = self._embed([topic, *(evidence.hit.statement.quote.text for evidence in found)])
        return [float(one @ other) for other in others]

    def _rarity(self, stem: str) -> float:
        """How much a word tells: the log of how many statements there are for each that holds it."""
        return math.log1p(self._size / (0.5 + self._count[stem]))

    def _weigh(self, stems: Sequence[str], hit: Hit, best: float) -> Evidence:
        statement = hit.statement
        own = " ".join([statement.quote.text, *(cue.text for cue in statement.quote.cue)])
        around = f"{own} {statement.context.text} {statement.article.title or ''}"
        nearness = min(1.0, hit.score / best) if best > 0 else 0.0
        return Evidence(hit, self.share(stems, own), self.share(stems, around), max(0.0, nearness))


class Retrieve(Protocol):
    """The retriever's search."""

    def __call__(self, query: Query, *, k: int, speakers: tuple[str, ...] = ()) -> list[Hit]:
        """The k best statements, best first; of these speakers only when any is given."""


class Case:
    """A query with the statements found for it, each search made once and measured."""

    def __init__(self, query: Query, retrieve: Retrieve, scales: Scales) -> None:
        """Search nothing yet."""
        self.query = query
        self.scales = scales
        self.retrieve = retrieve

    @cached_property
    def everybody(self) -> list[Evidence]:
        """The best statements of anybody, best first, whoever the question asks about."""
        return self.weigh(self._hits, self.query.topic)

    @cached_property
    def own(self) -> list[Evidence]:
        """The best statements of whom the question asks about, best first; of anybody when it names nobody.

        Who is only described (an office, a group) is whoever the retriever finds that fits, or else anybody.
        """
        query = self.query
        if query.speakers:
            return self.of(query.speakers)
        if not query.described:
            return [] if query.unknown_speakers else self.everybody
        hits = self.retrieve(query, k=RETRIEVED)
        fitting = [hit for hit in hits if "speaker" not in hit.missed]
        return self.weigh(fitting if fitting and query.kind not in OF_MANY else hits, query.topic)

    @property
    def others(self) -> list[Evidence]:
        """The best statements of everybody else who has a name, best first."""
        own = {speaker_of(evidence.hit) for evidence in self.own} if self.query.described else set()
        return [
            evidence
            for evidence in self.everybody
            if is_named(speaker_of(evidence.hit)) and speaker_of(evidence.hit) not in {*self.query.speakers, *own}
        ]

    def of(self, speakers: tuple[str, ...], topic: str = "") -> list[Evidence]:
        """The best statements of some speakers, best first, on the query's topic or another one."""
        query = replace(_of_anybody(self.query), topic=topic) if topic else _of_anybody(self.query)
        return self.weigh(self.retrieve(query, k=RETRIEVED, speakers=speakers), query.topic)

    def weigh(self, hits: Sequence[Hit], topic: str) -> list[Evidence]:
        """Measure hits against a topic, the names of those asked about left out."""
        query = self.query
        names = (*query.speakers, *query.unknown_speakers, *query.described, *(party.phrase for party in query.asked))
        best = max((hit.score for hit in [*self._hits[:1], *hits[:1]]), default=0.0)
        return self.scales.weigh(topic, hits, best=best, leaving_out=names)

    @cached_property
    def _hits(self) -> list[Hit]:
        return self.retrieve(_of_anybody(self.query), k=RETRIEVED)


def _of_anybody(query: Query) -> Query:
    """The query without whom it asks about, whose statements the retriever would put forward for their name alone."""
    if not (query.speakers or query.unknown_speakers or query.described):
        return query
    question = query.topic or query.question
    return replace(query, question=question, speakers=(), unknown_speakers=(), described=(), asked=())


def speaker_of(hit: Hit) -> str:
    """The name of a hit's speaker; empty when nobody is named."""
    speaker = hit.statement.quote.speaker
    return speaker.name if speaker else ""


def is_named(name: str) -> bool:
    """True for a name such as "Ida Hale" or "the Harbour Board"; not for "he", "the old Halvicker", "aides"."""
    if not name or name.lower() in PRONOUNS:
        return False
    first, *rest = name.split()
    if first.lower() in ("a", "an"):
        return False
    if first.lower() == "the":
        return bool(rest) and rest[0][0].isupper()
    return any(word[0].isupper() for word in rest or [first])
