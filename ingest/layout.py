"""Read what an article's layout alone says of who speaks: turns of an interview, and signed quotations.

In: an article's text. Out: attributions like the tagger's. A line such as "Hale: We tried." is a
turn only where the same labels come again and again; anything else is left to the tagger.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from ingest.decoder import TaggedQuote
from ingest.names import CLAUSE
from rag.text import paragraphs

Pair = tuple[int, int]

# A name and a colon; an answer's A; or a question's Q, after which the mark can be missing.
LABEL = re.compile(
    r"([A-Z][\w.’'-]*(?: [\w.’'&-]+){0,4}?)(?: \([^()\n]{1,40}\))?(:)\s+(?=\S)"
    r"|(A)(\.)\s+(?=[A-Z“\"])|Q[.:]?\s*(?=[A-Z“\"])"
)
ANSWER, QUESTION = "A", "Q"
FULL_NAME = re.compile(r"\b[A-Z][\w’'-]+ (?=([A-Z][\w’'-]+))")
# Labels of a list of events, of a recipe or of a contact, not of anybody who speaks.
NO_SPEAKERS = frozenset(
    "what when where who why how price prices cost address phone tickets hours date time info note notes editor photo "
    "image video more read related update correction source sources location website email contact by from to".split()
)
TURNS, TURNS_OF_ONE = 4, 2  # So many turns make an interview, if one speaker has so many.
GAP = 3  # An answer's further paragraphs before the next turn.
LINE = 700  # Characters of the longest paragraph that is read as a signed quotation.
SIGNED = re.compile(r"(“[^”\n]+”|\"[^\"\n]+\")\s*([—–]|--?)\s*([A-Z][^\n“”\"—]{2,100}?)\.?")
POSTED = re.compile(r"([^\n<>]{3,500}?)\s*([—–]|--)\s*([^\n—–]{2,60}? \(@\w{1,15}\))[^\n—–]{0,40}")


def laid_out(text: str) -> list[TaggedQuote]:
    """What the layout gives, in the order of the words: all of it is word for word."""
    turns = _turns(text)
    areas = sorted(map(_area, turns))
    signed = [quote for quote in _signed(text) if _holding(areas, quote.content[0][0]) is None]
    return sorted([*turns, *signed], key=lambda quote: quote.content)


def apart_from(laid: Sequence[TaggedQuote], tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """What the tagger found beside it: its own reading of the same words is left out."""
    areas, labels = sorted(map(_area, laid)), {quote.source for quote in laid}
    kept = []
    for quote in tagged:
        content = tuple(pair for pair in quote.content if not _is_covered(pair, quote.source, areas))
        if content and quote.source not in labels:
            kept.append(replace(quote, content=content))
    return kept


def _area(quote: TaggedQuote) -> Pair:
    pairs = [*quote.content, *(pair for pair in (quote.source, quote.cue) if pair)]
    return min(pairs)[0], max(end for _, end in pairs)


def _holding(areas: Sequence[Pair], place: int) -> Pair | None:
    at = bisect_right(areas, place, key=itemgetter(0))
    return areas[at - 1] if at and place < areas[at - 1][1] else None


def _is_covered(pair: Pair, source: Pair | None, areas: Sequence[Pair]) -> bool:
    """True for words within an area unless their source stands there, too: "I think" in an answer stays."""
    area = _holding(areas, pair[0])
    return area is not None and (source is None or not area[0] <= source[0] < area[1])


def _turns(text: str) -> list[TaggedQuote]:
    """The turns of an interview or a transcript; a question that is only marked Q is left out."""
    lines = list(paragraphs(text))
    found = [(number, match) for number, line in enumerate(lines) if (match := LABEL.match(text, *line))]
    names = [match[1] or match[3] or QUESTION for _, match in found]
    counts = Counter(name for name in names if name != QUESTION and name.split()[0].lower() not in NO_SPEAKERS)
    if not _is_interview(text, counts, {match.start() for _, match in found}):
        return []
    turns = []
    following = [number for number, _ in found[1:]] + [0]
    for (number, match), name, after in zip(found, names, following, strict=True):
        if name in counts:
            more = lines[number + 1 : after] if after <= number + 1 + GAP else []
            group = 1 if match[1] else 3
            content = ((match.end(), lines[number][1]), *more)
            turns.append(TaggedQuote(content, match.span(group), match.span(group + 1)))
    return turns


def _is_interview(text: str, counts: Counter[str], labels: set[int]) -> bool:
    """Answers marked A, or turns of several people one of whom the article names outside of a label, too."""
    if counts[ANSWER] >= TURNS_OF_ONE:
        return True
    often = {name.split()[-1].lower() for name, count in counts.items() if count >= TURNS_OF_ONE}
    if counts.total() < TURNS or len(counts) < 2 or not often:
        return False
    return any(m[1].lower() in often and m.start() not in labels for m in FULL_NAME.finditer(text))


def _signed(text: str) -> list[TaggedQuote]:
    """Paragraphs such as “…” — Ann Lee, mayor, and posts that end in — Ann Lee (@annlee) 4 May."""
    found = []
    for start, end in paragraphs(text):
        if end - start > LINE:
            continue
        match = SIGNED.fullmatch(text, start, end) or POSTED.fullmatch(text, start, end)
        if match and not CLAUSE.search(match[3]):
            found.append(TaggedQuote((match.span(1),), match.span(3), match.span(2)))
    return found
