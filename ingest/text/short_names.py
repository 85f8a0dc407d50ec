"""Give the short forms of a name the whole one that the article has: "A. Lee", and "Ann Marie" of Ann Marie Lee.

A surname or a first name alone is for who knows everybody whom the article names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import dropwhile

from ingest.text.names import INITIALS, SUFFIXES, Mention, is_headline

SHORTEST = 2  # Words: who knows everybody tells whom one means.
Tokens = tuple[str, ...]


def with_given_names(found: Sequence[Mention]) -> list[Mention]:
    """The mentions, "A. Lee" as the one Lee whose first names begin so, if the text has one."""
    whole = {m.tokens: None for m in found if len(m.tokens) > 1 and not (m.body or INITIALS.fullmatch(m.tokens[0]))}
    return [m if m.body else replace(m, tokens=_with_given_names(m.tokens, list(whole))) for m in found]


def _with_given_names(tokens: Tokens, whole: Sequence[Tokens]) -> Tokens:
    rest = [token.lower() for token in dropwhile(INITIALS.fullmatch, tokens)]
    count = len(tokens) - len(rest)
    if not rest or not count:
        return tokens
    letters = "".join(filter(str.isalpha, "".join(tokens[:count])))
    alike = [
        name
        for name in whole
        if [token.lower() for token in name[-len(rest) :]] == rest
        and "".join(token[0] for token in name[: -len(rest)]).startswith(letters)
    ]
    return max(alike, key=len) if len({name[0] for name in alike}) == 1 else tokens


def with_surnames(text: str, found: Sequence[Mention]) -> list[Mention]:
    """The mentions, several first names, or one with a patronymic, as the one person whose longer name begins so.

    Both must surely be a person's: Port Lee is not the Port Lee Post. Nor does a name go on that ends with a surname,
    which stands alone, too, or as far as capitals of a headline do. Who is called Jr. is told apart elsewhere.
    """
    alone = {m.tokens[0] for m in found if len(m.tokens) == 1}
    begun: dict[Tokens, set[Tokens]] = {}
    for name in {m.tokens for m in found if m.body is False and len(m.tokens) > SHORTEST and not _is_set(text, m)}:
        for size in range(SHORTEST, len(name)):
            if name[size].lower().strip(".") not in SUFFIXES and name[size - 1] not in alone:
                begun.setdefault(name[:size], set()).add(name)
    return [replace(m, tokens=_longest(begun.get(m.tokens, ()), m.tokens)) if m.body is False else m for m in found]


def _is_set(text: str, mention: Mention) -> bool:
    """True for a name in a Line That Is Set Like This One."""
    end = text.find("\n", mention.end)
    return is_headline(text[text.rfind("\n", 0, mention.start) + 1 : end if end >= 0 else len(text)])


def _longest(names: Collection[Tokens], tokens: Tokens) -> Tokens:
    """The longest of the names where all are forms of it; else the tokens themselves."""
    whole = max(names, key=len, default=tokens)
    return whole if all(whole[: len(name)] == name for name in names) else tokens
