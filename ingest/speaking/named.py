"""Everybody whom an article or its title names: the fullest name and the role of each, and where they are named.

In: the mentions of an article. Out: for a mention, one person or body. Who speaks is not known here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from ingest.speaking.generations import told_apart
from ingest.speaking.given import genders
from ingest.speaking.labels import with_roles
from ingest.speaking.namesakes import Namesakes, genders_of, outside, unquoted
from ingest.text.capitals import in_title_case
from ingest.text.names import LOWER_WORD, Mention, in_small_letters, mentions, moved, role_noun
from ingest.text.short_names import with_given_names, with_surnames
from ingest.text.sources import joined
from rag.schema import Quote, Speaker

# How sure a kind of evidence is: an order set by judgement, not measured probabilities.
FULL_NAME, SURNAME, ROLE, PRONOUN, DESCRIPTION, AMBIGUOUS, UNRESOLVED = 1.0, 0.95, 0.75, 0.7, 0.6, 0.5, 0.3

# What a person is, at the head of a sentence before the name: "The owner, Ann Lee, …".
APPOSED, FAR_APPOSED = re.compile(r"\b(?:The|An?|His|Her|Its|Their) [^,.;:“”\"\n]{2,60}, \Z"), 70
# What begins "Bashing Hale" in a headline is nobody's first name if a namesake has another.
VERBAL = re.compile(r"\wing$")
START = attrgetter("start")


class People:
    """Everybody whom article or title names, each under the fullest name."""

    def __init__(
        self,
        text: str,
        quotes: Sequence[Quote],
        title: str,
        found: Sequence[Mention],
        women: Mapping[str, float] | None = None,
    ) -> None:
        """`women` tells of first names how likely a woman bears each."""
        self.text = text
        self.women = women or {}
        self.shared: Mapping[str, str] = {}  # The surname of a first name whose bearer is named with a namesake.
        title = in_title_case(title)
        self.titled = mentions(title)
        spelt = with_surnames(text, with_given_names(in_small_letters(found, self.titled)))
        self.mentions = told_apart(text, with_roles(text, spelt, quotes))
        self._told = outside(self.mentions, quotes)
        self.full: dict[str, list[Mention]] = {}
        self.longest: dict[tuple[str, str], tuple[str, ...]] = {}
        self._roles: dict[tuple[str, ...], str] = {}
        self.holders: dict[str, list[Mention]] = {}
        self._alone: dict[str, list[Mention]] = {}
        self.by_first_name: dict[str, set[tuple[str, str]]] = {}
        for mention in [*self._from_title(title), *self.mentions]:
            self._note(mention)
        self._lower = frozenset(LOWER_WORD.findall(text))
        self._known: dict[tuple[str, str | None], Namesakes] = {}
        self.persons = {" ".join(m.tokens) for m in self.mentions if m.body is False}  # For sure.
        self.genders: dict[str, str | None] = {}
        people = [self.person(mention, mention.start) for mention in self._told]
        sure = [person.name if person.confidence >= SURNAME else None for person in people]
        self.genders = genders_of(unquoted(text, quotes), self._told, sure, genders(self.women))
        self._known.clear()

    def _from_title(self, title: str) -> list[Mention]:
        """The persons whom the title names in full and the text by surname alone, as if before the text."""
        whole = {m.surname for m in self.mentions if len(m.tokens) > 1}
        bare = {m.surname for m in self.mentions} - whole
        return [
            replace(m, run=-1, start=-1, end=-1)
            for m in mentions(title)
            if len(m.tokens) in (2, 3) and m.surname in bare and not m.is_body
        ]

    def _note(self, mention: Mention) -> None:
        """Keep what later look-ups need, so that each of them does not read the whole article again."""
        if mention.role:
            self.holders.setdefault(role_noun(mention.role), []).append(mention)
        if len(mention.tokens) == 1:
            self._alone.setdefault(mention.surname, []).append(mention)
            return
        self.full.setdefault(mention.surname, []).append(mention)
        name = (mention.surname, mention.given)
        self.by_first_name.setdefault(mention.tokens[0], set()).add(name)
        self.longest[name] = max(self.longest.get(name, ()), mention.tokens, key=len)
        if mention.role:
            self._roles[mention.tokens] = max(self._roles.get(mention.tokens, ""), mention.role, key=len)

    def person(self, named: Mention, position: int) -> Speaker:
        """The person of that name, under the fullest form that the article has."""
        if len(named.tokens) > 1:
            longest = self.longest.get((named.surname, named.given), named.tokens)
            return Speaker(" ".join(longest), self.role(longest, named.role), FULL_NAME)
        known = self._namesakes(named.surname, named.gender)
        if not known.mentions:
            return self._by_given_name(named)
        owner = known.owner
        if owner:
            # Nobody's, where a namesake is named in full since the surname last stood alone.
            alone = self._alone.get(named.surname, [])
            last = bisect_left(alone, position, key=START)
            others = known.between(alone[last - 1].start if last else 0, position)
            owner = None if any(m.given != owner.given for m in others) else owner
        before = known.mentions[max(0, bisect_right(known.mentions, position, key=START) - 1)]
        tokens = self.longest[named.surname, (owner or before).given]
        sure = SURNAME if known.one else DESCRIPTION if owner else AMBIGUOUS
        # "The elder Lee" says of neither Lee that he is that.
        return Speaker(" ".join(tokens), self.role(tokens, named.role if sure > AMBIGUOUS else None), sure)

    def _by_given_name(self, named: Mention) -> Speaker:
        """ "Jane" is the only one of that first name named in full, if a gender shows her a person."""
        names = self.by_first_name.get(named.tokens[0], set())
        tokens = self.longest[next(iter(names))] if len(names) == 1 else ()
        if self.genders.get(" ".join(tokens)):
            return Speaker(" ".join(tokens), self.role(tokens, named.role), ROLE)
        return Speaker(" ".join(named.tokens), named.role, SURNAME if named.role else DESCRIPTION)

    def _namesakes(self, surname: str, gender: str | None) -> Namesakes:
        """The full names of that surname, less those that gender or grammar rule out."""
        if (surname, gender) not in self._known:
            full = self.full.get(surname, [])
            names = [m for m in full if not (VERBAL.search(m.tokens[0]) or m.tokens[0].lower() in self._lower)] or full
            names = [m for m in names if not self._is_called_before(m)] or names
            sure = ([m for m in names if self.genders.get(" ".join(m.tokens)) == its] for its in (gender, None))
            agreeing = next(filter(None, sure), names) if gender else names
            alone = self._alone.get(surname, [])
            self._known[surname, gender] = Namesakes.of(agreeing or names, alone[0].start if alone else 0)
        return self._known[surname, gender]

    def _is_called_before(self, whole: Mention) -> bool:
        """True for "Ann Ruiz Ortega" whom the article calls "Ruiz": "Ortega" alone is a namesake’s, if there is one."""
        within = {token.lower() for token in whole.tokens[1:-1]} - {whole.surname, *self.full}
        return any(m.tokens[0] not in self.by_first_name for word in within for m in self._alone.get(word, ()))

    def role(self, tokens: tuple[str, ...], near: str | None) -> str | None:
        """The fullest role that the article gives whoever has that name, or the one that stands by it here."""
        return max(self._roles.get(tokens, ""), near or "", key=len) or None

    def together(self, several: Sequence[Mention], position: int) -> Speaker:
        """Those several as one speaker, as sure as the least sure of them."""
        each = [self.person(m, position) for m in several]
        shared = ((person.name, self.shared.get(person.name)) for person in each)
        names = list(dict.fromkeys(f"{name} {surname}" if surname else name for name, surname in shared))
        return Speaker(joined(names), None, min(person.confidence for person in each))

    def within(self, source: str, position: int) -> tuple[Mention, ...] | None:
        """The mentions that stand in the source, counted from its beginning; None where one reaches out of it."""
        end = position + len(source)
        low, high = (bisect_left(self.mentions, at, key=START) for at in (position, end))
        found = self.mentions[low:high]
        if any(m.end > end for m in found) or (low and self.mentions[low - 1].end > position):
            return None
        return tuple(moved(m, -position) for m in found)

    def told_between(self, after: int, before: int) -> list[Mention]:
        """The mentions outside quotation marks that begin behind `after` and before `before`."""
        return self._told[bisect_right(self._told, after, key=START) : bisect_left(self._told, before, key=START)]

    def opens_sentence(self, mention: Mention, position: int | None = None) -> bool:
        """True for a person, surely or by a full name, at a sentence’s head or behind "The owner, " near `position`."""
        is_whole = mention.surname in self.full or mention.tokens[0] in self.by_first_name
        if mention.is_body or not (is_whole or mention.body is False):
            return False
        begin = mention.run
        if position is not None and "\n" not in self.text[begin:position]:
            apposed = APPOSED.search(self.text, max(0, begin - FAR_APPOSED), begin)
            begin = apposed.start() if apposed else begin
        before = self.text[max(0, begin - 2) : begin].strip(" ")
        return not before or before[-1] in '.!?\n”"'
