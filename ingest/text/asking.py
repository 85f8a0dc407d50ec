"""Find the questions of an interview without labels that do not look like the others.

In: a text, its paragraphs, and which of them surely ask. Out: which ask.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.text.turn import Pair

# Words of somebody else stand in marks in it.
ASKED_OF_WORDS = re.compile(r"(?![“\"])(?:[^\n“”\"]|“[^”\n]{1,200}”|\"[^\"\n]{1,200}\"){5,300}\?")


def all_asking(text: str, lines: Sequence[Pair], asking: Sequence[int]) -> list[int]:
    """The lines that ask, and those like them: with words in marks, or all that stand right above their answers."""
    after = [text[end:start] for (_, end), (start, _) in pairwise(lines)]
    below = range(asking[0], len(after))
    above = {n for n in below if after[n] == "\n" and (n == 0 or after[n - 1] != "\n")}
    also = {n for n in below if ASKED_OF_WORDS.fullmatch(text, *lines[n])}
    found = {*asking, *also, *(above if above.issuperset(asking) else ())}
    return sorted(number for number in found if number + 1 not in found)
