"""Answers, citations and articles as Markdown and HTML that cannot do anything but be read.

Takes the frozen objects of `rag.schema`, gives strings that the templates make; reads no store, knows no web framework.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.schema import Answer, Article, Citation, Span
from rag.writing.citations import cue_words, stands, verb_words
from rag.writing.compose import NOT_SAID, asks_nothing, through
from rag.writing.reference import reference, said, speaker
from web.markup import render

GONE = "This article is no longer in the index, so its words are not shown; ask again."
MOVED = "These words do not stand in the stored article any more, so they are not shown; ask again."
EMBEDDED = "embedded"
# A quotation up to this long is asked about whole: to one cut off in the middle the answer can be a "no" (4 of 24).
WHOLE_WORDS = 25
ASKED_WORDS = 12  # of a longer one, or of a paraphrase

PieceKind = Literal["plain", "quote", "piece", "verb"]
Piece = tuple[str, PieceKind]


@dataclass(frozen=True, slots=True)
class Card:
    """What the template of a card needs; of a citation with a `problem` nothing but that is shown."""

    id: str
    citation: Citation
    problem: str | None
    speaker: str
    through: str
    said: str
    lead: str
    verb: str
    copied: str
    question: str
    context: list[Piece]
    also: list[Also]


@dataclass(frozen=True, slots=True)
class Also:
    """The same statement in another article: its paragraph, and its words where they differ, word by word."""

    id: str
    citation: Citation
    context: list[Piece]
    wording: list[tuple[str, bool]]


def answer_markdown(answer: Answer, turn: int) -> str:
    """The answer's sentences with every word inert, each followed by its marker, a link to `#t{turn}c{n}`."""
    known = {citation.number for citation in answer.citations}
    lines = [line for line in answer.sentences if line.kind != "opening"]
    text = render(
        "answer.md",
        turn=turn,
        openings=[line.text for line in answer.sentences if line.kind == "opening"],
        lines=[(line.text, line.citation if line.citation in known else None) for line in lines],
        is_list=sum(line.kind == "statement" for line in lines) > 1,
        state=_state(answer),
        is_cited=bool(known),
        judge="" if answer.judge == EMBEDDED else answer.judge,
    )
    return text.strip()


def _state(answer: Answer) -> str:
    """How an answer is set apart: a "yes", a "no" and that the articles do not say have a bar of their own colour."""
    if asks_nothing(answer):
        return "talk"
    return answer.verdict or "said" if answer.answered else "unsaid"


def sources_html(
    question: str, answer: Answer, turn: int, articles: Mapping[str, Article], before: Sequence[str] = ()
) -> str:
    """The citations of one answer as numbered cards, the words highlighted in their place, and what takes them along.

    `articles` are the stored ones by id; a citation whose words do not stand in its article shows an error instead.
    `before` are the questions that this one goes on from: its link brings them along, and a file begins with them.
    """
    cards = [card(citation, f"t{turn}", articles) for citation in answer.citations]
    asked = " / ".join((*before, question))
    return render(
        "sources.html",
        question=question,
        before=json.dumps(before),
        answer=answer,
        cards=cards,
        turn=turn,
        exported=json.dumps({"question": asked, **answer.to_dict()}, ensure_ascii=True),
        not_said=NOT_SAID,
    )


def earlier_html(turns: Sequence[tuple[str, str]]) -> str:
    """Sources of earlier answers, folded: `turns` holds (question, its `sources_html`), newest first."""
    return render("earlier.html", turns=turns) if turns else ""


def notice_html(lines: Sequence[str], *, bad: bool = False) -> str:
    """Plain sentences for a status area; nothing when there is none."""
    return render("notice.html", lines=lines, bad=bad).strip() if lines else ""


def report_html(head: str, failed: Sequence[str], noted: Sequence[str]) -> str:
    """What a run did: the counts, what could not be read, and what is worth knowing of what was."""
    return render("report.html", head=head, failed=failed, noted=noted).strip()


def reading_html(article: Article, spans: Sequence[Span], verbs: Sequence[Span]) -> str:
    """A whole article with the pieces of one statement and its verb marked."""
    main = max(spans, key=lambda span: span.end - span.start)
    places: list[tuple[int, int, PieceKind]] = [(s.start, s.end, "quote" if s is main else "piece") for s in spans]
    places += [(s.start, s.end, "verb") for s in verbs]
    return render("reading.html", article=article, pieces=_cut(article.text, places), main=main)


def problem(citation: Citation, article: Article | None) -> str | None:
    """Why the citation cannot be shown, as a sentence; None when its words stand in the stored article."""
    if article is None:
        return GONE
    paragraph = article.text[citation.context_start : citation.context_start + len(citation.context)]
    return None if stands(citation, article.text) and paragraph == citation.context else MOVED


def card(citation: Citation, place: str, articles: Mapping[str, Article]) -> Card:
    """What a card shows of a citation; `place` makes its id one of its own on the page."""
    target = f"{place}c{citation.number}"
    lead = "" if citation.direct else cue_words(citation)
    return Card(
        id=target,
        citation=citation,
        problem=problem(citation, articles.get(citation.article_id)),
        speaker=speaker(citation),
        through=through(citation),
        said=said(citation),
        lead=lead,
        verb="" if lead else verb_words(citation),
        copied=reference(citation),
        question=question_of(citation),
        context=_context(citation),
        also=[
            Also(f"{target}o{nth}", same, _context(same), _wording(said(citation), said(same)))
            for nth, same in enumerate(citation.also)
            if problem(same, articles.get(same.article_id)) is None
        ],
    )


def question_of(citation: Citation) -> str:
    """The question that leads from a statement back to what was said, and by whom else."""
    words = citation.quote.strip("“”„«»\"'‘’ ,.").split()
    few = " ".join(words[:ASKED_WORDS]).rstrip(" ,;:")
    if not citation.speaker:
        return f"Who said “{few}”?"
    if citation.direct and len(words) <= WHOLE_WORDS:
        return f"Did {citation.speaker} say “{' '.join(words)}”?"
    # With its verb: without it, "to close the school" can be the opposite of what was said.
    lead = "" if citation.direct else f"{cue_words(citation)} "
    return f"What did {citation.speaker} say, as in “{lead.lstrip()}{few}”?"


def _context(citation: Citation) -> list[Piece]:
    """The paragraph cut into its pieces; the longest piece of the words is the quote, the others are pieces of it."""
    base = citation.context_start
    places: list[tuple[int, int, PieceKind]] = [
        (s - base, e - base, "quote" if (s, e) == (citation.start, citation.end) else "piece")
        for s, e in citation.spans
    ]
    places += [(s - base, e - base, "verb") for s, e in citation.cues]
    return _cut(citation.context, places)


def _cut(text: str, places: Sequence[tuple[int, int, PieceKind]]) -> list[Piece]:
    """A text cut at the ends of some places, each piece with the kind of the first place that holds it."""
    inside = [place for place in places if 0 <= place[0] < place[1] <= len(text)]
    points = sorted({0, len(text)} | {point for start, end, _ in inside for point in (start, end)})
    return [(text[a:b], _kind(inside, a, b)) for a, b in pairwise(points)]


def _kind(places: Sequence[tuple[int, int, PieceKind]], start: int, end: int) -> PieceKind:
    return next((kind for left, right, kind in places if left <= start and end <= right), "plain")


def _wording(one: str, other: str) -> list[tuple[str, bool]]:
    """The other's words, each with whether it differs from the one's; nothing when all are the same."""
    ours, theirs = one.split(), other.split()
    if ours == theirs:
        return []
    blocks = difflib.SequenceMatcher(a=ours, b=theirs, autojunk=False).get_matching_blocks()
    same = {place for block in blocks for place in range(block.b, block.b + block.size)}
    return [(word, place not in same) for place, word in enumerate(theirs)]
