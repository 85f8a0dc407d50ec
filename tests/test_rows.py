"""Statements out of their rows: the context of the words is what an answer shows them in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.index.rows import quote_id
from rag.schema import Article, QuoteKind
from tests.fakes import quote, read_index, record, span, write_index


@pytest.mark.parametrize(
    ("text", "words", "context"),
    [
        ("Lock.\nPoole wrote:\nIt leaks. It will.\nEnd.", "It leaks. It will.", "Poole wrote:\nIt leaks. It will."),
        ("Lock.\nPoole wrote\nthat it leaks.\nEnd.", "that it leaks", "Poole wrote\nthat it leaks."),
        ("Poole wrote to Hale.\nIt leaks.\nEnd.", "It leaks.", "It leaks."),
        ("It leaks.\nPoole wrote.\nEnd.", "It leaks.", "It leaks."),
    ],
)
def test_the_context_of_words_holds_the_cue_that_leads_to_them(
    tmp_path: Path, text: str, words: str, context: str
) -> None:
    article = Article("lock", text)
    told = replace(quote(article, words, by="Karl Poole", kind="indirect"), cue=(span(text, "wrote"),))
    write_index(tmp_path, record(article, told))
    [found] = read_index(tmp_path).statements([quote_id(article.id, "f1", told)])
    assert (found.context.text, found.quote.text) == (context, words)


QUESTION = "And the budget?"


@pytest.mark.parametrize(
    ("text", "words", "kind", "context"),
    [
        (f"Lock.\n\n{QUESTION}\n\nGone by May.", "Gone by May.", "direct", f"{QUESTION}\n\nGone by May."),
        (
            f"Lock.\n\nHale: {QUESTION}\n\nPoole: Gone by May.",
            "Gone by May.",
            "direct",
            f"Hale: {QUESTION}\n\nPoole: Gone by May.",
        ),
        (
            f"Lock.\n\n{QUESTION}\n\nPoole 0:31\nGone by May.",
            "Gone by May.",
            "direct",
            f"{QUESTION}\n\nPoole 0:31\nGone by May.",
        ),
        (f"{QUESTION}\n\n“Gone by May.”", "“Gone by May.”", "direct", "“Gone by May.”"),
        (f"{QUESTION}\n\nIt is gone by May.", "gone by May", "indirect", "It is gone by May."),
        ("It rained.\n\nGone by May.", "Gone by May.", "direct", "Gone by May."),
    ],
)
def test_a_turn_stands_in_its_context_with_the_question_that_it_answers(
    tmp_path: Path, text: str, words: str, kind: QuoteKind, context: str
) -> None:
    article = Article("lock", text)
    told = replace(
        quote(article, words, by="Karl Poole", kind=kind), source=(span(text, "Poole"),) if "Poole" in text else ()
    )
    write_index(tmp_path, record(article, told))
    [found] = read_index(tmp_path).statements([quote_id(article.id, "f1", told)])
    assert found.context.text == context
