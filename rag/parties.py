"""Whom a question asks about: phrases of its clauses matched with the speakers of the index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag import lexicon as lex
from rag.names import CAPITAL, COLLECTIVE, NAME_WORD, PLACES, TITLES, bare, personal, typed
from rag.people import Directory
from rag.persons import dominant
from rag.question import PAUSES, Clause, Reader
from rag.roles import is_office
from rag.schema import Asked

MAX_SHORT_WORDS = 12
CITED = re.compile(r"\b(?:according to|as per|in the (?:words|view|opinion) of)\s+(?P<who>\S.*)$", re.I)
PER = re.compile(r"(?:,\s*|\s)per\s+(?P<who>(?-i:[A-Z])\S.*|the\s.*|[^,]{1,60}$)", re.I)
CITED_END = re.compile(r"\s*[?,;!]|\s+(?:what|how|why|who|which|when|where|did|does|is|was|has)\b", re.I)
JOINED = re.compile(r"\s+(?:and|vs\.?|versus|or|&)\s+", re.I)
NOUNS = "|".join(sorted(lex.ATTITUDES, key=len, reverse=True))
ATTITUDE_END = re.compile(rf"'s?\s+(?:[\w-]+\s+){{0,2}}?(?:{NOUNS})\b.*$", re.I)
ATTITUDE_IN = re.compile(rf"'s?\s+(?:[\w-]+\s+){{0,2}}?(?:{NOUNS})\s+(?:on|of|about)\s+(?P<tail>\S.*)$", re.I)
VERSUS = re.compile(r"^(?P<one>.{2,80}?)\s+(?:vs\.?|versus)\s+(?P<other>.{2,120})$", re.I)
BETWEEN = re.compile(
    r"\b(?:differences?|disagreements?|gap|contrast|dispute|row|clash)\s+between\s+(?P<one>[^?,:;]{2,80}?)\s+and\s+"
    r"(?P<other>[^?,:;]{2,80}?)(?:\s+(?:on|about|over|when|regarding)\b|\s*[?,:;]|\s*$)",
    re.I,
)
DIFFERS = re.compile(
    r"\b(?:differ\w*|diverge\w*)\s+from\s+(?:that of\s+|what\s+)?(?P<who>[^?,:;]{2,80}?)"
    r"(?:\s+(?:on|about|over|said|says|thinks)\b|\s*[?,:;]|\s*$)",
    re.I,
)
ON = re.compile(r"\s+(?:on|about|over|regarding|at the|in the)\s|[:;?!]|\s-\s|,\s")
SHORT_LEAD = re.compile(r"^(?:(?:and|but|or|so|then)\s+)?(?:(?:what|how)\s+about\s+)?", re.I)
SHORT_TOPIC = re.compile(r"^(?P<who>.{1,80}?)\s+(?:on|about)\s+\S", re.I)
LEADS = frozenset("so and but or then also well ok okay".split())
MAX_PARTIES = 6


def parties(
    reader: Reader, found: Sequence[Clause], people: Directory, named: Sequence[str]
) -> tuple[tuple[Asked, ...], tuple[tuple[str, str], ...]]:
    """The parties asked about in the question's order, and (as typed, name) for each name taken as mistyped."""
    asked: dict[str, Asked] = {}
    respelt: list[tuple[str, str]] = []
    for phrase, topic in _phrases(reader, found, people, named):
        if phrase.lower() in asked or (is_outlet(phrase, named) and not people.find(phrase)):
            continue
        party, slip = settle(phrase, people, lowered=reader.lowered, topic=topic)
        if party is None or any(party.speakers and party.speakers == other.speakers for other in asked.values()):
            continue
        asked[phrase.lower()] = party
        respelt.extend([slip] if slip else [])
    return tuple(asked.values())[:MAX_PARTIES], tuple(respelt)


def settle(
    phrase: str, people: Directory, *, lowered: bool, topic: str = ""
) -> tuple[Asked | None, tuple[str, str] | None]:
    """Who a phrase means: speakers by name, by a slip of spelling, by role; else a description, or somebody unknown."""
    found = people.people(phrase)
    if found:
        names = tuple(p.name for p in dominant(found))
        return Asked(phrase, tuple(label for p in found for label in p.labels), names, topic=topic), None
    labels = people.by_name(phrase)
    if labels:
        return Asked(phrase, labels, labels[:1], described=True, topic=topic), None
    naming = people.naming(phrase)
    if naming:
        return Asked(phrase, naming, described=True, topic=topic), None
    words = personal(phrase) or (typed(phrase) if lowered else ())
    if words and _is_name(phrase, words, people):
        slip = people.respelt(phrase)
        if slip:
            return Asked(phrase, tuple(slip.labels), (slip.name,), topic=topic), (phrase, slip.name)
        return Asked(phrase, topic=topic), None
    if _is_anybody(phrase):
        return None, None
    return Asked(phrase, people.by_role(phrase), described=True, topic=topic), None


def outlets(text: str, people: Directory) -> tuple[str, ...]:
    """The publications of the index that a question names behind "in", "to" or the like, or as owner of a report."""
    folded = " ".join(bare(w) for w in NAME_WORD.findall(text))
    found = []
    for name in people.publications:
        plain = " ".join(bare(w) for w in NAME_WORD.findall(name)).removeprefix("the ")
        if not plain:
            continue
        at = rf"(?:did|does|has|what) (?:the )?{re.escape(plain)} (?:say|report|write|claim|wrote|reported)|"
        at += rf"(?:in|to|by|from|told|tell|tells|for|via|with) (?:the |an? )?{re.escape(plain)}\b"
        own = rf"\b{re.escape(plain)} (?:report|article|story|piece|interview|account)\b"
        if re.search(rf"\b{at}|{own}", folded):
            found.append(name)
    return tuple(found)


def is_outlet(phrase: str, named: Sequence[str]) -> bool:
    """True for a phrase that opens with one of these publications."""
    return any(_same_outlet(phrase, name) for name in named)


def _same_outlet(phrase: str, name: str) -> bool:
    words = [[bare(w) for w in NAME_WORD.findall(each) if bare(w) != "the"] for each in (phrase, name)]
    return words[0][: len(words[1])] == words[1]


def _phrases(
    reader: Reader, found: Sequence[Clause], people: Directory, named: Sequence[str]
) -> Iterable[tuple[str, str]]:
    """(phrase, own topic) of each party, from the form of question that fits first."""
    cited = _cited(reader)
    if cited and (people.find(cited) or not is_outlet(cited, named)):
        yield from ((part, "") for part in _split(cited, people))
        return
    subjects = [clause for clause in found if not is_nobody(clause.subject)]
    if subjects and subjects[0] is found[0] and subjects[0].subject.split()[0].lower() in lex.POSSESSIVES:
        headed = _headed(reader, found, people)  # "And Olm - what do her cousins think of it?"
        if headed:
            yield from ((phrase, "") for phrase in headed)
            return
    between = BETWEEN.search(reader.masked)
    if between:
        yield from ((_owner(reader.text[between.start(g) : between.end(g)]), "") for g in ("one", "other"))
        return
    apart = DIFFERS.search(reader.masked) if len(subjects) == 1 else None
    if apart:
        other = reader.text[apart.start("who") : apart.end("who")]
        yield from ((part, "") for side in (subjects[0].subject, other) for part in _split(side, people))
        return
    versus = VERSUS.match(reader.masked) if len(subjects) < 2 else None
    if versus:
        sides = [reader.text[versus.start(g) : versus.end(g)] for g in ("one", "other")]
        sides[0] = re.split(r"[:;]\s", sides[0])[-1]
        yield from ((_owner(ON.split(side, maxsplit=1)[0]), "") for side in sides)
        return
    if subjects:
        several = len(subjects) > 1
        for clause in subjects:
            for part in _split(clause.subject, people):
                yield part, clause.rest if several else ""
        return
    yield from ((phrase, "") for phrase in _headed(reader, found, people))


def _cited(reader: Reader) -> str:
    """Whom "according to" or "per" names."""
    for pattern in (CITED, PER):
        match = pattern.search(reader.masked)
        if match:
            end = CITED_END.search(match["who"])
            start = match.start("who")
            return reader.text[start : start + (end.start() if end else len(match["who"]))].strip(" .?!")
    return ""


def _headed(reader: Reader, found: Sequence[Clause], people: Directory) -> list[str]:
    """Somebody named before a pronoun's clause ("the diver whose lamp broke: what did he mean?") or without a verb."""
    pronoun = next((c for c in found if c.subject.lower().split()[0] in lex.SUBJECT_PRONOUNS | lex.POSSESSIVES), None)
    if pronoun:
        marks = [
            i
            for i, t in enumerate(reader.tokens)
            if t.low in PAUSES
            or (
                t.low in lex.WH | lex.AUXILIARY
                and reader.tokens[i + 1 :][:1]
                and i + 1 < len(reader.tokens)
                and reader.tokens[i + 1].low != "about"
            )
        ]
        head = SHORT_LEAD.sub("", reader.words(0, marks[0])) if marks and 0 < marks[0] <= MAX_SHORT_WORDS else ""
        return [head] if head.split() and head.lower() not in LEADS and found[0] is pronoun else []
    bare_text = reader.text.strip(" ?!.")
    owned = ATTITUDE_END.search(bare_text)
    if owned and len(bare_text[: owned.start()].split()) <= MAX_SHORT_WORDS:
        return _split(bare_text[: owned.start()], people)
    if len(bare_text) > 160 or found:
        return []
    bare_text = SHORT_LEAD.sub("", bare_text)
    topical = SHORT_TOPIC.match(bare_text)
    for candidate in ([topical["who"]] if topical else []) + [bare_text]:
        parts = _split(candidate.split(" - ")[0].split(": ")[0], people)
        if parts and all(_can_stand_alone(part, people, reader) for part in parts):
            return parts
    return []


def _can_stand_alone(part: str, people: Directory, reader: Reader) -> bool:
    """True for what names somebody without any verb: a speaker, or at least two words of a name."""
    if len(part.split()) > 6:
        return False
    if people.people(part) or people.by_name(part):
        return True
    words = personal(part)
    if len(words) > 1 and part.split()[0][:1].isupper() and _is_name(part, words, people):
        return True
    one = part.split()[0].lower() in lex.DETERMINERS and not part.endswith("s")
    office = one and bool(people.by_role(part) or is_office(part))
    return office or (reader.lowered and len(typed(part)) > 1 and people.respelt(part) is not None)


def _split(phrase: str, people: Directory) -> list[str]:
    """The parties in a subject: joined ones apart, an apposition and what owns nothing left out."""
    phrase = phrase.strip(" '\"-,")
    joined = JOINED.split(phrase)
    if len(joined) > 1 and not all(_stands(part, people) for part in joined[1:]):
        joined = [phrase]
    parts: list[str] = []
    for number, part in enumerate(joined):
        pieces = [p.strip() for p in re.split(r",(?!\d)", part) if p.strip()]
        if len(pieces) > 1 and (number or len(joined) == 1):
            pieces = pieces[:1]
        named = [p for p in pieces if personal(p)]
        parts.extend(named if named and len(named) < len(pieces) else pieces)
    return [p for p in map(_owner, parts) if p and not is_nobody(p)]


def _stands(part: str, people: Directory) -> bool:
    first = part.split()[0] if part.split() else ""
    return bool(CAPITAL.match(first) or first.lower() in lex.DETERMINERS or people.people(part))


def _owner(phrase: str) -> str:
    """The owner of an attitude at the phrase's end, the phrase itself when there is none."""
    phrase = re.sub(
        r"^(?:(?:what|how)\s+(?:is|was|are|were)\s+|compare\s+|between\s+)", "", phrase.strip(" '\"-,.?"), flags=re.I
    )
    phrase = ATTITUDE_END.sub("", phrase)
    return re.sub(r"'s?$", "", phrase).strip(" '\"-,.")


def told_of(subject: str) -> str:
    """What a subject such as "Hale's verdict on the toll" says of the topic: "on the toll"."""
    match = ATTITUDE_IN.search(subject)
    return match["tail"] if match else ""


def is_nobody(subject: str) -> bool:
    """True for a subject that says nothing of whom it means: "she", "the experts"."""
    low = subject.lower().split()
    return not low or _is_anybody(subject) or low[0] in lex.SUBJECT_PRONOUNS or low[-1] in ("each", "both")


def _is_anybody(phrase: str) -> bool:
    """True for a phrase that names nobody in particular, such as "the other experts"."""
    words = [w.strip("'\"") for w in phrase.lower().split()]
    while len(words) > 1 and words[0] in lex.QUANTIFIERS:
        words = words[1:]
    return not words or words[0] in lex.ANYBODY


def _is_name(phrase: str, words: tuple[str, ...], people: Directory) -> bool:
    """True when a phrase that no speaker carries is surely somebody's personal name."""
    tokens = NAME_WORD.findall(phrase)
    if people.is_in_role(words) or any(w in PLACES or w in COLLECTIVE for w in words) or is_office(" ".join(words)):
        return False
    if len(words) == 1:
        # "Quist", "Judge Quist"; not "most Tarners", "NATO" or "young Tarners".
        others = [bare(w) for w in tokens if bare(w) != words[0]]
        acronym = len(tokens[-1]) > 1 and tokens[-1].isupper() and not phrase.isupper()
        return all(w in TITLES for w in others) and not acronym
    return True
