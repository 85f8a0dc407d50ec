"""Set off what a plain text quotes as programs for mail do, with a > before each line: a block quotation.

In: a text. Out: the same with those lines as paragraphs that are set off, without the marks and the breaks that a width
made. Whose words they are is told elsewhere.
"""

from __future__ import annotations

import re
from itertools import groupby, pairwise

from ingest.loading.common import BLOCK, without_breaks
from ingest.loading.formats.replies import joined
from ingest.text.turn_labels import FULL, OWN_WORDS

QUOTED = "lines with a > before them are read as block quotations, without that mark"
_QUOTED = re.compile(r"[ \t]?>(?:[> ]*\S|[> ]*\Z)")
_CREDIT = re.compile(r"[> \t]+[—–-]{1,2}\s*[^\W\d_]")
_PARTS = re.compile(r"\n{2,}")
# In captions two marks stand where the speaker changes, often before his name: ">> ANN LEE: Good evening."
_CHANGE = re.compile(r"[ \t]?>>\s*[^>\s]")
_LABEL = re.compile(rf"[ \t]?>>\s*(?:[^\W\d_a-z][^a-z:>\n]+|{FULL}(?:, [^:.!?]{{2,80}})?):\s")
_WHOLE = re.compile(r"[.!?…—–-][”\"’')\]]*\s*\Z")
_CHANGES = 2  # So many of them.
_ASKS = 0.5  # Where so large a share of what is quoted asks, the answers stand below: nobody whom the text names asks.


def text_with_quoted(text: str) -> str | None:
    """The text with its quoted lines set off; None where nothing tells that somebody says them, and where they ask."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    runs = [(is_quoted, list(run)) for is_quoted, run in groupby(lines, lambda line: _QUOTED.match(line) is not None)]
    if _are_turns(runs):
        return None
    blocks = [_set_off(run) for (_, above), (is_quoted, run) in pairwise(runs) if is_quoted and _is_said(above, run)]
    if not blocks or sum(block.endswith("?") for block in blocks) >= _ASKS * len(blocks):
        return None
    parts = (_set_off(run) if is_quoted else "\n".join(run).strip("\n") for is_quoted, run in runs)
    return "\n\n".join(part for part in parts if part)


def _are_turns(runs: list[tuple[bool, list[str]]]) -> bool:
    """True where two marks stand before names with a colon, or each begins a turn that ends on its line.

    To what is quoted a colon leads, or its lines have one mark, or end where their width did.
    """
    marked = [line for is_quoted, run in runs if is_quoted for line in run]
    if sum(_LABEL.match(line) is not None for line in marked) >= _CHANGES:
        return True
    is_led = any(" ".join(above).rstrip().endswith(":") for (_, above), (is_quoted, _) in pairwise(runs) if is_quoted)
    are_changes = all(_CHANGE.match(line) and _WHOLE.search(line) and not _CREDIT.match(line) for line in marked)
    return are_changes and not is_led and len(marked) >= _CHANGES


def _is_said(above: list[str], run: list[str]) -> bool:
    """True where a colon leads to the lines, a dash below them names somebody, or more than one of them says "I"."""
    is_led = " ".join(above).rstrip().endswith(":")
    return is_led or (len(run) > 1 and (_CREDIT.match(run[-1]) or OWN_WORDS.search(" ".join(run))) is not None)


def _set_off(lines: list[str]) -> str:
    """The paragraphs of quoted lines: those that a mark alone parts, each with its lines put together."""
    apart = [part for line in lines for part in (["", line.strip()] if _CREDIT.match(line) else [line.strip()])]
    words = "\n".join(line.words for line in joined(apart))
    paragraphs = (without_breaks(paragraph.strip("\n")) for paragraph in _PARTS.split(words))
    return "\n\n".join(BLOCK + paragraph.replace("\n", f"\n{BLOCK}") for paragraph in paragraphs if paragraph.strip())
