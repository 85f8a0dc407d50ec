"""Phrases by which a question may call a speaker, and questions that have them: what the matcher learns from.

phrases*.jsonl.gz + questions*.jsonl.gz + an index of the articles -> Asked(phrase, question, whom)
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.people.names import compatible, personal
from rag.text import terms
from training.judge.examples import parts

# Without a question about the speaker, a phrase is asked for in one of these.
PLAIN = ("What did {} say?", "Did {} say that?", "What does {} think of it?", "{} on this?", "what did {} say about it")
IN_A_QUESTION = 0.8  # Share of phrases that stand in a question about the speaker, where there is one.
STRANGERS = 0.1  # So many names of whom the article does not quote, for each phrase: nobody is to be found.
PRONOUNS = frozenset("he she they it i we you him her them his who".split())
ANSWERING = ("answers", "says_so", "opposite")

# The speakers of an article: by label, the role that it gives them.
Cast = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A phrase in a question, the article that it is about, and the label there of whom it means; "" for nobody."""

    phrase: str
    question: str
    home: str
    label: str


def read_asked(phrases: Path, questions: Path, cast: Cast, seed: int = 11) -> list[Asked]:
    """All phrases of the data, each in a question, those of whom nobody is called so among them."""
    rng = random.Random(seed)
    known = list(_from_questions(questions, cast))
    of: dict[tuple[str, str], list[Asked]] = {}
    for one in known:
        of.setdefault((one.home, one.label), []).append(one)
        of.setdefault((one.home, ""), []).append(one)
    found = [one for one in known if not is_alike(one.phrase, one.label)]
    for row in parts(phrases, "phrases"):
        if row["article_id"] not in cast:
            continue
        label = row.get("speaker", "")
        models = of.get((row["article_id"], label)) or of.get((row["article_id"], ""), [])
        for phrase in row["phrases"]:
            found.append(Asked(phrase, _question(phrase, models, rng), row["article_id"], label))
    names = sorted({label for labels in cast.values() for label in labels if len(personal(label)) > 1})
    for one in rng.sample(known, min(len(known), int(STRANGERS * len(found)))):
        name = _short(rng.choice(names), rng)
        if not any(is_same(name, label) for label in cast[one.home]):
            found.append(Asked(name, one.question.replace(one.phrase, name, 1), one.home, ""))
    return found


def _from_questions(folder: Path, cast: Cast) -> Iterator[Asked]:
    """Whom a question asks about, where it is one person of one article, in the words of the question."""
    for row in parts(folder, "questions"):
        gold = [one for one in row["gold"] if one["relation"] in ANSWERING]
        question = row["standalone"] or row["question"]
        if len(row["who"]) != 1 or len({one["speaker"] for one in gold}) != 1 or row["who"][0] not in question:
            continue
        [phrase], home = row["who"], gold[0]["article_id"]
        label = next((label for label in cast.get(home, ()) if is_same(label, gold[0]["speaker"])), None)
        if label is not None and phrase.lower() not in PRONOUNS:
            yield Asked(phrase, question, home, label)


def _question(phrase: str, models: Sequence[Asked], rng: random.Random) -> str:
    if not models or rng.random() > IN_A_QUESTION:
        return rng.choice(PLAIN).format(phrase)
    model = rng.choice(models)
    return model.question.replace(model.phrase, phrase, 1)


def _short(name: str, rng: random.Random) -> str:
    """A name, half of the time only its first or last word."""
    words = name.split()
    return rng.choice((name, name, words[0], words[-1]))


def is_same(label: str, other: str) -> bool:
    """True for one label, and for two that can be one person's."""
    one, another = personal(label), personal(other)
    return label == other or bool(one and another and compatible(one, another))


def is_alike(phrase: str, label: str) -> bool:
    """True for a phrase with a word of the label: the letters find that one already."""
    return not set(terms(phrase)).isdisjoint(terms(label))


def cast_of(statements: Iterator[Any]) -> dict[str, dict[str, str]]:
    """The speakers of each article, by label the first role that it gives them."""
    found: dict[str, dict[str, str]] = {}
    for statement in statements:
        if speaker := statement.quote.speaker:
            labels = found.setdefault(statement.article.id, {})
            labels[speaker.name] = labels.get(speaker.name) or speaker.role or ""
    return found
