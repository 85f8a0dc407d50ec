"""Find the persons that an article names: their bare names, the role beside each, and the honorific's gender.

Capitalised words are all that is known of English here, so places and bodies come along; who uses
the result asks it about the sources of quotes only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

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
    "one two three four five some many several all most another every each among like though although even "
    "unlike both the a an in on at by for from of to and but or if when while as it he she they we i you this "
    "that these those his her their its our my according after before during since despite however meanwhile "
    "similarly further yes no not now then monday tuesday wednesday thursday friday saturday sunday january "
    "february march april may june july august september october november december new north south east west "
    "university college department ministry council party house republican republicans democrat democrats "
    "democratic american americans european".split()
)
BODIES = frozenset(
    "university college school department ministry council committee party company corporation inc group "
    "association union club board agency bureau office court police government administration institute "
    "foundation trust commission authority hospital bank service times post herald news media house senate "
    "congress parliament campaign".split()
)
CAPITALISED = r"[^\W\d_a-z][\w'’.\-]*"
NAME = re.compile(rf"{CAPITALISED}(?:[ \u00a0]+(?:{CAPITALISED}|(?:{'|'.join(sorted(PARTICLES))})\b))*")
# An apposition that holds a finite verb is the next clause, not a role.
APPOSITION = re.compile(
    r"\s*,\s*((?:an?|the|chief|head|senior|former|founder|director|president|chair\w*|mayor)\b[^,.;“”\"\n]{3,90})[,.;]"
)
LOWER_WORD = re.compile(r"\b[a-z]+\b")
OPENS = ("", ".", "!", "?", "\n", "”", '"', "“", ":")
# "the coach, Ann Lee," gives the role before the name.
DESCRIBED = re.compile(r"(?:^|[\s(])[Tt]he ((?:(?!\bthe\b)[^,.;:“”\"\n]){3,60}),\s$")
ROLE_WORD = re.compile(r"[^\W\d_][\w'’-]+")
CLAUSE = re.compile(r"\b(?:had|has|have|is|was|were|said|says|told|asked|will|would)\b")
GENDERS = {"mr": "m", "sir": "m", "lord": "m", "mrs": "f", "ms": "f", "miss": "f", "dame": "f", "lady": "f"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named at [start, end): `tokens` is the bare name, `run` where titles before it begin."""

    run: int
    start: int
    end: int
    tokens: tuple[str, ...]
    role: str | None
    gender: str | None

    @property
    def surname(self) -> str:
        """The last word of the name, in lower case."""
        return surname(self.tokens)

    @property
    def is_body(self) -> bool:
        """True for a name with a word such as "council" in it."""
        return bool({token.lower() for token in self.tokens} & BODIES)


def surname(tokens: tuple[str, ...]) -> str:
    """The last word of a name that is no suffix such as "Jr.", in lower case."""
    kept = [t for t in tokens if t.lower().strip(".") not in SUFFIXES]
    return (kept or list(tokens))[-1].lower()


def mentions(text: str) -> list[Mention]:
    """Every run of capitalised words that can be a person, in order."""
    found = [mention for run in NAME.finditer(text) for mention in _mentions(text, run)]
    first_names: dict[str, set[str]] = {}
    for mention in found:
        if len(mention.tokens) > 1:
            first_names.setdefault(mention.surname, set()).add(mention.tokens[0])
    lower = set(LOWER_WORD.findall(text))
    return [_without_opening(m, text, lower, first_names) for m in found]


def _without_opening(mention: Mention, text: str, lower: set[str], first_names: dict[str, set[str]]) -> Mention:
    """ "What Hale" becomes "Hale": a word that opens a sentence and that the text has in lower case is no name.

    It stays when the article knows nobody else of that surname: Will, Mark and Grant are names too.
    """
    tokens, first = mention.tokens, mention.tokens[0]
    others = len(tokens) > 2 or first_names.get(mention.surname, set()) - {first}
    opens = mention.run == mention.start and text[max(0, mention.start - 2) : mention.start].strip(" ")[-1:] in OPENS
    if len(tokens) < 2 or not (others and opens and first.lower() in lower):
        return mention
    start = text.index(tokens[1], mention.start + len(first))
    return replace(mention, run=start, start=start, tokens=tokens[1:])


def role_noun(role: str) -> str:
    """The noun that a role turns on, in lower case: "lecturer" of "a senior lecturer at a college"."""
    head = re.split(r"\s+(?:of|for|in|at|and|to|on|with|from|who)\s+|,", role, maxsplit=1)[0]
    words = ROLE_WORD.findall(head)
    return str(words[-1]).lower() if words else ""


def _mentions(text: str, found: re.Match[str]) -> list[Mention]:
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
    gender = GENDERS.get(honorific)
    return [
        Mention(
            words[0][0], start, end, tuple(w for _, w in cleaned), _role_beside(text, words[0][0], start, end), gender
        )
    ]


def _role_beside(text: str, run: int, start: int, end: int) -> str | None:
    """The role given with a name: ", a senior lecturer at X," after it or "union leader" before it."""
    after = APPOSITION.match(text, end)
    if after and not CLAUSE.search(after.group(1)):
        return after.group(1).strip()
    before = text[run:start].strip()
    described = DESCRIBED.search(text[max(0, run - 70) : run])
    if described and text[end : end + 1] == ",":
        return described.group(1)
    left = re.search(r"((?:[\w'’-]+ ){1,4})$", text[max(0, run - 60) : run])
    if left and (words := left.group(1).split()) and words[-1] in TITLES:
        before = f"{left.group(1).strip()} {before}".strip()
    plain = " ".join(w for w in before.split() if w.lower().strip(".") not in HONORIFICS)
    return re.sub(r"^(?:(?:the|a|an|by|of|and|when|as|with|to|from|for|said) )+", "", plain) or None
