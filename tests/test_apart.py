"""Two questions in one are asked one after the other, and what only looks like two stays whole."""

from __future__ import annotations

import pytest

from rag.understanding.apart import apart


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "what did the warden say and what did her deputy say?",
            ("What did the warden say?", "What did her deputy say?"),
        ),
        (
            "What did Moe say about the quay, and who disagrees?",
            ("What did Moe say about the quay?", "Who disagrees?"),
        ),
        ("Did Moe resign? And was he pushed", ("Did Moe resign?", "Was he pushed?")),
        ("Did Moe resign and did Hale stay?", ("Did Moe resign?", "Did Hale stay?")),
        ("Where is the tug and how many did it rescue?", ("Where is the tug?", "How many did it rescue?")),
    ],
)
def test_what_begins_like_a_question_is_one(question: str, parts: tuple[str, ...]) -> None:
    assert apart(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "What did Moe say?",
        "What did Moe say about who pays and when?",
        "What did Moe and Hale say about the quay?",
        "What did Moe say about why the quay sank and how it was built?",
        "What did Moe say about what the firm did and did not do?",
        "Did Moe say he can and will pay?",
        "When does the tug sail, and who says so?",
        "and what did Hale say?",
        "Did Moe say “it sank, and who cares?” and did Hale agree?",
        "",
    ],
)
def test_what_is_one_question_stays_whole(question: str) -> None:
    assert apart(question) == (question,)
