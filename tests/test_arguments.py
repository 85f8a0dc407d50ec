"""What a program gives `ask` that is no question and no conversation is refused in one sentence."""

from __future__ import annotations

from typing import Any

import pytest

import rag
from rag.errors import ConfigError

QUESTION = "What did Ida Hale say about the toll?"


@pytest.mark.parametrize("question", [None, 7, b"What?", ["What?"]])
def test_what_is_no_question_is_refused_in_one_sentence(question: object) -> None:
    with pytest.raises(ConfigError, match="expected a string, such as 'What did the mayor say"):
        rag.ask(question)  # type: ignore[arg-type]


@pytest.mark.parametrize("history", [[("What?", "Nothing.")], "What?", [{"role": "user"}], [None]])
def test_what_is_no_message_of_a_history_is_refused_in_one_sentence(history: Any) -> None:
    with pytest.raises(
        ConfigError, match=r"^The history has .*; expected messages such as \{'role': 'user', 'content': "
    ):
        rag.ask(QUESTION, history)
