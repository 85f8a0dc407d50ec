"""What a run makes of each new article, without the index: split it, find its statements, embed both.

`Here` does so in this process; `ingest.on_ray` by the same functions in many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ingest.indexing.vectors import Prepared, records_of
from ingest.quotes import extract_quotes
from ingest.quoting.statements import statements
from ingest.splitter import split
from ingest.text.corrections import corrected, offsets
from ingest.text.language import language_of
from ingest.text.reading import as_read
from rag.index.notes import RETRACTED
from rag.index.notices import headline_in, is_notice, is_taken_back, retracts, with_words
from rag.index.rows import Record
from rag.models.embeddings import Embedder
from rag.schema import Article
from rag.text import terms


@dataclass(frozen=True, slots=True)
class Batch:
    """Records to be written in one go, and of how many texts, statements and names a vector was made for them."""

    records: list[Record]
    embedded: int


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
        self._waiting: list[Prepared] = []

    def take(self, article: Article, fingerprint: str) -> Iterator[Batch]:
        """As Preparer."""
        self._waiting.append(prepare(article, fingerprint, self._embedder))
        vectors = sum(prepared.size for prepared in self._waiting)
        if max(vectors, len(self._waiting)) >= self._together:
            yield from self.finish()

    def finish(self) -> Iterator[Batch]:
        """As Preparer."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            yield embed(waiting, self._embedder)

    def close(self) -> None:
        """As Preparer."""


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


def embed(waiting: Sequence[Prepared], embedder: Embedder) -> Batch:
    """The records of what is prepared."""
    return Batch(*records_of(waiting, embedder))


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
