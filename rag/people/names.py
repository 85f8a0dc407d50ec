"""Personal names in the labels of an index and in questions: what of a phrase is the name, and which names agree.

A label is what an article calls a speaker ("former harbour master Ida Hale", "Hale, 69"). No
list of people: only titles and the words of organisations; short forms of given names, letters of other alphabets and
slips of the pen are for libraries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from anyascii import anyascii
from nicknames import NickNamer
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

HONORIFICS = frozenset("mr mrs ms miss dr prof professor sir dame lord lady the a an".split())
TITLES = HONORIFICS | frozenset(
    "rev reverend fr father sister rabbi imam bishop archbishop cardinal pope saint sen senator rep representative "
    "congressman congresswoman gov governor lt president vice premier chancellor minister secretary mayor "
    "councilman councilwoman councillor alderman speaker leader whip gen general col colonel capt captain maj major "
    "sgt sergeant cpl adm admiral commander cmdr officer detective sheriff chief judge justice attorney counsel "
    "ambassador king queen prince princess baron baroness duke duchess count countess coach chairman chairwoman "
    "chair director dean chancellor ceo former ex ex-president ex-mayor ex-governor ex-senator ex-minister state staff "
    "deputy acting assistant associate lieutenant rear brigadier field marshal hon honourable honorable mp mep "
    "republican democrat democratic prosecutor engineer nurse lawyer pollster author actor actress singer editor "
    "columnist spokesman spokeswoman spokesperson economist historian analyst candidate commissioner "
    "superintendent principal constable".split()
)
# Offices that are surnames as often.
SURNAMES = frozenset("king dean bishop prince duke baron major marshal constable".split())
# Labels that are nobody's name.
PRONOUNS = frozenset(
    "he she they it i we you who that which those these this many another some others one both a".split()
)
# Those that stand for no person: for a body, or for a thing on which something is written.
OF_THINGS = frozenset("it that which this these those".split())
# Words that open a label or stand for one, and name nobody.
NOT_NAMED = frozenset(
    "he she they it i we you who that which those these this his her their its my our your many another some other "
    "others one both a all none each any no most several few former there".split()
)
SUFFIXES = frozenset("jr sr ii iii iv".split())
PARTICLES = frozenset(
    "de da di del della der den van von zu af bin bint ibn al el la le du dos ter ten y e i mac".split()
)
LINKS = PARTICLES | frozenset("d l ad an ar as at az ul".split())
# Words after which a label no longer names who speaks: "a spokesman for Ida Hale", "Ida Hale of Tarn".
BREAKS = frozenset(
    "of for from at in on with who whom whose which that and or by to about near like as than while but is was are "
    "were has had told said says via against among between".split()
)
# Of these, what a given name is as often, with a capital: "Said Quist".
GIVEN = frozenset(("Said",))
# "the secretary of education Ida Hale": offices that hold an "of" themselves.
OFFICES = frozenset("state staff defense defence treasury police commerce justice health education".split())
COLLECTIVE = frozenset(
    "committee commission council union party campaign administration government ministry department agency bureau "
    "office court senate house congress parliament association federation league society foundation institute center "
    "centre university college school church bank company corporation corp inc ltd group network times post journal "
    "news press magazine newspaper herald tribune gazette courier chronicle report survey poll study team club board "
    "authority trust fund alliance coalition movement army police service services embassy republicans democrats "
    "conservatives liberals officials supporters voters advocates workers staff nations states kingdom library museum "
    "hospital airport city county province district".split()
)
# Countries, regions and seats of power that stand for those who govern there; they are nobody's surname
# often enough to be refused as one.
PLACES = frozenset(
    "america britain england scotland wales ireland france germany italy spain portugal greece turkey russia ukraine "
    "poland hungary austria switzerland sweden norway denmark finland iceland netherlands belgium europe china japan "
    "korea india pakistan afghanistan iran iraq israel palestine syria egypt libya ethiopia nigeria kenya canada "
    "mexico cuba brazil argentina chile venezuela colombia australia indonesia philippines vietnam thailand taiwan "
    "washington moscow beijing brussels london paris berlin rome madrid kremlin vatican nato un eu us uk usa "
    "pentagon fbi cia".split()
)
# "Mr. Hale of Tarn": in a record the place tells him from Mrs. Hale of Port Ansel.
PLACED = re.compile(r"([^\W\d_]+)\.? [^\W\d_][\w.’'-]* of ([^\W\d_a-z][\w.’'-]*(?: [^\W\d_a-z][\w.’'-]*)*)")
NAME_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
CAPITAL = re.compile(r"[^\W\d_a-z]")
# What stands behind a body's full name: "Northern Tide Board (NTB)".
LETTERS = re.compile(r"(?<=\S) \([^\W\d_a-z][^\W_a-z]+\)$")
# "al-Hamdan", "d'Aubert": a small article or preposition is tied to the name. Before some consonants the Arabic article
# takes their sound: "as-", "ar-", "an-".
TIED = re.compile(r"(?P<link>[a-z]{1,3})[-'’](?=[^\W\d_a-z])")
MIN_FUZZY = 6  # Shorter surnames differ by a letter too often ("Hale", "Hall").
TWO_SLIPS = 9  # From this length two slips still leave one name in mind.
SLIP_WORDS_MIN = 4
ALIKE = 60  # Of 100: names less alike are no help to whoever mistyped one.


@lru_cache(maxsize=1)
def _nicknames() -> NickNamer:
    return NickNamer()


@lru_cache(maxsize=4096)
def forms(given: str) -> frozenset[str]:
    """A given name and all that it is short for or is shortened to, in lower case: "bill", "william", "billy"."""
    known = _nicknames()
    return frozenset({given} | known.nicknames_of(given) | known.canonicals_of(given))


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, honorifics and possessive endings dropped."""
    words = [bare(w) for w in NAME_WORD.findall(name)]
    return tuple(w for w in words if w not in HONORIFICS) or tuple(words)


def bare(word: str) -> str:
    """A word in lower-case ASCII without a possessive ending: "Łukasz" as "lukasz", "Ødegaard’s" as "odegaard"."""
    return re.sub(r"'s?$", "", in_ascii(word))


def in_ascii(text: str) -> str:
    """A text in small letters of ASCII, as names are compared: "lukasz" of "Łukasz"."""
    return anyascii(text).lower()


def without_letters(label: str) -> str:
    """The label without the letters that its article has for a body: "Tide Board" of "Tide Board (TB)"."""
    return LETTERS.sub("", label)


def personal(phrase: str) -> tuple[str, ...]:
    """The personal name in a phrase, in lower case; () for a group, a description or what has no capital.

    Titles, what follows a comma or a preposition, and lower-case words before the name are left out. The letters of
    a body are its surname, so that two bodies of the same letters are two.
    """
    if letters := LETTERS.search(phrase):
        return "-".join(name_words(without_letters(phrase))), letters[0].strip(" ()").lower()
    for segment in re.split(r"[,;:(\"“”—–]| - ", phrase):
        found = _cased(NAME_WORD.findall(segment))
        if found:
            return found
    return ()


def place_of(phrase: str) -> str:
    """The place that tells a surname behind a title from another: "tarn" of "Mr. Hale of Tarn"; or none."""
    placed = PLACED.fullmatch(phrase.strip())
    return placed[2].lower() if placed and bare(placed[1]) in TITLES else ""


def typed(phrase: str) -> tuple[str, ...]:
    """The personal name in a phrase typed without capitals; () where it has an article, a preposition or an office."""
    lowered = [bare(w) for w in NAME_WORD.findall(phrase)]
    if not lowered or lowered[0] in NOT_NAMED or lowered[0] in ("the", "a", "an"):
        return ()
    while len(lowered) > 1 and lowered[0] in TITLES:
        lowered = lowered[1:]
    if len(lowered) > 4 or any(w in BREAKS or w in COLLECTIVE for w in lowered) or lowered[-1] in TITLES - SURNAMES:
        return ()
    return tuple(lowered)


def _cased(words: list[str]) -> tuple[str, ...]:
    if not words or (len(words) > 1 and words[0].lower() in BREAKS and words[0] not in GIVEN):
        return ()
    cut = next((i for i, w in enumerate(words) if i and w.lower() in BREAKS and not CAPITAL.match(w)), len(words))
    head = words[:cut]
    if cut < len(words):
        if words[cut].lower() in ("and", "or"):
            return ()
        if words[cut] == "of" and cut + 1 < len(words) and words[cut + 1].lower() in OFFICES:
            rest = words[cut + 2 :]
            return _cased(rest) if rest else ()
    run: list[str] = []
    for word in reversed(head):
        low = bare(word)
        if not _is_capital(word) and not (run and low in PARTICLES):
            break
        is_first_of_initials = bool(run) and len(run[-1]) == 1 and _is_initial(word)  # "A. K. Hale"
        if run and not is_first_of_initials and (low in TITLES or low.removesuffix("s") in TITLES):
            break
        if run and re.search(r"['’]s?$", word) and not re.match(r"[Oo]['’]", word):
            break  # "Hale's Ida Brandt"
        run.append(low)
    run.reverse()
    # "including Tarners", "young Tarners": one word behind a common noun is seldom a person.
    before = bare(head[-2]) if len(run) == 1 and len(head) > 1 else ""
    loose = before and before not in TITLES and before not in ("named", "called") and not head[-2][0].isupper()
    article = bool(head) and head[0].lower() in ("the", "a", "an") and len(head) == len(run) + 1
    grouped = any(w in COLLECTIVE for w in run) and len(forms(run[0])) == 1
    if article or loose or not run or grouped or all(w in TITLES | NOT_NAMED and w not in SURNAMES for w in run):
        return ()
    while len(run) > 1 and run[0] in PARTICLES | HONORIFICS and not _is_initial(head[-len(run)]):
        run = run[1:]
    return tuple(run)


def _is_capital(word: str) -> bool:
    """True for a word that begins with a capital letter, but for a small one tied before it: "al-Hamdan"."""
    tied = TIED.match(word)
    return CAPITAL.match(word) is not None or (tied is not None and tied["link"] in LINKS)


def _is_initial(word: str) -> bool:
    """True for "I" of "I. Hale", which is "i" of "Vidal i Font" in small letters."""
    return len(word) == 1 and word.isupper()


def hyphened(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The same name with its hyphens put otherwise: two words as one, one as two."""
    pairs = range(len(words) - 1)
    joined = [(*words[:n], f"{words[n]}-{words[n + 1]}", *words[n + 2 :]) for n in reversed(pairs)]
    parted = tuple(part for word in words for part in word.split("-") if part)
    return joined if parted == words else [parted, *joined]


def in_other_order(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The same name with the family name at its other end: "hale ida" of "ida hale", and the other way round."""
    return list(dict.fromkeys([(*words[1:], *words[:1]), (*words[-1:], *words[:-1])])) if len(words) > 1 else []


def surname(words: tuple[str, ...]) -> str:
    """The last word that is no suffix such as "Jr."."""
    kept = [w for w in words if w not in SUFFIXES]
    return (kept or list(words))[-1] if words else ""


def compatible(asked: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """True when two names with one surname can be one person's: given names missing, equal, initials or short forms."""
    suffixes = (set(asked) & SUFFIXES, set(known) & SUFFIXES)
    if all(suffixes) and suffixes[0] != suffixes[1]:
        return False
    a = [w for w in asked if w not in SUFFIXES]
    b = [w for w in known if w not in SUFFIXES]
    if not a or not b or a[-1] != b[-1]:
        return False
    if len(a) == 1 or len(b) == 1:
        return True
    if len(a) == len(b) and not all(map(_same_initial, a[1:-1], b[1:-1])):
        return False  # "P. J. Hale" and "P. K. Hale" are two.
    given = b[:-1]
    return same_given(a[0], b[0]) or (len(a[0]) > 1 and a[0] in given) or (len(b[0]) > 1 and b[0] in a[:-1])


def is_short_for(words: tuple[str, ...], known: tuple[str, ...], *, are_letters: bool) -> bool:
    """True for the first names alone of a longer name, two or more; where the first of two words is letters, for these.

    "Ida Maria" of Ida Maria Hale, and, as letters, "IM Hale".
    """
    if 1 < len(words) < len(known) and known[: len(words)] == words:
        return True
    given = [word for word in known if word not in SUFFIXES][:-1]
    return are_letters and words == ("".join(word[0] for word in given), surname(known)) and len(given) > 1


def _same_initial(one: str, other: str) -> bool:
    """False for an initial and a name, or initial, with another letter."""
    return one[0] == other[0] or 1 not in (len(one), len(other))


def given_agrees(asked: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """True when the first of two given names can be the other's, or one has none."""
    return len(asked) == 1 or len(known) == 1 or same_given(asked[0], known[0])


def same_given(one: str, other: str) -> bool:
    """True for equal given names, an initial, or a usual short form of the other."""
    if one == other or (1 in (len(one), len(other)) and one[0] == other[0]):
        return True
    return other in forms(one) or one in forms(other)


def is_slip(typed: str, known: str, *, given: bool = False) -> bool:
    """True when a surname looks mistyped: one letter off, two in a long one, its first letter right.

    `given` says that the given name is right, which lets a shorter surname pass.
    """
    if typed == known or typed[:1] != known[:1]:
        return False
    shorter = min(len(typed), len(known))
    if shorter < (SLIP_WORDS_MIN if given else MIN_FUZZY):
        return False
    return OSA.distance(typed, known) <= (2 if shorter >= TWO_SLIPS else 1)


def nearest(name: str, known: Sequence[str], most: int) -> list[str]:
    """The known names that are most like one, the nearest first; those that have little of it are left out."""
    plain = [" ".join(name_words(each)) for each in known]
    found = process.extract(" ".join(name_words(name)), plain, scorer=fuzz.WRatio, limit=most, score_cutoff=ALIKE)
    return [known[number] for _, _, number in found]
