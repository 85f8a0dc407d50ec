"""Cut an article's quotes into the statements that the index holds: one stretch of speech each, with an owner.

The tagger, like the annotators it learned from, takes all that hangs on one cue for one quote. A
reader asks for less: a paraphrase and the quotation after it are two statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.quoting.headings import headings
from ingest.quoting.modes import CLOSING, asks_others, is_imagined, mode_of, only_seems
from ingest.text.language import words_in
from ingest.text.marks import word_for_word
from ingest.text.names import LONG_WORD
from rag.judging.polarity import has_negation, is_cue_negated
from rag.schema import Quote, QuoteKind, Span
from rag.text import TERM, terms

SENTENCE_BETWEEN, LINE_BETWEEN = re.compile(r"[.!?](?:\s|$)|\n"), re.compile(r"\n")
# "asked not to be named", "on condition of anonymity": how somebody speaks, not what is said.
FEWEST = 3  # Words in marks that nobody is said to have said; fewer are a term, a title or a word in doubt.
NAMELESS = re.compile(
    r"(?:that\s+)?(?:not\s+to\s+be|to\s+(?:remain|stay|be))\s+(?:named|identified|quoted|unnamed|anonymous)|(?:on\s+condition\s+of\s+)?anonymity",
    re.I,
)
MARKS = {"“": "”", "”": "”", "»": "»", '"': '"', "„": "“", "«": "»", "‘": "’", "``": "''", "''": "''", "'": "'"}


def statements(text: str, quotes: Iterable[Quote]) -> list[Quote]:
    """The quotes cut apart where a sentence ends between their pieces, in the text as it is read.

    Left out is what is nobody's: a paraphrase without a source, what a source did not say, and headlines; the wish of a
    source for no name, and what the paper asks. The same words are one statement, whatever quotes they are a part of.
    """
    places = headings(text)
    apart = (part for quote in quotes if _is_told(text, quote) for part in _apart(text, quote))
    parts = {part.content: part for part in apart}.values()
    return [part for part in parts if _is_turn(part) or not any(s <= part.content[0].start < e for s, e in places)]


def outside_headings(text: str, quotes: Iterable[Quote]) -> list[Quote]:
    """The quotes but for those that stand within headings, with their sources."""
    places = headings(text)
    return [quote for quote in quotes if _is_turn(quote) or not _is_within(quote, places)]


def _is_within(quote: Quote, places: Sequence[tuple[int, int]]) -> bool:
    spans = (*quote.content, *quote.source)
    return all(any(start <= span.start < end for start, end in places) for span in spans)


def _is_turn(quote: Quote) -> bool:
    """True for words that the layout gives: they are direct without any marks, and can end without a full stop."""
    return quote.kind == "direct" and quote.content[0].text[0].isalnum()


def _is_told(text: str, quote: Quote) -> bool:
    if any(is_cue_negated(text, cue) or is_imagined(text, cue) for cue in quote.cue) or (
        quote.kind == "indirect" and not quote.speaker
    ):
        return False
    if quote.kind != "indirect" and any(only_seems(text, cue) for cue in quote.cue):
        return False
    if asks_others(text, quote):
        return False
    if quote.kind == "indirect" and not (
        terms(quote.text) or has_negation(quote.text)
    ):  # "that" of "He laughed when he heard that."
        return False
    if quote.kind == "mixed" and not (quote.speaker or quote.source) and _names_works(quote):
        return False
    is_whole = SENTENCE_BETWEEN.search(quote.text.strip(CLOSING)) is not None
    if not (quote.speaker or quote.source or is_whole) and words_in(quote.text) < FEWEST:
        return False
    return not (len(quote.content) == 1 and NAMELESS.fullmatch(quote.content[0].text))


def _names_works(quote: Quote) -> bool:
    """True for The film “A Song Set Like This”, where all that stands in marks is the name of a work.

    Short words may be in small letters if two long ones are not; "Old Gull" has all its words in capitals.
    """
    marked = [quote.text[start:end] for start, end in word_for_word(quote.text, ())]
    return bool(marked) and all(
        _are_capitalised(LONG_WORD.findall(m)) or _are_capitalised(TERM.findall(m)) for m in marked
    )


def _are_capitalised(words: Sequence[str]) -> bool:
    return len(words) > 1 and all(word[0].isupper() for word in words)


def _apart(text: str, quote: Quote) -> list[Quote]:
    groups: list[list[Span]] = []
    # What stands between the pieces of a turn's paragraph is another's, however many sentences that one says.
    between = LINE_BETWEEN if _is_turn(quote) else SENTENCE_BETWEEN
    for span in quote.content:
        if groups and not between.search(text, groups[-1][-1].end, span.start):
            groups[-1].append(span)
        else:
            groups.append([span])
    if len(groups) == 1:
        return [quote]
    parts = [replace(quote, content=tuple(group), kind=_kind(text, group, quote.kind)) for group in groups]
    return [replace(part, mode=mode_of(text, part)) for part in parts]


def _kind(text: str, spans: Sequence[Span], kind: QuoteKind) -> QuoteKind:
    """The kind of a part: all parts of a direct quote are direct, of a mixed one those that stand in marks."""
    if kind == "direct" or all(_is_marked(text, span) for span in spans):
        return "direct"
    held = any(mark in span.text for span in spans for mark in MARKS)
    return "mixed" if held else "indirect"


def _is_marked(text: str, span: Span) -> bool:
    """True for words in marks, and for a paragraph whose mark the next one opens again before any closes it."""
    words = text[span.start : span.end]  # As they are read: the article may have other signs for its marks.
    to_the_end = text[span.end : span.end + 1] in ("", "\n")
    return any(words.startswith(mark) and (to_the_end or words.endswith(end)) for mark, end in MARKS.items())
