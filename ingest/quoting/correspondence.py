"""Tell letters to the editor by how they begin and end: "SIR –", "To the Editor:", and below it who signs.

In: an article's text. Out: the words of each as one turn of whoever signs it, and the text without the salutations,
which are no name, no role and nobody who speaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.text.capitals import in_normal_spelling
from ingest.text.names import CAPITALISED, PARTICLE
from ingest.text.turn import Turn
from ingest.text.turn_labels import OWN_WORDS, SENTENCE, told_of
from rag.text import paragraphs

SALUTATION = re.compile(
    r"(?:sirs?|madam|a chara|dear (?:sirs?|madam|editors?)(?:(?: or |/)madam)?|to the editors?)"
    r"\s*(?:[,:](?:\s*[–—-]+(?= ))?|[–—-](?= )|(?=\n|\Z))",
    re.I,
)
HEAD_LINES = 4  # A headline, an outlet and a day may stand above the salutation;
TAIL_LINES = 3  # and below the name, whose line is among so many, a place.
SIGNATURE = re.compile(
    rf"(?:[–—-]+\s*)?({CAPITALISED}(?: (?:{CAPITALISED}|{PARTICLE}))+)(?: \([^()\n]{{1,30}}\))?(?:, [^.!?\n]{{2,60}})?"
)
# Below a formula an address may follow, on its line or on others.
SIGNED = re.compile(rf"{SIGNATURE.pattern}[,.]?")
HEADING = re.compile(r"(?:[^.!?\n]{0,30}\W)?letters\b", re.I)  # "Letters to the editor", "Your letters".
LETTERS = 2  # So many of them are a page of letters.
CLOSING_WORDS = 4  # "Yours faithfully,"
# The same at the end of the last line: "I would sign it. – Yours, etc.,".
_WORD = r"(?:[^\s.!?…]|[.!?…](?=\S))+"
CLOSING = re.compile(
    rf"(?<=[.!?…”\"’')])(?:\s+[–—-]+\s+{_WORD}(?: {_WORD}){{0,{CLOSING_WORDS - 1}}}(?:(?<=,)|,|(?<=etc)\.)"
    rf"|\s+[^\W\d_a-z]{_WORD}(?: {_WORD}){{0,{CLOSING_WORDS - 2}}}(?<=,))\Z"
)

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Letters:
    """The words of each letter, labelled with the name below, and the text, as long as before, without salutations."""

    turns: tuple[Turn, ...]
    text: str


def letters(text: str, author: str | None = None) -> Letters | None:
    """A text that is a letter, or several, each with its salutation; None for any other, and where nobody signs one.

    Nor is one that answers questions, of which its file says who speaks.

    `author`, where it is known, tells where the name of a single one ends on its line.
    """
    lines = list(paragraphs(text))
    if told_of(text, lines):
        return None
    begins = [n for n, (start, _) in enumerate(lines) if SALUTATION.match(text, start)]
    if not begins:
        return _page_of_letters(text, lines)
    if begins[0] >= HEAD_LINES:
        return None
    found = []
    characters = list(text)
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        if (turn := _letter(text, lines[begin:end], author if len(begins) == 1 else None, characters)) is None:
            return None
        found.append(turn)
    names, said = (turn.label for turn in found if turn.label), (pair for turn in found for pair in turn.content)
    return Letters(tuple(found), in_normal_spelling("".join(characters), names, said))


def _page_of_letters(text: str, lines: list[Pair]) -> Letters | None:
    """Letters without salutations, as newspapers print them: each says "I" or "we" and ends "Ann Lee, Tarn".

    The last line is such a name, or the place below it; a heading may stand above each. Under a heading that calls
    them letters one that says "I" is enough.
    """
    signs = [(n, end) for n in range(1, len(lines)) if (end := _signed(text, lines, n)) is not None]
    if len(signs) < LETTERS or signs[-1][1] != len(lines):
        return None
    found, own_words = [], 0
    for begin, (sign, _) in zip([0, *(end for _, end in signs)], signs, strict=False):
        ended = [SENTENCE.search(text, *line) is not None for line in lines[begin:sign]]
        own = lines[begin + ended.index(True) : sign]
        name = SIGNATURE.fullmatch(text, *lines[sign])
        if name is None:
            return None
        own_words += any(OWN_WORDS.search(text, *line) for line in own)
        found.append(Turn(name.span(1), None, tuple(own)))
    is_headed = HEADING.match(text, *lines[0]) is not None and SENTENCE.search(text, *lines[0]) is None
    return Letters(tuple(found), text) if own_words >= (1 if is_headed else len(found)) else None


def _signed(text: str, lines: list[Pair], number: int) -> int | None:
    """Behind which line a signature ends that begins at one, below the end of a sentence; None where none does.

    It is a name with a place, or how it was sent, on its line or on the one right below.
    """
    found = SIGNATURE.fullmatch(text, *lines[number])
    if found is None or SENTENCE.search(text, *lines[number - 1]) is None:
        return None
    if found.end(1) < lines[number][1]:
        return number + 1
    below = lines[number + 1 : number + 2]
    is_place = below and text.count("\n", lines[number][1], below[0][0]) == 1 and not SENTENCE.search(text, *below[0])
    return number + 2 if is_place else None


def _letter(text: str, lines: list[Pair], author: str | None, characters: list[str]) -> Turn | None:
    """The letter of some lines, the first of which has the salutation; below its signature stands no sentence.

    Of `characters`, the text one by one, the salutation becomes white space.
    """
    begin, end = lines[0]
    done = SALUTATION.match(text, begin, end)
    assert done is not None
    words = done.end() + len(text[done.end() : end]) - len(text[done.end() : end].lstrip())
    below = range(max(1, len(lines) - TAIL_LINES), len(lines))
    above = [(words, end), *lines[1:]]
    signed = next((n for n in range(1, len(lines)) if _is_closed(text, above[n - 1], lines[n])), None)
    if signed is None:
        signed = next((n for n in below if _is_signature(text, lines[n:])), None)
    if signed is None:
        return None
    own = [pair for pair in above[:signed] if pair[0] < pair[1]]
    if own and (closing := _closing(text, own[-1])) is not None:
        own[-1:] = [(own[-1][0], closing)] if closing > own[-1][0] else []
    found = SIGNED.fullmatch(text, *lines[signed])
    if not own or found is None:
        return None
    if words > begin:
        characters[begin:words] = [*" " * (words - begin - 1), "\n"]
    name = found.span(1)
    if author and found[1].startswith(f"{author} "):
        name = name[0], name[0] + len(author)
        characters[name[1]] = "\n"  # The place is no part of the name.
    return Turn(name, None, tuple(own))


def _closing(text: str, line: Pair) -> int | None:
    """Where the formula begins that closes a letter: at the head of its line, or behind the last sentence in it."""
    last = text[slice(*line)]
    if last.endswith(",") and len(last.split()) <= CLOSING_WORDS:
        return line[0]
    found = CLOSING.search(text, *line)
    return found.start() if found else None


def _is_closed(text: str, above: Pair, line: Pair) -> bool:
    """True for a name below the formula that closes a letter; a comma may lead from it to an address."""
    return _closing(text, above) is not None and SIGNED.fullmatch(text, *line) is not None


def _is_signature(text: str, lines: list[Pair]) -> bool:
    """True where the first of the last lines is a name and none of them ends as a sentence does."""
    return SIGNATURE.fullmatch(text, *lines[0]) is not None and not any(
        SENTENCE.search(text, start, end) for start, end in lines
    )
