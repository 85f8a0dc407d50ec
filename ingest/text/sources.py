"""Read a source's own words: the persons it names, what it says of them, and how it stands within a sentence.

In: a source such as "Ann Lee, the mayor, and Hale". Out: mentions and words. Nothing of the article
around it is known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile

from ingest.text.names import BODIES, ROLE_WORD, Mention, mentions, moved

Name = tuple[str, str]  # Surname and first name.

INITIALS = (2, 3)
DETERMINERS = frozenset("the a an one two three some many several its his her their".split())
COMMA = re.compile(r", ")
JOINT = re.compile(r"\s*,\s+and\s+|\s+and\s+|\s*,\s+")
# What follows describes the source that came before.
CORE_END = re.compile(r"\s*[,(;–—]|\s+who\s")
RELATIVE = re.compile(r",?\s+(?:who|whose|whom|which|that|where)\s")
MODIFIED = re.compile(r"\s+(?!(?:and|or|as|himself|herself|then|also|later)\b)[a-z]")
CLAUSE = re.compile(r"\s*[(;–—]|\s*,\s+(?!and\b)|\s+(?:who|which|that)\b")
# Nouns that give the gender of a person whom the article does not name.
NOUN_GENDERS = {
    **dict.fromkeys("man men father husband son brother brothers boy uncle spokesman chairman councilman".split(), "m"),
    **dict.fromkeys(
        "woman women mother wife daughter sister sisters girl aunt spokeswoman chairwoman councilwoman".split(), "f"
    ),
}
TWO = re.compile(
    r"(?:(?:the|those|these)(?: two)?|both)(?: of the)? (?:men|women|brothers|sisters)"
    r"|(?:the two|both) (?:leaders|candidates|rivals)|the (?:two|pair|couple)|both"
)
BRACKET = re.compile(r"\s*\([^()]*\)$")  # "Ann Lee (Labour)"
OWNS = re.compile(r"(?:['’]s|(?<=s)['’])\s+\S")  # "Lee’s aide", "Passengers’ group"
POSSESSIVE = re.compile(r"(?<=[a-z])(?:['’]s|(?<=s)['’])$")
OWNED = re.compile(r"['’]s?$")
PRONOUNS = frozenset("he she they we it you who which that this his her their".split())
# Words between the source's first word and a name that belongs to a person other than the source.
BELONGING = frozenset("for of at from to with by against like including such".split())
LINKS = frozenset("and or as than".split())
PAST = frozenset("former then late".split())  # Who is called so before an office no longer has it.
HAILS = re.compile(r"\s(?:of|from|at|in)\s")
PLACE = re.compile(r"\s(?:of|from)\s[^\W\d_a-z][\w'’.-]*(?:\s[^\W\d_a-z][\w'’.-]*)*")
# What stands between two names of a list and begins with these is no third one: "Ann Lee, a friend of Ida Hale".
APART = re.compile(r"(?:an?|the|his|her|its|their)\b|.*(?:ing|under)\s")
# An office and a comma before the name of who has it, behind another such pair or not.
OFFICE_BEFORE = re.compile(r"(,? and |, )?(?:an?|the|his|her|its|their)\s[^.;:()“”\"]*, ", re.I)
# In it, that another has the office: "a lawyer for the mayor, Ann Lee", not "the minister for rivers, Ann Lee".
FOR_ANOTHER = re.compile(
    rf"\b(?:for (?:{'|'.join(sorted(DETERMINERS))})|{'|'.join(sorted(BELONGING - {'of', 'for', 'at', 'from'}))})\b"
)
SENTENCE = re.compile(r"[.!?:;“”\"\n](?:\s|$)")
OF = re.compile(r"\s(?:of|for|at|in|from)\s")
# "New" of New Jersey is no New York.
FILLERS = frozenset("the a an of for at in from to and his her its their new".split())


def without_clause(source: str) -> str:
    """The source to its first comma, bracket, dash or "who": who it is, without what is said of them."""
    return CORE_END.split(source, maxsplit=1)[0]


def without_relative(source: str) -> str:
    """The source to its first relative clause: whom "the company, which is based in Orsa" means stands before it."""
    return RELATIVE.split(source, maxsplit=1)[0]


def closing(source: str, within: tuple[Mention, ...] | None) -> tuple[Mention, ...]:
    """The person whom an office before a comma leads up to: "Tarn Mail chief of crews and boats, Ann Lee".

    Only where the names are known and none before it is a person's. A body's name stands there by itself, as in "her
    union, the Pilots’ Guild"; before a person's there can be more, as in "one of the crew, 40-year-old Ann Lee".
    """
    last = within[-1] if within else None
    _, comma, lead = source[: last.run if last else 0].rpartition(", ")
    if last is None or not comma or last.end != len(source) or last.body is None or len(last.tokens) == 1:
        return ()
    is_led_to = not (BELONGING | LINKS).intersection(lead.lower().split()) and "’" not in lead and "'" not in lead
    if not (lead in ("", "the ") if last.body else is_led_to):
        return ()
    return () if any(mention.body is False for mention in (within or ())[:-1]) else (last,)


@lru_cache(maxsize=256)
def heads(source: str, within: tuple[Mention, ...] | None = None) -> tuple[Mention, ...]:
    """The persons that a source itself names: not "Lee" in "a spokesman for Ann Lee" or in "Lee’s aide".

    `within` are the mentions in it, if they are known; those behind its end do not count.
    """
    found = []
    for mention in mentions(source) if within is None else within:
        if mention.end > len(source):
            break
        before = set(source[: mention.run].lower().split())
        # "Lee’s aide" is not Lee; "Lee’s" before the cue "claim" is.
        possessive = OWNS.match(source, mention.end) is not None
        # "the Halvick spokesman": a name before a common noun says whose.
        named = len(mention.tokens) > 1 and HAILS.match(source, mention.end)
        modifier = MODIFIED.match(source, mention.end) and not named
        # "the head of the council, Dr Ann Lee": behind the comma stands who it is.
        closes = source[: mention.run].endswith(", ") and mention.end == len(source)
        if not (mention.is_body or possessive or modifier or (before & BELONGING and not closes)):
            found.append(mention)
    return tuple(found)


def led_to_body(source: str, within: tuple[Mention, ...] | None = None) -> tuple[Mention, ...]:
    """The body that ends a source behind its trade: FNB of "Dutch union FNB", not Tarn of "a lawyer for Tarn"."""
    *_, last = within or mentions(source) or (None,)
    if last is None or last.end != len(source):
        return ()
    before = source[: last.run].split()
    is_trade = bool(before) and before[-1].isalpha() and before[-1].islower()
    is_plain = not ({word.lower() for word in before} & (BELONGING | LINKS | DETERMINERS) or OF.search(source))
    return (last,) if last.is_body and is_trade and is_plain else ()


def listed(source: str) -> list[Mention]:
    """The persons of "Ann Lee and Hale" or "Ann Lee, the mayor, Per Lund and Hale"; none where only one is named.

    In "Ann Lee, head of Marks and Spencer" the last "and" joins no two persons.
    """
    ends = [*JOINT.finditer(source), None]
    named: list[Mention] = []
    begin, joined, was_name = 0, False, False
    for end in ends:
        part = BRACKET.sub("", source[begin : end.start() if end else len(source)])
        persons = heads(part)
        is_whole = len(persons) == 1 and (persons[0].end == len(part) or _hails(part, persons[0]))
        is_name = is_whole and not (begin and APART.match(part))
        behind = source[:begin]
        if is_name and behind.endswith("and "):
            if not (was_name or behind.endswith(", and ")):
                return []
            joined = True
        if is_name:
            named.append(persons[0])
        begin, was_name = end.end() if end else begin, is_name
    return named if joined and len(named) > 1 else []


def behind_offices(source: str) -> list[Mention]:
    """The persons of "The mayor of Tarn, Ann Lee, and the head of its board, Bo Ek"; none unless all are told so."""
    named, begin = list[Mention](), 0
    for mention in mentions(source):
        lead = OFFICE_BEFORE.fullmatch(source, begin, mention.run)
        if mention.is_body or len(mention.tokens) == 1 or lead is None or RELATIVE.search(lead[0]):
            continue
        if bool(begin) == (lead[1] is None) or FOR_ANOTHER.search(lead[0]):
            return []
        named.append(mention)
        begin, last = mention.end, lead[1]
    is_closed = len(named) > 1 and begin == len(source) and last.endswith("and ")
    return named if is_closed else []


def led_to(source: str) -> list[Mention]:
    """The persons whom an office of several leads up to: "the mayors of Orley and Tarn, Ann Lee and Bo Ek"."""
    behind = ((comma.end(), listed(source[comma.end() :])) for comma in COMMA.finditer(source))
    found = ([moved(m, start) for m in several] for start, several in behind)
    return next((several for several in found if several and all(len(m.tokens) > 1 for m in several)), [])


def by_initials(source: str, names: Mapping[Name, tuple[str, ...]]) -> set[Name]:
    """The names whose words have these initials, first and last or all."""
    if not (source.isupper() and source.isalpha() and len(source) in INITIALS):
        return set()
    known = {name: "".join(word[0] for word in words) for name, words in names.items()}
    return {name for name, letters in known.items() if source in (letters, letters[0] + letters[-1])}


def ending_list(stretches: Iterable[str]) -> list[Mention]:
    """The longest list that one of some stretches of a sentence is, from its first word to its last."""
    whole = (listed(stretch) for stretch in stretches if not SENTENCE.search(stretch))
    return max(whole, key=len, default=[])


def _hails(part: str, person: Mention) -> bool:
    """True for "Ann Lee of Orley", and no more; not for "Lee of Orley" or "Head of Marks"."""
    return len(person.tokens) > 1 and PLACE.fullmatch(part, person.end) is not None


def joined(names: Sequence[str]) -> str:
    """ "A", "A and B" or "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def particulars(role: str) -> set[str]:
    """What tells a role from others of its kind: its capitalised words and those behind "of" or "for"; lower case."""
    behind = OF.split(role, maxsplit=1)[1:]
    words = [w for w in ROLE_WORD.findall(OF.split(role, maxsplit=1)[0])[1:-1] if w != w.lower()]
    words += ROLE_WORD.findall(" ".join(behind))
    return {re.sub(r"['’]s?$", "", w.lower()) for w in words} - FILLERS


def unlike(phrase: str, role: str) -> bool:
    """True for "the football director" and the role "sporting director": each says what kind, and by other words."""
    one, other = (set(ROLE_WORD.findall(OF.split(words, maxsplit=1)[0])[:-1]) for words in (phrase, role))
    one, other = ({w for w in words if w.islower() and not OWNED.search(w)} - FILLERS for words in (one, other))
    return bool(one and other and one.isdisjoint(other))


def is_past(role: str) -> bool:
    """True for "the former mayor" and "then mayor of Orsa", and not for "mayor"."""
    return not PAST.isdisjoint(OF.split(role.lower(), maxsplit=1)[0].split())


def is_body(name: str) -> bool:
    """True for a name with a word of organisations before any "of" or "at": "a mother at the school" is no body."""
    return not BODIES.isdisjoint(takewhile(lambda word: word not in BELONGING, name.lower().split()))
