"""Join an article that a newspaper continues on a later page to its beginning.

In: the lines of pages, in reading order. Out: parts, each the pages of one text. The lines that say where an article
goes on, and from where it comes, are no text and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.loading.formats.lines import Line

_CONTINUED = r"(?i:continue[ds]|cont[’']?d|cont\.)"
_WORD = r"[^\W\d_a-z][A-Z’' -]{1,30},? "  # By which a reader finds the other half: "RENT, from page 1".
_PAGE = r"(?i:page|p\.) ?[A-Z]?\d{1,3}\W{0,3}"
_ONWARD = re.compile(
    rf"\W{{0,3}}(?:{_CONTINUED} (?i:on|at) {_PAGE}|(?i:(?:please )?turn to ){_PAGE}|(?i:see ){_WORD}{_PAGE})"
)
_BACK = re.compile(rf"\W{{0,3}}(?:{_WORD})?(?:{_CONTINUED} (?i:from) |(?i:from) ){_PAGE}")


def parts_of(pages: Sequence[Sequence[Line]]) -> list[list[list[Line]]]:
    """The parts of a text that such lines part; where there is one of each, the article is one part, the first."""
    parts: list[list[list[Line]]] = [[[]]]
    seen = ""  # A mark for each such line.
    for page in pages:
        for line in page:
            text = line.text.strip()
            mark = ">" if _ONWARD.fullmatch(text) else "<" if _BACK.fullmatch(text) else ""
            if not mark or text[0].islower():
                parts[-1][-1].append(line)
                continue
            seen += mark
            parts.append([[]])
        parts[-1].append([])
    if seen == "><":
        before, between, after = parts
        return [before + after, between]
    return parts
