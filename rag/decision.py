"""Decide what the articles say to a query: answered or not, yes or no, and by which statements.

The scores are the retriever's. The bounds were set on the 24 + 150 questions of the benchmark, with
the rule-based extractor: they separate what a speaker says on a topic from what is merely closest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.contradiction import agrees
from rag.query import topic_terms
from rag.schema import Hit, Query, Verdict

RETRIEVED = 30
# Questions that a statement answers score 0.55 and more, most that none answers 0.19 to 0.48.
MIN_RELEVANCE = 0.5
# "Yes" needs the asked person's own statement (true ones 0.87 to 1.68), not clearly behind the best
# of the others; "no" needs somebody else's (true ones 1.16 to 2.05).
MIN_YES = 0.8
MIN_NO = 1.1
YES_MARGIN = 0.15
# Statements shown beside the best one score at least this share of it. A true one beside it scored
# 0.75 and more where the question asks who said something.
NEAR_BEST = {"said_what": 0.7, "who_said": 0.75, "did_say": 0.75, "list": 0.7, "compare": 0.7, "change": 0.65}
MAX_CITATIONS = 4
MAX_LISTED = 8
PER_SPEAKER = 2
MAX_CLOSEST = 2


class Retrieve(Protocol):
    """The retriever's search."""

    def __call__(self, query: Query, *, k: int, speakers: tuple[str, ...] = ()) -> list[Hit]:
        """The k best statements, best first; of these speakers only when any is given."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`hits` are the answer's statements, best first, or the closest ones when it is not answered."""

    answered: bool
    verdict: Verdict | None
    hits: tuple[Hit, ...]


def decide(query: Query, retrieve: Retrieve) -> Decision:
    """Choose the statements that answer a query, or say that none does."""
    if not query.question:
        return Decision(False, None, ())
    if query.kind == "did_say" and (query.speakers or query.unknown_speakers):
        return _did_say(query, retrieve)
    if query.unknown_speakers and not query.speakers:
        return _unanswered(query, retrieve(query, k=RETRIEVED))
    if query.kind == "compare" and len(query.speakers) > 1:
        return _compare(query, retrieve)
    hits = retrieve(query, k=RETRIEVED, speakers=query.speakers)
    # "What did Hale say?" has no topic that her statements could miss.
    if not hits or (hits[0].score < MIN_RELEVANCE and not (query.speakers and not topic_terms(query.topic))):
        return _unanswered(query, hits)
    if query.kind == "list":
        return Decision(True, None, _one_each(_near(query, hits, RETRIEVED), MAX_LISTED))
    if query.kind == "change":
        return Decision(True, None, _by_date(_near(query, hits, MAX_LISTED)))
    return Decision(True, None, _near(query, hits, MAX_CITATIONS))


def as_closest(decision: Decision) -> Decision:
    """The same statements when they turn out to answer nothing."""
    return Decision(False, None, decision.hits[:MAX_CLOSEST])


def _did_say(query: Query, retrieve: Retrieve) -> Decision:
    own = retrieve(query, k=RETRIEVED, speakers=query.speakers) if query.speakers else []
    others = [hit for hit in retrieve(query, k=RETRIEVED) if _speaker(hit) and _speaker(hit) not in query.speakers]
    own_score = own[0].score if own else 0.0
    other_score = others[0].score if others else 0.0
    if own_score >= MIN_YES and own_score >= other_score - YES_MARGIN:
        # "Will not" is no "yes" to "will", nor "nine" to "four": the reader gets the words and no verdict.
        verdict: Verdict | None = "yes" if agrees(query.topic, own[0].statement) else None
        return Decision(True, verdict, _near(query, own, PER_SPEAKER))
    if other_score >= MIN_NO and agrees(query.topic, others[0].statement):
        return Decision(True, "no", _near(query, others, PER_SPEAKER))
    return _unanswered(query, own or others)


def _compare(query: Query, retrieve: Retrieve) -> Decision:
    """The best statements of each person asked about, the persons in the question's order."""
    each = [_near(query, retrieve(query, k=RETRIEVED, speakers=(name,)), PER_SPEAKER) for name in query.speakers]
    kept = [hits for hits in each if hits]
    if not any(hits[0].score >= MIN_RELEVANCE for hits in kept):
        return _unanswered(query, [hits[0] for hits in kept])
    return Decision(True, None, tuple(hit for hits in kept for hit in hits)[:MAX_LISTED])


def _unanswered(query: Query, hits: Sequence[Hit]) -> Decision:
    """What the person asked about does say, on whatever; somebody else only if it is on the topic."""
    closest = [hit for hit in hits if hit.score >= MIN_RELEVANCE or _speaker(hit) in query.speakers]
    return Decision(False, None, tuple(closest[:MAX_CLOSEST]))


def _near(query: Query, hits: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """The best hit and those not far behind it."""
    return tuple(hit for hit in hits if hit.score >= NEAR_BEST[query.kind] * hits[0].score)[:limit]


def _by_date(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The same hits in the order they were said, those without a date last."""

    def order(hit: Hit) -> tuple[str, str, int]:
        article = hit.statement.article
        return article.published or "9999", article.id, hit.statement.quote.content[0].start

    return tuple(sorted(hits, key=order))


def _one_each(hits: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """The best hit of each speaker; statements that nobody is named for are left out if there are others."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(_speaker(hit), hit)
    named = tuple(hit for name, hit in best.items() if name)
    return (named or tuple(best.values()))[:limit]


def _speaker(hit: Hit) -> str:
    speaker = hit.statement.quote.speaker
    return speaker.name if speaker else ""
