"""What an answer says beside the statements it cites is checked: its first sentence, its verdict, any other line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from rag.schema import Answer, Article, Verdict
from rag.verification.openings import openings
from rag.verification.verify import Records, verify
from rag.writing.compose import sentences_of, written
from rag.writing.exports import parse_answers
from rag.writing.formats import FORMATS
from tests.fakes import quote, read_index, record, write_index

DAM = Article(
    "dam",
    "“The dam will hold,” mayor Ida Hale said. “It leaks,” Karl Poole said. “It is old,” Tom Hale said. "
    "“It drips,” Karl Poole said.",
)
RESIGNED = "Karl Poole has resigned over it and was fired in 2019."
TWICE = "Karl Poole (2 times)"
OUTCOMES: list[tuple[str, Verdict | None]] = [
    ("", None),
    ("Yes.", "yes"),
    ("Yes, and on another day otherwise, oldest first:", "yes"),
    ("No. In these articles Ida Hale says otherwise:", "no"),
    ("No. In these articles it is not Una Quist and Ida Hale who says so, but:", "no"),
    ("Judge by the words:", None),
    ("Oldest first:", None),
    ("Taking Karl Pole to mean Karl Poole.", None),
    ("The name Hale can mean Ida Hale or Tom Hale. Nobody is quoted in these articles under the name Una Quist.", None),
    ("Nothing is quoted in these articles from Karl Poole on this.", None),
    (f"These articles quote {TWICE} and Ida Hale (once) most often. Among what they say:", None),
]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    index = tmp_path_factory.mktemp("index")
    hale = quote(DAM, "“The dam will hold,”", by="Ida Hale", role="mayor")
    others = quote(DAM, "“It leaks,”", by="Karl Poole"), quote(DAM, "“It is old,”", by="Tom Hale")
    write_index(index, record(DAM, hale, *others, quote(DAM, "“It drips,”", by="Karl Poole")))
    return Records(read_index(index))


def answer(records: Records, head: str, verdict: Verdict | None = None) -> Answer:
    found = records.article("dam")
    assert found
    citations = tuple(replace(c, number=n) for n, c in enumerate(found[1][:2], start=1))
    lines = sentences_of(head, citations)
    return Answer(written(lines), True, verdict, citations, "embedded", lines)


def exported(made: Answer) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json.dumps(made.to_dict()))
    return loaded


def messages(export: dict[str, Any], records: Records) -> list[str]:
    return [difference.message for difference in verify(export, records=records).differences]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("head", "verdict"), OUTCOMES)
def test_what_the_program_writes_first_is_accepted_in_every_form(
    records: Records, form: str, head: str, verdict: Verdict | None
) -> None:
    file = FORMATS[form][0]("What did Una Quist say?", answer(records, head, verdict))
    (export,) = parse_answers(file.encode(), "file")
    assert messages(dict(export), records) == []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("head", ["Oldest first:", "Yes.", "Taking Karl Pole to mean Karl Poole."])
def test_a_first_sentence_in_place_of_the_program_s_is_named_in_every_form(
    records: Records, form: str, head: str
) -> None:
    verdict: Verdict | None = "yes" if head == "Yes." else None
    file = FORMATS[form][0]("Who?", answer(records, head, verdict))
    assert head in file
    (export,) = parse_answers(file.replace(head, RESIGNED).encode(), "file")
    assert f"This sentence is not one that an answer begins with: “{RESIGNED}”." in messages(dict(export), records)


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_sentence_put_in_anywhere_is_named(records: Records, place: int) -> None:
    export = exported(answer(records, "Yes.", "yes"))
    lines = [line for line in export["text"].splitlines() if line]
    text = "\n".join([*lines[:place], RESIGNED, *lines[place:]])
    assert any(RESIGNED in message for message in messages(export | {"text": text, "sentences": []}, records))
    joined = export["text"].replace("Yes.", f"Yes. {RESIGNED}")
    assert any(RESIGNED in message for message in messages(export | {"text": joined, "sentences": []}, records))


def test_a_text_that_cites_nothing_is_named(records: Records) -> None:
    forged = {"text": RESIGNED, "citations": []}
    assert messages(forged, records) == [f"This sentence is not one that an answer begins with: “{RESIGNED}”."]
    assert messages({"text": "Yes.", "citations": []}, records) == [
        "The text says “Yes.”, and nothing is cited for it."
    ]
    assert messages({"citations": [], "verdict": "yes"}, records) == ["The verdict “yes” has no text that gives it."]
    assert messages({"text": "The articles do not say.", "citations": [], "answered": False}, records) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"verdict": "no"}, "The text begins with “Yes.”, and the answer is given as: answered True, verdict “no”."),
        (
            {"answered": False},
            "The text begins with “Yes.”, and the answer is given as: answered False, verdict “yes”.",
        ),
    ],
)
def test_a_verdict_that_the_first_sentence_does_not_give_is_named(
    records: Records, change: dict[str, Any], message: str
) -> None:
    assert messages(exported(answer(records, "Yes.", "yes")) | change, records) == [message]


def test_a_verdict_turned_round_in_text_and_data_is_named(records: Records) -> None:
    export = exported(answer(records, "Yes.", "yes"))
    turned = json.loads(json.dumps(export).replace("Yes.", "No.").replace('"verdict": "yes"', '"verdict": "no"'))
    assert messages(turned, records) == ["This sentence is not one that an answer begins with: “No.”."]


def test_a_verdict_is_said_to_be_unchecked(records: Records) -> None:
    report = verify(answer(records, "Yes.", "yes"), records=records)
    assert (report.verified, len(report.unchecked)) == (True, 1)
    assert report.unchecked[0].startswith("that the words cited mean “yes”")
    assert verify(answer(records, ""), records=records).unchecked == ()


@pytest.mark.parametrize(
    "head",
    [
        "Taking Karl Pole to mean Ida Hale.",
        "The name Hale can mean Ida Hale or Karl Poole.",
        "The name Hale can mean Ida Hale.",
        "Nobody is quoted in these articles under the name Karl Poole.",
        "Nothing is quoted in these articles from Una Quist on this.",
    ],
)
def test_a_name_that_the_index_has_otherwise_is_named(records: Records, head: str) -> None:
    assert messages(exported(answer(records, head)), records) == [
        f"The text says “{head}”, which is not what the index has."
    ]


def test_a_name_that_stands_in_no_question_is_said_to_be_unchecked(records: Records) -> None:
    export = exported(answer(records, "Nobody is quoted in these articles under the name Una Quist."))
    told = ("that the question names “Una Quist”",)
    assert verify(export, records=records).unchecked == told
    assert verify(export | {"question": "What does una quist say?"}, records=records).unchecked == ()
    assert verify(export | {"question": "What does she say?"}, records=records).unchecked == told


def test_a_note_is_part_of_the_text(records: Records) -> None:
    export = exported(answer(records, "Yes.", "yes")) | {"note": "The model lied."}
    assert messages(export, records) == [
        "The answer has the note “The model lied.”, which its text does not begin with."
    ]


def test_a_long_line_of_many_sentences_is_read_in_no_time() -> None:
    assert openings().read("Taking a to mean b. " * 140) == []
    assert len(openings().read("Taking a to mean b. " * 40 + "Yes.")) <= 200


def test_an_answer_without_a_question_is_read_back_from_every_form(records: Records) -> None:
    for form in FORMATS:
        file = FORMATS[form][0]("", answer(records, ""))
        (export,) = parse_answers(file.encode(), "file")
        assert (messages(dict(export), records), "question" in export) == ([], False)


@pytest.mark.parametrize(
    "told", ["Karl Poole (3 times)", "Ida Hale (once)", "Karl Poole (2 times) and Tom Hale (once)"]
)
def test_who_is_said_to_be_quoted_most_is_counted_again(records: Records, told: str) -> None:
    head = f"These articles quote {told} most often. Among what they say:"
    [message] = messages(exported(answer(records, head)), records)
    assert message == f"The text says “These articles quote {told} most often.”, which is not what the index has."
