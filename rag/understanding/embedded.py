"""The embedded reader of questions: a small network tells the kind, the parties and a follow-up. No word lists.

Its weights lie in `rag/understanding/weights`; docs/reader.md tells how they were made and what they can do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.models.onnx import Floats, OnnxNetwork, checked
from rag.people.directory import Directory
from rag.people.roles import plain_words
from rag.schema import History, Query, QuestionKind
from rag.text import FRAME, STOP_WORDS, stem
from rag.understanding.besides import left_out
from rag.understanding.dates import time_of
from rag.understanding.following import asks_for_more, followed, is_of_its_own, joined, names_another, owned
from rag.understanding.outlets import outlets_in, stands_in, told_to
from rag.understanding.parties import identify

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).with_name("weights")
NETWORK, TOKENIZER = "reader.onnx", "tokenizer.json"
SHA256 = {
    NETWORK: "ac3bf4351b1425748759ad7a7af0c4b5f30bc9daca949073d54097f42e194aa2",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
# In the order of the network's outputs.
KINDS: tuple[QuestionKind, ...] = (
    "said_what",
    "who_said",
    "did_say",
    "list",
    "compare",
    "change",
    "stance",
    "overview",
    "survey",
    "talk",
)
WORD = re.compile(r"[^\W\d_]+")
WITHOUT_MATTER = ("survey", "talk")
# From this probability on a question is about nothing in particular: of those set aside 76 of 104 are known, and one
# of 585 others taken for such.
MATTERLESS = 0.9
BEGINS, INSIDE = 1, 2
MAX_TOKENS = 96
# A question goes on from the one before it from this probability on: a fresh one must inherit nothing, and of those
# set aside 177 of 180 fresh ones are left alone and 86 of 91 follow-ups found so.
FOLLOWS = 0.8
# A question so likely to be whether somebody said something may be answered by yes or no, whatever else is likelier: of
# the data's 56 questions of the kind "for or against" one has it, of 400 what somebody said five.
POLAR = 0.02
# How many questions back a conversation is read: a follow-up of a follow-up of a follow-up needs no more.
REACH = 3


# A question and the answer to it.
Turn = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network makes of a question behind another: the kind, whether it goes on, and whom it asks about.

    `claim` is how likely it asks whether somebody said something.
    """

    kind: QuestionKind
    follows: bool
    parties: tuple[str, ...]
    claim: float = 0.0


class Network(Protocol):
    """Reads a question."""

    def read(self, before: str, question: str) -> Reading:
        """Read a question behind the one `before` it, which is empty for the first one."""


class EmbeddedReader:
    """A Reader over the speakers of one index. Safe to share between threads."""

    def __init__(self, people: Directory, network: Network) -> None:
        self._people = people
        self._network = network

    def read(self, question: str, history: History) -> Query:
        """As Reader. A follow-up is read together with the question that it goes on from."""
        asked, besides = left_out(" ".join(question.split()), self._people)
        return replace(self._read(asked, _turns(history)[-REACH:]), besides=besides)

    def _read(self, question: str, before: Sequence[Turn]) -> Query:
        if not question:
            return Query("", "")
        # Nothing goes on from "thanks!": it goes on from what was asked before that.
        while before and self._network.read("", before[-1][0]).kind == "talk":
            before = before[:-1]
        asked, answered = before[-1] if before else ("", "")
        reading = self._network.read(asked, question)
        time = time_of(question)
        outlets = outlets_in(question, self._people.publications)
        # An article or a mark by itself names nobody: the network can cut a description off behind its first word.
        parties = tuple(identify(phrase, self._people) for phrase in reading.parties if plain_words(phrase))
        # What nobody is called but an outlet is where it stood, not who said it; nor is one that was told.
        told = told_to(question, outlets)
        parties = tuple(p for p in parties if p.labels or not any(stands_in(p.phrase, name) for name in outlets))
        parties = tuple(p for p in parties if not stands_in(p.phrase, told[0]))
        query = Query(question, question, self._kind(reading, question), parties, time.since, time.until, outlets)
        query = replace(query, when=time.words, yearly=time.yearly, newest=time.newest, told_to=told)
        query = replace(query, polar=reading.claim >= POLAR)
        if not (asked and reading.follows):
            return query
        first = self._read(asked, before[:-1])
        if names_another(query) and is_of_its_own(first):
            return self._read(question, before[:-1])
        whole = owned(question, reading.parties, first.parties)
        if whole != question:
            # With an owner's name it can be read by itself, and is still searched behind what it goes on from.
            query = self._read(whole, ())
            return replace(query, question=question, text=joined(first.text, whole), last=whole)
        if not asks_for_more(question):
            return followed(first, query)
        return followed(first, replace(query, told=f"{first.told}\n{answered}"))

    def _kind(self, reading: Reading, question: str) -> QuestionKind:
        """The kind read; a fresh question on nobody is about all the articles, too, when it is so by itself."""
        if reading.follows or reading.parties or reading.kind == "talk":
            return reading.kind
        alone = self._network.read("", question)
        return "survey" if alone.kind == "survey" and not alone.parties else reading.kind


def _turns(history: History) -> list[Turn]:
    """What was asked, each with what was answered to it."""
    turns: list[Turn] = []
    for message in history:
        words = str(message.get("content", ""))
        if message.get("role") == "user" and words.split():
            turns.append((" ".join(words.split()), ""))
        elif message.get("role") == "assistant" and turns:
            turns[-1] = turns[-1][0], f"{turns[-1][1]}\n{words}".strip()
    return turns


class QuestionTagger:
    """The trained network with its tokenizer."""

    def __init__(self, network: bytes, tokenizer: bytes) -> None:
        from tokenizers import Tokenizer

        self._network = OnnxNetwork(network)
        self._tokenizer: Tokenizer = Tokenizer.from_buffer(tokenizer)
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        self._tokenizer.no_padding()

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> QuestionTagger:
        """The packaged weights, loaded once; ModelError when a file is missing or altered."""
        return cls(*(checked(WEIGHTS / name, expected) for name, expected in SHA256.items()))

    def read(self, before: str, question: str) -> Reading:
        """As Network."""
        # A lone surrogate has no UTF-8 form; one character takes its place, so that all others keep theirs.
        before, clean = (one.encode("utf-8", "replace").decode("utf-8") for one in (before, question))
        encoding = self._tokenizer.encode(before, clean)
        inputs = {"ids": np.asarray([encoding.ids]), "segments": np.asarray([encoding.type_ids])}
        kinds, follows, tags = self._network.run(inputs)
        own = [n for n, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
        spans = _spans(tags[0][own], [encoding.offsets[n] for n in own])
        whole = whole_words(question, spans)
        parties = tuple(question[with_first_name(question, start) : end] for start, end in whole)
        goes_on = bool(_second(follows[0]) >= FOLLOWS)
        chances = np.exp(kinds[0] - kinds[0].max())
        chances /= chances.sum()
        claim = float(chances[KINDS.index("did_say")])
        return Reading(_kind(chances, has_matter=goes_on or bool(parties)), goes_on, parties, claim)


def _kind(chances: Floats, *, has_matter: bool) -> QuestionKind:
    """The likeliest kind; one without a matter only when it is that likely, and there is none in what was asked."""
    order: list[QuestionKind] = [KINDS[n] for n in np.argsort(-chances).tolist()]
    if order[0] in WITHOUT_MATTER and (has_matter or chances.max() < MATTERLESS):
        return next(kind for kind in order if kind not in WITHOUT_MATTER)
    return order[0]


def _second(logits: Floats) -> float:
    """The probability of the second of two."""
    return float(1 / (1 + np.exp(logits[0] - logits[1])))


def _spans(tags: Floats, offsets: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the parties stand: characters of the question. A party goes on over pieces tagged as inside."""
    found: list[tuple[int, int]] = []
    for tag, (start, end) in zip(tags.argmax(axis=1).tolist(), offsets, strict=True):
        if tag == BEGINS or (tag == INSIDE and not found):
            found.append((start, end))
        elif tag == INSIDE and start - found[-1][1] <= 1:
            found[-1] = (found[-1][0], end)
    return found


def whole_words(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans with the rest of a word that one begins or ends in; those that meet are one.

    The network tags pieces of words, and a rare name has several. It can also take for two the words of one name of
    which the first is a word as well: one in capitals right before another is part of it.
    """
    found: list[tuple[int, int]] = []
    for start, end in spans:
        while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
            end += 1
        if found and (start < found[-1][1] or _is_one_name(text, found[-1], (start, end))):
            start, _ = found.pop()
        found.append((start, end))
    return found


def with_first_name(text: str, start: int) -> int:
    """Where a party at `start` begins with a first name that is a small word elsewhere: "Said" of "Said Quist".

    Only its capital tells, so no other such word behind the first may have one.
    """
    words = [(match.start(), match.group()) for match in WORD.finditer(text)]
    small = [(at, word) for at, word in words[1:] if word.lower() in STOP_WORDS or stem(word.lower()) in FRAME]
    capitals = [(at, word) for at, word in small if word[0].isupper()]
    if len(capitals) != 1 or not text[start].isupper() or len(capitals) == len(small):
        return start
    [(at, word)] = capitals
    return at if f"{word} " == text[at:start] else start


def _is_one_name(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """True for "Mark" and "Quist" of "Mark Quist"."""
    is_beside = text[before[1] : after[0]] == " " and " " not in text[slice(*before)]
    return is_beside and text[before[0]].isupper() and text[after[0]].isupper()
