"""How well each candidate agrees with what a source's own words tell: number, gender, person or body, and whose it is.

In: a source, the stage before it is read and what its words describe. Out: factors of the candidates' probabilities.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

import numpy as np

from ingest.speaking.cast import words_of
from ingest.speaking.labels import TOGETHER
from ingest.speaking.possessors import gender_of_owner, owner_of
from ingest.speaking.small_words import PRONOUN, called
from ingest.speaking.stage import TINY, Described, Source, Stage
from ingest.text.names import role_noun
from ingest.text.sources import BELONGING, NOUN_GENDERS, without_relative
from rag.models.onnx import Floats

THE = "the "
NEUTER, PLURAL = frozenset("it its itself which".split()), frozenset("they them themselves their".split())
LEAST = 0.05  # What is said of somebody by first name or as a body can be wrong.
ELSEWHERE = 0.1  # Not measured.
LONGEST_NAME = 3  # Words.
SURE_KIND = 0.75  # What is somebody's is surely a person, a body or a group with this probability: not measured.
NUMBER = re.compile(r"\b\d+(?=-)")  # "The 34-year-old", and not "34 percent".
AGE = re.compile(r"(?:, | \()(\d{1,3})\b")  # "Ann Lee, 34," and "Ann Lee (34)"


def agreement(stage: Stage, source: Source, pair: Floats, described: Described) -> Floats:
    """(candidates + 1,): how much likelier each, and its own words, are for what the source is.

    "He", "she" and "it" agree with names and bodies, "the Tarn keeper" is not Tarn, "they" are no single person.
    """
    factors = np.ones(stage.count + 1, dtype=np.float32)
    words = stage.text[source.start : source.end].split()
    phrase = " ".join(words).lower()
    alike = (pair[: stage.count, 38] > 0) | (pair[: stage.count, 21] > 0)
    if words and len(words) <= LONGEST_NAME and alike.any() and all(word[0].isupper() for word in words):
        factors[:-1][~alike] = LEAST
    bodies = np.sign(stage.bodies[: stage.count])
    if wanted := called(phrase):
        factors[:-1] *= _of_gender(stage, wanted) * np.maximum(1 - np.maximum(bodies, 0), LEAST)
        factors[:-1][_several(stage)] = LEAST
    elif phrase in NEUTER:
        factors[:-1] *= np.maximum(1 + np.minimum(bodies, 0), LEAST)
    elif not stage.is_named(source):
        several = described.group if phrase not in PRONOUN else float(phrase in PLURAL)
        factors[:-1] *= np.maximum(1 + (described.body + several) * np.minimum(bodies, 0), LEAST)
        if aged := _aged(stage, phrase):
            factors[[who for who in range(stage.count + 1) if who not in aged]] = TINY  # A number is no guess.
        if (called_so := stage.appositions.only(phrase, source.start)) is not None:
            factors[[who for who in range(stage.count + 1) if who != called_so]] *= LEAST
        if phrase in PLURAL:
            factors[:-1] *= np.maximum(1 - stage.persons[: stage.count], LEAST)
        elif gender := NOUN_GENDERS.get(role_noun(phrase)):
            factors[:-1] *= _of_gender(stage, gender)
        factors[:-1][_possessors(stage, phrase)] = LEAST
        factors[:-1][_elsewhere(stage, phrase, pair)] *= ELSEWHERE
    if words and not wanted and phrase[-1].islower() and words[-1][0].islower():
        unlike = (bodies > 0) | ((bodies == 0) & (pair[: stage.count, 21] > 0))
        factors[:-1] *= np.maximum(1 - described.person * unlike, LEAST)
        is_person = described.person > max(described.body, described.group)
        factors[:-1][[who for who in stage.whose(source) if is_person or bodies[who] < 0]] = LEAST
        factors[:-1][_of_others(stage, words)] = LEAST
        if not is_person:
            factors[:-1][_of_other_words(stage, phrase)] = LEAST
    factors[:-1][_told_apart(stage, words)] = LEAST
    factors[:-1][_owners_in(stage, source, pair)] = TINY  # However sure the name in it is: that grammar is no guess.
    if _is_introduced(stage, source, phrase):
        factors[: stage.named] = TINY
    factors[:-1][stage.named_in(source.through)] = LEAST  # Who passes on what another says does not say it.
    return factors


def _aged(stage: Stage, phrase: str) -> set[int]:
    """Who has the number that a word of the phrase begins with behind the name: "the 34-year-old" is "Ann Lee, 34,"."""
    numbers = set(NUMBER.findall(phrase))
    ends = zip(stage.cast.owners, stage.cast.ends, strict=True) if numbers else ()
    return {int(who) for who, end in ends if (age := AGE.match(stage.text, int(end))) and age[1] in numbers}


def _is_introduced(stage: Stage, source: Source, phrase: str) -> bool:
    """True for "the officer" of a paragraph that has "a council officer" before, without a name."""
    noun = role_noun(phrase)
    if not noun or phrase.split(",")[0] != f"the {noun}":
        return False
    before = stage.text[stage.text.rfind("\n", 0, source.start) + 1 : source.start]
    found = re.search(rf"\b[Aa]n? (?:[a-z-]+ ){{0,3}}{re.escape(noun)}\b(?! ?,? ?(?:\w+ )?[^\W\d_a-z])", before)
    return found is not None


def _of_gender(stage: Stage, wanted: str) -> Floats:
    women = stage.leanings[: stage.count] * (1 if wanted == "f" else -1)
    return np.asarray(np.maximum(1 + women, LEAST), dtype=np.float32)


def _several(stage: Stage) -> list[int]:
    """Who are several together, such as "Ann Lee and Ida Hale"."""
    parts = ((number, TOGETHER.split(name)) for number, name in enumerate(stage.names))
    return [n for n, names in parts if len(names) > 1 and all(name in stage.cast.numbers for name in names)]


def _elsewhere(stage: Stage, phrase: str, pair: Floats) -> list[int]:
    """Who is hardly "the Dane" of a paragraph whose one person is the subject of a sentence before: the others.

    But not who is called a Dane.
    """
    about = pair[: stage.count]
    if not phrase.startswith(THE) or not ((about[:, 20] > 0) & (about[:, 17] > 0)).any():
        return []
    persons = (stage.bodies[: stage.count] < 0) & (about[:, 14] == 0) & (about[:, 39] == 0) & (about[:, 41] == 0)
    return [int(number) for number in np.flatnonzero(persons)]


def _of_others(stage: Stage, words: Sequence[str]) -> list[int]:
    """Who is described by other names: not "the Orsa coach" where a source has "the Tarn coach"."""
    own = _names_in(words)
    others = [(number, _names_in(stage.names[number].split())) for number in range(stage.named, stage.count)]
    return [number for number, names in others if own and names and own.isdisjoint(names)]


def _told_apart(stage: Stage, words: Sequence[str]) -> list[int]:
    """The bearers of a surname whom "the elder Lee" tells apart by a word that the article has beside none of them."""
    if len(words) < LONGEST_NAME or not words[-2].islower() or f"{words[0]} ".lower() != THE:
        return []
    bearers = [number for number in range(stage.named) if stage.names[number].endswith(f" {words[-1]}")]
    known = any(words[-2] in stage.words[number] for number in bearers)
    return bearers if len(bearers) > 1 and not known else []


def _of_other_words(stage: Stage, phrase: str) -> list[int]:
    """Who is described by other words, where both say more than a noun: not "the hill farmers" by "the rail board"."""
    own, others = words_of(phrase), range(stage.named, stage.count)
    return [n for n in others if min(len(own), len(stage.words[n])) > 1 and own.isdisjoint(stage.words[n])]


def _names_in(words: Sequence[str]) -> set[str]:
    return words_of(" ".join(word for word in words[1:] if word[0].isupper()))


def _possessors(stage: Stage, phrase: str) -> list[int]:
    """Who is not it as it is theirs: the last speaker of "her husband", the mayor of "the mayor’s office"."""
    if owned := owner_of(phrase):
        whose, what = map(words_of, owned)
        return [number for number, noun in enumerate(stage.nouns) if noun in whose and noun not in what]
    last, gender = stage.last_speaker, gender_of_owner(phrase)
    if last is None or gender is None or stage.nouns[last] == role_noun(phrase):
        return []
    return [last] if stage.leanings[last] * (1 if gender == "f" else -1) >= 0 else []


def _owners_in(stage: Stage, source: Source, pair: Floats) -> list[int]:
    """Karl Lee of "the widow of Karl Lee" and of "Lee’s lawyer", Orsa of "the firm, which left Orsa".

    Each is in a source and not it. "Lee’s remark" is Lee’s words, for nobody else speaks by that.
    """
    cast = stage.cast
    main = source.start + len(without_relative(stage.text[source.start : source.end]))
    low, middle, high = map(int, np.searchsorted(cast.starts, [source.start, main, source.end]))
    owners = list(map(int, cast.owners[low:middle]))
    theirs = [
        _whose(stage, row, source, pair, {*owners[: row - low], *owners[row - low + 1 :]}) for row in range(low, middle)
    ]
    heads = {owner for owner, whose in zip(owners, theirs, strict=True) if owner != whose}
    others = [owner for owner in dict.fromkeys(theirs) if owner is not None and stage.bodies[owner] < 0]
    others = [owner for owner in others if owner not in heads]
    return [*others, *set(map(int, cast.owners[middle:high])).difference(owners)]


def _whose(stage: Stage, row: int, source: Source, pair: Floats, besides: Set[int]) -> int | None:
    """Whom a name in a source shows to have what speaks: of two Lees, in "Lee’s son", the one not called a son.

    Nor, in "Lee’s son, Bo Lee", the one who is named `besides`.
    """
    owner, end = int(stage.cast.owners[row]), int(stage.cast.ends[row])
    if not BELONGING.isdisjoint(stage.text[source.start : stage.starts[row]].lower().split()[-1:]):
        return owner
    is_owner = stage.text[end : end + 2] in ("’s", "'s") and end + 2 < source.end
    is_somebody = stage.owned > SURE_KIND or role_noun(stage.text[end : source.end]) in NOUN_GENDERS
    if not (is_owner and is_somebody):
        return None
    surname = f" {stage.text[stage.starts[row] : end]}"
    names = enumerate(stage.names[: stage.named])
    alike = [number for number, name in names if name.endswith(surname) and number not in besides]
    others = [number for number in alike if not stage.is_called(stage.names[number], pair)]
    if owner in others or len(alike) <= 1:
        return owner
    return others[0] if len(others) == 1 else None
