"""Find the persons that an article names: their bare names, the role beside each, and the honorific's gender.

Capitalised words are all that is known of English here, so places and bodies come along; who uses
the result asks it about the sources of quotes only.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rag.text import TERM

HONORIFICS = frozenset("mr mrs ms miss dr prof professor sir dame lord lady rev fr".split())
TITLES = HONORIFICS | frozenset(
    "president vice senator sen representative rep congressman congresswoman governor gov mayor minister prime "
    "chancellor secretary director chairman chairwoman chair judge justice general gen colonel col captain "
    "capt sergeant sgt chief king queen prince princess pope bishop archbishop cardinal king's queen's "
    "spokesman spokeswoman spokesperson adviser advisor commissioner councillor councilman councilwoman "
    "ambassador attorney speaker leader coach manager superintendent sheriff detective officer inspector "
    "commander admiral lieutenant lt premier deputy former acting ex head ceo treasurer father sister brother "
    "adm maj cmdr msgr rabbi sheikh baron baroness executive principal headteacher harbourmaster editor "
    "constable".split()
)
# Titles that are surnames too, behind a first name or another title: "Senator King", "King", not "the king".
TITLE_SURNAMES = frozenset("king bishop pope constable judge sergeant prince justice mayor".split())
PARTICLES = frozenset(
    "de del la le van von der den zu zum zur vom ter ten af av bin bint binti ibn ould mint ap al el du des da do dos "
    "das di della y e i".split()
)
# "in ’t", "van ’t", "op den": prepositions that are particles only before the article.
# The first is large where the surname stands alone: "In ’t Hout said".
WITH_ARTICLE = r"(?:(?:[Ii]n|[Oo]p|[Aa]an) )?[’'‘]t|van[’']t|op de[nr]?"
SUFFIXES = frozenset("jr sr ii iii iv".split())
# "Cllr" and "Cpl" before a name: a capital and two or more consonants are short for an office.
SHORT_TITLE = re.compile(r"[B-DF-HJ-NP-TV-XZ][b-df-hj-np-tv-xz]{2,}\.?")
# Capitalised words that no person's name begins with.
SMALL_WORDS = frozenset(
    "one two three four five some many several all most another every each among like though although even "
    "unlike both the a an in on at by for from of to and but or if when while as it he she they we i you this "
    "that these those his her their its our my according after before during since despite however meanwhile "
    "similarly further yes no not now then".split()
)
NOT_NAMES = SMALL_WORDS | frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december party republican republicans democrat democrats democratic american "
    "americans".split()
)

COMPOUND = re.compile(r"[^\W\d_a-z]?[a-z]+(?:-[a-z]+){2,}")  # "Sixteen-year-old" before a name.

BODIES = frozenset(
    "university college school department ministry council committee party company corporation inc group "
    "association union club board agency bureau office court police government administration institute "
    "foundation trust commission authority hospital bank service times post herald news media house senate "
    "congress parliament campaign".split()
)
SHORT_FOR = {
    "sen": "senator",
    "rep": "representative",
    "congressman": "representative",
    "congresswoman": "representative",
    "gov": "governor",
    "gen": "general",
    "prof": "professor",
    "col": "colonel",
    "capt": "captain",
    "lt": "lieutenant",
    "sgt": "sergeant",
}
# "al-Masri" and "d’Arcy" are one word each.
CAPITALISED = r"(?:(?<![\w'’\-])(?:[aeu]l|[aeu]d|[ae][rz]|[ae]sh|as|an|at|bin|ben|ibn|d|l)[-'’])?[^\W\d_a-z][\w'’.\-]*"
# What stands in marks between the words of a name: Ann “Dusty” Lee.
NICKNAME = re.compile(rf"[ \u00a0]+(?:[“\"'‘(]{CAPITALISED}(?: {CAPITALISED})?[”\"'’)])(?=[ \u00a0]+{CAPITALISED})")
PARTICLE = rf"(?:{WITH_ARTICLE}|{'|'.join(sorted(PARTICLES))})\b"
# Neither within a word nor in a handle: not "FL" of "@NFL", not "Bay" of "eBay".
NAME = re.compile(rf"(?<![^\W_])(?<!@){CAPITALISED}(?:(?:{NICKNAME.pattern})?[ \u00a0]+(?:{CAPITALISED}|{PARTICLE}))*")
# An apposition that holds a finite verb is the next clause, not a role.
APPOSITION = re.compile(
    r"\s*,\s*((?:an?|the|chief|head|senior|former|founder|director|president|chair\w*|mayor)\b[^,.;“”\"\n]{3,90})[,.;]"
)
WORD = re.compile(rf"(?:{WITH_ARTICLE})(?=[ \u00a0])|[^ \u00a0]+")
QUESTION = "Q."  # It marks a question: "Q. Did" is nobody.
ASKS = re.compile(r"^Q\. ", re.M)
INITIALS = re.compile(r"(?:[^\W\d_]\.)+|[^\W\d_a-z]")  # "J.", "J.P." and "J"
INITIAL = re.compile(r"[^\W\d_]\.")
LOWER_WORD = re.compile(r"\b[a-z]+\b")
LINE, LONG_WORD, BREAK = re.compile(r"[^\n]+"), re.compile(r"\b[^\W\d_]{4,}"), re.compile(r"[,.;:!?]\s")
# A headline has so many longer words, of which so many are capitalised, and a name in it no more than so many.
HEADLINE_WORDS, HEADLINE_SHARE, MOST_IN_HEADLINE = 5, 0.8, 3
MOST_OF_TEXT = 0.8  # Share of a text in capitals as a whole.
OPENS = ("", ".", "!", "?", "\n", "”", '"', "“", ":")
# What stands before and behind the name of a sender, on a line of its own.
SENT_BY = re.compile(r"\b(?:[Ff]rom|[Bb]y) (?:the (?:[\w’'-]+ ){1,3}of )?\Z")
SENT_AS = re.compile(r", ([^:.“”\"\n]{3,120}):[ \t]*(?:\n|\Z)")
LONGEST_SENT_BY = 60
# "the coach, Ann Lee,", "Tarn’s coach, Ann Lee," and "her coach, Ann Lee," give the role before the name; where it is
# done or what happens meanwhile does not: "on the quay", "the quay while her coach".
DESCRIBED = re.compile(
    r"(?:(?:^|[\s(])(?<!\b[IiOo]n )(?<!\b[Aa]t )(?:[Tt]he|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir) "
    r"|(?:\n|[.!?”\"]\s|,\s)(?=[^\W\d_a-z][\w-]{1,30}[’']s? ))"
    r"((?:(?!\bthe\b|(?<!of )(?<!for )\b(?:an?|his|her|its|their)\b)[^,.;:“”\"\n]){3,60}),\s$"
)
# "The leader of the council, Ann Lee," is no council, nor is "one of the drivers" drivers.
OF_THE = re.compile(
    r"(?:^|[\s(])(?:[Tt]he |(?=[Oo]ne of ))((?:[Oo]ne of the )?(?:(?!\bthe\b)[^,.;:“”\"\n]){3,40} "
    r"of (?:the|his|her|its|their) (?:(?!\b(?:the|an?|his|her|its|their)\b)[^,.;:“”\"\n]){3,60}),\s$"
)
ENDS = re.compile(r"[^\W\d_][\w’'-]{2,}\.")  # A word with the point that ends its sentence, not "U.S." or "J."
WORD_END = re.compile(r".{2,}\.")  # One that does, too, where a word such as "He" follows: "Ann Vo. He", not "J. He".
LONGEST_SHORT_TITLE = 4  # Letters of "Capt." and "Cmdr."; behind "Madam Chair." another sentence begins.
ABBREVIATED = re.compile(r"(?:[^\W\d_]\.)+|[JS]r\.")  # Its point is part of the name.
# Words behind which a role can begin, in what stands before a title.
NOT_OF_ROLE = re.compile(
    r"^.*\b(?:the|an?|by|of|and|or|but|when|as|with|to|from|for|in|on|at|that|said|says|saying|told|asked|thanks?|like"
    r"|their|his|her|its|our|my|your|this) "
)
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
    body: bool | None = None  # Whether it names a body, where that is known.

    @property
    def surname(self) -> str:
        """The last word of the name, in lower case."""
        return surname(self.tokens)

    @property
    def given(self) -> str:
        """The first word of the name, and the suffix that tells a father from his son: "Ann", "Bo jr"."""
        return " ".join([self.tokens[0], *suffixes(self.tokens)])

    @property
    def is_body(self) -> bool:
        """True for a body's name, or for one with a word such as "council" in it where no more is known."""
        if self.body is not None:
            return self.body
        return bool({token.lower() for token in self.tokens} & BODIES)


def in_small_letters(found: Sequence[Mention], titled: Sequence[Mention]) -> list[Mention]:
    """The mentions, NAMES IN CAPITALS as they stand elsewhere: ANN LEE of a label is the Ann Lee of the text."""
    spelt = {" ".join(m.tokens).upper(): m.tokens for m in (*titled, *found) if not " ".join(m.tokens).isupper()}
    return [replace(m, tokens=spelt.get(" ".join(m.tokens), m.tokens)) for m in found]


def moved(mention: Mention, by: int) -> Mention:
    """The mention as it stands in a text that begins elsewhere."""
    return replace(mention, run=max(0, mention.run + by), start=mention.start + by, end=mention.end + by)


@lru_cache(maxsize=8192)
def surname(tokens: tuple[str, ...]) -> str:
    """The last word of a name that is no suffix such as "Jr.", in lower case."""
    kept = [t for t in tokens if t.lower().strip(".") not in SUFFIXES]
    return (kept or list(tokens))[-1].lower()


def suffixes(tokens: Sequence[str]) -> list[str]:
    """The suffixes at the end of a name, as they are compared: "jr" of "Jr."."""
    return [word for token in tokens[1:] if (word := token.lower().strip(".")) in SUFFIXES]


def mentions(text: str) -> list[Mention]:
    """Every run of capitalised words that can be a person, in order; of headlines only the names."""
    is_asked = ASKS.search(text) is not None
    found = [m for run in NAME.finditer(text) for m in _mentions(text, run, is_asked) if m.tokens[0] != QUESTION]
    found = _without_particles(found)
    headlines = [match.span() for match in LINE.finditer(text) if is_headline(match.group())]
    found = _names_in_headlines(_without_capitals(text, found), headlines)
    first_names: dict[str, set[str]] = {}
    for mention in found:
        if len(mention.tokens) > 1:
            first_names.setdefault(mention.surname, set()).add(mention.tokens[0])
    lower = set(LOWER_WORD.findall(text))
    return [_without_opening(m, text, lower, first_names) for m in found]


def _without_particles(found: list[Mention]) -> list[Mention]:
    """Without "De" alone, but with "Do" of Do Min-seo: a small word that a full name of the text begins with is one."""
    begin = {mention.tokens[0] for mention in found if len(mention.tokens) > 1}
    return [m for m in found if len(m.tokens) > 1 or m.tokens[0].lower() not in PARTICLES or m.tokens[0] in begin]


def is_headline(line: str, *, is_marked: bool = False) -> bool:
    """True For a Line That Is Set Like This One; `is_marked`: for a Title in quotation marks, which may be shorter.

    In marks as many words will do However Short They Are, if none is in small letters and no point or comma is between.
    """
    words = [word for word in LONG_WORD.findall(line) if not word.isupper()]
    if is_marked and len(words) == HEADLINE_WORDS - 1:
        return all(word[0].isupper() for word in words)
    if is_marked and len(words) < HEADLINE_WORDS and not (line.isupper() or BREAK.search(line)):
        every = TERM.findall(line)
        return len(every) >= HEADLINE_WORDS and all(word[0].isupper() for word in every)
    return len(words) >= HEADLINE_WORDS and sum(word[0].isupper() for word in words) >= HEADLINE_SHARE * len(words)


def _without_capitals(text: str, found: list[Mention]) -> list[Mention]:
    """Without what a LINE IN CAPITALS LIKE THIS ONE HAS, but for those whom the rest of the text names.

    In a text that is in capitals as a whole, but for a line or two above it, they are no headlines.
    """
    loud = [match for match in LINE.finditer(text) if match.group().isupper()]
    if sum(len(match.group()) for match in loud) > MOST_OF_TEXT * len(text):
        return found
    lines = [match.span() for match in loud if _is_long(match.group())]
    names = {m.surname for m in found if not _within(m, lines)} if lines else set()
    known = [m.surname in names and len(m.tokens) <= MOST_IN_HEADLINE for m in found]
    return (
        [m for m, is_known in zip(found, known, strict=True) if is_known or not _within(m, lines)] if names else found
    )


def _is_long(line: str) -> bool:
    return len(LONG_WORD.findall(line)) >= HEADLINE_WORDS


def _names_in_headlines(found: list[Mention], headlines: list[tuple[int, int]]) -> list[Mention]:
    """Without the runs of capitals that are headlines, not names: what the rest has, or short where it has nothing."""
    inside = [_within(mention, headlines) for mention in found]
    whole = [m for m, is_headline in zip(found, inside, strict=True) if not is_headline and len(m.tokens) > 1]
    names, surnames = {m.tokens for m in whole}, {m.surname for m in whole}
    return [
        m
        for m, is_headline in zip(found, inside, strict=True)
        if not is_headline
        or len(m.tokens) == 1
        or m.tokens in names
        or (len(m.tokens) <= MOST_IN_HEADLINE and m.surname not in surnames)
    ]


def _within(mention: Mention, spans: list[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (mention.start, mention.start + 1))
    return any(start <= mention.start < end for start, end in spans[max(0, at - 1) : at + 1])


def _without_opening(mention: Mention, text: str, lower: set[str], first_names: dict[str, set[str]]) -> Mention:
    """ "What Hale" becomes "Hale": a word that opens a sentence and that the text has in lower case is no name.

    It stays when the article knows nobody else of that surname: Will, Mark and Grant are names too.
    """
    tokens, first = mention.tokens, mention.tokens[0]
    namesakes = first_names.get(mention.surname, set()) - {first}
    others = len(tokens) > 2 or namesakes
    is_word = first.lower() in lower or (namesakes and _is_according_to(mention, text))
    opens = mention.run == mention.start and text[max(0, mention.start - 2) : mention.start].strip(" ")[-1:] in OPENS
    if len(tokens) < 2 or first.lower() in PARTICLES or not (others and opens and is_word):
        return mention
    start = text.index(tokens[1], mention.start + len(first))
    return replace(mention, run=start, start=start, tokens=tokens[1:])


def _is_according_to(mention: Mention, text: str) -> bool:
    """True for "Per Hale, …" of whom it is the only mention."""
    name = text[mention.start : mention.end]
    return mention.tokens[0] == "Per" and text[mention.end : mention.end + 1] == "," and text.count(name) == 1


def without_nickname(name: str) -> str:
    """The name, as long as before, with spaces in place of what stands in marks between its words."""
    return NICKNAME.sub(lambda found: " " * len(found[0]), name)


def role_noun(role: str) -> str:
    """The noun that a role turns on, in lower case: "lecturer" of "a senior lecturer at a college"."""
    head = re.split(r"\s+(?:of|for|in|at|and|to|on|with|from|who)\s+|,", role, maxsplit=1)[0]
    words = ROLE_WORD.findall(head)
    noun = str(words[-1]).lower() if words else ""
    return SHORT_FOR.get(noun, noun)


def _begins_no_name(word: str) -> bool:
    return word.lower().strip(".") in NOT_NAMES or COMPOUND.fullmatch(word) is not None


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$|\.$", "", word.lower())


def _is_title(word: str) -> bool:
    """True for "Senator" and "Sen.", for "Senators" and "Sens." before several names, and for "Ex-senator"."""
    _, hyphen, office = word.rpartition("-")
    bare = (office if hyphen and office.islower() else word).lower().strip(".")
    return bare in TITLES or (bare[-2:] != "ss" and bare.removesuffix("s") in TITLES)


def _mentions(text: str, found: re.Match[str], is_asked: bool) -> list[Mention]:
    """The persons in a run of capitalised words, mostly one: the words after the last title are the name.

    `is_asked`: an "A." of the text can answer a "Q.".
    """
    words = [(m.start() + found.start(), m.group()) for m in WORD.finditer(without_nickname(found.group()))]
    is_label = text[found.end() : found.end() + 1] == ":"  # "A. Lee:" and "I. Lee:" begin with an initial.
    while words and not (is_label and INITIALS.fullmatch(words[0][1])) and _begins_no_name(words[0][1]):
        if len(words) > 1 and INITIAL.fullmatch(words[0][1]) and not is_asked:
            break  # "A. Lee", where no "A." answers a "Q.".
        words.pop(0)
    words, following = _first_sentence(text, words, is_asked)
    titles = [i for i, (_, w) in enumerate(words) if _is_title(w)]
    if not titles and len(words) > 1 and SHORT_TITLE.fullmatch(words[0][1]):
        titles = [0]
    of_office = len(words) == 1 and text[max(0, found.start() - 4) : words[0][0]].lower().endswith("the ")
    if titles[-1:] == [len(words) - 1] and _bare(words[-1][1]) in TITLE_SURNAMES and not of_office:
        titles.pop()
    name = words[titles[-1] + 1 :] if titles else words
    while name and name[-1][1] in PARTICLES:  # "War II in"
        name.pop()
    if not name or name[0][1] in PARTICLES:
        return following
    cleaned = name
    # A possessive ends the name; another one can begin behind.
    for i, (_, w) in enumerate(name[:-1]):
        if w.endswith(("'s", "’s")):
            cleaned = name[: i + 1]
            following = _mentions_from(text, name[i + 1][0], is_asked)
            break
    cleaned = [*cleaned[:-1], (cleaned[-1][0], re.sub(r"['’]s?$", "", cleaned[-1][1]))]
    start, last = cleaned[0][0], cleaned[-1][1]
    if not ABBREVIATED.fullmatch(last):
        cleaned[-1] = (cleaned[-1][0], last.rstrip("."))
    end = cleaned[-1][0] + len(cleaned[-1][1])
    honorific = words[titles[-1]][1].lower().strip(".") if titles else ""
    gender = GENDERS.get(honorific)
    return [
        Mention(
            words[0][0], start, end, tuple(w for _, w in cleaned), _role_beside(text, words[0][0], start, end), gender
        ),
        *following,
    ]


def _first_sentence(
    text: str, words: list[tuple[int, str]], is_asked: bool
) -> tuple[list[tuple[int, str]], list[Mention]]:
    """The words to the one that ends a sentence, and the persons behind: "Ann Lee. Mr Hale" are two."""
    for number, ((_, word), (_, after)) in enumerate(pairwise(words)):
        is_end = ENDS.fullmatch(word) or (WORD_END.fullmatch(word) and after.lower() in SMALL_WORDS)
        if is_end and not (_is_title(word) and len(_bare(word).removesuffix("s")) <= LONGEST_SHORT_TITLE):
            return words[: number + 1], _mentions_from(text, words[number + 1][0], is_asked)
    return words, []


def _mentions_from(text: str, start: int, is_asked: bool) -> list[Mention]:
    following = NAME.match(text, start)
    return _mentions(text, following, is_asked) if following else []


def _role_beside(text: str, run: int, start: int, end: int) -> str | None:
    """The role given with a name: ", a senior lecturer at X," after it or "union leader" before it.

    In the line of a sender it goes on to the colon: "From the desk of Ann Lee, chief economist, Tarn Bank:".
    """
    sent = SENT_AS.match(text, end) if SENT_BY.search(text, max(0, run - LONGEST_SENT_BY), run) else None
    if sent and not CLAUSE.search(sent[1]):
        return str(sent[1])
    after = APPOSITION.match(text, end)
    if after and not CLAUSE.search(after.group(1)):
        return after.group(1).strip()
    before = text[run:start].strip()
    described = DESCRIBED.search(text, max(0, run - 70), run)
    if described and text[end : end + 1] == ",":
        whole = OF_THE.search(text[max(0, run - 120) : run]) if role_noun(described[1]) not in TITLES else None
        if whole and not CLAUSE.search(whole[1]):
            return whole[1]
        is_part = role_noun(described[1]) not in TITLES and text.endswith(" of", 0, described.start())
        return None if is_part else described[1]
    left = re.search(r"((?:[\w'’-]+ ){1,4})$", text[max(0, run - 60) : run])
    if left and (words := left.group(1).split()) and words[-1] in TITLES:
        before = f"{NOT_OF_ROLE.sub('', left.group(1)).strip()} {before}".strip()
    plain = " ".join(w for w in before.split() if w.lower().strip(".") not in HONORIFICS)
    return re.sub(r"^(?:(?:the|a|an|by|of|and|when|as|with|to|from|for|said) )+", "", plain) or None
