"""The words of a role or description in one form, so that "the union's attorney" finds "lawyer of the union"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rag.people.names import HONORIFICS, NAME_WORD, bare
from rag.text import stem

# Words of another expression for the same office count for this much of a description.
WIDENED_WEIGHT = 0.7
# Function words that carry nothing in a role such as "head of the harbour authority".
ROLE_FILLERS = frozenset(
    "of the a an for and at in on to who is was with his her their one that this said from by about".split()
)
# Spellings, abbreviations and the forms for women and men of one word.
ONE_WORD = (
    "chairman chairwoman chairperson chair", "spokesman spokeswoman spokesperson", "senator sen", "governor gov",
    "representative rep congressman congresswoman", "professor prof", "president pres", "former ex", "adviser advisor",
    "lawyer attorney", "defence defense", "american us u.s", "republican gop", "democrat democratic democrats dem",
    "businessman businesswoman", "general gen", "colonel col", "lieutenant lt", "admiral adm",
    "policeman policewoman police",
    "ambassador amb", "secretary sec", "centre center", "labor labour", "harbor harbour", "organiser organizer",
    "mexico mexican", "france french", "britain british", "germany german", "italy italian", "spain spanish",
    "russia russian", "ukraine ukrainian", "china chinese", "japan japanese", "korea korean", "india indian",
    "iran iranian", "iraq iraqi", "israel israeli", "turkey turkish", "poland polish", "greece greek", "ireland irish",
    "canada canadian", "australia australian", "sweden swedish", "norway norwegian", "denmark danish",
    "netherlands dutch", "switzerland swiss", "egypt egyptian", "syria syrian", "brazil brazilian", "cuba cuban",
    "scotland scottish", "wales welsh", "europe european", "hungary hungarian", "austria austrian", "lebanon lebanese",
    "actor actress", "leader leads", "director directs", "vice deputy",
)  # fmt: skip
# Offices that a question may call by another name; weaker evidence than the word itself.
SIMILAR = (
    "lawmaker legislator senator representative congressman councillor delegate mp",
    "boss head chief leader manager president director chairman owner ceo executive",
    "lawyer prosecutor counsel barrister defender solicitor",
    "scholar professor academic lecturer historian researcher dean expert",
    "spokesman aide adviser strategist manager official staffer operative consultant",
    "wife husband spouse married", "writer author novelist columnist journalist reporter correspondent editor",
    "pollster polling poll survey", "doctor physician surgeon nurse",
    "activist campaigner organiser protester advocate",
    "candidate hopeful contender nominee rival opponent", "voter supporter fan backer", "witness eyewitness bystander",
    "economist analyst expert strategist", "judge justice", "pastor minister priest reverend bishop cleric imam",
    "soldier veteran officer general colonel", "tourist visitor holidaymaker traveller", "teacher professor educator",
    "worker employee staff", "resident local neighbour", "founder cofounder entrepreneur businessman owner",
    "son daughter father mother brother sister cousin uncle aunt parent child relative",
)  # fmt: skip

# What stands behind one of these only says more of the word that a role turns on.
HEAD_END = re.compile(r",|(?<=\w)\s+(?:of|for|in|at|and|to|on|with|from|who)\s", re.I)
# Within a description, what owns something that the description is not for or of: "a badge on the guard's coat".
OWNER_WITHIN = re.compile(
    r"(?<=\w)\s+(?!(?:of|for)\s)\w+\s+(?P<whose>(?:the|an?|his|her|its|their|this|that|one)\s[^,]*?)['’]s?\s+(?=\w)",
    re.I,
)
RELATIONS = frozenset(
    "wife husband spouse son daughter father mother brother sister cousin uncle aunt nephew niece widow".split()
)


def _groups(lines: tuple[str, ...]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in lines:
        group = {_one(word) for word in line.split()}
        for word in group:
            found.setdefault(word, set()).update(group - {word})
    return {word: frozenset(others) for word, others in found.items()}


CANONICAL = {stem(w): stem(line.split()[0]) for line in ONE_WORD for w in line.split()}


def canonical(stemmed: str) -> str:
    """The one stem that stands for all spellings and forms of an office's word; any other stem itself."""
    return CANONICAL.get(stemmed, stemmed)


def _one(word: str) -> str:
    return canonical(stem(word))


OTHERS = _groups(SIMILAR)


def plain_words(role: str) -> list[str]:
    """The words of a role that carry meaning, in lower case; "ex-mayor" is two."""
    words = (bare(w) for w in NAME_WORD.findall(re.sub(r"\bex-", "ex ", role, flags=re.I)))
    return [w for w in words if w not in ROLE_FILLERS and w not in HONORIFICS - {"professor", "prof", "sir", "dr"}]


def role_stems(role: str) -> set[str]:
    """The stems of those words, each spelling and form of a word as one."""
    return {_one(w) for w in plain_words(role)}


def head_stem(role: str) -> str:
    """The stem of the word that a role turns on: "chief" of "the airport's chief of staff"."""
    words = plain_words(HEAD_END.split(role.strip(), maxsplit=1)[0])
    return _one(words[-1]) if words else ""


def widened(word: str) -> frozenset[str]:
    """Stems of offices that a question may mean by this stem of another."""
    return OTHERS.get(word, frozenset())


def is_relation(phrase: str) -> bool:
    """True when the last word of a phrase is a member of somebody's family: "Hale's niece"."""
    words = plain_words(phrase)
    return bool(words) and words[-1] in RELATIONS


def has_as_owner(description: str, phrase: str) -> bool:
    """True where a description has whom the phrase means only as the owner of what, or of whose kin, it is about.

    The guard of "a badge on the guard's coat" does not speak there, nor the pilot of "the pilot's widow"; the company
    of "the company's spokesman" does, through him.
    """
    head = head_stem(phrase)
    if head not in role_stems(description) or head == head_stem(description):
        return False
    if is_relation(HEAD_END.split(description.strip(), maxsplit=1)[0]):
        return True
    return head not in role_stems(OWNER_WITHIN.sub(" ", description))


def described_stems(phrase: str) -> set[str]:
    """The stems that the name and role of who is so described must hold.

    "Said" at an end of a name such as "Said Quist" is one of them, and no verb.
    """
    words = [word for word in NAME_WORD.findall(phrase) if bare(word) not in HONORIFICS]
    ends = {bare(word) for word in (*words[:1], *words[-1:]) if len(words) > 1 and word[0].isupper()}
    return role_stems(phrase).union(stem(word) for word in ends & ROLE_FILLERS)


def weight_of(words: frozenset[str], weights: Mapping[str, float]) -> float:
    """How much of a description's words a role has, each by its weight; less by another expression for it."""
    return sum(
        weight if word in words else WIDENED_WEIGHT * weight * bool(widened(word) & words)
        for word, weight in weights.items()
    )
