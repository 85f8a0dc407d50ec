"""Who is quoted in an index and on what evidence labels are one person's; join, part and rename them by hand.

    names or labels -> people.yaml in the folder of the index -> the people as they are from now on

A chat that is running takes a decision in with its next question. What is stored of a statement stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.config import Settings
from rag.errors import ConfigError
from rag.index.locks import alone
from rag.index.store import Store, open_store
from rag.models.embeddings import Embedder, load_embeddings
from rag.people.by_hand import ByHand, Decision, read_by_hand, write_by_hand
from rag.people.directory import Directory
from rag.people.names import nearest
from rag.people.persons import Person
from rag.people.register import Register
from rag.text import whole

MAX_NAME = 200  # Characters of a name to be shown.
SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Named:
    """What articles call a person, in how many statements, and why it is theirs; empty for the most usual one."""

    label: str
    statements: int
    because: str


@dataclass(frozen=True, slots=True)
class Besides:
    """Another name that an article, the first of them, gives a person."""

    name: str
    article: str


@dataclass(frozen=True, slots=True)
class Known:
    """A person of an index by the name that is shown, with all labels, and other names that articles give."""

    name: str
    statements: int
    labels: tuple[Named, ...]
    also: tuple[Besides, ...] = ()


class People:
    """The people of one opened index, and what is decided about them."""

    def __init__(self, store: Store) -> None:
        """Take an opened index; ConfigError when the file of decisions cannot be used."""
        self._store, self._register = store, Register(store.select)
        self.by_hand = read_by_hand(store.path)
        self._directory = Directory(self._register, by_hand=self.by_hand)

    def all(self, like: str = "") -> tuple[Known, ...]:
        """Everybody, the most quoted first; with a name or a part of one only whom it can mean."""
        most = max(1, len(self._directory.names))
        found = self._directory
        people = (found.people(like) or found.like(like, most)) if like.strip() else found.most_quoted(most)
        return tuple(self._known(person) for person in sorted(people, key=lambda p: (-p.count, p.name)))

    def unknown(self) -> tuple[str, ...]:
        """Labels that something is decided about and that no article has."""
        known = {label.name for label in self._register.named(self.by_hand.labels)}
        return tuple(sorted(self.by_hand.labels - known))

    def join(self, one: str, other: str) -> Known:
        """Two people are one from now on, with all their labels; the last word on it counts."""
        first, second = self._labels_of(one), self._labels_of(other)
        if second[0] in self._person(first[0]).labels:
            raise ConfigError(f"{one!r} and {other!r} are one person already.")
        self._decide(lambda by_hand: by_hand.join(first, second))
        return self._known(self._person(first[0]))

    def part(self, one: str, other: str) -> tuple[Known, Known]:
        """Two labels are two people's from now on; other labels go with whichever of them they agree with."""
        first, second = self._labels_of(one)[0], self._labels_of(other)[0]
        if first == second:
            raise ConfigError(f"{one!r} and {other!r} are one label, {first!r}: give two labels of the person.")
        after = self.by_hand.part(first, second)
        if second in after.joined_with(first):
            raise ConfigError(
                f"{first!r} and {second!r} are joined by hand through other labels: take that back first, with "
                f'`python -m ingest people undo "{first}"`.'
            )
        self._decide(lambda by_hand: by_hand.part(first, second))
        return self._known(self._person(first)), self._known(self._person(second))

    def rename(self, one: str, name: str) -> Known:
        """A person is shown under a name from now on; labels stay as the articles have them."""
        labels, shown = self._labels_of(one), " ".join(whole(name).split())
        if not shown or len(shown) > MAX_NAME:
            raise ConfigError(f"A name to be shown has 1 to {MAX_NAME} characters, not {len(shown)}.")
        person = self._person(labels[0])
        if any(other.labels[0] != person.labels[0] for other in self._directory.called(shown)):
            raise ConfigError(f"{shown!r} is the name of somebody else here: if they are one person, join them.")
        own = list(dict.fromkeys([*labels, *person.labels]))
        self._decide(lambda by_hand: by_hand.rename(own, shown))
        return self._known(self._person(labels[0]))

    def undo(self, one: str, other: str | None = None) -> tuple[Known, ...]:
        """Take back what was decided about a label or person, or about it and another; whoever it was about."""
        given = [self._decided_labels(name) for name in (one, other) if name is not None]
        before = self.by_hand
        if before.undo(*given) == before:
            raise ConfigError(
                f"Nothing is decided by hand about {' and '.join(map(repr, filter(None, (one, other))))}."
            )
        self._decide(lambda by_hand: by_hand.undo(*given))
        about = before.labels - self.by_hand.labels | {label for labels in given for label in labels}
        return tuple(self._known(person) for person in self._directory.holding(about))

    def take_back(self, decision: Decision) -> None:
        """Take back one decision and no other; ConfigError when somebody did so before."""
        self._decide(lambda by_hand: by_hand.without(decision))

    def of(self, label: str) -> Known:
        """The person of a label; ConfigError when nobody has it."""
        return self._known(self._person(self._labels_of(label)[0]))

    # ------------------------------------------------------------------ labels

    def _labels_of(self, given: str) -> list[str]:
        """The label that is given, or those of the one person of that name; ConfigError that names the nearest."""
        given = whole(given)
        if self._register.named([given]):
            own = self._person(given).labels
            return [given, *(label for label in own if label != given)]
        people = self._directory.called(given)
        if len(people) == 1:
            return people[0].labels
        if people:
            labels = ", ".join(repr(person.labels[0]) for person in people)
            raise ConfigError(f"{given!r} is the name of {len(people)} people here: give a label of one, as {labels}.")
        shown = [name for _, name in self.by_hand.renamed]
        near = nearest(given, [*dict.fromkeys([*self._directory.names, *shown])], SUGGESTED)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "`python -m ingest people` lists all."
        raise ConfigError(f"Nobody in the index in {self._store.path} is called {given!r}: {hint}")

    def _decided_labels(self, given: str) -> list[str]:
        """The label itself where something is decided about it, be it in the index or not; else those of a person."""
        return [given] if given in self.by_hand.labels else self._labels_of(given)

    def _person(self, label: str) -> Person:
        people = self._directory.holding([label])
        return people[0] if people else Person((), [label], sum(n.many for n in self._register.named([label])))

    def _known(self, person: Person) -> Known:
        many = {label.name: label.many for label in self._register.named(person.labels)}
        labels = (Named(label, many[label], person.because.get(label, "")) for label in person.labels)
        also = {alias.name: alias.article for alias in reversed(self._register.aliases_of(person.labels))}
        besides = (Besides(name, also[name]) for name in reversed(also))
        return Known(person.name, person.count, tuple(labels), tuple(besides))

    def _decide(self, change: Callable[[ByHand], ByHand]) -> None:
        """Change what the file says now, which another may have written since it was read."""
        with alone(self._store.path):
            changed = change(read_by_hand(self._store.path))
            if pair := changed.contradiction():
                raise ConfigError(
                    f"{pair[0]!r} and {pair[1]!r} would be joined and parted at once: take one decision back first, "
                    f"with `python -m ingest people undo {pair[0]!r} {pair[1]!r}`."
                )
            self.by_hand = changed
            write_by_hand(self._store.path, self.by_hand)
        self._directory = Directory(self._register, by_hand=self.by_hand)


@contextmanager
def open_people(index: str | Path | None = None, *, embeddings: Embedder | None = None) -> Iterator[People]:
    """Open the people of an index; None reads OTR_INDEX, then falls back to `index/`.

    Raises StoreError when there is no such index, and ConfigError when people.yaml in it cannot be used; the methods
    raise ConfigError for what cannot be done.
    """
    embedder = embeddings or load_embeddings()
    store = open_store(Settings.load(index=index).index, model=embedder.name, dimension=embedder.dimension)
    try:
        yield People(store)
    finally:
        store.close()
