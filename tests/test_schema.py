"""The data at module borders: frozen, checked when built, and plain JSON at the end."""

from __future__ import annotations

import hashlib
import json
from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

from rag import schema
from rag.writing.citations import cite
from rag.schema import Answer, Article, Quote, Span
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
    assert len(classes) == 12
    for each in classes:
        made = object.__new__(each)
        with pytest.raises(FrozenInstanceError):
            setattr(made, fields(each)[0].name, "changed")


def test_an_answer_becomes_plain_json_with_the_contract_s_fields() -> None:
    answer = Answer(
        "“…” [1]", answered=True, verdict="yes", citations=cite([hit(1, title="Über", published="2026-01-02")])
    )
    plain = json.loads(json.dumps(answer.to_dict()))
    assert list(plain) == ["text", "answered", "verdict", "citations"]
    assert [name for name in plain["citations"][0] if name in CITATION_FIELDS] == CITATION_FIELDS
    assert plain["citations"][0]["title"] == "Über"
    assert plain["verdict"] == "yes"
