"""Spell names in capitals as an editor prints them: "Helen O’Brien" of HELEN O’BRIEN, "Mr. McDonald" of Mr. McDONALD.

In: an article's text and where the names stand. Out: a text of the same length with the names in normal spelling.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import takewhile

from ingest.text.names import PARTICLES, SMALL_WORDS, TITLES

Pair = tuple[int, int]

MAC = re.compile(r"(?<![^\W_])[^\W\d_a-z][a-z]{1,2}(?=[^\W\d_a-z]{3})")  # "McDONALD" is in capitals all the same.
WORD = re.compile(r"[^\W\d_]+(?:['’.](?=[^\W\d_])[^\W\d_]+)*")
INITIALS, NUMERAL = re.compile(r"[^\W\d_](?:\.[^\W\d_])*"), re.compile(r"[IVX]{2,4}")  # "J.P" and "III"
# What nobody can say as a word: "JD" and "TJ" before a surname, "BBC".
UNSPOKEN = re.compile(r"[^\W\d_AEIOUYÀ-Þ]{2,4}|.J")
# "Mc" and "O’", behind which another capital stands; "’S" is none.
PREFIXED = re.compile(r"([^\W\d_a-z][a-z]+(?=[^\W\d_a-z])|MC(?=[^\W\d_]{3})|[^\W\d_]['’](?=[^\W\d_]{2})|)(.)(.*)")
LONGEST_HONOUR = 4  # Letters of "FRCS" behind a name in small letters; a surname there is longer.
INITIALS_OF_NAMES = (2, 3)  # Letters of a label that can be somebody's.
BESIDE_NAME = re.compile(r" (?:of|pro tem(?:pore)?\Z)\b ?")
UNNAMED = re.compile(r"[\d_]|\ATHE ")  # "SPEAKER_01" and "THE COURT" are nobody's names.


def are_capitals(name: str) -> bool:
    """True for a name in capitals, "McDONALD" among them."""
    return MAC.sub("", name).isupper()


def in_title_case(headline: str) -> str:
    """ "Deposition of Ann Lee" of a headline in capitals, all of which is nobody's name; any other as it is."""
    if not headline.isupper():
        return headline
    return WORD.sub(lambda m: m[0].lower() if m[0].lower() in SMALL_WORDS else _cased(m[0]), headline)


def in_normal_spelling(text: str, names: Iterable[Pair], said: Iterable[Pair]) -> str:
    """The text, as long as before, with the names at those places in normal spelling where they stand in capitals.

    They are spelt as the rest of the text has them. Labels that are initials of a name stay as they are, and so does
    "NATO" of a label where `said`, what is said, has it in capitals, too.
    """
    bare = {_without_place(text, place) for place in names}
    places = sorted({place for place in bare if _is_loud(text[slice(*place)])})
    if not places:
        return text
    spoken = (text[slice(*pair)] for pair in said)
    loud = {word for part in spoken if not part.isupper() for word in WORD.findall(part) if word.isupper()}
    forms: dict[str, Counter[str]] = {}
    for word in WORD.findall(text):
        if word[0].isupper() and not are_capitals(word):
            forms.setdefault(word.lower(), Counter())[word] += 1
    seen = {word: found.most_common(1)[0][0] for word, found in forms.items()}
    loud_names = {text[slice(*place)] for place in places}
    shown = {name: _as_written(text, _spelt(name, seen, loud)) for name in loud_names if not _are_initials(text, name)}
    made, done = list[str](), 0
    for start, end in places:
        made += [text[done:start], shown.get(text[start:end], text[start:end])]
        done = end
    return "".join([*made, text[done:]])


def _without_place(text: str, place: Pair) -> Pair:
    """ "Mr. LEE" of "Mr. LEE of Tarn", and "The CHAIR" of "The CHAIR pro tempore"."""
    before = BESIDE_NAME.split(text[slice(*place)], maxsplit=1)[0]
    return (place[0], place[0] + len(before)) if _is_loud(before) else place


def _bare(name: str) -> list[str]:
    """The words of a name behind its titles."""
    words = WORD.findall(name)
    return words[next((number for number, word in enumerate(words) if word.lower() not in TITLES), 0) :]


def _is_loud(name: str) -> bool:
    """True for a name in capitals, and for one of which the surname is; not for "THE COURT" and a single letter."""
    bare = _bare(name)
    behind = [*takewhile(are_capitals, reversed(bare))]
    if not behind or len(bare[-1]) == 1 or UNNAMED.search(name):
        return False
    is_surname = len(bare[-1]) > LONGEST_HONOUR or not PARTICLES.isdisjoint(map(str.lower, behind))
    return is_surname or len(behind) == len(bare)


def _are_initials(text: str, name: str) -> bool:
    """True for "AL" where the text has an Ann Lee, or an Ann Ida Lee."""
    if len(name) not in INITIALS_OF_NAMES or not name.isalpha():
        return False
    first, others = name[0], name[1:]
    full = rf"\b{first}[\w’'-]*" + "".join(rf" (?:\S+ )?{letter}[\w’'-]*[a-z]" for letter in others)
    return re.search(full, text) is not None


def _as_written(text: str, name: str) -> str:
    """The name as the text has it as a whole elsewhere: "Ann De La Cruz" is spelt so or so."""
    bare = name[name.find(_bare(name)[0]) :]
    found = re.findall(rf"(?<!\w){re.escape(bare)}(?!\w)", text, re.I) if " " in bare else []
    written = [one for one in found if not any(map(are_capitals, one.split())) and len(one) == len(bare)]
    return name.removesuffix(bare) + Counter(written).most_common(1)[0][0] if written else name


def _spelt(name: str, seen: Mapping[str, str], loud: set[str]) -> str:
    words = [*WORD.finditer(name)]
    first = len(words) - len(_bare(name))
    made, done = list[str](), 0
    for number, match in enumerate(words):
        is_last = number == len(words) - 1 and (number > first or first > 0)
        word, low = match[0], match[0].lower()
        keeps = not is_last and number >= first and (word in loud or UNSPOKEN.fullmatch(word))
        stays = INITIALS.fullmatch(word) or (number > first and NUMERAL.fullmatch(word))
        if not are_capitals(word) or stays or len(low) != len(word):
            shown = word
        elif low in PARTICLES and not is_last and number > first:
            shown = low
        else:
            shown = seen.get(low) or (word if keeps else _cased(word))
        made += [name[done : match.start()], shown]
        done = match.end()
    return "".join([*made, name[done:]])


def _cased(word: str) -> str:
    prefix, first, rest = PREFIXED.findall(word)[0]
    return f"{prefix.capitalize()}{first}{rest.lower()}"
