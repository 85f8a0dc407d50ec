"""Decide what the articles say to a query: answered or not, yes or no, and by which statements.

The bounds are round numbers on the measures of `rag.evidence`, set on the 150 + 24 questions of the benchmark, where
`bench/calibrate.py` says that they separate what answers a question from what is merely closest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.change import conflict, in_order, subject
from rag.contradiction import Clash, asked_words, clashes, denials, holds
from rag.evidence import CONSIDERED, MIN_AROUND, MIN_WEIGHT, Case, Evidence, Retrieve, Scales, speaker_of
from rag.polarity import numbers
from rag.query import topic_terms
from rag.schema import Hit, Query, Verdict
from rag.several import compare, listed, near_best

# A claim is somebody's own words, and a premise stands, from this weight on (true claims 1.16 and more, others to
# 1.11); a premise, which nobody asked to be checked, also needs this share of its words.
MIN_OWN = 1.15
MIN_PREMISE_SAID = 0.4
# Somebody else, who is then named against the question, needs more, clearly ahead of the asked, and a likeness. Of 134
# claims put to people who did not make them, 95 are then corrected with the words of who did; of 59 true ones, 6 are
# denied, and of 207 that nobody makes, 60 (before descriptions ceased to count as names). With 1.4: 87, 3 and 47.
MIN_OTHER = 1.35
OTHER_AHEAD = 0.3
MIN_OTHER_LIKENESS = 0.35
# What a statement's paragraph holds of a claim counts this much of what its own words hold.
AROUND_COUNTS = 0.75
# What the asked said is the opposite, not just something else, when it holds this share of the claim's words.
MIN_SAID_OPPOSITE = 0.5
# Words this similar to the topic are on it, too: of whom the question asks about, or of anybody.
MIN_LIKENESS = 0.45
MIN_LIKENESS_OF_ANYBODY = 0.35
# Two statements that weigh the same but for this are taken as equally near.
TIE = 0.15
# Statements shown beside the best one score at least this share of it.
NEAR_BEST = {"said_what": 0.7, "who_said": 0.75, "did_say": 0.75, "change": 0.65}
MAX_CITATIONS = 4
MAX_DATED = 8
PER_SPEAKER = 2
MAX_CLOSEST = 2

Note = Literal["", "opposite", "premise", "words"]
OPPOSITE: frozenset[Clash] = frozenset(("denied", "negation", "opposite"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What to answer, with which statements.

    `hits` are the answer's statements, best first (oldest first for a change), or the closest ones when it is not
    answered. `note` says why a "no" is one: the asked said the "opposite", or the question's "premise" is another's;
    or why there is no verdict: other "words". `silent` are those asked about who say nothing on it, `conflict` the
    places in `hits` of two statements that do not go together. `sure` answers are not for a model to refuse.
    """

    answered: bool
    verdict: Verdict | None
    hits: tuple[Hit, ...]
    note: Note = ""
    silent: tuple[str, ...] = ()
    conflict: tuple[int, int] | None = None
    sure: bool = False


def decide(query: Query, retrieve: Retrieve, scales: Scales) -> Decision:
    """Choose the statements that answer a query, or say that none does."""
    if not query.question:
        return Decision(False, None, ())
    if query.kind == "change":
        query = replace(query, topic=subject(query.topic))
    case = Case(query, retrieve, scales)
    if query.kind == "did_say" and (query.speakers or query.unknown_speakers or query.described):
        return _verdict(case, query.topic)
    if query.kind == "compare" or len(query.ambiguous) > 1:
        compared = compare(case)
        if not compared.hits:
            return _unanswered(case, compared.closest)
        return Decision(True, None, compared.hits, silent=compared.silent)
    if query.unknown_speakers and not query.speakers and not query.described:
        return _unanswered(case, case.everybody)
    if query.premise and (query.speakers or query.described):
        corrected = _corrected(case)
        if corrected:
            return corrected
    return _told(case)


def as_closest(decision: Decision) -> Decision:
    """The same statements when they turn out to answer nothing."""
    return Decision(False, None, decision.hits[:MAX_CLOSEST])


def _told(case: Case) -> Decision:
    """What is said on the topic, by whom the question asks about if it names anybody."""
    query = case.query
    found = case.own
    if query.kind == "change" and topic_terms(query.topic):
        found = [evidence for evidence in found if evidence.around >= MIN_AROUND]
    if not _is_on_topic(case, found):
        return _unanswered(case, found or case.own)
    hits = [evidence.hit for evidence in found]
    if query.kind == "list":
        return Decision(True, None, listed(case))
    if query.kind == "change":
        dated = in_order(_near(query, hits, MAX_DATED))
        return Decision(True, None, dated, conflict=conflict(dated, case.scales))
    sure = max(evidence.weight for evidence in found[:CONSIDERED]) >= MIN_OWN
    return Decision(True, None, _near(query, hits, MAX_CITATIONS), sure=sure)


def _is_on_topic(case: Case, found: Sequence[Evidence]) -> bool:
    """True when the best of the statements are about what is asked, and not only the closest there are."""
    if not found:
        return False
    query, best = case.query, found[:CONSIDERED]
    if query.speakers or query.described:
        # "What did Hale say?" has no topic that her statements could miss.
        near = not topic_terms(query.topic) or max(evidence.weight for evidence in best) >= MIN_WEIGHT
        alike = MIN_LIKENESS
    else:
        # Where nobody is asked about, it is enough to stand near the topic.
        near = max(evidence.around for evidence in best) >= MIN_AROUND
        alike = MIN_LIKENESS_OF_ANYBODY
    return near or case.scales.likeness(query.topic, best[:MAX_CITATIONS]) >= alike


def _verdict(case: Case, claim: str) -> Decision:
    """Did they say it? Yes only by their own words that nothing contradicts; no by the one who did say it."""
    exact = asked_words(case.query.question)
    mine, clash = _closest(claim, exact, case.own)
    if mine and mine.weight >= MIN_OWN and not clash:
        return Decision(
            True, "yes", (mine.hit, *_beside(case, mine, [e for e in case.own if not _clash(claim, exact, e)]))
        )
    theirs = _said_instead(case, claim, exact, mine)
    if theirs:
        same = [e for e in case.others if speaker_of(e.hit) == speaker_of(theirs.hit)]
        return Decision(True, "no", (theirs.hit, *_beside(case, theirs, same)))
    if mine and mine.weight >= MIN_OWN:
        # "Will not" is no "yes" to "will", nor "nine" to "four": a clear opposite is a "no" in the asked's own words.
        if mine.said >= MIN_SAID_OPPOSITE and OPPOSITE & set(clash):
            return Decision(True, "no", (mine.hit,), "opposite")
        return Decision(True, None, (mine.hit,), "words" if "words" in clash else "")
    return _unanswered(case, case.own or case.everybody)


def _said_instead(case: Case, claim: str, exact: tuple[str, ...], mine: Evidence | None) -> Evidence | None:
    """Another's statement that carries a claim, in its place, clearly better than what the asked say; None without."""
    found = sorted(case.others[:CONSIDERED], key=lambda evidence: -evidence.weight)
    near = [evidence for evidence in found if exact or evidence.weight >= found[0].weight - TIE]
    if not near:
        return None
    least = max(MIN_OTHER, OTHER_AHEAD + (mine.weight if mine else 0.0))
    alike = case.scales.likenesses(claim, near)
    # The words tell which of those as near is meant; a number may stand beside what they say.
    for likeness, evidence in sorted(zip(alike, near, strict=True), key=lambda pair: -pair[0] - pair[1].weight):
        weight = evidence.nearness + max(evidence.said, AROUND_COUNTS * evidence.around)
        meant = weight >= least and likeness >= MIN_OTHER_LIKENESS
        if meant and _may_pass(_clash(claim, exact, evidence), evidence):
            return evidence
    return None


def _may_pass(clash: tuple[Clash, ...], evidence: Evidence) -> bool:
    """True when nothing speaks against a claim, or only that a statement has no number at all where it has one."""
    return not clash or (clash == ("number",) and not numbers(evidence.hit.statement.quote.text))


def _beside(case: Case, best: Evidence, found: Sequence[Evidence]) -> tuple[Hit, ...]:
    """What is shown beside the statement that a verdict stands on."""
    hits = [evidence.hit for evidence in found if evidence is not best]
    return _near(case.query, hits, PER_SPEAKER - 1, best=best.hit.score)


def _corrected(case: Case) -> Decision | None:
    """What to say when the question takes something for granted that the asked did not say; None when they did."""
    query = case.query
    premise = Case(replace(query, kind="did_say", topic=query.premise), case.retrieve, case.scales)
    verdict = _verdict(premise, query.premise)
    carried, _ = _closest(query.premise, (), premise.own)
    is_said = carried is not None and carried.said >= MIN_PREMISE_SAID
    if is_said and (verdict.verdict == "yes" or (verdict.answered and not verdict.verdict)):
        return None
    if verdict.verdict != "no":
        return _unanswered(case, premise.own or premise.everybody)
    return replace(verdict, note=verdict.note or "premise")


def _closest(
    claim: str, exact: tuple[str, ...], found: Sequence[Evidence]
) -> tuple[Evidence | None, tuple[Clash, ...]]:
    """The statement that carries a claim best, and what in it speaks against the claim.

    One that nothing speaks against goes before one as near that something does; `exact` words go before all.
    """
    if not found:
        return None, ()
    best = max(found[:CONSIDERED], key=lambda evidence: evidence.weight)
    near = [evidence for evidence in found[:CONSIDERED] if exact or evidence.weight >= best.weight - TIE]
    for evidence in sorted(near, key=lambda evidence: -evidence.weight):
        if not _clash(claim, exact, evidence):
            return evidence, ()
    return best, _clash(claim, exact, best)


def _clash(claim: str, exact: tuple[str, ...], evidence: Evidence) -> tuple[Clash, ...]:
    """What speaks against a claim; one that is asked for word for word stands by its words alone."""
    statement = evidence.hit.statement
    if not exact:
        return clashes(claim, statement)
    return tuple(denials(claim, statement)) if holds(statement, exact) else (*clashes(claim, statement), "words")


def _unanswered(case: Case, found: Iterable[Evidence]) -> Decision:
    """What the asked do say, on whatever; somebody else only if it is on the topic."""
    asked = case.query.speakers
    closest = [e.hit for e in found if speaker_of(e.hit) in asked or e.around >= MIN_AROUND]
    return Decision(False, None, tuple(closest[:MAX_CLOSEST]))


def _near(query: Query, hits: Sequence[Hit], limit: int, *, best: float | None = None) -> tuple[Hit, ...]:
    """The hits not far behind the best one."""
    return near_best(hits, NEAR_BEST[query.kind], limit, best=best)
