"""Text measures shared by indexing and answering: typographic folding, paragraphs, sentences, quotations, terms.

Everything here works on character offsets of the text as stored; nothing alters an article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

# What is printed for one character differs with a keyboard, a house style or an encoding. Letters, digits and their
# look-alikes (full width, superscript, another alphabet) are not typography and stay what they are.
MARKS = str.maketrans(
    {c: '"' for c in "“”„‟«»″〝〞〟❝❞＂"}
    | {c: "'" for c in "‘’‚‛‹›′`´❛❜＇"}
    | {c: "-" for c in "‐‑‒–—―−⸺⸻﹘﹣－"}
    | {"…": "...", "‥": "..", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ſt", "ﬆ": "st"}
)
# What Windows' Western encoding has where Unicode has controls: marks and letters that came through as such. One of
# them ends a line in some files; where a space or a mark stands beside it, it is three points. Behind the first half of
# a letter that was read in a wrong encoding ("Ã", "â€") they are its other half.
_CONTROLS = r"(?<![ÂÃâ\u0300-\u036f])(?<![ÂÃâ][\x80-\x9f])[\x80\x82-\x84\x86-\x8c\x8e\x91-\x9c\x9e\x9f]"
_OF_WINDOWS = re.compile(rf"{_CONTROLS}|\x85(?=[ \x91-\x97”\"’')\]])|(?<=[ \x91-\x97“\"‘])\x85")
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
FIRST_COMBINING = "\u0300"  # Below it, no character changes in Unicode's normal form C or joins the one before it.
MAX_CLUSTER = 30  # Characters that one letter and its accents may be made of (Unicode's stream-safe format).
# Marks in a row, a dash, an ellipsis (three points or more), each with the spaces that a house style puts around it.
RUN = re.compile(r"['\"]{2,}+|\ ?-[\ -]*+|\ ?\.(?:\ ?\.){2,}+\ ?")

_SURROGATE = re.compile("[\ud800-\udfff]")
PARAGRAPH = re.compile(r"[^\n]+")
# A sentence ends at . ! or ?, closing marks included, before white space and a capital, opening mark or digit.
SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[”\"’')\]]*+(?=\s+(?:[^\W_a-z]|[“\"‘'(\[]+\S))")
QUOTATION = re.compile(r"“([^“”]{4,})”|\"([^\"]{4,})\"|(?<!\w)[‘']([^“”\"]{4,}?)[’'](?!\w)")
MIN_QUOTATION_WORDS = 2  # One word stands in too many statements to mean one of them. Chosen, not measured.
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
    """Text with its typography folded; character i was made of the source's `offsets[i]:ends[i]`."""

    text: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """(start, end) in the source of folded characters [start, end), which must not be empty."""
        return self.offsets[start], self.ends[end - 1]


# A folded character, and the start and end of what it was made of.
Piece = tuple[str, int, int]


def from_windows(text: str) -> str:
    """The text with the marks and letters of Windows that came through as control characters, one for one.

    No program shows those characters, and no text means them.
    """
    return _OF_WINDOWS.sub(lambda found: found[0].encode("latin-1").decode("cp1252"), text)


def fold(text: str) -> Folded:
    """Fold quotation marks, dashes, ellipses, ligatures, normal forms, invisible characters and white space; no more.

    Case, words, digits and negations stay, so folded texts are equal only if the words are. Two single
    marks are one double mark; spaces around a dash or an ellipsis, and at both ends, are left out.
    """
    pieces: list[Piece] = []
    for piece in _pieces(from_windows(text)):
        if piece[0] != " " or (pieces and pieces[-1][0] != " "):
            pieces.append(piece)
    flat = "".join(char for char, _, _ in pieces)
    out: list[Piece] = []
    end = 0
    for match in RUN.finditer(flat):
        out += pieces[end : match.start()]
        out += _shortened(pieces[match.start() : match.end()])
        end = match.end()
    out += pieces[end:]
    while out and out[-1][0] == " ":
        out.pop()
    chars, offsets, ends = zip(*out, strict=True) if out else ((), (), ())
    return Folded("".join(chars), offsets, ends)


def _pieces(text: str) -> Iterator[Piece]:
    """Every character folded by itself, letters joined with their accents."""
    cluster: list[tuple[str, int]] = []
    for position, char in enumerate(text):
        if char in INVISIBLE:
            continue
        if cluster and (char < FIRST_COMBINING or _starts_anew("".join(c for c, _ in cluster), char)):
            yield from _composed(cluster)
            cluster = []
        if char.isspace():
            yield " ", position, position + 1
        else:
            cluster.append((char, position))
    yield from _composed(cluster)


def _starts_anew(before: str, char: str) -> bool:
    """True when a character does not belong to the letter before it."""
    if len(before) >= MAX_CLUSTER:
        return True
    if unicodedata.combining(char):
        return False
    normal = unicodedata.normalize
    return normal("NFC", before + char) == normal("NFC", before) + normal("NFC", char)


def _composed(cluster: Sequence[tuple[str, int]]) -> Iterator[Piece]:
    if not cluster:
        return
    # Marks and ligatures first: an accent behind a ligature belongs to its last letter.
    plain = "".join(unicodedata.normalize("NFC", char).translate(MARKS) for char, _ in cluster)
    if len(cluster) > 1:
        plain = unicodedata.normalize("NFC", plain)
    start, end = cluster[0][1], cluster[-1][1] + 1
    yield from ((char, start, end) for char in plain)


def _shortened(run: Sequence[Piece]) -> list[Piece]:
    """A run of marks as doubles with at most one single behind them, of dashes as one, of points without spaces."""
    if run[0][0] in "'\"":
        halves = [(start, end) for char, start, end in run for _ in range(2 if char == '"' else 1)]
        pairs = [halves[i : i + 2] for i in range(0, len(halves), 2)]
        return [('"' if len(pair) == 2 else "'", pair[0][0], pair[-1][1]) for pair in pairs]
    visible = [piece for piece in run if piece[0] != " "]
    if visible[0][0] == "-":
        return [("-", visible[0][1], visible[-1][2])]
    return visible


def whole(text: str) -> str:
    """The text with U+FFFD for half surrogates, which no encoding can store, one for one."""
    return _SURROGATE.sub("\ufffd", text)


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
        if text[match.start()] == "." and abbreviates(
            word, before_digit=DIGIT_NEXT.match(text, match.end(), end) is not None
        ):
            continue
        yield begin, match.end()
        begin = match.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        yield begin, end


def quotations(question: str) -> list[str]:
    """What stands in quotation marks in a question, folded and in lower case; single words are no quotation."""
    found = (match[match.lastindex or 0] for match in QUOTATION.finditer(question))
    return [fold(words).text.lower() for words in found if len(words.split()) >= MIN_QUOTATION_WORDS]


def abbreviates(word: str, *, before_digit: bool) -> bool:
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


# What "did they say" has of content, and so have "did they tell" and "do they think": no part of what is asked for.
SAID = frozenset(map(stem, ("say", "said", "ever")))
FRAME = SAID | frozenset(map(stem, ("tell", "told", "think", "thought")))
