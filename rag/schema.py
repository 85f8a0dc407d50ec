"""The data that crosses module borders: frozen, typed, and checked against the article when built.

All offsets count characters of `Article.text`, end exclusive. Nothing here does any work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

QuoteKind = Literal["direct", "indirect", "mixed"]
# A survey asks about all the articles, on nothing in particular; talk asks nothing of them.
QuestionKind = Literal[
    "said_what", "who_said", "did_say", "list", "compare", "change", "stance", "overview", "survey", "talk"
]
Verdict = Literal["yes", "no"]
Mode = Literal["said", "asked", "supposed", "denied", "wished"]
SpeakerKind = Literal["person", "body", "group", "unnamed"]
NoteKind = Literal["correction", "gone", "retracted", "language"]
SentenceKind = Literal["opening", "heading", "statement"]


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
    """One news article as it is stored. `published` and `updated` are ISO dates; `path` is the file it came from.

    `language` is a code of ISO 639-1, None where it is not known. `story` is what all versions of an article have in
    common, such as an agency's number of it. `notice` is what its publisher says of it outside of its text, such as
    "retracted". `corrections` are the places in the text where it corrects itself, as "120:164 170:201".
    """

    id: str
    text: str
    title: str | None = None
    author: str | None = None
    publication: str | None = None
    published: str | None = None
    url: str | None = None
    path: str = ""
    updated: str | None = None
    language: str | None = None
    story: str | None = None
    notice: str | None = None
    corrections: str | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 of the text (UTF-8): what a reader checks a citation's offsets against."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def corrected_at(self) -> tuple[tuple[int, int], ...]:
        """(start, end) of each place of `corrections`."""
        pairs = (place.split(":") for place in (self.corrections or "").split())
        return tuple((int(start), int(end)) for start, end in pairs)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who spoke: the fullest name the article gives, the role it gives, and how sure that is (0 to 1).

    `kind`: a person or a body that has a name, a group (several together, with names or without), or somebody or
    something unnamed, such as "a spokesman" or "the company". `also` are other names that the article gives a person:
    by a nickname, before a marriage, on a stage.
    """

    name: str
    role: str | None = None
    confidence: float = 1.0
    kind: SpeakerKind = "person"
    also: tuple[str, ...] = ()

    @property
    def is_named(self) -> bool:
        """True when the name is that of one person or body."""
        return self.kind in ("person", "body")


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said in an article. A cue can split the content, so it is a tuple of spans.

    `corrected` are the paragraphs in which the article itself corrects it. `mode` says whether the words are said,
    asked, supposed ("if the dam holds …"), denied or wished. `channel` is through whom or what the words came, where
    the speaker did not say them to the writer: "Kestwire" of "told Kestwire", "a post on X".
    """

    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    speaker: Speaker | None = None
    kind: QuoteKind = "direct"
    corrected: tuple[Span, ...] = ()
    mode: Mode = "said"
    channel: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The words said, the pieces joined by one space. For embedding and search, never for print."""
        return " ".join(span.text for span in self.content)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article that the embedding model sees whole."""

    span: Span


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader must know beside a statement.

    correction: `text` is what the publisher says; gone: a later version of the article lacks the words; retracted: the
    publisher took the article back, `text` is what a notice says of it; language: `text` is the code of what it is in,
    when not English. `since` is the ISO date of the later version or notice that says so, empty where the article
    itself does.
    """

    kind: NoteKind
    text: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A stored quote together with the article it stands in (without the article's text), and what stands beside it."""

    id: str
    article: ArticleInfo
    quote: Quote
    context: Span
    notes: tuple[Note, ...] = ()


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

    @classmethod
    def of(cls, article: Article) -> ArticleInfo:
        """What a citation shows of an article."""
        about = (article.title, article.author, article.publication, article.published, article.url)
        return cls(article.id, *about, article.sha256)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody a question asks about: `phrase` as typed, letter for letter.

    `labels` are all names under which the index has them, `people` the fullest name of each distinct person among
    these (more than one: the name is ambiguous). Without labels, a `named` party is quoted nowhere, and any other is
    a description that the articles may put otherwise. `respelt` when the phrase was taken for a slip of the pen,
    for another word of an office, a nickname or a description. `namesakes` are the articles in which another has one
    of the labels.
    """

    phrase: str
    labels: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    named: bool = False
    respelt: bool = False
    namesakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A question as a reader understood it. All of it helps to find and to present; none of it decides.

    `text` is the question made whole: what a follow-up leaves out stands in it. `last` is a follow-up by itself, behind
    whom it asks about, where `text` only joins it to what was asked before. `parties` are in the question's order.
    `since` and `until` (ISO dates) and `outlets` (publications as the index spells them) are wishes, `when` the words
    that name the time, `yearly` a month ("05") or a day ("05-30") of whatever year, `newest` true where it asks for the
    last that was said. `told` is what was answered before, where the question asks for what else there is. `told_to`
    are the words that limit it to what one of the outlets was told, "tell The Echo", and what stays without it, "say".
    `besides` are those whose words it leaves out ("who other than Hale"). `polar` is true where a yes or a no may
    answer, though the kind is another than "did_say": "Is Hale in favour of the levy?"
    """

    question: str
    text: str
    kind: QuestionKind = "said_what"
    parties: tuple[Party, ...] = ()
    since: str | None = None
    until: str | None = None
    outlets: tuple[str, ...] = ()
    last: str = ""
    when: str = ""
    told: str = ""
    yearly: str = ""
    newest: bool = False
    told_to: tuple[str, str] = ("", "")
    besides: tuple[Party, ...] = ()
    polar: bool = False

    @property
    def as_judged(self) -> str:
        """The question as statements are held against it; which outlet was told is looked up."""
        return (
            " ".join((self.last or self.text).replace(*self.told_to).split())
            if self.is_told
            else self.last or self.text
        )

    @property
    def is_told(self) -> bool:
        """True when the question is limited to what an outlet was told."""
        return bool(self.told_to[0])

    @property
    def follows(self) -> bool:
        """True for a question that was read together with what was asked before it."""
        return self.text.split() != self.question.split()

    @property
    def labels(self) -> frozenset[str]:
        """The names under which the index has whom the question asks about."""
        return frozenset(label for party in self.parties for label in party.labels)

    def is_when(self, published: str | None) -> bool:
        """True when the question asks about a time and a date (ISO) lies in it."""
        if not (self.since or self.until or self.yearly) or not published:
            return False
        day = published[:10]
        if self.yearly:
            return day[5:].startswith(self.yearly)
        return (self.since or day)[:10] <= day <= (self.until or day)[:10]

    def is_where(self, publication: str | None) -> bool:
        """True when the question names outlets and this is one."""
        return publication in self.outlets


@dataclass(frozen=True, slots=True)
class Hit:
    """A statement that was retrieved for a query, with its relevance (higher is better).

    `passage` is the stretch of the article that it stands in, as the index has it. `also` holds the same words of the
    same speaker in other articles, such as a syndicated report.
    """

    statement: Statement
    score: float
    passage: Span | None = None
    also: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a judge makes of a hit: how likely (0 to 1) each relation to the question is; what is left of 1 is "off".

    answers: the statement answers the question. For a question whether somebody said something: says_so, the asked
    say so here; opposite, the asked say something that cannot be so together with it; another, somebody else says so.
    `seen` are the words of the passage that name the speaker, where the judge sees another one than the index.
    """

    hit: Hit
    answers: float = 0.0
    says_so: float = 0.0
    opposite: float = 0.0
    another: float = 0.0
    seen: Span | None = None

    @property
    def shown(self) -> float:
        """How likely it is that an answer should show the statement."""
        return self.answers + self.says_so + self.opposite + self.another


@dataclass(frozen=True, slots=True)
class Judged:
    """All judgements of a question, in the order in which statements should be shown; `by` names the judge.

    `note` is a sentence for the reader where another judge than the one that was asked for did the work. `kind` is the
    question's as the judge took it, where it tells.
    """

    judgements: tuple[Judgement, ...]
    by: str
    note: str = ""
    kind: QuestionKind | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A statement as an answer shows it. `quote` is the article's text at `start:end`, unaltered.

    `spans` holds every piece of a statement that a cue splits, `start:end` being the longest of
    them; `context` is the paragraph around it, from `context_start`. `cue` is where the words
    stand that lead straight to a paraphrase, such as "warned", and None anywhere else; `is_subject` when the speaker
    stands right before the cue there, or before one of whose clause quoted words are a part (the mayor blamed “a dry
    spring”), so that the name can take that place. `source` is what the article calls a speaker whom it does not name,
    such as "a spokesman". `cues` has the whole verb, wherever it stands: "joked" behind a quotation, too. `notes` say
    what a reader must know beside it, such as a correction; `mode` is that of its quote. `also` has the same
    statement in other articles, under the same number. `speaker_kind` says what the speaker is, as in `Speaker`;
    `channel` are the article's words for what the statement came through: "a police report".
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
    is_subject: bool = False
    cues: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()
    mode: Mode = "said"
    also: tuple[Citation, ...] = ()
    speaker_kind: SpeakerKind = "unnamed"
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of an answer's text as data, without the mark of a list and without its [1] marker.

    `citation` is the number of the statement that it tells; an opening ("Yes.") and a heading (the name of one who says
    all that follows) tell none.
    """

    text: str
    kind: SentenceKind = "statement"
    citation: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: Markdown with [1] markers, the citations that those markers stand for, and which judge chose them.

    `sentences` are the lines that the text is made of, so that nobody needs to parse it. `note` is set where another
    judge than the one asked for did the work, and says so; it stands in the text, too. `follows`: the question was read
    as going on from what was asked before it, and asked by itself may get another answer.
    """

    text: str
    answered: bool
    verdict: Verdict | None = None
    citations: tuple[Citation, ...] = ()
    judge: str = ""
    sentences: tuple[Sentence, ...] = ()
    note: str = ""
    follows: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON types: what `python -m rag --json` prints."""
        return asdict(self)


Message = Mapping[str, Any]
History = Sequence[Message]
