"""Stand-ins for the models, behind our own seams: quick, deterministic and checkable by eye."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from rag.index.opening import open_writer
from rag.index.rows import Record
from rag.index.store import Store, open_store
from rag.judging.matcher import Matcher
from rag.models.cross_encoder import Calibrated
from rag.models.onnx import Floats
from rag.models.windows import Stretch, Vectors, words_of
from rag.schema import (
    Article,
    ArticleInfo,
    Citation,
    History,
    Hit,
    Judged,
    Judgement,
    Party,
    Passage,
    Query,
    QuestionKind,
    Quote,
    QuoteKind,
    Span,
    Speaker,
    Statement,
)
from rag.text import paragraphs, terms
from rag.understanding.embedded import Reading
from rag.writing.citations import cite

T = TypeVar("T")


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

    def embed_within(self, texts: Sequence[str], places: Sequence[Sequence[Stretch]]) -> tuple[Vectors, Vectors]:
        return self.embed(texts), self.embed(words_of(texts, places))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


class FakeReader:
    """Reads every question as one of the kind and the parties given; notes the histories that it was shown."""

    def __init__(self, kind: QuestionKind = "said_what", *parties: Party | str, **about: Any) -> None:
        self.kind, self.about = kind, about
        self.parties = tuple(party(each) if isinstance(each, str) else each for each in parties)
        self.histories: list[History] = []

    def read(self, question: str, history: History) -> Query:
        self.histories.append(history)
        return Query(question, self.about.get("text", question), self.kind, self.parties)


class FakeJudge:
    """Gives the probabilities of the first words of its script that a statement holds, the likeliest first.

    Without a script, a statement is as likely an answer as the share of the question's words in speaker and words.
    """

    name = "fake"

    def __init__(self, script: Mapping[str, Mapping[str, float]] | None = None, note: str = "") -> None:
        self.script, self.note = script, note

    def judge(self, query: Query, hits: Sequence[Hit]) -> Judged:
        found = [Judgement(hit, **self._likely(query, hit)) for hit in hits]
        kept = sorted((each for each in found if each.shown > 0), key=lambda each: -each.shown)
        return Judged(tuple(kept), self.name, self.note)

    def _likely(self, query: Query, hit: Hit) -> Mapping[str, Any]:
        said = hit.statement.quote.text
        if self.script is not None:
            return next((likely for words, likely in self.script.items() if words in said), {})
        asked = set(terms(query.text)) - {"say", "said"}
        share = len(asked & set(terms(f"{speaker_name(hit)} {said}"))) / max(1, len(asked))
        if query.kind != "did_say":
            return {"answers": share}
        return {"says_so" if speaker_name(hit) in query.labels else "another": share}


class FakeTagger:
    """The reader's network, as a child reads: who has two names is a party, "And ..." goes on, "Did ..." asks so."""

    kinds: Mapping[str, QuestionKind] = {"did": "did_say", "who": "who_said", "how": "compare", "has": "change"}
    thanks = ("thanks!", "ok")

    def __init__(self) -> None:
        self.read_before: list[str] = []

    def read(self, before: str, question: str) -> Reading:
        self.read_before.append(before)
        first = question.partition(" ")[0].lower()
        parties = re.findall(r"(?!Did|Who|How|Has|And)[A-Z]\w+ [A-Z]\w+", question)
        if question.lower() in self.thanks:
            return Reading("talk", False, ())
        return Reading(self.kinds.get(first, "said_what"), first == "and", tuple(parties))


class FakeNetwork:
    """The judge's network: logs of the probabilities that a function of the pair gives, so that no scale is right."""

    def __init__(self, likely: Callable[[str, str], Sequence[float]]) -> None:
        self.likely = likely
        self.pairs: list[tuple[str, str]] = []

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        self.pairs += pairs
        return np.log(np.array([self.likely(*pair) for pair in pairs], dtype=np.float32))


def matcher(chances: Mapping[str, float] | None = None) -> Matcher:
    """One that gives each name this chance to be meant, and any other next to none."""

    def likely(asked: str, told: str) -> tuple[float, ...]:
        chance = next((found for name, found in (chances or {}).items() if told.startswith(name)), 0.001)
        return (chance, *[(1 - chance) / 5] * 5)

    return Matcher(lambda: Calibrated(FakeNetwork(likely), [1.0], [0.0] * 6))


def tokenizer(*pieces: str) -> bytes:
    """The file of a BERT tokenizer that knows these word pieces; the first one has the number 4."""
    known = {piece: number for number, piece in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *pieces))}
    made = Tokenizer(models.WordPiece(known, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return str(made.to_str()).encode()


def party(name: str, *labels: str, **about: Any) -> Party:
    """Somebody whom the index has under that name, and perhaps others."""
    return Party(name, labels or (name,), about.pop("people", (name,)), named=True, **about)


def span(text: str, words: str, *, nth: int = 0, start: int = 0) -> Span:
    """The nth place where words stand in a text, from `start` on."""
    start -= 1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span.of(text, start, start + len(words))


def quote(
    article: Article, *content: str | Span, by: str = "", role: str | None = None, kind: QuoteKind = "direct"
) -> Quote:
    """Words of an article as a quote of somebody; a string stands for its first place."""
    spans = tuple(c if isinstance(c, Span) else span(article.text, c) for c in content)
    return Quote(spans, speaker=Speaker(by, role, 0.9) if by else None, kind=kind)


def reported(article: Article, clause: str, *, by: str = "", role: str | None = None) -> Quote:
    """A paraphrase with its source and cue, such as "the mayor | warned | that the dam leaks", at its first place."""
    parts = [part.strip() for part in clause.split("|")]
    start = article.text.index(" ".join(parts))
    source, cue, said = (span(article.text[: start + len(clause)], part, start=start) for part in parts)
    return Quote((said,), (source,), (cue,), Speaker(by, role, 0.9) if by else None, "indirect")


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


@dataclass(frozen=True)
class Catalogue:
    """Everything that is said in an index, in step (same index), sorted by id."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    speakers: tuple[str, ...]
    roles: tuple[str, ...]
    articles: tuple[str, ...]
    passages: tuple[str, ...]
    kinds: tuple[str, ...]
    sentences: tuple[str, ...]


def read_all(opened: Store) -> Catalogue:
    """All of an index, read as an answer reads it: each article, passage, statement and vector is checked."""
    ids = opened.statement_ids()
    statements = opened.statements(ids)
    standing = opened.columns.standing("statements", ids)
    lines = opened.columns.lines(row for row, *_ in standing.values())
    passages = opened.columns.passage_ids(line.passage for line in lines.values())
    opened.passages([id for (id,) in opened.select("SELECT id FROM passages", ())])
    assert opened.vectors(ids).keys() == {*ids}
    assert {article.id for article in opened.articles()} == opened.entries().keys()
    rows = [
        (
            statement.id,
            statement.quote.text,
            statement.quote.speaker.name if statement.quote.speaker else "",
            (statement.quote.speaker.role if statement.quote.speaker else None) or "",
            statement.article.id,
            passages.get(lines[standing[statement.id][0]].passage, ""),
            statement.quote.kind,
            lines[standing[statement.id][0]].sentence,
        )
        for statement in statements
    ]
    return Catalogue(*(zip(*rows, strict=True) if rows else [()] * len(fields(Catalogue))))


def articles_of(opened: Store) -> dict[str, Article]:
    """Every article of an index by its id."""
    return {article.id: article for article in opened.articles()}


def citation(text: str, *content: str, number: int = 1, kind: QuoteKind = "direct", **about: Any) -> Citation:
    """A citation of words in an article of that text; `about` sets any of its fields."""
    article = Article("a1", text)
    made = quote(article, *content, by="Ida Hale", role="mayor", kind=kind)
    statement = Statement("s1", ArticleInfo.of(article), made, Span.of(text, 0, len(text)))
    return replace(cite([Hit(statement, 1.0)])[0], number=number, **about)


def hit(score: float, words: str = "The dam will hold.", *, by: str = "Ida Hale", **about: Any) -> Hit:
    """A retrieved statement in an article of its own: `BY said: WORDS`. `about` sets fields of the article."""
    article = Article(about.pop("id", "a1"), f"{by} said: {words}", **about)
    made = quote(article, words, by=by, role="mayor" if by else None)
    context = Span.of(article.text, 0, len(article.text))
    return Hit(Statement(f"{by}/{words}", ArticleInfo.of(article), made, context), score)


def speaker_name(found: Hit) -> str:
    speaker = found.statement.quote.speaker
    return speaker.name if speaker else ""


def in_own_loop(doing: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives, in a thread of its own: a browser that other tests drive keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, doing).result()
