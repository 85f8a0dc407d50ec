"""Other people's text in a prompt: as data, on a line that begins with a mark of ours, with no mark of ours in it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

# Brackets are what our numbers, our fence and the control words of chat models ("<|im_end|>", "[INST]") are made of.
BRACKETS = str.maketrans({"[": "(", "]": ")", "<": "‹", ">": "›", "＜": "‹", "＞": "›", "［": "(", "］": ")"})
# English has about 4.2 bytes a token, and other alphabets have fewer: a little less makes an estimate that holds.
BYTES_PER_TOKEN = 3.5


def plain(text: str, limit: int | None = None) -> str:
    """Text on one line, without brackets and invisible characters, cut at a word behind `limit` characters."""
    spaced = "".join(char if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf") else "" for char in text)
    flat = " ".join(spaced.translate(BRACKETS).split())
    if limit is None or len(flat) <= limit:
        return flat
    return flat[: limit - 1].rsplit(" ", 1)[0] + "…"


def fenced(label: str, lines: Sequence[str]) -> str:
    """Lines between two marks that nobody who wrote the lines could know: they are made of the lines themselves."""
    body = "\n".join(lines)
    mark = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"<{label} {mark}>\n{body}\n</{label} {mark}>"


def estimated_tokens(text: str) -> int:
    """About how many tokens a model makes of a text; rather too many than too few."""
    return round(len(text.encode("utf-8", "surrogatepass")) / BYTES_PER_TOKEN)
