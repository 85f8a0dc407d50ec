"""Find what was said in an article, by whom, and in which words: the tagger's spans, made exact.

In: an article's text. Out: quotes with content, source and cue spans, and the speaker that
`ingest.speaking.speakers` makes of the source. Nothing is stored and nothing is looked up.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter

from ingest.quoting.correspondence import letters
from ingest.quoting.declarations import declaration
from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.dialogue import by_turns
from ingest.quoting.foreign import marked_quotes
from ingest.quoting.layout import Layout, apart_from, laid_out
from ingest.quoting.modes import mode_of
from ingest.quoting.senders import from_senders
from ingest.quoting.statements import SENTENCE_BETWEEN, outside_headings
from ingest.quoting.tagger import Tagger
from ingest.speaking.channel import channel_of, passed_on
from ingest.speaking.resolver import Read, Resolved, resolved
from ingest.text.corrections import outside
from ingest.text.datelines import without_datelines
from ingest.text.language import is_english, language_of
from ingest.text.marks import CLOSING, OPENING, is_inside, with_double_marks, word_for_word
from ingest.text.names import is_headline
from ingest.text.sources import PRONOUNS
from ingest.text.turn import Turn
from ingest.text.wrapping import unwrapped
from rag.schema import Quote, QuoteKind, Span

Pair = tuple[int, int]

# The annotators give these to the cue in front, as in "calls for": 1,440 times in the training articles against 88.
PREPOSITION = re.compile(r"(?:for|of|about|on|with|against|over)\s+(?=\S)")
# From the head of a sentence to where a span begins, without punctuation.
HEAD = re.compile(
    r"(?:\A|\n|(?:[^\W_]{4}[.!?]|[.!?][”\"’')])\s+)"
    r"([^\W\d_](?:[^,;:–—()\"“”'‘’.!?\n]|(?<=\w)['’](?=\w)){0,200})\Z"
)
CLOSES = re.compile(r"[^,;:–—“\"\n]{0,30}(?:[.,!?\n]|\Z)")  # What stands behind an attribution that closes a sentence.
STOP_BEHIND_MARK = re.compile(r"[”\"’»']\.\Z")  # The sentence's own, as in: said it was ‘sound’.
SCRAP = 2  # So few words without marks tell of nothing.
JOIN = 2  # Characters, a comma and a space, between a cue and the words that it leads on to.
LOOSE = " \t\n\u00a0,;:–—-*•▪‣"  # At either end of a source or a cue, not part of it.
BEFORE, AFTER = re.compile(r"(?:[“\"„«‘'″‚]|``|'')\Z"), re.compile(r"(?:[”\"“»’″‘]|'{1,2})(?!\w)")


def extract_quotes(
    text: str, title: str | None = None, *, language: str | None = None, author: str | None = None
) -> list[Quote]:
    """Find who says what in an article: quotes in the order of their words, spans in characters of `text`.

    Nothing is quoted from `title`; it lends a full name or a role to a speaker whom the text has by surname only.
    `author` tells who signs a letter where a place stands on the line of the name.
    `language` is a code such as "en"; None finds it out. Of an article that is not in English only the quotations in
    marks are found.
    """
    whole = without_datelines(unwrapped(text))
    language = language or language_of(text)
    if is_english(language):
        written = letters(whole, author)
        declared = None if written else declaration(whole)
        whole = written.text if written else whole
        found = outside(whole, _found(whole, title, written.turns if written else (declared,) if declared else ()))
    else:
        found = marked_quotes(whole, language)
    return found if whole == text else [_cut_from(text, quote) for quote in found]


def _cut_from(text: str, quote: Quote) -> Quote:
    """The quote with its pieces cut from this text, at the same places."""
    spans = (quote.content, quote.source, quote.cue, quote.channel)
    content, source, cue, channel = (tuple(Span.of(text, span.start, span.end) for span in each) for each in spans)
    return replace(quote, content=content, source=source, cue=cue, channel=channel)


def _found(text: str, title: str | None, written: Sequence[Turn]) -> list[Quote]:
    tagged, pieces, states = Tagger.load().read(with_double_marks(text))
    tagged = by_turns(text, from_senders(text, passed_on(text, tagged)))
    if written:  # Whom "he" means in a letter, its reader knows from the paper of another day.
        tagged = [quote for quote in tagged if not (quote.source and text[slice(*quote.source)].lower() in PRONOUNS)]
    read = Read(pieces, states)
    laid = laid_out(text, tagged, letters=written)
    quotes = _extracted(text, title, laid, tagged, read)
    if laid.answers and not any(quote.speaker for quote in quotes if _is_answer(quote, laid)):
        # Whose answers they are does not show: they are read like any other text.
        return _extracted(text, title, laid_out(text, tagged, unlabelled=False), tagged, read)
    return quotes


def _carried_on(text: str, tagged: Sequence[TaggedQuote], marked: Sequence[Pair]) -> list[TaggedQuote]:
    """The quotes, a “quotation whose paragraph does not close it with the next paragraphs that open it again.

    The tagger knows most of them in double marks by itself. What it has of those paragraphs by themselves, without a
    source, is part of the quotation.
    """
    after = {
        one: other
        for one, other in pairwise(marked)
        if text[one[0]] == text[other[0]]
        and text[one[1] - 1] not in CLOSING
        and text[one[1] : other[0]].isspace()
        and "\n" in text[one[1] : other[0]]
    }
    owned = sorted(pair[0] for quote in tagged if quote.source for pair in quote.content)
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


def _is_answer(quote: Quote, laid: Layout) -> bool:
    return tuple((span.start, span.end) for span in quote.content) in laid.answers


def _extracted(
    text: str, title: str | None, laid: Layout, found_by_tagger: Sequence[TaggedQuote], read: Read
) -> list[Quote]:
    marked = spoken = word_for_word(text, (pair for quote in laid.quotes for pair in quote.content))
    # What somebody who talks passes on is no more word for word than in an article, but for what stands in marks.
    within = word_for_word(text, ()) if laid.quotes else spoken
    found: dict[tuple[Pair, ...], Quote] = {}
    everything = [*_carried_on(text, apart_from(text, laid, found_by_tagger), marked), *laid.quotes]
    taken = sorted(pair for tagged in everything for pair in tagged.content)
    free = _apart_from(marked, taken)
    turns = {pair for tagged in laid.quotes for pair in tagged.content}
    told = {tagged.content for tagged in laid.quotes}
    owned = sorted({*taken, *(pair for tagged in everything for pair in (tagged.source, tagged.cue) if pair)})
    for tagged in everything:
        marked = spoken if tagged.content in told else within
        pairs = _filled([pair for pair in tagged.content if _says_something(text, pair)], marked, owned)
        whole = (
            pair if _is_left_open(text, pair, tagged, marked) else _to_the_mark(pair, marked, taken) for pair in pairs
        )
        trimmed = _without_asides(text, tuple(_trimmed(text, *pair, is_turn=pair in turns) for pair in whole))
        content = _without_scraps(text, trimmed, marked, tagged)
        if content and not _is_title(text, content):
            tagged, start = _with_preposition(text, content[0][0], tagged)
            first = _from_the_head(text, (start, content[0][1]), tagged, owned)
            content = (first, *content[1:], *_continued(text, content, tagged, free))
            found.setdefault(content, _quote(text, content, tagged, _kind(text, content, marked)))
    quotes = [found[content] for content in sorted(found)]
    answers = [_is_answer(quote, laid) for quote in quotes]
    read = replace(read, is_laid_out=laid.is_much_of(text), labels=frozenset(laid.labels))
    whose = _whose(text, title, quotes, answers, read)
    return [
        replace(quote, speaker=speaker, mode=mode_of(text, quote), channel=channel_of(text, quote, whose.named))
        for quote, speaker in zip(quotes, whose.speakers, strict=True)
    ]


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
    source, cue = (_bare(text, pair) for pair in (tagged.source, tagged.cue))
    if source and not any(map(str.isalpha, text[slice(*source)])):  # The star of a list names nobody, nor does "14".
        source = None
    return Quote(
        content=tuple(Span.of(text, *pair) for pair in content),
        source=(Span.of(text, *source),) if source else (),
        cue=(Span.of(text, *cue),) if cue else (),
        kind=kind,
        channel=(Span.of(text, *tagged.channel),) if tagged.channel else (),
    )


def _bare(text: str, pair: Pair | None) -> Pair | None:
    """The span without the punctuation at its ends; a cue can be a colon and nothing else."""
    if pair is None or not _says_something(text, pair):
        return pair
    piece = text[slice(*pair)]
    return pair[0] + len(piece) - len(piece.lstrip(LOOSE)), pair[1] - len(piece) + len(piece.rstrip(LOOSE))


def _apart_from(marked: Sequence[Pair], taken: Sequence[Pair]) -> list[Pair]:
    """The quotations that share nothing with what the tagger found; both come in order."""
    kept = []
    for start, end in marked:
        at = bisect_left(taken, (end,))
        if not (at and taken[at - 1][1] > start):
            kept.append((start, end))
    return kept


def _to_the_mark(pair: Pair, marked: Sequence[Pair], taken: Sequence[Pair]) -> Pair:
    """A quotation that the tagger leaves off in the middle, to its closing mark, unless another one begins there."""
    at = bisect_left(marked, (pair[0] - 1,))
    if at == len(marked) or marked[at][0] > pair[0] or marked[at][1] <= pair[1]:
        return pair
    after = bisect_left(taken, (pair[0] + 1,))
    if after < len(taken) and taken[after][0] < marked[at][1]:
        return pair
    return pair[0], marked[at][1]


def _is_left_open(text: str, pair: Pair, tagged: TaggedQuote, marked: Sequence[Pair]) -> bool:
    """True for words whose mark is never closed and whose source stands behind them: “It leaks, said Lee, a pilot."""
    at = bisect_left(marked, (pair[0] + 1,)) - 1
    if at < 0 or not pair[1] < marked[at][1] or text[marked[at][1] - 1] in CLOSING:
        return False
    return any(said and pair[1] <= said[0] < marked[at][1] for said in (tagged.source, tagged.cue))


def _filled(pairs: Sequence[Pair], marked: Sequence[Pair], owned: Sequence[Pair]) -> list[Pair]:
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


def _trimmed(text: str, start: int, end: int, *, is_turn: bool = False) -> Pair:
    """The span with its quotation marks, without commas and spaces outside; the last stop of a turn is its own."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(LOOSE))
    end -= len(piece) - len(piece.rstrip(" \t\n\u00a0,;"))
    if end - start > 1 and not is_turn and STOP_BEHIND_MARK.search(text[end - 2 : end]):
        end -= 1
    start, end = _without_brackets(text, start, end)
    return _with_marks(text, start, end)


def _without_brackets(text: str, start: int, end: int) -> Pair:
    """The span without a bracket that has no partner within: at the head, or behind a quotation in brackets."""
    piece = text[start:end]
    for opening, closing in ("()", "[]"):
        if _opens(piece) and piece.endswith(closing) and piece.count(closing) > piece.count(opening):
            return start, end - 1
        if piece.startswith(opening) and piece.count(opening) > piece.count(closing):
            return start + 1, end
    return start, end


def _without_asides(text: str, content: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """The pieces but those that stand in brackets of their own beside others: the article's translation or gloss."""
    aside = [pair for pair in content if text[pair[0] - 1 : pair[0]] == "(" and text[pair[1] : pair[1] + 1] == ")"]
    return content if len(aside) == len(content) else tuple(pair for pair in content if pair not in aside)


def _without_scraps(
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


def _is_title(text: str, content: Sequence[Pair]) -> bool:
    """True for “A Song Whose Name Is Set Like This”: it names a work, and nobody says it."""
    return all(_opens(text[slice(*pair)]) and is_headline(text[slice(*pair)], is_marked=True) for pair in content)


def _with_preposition(text: str, start: int, tagged: TaggedQuote) -> tuple[TaggedQuote, int]:
    """The cue "calls" with the "for" behind it, and where the content begins after it."""
    match = PREPOSITION.match(text, start)
    if match is None or tagged.cue is None or text[tagged.cue[1] : start] != " ":
        return tagged, start
    return replace(tagged, cue=(tagged.cue[0], match.start() + len(match[0].rstrip()))), match.end()


def _from_the_head(text: str, pair: Pair, tagged: TaggedQuote, owned: Sequence[Pair]) -> Pair:
    """A paraphrase before ", X said" from the head of its sentence, unless somebody else has what stands there."""
    if not (tagged.source and tagged.cue and text[pair[0]].isalnum()):
        return pair
    said, done = min(tagged.source[0], tagged.cue[0]), max(tagged.source[1], tagged.cue[1])
    if text[pair[1] : said] != ", " or not CLOSES.match(text, done):
        return pair
    match = HEAD.search(text, max(0, pair[0] - 206), pair[0])
    if match is None:
        return pair
    before = bisect_left(owned, (pair[0],))
    return pair if before and owned[before - 1][1] > match.start(1) else (match.start(1), pair[1])


def _continued(text: str, content: Sequence[Pair], tagged: TaggedQuote, free: Sequence[Pair]) -> list[Pair]:
    """The second half of “…,” said NAME, “…”; not a name in marks behind “…,” said a man who goes by the name."""
    said = max((pair[1] for pair in (tagged.source, tagged.cue) if pair), default=-1)
    if said < content[-1][1]:
        return []
    at = bisect_left(free, (said,))
    is_led_to = tagged.cue is not None and tagged.cue[1] == said
    return [
        pair for pair in free[at : at + 1] if pair[0] - said <= JOIN and (is_led_to or text[said : pair[0]].strip())
    ]


def _says_something(text: str, pair: Pair) -> bool:
    return any(char.isalnum() for char in text[slice(*pair)])


def _with_marks(text: str, start: int, end: int) -> Pair:
    """The span with the quotation marks that touch it on the outside: both, or the one whose partner is within."""
    before = BEFORE.search(text, max(0, start - 2), start)
    after = AFTER.match(text, end)
    opened = before is not None or _opens(text[start:end])
    closed = after is not None or text[start:end].endswith(("”", '"', "»", "’", "'", "″"))
    if not (opened and closed):
        return start, end
    return before.start() if before else start, after.end() if after else end


def _opens(piece: str) -> bool:
    return piece.startswith((*OPENING, "‘", "'"))


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
