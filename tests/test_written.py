"""The claims written over invented articles: each can be scored, and stands on words that are there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from training.judge import written
from training.judge.examples import lines


def test_the_written_claims_are_a_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["written", "--out", str(tmp_path)])
    written.main()
    read = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = {article["id"]: article["text"] for article in read}
    questions = [json.loads(line) for line in (tmp_path / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (len(texts), len(questions)) == (100, 596)
    assert all("claims" not in article for article in read)
    for question in questions:
        assert question["answerable"] is (question["expected"] in ("yes", "no")) is bool(question["gold"])
        for gold in question["gold"]:
            [[start, end]] = gold["content"]
            text = texts[gold["article_id"]]
            assert text.count(text[start:end]) == 1
            assert gold["speaker"]


def test_as_many_are_so_as_are_not() -> None:
    expected = [claim["expected"] for row in lines(written.WRITTEN) for claim in row["claims"]]
    assert [expected.count(verdict) for verdict in ("yes", "no", None)] == [248, 248, 100]
