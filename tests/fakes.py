"""Stand-ins for the models, behind our own seams: quick, deterministic and checkable by eye."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field

from rag.citations import cite
from rag.embeddings import Vectors
from rag.llm import ChatModel
from rag.rows import Record
from rag.schema import Article, ArticleInfo, Citation, Hit, Passage, Query, Quote, QuoteKind, Span, Speaker, Statement
from rag.store import Store, open_store
from rag.store_writer import open_writer
from rag.text import paragraphs


class FakeEmbeddings:
    """One axis a word: the cosine of two texts is their shared words / sqrt(words of one * words of the other).

    A token is a word. `embedded` lists every text that was asked for, in order.
    """

    name = "fake-words"
    dimension = 1024
    max_tokens = 40

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(_words(text))

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in _words(text):
                vector[1 + zlib.crc32(word.encode()) % (self.dimension - 1)] += 1
            vector[0] = 0 if vector.any() else 1
            vector /= np.linalg.norm(vector)
        return vectors


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


class ScriptedModel(BaseChatModel):
    """Streams what `script` gives, an exception in it being raised; notes each prompt and what was bound to it."""

    script: Any
    prompts: list[list[BaseMessage]] = Field(default_factory=list)
    options: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **options: Any
    ) -> Iterator[ChatGenerationChunk]:
        self.prompts.append(messages)
        self.options.append(options)
        for piece in self.script():
            if isinstance(piece, Exception):
                raise piece
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError("the program streams")


def scripted(*pieces: str | Exception, embedded: bool = False) -> tuple[ChatModel, ScriptedModel]:
    """A chat model that always writes these pieces, and the fake in it that remembers what it was sent."""
    model = ScriptedModel(script=lambda: pieces)
    return ChatModel(model, "scripted", embedded=embedded), model


def endless(line: str) -> ChatModel:
    """A chat model that never stops writing the same line."""
    return ChatModel(ScriptedModel(script=lambda: itertools.repeat(line)), "endless")


def span(text: str, words: str, *, nth: int = 0) -> Span:
    """The nth place where words stand in a text."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span.of(text, start, start + len(words))


def quote(
    article: Article, *content: str | Span, by: str = "", role: str | None = None, kind: QuoteKind = "direct"
) -> Quote:
    """Words of an article as a quote of somebody; a string stands for its first place."""
    spans = tuple(c if isinstance(c, Span) else span(article.text, c) for c in content)
    return Quote(spans, speaker=Speaker(by, role, 0.9) if by else None, kind=kind)


def record(article: Article, *quotes: Quote, fingerprint: str = "f1") -> Record:
    """An article with a passage for each of its paragraphs, embedded by the fake."""
    model = FakeEmbeddings()
    passages = [Passage(Span.of(article.text, start, end)) for start, end in paragraphs(article.text)]
    return Record(
        article,
        fingerprint,
        passages,
        model.embed([passage.span.text for passage in passages]),
        quotes,
        model.embed([q.text for q in quotes]),
    )


def write_index(index: Path, *records: Record) -> None:
    """Put records into an index of the fake embedding model."""
    with open_writer(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension) as store:
        store.write(records)


def read_index(index: Path) -> Store:
    """Open an index of the fake embedding model for reading."""
    return open_store(index, model=FakeEmbeddings.name, dimension=FakeEmbeddings.dimension)


def citation(text: str, *content: str, number: int = 1, kind: QuoteKind = "direct", **about: Any) -> Citation:
    """A citation of words in an article of that text; `about` sets any of its fields."""
    article = Article("a1", text)
    made = quote(article, *content, by="Ida Hale", role="mayor", kind=kind)
    info = ArticleInfo("a1", None, None, None, None, None, article.sha256)
    statement = Statement("s1", info, made, Span.of(text, 0, len(text)))
    return replace(cite([Hit(statement, 1.0)])[0], number=number, **about)


def hit(score: float, words: str = "The dam will hold.", *, by: str = "Ida Hale", **about: Any) -> Hit:
    """A retrieved statement in an article of its own: `BY said: WORDS`. `about` sets fields of the article."""
    article = Article(about.pop("id", "a1"), f"{by} said: {words}", **about)
    made = quote(article, words, by=by, role="mayor" if by else None)
    info = ArticleInfo(
        article.id,
        article.title,
        article.author,
        article.publication,
        article.published,
        article.url,
        article.sha256,
    )
    context = Span.of(article.text, 0, len(article.text))
    return Hit(Statement(f"{by}/{words}", info, made, context), score)


class Found:
    """Stands in for the retriever: hits by score, kept to speakers when some are asked for."""

    def __init__(self, *hits: Hit) -> None:
        self.hits = sorted(hits, key=lambda found: -found.score)

    def __call__(self, query: Query, *, k: int, speakers: tuple[str, ...] = ()) -> list[Hit]:
        return [found for found in self.hits if not speakers or speaker_name(found) in speakers][:k]


def speaker_name(found: Hit) -> str:
    speaker = found.statement.quote.speaker
    return speaker.name if speaker else ""
