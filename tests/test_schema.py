"""The data at module borders: frozen, checked when built, and plain JSON at the end."""

from __future__ import annotations

import hashlib
import json
from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

from rag import schema
from rag.schema import Answer, Article, Judgement, Party, Query, Quote, Span
from rag.writing.citations import cite
from tests.fakes import hit

# The order and names of the public contract.
CITATION_FIELDS = (
    "number quote speaker role article_id title publication published url start end direct context".split()
)


def test_a_span_is_cut_out_of_its_text() -> None:
    assert Span.of("The dam holds.", 4, 7) == Span(4, 7, "dam")


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 2), (0, 5), (9, 12)])
def test_a_span_that_is_empty_or_outside_its_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"span {start}:{end} is empty or outside a text of 4 characters"):
        Span.of("four", start, end)


def test_an_article_is_hashed_by_its_text_alone() -> None:
    assert Article("a", "Zürich", "T").sha256 == hashlib.sha256("Zürich".encode()).hexdigest()
    assert Article("a", "Zürich").sha256 == Article("b", "Zürich", url="u").sha256
    assert Article("a", "lone \ud800").sha256 != Article("a", "lone \ud801").sha256


def test_the_pieces_of_a_quote_are_joined_for_search() -> None:
    text = "“It holds,” she said, “for now.”"
    assert Quote((Span.of(text, 1, 10), Span.of(text, 23, 31))).text == "It holds, for now."


def test_everything_that_crosses_a_border_is_frozen() -> None:
    classes = [value for value in vars(schema).values() if isinstance(value, type) and is_dataclass(value)]
    assert len(classes) == 16
    for each in classes:
        made = object.__new__(each)
        with pytest.raises(FrozenInstanceError):
            setattr(made, fields(each)[0].name, "changed")


@pytest.mark.parametrize(
    ("since", "until", "published", "meets"),
    [
        ("2025-01-01", None, "2025-01-01", True),
        ("2025-01-01", None, "2024-12-31T23:59", False),
        (None, "2025-01-01", "2025-01-01T10:00", True),
        (None, "2025-01-01", "2025-01-02", False),
        ("2025-01-01", "2025-01-31", "2025-01-15", True),
        ("2025-01-01", "2025-01-31", None, False),
        (None, None, "2025-01-15", False),
    ],
)
def test_a_query_knows_what_was_said_when_it_asks(
    since: str | None, until: str | None, published: str | None, meets: bool
) -> None:
    assert Query("?", "?", since=since, until=until).is_when(published) is meets


def test_a_query_knows_the_outlets_and_the_labels_that_it_asks_about() -> None:
    query = Query(
        "?", "?", outlets=("Echo",), parties=(Party("Hale", ("Ida Hale", "Hale")), Party("Poole", ("Poole",)))
    )
    assert [query.is_where(name) for name in ("Echo", "Post", None)] == [True, False, False]
    assert query.labels == {"Ida Hale", "Hale", "Poole"}
    assert not Query("?", "?").is_where(None)


@pytest.mark.parametrize(("text", "follows"), [("And  she?", False), ("What did he say? And she?", True)])
def test_a_question_follows_when_it_was_read_together_with_the_one_before(text: str, follows: bool) -> None:
    assert Query("And she?", text).follows is follows


def test_what_is_shown_of_a_judgement_is_all_that_is_not_off() -> None:
    judged = Judgement(hit(1.0), answers=0.1, says_so=0.2, opposite=0.3, another=0.15)
    assert judged.shown == pytest.approx(0.75)


def test_an_answer_becomes_plain_json_with_the_contract_s_fields() -> None:
    answer = Answer(
        "“…” [1]", answered=True, verdict="yes", citations=cite([hit(1, title="Über", published="2026-01-02")])
    )
    plain = json.loads(json.dumps(answer.to_dict()))
    assert list(plain) == ["text", "answered", "verdict", "citations", "judge", "sentences", "note", "follows"]
    assert [name for name in plain["citations"][0] if name in CITATION_FIELDS] == CITATION_FIELDS
    assert plain["citations"][0]["title"] == "Über"
    assert plain["verdict"] == "yes"
