"""Read a mail whose answers stand between the quoted lines of what it answers as the interview that it is.

In: the lines of a message, those that are quoted with a > in front, who sends it and whom it is sent to. Out: its text
with a label before each answer and, where the line above the first question names who asks, before each question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.loading.formats.captions import in_order
from ingest.text.turn_labels import TOLD
from ingest.text.unlabelled import SET_APART

_QUOTED = re.compile(r"(?:> ?)+")
# "On 4 May 2026 at 9:14, Ann Lee <lee@tarn.example> wrote:", in any language.
_WITH_ADDRESS = re.compile(r"([^\W\d_][^<>\",;:\d\n]*(?:, [^<>\",;:\d\n]+)?)\"?\s*<\s*[^<>\s]+@[^<>\s]+\s*>")
_ENDS = re.compile(r"[.!?…][”\"’')\]]*\Z")
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\(?\d{1,3}[.)]\s")
_WIDTHS = range(50, 100)  # Characters of the longest line that a program for mail has broken;
_FULL = 0.75  # one in mid-sentence that is so full, of the longest, was broken by it, too.
_CLOSING_WORDS = 4  # "With all good wishes,"
_SIGNED_WORDS = 8  # "Ann Lee, Director, Tarn Harbour Office" below an answer.


@dataclass(frozen=True, slots=True)
class Interview:
    """The text of such a mail, and how many lines of words, those of its signature, are left out of it."""

    text: str
    left_out: int


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a line that somebody broke, with how often it was quoted; an empty one parts two."""

    depth: int
    words: str


def as_interview(lines: Sequence[str], sender: str, recipients: Sequence[str], *, is_reply: bool) -> Interview | None:
    """The mail with labels; None for one that is no reply, quotes no question, or says nothing below one.

    Who is quoted in what was quoted already asked another day: that is nobody's, and so are greetings and signatures.
    """
    read = joined(lines)
    quoted = [n for n, line in enumerate(read) if line.depth and line.words]
    own = [n for n, line in enumerate(read) if not line.depth and line.words]
    asks = [n for n in quoted if "?" in read[n].words]
    if not sender or not asks or not own or own[-1] < asks[0]:
        return None
    led = _led(read[: quoted[0]])
    asker = _asker(led, recipients)
    if not (is_reply or asker):
        return None
    greeting, signed = _beside(read, [n for n in own if n > quoted[0]], sender)
    beside = greeting.union(*_beside(read, quoted, asker), (n for n in quoted if read[n].depth > 1 or not asker))
    made, speaking = list[str](), ""
    for number, line in enumerate(read):
        if number in signed:
            continue
        who = asker if line.depth else sender
        is_said = bool(line.words) and number >= quoted[0] and number not in beside
        label = f"{TOLD}{who}: " if is_said and who != speaking else SET_APART if number in beside else ""
        speaking = who if is_said else "" if number in beside else speaking
        made.append(label + line.words)
    return Interview("\n".join(made).strip("\n"), len(signed))


def joined(lines: Sequence[str]) -> list[Line]:
    """The lines, those joined that a program for mail has broken to a width; a break of somebody's own stays."""
    marks = [found[0] if (found := _QUOTED.match(line)) else "" for line in lines]
    plain = [Line(mark.count(">"), line[len(mark) :].strip()) for mark, line in zip(marks, lines, strict=True)]
    made: list[Line] = []
    for is_quoted, run in groupby(plain, key=lambda line: line.depth > 0):
        alike = [line for line in plain if (line.depth > 0) == is_quoted]
        width = max(len(line.words) for line in alike)
        last = ""
        for line in run:
            goes_on = last and line.words and made[-1].depth == line.depth and _is_full(last, line.words, width)
            if goes_on:
                made[-1] = Line(line.depth, f"{made[-1].words} {line.words}")
            else:
                made.append(line)
            last = line.words
    return made


def _is_full(line: str, following: str, width: int) -> bool:
    """True where the next word would not have fitted, or hardly, into a line in mid-sentence."""
    if width not in _WIDTHS or _NUMBER.match(following):
        return False
    return len(line) + 1 + len(following.split()[0]) > width or (len(line) >= _FULL * width and not _ENDS.search(line))


def _led(above: Sequence[Line]) -> str:
    """The paragraph that leads to the first quoted line with a colon; empty where none does."""
    paragraphs = groupby(above, key=lambda line: bool(line.words))
    runs = [" ".join(line.words for line in run) for is_said, run in paragraphs if is_said]
    return runs[-1] if runs and runs[-1].endswith(":") else ""


def _asker(led: str, recipients: Sequence[str]) -> str:
    """Who is named in the line that leads to what is quoted: one of those who get the answer, or before an address."""
    known = next((name for name in recipients if name and all(word in led for word in name.split())), "")
    found = _WITH_ADDRESS.search(led)
    return known or (in_order(found[1].strip(" ,")) if found else "")


def _beside(read: Sequence[Line], places: Sequence[int], name: str) -> tuple[set[int], set[int]]:
    """Of somebody's lines a greeting ahead of them, and those from a closing or a name behind the last on to the end.

    A line of few words that ends in a comma greets or closes; `name` is who signs.
    """
    if not places:
        return set(), set()
    greeting = {places[0]} if _is_few(read[places[0]].words) and places[1:] else set()
    last = next(n for n in reversed(range(len(places))) if n == 0 or _is_parted(read, places[n - 1], places[n]))
    tail = places[last:]
    signed = (at for at in range(1, len(tail)) if _is_signed(read[tail[at - 1]].words, read[tail[at]].words, name))
    at = next(signed, len(tail))
    is_closed = at < len(tail) and _is_few(read[tail[at - 1]].words)
    return greeting, set(tail[at - is_closed :])


def _is_signed(above: str, words: str, name: str) -> bool:
    """True for a short line that ends no sentence and has a part of the name, or stands below "Yours,"."""
    is_short = len(words.split()) <= _SIGNED_WORDS and not _ENDS.search(words)
    return is_short and (_is_few(above) or not {*name.split()}.isdisjoint(_WORD.findall(words)))


def _is_few(words: str) -> bool:
    return words.endswith(",") and len(words.split()) <= _CLOSING_WORDS


def _is_parted(read: Sequence[Line], one: int, other: int) -> bool:
    """True where words of somebody else stand between."""
    return any(line.words and (line.depth > 0) != (read[other].depth > 0) for line in read[one + 1 : other])
