"""The cast of an article: everybody it names, gathered under their fullest names, and where each is mentioned.

In: the mentions that `ingest.text.names` finds and whom the rules take each for. Out: arrays with one entry a mention
or one a member of the cast, which the features are made of.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ingest.speaking.labels import WHOSE
from ingest.speaking.named import APPOSED, FAR_APPOSED, People
from ingest.speaking.other_names import PEERS, by_title, nickname
from ingest.text.names import Mention
from rag.people.names import bare, forms

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SENTENCE = re.compile(r"[.!?][”\"’')\]]*\s+(?=[^a-z\s])|\n+")
OPENING = 2  # Characters between the head of a sentence and a name that opens it: a mark and a space.
BESIDE = 60  # Characters on either side of a mention that tell who it is.
FEWEST_LETTERS = 3
CALLED = {"f": 0.8, "m": -0.8}  # From -1, a man, to 1, a woman.
LONGEST_TITLE, LONGEST_HEADING = 12, 90  # Characters, before a name that opens a line, and of the line.
ARTICLE = "the "
SEAT = " of "  # "Baroness Lee of Orsa"
WORD = re.compile(r"[^\W\d_][\w'’-]+")
SMALL = frozenset("the a an of for at in from to and his her its their who that which on with by as is was".split())


@dataclass(slots=True)
class Member:
    """One of the cast: the fullest name, all names, the role that the article gives, words beside the mentions."""

    name: str
    role: str | None
    gender: str | None
    is_body: bool
    in_title: bool = False
    woman: float = 0.0  # By the first name: 1 for a woman, -1 for a man, 0 where it does not tell.
    whole: int = 0  # Mentions by a full name.
    votes: int = 0  # Mentions that name a body for sure less those that name a person.
    names: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Cast:
    """The members, and of each mention in reading order: where it stands, whose it is, how it stands."""

    members: list[Member]
    numbers: dict[str, int]  # Under each name that the rules know, its member.
    forms: dict[str, int]  # And under each name that a mention has, the first member who bears it.
    starts: Ints
    ends: Ints
    owners: Ints
    told: Bools  # Not within quotation marks.
    opens: Bools  # At the head of a sentence.


class Places:
    """In which paragraph and sentence a character of the text stands."""

    def __init__(self, text: str, named: Sequence[Mention] = ()) -> None:
        """`named` are the names of the text in reading order: "J. Lee" and "Dr. Lee" are one sentence's."""
        self._paragraphs = [match.end() for match in re.finditer(r"\n+", text)]
        names = [(mention.run + 1, mention.end) for mention in named]
        ends = (match.end() for match in SENTENCE.finditer(text))
        self._sentences = [end for end in ends if text[end - 1] == "\n" or not is_inside(end, names)]

    def paragraph(self, at: int) -> int:
        """The number of the paragraph, from 0."""
        return bisect_right(self._paragraphs, at)

    def sentence(self, at: int) -> int:
        """The number of the sentence, from 0; roughly, as an abbreviation can end one."""
        return bisect_right(self._sentences, at)

    def head(self, at: int) -> int:
        """Where the sentence begins."""
        number = self.sentence(at)
        return self._sentences[number - 1] if number else 0


def leaning(member: Member) -> float:
    """1 for a woman, -1 for a man: by the first name and by what the text calls the member, as independent signs."""
    text = CALLED.get(member.gender or "", 0)
    return (member.woman + text) / (1 + member.woman * text)


def is_heading(text: str, at: int) -> bool:
    """True for a name at the head of a short line, such as the one above what somebody writes."""
    begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line = text[begin : end if end >= 0 else len(text)].strip()
    return at - begin <= LONGEST_TITLE and len(line) <= LONGEST_HEADING and line[-1:].isalnum()


def words_of(phrase: str) -> set[str]:
    """The words that tell of a phrase what it means, in lower case and without accents."""
    return {bare(word) for word in WORD.findall(phrase)} - SMALL


def gathered(people: People, quoted: Sequence[tuple[int, int]], places: Places) -> Cast:
    """The cast of the people that an article names; `quoted` are the stretches in quotation marks, in order."""
    text = people.text
    known = [(mention, people.person(mention, mention.start)) for mention in people.mentions]
    rows = [(mention, person.name, person.role) for mention, person in known]
    votes: Counter[str] = Counter()
    for mention, name, _ in rows:
        votes[name] += _vote(mention)
    keys = _joined(Counter(name for _, name, _ in rows), {name for name in votes if votes[name] > 0})
    peers = _peers(text, rows, keys)
    keys |= _nicknames(text, rows, keys) | _in_brackets(text, rows, keys) | peers
    numbers: dict[str, int] = {}
    members: list[Member] = []
    for mention, name, role in rows:
        full = keys[name]
        role = f"{role} {name}" if role and name in peers else role  # A title is no office without its name.
        if full not in numbers:
            numbers[full] = len(members)
            members.append(Member(full, role, people.genders.get(full), mention.is_body))
            members[-1].woman = 2 * people.women.get(full.split()[0], 0.5) - 1 if " " in full else 0.0
        member = members[numbers[full]]
        # The namer often takes letters alone for a person; the whole name tells what they stand for.
        is_letters = name != full and name.isupper() and len(mention.tokens) == 1
        member.votes += max(_vote(mention), 0) if is_letters else _vote(mention)
        member.whole += len(mention.tokens) > 1
        member.names.add(" ".join(mention.tokens))
        member.role = max(member.role or "", role or "", key=len) or None
        member.gender = member.gender or mention.gender
        beside = text[max(0, mention.run - BESIDE) : mention.start] + text[mention.end : mention.end + BESIDE]
        member.words |= words_of(beside.split("\n")[-1] if "\n" in beside else beside)
    _with_title(members, people.titled)
    for member in members:
        if surname := people.shared.get(member.name):
            member.name = f"{member.name} {surname}"
    owned = [(mention, numbers[keys[name]]) for mention, name, _ in rows]
    _with_article(members, text, owned, places)
    _with_letters(members, owned)
    _with_seat(members, text, owned)
    starts = [mention.start for mention, _, _ in rows]
    forms = {form: number for number, member in reversed(list(enumerate(members))) for form in member.names}
    return Cast(
        members,
        {name: numbers[full] for name, full in keys.items()} | {m.name: number for number, m in enumerate(members)},
        forms,
        np.array(starts, dtype=np.int64),
        np.array([mention.end for mention, _, _ in rows], dtype=np.int64),
        np.array([numbers[keys[name]] for _, name, _ in rows], dtype=np.int64),
        np.array([not is_inside(start, quoted) for start in starts], dtype=bool),
        np.array([_opens(text, mention, places) for mention, _, _ in rows], dtype=bool),
    )


def _opens(text: str, mention: Mention, places: Places) -> bool:
    """True at a sentence’s head, or behind nothing but a role there: "Head keeper Ann Lee", "The owner, Ida Hale,".

    What somebody is may be more than a role: "The joiner who came to see it, Ida Hale,".
    """
    head = places.head(mention.run)
    apposed = APPOSED.search(text, max(head, mention.run - FAR_APPOSED), mention.run)
    begin = apposed.start() if apposed else mention.run
    is_led = mention.role is not None and WHOSE.sub("", text[head : mention.run].strip(' ,“"')) == mention.role
    return is_led or begin - head <= OPENING


def _vote(mention: Mention) -> int:
    return 1 if mention.is_body else 0 if mention.body is None else -1


def is_inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    """True when a place is within the last of the spans, which are in order, to begin before it or at it."""
    number = bisect_right(spans, (at, 1 << 60)) - 1
    return number >= 0 and at < spans[number][1]


def _joined(counts: Counter[str], bodies: Set[str]) -> dict[str, str]:
    """The name under which each name is kept: its longer form, or the one of the same person by a short first name.

    `counts` has the names in the order of the text. A body's full name comes before its first word alone, so that Orsa
    Rail is later Orsa, and Tarn, which is named first, is not the Tarn Shop: of 26 pairs in the training articles 12 of
    the 14 in this order are one body, and 2 of the 12 in the other.
    """
    order = {name: number for number, name in enumerate(counts)}
    kept: dict[str, str] = {name: name for name in counts}
    folded = {name: tuple(bare(word).strip(".") for word in name.split()) for name in counts}
    whole = [name for name in counts if len(folded[name]) > 1]
    for name, words in folded.items():
        least = 2 if name.isupper() else 3  # "NTA" and "Nta"
        longer = [other for other in whole if other != name and _is_short_for(words, folded[other], least)]
        if len(words) == 1:
            later = {other for other in longer if other in bodies and order[other] > order[name]}
            longer = [other for other in longer if other not in later or folded[other][0] != words[0]]
            # "Ruiz" of Ana Ruiz Ortega, and nobody who has that first name or surname.
            within = [other for other in whole if words[0] in folded[other][1:-1] and other not in bodies]
            longer = longer or (within if len(words[0]) > 1 else [])
        if name.isupper() and (spelt := [other for other in longer if words[0] in _both_initials(folded[other])]):
            longer = spelt
        # "Dos Reis Lima" of "Rui dos Reis Lima" is nobody else.
        ends = {folded[other][at:] for other in longer for at in range(1, len(folded[other]))}
        longer = [other for other in longer if folded[other] not in ends]
        if len({folded[other][-1] for other in longer}) == 1 and len({folded[other][0] for other in longer}) == 1:
            kept[name] = max(longer, key=lambda other: (len(folded[other]), counts[other]))
    return {name: _last(name, kept) for name in counts}


def _nicknames(text: str, rows: Sequence[tuple[Mention, str, str | None]], keys: Mapping[str, str]) -> dict[str, str]:
    """Whose each nickname is that stands as a name, too: "Dusty" and "Dusty Lee" of Ann “Dusty” Lee.

    Or of "Ann Lee, whom all call “Dusty”".
    """
    found = {}
    for mention, name, _ in rows:
        if alone := nickname(text, mention):
            full = set(keys[name].split())
            for short in keys:
                first, *others = short.split()
                is_so = short == alone or (first == alone and full.issuperset(others))
                if is_so and keys[short] == short != keys[name]:
                    found[short] = keys[name]
    return found


def _peers(text: str, rows: Sequence[tuple[Mention, str, str | None]], keys: Mapping[str, str]) -> dict[str, str]:
    """Whose each peer's name is: "Orsa" of "Lady Orsa", who is "Ann Lee, Baroness Orsa"."""
    titles = by_title(text, [mention for mention, _, _ in rows])
    own = {titles[mention.start].split()[-1]: keys[name] for mention, name, _ in rows if mention.start in titles}
    return {name: own[last] for name in keys if (last := name.split()[-1]) in own}


def _last(name: str, kept: dict[str, str]) -> str:
    seen = {name}
    while kept[name] not in seen:
        name = kept[name]
        seen.add(name)
    return name


def _initials(words: tuple[str, ...], *, small: bool = False) -> str:
    """The first letters, those of "of" and "and" where `small`."""
    return "".join(word[0] for word in words if word and (small or word not in SMALL))


def _both_initials(words: tuple[str, ...]) -> tuple[str, str]:
    return _initials(words), _initials(words, small=True)


def _stands_for(short: str, name: str) -> bool:
    """True for "NTA" of the Northern Tide Board, and for what ends as the name's own letters do."""
    letters = _initials(tuple(name.lower().split()))
    return short[0].lower() == letters[:1] or (len(letters) >= FEWEST_LETTERS and short.lower().endswith(letters))


def _in_brackets(text: str, rows: Sequence[tuple[Mention, str, str | None]], keys: Mapping[str, str]) -> dict[str, str]:
    """Whose each short name in capitals is that is given in brackets: "NTA" of the Northern Tide Board (NTA)."""
    found = {}
    for (mention, name, _), (after, short, _) in pairwise(rows):
        is_beside = text[mention.end : after.run] == " (" and text[after.end : after.end + 1] == ")"
        is_short = short.isupper() and " " in name and keys.get(short) == short != name
        if is_beside and is_short and _stands_for(short, name):
            found[short] = keys[name]
    return found


def _is_short_for(words: tuple[str, ...], full: tuple[str, ...], least: int) -> bool:
    """ "lee", "ann", "ann lee", "marie lee" and "annie lee" of "ann marie lee"; "nta" of "national tide agency".

    `least` letters make initials.
    """
    if len(words) == 1:
        return words[0] in (full[0], full[-1]) or (len(words[0]) >= least and words[0] in _both_initials(full))
    if words[-1] != full[-1] or words == full:
        return False
    if full[-len(words) :] == words:  # Both surnames: "gómez arana" of "lucía gómez arana".
        return True
    if words[0] == full[0]:
        return len(words) < len(full)
    return len(words) == len(full) and words[0] < full[0] and full[0] in forms(words[0])


def _with_title(members: Sequence[Member], titled: Sequence[Mention]) -> None:
    """Mark whom the headline names, and take the full name that it alone gives."""
    for mention in titled:
        words = tuple(bare(word) for word in mention.tokens)
        for member in members:
            own = tuple(bare(word) for word in member.name.split())
            if own == words or words[-1:] == own[-1:]:
                member.in_title = True
            if len(own) == 1 and 1 < len(words) < 4 and words[-1] == own[0]:
                member.name = " ".join(mention.tokens)


def _with_article(members: Sequence[Member], text: str, owned: Sequence[tuple[Mention, int]], places: Places) -> None:
    """Give "The Tarn" its article, which is part of the name where it has a capital within a sentence.

    Of 29 bodies in the training articles whose article has a capital, readers give it to 26, and to 13 of 315 others. A
    person has none but in a name of one word, as on a stage.
    """
    capital: Counter[int] = Counter()
    for mention, number in owned:
        before = text[max(0, mention.run - len(ARTICLE)) : mention.run]
        if before.lower() == ARTICLE and mention.run - len(ARTICLE) - places.head(mention.run) > OPENING:
            capital[number] += 1 if before[0].isupper() else -1
    for number, member in enumerate(members):
        if capital[number] > 0 and (member.votes > 0 or " " not in member.name):
            member.name = f"{ARTICLE.capitalize()}{member.name}"


def _with_letters(members: Sequence[Member], owned: Sequence[tuple[Mention, int]]) -> None:
    """Give a body's name the letters that the article has for it, too: either is asked for, as in "Tide Board (TB)".

    Not where they are those of a longer name than the cast has.
    """
    for mention, number in owned:
        member, short = members[number], mention.tokens[0]
        if len(mention.tokens) == 1 and short.isupper() and member.votes > 0 and " " in member.name:
            words = tuple(member.name.lower().split())
            if short.lower() in (_initials(words), _initials(words, small=True)):
                member.name = f"{member.name} ({short})"


def _with_seat(members: Sequence[Member], text: str, owned: Sequence[tuple[Mention, int]]) -> None:
    """Give a peer the place that is part of the title: Baroness Lee of Orsa is no other Lee's namesake."""
    for (mention, number), (place, _) in pairwise(owned):
        title = text[mention.run : mention.start].lower().split()[-1:]
        is_seat = text[mention.end : place.run] == SEAT and members[number].votes <= 0
        # Behind another name than the peer's it would be no part of it: "Ann Lee of Tarn" is not Baroness Orsa of Tarn.
        if PEERS.issuperset(title) and title and is_seat and mention.tokens[-1] in members[number].name:
            seat = f"{SEAT}{text[place.run : place.end]}"
            members[number].name = members[number].name.removesuffix(seat) + seat
