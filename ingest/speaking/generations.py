"""Father and son of one name: Bo Lee Sr. and Bo Lee Jr. are two, and "the elder Lee" is the first of them.

In: the names of an article. Out: the same, each with the suffix of whom it means, where the article has one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.text.names import Mention, suffixes

# What an article calls whoever bears a suffix, before the surname.
CALLED = re.compile(r"\b(?:(elder|older|senior)|(?:younger|junior)) $", re.I)
LONGEST_CALLED = 9  # Characters of such a word with the space behind.
FATHER = "sr"
Name = tuple[str, str]  # Surname and first name.


def told_apart(text: str, found: Sequence[Mention]) -> list[Mention]:
    """The mentions, Bo Lee with the suffix that this name has elsewhere: the last one before, or else the first."""
    last: dict[Name, Mention] = {}
    of_surname: dict[str, dict[str, Mention]] = {}
    for mention in reversed(found):
        if suffixes(mention.tokens):
            last[_name(mention)] = mention
            of_surname.setdefault(mention.surname, {})[mention.given] = mention
    made = []
    for mention in found:
        if suffixes(mention.tokens):
            last[_name(mention)] = mention
        elif len(mention.tokens) > 1 and _name(mention) in last:
            mention = replace(mention, tokens=(*mention.tokens, last[_name(mention)].tokens[-1]))
        elif len(mention.tokens) == 1 and (kin := of_surname.get(mention.surname)):
            mention = _by_age(text, mention, [*kin.values()])
        made.append(mention)
    return made


def _name(mention: Mention) -> Name:
    return mention.surname, mention.tokens[0]


def _by_age(text: str, mention: Mention, kin: Sequence[Mention]) -> Mention:
    """ "The elder Lee" under the whole name of the one who is called Sr., and "the younger Lee" of the other."""
    called = CALLED.search(text, max(0, mention.run - LONGEST_CALLED), mention.run)
    is_elder = called is not None and called[1] is not None
    meant = [one for one in kin if (FATHER in suffixes(one.tokens)) == is_elder]
    if called is None or len(kin) < 2 or len(meant) != 1:
        return mention
    return replace(mention, tokens=meant[0].tokens, role=None)
