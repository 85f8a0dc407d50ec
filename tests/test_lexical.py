"""Exact word measures: BM25 as a share of the best, and the share of a question's words in a text and in a label."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest

from rag.index.columns import Bag, Line
from rag.retrieval.lexical import Corpus, article_scores, counted, label_shares, local_shares, sentence_scores
from training.judge.words import WordIndex

TEXTS = ["toll bridg", "toll school school", "ferri", ""]


def line(sentence: str = "", **about: Any) -> Line:
    known: dict[str, Any] = {
        "row": 1,
        "id": "s1",
        "doc": 1,
        "passage": 0,
        "speaker": "",
        "role": "",
        "kind": "direct",
        "size": 3,
    }
    return Line(**known | {"channel": "", "size": 3, "text": "", "stems": "", "sentence": sentence} | about)


def corpus(texts: list[str]) -> Corpus:
    frequency = Counter(stem for text in texts for stem in set(text.split()))
    return Corpus(len(texts), sum(len(text.split()) for text in texts), frequency)


def scores(*stems: str, texts: list[str] = TEXTS) -> list[float]:
    found: list[float] = sentence_scores([line(text) for text in texts], stems, corpus(texts)).tolist()
    return found


def bag(doc: int, counts: dict[str, tuple[int, int]], *, stems: int = 10, sentences: int = 3) -> Bag:
    held = "".join(f" {stem}:{often}:{within}" for stem, (often, within) in counts.items())
    return Bag(doc, None, None, stems, sentences, f"{held} ")


def test_the_best_text_scores_one_and_texts_without_the_word_nothing() -> None:
    found = scores("bridg", "toll")
    assert found[0] == 1
    assert 0 < found[1] < 1
    assert found[2:] == [0, 0]


def test_a_word_said_twice_in_a_question_counts_once() -> None:
    assert scores("toll", "toll", "ferri") == scores("toll", "ferri")


@pytest.mark.parametrize("stems", [[], ["xylophon"]])
def test_unknown_words_score_nothing(stems: list[str]) -> None:
    assert scores(*stems) == [0, 0, 0, 0]


def test_texts_of_no_words_score_nothing() -> None:
    assert scores("toll", texts=["", ""]) == [0, 0]
    assert scores("toll", texts=[]) == []


@pytest.mark.parametrize("stems", [["toll"], ["toll", "school"], ["ferri", "bridg", "toll"]])
def test_the_scores_are_those_of_bm25_over_all_texts(stems: list[str]) -> None:
    assert scores(*stems) == pytest.approx(WordIndex([text.split() for text in TEXTS]).scores(stems).tolist(), abs=1e-6)


def test_an_article_is_scored_by_how_often_it_has_a_word_and_how_long_it_is() -> None:
    bags = {1: bag(1, {"toll": (1, 1)}), 2: bag(2, {"toll": (3, 1)}), 3: bag(3, {"toll": (1, 0)}, stems=40)}
    found = article_scores(bags, counted(bags, ["toll", "ferri"]), Corpus(3, 60, {"toll": 3}))
    assert found[2] == 1 > found[1] > found[3] > 0
    assert article_scores({}, {}, Corpus(0, 0, {})) == {}


def test_a_count_is_that_of_the_whole_stem() -> None:
    bags = {1: bag(1, {"tollbar": (4, 4), "toll": (2, 1), "bar": (7, 5)})}
    assert counted(bags, ["toll", "bar", "tol"]) == {1: {"toll": (2, 1), "bar": (7, 5)}}


def test_a_label_covers_the_share_of_the_question_that_it_holds_rare_words_more() -> None:
    known = corpus(TEXTS)
    assert known.rarity("toll") == pytest.approx(math.log1p(2.5 / 2.5))
    assert known.rarity("ferri") == pytest.approx(math.log1p(3.5 / 1.5))
    lines = [line(speaker="Toll"), line(role="ferry"), line(speaker="Toll", role="ferry"), line()]
    covered = label_shares(lines, ["toll", "ferri"], known)
    assert covered[2] == pytest.approx(1)
    assert covered[1] > covered[0] > covered[3] == 0
    assert label_shares(lines, [], known).tolist() == [0, 0, 0, 0]


def test_a_word_that_is_everywhere_in_its_article_tells_its_statements_apart_less() -> None:
    road = bag(1, {"toll": (3, 3), "rise": (1, 1), "fall": (1, 1)})
    sea = bag(2, {"toll": (1, 1)}, sentences=1)
    lines = [line(stems="toll rise"), line(stems="toll fall"), line(stems="toll"), line(stems="toll", doc=2)]
    bags = {1: road, 2: sea}
    shares = local_shares(lines, ["toll", "rise"], bags, counted(bags, ["toll", "rise"]))
    assert shares[0] == pytest.approx(1)
    assert shares[1] == shares[2] < 0.2
    assert shares[3] < 0.5


def test_no_words_are_no_share() -> None:
    assert local_shares([line(stems="toll")], [], {1: bag(1, {"toll": (1, 1)})}, {1: {}}).tolist() == [0]
