"""Can a statement be a "yes" to what was asked? Negation and numbers, where near-equal words mean opposites.

Not a proof of agreement: it only catches what must not be called the same.
"""

from __future__ import annotations

import re

from rag.schema import Span, Statement
from rag.text import sentences, terms

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|\w+n['’]t|"
    r"den(?:y|ies|ied|ying)|refus(?:e[ds]?|ing)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|fail(?:s|ed|ing)?)\b",
    re.I,
)
PLAIN_NOT = re.compile(r"\b(?:not|no|never|cannot|\w+n['’]t)\b", re.I)
# A source who denies something does speak, but against the words that follow.
DENIAL = re.compile(r"\b(?:den(?:y|ies|ied|ying)|reject|refus|dismiss|dispute|doubt)", re.I)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
YEAR = re.compile(r"(?:19|20)\d\d")  # Says when, and seldom what.
NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        start=2,
    )
} | {word: word for word in "thirty forty fifty sixty seventy eighty ninety hundred thousand million billion".split()}
CUE_REACH = 25  # Characters before a cue in which "did not" or "never" is about it.
CLAUSE_END = re.compile(r"[.!?;,:“”\"]")


def agrees(asked: str, statement: Statement) -> bool:
    """False when a statement is negated where the question is not, or lacks a number that the question has.

    Of the statement's sentences, the one that shares most words with the question counts.
    """
    context = statement.context
    for cue in statement.quote.cue:
        before = context.text[: max(0, cue.start - context.start)]
        if DENIAL.search(cue.text) or is_cue_negated(before, Span(len(before), len(before), cue.text)):
            return False
    said = [
        span.text[start:end]
        for span in statement.quote.content
        for start, end in sentences(span.text, 0, len(span.text))
    ]
    wanted = set(terms(asked))
    nearest = max(said, key=lambda part: len(wanted & set(terms(part))), default="")
    mine, theirs = negations(asked), negations(nearest)
    return (mine == theirs or bool(mine & theirs)) and numbers(asked) <= numbers(statement.quote.text)


def negations(clause: str) -> set[str]:
    """The kinds of negation in a clause; two plain ones cancel out."""
    found = [match.group().lower() for match in NEGATION.finditer(clause)]
    plain = [word for word in found if PLAIN_NOT.fullmatch(word)]
    return {word for word in found if word not in plain} | ({"not"} if len(plain) % 2 else set())


def numbers(text: str) -> set[str]:
    """The numbers in a text but for years, in digits up to twenty, so that "four" is "4"."""
    words = {NUMBER_WORDS[w] for w in re.findall(r"[a-z]+", text.lower()) if w in NUMBER_WORDS}
    return words | {n.replace(",", "") for n in NUMBER.findall(text) if not YEAR.fullmatch(n)}


def is_cue_negated(text: str, cue: Span) -> bool:
    """True for "did not say" and "never said" at a cue's place in a text: the words are not the source's."""
    before = CLAUSE_END.split(text[max(0, cue.start - CUE_REACH) : cue.start])[-1]
    return PLAIN_NOT.search(before + cue.text) is not None
