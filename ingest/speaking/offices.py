"""Words before a name that are no part of it, as the rest of the article shows: "DS Lee" beside Detective Sergeant Lee.

In: the names of an article. Out: the same, each without such a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from ingest.text.names import Mention

ARTICLE = "the "
OPENS = re.compile(r"(?:\A|[.!?”\"\n]\s*)$")  # What stands before the head of a sentence.
MOST_LETTERS = 4  # "DCI" and "HMCI".
WHOLE = 2  # Words of a full name.


def without_offices(text: str, named: Sequence[Mention], called: Set[str]) -> list[Mention]:
    """The mentions without an office's initials, and without the words that only describe somebody.

    `called` are those that describe somebody elsewhere.
    """
    offices = {(m.surname, _initials(m.role)): m.role for m in named if m.role and len(m.tokens) > 1}
    led = _led_up(text, named)
    begun = _begun(text, led)
    alone = {m.tokens[0] for m in named if _has_article(text, m)}
    of_people = alone.intersection(text[m.run : m.start].strip() for m in led if m.body is not True)
    made: list[Mention] = []
    for mention in led:
        if (word := text[mention.run : mention.start].strip()) in of_people:
            made.append(replace(mention, role=mention.role or word))
        elif not (mention.tokens[0] in of_people and _has_article(text, mention)):
            shorter = _shorter(text, mention) if mention.tokens in begun else mention
            made.append(_without_word(text, _without_initials(text, shorter, offices), called))
    return made


def _begun(text: str, named: Sequence[Mention]) -> set[tuple[str, ...]]:
    """The names that sentences begin with a word more than they have elsewhere: "Vet Ann Lee" of Ann Lee.

    Only at the heads of sentences, where any word has a capital, and where "Lee" stands alone, too: who is also called
    by both surnames is seldom called by the last alone. Of 211 articles so 11 persons are, and none loses a first name.
    """
    whole = {m.tokens for m in named if m.body is False}
    alone = {m.tokens[0] for m in named if len(m.tokens) == 1}
    longer = [m for m in named if len(m.tokens) > WHOLE and m.tokens[1:] in whole and m.tokens[-1] in alone]
    within = {m.tokens for m in longer if m.body is not False or not OPENS.search(text, max(0, m.run - 3), m.run)}
    return {m.tokens for m in longer} - within


def _led_up(text: str, named: Sequence[Mention]) -> list[Mention]:
    """The mentions, those of persons from where the name of a people or a body leads up to them."""
    made: list[Mention] = []
    for mention in named:
        if made and _leads_up(text, made[-1], mention):
            made[-1] = replace(mention, run=made[-1].run)
        else:
            made.append(mention)
    return made


def _leads_up(text: str, before: Mention, after: Mention) -> bool:
    """True for the name of a people or a body right before a person's: "Canadian Ann Lee"."""
    is_word = before.body is not False and len(before.tokens) == 1 and before.run == before.start
    is_person = after.body is not True and len(after.tokens) > 1 and after.run == after.start
    return is_word and is_person and text[before.end : after.start] == " "


def _has_article(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.run - len(ARTICLE)) : mention.run]
    return len(mention.tokens) == 1 and mention.run == mention.start and before.lower() == ARTICLE


def _without_initials(text: str, mention: Mention, offices: Mapping[tuple[str, str], str]) -> Mention:
    """ "Kettle" of "DS Kettle", where someone of that surname is a detective sergeant."""
    first = mention.tokens[0]
    is_short = len(mention.tokens) > 1 and first.isupper() and 1 < len(first) <= MOST_LETTERS
    role = offices.get((mention.surname, first)) if is_short else None
    return replace(_shorter(text, mention), role=role) if role else mention


def _without_word(text: str, mention: Mention, called: Set[str]) -> Mention:
    """ "Hugo Lamb" of "Briton Hugo Lamb", where the article has "the Briton" as well."""
    is_longer = len(mention.tokens) > WHOLE and mention.body is False and mention.tokens[0] in called
    is_longer = is_longer and OPENS.search(text, max(0, mention.run - 3), mention.run) is not None
    return _shorter(text, mention) if is_longer else mention


def _shorter(text: str, mention: Mention) -> Mention:
    """The mention without its first word, which leads up to it as a title does."""
    start = text.index(mention.tokens[1], mention.start + len(mention.tokens[0]))
    return replace(mention, start=start, tokens=mention.tokens[1:])


def _initials(role: str) -> str:
    return "".join(word[0] for word in role.split()).upper()
