"""Somebody who asks an index who said what, again and again, while others bring it up to date."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import trials

from rag.retrieval.retriever import Retriever
from rag.schema import Party, Query, Statement

ATTEMPTS = 5  # as often as the program asks again what was overtaken by the end of a run
QUESTIONS = 10  # that a reader asks of an index before it is opened anew


class Reader:
    """Somebody who asks who said what, in an index that is opened anew when it has changed, as by the program."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self.asked, self.wrong = 0, list[str]()

    def ask_until(self, end: Any) -> tuple[int, list[str]]:
        """Ask until told to end: (how often, what was wrong)."""
        while not end.is_set() or not self.asked:
            kept = self._opened()
            for _ in range(QUESTIONS):
                kept = self._ask(self.asked % trials.MANY, kept)
            kept.close()
        return self.asked, self.wrong

    def _opened(self) -> trials.store.Store:
        return trials.store.open_store(self._index, model=trials.Words.name, dimension=trials.Words.dimension)

    def _ask(self, number: int, kept: trials.store.Store) -> trials.store.Store:
        name, about = f"Ida Moe{number}", f"lamp{number}"
        query = Query(about, about, parties=(Party(name, (name,), (name,), named=True),))
        self.asked += 1
        for _ in range(ATTEMPTS):
            if trials.store.read_version(self._index) != kept.version:
                kept.close()
                kept = self._opened()
            with suppress(trials.StaleError):
                hits = Retriever(kept, trials.Words()).retrieve(query, k=3)
                self._judge(number, name, [hit.statement for hit in hits], kept)
                return kept
        self.wrong.append(f"{name}: overtaken {ATTEMPTS} times")
        return kept

    def _judge(self, number: int, name: str, found: Sequence[Statement], kept: trials.store.Store) -> None:
        own = [s for s in found if s.quote.speaker and s.quote.speaker.name == name]
        if not any(f"Lamp{number} will not be lit" in s.quote.text for s in own):
            self.wrong.append(f"{name}: denied")
        for s in found:
            text = kept.article(s.article.id).text
            if any(text[span.start : span.end] != span.text for span in s.quote.content):
                self.wrong.append(f"{name}: {s.quote.text} does not stand in {s.article.id}")
