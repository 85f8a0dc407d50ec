"""What stands beside a statement: a correction, a retraction, a later version without its words, its language.

In: a statement's article and quote, and the latest version of the article. Out: notes with copied words. Nothing is
looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.index.amending import Amendment
from rag.schema import Article, Note, Quote
from rag.text import FRAME, fold, terms

Said = tuple[str, str]  # A statement's speaker, or "", and its words.

ENGLISH = "en"
# A correction is about a statement of which it has so many stems.
SHARED = 2
# An agency's status of an article that it takes back, as `Article.notice` begins.
RETRACTED = "retracted"
MARKS = " \"'.,;:!?"
LEAST = 40  # Characters of a paragraph that two versions at one address must share, if not their headline.


@dataclass(frozen=True, slots=True)
class Amended:
    """What other articles correct in one, and all that the one quotes."""

    amendments: tuple[Amendment, ...] = ()
    said: tuple[Said, ...] = ()


UNAMENDED = Amended()


def notes_of(
    article: Article, quote: Quote, later: Article | None = None, amended: Amended = UNAMENDED
) -> tuple[Note, ...]:
    """The notes on a statement, those that weigh most first."""
    found = [*_notes(article, quote, later, amended.said)]
    said = {note.text for note in found}
    more = (a for a in amended.amendments if a.words not in said)
    return (*(note for amendment in more for note in _amending(amendment, quote, amended.said)), *found)


def _amending(amendment: Amendment, quote: Quote, said: Sequence[Said]) -> Iterator[Note]:
    """What another article's correction says of a statement; an article that is taken back is so as a whole."""
    is_about = _is_amended(amendment, quote, said)
    if amendment.takes_back and (is_about or amendment.is_whole):
        yield Note("retracted", amendment.words if is_about else "", amendment.when)
    elif is_about:
        yield Note("correction", amendment.words, amendment.when)


def _is_amended(amendment: Amendment, quote: Quote, said: Sequence[Said]) -> bool:
    """True for a statement that another article's correction concerns.

    Where only outlet and day tell which article it is of, it names the speaker, too.
    """
    speaker = quote.speaker.name if quote.speaker else ""
    if not amendment.is_whole and not _names(amendment.about, speaker):
        return False
    if concerns(amendment.about, quote, said):
        return True
    return amendment.is_whole and not any(_concerns(amendment.about, one, said) for one in said)


def concerns(correction: str, quote: Quote, others: Sequence[Said] = ()) -> bool:
    """True when a correction has several words of a statement, or names its speaker and has one.

    It may name the speaker and have a word of none of what the same article quotes, the `others`, of that speaker: then
    it is about all of that.
    """
    return _concerns(correction, (quote.speaker.name if quote.speaker else "", quote.text), others)


def _concerns(correction: str, said: Said, others: Sequence[Said]) -> bool:
    name, text = said
    about = {*terms(correction)} - FRAME  # That somebody said it is a word of every correction.
    if len(about & {*terms(text)}) >= SHARED:
        return True
    if not _names(correction, name):
        return False
    about -= {*terms(name)}
    own = (words for speaker, words in others if speaker == name)
    return not about.isdisjoint(terms(text)) or all(about.isdisjoint(terms(words)) for words in own)


def _names(correction: str, name: str) -> bool:
    """True where a correction has somebody's surname."""
    return bool(name) and re.search(rf"\b{re.escape(name.split()[-1])}\b", correction) is not None


def moment_of(article: Article) -> str:
    """The ISO date that tells which of two versions is later; empty where there is none."""
    return article.updated or article.published or ""


def is_later_version(later: Article, article: Article) -> bool:
    """True for a later version of an article, both of one story.

    Where only their address says so, headline or a paragraph must be the same. Where their dates do not tell which is
    later, none is.
    """
    return moment_of(article) < moment_of(later) and bool(article.story or _is_alike(article, later))


def _notes(article: Article, quote: Quote, later: Article | None, said: Sequence[Said]) -> Iterator[Note]:
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
            if concerns(words, quote, said):
                yield Note("correction", words, when)
        if not _has(later, quote):
            yield Note("gone", "", when)
    if article.language not in (None, ENGLISH):
        yield Note("language", str(article.language))


def _corrections(article: Article) -> Iterator[str]:
    for start, end in article.corrected_at:
        yield " ".join(article.text[start:end].split())


def _has(article: Article, quote: Quote) -> bool:
    """True when an article has all the words of a quote, typography folded."""
    text = fold(article.text).text
    return all(fold(span.text).text.strip(MARKS) in text for span in quote.content)


def _is_alike(one: Article, other: Article) -> bool:
    if one.title and one.title == other.title:
        return True
    lines = [{line.strip() for line in version.text.split("\n") if len(line) >= LEAST} for version in (one, other)]
    return not lines[0].isdisjoint(lines[1])
