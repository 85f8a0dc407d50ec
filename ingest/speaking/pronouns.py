"""Whom a word means that names nobody: "she", "they", "who", "the pair"; by who is named, and who spoke, before it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, islice

from ingest.speaking.couples import only_pair
from ingest.speaking.labels import SEVERAL
from ingest.speaking.named import AMBIGUOUS, DESCRIPTION, PRONOUN, ROLE, UNRESOLVED, People
from ingest.speaking.small_words import GENDER
from ingest.text.names import Mention
from ingest.text.sources import NOUN_GENDERS, ending_list, is_body, joined
from rag.schema import Speaker

PAIR = 2
RECENT = 50  # Statements back in which the one who spoke is looked for.
FAR = 3000  # Characters before a pronoun beyond which no subject is looked for.
# Characters before a pronoun in which a person who did not speak is looked for: of 300, 600, 1000 and 1500 the best
# on the development set (gold spans: right 0.888, 0.893, 0.893, 0.879; full name 0.811, 0.825, 0.825, 0.825).
LOOK_BACK = 600
INDEFINITE = frozenset("a an one some another two three four five several many most all".split())
# What stands between a name and the "who" that means it.
BESIDE = re.compile(r"(?:,\s+(?:an?|the)\b[^,.;:“”\"\n]{1,90})?\s*[,–—-]?\s*")


class Pronouns:
    """Who spoke so far, and whom a pronoun means then. Ask in reading order."""

    def __init__(self, people: People) -> None:
        self._people, self._text = people, people.text
        self._meant = (-FAR, "", "")
        self._spoken: list[tuple[int, Speaker]] = []
        self._ended = 0  # Where the last source does.

    def note(self, source: str, position: int, speaker: Speaker) -> None:
        """Remember that `speaker` is the source standing at `position`."""
        self._spoken.append((position, speaker))
        self._ended = position + len(source)

    def singular(self, pronoun: str, position: int) -> Speaker:
        """The subject of the last sentence that names a person, or else whoever spoke last, or was named."""
        wanted = GENDER[pronoun]
        before, gender_before, name_before = self._meant
        # "He" is not whom "she" was a little before.
        other = name_before if gender_before != wanted and position - before < LOOK_BACK else None
        since = max(self._spoken[-1][0] if self._spoken else -1, position - FAR)
        # In "Hale, she said, had left" she is not Hale.
        subjects = [
            m
            for m in self._people.told_between(since, position)
            if self._people.opens_sentence(m, position) and self._text[m.end : position].strip() != ","
        ]
        named = [m for m in self._people.told_between(position - LOOK_BACK, position) if not m.is_body]
        spoken = (
            speaker
            for _, speaker in self._spoken[: -RECENT - 1 : -1]
            if not (is_body(speaker.name) or SEVERAL.search(speaker.name))
        )
        last = list(islice(spoken, 1))
        candidates = chain(
            ((self._people.person(m, m.start), False) for m in reversed(subjects)),
            ((person, True) for person in self._only_one_here(since, position)),
            ((one, False) for one in last if one.confidence > DESCRIPTION or one.name in self._people.persons),
            # Farther away, only a person whose gender is known to agree will do.
            ((speaker, True) for speaker in chain(last, spoken)),
            ((self._people.person(m, m.start), True) for m in reversed(named)),
            # In "Hale left. Asked by a reporter if he would resign, he said" he is Hale.
            (
                (p, False)
                for s in last
                if s.name.split()[0].lower() in INDEFINITE
                for p in self._only_one_here(-1, position)
            ),
            ((speaker, False) for speaker in last),
        )
        for person, strict in candidates:
            gender = self._people.genders.get(person.name)
            agrees = gender == wanted if strict else gender in (None, wanted) and person.name != other
            if person.confidence >= AMBIGUOUS and agrees:
                self._meant = (position, wanted, person.name)
                return Speaker(person.name, person.role, min(PRONOUN, person.confidence))
        return Speaker(pronoun, None, UNRESOLVED)

    def _only_one_here(self, since: int, position: int) -> list[Speaker]:
        """The one person whom a new paragraph names before `position`; nobody in the paragraph of the last speaker."""
        low = max(0, position - LOOK_BACK)
        start = max(low, self._text.rfind("\n", low, position) + 1)
        if since >= start:
            return []
        told = self._people.told_between(start - 1, position)
        whole = [m for m in told if not m.is_body and m.surname in self._people.full]
        people = list({person.name: person for m in whole for person in [self._people.person(m, m.start)]}.values())
        return people if len(people) == 1 else []

    def who(self, position: int) -> Speaker:
        """Whom "who" means: the person named right before it, an apposition aside, and nobody else."""
        for mention in reversed(self._people.told_between(position - LOOK_BACK, position)):
            if BESIDE.fullmatch(self._text, mention.end, position):
                return Speaker("who", None, UNRESOLVED) if mention.is_body else self._people.person(mention, position)
        return Speaker("who", None, UNRESOLVED)

    def they(self, source: str, position: int) -> Speaker:
        """ "they" are those who spoke last together, if nobody is named since."""
        last = self._spoken[-1][1] if self._spoken else None
        if last and " and " in last.name and not self._people.told_between(self._ended, position):
            return Speaker(last.name, None, min(PRONOUN, last.confidence))
        return self._last_together(position) or Speaker(source, None, UNRESOLVED)

    def two(self, source: str, position: int) -> Speaker:
        """ "the pair" are the two named together last, or ever, "the two men" the two named before if no third is."""
        gender = NOUN_GENDERS.get(source.split()[-1].lower())
        if not gender and (pair := self._last_together(position)) and pair.name.count(", ") == 0:
            return pair
        if not gender and (two := only_pair(self._text, self._people.told_between(-1, position))):
            return self._people.together(two, position)
        near = [m for m in self._persons_before(position) if m.surname in self._people.full]
        persons = (self._people.person(m, m.start) for m in near)
        names = dict.fromkeys(person.name for person in persons if person.confidence > AMBIGUOUS)
        known = [name for name in names if not gender or self._people.genders.get(name) in (None, gender)]
        return Speaker(joined(known), None, ROLE) if len(known) == PAIR else Speaker(source, None, UNRESOLVED)

    def _last_together(self, position: int) -> Speaker | None:
        """Those who were named together last, no other person since: "Lee and Hale rowed. They said so."."""
        told = self._persons_before(position)
        end = next((m.end for m in reversed(told) if m.surname in self._people.full), position)
        several = ending_list([self._text[m.start : end] for m in told if m.end < end])
        both = self._people.together(several, position) if several else None
        return both and replace(both, confidence=min(PRONOUN, both.confidence))

    def _persons_before(self, position: int) -> list[Mention]:
        """Who is named shortly before: those who surely are persons, or else all who may be."""
        told = [m for m in self._people.told_between(position - LOOK_BACK, position) if not m.is_body]
        return [m for m in told if m.body is False] or told
