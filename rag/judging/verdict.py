"""Whether they said it: yes by their own words that nothing contradicts, no by these or by who did say it, or neither.

Each bound is a probability, chosen on articles set aside from the training data (docs/judge.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.judging.claims import is_own, may_be_anybody
from rag.judging.decision import BESIDE, MOST, SHOWN, Check, Decision, unanswered
from rag.judging.letters import share_of_words
from rag.schema import Judgement, Query, Statement

# A "yes", a "no" by the asked's own words, and a "no" because somebody else says so; how many times as likely as that
# they say so it must be that they say the opposite; and how like the claim what the asked say may be at most for a "no"
# that rests on somebody else. Of 388 claims set aside or held out 180 verdicts are right with these and 29 wrong, where
# 176 and 35 were with the judge before this one.
YES, OPPOSITE, ANOTHER = 0.6, 0.3, 0.4
TIMES = 6.0
SILENT = 0.6
# So sure a "yes" stands in other words though one of them is negated in claim or statement alone, and an "opposite"
# where the statement has the claim's very words, as what was put into their mouth. What they say on two days stands
# beside each other where both are so sure.
SURE = 0.8


def verdict(query: Query, found: Sequence[Judgement], agrees: Check, repeats: Check, turns: Check) -> Decision:
    """Did they say it? Yes by their own words that nothing contradicts; no by these, or by who did say it."""
    likely = [j for j in found if j.says_so >= max(YES, j.opposite)]
    for_it = [j for j in likely if agrees(query, j.hit.statement) and not _is_negated(query, j, turns)]
    taken = [j for j in likely if j not in for_it and is_own(query, j.hit.statement)]
    for_it = [j for j in for_it if not any(_overshadows(query, one.hit.statement, j.hit.statement) for one in taken)]
    if any(not is_own(query, j.hit.statement) and repeats(query, j.hit.statement) for j in found):
        # Beside the claim's very words in another's mouth, words of which it has none are taken for it too easily.
        for_it = [j for j in for_it if share_of_words(query, j.hit.statement)]
    # What is contrary, and whose words are not asked for, is a "no" only when it is sure.
    least = OPPOSITE if query.labels else SURE
    against = [j for j in found if j.opposite >= max(least, j.says_so)]
    if for_it and _is_surest(for_it[0], found) and (turned := _on_another_day(query, for_it, against)):
        both = sorted((*for_it[: MOST - 1], turned[0]), key=_day)
        return Decision(True, "yes", tuple(j.hit for j in both), "turned")
    if for_it and _is_surest(for_it[0], found) and not (against and against[0].opposite > for_it[0].says_so):
        return Decision(True, "yes", tuple(j.hit for j in for_it[:MOST]))
    bearing = [j for j in found if j.shown >= SHOWN]
    own = [j for j in bearing if j.opposite < SURE and is_own(query, j.hit.statement)]
    disputing = [j for j in own if repeats(query, j.hit.statement)]
    contrary = [j for j in against if j.opposite >= TIMES * j.says_so]
    if not disputing and (no := _no(query, found, contrary, repeats)):
        return no
    shown = dict.fromkeys(j.hit for j in (*disputing, *bearing))
    # Where the asked have all the words of the claim, "not on this" would be false, however faint the judge finds them.
    shown = shown or dict.fromkeys(
        j.hit for j in found if is_own(query, j.hit.statement) and repeats(query, j.hit.statement)
    )
    return Decision(True, None, tuple(shown)[:MOST]) if shown else unanswered(found)


def _is_negated(query: Query, one: Judgement, turns: Check) -> bool:
    """True where a negation speaks against a "yes": of all the claim's words, or where the judge is not sure."""
    is_sure = one.says_so >= SURE and share_of_words(query, one.hit.statement) < 1
    return not is_sure and turns(query, one.hit.statement)


def _on_another_day(query: Query, for_it: Sequence[Judgement], against: Sequence[Judgement]) -> list[Judgement]:
    """What the asked say as surely to the contrary on a day on which they do not say so.

    Only where a "yes" would be out of date, or a "no" leave out that they did say so: what they thought before is not
    asked for.
    """
    days = {*map(_day, for_it)}
    if for_it[0].says_so < SURE or "" in days:
        return []
    sure = [j for j in against if j.opposite >= SURE and is_own(query, j.hit.statement)]
    apart = [j for j in sure if _day(j) and _day(j) not in days]
    return [j for j in apart if _day(j) > max(days) or j.opposite > for_it[0].says_so]


def _day(judgement: Judgement) -> str:
    return (judgement.hit.statement.article.published or "")[:10]


def _overshadows(query: Query, taken: Statement, other: Statement) -> bool:
    """True where words that are no "yes" have more of the claim than others in the paragraph, which is read too."""
    is_beside = taken.article.id == other.article.id and taken.context == other.context
    return is_beside and share_of_words(query, taken) > share_of_words(query, other)


def _no(query: Query, found: Sequence[Judgement], against: Sequence[Judgement], repeats: Check) -> Decision | None:
    """They did not say it: by what the asked say, or by who says it, whichever is surer."""
    others = [j for j in found if j.another >= ANOTHER]
    own = max((j.shown - j.another for j in found if is_own(query, j.hit.statement)), default=0.0)
    is_another = _is_another(query, others, found, repeats)
    if is_another and (against[0].opposite < BESIDE * others[0].another if against else own < SILENT):
        likely = [j for j in others if j.another >= BESIDE * others[0].another]
        return Decision(True, "no", tuple(j.hit for j in likely[:MOST]), "another")
    if not against:
        return None
    # Who is nearly as likely to have said it instead stands behind what the asked say.
    instead = [j for j in others[:1] if j.another >= BESIDE * against[0].opposite]
    # Before it stands what is nearer to the question and contrary, too, though a judge finds it as like the claim.
    nearer = [j for j in found[: found.index(against[0])] if j.opposite >= OPPOSITE]
    contrary = [*nearer, *against][: MOST - 1]
    return Decision(True, "no", tuple(j.hit for j in (*contrary, *instead)), "opposite")


def _is_another(query: Query, others: Sequence[Judgement], found: Sequence[Judgement], repeats: Check) -> bool:
    """True when somebody says it who is surely not the asked.

    Who has no name may be, and must not bear on it more, but where the other says the claim's very words.
    """
    nameless = max((j.shown - j.another for j in found if not is_own(query, j.hit.statement)), default=0.0)
    is_sure = bool(others) and (others[0].another >= nameless or repeats(query, others[0].hit.statement))
    return is_sure and not any(map(may_be_anybody, query.parties))


def _is_surest(one: Judgement, found: Sequence[Judgement]) -> bool:
    """True when nobody else says what is claimed more surely: what is like it may then be something beside it."""
    return one.says_so >= max((j.another for j in found), default=0.0)
