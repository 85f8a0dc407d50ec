"""What a model points at, copied out of the passage: a sentence as a statement, the words that name a speaker."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from rag.judging.sheet import Page
from rag.schema import Hit, Quote, QuoteKind, Span, Speaker, Statement
from rag.text import paragraphs

MAX_NAME_WORDS = 12
# From this share on a statement is what a sentence says: '“The dam will hold,” mayor Ida Hale said.' has 0.49 of it.
MIN_COVERED = 1 / 3
# Words that stand for somebody named elsewhere: they name nobody.
PRONOUNS = frozenset("i you he she it we they me him her us them who whom this that these those".split())
ARTICLES = frozenset(("a", "an", "the"))
OPENING, CLOSING = '“"‘«„', '”"’»“'
MARK = re.compile(r"[“”\"«»„]")


def named_in(page: Page, words: str, near: int) -> Span | None:
    """Where words that name a speaker stand in a passage, letter for letter, nearest to an offset of the article.

    Only white space may differ. None when they do not stand there as whole words, or name nobody.
    """
    parts = words.split()
    if not 0 < len(parts) <= MAX_NAME_WORDS or " ".join(parts).lower() in PRONOUNS or not re.search(r"[^\W\d_]", words):
        return None
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, parts)) + r"(?!\w)"
    base = page.span.start
    found = [match.span() for match in re.finditer(pattern, page.span.text)]
    if not found:
        return None
    start, end = min(found, key=lambda place: abs(base + place[0] - near))
    return Span(base + start, base + end, page.span.text[start:end])


def is_same(speaker: Speaker | None, words: str) -> bool:
    """True when words name whom the index has: all of the one are among the other's, the role's included."""
    if speaker is None:
        return False
    named = set(re.findall(r"\w+", words.lower())) - ARTICLES
    known = set(re.findall(r"\w+", speaker.name.lower()))
    described = known | set(re.findall(r"\w+", (speaker.role or "").lower()))
    return bool(known) and bool(named) and (named <= described or known <= named)


def said_by(hit: Hit, speaker: Speaker) -> Hit:
    """The hit with another speaker, whom the index has for other words of the same article."""
    statement = hit.statement
    return replace(hit, statement=replace(statement, quote=replace(statement.quote, speaker=speaker)))


def covering(page: Page, sentence: Span) -> Hit | None:
    """The statement of the index that makes up most of a sentence, the words about its speaker aside; else None."""
    best = max(page.hits, key=lambda hit: _shared(hit, sentence), default=None)
    return best if best is not None and _shared(best, sentence) >= MIN_COVERED * len(sentence.text) else None


def _shared(hit: Hit, sentence: Span) -> int:
    """How many characters of a sentence are words of a statement."""
    pieces = hit.statement.quote.content
    return sum(max(0, min(p.end, sentence.end) - max(p.start, sentence.start)) for p in pieces)


def sentence_hit(page: Page, sentence: Span, named: Span | None) -> Hit:
    """A sentence that extraction missed, as a retrieved statement.

    Its speaker is whom the passage's words name, else the one whom the index has for all words of it that it knows,
    else nobody.
    """
    inside = {hit.statement.quote.speaker for hit in page.hits if _shared(hit, sentence)}
    quote = Quote(
        content=(sentence,),
        source=(named,) if named else (),
        speaker=Speaker(named.text, None, 1.0) if named else inside.pop() if len(inside) == 1 else None,
        kind=_kind(sentence.text),
    )
    key = f"{page.article.id}\n{sentence.start}:{sentence.end}\nsentence"
    id = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    statement = Statement(id, page.article, quote, _line_of(page.span, sentence))
    return Hit(statement, score=max((hit.score for hit in page.hits), default=0.0), passage=page.span)


def _kind(text: str) -> QuoteKind:
    """Direct only if one pair of marks holds all of it: otherwise the reporter's words are among the speaker's."""
    marks = MARK.findall(text)
    if text[0] in OPENING and text[-1] in CLOSING and not MARK.search(text[1:-1]):
        return "direct"
    return "mixed" if marks else "indirect"


def _line_of(passage: Span, sentence: Span) -> Span:
    """The line of a passage that a sentence stands in."""
    lines: Sequence[tuple[int, int]] = list(paragraphs(passage.text))
    offset = sentence.start - passage.start
    start, end = next((line for line in lines if line[0] <= offset < line[1]), (0, len(passage.text)))
    return Span(passage.start + start, passage.start + end, passage.text[start:end])
