"""What answering needs of a judge. Implementations: the embedded network, and a chat model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.schema import Hit, Judged, Query


class Judge(Protocol):
    """Says of each retrieved statement whether it answers the question, reading it where it stands."""

    @property
    def name(self) -> str:
        """The judge's name, for people."""

    def judge(self, query: Query, hits: Sequence[Hit]) -> Judged:
        """Judge hits (best first, as retrieved): at most one judgement for each, none for one that is surely off.

        The statements of the judgements are those of the hits, or, from a judge that reads whole passages, sentences
        of the hits' passages that extraction missed.
        """
