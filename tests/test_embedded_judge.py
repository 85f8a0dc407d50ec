"""The embedded judge: probabilities from logits, the likeliest first, and pairs that fit the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rag.errors import ModelError
from rag.judging import networks
from rag.judging.decision import FAINT
from rag.judging.embedded import RELATIONS, EmbeddedJudge, evidence
from rag.judging.reading import INSIDE
from rag.models.cross_encoder import MAX_TOKENS, Calibrated, CrossEncoder
from rag.schema import Hit, Judgement, Party, Query, QuestionKind, Speaker
from tests.fakes import FakeJudge, FakeNetwork, hit, party, tokenizer
from tests.judge_contract import check_judge, dam_hits

QUERY = Query("What of it?", "What did Ida Hale say of it?")
KNOWN = replace(QUERY, parties=(party("Ida Hale"),))
POLAR = replace(KNOWN, polar=True)
ONE, ZERO = (1.0,) * len(RELATIONS), (0.0,) * len(RELATIONS)


def made(network: FakeNetwork, scale: Sequence[float], shift: Sequence[float]) -> EmbeddedJudge:
    """A judge that has one network for claims and open questions."""
    both = Calibrated(network, scale, shift)
    return EmbeddedJudge(both, lambda: both)


def judge(likely: Callable[[str, str], tuple[float, ...]]) -> EmbeddedJudge:
    return made(FakeNetwork(likely), ONE, ZERO)


def by_words(script: Mapping[str, tuple[float, ...]]) -> Callable[[str, str], tuple[float, ...]]:
    return lambda question, text: next(row for words, row in script.items() if words in text)


@pytest.mark.parametrize(
    "likely", [(0.9, 0.02, 0.02, 0.02, 0.02, 0.02), (1e-6, 1e-6, 1e-6, 1e-6, 1e-6, 1.0), (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)]
)
def test_the_contract(likely: tuple[float, ...]) -> None:
    check_judge(judge(lambda question, text: likely))


@pytest.mark.parametrize(("kind", "answers"), [("did_say", 0.6), ("said_what", 0.2), ("list", 0.2)])
def test_claims_have_a_network_of_their_own(kind: QuestionKind, answers: float) -> None:
    opened = FakeNetwork(lambda question, text: (0.2, *[0.16] * 5))
    claims = FakeNetwork(lambda question, text: (0.6, *[0.08] * 5))
    both = EmbeddedJudge(Calibrated(opened, ONE, ZERO), lambda: Calibrated(claims, ONE, ZERO))
    [found] = both.judge(replace(QUERY, kind=kind), [hit(1.0)]).judgements
    assert found.answers == pytest.approx(answers)


def test_the_stand_in_for_other_tests_keeps_the_contract() -> None:
    check_judge(FakeJudge())
    check_judge(FakeJudge({"dam": {"answers": 0.5, "another": 0.5}}))


def test_a_judgement_has_the_network_s_probability_of_each_relation() -> None:
    [found] = judge(lambda question, text: (0.3, 0.2, 0.15, 0.1, 0.05, 0.2)).judge(QUERY, [hit(1.0)]).judgements
    assert found == Judgement(
        hit(1.0),
        answers=pytest.approx(0.3),  # type: ignore[arg-type]
        says_so=pytest.approx(0.2),  # type: ignore[arg-type]
        opposite=pytest.approx(0.15),  # type: ignore[arg-type]
        another=pytest.approx(0.1),  # type: ignore[arg-type]
    )
    assert found.shown == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("query", "row", "by", "taken"),
    [
        (replace(POLAR, kind="stance"), (0.05, 0.05, 0.7, 0.05, 0.05, 0.1), "Ida Hale", "did_say"),
        (POLAR, (0.05, 0.7, 0.05, 0.05, 0.05, 0.1), "Ida Hale", "did_say"),
        (POLAR, (0.05, 0.69, 0.06, 0.05, 0.05, 0.1), "Ida Hale", "said_what"),
        (POLAR, (0.05, 0.7, 0.05, 0.05, 0.05, 0.1), "Ann Poole", "said_what"),
        (KNOWN, (0.05, 0.7, 0.05, 0.05, 0.05, 0.1), "Ida Hale", "said_what"),
        (replace(QUERY, polar=True), (0.05, 0.7, 0.05, 0.05, 0.05, 0.1), "Ida Hale", "said_what"),
        (replace(POLAR, kind="list"), (0.05, 0.7, 0.05, 0.05, 0.05, 0.1), "Ida Hale", "list"),
    ],
)
def test_a_question_for_yes_or_no_that_the_asked_settle_is_a_claim(
    query: Query, row: tuple[float, ...], by: str, taken: QuestionKind
) -> None:
    opened = Calibrated(FakeNetwork(lambda question, text: (0.6, *[0.08] * 5)), ONE, ZERO)
    claims = Calibrated(FakeNetwork(lambda question, text: row), ONE, ZERO)
    found = EmbeddedJudge(opened, lambda: claims).judge(query, [hit(1.0, by=by)])
    assert found.kind == taken
    assert (found.judgements[0].answers > 0.5) is (taken != "did_say")


def test_scale_and_shift_are_put_on_the_logits() -> None:
    def network(question: str, text: str) -> tuple[float, ...]:
        return (4.0, 1.0, 1.0, 1.0, 1.0, 1.0)

    half = made(FakeNetwork(network), (0.5,) * 6, (0.0,) * 6)
    assert half.judge(QUERY, [hit(1.0)]).judgements[0].answers == pytest.approx(2 / 7)
    shifted = made(FakeNetwork(network), ONE, (0.0, float(np.log(3)), 0.0, 0.0, 0.0, 0.0))
    assert shifted.judge(QUERY, [hit(1.0)]).judgements[0].says_so == pytest.approx(3 / 11)


def test_huge_logits_are_probabilities_too() -> None:
    sure = made(FakeNetwork(lambda question, text: (2.0, 1.0, 1.0, 1.0, 1.0, 1.0)), (5000.0,) * 6, ZERO)
    assert sure.judge(QUERY, [hit(1.0)]).judgements[0].answers == pytest.approx(1.0)


def test_the_likeliest_come_first_and_equals_as_they_were_found() -> None:
    script = {
        "first": (0.2, 0.0, 0.0, 0.0, 0.0, 0.8),
        "second": (0.1, 0.3, 0.0, 0.2, 0.0, 0.4),
        "third": (0.2, 0.0, 0.0, 0.0, 0.0, 0.8),
    }
    smooth = {words: tuple(max(p, 1e-9) for p in row) for words, row in script.items()}
    judged = judge(by_words(smooth)).judge(QUERY, [hit(1.0, words) for words in script])
    assert [each.hit.statement.quote.text for each in judged.judgements] == ["second", "first", "third"]
    assert judged.by == "embedded"


def test_what_surely_answers_nothing_is_left_out() -> None:
    script = {"faint": FAINT * 0.9, "enough": FAINT * 1.1}
    smooth = {words: (p, 1e-9, 1e-9, 1e-9, 0.5, 0.5 - p) for words, p in script.items()}
    judged = judge(by_words(smooth)).judge(QUERY, [hit(1.0, words) for words in script])
    assert [each.hit.statement.quote.text for each in judged.judgements] == ["enough"]


def test_what_the_asked_say_is_left_in_however_faint() -> None:
    judged = judge(lambda question, text: (1e-9, 1e-9, 1e-9, 1e-9, 0.5, 0.5)).judge(
        Query("What did Hale say?", "What did Hale say?", parties=(party("Hale", "Ida Hale"),)),
        [hit(1.0, "a"), hit(1.0, "b", by="Karl Poole")],
    )
    assert [each.hit.statement.quote.text for each in judged.judgements] == ["a"]


def test_who_is_only_described_is_read_under_the_name_that_the_statement_has() -> None:
    network = FakeNetwork(lambda question, text: ONE)
    asked = Query("What did the diver say?", "What did the diver say?", parties=(Party("the diver", ("Karl Poole",)),))
    poole = hit(1.0, by="Karl Poole").statement
    poole = replace(poole, quote=replace(poole.quote, speaker=Speaker("Karl Poole")))
    made(network, ONE, ZERO).judge(asked, [Hit(poole, 1.0), hit(1.0, id="b")])
    assert [question for question, _ in network.pairs] == ["What did Karl Poole say?", "What did the diver say?"]


@pytest.mark.parametrize(("question", "kept"), [("Is the dam safe?", "a"), ("What did they ask?", "ab")])
def test_a_host_s_question_is_no_answer(question: str, kept: str) -> None:
    asked = hit(1.0, "“Is the dam safe?”", id="b")
    asked = replace(asked, statement=replace(asked.statement, quote=replace(asked.statement.quote, mode="asked")))
    judged = judge(lambda question, text: (0.9, 0.02, 0.02, 0.02, 0.02, 0.02)).judge(
        Query(question, question), [hit(1.0, "“It is.”", id="a"), asked]
    )
    assert "".join(one.hit.statement.article.id for one in judged.judgements) == kept


def test_what_somebody_asked_belongs_to_all_that_they_said() -> None:
    asked = hit(1.0, "“Is the dam safe?”", by="Ida Hale", id="a")
    asked = replace(asked, statement=replace(asked.statement, quote=replace(asked.statement.quote, mode="asked")))
    bare = Query("What did Ida Hale say?", "What did Ida Hale say?", parties=(Party("Ida Hale", ("Ida Hale",)),))
    judged = judge(lambda question, text: (0.9, 0.02, 0.02, 0.02, 0.02, 0.02)).judge(bare, [asked])
    assert len(judged.judgements) == 1


def test_the_network_is_not_run_for_nothing() -> None:
    network = FakeNetwork(lambda question, text: ONE)
    assert made(network, ONE, ZERO).judge(QUERY, []).judgements == ()
    assert network.pairs == []


def test_the_network_reads_the_whole_question_beside_the_statement_in_its_paragraph() -> None:
    network = FakeNetwork(lambda question, text: ONE)
    made(network, ONE, ZERO).judge(QUERY, dam_hits())
    assert network.pairs[1] == (
        "What did Ida Hale say of it?",
        "Ida Hale: Karl Poole, who keeps the gate, disagreed. « “The gate is old,” » he said. | Dam stands 2026-03-01",
    )
    assert [[text] for _, text in network.pairs] == [evidence(each.statement) for each in dam_hits()]


def test_a_follow_up_is_judged_by_itself_behind_whom_it_asks_about() -> None:
    network = FakeNetwork(lambda question, text: ONE)
    follow_up = replace(QUERY, text="What did Ida Hale say of it? And why?", last="Ida Hale: And why?")
    made(network, ONE, ZERO).judge(follow_up, dam_hits())
    assert {question for question, _ in network.pairs} == {"Ida Hale: And why?"}


def test_a_statement_without_a_speaker_can_be_judged() -> None:
    [text] = evidence(hit(1.0, by="").statement)
    assert text.startswith("somebody: ")


def test_a_long_statement_is_judged_by_the_likeliest_of_its_pieces() -> None:
    filler = " ".join(["toll"] * (INSIDE - 2))
    said = f"We {filler} rise. The gate stays shut. We {filler} fall."
    network = FakeNetwork(
        lambda question, text: (0.9, *[0.02] * 5) if "gate" in text.split("«")[1] else (0.1, *[0.18] * 5)
    )
    [found] = made(network, ONE, ZERO).judge(QUERY, [hit(1.0, said)]).judgements
    assert found.hit.statement.quote.text == said
    assert found.answers == pytest.approx(0.9)
    assert len(network.pairs) == 3


class Runs:
    """Stands in for the ONNX session: notes the pieces of each pair; the first one's id is its only logit."""

    seen: list[list[int]]

    def __init__(self) -> None:
        self.seen: list[list[int]] = []

    def run(self, inputs: Mapping[str, Any]) -> list[Any]:
        [ids] = inputs["ids"].tolist()
        self.seen.append(ids)
        return [np.array([[len(ids)] * len(RELATIONS)], dtype=np.float32)]


@pytest.fixture
def encoder() -> CrossEncoder:
    return CrossEncoder(Runs(), tokenizer("word", "toll"))  # type: ignore[arg-type]


WORD, TOLL = 4, 5  # The pieces' numbers, behind the tokenizer's own four.


def test_a_long_statement_is_cut_to_what_the_network_reads(encoder: CrossEncoder) -> None:
    encoder.logits([("word", "toll " * 300)])
    [ids] = encoder._network.seen  # type: ignore[attr-defined]
    assert (len(ids), ids.count(WORD), ids.count(TOLL)) == (MAX_TOKENS, 1, MAX_TOKENS - 4)


@pytest.mark.parametrize("size", [MAX_TOKENS // 2 + 1, MAX_TOKENS - 1, MAX_TOKENS + 1, 10 * MAX_TOKENS])
def test_a_very_long_question_leaves_room_for_the_statement(encoder: CrossEncoder, size: int) -> None:
    encoder.logits([("word " * size, "toll " * 300)])
    [ids] = encoder._network.seen  # type: ignore[attr-defined]
    assert (len(ids), ids.count(WORD)) == (MAX_TOKENS, MAX_TOKENS // 2)


def test_pairs_keep_their_order_and_are_read_one_by_one(encoder: CrossEncoder) -> None:
    pairs = [("word", "toll " * n) for n in (9, 1, 30, 4)]
    assert encoder.logits(pairs)[:, 0].tolist() == [4 + 9, 4 + 1, 4 + 30, 4 + 4]


@pytest.mark.parametrize("text", ["", "\ud800", "word \udfff", "\0", "Что?"])
def test_any_characters_can_be_read(encoder: CrossEncoder, text: str) -> None:
    assert encoder.logits([(text, text)]).shape == (1, len(RELATIONS))


def test_weights_that_are_missing_or_altered_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(networks, "WEIGHTS", tmp_path)
    EmbeddedJudge.load.cache_clear()
    with pytest.raises(ModelError, match=r"missing at .*judge\.onnx: reinstall"):
        EmbeddedJudge.load()
    (tmp_path / networks.NETWORK).write_bytes(b"altered")
    with pytest.raises(ModelError, match=r"judge\.onnx have SHA-256"):
        EmbeddedJudge.load()


def test_what_reads_claims_is_loaded_for_the_first_of_them() -> None:
    loaded = []

    def claims() -> Calibrated:
        loaded.append("claims")
        return Calibrated(FakeNetwork(lambda question, text: (0.2, *[0.16] * 5)), ONE, ZERO)

    lazy = EmbeddedJudge(Calibrated(FakeNetwork(lambda question, text: (0.2, *[0.16] * 5)), ONE, ZERO), claims)
    lazy.judge(QUERY, [hit(1.0)])
    assert not loaded
    for _ in range(2):
        lazy.judge(replace(QUERY, kind="did_say"), [hit(1.0)])
    assert loaded == ["claims"]
