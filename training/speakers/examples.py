"""The readings as scenes to learn from: which candidates are right for each source, as far as the readers tell.

In: the labels, the articles, what extraction finds in them (kept in a file, for it takes long) and the tagger's states
of their pieces. Out: `Lesson`, one an article.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from anyascii import anyascii

from ingest.speaking.linker import KINDS, Scene, pooling, scene
from ingest.speaking.resolver import Read, known, people_of
from ingest.speaking.rules import picked
from ingest.speaking.stage import Stage
from ingest.text.pieces import Pieces
from rag.models.onnx import Floats
from rag.schema import Quote, Span
from training.speakers.labels import OTHERS, keys

WORDS = Path("ingest/quoting/weights/words.npz")
SET_ASIDE = 10  # One article in so many teaches nothing: choices are made on these.
WORD = re.compile(r"[^\W_]+")
LITERAL, NOBODY = -2, -1  # Behind the candidates: the source's own words, and nobody.


@dataclass(frozen=True, slots=True)
class Gold:
    """Whose a source is by a reader: `keys` of who, none where it is nobody's; `kind` a number of KINDS or -1."""

    keys: tuple[str, ...]
    nobody: bool
    kind: int
    channel: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as extraction and a reader see it; `names` has under each key the name, "" for those without."""

    id: str
    text: str
    title: str
    quotes: list[Quote]
    answers: list[bool]
    gold: dict[tuple[int, int], Gold]
    names: dict[str, str]
    forms: dict[str, list[str]]
    kinds: dict[str, str]
    pieces: Pieces
    states: Floats


@dataclass(frozen=True, slots=True)
class Lesson:
    """A reading with its scene; `gold` has one entry for each of the scene's sources, None where nobody read it."""

    id: str
    text: str
    scene: Scene
    gold: list[Gold | None]
    names: dict[str, str]
    forms: dict[str, list[str]]
    aside: bool


def is_aside(article_id: str) -> bool:
    """True for one article in SET_ASIDE, by a hash of its id: nothing is trained on it."""
    return int(hashlib.sha256(article_id.encode()).hexdigest(), 16) % SET_ASIDE == 0


def read(labels: Path, articles: Sequence[Path], quotes: Path, states: Path) -> Iterator[Reading]:
    """The first reading of each article."""
    texts = {row["id"]: row for path in articles for row in _rows(path)}
    found = {row["id"]: row["quotes"] for row in _rows(quotes)}
    seen = set()
    for row in _zipped(labels):
        vectors = stored(states, row["id"])
        if row["id"] in seen or vectors is None:
            continue
        seen.add(row["id"])
        article = texts[row["id"]]
        yield _reading(row, article["text"], article.get("title") or "", found[row["id"]], vectors)


def rows_of(corpus: Path, states: Path) -> Iterator[tuple[dict[str, Any], Pieces, Floats]]:
    """The documents of a public corpus with their pieces and states."""
    for row in _zipped(corpus):
        if found := stored(states, row["id"]):
            yield row, *found


def stored(folder: Path, article_id: str) -> tuple[Pieces, Floats] | None:
    """The pieces and states of an article, where they are stored."""
    file = folder / (article_id.replace("/", "_") + ".npz")
    if not file.is_file():
        return None
    with np.load(file) as kept:
        return Pieces(*(kept[name] for name in ("ids", "features", "starts", "ends", "firsts"))), kept["states"]


def lesson(reading: Reading) -> Lesson:
    """The reading as the network is to see it."""
    with np.load(WORDS) as kept:
        pool = pooling(reading.pieces, reading.states, kept["table"], kept["scales"])
        seen = Read(reading.pieces, reading.states)
        vectors = (kept["table"], kept["scales"])
        found = known(reading.text, seen, vectors)
    text, quotes, title = reading.text, reading.quotes, reading.title
    people = people_of(text, quotes, title, found, vectors)
    picks = picked(people, quotes, reading.answers)
    made = scene(people, quotes, picks, pool)
    gold = [reading.gold.get((s.start, s.end)) for s in made.sources]
    return Lesson(reading.id, text, made, gold, reading.names, reading.forms, is_aside(reading.id))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _zipped(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _reading(
    row: Mapping[str, Any], text: str, title: str, found: Sequence[Mapping[str, Any]], read: tuple[Pieces, Floats]
) -> Reading:
    names, forms = {}, {}
    for key, who in row["who"].items():
        names[key] = (title if who["title"] else text)[slice(*who["name"])] if who["name"] else ""
        forms[key] = [text[slice(*form)] for form in who["forms"]]
    quotes = [_quote(text, quote) for quote in found]
    answers = [not quote["source"] and quote["speaker"] is not None for quote in found]
    gold = {(start, end): _gold(whose, row["who"]) for start, end, whose in row["sources"]}
    kinds = {key: who["kind"] for key, who in row["who"].items()}
    return Reading(row["id"], text, title, quotes, answers, gold, names, forms, kinds, *read)


def _quote(text: str, row: Mapping[str, Any]) -> Quote:
    spans = [tuple(Span.of(text, *pair) for pair in row[part]) for part in ("content", "source", "cue")]
    return Quote(spans[0], spans[1], spans[2], None, row["kind"])


def _gold(label: str, who: Mapping[str, Any]) -> Gold:
    several = [key for key in keys(label.split(">")[-1]) if key not in OTHERS]
    kind = KINDS.index(who[several[0]]["kind"]) if len(several) == 1 else -1
    return Gold(tuple(several), label == "!", kind, ">" in label, label.endswith("?"))


def right(lesson: Lesson, stage: Stage, held: Mapping[int, frozenset[str]], gold: Gold) -> list[list[int]]:
    """The candidates that are right for a source; [[LITERAL]] where its own words are the best that there is.

    Mostly one list; for several who speak together one each. `held` tells of each described candidate whom a reader
    sees in it.
    """
    if gold.nobody:
        return [[NOBODY]]
    found = [number for number, meant in held.items() if meant == frozenset(gold.keys)]
    each = [_members(lesson, stage, key) for key in gold.keys]
    if len(each) == 1 and (found or each[0]):
        return [found + each[0]]
    if found:
        return [found]
    return each if len(each) > 1 and all(each) and not _shared(each) else [[LITERAL]]


def _shared(each: Sequence[Sequence[int]]) -> bool:
    return len({number for some in each for number in some}) < sum(map(len, each))


def _members(lesson: Lesson, stage: Stage, key: str) -> list[int]:
    """The members of the cast that a reader's entry means: those of its very name, or else of a part of it."""
    name = words(lesson.names[key])
    known = {words(form) for form in lesson.forms[key] if form[:1].isupper()} - {()}
    exact, near = [], []
    for number in range(stage.named):
        member = lesson.scene.cast.members[number]
        mine = words(member.name)
        own = {mine, *map(words, member.names)} - {()}
        if name and (name in own or (own & known and (_agree(mine, name) or mine in known))):
            exact.append(number)
        elif name and _agree(mine, name):
            near.append(number)
    # One who is under the full name and under an initial, too, is the full name.
    return [n for n in exact if name in (words(x) for x in _names(lesson, n))] or exact or near


def _names(lesson: Lesson, number: int) -> set[str]:
    member = lesson.scene.cast.members[number]
    return {member.name, *member.names}


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return bool(one and other) and (set(one) <= set(other) or set(other) <= set(one))


def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower-case ASCII."""
    plain = re.sub(r"['’]s\b|\.", "", anyascii(name).lower())
    return tuple(w for w in WORD.findall(plain) if w not in ("the", "mr", "mrs", "ms", "dr"))
