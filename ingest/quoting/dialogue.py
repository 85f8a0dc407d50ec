"""Part a conversation in which only the first words of either side name who speaks.

In: an article's text and the tagger's quotes, which take “It is,” said Lee, and the paragraphs after it, for Lee’s.
Out: the same quotes, a paragraph that answers another one given to the other side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from ingest.quoting.decoder import TaggedQuote
from ingest.text.names import HONORIFICS
from ingest.text.sources import PRONOUNS, listed
from rag.text import paragraphs

Pair = tuple[int, int]
Sides = tuple[TaggedQuote, TaggedQuote]  # Who spoke last, and the other one.

CLOSING = "”\"»’'"
QUOTED = re.compile(r"“[^“”\n]+”|\"[^\"\n]+\"|«[^«»\n]+»|[‘'][^“”\"\n]+[’']")
SHORT, SHORT_TURNS = 12, 2  # Words of a short turn, and so many of them.
LOOSE = ".,’'"  # At the ends of a name's words.
ASKS = ("?”", '?"', "?»", "?’", "?'")
UNKNOWN = TaggedQuote((), None, None)  # A side without a source.
BOTH = 2
OWN, SPOKEN_TO, LONG = re.compile(r"\bI ([^.!?]+)"), re.compile(r".You\b([^.!?]+)"), re.compile(r"\w{4,}")


def by_turns(text: str, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """The quotes with the paragraphs of each conversation given to its two sides by turns.

    A conversation is what one says, with its source, an answer with another in the next paragraph, then quotations
    that are paragraphs of their own, each closed: among which one asks; where nobody asked before, two at least, of
    which the first asks or all are short. Of 511 news articles none has such paragraphs of anybody who goes on.
    Where only one side has a source, they are two at least, and that side asks right above them or the first of them
    does: of 901 articles none has two of anybody who asks and goes on. The other side's lines have no source then.
    Of two who spoke together before, one line may answer: what takes up as "you" what the one said as "I".
    """
    made: list[TaggedQuote] = []
    sides: Sides | None = None
    quoted = _quoted_paragraphs(text)
    named = {pair for quote in tagged if quote.cue for pair in _beside_source(quoted, quote)[:1]}
    for quote in tagged:
        if sides and made[-1].content[-1] >= quote.content[0]:  # Some of its words are a turn already.
            left = tuple(pair for pair in quote.content if pair > made[-1].content[-1])
            if not left:
                continue
            quote = replace(quote, content=left)
        if sides and quote.source and not quote.cue and quote.source in (sides[0].source, sides[1].source):
            sides = _take_turns(quote.content, sides, made)
            continue
        led, rest = _from_source(text, quoted, quote)
        first, others = _by_paragraph(quoted, rest.content)
        following = _following(quoted, first[0], named)
        if all(any(start <= one[0] < end for start, end in following) for one in others):
            others = following  # The tagger may pass over one of them.
        own = replace(quote, content=first)
        sides = _sides(text, [*made, *led], own, others, sides) if _stand_alone(text, others) else None
        if sides:
            made += led
        if sides and UNKNOWN in sides and made:
            made[-1] = _without_source_below(text, made[-1], own)
        made.append(own if sides else quote)
        if sides:
            sides = _take_turns(others, sides, made)
    return made


def _from_source(
    text: str, quoted: dict[Pair, Pair | None], quote: TaggedQuote
) -> tuple[list[TaggedQuote], TaggedQuote]:
    """A question above the paragraph that names who speaks, apart from the words in that paragraph: his answer."""
    beside = _beside_source(quoted, quote)
    above = tuple(pair for pair in quote.content if pair < beside[0])
    if not (above and quote.source and _is_question(text, above[-1])):
        return [], quote
    rest = tuple(pair for pair in quote.content if pair >= beside[0])
    return [replace(quote, content=above, cue=None)], replace(quote, content=rest)


def _sides(
    text: str, made: Sequence[TaggedQuote], quote: TaggedQuote, pairs: Sequence[Pair], sides: Sides | None
) -> Sides | None:
    """The two whose turns the paragraphs are below what somebody says; `sides` are those of a conversation above."""
    before = made[-1] if made else None
    if before and sides and _is_next(text, before, quote) and (going_on := _going_on(text, quote, sides)):
        return going_on
    if before and _answers(text, before, quote):
        if _are_turns(text, before, pairs):
            return quote, before
        if _asks(text, before) and all(_is_short(text, pair) for pair in pairs):
            return quote, UNKNOWN  # A short line behind a question and its answer may be either's.
    asks = [_is_question(text, pair) for pair in (quote.content[-1], *pairs)]
    is_told = quote.cue and quote.source and text[quote.content[-1][1] - 1] in CLOSING
    is_answered = len(pairs) >= SHORT_TURNS and any(asks[:2])
    is_answered = is_answered or (_is_of_two(text, made, quote) and _takes_up(text, quote.content[-1], pairs[0]))
    return (quote, UNKNOWN) if is_told and is_answered else None


def _is_of_two(text: str, made: Sequence[TaggedQuote], quote: TaggedQuote) -> bool:
    """True where one speaks alone of two who said something together before."""
    sources = {text[slice(*before.source)] for before in made if before.source}
    pairs = (several for source in sources if len(several := listed(source)) == BOTH)
    return any(_are_one(_names(text, quote), {*one.tokens}) for pair in pairs for one in pair)


def _takes_up(text: str, said: Pair, answer: Pair) -> bool:
    """True for “You wanted to.” below “I wanted to stop”: who is spoken to has said it of himself, and goes not on."""
    told, taken = OWN.search(text, *said), SPOKEN_TO.match(text, *answer)
    words, others = (set(LONG.findall(found[1].lower())) if found else set() for found in (told, taken))
    return _is_short(text, answer) and not words.isdisjoint(others)


def _going_on(text: str, quote: TaggedQuote, sides: Sides) -> Sides | None:
    """The sides of a conversation behind words with a source: of one side, of somebody who breaks in, or of nobody.

    A pronoun or an office may be either's, or of a third.
    """
    who, known = _names(text, quote), [_names(text, side) for side in sides]
    for number, names in enumerate(known):
        if _are_one(who, names):
            return quote, sides[1 - number]
    if who and all(known):
        return sides
    return None if _asks(text, quote) else (UNKNOWN, UNKNOWN)


def _names(text: str, quote: TaggedQuote) -> set[str]:
    """The words of a source that is a name, without titles."""
    words = text[slice(*quote.source)].split() if quote.source else []
    names = {word.strip(LOOSE) for word in words if word[0].isupper()}
    return {name for name in names if name.lower() not in PRONOUNS | HONORIFICS}


def _are_one(one: set[str], other: set[str]) -> bool:
    """True where one has all the words of the other: Brock is Lena Brock, and Lena Castle is not Ruben Castle."""
    return bool(one and other) and (one <= other or other <= one)


def _without_source_below(text: str, before: TaggedQuote, quote: TaggedQuote) -> TaggedQuote:
    """A question without a source of its own, which the tagger gives to whoever answers it in the next paragraph."""
    is_own = before.source != quote.source or before.cue is not None or not _asks(text, before)
    return before if is_own else replace(before, source=None)


def of_others(before: Sequence[TaggedQuote], parted: Sequence[TaggedQuote]) -> frozenset[int]:
    """Where the lines begin whose source `by_turns` took away: somebody else says them than the lines around them."""
    unknown = {quote.content[0][0] for quote in before if not quote.source}
    return frozenset(quote.content[0][0] for quote in parted if not quote.source) - unknown


def _quoted_paragraphs(text: str) -> dict[Pair, Pair | None]:
    """Each paragraph, with the one after it where that is a closed quotation as a whole."""
    lines = list(paragraphs(text))
    return {
        one: other if other and QUOTED.fullmatch(text, *other) else None
        for one, other in zip_longest(lines, lines[1:])
        if one
    }


def _beside_source(quoted: dict[Pair, Pair | None], quote: TaggedQuote) -> Sequence[Pair]:
    """The words in the paragraph that names who says them, or all: “Whom?” above “Her,” said Lee, is another's."""
    place = quote.source[0] if quote.source else -1
    line = next(((start, end) for start, end in quoted if start <= place < end), None)
    return [pair for pair in quote.content if line and line[0] <= pair[0] < line[1]] or quote.content


def _by_paragraph(quoted: dict[Pair, Pair | None], content: Sequence[Pair]) -> tuple[tuple[Pair, ...], list[Pair]]:
    """What stands in the paragraph of the first words, on either side of who says them, and what stands below it."""
    end = next((line[1] for line in quoted if line[0] <= content[0][0] < line[1]), content[0][1])
    return tuple(pair for pair in content if pair[0] < end), [pair for pair in content if pair[0] >= end]


def _following(quoted: dict[Pair, Pair | None], said: Pair, named: set[Pair]) -> list[Pair]:
    """The paragraphs after some words that are quotations as a whole and nobody is named for."""
    line = next((line for line in quoted if line[0] <= said[0] < line[1]), None)
    found = []
    while line and (line := quoted[line]) and line not in named:
        found.append(line)
    return found


def _take_turns(pairs: Sequence[Pair], sides: Sides, made: list[TaggedQuote]) -> Sides:
    """Give the paragraphs to the two sides in turn; `sides` has first who spoke last."""
    for pair in pairs:
        sides = (sides[1], sides[0])
        made.append(TaggedQuote((pair,), sides[0].source, None))
    return sides


def _answers(text: str, before: TaggedQuote, quote: TaggedQuote) -> bool:
    """True where what one says in marks is answered by another one in the next paragraph."""
    if not (before.source and quote.source and before.cue and quote.cue and _is_next(text, before, quote)):
        return False
    end = before.content[-1][1]
    is_marked = text[end - 1] in CLOSING or text[end : end + 1] in (*CLOSING,)
    is_same = text[slice(*before.source)] == text[slice(*quote.source)]
    return is_marked and not (is_same or _are_one(_names(text, before), _names(text, quote)))


def _is_next(text: str, before: TaggedQuote, quote: TaggedQuote) -> bool:
    return text.count("\n\n", before.content[-1][0], quote.content[0][1]) <= 1


def _are_turns(text: str, before: TaggedQuote, pairs: Sequence[Pair]) -> bool:
    """True for quotations of which one at least asks, or which are all short."""
    asked = [_is_question(text, pair) for pair in pairs]
    goes_on = any(asked) and _asks(text, before)
    return goes_on or (len(pairs) >= SHORT_TURNS and (asked[0] or all(_is_short(text, pair) for pair in pairs)))


def _stand_alone(text: str, pairs: Sequence[Pair]) -> bool:
    """True for closed quotations, one at least, that are each a paragraph."""
    return bool(pairs) and all(
        text[:start].endswith("\n") and text[end : end + 1] in ("\n", "") and text[end - 1] in CLOSING
        for start, end in pairs
    )


def _asks(text: str, quote: TaggedQuote) -> bool:
    return _is_question(text, quote.content[-1])


def _is_question(text: str, pair: Pair) -> bool:
    return text[slice(*pair)].endswith(ASKS)


def _is_short(text: str, pair: Pair) -> bool:
    return len(text[slice(*pair)].split()) <= SHORT
