"""The questions written over invented articles: each can be scored or learnt, and stands on words that are there."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from training.judge import written
from training.judge.examples import lines
from training.judge.lessons import INVENTED
from training.judge.prepare import DATA

LEARNT = tuple(lines(DATA / INVENTED))
CHOSEN_BY = tuple(lines(written.WRITTEN))


def test_the_written_questions_are_a_benchmark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["written", "--out", str(tmp_path)])
    written.main()

    def read(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (tmp_path / name).read_text(encoding="utf-8").splitlines()]

    texts = {article["id"]: article["text"] for article in read("articles.jsonl")}
    claims, others = read("claims.jsonl"), read("open.jsonl")
    assert (len(texts), len(claims), len(others)) == (100, 596, 700)
    assert not {"claims", "open"} & {key for article in read("articles.jsonl") for key in article}
    assert all(one["answerable"] is (one["expected"] in ("yes", "no")) is bool(one["gold"]) for one in claims)
    assert all(one["answerable"] is (one["kind"] != "unanswerable") is bool(one["gold"]) for one in others)
    for gold in (gold for one in (*claims, *others) for gold in one["gold"]):
        [[start, end]] = gold["content"]
        text = texts[gold["article_id"]]
        assert text.count(text[start:end]) == 1
        assert gold["speaker"]


def test_of_claims_as_many_are_so_as_are_not() -> None:
    for articles, counts in ((CHOSEN_BY, [248, 248, 100]), (LEARNT, [768, 768, 384])):
        expected = [claim["expected"] for row in articles for claim in row["claims"]]
        assert [expected.count(verdict) for verdict in ("yes", "no", None)] == counts


def test_what_is_learnt_is_marked_in_its_article_by_relations_that_bear_out_what_is_expected() -> None:
    relations = {"yes": {"says_so"}, "no": {"opposite", "another"}, None: set()}
    for row in LEARNT:
        for asked in (*row["open"], *row["claims"]):
            assert all(row["text"].count(one["words"]) == 1 for one in (*asked["answers"], *asked["near"]))
        for claim in row["claims"]:
            assert bool(claim["answers"]) is bool(relations[claim["expected"]])
            assert {one["relation"] for one in claim["answers"]} & relations[claim["expected"]] or not claim["answers"]
        for one in row["open"]:
            assert bool(one["answers"]) is (one["kind"] != "unanswerable")


def test_no_article_serves_to_learn_and_to_choose_by() -> None:
    names = Counter(row["title"] for row in (*LEARNT, *CHOSEN_BY))
    assert max(names.values()) == 1
    assert not {row["text"] for row in LEARNT} & {row["text"] for row in CHOSEN_BY}
