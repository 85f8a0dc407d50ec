"""Which stretches are parts of one quote: halves of a quotation, its paragraphs, and no scraps of other sentences."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise, takewhile

from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.edges import Pair, opens
from ingest.quoting.statements import SENTENCE_BETWEEN
from ingest.text.marks import CLOSING, is_inside
from ingest.text.names import is_headline

SCRAP = 2  # So few words without marks tell of nothing.
GLOSSED = re.compile(
    r"(?P<said>“[^“”\n]+”|\"[^\"\n]+\"|«[^«»\n]+»|[‘'][^‘\n]+['’])[ \u00a0]?(?:\([^()\n]+\)|\[[^\[\]\n]+\])[,.]?"
)
JOIN = 2  # Characters, a comma and a space, between a cue and the words that it leads on to.


def carried_on(
    text: str, tagged: Sequence[TaggedQuote], marked: Sequence[Pair], others: Collection[int] = ()
) -> list[TaggedQuote]:
    """The quotes, a “quotation whose paragraph does not close it with the next paragraphs that open it again.

    The tagger knows most of them in double marks by itself. What it has of those paragraphs by themselves, without a
    source, is part of the quotation. A line between them that is no sentence, a picture's or the page's, says nothing.
    What begins at `others` is, by turns, somebody else's.
    """
    after: dict[Pair, Pair] = {}
    lines: list[Pair] = []
    for one, other in pairwise(marked):
        between = text[one[1] : other[0]]
        is_open = text[one[0]] == text[other[0]] and text[one[1] - 1] not in CLOSING
        if is_open and "\n" in between and (between.isspace() or _is_no_sentence(between)):
            after[one] = other
            lines.append((one[1], other[0]))
    tagged = [
        replace(quote, source=None, cue=None) if quote.source and is_inside(quote.source, lines) else quote
        for quote in tagged
    ]
    tagged = _of_who_opens(tagged, after)
    owned = sorted({pair[0] for quote in tagged if quote.source for pair in quote.content}.union(others))
    kept: list[TaggedQuote] = []
    taken: list[Pair] = []
    for quote in tagged:
        at = bisect_left(marked, (quote.content[-1][1],)) - 1
        more = []
        holds = at >= 0 and marked[at][1] >= quote.content[-1][1]
        while (quote.source or holds) and at >= 0 and (following := after.get(marked[at])):
            if bisect_left(owned, following[0]) != bisect_left(owned, following[1]):
                break  # it is somebody's already
            more.append(following)
            at += 1
        kept.append(replace(quote, content=(*quote.content, *more)))
        taken.extend(more)
    taken.sort()
    return [quote for quote in kept if quote.source or not is_inside(quote.content[0], taken)]


def _of_who_opens(tagged: Sequence[TaggedQuote], after: Mapping[Pair, Pair]) -> list[TaggedQuote]:
    """The quotes, the paragraphs that a quotation goes on in taken from whoever is quoted within its first.

    “Then a pilot came. ‘Shut it,’ he said.” that goes on below is hers who opens it, and the pilot has two words.
    """
    made = list(tagged)
    order = sorted(range(len(made)), key=lambda n: made[n].content[0][0])
    starts = [made[n].content[0][0] for n in order]
    for first in after.keys() - set(after.values()):
        rest, one = list[Pair](), first
        while following := after.get(one):
            rest.append(one := following)
        near = order[bisect_left(starts, first[0]) : bisect_left(starts, rest[-1][1])]
        opener = next((n for n in near if made[n].source and tagged[n].content[0][0] == first[0]), None)
        if opener is None or is_inside(made[opener].source or first, [first]):
            continue
        for n in near:
            if n != opener and (source := made[n].source) and is_inside(source, [first]):
                made[n] = _outside(made[n], rest)
        others = sorted(pair for n in near if n != opener and made[n].source for pair in made[n].content)
        own = made[opener].content
        more = [*takewhile(partial(_is_free, others=others), rest)]
        made[opener] = replace(made[opener], content=(*own, *(pair for pair in more if not _shares(pair, own))))
        for n in near:
            if not made[n].source:
                made[n] = _outside(made[n], more)
    return [quote for quote in made if quote.content]


def _outside(quote: TaggedQuote, areas: Sequence[Pair]) -> TaggedQuote:
    return replace(quote, content=tuple(pair for pair in quote.content if not is_inside(pair, areas)))


def _is_free(pair: Pair, others: Sequence[Pair]) -> bool:
    """True where none of the others, which are in order, begins in the pair."""
    return bisect_left(others, pair) == bisect_left(others, (pair[1],))


def _shares(pair: Pair, others: Sequence[Pair]) -> bool:
    return any(other[0] < pair[1] and pair[0] < other[1] for other in others)


def _is_no_sentence(between: str) -> bool:
    """True for one line by itself that does not end as a sentence does: "Picture: Ann Lee", "Advertisement"."""
    first, *lines, last = map(str.strip, between.split("\n"))
    said = [line for line in lines if line]
    return not first and not last and len(said) == 1 and not said[0].endswith((".", "?", "!"))


def filled(pairs: Sequence[Pair], marked: Sequence[Pair], owned: Sequence[Pair]) -> list[Pair]:
    """The pairs, those joined that stand in one quotation with nothing of anybody's between: it is all one's words."""
    kept: list[Pair] = []
    before = -1  # The place among all that is somebody's of the last pair.
    for pair in pairs:
        place = bisect_left(owned, pair)
        at = bisect_left(marked, (kept[-1][0] + 1,)) - 1 if kept else -1
        if at >= 0 and marked[at][1] >= pair[1] and place == before + 1:
            kept[-1] = (kept[-1][0], pair[1])
        else:
            kept.append(pair)
        before = place
    return kept


def without_asides(text: str, content: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """The pieces but what stands in brackets of its own behind a quotation: the article's translation or gloss."""
    content = tuple(_unglossed(text, pair) for pair in content)
    aside = [pair for pair in content if text[pair[0] - 1 : pair[0]] + text[pair[1] : pair[1] + 1] in ("()", "[]")]
    return content if len(aside) == len(content) else tuple(pair for pair in content if pair not in aside)


def _unglossed(text: str, pair: Pair) -> Pair:
    """A quotation without the brackets behind its closing mark."""
    glossed = GLOSSED.fullmatch(text, *pair)
    return (pair[0], glossed.end("said")) if glossed else pair


def without_scraps(
    text: str, content: tuple[Pair, ...], marked: Sequence[Pair], tagged: TaggedQuote
) -> tuple[Pair, ...]:
    """The pieces but for a word or two of another sentence than the quotation: "The coach" and “We won,” he said.

    Where only words in marks follow before the source, a sentence ahead of them is the article's, however long.
    """
    said = min((pair[0] for pair in (tagged.source, tagged.cue) if pair), default=-1)
    kept = tuple(pair for pair in content if not _is_scrap(text, pair, content, marked, said))
    return kept or content


def _is_scrap(text: str, pair: Pair, content: Sequence[Pair], marked: Sequence[Pair], said: int) -> bool:
    if _touches(pair, marked):
        return False
    beside = [other for other in content if other != pair]
    led_to = [other for other in beside if pair < other < (said, said)]
    if len(text[slice(*pair)].split()) > SCRAP and not (led_to and all(_touches(other, marked) for other in beside)):
        return False
    gaps = [(pair[1], other[0]) if other > pair else (other[1], pair[0]) for other in beside]
    return bool(beside) and all(SENTENCE_BETWEEN.search(text, *gap) for gap in gaps)


def _touches(pair: Pair, marked: Sequence[Pair]) -> bool:
    at = bisect_left(marked, (pair[1],))
    return at > 0 and marked[at - 1][1] > pair[0]


def is_title(text: str, content: Sequence[Pair]) -> bool:
    """True for “A Song Whose Name Is Set Like This”: it names a work, and nobody says it."""
    return all(opens(text[slice(*pair)]) and is_headline(text[slice(*pair)], is_marked=True) for pair in content)


def unowned(marked: Sequence[Pair], taken: Sequence[Pair]) -> list[Pair]:
    """The quotations that share nothing with what the tagger found; both come in order."""
    kept = []
    for start, end in marked:
        at = bisect_left(taken, (end,))
        if not (at and taken[at - 1][1] > start):
            kept.append((start, end))
    return kept


def continued(text: str, content: Sequence[Pair], tagged: TaggedQuote, free: Sequence[Pair]) -> list[Pair]:
    """The second half of “…,” said NAME, “…”; not a name in marks behind “…,” said a man who goes by the name."""
    said = max((pair[1] for pair in (tagged.source, tagged.cue) if pair), default=-1)
    if said < content[-1][1]:
        return []
    at = bisect_left(free, (said,))
    is_led_to = tagged.cue is not None and tagged.cue[1] == said
    return [
        pair for pair in free[at : at + 1] if pair[0] - said <= JOIN and (is_led_to or text[said : pair[0]].strip())
    ]
