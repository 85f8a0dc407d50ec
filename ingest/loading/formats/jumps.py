"""Join an article that a newspaper continues on a later page to its beginning.

In: the lines of pages, in reading order. Out: parts, each the pages of one text. The lines that say where an article
goes on, and from where it comes, are no text and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.loading.formats.lines import Line

_CONTINUED = r"(?i:continue[ds]|cont[’']?d|cont\.)"
_WORD = r"(?P<word>[^\W\d_a-z][A-Z’' -]{1,30}),? "  # By which a reader finds the other half: "RENT, from page 1".
_PAGE = r"(?:(?i:page|p\.) ?[A-Z]?|[A-Z])\d{1,3}\W{0,3}"
_ONWARD = re.compile(
    rf"\W{{0,3}}(?:{_CONTINUED} (?i:on|at) {_PAGE}|(?i:(?:please )?turn to ){_PAGE}|(?i:see ){_WORD}{_PAGE})"
)
_BACK = re.compile(rf"\W{{0,3}}(?:{_WORD})?(?:{_CONTINUED} (?i:from) |(?i:from) ){_PAGE}")


def parts_of(pages: Sequence[Sequence[Line]]) -> list[list[list[Line]]]:
    """The parts of a text that such lines part; where there is one of each, the article is one part, the first.

    Where the one stands right below the other, the text goes on, however many there are.
    """
    parts: list[list[list[Line]]] = [[[]]]
    seen: list[tuple[str, str]] = []  # A mark for each such line, and its word.
    for page in pages:
        for line in page:
            text = line.text.strip()
            onward, back = _ONWARD.fullmatch(text), _BACK.fullmatch(text)
            jump = onward or back
            if jump is None or text[0].islower():
                parts[-1][-1].append(line)
                continue
            seen.append((">" if onward else "<", jump["word"] or ""))
            parts.append([[]])
        parts[-1].append([])
    for number in range(len(seen) - 2, -1, -1):
        is_empty = not any(line.text.strip() for page in parts[number + 1] for line in page)
        if is_empty and _lead_on(seen[number : number + 2]):
            parts[number : number + 3] = [parts[number] + parts[number + 2]]
            del seen[number : number + 2]
    if _lead_on(seen):
        before, between, after = parts
        return [before + after, between]
    return parts


def _lead_on(seen: Sequence[tuple[str, str]]) -> bool:
    """True for a line that leads onward and one that leads back from where it leads, with the same word if any."""
    words = {word for _, word in seen if word}
    return [mark for mark, _ in seen] == [">", "<"] and len(words) < len(seen)
