"""Find what was said in an article, by whom, and in which words: the tagger's spans, made exact.

In: an article's text. Out: quotes with content, source and cue spans, and the speaker that
`ingest.speakers` makes of the source. Nothing is stored and nothing is looked up.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from operator import itemgetter

from ingest.decoder import TaggedQuote
from ingest.layout import Layout, apart_from, laid_out
from ingest.names import is_headline
from ingest.speakers import resolve
from ingest.tagger import Tagger
from rag.schema import Quote, QuoteKind, Span
from rag.text import paragraphs

Pair = tuple[int, int]

OPENING = {"“": "”", '"': '"', "„": "“", "«": "»", "``": "''", "''": "''"}
MARK = re.compile(r"“|”|\"|„|«|»|``|''")
# ‘ or ' where a quotation can begin, and ’ or ' where one can end; within a word it is an apostrophe.
SINGLE_MARK = re.compile(r"(?P<open>(?<![\w‘’'`])[‘'](?=[^\W\d]))|(?<=[\w.,!?…;:”\"])[’'](?![\w'])")
# The annotators give these to the cue in front, as in "calls for": 1,440 times in the training articles against 88.
PREPOSITION = re.compile(r"(?:for|of|about|on|with|against|over)\s+(?=\S)")
# From the head of a sentence to where a span begins, without punctuation.
HEAD = re.compile(
    r"(?:\A|\n|(?:[^\W_]{4}[.!?]|[.!?][”\"’')])\s+)"
    r"([^\W\d_](?:[^,;:–—()\"“”'‘’.!?\n]|(?<=\w)['’](?=\w)){0,200})\Z"
)
CLOSES = re.compile(r"[^,;:–—“\"\n]{0,30}(?:[.,!?\n]|\Z)")  # What stands behind an attribution that closes a sentence.
STOP_BEHIND_MARK = re.compile(r"[”\"’»']\.\Z")  # The sentence's own, as in: said it was ‘sound’.
APART, TOKENISED = ("«", "``"), re.compile(r"\w [,.](?: |\n|\Z)")  # "said , and" in the text of a corpus.
CLOSING = "”\"»’'"
OF_SEVERAL = re.compile(r"s[’']\s[a-z]")  # "the pilots’ boat"
SINGLE_STYLE = 2  # So many quotations in single marks, and none in double ones outside of them, are an article's style.
JOIN = 2  # Characters, a comma and a space, between a cue and the words that it leads on to.
LOOSE = " \t\n\u00a0,;:–—-"  # At either end of a source or a cue, not part of it.
BEFORE, AFTER = re.compile(r"(?:[“\"„«‘']|``|'')\Z"), re.compile(r"(?:[”\"“»’]|'{1,2})(?!\w)")


def extract_quotes(text: str, title: str | None = None) -> list[Quote]:
    """Find who says what in an article: quotes in the order of their words, spans in characters of `text`.

    Nothing is quoted from `title`; it lends a full name or a role to a speaker whom the text has by surname only.
    """
    tagged = Tagger.load().tag(_with_double_marks(text))
    laid = laid_out(text, tagged)
    quotes = _extracted(text, title, laid, tagged)
    if laid.answers and not any(quote.speaker for quote in quotes if _is_answer(quote, laid)):
        # Whose answers they are does not show: they are read like any other text.
        return _extracted(text, title, laid_out(text, tagged, unlabelled=False), tagged)
    return quotes


def _carried_on(text: str, tagged: Sequence[TaggedQuote], marked: Sequence[Pair]) -> list[TaggedQuote]:
    """The quotes, a ‘quotation whose paragraph does not close it with the next paragraphs that open it again.

    In double marks the tagger knows such quotations by itself.
    What the tagger has of those paragraphs by themselves, without a source, is part of it.
    """
    after = {
        one: other
        for one, other in pairwise(marked)
        if text[one[0]] in "‘'"
        and text[one[1] - 1] not in CLOSING
        and text[one[1] : other[0]].isspace()
        and "\n" in text[one[1] : other[0]]
    }
    begun = sorted(quote.content[0][0] for quote in tagged if quote.source)
    kept: list[TaggedQuote] = []
    taken: list[Pair] = []
    for quote in tagged:
        at = bisect_left(marked, (quote.content[-1][1],)) - 1
        more = []
        while quote.source and at >= 0 and (following := after.get(marked[at])):
            more.append(following)
            at += 1
        more = [pair for pair in more if bisect_left(begun, pair[0]) == bisect_left(begun, pair[1])]
        kept.append(replace(quote, content=(*quote.content, *more)))
        taken.extend(more)
    taken.sort()
    return [quote for quote in kept if quote.source or not _is_inside(quote.content[0], taken)]


def _is_inside(pair: Pair, others: Sequence[Pair]) -> bool:
    """True for a pair that lies in the last of the others, which are apart and in order, to begin before it does."""
    at = bisect_left(others, (pair[0] + 1,))
    return at > 0 and pair[1] <= others[at - 1][1]


def _with_double_marks(text: str) -> str:
    """The text, as long as before, with “ and ” for the single marks where they are the article's only outer ones.

    The articles that the tagger has learned from have double marks.
    """
    lines = list(paragraphs(text))
    singles = _singles(text, lines)
    doubles = [pair for line in lines for pair in _marked(text, *line)]
    outer = [pair for pair in singles if not _crosses(pair, doubles)]
    if len(outer) < SINGLE_STYLE or not all(_is_inside(pair, outer) for pair in doubles):
        return text
    characters = list(text)
    for start, end in outer:
        characters[start] = "“"
        if text[end - 1] in "’'":
            characters[end - 1] = "”"
    return "".join(characters)


def _is_answer(quote: Quote, laid: Layout) -> bool:
    return tuple((span.start, span.end) for span in quote.content) in laid.answers


def _extracted(text: str, title: str | None, laid: Layout, found_by_tagger: Sequence[TaggedQuote]) -> list[Quote]:
    marked = _word_for_word(text, laid.quotes)
    found: dict[tuple[Pair, ...], Quote] = {}
    everything = [*_carried_on(text, apart_from(laid, found_by_tagger), marked), *laid.quotes]
    taken = sorted(pair for tagged in everything for pair in tagged.content)
    free = _apart_from(marked, taken)
    owned = sorted({*taken, *(pair for tagged in everything for pair in (tagged.source, tagged.cue) if pair)})
    for tagged in everything:
        pairs = _filled([pair for pair in tagged.content if _says_something(text, pair)], marked, owned)
        whole = (_to_the_mark(pair, marked, taken) for pair in pairs)
        content = _without_asides(text, tuple(_trimmed(text, *pair) for pair in whole))
        if content and not _is_title(text, content):
            tagged, start = _with_preposition(text, content[0][0], tagged)
            first = _from_the_head(text, (start, content[0][1]), tagged, owned)
            content = (first, *content[1:], *_continued(content, tagged, free))
            found.setdefault(content, _quote(text, content, tagged, _kind(text, content, marked)))
    quotes = [found[content] for content in sorted(found)]
    speakers = resolve(text, quotes, title, [_is_answer(quote, laid) for quote in quotes])
    return [replace(quote, speaker=speaker) for quote, speaker in zip(quotes, speakers, strict=True)]


def _quote(text: str, content: tuple[Pair, ...], tagged: TaggedQuote, kind: QuoteKind) -> Quote:
    source, cue = (_bare(text, pair) for pair in (tagged.source, tagged.cue))
    if source and not _says_something(text, source):  # The star of a list names nobody.
        source = None
    return Quote(
        content=tuple(Span.of(text, *pair) for pair in content),
        source=(Span.of(text, *source),) if source else (),
        cue=(Span.of(text, *cue),) if cue else (),
        kind=kind,
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


def _trimmed(text: str, start: int, end: int) -> Pair:
    """The span with its quotation marks, without commas and spaces outside of them."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(LOOSE))
    end -= len(piece) - len(piece.rstrip(" \t\n\u00a0,;"))
    if end - start > 1 and STOP_BEHIND_MARK.search(text[end - 2 : end]):
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


def _is_title(text: str, content: Sequence[Pair]) -> bool:
    """True for “A Song Whose Name Is Set Like This”: it names a work, and nobody says it."""
    return all(_opens(text[slice(*pair)]) and is_headline(text[slice(*pair)]) for pair in content)


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


def _continued(content: Sequence[Pair], tagged: TaggedQuote, free: Sequence[Pair]) -> list[Pair]:
    """The second half of “…,” said NAME, “…”, where the tagger stopped at the name."""
    said = max((pair[1] for pair in (tagged.source, tagged.cue) if pair), default=-1)
    if said < content[-1][1]:
        return []
    at = bisect_left(free, (said,))
    return [pair for pair in free[at : at + 1] if pair[0] - said <= JOIN]


def _says_something(text: str, pair: Pair) -> bool:
    return any(char.isalnum() for char in text[slice(*pair)])


def _with_marks(text: str, start: int, end: int) -> Pair:
    """The span with the quotation marks that touch it on the outside: both, or the one whose partner is within."""
    before = BEFORE.search(text, max(0, start - 2), start)
    after = AFTER.match(text, end)
    opened = before is not None or _opens(text[start:end])
    closed = after is not None or text[start:end].endswith(("”", '"', "»", "’", "'"))
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


def _word_for_word(text: str, laid: Sequence[TaggedQuote]) -> list[Pair]:
    """All stretches in quotation marks, and those that the layout gives, in order and apart: the outermost."""
    lines = list(paragraphs(text))
    doubles = [pair for line in lines for pair in _marked(text, *line)]
    singles = [pair for pair in _singles(text, lines) if not _crosses(pair, doubles)]
    kept: list[Pair] = []
    everything = [*doubles, *singles, *(pair for quote in laid for pair in quote.content)]
    for pair in sorted(everything, key=lambda pair: (pair[0], -pair[1])):
        if not kept or pair[0] >= kept[-1][1]:
            kept.append(pair)
    return kept


def _crosses(pair: Pair, others: Sequence[Pair]) -> bool:
    """True when the last of the others to begin within the pair ends behind it."""
    at = bisect_left(others, (pair[1],))
    return at > 0 and pair[0] < others[at - 1][0] and others[at - 1][1] > pair[1]


def _singles(text: str, lines: Sequence[Pair]) -> list[Pair]:
    """The spans in ‘single’ marks; a paragraph that opens one and the next one, too, goes on to its end."""
    found: list[Pair] = []
    for line, after in zip_longest(lines, lines[1:]):
        opened = [match.start() for match in SINGLE_MARK.finditer(text, *line) if match["open"]]
        # Where the paragraph begins with its quotation, a later mark is one within it or an apostrophe.
        begin = opened[0] if opened and opened[0] == line[0] else opened[-1] if opened else line[1]
        goes_on = opened and after and text[after[0]] == text[begin] and text[line[1] - 1] not in CLOSING
        found.extend(pair for pair in _single_marked(text, *line) if not goes_on or pair[1] <= begin)
        if goes_on:
            found.append((begin, line[1]))
    return found


def _single_marked(text: str, start: int, end: int) -> list[Pair]:
    """The same for ‘single’ marks, where a mark behind an s closes nothing if a better one follows."""
    spans: list[Pair] = []
    begin = maybe = -1
    for match in SINGLE_MARK.finditer(text, start, end):
        if match["open"]:
            if maybe >= 0:
                spans.append((begin, maybe))
            begin, maybe = match.start(), -1
        elif begin >= 0 and OF_SEVERAL.match(text, match.start() - 1):
            maybe = match.end() if maybe < 0 else maybe
        elif begin >= 0:
            spans.append((begin, match.end()))
            begin = maybe = -1
    return [*spans, (begin, maybe)] if maybe >= 0 else spans


def _marked(text: str, start: int, end: int) -> list[Pair]:
    """The spans of a paragraph in quotation marks, marks included; one that is never closed ends with it."""
    spans: list[Pair] = []
    is_apart = TOKENISED.search(text, start, end) is not None
    begin: int | None = None
    closer = ""
    for match in MARK.finditer(text, start, end):
        mark = match.group()
        if begin is None:
            # French marks stand apart from the words, and so do all where every sign does.
            if mark in OPENING and (mark in APART or is_apart or not text[match.end() : match.end() + 1].isspace()):
                begin, closer = match.start(), OPENING[mark]
        elif mark == closer:
            spans.append((begin, match.end()))
            begin = None
    if begin is not None:
        spans.append((begin, end))
    return spans
