"""Negation, mood and numbers of a clause, word by word: what tells near-equal words from their opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.schema import Span
from rag.text import STOP_WORDS, stem

# What makes a clause say the opposite. The only list of negations in the project.
NEGATION = re.compile(r"(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|\w+n['’]t)", re.I)
# "It costs nothing" turns the words before it too.
WHOLE_CLAUSE = frozenset(("nothing", "nobody", "none", "nowhere"))
# The same at a cue: "said nothing" is no denial, "did not say" is one.
PLAIN_NOT = re.compile(r"\b(?:not|no|never|cannot|\w+n['’]t)\b", re.I)
# Words that turn what follows against itself in some uses and not in others: either reading passes.
HALF_NEGATION = re.compile(
    r"(?:den(?:y|ies|ied|ying|ial)|refus(?:e[ds]?|ing|al)|reject(?:s|ed|ing|ion)?|dismiss(?:es|ed|ing|al)?|"
    r"fail(?:s|ed|ing|ures?)?|lack(?:s|ed|ing)?|inability|unable|hostil(?:e|ity)|against|oppos(?:e[ds]?|ing|ition)|"
    r"hardly|barely|scarcely|rarely|seldom|unlikely|forg[eo]t(?:s|ten|ting)?|neglect(?:s|ed|ing)?|ceas(?:e[ds]?|ing)|"
    r"declin(?:e[ds]?|ing)|avoid(?:s|ed|ing)?|prevent(?:s|ed|ing)?|stop(?:s|ped|ping)?|wrong|mistake|doubt(?:s|ed)?|rather)",
    re.I,
)
# A source who denies something does speak, but against the words that follow.
DENIAL = re.compile(r"\b(?:den(?:y|ies|ied|ying)|reject|refus|dismiss|dispute|disputed|doubt|rebut|refut)", re.I)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
YEAR = re.compile(r"(?:19|20)\d\d")
NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        start=2,
    )
} | {word: word for word in "thirty forty fifty sixty seventy eighty ninety hundred thousand million billion".split()}
# By how much each mood commits its speaker. "Would" reports both "will" and "may": it says nothing alone.
MOODS = (
    {word: "certain" for word in ("will", "shall", "'ll", "’ll", "going", "gonna")}
    | {word: "possible" for word in ("may", "might", "could", "perhaps", "maybe", "possibly")}
    | {word: "due" for word in ("must", "should", "ought", "need", "needs", "needed")}
)
CUE_REACH = 25  # Characters before a cue in which "did not" or "never" is about it.
NEGATION_REACH = 10  # Words behind a negation that it can be about.
SUBJECT_REACH = 4  # Words before a negation that can be its subject,
JOINS = frozenset(("and", "or", "if", "when", "who", "which", "that", "than", "as"))  # unless one of these is between.
ALONGSIDE = frozenset(("and", "or"))  # Between two negations: each has words of its own.
MOOD_REACH = 4
CLAUSE_END = re.compile(r"[.!?;,:“”\"]")
CLAUSE = re.compile(
    r"[.!?;:,“”\"()]|\s[-–—]+\s|—|\b(?:but|because|although|though|while|however|unless|except)\b", re.I
)
# A title or a word in marks is part of the clause that it stands in.
TITLE = re.compile(r"[“\"]([^“”\".!?;:]{1,40}?)([,.]?)[”\"]")
WORD = re.compile(r"['’]ll\b|[^\W_]+(?:[.,]\d+)*(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a clause: its stem, and how the words before it bear on it.

    `negated` holds True, False or both; `mood` is "certain", "possible", "due" or None; `past` is a form in -ed.
    """

    stem: str
    negated: frozenset[bool]
    mood: str | None
    past: bool


def tokens(text: str) -> Iterator[Token]:
    """The content words of a text, each with the negation and the mood that it stands under."""
    for clause in CLAUSE.split(TITLE.sub(r"\1\2", text)):
        words = WORD.findall(clause)
        whole = any(word.lower() in WHOLE_CLAUSE for word in words)
        negated, half, mood = -1 if whole else -NEGATION_REACH, -NEGATION_REACH, -MOOD_REACH
        subject = range(0) if whole else _subject(words)
        twice = False
        mood_word: str | None = None
        for place, word in enumerate(words):
            low = word.lower()
            if low in WHOLE_CLAUSE:
                continue
            if NEGATION.fullmatch(low) and [each.lower() for each in words[place : place + 2]] != ["not", "only"]:
                # "Not tired and not ill" negates both; "did not say no" takes the one back by the other.
                is_near = place - negated < NEGATION_REACH and ALONGSIDE.isdisjoint(
                    map(str.lower, words[max(negated, 0) : place])
                )
                twice = is_near and not twice
                negated = place
                continue
            if low in MOODS:
                mood, mood_word = place, MOODS[low]
                continue
            if low not in STOP_WORDS:
                is_reached = place - negated < NEGATION_REACH or (whole and negated < 0)
                turned = is_reached and not twice
                # What a negation is far ahead of may or may not be meant by it.
                far = negated >= 0 and place - negated >= NEGATION_REACH
                unsure = far or place in subject or 0 < place - half < NEGATION_REACH
                yield Token(
                    stem(re.sub(r"['’]s?$", "", low)),
                    frozenset({turned, not turned}) if unsure else frozenset({turned}),
                    mood_word if place - mood < MOOD_REACH else None,
                    low.endswith("ed"),
                )
            if HALF_NEGATION.fullmatch(low):
                half = place
                if negated == place - 1:  # "No doubt that it holds" does not say that it does not.
                    negated = -NEGATION_REACH


def _subject(words: list[str]) -> range:
    """The places right before a clause's first negation: "they" in "they should not", as in "I do not think they"."""
    end = next((place for place, word in enumerate(words) if NEGATION.fullmatch(word)), 0)
    start = end
    while start > max(0, end - SUBJECT_REACH) and words[start - 1].lower() not in JOINS:
        start -= 1
    return range(start, end)


def numbers(text: str) -> set[str]:
    """The numbers in a text but for years, in digits up to twenty, so that "four" is "4"."""
    words = {NUMBER_WORDS[w] for w in re.findall(r"[a-z]+", text.lower()) if w in NUMBER_WORDS}
    return words | {n.replace(",", "") for n in NUMBER.findall(text) if not YEAR.fullmatch(n)}


def years(text: str) -> set[str]:
    """The years in a text."""
    return {n for n in NUMBER.findall(text) if YEAR.fullmatch(n)}


def has_negation(text: str) -> bool:
    """True when any word of a text negates, or may."""
    return any(NEGATION.fullmatch(w) or HALF_NEGATION.fullmatch(w) for w in WORD.findall(text))


def is_cue_negated(text: str, cue: Span) -> bool:
    """True for "did not say" and "never said" at a cue's place in a text: the words are not the source's."""
    before = CLAUSE_END.split(text[max(0, cue.start - CUE_REACH) : cue.start])[-1]
    return PLAIN_NOT.search(before + cue.text) is not None
