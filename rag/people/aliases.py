"""One person under two names that an article gives: "Ida Hale, née Brandt" is the Ida Brandt of another article.

    what else articles call a person (the register) + the people by their labels -> who is whom

A name that articles give to two people joins nobody, nor does a nickname that somebody's own name is short for. "Hale
Ida" of one article and "Ida Hale" of another are one, too: the family name stands first in some languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rag.people.by_hand import ByHand
from rag.people.names import compatible, forms, in_other_order, personal, surname
from rag.people.persons import Person
from rag.people.register import Alias, Register

OTHER_ORDER = "the same name with the family name at its other end"


def calls(words: tuple[str, ...], person: Person) -> bool:
    """True where a person has exactly this name: no other given name, and nothing but it where it is one word."""
    if len(words) == 1:
        return person.words == words
    given = {name[0] for label in person.labels if len(name := personal(label)) > 1}
    spelt = all(len(each) == 1 or each == words[0] for each in given)
    return len(person.words) > 1 and spelt and compatible(words, person.words)


def other(words: tuple[str, ...], owners: Sequence[Person], people: Iterable[Person], by_hand: ByHand) -> Person | None:
    """Whom a name means besides the one whom articles call so, too; None where it is several people's, or nobody's."""
    people = [*people]
    if len(words) == 1 and any(len(person.words) > 1 for person in people):
        return None  # Somebody's surname.
    called = [person for person in people if calls(words, person)]
    if len(owners) != 1 or len(called) != 1 or called[0].labels[0] == owners[0].labels[0]:
        return None
    return None if are_apart(words, owners[0], called, by_hand) else called[0]


def are_apart(words: tuple[str, ...], owner: Person, people: Iterable[Person], by_hand: ByHand) -> bool:
    """True where it was decided that whom an article calls so, too, is none of those who have that name."""
    if not by_hand.parted:
        return False
    called = [label for person in people if calls(words, person) for label in person.labels]
    return any(by_hand.are_apart(label, called) for label in owner.labels)


def with_nicknames(people: Sequence[Person], register: Register, by_hand: ByHand) -> ByHand:
    """What was decided, and with it which people of one surname are one under a nickname."""
    pairs = []
    for words, labels in _owners(register.aliases_of(label for person in people for label in person.labels)).items():
        owners = [person for person in people if not labels.isdisjoint(person.labels)]
        if same := other(words, owners, people, by_hand):
            pairs.append((owners[0].labels[0], same.labels[0]))
    return replace(by_hand, joined=(*by_hand.joined, *pairs)) if pairs else by_hand


def _owners(aliases: Iterable[Alias]) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for alias in aliases:
        found.setdefault(alias.words, set()).add(alias.label)
    return found


class Joined:
    """Who is one with whom over an index by what articles call people, too; each look-up reads only what it needs."""

    def __init__(self, register: Register, by_hand: ByHand, of_label: Callable[[str], list[Person]]) -> None:
        """`of_label` gives whose a label is."""
        self._register, self._by_hand, self._of_label = register, by_hand, of_label

    def with_(self, person: Person, called: Callable[[str], list[Person]]) -> list[tuple[Person, str]]:
        """Everybody else who is this person, and why; `called` gives the people of a surname."""
        own = self._register.aliases_of(person.labels)
        of_others = (a for a in self._register.aliases_of_surname(surname(person.words)) if calls(a.words, person))
        found: dict[str, tuple[Person, str]] = {}
        for alias in dict.fromkeys([*own, *of_others]):
            if len(alias.words) == 1 and self._is_first_name(alias.words[0]):
                continue
            owners = self.owners(alias.words)
            same = other(alias.words, owners, called(surname(alias.words)), self._by_hand)
            for one in (same, *owners) if same else ():
                if one.labels[0] != person.labels[0]:
                    found.setdefault(one.labels[0], (one, alias.because))
        for one in self._in_other_order(person, called):
            found.setdefault(one.labels[0], (one, OTHER_ORDER))
        return [*found.values()]

    def _in_other_order(self, person: Person, called: Callable[[str], list[Person]]) -> list[Person]:
        """Who has the same name with the family name at its other end, if nothing says that they are two.

        Where both words are first names, as in "Thomas James" and "James Thomas", a role must show that they are one;
        different roles always show that they are two.
        """
        orders = in_other_order(person.words)
        same = [one for words in orders for one in called(surname(words)) if one.words == words != person.words]
        if len(same) != 1 or same[0].articles & person.articles:
            return []
        is_open = all(self._is_first_name_of_others(one) for one in (person, same[0]))
        roles, others = self._roles(person), self._roles(same[0])
        is_apart = any(self._by_hand.are_apart(label, same[0].labels) for label in person.labels)
        is_apart = is_apart or bool(roles and others and not roles & others)
        return [] if is_apart or (is_open and not roles & others) else same

    def _is_first_name_of_others(self, person: Person) -> bool:
        """True where the first word of a person's name is one in English, or another person's name begins with it."""
        word = person.words[0]
        last = {other for _, other in self._register.surnames_of({word}, 2)}
        return len(forms(word)) > 1 or not last <= {surname(person.words)}

    def _roles(self, person: Person) -> set[str]:
        return self._register.offices_of([label.number for label in self._register.named(person.labels)])

    def _is_first_name(self, word: str) -> bool:
        """True for a word that somebody else's name begins with, or a nickname of somebody else's."""
        besides = {alias.words for alias in self._register.nicknames(word)}
        return len(besides) > 1 or bool(self._register.surnames_of({word}, 1))

    def owners(self, words: tuple[str, ...]) -> list[Person]:
        """The people whom articles call so besides."""
        same = (alias for alias in self._register.aliases_of_surname(surname(words)) if alias.words == words)
        return self.of(same)

    def of(self, aliases: Iterable[Alias]) -> list[Person]:
        """The people of some other names, each once."""
        people = (person for label in dict.fromkeys(a.label for a in aliases) for person in self._of_label(label))
        return [*{person.labels[0]: person for person in people}.values()]
