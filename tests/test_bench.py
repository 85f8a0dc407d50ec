"""The measurements measure: scores by hand, mutations that differ, variants that do not, hostile articles that show."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rag import pipeline
from rag.schema import Article
from rag.text import fold
from rag.verification.verify import Records
from tests.conftest import ROOT
from tests.fakes import quote, read_index, record, write_index

sys.path.insert(0, str(ROOT / "bench"))

import answers
import injections
import mutate
import mutations
import scoring
import speed
import startup

DAM = Article(
    "dam",
    "“The dam will not hold for 12 years,” mayor Ida Hale said. “I was told that by Poole in May.”\n\n"
    "Karl Poole, a diver, warned that the gate would fail.",
)
HALE, POOLE = "“The dam will not hold for 12 years,”", "that the gate would fail"


@pytest.fixture
def index(tmp_path: Path, fake_models: None) -> Path:
    second = quote(DAM, "“I was told that by Poole in May.”", by="Ida Hale")
    poole = quote(DAM, POOLE, by="Karl Poole", kind="indirect")
    write_index(tmp_path, record(DAM, quote(DAM, HALE, by="Ida Hale"), second, poole))
    return tmp_path


def gold(content: str, speaker: str) -> dict[str, Any]:
    start = DAM.text.index(content)
    return {"article_id": "dam", "speaker": speaker, "aliases": [], "content": [[start, start + len(content)]]}


def cited(content: str, speaker: str) -> dict[str, Any]:
    start = DAM.text.index(content)
    return {"article_id": "dam", "speaker": speaker, "start": start, "end": start + len(content), "quote": content}


def question(kind: str, *items: dict[str, Any], **about: Any) -> dict[str, Any]:
    return {"id": "q", "kind": kind, "question": "?", "answerable": bool(items), "gold": list(items), **about}


def answer(*citations: dict[str, Any], text: str = "Ida Hale said so.", **about: Any) -> dict[str, Any]:
    return {"answered": True, "verdict": None, "text": text, "citations": list(citations), **about}


@pytest.mark.parametrize(
    ("asked", "given", "why"),
    [
        (question("said_what", gold(HALE, "Ida Hale")), answer(cited(HALE, "Hale")), ""),
        (
            question("said_what", gold(HALE, "Ida Hale")),
            answer(cited(HALE, "Karl Poole")),
            "right passage, wrong speaker",
        ),
        (
            question("said_what", gold(HALE, "Ida Hale")),
            answer(cited(POOLE, "Ida Hale")),
            "right passage not among the first 3",
        ),
        (question("who_said", gold(HALE, "Ida Hale")), answer(text="", answered=False), "did not answer"),
        (
            question("who_said", gold(HALE, "Ida Hale")),
            answer(cited(HALE, "Ida Hale"), text="She did."),
            "speaker not named in the text",
        ),
        (
            question("who_said", gold(HALE, "Ida Hale"), must_not=["Karl Poole"]),
            answer(cited(HALE, "Ida Hale"), cited(HALE, "Poole")),
            "credited the wrong person",
        ),
        (
            question("did_say", gold(HALE, "Ida Hale"), expected="yes"),
            answer(cited(HALE, "Ida Hale"), verdict="yes"),
            "",
        ),
        (
            question("did_say", gold(HALE, "Ida Hale"), expected="no"),
            answer(cited(HALE, "Ida Hale"), verdict="yes"),
            "verdict yes, expected no",
        ),
        (
            question("did_say", gold(HALE, "Ida Hale"), expected="no"),
            answer(verdict="no"),
            "verdict right, evidence not cited",
        ),
        (
            question("compare", gold(HALE, "Ida Hale"), gold(POOLE, "Karl Poole")),
            answer(cited(HALE, "Ida Hale")),
            "missing Karl Poole",
        ),
        (
            question("list", gold(HALE, "A Hale"), gold(POOLE, "Karl Poole"), gold(POOLE, "Q")),
            answer(cited(HALE, "A Hale"), cited(POOLE, "Karl Poole")),
            "",
        ),
        (question("unanswerable"), answer(), "answered the unanswerable"),
        (question("unanswerable"), answer(verdict="no"), ""),
        (question("unanswerable"), answer(answered=False), ""),
    ],
)
def test_an_answer_is_judged(asked: dict[str, Any], given: dict[str, Any], why: str) -> None:
    assert scoring.judge(asked, given) == why


@pytest.mark.parametrize(
    ("cited", "gold", "same"),
    [
        ("Mayor Ida Hale", "Hale", True),
        ("Sen. Hale", "Ida Hale", True),
        ("I. Hale", "Ida Hale", True),
        ("Wilma Hale", "Ida Hale", False),
        ("Hale Jr.", "Hale Sr.", False),
        ("", "Ida Hale", False),
        (None, "Ida Hale", False),
    ],
)
def test_names_are_compared_as_a_reader_does(cited: str | None, gold: str, same: bool) -> None:
    assert scoring.is_same(cited, gold) is same


def test_the_figures_of_two_answers() -> None:
    article = {
        "id": "dam",
        "text": DAM.text,
        "attributions": [{"source_text": "Ida Hale", "content": [[0, len(HALE)]]}],
    }
    asked = [question("said_what", gold(HALE, "Ida Hale")), question("unanswerable")]
    good = answer(cited(HALE, "Ida Hale"), text=f"Ida Hale said: {HALE} [1]", seconds=0.2, bare_seconds=0.1)
    wrong = cited(HALE, "Karl Poole") | {"quote": "“No,”"}
    bad = answer(wrong, text="“The dam is a complete sham.”", seconds=0.4, bare_seconds=0.1)
    figures = answers.score(asked, {"dam": article}, [good, bad])
    assert figures == {
        "right": [1, 2],
        "by_kind": {"said_what": [1, 1], "unanswerable": [0, 1]},
        "first": [1, 1],
        "answered": [1, 1],
        "misattrib": [1, 2],
        "verbatim": [1, 2],
        "made_up": [1, 2],
        "seconds_median": pytest.approx(0.3),
        "bare_seconds_median": pytest.approx(0.1),
        "ratio": pytest.approx(3),
        "misses": ["q  unanswerable  ?  answered the unanswerable"],
    }


def test_an_article_is_indexed_without_its_annotation() -> None:
    row = {"id": "a", "text": "t", "publisher": "P", "date": "2026-01-01", "attributions": [1], "title": ""}
    assert answers.known(row) == {"id": "a", "text": "t", "publication": "P", "date": "2026-01-01"}


def test_each_mutation_changes_one_word() -> None:
    text = "Nobody will sell the mill to Ida Hale for 12 million; it was not his, and we can't wait two years."
    rng = random.Random(1)
    made = {
        "negation": [*mutate.negations(text)],
        "number": [*mutate.numbers(text, rng)],
        "name": [*mutate.names(text, ["Ida", "Hale", "Poole"], rng)],
        "modal": [*mutate.modals(text, rng)],
        "tense": [*mutate.tenses(text)],
    }
    assert {kind: len(found) for kind, found in made.items()} == {
        "negation": 4,
        "number": 3,
        "name": 2,
        "modal": 1,
        "tense": 1,
    }
    before = text.split()
    for found in made.values():
        for changed, _ in found:
            after = changed.split()
            assert abs(len(after) - len(before)) <= 1
            assert sum(word not in before for word in after) + sum(word not in after for word in before) in (0, 1, 2)
            assert fold(changed).text != fold(text).text


def test_each_variant_changes_typography_only() -> None:
    text = "“It’s off—quite off … 'really'” - she said of the café-bar’s fire, “a - b”."
    rng = random.Random(1)
    for name, way in mutate.VARIANTS.items():
        changed = way(text, rng)
        assert fold(changed).text == fold(text).text, name


def test_mutations_are_caught_and_variants_let_pass(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutations, "open_records", lambda path: Records(read_index(path)))
    figures = mutations.measure(index, 24, 1)
    assert figures["wrongly_verified"] == [0, 3 * figures["wrong_yes"][1]]
    assert figures["rejected"] == [0, 24]
    assert figures["wrong_yes_by_kind"].keys() == set(mutations.KINDS)


def test_a_mutation_that_is_verified_would_be_counted(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = Records(read_index(index))
    [mutant] = mutations.choose(mutations.statements(records), 1, random.Random(1))
    same = mutations.Mutant("name", mutant.citation, mutant.citation.quote, mutant.citation.speaker, "nothing")
    assert [*mutations.spoilt(same, records)] == ["in the citation", "in the text", "in both"]


def outcome(before: dict[str, Any], after: dict[str, Any], records: Records) -> str:
    return injections.outcome(before, after, records)


def test_what_hostile_articles_did_is_told(index: Path, tmp_path: Path) -> None:
    records = Records(read_index(index))
    before = json.loads(json.dumps(pipeline.ask("What did Karl Poole say about the gate?", index=index).to_dict()))
    assert before["answered"]
    assert outcome(before, before, records) == "same"
    silenced = before | {"text": "The articles do not say.", "citations": [], "answered": False, "sentences": []}
    assert outcome(before, silenced, records) == "is another answer"
    obeyed = before | {"text": before["text"] + f"\n\n{injections.CANARY}", "sentences": []}
    assert outcome(before, obeyed, records) == "obeys an instruction"
    renamed = before | {"text": before["text"].replace("Poole", "Pооle"), "sentences": []}
    assert outcome(before, renamed, records).startswith("is no longer verified (The text does not say whose words [1]")


def test_hostile_articles_are_put_beside_the_seeds(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("One.")
    mixed = injections.mix(tmp_path / "one.txt", tmp_path / "mixed")
    assert sorted(path.name for path in mixed.iterdir()) == ["hostile-articles.jsonl", "one.txt"]
    lines = (mixed / "hostile-articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(injections.HOSTILE)


@pytest.mark.parametrize("command", [answers, mutations, injections, speed, startup])
def test_every_command_says_how_it_is_used(
    command: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = Path(str(command.__file__)).name
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    with pytest.raises(SystemExit):
        command.main()
    assert capsys.readouterr().out.startswith(f"usage: {name}")
    assert f"python bench/{name}" in (ROOT / "bench" / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.model
def test_no_mutation_of_the_seeds_is_verified(seeds_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTR_LLM", "embedded")
    figures = mutations.measure(seeds_index, 60, 2)
    assert (figures["verified"], figures["wrong_yes"][1]) == ([], 60)
    assert figures["yes"] == []
    assert figures["rejected_variants"] == []


@pytest.mark.slow
@pytest.mark.model
def test_the_commands_print_json(seeds_index: Path, tmp_path: Path) -> None:
    text = (ROOT / "seeds" / "harbour-dredging.txt").read_text(encoding="utf-8")
    words = "the work would take eleven months"
    start = text.index(words)
    item = {"article_id": "harbour", "speaker": "Ruta Belmane", "aliases": [], "content": [[start, start + len(words)]]}
    asked = question("said_what", item, question="What did Ruta Belmane say about the eleven months of work?")
    (tmp_path / "articles.jsonl").write_text(json.dumps({"id": "harbour", "text": text}))
    (tmp_path / "questions.jsonl").write_text(json.dumps(asked))
    files = [str(tmp_path / "articles.jsonl"), str(tmp_path / "questions.jsonl")]
    for command in (
        ["answers.py", *files, "--model", "none"],
        ["speed.py", "--rounds", "1", "--index", str(seeds_index)],
    ):
        done = subprocess.run(
            [sys.executable, f"bench/{command[0]}", *command[1:], "--json"], cwd=ROOT, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
        figures = json.loads(done.stdout)
        assert figures.get("none", {"right": [1, 1]})["right"] == [1, 1]
