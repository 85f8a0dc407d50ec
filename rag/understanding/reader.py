"""What answering needs of a reader of questions. Implementations: the embedded network, and a chat model."""

from __future__ import annotations

from typing import Protocol

from rag.schema import History, Query


class Reader(Protocol):
    """Turns a question and what was said before it into a Query. Every span it names stands in one of them."""

    def read(self, question: str, history: History) -> Query:
        """Read a question; at worst it comes back as a plain search for its own words."""
