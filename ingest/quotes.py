"""Find what was said in an article, by whom, and in which words: the tagger's spans, made exact.

In: an article's text. Out: quotes with content, source and cue spans, and the speaker that
`ingest.speaking.resolver` makes of the source. Nothing is stored and nothing is looked up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from ingest.quoting.acting import by_who_acts
from ingest.quoting.correspondence import letters
from ingest.quoting.declarations import declaration
from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.dialogue import by_turns, of_others
from ingest.quoting.edges import (
    Pair,
    bare,
    before_main_verb,
    from_the_head,
    is_left_open,
    says_something,
    through_figure,
    to_the_mark,
    trimmed,
    with_preposition,
)
from ingest.quoting.foreign import marked_quotes
from ingest.quoting.introduced import introduced
from ingest.quoting.layout import Layout, apart_from, laid_out
from ingest.quoting.left_out import with_verbs_left_out
from ingest.quoting.modes import is_to_come, mode_of
from ingest.quoting.own_sources import each_its_own
from ingest.quoting.parts import carried_on, continued, filled, is_title, unowned, without_asides, without_scraps
from ingest.quoting.senders import from_senders
from ingest.quoting.statements import outside_headings
from ingest.quoting.tagger import Tagger
from ingest.quoting.voices import voices
from ingest.speaking.channel import channel_of, passed_on
from ingest.speaking.resolver import Read, Resolved, resolved
from ingest.text.capitals import in_normal_spelling
from ingest.text.corrections import outside
from ingest.text.datelines import without_datelines
from ingest.text.jumps import jumps, outside_of
from ingest.text.language import is_english, language_of
from ingest.text.marks import with_double_marks, word_for_word
from ingest.text.reading import as_read
from ingest.text.sources import PRONOUNS
from ingest.text.stand_ins import with_stand_ins
from ingest.text.turn import Turn
from ingest.text.turns import turns
from rag.schema import Quote, QuoteKind, Span, Speaker


def extract_quotes(
    text: str, title: str | None = None, *, language: str | None = None, author: str | None = None
) -> list[Quote]:
    """Find who says what in an article: quotes in the order of their words, spans in characters of `text`.

    Nothing is quoted from `title`; it lends a full name or a role to a speaker whom the text has by surname only.
    `author` tells who signs a letter where a place stands on the line of the name.
    `language` is a code such as "en"; None finds it out. Of an article that is not in English only the quotations in
    marks are found.
    """
    whole = without_datelines(as_read(text))
    language = language or language_of(text)
    if is_english(language):
        written = letters(whole, author)
        declared = None if written else declaration(whole)
        told = written.turns if written else (declared,) if declared else voices(whole)
        whole, spelt = (written.text if written else whole, []) if told else _with_names_spelt(whole)
        found = outside(whole, _found(whole, title, told, spelt))
    else:
        found = marked_quotes(whole, language)
    if whole == text:
        return found
    left_out = jumps(text)
    return [_cut_from(text, quote, left_out) for quote in found]


def _cut_from(text: str, quote: Quote, left_out: Sequence[Pair]) -> Quote:
    """The quote with its pieces cut from this text, at the same places; words go on behind what is left out."""
    spans = (quote.content, quote.source, quote.cue, quote.channel)
    content, source, cue, channel = (tuple(Span.of(text, span.start, span.end) for span in each) for each in spans)
    said = (pair for span in content for pair in outside_of(left_out, (span.start, span.end)))
    content = tuple(Span.of(text, *pair) for pair in said)
    return replace(quote, content=content, source=source, cue=cue, channel=channel)


def _with_names_spelt(text: str) -> tuple[str, list[Turn]]:
    """A text with those in normal spelling whom labels have in capitals, and its turns; no turns where there are none.

    The capitals tell of turns what they are: in the new text they would not be found.
    """
    found = turns(text, unlabelled=False)
    names = (place for turn in found for place in (turn.label, turn.said_by) if place)
    spelt = in_normal_spelling(text, names, (pair for turn in found for pair in turn.content))
    return spelt, found if spelt != text else []


def _found(text: str, title: str | None, written: Sequence[Turn], spelt: Sequence[Turn]) -> list[Quote]:
    tagged, pieces, states = Tagger.load().read(with_stand_ins(with_double_marks(text)))
    tagged = by_who_acts(text, each_its_own(text, with_verbs_left_out(text, tagged)))
    alone = from_senders(text, passed_on(text, tagged))
    tagged = by_turns(text, alone)
    tagged = [quote for quote in tagged if not _is_of_another_day(text, quote, written)]
    read = Read(pieces, states, others=of_others(alone, tagged))
    laid = laid_out(text, tagged, title=title or "", given=written or spelt)
    quotes = _extracted(text, title, laid, tagged, read)
    if laid.answers and not any(quote.speaker for quote in quotes if _is_answer(quote, laid)):
        # Whose answers they are does not show: they are read like any other text.
        return _extracted(text, title, laid_out(text, tagged, unlabelled=False, given=spelt), tagged, read)
    return quotes


def _is_of_another_day(text: str, quote: TaggedQuote, written: Sequence[Turn]) -> bool:
    """True for what "he" says in a letter: its reader knows who that is from the paper of another day."""
    if not quote.source or text[slice(*quote.source)].lower() not in PRONOUNS:
        return False
    return any(start <= quote.source[0] < end for start, end in (turn.area for turn in written))


def _is_answer(quote: Quote, laid: Layout) -> bool:
    return tuple((span.start, span.end) for span in quote.content) in laid.answers


def _extracted(
    text: str, title: str | None, laid: Layout, found_by_tagger: Sequence[TaggedQuote], read: Read
) -> list[Quote]:
    marked = spoken = word_for_word(text, (pair for quote in laid.quotes for pair in quote.content))
    # What somebody who talks passes on is no more word for word than in an article, but for what stands in marks.
    within = word_for_word(text, ()) if laid.quotes else spoken
    found: dict[tuple[Pair, ...], Quote] = {}
    tagged_apart = carried_on(text, apart_from(text, laid, found_by_tagger), marked, read.others)
    everything = [*introduced(text, tagged_apart, marked), *laid.quotes]
    taken = sorted(pair for tagged in everything for pair in tagged.content)
    free = unowned(marked, taken)
    turns = {pair for tagged in laid.quotes for pair in tagged.content}
    told = {tagged.content for tagged in laid.quotes}
    owned = sorted({*taken, *(pair for tagged in everything for pair in (tagged.source, tagged.cue) if pair)})
    for tagged in everything:
        marked = spoken if tagged.content in told else within
        found_words = [through_figure(text, pair) for pair in tagged.content if says_something(text, pair)]
        pairs = filled(found_words, marked, owned)
        whole = (
            pair if is_left_open(text, pair, tagged, marked) else to_the_mark(pair, marked, taken) for pair in pairs
        )
        own = (before_main_verb(text, pair, tagged.source, marked) for pair in whole)
        parts = without_asides(text, tuple(trimmed(text, *pair, is_turn=pair in turns) for pair in own))
        content = without_scraps(text, parts, marked, tagged)
        if content and not is_title(text, content):
            tagged, start = with_preposition(text, content[0][0], tagged)
            first = from_the_head(text, (start, content[0][1]), tagged, owned)
            content = (first, *content[1:], *continued(text, content, tagged, free))
            quote = _quote(text, content, tagged, _kind(text, content, marked))
            if not is_to_come(quote):
                found.setdefault(content, quote)
    quotes = [found[content] for content in sorted(found)]
    answers = [_is_answer(quote, laid) for quote in quotes]
    read = replace(read, is_laid_out=laid.is_much_of(text), labels=frozenset(laid.labels))
    whose = _whose(text, title, quotes, answers, read)
    return [
        replace(quote, speaker=speaker, mode=mode_of(text, quote), channel=channel_of(text, quote, whose.named))
        for quote, speaker in zip(quotes, whose.speakers, strict=True)
        if not _is_own(quote, speaker, laid)
    ]


def _is_own(quote: Quote, speaker: Speaker | None, laid: Layout) -> bool:
    """True for "they thought so" within an answer: without marks, and of nobody whom the text tells, it is its own."""
    is_nobody = quote.kind == "indirect" and speaker is not None and speaker.name.lower() in PRONOUNS
    at = quote.content[0].start
    return is_nobody and any(pairs[0][0] <= at < pairs[-1][1] for pairs in laid.answers)


def _whose(text: str, title: str | None, quotes: list[Quote], answers: list[bool], read: Read) -> Resolved:
    """Whose the quotes are; who speaks in a headline is nobody that "he" or "the board" below could mean."""
    whole = resolved(text, quotes, title, answers, read)
    below = outside_headings(text, quotes)
    if len(below) == len(quotes):
        return whole
    kept = {quote.content for quote in below}
    told = [is_answer for quote, is_answer in zip(quotes, answers, strict=True) if quote.content in kept]
    own = resolved(text, below, title, told, read)
    speakers = dict(zip((quote.content for quote in below), own.speakers, strict=True))
    by_place = zip(quotes, whole.speakers, strict=True)
    return Resolved([speakers.get(quote.content, speaker) for quote, speaker in by_place], own.named)


def _quote(text: str, content: tuple[Pair, ...], tagged: TaggedQuote, kind: QuoteKind) -> Quote:
    source, cue = (bare(text, pair) for pair in (tagged.source, tagged.cue))
    if source and not any(map(str.isalpha, text[slice(*source)])):  # The star of a list names nobody, nor does "14".
        source = None
    return Quote(
        content=tuple(Span.of(text, *pair) for pair in content),
        source=(Span.of(text, *source),) if source else (),
        cue=(Span.of(text, *cue),) if cue else (),
        kind=kind,
        channel=(Span.of(text, *tagged.channel),) if tagged.channel else (),
    )


def _kind(text: str, content: Sequence[Pair], marked: Sequence[Pair]) -> QuoteKind:
    """Direct when all the words stand in quotation marks, mixed when some do. `marked` is in order and apart."""
    words = inside = 0
    for start, end in content:
        piece = text[start:end]
        letters = _letters(piece)
        words += letters
        for s, e in marked[bisect_left(marked, start, key=itemgetter(1)) : bisect_left(marked, (end,))]:
            inside += _letters(text[max(s, start) : min(e, end)])
    return "direct" if inside == words else "mixed" if inside else "indirect"


def _letters(piece: str) -> int:
    return sum(map(str.isalnum, piece))
