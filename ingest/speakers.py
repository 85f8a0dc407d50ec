"""Name the speakers: from a source such as "Ms. Hale", "he" or "the minister" to one person or body.

The names and roles all come from the article itself; where they do not settle who is meant, the
source's own words stand as the name and the confidence is low.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.schema import Quote, Speaker

# How sure a kind of evidence is. Set by judgement, in this order; the trained resolver will measure them.
FULL_NAME, SURNAME, ROLE, PRONOUN, DESCRIPTION, AMBIGUOUS, UNRESOLVED = 1.0, 0.95, 0.75, 0.7, 0.6, 0.5, 0.3

HONORIFICS = frozenset("mr mrs ms miss dr prof professor sir dame lord lady rev".split())
TITLES = HONORIFICS | frozenset(
    "president vice senator sen representative rep congressman congresswoman governor gov mayor minister prime "
    "chancellor secretary director chairman chairwoman chair judge justice general gen colonel col captain "
    "capt sergeant sgt chief king queen prince princess pope bishop archbishop cardinal king's queen's "
    "spokesman spokeswoman spokesperson adviser advisor commissioner councillor councilman councilwoman "
    "ambassador attorney speaker leader coach manager superintendent sheriff detective officer inspector "
    "commander admiral lieutenant lt premier deputy former acting ex head ceo treasurer father sister brother "
    "principal headteacher harbourmaster editor".split()
)
PARTICLES = frozenset("de la le van von der den bin ibn al el du da dos".split())
SUFFIXES = frozenset("jr sr ii iii iv".split())
# Capitalised words that no person's name begins with.
NOT_NAMES = frozenset(
    "among like though although even unlike both the a an in on at by for from of to and but or if when while "
    "as it he she they we i you this that these those his her their its our my according after before during "
    "since despite however meanwhile similarly further yes no not now then monday tuesday wednesday thursday "
    "friday saturday sunday january february march april may june july august september october november "
    "december new north south east west university college department ministry council party house republican "
    "republicans democrat democrats democratic american americans european".split()
)
BODIES = frozenset(
    "university college school department ministry council committee party company corporation inc group "
    "association union club board agency bureau office court police government administration institute "
    "foundation trust commission authority hospital bank service times post herald news media house senate "
    "congress parliament campaign".split()
)
CAPITALISED = r"[^\W\d_a-z][\w'’.\-]*"
NAME = re.compile(rf"{CAPITALISED}(?:[ \u00a0]+(?:{CAPITALISED}|(?:{'|'.join(sorted(PARTICLES))})\b))*")
APPOSITION = re.compile(
    r"\s*,\s*((?:an?|the|who|chief|head|senior|former|founder|director|president|chair\w*|mayor)\b[^,.;“”\"\n]{3,90})[,.;]"
)
SINGULAR, PLURAL = frozenset({"he", "she", "who"}), frozenset({"they", "we"})
ROLE_WORD = re.compile(r"[^\W\d_][\w'’-]+")
LOOK_BACK = 1500  # Characters before a pronoun in which the person meant is looked for.


@dataclass(frozen=True, slots=True)
class _Mention:
    """A person named in the article: `tokens` is the bare name, `role` what stands beside it."""

    run: int
    start: int
    end: int
    tokens: tuple[str, ...]
    role: str | None
    gender: str | None


def resolve(text: str, quotes: Sequence[Quote]) -> list[Speaker | None]:
    """One speaker for each quote, None where the quote has no source. Quotes come in reading order."""
    people = _People(text, quotes)
    return [people.speaker(q.source[0].text, q.source[0].start) if q.source else None for q in quotes]


class _People:
    """Everybody the article names, and who spoke last. Ask for speakers in reading order."""

    def __init__(self, text: str, quotes: Sequence[Quote]) -> None:
        quoted = [(s.start, s.end) for q in quotes if q.kind != "indirect" for s in q.content]
        self._text = text
        self._mentions = [m for found in NAME.finditer(text) for m in _mentions(text, found)]
        self._told = [m for m in self._mentions if not any(s <= m.start < e for s, e in quoted)]
        self._full: dict[str, list[_Mention]] = {}
        for mention in self._mentions:
            if len(mention.tokens) > 1:
                self._full.setdefault(_surname(mention.tokens), []).append(mention)
        self._last: tuple[int, Speaker] | None = None

    def speaker(self, source: str, position: int) -> Speaker:
        """Who `source`, standing at `position`, is."""
        speaker = self._resolve(source.strip(), position)
        if speaker.confidence > DESCRIPTION:
            self._last = (position, speaker)
        return speaker

    def _resolve(self, source: str, position: int) -> Speaker:
        low = source.lower()
        if low in SINGULAR:
            return self._pronoun(low, position)
        heads = [m for f in NAME.finditer(source) for m in _mentions(source, f) if _is_head(source, m)]
        named = heads[-1] if heads else None
        if named and not {t.lower() for t in named.tokens} & BODIES:
            return self._person(named, position)
        if low in PLURAL or low in {"it", "i", "you"}:
            return Speaker(source, None, UNRESOLVED)
        by_role = self._by_role(source, position)
        return by_role or Speaker(source, None, DESCRIPTION)

    def _person(self, named: _Mention, position: int) -> Speaker:
        known = self._full.get(_surname(named.tokens), [])
        names = {m.tokens for m in known}
        if len(named.tokens) > 1:
            longest = max((n for n in names if n[0] == named.tokens[0]), key=len, default=named.tokens)
            return Speaker(" ".join(longest), self._role(longest, named.role), FULL_NAME)
        if not known:
            return Speaker(" ".join(named.tokens), named.role, SURNAME if named.role else DESCRIPTION)
        if named.gender:
            known = [m for m in known if self._gender(m.tokens) in (None, named.gender)] or known
        first_names = {m.tokens[0] for m in known}
        before = [m for m in known if m.start <= position] or known[:1]
        # A repeated full name counts as more sure than a bare surname shared by two people.
        tokens = before[-1].tokens
        return Speaker(
            " ".join(tokens), self._role(tokens, named.role), SURNAME if len(first_names) == 1 else AMBIGUOUS
        )

    def _pronoun(self, pronoun: str, position: int) -> Speaker:
        """The subject of the last sentence that names a person, or else whoever spoke last."""
        wanted = {"he": "m", "she": "f"}.get(pronoun)
        since = self._last[0] if self._last else position - LOOK_BACK
        subjects = [m for m in self._told if since < m.start < position and self._opens_sentence(m)]
        spoken = [self._last[1]] if self._last else []
        for person in [*(self._person(m, m.start) for m in reversed(subjects)), *spoken]:
            gender = self._gender(tuple(person.name.split()))
            if person.confidence >= PRONOUN and (not wanted or gender in (None, wanted)):
                return Speaker(person.name, person.role, PRONOUN)
        return Speaker(pronoun, None, UNRESOLVED)

    def _by_role(self, source: str, position: int) -> Speaker | None:
        """ "the minister" is the last person named before with that word in the role."""
        words = [w.lower() for w in ROLE_WORD.findall(source)]
        if not words or words[0] not in ("the", "this", "that", "his", "her"):
            return None
        for mention in reversed([m for m in self._mentions if m.start < position]):
            role = {w.lower() for w in ROLE_WORD.findall(mention.role or "")}
            if words[-1] in role:
                person = self._person(mention, mention.start)
                return Speaker(person.name, person.role, ROLE)
        return None

    def _opens_sentence(self, mention: _Mention) -> bool:
        """True for a person whom the article has by a full name, at the head of a sentence."""
        if _surname(mention.tokens) not in self._full or {t.lower() for t in mention.tokens} & BODIES:
            return False
        before = self._text[max(0, mention.run - 2) : mention.run].strip(" ")
        return not before or before[-1] in '.!?\n”"'

    def _role(self, tokens: tuple[str, ...], near: str | None) -> str | None:
        roles = [m.role for m in self._full.get(_surname(tokens), []) if m.tokens == tokens and m.role]
        return max([*roles, *([near] if near else [])], key=len, default=None)

    def _gender(self, tokens: tuple[str, ...]) -> str | None:
        """What the honorifics before this surname say: "m", "f" or None."""
        surname = _surname(tokens)
        said = {m.gender for m in self._mentions if m.gender and _surname(m.tokens) == surname}
        return said.pop() if len(said) == 1 else None


def _surname(tokens: tuple[str, ...]) -> str:
    kept = [t for t in tokens if t.lower().strip(".") not in SUFFIXES]
    return (kept or list(tokens))[-1].lower()


def _is_head(source: str, named: _Mention) -> bool:
    """False for "a spokesman for Ann Lee": the name belongs to what follows the noun."""
    before = source[: named.start].lower().split()
    return not ({"for", "of", "at", "from", "to", "with"} & set(before))


def _mentions(text: str, found: re.Match[str]) -> list[_Mention]:
    """The person in a run of capitalised words: the words after the last title are the name."""
    words = [(m.start() + found.start(), m.group()) for m in re.finditer(r"[^ \u00a0]+", found.group())]
    while words and words[0][1].lower().strip(".") in NOT_NAMES:
        words.pop(0)
    titles = [i for i, (_, w) in enumerate(words) if w.lower().strip(".") in TITLES]
    name = words[titles[-1] + 1 :] if titles else words
    if not name or name[0][1].lower() in PARTICLES:
        return []
    cleaned = [(s, re.sub(r"['’]s$|['’]$", "", w)) for s, w in name]
    cleaned = [(s, w if len(w) < 3 or w.lower() in ("jr.", "sr.") else w.rstrip(".")) for s, w in cleaned]
    # A possessive, or a word that ends a sentence, ends the name.
    for i, (_, w) in enumerate(name[:-1]):
        if w.endswith(("'s", "’s")) or (w.endswith(".") and len(w) > 4):
            cleaned = cleaned[: i + 1]
            break
    start, end = cleaned[0][0], cleaned[-1][0] + len(cleaned[-1][1])
    honorific = words[titles[-1]][1].lower().strip(".") if titles else ""
    gender = {"mr": "m", "sir": "m", "mrs": "f", "ms": "f", "miss": "f", "dame": "f", "lady": "f"}.get(honorific)
    return [
        _Mention(
            words[0][0], start, end, tuple(w for _, w in cleaned), _role_beside(text, words[0][0], start, end), gender
        )
    ]


def _role_beside(text: str, run: int, start: int, end: int) -> str | None:
    """The role given with a name: ", a senior lecturer at X," after it or "union leader" before it."""
    after = APPOSITION.match(text, end)
    if after and "“" not in after.group():
        return after.group(1).strip()
    before = text[run:start].strip()
    left = re.search(r"((?:[\w'’-]+ ){1,4})$", text[max(0, run - 60) : run])
    if left and (words := left.group(1).split()) and words[-1] in TITLES:
        before = f"{left.group(1).strip()} {before}".strip()
    plain = " ".join(w for w in before.split() if w.lower().strip(".") not in HONORIFICS)
    return re.sub(r"^(?:(?:the|a|an|by|of|and|when|as|with|to|from|for|said) )+", "", plain) or None
