"""Text measures shared by indexing and answering: typographic folding, paragraphs, sentences, terms.

Everything here works on character offsets of the text as stored; nothing alters an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

MARKS = str.maketrans(
    {c: '"' for c in "“”„‟«»″＂"}
    | {c: "'" for c in "‘’‚‛′`´＇"}
    | {c: "-" for c in "‐‑‒–—―−"}
    | {"…": "...", "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}
)
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")

PARAGRAPH = re.compile(r"[^\n]+")
# A sentence ends at . ! or ?, closing marks included, before white space and a capital, opening mark or digit.
SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[”\"’')\]]*+(?=\s+(?:[^\W_a-z]|[“\"‘'(\[]+\S))")
DIGIT_NEXT = re.compile(r"\s*\d")
ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sen rep gov gen lt col sgt capt st jr sr rev hon pres sec no vs inc corp co ltd u.s u.k u.n "
    "jan feb mar apr jun jul aug sept oct nov dec a.m p.m d.c ph.d e.g i.e".split()
)
TERM = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
STOP_WORDS = frozenset(
    "a about above after again against all also am an and any are as at be because been before being below "
    "between both but by can could did do does doing down during each ever every few for from further had has "
    "have having he her here hers him his how i if in into is it its just me more most my no nor not now of off "
    "on once only or other our out over own s same she should so some such t than that the their them then there "
    "these they this those through to too under until up us very was we were what when where which while who whom "
    "whose why will with would you your".split()
)


@dataclass(frozen=True, slots=True)
class Folded:
    """Text with its typography folded; `offsets[i]` is where character i came from."""

    text: str
    offsets: tuple[int, ...]


def fold(text: str) -> Folded:
    """Fold quotation marks, dashes, ligatures, invisible characters and white space; nothing else.

    Case, words, digits and negations stay, so folded texts are equal only if the words are.
    """
    out: list[str] = []
    offsets: list[int] = []
    for position, char in enumerate(text):
        if char in INVISIBLE:
            continue
        piece = " " if char.isspace() else char.translate(MARKS)
        if piece == " " and (not out or out[-1] == " "):
            continue
        out.extend(piece)
        offsets.extend([position] * len(piece))
    while out and out[-1] == " ":
        out.pop()
        offsets.pop()
    return Folded("".join(out), tuple(offsets))


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each line that holds more than white space, stripped."""
    for match in PARAGRAPH.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if start < end:
            yield start, end


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of text[start:end], stripped; abbreviations do not end one."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    begin = start
    for match in SENTENCE_END.finditer(text, start, end):
        word = text[max(begin, match.start() - 12) : match.start()].split(" ")[-1].lstrip("“\"‘'(").lower()
        if text[match.start()] == "." and _abbreviates(
            word, before_digit=DIGIT_NEXT.match(text, match.end(), end) is not None
        ):
            continue
        yield begin, match.end()
        begin = match.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end


def _abbreviates(word: str, *, before_digit: bool) -> bool:
    """True when the point behind a lower-case word ends no sentence."""
    if word == "no":
        return before_digit  # "No. 7" is a number's mark, "He said no." an answer.
    return word in ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")


def around(text: str, start: int, end: int, *, limit: int = 700) -> tuple[int, int]:
    """(start, end) of the paragraph or paragraphs that hold text[start:end], at most `limit` characters each side."""
    left = text.rfind("\n", max(0, start - limit), start) + 1 or max(0, start - limit)
    right = text.find("\n", end, end + limit)
    right = min(len(text), end + limit) if right < 0 else right
    while left < start and text[left].isspace():
        left += 1
    while right > end and text[right - 1].isspace():
        right -= 1
    return left, right


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The English Snowball stem of a lower-case word."""
    return str(_stemmer().stemWord(word))


def terms(text: str) -> list[str]:
    """The stems that a search compares: lower case, possessive dropped, function words left out."""
    words = (re.sub(r"['’]s?$", "", word.lower()) for word in TERM.findall(text))
    return [stem(word) for word in words if word and word not in STOP_WORDS]
