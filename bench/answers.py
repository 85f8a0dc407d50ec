"""Index articles, ask questions about them, and score the answers, with one judge or several.

    python bench/answers.py ARTICLES.jsonl QUESTIONS.jsonl [--model embedded ...] [--misses N] [--json]

The formats and the figures are described in bench/README.md.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import scoring
from common import Row, index_of, parser_of, read_lines, report

MODELS = ("embedded",)
# What a JSON line of an article may carry; anything else, such as its annotation, is kept from the index.
FIELDS = ("id", "text", "title", "author", "publication", "published", "date", "url")
ASKING = "--ask"  # How this file starts itself for one model.


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == [ASKING]:
        json.dump(ask_all(Path(arguments[1]), read_lines(arguments[2])), sys.stdout)
        return 0
    parser = parser_of(__doc__)
    parser.add_argument("articles", help="articles as JSON lines")
    parser.add_argument("questions", help="questions with their gold answers as JSON lines")
    parser.add_argument("--model", nargs="+", default=list(MODELS), help="values of OTR_LLM (default: embedded)")
    parser.add_argument("--misses", type=int, default=0, help="name this many wrong answers of each model")
    args = parser.parse_args(arguments)
    articles, questions = read_lines(args.articles), read_lines(args.questions)
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder, "articles.jsonl")
        clean.write_text("".join(json.dumps(known(row)) + "\n" for row in articles), encoding="utf-8")
        with index_of(clean, args.index) as index:
            found = {model: asked(model, index, args.questions) for model in args.model}
    figures = {model: score(questions, {a["id"]: a for a in articles}, answers) for model, answers in found.items()}
    for each in figures.values():
        each["misses"] = each["misses"][: args.misses]
    report(figures, as_json=args.json)
    return 0


def known(article: Mapping[str, Any]) -> Row:
    """An article as a user has it."""
    given = {"publication": article.get("publisher"), **article}
    return {field: given[field] for field in FIELDS if given.get(field)}


def asked(model: str, index: Path, questions: str) -> list[Row]:
    """The answers of one model, from a process of its own."""
    command = [sys.executable, __file__, ASKING, str(index), questions]
    done = subprocess.run(command, env=os.environ | {"OTR_LLM": model}, stdout=subprocess.PIPE, text=True, check=True)
    answers: list[Row] = json.loads(done.stdout)
    return answers


def ask_all(index: Path, questions: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Every answer with its seconds, and those of the bare work on the same question right before it.

    The bare work is to embed the question, to query once, and to run the judge's network on as many statements.
    """
    from rag import ask
    from rag.index.store import open_store
    from rag.judging.embedded import EmbeddedJudge
    from rag.models.embeddings import load_embeddings
    from rag.pipeline import JUDGED
    from rag.schema import Hit, Query

    embeddings = load_embeddings()
    judge = EmbeddedJudge.load()
    store = open_store(index.resolve(), model=embeddings.name, dimension=embeddings.dimension)
    ask("Who said what?", index=index)  # Opens the index and loads the models: no part of answering.
    answers: list[Row] = []
    for question in questions:
        began = time.perf_counter()
        found = store.search_quotes(embeddings.embed([question["question"]])[0], JUDGED)
        hits = [Hit(statement, 0.0) for statement in store.statements(found)]
        judge.judge(Query(question["question"], question["question"]), hits)
        queried = time.perf_counter()
        answer = ask(question["question"], history=question.get("history") or [], index=index)
        ended = time.perf_counter()
        answers.append({"seconds": ended - queried, "bare_seconds": queried - began, **answer.to_dict()})
    return answers


def score(questions: Sequence[Row], articles: Mapping[str, Row], answers: Sequence[Row]) -> dict[str, Any]:
    """The figures of one model; a pair is [how many, of how many]."""
    kinds: dict[str, list[bool]] = defaultdict(list)
    misses: list[str] = []
    first: list[bool] = []
    answered: list[bool] = []
    for question, answer in zip(questions, answers, strict=True):
        why = scoring.judge(question, answer)
        kinds[question["kind"]].append(not why)
        if why:
            misses.append(f"{question['id']}  {question['kind']}  {question['question']}  {why}")
        if question["answerable"]:
            answered.append(answer["answered"])
            first.append(any(scoring.is_hit(c, item) for c in answer["citations"][:1] for item in question["gold"]))
    right = [ok for oks in kinds.values() for ok in oks]
    seconds = statistics.median(answer["seconds"] for answer in answers)
    bare = statistics.median(answer["bare_seconds"] for answer in answers)
    return {
        "right": pair(right),
        "by_kind": {kind: pair(oks) for kind, oks in sorted(kinds.items())},
        "first": pair(first),
        "answered": pair(answered),
        **faithful(questions, articles, answers),
        "seconds_median": seconds,
        "bare_seconds_median": bare,
        "ratio": seconds / bare,
        "misses": misses,
    }


def faithful(questions: Sequence[Row], articles: Mapping[str, Row], answers: Sequence[Row]) -> dict[str, list[int]]:
    """What is wrong with the citations and quotations themselves, whatever was asked."""
    corpus = [scoring.fold(article["text"]) for article in articles.values()]
    wrong: list[bool] = []
    verbatim: list[bool] = []
    made_up: list[bool] = []
    for question, answer in zip(questions, answers, strict=True):
        for citation in answer["citations"]:
            article = articles[citation["article_id"]]
            words = article["text"][citation["start"] : citation["end"]]
            verbatim.append(scoring.fold(words) == scoring.fold(citation["quote"]))
            verdict = scoring.misattributed(citation, article, question.get("gold") or [])
            wrong += [] if verdict is None else [verdict]
        made_up += [scoring.is_made_up(string, corpus) for string in scoring.quoted_strings(answer["text"])]
    return {"misattrib": pair(wrong), "verbatim": pair(verbatim), "made_up": pair(made_up)}


def pair(claims: Sequence[bool]) -> list[int]:
    """How many are true, of how many."""
    return [sum(claims), len(claims)]


if __name__ == "__main__":
    sys.exit(main())
