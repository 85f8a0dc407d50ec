"""What programs can do, once: the functions behind REST, the API of Gradio's clients and the MCP tools.

Each gives plain JSON types and raises one sentence. Their docstrings are what an assistant reads of the tools.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

import rag
from rag import lookup
from rag.errors import ConfigError
from rag.schema import Answer, History
from rag.verification.verify import verify
from rag.writing.exports import as_answer
from rag.writing.formats import FORMATS
from web.conversation import question_problem
from web.line import Line

MAX_HISTORY = 40  # messages
MAX_MESSAGE_CHARS = 20_000

_answer = TypeAdapter(Answer)


class Programs:
    """The functions over an index; answers wait in the line together with the page's."""

    def __init__(self, index: Path, line: Line) -> None:
        self._index, self._line = index, line

    async def ask(self, question: str, history: History | None = None) -> dict[str, Any]:
        """The answer to a question about who said what, as `Answer.to_dict()`; see `web.tools.ask`."""
        if problem := question_problem(question):
            raise ConfigError(problem)
        messages = checked_history(history)
        with self._line.enter(question) as place:
            await place.reached()
            answer = await asyncio.to_thread(rag.ask, question, messages, self._index)
            place.answered(answer)
        return plain(answer)

    def find_quotes(self, words: str = "", speaker: str = "", limit: int = 20) -> list[dict[str, Any]]:
        """Statements by words, speaker or both, as citations."""
        return [plain(found) for found in lookup.find_quotes(words, speaker, limit=limit, index=self._index)]

    def verify_quote(self, quote: str, speaker: str = "") -> dict[str, Any]:
        """Whether a quotation stands in the articles, where, and who says it there."""
        return plain(lookup.verify_quote(quote, speaker, index=self._index))

    def list_people(self, name: str = "", limit: int = lookup.MAX_FOUND) -> list[dict[str, Any]]:
        """Everybody who is quoted, or whom a name can mean."""
        return [plain(found) for found in lookup.list_people(name, limit=limit, index=self._index)]

    def list_articles(self) -> list[dict[str, Any]]:
        """Every article without its text, with the number of its statements."""
        known = lookup.articles(index=self._index)
        fields = ("id", "title", "author", "publication", "published", "url", "sha256")
        return [
            {field: getattr(article, field) for field in fields} | {"statements": count}
            for article, count in known.values()
        ]

    def verify_answer(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Whether an exported answer agrees with the index, and every difference."""
        return verify(as_answer(answer, "the request"), index=self._index).to_dict()

    def export(self, form: str, answer: dict[str, Any]) -> str:
        """An answer as a file; ConfigError when it is no answer of this index, for nothing unverified is handed out."""
        question = answer.get("question") or ""
        if not isinstance(question, str):
            raise ConfigError(f"The question is {question!r:.80}; expected a string, or none.")
        try:
            whole = _answer.validate_python({key: value for key, value in answer.items() if key != "question"})
        except ValidationError as error:
            raise ConfigError("That is no answer: expected what /api/ask returns, and its question.") from error
        if differences := verify(whole, index=self._index).differences:
            raise ConfigError(f"The articles have changed since this answer was given ({differences[0].message}).")
        return FORMATS[form][0](question, whole)


def checked_history(history: object) -> History:
    """The messages of a history; ConfigError for anything else, or too much of it."""
    given = history or []
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > MAX_HISTORY:
        raise ConfigError(f'The history is a list of at most {MAX_HISTORY} messages such as {{"role": "user", ...}}.')
    for message in given:
        is_message = isinstance(message, dict) and message.get("role") in ("user", "assistant")
        content = message.get("content") if is_message else None
        if not isinstance(content, str) or len(content) > MAX_MESSAGE_CHARS:
            raise ConfigError(
                'Each message of the history is {"role": "user" or "assistant", "content": text of at most '
                f"{MAX_MESSAGE_CHARS:,} characters}}."
            )
    return given


def plain(found: Any) -> dict[str, Any]:
    """A frozen object as JSON has it: lists for tuples."""
    made: dict[str, Any] = json.loads(json.dumps(asdict(found)))
    return made
