"""Articles, passages and quotes as the rows that the store keeps, and back."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import numpy as np
from numpy.typing import NDArray

from rag.index.notes import UNAMENDED, Amended, notes_of
from rag.index.seal import seal
from rag.schema import Article, ArticleInfo, Passage, Quote, Span, Speaker, Statement
from rag.text import around, sentences, whole

# How articles are split, what is found in them and what of it is embedded: raise it when that changes, and the next run
# makes every article anew (`ingest.pipeline`).
EXTRACTOR_VERSION = 21
FILE = "file://"
ARTICLE_FIELDS = (
    *("title", "author", "publication", "published", "url", "path"),
    *("updated", "language", "story", "notice", "corrections"),
)

SPANS = ("content", "source", "cue", "corrected", "channel")
LABEL_GAP = 20  # Characters between a label and its turn: a colon, a time.
LONGEST = 400  # Characters of a question that is shown before its answer.

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

    def each(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(id, text, metadata) of each row."""
        return zip(self.ids, self.texts, self.metadatas, strict=True)

    @classmethod
    def join(cls, parts: Sequence[Rows]) -> Rows:
        """The rows of several parts, one after the other."""
        return cls(
            [id for part in parts for id in part.ids],
            [text for part in parts for text in part.texts],
            [metadata for part in parts for metadata in part.metadatas],
            np.concatenate([part.vectors for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """What an article's record says: its file, of what it was made, and how many rows were made of it.

    `seal` are the checksums of the article and of those rows, empty in an index of an earlier version.
    """

    id: str
    path: str
    fingerprint: str
    passages: int
    quotes: int
    seal: str = ""

    @classmethod
    def of(cls, id: str, meta: Mapping[str, Any]) -> Entry:
        """The entry in an article's row."""
        passages, quotes = int(meta["passages"]), int(meta["quotes"])
        path, seal = file_path(meta.get("path") or ""), str(meta.get("seal") or "")
        return cls(id, path, str(meta["fingerprint"]), passages, quotes, seal)

    @classmethod
    def kept(cls, id: str, path: str, *more: Any) -> Entry:
        """The entry with its path as it is stored."""
        return cls(id, file_path(path), *more)


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
    passage_rows, quote_rows = (
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
    sealed = {**_article_metadata(record), "seal": seal(article, passage_rows.each(), quote_rows.each())}
    return Rows([article.id], [article.text], [sealed], np.ones((1, 1), dtype=np.float32)), passage_rows, quote_rows


def article_of(id: str, text: str, meta: Mapping[str, Any]) -> Article:
    """An article's row as the article."""
    fields = {field: meta[field] for field in ARTICLE_FIELDS if field in meta}
    return Article(id=id, text=text, **{**fields, "path": file_path(meta.get("path") or "")})


def kept_path(path: str) -> str:
    """A path as it is stored: as a file: address where its bytes are no UTF-8, which no store takes."""
    return path if path == whole(path) else Path(path).as_uri()


def file_path(kept: str) -> str:
    """The path that was stored by `kept_path`; every path begins with a slash, no address does."""
    return os.fsdecode(unquote_to_bytes(kept.removeprefix(FILE))) if kept.startswith(FILE) else kept


def _flat(spans: Iterable[Span]) -> list[int]:
    return [offset for span in spans for offset in (span.start, span.end)]


def _article_metadata(record: Record) -> dict[str, Any]:
    # Chroma merges what it is given into what it has; None takes a field out.
    fields = {field: getattr(record.article, field) or None for field in ARTICLE_FIELDS}
    fields["path"] = kept_path(record.article.path) or None
    counts = {"passages": len(record.passages), "quotes": len(record.quotes)}
    return {**fields, "fingerprint": record.fingerprint, **counts}


def _quote_metadata(quote: Quote, passage_id: str) -> dict[str, Any]:
    speaker = quote.speaker
    spans = {name: getattr(quote, name) for name in SPANS}
    return {
        "passage": passage_id,
        "speaker": speaker.name if speaker else "",
        "role": (speaker.role if speaker else None) or "",
        "confidence": speaker.confidence if speaker else 0.0,
        "speaker_kind": speaker.kind if speaker else "unnamed",
        "kind": quote.kind,
        "mode": quote.mode,
        **{name: _flat(value) for name, value in spans.items() if value},
        **({"also": [*speaker.also]} if speaker and speaker.also else {}),
    }


def _passage_of(quote: Quote, passages: Sequence[Passage], ids: Sequence[str]) -> str:
    start = quote.content[0].start
    return next((id for id, p in zip(ids, passages, strict=True) if p.span.start <= start < p.span.end), "")


def _spans(text: str, offsets: Sequence[int]) -> tuple[Span, ...]:
    return tuple(Span.of(text, int(s), int(e)) for s, e in zip(offsets[::2], offsets[1::2], strict=True))


def sentence_of(meta: Mapping[str, Any], text: str) -> str:
    """The sentence or sentences of an article's text that a quote's words, cue, source and channel stand in."""
    offsets = [int(offset) for name in ("content", "source", "cue", "channel") for offset in meta.get(name) or ()]
    start, end = min(offsets), max(offsets)
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end)
    within = [
        (begin, stop)
        for begin, stop in sentences(text, left, len(text) if right < 0 else right)
        if begin < end and stop > start
    ]
    return text[within[0][0] : within[-1][1]] if within else text[start:end]


def channel_of(meta: Mapping[str, Any], text: str) -> str:
    """The words for what a quote came through; empty for most."""
    return " ".join(span.text for span in _spans(text, meta.get("channel") or ()))


def statement(
    id: str, meta: Mapping[str, Any], article: Article, later: Article | None = None, amended: Amended = UNAMENDED
) -> Statement:
    """A quote's row as a statement; every span is cut out of the article's text anew.

    `later`: its latest version; `amended`: what other articles correct in it.
    """
    content, source, cue, corrected, channel = (_spans(article.text, meta.get(name) or ()) for name in SPANS)
    kind, also = meta.get("speaker_kind", "unnamed"), tuple(meta.get("also") or ())
    speaker = None
    if meta["speaker"]:
        speaker = Speaker(meta["speaker"], meta["role"] or None, meta["confidence"], kind, also)
    # With the line of a cue that leads to the words: "denied" is part of what is shown.
    leading = [c for c in cue if not any(map(str.isalnum, article.text[c.end : content[0].start]))]
    begin = min(span.start for span in (content[0], *leading))
    begin = min(begin, _question_before(article.text, content[0].start, source, meta["kind"]))
    context = Span.of(article.text, *around(article.text, begin, content[-1].end))
    quote = Quote(content, source, cue, speaker, meta["kind"], corrected, meta.get("mode", "said"), channel)
    return Statement(id, ArticleInfo.of(article), quote, context, notes_of(article, quote, later, amended))


def _question_before(text: str, start: int, source: Sequence[Span], kind: str) -> int:
    """Where the question begins that a turn of an interview answers; where the turn does, if it answers none.

    "Gone by February." tells nothing without "And the budget?". A turn has no marks, and its label, if any, before it.
    """
    label = min([span.start for span in source if span.end <= start and start - span.end <= LABEL_GAP], default=start)
    if kind != "direct" or not text[start].isalnum():
        return start
    before = text[:label].rstrip()
    line = before.rfind("\n") + 1
    return line if before.endswith("?") and "\n" in text[len(before) : label] and label - line <= LONGEST else start
