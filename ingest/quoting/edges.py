"""Where exactly a span of the tagger's begins and ends: at its quotation marks, without what is not part of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from ingest.quoting.decoder import TaggedQuote
from ingest.text.marks import CLOSING, OPENING
from ingest.text.sources import DETERMINERS, LINKS

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
REST_OF_FIGURE = re.compile(r"(?<=\d)(?:[.,:]\d+)+\w*")
# "A tape in which …" at the head of a sentence, whose verb is still to come.
WHOSE = "|".join(sorted(DETERMINERS))
SUBJECT = rf"(?:{WHOSE})(?: (?!(?:{WHOSE}) )[\w’'-]+){{1,4}},? (?:[a-z]+ which|where) "
BEGUN = re.compile(SUBJECT, re.I)
IN_WHICH = re.compile(rf"(?:\A|\n|[.!?][”\"’')]*\s+){SUBJECT}(?:(?:{WHOSE}) [^,.;:“”\"\n]+, )?\Z", re.I)
FAR = 160  # Characters before a source in which such a head stands.
MAIN_VERB = re.compile(rf" (?!(?:{'|'.join(sorted(LINKS))})\b)[a-z]")
LOOSE = " \t\n\u00a0,;:–—-*•▪‣"  # At either end of a source or a cue, not part of it.
BEFORE, AFTER = re.compile(r"(?:[“\"„«‘'″‚]|``|'')\Z"), re.compile(r"(?:[”\"“»’″‘]|'{1,2})(?!\w)")


def bare(text: str, pair: Pair | None) -> Pair | None:
    """The span without the punctuation at its ends; a cue can be a colon and nothing else."""
    if pair is None or not says_something(text, pair):
        return pair
    piece = text[slice(*pair)]
    return pair[0] + len(piece) - len(piece.lstrip(LOOSE)), pair[1] - len(piece) + len(piece.rstrip(LOOSE))


def says_something(text: str, pair: Pair) -> bool:
    """True where letters or figures stand, and not only marks."""
    return any(char.isalnum() for char in text[slice(*pair)])


def through_figure(text: str, pair: Pair) -> Pair:
    """The span to the end of a figure that it stops in: the point of "9.14pm" ends no sentence."""
    rest = REST_OF_FIGURE.match(text, pair[1])
    return (pair[0], rest.end()) if rest else pair


def trimmed(text: str, start: int, end: int, *, is_turn: bool = False) -> Pair:
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
        if opens(piece) and piece.endswith(closing) and piece.count(closing) > piece.count(opening):
            return start, end - 1
        if piece.startswith(opening) and piece.count(opening) > piece.count(closing):
            return start + 1, end
    return start, end


def _with_marks(text: str, start: int, end: int) -> Pair:
    """The span with the quotation marks that touch it on the outside: both, or the one whose partner is within."""
    before = BEFORE.search(text, max(0, start - 2), start)
    after = AFTER.match(text, end)
    opened = before is not None or opens(text[start:end])
    closed = after is not None or text[start:end].endswith(("”", '"', "»", "’", "'", "″"))
    if not (opened and closed):
        return start, end
    return before.start() if before else start, after.end() if after else end


def opens(piece: str) -> bool:
    """True for what begins with a quotation mark."""
    return piece.startswith((*OPENING, "‘", "'"))


def to_the_mark(pair: Pair, marked: Sequence[Pair], taken: Sequence[Pair]) -> Pair:
    """A quotation that the tagger leaves off in the middle, to its closing mark, unless another one begins there."""
    at = bisect_left(marked, (pair[0] - 1,))
    if at == len(marked) or marked[at][0] > pair[0] or marked[at][1] <= pair[1]:
        return pair
    after = bisect_left(taken, (pair[0] + 1,))
    if after < len(taken) and taken[after][0] < marked[at][1]:
        return pair
    return pair[0], marked[at][1]


def before_main_verb(text: str, pair: Pair, source: Pair | None, marked: Sequence[Pair]) -> Pair:
    """A quotation alone in "A tape in which Lee says “…” went round": what goes on behind it is told of the tape."""
    at = bisect_left(marked, (pair[0] + 1,)) - 1
    if at < 0 or source is None or not pair[0] == marked[at][0] < marked[at][1] < pair[1]:
        return pair
    end = marked[at][1]
    if at + 1 < len(marked) and marked[at + 1][0] < pair[1]:
        return pair
    if not (MAIN_VERB.match(text, end) and source[1] <= pair[0]):
        return pair
    before = IN_WHICH.search(text, max(0, source[0] - FAR), source[0])
    return (pair[0], end) if before or BEGUN.match(text, *source) else pair


def is_left_open(text: str, pair: Pair, tagged: TaggedQuote, marked: Sequence[Pair]) -> bool:
    """True for words whose mark is never closed and whose source stands behind them: “It leaks, said Lee, a pilot."""
    at = bisect_left(marked, (pair[0] + 1,)) - 1
    if at < 0 or not pair[1] < marked[at][1] or text[marked[at][1] - 1] in CLOSING:
        return False
    return any(said and pair[1] <= said[0] < marked[at][1] for said in (tagged.source, tagged.cue))


def with_preposition(text: str, start: int, tagged: TaggedQuote) -> tuple[TaggedQuote, int]:
    """The cue "calls" with the "for" behind it, and where the content begins after it."""
    match = PREPOSITION.match(text, start)
    if match is None or tagged.cue is None or text[tagged.cue[1] : start] != " ":
        return tagged, start
    return replace(tagged, cue=(tagged.cue[0], match.start() + len(match[0].rstrip()))), match.end()


def from_the_head(text: str, pair: Pair, tagged: TaggedQuote, owned: Sequence[Pair]) -> Pair:
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
