"""Questions for somebody: "Who said Z?", "Which pilot warned of Y?", "'Z' - who sang it?"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag import lexicon as lex
from rag.names import CAPITAL
from rag.question import PAUSES, Reader

OPENINGS = frozenset("and so but then by".split())
# Beginnings of "who" questions that many can answer.
MANY = frozenset("commented comment spoke weighed reacted all else".split())
PLURALS = frozenset("people men women children police clergy staff media folks others".split())
NOT_PLURAL = ("ss", "us", "is", "'s", "news", "ics")
MAX_PHRASE = 9
ABOUT = re.compile(r"^(?:about|on|of|regarding|from)\s+", re.I)
# What of the topic only says where, or asks for the words, which every answer gives.
HERE = re.compile(
    r"^(?:(?:named|quoted|mentioned)\s+)?(?:in|from) (?:the|this|these) (?:piece|articles?|story|text)\s+", re.I
)
PHRASE = re.compile(
    r"^(?:used?s?|coined|using)\s+(?:the\s+)?(?:phrase|words?|term|expression|line)\s+(?:for\s+)?", re.I
)
TAIL = re.compile(
    r"\s*(?:\bby name)?,?\s+(?:and|-)\s+(?:what|how)(?:'s|\s+(?:is|are|was|were|do|does|did))\s+"
    r"(?:they|each(?:\s+one)?|he|she|their|everyone)(?:'s)?(?:\s+\w+(?:\s+(?:on|about|of|it)\b)*)?|"
    r",?\s+in their own words$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class WhoAsked:
    """`phrase` describes whom it is asked for, `several` when more than one is, `topic` what they said."""

    phrase: str
    several: bool
    topic: str


def asks_who(reader: Reader) -> WhoAsked | None:
    """What a "who" question asks; None when the question asks anything else."""
    tokens = reader.tokens
    i = 0
    while i < len(tokens) and tokens[i].low in OPENINGS:
        i += 1
    if i < len(tokens) and tokens[i].low in lex.WHO:
        return _of(reader, i)
    for k in range(1, len(tokens)):
        if tokens[k].low == "who" and tokens[k - 1].low in ("-", ",", ":", "?", '"') and _is_asked(reader, k):
            several = tokens[k + 1].low in ("are", "were") if k + 1 < len(tokens) else False
            return WhoAsked("", several, reader.words(0, k).strip(" ,-:?"))
    return None


def _is_asked(reader: Reader, k: int) -> bool:
    """True for a "who" clause that closes a question and says little itself: "- who sang it?"."""
    rest = reader.tokens[k + 1 :]
    words = [t.low for t in rest if t.low not in PAUSES]
    return 0 < len(words) <= 3 or words[:2] in (["are", "they"], ["is", "that"])


def _of(reader: Reader, i: int) -> WhoAsked:
    tokens = reader.tokens
    if tokens[i].low == "which" or (tokens[i].low == "whose" and i + 1 < len(tokens)):
        end, plural = _noun_phrase(reader, i + 1)
        phrase = reader.words(i + 1, end) if tokens[i].low == "which" else ""
        named = phrase.lower() not in ("", "people", "person", "article", "articles", "one", "ones")
        return WhoAsked(phrase if named else "", plural and tokens[i].low == "which", _said(reader, end))
    following = [t.low for t in tokens[i + 1 : i + 4]]
    several = bool(following) and (
        following[0] in MANY | {"are", "were"}
        or (following[0] in ("has", "have") and len(following) > 1 and following[1] in MANY)
        or following[:2] == ["is", "quoted"]
    )
    return WhoAsked("", several, _said(reader, i + 1))


def _noun_phrase(reader: Reader, start: int) -> tuple[int, bool]:
    """(end, whether it is many) of the noun phrase behind "which": it ends before its verb or behind its plural."""
    tokens = reader.tokens
    stop = min(len(tokens), start + MAX_PHRASE)
    for j in range(start + 1, stop):
        low, cased = tokens[j].low, CAPITAL.match(reader.text[tokens[j].start]) is not None
        linked = tokens[j - 1].low in lex.PREPOSITIONS | lex.DETERMINERS
        if low in PAUSES:
            return j, _is_plural(reader, j - 1)
        if (cased and not reader.lowered) or linked:
            continue
        if low in lex.AUXILIARY | lex.FILLERS or lex.is_verb(low, base=False):
            plural = _is_plural(reader, j - 1)
            # "Which captains said": the verb agrees; "Which pilot warns" has the s itself.
            return j, plural
        if _is_plural(reader, j - 1) and low not in lex.PREPOSITIONS and j - 1 > start - 1:
            return j, True
    return min(stop, start + 2), False


def _is_plural(reader: Reader, j: int) -> bool:
    token = reader.tokens[j]
    if token.owner or (
        CAPITAL.match(reader.text[token.start]) and token.low not in PLURALS and not token.low.endswith("s")
    ):
        return False
    return token.low in PLURALS or (
        token.low.endswith("s") and len(token.low) > 3 and not token.low.endswith(NOT_PLURAL)
    )


def _said(reader: Reader, start: int) -> str:
    """What was said, from the verb on, without words that only say that it was."""
    tokens = reader.tokens
    while start < len(tokens) and (
        tokens[start].low in lex.AUXILIARY | lex.FILLERS | {"quoted", "that", "it", "else"}
        or (lex.is_verb(tokens[start].low, base=False) and lex.only_says(tokens[start].low, _low(reader, start + 1)))
    ):
        start += 1
    said = reader.text[tokens[start].start :].strip(" ?!.") if start < len(tokens) else ""
    for pattern in (HERE, PHRASE, TAIL, ABOUT):
        said = pattern.sub(" ", said).strip(" ,-?")
    return said


def _low(reader: Reader, i: int) -> str:
    return reader.tokens[i].low if i < len(reader.tokens) else ""
