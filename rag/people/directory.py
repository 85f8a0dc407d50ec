"""Who speaks in an index, and which of them a name, surname, role or description in a question means.

Whoever has a surname is put together when the surname is asked for: nothing here is read as a whole. Names are matched
against the people as their labels tell them; what is given out are these people as they were joined and named by hand.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from rag.people.aliases import Joined, are_apart, with_nicknames
from rag.people.by_hand import NOTHING, ByHand
from rag.people.names import (
    HONORIFICS,
    NAME_WORD,
    bare,
    compatible,
    forms,
    given_agrees,
    hyphened,
    in_other_order,
    is_short_for,
    is_slip,
    name_words,
    personal,
    place_of,
    surname,
    typed,
)
from rag.people.persons import GIVEN, Articles, Person, gather, join, join_bare, merged
from rag.people.register import Label, Register, in_memory
from rag.people.roles import RELATIONS, described_stems, has_as_owner, is_relation, role_stems, weight_of
from rag.people.together import joint_labels
from rag.text import stem

OWNER = re.compile(rf"\b([^\W\d_][\w.-]*(?: [\w.-]+)??)(?:['’]s?\s|s (?={'|'.join(sorted(RELATIONS))}))", re.I)
# What "Hale's niece" says for somebody else called Hale: as much as half of the words of a role.
FAMILY_FIT = 0.5
SLACK = 2  # Letters by which a slip of the pen can be longer or shorter.
# Labels that a description can stand for, the most quoted ones: "the president" is thousands of people in an archive.
DESCRIBED = 300
# Surnames that are looked at to see whether a given name is one person's.
BEARERS = 8
KEPT = 1000  # Surnames whose people are kept once put together.


class Directory:
    """The speakers of an index by name, surname, role and description.

    `publications` are the outlets a question can name, `by_hand` is what was decided about who is who.
    """

    def __init__(self, register: Register, publications: Iterable[str] = (), by_hand: ByHand = NOTHING) -> None:
        """Take the tables of who speaks; whose statements a bare surname marks shows from who else speaks there."""
        self.by_hand = by_hand
        self.publications = tuple(dict.fromkeys(p for p in publications if p))
        self._register = register
        self._lock = threading.RLock()
        self._full = lru_cache(maxsize=KEPT)(self._read_full)
        self._of_surname = lru_cache(maxsize=KEPT)(self._read_surname)
        self._aliases = Joined(register, by_hand, self._of_label)

    @classmethod
    def of(
        cls,
        speakers: Iterable[tuple[str, str]],
        articles: Iterable[str] = (),
        publications: Iterable[str] = (),
        by_hand: ByHand = NOTHING,
        aliases: Iterable[tuple[str, str, str]] = (),
    ) -> Directory:
        """A directory of (name, role) pairs, one for each quote, and the article of each in the same order.

        `aliases` are other names that articles give them: (label, other name, article).
        """
        return cls(in_memory(speakers, articles, aliases), publications, by_hand)

    @property
    def names(self) -> tuple[str, ...]:
        """Every speaker's name."""
        return self._register.names()

    def most_quoted(self, most: int) -> list[Person]:
        """The people who are quoted most, each once under all their names; found by the most usual of these."""
        # A person has several labels, so more of them are read than people are wanted.
        decided = self._register.named(self.by_hand.labels)
        people = self._people_of([*self._register.most_quoted(2 * most), *decided])
        return sorted(people, key=lambda p: (-p.count, p.name))[:most]

    def counted(self, most: int) -> list[str]:
        """The people who are quoted most, each with how often: "Ida Hale (12 times)"."""
        found = self.most_quoted(most)
        return [f"{each.name} ({f'{each.count} times' if each.count > 1 else 'once'})" for each in found]

    def like(self, words: str, most: int) -> list[Person]:
        """The people with a name that holds these letters."""
        plain = " ".join(name_words(words))
        shown = [label for label, name in self.by_hand.renamed if plain in " ".join(name_words(name))]
        return self._people_of([*self._register.named(shown), *self._register.like(plain, most)])[:most]

    def holding(self, names: Iterable[str]) -> list[Person]:
        """The people who have one of these labels."""
        return self._people_of(self._register.named(names))

    def called(self, name: str) -> list[Person]:
        """The people of exactly this name: as `Person.name` writes it, as one of their labels, or as another name."""
        renamed = (label for label, shown in self.by_hand.renamed if shown == name)
        last = surname(personal(name))
        besides = {alias.label for alias in self._register.aliases_of_surname(last) if alias.name == name}
        known = self._register.named([name, *renamed, *besides])
        people = self._people_of([*known, *self._in_full(last)])
        return [p for p in people if name == p.name or name in p.labels or not besides.isdisjoint(p.labels)]

    def find(self, phrase: str) -> tuple[str, ...]:
        """The speakers that a phrase such as "Hale", "Dr. Ida Hale" or "the minister" can mean."""
        named, called = self.by_name(phrase), self.people(phrase)
        if named and not any(map(str.isupper, phrase)) and not called:
            # "The mayor" of one article is who is called "Mayor Ida Hale" in another.
            return tuple(dict.fromkeys((*named, *self._by_whole_role(phrase))))
        joint = joint_labels(self._register, [person.words for person in called])
        return tuple(dict.fromkeys((*named, *joint))) or self.by_role(phrase)

    def by_name(self, phrase: str) -> tuple[str, ...]:
        """Every label of the people who can be meant by a name, or labels of exactly these words."""
        labels = [label for person in self.people(phrase) for label in person.labels]
        plain = () if labels else self._register.plain(name_words(phrase))
        labels += [name for one in plain for name in self._all_names(one)]
        return tuple(dict.fromkeys(labels))

    def people(self, phrase: str) -> list[Person]:
        """The people of that name: the same surname and no clashing given name, or a given name only one has.

        An office before the name chooses among them if one of them holds it ("Mayor Hale").
        """
        if shown := self._shown_as(name_words(phrase)):
            return shown
        words = personal(phrase) or typed(phrase)
        if not words:
            return []
        found = self._as_decided(self._called_so(phrase, words)) or self._with_other_hyphens(phrase, words)
        return found or self._by_short_form(phrase, words)

    def _called_so(self, phrase: str, words: tuple[str, ...]) -> list[Person]:
        named = [(p.words, p) for p in (*self._in_full(surname(words)), *self._renamed_to(surname(words)))]
        fitting = [(name, p) for name, p in named if compatible(words, name)]
        # Who had a surname before, or has a nickname with it, is not in the way of who is called by it alone.
        besides = [(name, p) for name, p in self._also_called(words) if len(words) > 1 or len(name) == 1 or not fitting]
        fitting += [(name, p) for name, p in besides if compatible(words, name)]
        found = [p for _, p in fitting]
        if len(words) > 1:
            whole = [(name, p) for name, p in fitting if len(name) > 1]
            exact = [p for name, p in whole if name[0] == words[0] or is_short_for(words, name, are_letters=True)]
            others = [p for name, p in named if len(name) > 1 and p not in found]
            if len(exact) > 1 and self.by_hand.parted:
                exact = [p for p in exact if any(personal(label) == words for label in p.labels)] or exact
            # A bare surname is no evidence for one person where another one bears it too.
            return exact or [p for name, p in fitting if len(name) > 1 or not others]
        if all(len(name) == 1 for name, _ in fitting):
            found += self._by_first_name(words[0], is_known=bool(found))
        if place := place_of(phrase):
            there = [p for p in found if place in map(place_of, p.labels)]
            found = there or [p for p in found if not any(map(place_of, p.labels))]
        offices = {stem(w) for w in map(bare, NAME_WORD.findall(phrase)) if w not in words and w not in HONORIFICS}
        holders = [p for p in found if offices and offices & self._roles_of(p)]
        return holders or found

    def _also_called(self, words: tuple[str, ...]) -> list[tuple[tuple[str, ...], Person]]:
        """Whom articles call so, too: (that name, the person); a nickname of one word goes with their own surname."""
        last = surname(words)
        found = self._register.aliases_of_surname(last)
        found += [a for a in self._register.nicknames(words[0]) if len(a.words) == 1 < len(words)]
        return [
            (alias.words if surname(alias.words) == last else (*alias.words, surname(person.words)), person)
            for alias in dict.fromkeys(found)
            for person in self._aliases.of([alias])
            if not are_apart(alias.words, person, self._in_full(last), self.by_hand)
        ]

    def _by_first_name(self, word: str, *, is_known: bool) -> list[Person]:
        """Whose nickname a word is, and whose first name; without a nickname the only one of that first name, if any.

        `is_known`: somebody is called by nothing but that word.
        """
        nicknamed = self._aliases.of(self._register.nicknames(word))
        if is_known and not nicknamed:
            return []
        names = {word} if nicknamed else {name for name in forms(word) if len(name) > 1 and len(word) > 1}
        given = [self._whole(person) for person in self._bearers(names)]
        return [*nicknamed, *given] if nicknamed or len(self._as_decided(given)) == 1 else []

    def _with_other_hyphens(self, phrase: str, words: tuple[str, ...]) -> list[Person]:
        """The people whose name is the same but for its hyphens: none of its words may be missing."""
        found = (self._as_decided(self._called_so(phrase, one)) for one in hyphened(words))
        same = ([p for p in people if "-".join(p.words).endswith("-".join(words))] for people in found)
        return next(filter(None, same), [])

    def _by_short_form(self, phrase: str, words: tuple[str, ...]) -> list[Person]:
        """The one person of whose name it is a short form: first names alone, or initials written as one word."""
        are_letters = words[0].upper() in NAME_WORD.findall(phrase)
        people = [*self._in_full(surname(words)), *map(self._whole, self._bearers({words[0]}))]
        found = self._as_decided(p for p in people if is_short_for(words, p.words, are_letters=are_letters))
        return found if len(found) == 1 else []

    def respelt(self, phrase: str) -> Person | None:
        """The one person whose name is written almost so; None when there is none, or more than one."""
        words = personal(phrase) or typed(phrase)
        written = [words, *hyphened(words)] if words else []
        near: list[Person] = next(filter(None, map(self._written_almost, written)), [])
        return near[0] if len(near) == 1 else None

    def _written_almost(self, words: tuple[str, ...]) -> list[Person]:
        last = surname(words)
        slips = [n for n in self._register.surnames_like(last, SLACK) if is_slip(last, n, given=len(words) > 1)]
        near = [p for name in slips for p in self._in_full(name) if given_agrees(words, p.words)]
        besides = (pair for name in slips for pair in self._also_called((*words[:-1], name)))
        near += [p for name, p in besides if given_agrees(words, name)]
        near += [
            p
            for p in self._in_full(last)
            if len(words) > 1 and len(p.words) > 1 and is_slip(words[0], p.words[0]) and p not in near
        ]
        near += [p for turned in in_other_order(words) for p in self._in_full(surname(turned)) if p.words == turned]
        return self._as_decided(near)

    def by_role(self, phrase: str) -> tuple[str, ...]:
        """The speakers whose role and name together hold every word of the phrase, DESCRIBED of them at most.

        Where one has just these words, whoever has others besides is not meant: "the mayor" is no deputy mayor.
        """
        wanted = described_stems(phrase)
        found = self._register.described_by(wanted, DESCRIBED) if wanted else []
        # "A badge on the guard's coat" is nobody's name, and no guard.
        found = [label for label in found if label.words or not has_as_owner(label.name, phrase)]
        return self._by_whole_role(phrase) or tuple(dict.fromkeys(n for label in found for n in self._all_names(label)))

    def _by_whole_role(self, phrase: str) -> tuple[str, ...]:
        """The speakers one of whose roles is just the words of the phrase."""
        wanted = described_stems(phrase)
        found = {label.number: label for label in self._register.described_by(wanted, DESCRIBED)} if wanted else {}
        whole = [
            found[number]
            for number, each in self._register.descriptions([*found]).items()
            if any(words - {*map(stem, found[number].words)} == wanted for words in each)
        ]
        return tuple(dict.fromkeys(name for label in whole for name in self._all_names(label)))

    def fit(self, phrase: str, among: Collection[str]) -> Mapping[str, float]:
        """How well speakers answer a description: the share (0 to 1) of its words that role and name hold.

        Rare words count more. Only those of `among` are looked at. Whoever only stands in it as an owner ("Hale's
        niece") is left out.
        """
        wanted = role_stems(phrase)
        weights = {word: 1 / math.log2(2 + self._register.common(word)) for word in wanted}
        total = sum(weights.values())
        possessors = self.owners(phrase)
        owners = {label for person in possessors for label in person.labels}
        fits: dict[str, float] = {}
        for label in self._register.named(among):
            names = self._all_names(label)
            described = self._register.descriptions([one.number for one in self._register.named(names)])
            best = max(
                (weight_of(words, weights) for descriptions in described.values() for words in descriptions), default=0
            )
            if best and label.name not in owners:
                fits[label.name] = best / total
        if is_relation(phrase):
            family = (p for o in possessors for p in self._in_full(surname(o.words)) if len(p.words) > 1)
            kin = (label for person in family for label in person.labels if label not in owners and label in among)
            fits.update({label: max(fits.get(label, 0.0), FAMILY_FIT) for label in kin})
        return fits

    def owners(self, phrase: str) -> list[Person]:
        """The people that a description names as owners: Hale in "Hale's niece", who is not whom it means."""
        return [person for name in OWNER.findall(phrase) for person in self.people(name)]

    def _roles_of(self, person: Person) -> set[str]:
        return self._register.offices_of([label.number for label in self._register.named(person.labels)])

    # ------------------------------------------------------------------ putting people together

    def _in_full(self, name: str) -> list[Person]:
        """Everybody of a surname, bare labels included."""
        with self._lock:
            return self._of_surname(name) if name else []

    def _read_full(self, name: str) -> tuple[list[Person], list[Label], Articles]:
        """The people of a surname by their full names, its bare labels, and where all of them are quoted."""
        labels = self._register.of_surname(name)
        articles = self._register.articles_of(labels)
        return gather(labels, articles, self.by_hand), [label for label in labels if len(label.words) == 1], articles

    def _read_surname(self, name: str) -> list[Person]:
        people, bare_labels, articles = self._read_full(name)
        if not people:
            # With no surname of that word it may be somebody's given name, and the label theirs.
            bare_labels = [label for label in bare_labels if self._by_given(label, articles) is None]
        found = join_bare(people, bare_labels, articles, with_nicknames(people, self._register, self.by_hand))
        for given in dict.fromkeys(p.words[0] for p in people):
            self._join_given(given, people)
        return sorted(found, key=lambda person: person.first)

    def _join_given(self, given: str, people: list[Person]) -> None:
        """Make bare labels of a given name theirs whose only bearer is among these people."""
        _, bare_labels, articles = self._full(given)
        for label in bare_labels:
            owner = self._by_given(label, articles)
            for person in people:
                if owner and owner.labels[0] == person.labels[0]:
                    join(person, label, articles, GIVEN)

    def _by_given(self, label: Label, articles: Articles) -> Person | None:
        """Whose a bare given name is: the only one of that name, if every article of the label quotes that one too."""
        word, own = label.words[0], articles[label.number]
        if len(word) < 2 or self._full(word)[0] or len(self.by_hand.joined_with(label.name)) > 1:
            return None
        bearers = [p for p in self._bearers({word}) if not self.by_hand.are_apart(label.name, p.labels)]
        return bearers[0] if len(bearers) == 1 and own and own <= bearers[0].articles else None

    def _bearers(self, given: set[str]) -> list[Person]:
        """The people of these given names by their full names; more than are looked at are many in any case."""
        pairs = self._register.surnames_of(given, BEARERS)
        surnames = dict.fromkeys(name for _, name in pairs)
        return [p for name in surnames for p in self._full(name)[0] if p.words[0] in given]

    def _whole(self, person: Person) -> Person:
        """A person who was put together by full names, with the bare labels."""
        return next(p for p in self._in_full(surname(person.words)) if p.labels[0] == person.labels[0])

    def _of_label(self, name: str) -> list[Person]:
        return [person for label in self._register.named([name]) for person in self._told_by(label)]

    def _all_names(self, label: Label) -> list[str]:
        """The names of the person whose label this is; the label alone where it names nobody."""
        people = self._people_of([label])
        return people[0].labels if people else [label.name]

    def _people_of(self, given: Iterable[Label | Person]) -> list[Person]:
        """Whose these labels are, and these people, as they were joined and named by hand, each person once."""
        return self._as_decided(p for one in given for p in ([one] if isinstance(one, Person) else self._told_by(one)))

    def _told_by(self, label: Label) -> list[Person]:
        """Whose a label is by itself; of those that name nobody, only one that something was decided about is told."""
        if not label.words:
            is_decided = self.by_hand.is_about([label.name])
            return [Person.of(label, self._register.articles_of([label]))] if is_decided else []
        people = [p for p in self._in_full(surname(label.words)) if label.name in p.labels]
        if not people and (owner := self._by_given(label, self._full(label.words[0])[2])):
            return [self._whole(owner)]
        return people

    # ------------------------------------------------------------------ what was decided by hand

    def _as_decided(self, people: Iterable[Person]) -> list[Person]:
        """These people as they were joined and named by hand, each once."""
        found: dict[str, Person] = {}
        for person in people:
            whole = self._joined(person)
            found[whole.labels[0]] = whole
        return [*found.values()]

    def _joined(self, person: Person) -> Person:
        """A person with all who were joined to them, by hand or by what articles call them, under the name given."""
        parts: dict[str, Person] = {}
        reasons: dict[str, str] = {}
        waiting = [person]
        while waiting:
            part = waiting.pop()
            if part.labels[0] not in parts:
                parts[part.labels[0]] = part
                joined = {name for label in part.labels for name in self.by_hand.joined_with(label)}
                found = self._register.named(joined.difference(part.labels))
                waiting += [p for label in found for p in self._told_by(label)]
                for same, because in self._aliases.with_(part, self._in_full):
                    waiting.append(same)
                    reasons.setdefault(same.labels[0], because)
                    reasons.setdefault(part.labels[0], because)
        whole = merged([*parts.values()], reasons)
        shown = self.by_hand.shown(whole.labels)
        return replace(whole, shown=shown) if shown else whole

    def _shown_as(self, words: tuple[str, ...]) -> list[Person]:
        """The people who were given a name of exactly these words."""
        labels = [label for label, shown in self.by_hand.renamed if name_words(shown) == words]
        return self._people_of(self._register.named(labels)) if labels else []

    def _renamed_to(self, name: str) -> list[Person]:
        """The people who were given a name with this surname, each by that name."""
        names = {label: personal(shown) for label, shown in self.by_hand.renamed}
        given = {label: words for label, words in names.items() if words and surname(words) == name}
        if not given:
            return []
        found = self._people_of(self._register.named(given))
        return [replace(p, words=given[next(n for n in p.labels if n in given)]) for p in found]
