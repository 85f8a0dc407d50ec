"""Fill in from the conversation what a follow-up leaves out: whom it is about, or what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rag import lexicon as lex
from rag.names import bare
from rag.people import Directory
from rag.schema import Asked, History, Query
from rag.text import terms

MAX_HISTORY_CHARS = 2000  # Of each message: rules over a pasted article would take minutes.
MAX_HISTORY = 6  # Earlier messages read for a follow-up; older ones no longer say whom it is about.
FOLLOW_UP = re.compile(
    r"^(?:and|but|or|so|what about|how about|what else|anything else|also|why|when|where|then)\b", re.I
)
PRONOUN = re.compile(r"\b(?:he|she|they|him|her|them|his|their|hers|theirs)\b", re.I)
POINTS_BACK = re.compile(r"\b(?:that|this|it|so|else|more|again)\W*$", re.I)
IN_RETURN = re.compile(r"\b(?:in return|in response|in reply|back|reply|respond|answer)\b", re.I)

Alone = Callable[[str, Directory], Query]


def with_history(query: Query, history: History, people: Directory, alone: Alone) -> Query:
    """The query as it is meant after the messages before it; the same query when it stands by itself."""
    recent = history[-MAX_HISTORY:]
    earlier = [m for m in recent if isinstance(m, Mapping) and isinstance(m.get("content"), str)]
    if not earlier or not _leans(query):
        return query
    before: Query | None = None
    replied: tuple[str, ...] = ()
    for message in earlier:
        content = str(message["content"])[:MAX_HISTORY_CHARS]
        if message.get("role") == "user":
            new = alone(" ".join(content.split()), people)
            before = new if before is None or not _leans(new) else _merge(new, before, replied, people)
            replied = ()
        elif before is not None:
            replied = replied or _named(content, people)
    return _merge(query, before, replied, people) if before else query


def _leans(query: Query) -> bool:
    if FOLLOW_UP.match(query.question) or not _bears(query.topic):
        return True
    if any(_pronoun_owner(phrase) for phrase in query.described):
        return True
    return not query.speakers and not query.unknown_speakers and PRONOUN.search(query.question) is not None


def _bears(topic: str) -> int:
    return sum(term not in lex.ASKING for term in terms(topic))


def _named(text: str, people: Directory) -> tuple[str, ...]:
    """The labels of the first speaker that a reply names."""
    first = next(iter(people.scan(text)), None)
    return first.names if first else ()


def _merge(query: Query, before: Query, replied: tuple[str, ...], people: Directory) -> Query:
    last = before.asked or ((Asked("", replied),) if replied else ())
    query = _owned(query, last, people)
    own = bool(query.speakers or query.unknown_speakers or query.described)
    known = _bears(query.topic)
    whole = own and known and not POINTS_BACK.search(query.question.strip(" ?!."))
    if whole and not _pronoun_in(query.topic):
        return query
    asked = query.asked if own else _answered(query, before, last, people)
    topic = query.topic if (not own and known > 1) or whole else f"{query.topic} {before.topic}".strip()
    if not own and asked != last and last:
        # What one says of the other bears on that other, not on what the other spoke of.
        topic = " ".join([*last[0].people[:1], PRONOUN.sub(" ", IN_RETURN.sub(" ", query.topic))]).strip(" ,")
    return replace(
        query,
        kind="said_what" if query.kind == "compare" and len(asked) < 2 else query.kind,
        topic=topic,
        asked=asked,
        speakers=query.speakers if own else tuple(dict.fromkeys(label for a in asked for label in a.speakers)),
        unknown_speakers=query.unknown_speakers
        if own
        else tuple(a.phrase for a in asked if not a.speakers and not a.described),
        described=query.described if own else tuple(a.phrase for a in asked if a.described),
        ambiguous=query.ambiguous if own else before.ambiguous,
    )


def _answered(query: Query, before: Query, last: tuple[Asked, ...], people: Directory) -> tuple[Asked, ...]:
    """Who "he" is: who was asked about or cited last, or, when he answers somebody, the other one named there."""
    pronouns = {word.lower() for word in PRONOUN.findall(query.question)}
    if IN_RETURN.search(query.question) and len(pronouns) > 1 and last:
        taken = set(last[0].speakers)
        for mention in people.scan(before.question):
            if not taken & set(mention.names):
                name = bare(before.question[mention.start : mention.end])
                return (Asked(name, mention.names, mention.names[:1]),)
    return last


def _pronoun_owner(phrase: str) -> bool:
    return phrase.split(" ")[0].lower() in ("his", "her", "their")


def _pronoun_in(topic: str) -> bool:
    return PRONOUN.search(topic) is not None and _bears(topic) < 2


def _owned(query: Query, last: tuple[Asked, ...], people: Directory) -> Query:
    """ "Her opponent" with the name of whom it was about: "Ida Hale's opponent"."""
    if not last or not any(_pronoun_owner(phrase) for phrase in query.described):
        return query
    owner = (last[0].people or last[0].speakers or (last[0].phrase,))[0]

    def named(phrase: str) -> str:
        return f"{owner}'s {phrase.split(' ', 1)[1]}" if _pronoun_owner(phrase) and " " in phrase else phrase

    asked = tuple(
        replace(a, phrase=named(a.phrase), speakers=people.by_role(named(a.phrase))) if _pronoun_owner(a.phrase) else a
        for a in query.asked
    )
    return replace(
        query,
        asked=asked,
        described=tuple(named(phrase) for phrase in query.described),
        speakers=tuple(dict.fromkeys(label for a in asked for label in a.speakers)),
    )
