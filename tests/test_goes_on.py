"""What somebody goes on to say right behind an answer is shown with it, as far as there is room."""

from __future__ import annotations

import pytest

from rag.judging.decide import decide
from rag.schema import Article, ArticleInfo, Hit, Judged, Judgement, Query, QuestionKind, Span, Statement
from rag.text import around
from tests.fakes import party, quote

TEXT = (
    "Ida Hale said the tug had won a crew. “It took a year,” Hale said. Poole said it was too late. "
    "The harbour has three basins and two slips, and one of these is let to a club of rowers until next autumn. "
    "“I am glad,” Hale said.\n\n“Now we sail,” Hale said."
)
HALE = "Ida Hale"
WON, TOOK, LATE, GLAD, SAIL = (
    "the tug had won a crew",
    "“It took a year,”",
    "it was too late",
    "“I am glad,”",
    "“Now we sail,”",
)


def judged(**shown: float) -> Judged:
    """All that is said, each as likely to answer as is given; what is not given is not likely at all."""
    article = Article("tug", TEXT)
    found = []
    for name, words in {"won": WON, "took": TOOK, "late": LATE, "glad": GLAD, "sail": SAIL}.items():
        start = TEXT.index(words)
        context = Span.of(TEXT, *around(TEXT, start, start + len(words)))
        said = quote(article, words, by="Karl Poole" if words == LATE else HALE)
        statement = Statement(name, ArticleInfo.of(article), said, context)
        found.append(Judgement(Hit(statement, 1.0), answers=shown.get(name, 0.0)))
    return Judged(tuple(sorted(found, key=lambda one: -one.shown)), "fake")


def told(found: Judged, kind: QuestionKind = "said_what") -> list[str]:
    asked = "What did Ida Hale say about the crew and the tug?"
    query = Query(asked, asked, kind, (party(HALE),))
    decision = decide(query, found, agrees=lambda q, s: True, repeats=lambda q, s: False)
    return [hit.statement.quote.text for hit in decision.hits]


def test_what_stands_right_behind_an_answer_by_the_same_speaker_is_shown_with_it() -> None:
    assert told(judged(won=0.9, took=0.15)) == [WON, TOOK]


@pytest.mark.parametrize(
    "faint",
    [{"took": 0.05}, {"late": 0.15}, {"glad": 0.15}, {"sail": 0.15}],
    ids=["surely no answer", "somebody else's", "far behind", "another paragraph"],
)
def test_nothing_else_that_is_not_likely_is_shown(faint: dict[str, float]) -> None:
    assert told(judged(won=0.9, **faint)) == [WON]


def test_what_goes_on_takes_no_place_of_what_answers() -> None:
    assert told(judged(won=0.9, took=0.15, glad=0.9, sail=0.9)) == [WON, GLAD, SAIL]


def test_it_stands_right_behind_what_it_goes_on_from() -> None:
    assert told(judged(won=0.8, took=0.15, sail=0.9)) == [SAIL, WON, TOOK]


@pytest.mark.parametrize("kind", ["who_said", "list", "compare"])
def test_only_a_question_what_somebody_said_is_answered_so(kind: QuestionKind) -> None:
    assert told(judged(won=0.9, took=0.15), kind) == [WON]


@pytest.mark.parametrize(("end", "shown"), [("", 2), ("”", 1)], ids=["held open", "closed"])
def test_a_quotation_that_is_not_closed_goes_on_in_the_next_paragraph_however_faint(end: str, shown: int) -> None:
    words = [f"“The crew came late.{end}", "“It sang.”"]
    text = "\n\n".join([f"Hale said: {words[0]}", words[1]])
    article = Article("tug", text)
    found = []
    for said, likely in zip(words, (0.9, 0.0), strict=True):
        context = Span.of(text, *around(text, text.index(said), text.index(said) + len(said)))
        statement = Statement(said, ArticleInfo.of(article), quote(article, said, by=HALE), context)
        found.append(Judgement(Hit(statement, 1.0), answers=likely))
    assert told(Judged(tuple(found), "fake")) == words[:shown]
