"""Make labels and roles that can be printed: a name, an office or a short description, and no clause, date or place.

In: a source's own words and the names in them. Out: words of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from ingest.text.names import HONORIFICS, NICKNAME, PARTICLE, TITLES, Mention, moved
from ingest.text.sources import (
    BELONGING,
    CLAUSE,
    DETERMINERS,
    LINKS,
    OF,
    POSSESSIVE,
    PRONOUNS,
    RELATIVE,
    heads,
    listed,
    without_clause,
    without_relative,
)
from rag.months import MONTH
from rag.people.names import TITLES as OFFICES_ASKED_FOR
from rag.schema import Quote, Speaker

# What stands behind a name, an age aside, and a comma, as far as it can be a role, and its beginning if it is none.
BEHIND = re.compile(
    r"(?:\s*,\s+\d{1,3}(?=,)|\s+\(\d{1,3}\)(?=,))?\s*,\s+([^;:()“”\"\n–—]{3,140}?)(?=\s*,?\s*$"
    r"|\s*,\s+(?:who|whom|whose|which|where|when|and|as|in|through|via|at|on)\b"
    rf"|\s*,\s+(?:(?i:{MONTH})\.?\s+)?\d+\b|\s*[;:(–—])"  # Nor is an age, a year or a day a part of it.
)
NO_ROLE = re.compile(
    r"(?:\d|(?:who|whom|whose|which|where|when|and|or|but|not|now|then|himself|herself|in|on|at|by|with|from|for|of|via|to"
    r"|through|during|after|before|as|according|per|also|too)\b)",
    re.I,
)
# "speaking from the quay", and not "United Nations envoy".
OFFICES, OTHERS = TITLES | OFFICES_ASKED_FOR, DETERMINERS | BELONGING | LINKS
# And "beaten by a deflection", whatever the form: by whom or what something was done has an article or is a name.
PARTICIPLE = re.compile(
    r"(?![A-Z]\w+ [A-Z])\w+(?:(?:ing|ed)\b|\s+by\s+(?:(?:an?|the|his|her|its|their|our)\b|[^\W\d_a-z]))"
)
FINITE = re.compile(r"\b(?:had|has|have|is|was|were|said|says|told|asked|will|would)\b")
WHOSE = re.compile(r"^(?:(?:the|an?|his|her|their|its|our|my|one|another|and|even|both)\s+)+", re.I)
DAYS = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# When it was said, at the end of a source, and words that lead on to what is said.
TIME = re.compile(
    rf"(?:\s+[a-z]+ed)?\s+(?:(?:on|late|early|last|this|next|since)\s+)*(?:{DAYS}|today|yesterday|tonight|(?:last|this)\s+(?:week|month|year))"
    r"(?:\s+(?:morning|afternoon|evening|night))?\s*$",
)
LOOSE_END = re.compile(r"(?:\s+(?:as|that|and|about|also|then|at|on|in|of|for|to|with|by|from|or|named|called))+\s*$")
# A role and a comma before a name: "the committee’s head, Cllr" of Ann Lee, "the Dean of Tarn, the Very Rev" of hers.
APART = re.compile(r"([^,]*[a-z][^,]*),(?:\s+the\b)?(?:\s+[^\W\d_a-z][\w.]*)*\s*")
COMMA = re.compile(r"\s*,\s+")
PARTICLE_BEFORE = re.compile(rf"(?:^|(?<=\s)){PARTICLE}\s*$")
LAST_OF_LIST = re.compile(r",[^,]+ and |, and ")
# What stands behind a comma that goes on about what came before.
APPOSED = re.compile(
    r"(?:an?|the|who|whose|whom|which|where|when|now|then|long|in|on|at|by|with|from|for|of|via|through|during|after"
    r"|before|as|\w+ing|\w+ed)\b",
    re.I,
)
MARKED = re.compile(r"^[“\"]([^“”\"]+)[”\"]$")  # A label in quotation marks.
MOST_IN_LABEL = 8  # Words: of a longer label the widening is left out.
WIDER = re.compile(r"(?<=\w)\s+(?=(?:after|during|before|since|when|while|because|[a-z]+ing|[a-z]+ed)\b)")
NO_LABEL = re.compile(
    r"(?:who|whom|which|these|those|ones|whose\b.*|\w+ of whom|the|an?|as|let['’]?s?"
    r"|(?:of|to|in|at|by|with|during|if|when|that)\b.*)$",
    re.I,
)
UNFIT_ROLE = re.compile(
    r"[’']s?$|^[^\w]|[^\w.)’']$|^\d|[:;“”\"\n$£€]|^(?:first|ten|then|now|about|more)$|\b(?:former|acting)$", re.I
)
MOST_IN_ROLE = 14  # Words.
OWN = re.compile(r"^(?:his|her|its|their|our|my)\s+", re.I)  # Whose it is stands elsewhere: "its director".
AND_ALSO = re.compile(r"\s+and (?:an?|the)\s")
ABBREVIATED = re.compile(r"\w+\.")
ROLE_AWAY = 8  # Characters between a name and a role beside it.
TOGETHER = re.compile(r", | and ")
SEVERAL = re.compile(r" (?:and|nor) (?:the|an?|his|her|their) ")  # "The brother and the sister" are no "he".


def described(source: str) -> str:
    """A description as it stands within a sentence, and no more: "The minister, who …" is "the minister".

    "The minister’s" before the cue "claim" is "the minister"; a list stays whole; "on Monday" is no part of it.
    """
    source = _without_time(source)
    comma = COMMA.search(source)
    is_list = comma is not None and not APPOSED.match(source, comma.end()) and LAST_OF_LIST.search(source) is not None
    core = RELATIVE.split(source, maxsplit=1)[0] if is_list else CLAUSE.split(source, maxsplit=1)[0] or source
    if len(core.split()) > MOST_IN_LABEL:
        core = WIDER.split(core, maxsplit=1)[0]
    core = LOOSE_END.sub("", core).strip("[]() ") or core
    core = MARKED.sub(r"\1", core)
    core = core.strip()
    if core.isupper() and core.partition(" ")[0].lower() in DETERMINERS:  # "THE WITNESS" in a transcript.
        core = core.lower()
    first, _, rest = core.partition(" ")
    if not rest:
        return core.lower() if core.lower() in PRONOUNS else core
    if first.lower() not in DETERMINERS:
        return core
    return POSSESSIVE.sub("", f"{first.lower()} {rest}") if rest.split()[-1][0].islower() else f"{first.lower()} {rest}"


def role_in(source: str, mention: Mention) -> str | None:
    """The role that a source gives with the person it names: behind a comma, or before the name."""
    if mention.is_body:
        return None
    behind = BEHIND.match(source, mention.end)
    is_place = behind is not None and ABBREVIATED.fullmatch(behind[1].strip())  # "Tarn, Col."
    if behind and not is_place and not is_aside(behind[1]) and not FINITE.search(behind[1]):
        return behind[1].strip()
    before = source[: mention.run]
    while PARTICLE_BEFORE.search(before):  # "van der" of a name that the mention has without.
        before = PARTICLE_BEFORE.sub("", before)
    apart = APART.fullmatch(before)
    before = WHOSE.sub("", (apart[1] if apart else before).rpartition(" and the ")[2]).strip(" ,")
    title = (
        ""
        if apart
        else " ".join(w for w in source[mention.run : mention.start].split() if w.lower().strip(".") not in HONORIFICS)
    )
    role = f"{before} {title}".strip()
    return role if role and not FINITE.search(role) and "," not in role and role[0].isalpha() else None


def _without_time(source: str) -> str:
    return LOOSE_END.sub("", TIME.sub("", source)) or source


def is_label(phrase: str) -> bool:
    """True for what can stand for somebody: no relative clause, no preposition with what follows, no bare article."""
    return NO_LABEL.match(phrase) is None


def is_aside(phrase: str) -> bool:
    """True for "58" and "speaking from the quay" behind a name; not for "managing director", an office."""
    return bool(NO_ROLE.match(phrase) or (PARTICIPLE.match(phrase) and not _is_office(phrase)))


def _is_office(phrase: str) -> bool:
    """True for "managing director of Tarn", not for "citing the director"."""
    words = OF.split(phrase, maxsplit=1)[0].lower().split()
    return words[-1] in OFFICES and not OTHERS.intersection(words)


def fit_role(role: str | None, *, is_said: bool = True) -> str | None:
    """The role if it can be printed behind a name: no clause, date or beginning of something else.

    `is_said`: a source says it; else it stands beside the name only, as "praising coach" before "Ann Lee" does.
    """
    role = role and LOOSE_END.sub("", OWN.sub("", without_relative(role).split(" which ")[0]))
    if role and len(role.split()) > MOST_IN_ROLE:
        role = AND_ALSO.split(role, maxsplit=1)[0]
    if (
        not role
        or role.lower() in DETERMINERS  # "one, Ann Lee"
        or is_aside(role)
        or (not is_said and PARTICIPLE.match(role))
        or UNFIT_ROLE.search(role)
        or FINITE.search(role)
        or len(role.split()) > MOST_IN_ROLE
    ):
        return None
    first, space, rest = role.partition(" ")
    role = f"{first.lower() if first.lower() in DETERMINERS else first}{space}{rest}"  # "One of the drivers, Ann Lee".
    return role if len(role) > 1 else None


def with_roles(text: str, found: Sequence[Mention], quotes: Sequence[Quote]) -> list[Mention]:
    """The mentions, those that are sources with the role that the source gives, which has an end that is known."""
    made, said = list(found), set()
    starts = [mention.start for mention in made]
    for source in {(quote.source[0].start, quote.source[-1].end) for quote in quotes if quote.source}:
        low, high = (bisect_left(starts, at) for at in source)
        phrase = text[slice(*source)]
        if low < high and NICKNAME.match(text, source[1]):  # It breaks off before what stands in marks.
            phrase = text[source[0] : made[high - 1].end]
        inside = [moved(m, -source[0]) for m in made[low:high] if m.end <= source[0] + len(phrase)]
        named = heads(without_clause(phrase), tuple(inside)) or heads(phrase, tuple(inside))
        if len(named) == 1 and not listed(phrase) and (role := role_in(phrase, named[0])):
            at = bisect_left(starts, named[0].start + source[0])
            made[at] = replace(made[at], role=role)
            said.add(at)
    ends = sorted({end for q in quotes for span in (*q.content, *q.cue) for end in (span.start, span.end)})
    names = [m for m in made if m.body or (m.body is False and len(m.tokens) > 1)]
    return [
        replace(
            m,
            role=None
            if _is_parted(text, m, ends) or _is_name(text, m, names)
            else fit_role(m.role, is_said=number in said),
        )
        if m.role
        else m
        for number, m in enumerate(made)
    ]


def _is_name(text: str, mention: Mention, names: Sequence[Mention]) -> bool:
    """True where what stands behind a name is another one: "the Dean of Tarn, the Very Rev Ann Lee"."""
    begin = text.find(mention.role or "", mention.end, mention.end + ROLE_AWAY + len(mention.role or ""))
    at = bisect_left(names, begin, key=attrgetter("start"))
    other = names[at] if begin >= 0 and at < len(names) else None
    if other is None or other.end != begin + len(mention.role or ""):
        return False
    return all(word[0].isupper() for word in WHOSE.sub("", text[begin : other.start]).split())


def _is_parted(text: str, mention: Mention, ends: Sequence[int]) -> bool:
    """True where words that somebody says, or a verb of saying, begin or end within what is taken for a role.

    Of "He is praising former Gov. Ann Lee", or of "Ann Lee, a third of the sand could rebuild the beach, said".
    """
    role = mention.role or ""
    before = text.rfind(role, max(0, mention.start - len(role) - ROLE_AWAY), mention.start)
    behind = text.find(role, mention.end, mention.end + len(role) + ROLE_AWAY)
    low, high = (mention.end, behind + len(role)) if before < 0 <= behind else (before, mention.start)
    return low >= 0 and bisect_right(ends, low) != bisect_left(ends, high)


def with_kind(speaker: Speaker | None, named: Iterable[Mention]) -> Speaker | None:
    """The speaker as what the names in the text show it to be, where no network has looked."""
    if speaker is None:
        return None
    bodies = {" ".join(m.tokens): m.is_body for m in named}
    if speaker.name in bodies:
        return replace(speaker, kind="body" if bodies[speaker.name] else "person")
    if not is_label(speaker.name):
        return None
    together = len(parts := TOGETHER.split(speaker.name)) > 1 and all(part in bodies for part in parts)
    return replace(speaker, kind="group" if together else "unnamed")
