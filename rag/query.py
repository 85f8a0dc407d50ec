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
from rag.parties import is_nobody, is_outlet, outlets, parties, told_of
from rag.people import Directory
from rag.question import Clause, Reader, clauses
from rag.schema import Asked, History, Query, QuestionKind
from rag.text import terms
from rag.who import WhoAsked, asks_who

VERSUS = re.compile(r"\b(?:vs\.?|versus|differ\w*|compare|comparison|disagree\w*|contrast\w*)(?=\W|$)", re.I)
COMPARED = re.compile(r"\b(?:vs\.?|versus|compare|comparison|differences?)(?=\W|$)", re.I)
CHANGE = re.compile(
    r"\b(?:change[ds]?|changing|shift(?:s|ed)?|revers(?:e[ds]?|ing)|evolv\w+|flip-?flop\w*|u-turn)\b.{0,40}?"
    r"\b(?:mind|position|stance|views?|opinion|tune|line|course|on|about|over|since)\b|\bu-turn\b|\bflip-?flop|"
    r"\b(?:mind|position|stance|views?|opinion|tune|line)\b.{0,60}?\b(?:chang|shift|revers|evolv)(?:e[ds]?|ed|s|ing)?(?!\w)",
    re.I,
)
YES_NO = re.compile(rf"^(?:(?:so|and|but)\s+)?(?:{'|'.join(sorted(lex.AUXILIARY))}|really|true)\b", re.I)
LIST = re.compile(
    r"^(?:list|name)\b|"
    r"\b(?:name all|everyone who|everybody who|all those who|who are they|how did (?:people|everyone))\b",
    re.I,
)
ABOUT = re.compile(r"^(?:about|on|of|regarding|concerning|that|to|for|with|over|towards?)\s+(?=\S)", re.I)
WHEN = re.compile(r"(?<!about )\b(?:when|after|while) (?:he|she) ", re.I)
GERUND = re.compile(r"(?:for|behind) (\w+ing\b.*)", re.I)
NAMING = frozenset("call describe give make put".split())  # What they say of something is in the verb too.
LEAD = re.compile(
    r"^(?:(?:so|and|but|please|tell me|list|compare|name(?: all)?|show me|find|what about|how about|i want to know|"
    r"i'd like to know|can you tell me|do you know)(?:\s+|$))+",
    re.I,
)
EVERYONE = re.compile(
    r"^(?:all )?(?:the )?(?:everyone|everybody|people|those|speakers)\s+(?:who\s+)?(?:(?:is|are|was|were|has|have)\s+)?"
    r"(?:quoted|cited|commented|spoke|spoken|talked|reacted)?\s*",
    re.I,
)
# What is left of "according to Hale" and of "Hale vs Olm" without the names.
EMPTIED = re.compile(
    r"\b(?:according to|as per|per)(?=\s*(?:[,?]|$))|\b(?:vs\.?|versus)(?!\w)|\b(?:differs?|different|compared?)"
    r"\s*(?:from|on|to|with)?(?!\w)",
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
    asked, respelt = ((), ()) if who else parties(reader, found, people, named)
    kind = _kind(reader, found, asked, who)
    since, until = period(reader.masked)
    described = tuple(
        dict.fromkeys([*(a.phrase for a in asked if a.described), *([who.phrase] if who and who.phrase else [])])
    )
    return Query(
        question,
        kind,
        _topic(reader, found, asked, who, named),
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
    text = reader.masked
    weighs = VERSUS.search(text) is not None and not (asked and found and found[0].verb == "compare")
    if len(asked) > 1 or (weighs and (asked or COMPARED.search(text))):
        return "compare"
    if CHANGE.search(text):
        return "change"
    if found:
        return "did_say" if all(clause.frame == "yes_no" for clause in found) else "said_what"
    return "did_say" if YES_NO.match(text) else "said_what"


def _topic(
    reader: Reader, found: list[Clause], asked: tuple[Asked, ...], who: WhoAsked | None, named: tuple[str, ...]
) -> str:
    """The question without whom it asks about and how: what the statements should bear on."""
    if who:
        return who.topic
    text = reader.text
    used = {party.phrase.lower() for party in asked} | {c.subject.lower() for c in found if is_outlet(c.subject, named)}
    for start, end in sorted((cut for c in found if _asks_of(c, used) for cut in c.asking), reverse=True):
        text = f"{text[:start]} {text[end:]}"
    text = " ".join([*(tail for c in found if (tail := told_of(c.subject))), text])
    left = [a.phrase for a in asked if not any(a.phrase.lower() in c.subject.lower() for c in found)]
    for phrase in left:
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?:'s?)?(?!\w)", " ", text, flags=re.I)
    if left:
        text = EMPTIED.sub(" ", text)
    text = LEAD.sub("", " ".join(text.split()).strip(" ,:;-?!."))
    text = EVERYONE.sub("", text)
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
        if (
            clause.opener in ("why", "when", "where")
            and topic_terms(clause.rest)
            and clause.verb not in ("think", "feel", "see")
        ):
            return f"{clause.verb} {clause.rest}" if clause.verb in NAMING else clause.rest
    return ""
