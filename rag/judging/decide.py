"""Decide by what a judge says: answered or not, yes or no, by which statements, in which order. One pure function.

Each bound is a probability, chosen on articles set aside from the training data (docs/judge.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.schema import ArticleInfo, Hit, Judged, Judgement, Party, Query, Speaker, Statement, Verdict
from rag.text import terms

# A statement answers from here on, and stands beside the best one when it is not much less likely.
SHOWN = 0.3
BESIDE = 0.7
# A "yes", a "no" by the asked's own words, and a "no" because somebody else says so.
YES, OPPOSITE, ANOTHER = 0.5, 0.5, 0.55
# What the asked say must be less like the claim than this for a "no" that rests on somebody else.
SILENT = 0.3
MOST = 3
MOST_LISTED = 8
CLOSEST = 2

Note = Literal["", "opposite", "another"]
Check = Callable[[Query, Statement], bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """What to answer, with which statements.

    `hits` are the answer's statements in the order to be shown, or the closest ones when it is not answered. `note`
    says why a "no" is one: the asked say the "opposite", or "another" says so. `silent` are the asked who say nothing
    that answers.
    """

    answered: bool
    verdict: Verdict | None
    hits: tuple[Hit, ...]
    note: Note = ""
    silent: tuple[str, ...] = ()


def decide(query: Query, judged: Judged, *, agrees: Check) -> Decision:
    """Choose what answers a query.

    Args:
        judged: In the judge's order.
        agrees: False when letters speak against a "yes": another number, name or negation. It can only take one away.
    """
    found = _as_wished(query, [_with_seen_speaker(judgement) for judgement in judged.judgements])
    if query.kind == "did_say":
        return _verdict(query, found, agrees)
    shown = [j for j in found if j.shown >= SHOWN]
    if shown and query.kind == "compare" and len(query.parties) > 1:
        return _compared(query, shown)
    shown = _of_the_asked(query, shown)
    if not shown and _is_bare(query):
        shown = [j for j in found if any(is_by(party, j.hit.statement) for party in query.parties)]
    if not shown:
        return _unanswered(found)
    if query.kind in ("list", "overview"):
        return Decision(True, None, tuple(_by_speaker(shown)[:MOST_LISTED]))
    best = max(j.shown for j in shown)
    hits = [j.hit for j in shown if j.shown >= BESIDE * best][: MOST_LISTED if query.kind == "change" else MOST]
    if query.kind == "change":
        hits.sort(key=lambda hit: hit.statement.article.published or "9999")
    return Decision(True, None, tuple(hits))


def _as_wished(query: Query, found: list[Judgement]) -> list[Judgement]:
    """Those of the time, then of the outlet, that the question names, where any of them is to be shown."""
    wishes: tuple[Callable[[ArticleInfo], bool], ...] = (
        lambda article: query.is_when(article.published),
        lambda article: query.is_where(article.publication),
    )
    for meets in wishes:
        meeting = [j for j in found if meets(j.hit.statement.article)]
        if any(j.shown >= SHOWN for j in meeting):
            found = meeting
    return found


def _of_the_asked(query: Query, shown: list[Judgement]) -> list[Judgement]:
    """Without what others say that is less likely to answer than the best by whom the question asks about.

    What is more likely stays: the index may have it under another name. For a name that nobody bears, nothing of
    anybody else's is an answer.
    """
    own = [j.shown for j in shown if any(is_by(party, j.hit.statement) for party in query.parties)]
    if query.parties and all(party.named and not party.labels for party in query.parties):
        return [j for j in shown if j.hit.statement.quote.speaker is None]
    least = max(own, default=0.0)
    return [j for j in shown if j.shown >= least or any(is_by(party, j.hit.statement) for party in query.parties)]


def _is_bare(query: Query) -> bool:
    """True for "What did Hale say?": but for whom it asks about, one content word at most, so nothing to be about."""
    known = [party for party in query.parties if party.labels]
    named = {stem for party in known for stem in terms(party.phrase)}
    return bool(known) and len(set(terms(query.text)) - named) <= 1


def is_by(party: Party, statement: Statement) -> bool:
    """True when the index has the statement under a name of the party."""
    speaker = statement.quote.speaker
    return speaker is not None and speaker.name in party.labels


def _verdict(query: Query, found: Sequence[Judgement], agrees: Check) -> Decision:
    """Did they say it? Yes by their own words that nothing contradicts; no by these, or by who did say it."""
    for_it = [j for j in found if j.says_so >= YES and agrees(query, j.hit.statement)]
    against = [j for j in found if j.opposite >= OPPOSITE]
    others = [j for j in found if j.another >= ANOTHER]
    like = max((j.shown - j.another for j in found), default=0.0)
    if for_it and not (against and against[0].opposite > for_it[0].says_so):
        return Decision(True, "yes", tuple(j.hit for j in for_it[:MOST]))
    if against:
        return Decision(True, "no", tuple(j.hit for j in against[:MOST]), "opposite")
    if others and like < SILENT:
        return Decision(True, "no", tuple(j.hit for j in others[:MOST]), "another")
    shown = [j.hit for j in found if j.shown >= SHOWN]
    return Decision(True, None, tuple(shown[:MOST])) if shown else _unanswered(found)


def _compared(query: Query, shown: Sequence[Judgement]) -> Decision:
    """The best statements of each side, in the question's order; then those of nobody that was asked about."""
    sides = [[j.hit for j in shown if is_by(party, j.hit.statement)][:2] for party in query.parties]
    taken = [hit for side in sides for hit in side]
    # A side that the index knows by no name stands among the rest.
    rest = [j.hit for j in shown if j.hit not in taken][: MOST if any(not side for side in sides) else 0]
    silent = tuple(p.phrase for p, side in zip(query.parties, sides, strict=True) if not side and p.labels)
    return Decision(True, None, (*taken, *rest), silent=silent)


def _by_speaker(shown: Sequence[Judgement]) -> list[Hit]:
    """One statement for each speaker, the best first; who has no name stands for himself."""
    seen: set[str] = set()
    hits = []
    for judgement in shown:
        speaker = judgement.hit.statement.quote.speaker
        name = speaker.name if speaker else judgement.hit.statement.id
        if name not in seen:
            seen.add(name)
            hits.append(judgement.hit)
    return hits


def _unanswered(found: Sequence[Judgement]) -> Decision:
    return Decision(False, None, tuple(j.hit for j in found[:CLOSEST]))


def _with_seen_speaker(judgement: Judgement) -> Judgement:
    """The same with the speaker whom a judge read in the passage, where that is another than the index's."""
    if judgement.seen is None:
        return judgement
    statement = judgement.hit.statement
    quote = replace(statement.quote, speaker=Speaker(judgement.seen.text), source=(judgement.seen,))
    return replace(judgement, hit=replace(judgement.hit, statement=replace(statement, quote=quote)))
