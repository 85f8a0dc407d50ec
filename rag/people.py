"""Who speaks in an index, and which of them a name, surname, role or description in a question means."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rag.names import (
    HONORIFICS,
    NAME_WORD,
    NOT_NAMED,
    PARTICLES,
    TITLES,
    bare,
    compatible,
    is_slip,
    name_words,
    personal,
    same_given,
    surname,
    typed,
)
from rag.roles import role_stems, widened
from rag.text import STOP_WORDS, stem

PRONOUNS = frozenset(
    "he she they it i we you who that which those these this many another some others one both a".split()
)
MAX_MENTION_WORDS = 5
# A surname means the one person who has this many times the statements of all others of that name;
# otherwise it is ambiguous. Chosen, not measured: newspapers drop the given name of whom they report on most.
DOMINANCE = 8
# Words of another expression for the same office count for this much of a description.
WIDENED_WEIGHT = 0.7


SUFFIX_FORMS = ("Jr.", "Sr.", "Jr", "Sr", "II", "III", "IV")
OWNER = re.compile(r"\b([^\W\d_][\w.-]*(?: [\w.-]+)?)['’]s?\s")


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a question that names speakers of the index: characters [start, end)."""

    start: int
    end: int
    names: tuple[str, ...]


@dataclass(slots=True)
class Person:
    """The labels under which an index quotes one person, and how often; `words` is the fullest name."""

    words: tuple[str, ...]
    labels: list[str]
    count: int = 0
    articles: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The name as the most usual of the fuller labels writes it, without what stands around it."""
        label = self.labels[0]
        words = [w for w in label.split() if bare(w.strip(",.()")) in self.words or w in SUFFIX_FORMS]
        return " ".join(words).strip(" ,") or label


class Directory:
    """The speakers of an index by name, surname, role and description."""

    def __init__(
        self, speakers: Iterable[tuple[str, str]], articles: Iterable[str] = (), publications: Iterable[str] = ()
    ) -> None:
        """Take (name, role) pairs, one for each quote; an empty name or a pronoun is no speaker.

        `articles` gives the article of each quote in the same order: whose statements a bare surname
        marks shows from who else speaks there. `publications` are the outlets a question can name.
        """
        self.publications = tuple(dict.fromkeys(p for p in publications if p))
        self._counts: Counter[str] = Counter()
        self._articles: dict[str, set[str]] = {}
        self._roles: dict[str, set[str]] = {}
        where = iter(articles)
        for name, role in speakers:
            article = next(where, "")
            if not name or name.lower() in PRONOUNS:
                continue
            self._counts[name] += 1
            self._articles.setdefault(name, set()).update({article} - {""})
            self._roles.setdefault(name, set()).update(role_stems(role))
        self._role_words: set[str] = set().union(*self._roles.values())
        self._words = {name: name_words(name) for name in self._counts}
        self._plain: dict[tuple[str, ...], list[str]] = {}
        for name, words in self._words.items():
            self._plain.setdefault(words, []).append(name)
        self._covered = {name: self._roles[name] | set(map(stem, self._words[name])) for name in self._counts}
        self._people = _gather({n: personal(n) for n in self._counts}, self._counts, self._articles)
        for person in self._people:
            whole = set().union(*(self._covered[label] for label in person.labels))
            self._covered.update(dict.fromkeys(person.labels, whole))
        self._common = Counter(word for words in self._covered.values() for word in words)
        self._by_surname: dict[str, list[Person]] = {}
        self._by_given: dict[str, list[Person]] = {}
        for person in self._people:
            self._by_surname.setdefault(surname(person.words), []).append(person)
            if len(person.words) > 1:
                self._by_given.setdefault(person.words[0], []).append(person)

    @property
    def names(self) -> tuple[str, ...]:
        """Every speaker's name."""
        return tuple(self._counts)

    def find(self, phrase: str) -> tuple[str, ...]:
        """The speakers that a phrase such as "Hale", "Dr. Ida Hale" or "the minister" can mean."""
        return self.by_name(phrase) or self.by_role(phrase)

    def by_name(self, phrase: str) -> tuple[str, ...]:
        """Every label of the people who can be meant by a name, or labels of exactly these words."""
        labels = [label for person in self.people(phrase) for label in person.labels]
        return tuple(labels) or tuple(self._plain.get(name_words(phrase), ()))

    def people(self, phrase: str) -> list[Person]:
        """The people of that name: the same surname and no clashing given name, or a given name only one has.

        An office before the name chooses among them if one of them holds it ("Mayor Hale").
        """
        words = personal(phrase) or typed(phrase)
        if not words:
            return []
        found = [p for p in self._by_surname.get(surname(words), []) if compatible(words, p.words)]
        if len(words) > 1:
            exact = [p for p in found if len(p.words) > 1 and p.words[0] == words[0]]
            others = [p for p in self._by_surname.get(surname(words), []) if len(p.words) > 1 and p not in found]
            # A bare surname is no evidence for one person where another one bears it too.
            return exact or [p for p in found if len(p.words) > 1 or not others]
        if not found:
            given = [p for name, people in self._by_given.items() if same_given(words[0], name) for p in people]
            given = [p for p in given if min(len(words[0]), len(p.words[0])) > 1]
            found = given if len(given) == 1 else []
        offices = {stem(w) for w in map(bare, NAME_WORD.findall(phrase)) if w not in words and w not in HONORIFICS}
        holders = [p for p in found if offices and offices & self._roles_of(p)]
        return holders or found

    def respelt(self, phrase: str) -> Person | None:
        """The one person whose name is written almost so; None when there is none, or more than one."""
        words = personal(phrase) or typed(phrase)
        if not words:
            return None
        last = surname(words)
        near = [
            person
            for name, people in self._by_surname.items()
            for person in people
            if (is_slip(last, name, given=len(words) > 1) and _given_agrees(words, person.words))
            or (name == last and len(words) > 1 and len(person.words) > 1 and is_slip(words[0], person.words[0]))
        ]
        return near[0] if len(near) == 1 else None

    def naming(self, phrase: str) -> tuple[str, ...]:
        """The labels of groups or works that hold a full name, such as "a letter from Ida Hale"."""
        words = personal(phrase) or typed(phrase)
        if len(words) < 2:
            return ()
        spaced = f" {' '.join(words)} "
        return tuple(label for label, known in self._words.items() if spaced in f" {' '.join(known)} ")

    def by_role(self, phrase: str) -> tuple[str, ...]:
        """The speakers whose role and name together hold every word of the phrase."""
        wanted = role_stems(phrase)
        if not wanted:
            return ()
        return tuple(name for name, words in self._covered.items() if wanted <= words)

    def is_in_role(self, words: tuple[str, ...]) -> bool:
        """True for a word that speakers' roles use ("Ruritania"), and so is hardly a person nobody quotes."""
        return len(words) == 1 and bool(role_stems(words[0])) and role_stems(words[0]) <= self._role_words

    def fit(self, phrase: str) -> Mapping[str, float]:
        """How well each speaker answers a description: the share (0 to 1) of its words that role and name hold.

        Rare words count more. Whoever only stands in it as an owner ("Hale's wife") is left out.
        """
        wanted = role_stems(phrase)
        weights = {word: 1 / math.log2(2 + self._common[word]) for word in wanted}
        total = sum(weights.values())
        owners = {
            label
            for name in re.findall(r"([^\W\d_][\w.-]*(?: [\w.-]+)?)['’]s?\s", phrase)
            for label in self.by_name(name)
        }
        fits: dict[str, float] = {}
        for label, words in self._covered.items():
            got = sum(
                weight if word in words else WIDENED_WEIGHT * weight * bool(widened(word) & words)
                for word, weight in weights.items()
            )
            if got and label not in owners:
                fits[label] = got / total
        return fits

    def scan(self, text: str) -> list[Mention]:
        """Every stretch of a text that is a speaker's name or surname, longest first at each place."""
        words = list(NAME_WORD.finditer(text))
        found: list[Mention] = []
        position = 0
        while position < len(words):
            for length in range(min(MAX_MENTION_WORDS, len(words) - position), 0, -1):
                start, end = words[position].start(), words[position + length - 1].end()
                names = self._named(text[start:end], length)
                if names:
                    found.append(Mention(start, end, names))
                    position += length
                    break
            else:
                position += 1
        return found

    def _named(self, phrase: str, length: int) -> tuple[str, ...]:
        words = name_words(phrase)
        if len(words) != length or words[0] in STOP_WORDS or words[0] in NOT_NAMED:
            return ()
        if any(w[0].islower() and w not in PARTICLES for w in phrase.split()) or (length == 1 and words[0] in TITLES):
            return ()
        lasts = self._by_surname.get(surname(words), [])
        return tuple(label for p in lasts if compatible(words, p.words) for label in p.labels)

    def _roles_of(self, person: Person) -> set[str]:
        return set().union(*(self._roles[label] for label in person.labels))


def dominant(people: list[Person]) -> list[Person]:
    """The people that one surname leaves in doubt; only one when that one has nearly all the statements."""
    named = [p for p in people if len(p.words) > 1] or people
    most = max(named, key=lambda p: p.count, default=None)
    if most and most.count >= DOMINANCE * (sum(p.count for p in named) - most.count):
        return [most]
    return named


def _given_agrees(asked: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return len(asked) == 1 or len(known) == 1 or same_given(asked[0], known[0])


def _gather(
    names: Mapping[str, tuple[str, ...]], counts: Counter[str], articles: Mapping[str, set[str]]
) -> list[Person]:
    """Put the labels of each person together: full names that agree, then bare surnames that can be only one's."""
    full: dict[str, list[Person]] = {}
    order = {label: number for number, label in enumerate(names)}
    for label in sorted(names, key=lambda n: (-counts[n], order[n])):
        words = names[label]
        if len(words) < 2:
            continue
        known = full.setdefault(surname(words), [])
        same = [p for p in known if compatible(words, p.words)]
        if len(same) == 1:
            _join(same[0], label, words, counts, articles)
        else:
            known.append(Person(words, [label], counts[label], set(articles[label])))
    single: dict[str, Person] = {}
    for label, words in names.items():
        if len(words) != 1:
            continue
        owner = _owner(label, full.get(words[0], []), counts, articles)
        if owner:
            _join(owner, label, words, counts, articles)
        elif words[0] in single:
            _join(single[words[0]], label, words, counts, articles)
        else:
            single[words[0]] = Person(words, [label], counts[label], set(articles[label]))
    found = [*(p for people in full.values() for p in people), *single.values()]
    return sorted(found, key=lambda p: min(order[label] for label in p.labels))


def _join(
    person: Person, label: str, words: tuple[str, ...], counts: Counter[str], articles: Mapping[str, set[str]]
) -> None:
    person.labels.append(label)
    person.count += counts[label]
    person.articles |= articles[label]
    if len(words) > len(person.words):
        person.words = words


def _owner(label: str, people: list[Person], counts: Counter[str], articles: Mapping[str, set[str]]) -> Person | None:
    """Whose a bare surname is: the only one of that name, the only one who speaks in its articles, or who dominates."""
    if len(people) <= 1:
        return people[0] if people else None
    here = [p for p in people if articles[label] and articles[label] <= p.articles]
    if len(here) == 1 and not any(articles[label] & p.articles for p in people if p is not here[0]):
        return here[0]
    likely = dominant(people)
    # "Mr." and "Ms." may say the other one.
    titled = bare(NAME_WORD.findall(label)[0]) in HONORIFICS
    return likely[0] if len(likely) == 1 and not titled else None
