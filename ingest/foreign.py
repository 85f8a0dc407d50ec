"""Find the quotations of an article that is not in English: what stands in marks, with the one name beside it.

In: an article's text. Out: quotes without a cue, their speakers with little confidence. Nothing else is read: the
tagger has learned from English alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.language import words_in
from rag.schema import Quote, Span, Speaker
from rag.text import paragraphs

Pair = tuple[int, int]

# Pairs of marks, as the languages use them; a dash that opens a line speaks for it in some.
MARKS = re.compile(r"“[^”“\n]+”|„[^“”„\n]+[“”]|«[^»«\n]+»|»[^«»\n]+«|\"[^\"\n]+\"|「[^」\n]+」")
WORDS = 3  # So many words make a quotation; fewer are a title or a word in doubt.
# Two or three words with capitals, particles and initials between them.
NAME = re.compile(
    r"(?<![\w-])[^\W\d_a-z][\w’'-]+(?: (?:d[aeiou]s?|del|von|van|al|el|bin|de la|ter|[^\W\d_a-z]\.))*"
    r"(?: [^\W\d_a-z][\w’'-]+){1,2}"
)
NEAR = 60  # Characters between a quotation and the name that it is said to be of.
GOES_ON, STOP = re.compile(r"[\s,—–-]*[^\W\d_A-Z]"), re.compile(r"[.!?]\s|\n")
UNSURE = 0.3
NOUNS_TOO = "de"  # Writes every noun with a capital: of "Lotse Per Lund", the last two are the name.


def marked_quotes(text: str, language: str | None = None) -> list[Quote]:
    """Every quotation in marks, in order; its speaker is who is named in full nearest to it, outside of quotations."""
    return [quote for line in paragraphs(text) for quote in _in_paragraph(text, line, language)]


def _in_paragraph(text: str, line: Pair, language: str | None) -> Iterator[Quote]:
    marked = [match.span() for match in MARKS.finditer(text, *line)]
    outside = [span for match in NAME.finditer(text, *line) if (span := _from_capital(text, match.span()))]
    outside = [pair for pair in outside if not any(start <= pair[0] < end for start, end in marked)]
    named = [_last_two(text, pair) if language == NOUNS_TOO else pair for pair in outside]
    only: Pair | None = None
    for quoted in marked:
        if words_in(text[slice(*quoted)]) >= WORDS:
            only = _named_beside(text, quoted, named) or only
            yield Quote(
                content=(Span.of(text, *quoted),),
                source=(Span.of(text, *only),) if only else (),
                speaker=Speaker(text[slice(*only)], None, UNSURE) if only else None,
            )


def _named_beside(text: str, quoted: Pair, named: Sequence[Pair]) -> Pair | None:
    """Who is named nearest: behind the quotation where its sentence goes on there, else before it.

    «…», dijo Ana Torvik. «…» Nadie respondió.
    """
    goes_on = GOES_ON.match(text, quoted[1])
    behind = [pair for pair in named if goes_on and quoted[1] <= pair[0] and not STOP.search(text, quoted[1], pair[0])]
    before = [pair for pair in named if pair[1] <= quoted[0]]
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


def _last_two(text: str, pair: Pair) -> Pair:
    words = [match.start() for match in re.finditer(r"\S+", text[slice(*pair)])]
    return pair[0] + words[-2], pair[1]
