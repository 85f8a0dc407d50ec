"""What stands beside a statement: a correction, a retraction, a later version without its words, its language.

In: a statement's article and quote, and the latest version of the article. Out: notes with copied words. Nothing is
looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from rag.schema import Article, Note, Quote
from rag.text import fold, terms

ENGLISH = "en"
# A correction is about a statement of which it has so many stems.
SHARED = 2
# An agency's status of an article that it takes back, as `Article.notice` begins.
RETRACTED = "retracted"
MARKS = " \"'.,;:!?"
LEAST = 40  # Characters of a paragraph that two versions at one address must share, if not their headline.


def notes_of(article: Article, quote: Quote, later: Article | None = None) -> tuple[Note, ...]:
    """The notes on a statement, those that weigh most first."""
    return tuple(_notes(article, quote, later))


def concerns(correction: str, quote: Quote, others: Sequence[Quote] = ()) -> bool:
    """True when a correction has several words of a statement, or names its speaker and has one.

    It may name the speaker and have a word of none of what the same article quotes, the `others`, of that speaker: then
    it is about all of that.
    """
    about = {*terms(correction)}
    if len(about & {*terms(quote.text)}) >= SHARED:
        return True
    name = quote.speaker.name if quote.speaker else ""
    surname = name.split()[-1] if name else ""
    if not surname or not re.search(rf"\b{re.escape(surname)}\b", correction):
        return False
    about -= {*terms(name)}
    own = (other for other in others if other.speaker and other.speaker.name == name)
    return not about.isdisjoint(terms(quote.text)) or all(about.isdisjoint(terms(other.text)) for other in own)


def story_of(article: Article) -> str | None:
    """What versions of one article have in common: an agency's own number of the story, else their address."""
    return article.story or _address(article.url)


def moment_of(article: Article) -> str:
    """The ISO date that tells which of two versions is later; empty where there is none."""
    return article.updated or article.published or ""


def is_later_version(later: Article, article: Article) -> bool:
    """True for a later version of an article, both of one story.

    Where only their address says so, headline or a paragraph must be the same. Where their dates do not tell which is
    later, none is.
    """
    return moment_of(article) < moment_of(later) and bool(article.story or _is_alike(article, later))


def _notes(article: Article, quote: Quote, later: Article | None) -> Iterator[Note]:
    if (article.notice or "").startswith(RETRACTED):
        yield Note("retracted")
    elif article.notice:
        yield Note("correction", article.notice)
    for span in quote.corrected:
        yield Note("correction", " ".join(span.text.split()))
    if later is not None:
        when = (later.updated or later.published or "")[:10]
        if (later.notice or "").startswith(RETRACTED):
            yield Note("retracted", "", when)
        for words in _corrections(later):
            if concerns(words, quote):
                yield Note("correction", words, when)
        if not _has(later, quote):
            yield Note("gone", "", when)
    if article.language not in (None, ENGLISH):
        yield Note("language", str(article.language))


def _corrections(article: Article) -> Iterator[str]:
    for place in (article.corrections or "").split():
        start, end = map(int, place.split(":"))
        yield " ".join(article.text[start:end].split())


def _has(article: Article, quote: Quote) -> bool:
    """True when an article has all the words of a quote, typography folded."""
    text = fold(article.text).text
    return all(fold(span.text).text.strip(MARKS) in text for span in quote.content)


def _address(url: str | None) -> str | None:
    """What the addresses of one page have in common: no scheme, query or fragment. None for a front page."""
    parts = urlsplit(url or "")
    path = parts.path.rstrip("/")
    return f"{parts.netloc.lower().removeprefix('www.')}{path}" if path else None


def _is_alike(one: Article, other: Article) -> bool:
    if one.title and one.title == other.title:
        return True
    lines = [{line.strip() for line in version.text.split("\n") if len(line) >= LEAST} for version in (one, other)]
    return not lines[0].isdisjoint(lines[1])
