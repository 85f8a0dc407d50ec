"""Who speaks in an index, and which of them a name, surname, role or description in a question means."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rag.people.names import (
    HONORIFICS,
    NAME_WORD,
    bare,
    compatible,
    is_slip,
    name_words,
    personal,
    same_given,
    surname,
    typed,
)
from rag.people.persons import Person, gather
from rag.people.roles import RELATIONS, is_relation, role_stems, widened
from rag.text import stem

PRONOUNS = frozenset(
    "he she they it i we you who that which those these this many another some others one both a".split()
)
# Words of another expression for the same office count for this much of a description.
WIDENED_WEIGHT = 0.7


OWNER = re.compile(rf"\b([^\W\d_][\w.-]*(?: [\w.-]+)??)(?:['’]s?\s|s (?={'|'.join(sorted(RELATIONS))}))", re.I)
# What "Hale's niece" says for somebody else called Hale: as much as half of the words of a role.
FAMILY_FIT = 0.5


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
        offices: dict[str, set[frozenset[str]]] = {}
        where = iter(articles)
        for name, role in speakers:
            article = next(where, "")
            if not name or name.lower() in PRONOUNS:
                continue
            self._counts[name] += 1
            self._articles.setdefault(name, set()).update({article} - {""})
            offices.setdefault(name, set()).add(frozenset(role_stems(role)))
        self._roles = {name: set().union(*roles) for name, roles in offices.items()}
        self._role_words: set[str] = set().union(*self._roles.values())
        self._words = {name: name_words(name) for name in self._counts}
        self._plain: dict[tuple[str, ...], list[str]] = {}
        for name, words in self._words.items():
            self._plain.setdefault(words, []).append(name)
        self._people = gather({n: personal(n) for n in self._counts}, self._counts, self._articles)
        # One description for each role an article gives, for two roles together would be nobody's.
        owner = {label: tuple(person.labels) for person in self._people for label in person.labels}
        self._descriptions = [
            (owner.get(name, (name,)), role | frozenset(map(stem, self._words[name])))
            for name, roles in offices.items()
            for role in roles
        ]
        self._common = Counter(word for _, words in self._descriptions for word in words)
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

    def by_role(self, phrase: str) -> tuple[str, ...]:
        """The speakers whose role and name together hold every word of the phrase."""
        wanted = role_stems(phrase)
        if not wanted:
            return ()
        found = (label for labels, words in self._descriptions if wanted <= words for label in labels)
        return tuple(dict.fromkeys(found))

    def fit(self, phrase: str) -> Mapping[str, float]:
        """How well each speaker answers a description: the share (0 to 1) of its words that role and name hold.

        Rare words count more. Whoever only stands in it as an owner ("Hale's niece") is left out.
        """
        wanted = role_stems(phrase)
        weights = {word: 1 / math.log2(2 + self._common[word]) for word in wanted}
        total = sum(weights.values())
        possessors = self.owners(phrase)
        owners = {label for person in possessors for label in person.labels}
        fits: dict[str, float] = {}
        for labels, words in self._descriptions:
            got = sum(
                weight if word in words else WIDENED_WEIGHT * weight * bool(widened(word) & words)
                for word, weight in weights.items()
            )
            if got:
                fits.update({label: max(fits.get(label, 0.0), got / total) for label in labels if label not in owners})
        if is_relation(phrase):
            family = (p for o in possessors for p in self._by_surname.get(surname(o.words), []) if len(p.words) > 1)
            kin = (label for person in family for label in person.labels if label not in owners)
            fits.update({label: max(fits.get(label, 0.0), FAMILY_FIT) for label in kin})
        return fits

    def owners(self, phrase: str) -> list[Person]:
        """The people that a description names as owners: Hale in "Hale's niece", who is not whom it means."""
        return [person for name in OWNER.findall(phrase) for person in self.people(name)]

    def _roles_of(self, person: Person) -> set[str]:
        return set().union(*(self._roles[label] for label in person.labels))


def _given_agrees(asked: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return len(asked) == 1 or len(known) == 1 or same_given(asked[0], known[0])
