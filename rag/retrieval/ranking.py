"""The score of a statement for a question: nine measures, weighed, and what the question wishes for.

The weights were fitted (softmax over the statements, the right one to be likely) on questions written for
other articles; docs/retrieval.md says how, and what each measure is worth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from rag.index.rows import Vectors
from rag.text import fold

# Fewer words than this are a fragment ("an absolute disgrace") more often than an answer.
SHORT_WORDS = 5
# Not fitted. From 3 / UNIT on, whom a question names comes first as often as if all others were left out (development
# questions); date and outlet only decide among what is about as near.
SPEAKER_BONUS = 0.4
DATE_BONUS = 0.25
OUTLET_BONUS = 0.25
# A quotation in the question that stands in a statement letter for letter settles the matter; with a word
# left out or in, it nearly does.
EXACT_BONUS = 1.0
NEAR_BONUS = 0.6
MIN_NEAR_WORDS = 4
WORD = re.compile(r"[\w'-]*\w")
# Chosen so that the 3rd, 10th and 30th hit have 0.82, 0.62 and 0.45 of the best one's score, as with the sum of cosines
# and BM25 before; a usual best hit has 14.6 on the fitted scale.
ZERO, UNIT = 4.0, 8.0


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of statements, one value each, all of about 0 to 1: float32 of shape (n,).

    `quote` and `passage` are cosines of the question with "speaker: words" and with the passage;
    `words` and `article` are BM25 of the topic over the statement's sentence and of the question over
    its article, the best one's being 1; `local` is the share of the topic in the statement's own words,
    each weighed by its rarity in the article; `label` is the share of the question in speaker and role;
    `direct` is 1 for words in quotation marks, `short` for fragments; `length` is log(words) / 5.
    """

    quote: Vectors
    passage: Vectors
    words: Vectors
    article: Vectors
    local: Vectors
    label: Vectors
    direct: Vectors
    short: Vectors
    length: Vectors


# As fitted, rounded, but for two. `direct` would be 0.5 on questions about statements drawn at random, most of them
# paraphrases, and is 1.5 for what people ask about (development questions: first 0.69 -> 0.71). `local` came later
# (first 0.674 -> 0.705); with twice as much, comparisons suffered.
WEIGHTS: Mapping[str, float] = {
    "quote": 2.5,
    "passage": 3.4,
    "words": 4.0,
    "article": 4.8,
    "local": 1.6,
    "label": 1.5,
    "direct": 1.5,
    "short": -1.0,
    "length": 2.3,
}


def weigh(measures: Measures) -> Vectors:
    """The scores of statements: about 0 for unrelated ones, 1.3 for a usual answer; float32 of shape (n,)."""
    total = sum(WEIGHTS[field.name] * getattr(measures, field.name) for field in fields(measures))
    return np.asarray((total - ZERO) / UNIT, dtype=np.float32)


def phrase_bonus(phrase: str, text: str) -> float:
    """What a quotation of the question, folded and in lower case, earns a statement that holds it, or nearly."""
    wanted = WORD.findall(phrase)
    # Folding is slow; half the words must be there at least.
    low = text.lower()
    if 2 * sum(word in low for word in wanted) < len(wanted):
        return 0.0
    said = fold(text).text.lower()
    if phrase in said:
        return EXACT_BONUS
    near = len(wanted) >= MIN_NEAR_WORDS and _nearly_in(wanted, WORD.findall(said))
    return NEAR_BONUS if near else 0.0


def _nearly_in(wanted: list[str], words: list[str]) -> bool:
    """True when the words stand in a row but for one that is missing or added."""
    size = len(wanted)
    for start in range(max(1, len(words) - size + 2)):
        window = words[start : start + size + 1]
        pairs = zip(wanted, window, strict=False)
        same = next((n for n, (a, b) in enumerate(pairs) if a != b), min(size, len(window)))
        if window[same : size - 1] == wanted[same + 1 :] or window[same + 1 :] == wanted[same:]:
            return True
    return False
