"""Who cannot be a source because it is theirs: she of "her husband", the minister of "the minister’s office".

In: a source's words. Out: what tells which candidates own what speaks.
"""

from __future__ import annotations

import re

from ingest.speaking.small_words import GENDER

OWNED = re.compile(r"(?P<whose>.+?)(?:['’]s|(?<=s)['’])\s+(?P<what>.+)")
OWN = {word: gender for word, gender in GENDER.items() if word in ("his", "her")}


def owner_of(phrase: str) -> tuple[str, str] | None:
    """ "the minister" and "office" of "the minister’s office"; the phrase is in lower case."""
    found = OWNED.fullmatch(phrase)
    return (found["whose"], found["what"]) if found else None


def gender_of_owner(phrase: str) -> str | None:
    """ "f" of "her husband": that of whom somebody is the husband; the phrase is in lower case."""
    first, _, rest = phrase.partition(" ")
    return OWN.get(first) if rest else None
