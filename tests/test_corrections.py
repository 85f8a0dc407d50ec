"""Corrections: what an article takes back stays citable, with the correction beside it, and is no ground for a yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import extract_quotes, ingest
from ingest.text.corrections import corrected, corrections, is_correction
from rag.index.notes import RETRACTED
from rag.schema import Quote, Span, Speaker, Statement
from tests.fakes import FakeEmbeddings, read_index

BODY = (
    "The lock at Holm leaks.\n\n“We opened the gate because the bell was stuck,” said Ana Torvik, the keeper.\n\n"
    "“It will rain all week,” said Per Lund, a pilot."
)
NOTE = "Correction, 4 May: An earlier version of this article gave the words about the bell to Ana Torvik."


@pytest.mark.parametrize(
    "paragraph",
    [
        NOTE,
        "CORRECTION — The lock was built in 1961.",
        "Clarification: The lock is the port’s.",
        "Corrections and clarifications: The lock is the port’s.",
        "An earlier version of this story said that the lock was new.",
        "(This article was amended on 4 May 2026 to say that the lock is old.)",
        "This story has been corrected to give the year in which the lock was built.",
        "Editor’s note: In a former text a pilot was misquoted.",
        "• This headline was later revised; it named another lock.",
        "Retraction: The letter that we printed was a forgery.",
        "Erratum: 1961, not 1916.",
        "The article “Lock at Holm leaks” of 4 May misquoted Ana Torvik.",
        "Editor’s note, 4 May: An earlier version of this article had Ana Torvik say: “It leaks.” She said: “It does.”",
        "Editors’ note: We had Ana Torvik say “It leaks.” Her words were “It never leaks.” We apologise to her.",
        "A note from the editors — This story at first had Ana Torvik say “It leaks.” She said “It never leaks.”",
    ],
)
def test_a_paragraph_that_says_so_corrects(paragraph: str) -> None:
    assert is_correction(paragraph)
    assert corrections(f"{BODY}\n\n{paragraph}") == [(len(BODY) + 2, len(BODY) + 2 + len(paragraph))]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Correction officers guard the prison at Holm, the port said.",
        "The correction that the keeper asked for was never printed.",
        "Editor’s note: Ana Torvik has kept the lock since May.",
        "Editor’s note: This story first ran in May 2019.",
        "Editor’s note: After this article went to press, Ana Torvik apologised.",
        "A note from the editors was read out on the quay: “We regret it.”",
        "This story was told on the quay for many years.",
        "Torvik’s correction: “It leaks.”",
    ],
)
def test_other_paragraphs_do_not(paragraph: str) -> None:
    assert corrections(f"{BODY}\n\n{paragraph}") == []


def test_a_heading_alone_leads_to_the_paragraph_below_it() -> None:
    text = f"{BODY}\n\nCorrection\n\nThe bell was whole."
    assert [text[slice(*pair)] for pair in corrections(text)] == ["Correction", "The bell was whole."]


@pytest.mark.parametrize("head", ["Editor’s note", "Editors’ note, 4 May", "A note to our readers:"])
def test_a_note_may_stand_below_its_heading(head: str) -> None:
    note = "We had Ana Torvik say: “The bell was whole.” She said: “The bell was cracked.” We are sorry."
    text = f"{head}\n\n{note}\n\n{BODY}"
    assert [text[slice(*pair)] for pair in corrections(text)] == [note]
    assert corrections(f"{head}\n\nAna Torvik has kept the lock since May.\n\n{BODY}") == []


def test_nothing_in_a_correction_is_a_statement() -> None:
    text = f"{BODY}\n\n{NOTE} Torvik had said: “Nobody opened a gate that night.”"
    assert not [quote for quote in extract_quotes(text) if "Nobody opened" in quote.text]


def quoted(text: str, words: str, name: str) -> Quote:
    start = text.index(words)
    return Quote((Span.of(text, start, start + len(words)),), speaker=Speaker(name))


def test_a_correction_concerns_whom_or_what_it_names() -> None:
    text = f"{BODY}\n\n{NOTE}"
    one, other = corrected(
        text, [quoted(text, "We opened the gate", "Ana Torvik"), quoted(text, "It will rain", "Per Lund")]
    )
    assert [span.text for span in one.corrected] == [NOTE]
    assert other.corrected == ()


def test_a_correction_that_names_nobody_concerns_everything() -> None:
    text = f"{BODY}\n\nCorrection: The month was wrong."
    found = corrected(text, [quoted(text, "We opened", "Ana Torvik"), quoted(text, "It will rain", "Per Lund")])
    assert [len(quote.corrected) for quote in found] == [1, 1]


def stored(folder: Path, **files: str) -> list[Statement]:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    ingest([folder], index=folder / "index", embeddings=FakeEmbeddings())
    store = read_index(folder / "index")
    return sorted(store.statements(store.statement_ids()), key=lambda statement: statement.quote.content[0].start)


def test_the_index_keeps_a_correction_beside_what_it_concerns(tmp_path: Path) -> None:
    said = {s.quote.text[:8]: [(n.kind, n.text) for n in s.notes] for s in stored(tmp_path, a=f"{BODY}\n\n{NOTE}")}
    assert said == {"“We open": [("correction", NOTE)], "“It will": []}


def test_a_retraction_takes_back_every_statement(tmp_path: Path) -> None:
    text = f"{BODY}\n\nRetraction: This article has been retracted. The letter was a forgery."
    statements = stored(tmp_path, a=text)
    assert {statement.notes[0].kind for statement in statements} == {"retracted"}
    assert read_index(tmp_path / "index").article("a").notice == RETRACTED


def test_a_correction_that_tells_of_somebody_s_retraction_takes_no_article_back(tmp_path: Path) -> None:
    text = f"{BODY}\n\nCorrection: Ana Torvik retracted her words about the bell in May, not in March."
    assert {note.kind for statement in stored(tmp_path, a=text) for note in statement.notes} == {"correction"}


def test_what_a_note_above_an_article_quotes_is_no_statement_and_stands_beside_what_it_concerns(tmp_path: Path) -> None:
    note = (
        "Editor’s note, 4 May: An earlier version of this article left out a word and quoted Ana Torvik as saying: "
        "“We opened the gate because the bell rang.” She said: “We opened the gate because the bell was stuck.”"
    )
    said = {s.quote.text[:12]: [n.text for n in s.notes] for s in stored(tmp_path, a=f"{note}\n\n{BODY}")}
    assert said == {"“We opened t": [note], "“It will rai": []}


def test_the_line_of_a_wire_that_names_nothing_of_a_statement_leaves_it_alone() -> None:
    text = f"(Corrects year in paragraph 3)\n\n{BODY}"
    assert [quote.corrected for quote in corrected(text, [quoted(text, "It will rain", "Per Lund")])] == [()]


def test_a_correction_of_one_thing_leaves_what_the_same_speaker_says_of_others_alone() -> None:
    text = (
        "Rolf Tangen said the fare would rise to nine crowns.\n\n“Sheep wrote the timetable,” Tangen said.\n\n"
        "Correction, 6 March: An earlier version of this article gave the fare that Rolf Tangen named as nine crowns."
    )
    quotes = [quoted(text, words, "Rolf Tangen") for words in ("the fare would rise to nine", "“Sheep wrote")]
    assert [len(quote.corrected) for quote in corrected(text, quotes)] == [1, 0]


def test_a_correction_with_no_word_of_what_it_names_the_speaker_of_stands_beside_all_of_that_speaker_s() -> None:
    text = f"{BODY}\n\nCorrection: An earlier version of this article misquoted Ana Torvik."
    quotes = [
        quoted(text, words, name)
        for words, name in (("We opened", "Ana Torvik"), ("leaks", "Ana Torvik"), ("It will", "Per Lund"))
    ]
    assert [len(quote.corrected) for quote in corrected(text, quotes)] == [1, 1, 0]


OURS = "What we got wrong\nBy the editors, Skerry Gazette, 7 March 2026"
FARE = (
    "Ferry fare to rise, says harbour chief\nBy Ina Solberg\nSkerry Gazette\n4 March 2026\n\nHarbour chief Rolf Tangen "
    "said on Wednesday that the ferry fare would rise to nine crowns in May.\n\n“Sheep wrote our old timetable,” Tangen"
    " said.\n\n“Nobody asked the pilots,” said Per Lund, a pilot."
)
SEVEN = "He said the ferry fare would rise to seven crowns in May, not nine."
OF_HEADLINE = (
    f"Correction: An article on 4 March, “Ferry fare to rise, says harbour chief”, misquoted Rolf Tangen. {SEVEN}"
)


def corrected_in_another(folder: Path, other: str) -> dict[str, list[tuple[str, str]]]:
    """Of each statement of the article on the fare, the corrections beside it with their days."""
    found = stored(folder, fare=FARE, other=other)
    return {s.quote.text[:8]: [(n.text, n.since) for n in s.notes] for s in found if s.article.id == "fare"}


@pytest.mark.parametrize(
    "above",
    [
        "Correction: Ferry fare to rise, says harbour chief\nSkerry Gazette\n7 March 2026",
        OURS,
    ],
)
def test_a_correction_in_an_article_of_its_own_stands_beside_what_it_corrects(tmp_path: Path, above: str) -> None:
    notes = corrected_in_another(tmp_path, f"{above}\n\n{OF_HEADLINE}")
    assert notes == {"that the": [(OF_HEADLINE, "2026-03-07")], "“Sheep w": [], "“Nobody ": []}


def test_it_may_name_day_and_speaker_alone_in_the_same_outlet(tmp_path: Path) -> None:
    words = f"We misquoted Rolf Tangen on 4 March. {SEVEN}"
    notes = corrected_in_another(tmp_path, f"{OURS}\n\n{words}")
    assert notes == {"that the": [(words, "2026-03-07")], "“Sheep w": [], "“Nobody ": []}


@pytest.mark.parametrize("part", ["Ferry fare to rise", "Fare to rise, says harbour chief"])
def test_it_may_have_a_part_of_the_headline_and_the_speaker(tmp_path: Path, part: str) -> None:
    words = f"Correction: The article “{part}” misquoted Rolf Tangen. {SEVEN}"
    notes = corrected_in_another(tmp_path, f"{OURS}\n\n{words}")
    assert notes == {"that the": [(words, "2026-03-07")], "“Sheep w": [], "“Nobody ": []}


@pytest.mark.parametrize(
    "other",
    [
        f"What we got wrong\nBy the editors, Holm Mercury, 7 March 2026\n\n{OF_HEADLINE}",
        f"What we got wrong\nBy the editors, Skerry Gazette, 3 March 2026\n\n{OF_HEADLINE}",
        f"{OURS}\n\nWe misquoted Rolf Tangen on 2 March. {SEVEN}",
        f"{OURS}\n\nWe misquoted Ana Torvik on 4 March. {SEVEN}",
        f"{OURS}\n\nCorrection: The article “Ferry fare” misquoted Rolf Tangen. {SEVEN}",
        f"{OURS}\n\nCorrection: The article “Ferry fare to fall” misquoted Rolf Tangen. {SEVEN}",
        f"{OURS}\n\nCorrection: The article “Ferry fare to rise” misquoted Ana Torvik. {SEVEN}",
    ],
    ids=[
        "another outlet",
        "before it",
        "another day",
        "another speaker",
        "two words",
        "another headline",
        "nobody of it",
    ],
)
def test_a_correction_of_something_else_does_not(tmp_path: Path, other: str) -> None:
    assert set(map(tuple, corrected_in_another(tmp_path, other).values())) == {()}


def test_a_correction_whose_file_is_gone_is_gone(tmp_path: Path) -> None:
    corrected_in_another(tmp_path, f"{OURS}\n\n{OF_HEADLINE}")
    (tmp_path / "other.txt").unlink()
    assert {s.notes for s in stored(tmp_path, fare=FARE)} == {()}
