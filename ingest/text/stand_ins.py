"""Names that are English words, put otherwise for the networks, which see no capitals: "Said" is no verb.

In: an article's text. Out: the text, as long as before, with another name in the place of each such one.
"""

from __future__ import annotations

import re

from ingest.text.names import SMALL_WORDS, TITLES
from rag.people.names import PRONOUNS

# Without capitals, "in" leads to a place.
_IN_ARTICLE = re.compile(r"\bIn(?= [’'‘]t [^\W\d_a-z])")
_STAND_INS = {"Said": "Saad"}
_VERB = re.compile(rf"\b(?:{'|'.join(_STAND_INS)})\b")
_BEFORE = re.compile(r"([\w’'-]+)([.,;]?) \Z")  # The word before another, and what ends it.
_FAR = 30  # Characters in which it is looked for.
_LONG_IN_SMALL = re.compile(r"\b[^\W\d_A-Z]\w{3,}")  # In a headline with capitals all long words have one.
_FOLLOWING = re.compile(r" ([^\W\d_A-Z][\w’'-]*)")  # A word in small letters behind another.


def with_stand_ins(text: str) -> str:
    """The text with "Op ’t Hout" for "In ’t Hout", and with another name for one that is a verb of saying.

    With a capital within a sentence it is a name. At a head it is one in the text that has it within a sentence, too,
    if no subject follows: "Said said", not "Said the mayor".
    """
    text = _IN_ARTICLE.sub("Op", text)
    if not any(map(_is_within, _VERB.finditer(text))):
        return text
    return _VERB.sub(lambda found: _STAND_INS[found[0]] if _is_name(found) else found[0], text)


def _is_within(found: re.Match[str]) -> bool:
    """True within a sentence, behind a title, too; not in the name of a work such as "She Said", nor in a headline."""
    before = _BEFORE.search(found.string, max(0, found.start() - _FAR), found.start())
    if before is None or (before[1][0].isupper() and before[1].lower() in PRONOUNS):
        return False
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
    return _LONG_IN_SMALL.search(line) is not None and (before[2] != "." or before[1].lower() in TITLES)


def _is_name(found: re.Match[str]) -> bool:
    following = _FOLLOWING.match(found.string, found.end())
    is_subject = following is None or following[1].lower() in SMALL_WORDS
    return _is_within(found) or not is_subject
