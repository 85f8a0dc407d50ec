"""Who holds an office of the body that a question asks about may speak for it: they are not "somebody else"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rag.judging.claims import bodies_asked, placed
from rag.schema import Hit, Judgement, Party, Query, Speaker, SpeakerKind
from tests.fakes import hit, party

LIKELY: dict[str, Any] = {"says_so": 0.5, "another": 0.3}


def said(by: str, role: str = "", kind: SpeakerKind = "person") -> Hit:
    found = hit(1.0, "We are sorry.", by=by)
    quote = replace(found.statement.quote, speaker=Speaker(by, role or None, kind=kind))
    return replace(found, statement=replace(found.statement, quote=quote))


def another(found: Hit, asked: Party, own: Hit | None = None) -> float:
    """How likely it is that another says so, in the question whether the asked apologised."""
    query = Query("Did they apologise?", "Did they apologise?", "did_say", (asked,))
    hits = [found, own] if own else [found]
    return placed(query, Judgement(found, **LIKELY), bodies_asked(query, hits)).another


@pytest.mark.parametrize(
    ("role", "is_another"),
    [("Norrail's head of freight", False), ("chief executive of Norrail", False), ("analyst", True), ("", True)],
)
def test_an_officer_of_the_body_asked_is_not_somebody_else(role: str, is_another: bool) -> None:
    assert bool(another(said("Ida Hale", role), party("Norrail"), said("Norrail", kind="body"))) == is_another


def test_an_officer_of_a_body_that_is_quoted_nowhere_is_not_somebody_else() -> None:
    assert not another(said("Ida Hale", "head of Norrail"), Party("Norrail", named=True))


def test_whoever_serves_a_person_is_somebody_else() -> None:
    assert another(said("Karl Poole", "lawyer of Ida Hale"), party("Ida Hale"), said("Ida Hale"))


def test_of_whom_nobody_is_quoted_under_the_name_no_words_are_theirs() -> None:
    """“Nobody is quoted under the name Ida Quist. Yes.” would be no answer."""
    found = said("Karl Poole")
    query = Query("Did they apologise?", "Did they apologise?", "did_say", (Party("Ida Quist", named=True),))
    judged = placed(query, Judgement(found, says_so=0.5, opposite=0.2, another=0.3), bodies_asked(query, [found]))
    assert (judged.says_so, judged.opposite, judged.another) == (0.0, 0.0, 0.3)
    assert judged.answers == pytest.approx(0.7)


def test_a_description_that_nobody_bears_can_be_anybody() -> None:
    query = Query("Did they apologise?", "Did they apologise?", "did_say", (Party("the keeper"),))
    judgement = Judgement(said("Karl Poole"), **LIKELY)
    assert placed(query, judgement, bodies_asked(query, [])) == judgement
