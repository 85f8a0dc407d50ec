"""What one person says in one go, and a question that is put to somebody."""

from __future__ import annotations

from dataclasses import dataclass

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says in one go.

    `label` is the name, None for a question that nobody is named for and for an answer to such a one; `mark` is what
    closes the label.
    """

    label: Pair | None
    mark: Pair | None
    content: tuple[Pair, ...]
    is_question: bool = False
    said_by: Pair | None = None  # Where the speaker is named whom the label only describes.

    @property
    def area(self) -> Pair:
        """All of the turn."""
        pairs = [*self.content, *(pair for pair in (self.label, self.mark) if pair)]
        return min(pairs)[0], max(end for _, end in pairs)
