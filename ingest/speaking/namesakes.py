"""Weigh what an article has on its persons: whom a bare surname means, and who is a "he"."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from ingest.speaking.possessors import OWN
from ingest.text.names import Mention, role_noun
from ingest.text.sources import NOUN_GENDERS
from rag.judging.ground import ASKING
from rag.schema import Quote

START = attrgetter("start")
# "Next to her", and not "her lawyer": within the sentence of a name that is somebody else.
OBJECT, SENTENCE = re.compile(r"\b(?:him|her)\b(?=\s*(?:[^\s\w]|\Z))", re.I), re.compile(r"[^.!?\n]*")
HIS, HER = re.compile(r"\b(?:he|his|him)\b", re.I), re.compile(r"\b(?:she|her|hers)\b", re.I)
# "Her lawyer, " and "her husband " before a name, within so many characters.
WHOSE, FAR_OWNER = re.compile(r"\b(his|her) [^,.;:“”\"\n]{2,60},? \Z", re.I), 70
# Characters behind a name in which a pronoun is read as that person's.
PRONOUN_WINDOW = 250
DOMINANT = 3  # Times as often as all namesakes together: not measured.


@dataclass(frozen=True, slots=True)
class Namesakes:
    """The full names of one surname in order; `one`: all are one person's; else `owner`: whom the bare surname means.

    That is the only one named before the surname first stands alone, or the one by far the most named.
    """

    mentions: list[Mention]
    one: bool
    owner: Mention | None

    @classmethod
    def of(cls, mentions: list[Mention], first_alone: int) -> Namesakes:
        """Weigh the mentions; `first_alone` is where the surname first stands alone."""
        counts = Counter(m.given for m in mentions)
        before = {m.given for m in mentions if m.start < first_alone}
        often = {name for name, count in counts.items() if count >= DOMINANT * (len(mentions) - count)}
        owners = before if len(before) == 1 else often
        owner = next((m for m in mentions if m.given in owners), None)
        return cls(mentions, len(counts) == 1, None if len(counts) == 1 else owner)

    def between(self, after: int, before: int) -> list[Mention]:
        """Those that begin behind `after` and before `before`."""
        found = self.mentions
        return found[bisect_right(found, after, key=START) : bisect_left(found, before, key=START)]


def outside(found: Sequence[Mention], quotes: Sequence[Quote]) -> list[Mention]:
    """The mentions that do not stand within quotation marks; both come in order."""
    spans = sorted((s.start, s.end) for q in quotes if q.kind != "indirect" for s in q.content)
    kept, at = [], 0
    for mention in found:
        while at < len(spans) and spans[at][1] <= mention.start:
            at += 1
        if at == len(spans) or mention.start < spans[at][0]:
            kept.append(mention)
    return kept


def unquoted(text: str, quotes: Sequence[Quote]) -> str:
    """The text, as long as before, with spaces for what is quoted, or asked: there "he" is seldom who speaks."""
    kept, at = [], 0
    others = (q for q in quotes if q.kind != "indirect" or any(ASKING.search(cue.text) for cue in q.cue))
    for start, end in sorted((s.start, s.end) for q in others for s in q.content):
        if start >= at:
            kept += [text[at:start], " " * (end - start)]
            at = end
    return "".join([*kept, text[at:]])


def genders_of(
    text: str, told: Sequence[Mention], sure: Sequence[str | None], given: Mapping[str, str]
) -> dict[str, str | None]:
    """What honorifics, the first pronoun behind each name, or else the first name say of each person: "m", "f" or None.

    `sure` is in step with the mentions `told`: whose each is, None where that is open. `given`: "m" or "f" for first
    names.
    """
    votes: dict[str, Counter[str]] = {}
    found: dict[str, str | None] = {}
    called: set[str] = set()  # With "Mr" or "Ms".
    ends = _next_persons(told, len(text))
    for mention, name, following in zip(told, sure, ends, strict=True):
        if name is None:
            continue
        if len(mention.tokens) > 1 and not mention.is_body:
            found[name] = given.get(mention.tokens[0]) or found.get(name)
            # "Her husband, Ole Lee," is a man, whatever his first name tells.
            found[name] = NOUN_GENDERS.get(role_noun(mention.role or "")) or found[name]
        window = text[mention.end : min(following, mention.end + PRONOUN_WINDOW)]
        window = SENTENCE.sub(_without_objects, window, count=1)
        vote = mention.gender or _first(HIS.search(window), HER.search(window))
        if not mention.gender and vote == _of_owner(text, mention):
            vote = None  # In "Her lawyer, Ann Lee, said she had left" she is her client.
        if mention.gender:
            called.add(name)
        if vote:
            votes.setdefault(name, Counter())[vote] += 1
    told_by_text = {name: gender for name, count in votes.items() if (gender := _majority(count))}
    # A pronoun behind a name can be somebody else's; one alone is no sign against a first name that is sure.
    once = {name for name, count in votes.items() if found.get(name) and count.total() == 1 and name not in called}
    return {**found, **{name: gender for name, gender in told_by_text.items() if name not in once}}


def _without_objects(sentence: re.Match[str]) -> str:
    return OBJECT.sub("", sentence[0])


def _of_owner(text: str, mention: Mention) -> str | None:
    """ "f" of whose lawyer "Her lawyer, Ann Lee" is: a pronoun behind may mean that one as well."""
    whose = WHOSE.search(text, max(0, mention.run - FAR_OWNER), mention.run)
    return whose and OWN[whose[1].lower()]


def _next_persons(told: Sequence[Mention], end: int) -> list[int]:
    """Where, behind each mention, the next begins that may be a person's; a place or a body has no "he"."""
    is_known = any(mention.body is False for mention in told)
    found = []
    for mention in reversed(told):
        found.append(end)
        if mention.body is False or not is_known:
            end = mention.start
    return found[::-1]


def _first(his: re.Match[str] | None, her: re.Match[str] | None) -> str | None:
    if his and her:
        return "m" if his.start() < her.start() else "f"
    return "m" if his else "f" if her else None


def _majority(votes: Counter[str]) -> str | None:
    (best, count), *rest = votes.most_common()
    return best if not rest or count >= 2 * rest[0][1] else None
