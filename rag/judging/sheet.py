"""What a chat model reads: the passages of the hits, whole, their sentences and statements numbered.

Every line begins with a mark of ours, and no text of an article can hold one: see `rag.models.fence`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.models.fence import fenced, plain
from rag.schema import ArticleInfo, Hit, Span, Speaker, Statement
from rag.text import paragraphs, sentences

# About as many as thirty statements stand in, and 4,000 to 5,000 tokens of news; more would dilute what is read.
MAX_PASSAGES = 24
# Statements are numbered below this, sentences from it on, so that a slip of one never lands in the other.
FIRST_SENTENCE = 101
# A statement up to so many words is given whole; of a longer one, so many from each end: it stands in full above.
WHOLE_WORDS, END_WORDS = 24, 10
MAX_LABEL = 80  # Characters of a name, a role or an outlet.
MAX_TITLE = 160


@dataclass(frozen=True, slots=True)
class Page:
    """A passage of an article with the hits that stand in it, best first."""

    article: ArticleInfo
    span: Span
    hits: tuple[Hit, ...]

    def sentences(self) -> Iterator[Span]:
        """The passage's sentences, each within its line, at their places in the article."""
        text, base = self.span.text, self.span.start
        for line in paragraphs(text):
            for start, end in sentences(text, *line):
                yield Span(base + start, base + end, text[start:end])


@dataclass(frozen=True, slots=True)
class Sheet:
    """Numbered passages as text, and what the numbers stand for."""

    text: str
    statements: dict[int, tuple[Page, Hit]]
    sentences: dict[int, tuple[Page, Span]]

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The hits that stand in the sheet."""
        return tuple(hit for _, hit in self.statements.values())

    def speaker(self, article_id: str, name: str) -> Speaker | None:
        """Whom the index has in an article of the sheet under a name, or under the only fuller one there."""
        inside = (hit.statement for hit in self.hits if hit.statement.article.id == article_id)
        known = {s.name: s for statement in inside if (s := statement.quote.speaker) is not None}
        fuller = [speaker for full, speaker in known.items() if {*name.lower().split()} <= {*full.lower().split()}]
        return known.get(name) or (fuller[0] if len(fuller) == 1 else None)


def pages_of(hits: Sequence[Hit]) -> list[Page]:
    """The passages of hits, in the order of the best hit of each; at most MAX_PASSAGES."""
    grouped: dict[tuple[str, int, int], list[Hit]] = {}
    for hit in hits[: FIRST_SENTENCE - 1]:
        span = _passage(hit)
        grouped.setdefault((hit.statement.article.id, span.start, span.end), []).append(hit)
    pages = [Page(inside[0].statement.article, _passage(inside[0]), tuple(inside)) for inside in grouped.values()]
    return pages[:MAX_PASSAGES]


def _passage(hit: Hit) -> Span:
    return hit.passage or hit.statement.context


def write_sheet(pages: Sequence[Page]) -> Sheet:
    """Number the statements and sentences of passages; those of one article stand together, in its order."""
    by_article: dict[str, list[Page]] = {}
    for page in pages:
        by_article.setdefault(page.article.id, []).append(page)
    sheet = Sheet("", {}, {})
    lines: list[str] = []
    for inside in by_article.values():
        lines.append(_heading(inside[0].article))
        for page in sorted(inside, key=lambda page: page.span.start):
            lines += _page_lines(page, sheet)
    return Sheet(fenced("articles", lines), sheet.statements, sheet.sentences)


def _heading(article: ArticleInfo) -> str:
    parts = (plain(article.publication or "", MAX_LABEL), plain(article.published or "", 10))
    title = plain(article.title or "", MAX_TITLE)
    return "ARTICLE: " + ", ".join(part for part in (*parts, f"headline: {title}" if title else "") if part)


def _page_lines(page: Page, sheet: Sheet) -> Iterator[str]:
    """The lines of a passage; what their numbers stand for is put into the sheet."""
    yield "PASSAGE:"
    numbered: list[tuple[int, Span]] = []
    for sentence in page.sentences():
        number = FIRST_SENTENCE + len(sheet.sentences)
        sheet.sentences[number] = (page, sentence)
        numbered.append((number, sentence))
        yield f"[{number}] {plain(sentence.text)}"
    yield "STATEMENTS IN IT:"
    for hit in page.hits:
        number = 1 + len(sheet.statements)
        sheet.statements[number] = (page, hit)
        yield f"[{number}] {_statement_line(hit.statement, numbered)}"


def _statement_line(statement: Statement, numbered: Sequence[tuple[int, Span]]) -> str:
    speaker = statement.quote.speaker
    names = (plain(speaker.name, MAX_LABEL), plain(speaker.role or "", MAX_LABEL)) if speaker else ()
    who = ", ".join(name for name in names if name) or "speaker unknown"
    where = [number for number, sentence in numbered if _stands_in(statement, sentence)]
    place = f", in [{where[0]}]" + (f" to [{where[-1]}]" if len(where) > 1 else "") if where else ""
    return f"{who}{place}: {_shortened(statement)}"


def _stands_in(statement: Statement, sentence: Span) -> bool:
    return any(piece.start < sentence.end and sentence.start < piece.end for piece in statement.quote.content)


def _shortened(statement: Statement) -> str:
    words = plain(" … ".join(piece.text for piece in statement.quote.content)).split(" ")
    if len(words) <= WHOLE_WORDS:
        return " ".join(words)
    return " ".join([*words[:END_WORDS], "…", *words[-END_WORDS:]])
