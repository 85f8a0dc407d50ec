"""Decide by what a judge says: answered or not, yes or no, by which statements, in which order. One pure function.

Each bound is a probability, chosen on articles set aside from the training data (docs/judge.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.judging.claims import is_own, stands_in
from rag.judging.letters import share_of_words
from rag.people.names import compatible, name_words, personal, surname, without_letters
from rag.schema import ArticleInfo, Hit, Judged, Judgement, Party, Query, Speaker, Statement, Verdict
from rag.text import FRAME, terms

# A statement answers from here on. Another stands beside the best when it is not much less likely than that, and likely
# by itself; each of a list is a statement beside others.
SHOWN = 0.25
BESIDE = 0.7
LIKELY, LISTED = 0.5, 0.7
# Of what somebody says over time, the likeliest of a day stands beside the best from this share of it on.
ANOTHER_DAY = 0.5
# For a name that nobody bears, or where nobody is asked about, what somebody says answers only when it is this likely.
BY_OTHERS = 0.55
# What seems to ask nothing of the articles is answered only by what surely answers it.
SURELY = 0.9
# A "yes", a "no" by the asked's own words, and a "no" because somebody else says so.
YES, OPPOSITE, ANOTHER = 0.5, 0.4, 0.4
# So sure an "opposite" stands where the statement has the claim's very words, too, as what was put into their mouth. Of
# those given so much, 0.92 are the opposite.
SURE_OPPOSITE = 0.8
# What the asked say must be less like the claim than this for a "no" that rests on somebody else.
SILENT = 0.6
# What somebody goes on to say, so many characters behind an answer in its paragraph and at least so likely: of 258 such
# statements that readers labelled, 185 answer as well.
BEHIND, GOES_ON = 120, 0.1
# A statement that so surely answers nothing is left out, and is not what comes closest.
FAINT = 0.02
MOST = 3
MOST_LISTED = 8
SPEAKERS, PER_SPEAKER = 2, 2  # Of a comparison.
CLOSEST = 2

# Kinds of a question that can ask what somebody said, and on nothing in particular; and that asks for one's words.
TOLD_WHOLE = ("said_what", "stance", "overview", "list")
TOLD_BY_ONE = ("said_what", "stance", "change")

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


def decide(query: Query, judged: Judged, *, agrees: Check, repeats: Check) -> Decision:
    """Choose what answers a query.

    Args:
        judged: In the judge's order.
        agrees: False when letters speak against a "yes": another number, name or negation. It can only take one away.
        repeats: True when letters speak against a "no", or against "not on this": the statement has the very words. It
            can only take these away.
    """
    found = _heard(query, judged)
    if query.kind == "did_say":
        return _verdict(query, found, agrees, repeats)
    likely = [j for j in found if j.shown >= (SURELY if query.kind == "talk" else SHOWN)]
    if likely and query.kind == "compare":
        return _compared(query, likely)
    if everything := _all_they_said(query, found):
        return Decision(True, None, everything)
    shown = _answering(query, found, likely, repeats)
    if not shown:
        return Decision(False, None, ()) if query.kind == "talk" else _unanswered(found)
    best = max(j.shown for j in shown)
    if query.kind in ("list", "overview", "survey"):
        return Decision(True, None, _listed(query, [j for j in shown if j.shown >= min(best, LISTED)]))
    beside = _beside(shown)
    if query.kind == "change":
        return _changed(query, beside, shown)
    return Decision(True, None, _with_what_follows(query, [j.hit for j in beside[:MOST]], found))


def _heard(query: Query, judged: Judged) -> list[Judgement]:
    """What a question may be answered by: of its time and outlet, not told before, by whom it does not itself name."""
    found = _as_wished(query, [_with_seen_speaker(judgement) for judgement in judged.judgements])
    found = [j for j in found if not _is_told(query, j.hit.statement)]
    others = [j for j in found if not _is_asked_about(query, j.hit.statement)]
    return others if any(j.shown >= SHOWN for j in others) else found


def _all_they_said(query: Query, found: list[Judgement]) -> tuple[Hit, ...]:
    """All that they say of whom a question asks nothing but what they said; empty for any other question."""
    if query.kind not in TOLD_WHOLE or not is_bare(query) or not _asked_for(query) <= FRAME:
        return ()
    own = [j for j in found if is_own(query, j.hit.statement)]
    return tuple(j.hit for j in _as_wished(query, own, least=0.0)[:MOST_LISTED])


def _answering(query: Query, found: list[Judgement], likely: list[Judgement], repeats: Check) -> list[Judgement]:
    """What answers of what is likely; of the rest what the asked say of a bare question, or in its very words."""
    shown = _of_the_asked(query, likely)
    if is_bare(query) and not any(is_own(query, j.hit.statement) for j in shown):
        # "Why did Hale resign?" has one word, too: what surely answers nothing answers only "what did they say?".
        least = 0.0 if _asked_for(query) <= FRAME else FAINT
        own = [j for j in found if j.shown >= least and is_own(query, j.hit.statement)]
        shown = _as_wished(query, own, least=0.0) or shown
    if shown or query.kind == "talk":
        return shown
    return [j for j in found if is_own(query, j.hit.statement) and repeats(query, j.hit.statement)]


def _with_what_follows(query: Query, hits: list[Hit], found: Sequence[Judgement]) -> tuple[Hit, ...]:
    """What somebody says, and what they go on to say right behind it in the same paragraph, as far as there is room."""
    if query.kind not in ("said_what", "stance"):
        return tuple(hits)
    others = [j.hit for j in found if j.shown >= GOES_ON and j.hit not in hits]
    shown, room = list[Hit](), MOST - len(hits)
    for hit in hits:
        behind = [other for other in others if other not in shown and _goes_on(hit.statement, other.statement)][:room]
        shown += [hit, *behind]
        room -= len(behind)
    return tuple(shown)


def _goes_on(one: Statement, other: Statement) -> bool:
    """True when the other stands right behind, by the same speaker in the same paragraph."""
    speaker, between = one.quote.speaker, other.quote.content[0].start - one.quote.content[-1].end
    return (
        one.article.id == other.article.id
        and speaker is not None
        and other.quote.speaker is not None
        and speaker.name == other.quote.speaker.name
        and 0 <= between <= BEHIND
        and other.quote.content[-1].end <= one.context.end
    )


def _listed(query: Query, likely: Sequence[Judgement]) -> tuple[Hit, ...]:
    """Of one person who is asked about, all that is on it; of several, and of anybody, the best of each."""
    is_one = [len(party.people) for party in query.parties] == [1]
    theirs = [j.hit for j in likely if is_one and is_own(query, j.hit.statement)]
    return tuple((theirs or _by_speaker(likely))[:MOST_LISTED])


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


def _as_wished(query: Query, found: list[Judgement], *, least: float = SHOWN) -> list[Judgement]:
    """Those of the time, then of the outlet, that the question names, where any of them is at least so likely."""
    wishes: tuple[Callable[[ArticleInfo], bool], ...] = (
        lambda article: query.is_when(article.published),
        lambda article: query.is_where(article.publication),
    )
    for meets in wishes:
        meeting = [j for j in found if meets(j.hit.statement.article)]
        if any(j.shown >= least for j in meeting) or (meeting and _asks_when(query)):
            found = meeting
    return found


def _asks_when(query: Query) -> bool:
    """True for "And in May?": what they said at another time was told before, or is no answer."""
    return bool(query.when) and {*terms(query.question)} <= {*terms(query.when)}


def _is_told(query: Query, statement: Statement) -> bool:
    """True for what was answered before, where the question asks for what else there is; of people, who else."""
    if not query.told:
        return False
    speaker = statement.quote.speaker
    if query.kind in ("who_said", "list") and speaker is not None and speaker.name in query.told:
        return True
    return " ".join(terms(statement.quote.text)) in " ".join(terms(query.told))


def _of_the_asked(query: Query, shown: list[Judgement]) -> list[Judgement]:
    """Without what others say that is less likely to answer than the best by whom the question asks about.

    What is more likely stays where the index may have it under another name: by nobody, or by no person. To what one
    said, whoever has a name of his own is another one; of a list he may be.
    """
    is_of_nobody = not query.parties and query.kind == "said_what"
    if is_of_nobody or (query.parties and all(party.named and not party.labels for party in query.parties)):
        shown = [j for j in shown if j.shown >= BY_OTHERS or j.hit.statement.quote.speaker is None]
    own = [j.shown for j in shown if is_own(query, j.hit.statement)]
    least = max(own, default=0.0)
    is_of_one = bool(own) and query.kind in TOLD_BY_ONE
    others = [j for j in shown if j.shown >= least and not (is_of_one and _is_somebody(j.hit.statement))]
    return [j for j in shown if j in others or is_own(query, j.hit.statement)]


def _is_somebody(statement: Statement) -> bool:
    speaker = statement.quote.speaker
    return speaker is not None and speaker.kind == "person"


def _is_asked_about(query: Query, statement: Statement) -> bool:
    """True for who is named in a question who else speaks: "Who disagrees with Hale?" asks for nobody called Hale.

    Of 510 such questions that were written by reading, two are answered by whom they name.
    """
    speaker = statement.quote.speaker
    if query.kind not in ("who_said", "list") or query.parties or speaker is None:
        return False
    return stands_in(query.question, speaker)


def is_bare(query: Query) -> bool:
    """True for "What did Hale say?": but for whom, when and where it asks about, one content word at most."""
    return any(party.labels for party in query.parties) and len(_asked_for(query)) <= 1


def _asked_for(query: Query) -> set[str]:
    """The content words of a question but for whom, when and where it asks about."""
    known = [party.phrase for party in query.parties if party.labels]
    return {*terms(query.text)} - {*terms(" ".join([*known, query.when, *query.outlets]))}


def is_by(party: Party, statement: Statement) -> bool:
    """True when the index has the statement under a name of the party."""
    speaker = statement.quote.speaker
    return speaker is not None and speaker.name in party.labels


def _verdict(query: Query, found: Sequence[Judgement], agrees: Check, repeats: Check) -> Decision:
    """Did they say it? Yes by their own words that nothing contradicts; no by these, or by who did say it."""
    likely = [j for j in found if j.says_so >= max(YES, j.opposite)]
    for_it = [j for j in likely if agrees(query, j.hit.statement)]
    taken = [j for j in likely if j not in for_it and is_own(query, j.hit.statement)]
    for_it = [j for j in for_it if not any(_overshadows(query, one.hit.statement, j.hit.statement) for one in taken)]
    if any(not is_own(query, j.hit.statement) and repeats(query, j.hit.statement) for j in found):
        # Beside the claim's very words in another's mouth, words of which it has none are taken for it too easily.
        for_it = [j for j in for_it if share_of_words(query, j.hit.statement)]
    # What is contrary, and whose words are not asked for, is a "no" only when it is sure.
    least = OPPOSITE if query.labels else SURE_OPPOSITE
    against = [j for j in found if j.opposite >= max(least, j.says_so)]
    if for_it and _is_surest(for_it[0], found) and not (against and against[0].opposite > for_it[0].says_so):
        return Decision(True, "yes", tuple(j.hit for j in for_it[:MOST]))
    bearing = [j for j in found if j.shown >= SHOWN]
    own = [j for j in bearing if j.opposite < SURE_OPPOSITE and is_own(query, j.hit.statement)]
    disputing = [j for j in own if repeats(query, j.hit.statement)]
    if not disputing and (no := _no(query, found, against, repeats)):
        return no
    shown = dict.fromkeys(j.hit for j in (*disputing, *bearing))
    # Where the asked have all the words of the claim, "not on this" would be false, however faint the judge finds them.
    shown = shown or dict.fromkeys(
        j.hit for j in found if is_own(query, j.hit.statement) and repeats(query, j.hit.statement)
    )
    return Decision(True, None, tuple(shown)[:MOST]) if shown else _unanswered(found)


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
    return is_sure and not any(map(_may_be_anybody, query.parties))


def _may_be_anybody(party: Party) -> bool:
    """True for a description that nobody in the index fits: who speaks may be just whom it means."""
    return not party.labels and not party.named


def _is_surest(one: Judgement, found: Sequence[Judgement]) -> bool:
    """True when nobody else says what is claimed more surely: what is like it may then be something beside it."""
    return one.says_so >= max((j.another for j in found), default=0.0)


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


def _beside(shown: Sequence[Judgement]) -> list[Judgement]:
    """The likeliest, and what stands beside it."""
    best = max((j.shown for j in shown), default=0.0)
    return [j for j in shown if j.shown >= min(best, max(BESIDE * best, LIKELY))]


def _is_mentioned(query: Query, statement: Statement) -> bool:
    """True when a question has the last word of a speaker's name: "the board" may be the Tide Board."""
    speaker = statement.quote.speaker
    return speaker is not None and surname(name_words(without_letters(speaker.name))) in name_words(query.question)


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


def _unanswered(found: Sequence[Judgement]) -> Decision:
    return Decision(False, None, tuple(j.hit for j in found[:CLOSEST] if j.shown >= FAINT))


def _with_seen_speaker(judgement: Judgement) -> Judgement:
    """The same with the speaker whom a judge read in the passage, where that is another than the index's."""
    if judgement.seen is None:
        return judgement
    statement = judgement.hit.statement
    quote = replace(statement.quote, speaker=Speaker(judgement.seen.text), source=(judgement.seen,))
    return replace(judgement, hit=replace(judgement.hit, statement=replace(statement, quote=quote)))
