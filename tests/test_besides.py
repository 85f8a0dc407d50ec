"""Questions that leave somebody out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import ingest
from rag import ask
from rag.people.directory import Directory
from rag.understanding.besides import left_out

PEOPLE = Directory.of([("Ida Hale", "the harbour master"), ("Karl Poole", "")])


@pytest.mark.parametrize(
    ("question", "rest", "labels"),
    [
        ("Who besides Hale spoke of the dam?", "Who spoke of the dam?", ["Ida Hale"]),
        ("Who other than the harbour master spoke?", "Who spoke?", ["Ida Hale"]),
        ("Apart from Karl Poole, who is against it?", "who is against it?", ["Karl Poole"]),
        ("What did everyone but Poole say?", "What did everyone say?", ["Karl Poole"]),
        ("Who spoke of it, except for Ida Hale?", "Who spoke of it?", ["Ida Hale"]),
        ("Did Poole say that no one but Hale knew?", "Did Poole say that no one but Hale knew?", []),
        ("What did Poole say about papers other than Hale?", "What did Poole say about papers other than Hale?", []),
        ("What does Hale want besides the lock?", "What does Hale want besides the lock?", []),
        ("Who besides Marr spoke?", "Who besides Marr spoke?", []),
        ("What did Hale say but not mean?", "What did Hale say but not mean?", []),
        ("", "", []),
    ],
)
def test_whom_a_question_leaves_out_is_cut_from_it(question: str, rest: str, labels: list[str]) -> None:
    asked, besides = left_out(question, PEOPLE)
    assert (asked, [label for party in besides for label in party.labels]) == (rest, labels)


def test_who_is_left_out_is_not_in_the_answer(tmp_path: Path) -> None:
    (tmp_path / "crane.txt").write_text(
        "Crane to come down\n\n“The crane is older than I am,” said the harbour master, Ana Torvik.\n\n"
        "“I learned to drive in that crane,” said Per Lund, a docker.\n",
        encoding="utf-8",
    )
    ingest([tmp_path / "crane.txt"], index=tmp_path / "index")
    answer = ask("Who other than the harbour master spoke about the crane?", index=tmp_path / "index")
    assert [citation.speaker for citation in answer.citations] == ["Per Lund"]
    survey = ask("Who is quoted here besides Torvik?", index=tmp_path / "index")
    assert "Torvik" not in survey.text
    assert "Per Lund" in survey.text
