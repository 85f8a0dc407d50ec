"""Cut an article into the passages that the embedding model sees whole.

Text goes in, spans come out: in order, without overlap, and together every character that is not white space.

Not LangChain's RecursiveCharacterTextSplitter: it sums the counts of pieces, so the two special tokens that a
tokenizer adds are counted for every word (all-MiniLM, limit 254: passages of 51 characters), and it counts every
single character of an unbroken line three times over (3 million calls for 1 MB).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from rag.schema import Span

# Short paragraphs are merged up to this: about five sentences, so that a passage is on one subject.
TARGET_TOKENS = 120
# No passage is longer than this many characters for each token allowed. English has about 5; a tokenizer that
# makes one "unknown" token of any long run would otherwise call a megabyte without spaces a single token.
MAX_CHARS_PER_TOKEN = 12

_SPACE = re.compile(r"\s+")
_CLOSERS = "\"'”’»)]*_"
_OPENERS = "\"'“‘«([*_"
_SENTENCE_END = (".", "!", "?", "…", "。")
# Words whose full stop does not end a sentence. Only passages too long to keep whole are cut at sentences.
_ABBREVIATIONS = frozenset("dr. gen. gov. jr. lt. mr. mrs. ms. no. prof. rep. rev. sen. sgt. sr. st. vs.".split())


def split(text: str, *, count_tokens: Callable[[str], int], max_tokens: int) -> list[Span]:
    """Cut `text` into stripped passages of at most `max_tokens` each, whole paragraphs where they fit.

    `count_tokens` must not shrink when text is added; special tokens count if it counts them. A passage has at
    least one character, whatever that counts. Raises ValueError when `max_tokens` is below 1.
    """
    if max_tokens < 1:
        raise ValueError(f"max_tokens is {max_tokens}; a passage needs at least 1")
    levels = _boundaries(text)
    longest = max_tokens * MAX_CHARS_PER_TOKEN

    def furthest(start: int, ends: Sequence[int], limit: int) -> int | None:
        within_reach = ends[bisect_right(ends, start) : bisect_right(ends, start + longest)]
        return _last(within_reach, lambda end: count_tokens(text[start:end]) <= limit)

    def passage_end(start: int) -> int:
        """Take several whole units up to the target, else one up to the limit, else try smaller units."""
        *units, words = levels
        for ends in units:
            nearest = bisect_right(ends, start)
            end = furthest(start, ends, min(TARGET_TOKENS, max_tokens)) or furthest(
                start, ends[nearest : nearest + 1], max_tokens
            )
            if end is not None:
                return end
        anywhere = range(start + 1, words[bisect_right(words, start)])
        return furthest(start, words, max_tokens) or furthest(start, anywhere, max_tokens) or start + 1

    spans: list[Span] = []
    start = _skip_space(text, 0)
    while start < len(text):
        spans.append(Span.of(text, start, passage_end(start)))
        start = _skip_space(text, spans[-1].end)
    return spans


def _last(ends: Sequence[int], fits: Callable[[int], bool]) -> int | None:
    """Return the last of the ascending `ends` that fits, by bisection; None when not even the first does."""
    count = bisect_left(ends, True, key=lambda end: not fits(end))
    return ends[count - 1] if count else None


def _skip_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start


def _boundaries(text: str) -> tuple[list[int], list[int], list[int], list[int]]:
    """Return where text can be cut, best first: paragraph ends, line ends, sentence ends, word ends.

    Each list holds the ones before it. A line that stops in mid-sentence was wrapped: its end is a word end.
    """
    paragraphs: list[int] = []
    lines: list[int] = []
    sentences: list[int] = []
    words: list[int] = []
    for space in _SPACE.finditer(text):
        end = space.start()
        breaks = len((space.group() + "|").splitlines()) - 1
        ends_sentence = _ends_sentence(text, end)
        words.append(end)
        if breaks > 1 or ends_sentence:
            sentences.append(end)
        if breaks > 1 or (breaks and ends_sentence):
            lines.append(end)
        if breaks > 1:
            paragraphs.append(end)
    levels = (paragraphs, lines, sentences, words)
    last = len(text.rstrip())
    for ends in levels:
        if not ends or ends[-1] < last:
            ends.append(last)
    return levels


def _ends_sentence(text: str, end: int) -> bool:
    # Twelve characters hold the longest abbreviation and any sane row of closing marks.
    tail = text[max(0, end - 12) : end].rstrip(_CLOSERS)
    if not tail.endswith(_SENTENCE_END):
        return False
    word = tail.split()[-1].lstrip(_OPENERS)
    is_initial = len(word) == 2 and word[0].isupper()
    return not is_initial and word.lower() not in _ABBREVIATIONS
