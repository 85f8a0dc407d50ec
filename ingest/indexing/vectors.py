"""What of an article is embedded: of the passages in which somebody is quoted, the sentences that hold statements.

A statement's vector is made while its passage is read, so it costs nothing, and what stands around it counts; its
speaker's name is mixed in. A passage without a statement leads a question to nothing, and of the others the sentences
without one find no more and cost a fifth of the tokens. Figures: docs/ingestion.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rag.index.rows import Record, Vectors
from rag.models.embeddings import Embedder, Stretch
from rag.schema import Article, Passage, Quote, Span
from rag.text import sentences

# How much of a statement's vector its speaker's name is. With 0 / 0.2 / 0.35 the right one is among the 30 nearest for
# 0.88 / 0.91 / 0.90 of the questions about the articles set aside.
NAME_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article with its passages and quotes, not yet embedded. `read` are the sentences embedded of each passage."""

    article: Article
    fingerprint: str
    passages: list[Passage]
    quotes: list[Quote]
    read: list[list[Span]]

    @classmethod
    def of(cls, article: Article, fingerprint: str, spans: Sequence[Span], quotes: list[Quote]) -> Prepared:
        """Keep those of an article's passages that hold words of a quote."""
        said = [span for quote in quotes for span in quote.content]
        telling = [(span, [one for one in _sentences(article, span) if _holds(one, said)]) for span in spans]
        kept = [(Passage(span), read) for span, read in telling if read]
        return cls(article, fingerprint, [passage for passage, _ in kept], quotes, [read for _, read in kept])

    @property
    def size(self) -> int:
        """How many vectors it will have."""
        return len(self.passages) + len(self.quotes)

    @property
    def headline(self) -> str:
        """What each passage is read under."""
        return f"{self.article.title}. " if self.article.title else ""

    def texts(self) -> list[str]:
        """What the embedding model reads."""
        return [self.headline + " ".join(sentence.text for sentence in read) for read in self.read]

    def names(self) -> list[str]:
        """Each quote's speaker; "" where nobody is known to speak."""
        return [quote.speaker.name if quote.speaker else "" for quote in self.quotes]

    def places(self, first: int) -> list[list[Stretch]]:
        """Where each quote stands in these texts, the first of which has the number `first`."""
        return [
            [
                Stretch(first + number, *within)
                for span in quote.content
                for number, read in enumerate(self.read)
                for within in self._within(read, span)
            ]
            for quote in self.quotes
        ]

    def _within(self, read: Sequence[Span], span: Span) -> Iterator[tuple[int, int]]:
        """Where the words of a span stand in the text made of these sentences."""
        at = len(self.headline)
        for sentence in read:
            if _shared(sentence, span):
                start, end = max(span.start, sentence.start), min(span.end, sentence.end)
                yield at + start - sentence.start, at + end - sentence.start
            at += sentence.end - sentence.start + 1


def records_of(waiting: Sequence[Prepared], embedder: Embedder) -> tuple[list[Record], int]:
    """Embed what is prepared, all in one go, so that texts of one length are read together.

    Returns the records, and of how many texts, statements and names a vector was made.
    """
    texts: list[str] = []
    places: list[list[Stretch]] = []
    for prepared in waiting:
        places += prepared.places(len(texts))
        texts += prepared.texts()
    passages, quotes = embedder.embed_within(texts, places)
    names = list(dict.fromkeys(name for prepared in waiting for name in prepared.names() if name))
    quotes = _under_names(quotes, [name for prepared in waiting for name in prepared.names()], names, embedder)
    records: list[Record] = []
    for prepared in waiting:
        own, passages = _split(passages, len(prepared.passages))
        said, quotes = _split(quotes, len(prepared.quotes))
        records.append(Record(prepared.article, prepared.fingerprint, prepared.passages, own, prepared.quotes, said))
    return records, len(texts) + len(places) + len(names)


def text_alone(article: Article) -> Record:
    """The record of an article without statements, of no fingerprint: a run that meets its file makes it anew."""
    nothing = np.zeros((0, 1), dtype=np.float32)
    return Record(article, "", [], nothing, [], nothing)


def _under_names(quotes: Vectors, speakers: Sequence[str], names: Sequence[str], embedder: Embedder) -> Vectors:
    """The vectors of quotes with those of their speakers' names mixed in."""
    vectors = dict(zip(names, embedder.embed(names), strict=True))
    nobody = np.zeros(embedder.dimension, dtype=np.float32)
    mixed = quotes.copy()
    for quote, name in zip(mixed, speakers, strict=True):
        quote *= 1 - NAME_SHARE
        quote += NAME_SHARE * vectors.get(name, nobody)
        quote /= np.linalg.norm(quote)
    return mixed


def _split(vectors: Vectors, count: int) -> tuple[Vectors, Vectors]:
    return vectors[:count], vectors[count:]


def _sentences(article: Article, passage: Span) -> list[Span]:
    return [Span.of(article.text, *place) for place in sentences(article.text, passage.start, passage.end)]


def _holds(sentence: Span, said: Sequence[Span]) -> bool:
    return any(_shared(sentence, span) for span in said)


def _shared(one: Span, other: Span) -> bool:
    """True when two spans have characters in common."""
    return one.start < other.end and other.start < one.end
