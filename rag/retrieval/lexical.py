"""Exact word measures of a few candidates: BM25, the share of a question's words in a text, and in a label.

Texts and questions come as stems (`rag.text.terms`); how often a stem stands anywhere comes from the index.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from rag.index.columns import Bag, Line
from rag.index.rows import Vectors
from rag.text import terms

# Of BM25 as Lucene has it: how soon more of a word is no more, and what a text's length takes away.
K1, B = 1.5, 0.75

# Of an article by its number, and a stem that stands in it: how often, and in how many statements' sentences.
Counts = Mapping[int, Mapping[str, tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Corpus:
    """How many texts there are, how many stems they have together, and in how many of them each stem stands."""

    texts: int
    stems: int
    frequency: Mapping[str, int]

    def rarity(self, stem: str) -> float:
        """BM25's weight of a word: the log of how many texts there are for each that holds it."""
        return rarity(self.texts, self.frequency.get(stem, 0))

    def score(self, counts: Mapping[str, int], size: int) -> float:
        """BM25 of a text of so many stems that holds these of a question's stems so often."""
        norm = K1 * (1 - B + B * size * self.texts / self.stems) if self.stems else K1
        return sum([self.rarity(stem) * count / (count + norm) for stem, count in counts.items()])


@lru_cache(maxsize=20_000)
def rarity(texts: int, holding: int) -> float:
    """The log of how many of so many texts there are for each that holds a word."""
    return math.log1p((texts - holding + 0.5) / (holding + 0.5))


def sentence_scores(lines: Iterable[Line], stems: Iterable[str], corpus: Corpus) -> Vectors:
    """BM25 of each statement's sentence, as a share of the best."""
    wanted = [stem for stem in dict.fromkeys(stems) if corpus.frequency.get(stem)]
    scores = []
    for line in lines:
        sentence = line.sentence.split()
        held = {*sentence}
        scores.append(corpus.score({stem: sentence.count(stem) for stem in wanted if stem in held}, len(sentence)))
    return shares(scores)


def article_scores(bags: Mapping[int, Bag], counts: Counts, corpus: Corpus) -> dict[int, float]:
    """BM25 of each article, as a share of the best, by the article's number."""
    scores = [
        corpus.score({stem: often for stem, (often, _) in counts[doc].items()}, bag.stems) for doc, bag in bags.items()
    ]
    return dict(zip(bags, shares(scores).tolist(), strict=True))


def counted(bags: Mapping[int, Bag], stems: Iterable[str]) -> Counts:
    """How often each of a question's stems that stands in an article does so, by the article's number."""
    marks = {stem: f" {stem}:" for stem in stems}
    return {doc: bag.counts(marks) for doc, bag in bags.items()}


def shares(scores: Sequence[float]) -> Vectors:
    """Scores as shares of the best one; all 0 where none is above 0."""
    found = np.asarray(scores, dtype=np.float32)
    best = float(found.max(initial=0))
    return found / best if best > 0 else found


def local_shares(lines: Sequence[Line], stems: Iterable[str], bags: Mapping[int, Bag], counts: Counts) -> Vectors:
    """The share (0 to 1) of a question's words that each statement holds, weighed by their rarity in its article.

    What a whole article is about tells its statements apart as little as "the" does.
    """
    wanted = sorted(set(stems))
    weights, wholes = {}, {}
    for doc in {line.doc for line in lines}:
        sentences, here = bags[doc].sentences, counts[doc]
        nowhere = rarity(sentences, 0)
        own = weights[doc] = {stem: rarity(sentences, here[stem][1]) if stem in here else nowhere for stem in wanted}
        wholes[doc] = sum(own.values()) or 1.0
    found = []
    for line in lines:
        own, words = weights[line.doc], set(line.stems.split())
        found.append(sum([own[stem] for stem in wanted if stem in words]) / wholes[line.doc])
    return np.array(found, dtype=np.float32)


def label_shares(lines: Iterable[Line], stems: Iterable[str], corpus: Corpus) -> Vectors:
    """The share (0 to 1) of a question's words, weighed by rarity, in each statement's speaker, role and channel."""
    weights = {stem: corpus.rarity(stem) for stem in stems}
    whole = sum(weights.values())

    @cache
    def share(*label: str) -> float:
        words = _label(*label)
        return sum([weight for stem, weight in weights.items() if stem in words])

    held = [share(line.speaker, line.role, line.channel) for line in lines]
    return np.array(held, dtype=np.float32) / np.float32(whole) if whole > 0 else np.zeros(len(held), np.float32)


@lru_cache(maxsize=20_000)
def _label(speaker: str, role: str, channel: str) -> frozenset[str]:
    return frozenset(terms(f"{speaker} {role} {channel}"))
