"""Find block quotations: paragraphs set off from the text, which are somebody's words without quotation marks.

In: an article's text, and what the tagger says of it. Out: attributions like the tagger's. Whose words they are says a
credit below them, or the line that leads to them with a colon; or, where they say "I", without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.quoting.decoder import TaggedQuote
from ingest.text.names import CLAUSE, Mention, mentions
from ingest.text.sources import HAILS, OWNS, behind_offices, heads, listed
from ingest.text.turn_labels import OWN_WORDS
from rag.text import paragraphs, sentences

Pair = tuple[int, int]

SET_OFF = 4  # Columns of white space before a paragraph.
CREDIT = re.compile(r"([—–]|--?)\s*([^\W\d_a-z][^\n“”\"—]{2,100}?)(?:\)[^\n)]{0,40})?\.?")
# The same as a network's page has it: "A post shared by Ann Lee (@annlee) · 4 May".
HANDLE = re.compile(r"[^\n“”\"]{0,40}?((?:[^\W\d_a-z][\w.’'-]* ){1,4}\(@[\w.@-]{1,60})\)[^\n]{0,40}")
APPOSED = re.compile(r", [^,\n]+,\Z")  # "The head of Tarn Rail, Ann Lee, has answered": Tarn Rail is not who.


def block_quotes(text: str, tagged: Sequence[TaggedQuote]) -> list[TaggedQuote]:
    """Block quotations in the order of their words, each with all of its paragraphs."""
    found = []
    for before, block, after in _blocks(text):
        *said, last = block
        credit = CREDIT.fullmatch(text, *last) if said else None
        posted = HANDLE.fullmatch(text, *last) if said and not credit else None
        if not (credit or posted) and after and not _leads(text, before):
            credit, said = CREDIT.fullmatch(text, *after), block
        if credit and not CLAUSE.search(credit[2]):
            found.append(TaggedQuote(tuple(said), _with_handle(text, credit), credit.span(1)))
        elif posted:
            found.append(TaggedQuote(tuple(said), (posted.start(1), posted.end(1) + 1), None))
        elif before and (_leads(text, before) or OWN_WORDS.search(text, block[0][0], block[-1][1])):
            source = _source(text, before, block, tagged)
            found += [TaggedQuote(tuple(block), source, None)] if source else []
    return found


def _blocks(text: str) -> Iterator[tuple[Pair | None, list[Pair], Pair | None]]:
    """Each run of paragraphs that are set off, with its neighbours; a text that begins set off has none there.

    Two in a row with a credit each are two.
    """
    lines = list(paragraphs(text))
    runs = [(is_off, list(run)) for is_off, run in groupby(lines, key=lambda line: _is_set_off(text, line))]
    for number, (is_off, run) in enumerate(runs):
        if is_off and number:
            before, after = runs[number - 1][1][-1], runs[number + 1][1][0] if number + 1 < len(runs) else None
            *credited, last = _by_credits(text, run)
            yield from ((before, block, None) for block in credited)
            yield before, last, after


def _by_credits(text: str, run: Sequence[Pair]) -> list[list[Pair]]:
    """A run of paragraphs, parted behind each credit that more follow."""
    ends = [
        n
        for n, line in enumerate(run[:-1], 1)
        if n > 1 and (CREDIT.fullmatch(text, *line) or HANDLE.fullmatch(text, *line))
    ]
    return [list(run[begin:end]) for begin, end in zip([0, *ends], [*ends, len(run)], strict=True)]


def _is_set_off(text: str, line: Pair) -> bool:
    start = line[0]
    return len(text[text.rfind("\n", 0, start) + 1 : start].expandtabs(SET_OFF)) >= SET_OFF


def _leads(text: str, line: Pair | None) -> bool:
    return line is not None and text[line[1] - 1] == ":"


def _with_handle(text: str, credit: re.Match[str]) -> Pair:
    """The name of a credit with the handle behind it: "Ana Torvik (@torvik)" of "Ana Torvik (@torvik) 4 May"."""
    start, end = credit.span(2)
    return start, end + text[end : credit.end()].startswith(")")


def _source(text: str, lead: Pair, block: Sequence[Pair], tagged: Sequence[TaggedQuote]) -> Pair | None:
    """Who speaks: whom the tagger takes for the source, or the only person whom the leading line names."""
    begin, end = block[0][0], block[-1][1]
    for quote in tagged:
        if quote.source and quote.source[1] <= begin and any(begin <= start < end for start, _ in quote.content):
            return quote.source
    line = text[slice(*lead)]
    first = heads(line)
    persons = [m for m in mentions(line) if len(m.tokens) > 1 and not m.is_body]
    if several := _several(line, persons):
        return lead[0] + several[0], lead[0] + several[1]
    named = {m.tokens: m for m in persons if m in first or APPOSED.match(line, m.start - 2, m.end + 1)}
    if not named and len({m.tokens for m in persons}) == 1 and OWN_WORDS.search(text, begin, end):
        named = {m.tokens: m for m in persons if _is_at_the_head(text, lead, lead[0] + m.run)}
    if len(named) != 1:
        return None
    [only] = named.values()
    return lead[0] + only.start, lead[0] + only.end


def _is_at_the_head(text: str, lead: Pair, start: int) -> bool:
    """True for who opens the sentence that leads to the words with a colon: "Ann Lee wrote to the board:"."""
    return _leads(text, lead) and any(start == sentence[0] for sentence in list(sentences(text, *lead))[-1:])


def _several(line: str, persons: Sequence[Mention]) -> Pair | None:
    """All whom the line names where it lists them first, with their offices or without: "Ann Lee and Bo Ek wrote:"."""
    if len(persons) < 2 or OWNS.match(line, persons[-1].end):
        return None
    begins = (0, persons[0].run) if line[: persons[0].run].endswith(", ") else (0,)
    for begin in begins:
        names = line[begin : persons[-1].end]
        found = [m.tokens for m in listed(names) or behind_offices(names)]
        # Any other is the place of an office: "the Warden of Upper Ashby, Ann Lee".
        others = (m for m in persons if m.tokens not in found)
        if found[-1:] == [persons[-1].tokens] and all(HAILS.search(line, m.run - 6, m.run) for m in others):
            return begin, persons[-1].end
    return None
