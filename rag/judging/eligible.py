"""Which statements may answer a question: of its time and outlet, not told before, and of whom it asks about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rag.judging.claims import is_by, is_own, stands_in
from rag.judging.decision import SHOWN
from rag.people.names import OF_THINGS, PRONOUNS, name_words, personal, surname
from rag.people.roles import has_as_owner, head_stem, role_stems, widened
from rag.schema import ArticleInfo, Judged, Judgement, Query, Speaker, Statement
from rag.text import FRAME, terms

# For a name that nobody bears, or where nobody is asked about, what somebody says answers only when it is this likely.
# Surely, where the question asks for nothing but the words of whom nobody is called: others' words are not those.
BY_OTHERS, SURELY_BY_OTHERS = 0.55, 0.9
# Kinds of a question that asks for one's words.
TOLD_BY_ONE = ("said_what", "stance", "change")


def heard(query: Query, judged: Judged) -> list[Judgement]:
    """What may answer: of its time and outlet, not told before, by whom the question neither names nor leaves out."""
    found = as_wished(query, [_with_seen_speaker(judgement) for judgement in judged.judgements])
    found = [j for j in found if not (_is_told(query, j.hit.statement) or _is_of_another(query, j))]
    found = [j for j in found if not any(is_by(party, j.hit.statement) for party in query.besides)]
    others = [j for j in found if not _is_asked_about(query, j.hit.statement)]
    return others if any(j.shown >= SHOWN for j in others) else found


def _with_seen_speaker(judgement: Judgement) -> Judgement:
    """The same with the speaker whom a judge read in the passage, where that is another than the index's."""
    if judgement.seen is None:
        return judgement
    statement = judgement.hit.statement
    quote = replace(statement.quote, speaker=Speaker(judgement.seen.text), source=(judgement.seen,))
    return replace(judgement, hit=replace(judgement.hit, statement=replace(statement, quote=quote)))


def tells_whose(query: Query, statement: Statement) -> bool:
    """False where a question asks who says something, and the statement is nobody's, or that of an "it"."""
    speaker, source = statement.quote.speaker, statement.quote.source
    name = speaker.name if speaker else source[0].text if source else ""
    return query.kind != "who_said" or (bool(name) and name.lower() not in OF_THINGS)


def as_wished(query: Query, found: list[Judgement], *, least: float = SHOWN) -> list[Judgement]:
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


def newest(query: Query, shown: list[Judgement]) -> list[Judgement]:
    """Those of the last day, where the last is asked for."""
    days = [j.hit.statement.article.published or "" for j in shown] if query.newest else []
    return [j for j in shown if not days or (j.hit.statement.article.published or "") == max(days)]


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


def _is_of_another(query: Query, judgement: Judgement) -> bool:
    """True for what somebody unnamed says where a question asks for one who is described, and nobody is described so.

    The other's description has the asked as an owner; or, where nothing but his words is asked for, none of his words,
    and no office either: "a spokesman" may speak for the company.
    """
    speaker = judgement.hit.statement.quote.speaker
    is_described = bool(query.parties) and not any(party.named or party.labels for party in query.parties)
    if not is_described or speaker is None or speaker.kind != "unnamed" or speaker.name.lower() in PRONOUNS:
        return False
    if all(has_as_owner(speaker.name, party.phrase) for party in query.parties):
        return True
    if widened(head_stem(speaker.name)):
        return False
    theirs = role_stems(" ".join([speaker.name, *(span.text for span in judgement.hit.statement.quote.source)]))
    asked = [role_stems(party.phrase).union(*map(widened, role_stems(party.phrase))) for party in query.parties]
    return asks_for_words_alone(query) and judgement.shown < SURELY_BY_OTHERS and all(map(theirs.isdisjoint, asked))


def _is_asked_about(query: Query, statement: Statement) -> bool:
    """True for who is named in a question who else speaks: "Who disagrees with Hale?" asks for nobody called Hale.

    Of 510 such questions that were written by reading, two are answered by whom they name.
    """
    speaker = statement.quote.speaker
    if query.kind not in ("who_said", "list") or query.parties or speaker is None:
        return False
    return stands_in(query.question, speaker)


def of_the_asked(query: Query, shown: list[Judgement]) -> list[Judgement]:
    """Without what others say that is less likely to answer than the best by whom the question asks about.

    What is more likely stays where the index may have it under another name: by nobody, or by no person. To what one
    said, whoever has a name of his own is another one, and no answer where the asked are known here; of a list he may
    be.
    """
    is_of_nobody = not query.parties and query.kind == "said_what"
    if is_of_nobody or _is_of_unknown(query):
        least_by_others = SURELY_BY_OTHERS if asks_for_unknown_alone(query) else BY_OTHERS
        shown = [j for j in shown if j.shown >= least_by_others or j.hit.statement.quote.speaker is None]
        shown = [j for j in shown if not _is_told_apart(query, j.hit.statement)]
    own = [j.shown for j in shown if is_own(query, j.hit.statement)]
    least = max(own, default=0.0)
    is_of_one = query.kind in TOLD_BY_ONE and (bool(own) or _is_of_people(query))
    others = [j for j in shown if j.shown >= least and not (is_of_one and _is_somebody(j.hit.statement))]
    return [j for j in shown if j in others or is_own(query, j.hit.statement)]


def _is_of_unknown(query: Query) -> bool:
    """True when all who are asked about are named, and nobody is called so."""
    return bool(query.parties) and all(party.named and not party.labels for party in query.parties)


def _is_told_apart(query: Query, statement: Statement) -> bool:
    """True for a person who has the surname of somebody asked about in name or role: a daughter, or a cousin of theirs.

    Under another name the index can have whose name it does not know; these it tells from the asked.
    """
    speaker = statement.quote.speaker
    if speaker is None or speaker.kind != "person":
        return False
    full = [name for name in (personal(party.phrase) for party in query.parties) if len(name) > 1]
    return not {surname(name) for name in full}.isdisjoint(name_words(f"{speaker.name} {speaker.role or ''}"))


def asks_for_unknown_alone(query: Query) -> bool:
    """True for "What did Hale say?", and no more, where nobody is called Hale."""
    return asks_for_words_alone(query) and _is_of_unknown(query)


def asks_for_words_alone(query: Query) -> bool:
    """True for a question that asks what somebody said, and names nothing that it be on."""
    named = " ".join([*(party.phrase for party in query.parties), query.when, *query.outlets])
    return query.kind in TOLD_BY_ONE and {*terms(query.text)} - {*terms(named)} <= FRAME


def _is_of_people(query: Query) -> bool:
    """True when all who are asked about are named, and known."""
    return bool(query.parties) and all(party.named and party.labels for party in query.parties)


def _is_somebody(statement: Statement) -> bool:
    speaker = statement.quote.speaker
    return speaker is not None and speaker.kind == "person"


def is_bare(query: Query) -> bool:
    """True for "What did Hale say?": but for whom, when and where it asks about, one content word at most."""
    return any(party.labels for party in query.parties) and len(asked_for(query)) <= 1


def asked_for(query: Query) -> set[str]:
    """The content words of a question but for whom, when and where it asks about."""
    known = [party.phrase for party in query.parties if party.labels]
    return {*terms(query.text)} - {*terms(" ".join([*known, query.when, *query.outlets]))}
