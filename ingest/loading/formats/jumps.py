"""Join an article that a newspaper continues on a later page to its beginning.

In: the lines of pages, in reading order. Out: parts, each the pages of one text. The lines that say where an article
goes on, and from where it comes, are no text and are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.loading.formats.lines import Line
from ingest.text.jumps import BACK, ONWARD, jump_of


def parts_of(pages: Sequence[Sequence[Line]]) -> list[list[list[Line]]]:
    """The parts of a text that such lines part; where there is one of each, the article is one part, the first.

    Where the one stands right below the other, the text goes on, however many there are.
    """
    parts: list[list[list[Line]]] = [[[]]]
    seen: list[tuple[str, str]] = []
    for page in pages:
        for line in page:
            jump = jump_of(line.text)
            if jump is None:
                parts[-1][-1].append(line)
                continue
            seen.append(jump)
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
    return [mark for mark, _ in seen] == [ONWARD, BACK] and len(words) < len(seen)
