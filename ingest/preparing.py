"""What a run makes of each new article, without the index: split it, find its statements, embed both.

`Here` does so in this process; `ingest.on_ray` by the same functions in many.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ingest.indexing.vectors import Prepared, records_of
from ingest.quotes import extract_quotes
from ingest.quoting.statements import statements
from ingest.splitter import split
from ingest.text.corrections import corrected, offsets
from ingest.text.language import language_of
from ingest.text.reading import as_read
from rag.errors import OnTheRecordError
from rag.index.notes import RETRACTED
from rag.index.notices import headline_in, is_notice, is_taken_back, retracts, with_words
from rag.index.rows import Record
from rag.models.embeddings import Embedder
from rag.schema import Article
from rag.text import terms

OURS = ("ingest", "rag")

# What concerns all articles, such as a full disk, ends the run.
GENERAL = (OnTheRecordError, OSError, MemoryError)


@dataclass(frozen=True, slots=True)
class Fault:
    """An article that this program failed over, and why in one sentence; `trace` is for who mends the program."""

    id: str
    path: str
    reason: str
    trace: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Records to be written in one go, and of how many texts, statements and names a vector was made for them.

    `faults` are the articles among them that are left out.
    """

    records: list[Record]
    embedded: int
    faults: tuple[Fault, ...] = ()


class Preparer(Protocol):
    """Takes articles and gives them back as records, in the same order, when enough of them are ready."""

    def take(self, article: Article, fingerprint: str) -> Iterator[Batch]:
        """Prepare an article; yields what is ready by now."""

    def finish(self) -> Iterator[Batch]:
        """All that was taken and not yet given back."""

    def close(self) -> None:
        """Let go of what it holds; it is called once, whatever went wrong."""


class Here:
    """A Preparer in this process; so many passages, statements or articles are embedded together."""

    def __init__(self, embedder: Embedder, together: int) -> None:
        self._embedder, self._together = embedder, together
        self._waiting: list[Prepared | Fault] = []

    def take(self, article: Article, fingerprint: str) -> Iterator[Batch]:
        """As Preparer."""
        self._waiting.append(attempt(article, fingerprint, self._embedder))
        vectors = sum(one.size for one in self._waiting if isinstance(one, Prepared))
        if max(vectors, len(self._waiting)) >= self._together:
            yield from self.finish()

    def finish(self) -> Iterator[Batch]:
        """As Preparer."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            yield embed(waiting, self._embedder)

    def close(self) -> None:
        """As Preparer."""


def attempt(article: Article, fingerprint: str, embedder: Embedder) -> Prepared | Fault:
    """An article prepared; where this program has a fault that shows in this article, which: the others go on."""
    try:
        return prepare(article, fingerprint, embedder)
    except GENERAL:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it concerns one article, and the run names it
        why = f"an error of this program ({type(error).__name__} in {_place(error)}) while reading article"
        reason = f"{why} {article.id!r}: it was left out; please report it with the article"
        return Fault(article.id, article.path, reason, "".join(traceback.format_exception(error)))


def prepare(article: Article, fingerprint: str, embedder: Embedder) -> Prepared:
    """An article with its passages and statements."""
    spans = split(article.text, count_tokens=embedder.count_tokens, max_tokens=embedder.max_tokens)
    article = _known(article)
    found = extract_quotes(article.text, article.title, language=article.language, author=article.author)
    quotes = statements(as_read(article.text), found)
    if is_notice(article):  # It has another article's headline in marks, and corrects the statements of that.
        headline = terms(headline_in(article.title or ""))
        quotes = [quote for quote in quotes if terms(quote.text) != headline]
    else:
        quotes = corrected(article.text, quotes)
    return Prepared.of(article, fingerprint, spans, quotes)


def embed(waiting: Sequence[Prepared | Fault], embedder: Embedder) -> Batch:
    """The records of what is prepared, and the faults."""
    ready = [one for one in waiting if isinstance(one, Prepared)]
    records, embedded = records_of(ready, embedder) if ready else ([], 0)
    return Batch(records, embedded, tuple(one for one in waiting if isinstance(one, Fault)))


def _place(error: Exception) -> str:
    """The file of ours, and the line in it, that an error came from or through last: not a library's."""
    frames = [
        (Path(frame.f_code.co_filename).name, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__", "").partition(".")[0] in OURS
    ]
    return "{}, line {}".format(*frames[-1])


def _known(article: Article) -> Article:
    """The article with what its text tells of it: its language, where it corrects, that it is taken back."""
    places = list(offsets(article.text))
    if is_notice(article):
        taken_back = False
        places = with_words(article, places)
    else:
        taken_back = is_taken_back(article) or any(retracts(article.text[slice(*place)]) for place in places)
    return replace(
        article,
        language=language_of(article.text, article.language),
        corrections=" ".join(f"{start}:{end}" for start, end in places) or None,
        notice=article.notice or (RETRACTED if taken_back else None),
    )
