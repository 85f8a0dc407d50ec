"""A follow-up with the question that it goes on from: asked once more of somebody else, or behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.schema import Party, Query
from rag.text import FRAME, terms

ELSE = re.compile(r"\belse\b", re.I)
# What each statement of an answer is shown with; and what needs other statements than were shown.
WHEN_OR_WHERE = re.compile(r"\b(?:when|where)\b", re.I)
WHY_OR_HOW = re.compile(r"\b(?:why|how)\b", re.I)
OWNERS = frozenset(("her", "his", "their", "its"))
# Who takes the place of the asked in "Who else?".
OTHERS = "others"


def asks_for_more(question: str) -> bool:
    """True for "Who else?" and "Anything else on the dam?": what was answered before is no answer."""
    return ELSE.search(question) is not None


def is_of_its_own(query: Query) -> bool:
    """True for "Why did he close it?": what it asks about is one's own, and "And Poole?" goes on from before it."""
    is_named = any(party.phrase in query.question for party in query.parties)
    return bool(query.last) and not is_named and WHY_OR_HOW.search(query.question) is not None


def names_another(query: Query) -> bool:
    """True for "And Poole?": there is nothing in it but whom it asks about."""
    return bool(_called(query)) and _brings_nothing(query)


def followed(first: Query, query: Query) -> Query:
    """A follow-up made whole as far as it goes.

    "And the mayor?", "And in March 2026?", "Who else?", "What does Hale think of that?", "When did she say so?" bring
    nothing to be about: they ask the question before once more, of that party, time or outlet. Any other is searched
    behind it, and judged behind whom it asks about.
    """
    if _brings_nothing(query):
        return _anew(first, query)
    known = tuple(party for party in query.parties if party.labels or party.named)
    parties = known or first.parties
    return replace(
        query, text=joined(first.text, query.question), parties=parties, last=behind(parties, query.question)
    )


def owned(question: str, phrases: Sequence[str], owners: Sequence[Party]) -> str:
    """A follow-up with a name in place of the pronoun that opens a party: "her lawyer" is "Hale's lawyer"."""
    if len(owners) != 1:
        return question
    names = owners[0].people
    owner = names[0].split()[-1] if len(names) == 1 else owners[0].phrase
    for phrase in phrases:
        pronoun, _, rest = phrase.partition(" ")
        if rest and pronoun.lower() in OWNERS:
            question = question.replace(phrase, f"{owner}'s {rest}", 1)
    return question


def _brings_nothing(query: Query) -> bool:
    """True when a question has no content but a party, a time or an outlet, or asks when or where that was said."""
    named = [*(party.phrase for party in _called(query)), query.when, *query.outlets]
    more = ["else"] if query.told else []
    rest = {*terms(query.question)} - {*terms(" ".join([*named, *more]))}
    if WHY_OR_HOW.search(query.question):
        return not rest and any([*named, *more])
    return rest <= FRAME and (any([*named, *more]) or WHEN_OR_WHERE.search(query.question) is not None)


def _called(query: Query) -> tuple[Party, ...]:
    """The parties that a follow-up names or describes; a pronoun means whom the question before asked about."""
    return tuple(party for party in query.parties if terms(party.phrase))


def _anew(first: Query, query: Query) -> Query:
    """The question before with what a follow-up names in place of what it named; "Who else?" names all others."""
    called = _called(query)
    is_of_others = bool(query.told) and not called and query.kind in ("who_said", "list")
    parties = called if called or is_of_others else first.parties
    named = OTHERS if is_of_others else ", ".join(party.phrase for party in called)
    swaps = [(first.when, query.when)] if first.when and query.when else []
    if named and len(first.parties) == 1:
        swaps.append((first.parties[0].phrase, named))
    text, last = (_swapped(one, swaps) for one in (first.text, first.last))
    if called and len(first.parties) != 1:
        last = behind(called, last or text)
    if query.when and not first.when:
        text, last = (f"{one.rstrip(' ?')} {query.when}?" if one else "" for one in (text, last))
    return replace(
        query,
        text=text,
        last=last,
        kind=query.kind if query.told else first.kind,
        parties=parties,
        polar=query.polar if query.told else first.polar,
        since=query.since if query.when else first.since,
        until=query.until if query.when else first.until,
        yearly=query.yearly if query.when else first.yearly,
        newest=query.newest if query.when else first.newest,
        outlets=query.outlets or first.outlets,
        told_to=query.told_to if query.is_told else first.told_to,
        when=query.when or first.when,
    )


def _swapped(text: str, swaps: Sequence[tuple[str, str]]) -> str:
    for old, new in swaps:
        text = text.replace(old, new)
    return text


def joined(before: str, question: str) -> str:
    """A follow-up as it is searched: behind what it goes on from."""
    return f"{before} {question}"


def behind(parties: Sequence[Party], question: str) -> str:
    """A follow-up as it is judged: behind whom it asks about, for what was asked before would answer, too."""
    return ": ".join(filter(None, [", ".join(party.phrase for party in parties), question]))
