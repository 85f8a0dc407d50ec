"""Name the speakers: from a source such as "Ms. Hale", "he" or "the minister" to one person or body.

The names and roles all come from the article itself; where they do not settle who is meant, the
source's own words stand as the name and the confidence is low.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice, pairwise
from operator import attrgetter

from ingest.names import LOWER_WORD, Mention, mentions, role_noun
from ingest.namesakes import Namesakes, first, majority, outside
from ingest.sources import HAILS, JOINT, described, heads, is_body, joined, listed, particulars, without_clause
from rag.schema import Quote, Speaker

# How sure a kind of evidence is: an order set by judgement, not measured probabilities.
FULL_NAME, SURNAME, ROLE, PRONOUN, DESCRIPTION, AMBIGUOUS, UNRESOLVED = 1.0, 0.95, 0.75, 0.7, 0.6, 0.5, 0.3

SINGULAR = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
OTHER_PRONOUNS = frozenset("we it i you which that this".split())
ANSWER = ("A", "A.", "A:", "Answer")
TWO = re.compile(
    r"(?:(?:the|those|these)(?: two)?|both)(?: of the)? (?:men|women|brothers|sisters)"
    r"|(?:the two|both) (?:leaders|candidates|rivals)|the (?:two|pair)|both"
)
PAIR = 2
LABELS = re.compile(r"[^\S\n]*(?:[:(\[,\n\]]|\d)")  # What follows the name in a label.
INITIALS = (2, 3)
NEAREST = 50  # Holders of a role that are looked through on either side.
RECENT = 50  # Statements back in which the one who spoke is looked for.
FAR = 3000  # Characters before a pronoun beyond which no subject is looked for.
HIS, HER = re.compile(r"\b(?:he|his|him)\b", re.I), re.compile(r"\b(?:she|her|hers)\b", re.I)
# Characters behind a name in which a pronoun is read as that person's.
PRONOUN_WINDOW = 250
# Characters before a pronoun in which a person who did not speak is looked for: of 300, 600, 1000 and 1500 the best
# on the development set (gold spans: right 0.888, 0.893, 0.893, 0.879; full name 0.811, 0.825, 0.825, 0.825).
LOOK_BACK = 600
# What begins "Bashing Hale" in a headline is nobody's first name if a namesake has another.
VERBAL = re.compile(r"\wing$")
START = attrgetter("start")
INDEFINITE = frozenset("a an one some another two three four five several many most all".split())
# What stands between a name and the "who" that means it.
BESIDE = re.compile(r"(?:,\s+(?:an?|the)\b[^,.;:“”\"\n]{1,90})?\s*[,–—-]?\s*")
# Nouns that give the gender of a person whom the article does not name.
NOUN_GENDERS = {
    **dict.fromkeys("man men father husband son brother brothers boy uncle spokesman chairman councilman".split(), "m"),
    **dict.fromkeys(
        "woman women mother wife daughter sister sisters girl aunt spokeswoman chairwoman councilwoman".split(), "f"
    ),
}


def resolve(
    text: str, quotes: Sequence[Quote], title: str | None = None, answers: Sequence[bool] = ()
) -> list[Speaker | None]:
    """One speaker for each quote, None where the quote has no source. Quotes come in reading order.

    The title gives the full names that the text lacks. `answers` says of each quote whether it is an answer in an
    interview that does not name who answers.

    Where the article leaves open who is meant, the name is the source's own words.
    """
    people = _People(text, quotes, title or "")
    speakers: list[Speaker | None] = []
    for number, quote in enumerate(quotes):
        is_answer = number < len(answers) and answers[number]
        if quote.source:
            speakers.append(_sure(people.speaker(quote.source[0].text, quote.source[0].start), quote))
        else:
            speakers.append(people.interviewed(quote.content[0].start) if is_answer else None)
    return speakers


def _sure(speaker: Speaker, quote: Quote) -> Speaker:
    if speaker.confidence > AMBIGUOUS:
        return speaker
    return Speaker(described(quote.source[0].text.strip()), None, speaker.confidence)


class _People:
    """Everybody the article names, and who spoke last. Ask for speakers in reading order."""

    def __init__(self, text: str, quotes: Sequence[Quote], title: str) -> None:
        self._text = text
        self._interviewed: Speaker | None = None
        self._mentions = mentions(text)
        self._titled = mentions(title)
        self._told = outside(self._mentions, quotes)
        self._full: dict[str, list[Mention]] = {}
        self._longest: dict[tuple[str, str], tuple[str, ...]] = {}
        self._roles: dict[tuple[str, ...], str] = {}
        self._holders: dict[str, list[Mention]] = {}
        self._alone: dict[str, list[Mention]] = {}
        self._by_first_name: dict[str, set[tuple[str, str]]] = {}
        for mention in [*self._from_title(title), *self._mentions]:
            self._note(mention)
        self._lower = frozenset(LOWER_WORD.findall(text))
        self._known: dict[tuple[str, str | None], Namesakes] = {}
        self._spoken: list[tuple[int, Speaker]] = []
        self._genders: dict[str, str | None] = {}
        self._genders = self._find_genders()
        self._known.clear()

    def _from_title(self, title: str) -> list[Mention]:
        """The persons whom the title names in full and the text by surname alone, as if before the text."""
        whole = {m.surname for m in self._mentions if len(m.tokens) > 1}
        bare = {m.surname for m in self._mentions} - whole
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
                self._genders.setdefault(speaker.name, NOUN_GENDERS.get(role_noun(speaker.name)))
            self._spoken.append((position, speaker))
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
        if TWO.fullmatch(low):
            return self._two(source, position)
        several = listed(source)
        known = [m for m in several if len(m.tokens) > 1 or m.run < m.start or m.surname in self._full]
        if len(several) > 1 and len(known) == len(several):
            return self._together(several, position)
        named = heads(without_clause(source)) or heads(source) or self._hailing(source)
        whole = [m for m in named if len(m.tokens) > 1] or named[-1:]
        if len(whole) > 1 and JOINT.search(source):
            return self._together(whole, position)
        if whole:
            return self._person(whole[-1], position)
        return self._by_role(source, position) or Speaker(described(source), None, DESCRIPTION)

    def _labelled(self, source: str, position: int) -> Speaker | None:
        """Whom a label in a transcript means by a first name or by initials; "THE WITNESS" is a description."""
        end = position + len(source)
        if not (self._text[:position].endswith(("\n", " ", "[")) or position == 0) or not LABELS.match(self._text, end):
            return None
        if source.isupper() and source.startswith("THE "):
            return self._by_role(source.lower(), position) or Speaker(described(source), None, DESCRIPTION)
        names = self._by_first_name.get(source, set()) or self._by_initials(source)
        if source.lower() in self._full or len(names) != 1:
            return None
        tokens = self._longest[next(iter(names))]
        return Speaker(" ".join(tokens), self._role(tokens, None), ROLE)

    def _by_initials(self, source: str) -> set[tuple[str, str]]:
        """The persons with these initials, first and last or all."""
        if not (source.isupper() and source.isalpha() and len(source) in INITIALS):
            return set()
        names = {name: "".join(token[0] for token in tokens) for name, tokens in self._longest.items()}
        return {name for name, letters in names.items() if source in (letters, letters[0] + letters[-1])}

    def _hailing(self, source: str) -> list[Mention]:
        """Hale of "Hale of the Pilots’ Union", where the article has a full name for her."""
        return [m for m in mentions(source)[:1] if not m.run and m.surname in self._full and HAILS.match(source, m.end)]

    def _together(self, several: Sequence[Mention], position: int) -> Speaker:
        each = [self._person(m, position) for m in several]
        names = list(dict.fromkeys(person.name for person in each))
        return Speaker(joined(names), None, min(person.confidence for person in each))

    def _two(self, source: str, position: int) -> Speaker:
        """ "the two men" are the two persons named before, if no third one is."""
        gender = NOUN_GENDERS.get(source.split()[-1].lower())
        told = [
            m for m in self._told_between(position - LOOK_BACK, position) if not m.is_body and m.surname in self._full
        ]
        people = {person.name: person for m in told if (person := self._person(m, m.start)).confidence > AMBIGUOUS}
        known = [p for p in people.values() if not gender or self._genders.get(p.name) in (None, gender)]
        if len(known) != PAIR:
            return Speaker(source, None, UNRESOLVED)
        return Speaker(joined([p.name for p in known]), None, ROLE)

    def _they(self, source: str, position: int) -> Speaker:
        """ "they" are those who spoke last together, if nobody is named since."""
        if self._spoken:
            place, speaker = self._spoken[-1]
            at = bisect_left(self._told, position, key=START)
            if " and " in speaker.name and not (at and self._told[at - 1].start > place + len(speaker.name)):
                return Speaker(speaker.name, None, min(PRONOUN, speaker.confidence))
        return Speaker(source, None, UNRESOLVED)

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
                if not m.is_body
                and m.surname in self._full
                and self._text[m.end : m.end + 1] != ":"
                and m.tokens[0] != "Q."
            ]
            # Of two who are named together the first is no more the one than the other.
            told += [
                m
                for m, after in pairwise([*told, None])
                if m and self._opens_sentence(m) and not (after and self._text[m.end : after.run] == " and ")
            ]
            told += [m for m in self._titled if m.surname in self._full]
            names = Counter(self._person(m, m.start).name for m in told).most_common(2)
            clear = len(names) == 1 or (names and names[0][1] > names[1][1])
            self._interviewed = Speaker(names[0][0], None, DESCRIPTION) if clear else Speaker("A", None, UNRESOLVED)
        return self._interviewed

    def _person(self, named: Mention, position: int) -> Speaker:
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
        if self._genders.get(" ".join(tokens)):
            return Speaker(" ".join(tokens), self._role(tokens, named.role), ROLE)
        return Speaker(" ".join(named.tokens), named.role, SURNAME if named.role else DESCRIPTION)

    def _namesakes(self, surname: str, gender: str | None) -> Namesakes:
        """The full names of that surname, less those that gender or grammar rule out."""
        if (surname, gender) not in self._known:
            full = self._full.get(surname, [])
            names = [m for m in full if not (VERBAL.search(m.tokens[0]) or m.tokens[0].lower() in self._lower)] or full
            agreeing = [m for m in names if not gender or self._genders.get(" ".join(m.tokens)) in (None, gender)]
            alone = self._alone.get(surname, [])
            self._known[surname, gender] = Namesakes.of(agreeing or names, alone[0].start if alone else 0)
        return self._known[surname, gender]

    def _pronoun(self, pronoun: str, position: int) -> Speaker:
        """The subject of the last sentence that names a person, or else whoever spoke last, or was named."""
        wanted = SINGULAR[pronoun]
        since = max(self._spoken[-1][0] if self._spoken else -1, position - FAR)
        # In "Hale, she said, had left" she is not Hale.
        subjects = [
            m
            for m in self._told_between(since, position)
            if self._opens_sentence(m) and self._text[m.end : position].strip() != ","
        ]
        named = [m for m in self._told_between(position - LOOK_BACK, position) if not m.is_body]
        spoken = (speaker for _, speaker in self._spoken[: -RECENT - 1 : -1] if not is_body(speaker.name))
        last = list(islice(spoken, 1))
        candidates = chain(
            ((self._person(m, m.start), False) for m in reversed(subjects)),
            ((person, True) for person in self._only_one_here(since, position)),
            ((speaker, False) for speaker in last if speaker.confidence > DESCRIPTION),
            # Farther away, only a person whose gender is known to agree will do.
            ((speaker, True) for speaker in chain(last, spoken)),
            ((self._person(m, m.start), True) for m in reversed(named)),
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
            gender = self._genders.get(person.name)
            agrees = gender == wanted if strict else gender in (None, wanted)
            if person.confidence >= AMBIGUOUS and agrees:
                return Speaker(person.name, person.role, min(PRONOUN, person.confidence))
        return Speaker(pronoun, None, UNRESOLVED)

    def _only_one_here(self, since: int, position: int) -> list[Speaker]:
        """The one person whom a new paragraph names before `position`; nobody in the paragraph of the last speaker."""
        low = max(0, position - LOOK_BACK)
        start = max(low, self._text.rfind("\n", low, position) + 1)
        if since >= start:
            return []
        told = [m for m in self._told_between(start - 1, position) if not m.is_body and m.surname in self._full]
        people = {person.name: person for m in told for person in [self._person(m, m.start)]}
        return list(people.values()) if len(people) == 1 else []

    def _antecedent(self, position: int) -> Speaker:
        """Whom "who" means: the person named right before it, an apposition aside, and nobody else."""
        for mention in reversed(self._told_between(position - LOOK_BACK, position)):
            if BESIDE.fullmatch(self._text, mention.end, position):
                return Speaker("who", None, UNRESOLVED) if mention.is_body else self._person(mention, position)
        return Speaker("who", None, UNRESOLVED)

    def _told_between(self, after: int, before: int) -> list[Mention]:
        told = self._told
        return told[bisect_right(told, after, key=START) : bisect_left(told, before, key=START)]

    def _by_role(self, source: str, position: int) -> Speaker | None:
        """ "the minister" is the last person named before, or the only one at all, whose role turns on that noun.

        Not "a minister" or "ministers", and "the mayor of Halvick" only a mayor whose role or name has Halvick.
        """
        first = source.split(maxsplit=1)[0].lower() if source else ""
        if first in INDEFINITE or " and " in source:
            return None
        noun = role_noun(source)
        wanted = particulars(source)
        held = self._holders.get(noun, []) if noun else []
        before = bisect_left(held, position, key=START)
        # The nearest are enough, and an article can name thousands.
        for holders in (held[max(0, before - NEAREST) : before][::-1], held[before : before + NEAREST]):
            fitting = [m for m in holders if not wanted or wanted & particulars(f"{m.role} of {' '.join(m.tokens)}")]
            people = {p.name: p for m in fitting for p in [self._person(m, m.start)]}
            if people and (fitting[0].start < position or len(people) == 1):
                person = next(iter(people.values()))
                return Speaker(person.name, person.role, min(ROLE, person.confidence))
        return None

    def _opens_sentence(self, mention: Mention) -> bool:
        """True for a person whom the article has by a full name, at the head of a sentence."""
        if mention.surname not in self._full or mention.is_body:
            return False
        before = self._text[max(0, mention.run - 2) : mention.run].strip(" ")
        return not before or before[-1] in '.!?\n”"'

    def _role(self, tokens: tuple[str, ...], near: str | None) -> str | None:
        return max(self._roles.get(tokens, ""), near or "", key=len) or None

    def _find_genders(self) -> dict[str, str | None]:
        """What honorifics, and the first pronoun behind each name, say of each person: "m", "f" or None."""
        votes: dict[str, Counter[str]] = {}
        for number, mention in enumerate(self._told):
            person = self._person(mention, mention.start)
            if person.confidence < SURNAME:
                continue
            following = self._told[number + 1].start if number + 1 < len(self._told) else len(self._text)
            window = self._text[mention.end : min(following, mention.end + PRONOUN_WINDOW)]
            his, her = HIS.search(window), HER.search(window)
            vote = mention.gender or first(his, her)
            if vote:
                votes.setdefault(person.name, Counter())[vote] += 1
        return {name: majority(count) for name, count in votes.items()}
