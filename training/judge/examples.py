"""Questions with their labelled statements, as what the judge's network learns from.

questions.jsonl + pools.jsonl + articles' texts -> Pool(question, [(evidence, relation)])
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.judging.reading import render
from rag.text import around
from rag.understanding.following import joined

SET_ASIDE = 10  # One article in so many is kept for choices.


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement as the network reads it, with its relation to the question and its retriever's rank."""

    evidence: str
    relation: str
    rank: int | None = None
    article_id: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """A question with the statements labelled for it; `aside` when its articles, the `homes`, are set aside."""

    id: str
    kind: str
    question: str
    pairs: tuple[Pair, ...]
    aside: bool
    homes: frozenset[str] = frozenset()


def is_aside(article_id: str) -> bool:
    """True for one article in SET_ASIDE, by a hash of its id: nothing is trained on it."""
    return int(hashlib.sha256(article_id.encode()).hexdigest(), 16) % SET_ASIDE == 0


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def read_articles(paths: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Articles by id, from JSON Lines files with `id`, `text`, `title` and a date."""
    return {row["id"]: row for path in paths for row in lines(path)}


def read_pools(folder: Path, articles: dict[str, dict[str, Any]], roles: dict[str, str]) -> list[Pool]:
    """The pools of a folder's questions.jsonl and pools.jsonl.

    A pool is set aside when one of its gold articles is, or, where it has none, the article of its first statement;
    the other pools lose the statements of articles set aside. `roles` has the role that an article gives a speaker,
    by `role_key`.
    """
    asked = {row["id"]: row for row in parts(folder, "questions")}
    pools = []
    for row in parts(folder, "pools"):
        question = asked[row["id"]]
        mine = {gold["article_id"] for gold in question["gold"]} or {
            min(row["candidates"], key=lambda c: c["rank"] or 99)["article_id"]
        }
        aside = any(map(is_aside, mine))
        kept = [c for c in row["candidates"] if aside or not is_aside(c["article_id"])]
        pairs = tuple(_pair(c, articles[c["article_id"]], roles) for c in kept if c["article_id"] in articles)
        pools.append(Pool(row["id"], question["kind"], _asked(question), pairs, aside, frozenset(mine)))
    return pools


def _asked(row: dict[str, Any]) -> str:
    """The question as the judge gets it: a follow-up half the time behind the one before it, half made whole."""
    before = [message["content"] for message in row["history"] if message["role"] == "user"]
    question: str = row["question"]
    if not before or row["standalone"] in ("", question):
        return question
    return joined(before[-1], question) if row["id"][-1] in "02468" else str(row["standalone"])


def parts(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of all the files of a name in a folder."""
    for path in sorted(folder.glob(f"{name}*.jsonl*")):
        yield from lines(path)


def role_key(article_id: str, speaker: str) -> str:
    """The key of a speaker's role in an article."""
    return f"{article_id}\t{speaker}"


def _pair(candidate: dict[str, Any], article: dict[str, Any], roles: dict[str, str]) -> Pair:
    return Pair(evidence(candidate, article, roles), candidate["label"], candidate["rank"], article["id"])


def evidence(statement: dict[str, Any], article: dict[str, Any], roles: dict[str, str]) -> str:
    """A statement, with its `content` and `speaker`, as the network reads it."""
    text, content = article["text"], statement["content"]
    start, end = around(text, content[0][0], content[-1][1])
    speaker = statement["speaker"] or ""
    return render(
        text[start:end],
        [(s - start, e - start) for s, e in content],
        speaker=speaker,
        role=roles.get(role_key(article["id"], speaker), ""),
        title=article.get("title") or "",
        day=article.get("published") or article.get("date") or "",
    )
