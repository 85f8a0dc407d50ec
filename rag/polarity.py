"""Is a statement negated where a question is not? The one way in which near-equal words mean opposites."""

from __future__ import annotations

import re

from rag.text import sentences, terms

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|\w+n['’]t|"
    r"den(?:y|ies|ied|ying)|refus(?:e[ds]?|ing)|reject(?:s|ed|ing)?|fail(?:s|ed|ing)?)\b",
    re.I,
)


def is_negated(clause: str) -> bool:
    """True when a clause holds an odd number of negations."""
    return len(NEGATION.findall(clause)) % 2 == 1


def same_polarity(asked: str, said: str) -> bool:
    """True unless one of the two is negated and the other is not.

    Of a statement of several sentences, the one that shares most words with the question counts.
    """
    wanted = set(terms(asked))
    parts = [said[start:end] for start, end in sentences(said, 0, len(said))] or [said]
    nearest = max(parts, key=lambda part: len(wanted & set(terms(part))))
    return is_negated(asked) == is_negated(nearest)
