"""Training what tells whom a question means, on a small scale: phrases to pairs, pairs to what answering reads."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from rag.judging.networks import MEANT, NETWORK
from rag.retrieval.retriever import Retriever
from rag.schema import Article
from tests.fakes import FakeEmbeddings, read_index, record, reported, write_index
from tests.test_training import ASIDE, LEARN, folder, pairs_of, run
from training.judge import evaluate, export, sharpen, train
from training.judge.pairs import RELATIONS, Row, load, save
from training.parties import teach
from training.parties.lessons import lessons
from training.parties.phrases import is_alike, read_asked

__all__ = ["folder"]

TEXT = "Hale said the gate leaks. Poole said the dam holds."
CAST = {LEARN: {"Hale": "pilot", "Poole": ""}, ASIDE: {"Hale": "pilot", "Poole": ""}}
PHRASES = [
    {"article_id": LEARN, "speaker": "Hale", "phrases": ["the one at the tiller"]},
    {"article_id": LEARN, "phrases": ["the vicar"]},
    {"article_id": ASIDE, "speaker": "Poole", "phrases": ["the dam's keeper"]},
    {"article_id": "gone", "speaker": "Poole", "phrases": ["nobody's"]},
]
QUESTION = {
    "id": "q1",
    "question": "What does Hale say of the gate?",
    "standalone": "",
    "who": ["Hale"],
    "gold": [{"article_id": LEARN, "speaker": "Hale", "relation": "answers"}],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Phrases and questions in the form of the project's own."""
    write(tmp_path / "phrases-1.jsonl.gz", *PHRASES)
    write(tmp_path / "questions-1.jsonl.gz", QUESTION)
    return tmp_path


def write(path: Path, *rows: dict[str, Any]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_a_phrase_stands_in_a_question_about_its_speaker_in_place_of_the_name(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.parties.phrases.IN_A_QUESTION", 1.0)
    monkeypatch.setattr("training.parties.phrases.STRANGERS", 0.0)
    asked = [(one.phrase, one.question, one.label) for one in read_asked(data, data, CAST)]
    assert asked[:2] == [
        ("the one at the tiller", "What does the one at the tiller say of the gate?", "Hale"),
        ("the vicar", "What does the vicar say of the gate?", ""),
    ]
    assert [phrase for phrase, _, _ in asked] == ["the one at the tiller", "the vicar", "the dam's keeper"]


def test_a_name_that_the_article_quotes_nobody_under_is_nobodys(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.parties.phrases.STRANGERS", 1.0)
    cast = {**CAST, "other": {"Ann Reed": ""}}
    strangers = [one for one in read_asked(data, data, cast) if one.phrase in ("Ann Reed", "Ann", "Reed")]
    assert [(one.label, one.home) for one in strangers] == [("", LEARN)]


@pytest.mark.parametrize(
    ("phrase", "label", "alike"), [("Hale the pilot", "Ida Hale", True), ("the pilot", "Ida Hale", False)]
)
def test_only_what_letters_do_not_find_is_learnt_from_questions(phrase: str, label: str, alike: bool) -> None:
    assert is_alike(phrase, label) is alike


def test_each_phrase_is_read_beside_whom_it_means_and_others(data: Path, tmp_path: Path) -> None:
    articles = [Article(id, TEXT, title="Dam") for id in (LEARN, ASIDE)]
    said = (("Hale", "Hale | said | the gate leaks"), ("Poole", "Poole | said | the dam holds"))
    records = (record(one, *(reported(one, clause, by=by) for by, clause in said)) for one in articles)
    write_index(tmp_path / "index", *records)
    store = read_index(tmp_path / "index")
    chain: Any = SimpleNamespace(store=store, retriever=Retriever(store, FakeEmbeddings()))
    rows = list(lessons(chain, data, data))
    tiller = [row for row in rows if row.question.startswith("the one at the tiller: ")]
    assert [(row.evidence.split(":")[0], row.relation) for row in tiller] == [("Hale", "answers"), ("Poole", "off")]
    assert {row.relation for row in rows if row.question.startswith("the vicar: ")} == {"off"}
    keeper = [row for row in rows if row.question.startswith("the dam's keeper: ")]
    assert all(row.aside for row in keeper)
    assert sum(row.relation == "answers" for row in keeper) >= 1
    assert not any(row.aside for row in tiller)


@pytest.mark.slow
def test_a_shipped_judge_is_taught_whom_a_phrase_means(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs_of(folder, monkeypatch)
    common = (folder / "encoder", folder / "pairs.npz")
    run(monkeypatch, train, *common, "--layers", "0-1", "--rate", 0.01, "--epochs", 20, "--out", folder / "judge")
    checkpoint = ("--checkpoint", folder / "judge" / "judge.pt", "--layers", "0-1")
    run(monkeypatch, export, *common, *checkpoint, "--out", folder / "weights")
    rows = [
        Row("pools", "hale: say that", f"{name} : said", "answers" if name == "hale" else "off", aside, f"{aside}")
        for aside in (False, True)
        for name in ("hale", "poole")
    ]
    save(folder / "meant.npz", rows, Tokenizer.from_file(str(folder / "weights" / "tokenizer.json")))
    monkeypatch.setattr(sharpen, "FROZEN", 1)
    monkeypatch.setattr("training.judge.shipped.SHARED", 64)
    run(monkeypatch, teach, folder / "weights", folder / "meant.npz", "--rate", 0.01, "--epochs", 200)
    pairs = load(folder / "meant.npz")
    places = pairs.of("pools")
    before, after = (
        evaluate.judged(evaluate.network_at(folder / "weights" / name), pairs, places) for name in (NETWORK, MEANT)
    )
    assert after.argmax(1).tolist() == pairs.relation[places].tolist()
    assert not np.array_equal(before, after)
    printed = capsys.readouterr().out
    assert "phrases 1, of nobody 0" in printed
    assert f"from {teach.BOUNDS[0]}: right 1, another 0, of nobody 0" in printed
    assert RELATIONS[int(after[0].argmax())] == "answers"
