"""Name the speakers: from a source such as "Ms. Hale", "he" or "the minister" to one person or body.

The names and roles all come from the article itself; where they do not settle who is meant, the
source's own words stand as the name and the confidence is low.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import chain, islice, takewhile
from operator import attrgetter

from ingest.names import BODIES, Mention, mentions, role_noun
from rag.schema import Quote, Speaker

# How sure a kind of evidence is: an order set by judgement, not measured probabilities.
FULL_NAME, SURNAME, ROLE, PRONOUN, DESCRIPTION, AMBIGUOUS, UNRESOLVED = 1.0, 0.95, 0.75, 0.7, 0.6, 0.5, 0.3

SINGULAR = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
DETERMINERS = frozenset("the a an one two three some many several its his her their".split())
OTHER_PRONOUNS = frozenset("they we it i you".split())
HIS, HER = re.compile(r"\b(?:he|his|him)\b", re.I), re.compile(r"\b(?:she|her|hers)\b", re.I)
# Characters behind a name in which a pronoun is read as that person's.
PRONOUN_WINDOW = 250
# Characters before a pronoun in which a person who did not speak is looked for: of 300, 600, 1000 and 1500 the best
# on the development set (gold spans: right 0.888, 0.893, 0.893, 0.879; full name 0.811, 0.825, 0.825, 0.825).
LOOK_BACK = 600
JOINT = re.compile(r"\s+and\s+|,\s+(?:and\s+)?")
# What follows describes the source that came before.
CORE_END = re.compile(r"\s*[,(;–—]|\s+who\s")
MODIFIED = re.compile(r"\s+(?!(?:and|or|as|himself|herself|then|also|later)\b)[a-z]")
CLAUSE = re.compile(r"\s*,\s+(?:who|which|whose)\b|\s+who\b")
# Words between the source's first word and a name that belongs to a person other than the source.
BELONGING = frozenset("for of at from to with by against".split())
START = attrgetter("start")
# What stands between a name and the "who" that means it.
BESIDE = re.compile(r"(?:,\s+(?:an?|the)\b[^,.;:“”\"\n]{1,90})?\s*[,–—-]?\s*")
# Nouns that give the gender of a person whom the article does not name.
NOUN_GENDERS = {
    **dict.fromkeys("man father husband son brother boy uncle spokesman chairman councilman".split(), "m"),
    **dict.fromkeys("woman mother wife daughter sister girl aunt spokeswoman chairwoman councilwoman".split(), "f"),
}


def resolve(text: str, quotes: Sequence[Quote]) -> list[Speaker | None]:
    """One speaker for each quote, None where the quote has no source. Quotes come in reading order.

    Where the article leaves open who is meant, the name is the source's own words.
    """
    people = _People(text, quotes)
    return [_sure(people.speaker(q.source[0].text, q.source[0].start), q) if q.source else None for q in quotes]


def _sure(speaker: Speaker, quote: Quote) -> Speaker:
    if speaker.confidence > AMBIGUOUS:
        return speaker
    return Speaker(_described(quote.source[0].text.strip()), None, speaker.confidence)


class _People:
    """Everybody the article names, and who spoke last. Ask for speakers in reading order."""

    def __init__(self, text: str, quotes: Sequence[Quote]) -> None:
        self._text = text
        self._mentions = mentions(text)
        self._told = _outside(self._mentions, quotes)
        self._full: dict[str, list[Mention]] = {}
        self._longest: dict[tuple[str, str], tuple[str, ...]] = {}
        self._roles: dict[tuple[str, ...], str] = {}
        self._holders: dict[str, list[Mention]] = {}
        for mention in self._mentions:
            self._note(mention)
        self._known: dict[tuple[str, str | None], tuple[list[Mention], bool]] = {}
        self._spoken: list[tuple[int, Speaker]] = []
        self._genders: dict[str, str | None] = {}
        self._genders = self._find_genders()
        self._known.clear()

    def _note(self, mention: Mention) -> None:
        """Keep what later look-ups need, so that each of them does not read the whole article again."""
        if mention.role:
            self._holders.setdefault(role_noun(mention.role), []).append(mention)
        if len(mention.tokens) == 1:
            return
        self._full.setdefault(mention.surname, []).append(mention)
        name = (mention.surname, mention.tokens[0])
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
        if low in OTHER_PRONOUNS:
            return Speaker(source, None, UNRESOLVED)
        core = CORE_END.split(source, maxsplit=1)[0]
        named = _heads(core) or _heads(source)
        whole = [m for m in named if len(m.tokens) > 1] or named[-1:]
        if len(whole) > 1 and JOINT.search(source):
            each = [self._person(m, position) for m in whole]
            return Speaker(" and ".join(person.name for person in each), None, min(p.confidence for p in each))
        if whole:
            return self._person(whole[-1], position)
        return self._by_role(source, position) or Speaker(_described(source), None, DESCRIPTION)

    def _person(self, named: Mention, position: int) -> Speaker:
        """The person of that name, under the fullest form that the article has."""
        if len(named.tokens) > 1:
            longest = self._longest.get((named.surname, named.tokens[0]), named.tokens)
            return Speaker(" ".join(longest), self._role(longest, named.role), FULL_NAME)
        known, alone = self._namesakes(named.surname, named.gender)
        if not known:
            return Speaker(" ".join(named.tokens), named.role, SURNAME if named.role else DESCRIPTION)
        tokens = known[max(0, bisect_right(known, position, key=START) - 1)].tokens
        sure = SURNAME if alone else AMBIGUOUS
        return Speaker(" ".join(tokens), self._role(tokens, named.role), sure)

    def _namesakes(self, surname: str, gender: str | None) -> tuple[list[Mention], bool]:
        """The full names of that surname which the gender does not rule out, and whether one person has them all."""
        if (surname, gender) not in self._known:
            full = self._full.get(surname, [])
            agreeing = [m for m in full if not gender or self._genders.get(" ".join(m.tokens)) in (None, gender)]
            known = agreeing or full
            self._known[surname, gender] = (known, len({m.tokens[0] for m in known}) == 1)
        return self._known[surname, gender]

    def _pronoun(self, pronoun: str, position: int) -> Speaker:
        """The subject of the last sentence that names a person, or else whoever spoke last, or was named."""
        wanted = SINGULAR[pronoun]
        since = self._spoken[-1][0] if self._spoken else 0
        # In "Hale, she said, had left" she is not Hale.
        subjects = [
            m
            for m in self._told_between(since, position)
            if self._opens_sentence(m) and self._text[m.end : position].strip() != ","
        ]
        named = [m for m in self._told_between(position - LOOK_BACK, position) if not m.is_body]
        spoken = (speaker for _, speaker in reversed(self._spoken) if not _is_body(speaker.name))
        last = list(islice(spoken, 1))
        candidates = chain(
            ((self._person(m, m.start), False) for m in reversed(subjects)),
            ((speaker, False) for speaker in last if speaker.confidence > DESCRIPTION),
            # Farther away, only a person whose gender is known to agree will do.
            ((speaker, True) for speaker in chain(last, spoken)),
            ((self._person(m, m.start), True) for m in reversed(named)),
            ((speaker, False) for speaker in last),
        )
        for person, strict in candidates:
            gender = self._genders.get(person.name)
            agrees = gender == wanted if strict else gender in (None, wanted)
            if person.confidence >= AMBIGUOUS and agrees:
                return Speaker(person.name, person.role, min(PRONOUN, person.confidence))
        return Speaker(pronoun, None, UNRESOLVED)

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
        """ "the minister" is the last person named before, or the only one at all, whose role turns on that noun."""
        noun = role_noun(source)
        holders = self._holders.get(noun, []) if noun else []
        before = bisect_left(holders, position, key=START)
        if not before and len({self._person(m, m.start).name for m in holders}) != 1:
            return None
        mention = holders[before - 1]
        person = self._person(mention, mention.start)
        return Speaker(person.name, person.role, min(ROLE, person.confidence))

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
            vote = mention.gender or _first(his, her)
            if vote:
                votes.setdefault(person.name, Counter())[vote] += 1
        return {name: _majority(count) for name, count in votes.items()}


def _outside(found: Sequence[Mention], quotes: Sequence[Quote]) -> list[Mention]:
    """The mentions that do not stand within quotation marks; both come in order."""
    spans = sorted((s.start, s.end) for q in quotes if q.kind != "indirect" for s in q.content)
    kept, at = [], 0
    for mention in found:
        while at < len(spans) and spans[at][1] <= mention.start:
            at += 1
        if at == len(spans) or mention.start < spans[at][0]:
            kept.append(mention)
    return kept


def _heads(source: str) -> list[Mention]:
    """The persons that a source itself names: not "Lee" in "a spokesman for Ann Lee" or in "Lee’s aide"."""
    heads = []
    for mention in mentions(source):
        before = set(source[: mention.start].lower().split())
        possessive = source[mention.end : mention.end + 2] in ("’s", "'s")
        # "the Halvick spokesman": a name before a common noun says whose.
        modifier = MODIFIED.match(source, mention.end)
        if not (mention.is_body or possessive or modifier or before & BELONGING):
            heads.append(mention)
    return heads


def _is_body(name: str) -> bool:
    # "a mother at the school" is no body.
    return not BODIES.isdisjoint(takewhile(lambda word: word not in BELONGING, name.lower().split()))


def _described(source: str) -> str:
    """A description as it stands within a sentence, without a clause on it: "The minister, who …" is "the minister"."""
    core = CLAUSE.split(source, maxsplit=1)[0] or source
    first, _, rest = core.partition(" ")
    return f"{first.lower()} {rest}" if first.lower() in DETERMINERS and rest else core


def _first(his: re.Match[str] | None, her: re.Match[str] | None) -> str | None:
    if his and her:
        return "m" if his.start() < her.start() else "f"
    return "m" if his else "f" if her else None


def _majority(votes: Counter[str]) -> str | None:
    (best, count), *rest = votes.most_common()
    return best if not rest or count >= 2 * rest[0][1] else None
