"""Read a stored text as a person reads it: lines as paragraphs, jumps as nothing, and marks as the marks that they are.

In: an article's text. Out: the same, character for character: whatever is found in it stands at the same place in the
article.
"""

from __future__ import annotations

from ingest.text.jumps import gone_on, jumps, without_jumps
from ingest.text.marks import with_known_marks, with_opening_marks
from ingest.text.wrapping import unwrapped
from rag.text import from_windows


def as_read(text: str) -> str:
    """The text without the breaks that a fixed width or another page made, and with marks that open and close."""
    places = jumps(text)
    whole = gone_on(unwrapped(without_jumps(from_windows(text), places)), places)
    return with_opening_marks(with_known_marks(whole))
