"""Read conversations in which a dash begins what each side says and no mark ends it: "— It is, said Lee. I saw it."

In: an article's text. Out: what is said, without the clause that names who says it, and whose it is. The tagger knows
quotations in marks: each place where the words may end is tried with marks around them, until it sees who says them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.tagger import Tagger
from ingest.text.sources import PRONOUNS
from ingest.text.turn_labels import OWN_WORDS
from ingest.text.unlabelled import ADDRESSED
from rag.text import paragraphs

Pair = tuple[int, int]

DASH = re.compile(r"[—–―]\s?(?=\w)")
# Where words may end and a clause begin: behind a comma or a question, or in the Spanish way before a dash.
ENDS = re.compile(r"(?<=[,?!…])\s+(?=\w)|\s+[—–―](?=\w)")
GOES_ON = re.compile(r"[^\S\n]*(?:[.!]|[—–―][.,:;]?)\s+(?=\S)")  # What stands between the clause and further words.
MOST_PLACES = 30  # Of one paragraph: the words of a conversation are few.


def by_dashes(text: str) -> list[TaggedQuote]:
    """The lines of conversations in which a dash begins whatever somebody says.

    At least two name each another source, and one asks, or somebody says "you" or "I": a list does not. A line that
    names nobody, or has "he said", is said by whoever spoke before the line above it.
    """
    lines = list(paragraphs(text))
    runs = [list(run) for is_dashed, run in groupby(lines, lambda line: _begin(text, line) > line[0]) if is_dashed]
    if sum(map(len, runs)) < 2:
        return []
    found = [[_spoken(text, line) for line in run] for run in runs]
    whose = {text[slice(*quote.source)] for run in found for quote in run if quote.source}
    said = [text[slice(*pair)] for run in found for quote in run if quote.source for pair in quote.content]
    if len(whose) < 2 or not any(_is_talk(words) for words in said):
        return []
    return [quote for run in found for quote in _by_sides(text, run)]


def _by_sides(text: str, run: list[TaggedQuote]) -> Iterator[TaggedQuote]:
    """The quotes of lines in a row, each of whom it names, or else of whom the line before the last one is."""
    sides: list[Pair | None] = [None, None]
    for quote in run:
        source = quote.source
        if sides[0] and (source is None or text[slice(*source)].lower() in PRONOUNS):
            source = sides[0]
            # Apart from "he said", whom that means is known.
            yield from (TaggedQuote((pair,), source, None) for pair in quote.content)
        elif source:
            yield quote
        sides = [sides[1], source]


def _begin(text: str, line: Pair) -> int:
    """Where the words of a line begin: behind its dash, if it has one."""
    dash = DASH.match(text, *line)
    return dash.end() if dash else line[0]


def _is_talk(words: str) -> bool:
    return words.endswith("?") or any(one.search(words) for one in (ADDRESSED, OWN_WORDS))


def _spoken(text: str, line: Pair) -> TaggedQuote:
    """What is said in a line: all of it, or up to the clause that names who says it, and from there on.

    A verb of saying that stands right behind the words tells more than a name there: in "No, sir, said Lee" it does.
    """
    start = _begin(text, line)
    read = list(_readings(text, (start, line[1])))
    best = next((quote for quote in read if quote.cue and quote.source and quote.cue < quote.source), None)
    quote = best or next(iter(read), None)
    if quote is None or not (quote.source and quote.cue):
        return TaggedQuote(((start, line[1]),), None, None)
    more = GOES_ON.match(text, len(text[: max(quote.source[1], quote.cue[1])].rstrip(" ,.—–―")), line[1])
    return replace(quote, content=(*quote.content, (more.end(), line[1]))) if more else quote


def _readings(text: str, said: Pair) -> Iterator[TaggedQuote]:
    """The ways to part the words from a clause right behind them, if the tagger has it for who says just these."""
    for number, end in enumerate(ENDS.finditer(text, *said)):
        if number == MOST_PLACES:
            return
        words, clause = text[said[0] : end.start()], text[end.end() : said[1]]
        marked = f"“{words}” {clause}"
        behind, by = len(marked) - len(clause), said[1] - len(marked)
        for quote in Tagger.load().tag(marked):
            if not (quote.source and quote.cue) or quote.content[0] != (0, behind - 1):
                continue
            named = sorted((quote.source, quote.cue))
            if named[0][0] == behind and all(pair > named[1] for pair in quote.content[1:]):
                source, cue = (_moved(pair, by) for pair in (quote.source, quote.cue))
                yield TaggedQuote(((said[0], end.start()),), source, cue)
                break


def _moved(pair: Pair, by: int) -> Pair:
    return pair[0] + by, pair[1] + by
