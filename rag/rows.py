"""Articles, passages and quotes as the rows that the store keeps, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.schema import Article, ArticleInfo, Passage, Quote, Span, Speaker, Statement
from rag.text import around, sentences

ARTICLE_FIELDS = ("title", "author", "publication", "published", "url", "path")

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Record:
    """An article with everything made from it, ready to be written. Vectors have one row per item."""

    article: Article
    fingerprint: str
    passages: Sequence[Passage]
    passage_vectors: Vectors
    quotes: Sequence[Quote]
    quote_vectors: Vectors


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one collection, column by column; `vectors` has one row for each id."""

    ids: list[str]
    texts: list[str]
    metadatas: list[dict[str, Any]]
    vectors: Vectors

    @classmethod
    def join(cls, parts: Sequence[Rows]) -> Rows:
        """The rows of several parts, one after the other."""
        return cls(
            [id for part in parts for id in part.ids],
            [text for part in parts for text in part.texts],
            [metadata for part in parts for metadata in part.metadatas],
            np.concatenate([part.vectors for part in parts]),
        )


def item_id(article_id: str, fingerprint: str, offsets: Iterable[int]) -> str:
    """The id of a quote or passage: a hash of its article as it was made and of where it stands, never of its words.

    The rows of an article and of what it was before have no id in common, so that both can be in the store.
    """
    key = "\0".join([article_id, fingerprint, *map(str, offsets)])
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def quote_id(article_id: str, fingerprint: str, quote: Quote) -> str:
    """The id of a quote: where its words and its source stand."""
    return item_id(article_id, fingerprint, [*_flat(quote.content), -1, *_flat(quote.source)])


def rows_of(record: Record) -> tuple[Rows, Rows, Rows]:
    """The rows of an article, of its passages and of its quotes."""
    article, passages, quotes = record.article, record.passages, record.quotes
    made = {"article": article.id, "fingerprint": record.fingerprint}
    passage_ids = [item_id(article.id, record.fingerprint, (p.span.start, p.span.end)) for p in passages]
    return (
        Rows([article.id], [article.text], [_article_metadata(record)], np.ones((1, 1), dtype=np.float32)),
        Rows(
            passage_ids,
            [p.span.text for p in passages],
            [{**made, "start": p.span.start, "end": p.span.end} for p in passages],
            record.passage_vectors,
        ),
        Rows(
            [quote_id(article.id, record.fingerprint, quote) for quote in quotes],
            [quote.text for quote in quotes],
            [{**made, **_quote_metadata(quote, _passage_of(quote, passages, passage_ids))} for quote in quotes],
            record.quote_vectors,
        ),
    )


def _flat(spans: Iterable[Span]) -> list[int]:
    return [offset for span in spans for offset in (span.start, span.end)]


def _article_metadata(record: Record) -> dict[str, Any]:
    # Chroma merges what it is given into what it has; None takes a field out.
    fields = {field: getattr(record.article, field) or None for field in ARTICLE_FIELDS}
    counts = {"passages": len(record.passages), "quotes": len(record.quotes)}
    return {**fields, "fingerprint": record.fingerprint, **counts}


def _quote_metadata(quote: Quote, passage_id: str) -> dict[str, Any]:
    speaker = quote.speaker
    spans = {"content": quote.content, "source": quote.source, "cue": quote.cue}
    return {
        "passage": passage_id,
        "speaker": speaker.name if speaker else "",
        "role": (speaker.role if speaker else None) or "",
        "confidence": speaker.confidence if speaker else 0.0,
        "kind": quote.kind,
        **{name: _flat(value) for name, value in spans.items() if value},
    }


def _passage_of(quote: Quote, passages: Sequence[Passage], ids: Sequence[str]) -> str:
    start = quote.content[0].start
    return next((id for id, p in zip(ids, passages, strict=True) if p.span.start <= start < p.span.end), "")


def _spans(text: str, offsets: Sequence[int]) -> tuple[Span, ...]:
    return tuple(Span.of(text, int(s), int(e)) for s, e in zip(offsets[::2], offsets[1::2], strict=True))


def sentence_of(meta: Mapping[str, Any], text: str) -> str:
    """The sentence or sentences of an article's text that a quote's words, cue and source stand in."""
    offsets = [int(offset) for name in ("content", "source", "cue") for offset in meta.get(name) or ()]
    start, end = min(offsets), max(offsets)
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end)
    within = [
        (begin, stop)
        for begin, stop in sentences(text, left, len(text) if right < 0 else right)
        if begin < end and stop > start
    ]
    return text[within[0][0] : within[-1][1]] if within else text[start:end]


def statement(id: str, meta: Mapping[str, Any], article: Article) -> Statement:
    """A quote's row as a statement; every span is cut out of the article's text anew."""
    content, source, cue = (_spans(article.text, meta.get(name) or ()) for name in ("content", "source", "cue"))
    speaker = Speaker(meta["speaker"], meta["role"] or None, meta["confidence"]) if meta["speaker"] else None
    info = ArticleInfo(
        article.id,
        article.title,
        article.author,
        article.publication,
        article.published,
        article.url,
        article.sha256,
    )
    # With the line of a cue that leads to the words: "denied" is part of what is shown.
    leading = [c for c in cue if not any(map(str.isalnum, article.text[c.end : content[0].start]))]
    begin = min(span.start for span in (content[0], *leading))
    context = Span.of(article.text, *around(article.text, begin, content[-1].end))
    return Statement(id, info, Quote(content, source, cue, speaker, meta["kind"]), context)
