"""Name the speakers: from a source such as "Ms. Hale", "he" or "the minister" to one person or body.

The names and roles all come from the article itself; where they do not settle who is meant, the
source's own words stand as the name and the confidence is low.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice, pairwise
from operator import attrgetter

from ingest.speaking.couples import only_pair
from ingest.speaking.given import genders
from ingest.speaking.labels import described, with_roles
from ingest.speaking.namesakes import Namesakes, genders_of, outside, unquoted
from ingest.text import sources
from ingest.text.names import LOWER_WORD, Mention, in_small_letters, mentions, moved, role_noun
from ingest.text.sources import HAILS, JOINT, NOUN_GENDERS, ending_list, heads, is_body, joined, listed, particulars
from rag.schema import Quote, Speaker

# How sure a kind of evidence is: an order set by judgement, not measured probabilities.
FULL_NAME, SURNAME, ROLE, PRONOUN, DESCRIPTION, AMBIGUOUS, UNRESOLVED = 1.0, 0.95, 0.75, 0.7, 0.6, 0.5, 0.3

SINGULAR = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
OTHER_PRONOUNS = frozenset("we it i you which that this".split())
# What a person is, at the head of a sentence before the name: "The owner, Ann Lee, …".
APPOSED, FAR_APPOSED = re.compile(r"\b(?:The|An?|His|Her|Its|Their) [^,.;:“”\"\n]{2,60}, \Z"), 70
ANSWER = ("A", "A.", "A:", "Answer")
PAIR = 2
LABELS = re.compile(r"[^\S\n]*(?:[:(\[,\n\]]|\d)")  # What follows the name in a label.
NEAREST = 50  # Holders of a role that are looked through on either side.
RECENT = 50  # Statements back in which the one who spoke is looked for.
FAR = 3000  # Characters before a pronoun beyond which no subject is looked for.
# Characters before a pronoun in which a person who did not speak is looked for: of 300, 600, 1000 and 1500 the best
# on the development set (gold spans: right 0.888, 0.893, 0.893, 0.879; full name 0.811, 0.825, 0.825, 0.825).
LOOK_BACK = 600
# What begins "Bashing Hale" in a headline is nobody's first name if a namesake has another.
VERBAL = re.compile(r"\wing$")
START = attrgetter("start")
INDEFINITE = frozenset("a an one some another two three four five several many most all".split())
# "From the desk of Ann Lee:" above what she writes.
SENDER = re.compile(r"(?:\A|\n)(?:and )?from $", re.I)
# What stands between a name and the "who" that means it.
BESIDE = re.compile(r"(?:,\s+(?:an?|the)\b[^,.;:“”\"\n]{1,90})?\s*[,–—-]?\s*")


class People:
    """Everybody whom article or title names, and who spoke last. Ask for speakers in reading order."""

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
        self._interviewed: Speaker | None = None
        self.titled = mentions(title)
        self.mentions = with_roles(text, in_small_letters(found, self.titled), quotes)
        self._told = outside(self.mentions, quotes)
        self._full: dict[str, list[Mention]] = {}
        self._longest: dict[tuple[str, str], tuple[str, ...]] = {}
        self._roles: dict[tuple[str, ...], str] = {}
        self._holders: dict[str, list[Mention]] = {}
        self._alone: dict[str, list[Mention]] = {}
        self._by_first_name: dict[str, set[tuple[str, str]]] = {}
        for mention in [*self._from_title(title), *self.mentions]:
            self._note(mention)
        self._lower = frozenset(LOWER_WORD.findall(text))
        self._known: dict[tuple[str, str | None], Namesakes] = {}
        self._only: dict[str, Speaker | None] = {}
        self._meant = (-FAR, "", "")
        self._spoken: list[tuple[int, Speaker]] = []
        self._ended = 0  # Where the last source does.
        self._persons = {" ".join(m.tokens) for m in self.mentions if m.body is False}  # For sure.
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
            self._holders.setdefault(role_noun(mention.role), []).append(mention)
        if len(mention.tokens) == 1:
            self._alone.setdefault(mention.surname, []).append(mention)
            return
        self._full.setdefault(mention.surname, []).append(mention)
        name = (mention.surname, mention.tokens[0])
        self._by_first_name.setdefault(mention.tokens[0], set()).add(name)
        self._longest[name] = max(self._longest.get(name, ()), mention.tokens, key=len)
        if mention.role:
            self._roles[mention.tokens] = max(self._roles.get(mention.tokens, ""), mention.role, key=len)

    def speaker(self, source: str, position: int) -> Speaker:
        """Who `source`, standing at `position`, is."""
        speaker = self._resolve(source.strip(), position)
        if speaker.confidence >= DESCRIPTION:
            if speaker.confidence == DESCRIPTION:
                self.genders.setdefault(speaker.name, NOUN_GENDERS.get(role_noun(speaker.name)))
            self._spoken.append((position, speaker))
            self._ended = position + len(source)
        return speaker

    def _resolve(self, source: str, position: int) -> Speaker:
        low = source.lower()
        if low == "who":
            return self._antecedent(position)
        if low in SINGULAR:
            return self._pronoun(low, position)
        if low == "they":
            return self._they(source, position)
        if low in OTHER_PRONOUNS:
            return Speaker(source, None, UNRESOLVED)
        if source in ANSWER:
            return self._answering(position)
        if labelled := self._labelled(source, position):
            return labelled
        if sources.TWO.fullmatch(low):
            return self._two(source, position)
        several = listed(source) or sources.led_to(source)
        known = [m for m in several if len(m.tokens) > 1 or m.run < m.start or m.surname in self._full]
        if len(several) > 1 and len(known) == len(several):
            return self._together(several, position)
        return (
            self._named(source, position)
            or self._by_role(source, position)
            or Speaker(described(source), None, DESCRIPTION)
        )

    def _named(self, source: str, position: int) -> Speaker | None:
        """The person, or those together, whom a source names itself."""
        within = self._within(source, position)
        if SENDER.search(self.text, max(0, position - len("\nAnd from ")), position):
            core = len(sources.without_clause(source))
            senders = [m for m in within or () if m.end <= core and len(m.tokens) > 1 and not m.is_body]
            if len(senders) == 1:
                return self.person(senders[0], position)
        clear = sources.closing(source, within) or heads(sources.without_clause(source), within)
        named = clear or heads(sources.without_relative(source), within) or self._hailing(source)
        whole = [m for m in named if len(m.tokens) > 1] or named[-1:]
        if len(whole) > 1 and JOINT.search(source):
            return self._together(whole, position)
        return self.person(whole[-1], position) if whole else None

    def _within(self, source: str, position: int) -> tuple[Mention, ...] | None:
        """The mentions that stand in the source, counted from its beginning; None where one reaches out of it."""
        end = position + len(source)
        low, high = (bisect_left(self.mentions, at, key=START) for at in (position, end))
        found = self.mentions[low:high]
        if any(m.end > end for m in found) or (low and self.mentions[low - 1].end > position):
            return None
        return tuple(moved(m, -position) for m in found)

    def _labelled(self, source: str, position: int) -> Speaker | None:
        """Whom a label in a transcript means by a first name or by initials; "THE WITNESS" is a description."""
        end = position + len(source)
        if not (self.text[:position].endswith(("\n", " ", "[")) or position == 0) or not LABELS.match(self.text, end):
            return None
        if source.isupper() and source.startswith("THE "):
            return self._by_role(source.lower(), position) or Speaker(described(source), None, DESCRIPTION)
        names = self._by_first_name.get(source, set()) or sources.by_initials(source, self._longest)
        if source.lower() in self._full or len(names) != 1:
            return None
        tokens = self._longest[next(iter(names))]
        return Speaker(" ".join(tokens), self._role(tokens, None), ROLE)

    def _hailing(self, source: str) -> list[Mention]:
        """Hale of "Hale of the Pilots’ Union", who is surely a person or has a full name in the article."""
        first = [m for m in mentions(source)[:1] if not m.run and HAILS.match(source, m.end)]
        return [m for m in first if m.surname in self._full or " ".join(m.tokens) in self._persons]

    def _together(self, several: Sequence[Mention], position: int) -> Speaker:
        each = [self.person(m, position) for m in several]
        names = list(dict.fromkeys(person.name for person in each))
        return Speaker(joined(names), None, min(person.confidence for person in each))

    def _two(self, source: str, position: int) -> Speaker:
        """ "the pair" are the two named together last, or ever, "the two men" the two named before if no third is."""
        gender = NOUN_GENDERS.get(source.split()[-1].lower())
        if not gender and (pair := self._last_together(position)) and pair.name.count(", ") == 0:
            return pair
        if not gender and (two := only_pair(self.text, self._told_between(-1, position))):
            return self._together(two, position)
        near = (m for m in self._persons_before(position) if m.surname in self._full)
        names = dict.fromkeys(p.name for m in near for p in [self.person(m, m.start)] if p.confidence > AMBIGUOUS)
        known = [name for name in names if not gender or self.genders.get(name) in (None, gender)]
        return Speaker(joined(known), None, ROLE) if len(known) == PAIR else Speaker(source, None, UNRESOLVED)

    def _they(self, source: str, position: int) -> Speaker:
        """ "they" are those who spoke last together, if nobody is named since."""
        last = self._spoken[-1][1] if self._spoken else None
        if last and " and " in last.name and not self._told_between(self._ended, position):
            return Speaker(last.name, None, min(PRONOUN, last.confidence))
        return self._last_together(position) or Speaker(source, None, UNRESOLVED)

    def _persons_before(self, position: int) -> list[Mention]:
        """Who is named shortly before: those who surely are persons, or else all who may be."""
        told = [m for m in self._told_between(position - LOOK_BACK, position) if not m.is_body]
        return [m for m in told if m.body is False] or told

    def _last_together(self, position: int) -> Speaker | None:
        """Those who were named together last, no other person since: "Lee and Hale rowed. They said so."."""
        told = self._persons_before(position)
        end = next((m.end for m in reversed(told) if m.surname in self._full), position)
        several = ending_list([self.text[m.start : end] for m in told if m.end < end])
        both = self._together(several, position) if several else None
        return both and replace(both, confidence=min(PRONOUN, both.confidence))

    def interviewed(self, position: int) -> Speaker | None:
        """Who answers in an interview that begins at `position`; None where the text does not say."""
        speaker = self._answering(position)
        return speaker if speaker.confidence >= DESCRIPTION else None

    def _answering(self, position: int) -> Speaker:
        """Who is marked A in an interview: whom the title and the text before its first answer name most."""
        if self._interviewed is None:
            # Who stands before a colon asks, as in "BY MR. HALE:", and Q is nobody.
            told = [
                m
                for m in self._told_between(-1, position)
                if not m.is_body and m.surname in self._full and self.text[m.end : m.end + 1] != ":"
            ]
            # Of two who are named together the first is no more the one than the other.
            told += [
                m
                for m, after in pairwise([*told, None])
                if m and self._opens_sentence(m) and not (after and self.text[m.end : after.run] == " and ")
            ]
            told += [m for m in self.titled if m.surname in self._full]
            names = Counter(self.person(m, m.start).name for m in told).most_common(2)
            clear = len(names) == 1 or (names and names[0][1] > names[1][1])
            self._interviewed = Speaker(names[0][0], None, DESCRIPTION) if clear else Speaker("A", None, UNRESOLVED)
        return self._interviewed

    def person(self, named: Mention, position: int) -> Speaker:
        """The person of that name, under the fullest form that the article has."""
        if len(named.tokens) > 1:
            longest = self._longest.get((named.surname, named.tokens[0]), named.tokens)
            return Speaker(" ".join(longest), self._role(longest, named.role), FULL_NAME)
        known = self._namesakes(named.surname, named.gender)
        if not known.mentions:
            return self._by_given_name(named)
        owner = known.owner
        if owner:
            # Nobody's, where a namesake is named in full since the surname last stood alone.
            alone = self._alone.get(named.surname, [])
            last = bisect_left(alone, position, key=START)
            others = known.between(alone[last - 1].start if last else 0, position)
            owner = None if any(m.tokens[0] != owner.tokens[0] for m in others) else owner
        before = known.mentions[max(0, bisect_right(known.mentions, position, key=START) - 1)]
        tokens = self._longest[named.surname, (owner or before).tokens[0]]
        sure = SURNAME if known.one else DESCRIPTION if owner else AMBIGUOUS
        return Speaker(" ".join(tokens), self._role(tokens, named.role), sure)

    def _by_given_name(self, named: Mention) -> Speaker:
        """ "Jane" is the only one of that first name named in full, if a gender shows her a person."""
        names = self._by_first_name.get(named.tokens[0], set())
        tokens = self._longest[next(iter(names))] if len(names) == 1 else ()
        if self.genders.get(" ".join(tokens)):
            return Speaker(" ".join(tokens), self._role(tokens, named.role), ROLE)
        return Speaker(" ".join(named.tokens), named.role, SURNAME if named.role else DESCRIPTION)

    def _namesakes(self, surname: str, gender: str | None) -> Namesakes:
        """The full names of that surname, less those that gender or grammar rule out."""
        if (surname, gender) not in self._known:
            full = self._full.get(surname, [])
            names = [m for m in full if not (VERBAL.search(m.tokens[0]) or m.tokens[0].lower() in self._lower)] or full
            sure = ([m for m in names if self.genders.get(" ".join(m.tokens)) == its] for its in (gender, None))
            agreeing = next(filter(None, sure), names) if gender else names
            alone = self._alone.get(surname, [])
            self._known[surname, gender] = Namesakes.of(agreeing or names, alone[0].start if alone else 0)
        return self._known[surname, gender]

    def _pronoun(self, pronoun: str, position: int) -> Speaker:
        """The subject of the last sentence that names a person, or else whoever spoke last, or was named."""
        wanted = SINGULAR[pronoun]
        before, gender_before, name_before = self._meant
        # "He" is not whom "she" was a little before.
        other = name_before if gender_before != wanted and position - before < LOOK_BACK else None
        since = max(self._spoken[-1][0] if self._spoken else -1, position - FAR)
        # In "Hale, she said, had left" she is not Hale.
        subjects = [
            m
            for m in self._told_between(since, position)
            if self._opens_sentence(m, position) and self.text[m.end : position].strip() != ","
        ]
        named = [m for m in self._told_between(position - LOOK_BACK, position) if not m.is_body]
        spoken = (speaker for _, speaker in self._spoken[: -RECENT - 1 : -1] if not is_body(speaker.name))
        last = list(islice(spoken, 1))
        candidates = chain(
            ((self.person(m, m.start), False) for m in reversed(subjects)),
            ((person, True) for person in self._only_one_here(since, position)),
            ((one, False) for one in last if one.confidence > DESCRIPTION or one.name in self._persons),
            # Farther away, only a person whose gender is known to agree will do.
            ((speaker, True) for speaker in chain(last, spoken)),
            ((self.person(m, m.start), True) for m in reversed(named)),
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
            gender = self.genders.get(person.name)
            agrees = gender == wanted if strict else gender in (None, wanted) and person.name != other
            if person.confidence >= AMBIGUOUS and agrees:
                self._meant = (position, wanted, person.name)
                return Speaker(person.name, person.role, min(PRONOUN, person.confidence))
        return Speaker(pronoun, None, UNRESOLVED)

    def _only_one_here(self, since: int, position: int) -> list[Speaker]:
        """The one person whom a new paragraph names before `position`; nobody in the paragraph of the last speaker."""
        low = max(0, position - LOOK_BACK)
        start = max(low, self.text.rfind("\n", low, position) + 1)
        if since >= start:
            return []
        told = [m for m in self._told_between(start - 1, position) if not m.is_body and m.surname in self._full]
        people = list({person.name: person for m in told for person in [self.person(m, m.start)]}.values())
        return people if len(people) == 1 else []

    def _antecedent(self, position: int) -> Speaker:
        """Whom "who" means: the person named right before it, an apposition aside, and nobody else."""
        for mention in reversed(self._told_between(position - LOOK_BACK, position)):
            if BESIDE.fullmatch(self.text, mention.end, position):
                return Speaker("who", None, UNRESOLVED) if mention.is_body else self.person(mention, position)
        return Speaker("who", None, UNRESOLVED)

    def _told_between(self, after: int, before: int) -> list[Mention]:
        return self._told[bisect_right(self._told, after, key=START) : bisect_left(self._told, before, key=START)]

    def _by_role(self, source: str, position: int) -> Speaker | None:
        """ "the minister" is the last person named before, or the only one at all, whose role turns on that noun.

        Not "a minister" or "ministers", and "the mayor of Halvick" only a mayor whose role or name has Halvick.
        """
        first = source.split(maxsplit=1)[0].lower() if source else ""
        if first in INDEFINITE or " and " in source:
            return None
        noun, wanted = role_noun(source), particulars(source)
        held = self._holders.get(noun, []) if noun else []
        before = bisect_left(held, position, key=START)
        if wanted and (only := self._only_holder(noun)):
            return Speaker(only.name, only.role, min(ROLE, only.confidence))
        # The nearest are enough, and an article can name thousands.
        for holders in (held[max(0, before - NEAREST) : before][::-1], held[before : before + NEAREST]):
            fitting = [m for m in holders if not wanted or wanted & particulars(f"{m.role} of {' '.join(m.tokens)}")]
            people = {p.name: p for m in fitting for p in [self.person(m, m.start)]}
            if people and (fitting[0].start < position or len(people) == 1):
                person = next(iter(people.values()))
                return Speaker(person.name, person.role, min(ROLE, person.confidence))
        return None

    def _only_holder(self, noun: str) -> Speaker | None:
        """Who alone has a role that says no more than that noun: "Mayor Hale" can be "the mayor of Halvick"."""
        if noun not in self._only:
            held = self._holders.get(noun, [])
            names = {(m.surname, m.tokens[0]) for m in held}
            plain = len(names) == 1 and not any(particulars(m.role or "") for m in held)
            self._only[noun] = self.person(held[0], held[0].start) if plain else None
        return self._only[noun]

    def _opens_sentence(self, mention: Mention, position: int | None = None) -> bool:
        """True for a person, surely or by a full name, at a sentence’s head or behind "The owner, " near `position`."""
        is_whole = mention.surname in self._full or mention.tokens[0] in self._by_first_name
        if mention.is_body or not (is_whole or mention.body is False):
            return False
        begin = mention.run
        if position is not None and "\n" not in self.text[begin:position]:
            apposed = APPOSED.search(self.text, max(0, begin - FAR_APPOSED), begin)
            begin = apposed.start() if apposed else begin
        before = self.text[max(0, begin - 2) : begin].strip(" ")
        return not before or before[-1] in '.!?\n”"'

    def _role(self, tokens: tuple[str, ...], near: str | None) -> str | None:
        return max(self._roles.get(tokens, ""), near or "", key=len) or None
