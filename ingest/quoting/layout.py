"""Read what an article's layout alone says of who speaks: turns of an interview, and signed quotations.

In: an article's text. Out: attributions like the tagger's, and the areas in which the tagger has no say.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from ingest.quoting.block_quotes import block_quotes
from ingest.quoting.dashes import by_dashes
from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.edges import bare
from ingest.quoting.signed import signed
from ingest.quoting.statements import SENTENCE_BETWEEN
from ingest.text.marks import OPENING, held_open
from ingest.text.sources import RELATIVE
from ingest.text.turn import Turn
from ingest.text.turn_labels import OWN_WORDS
from ingest.text.turns import turns
from ingest.text.unlabelled import ADDRESSED
from rag.text import sentences

Pair = tuple[int, int]

# Who says nothing that an answer could tell of: "a line that says" is in the answer already.
NOT_OTHERS = frozenset(("nobody", "no one", "no-one", "that"))
# What stands before a verb of saying where "you" say it, or whoever stands before an apposition.
IS_SUBJECT = re.compile(r"(?:,|\byou(?: \w+)?)\s*\Z", re.I)
# Of the 29 training articles that have something laid out, it is 0.7 and more of four, and 0.22 or less of the others.
MUCH = 0.3


@dataclass(frozen=True, slots=True)
class Layout:
    """What the layout gives: quotes in the order of their words, and the areas that are theirs or are questions.

    `asked` are the sentences of somebody's turn that ask, and those that lead to what nobody is named for asking.
    """

    quotes: tuple[TaggedQuote, ...] = ()
    areas: tuple[Pair, ...] = ()
    questions: tuple[Pair, ...] = ()
    asked: tuple[Pair, ...] = ()
    answers: frozenset[tuple[Pair, ...]] = frozenset()  # The contents that are the interviewed person's.
    labels: tuple[Pair, ...] = ()
    held: tuple[Pair, ...] = ()  # The areas in which a quotation goes on.

    def is_much_of(self, text: str) -> bool:
        """True of transcripts and interviews: an article with a post or a letter in it is read as an article."""
        taken = sum(end - start for start, end in {*self.areas, *self.questions} - {*self.held})
        return taken > MUCH * len(text)


def laid_out(
    text: str,
    tagged: Sequence[TaggedQuote] = (),
    *,
    title: str = "",
    unlabelled: bool = True,
    given: Sequence[Turn] = (),
) -> Layout:
    """What the layout gives: all of it is word for word.

    `title` is the headline. `tagged` is what the tagger found, which tells who leads to a block quotation.
    `unlabelled`: also answers below questions without labels. `given`: the turns of a text where they are known, as
    those of letters: it has no others.
    """
    sources = [quote.source for quote in tagged if quote.source]
    found = list(given) or turns(text, unlabelled=unlabelled, sources=sources, title=title)
    answered = [turn for turn in found if not turn.is_question]
    spoken = [TaggedQuote(turn.content, turn.said_by or turn.label, turn.mark) for turn in answered]
    areas = _parted(turn.area for turn in found)
    held = _held(text, tagged)
    blocks = [*block_quotes(text, tagged), *held]
    set_off = {pair for quote in blocks for pair in quote.content}
    alone = [quote for quote in (*signed(text), *by_dashes(text)) if quote.content[0] not in set_off]
    alone = [quote for quote in (*blocks, *alone) if _holding(areas, quote.content[0][0]) is None]
    quotes = sorted([*spoken, *alone], key=lambda quote: quote.content)
    return Layout(
        tuple(quotes),
        tuple(_parted([*(turn.area for turn in answered), *map(_said_area, alone)])),
        tuple(sorted(pair for turn in found if turn.is_question for pair in _asked(text, turn))),
        tuple(sorted([*(pair for turn in answered for pair in _asked(text, turn)), *_put(text, found)])),
        frozenset(turn.content for turn in answered if not turn.label and not turn.said_by),
        tuple(sorted({place for turn in answered for place in (turn.label, turn.said_by) if place})),
        tuple(map(_said_area, held)),
    )


def _parted(areas: Iterable[Pair]) -> list[Pair]:
    """The areas in order and apart: one that another breaks into is two, before it and behind it."""
    made: list[Pair] = []
    for start, end in sorted(areas, key=lambda area: (area[0], -area[1])):
        if made and end < made[-1][1]:
            outer = made.pop()
            made += [(outer[0], start), (start, end), (end, outer[1])]
        else:
            made.append((start, end))
    return made


def apart_from(text: str, laid: Layout, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """What the tagger found beside it: its own reading of the same words is left out, and what a question asks."""
    labels = sorted({*laid.labels, *(q.source for q in laid.quotes if q.source and _holding(laid.areas, q.source[0]))})
    kept = []
    for quote in tagged:
        free = [pair for pair in quote.content if not _is_covered(text, bare(text, pair) or pair, quote.source, laid)]
        content = tuple(_before_question(pair, laid) for pair in free)
        if not content or (quote.source and _holding(labels, quote.source[0])):
            continue
        if talking := _talking(quote, laid):
            if _is_addressed(text, quote):
                continue
            content = tuple(pair for pair in content if _is_passed_on(text, pair, quote.source))
            quote = replace(quote, channel=quote.channel or talking)
        if content:
            kept.append(replace(quote, content=content))
    return kept


def _is_passed_on(text: str, pair: Pair, source: Pair | None) -> bool:
    """True for words in the sentence that names whose they are, or in marks: "They say so. I do not" is told by two."""
    if source is None or text[pair[0]] in OPENING:
        return True
    between = (pair[1], source[0]) if pair[1] <= source[0] else (source[1], pair[0])
    return not SENTENCE_BETWEEN.search(text, *between)


def _is_addressed(text: str, quote: TaggedQuote) -> bool:
    """True for "Dr. Lee, on page 3 of your report it says …": Lee is spoken to, and whoever talks reads it out.

    Not for "Dr. Lee, you said …", nor for "Dr. Lee, your colleague, says …", where Lee is who says it.
    """
    comma = text.find(",", quote.source[0], quote.cue[0]) if quote.source and quote.cue else -1
    if comma < 0 or not quote.source or not quote.cue or comma > quote.source[1]:
        return False
    between = text[comma : quote.cue[0]]
    return not RELATIVE.match(between) and not IS_SUBJECT.search(between) and ADDRESSED.search(between) is not None


def _talking(quote: TaggedQuote, laid: Layout) -> Pair | None:
    """Who talks where somebody else's words are passed on: in a turn that is labelled, broken into before or not."""
    place = quote.content[0][0]
    before = reversed(range(bisect_right(laid.quotes, place, key=_begins)))
    turn = next((laid.quotes[at] for at in before if place < laid.quotes[at].content[-1][1]), None)
    return turn.source if turn and turn.source in laid.labels else None


def _begins(quote: TaggedQuote) -> int:
    return quote.content[0][0]


def _before_question(pair: Pair, laid: Layout) -> Pair:
    """The words up to a question that begins in them."""
    at = bisect_right(laid.questions, pair[0], key=itemgetter(0))
    return (pair[0], min(pair[1], laid.questions[at][0])) if at < len(laid.questions) else pair


def _area(quote: TaggedQuote) -> Pair:
    pairs = [*quote.content, *(pair for pair in (quote.source, quote.cue) if pair)]
    return min(pairs)[0], max(end for _, end in pairs)


def _said_area(quote: TaggedQuote) -> Pair:
    """Where the words stand: a source that leads to them is outside."""
    return quote.content[0][0], max(_area(quote)[1], quote.content[-1][1])


def _holding(areas: Sequence[Pair], place: int) -> Pair | None:
    at = bisect_right(areas, place, key=itemgetter(0))
    return areas[at - 1] if at and place < areas[at - 1][1] else None


def _is_covered(text: str, pair: Pair, source: Pair | None, laid: Layout) -> bool:
    """True for words within an area unless their source stands there, too: what an answer says that others say stays.

    "Nobody believes you" is nobody's, and "I thought that …" is in the answer already.

    What a question asks is nobody's statement, whatever it says of others; what somebody who speaks quotes in marks
    while asking is.
    """
    if _holding(laid.questions, pair[0]) or (_holding(laid.asked, pair[0]) and text[pair[0]] not in OPENING):
        return True
    area = _holding(laid.areas, pair[0])
    if area is None:
        return False
    if source is None or not area[0] <= source[0] < area[1]:
        return True
    return text[slice(*source)].lower() in NOT_OTHERS or OWN_WORDS.fullmatch(text, *source) is not None


def _put(text: str, found: Sequence[Turn]) -> list[Pair]:
    """All of each question behind a Q: what one in a magazine's own type says of others, the magazine says."""
    areas = [turn.area for turn in found if turn.is_question]
    return [(start, end) for start, end in areas if text[text.rfind("\n", 0, start) + 1 : start].strip()]


def _asked(text: str, turn: Turn) -> list[Pair]:
    """The sentences of a question that ask; the first with its "Q." before it."""
    starts = [text.rfind("\n", 0, turn.content[0][0]) + 1, *(start for start, _ in turn.content[1:])]
    pairs = zip(starts, (end for _, end in turn.content), strict=True)
    found = [sentence for pair in pairs for sentence in sentences(text, *pair)]
    return [(start, end) for start, end in found if text[start:end].rstrip("”\"’')").endswith("?")]


def _held(text: str, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """The paragraphs in which a quotation goes on to its mark, of whoever the tagger has for its beginning."""
    found = []
    for (start, end), held in held_open(text):
        own = (quote.source for quote in tagged if any(start <= pair[0] < end for pair in quote.content))
        if source := next(filter(None, own), None):
            found.append(TaggedQuote(tuple(held), source, None))
    return found
