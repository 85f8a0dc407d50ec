"""Tell which capitalised words are names, of a person or of a body: a small trained network on the tagger's states.

In: an article's mentions as `ingest.text.names` finds them, which are runs of capitalised words. Out: the same mentions
without the words that belong to no name, apart where two names meet, and with what they name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from itertools import pairwise, takewhile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.text.names import (
    INITIAL,
    INITIALS,
    LOWER_WORD,
    PARTICLES,
    SUFFIXES,
    TITLES,
    WITH_ARTICLE,
    WORD,
    Mention,
    without_nickname,
)
from ingest.text.pieces import IntArray, Pieces
from rag.models.onnx import Floats, checked

Words = tuple[npt.NDArray[np.int8], Floats]

WEIGHTS = Path(__file__).with_name("namer.npz")
SHA256 = "341b7f6bcb3623c6ab2ba1cd9f65ffc01cca6c49060c7be7191ce3aa674942ad"
OTHER, PERSON, BODY = 0, (1, 2), (3, 4)  # The labels: begin and go on.
# How many times likelier than not it must be that a word belongs to no name, in runs of one word, of two (either can be
# a name that is a word as well) and of more.
DOUBT, DOUBT_OF_MORE = {1: 2.0, 2: 49.0}, 2.0
DOUBT_BESIDE_BODY = 9.0  # The same of two words, where a body's name surely begins with the other: "Under Orsa".
DOUBT_WITHIN = 4.0  # And of the first of three or more within a sentence, where a capital begins no plain word.
BEGINS = 0.9
TINY = 1e-6
NEVER = -1e9
FIRST = np.array([0, 0, NEVER, 0, NEVER], dtype=np.float32)
FOLLOWS = np.array(
    [[NEVER if after in (2, 4) and label not in (after, after - 1) else 0 for after in range(5)] for label in range(5)],
    dtype=np.float32,
)
LIKELY = 0.5
OF_TWO = 2
LONGEST_HONOUR = 4  # Letters of "MBE" and "FRCS".
LONGEST_OFFICE = 30  # Characters of an office's noun with "of".
SURE = 0.75  # With this probability it is a body, or a person.
FEATURES = 15
OWNS = re.compile(r"['’]s[ \u00a0]")
POSSESSIVE = re.compile(r"['’]s?$")
HEAD = re.compile(r"(?:^|[.!?\n”\"]\s*)$")
INSIDE_NAME = re.compile(WITH_ARTICLE)
# What a body's name begins with and a person's does not: "the Democratic Committee", "Democratic Sen. Hale".
PARTY = re.compile(r"\b(?:Republican|Democratic|American) $")
FAR_NAME = 20_000  # Characters before a surname in which its bearer is named in full.
OFFICE_OF = re.compile(r"(?<!\b[Tt]he )\b([^\W\d_][\w.]*) of $")


class Namer:
    """The trained network: NumPy does its sums, for they are few."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._w = {name: np.asarray(array, dtype=np.float32) for name, array in weights.items()}

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls, path: Path = WEIGHTS) -> Namer:
        """The namer with the packaged weights, loaded once; ModelError when they are missing or altered."""
        with np.load(BytesIO(checked(path, SHA256))) as kept:
            return cls(dict(kept))

    def chances(self, vectors: Floats, flags: Floats) -> Floats:
        """(words, 5) probabilities of the labels."""
        w = self._w
        hidden = np.maximum(vectors @ w["words"] + flags @ w["flags"] + w["bias"], 0)
        scores = hidden @ w["out"] + w["out_bias"]
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(chances / chances.sum(axis=1, keepdims=True))

    def named(self, text: str, found: Sequence[Mention], pieces: Pieces, states: Floats, words: Words) -> list[Mention]:
        """The mentions, made exact."""
        runs = [spans_of(text, mention.start, mention.end) for mention in found]
        if not runs:
            return []
        owned = _owned(text, found)
        both = [[*runs[at], *runs[at + 1]] for at in owned]
        chances = self._of_runs(text, [*runs, *both], pieces, states, words)
        wholes = dict(zip(owned, chances[len(runs) :], strict=True))
        made: list[Mention] = []
        done = 0
        for number, (mention, run) in enumerate(zip(found, runs, strict=True)):
            if mention.start < done:
                continue
            own = _exact(text, mention, run, chances[number])
            # Who surely has a name without what is behind owns it: "Norway’s Foreign Ministry".
            is_open = number in wholes and all(name.body is None for name in own)
            body = _body(text, mention, found[number + 1], wholes[number]) if is_open else None
            made += [body] if body else own
            done = body.end if body else done
        return made

    def _of_runs(
        self, text: str, runs: Sequence[Sequence[tuple[int, int]]], pieces: Pieces, states: Floats, words: Words
    ) -> list[Floats]:
        """(words, 5) of each run."""
        flat = [span for run in runs for span in run]
        vectors = word_vectors(pieces, states, words, np.array(flat, dtype=np.int64))
        ends = np.cumsum([len(run) for run in runs])[:-1]
        return np.split(self.chances(vectors, flags(text, runs)), ends)


def spans_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The words of a name, but a nickname in marks."""
    return [(start + word.start(), start + word.end()) for word in WORD.finditer(without_nickname(text[start:end]))]


def word_vectors(pieces: Pieces, states: Floats, words: Words, spans: IntArray) -> Floats:
    """(words, 3 * size): of each word at (start, end) the mean state and word vector, then those of its neighbours."""
    low = np.minimum(np.searchsorted(pieces.ends, spans[:, 0], side="right"), len(pieces) - 1)
    high = np.maximum(np.searchsorted(pieces.starts, spans[:, 1], side="left"), low + 1)
    lengths = high - low
    offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    inside = np.arange(lengths.sum()) - np.repeat(offsets, lengths) + np.repeat(low, lengths)
    table, scales = words

    def of(numbers: IntArray) -> Floats:
        ids = pieces.ids[numbers]
        return np.concatenate([states[numbers].astype(np.float32), table[ids] * scales[ids]], axis=1)

    own = np.add.reduceat(of(inside), offsets, axis=0) / lengths[:, None]
    return np.concatenate([own, of(np.maximum(low - 1, 0)), of(np.minimum(high, len(pieces) - 1))], axis=1)


def flags(text: str, runs: Sequence[Sequence[tuple[int, int]]]) -> Floats:
    """(words, FEATURES): what letters and place tell of each word of each run."""
    lower = frozenset(LOWER_WORD.findall(text))
    rows = []
    for run in runs:
        for number, (start, end) in enumerate(run):
            word = text[start:end]
            rows.append(
                [
                    number == 0,
                    number == len(run) - 1,
                    len(run) == 1,
                    len(run) == 2,
                    len(run) == 3,
                    len(run) > 3,
                    word.lower() in lower or f"{word.lower()}s" in lower,
                    word.isupper(),
                    word.strip(".,").lower() in TITLES,
                    POSSESSIVE.search(word) is not None,
                    word[0].islower(),
                    HEAD.search(text[max(0, start - 3) : start]) is not None,
                    word.endswith("."),
                    "-" in word,
                    len(word) < 3,
                ]
            )
    return np.array(rows, dtype=np.float32).reshape(-1, FEATURES)


def _exact(text: str, mention: Mention, run: Sequence[tuple[int, int]], chances: Floats) -> list[Mention]:
    """The names in a run of capitalised words, by the best sequence of labels."""
    scores = np.log(chances + TINY)
    doubts = np.full(len(run), DOUBT.get(len(run), DOUBT_OF_MORE))
    if len(run) == OF_TWO:
        doubts[chances[::-1, BODY[0]] > SURE] = DOUBT_BESIDE_BODY
    scores[:, OTHER] -= np.log(doubts)
    is_within = _is_within_sentence(text, run)
    office = _office(text, mention, chances)
    if office is not None and len(run) == OF_TWO:
        scores[0] = np.where(np.arange(scores.shape[1]) == OTHER, 0, NEVER)
    is_led = is_within and len(run) > OF_TWO and text[run[1][0]].isupper() and chances[0, BODY[0]] < LIKELY
    if is_led and _is_particle(text[slice(*run[1])]):
        scores[0, OTHER] = scores[1, OTHER] = scores[1, PERSON[0]] = NEVER  # "Rie De Backer", later "De Backer".
    if len(run) > 1 and _is_particle(text[slice(*run[0])]) and chances[-1, OTHER] < LIKELY:
        scores[0, OTHER] = scores[1, OTHER] = scores[1, PERSON[0]] = NEVER  # "De la Cruz" is one.
    for number, (start, end) in enumerate(run):
        if (number and INSIDE_NAME.fullmatch(text, start, end)) or _holds_together(text, run, number, chances):
            scores[number : number + 2, [OTHER, PERSON[0], BODY[0]]] = NEVER
    for number, (before, after) in enumerate(pairwise(run), 1):
        if text[before[1] : after[0]].strip():  # "Ann “Dusty” Lee" is one.
            scores[number, [OTHER, PERSON[0], BODY[0]]] = NEVER
    for number in takewhile(lambda at: INITIAL.fullmatch(text, *run[at]), range(len(run) - 1)):
        scores[number + 1, [PERSON[0], BODY[0]]] = NEVER  # "K. R. Lee" is one.
    labels = _best(scores)
    is_begun = is_within and labels[:OF_TWO] == [BODY[0], PERSON[0]] and chances[1, list(PERSON)].sum() > LIKELY
    is_of_office = text.endswith(" of ", 0, run[0][0])  # "The secretary of State Lee"
    if is_begun and not is_of_office and max(_kinds(chances[:1])[1], chances[0, OTHER]) <= SURE:
        labels[0] = PERSON[0]  # "Quy Van Tran": the other words say what the first is too strange to tell.
    found = [(begin, end) for begin, end, label in _stretches(labels, chances, is_within) if label != OTHER]
    made = []
    for begin, end in found:
        end -= _letters_behind(text, run[begin:end], chances[begin:end])
        person, body = _kinds(chances[begin:end])
        start = run[begin][0]
        party = PARTY.search(text, max(0, start - LONGEST_OFFICE), start) if body > SURE and not begin else None
        start = party.start() if party else start
        titled = office if office is not None and begin and end == len(run) else None
        titled = mention.run if not (begin or party) else titled
        if titled is None and person > SURE and end - begin > 1 and not any(stop == begin for _, stop in found):
            titled = run[max((stop for _, stop in found if stop < begin), default=0)][0]  # "Analyst Ann Lee"
        last = mention.tokens[end - 1].rstrip("'’")
        stop = run[end - 1][1] - len(mention.tokens[end - 1]) + len(last)
        made.append(
            replace(
                mention,
                run=start if titled is None else titled,
                start=start,
                end=min(stop, mention.end),
                tokens=(*(party[0].split() if party else ()), *mention.tokens[begin : end - 1], last),
                role=mention.role if end == len(run) or len(found) == 1 else None,
                body=True if body > SURE else False if person > SURE else None,
            )
        )
    return made


def _kinds(chances: Floats) -> tuple[float, float]:
    """How likely words that are a name are a person's, and a body's: what each is if it is a name, on average."""
    person, body = (chances[:, list(kind)].sum(axis=1) for kind in (PERSON, BODY))
    share = float((person / np.maximum(person + body, TINY)).mean())
    return share, 1 - share


def _owned(text: str, found: Sequence[Mention]) -> list[int]:
    """The places of the names that another one stands right behind, as what is theirs: "St Orley’s Hospital"."""
    return [
        number
        for number, (before, after) in enumerate(pairwise(found))
        if OWNS.fullmatch(text, before.end, after.run) and after.run == after.start
    ]


def _body(text: str, owner: Mention, owned: Mention, chances: Floats) -> Mention | None:
    """Both as the one name of a body, if they are."""
    scores = np.log(chances + TINY)
    scores[:, OTHER] -= np.log(DOUBT_OF_MORE)
    first, *others = _best(scores)
    if first != BODY[0] or set(others) != {BODY[1]}:
        return None
    name = text[owner.start : owned.end]
    sure = chances[:, list(BODY)].sum(axis=1).mean() > SURE
    return replace(owner, end=owned.end, tokens=tuple(name.split()), role=None, body=True if sure else None)


def _is_particle(word: str) -> bool:
    return word.lower() in PARTICLES or INSIDE_NAME.fullmatch(word) is not None


def _is_within_sentence(text: str, run: Sequence[tuple[int, int]]) -> bool:
    """True where a run begins within a sentence with no initials: a capital there is a name's, not any word's."""
    start, end = run[0]
    return HEAD.search(text, max(0, start - 3), start) is None and not text[start:end].isupper()


def _holds_together(text: str, run: Sequence[tuple[int, int]], number: int, chances: Floats) -> bool:
    """True for "de" and "la" of "Ana Ruiz de la Vega", where the words on either side are likely names or initials."""
    beside = [at for at, span in enumerate(run) if text[slice(*span)] not in PARTICLES]
    if number in beside or not beside[:1] or not beside[0] < number < beside[-1]:
        return False
    before = max(at for at in beside if at < number)
    return bool(chances[before, OTHER] < LIKELY) or INITIALS.fullmatch(text, *run[before]) is not None


def _letters_behind(text: str, run: Sequence[tuple[int, int]], chances: Floats) -> int:
    """How many words at the end of a person's name are honours: "MBE" and "KC" of "Ann Lee MBE KC".

    A surname in capitals has a bare first name before it, or stands alone somewhere else.
    """
    words = [text[slice(*span)].strip(".,") for span in run]
    many = len(list(takewhile(_is_honour, reversed(words))))
    kept = words[: len(words) - many]
    is_person = chances[: len(kept), list(PERSON)].sum(axis=1).mean() > SURE if kept else False
    return many if is_person and len(kept) > 1 and not any(map(str.isupper, kept)) else 0


def _is_honour(word: str) -> bool:
    return word.isupper() and 1 < len(word) <= LONGEST_HONOUR and word.lower() not in SUFFIXES


def _office(text: str, mention: Mention, chances: Floats) -> int | None:
    """Where the office begins whose last words the run begins with, no person's: "Secretary of State Hale".

    In small letters it is one only before a surname that the article had behind another name: not "mayor of Port Hale".
    """
    found = OFFICE_OF.search(text, max(0, mention.run - LONGEST_OFFICE), mention.run)
    if found is None or found[1].lower().strip(".") not in TITLES:
        return None
    first, last = (re.escape(mention.tokens[at]) for at in (0, -1))
    before = text[max(0, mention.run - FAR_NAME) : mention.run]
    if found[1].islower() and not re.search(rf"\b(?!{first}\b)[^\W\d_a-z][\w’'-]+ {last}\b", before):
        return None
    persons = chances[:, list(PERSON)].sum(axis=1)
    return found.start(1) if persons[0] < LIKELY < persons[-1] else None


def _best(scores: Floats) -> list[int]:
    """The likeliest labels of a run's words, of which "go on" only follows "begin" or "go on" of its kind."""
    best, ways = scores[0] + FIRST, []
    for row in scores[1:]:
        through = best[:, None] + FOLLOWS
        ways.append(through.argmax(axis=0))
        best = through.max(axis=0) + row
    labels = [int(best.argmax())]
    for way in reversed(ways):
        labels.append(int(way[labels[-1]]))
    return labels[::-1]


def _stretches(labels: Sequence[int], chances: Floats, is_within: bool) -> list[tuple[int, int, int]]:
    """(begin, end, label) of each name, and of each word outside of names; `is_within` a sentence the run begins.

    A name that begins right behind a word of its kind goes on with it ("Per Lund", "Ana Ruiz Ortega"), unless it surely
    begins there and more follows ("Fishmonger Ann Lee"), or the word is likelier none of it than the name goes on. Two
    persons never stand side by side: "Ana María" and "Ruiz Ortega" are one.
    """
    made: list[tuple[int, int, int]] = []
    for number, label in enumerate(labels):
        if made and label in (PERSON[1], BODY[1]):
            made[-1] = (made[-1][0], number + 1, made[-1][2])
        else:
            made.append((number, number + 1, label))
    joined: list[tuple[int, int, int]] = []
    for begin, end, label in made:
        before = joined[-1] if joined and joined[-1][2] == label != OTHER else None
        is_led = before is not None and end - begin > 1 and before[1] - before[0] == 1
        if before and is_led and _is_apart(chances[before[0]], chances[begin], label, is_within and not before[0]):
            joined[-1] = (begin, end, label)
        elif before and (label == PERSON[0] or 1 in (end - begin, before[1] - before[0])):
            joined[-1] = (before[0], end, label)
        else:
            joined.append((begin, end, label))
    return joined


def _is_apart(before: Floats, after: Floats, label: int, is_within: bool) -> bool:
    """True where a name surely begins, or a word before it is likelier none than a name that goes on.

    `is_within` a sentence the word before must be likelier none at all.
    """
    if is_within and before[OTHER] < LIKELY:
        return False
    doubt = DOUBT_WITHIN if is_within else DOUBT_OF_MORE
    return bool(after[label] > BEGINS or before[OTHER] * after[label] > doubt * before[label] * after[label + 1])
