"""Tell a page of voices: above what each says, without marks, stand the name and what its owner does.

    Ann Lee, 34, baker

    I pass it every morning.

In: an article's text. Out: the words below each such line as one turn of whoever is named there. What leads to the
voices, and what the paper says below the last of them, is the article's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ingest.text.marks import OPENING
from ingest.text.names import CAPITALISED, PARTICLE, surname
from ingest.text.turn import Turn
from ingest.text.turn_labels import OWN_WORDS, SENTENCE, told_of
from ingest.text.unlabelled import OWN_SHARE, OWN_TIMES, OWN_VIEW, UNQUOTED, is_own
from rag.text import paragraphs

Pair = tuple[int, int]

# "Ann Lee, tram driver", "2. Ann Lee (34), baker", "Ann Lee – pupil": a name, and what is told of its owner.
HEADING = re.compile(
    rf"(?:\d{{1,2}}[.)] )?(?P<label>({CAPITALISED}(?: (?:{CAPITALISED}|{PARTICLE}))+)"
    r"(?:,? \(([^()\n]{1,60})\))?(?:(?:,| [–—|-]) ([^.!?:;“”\"\n]{2,80}))?):?"
)
LONGEST = 8  # Words of what is told of somebody on the line below the name.
LEAST = 2  # Of such names: one is the caption of a picture.
TOLD_OF = 0.5  # So large a share of them have a trade or an age, in small letters, behind them: titles of books do not.

# One writer can tell of the places that are named above each paragraph, too: that it is people who talk, an age tells,
# or that they were asked.
AGE = re.compile(r"(?:^|, )(?:aged? )?[1-9]\d(?=,|\Z)")
ASKED = re.compile(
    r"\bask(?:s|ed)?\b(?! for\b)|\b(?:told|tell) us\b|\b(?:spoke|talked) (?:to|with)\b|\bin their own words\b", re.I
)


@dataclass(frozen=True, slots=True)
class _Head:
    """The line that names a voice, and the last one that tells of it; the name, with what the line tells, and that."""

    first: int
    last: int
    name: str
    label: Pair
    about: str


def voices(text: str) -> tuple[Turn, ...]:
    """The turns of a page of voices; none of any other text.

    Some of them have an age, or what stands above them says that they were asked. Most speak of themselves, and none is
    told of below its own name, as in a portrait. A text that says "I" before the first name is a column, or a letter
    with its name below; so is a name below words in marks.
    """
    lines = list(paragraphs(text))
    heads = list(_heads(text, lines))
    if len(heads) < LEAST or told_of(text, lines):
        return ()
    if len({head.name for head in heads}) < len(heads):
        return ()  # Whoever comes again speaks in turns.
    above = [text[slice(*line)] for line in lines[: heads[0].first]]
    lead = UNQUOTED.sub("", "\n".join(above))
    if OWN_VIEW.search(lead) or (above and above[-1][0] in OPENING):
        return ()
    if not ASKED.search(lead) and not any(AGE.search(head.about) for head in heads):
        return ()
    ends = [*(head.first for head in heads[1:]), len(lines)]
    said = [_words(text, lines[head.last + 1 : end]) for head, end in zip(heads, ends, strict=True)]
    if not all(said):
        return ()  # Names right below each other are a list, such as a table of ranks.
    said[-1] = _to_the_last_own(text, said[-1])
    spoken = [" ".join(text[slice(*pair)] for pair in own) for own in said]
    described = sum(not head.about[:1].isupper() for head in heads)
    own, ours = (sum(is_own(words, which) for words in spoken) for which in (OWN_VIEW, OWN_WORDS))
    if described < TOLD_OF * len(heads) or not own or ours < max(OWN_TIMES, OWN_SHARE * len(heads)):
        return ()
    if any(_tells_of(words, head.name) for words, head in zip(spoken, heads, strict=True)):
        return ()
    return tuple(Turn(head.label, None, tuple(own)) for head, own in zip(heads, said, strict=True))


def _heads(text: str, lines: Sequence[Pair]) -> Iterator[_Head]:
    """The lines with a name and what is told of it, there or on the next line, above a sentence."""
    for number, line in enumerate(lines[:-1]):
        match = HEADING.fullmatch(text, *line)
        if match is None:
            continue
        about, last = match[3] or match[4] or "", number
        if not about and number + 2 < len(lines) and not _is_said(text, lines[number + 1]):
            about, last = text[slice(*lines[number + 1])], number + 1
        if about and len(about.split()) <= LONGEST and _is_said(text, lines[last + 1]):
            yield _Head(number, last, match[2], match.span("label"), about)


def _is_said(text: str, line: Pair) -> bool:
    return SENTENCE.search(text, *line) is not None


def _words(text: str, lines: Sequence[Pair]) -> list[Pair]:
    """The paragraphs below a name, up to another heading."""
    return list(takewhile(lambda line: _is_said(text, line), lines))


def _to_the_last_own(text: str, lines: Sequence[Pair]) -> list[Pair]:
    """The first of them, and the others up to the last in which somebody speaks of himself; the paper has the rest."""
    own = [number for number, line in enumerate(lines) if is_own(text[slice(*line)], OWN_WORDS)]
    return list(lines[: max([0, *own]) + 1])


def _tells_of(words: str, name: str) -> bool:
    """True for words outside of marks that name the one to whom they would be given."""
    called = {name.split()[0], surname(tuple(name.split()))}
    return re.search(rf"\b(?:{'|'.join(map(re.escape, called))})\b", UNQUOTED.sub("", words), re.I) is not None
