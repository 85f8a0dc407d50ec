"""Long files, cut where an article ends: every byte once, in order, and nothing held that is too long."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest

from ingest.loading import blocks, loaders
from ingest.loading.blocks import line_blocks, message_blocks
from ingest.loading.loaders import Failure, load, parts
from tests.test_mail import mbox, message


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 20)


def test_lines_stay_whole_and_keep_their_numbers() -> None:
    lines = [b"0123456789\n", b"01234567\n", b"\n", b"a line longer than a block\n", b"last"]
    found = list(line_blocks(BytesIO(b"".join(lines)), 100))
    assert found == [(1, lines[0] + lines[1]), (3, lines[2]), (4, lines[3]), (5, lines[4])]


def test_a_line_that_is_too_long_is_not_held_and_costs_no_other() -> None:
    found = list(line_blocks(BytesIO(b"one\n" + b"x" * 25 + b"\ntwo\n" + b"y" * 25), 10))
    assert found == [(1, b"one\n"), (2, None), (3, b"two\n"), (4, None)]


def test_a_line_as_long_as_the_limit_is_held() -> None:
    assert list(line_blocks(BytesIO(b"0123456789\nx"), 10)) == [(1, b"0123456789\nx")]


def test_messages_stay_whole_and_keep_their_numbers() -> None:
    one, two, three = (message(f"{n}: lock") for n in range(3))
    data = mbox(one, two, three)
    found = list(message_blocks(BytesIO(data), 10_000))
    assert [first for first, _ in found] == [1, 2, 3]
    assert b"".join(part or b"" for _, part in found) == data


def test_a_message_that_is_too_long_is_not_held_and_costs_no_other() -> None:
    data = mbox(message("One"), message("Two", text="long " * 400), message("Three"))
    assert [(first, part is None) for first, part in message_blocks(BytesIO(data), 1000)] == [
        (1, False),
        (2, True),
        (3, False),
    ]


def test_long_json_lines_are_read_in_parts_and_faults_have_their_line(tmp_path: Path) -> None:
    file = tmp_path / "dump.jsonl"
    lines = [json.dumps({"text": f"Lock {n}."}) for n in range(6)]
    file.write_text("\n".join([*lines[:4], "broken", "", *lines[4:]]))
    assert len(list(parts(file))) == 7
    loaded = load(file)
    assert [a.text for a in loaded.articles] == [f"Lock {n}." for n in range(6)]
    assert [failure.path for failure in loaded.failures] == [f"{file}:5"]


def test_a_line_over_the_limit_is_named_by_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "MAX_LINE_BYTES", 30)
    file = tmp_path / "dump.jsonl"
    file.write_text('{"text": "Lock."}\n' + json.dumps({"text": "x" * 50}) + '\n{"text": "Quay."}\n')
    loaded = load(file)
    why = "the line is longer than 30 bytes: split the article, or save its text as .txt"
    assert loaded.failures == (Failure(f"{file}:2", why),)
    assert [a.text for a in loaded.articles] == ["Lock.", "Quay."]


def test_failures_are_counted_over_all_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "MAX_FAILURES", 3)
    file = tmp_path / "dump.jsonl"
    file.write_text("not one\n" * 12)
    failures = load(file).failures
    assert [failure.path for failure in failures] == [f"{file}:1", f"{file}:2", f"{file}:3", str(file)]
    assert failures[-1].reason == "9 more articles in it cannot be read"


def test_blank_lines_alone_are_an_empty_file(tmp_path: Path) -> None:
    file = tmp_path / "dump.jsonl"
    file.write_text("\n \n" * 40)
    assert load(file).failures == (Failure(str(file), "the file is empty"),)


def test_json_lines_in_utf16_are_read_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "dump.jsonl"
    file.write_text('{"text": "Lock."}\n{"text": "Quay."}\n', encoding="utf-16")
    assert [a.text for a in load(file).articles] == ["Lock.", "Quay."]


def test_messages_are_numbered_over_all_parts(tmp_path: Path) -> None:
    file = tmp_path / "letters.mbox"
    file.write_bytes(mbox(message("One"), message("Two", text=""), message("Three")))
    loaded = load(file)
    assert [a.title for a in loaded.articles] == ["One", "Three"]
    assert [w.text for w in loaded.warnings] == ["message 2 (“Two”) has no text and is left out"]
