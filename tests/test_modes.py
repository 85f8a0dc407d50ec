"""What a statement is: said, asked, supposed, denied or wished; no "yes" stands on a condition."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest import extract_quotes, ingest
from ingest.quoting.modes import mode_of
from rag.pipeline import stands_for_yes
from rag.schema import Query, Quote, QuoteKind, Span
from tests.fakes import FakeEmbeddings, hit, read_index


def made(text: str, content: str, cue: str = "", kind: QuoteKind = "direct") -> Quote:
    places = [Span.of(text, text.index(piece), text.index(piece) + len(piece)) for piece in content.split(" | ")]
    cues = (Span.of(text, text.index(cue), text.index(cue) + len(cue)),) if cue else ()
    return Quote(tuple(places), cue=cues, kind=kind)


@pytest.mark.parametrize(
    ("text", "content", "cue", "kind", "mode"),
    [
        ("“Will it hold?” Torvik said.", "“Will it hold?”", "said", "direct", "asked"),
        ("“Will it hold? I doubt it,” Torvik said.", "“Will it hold? I doubt it,”", "said", "direct", "said"),
        ("“Why,” Torvik said, “does it leak?”", "“Why,” | “does it leak?”", "said", "direct", "said"),
        ("Torvik asked whether the lock leaks.", "whether the lock leaks", "asked", "indirect", "asked"),
        ("Torvik asked the pilots to wait.", "the pilots to wait", "asked", "indirect", "wished"),
        ("Torvik hopes that it holds.", "that it holds", "hopes", "indirect", "wished"),
        ("Torvik called for a new lock.", "a new lock", "called for", "indirect", "wished"),
        ("“We hope,” Torvik said.", "“We hope,”", "said", "direct", "said"),
        ("Torvik denied that it leaks.", "that it leaks", "denied", "indirect", "denied"),
        ("“If it holds, we stay,” Torvik said.", "“If it holds, we stay,”", "said", "direct", "supposed"),
        ("Unless it rains, they go, Torvik said.", "Unless it rains, they go", "said", "indirect", "supposed"),
        ("“It holds if it must,” Torvik said.", "“It holds if it must,”", "said", "direct", "said"),
        ("If it leaked, Torvik would say: “Run.”", "“Run.”", "would say", "direct", "supposed"),
        ("Torvik would later say: “Run.”", "“Run.”", "would later say", "direct", "said"),
        ("Torvik wondered how deep it is.", "how deep it is", "wondered", "indirect", "asked"),
    ],
)
def test_form_and_verb_tell_what_a_statement_is(text: str, content: str, cue: str, kind: QuoteKind, mode: str) -> None:
    assert mode_of(text, made(text, content, cue, kind)) == mode


def test_extraction_gives_every_quote_its_mode() -> None:
    asked = "“Will it hold until the winter?” asked Ana Torvik, the keeper."
    text = f"The lock at Holm is old.\n\n{asked}\n\n“It will,” Per Lund said."
    assert [(quote.mode, quote.text) for quote in extract_quotes(text)] == [
        ("asked", "“Will it hold until the winter?”"),
        ("said", "“It will,”"),
    ]


def test_the_index_keeps_the_mode(tmp_path: Path) -> None:
    text = "The lock is old.\n\n“If it holds, we stay here,” said Ana Torvik, the keeper of the lock at Holm."
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    ingest([tmp_path], index=tmp_path / "index", embeddings=FakeEmbeddings())
    store = read_index(tmp_path / "index")
    assert [s.quote.mode for s in store.statements(store.statement_ids())] == ["supposed"]


@pytest.mark.parametrize(
    ("question", "stands"),
    [("Did Ida Hale say that the dam will hold?", False), ("Did Ida Hale say if the dam will hold?", True)],
)
def test_a_condition_is_no_ground_for_a_yes_unless_the_question_is_one(question: str, stands: bool) -> None:
    statement = hit(1.0).statement
    supposed = replace(statement, quote=replace(statement.quote, mode="supposed"))
    query = Query(question, question, "did_say")
    assert stands_for_yes(query, statement)
    assert stands_for_yes(query, supposed) is stands


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Mr. Aldo Brisk will take your questions on the fire at Shed Four.", []),
        ("Mr. Aldo Brisk will then answer your questions about the fire at Shed Four.", []),
        ("Mr. Aldo Brisk is here to talk about the fire at Shed Four.", []),
        ("Mr. Aldo Brisk will always complain about the fire at Shed Four.", ["the fire at Shed Four"]),
        ("Mr. Aldo Brisk is beginning to complain about the fire at Shed Four.", ["the fire at Shed Four"]),
        ("Mr. Aldo Brisk will insist on a roof for Shed Four.", ["a roof for Shed Four"]),
        ("Mr. Aldo Brisk spoke about the fire at Shed Four.", ["the fire at Shed Four"]),
        ("Mr. Aldo Brisk will tell you that Shed Four is safe.", ["that Shed Four is safe"]),
    ],
)
@pytest.mark.parametrize("before", ["MODERATOR: We have ten minutes. ", "It had rained all night. "])
def test_what_somebody_is_still_to_speak_of_is_no_statement_of_his(before: str, line: str, said: list[str]) -> None:
    answer = "\n\nMR. BRISK: They went down at dawn."
    question = "\n\nQUESTION: When will the shed be pulled down?"
    told = (question + answer) * 2 if ":" in before else ""
    text = f"Ministry of Harbours\n\n{before}{line}{told}"
    found = [q for q in extract_quotes(text) if q.kind == "indirect" and q.speaker and q.speaker.name == "Aldo Brisk"]
    assert [quote.text for quote in found] == said
