"""Labels and roles that can be printed."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from ingest import extract_quotes
from ingest.loading.finding import find_files
from ingest.loading.worker import worker
from ingest.speaking.labels import described, fit_role, is_label, role_in, with_roles
from ingest.text.names import mentions
from rag.schema import Speaker

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench"))
SPEC = importlib.util.spec_from_file_location("bench_labels", ROOT / "bench" / "labels.py")
assert SPEC
assert SPEC.loader
bench = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(bench)


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ("the board of elections on Monday", "the board of elections"),
        ("Nordfall today", "Nordfall"),
        ("the harbour committee about", "the harbour committee"),
        ("Orsa Music , a record label, a publisher, and a shop", "Orsa Music"),
        ("several candidates, including Ann Lee and Tom Dale", "several candidates"),
        ("the trainer after a seventh win in seven matches this season", "the trainer"),
        ("the bridge inspector, who came late", "the bridge inspector"),
        ("existing harbour law]", "existing harbour law"),
    ],
)
def test_a_label_ends_where_the_description_does(source: str, label: str) -> None:
    assert described(source) == label


@pytest.mark.parametrize("phrase", ["who", "whose lawyers", "two of whom", "the", "as", "Let’s", "during the debate"])
def test_what_describes_nobody_is_no_label(phrase: str) -> None:
    assert not is_label(phrase)


@pytest.mark.parametrize("phrase", ["Ann Lee", "the mayor", "they", "whoever rowed", "a spokesman for Orsa Rail"])
def test_names_offices_and_descriptions_are_labels(phrase: str) -> None:
    assert is_label(phrase)


@pytest.mark.parametrize(
    ("source", "role"),
    [
        ("the owner, Karin Moe", "owner"),
        ("Parish clerk Karin Moe", "Parish clerk"),
        ("Her deputy, Karin Moe", "deputy"),
        ("Karin Moe, chief analyst, Tarn Research", "chief analyst, Tarn Research"),
        ("Karin Moe, the team’s captain, through an interpreter", "the team’s captain"),
        ("Karin Moe, 58", None),
        ("Karin Moe, 58, the oldest keeper on the coast", "the oldest keeper on the coast"),
        ("Karin Moe (58), keeper", "keeper"),
        ("Karin Moe, 58, who keeps the light", None),
        ("Karin Moe, 58, of Tarn", None),
        ("Karin Moe, speaking from the quay", None),
        ("Karin Moe", None),
        ("Karin Moe, the keeper, as she shut the gate", "the keeper"),
        ("the pilots’ union and the owner, Karin Moe", "owner"),
        ("van der Moe, who has a boat", None),
        ("Moe, Col.", None),
    ],
)
def test_the_role_is_what_a_source_says_beside_the_name(source: str, role: str | None) -> None:
    (named,) = (mention for mention in mentions(source) if mention.surname == "moe")
    assert role_in(source, named) == role


@pytest.mark.parametrize(
    "role", ["Norway’s", "1960s", "an inn that had burnt", "first", "X", "Perfect Enough:", "SIR –"]
)
def test_what_is_no_role_is_not_printed_as_one(role: str) -> None:
    assert fit_role(role) in (None, "an inn")


@pytest.mark.parametrize(
    ("role", "printed"),
    [
        ("its director", "director"),
        (
            "keeper of the northern lights at the University of Tarn and an adviser to the board until last year",
            "keeper of the northern lights at the University of Tarn",
        ),
    ],
)
def test_a_role_says_not_whose_by_a_pronoun_and_no_more_than_fits(role: str, printed: str) -> None:
    assert fit_role(role) == printed


@pytest.mark.parametrize(
    "role",
    ["managing director of Tarn", "acting mayor", "Housing Secretary", "United Nations envoy", "marketing manager"],
)
def test_an_office_that_begins_like_a_clause_is_a_role(role: str) -> None:
    assert fit_role(role) == role


@pytest.mark.parametrize(
    "phrase", ["citing the mayor", "speaking as director", "joined by mayor Ida Lund", "based in Oslo"]
)
def test_a_clause_that_ends_with_an_office_is_none(phrase: str) -> None:
    assert fit_role(phrase) is None


@pytest.mark.parametrize(
    "text", ["It rained. Praising coach Karin Moe, she left.", "She rose, praising coach Karin Moe."]
)
def test_a_verb_before_an_office_is_no_part_of_a_role(text: str) -> None:
    assert with_roles(text, mentions(text), [])[-1].role is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("It was cold. Tarn’s harbour master, Ida Lund, stayed on the quay.", "Tarn’s harbour master"),
        ("It was cold. In Tarn’s harbour, Ida Lund, who has a boat, stayed on the quay.", None),
        ("It was cold for Tarn’s keepers, Ida Lund, who has a boat, said so.", None),
    ],
)
def test_a_role_stands_behind_whose_it_is_at_the_head_of_a_sentence(text: str, role: str | None) -> None:
    assert [mention.role for mention in mentions(text) if mention.surname == "lund"] == [role]


@pytest.mark.parametrize(
    ("before", "role"),
    [
        ("Dario Quell rowed over the bay on Friday before his brother", "brother"),
        ("The ferry sank off the harbour while its owner", "owner"),
        ("The ferry sank off the harbour with a deckhand", None),
        ("The ferry came with the crew and their captain", "captain"),
        ("One of the ferrymen", "one of the ferrymen"),
        ("It was seen by one of her pupils", "one of her pupils"),
        ("One of the drivers of the late ferry", "one of the drivers of the late ferry"),
        ("One of the drivers met her coach", "coach"),
        ("A friend of the board", None),
        ("The head of his party", "head of his party"),
        ("The owner of the boat", "owner of the boat"),
        ("The leader of a band", "leader of a band"),
        ("On the quay", None),
        ("The leader of the rowers on the hill", None),
    ],
)
def test_a_role_before_a_comma_and_a_name_is_whole_or_left_out(before: str, role: str | None) -> None:
    found = with_roles(text := f"{before}, Oona Brisk, was cold.", mentions(text), [])
    assert [mention.role for mention in found if mention.surname == "brisk"] == [role]


@pytest.mark.parametrize(
    "text",
    [
        "Ida Lund, a third of the sand could rebuild the beach at Holm End, said. Ida Lund said the beach was gone.",
        "A spokesman praised him. He’s also praising former Florida Gov. Tad Brandt. Brandt said it could be moved. "
        "“Come in,” said Orla Finch.",
        'SIR – Ida Lund told Radio Tarn that a berth will cost "under ninety euros". Lund said so twice.',
    ],
)
def test_no_clause_and_no_greeting_is_a_role(text: str) -> None:
    found = [q.speaker for q in extract_quotes(text, language="en") if q.speaker]
    roles = [speaker.role for speaker in found if speaker.name in ("Ida Lund", "Tad Brandt")]
    assert roles
    assert set(roles) == {None}


def seed_speakers() -> list[Speaker]:
    files, _ = find_files([ROOT / "seeds"])
    with worker() as reader:
        articles = [article for file in files for article in reader.load(file).articles]
    found = [q.speaker for a in articles for q in extract_quotes(a.text, a.title, language=a.language) if q.speaker]
    assert len(found) > 50
    return found


def test_nearly_all_labels_and_all_roles_of_the_seeds_are_fit_to_print() -> None:
    found = seed_speakers()
    labels = {speaker.name for speaker in found}
    wrong = {label for label in labels if bench.suspicion(label)}
    assert len(wrong) <= 0.03 * len(labels), wrong
    assert not [s.role for s in found if s.role and bench.suspicion(s.role, longest=bench.LONGEST_ROLE)]


@pytest.mark.parametrize(
    ("label", "why"),
    [
        ("the minister who resigned", "a clause"),
        ("Orsa Rail on Monday", "a date"),
        ("a spokesman for the", "a beginning"),
        ("by the mayor", "an end"),
        ("*", "no words"),
        ("Lee’s", "an owner"),
        ("Ann Lee", ""),
        ("the mayor of Orsa", ""),
        ("X", ""),
    ],
)
def test_the_check_tells_what_is_suspicious_about_a_label(label: str, why: str) -> None:
    assert bench.suspicion(label) == why
