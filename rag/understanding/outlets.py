"""The outlets that a question names, and whether it asks for what one of them was told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

ARTICLE = re.compile(r"the\s+", re.I)
# Before an outlet that was told: the verb, which stays what is asked for, or an interview.
TOLD = (
    r"\b(?:(?P<verb>tell|tells|told|telling|(?P<say>say|says|said|saying)\s+to)"
    r"|(?:in|to|during)\s+(?:\w+\s+)?interview\s+(?:with|to|for|in))\s+"
)
SAID = {"tell": "say", "tells": "says", "told": "said", "telling": "saying"}


def outlets_in(question: str, publications: Iterable[str]) -> tuple[str, ...]:
    """The publications that stand in a question."""
    return tuple(name for name in publications if stands_in(name, question))


def stands_in(name: str, text: str) -> bool:
    """True when a text has a name as whole words."""
    return re.search(_whole(name), text, re.I) is not None


def told_to(question: str, outlets: Sequence[str]) -> tuple[str, str]:
    """The words that say which outlet was told, and what stays of them; empty where none was.

    "tell The Echo" and "say"; "in an interview with the Echo" and nothing.
    """
    for name in outlets:
        match = re.search(rf"{TOLD}(?:the\s+)?{_whole(ARTICLE.sub('', name, count=1))}", question, re.I)
        if match:
            verb = match["say"] or match["verb"] or ""
            return match.group(), SAID.get(verb.lower(), verb)
    return "", ""


def _whole(name: str) -> str:
    return rf"(?<!\w){re.escape(name)}(?!\w)"
