"""From a network's scores to spans: windows, the best labels, links, and what makes a quote of them. No weights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.quoting import decoder, tagger
from ingest.quoting.decoder import (
    CONTENT,
    CUE,
    FOLLOWS,
    HABIT,
    LABELS,
    NONE,
    SOURCE,
    FloatArray,
    Scores,
    TaggedQuote,
    decode,
)
from ingest.quoting.parts import filled
from ingest.quoting.tagger import SHA256, WEIGHTS, Network, Tagger
from ingest.text.pieces import CLS, OVERLAP, SEP, WINDOW, IntArray, Pieces, cut, inputs, windows, windows_between
from rag.errors import ModelError
from rag.models.onnx import SUMS

SURE, LITTLE = 0.97, 0.005
TEXT = "The quay is sound, Torvik said.\nThe crane is not."


# (kind, the words that point, the words pointed at or None, probability)
Link = tuple[int, str, str | None, float]


def labelled(pieces: Pieces, text: str, spans: dict[int, list[str]]) -> FloatArray:
    """Label log-probabilities (pieces, LABELS) that mark these words of the text with each role."""
    odds = np.full((len(pieces), LABELS), LITTLE, dtype=np.float32)
    odds[:, 0] = SURE
    for role, marked in spans.items():
        for words in marked:
            start = text.index(words)
            inside = np.flatnonzero((pieces.starts < start + len(words)) & (pieces.ends > start))
            odds[inside] = LITTLE
            odds[inside[0], 2 * role + 1] = SURE
            odds[inside[1:], 2 * role + 2] = SURE
    return np.log(odds)


def linked(pieces: Pieces, text: str, labels: FloatArray, links: Sequence[Link]) -> Scores:
    """Scores in which all pieces of one stretch of words point at the first piece of another, or at nothing."""
    kinds, rows, columns, weights = [], [], [], []
    for kind, words, target, weight in links:
        start = text.index(words)
        for row in np.flatnonzero((pieces.starts < start + len(words)) & (pieces.ends > start)).tolist():
            kinds.append(kind)
            rows.append(row)
            columns.append(NONE if target is None else int(np.searchsorted(pieces.starts, text.index(target))))
            weights.append(weight)
    numbers = [np.array(part, dtype=np.int64) for part in (kinds, rows, columns)]
    return Scores(labels, numbers[0], numbers[1], numbers[2], np.array(weights, dtype=np.float32))


def told(text: str, spans: dict[int, list[str]], links: Sequence[Link]) -> list[TaggedQuote]:
    pieces = cut(text)
    return decode(pieces, linked(pieces, text, labelled(pieces, text, spans), links))


def words_of(text: str, found: list[TaggedQuote]) -> list[tuple[list[str], str | None, str | None]]:
    return [
        (
            [text[slice(*pair)] for pair in quote.content],
            quote.source and text[slice(*quote.source)],
            quote.cue and text[slice(*quote.cue)],
        )
        for quote in found
    ]


SPANS = {CONTENT: ["The quay is sound", "The crane is not"], CUE: ["said"], SOURCE: ["Torvik"]}
TO_SAID = [(decoder.TO_CUE, "The quay is sound", "said", 0.9), (decoder.CUE_TO_SOURCE, "said", "Torvik", 0.9)]


def test_contents_that_point_to_one_cue_are_one_quote() -> None:
    links = [*TO_SAID, (decoder.TO_CUE, "The crane is not", "said", 0.9)]
    assert words_of(TEXT, told(TEXT, SPANS, links)) == [
        (["The quay is sound", "The crane is not"], "Torvik", "said"),
    ]


def test_a_content_that_hardly_points_to_the_cue_stays_apart() -> None:
    links = [*TO_SAID, (decoder.TO_CUE, "The crane is not", "said", decoder.ATTACH - 0.05)]
    assert words_of(TEXT, told(TEXT, SPANS, links)) == [
        (["The quay is sound"], "Torvik", "said"),
        (["The crane is not"], None, None),
    ]


@pytest.mark.parametrize("one", ["Torvik", "Gov. Torvik", "Jan T. Torvik"])
def test_a_full_stop_between_two_verbs_parts_the_sources_that_meet_there(one: str) -> None:
    met = f"“The quay is sound,” said {one}. Brandt called it a lie."
    spans = {CONTENT: ["The quay is sound", "it a lie"], CUE: ["said", "called"], SOURCE: [f"{one}. Brandt"]}
    links = [
        *TO_SAID,
        (decoder.TO_CUE, "it a lie", "called", 0.9),
        (decoder.CUE_TO_SOURCE, "called", "Brandt", 0.9),
    ]
    assert words_of(met, told(met, spans, links)) == [
        (["The quay is sound"], one, "said"),
        (["it a lie"], "Brandt", "called"),
    ]


def test_a_full_stop_of_an_abbreviation_is_the_name_s() -> None:
    text = "“The quay is sound,” said Gov. Torvik calling it new."
    spans = {CONTENT: ["The quay is sound", "it new"], CUE: ["said", "calling"], SOURCE: ["Gov. Torvik"]}
    links = [TO_SAID[0], (decoder.CUE_TO_SOURCE, "said", "Gov", 0.9)]
    assert words_of(text, told(text, spans, links))[0] == (["The quay is sound"], "Gov. Torvik", "said")


def test_a_source_that_is_pointed_at_becomes_one_without_a_label() -> None:
    found = told(TEXT, {CONTENT: ["The quay is sound"], CUE: ["said"]}, TO_SAID)
    assert words_of(TEXT, found) == [(["The quay is sound"], "Torvik", "said")]


def test_a_source_that_most_votes_are_against_is_none() -> None:
    links = [
        (decoder.CONTENT_TO_SOURCE, "The quay is sound", "Torvik", 0.04),
        (decoder.CONTENT_TO_SOURCE, "The quay is sound", None, 0.9),
    ]
    assert words_of(TEXT, told(TEXT, {CONTENT: ["The quay is sound"], SOURCE: ["Torvik"]}, links)) == [
        (["The quay is sound"], None, None)
    ]


@pytest.mark.parametrize(("sure", "count"), [(0.5, 1), (0.3, 0)])
def test_a_quote_of_little_probability_is_none(sure: float, count: int) -> None:
    """The words are likelier content than anything else each time; the rest goes to the five labels of no content."""
    pieces = cut(TEXT)
    labels = labelled(pieces, TEXT, {CONTENT: ["The quay is sound"]})
    for row in np.flatnonzero(labels[:, 0] < np.log(SURE)):
        best = int(labels[row].argmax())
        labels[row] = np.log((1 - sure) / 5)
        labels[row, [2 * CONTENT + 1, 2 * CONTENT + 2]] = np.log(1e-4)
        labels[row, best] = np.log(sure)
    assert len(decode(pieces, linked(pieces, TEXT, labels, []))) == count


RUNS = st.lists(st.integers(1, 4), max_size=3)


@given(RUNS, st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_the_labels_are_the_best_of_all_sequences(lengths: list[int], seed: int) -> None:
    scores = np.random.default_rng(seed).normal(scale=3, size=(sum(lengths), LABELS))
    found = decoder._viterbi(scores, np.array(lengths, dtype=np.int64)).tolist()
    start = 0
    for length in lengths:
        run = scores[start : start + length]
        assert tuple(found[start : start + length]) == max(
            product(range(LABELS), repeat=length), key=lambda labels: weight(run, labels)
        )
        start += length


def weight(scores: npt.NDArray[np.float64], labels: tuple[int, ...]) -> float:
    steps = zip((0, *labels), (*labels, 0), strict=True)
    return float(sum(scores[i, label] for i, label in enumerate(labels)) + HABIT * sum(FOLLOWS[a][b] for a, b in steps))


PARAGRAPHS = st.lists(st.integers(1, 200), max_size=60)  # Pieces of each.


def article(lengths: Sequence[int]) -> Pieces:
    return cut("\n".join("word " * length for length in lengths))


def reads_everything(found: list[tuple[int, int]], total: int) -> bool:
    """From the first piece to the last, in windows of no more than WINDOW that share at least OVERLAP pieces."""
    ends = found[0][0] == 0 and found[-1][1] == total if total else not found
    sizes = all(0 < end - start <= WINDOW for start, end in found)
    return ends and sizes and all(end - start >= OVERLAP for (_, end), (start, _) in pairwise(found))


@given(PARAGRAPHS)
@settings(max_examples=150, deadline=None)
def test_windows_cover_a_text_and_share_pieces(lengths: list[int]) -> None:
    pieces = article(lengths)
    first = windows(pieces)
    assert reads_everything(first, len(pieces))
    assert reads_everything(windows_between(pieces, first), len(pieces))


def test_windows_end_where_a_paragraph_does() -> None:
    pieces = article([70] * 30)
    assert all(pieces.ids[end] == SEP for _, end in windows(pieces)[:-1])


@given(PARAGRAPHS)
@settings(max_examples=150, deadline=None)
def test_the_windows_of_the_networks_end_in_different_places_however_long_the_text(lengths: list[int]) -> None:
    """Only the last windows can end near each other: what is left is short, or one window holds it."""
    pieces = article(lengths)
    first = windows(pieces)
    cuts = [end for _, end in first[:-2]]
    for _, end in windows_between(pieces, first)[:-1]:
        assert all(abs(end - other) > OVERLAP for other in cuts)


def test_a_window_stands_between_the_marks_of_its_ends() -> None:
    pieces = cut("One two.\nThree.")
    ids, features = inputs(pieces, 0, len(pieces))
    assert (ids[0], ids[-1], len(ids)) == (CLS, SEP, len(pieces) + 2)
    assert features[0] != 0, "the first window of an article is marked"
    assert inputs(pieces, 1, len(pieces))[1][0] == 0


def test_scores_do_not_depend_on_where_the_windows_lie() -> None:
    """A network that reads each piece by itself gives the same for every piece, however many windows saw it."""

    def network(ids: IntArray, features: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        labels = np.log(np.tile(ids[:, None] % 5 + 1.0, LABELS).astype(np.float32))
        return labels, np.zeros((3, len(ids), len(ids)), dtype=np.float32), ids[:, None].astype(np.float32)

    pieces = cut("A long line of words that says nothing at all. " * 80)
    assert len(windows(pieces)) > 3
    labels = Tagger(network).score(pieces).labels
    assert np.allclose(labels[:, 0], np.log(pieces.ids % 5 + 1.0), atol=1e-5)


def test_the_states_of_the_networks_stand_side_by_side_for_every_piece() -> None:
    pieces = cut("A long line of words that says nothing at all. " * 80)
    states = Tagger(sure_of(1), sure_of(2)).score(pieces).states
    assert np.allclose(states, np.tile([1, 1, 2, 2], (len(pieces), 1)), atol=1e-5)


def test_links_point_at_pieces_of_the_article() -> None:
    """Each piece points at the one before it, with half of the probability, and at nothing with the other half."""

    def network(ids: IntArray, features: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        links = np.zeros((3, len(ids), len(ids)), dtype=np.float32)
        links[0, np.arange(2, len(ids)), np.arange(1, len(ids) - 1)] = 0.5
        links[0, :, 0] = 0.5
        return np.full((len(ids), LABELS), np.log(1 / LABELS), dtype=np.float32), links, links[0, :, :1]

    pieces = cut("A long line of words that says nothing at all. " * 80)
    scores = Tagger(network).score(pieces)
    pointing = scores.columns != NONE
    assert set(scores.kinds.tolist()) == {0}
    assert (scores.rows[pointing] - scores.columns[pointing] == 1).all()
    total = np.bincount(scores.rows, scores.weights, len(pieces))
    assert np.allclose(total[1:], 1.0, atol=0.03), "windows that share a piece share its vote"


def sure_of(label: int) -> Network:
    """A network that gives every piece the same label, and no links."""

    def network(ids: IntArray, features: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        odds = np.full((len(ids), LABELS), LITTLE, dtype=np.float32)
        odds[:, label] = SURE
        states = np.full((len(ids), 2), label, dtype=np.float32)
        return np.log(odds), np.zeros((3, len(ids), len(ids)), dtype=np.float32), states

    return network


def test_every_piece_is_read_by_both_networks() -> None:
    pieces = cut("A long line of words that says nothing at all. " * 80)
    labels = Tagger(sure_of(1), sure_of(2)).score(pieces).labels
    assert (labels[:, [1, 2]] > np.log(LITTLE) + 0.01).all()
    assert (labels[:, [1, 2]] < np.log(SURE) - 0.01).all()


@pytest.mark.parametrize("lengths", [[3600], [50] * 70, [200, 31, 7, 90] * 11])
def test_where_the_windows_of_one_network_meet_the_other_counts_more(lengths: list[int]) -> None:
    pieces = article(lengths)
    labels = Tagger(sure_of(1), sure_of(2)).score(pieces).labels
    first = windows(pieces)
    for found, less, more in ((first, 1, 2), (windows_between(pieces, first), 2, 1)):
        for (_, end), (start, _) in pairwise(found[:-1]):
            assert labels[(start + end) // 2, more] > labels[(start + end) // 2, less]


@pytest.mark.parametrize("count", [1, WINDOW])
def test_a_text_of_one_window_is_read_once_by_each_network(count: int) -> None:
    pieces = article([count])
    assert windows_between(pieces, windows(pieces)) == windows(pieces) == [(0, count)]


@pytest.mark.model
def test_a_processor_that_is_not_asked_for_exact_sums_gives_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the processor: what it is taken for, and what it is asked to be, come to the same scores."""
    pieces = cut(TEXT * 20)
    plain = Tagger.load.__wrapped__(Tagger).score(pieces)
    monkeypatch.setattr(tagger, "sums_exactly", lambda: False)
    asked = Tagger.load.__wrapped__(Tagger).score(pieces)
    assert np.array_equal(plain.labels, asked.labels)
    assert np.array_equal(plain.weights, asked.weights)


@pytest.mark.model
def test_the_product_that_tries_a_processor_is_what_its_script_writes() -> None:
    from training.sums import build

    assert build().SerializeToString(deterministic=True) == SUMS.read_bytes()


def test_missing_weights_are_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"weights are missing at .*: reinstall the project with `make install`"):
        Tagger.load(tmp_path)


@pytest.mark.parametrize("name", SHA256)
def test_altered_weights_are_not_loaded(tmp_path: Path, name: str) -> None:
    for other in SHA256:
        (tmp_path / other).symlink_to(WEIGHTS / other)
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(ModelError, match=rf"{name} have SHA-256 \w{{12}}… where \w{{12}}… was expected"):
        Tagger.load(tmp_path)


def test_all_pieces_of_one_quotation_are_joined() -> None:
    pairs = [(1, 5), (7, 9), (11, 14), (16, 20), (22, 25)]
    assert filled(pairs, [(0, 26)], pairs) == [(1, 25)]


def test_pieces_of_a_quotation_with_somebody_between_them_stay_apart() -> None:
    pairs = [(1, 5), (11, 14), (16, 20)]
    assert filled(pairs, [(0, 26)], sorted([*pairs, (7, 9)])) == [(1, 5), (11, 20)]
