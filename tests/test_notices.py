"""Notices: an article that corrects or takes back another stands beside the statements of that, whenever it came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest import ingest
from rag.index.notices import is_notice, is_taken_back, takes_back
from rag.schema import Article
from tests.fakes import FakeEmbeddings, read_index

HEADLINE = "Pilots asleep on the night of the fog"
SAID = (
    "“I slept until the horn woke me,” said Ana Torvik, a pilot.\n\n“Fog is only weather,” said Per Lund, the keeper."
)
FIRST = {
    "id": "first",
    "title": HEADLINE,
    "date": "2026-02-12",
    "publication": "Skerry Gazette",
    "url": "https://skerrygazette.example/pilots-asleep",
    "text": f"The pilots’ hut at Holm was dark.\n\n{SAID}",
}
BACK = (
    "The Skerry Gazette has retracted the article “Pilots asleep on the night of the fog”.\n\n"
    "The words that it gave to Ana Torvik were invented.\n\n“Nobody called me,” Torvik told the editors."
)
NOTICE = {
    "id": "notice",
    "title": f"Retraction: “{HEADLINE}”",
    "date": "2026-03-03",
    "publication": "Skerry Gazette",
    "url": "https://skerrygazette.example/notices/3",
    "text": BACK,
}


def noted(folder: Path, *records: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """The kinds and days of the notes beside each statement in marks of an export, by its first words."""
    (folder / "export.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    ingest([folder / "export.jsonl"], index=folder / "index", embeddings=FakeEmbeddings())
    store = read_index(folder / "index")
    said = [s for s in store.statements(store.statement_ids()) if s.quote.text.startswith("“")]
    return {s.quote.text[1:7]: [(n.kind, n.since) for n in s.notes] for s in said if HEADLINE not in s.quote.text}


TAKEN_BACK = [("retracted", "2026-03-03")]
FIRST_S = {"I slep": TAKEN_BACK, "Fog is": TAKEN_BACK}


def test_a_retraction_takes_back_each_statement_of_the_article_and_none_of_its_own(tmp_path: Path) -> None:
    assert noted(tmp_path, FIRST, NOTICE) == FIRST_S | {"Nobody": []}
    assert read_index(tmp_path / "index").article("notice").notice is None


def test_it_is_the_same_whichever_came_first_and_gone_with_the_notice(tmp_path: Path) -> None:
    alone: dict[str, list[tuple[str, str]]] = {"I slep": [], "Fog is": []}
    assert noted(tmp_path, NOTICE) == {"Nobody": []}
    assert noted(tmp_path, NOTICE, FIRST) == FIRST_S | {"Nobody": []}
    assert noted(tmp_path, FIRST) == alone
    assert noted(tmp_path, FIRST, NOTICE) == FIRST_S | {"Nobody": []}
    assert noted(tmp_path, FIRST, NOTICE | {"title": "Pilots’ feast: “We danced”", "text": SAID[:60]}) == alone


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Retraction", "text": BACK},
        {
            "title": f"RETRACTION — {HEADLINE}",
            "text": "The article has been retracted.\n\n“Nobody called,” said Ana Torvik.",
        },
        {"title": f"Retraction of “{HEADLINE}”", "text": "The words of Ana Torvik were invented."},
        {"title": "Retraction notice", "text": f"It concerns our report at {FIRST['url']}?from=feed. It was invented."},
        {"title": "Editor’s note", "text": f"We have withdrawn our report “{HEADLINE}”, of which nothing was true."},
        {"title": "Retraction: a report on pilots", "url": FIRST["url"], "text": "The report has been withdrawn."},
        {"title": f"Retracted: {HEADLINE}", "text": BACK},
    ],
    ids=["in its text", "no marks", "of", "by its address", "note", "at the same address", "retracted"],
)
def test_a_retraction_names_the_article_by_headline_or_address(tmp_path: Path, other: dict[str, Any]) -> None:
    found = noted(tmp_path, FIRST, NOTICE | other)
    assert {words: found[words] for words in FIRST_S} == FIRST_S
    assert found.get("Nobody", []) == []


@pytest.mark.parametrize(
    "other",
    [
        {"publication": "Holm Mercury"},
        {"date": "2026-02-11"},
        {
            "title": "Retraction: “Pilots awake all winter”",
            "text": BACK.replace("asleep on the night", "awake on the day"),
        },
        {"title": "Retraction demanded by pilots", "text": f"“Retract ‘{HEADLINE}’,” said Ana Torvik."},
        {"title": "Editor’s note", "text": f"Readers loved “{HEADLINE}”, and we thank them."},
    ],
    ids=["another outlet", "before it", "another headline", "a report", "no error"],
)
def test_what_takes_nothing_of_the_article_back_leaves_it_alone(tmp_path: Path, other: dict[str, Any]) -> None:
    found = noted(tmp_path, FIRST, NOTICE | other)
    assert {words: found[words] for words in FIRST_S} == {"I slep": [], "Fog is": []}


def test_a_correction_of_several_paragraphs_stands_beside_what_it_concerns_alone(tmp_path: Path) -> None:
    words = "A speaker was wrong.\n\nIt was not Ana Torvik whom the horn woke.\n\n“I was ill,” said Berit Ness."
    found = noted(tmp_path, FIRST, NOTICE | {"title": f"Clarification: “{HEADLINE}”", "text": words})
    assert found == {"I slep": [("correction", "2026-03-03")], "Fog is": [], "I was ": []}


def test_a_column_of_corrections_names_the_day_and_the_speaker(tmp_path: Path) -> None:
    words = "In an article on 12 February we quoted Ana Torvik as saying that the horn woke her. She did not say so."
    found = noted(tmp_path, FIRST, NOTICE | {"title": "Corrections and clarifications", "text": words})
    assert found == {"I slep": [("correction", "2026-03-03")], "Fog is": []}


def test_a_mail_takes_back_what_an_earlier_one_told(tmp_path: Path) -> None:
    for name, subject, day, text in (
        ("a", HEADLINE, 12, FIRST["text"]),
        ("b", f"Retraction: {HEADLINE}", 20, BACK),
    ):
        head = f"From: Skerry Gazette <news@skerry.example>\nSubject: {subject}\nDate: {day} Feb 2026 08:00:00 +0000\n"
        kind = "Content-Type: text/plain; charset=utf-8\n"
        (tmp_path / f"{name}.eml").write_text(f"{head}{kind}\n{text}\n", encoding="utf-8")
    ingest([tmp_path], index=tmp_path / "index", embeddings=FakeEmbeddings())
    store = read_index(tmp_path / "index")
    notes = {s.quote.text[1:7]: [n.kind for n in s.notes] for s in store.statements(store.statement_ids())}
    assert (notes["I slep"], notes["Nobody"]) == (["retracted"], [])


def test_an_article_with_retracted_over_it_is_taken_back_itself() -> None:
    article = Article("a", SAID, title=f"RETRACTED: {HEADLINE}")
    assert is_taken_back(article)
    assert not is_notice(article)
    assert not is_taken_back(Article("a", SAID, title="Retracted wheels brought the plane down"))


@pytest.mark.parametrize(
    ("words", "is_back"),
    [
        ("The report “Pilots asleep on the night” has been withdrawn.", True),
        ("We no longer stand by it.", True),
        ("The article said that the harbour had withdrawn its offer.", False),
        ("The witness retracted what she had said.", False),
    ],
)
def test_a_correction_takes_back_where_it_is_the_article_that_is_retracted(words: str, is_back: bool) -> None:
    assert takes_back(Article("a", words, title="Correction"), words) is is_back


KILLED = "ATTENTION EDITORS - The Holm story headlined “{}”, sent at 0915 GMT, is withdrawn. Torvik was not there."


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("WITHDRAWAL-", KILLED.format(HEADLINE)),
        ("WITHDRAWN: ", "This story is withdrawn. Its source was not who he said."),
        ("KILL-", "Please kill this story. No replacement will be sent."),
        ("MANDATORY KILL: ", KILLED.format(HEADLINE)),
        ("ADVISORY-", f"The story “{HEADLINE}” has been withdrawn."),
    ],
)
def test_an_agency_takes_back_a_story_under_its_headline(tmp_path: Path, head: str, text: str) -> None:
    found = noted(tmp_path, FIRST, NOTICE | {"title": f"{head}{HEADLINE}", "text": text})
    assert {words: found[words] for words in FIRST_S} == FIRST_S
    store = read_index(tmp_path / "index")
    assert [s.quote.text for s in store.statements(store.statement_ids()) if s.article.id == "notice"] == []


@pytest.mark.parametrize("head", ["Withdrawal: ", "Kill-switch: ", "Advisory: "])
def test_a_headline_that_begins_with_such_a_word_is_no_notice_by_that(tmp_path: Path, head: str) -> None:
    other = {"title": f"{head}{HEADLINE}", "text": "“We withdraw the offer,” said Ana Torvik. It was an error."}
    found = noted(tmp_path, FIRST, NOTICE | other)
    assert {words: found[words] for words in FIRST_S} == {"I slep": [], "Fog is": []}


LINE = "(Corrects second paragraph to show that the speaker was the cook, Berit Ness, not Ana Torvik)"
AGAIN = SAID.replace("Ana Torvik, a pilot", "Berit Ness, the cook")


@pytest.mark.parametrize(
    ("first", "second", "is_corrected"),
    [
        ("{}", "CORRECTED-{}", True),
        ("{}", "UPDATE 1-CORRECTED-{}", True),
        ("UPDATE 1-{}", "CORRECTED-UPDATE 1-{}", True),
        ("{}", "Corrected: {}", True),
        ("{}", "{}", True),
        ("{}", "CORRECTED-Cooks and pilots dance at the feast", False),
        ("{}", "A corrected chart: {}", False),
    ],
)
def test_what_is_sent_again_corrects_what_was_sent_before(
    tmp_path: Path, first: str, second: str, is_corrected: bool
) -> None:
    again = {"title": second.format(HEADLINE), "text": f"{LINE}\n\nThe pilots’ hut at Holm was dark.\n\n{AGAIN}"}
    (tmp_path / "export.jsonl").write_text(
        "\n".join(map(json.dumps, [FIRST | {"title": first.format(HEADLINE)}, NOTICE | again])), encoding="utf-8"
    )
    ingest([tmp_path / "export.jsonl"], index=tmp_path / "index", embeddings=FakeEmbeddings())
    store = read_index(tmp_path / "index")
    said = [s for s in store.statements(store.statement_ids()) if s.article.id == "first"]
    notes = {s.quote.speaker.name: [n.kind for n in s.notes] for s in said if s.quote.speaker}
    assert notes == {"Ana Torvik": ["correction"] * is_corrected, "Per Lund": []}
