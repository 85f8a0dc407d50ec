"""The lexical indexes: BM25 as a share of the best, and the share of a question's words in a label."""

from __future__ import annotations

import math

import pytest

from rag.retrieval.lexical import LocalShares, WordIndex, WordShares

TEXTS = [["toll", "bridg"], ["toll", "school", "school"], ["ferri"], []]


def test_the_best_text_scores_one_and_texts_without_the_word_nothing() -> None:
    scores = WordIndex(TEXTS).scores(["bridg", "toll"])
    assert scores[0] == 1
    assert 0 < scores[1] < 1
    assert scores[2:].tolist() == [0, 0]


def test_a_word_said_twice_in_a_question_counts_once() -> None:
    index = WordIndex(TEXTS)
    assert index.scores(["toll", "toll", "ferri"]).tolist() == index.scores(["toll", "ferri"]).tolist()


@pytest.mark.parametrize("stems", [[], ["xylophon"]])
def test_unknown_words_score_nothing(stems: list[str]) -> None:
    assert WordIndex(TEXTS).scores(stems).tolist() == [0, 0, 0, 0]


def test_an_index_of_no_words_scores_nothing() -> None:
    assert WordIndex([[], []]).scores(["toll"]).tolist() == [0, 0]
    assert WordIndex([]).scores(["toll"]).tolist() == []


def test_a_label_covers_the_share_of_the_question_that_it_holds_rare_words_more() -> None:
    shares = WordShares([["toll"], ["ferri"], ["toll", "ferri"], []], TEXTS)
    assert shares.rarity("toll") == pytest.approx(math.log1p(2.5 / 2.5))
    assert shares.rarity("ferri") == pytest.approx(math.log1p(3.5 / 1.5))
    covered = shares.of(["toll", "ferri"])
    assert covered[2] == pytest.approx(1)
    assert covered[1] > covered[0] > covered[3] == 0
    assert shares.of([]).tolist() == [0, 0, 0, 0]


def test_a_word_that_is_rare_in_its_article_counts_more_there() -> None:
    texts = ["the toll annoys drivers", "the toll rises", "the toll", "ferries"]
    sentences = [["toll", "annoy", "driver"], ["toll", "rise"], ["toll"], ["ferri"]]
    shares = LocalShares(texts, sentences, ["road", "road", "road", "sea"])
    covered = shares.of(["toll", "rise"], range(4))
    common, rare = math.log1p(0.5 / 3.5), math.log1p(2.5 / 1.5)
    assert covered.tolist() == pytest.approx([common / (common + rare), 1, common / (common + rare), 0])


def test_a_sentence_of_several_quotes_counts_once() -> None:
    once = LocalShares(["toll", "rise"], [["toll"], ["rise"]], ["road"] * 2)
    twice = LocalShares(["toll", "rise", "rise"], [["toll"], ["rise"], ["rise"]], ["road"] * 3)
    assert twice.of(["toll", "rise"], [0]).tolist() == once.of(["toll", "rise"], [0]).tolist()


def test_no_words_are_no_share() -> None:
    assert LocalShares(["toll"], [["toll"]], ["road"]).of([], [0]).tolist() == [0]
