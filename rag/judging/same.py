"""Whether a whole sentence says what is claimed in its own words, but for who speaks and when: then it is looked up.

“I came to talk about fish” and "that she came to talk about fish", “The head stays” and "that the head stays". A claim
turns its speaker's words into the third person and sets their verbs back in time; the other way round would not do, for
"he" in somebody's mouth is another, and “it was shut” is not “it is shut”.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from rag.judging.ground import HELD_OPEN, is_condition
from rag.judging.letters import denies, followed, without_parties
from rag.judging.polarity import has_negation
from rag.schema import Query, Statement
from rag.text import FRAME, fold, stem, terms

WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:'[^\W_]+)?")
PARTS = re.compile(r";\s|\s-+\s|,?\sbut\s|,\sand\s|\sand\s(?=that\b)")
CLOSING = " \"'.,;:!)"
SHORT = {"can't": "can not", "won't": "will not", "cannot": "can not", "i'm": "i am"}
ENDINGS = {"n't": " not", "'re": " are", "'ve": " have", "'ll": " will"}
# A word of a claim, and the words of a statement that it may stand for besides itself.
STANDS_FOR = {
    **dict.fromkeys(("he", "she"), ("i",)),
    "they": ("we", "i"),
    **dict.fromkeys(("him", "her", "them"), ("me", "us", "my", "our")),
    **dict.fromkeys(("his", "their"), ("my", "our")),
    "the": ("this", "these"),
    "is": ("am",),
    "are": ("am",),
    "was": ("is", "am"),
    "were": ("are", "am"),
    "has": ("have",),
    "had": ("has", "have"),
    "does": ("do",),
    "did": ("do", "does"),
    "would": ("will",),
    "could": ("can",),
    "might": ("may",),
}


def says_the_same(query: Query, statement: Statement) -> bool:
    """True when a sentence of a statement, or a part of one that stands for itself, is the claim word for word.

    No question, no condition, nothing that the next sentence takes back.
    """
    if statement.quote.mode != "said":
        return False
    asked = _words(without_parties(query))
    # When it was said stands before the claim: "Did Hale say in May that …?"
    frame = FRAME | ({*terms(query.when)} if query.is_when(statement.article.published) else frozenset())
    is_direct = statement.quote.kind == "direct"
    return any(_ends_with(asked, _words(unit), frame, is_direct=is_direct) for unit in _units(statement))


def _units(statement: Statement) -> Iterator[str]:
    for sentence, behind in followed(statement):
        plain = fold(sentence).text.strip(" \"'")
        if plain.rstrip(CLOSING).endswith("?") or is_condition(plain) or HELD_OPEN.search(plain) or denies(behind):
            continue
        yield from (plain, *PARTS.split(plain))


def _ends_with(asked: list[str], unit: list[str], frame: Collection[str], *, is_direct: bool) -> bool:
    """True when a claim is just this: before it stands nothing but "did … say that", whose content is in `frame`."""
    if unit[:1] == ["that"] and not is_direct:
        unit = unit[1:]
    place = len(asked) - len(unit)
    if place <= 0:
        return False
    head, claim = asked[:place], asked[place:]
    if not {*terms(" ".join(unit))} - FRAME or not {*terms(" ".join(head))} <= {*frame}:
        return False
    is_framed = (head[-1] == "that" or stem(head[-1]) in FRAME) and not has_negation(" ".join(head))
    return is_framed and all(_is_same(*pair, is_direct=is_direct) for pair in zip(claim, unit, strict=True))


def _is_same(mine: str, theirs: str, *, is_direct: bool) -> bool:
    """True when a word of a claim is, or stands for, a word of a statement."""
    if theirs in STANDS_FOR.get(mine, ()):
        return True
    if is_direct and mine in ("he", "she", "they", "him", "them", "his", "her", "their"):
        return False
    is_later = theirs.endswith("ed") and not mine.endswith("ed")
    return mine == theirs or (stem(mine) == stem(theirs) and not is_later)


def _words(text: str) -> list[str]:
    """The words of a text, in lower case and written out."""
    found = list[str]()
    for word in WORD.findall(fold(text).text.lower()):
        full = SHORT.get(word, word)
        for ending, whole in ENDINGS.items():
            full = re.sub(rf"{ending}$", whole, full)
        found += full.split()
    return found
