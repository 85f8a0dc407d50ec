"""Training the judge, on a small scale: data to pairs, pairs to a network, the network to what answering reads."""

from __future__ import annotations

import gzip
import json
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import MPNetConfig, MPNetModel

from rag.judging import embedded
from rag.models.cross_encoder import CrossEncoder
from tests.fakes import tokenizer
from training.judge import calibrate, evaluate, export, lessons, prepare, sharpen, train
from training.judge.claims import Claim, read_claims
from training.judge.examples import Pair, Pool, is_aside, read_articles, read_pools
from training.judge.invented import read_invented, related
from training.judge.losses import Targets, loss_of
from training.judge.network import JudgeNetwork
from training.judge.pairs import RELATIONS, Pairs, Row, load, save
from training.judge.shipped import Changed, Shipped

WORDS = (
    "did",
    "hale",
    "poole",
    "say",
    "that",
    "gate",
    "dam",
    "leaks",
    "holds",
    "said",
    "the",
    ":",
    "«",
    "»",
    "|",
    "?",
    ".",
)
LEARN = next(f"a{n}" for n in range(99) if not (is_aside(f"a{n}") or lessons.is_held_out(f"a{n}")))
ASIDE = next(f"a{n}" for n in range(99) if is_aside(f"a{n}"))
TEXT = "Hale said the gate leaks. Poole said the dam holds."
GATE, DAM = [[10, 24]], [[37, 50]]
HOMES = {"q1": LEARN, "q2": ASIDE}  # Of each question the article.
CLAIMS = {
    "yes": ["Did Hale say that the gate leaks?"],
    "no": ["Did Hale say the gate holds?"],
    "near": ["Did Hale say that?"],
}
OPEN = {
    "kind": "who_said",
    "question": "Did Poole say that?",
    "answers": [{"speaker": "Poole", "words": "the dam holds"}],
    "near": [{"speaker": "Hale", "words": "the gate"}],
}
INVENTED = {"id": "invented-1", "title": "Dam", "published": "2026-03-01", "text": TEXT, "open": [OPEN], "claims": []}
MIXED = {"mixed": True, "yes": ["Did Poole say the dam holds?"], "no": ["Did Poole say the dam leaks?"], "near": []}


def row(**about: Any) -> dict[str, Any]:
    return {"article_id": LEARN, "content": GATE, "speaker": "Hale"} | about


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encoder of two tiny layers, two articles, and data about them in the form of the project's own."""
    save_encoder(tmp_path / "encoder")
    articles = [{"id": id, "text": TEXT, "title": "Dam", "date": "2026-03-01"} for id in HOMES.values()]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    write(data / "questions-1.jsonl.gz", *(question(id, home) for id, home in HOMES.items()))
    write(data / "pools-1.jsonl.gz", *(pool(id, home) for id, home in HOMES.items()))
    write(data / "claims-1.jsonl.gz", *(row(article_id=home) | CLAIMS for home in HOMES.values()))
    dam = {"content": DAM, "speaker": "Poole"}
    write(data / "claims-2.jsonl.gz", *(row(article_id=home) | dam | MIXED for home in HOMES.values()))
    write(data / "invented.jsonl.gz", INVENTED)
    monkeypatch.setattr("training.judge.claims.STRANGER", 0.0)
    said = ("Did Hale say that the dam holds?", Pair("Hale: « the dam leaks » | Dam", "opposite"))
    for reader in (prepare, lessons):
        monkeypatch.setattr(reader, "DATA", data)
        monkeypatch.setattr(reader, "public_pairs", lambda folder, names: [said] * 4)
    return tmp_path


def save_encoder(folder: Path) -> None:
    folder.mkdir()
    torch.manual_seed(1)
    config = MPNetConfig(
        vocab_size=40,
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=140,
    )
    MPNetModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes(tokenizer(*WORDS))


def question(id: str, home: str) -> dict[str, Any]:
    return {
        "id": id,
        "kind": "did_say",
        "question": "Did Hale say that the gate leaks?",
        "history": [],
        "standalone": "",
        "gold": [row(article_id=home, relation="says_so")],
    }


def pool(id: str, home: str) -> dict[str, Any]:
    gate = row(article_id=home, rank=1, label="says_so")
    dam = row(article_id=home, content=DAM, speaker="Poole", rank=2, label="off")
    return {"id": id, "candidates": [gate, dam]}


def write(path: Path, *rows: dict[str, Any]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in rows)


def run(monkeypatch: pytest.MonkeyPatch, command: Any, *arguments: Any) -> None:
    monkeypatch.setattr(sys, "argv", ["", *map(str, arguments)])
    command.main()


def pairs_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Pairs:
    run(
        monkeypatch,
        prepare,
        folder / "encoder",
        folder / "articles.jsonl",
        "--public",
        ".",
        "--out",
        folder / "pairs.npz",
    )
    return load(folder / "pairs.npz")


@pytest.mark.slow
def test_the_recipe_runs_from_data_to_the_files_that_answering_reads(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs_of(folder, monkeypatch)
    common = (folder / "encoder", folder / "pairs.npz", "--epochs", 2)
    run(monkeypatch, train, *common, "--layers", "0-1", "--out", folder / "teacher")
    taught = ("--taught-by", folder / "teacher" / "logits.npy")
    run(monkeypatch, train, *common, "--layers", "0", *taught, "--out", folder / "judge")
    checkpoint = ("--checkpoint", folder / "judge" / "judge.pt", "--layers", "0")
    run(monkeypatch, export, folder / "encoder", folder / "pairs.npz", *checkpoint, "--out", folder / "weights")
    run(monkeypatch, evaluate, folder / "weights" / "judge.onnx", folder / "pairs.npz", "--out", folder / "found.npz")
    run(monkeypatch, calibrate, folder / "found.npz", "--out", folder / "weights" / "scales.json")
    printed = capsys.readouterr().out
    assert "claim_pools 1, answerable 1" in printed
    assert set(json.loads((folder / "weights" / "scales.json").read_text())) == {"scale", "shift"}
    network = CrossEncoder(
        evaluate.network_at(folder / "weights" / "judge.onnx"), (folder / "weights" / "tokenizer.json").read_bytes()
    )
    logits = network.logits([("Did Hale say that the gate leaks?", "Hale: « the gate leaks » | Dam")])
    assert logits.shape == (1, len(RELATIONS))
    assert np.isfinite(logits).all()


@pytest.mark.slow
def test_a_network_learns_the_labels_that_it_is_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = pairs_of(folder, monkeypatch)
    network = JudgeNetwork(folder / "encoder", [0, 1])
    train.teach(network, pairs, None, train.Plan(0.01, 0.01, 200, 5.0), seed=1)
    found = train.judged(network, pairs, pairs.of("claim_pools"))
    assert found.argmax(1).tolist() == pairs.relation[pairs.of("claim_pools")].tolist()


@pytest.mark.slow
@pytest.mark.parametrize(("course", "part"), [("claims", "mixed"), ("open", "new_pools")])
def test_a_shipped_judge_learns_more_and_is_read_again_as_it_was_written(
    course: str, part: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs_of(folder, monkeypatch)
    common = (folder / "encoder", folder / "pairs.npz")
    run(monkeypatch, train, *common, "--layers", "0-1", "--rate", 0.01, "--epochs", 20, "--out", folder / "judge")
    checkpoint = ("--checkpoint", folder / "judge" / "judge.pt", "--layers", "0-1")
    weights = folder / "weights"
    run(monkeypatch, export, *common, *checkpoint, "--out", weights)
    taught = ("--public", ".", "--out", folder / "lessons.npz")
    run(monkeypatch, lessons, weights, folder / "articles.jsonl", *taught)
    pairs, learnt, again = load(folder / "lessons.npz"), weights / f"{course}.onnx", weights / "again.onnx"
    monkeypatch.setattr(sharpen, "FROZEN", 1)
    monkeypatch.setattr("training.judge.shipped.SHARED", 64)
    monkeypatch.setitem(sharpen.COURSES, course, replace(sharpen.COURSES[course], share=1.0))
    run(monkeypatch, sharpen, weights, folder / "lessons.npz", "--for", course, "--rate", 0.01, "--epochs", 200)
    places = pairs.of(part)
    judges = (weights / "judge.onnx", learnt)
    before, after = (evaluate.judged(evaluate.network_at(path), pairs, places) for path in judges)
    assert before.argmax(1).tolist() != pairs.relation[places].tolist() == after.argmax(1).tolist()
    shipped = Shipped(learnt)
    shipped.write(shipped.network(sharpen.RANK), again, beside=weights / "judge.onnx")
    assert again.read_bytes() == learnt.read_bytes()
    assert b"judge.onnx" in learnt.read_bytes()


def test_of_an_invented_article_all_statements_are_read_under_the_speakers_that_its_writer_gave_them(
    folder: Path,
) -> None:
    (pool,) = read_invented(folder / "data" / "invented.jsonl.gz")
    assert [(pair.evidence, pair.relation) for pair in pool.pairs] == [
        ("Hale: Hale said « the gate leaks » . Poole said the dam holds. | Dam 2026-03-01", "topic"),
        ("Poole: Hale said the gate leaks. Poole said « the dam holds » . | Dam 2026-03-01", "answers"),
    ]


def test_a_statement_that_is_not_found_is_learnt_as_its_writer_marked_it() -> None:
    found = [{"content": GATE, "speaker": "Hale", "relation": "off"}]
    made = related(found, OPEN | {"near": []}, {"text": TEXT})
    assert made == [*found, {"content": DAM, "speaker": "Poole", "relation": "answers"}]


def test_a_statement_found_under_another_speaker_is_its_writer_s_and_what_answers_is_not_only_near() -> None:
    near = {"near": [{"speaker": "Hale", "words": "the dam holds"}]}
    (made,) = related([{"content": DAM, "speaker": "he", "relation": "off"}], OPEN | near, {"text": TEXT})
    assert made == {"content": DAM, "speaker": "Poole", "relation": "answers"}


@pytest.mark.parametrize(("question", "kept"), [("o6-1", 9), ("q1", lessons.NEAR + lessons.OFF)])
def test_of_an_open_question_all_is_learnt_but_of_one_learnt_before(question: str, kept: int) -> None:
    pairs = tuple(Pair(str(n), "topic" if n % 2 else "off", n, LEARN) for n in range(9))
    pool = Pool(question, "list", "Who?", pairs, aside=False, homes=frozenset({LEARN}))
    assert len(list(lessons.of_pool(pool, random.Random(1)))) == kept


def test_of_an_invented_article_what_is_off_the_question_is_learnt_up_to_a_number() -> None:
    pool = Pool("i", "list", "Who?", tuple(Pair(str(n), "off") for n in range(9)), aside=False)
    assert len(list(lessons.of_invented(pool, random.Random(1)))) == lessons.OFF_OPEN


def test_between_a_network_and_what_it_has_learnt_lies_a_share_of_the_change() -> None:
    def one(shift: float, up: float) -> Changed:
        change = (torch.ones(2, 1), torch.full((1, 2), up))
        return Changed(torch.zeros(2, 2).bfloat16(), torch.full((2,), shift), 1, change)

    before: Any = one(1.0, 0.0)
    for share in (0.0, 0.5, 1.0):
        after: Any = one(3.0, 4.0)
        made: Any = sharpen.between(before, after, share)
        assert made(torch.ones(1, 2)).tolist() == [[1.0 + 2.0 * share + 8.0 * share] * 2]


def test_new_questions_are_held_out_by_article_and_old_ones_about_it_are_not_learnt(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools = read_pools(folder / "data", read_articles([folder / "articles.jsonl"]), {})

    def learnt() -> set[tuple[str, bool]]:
        return {(row.group, row.aside) for pool in pools for row in lessons.of_pool(pool, random.Random(1))}

    monkeypatch.setattr(lessons, "NEW_CLAIMS", "q1")
    assert learnt() == {("q1", False), ("q2", True)}
    monkeypatch.setattr(lessons, "is_held_out", lambda article: True)
    assert learnt() == {("q1", True), ("q2", True)}
    monkeypatch.setattr(lessons, "NEW_CLAIMS", "none")
    assert learnt() == {("q2", True)}


def test_no_claim_about_a_statement_of_an_article_held_out_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [Claim("Did she?", Pair("She did", "says_so", article_id="a"), aside, mixed=True) for aside in (False, True)]
    assert [row.aside for row in lessons.of_claims(both)] == [False, True]
    monkeypatch.setattr(lessons, "is_held_out", lambda article: article == "a")
    assert [row.aside for row in lessons.of_claims(both)] == [True]


def test_a_claim_under_another_name_has_it_in_question_and_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.judge.claims.RENAMED", 1.0)
    monkeypatch.setattr("training.judge.claims.STRANGER", 0.0)
    claim = {"mixed": True, "yes": ["Did Hale say the gate leaks?"], "no": [], "near": []}
    write(tmp_path / "claims.jsonl.gz", row(speaker="Ida Hale") | claim)
    articles = {LEARN: {"id": LEARN, "text": TEXT, "title": "Hales of Dam"}}
    (found,) = read_claims(tmp_path, articles, {}, ["Ann Reed"])
    assert found.question == "Did Reed say the gate leaks?"
    assert found.pair.evidence == "Ann Reed: Reed said « the gate leaks » . Poole said the dam holds. | Hales of Dam"


def test_training_and_answering_have_the_relations_in_one_order() -> None:
    assert RELATIONS == embedded.RELATIONS


def test_what_is_set_aside_is_not_learnt_from(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = pairs_of(folder, monkeypatch)
    for part, learnt, aside in (("claim_pools", 2, 2), ("claims", 3, 3), ("mixed", 2, 2), ("public", 4, 0)):
        assert (len(pairs.of(part)), len(pairs.of(part, aside=True))) == (learnt, aside)


def test_a_claim_put_to_a_stranger_is_said_by_another_or_by_nobody(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.judge.claims.STRANGER", 1.0)
    articles = {LEARN: {"id": LEARN, "text": TEXT, "title": "Dam"}}
    claims = read_claims(folder / "data", articles, {}, ["Ann Reed"])
    assert [(c.question, c.pair.relation) for c in claims if not c.mixed] == [
        ("Did Hale say that the gate leaks?", "says_so"),
        ("Did Ann Reed say that the gate leaks?", "another"),
        ("Did Hale say the gate holds?", "opposite"),
        ("Did Ann Reed say the gate holds?", "topic"),
        ("Did Hale say that?", "topic"),
        ("Did Ann Reed say that?", "topic"),
    ]


def test_the_loss_is_least_where_the_right_statement_of_a_pool_is_surest(tmp_path: Path) -> None:
    rows = [Row("pools", "q", "a", "answers", group="g"), Row("pools", "q", "b", "off", group="g")]
    save(tmp_path / "pairs.npz", rows, Tokenizer.from_buffer(tokenizer("q", "a", "b")))
    pairs = load(tmp_path / "pairs.npz")
    targets = Targets.of(pairs, None, torch.device("cpu"))
    right, wrong = (
        torch.tensor([[9.0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 9.0]]),
        torch.tensor([[0, 0, 0, 0, 0, 9.0], [9.0, 0, 0, 0, 0, 0]]),
    )
    losses = [float(loss_of(logits, np.arange(2), targets)) for logits in (right, torch.zeros(2, 6), wrong)]
    assert losses == sorted(losses)
    assert losses[0] < 0.1
