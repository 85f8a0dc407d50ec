"""Decide by what a judge says: answered or not, yes or no, by which statements, in which order. One pure function.

Each bound is a probability, chosen on articles set aside from the training data (docs/judge.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.judging.claims import is_by, is_own
from rag.judging.decision import BESIDE, FAINT, MOST, SHOWN, Check, Decision, never, unanswered
from rag.judging.eligible import (
    as_wished,
    asked_for,
    asks_for_unknown_alone,
    heard,
    is_bare,
    newest,
    of_the_asked,
    tells_whose,
)
from rag.judging.limits import within
from rag.judging.verdict import verdict
from rag.people.names import compatible, name_words, personal, surname, without_letters
from rag.schema import Hit, Judged, Judgement, Query, Statement
from rag.text import FRAME

# What stands beside the best is likely by itself; each of a list is a statement beside others.
LIKELY, LISTED = 0.5, 0.65
# Of what somebody says over time, the likeliest of a day stands beside the best from this share of it on.
ANOTHER_DAY = 0.5
# What seems to ask nothing of the articles is answered only by what surely answers it.
SURELY = 0.9
# What somebody goes on to say, so many characters behind an answer in its paragraph and at least so likely: of 258 such
# statements that readers labelled, 185 answer as well.
BEHIND, GOES_ON = 120, 0.1
UNCLOSED = re.compile(r"[“\"‘«„].*[^”\"’»“]", re.DOTALL)  # Direct words with no mark at their end.
MOST_LISTED = 8
SPEAKERS, PER_SPEAKER = 2, 2  # Of a comparison.

# Kinds of a question that can ask what somebody said, and on nothing in particular.
TOLD_WHOLE = ("said_what", "stance", "overview", "list")


def decide(query: Query, judged: Judged, *, agrees: Check, repeats: Check, turns: Check = never) -> Decision:
    """Choose what answers a query.

    Args:
        judged: In the judge's order.
        agrees: False when letters speak against a "yes": another number or name. It can only take one away.
        turns: True when a word is negated in one of both alone. It can only take away a "yes" of which the judge is not
            sure, or by all the claim's words.
        repeats: True when letters speak against a "no", or against "not on this": the statement has the very words. It
            can only take these away.
    """
    inside = within(query, judged)
    decision = _decided(query, heard(query, inside), agrees, repeats, turns)
    is_whole = len(inside.judgements) == len(judged.judgements)
    # What they said at another time, or to another outlet, is only what comes closest.
    return decision if decision.answered or is_whole else unanswered(heard(query, judged))


def _decided(query: Query, found: list[Judgement], agrees: Check, repeats: Check, turns: Check) -> Decision:
    if query.kind == "did_say":
        return verdict(query, found, agrees, repeats, turns)
    least = SURELY if query.kind == "talk" else SHOWN
    likely = [j for j in found if j.shown >= least and tells_whose(query, j.hit.statement)]
    if likely and query.kind == "compare":
        return _compared(query, likely)
    if everything := _all_they_said(query, found):
        return Decision(True, None, everything)
    shown = newest(query, _answering(query, found, likely, repeats))
    if not shown:
        # To nothing but the words of somebody who has none here, nobody's words come close.
        is_on_nothing = query.kind == "talk" or asks_for_unknown_alone(query)
        return Decision(False, None, ()) if is_on_nothing else unanswered(found)
    best = max(j.shown for j in shown)
    if query.kind in ("list", "overview", "survey"):
        return Decision(True, None, _listed(query, [j for j in shown if j.shown >= min(best, LISTED)]))
    beside = _beside(shown)
    if query.kind == "change":
        return _changed(query, beside, shown)
    return Decision(True, None, _with_what_follows(query, [j.hit for j in beside[:MOST]], found))


def _all_they_said(query: Query, found: list[Judgement]) -> tuple[Hit, ...]:
    """All that they say of whom a question asks nothing but what they said; empty for any other question."""
    if query.kind not in TOLD_WHOLE or not is_bare(query) or not asked_for(query) <= FRAME:
        return ()
    own = [j for j in found if is_own(query, j.hit.statement)]
    return tuple(j.hit for j in newest(query, as_wished(query, own, least=0.0))[:MOST_LISTED])


def _answering(query: Query, found: list[Judgement], likely: list[Judgement], repeats: Check) -> list[Judgement]:
    """What answers of what is likely; of the rest what the asked say of a bare question, or in its very words."""
    shown = of_the_asked(query, likely)
    if is_bare(query) and not any(is_own(query, j.hit.statement) for j in shown):
        # "Why did Hale resign?" has one word, too: what surely answers nothing answers only "what did they say?".
        least = 0.0 if asked_for(query) <= FRAME else FAINT
        own = [j for j in found if j.shown >= least and is_own(query, j.hit.statement)]
        shown = as_wished(query, own, least=0.0) or shown
    if shown or query.kind == "talk":
        return shown
    return [j for j in found if is_own(query, j.hit.statement) and repeats(query, j.hit.statement)]


def _beside(shown: Sequence[Judgement]) -> list[Judgement]:
    """The likeliest, and what stands beside it."""
    best = max((j.shown for j in shown), default=0.0)
    return [j for j in shown if j.shown >= min(best, max(BESIDE * best, LIKELY))]


def _with_what_follows(query: Query, hits: list[Hit], found: Sequence[Judgement]) -> tuple[Hit, ...]:
    """What somebody says, and what they go on to say right behind it, as far as there is room."""
    if query.kind not in ("said_what", "stance"):
        return tuple(hits)
    others = [j for j in found if j.hit not in hits]
    shown, room = list[Hit](), MOST - len(hits)
    for hit in hits:
        behind = [j.hit for j in others if j.hit not in shown and _goes_on(hit.statement, j)][:room]
        shown += [hit, *behind]
        room -= len(behind)
    return tuple(shown)


def _goes_on(one: Statement, behind: Judgement) -> bool:
    """True when the other stands right behind, by the same speaker in the same paragraph or in the same quotation.

    One that is not closed goes on in the next paragraph, whatever the judge makes of that by itself.
    """
    other = behind.hit.statement
    speaker, between = one.quote.speaker, other.quote.content[0].start - one.quote.content[-1].end
    is_in_paragraph = behind.shown >= GOES_ON and other.quote.content[-1].end <= one.context.end
    return (
        one.article.id == other.article.id
        and speaker is not None
        and other.quote.speaker is not None
        and speaker.name == other.quote.speaker.name
        and 0 <= between <= BEHIND
        and (is_in_paragraph or UNCLOSED.fullmatch(one.quote.text) is not None)
    )


def _listed(query: Query, likely: Sequence[Judgement]) -> tuple[Hit, ...]:
    """Of one person who is asked about, all that is on it; of several, and of anybody, the best of each."""
    is_one = [len(party.people) for party in query.parties] == [1]
    theirs = [j.hit for j in likely if is_one and is_own(query, j.hit.statement)]
    return tuple((theirs or _by_speaker(likely))[:MOST_LISTED])


def _by_speaker(shown: Sequence[Judgement]) -> list[Hit]:
    """One statement for each speaker, the best first; who has the same name, or a shorter one, is the same."""
    best: dict[str, Hit] = {}
    for judgement in shown:
        name = personal(_speaker(judgement))
        same = [known for known in best if name and compatible(name, personal(known))]
        best.setdefault(same[0] if len(same) == 1 else _speaker(judgement), judgement.hit)
    return list(best.values())


def _speaker(judgement: Judgement) -> str:
    """The name of who speaks; who has none stands for himself."""
    statement = judgement.hit.statement
    return statement.quote.speaker.name if statement.quote.speaker else statement.id


def _changed(query: Query, beside: Sequence[Judgement], shown: Sequence[Judgement]) -> Decision:
    """What is likeliest, and of each other day the likeliest that the asked say: the oldest first.

    A change is in what differs, and what differs is seldom as near to the question.
    """
    own = [j for j in shown if is_own(query, j.hit.statement)]
    likely = [j for j in own if j.shown >= ANOTHER_DAY * beside[0].shown]
    of_a_day = {j.hit.statement.article.published: j for j in reversed(likely)}
    likeliest = [j for j in beside if not own or j in own]
    hits = list(dict.fromkeys(j.hit for j in (*likeliest, *of_a_day.values())))[:MOST_LISTED]
    return Decision(True, None, tuple(sorted(hits, key=lambda hit: hit.statement.article.published or "9999")))


def _compared(query: Query, shown: Sequence[Judgement]) -> Decision:
    """The likeliest statement of each side that is asked about, then the likeliest speakers' likeliest ones."""
    sides = [[j for j in shown if is_by(party, j.hit.statement)] for party in query.parties]
    likely = [j for j in shown if j.shown >= min(shown[0].shown, LISTED)]
    named_first = sorted(likely, key=lambda j: not _is_mentioned(query, j.hit.statement))
    speakers = list(dict.fromkeys(map(_speaker, named_first)))[: max(SPEAKERS, len(sides))]
    taken = [side[0] for side in sides if side]
    for speaker in speakers:
        taken += [j for j in likely if _speaker(j) == speaker][:PER_SPEAKER]
    taken += [j for side in sides for j in _beside(side)[:PER_SPEAKER]]
    silent = tuple(p.phrase for p, side in zip(query.parties, sides, strict=True) if not side and p.labels)
    return Decision(True, None, tuple(dict.fromkeys(j.hit for j in taken)), silent=silent)


def _is_mentioned(query: Query, statement: Statement) -> bool:
    """True when a question has the last word of a speaker's name: "the board" may be the Tide Board."""
    speaker = statement.quote.speaker
    return speaker is not None and surname(name_words(without_letters(speaker.name))) in name_words(query.question)
