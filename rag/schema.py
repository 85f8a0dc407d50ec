"""The data that crosses module borders: frozen, typed, and checked against the article when built.

All offsets count characters of `Article.text`, end exclusive. Nothing here does any work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

QuoteKind = Literal["direct", "indirect", "mixed"]
QuestionKind = Literal["said_what", "who_said", "did_say", "list", "compare", "change"]
Verdict = Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of an article: `text == article.text[start:end]`, so use `Span.of` to build one."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Span:
        """Cut a span out of `text`; ValueError unless 0 <= start < end <= len(text)."""
        if not 0 <= start < end <= len(text):
            raise ValueError(f"span {start}:{end} is empty or outside a text of {len(text)} characters")
        return cls(start, end, text[start:end])


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as it is stored. `published` is an ISO date; `path` is the file it came from."""

    id: str
    text: str
    title: str | None = None
    author: str | None = None
    publication: str | None = None
    published: str | None = None
    url: str | None = None
    path: str = ""

    @property
    def sha256(self) -> str:
        """SHA-256 of the text (UTF-8): what a reader checks a citation's offsets against."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who spoke: the fullest name the article gives, the role it gives, and how sure that is (0 to 1)."""

    name: str
    role: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said in an article. A cue can split the content, so it is a tuple of spans."""

    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    speaker: Speaker | None = None
    kind: QuoteKind = "direct"

    @property
    def text(self) -> str:
        """The words said, the pieces joined by one space. For embedding and search, never for print."""
        return " ".join(span.text for span in self.content)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article that the embedding model sees whole."""

    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """A stored quote together with the article it stands in (without the article's text)."""

    id: str
    article: ArticleInfo
    quote: Quote
    context: Span


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """What a citation shows of an article, and the hash that its offsets belong to."""

    id: str
    title: str | None
    author: str | None
    publication: str | None
    published: str | None
    url: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One party that a question asks about, `phrase` as typed.

    `speakers` are all labels of the index that mean the party, `people` the fullest name of each
    distinct person among them (more than one: the surname is ambiguous). A `described` party (an
    office, a relative, an organisation) may stand in the articles under any name. One that is not
    described and has no speakers is somebody who is not quoted. `topic` is set when the question
    gives each party its own.
    """

    phrase: str
    speakers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    described: bool = False
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood: its kind, who is asked about, and the topic that is left.

    `asked` has the parties in the question's order; `speakers` and `unknown_speakers` sum them up.
    `described` holds phrases whose words speak for a speaker that role or context fits. `ambiguous`
    names the people that one surname can mean, `respelt` pairs what was typed with the name it was
    taken for. `premise` is what the question takes for granted that the speaker said or did. `since`,
    `until` (ISO dates) and `outlets` (publications as the index spells them) are wishes, not conditions.
    """

    question: str
    kind: QuestionKind
    topic: str
    speakers: tuple[str, ...] = ()
    unknown_speakers: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    described: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    respelt: tuple[tuple[str, str], ...] = ()
    premise: str = ""
    since: str | None = None
    until: str | None = None
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement that was retrieved for a query, with its relevance (higher is better).

    `also` holds the same words of the same speaker in other articles, such as a syndicated report.
    `missed` names what of the query's wishes ("speaker", "date", "outlet") the statement does not meet.
    """

    statement: Statement
    score: float
    also: tuple[Statement, ...] = ()
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A statement as an answer shows it. `quote` is the article's text at `start:end`, unaltered.

    `spans` holds every piece of a statement that a cue splits, `start:end` being the longest of
    them; `context` is the paragraph around it, from `context_start`. `cue` is where the words
    stand that lead straight to a paraphrase, such as "warned", and None anywhere else. `source` is
    what the article calls a speaker whom it does not name, such as "a spokesman". `also` has the
    same statement in other articles, under the same number. `against` is the number of a citation
    that it does not go together with, where a speaker has changed position.
    """

    number: int
    quote: str
    speaker: str
    role: str | None
    article_id: str
    title: str | None
    publication: str | None
    published: str | None
    url: str | None
    start: int
    end: int
    direct: bool
    context: str
    context_start: int
    spans: tuple[tuple[int, int], ...]
    sha256: str
    cue: tuple[int, int] | None = None
    source: str | None = None
    also: tuple[Citation, ...] = ()
    against: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: Markdown with [1] markers, and the citations that those markers stand for."""

    text: str
    answered: bool
    verdict: Verdict | None = None
    citations: tuple[Citation, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON types: what `python -m rag --json` prints."""
        return asdict(self)


Message = Mapping[str, Any]
History = Sequence[Message]
