"""Understand a question: its kind, whom it asks about, and its topic. Rules only; no model.

    question -> clauses (question) -> parties (people) -> kind, topic, premise, dates -> Query

The speakers of the index (a `Directory`) settle who is meant. A party that is surely somebody's name
and no speaker there is unknown, which is what lets an answer say "not quoted"; any other is described.
"""

from __future__ import annotations

import re

from rag import lexicon as lex
from rag.dates import period
from rag.followup import with_history
from rag.parties import is_nobody, outlets, parties, told_of
from rag.people import Directory
from rag.question import Clause, Reader, clauses
from rag.schema import Asked, History, Query, QuestionKind
from rag.text import terms
from rag.who import WhoAsked, asks_who

VERSUS = re.compile(r"\b(?:vs\.?|versus|differ\w*|compare|comparison|disagree\w*|contrast\w*)(?=\W|$)", re.I)
CHANGE = re.compile(
    r"\b(?:change[ds]?|changing|shift(?:s|ed)?|revers(?:e[ds]?|ing)|evolv\w+|flip-?flop\w*|u-turn)\b.{0,40}?"
    r"\b(?:mind|position|stance|views?|opinion|tune|line|course|on|about|over|since)\b|\bu-turn\b|\bflip-?flop",
    re.I,
)
LIST = re.compile(
    r"^(?:list|name)\b|"
    r"\b(?:name all|everyone who|everybody who|all those who|who are they|how did (?:people|everyone))\b",
    re.I,
)
ABOUT = re.compile(r"^(?:about|on|of|regarding|concerning|that|to|for|with|over|towards?)\s+(?=\S)", re.I)
WHEN = re.compile(r"(?<!about )\b(?:when|after|while) (?:he|she) ", re.I)
GERUND = re.compile(r"(?:for|behind) (\w+ing\b.*)", re.I)
LEAD = re.compile(
    r"^(?:(?:so|and|but|please|tell me|list|compare|name all|show me|find|what about|how about)\s+)+", re.I
)
# What is left of "according to Hale" and of "Hale vs Olm" without the names.
EMPTIED = re.compile(
    r"\b(?:according to|as per|per)(?=\s*(?:[,?]|$))|\b(?:vs\.?|versus)(?!\w)|\b(?:differs?|different|compares?d?)\s*(?:from|on|to|with)?(?!\w)",
    re.I,
)


def understand(question: str, history: History | None, people: Directory) -> Query:
    """Turn a question, and what was said before it, into a Query. Never fails: at worst it is a plain search."""
    question = " ".join(question.split())
    query = alone(question, people)
    return with_history(query, history or [], people, alone)


def alone(question: str, people: Directory) -> Query:
    """A question by itself."""
    reader = Reader(question, people)
    who = asks_who(reader)
    found = [] if who else clauses(reader)
    named = outlets(reader.text, people)
    asked, respelt = parties(reader, found, people, named)
    kind = _kind(reader, found, asked, who)
    since, until = period(reader.masked)
    described = tuple(
        dict.fromkeys([*(a.phrase for a in asked if a.described), *([who.phrase] if who and who.phrase else [])])
    )
    return Query(
        question,
        kind,
        _topic(reader, found, asked, who),
        tuple(dict.fromkeys(label for a in asked for label in a.speakers)),
        tuple(a.phrase for a in asked if not a.speakers and not a.described),
        asked=asked,
        described=described,
        ambiguous=tuple(dict.fromkeys(name for a in asked if len(a.people) > 1 for name in a.people)),
        respelt=respelt,
        premise=_premise(found),
        since=since,
        until=until,
        outlets=named,
    )


def topic_terms(topic: str) -> list[str]:
    """The stems of a topic that a statement can be compared with."""
    return [t for t in terms(topic) if t not in lex.ASKING]


def _kind(reader: Reader, found: list[Clause], asked: tuple[Asked, ...], who: WhoAsked | None) -> QuestionKind:
    if LIST.search(reader.masked) or (who and who.several):
        return "list"
    if who:
        return "who_said"
    if len(asked) > 1 or (VERSUS.search(reader.masked) and not (asked and found and found[0].verb == "compare")):
        return "compare"
    if CHANGE.search(reader.masked):
        return "change"
    first = reader.tokens[0].low if reader.tokens else ""
    second = reader.tokens[1].low if len(reader.tokens) > 1 else ""
    yes_no = first in lex.AUXILIARY or (first in ("so", "and", "but") and second in lex.AUXILIARY)
    if found and not asked:
        return "did_say" if found[0].frame == "yes_no" else "said_what"
    if found:
        return "did_say" if all(clause.frame == "yes_no" for clause in found) else "said_what"
    return "did_say" if yes_no or first in ("really", "true") else "said_what"


def _topic(reader: Reader, found: list[Clause], asked: tuple[Asked, ...], who: WhoAsked | None) -> str:
    """The question without whom it asks about and how: what the statements should bear on."""
    if who:
        return who.topic
    text = reader.text
    used = {party.phrase.lower() for party in asked}
    for start, end in sorted((cut for c in found if _asks_of(c, used) for cut in c.asking), reverse=True):
        text = f"{text[:start]} {text[end:]}"
    text = " ".join([*(tail for c in found if (tail := told_of(c.subject))), text])
    left = [a.phrase for a in asked if not any(a.phrase.lower() in c.subject.lower() for c in found)]
    for phrase in left:
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?:'s?)?(?!\w)", " ", text, flags=re.I)
    if left:
        text = EMPTIED.sub(" ", text)
    text = LEAD.sub("", " ".join(text.split()).strip(" ,:;-?!."))
    return " ".join(ABOUT.sub("", text.strip(" ,:;-?!.")).split())


def _asks_of(clause: Clause, used: set[str]) -> bool:
    """True for a clause whose subject is a party or nobody in particular; another one is part of the topic."""
    low = clause.subject.lower()
    return any(phrase in low for phrase in used) or is_nobody(clause.subject)


def _premise(found: list[Clause]) -> str:
    """What a question takes for granted that somebody said or did: "Why did Hale call it a tax?"."""
    for clause in found:
        if clause.frame != "wh":
            continue
        when = WHEN.search(clause.rest)
        if when:
            return clause.rest[when.end() :]
        reason = GERUND.match(clause.rest) if clause.before.lower() in ("reason", "reasons", "excuse") else None
        if reason:
            return reason[1]
        if clause.opener in ("why", "when", "where") and clause.verb not in ("think", "feel", "see"):
            return clause.rest
    return ""
