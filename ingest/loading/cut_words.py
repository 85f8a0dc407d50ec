"""Put the lines of text together that was broken at a fixed width, where that cut words: "irri-" and "gation".

In: an article's text. Out: the same with its paragraphs on one line each and its words whole, and a note of it; the
text itself where no such width shows, or where no word is cut: then nothing is lost in it.
"""

from __future__ import annotations

import re

from ingest.loading.formats.hyphens import Spelling, joined
from ingest.text.wrapping import width_breaks

_CUT = re.compile(r"\w-\Z")
_LONGEST = 60  # Characters of a word.
_ADDRESS = "/@"  # A hyphen in what holds these is its own.


def with_whole_words(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with the words whole that the ends of its lines cut, and a note."""
    breaks = width_breaks(text) if "-" in text else []
    if not any(_CUT.search(text, 0, start) for start, _ in breaks):
        return text, ()
    spelling = Spelling.of(text.split("\n"))
    parts, told, done = [], "", 0
    for start, end in breaks:
        line, after = text[done:start], text[end : end + _LONGEST].split()[0]
        last = line.split()[-1] if line.strip() else ""
        is_cut = _CUT.search(last) is not None
        is_own = is_cut and any(mark in last for mark in _ADDRESS)
        whole = last + after if is_own else joined([last, after], spelling)
        told = told or (whole if is_cut and not is_own else "")
        parts += [line.removesuffix(last), whole.removesuffix(after)]
        done = end
    note = f"lines broken at a width, which cut words, are put together in it, as “{told}”"
    return "".join([*parts, text[done:]]), (note,)
