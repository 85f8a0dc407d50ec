"""Name the speakers: from a source such as "Ms. Hale", "he" or "the minister" to one person or body.

The names and roles all come from the article itself; where they do not settle who is meant, the
source's own words stand as the name and the confidence is low.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from itertools import pairwise

from ingest.speaking.labels import described
from ingest.speaking.named import DESCRIPTION, ROLE, START, UNRESOLVED, People
from ingest.speaking.pronouns import INDEFINITE, Pronouns
from ingest.speaking.small_words import GENDER
from ingest.text import sources
from ingest.text.names import Mention, mentions, role_noun
from ingest.text.sources import HAILS, JOINT, NOUN_GENDERS, heads, is_past, listed, particulars, unlike
from rag.schema import Speaker

OTHER_PRONOUNS = frozenset("we it i you which that this".split())
ANSWER = ("A", "A.", "A:", "Answer")
LABELS = re.compile(r"[^\S\n]*(?:[:(\[,\n\]]|\d)")  # What follows the name in a label.
NEAREST = 50  # Holders of a role that are looked through on either side.
# "From the desk of Ann Lee:" above what she writes.
SENDER = re.compile(r"(?:\A|\n)(?:and )?from $", re.I)


class Speakers:
    """Who speaks, of the people of an article. Ask for speakers in reading order."""

    def __init__(self, people: People) -> None:
        self._people, self._text = people, people.text
        self._pronouns = Pronouns(people)
        self._interviewed: Speaker | None = None
        self._present: dict[str, list[Mention]] = {}
        self._only: dict[str, Speaker | None] = {}

    def speaker(self, source: str, position: int) -> Speaker:
        """Who `source`, standing at `position`, is."""
        speaker = self._resolve(source.strip(), position)
        if speaker.confidence >= DESCRIPTION:
            if speaker.confidence == DESCRIPTION:
                self._people.genders.setdefault(speaker.name, NOUN_GENDERS.get(role_noun(speaker.name)))
            self._pronouns.note(source, position, speaker)
        return speaker

    def interviewed(self, position: int) -> Speaker | None:
        """Who answers in an interview that begins at `position`; None where the text does not say."""
        speaker = self._answering(position)
        return speaker if speaker.confidence >= DESCRIPTION else None

    def _resolve(self, source: str, position: int) -> Speaker:
        low = source.lower()
        if low.partition(" ")[0] == "who":
            return self._pronouns.who(position)
        if low in GENDER:
            return self._pronouns.singular(low, position)
        if low == "they":
            return self._pronouns.they(source, position)
        if low in OTHER_PRONOUNS:
            return Speaker(source, None, UNRESOLVED)
        if source in ANSWER:
            return self._answering(position)
        if labelled := self._labelled(source, position):
            return labelled
        if sources.TWO.fullmatch(low):
            return self._pronouns.two(source, position)
        several = listed(source) or sources.behind_offices(source) or sources.led_to(source)
        full, persons = self._people.full, self._people.persons
        whole = (m for m in several if len(m.tokens) > 1 or m.run < m.start or m.surname in full)
        # In "Ann and Bo Lee" Ann is surely a person; of a firm called "Hale, Lee and Sons" nobody is.
        firsts = several[:-1] if several and len(several[-1].tokens) > 1 else []
        known = {*whole, *(m for m in firsts if " ".join(m.tokens) in persons)}
        if len(several) > 1 and len(known) == len(several):
            return self._people.together(several, position)
        return (
            self._named(source, position)
            or self._by_role(source, position)
            or Speaker(described(source), None, DESCRIPTION)
        )

    def _answering(self, position: int) -> Speaker:
        """Who is marked A in an interview: whom the title and the text before its first answer name most.

        Of two who are named as often, the one in the title: who asks is named below it.
        """
        if self._interviewed is None:
            # Who stands before a colon asks, as in "BY MR. HALE:", and Q is nobody; "Dear Ann," greets her.
            told = [
                m
                for m in self._people.told_between(-1, position)
                if not m.is_body and m.surname in self._people.full and self._text[m.end : m.end + 1] != ":"
                if not self._text.startswith(",\n", m.end)
            ]
            # Of two who are named together the first is no more the one than the other.
            told += [
                m
                for m, after in pairwise([*told, None])
                if m and self._people.opens_sentence(m) and not (after and self._text[m.end : after.run] == " and ")
            ]
            titled = [m for m in self._people.titled if m.surname in self._people.full or len(m.tokens) > 1]
            counts = Counter(self._people.person(m, m.start).name for m in (*told, *titled))
            most = [name for name in counts if counts[name] == max(counts.values())]
            if len(most) > 1:
                most = [name for name in most if name in {self._people.person(m, m.start).name for m in titled}]
            self._interviewed = (
                Speaker(most[0], None, DESCRIPTION) if len(most) == 1 else Speaker("A", None, UNRESOLVED)
            )
        return self._interviewed

    def _labelled(self, source: str, position: int) -> Speaker | None:
        """Whom a label in a transcript means by a first name or by initials; "THE WITNESS" is a description."""
        end = position + len(source)
        if source.startswith("The ") and self._text[end : end + 1] == "." and self._text[:position].endswith("\n"):
            return self._by_role(source, position) or Speaker(described(source), None, DESCRIPTION)
        if not (self._text[:position].endswith(("\n", " ", "[")) or position == 0) or not LABELS.match(self._text, end):
            return None
        if source.isupper() and source.startswith("THE "):
            return self._by_role(source.lower(), position) or Speaker(described(source), None, DESCRIPTION)
        names = self._people.by_first_name.get(source, set()) or sources.by_initials(source, self._people.longest)
        if source.lower() in self._people.full or len(names) != 1:
            return None
        tokens = self._people.longest[next(iter(names))]
        return Speaker(" ".join(tokens), self._people.role(tokens, None), ROLE)

    def _named(self, source: str, position: int) -> Speaker | None:
        """The person, or those together, whom a source names itself."""
        within = self._people.within(source, position)
        if SENDER.search(self._text, max(0, position - len("\nAnd from ")), position):
            core = len(sources.without_clause(source))
            senders = [m for m in within or () if m.end <= core and len(m.tokens) > 1 and not m.is_body]
            if len(senders) == 1:
                return self._people.person(senders[0], position)
        clear = sources.closing(source, within) or heads(sources.without_clause(source), within)
        named = clear or heads(sources.without_relative(source), within) or self._hailing(source)
        named = named or sources.led_to_body(source, within)
        whole = [m for m in named if len(m.tokens) > 1] or named[-1:]
        if len(whole) > 1 and JOINT.search(source):
            return self._people.together(whole, position)
        return self._people.person(whole[-1], position) if whole else None

    def _hailing(self, source: str) -> list[Mention]:
        """Hale of "Hale of the Pilots’ Union", who is surely a person or has a full name in the article."""
        first = [m for m in mentions(source)[:1] if not m.run and HAILS.match(source, m.end)]
        return [m for m in first if m.surname in self._people.full or " ".join(m.tokens) in self._people.persons]

    def _by_role(self, source: str, position: int) -> Speaker | None:
        """ "the minister" is the last person named before, or the only one at all, whose role turns on that noun.

        Not "a minister" or "ministers", and "the mayor of Halvick" only a mayor whose role or name has Halvick.
        """
        first = source.split(maxsplit=1)[0].lower() if source else ""
        if first in INDEFINITE or " and " in source or " nor " in source:
            return None
        noun, wanted = role_noun(source), particulars(source)
        # Whom the words name besides is not whom they describe: "Sister Lee’s sister" is no Sister Lee.
        besides = {self._people.person(m, position).name for m in self._people.within(source, position) or ()}
        held = self._held(noun, source)
        before = bisect_left(held, position, key=START)
        if wanted and (only := self._only_holder(noun)) and only.name not in besides:
            return Speaker(only.name, only.role, min(ROLE, only.confidence))
        # The nearest are enough, and an article can name thousands.
        for holders in (held[max(0, before - NEAREST) : before][::-1], held[before : before + NEAREST]):
            alike = (m for m in holders if not unlike(source, m.role or ""))
            fitting = [m for m in alike if not wanted or wanted & particulars(f"{m.role} of {' '.join(m.tokens)}")]
            named = [(m, p) for m in fitting for p in [self._people.person(m, m.start)] if p.name not in besides]
            people = {p.name: p for _, p in named}
            if people and (named[0][0].start < position or len(people) == 1):
                person = next(iter(people.values()))
                return Speaker(person.name, person.role, min(ROLE, person.confidence))
        return None

    def _held(self, noun: str, source: str) -> list[Mention]:
        """Who has an office; "the mayor" is nobody who is called a former one where one other has it now."""
        held = self._people.holders.get(noun, []) if noun else []
        if is_past(source):
            return held
        if noun not in self._present:
            present = [m for m in held if not is_past(m.role or "")]
            self._present[noun] = present if len({m.surname for m in present}) == 1 else held
        return self._present[noun]

    def _only_holder(self, noun: str) -> Speaker | None:
        """Who alone has a role that says no more than that noun: "Mayor Hale" can be "the mayor of Halvick"."""
        if noun not in self._only:
            held = self._people.holders.get(noun, [])
            names = {(m.surname, m.given) for m in held}
            plain = len(names) == 1 and not any(particulars(m.role or "") for m in held)
            self._only[noun] = self._people.person(held[0], held[0].start) if plain else None
        return self._only[noun]
