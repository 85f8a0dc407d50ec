"""Find the quotations of an article that is not in English: what stands in marks, with the one name beside it.

In: an article's text. Out: quotes without a cue, their speakers with little confidence. Nothing else is read: the
tagger has learned from English alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.text.language import words_in
from rag.schema import Quote, Span, Speaker
from rag.text import paragraphs

Pair = tuple[int, int]

# Pairs of marks, as the languages use them; a dash that opens a line speaks for it in some.
MARKS = re.compile(
    r"“[^”“\n]+”|„[^“”„\n]+[“”]|«[^»«\n]+»|»[^«»\n]+«|\"[^\"\n]+\"|「[^」\n]+」"
    r"|``(?:(?!'')[^\n])+''"
    # Swedish and Finnish open as they close, Dutch has single marks: behind white space alone.
    r"|(?<!\S)”[^“”\n]+”|(?<!\S)‘[^‘\n]+?’(?!\w)"
)
WORDS = 3  # So many words make a quotation; fewer are a title or a word in doubt.
# Two or three words with capitals, particles and initials between them.
NAME = re.compile(
    r"(?<![\w-])[^\W\d_a-z][\w’'-]+(?: (?:d[aeiou]s?|del|von|van|al|el|bin|de la|ter|[^\W\d_a-z]\.))*"
    r"(?: [^\W\d_a-z][\w’'-]+){1,2}"
)
LONGER = re.compile(f"{NAME.pattern[:-2]}5}}")  # "Der Minister Per Lund", where nouns have capitals, too.
NEAR = 60  # Characters between a quotation and the name that it is said to be of.
GOES_ON, STOP = re.compile(r"[\s,—–-]*[^\W\d_A-Z]"), re.compile(r"[.!?]\s|\n")
WORD, SMALL = re.compile(r"[\w’'-]+"), re.compile(r"\b[^\W\d_A-Z][\w’'-]*")
OPENS, BEFORE = re.compile(r"(?:\A|\n|[.!?]\s)[^\w\n]*\Z"), 4  # What a sentence opens behind, in so many characters.
UNSURE = 0.3
NOUNS_TOO = "de"  # Writes every noun with a capital: of "Lotse Per Lund", the last two are the name.


def marked_quotes(text: str, language: str | None = None) -> list[Quote]:
    """Every quotation in marks, in order; its speaker is whom the article names beside it, outside of quotations.

    That is a full name, or a surname of which the article has one full name: «…», dijo Torvik.
    """
    plain = set(SMALL.findall(text))
    lines = [_read(text, line, plain, language) for line in paragraphs(text)]
    full = _by_surname(text, [pair for line in lines for pair in line.named])
    return [quote for line in lines for quote in _in_paragraph(text, line, full)]


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph: what stands in marks in it, and the full names outside of that."""

    place: Pair
    marked: list[Pair]
    named: list[Pair]


def _read(text: str, line: Pair, plain: Collection[str], language: str | None) -> _Line:
    marked = [match.span() for match in MARKS.finditer(text, *line)]
    names = LONGER if language == NOUNS_TOO else NAME
    found = (_without_opening(text, match.span(), plain) for match in names.finditer(text, *line))
    capitalised = [span for pair in found if (span := _from_capital(text, pair))]
    outside = [pair for pair in capitalised if not _is_in(pair, marked)]
    return _Line(line, marked, [_last_two(text, pair) if language == NOUNS_TOO else pair for pair in outside])


def _by_surname(text: str, named: Sequence[Pair]) -> dict[str, str]:
    """The full name of each last word that only one has."""
    whole: dict[str, set[str]] = {}
    for pair in named:
        name = text[slice(*pair)]
        whole.setdefault(name.split()[-1], set()).add(name)
    return {surname: names.pop() for surname, names in whole.items() if len(names) == 1}


def _in_paragraph(text: str, line: _Line, full: Mapping[str, str]) -> Iterator[Quote]:
    bare = [
        match.span()
        for match in WORD.finditer(text, *line.place)
        if match[0] in full and not _is_in(match.span(), [*line.marked, *line.named])
    ]
    only: Pair | None = None
    for quoted in line.marked:
        if words_in(text[slice(*quoted)]) >= WORDS:
            only = _named_beside(text, quoted, line.named, bare) or only
            name = text[slice(*only)] if only else ""
            name = full[name] if only in bare else name
            yield Quote(
                content=(Span.of(text, *quoted),),
                source=(Span.of(text, *only),) if only else (),
                speaker=Speaker(name, None, UNSURE) if only else None,
            )


def _is_in(pair: Pair, places: Sequence[Pair]) -> bool:
    return any(start <= pair[0] < end for start, end in places)


def _named_beside(text: str, quoted: Pair, named: Sequence[Pair], bare: Sequence[Pair]) -> Pair | None:
    """Who is named nearest: behind the quotation where its sentence goes on there, else before it.

    «…», dijo Ana Torvik. «…» Nadie respondió. A surname counts in the quotation's own sentence.
    """
    goes_on = GOES_ON.match(text, quoted[1])
    behind = [
        pair
        for pair in (*named, *bare)
        if goes_on and quoted[1] <= pair[0] and not STOP.search(text, quoted[1], pair[0])
    ]
    before = [pair for pair in named if pair[1] <= quoted[0]]
    before += [pair for pair in bare if pair[1] <= quoted[0] and not STOP.search(text, pair[1], quoted[0])]
    beside = [min(pairs, key=lambda pair: _between(pair, quoted)) for pairs in (behind, before) if pairs]
    return next((pair for pair in beside if _between(pair, quoted) <= NEAR), None)


def _between(one: Pair, other: Pair) -> int:
    """Characters between two pairs that are apart."""
    return max(one[0] - other[1], other[0] - one[1])


def _from_capital(text: str, pair: Pair) -> Pair | None:
    """A name without small letters before it, which other alphabets have, too; None where one word is left."""
    starts = [pair[0] + match.start() for match in re.finditer(r"\S+", text[slice(*pair)])]
    kept = [start for start in starts if text[start].isupper()]
    return (kept[0], pair[1]) if len(kept) > 1 else None


def _without_opening(text: str, pair: Pair, plain: Collection[str]) -> Pair:
    """A name without the word that only opens its sentence, as the text has it elsewhere, too: "Según Ana Torvik"."""
    first, _, rest = text[slice(*pair)].partition(" ")
    is_opening = OPENS.search(text[max(0, pair[0] - BEFORE) : pair[0]]) and first.lower() in plain
    return (pair[1] - len(rest), pair[1]) if is_opening else pair


def _last_two(text: str, pair: Pair) -> Pair:
    words = [match.start() for match in re.finditer(r"\S+", text[slice(*pair)])]
    return pair[0] + words[-2], pair[1]
