"""Invented articles with open questions, written to learn from, as pools of the statements that the tagger finds.

data/invented.jsonl.gz -> Pool(question, [(evidence, relation)])
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest import extract_quotes
from training.judge.examples import Pair, Pool, evidence, lines, role_key

Statement = dict[str, Any]  # `content`: spans in the article's text; `speaker`; `relation` to the question asked.
SAME = 0.5  # Of the shorter of two pieces of text, in both of which it lies, from which on they are one statement.


def read_invented(path: Path) -> Iterator[Pool]:
    """The pools of all open questions: all statements of their article, none set aside.

    Each statement has the speaker that who wrote the article gives it, where a question is about it.
    """
    for row in lines(path):
        quotes = extract_quotes(row["text"], title=row["title"])
        roles = {role_key(row["id"], one.speaker.name): one.speaker.role or "" for one in quotes if one.speaker}
        found = [
            {
                "content": [[span.start, span.end] for span in one.content],
                "speaker": one.speaker.name if one.speaker else "",
                "relation": "off",
            }
            for one in quotes
        ]
        for number, asked in enumerate(row["open"], 1):
            pairs = tuple(
                Pair(evidence(one, row, roles), one["relation"], None, row["id"]) for one in related(found, asked, row)
            )
            yield Pool(f"{row['id']}-{number}", asked["kind"], asked["question"], pairs, aside=False)


def related(found: list[Statement], asked: dict[str, Any], row: dict[str, Any]) -> list[Statement]:
    """The statements found, and those marked that were not, with their relations to one question of an article."""
    made = [dict(one) for one in found]
    marked = [one | {"relation": "answers"} for one in asked["answers"]]
    for one in [*marked, *(near | {"relation": "topic"} for near in asked["near"])]:
        start = row["text"].index(one["words"])
        span = [start, start + len(one["words"])]
        same = [statement for statement in made if _is_same(statement, span)]
        if not same:
            same = [{"content": [span], "relation": "off"}]
            made += same
        for statement in same:
            if statement["relation"] == "off":  # What answers stays what it is, though it is near by another part.
                statement |= {"relation": one["relation"], "speaker": one["speaker"]}
    return made


def _is_same(statement: Statement, span: list[int]) -> bool:
    spans: list[list[int]] = statement["content"]
    both = sum(max(0, min(end, span[1]) - max(start, span[0])) for start, end in spans)
    return both >= SAME * min(sum(end - start for start, end in spans), span[1] - span[0])
