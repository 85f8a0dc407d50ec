"""One person under the several labels of an index: which labels are whose, and whom a surname can mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rag.people.by_hand import NOTHING, ByHand
from rag.people.names import HONORIFICS, NAME_WORD, SUFFIXES, bare, compatible, forms, place_of, without_letters
from rag.people.register import Label

SUFFIX_FORMS = ("Jr.", "Sr.", "Jr", "Sr", "II", "III", "IV")
# A surname means the one person who has this many times the statements of all others of that name;
# otherwise it is ambiguous. Chosen, not measured: newspapers drop the given name of whom they report on most.
DOMINANCE = 8

# Why a label is one of a person's.
SAME, AGREE = "the same name", "surname and given name agree"
ONLY, HERE, MOST = (
    "the only one of that surname",
    "the only one of that surname in its articles",
    "of all of that surname quoted by far the most",
)
GIVEN = "the only one of that given name, and quoted in its articles"
BESIDE = "the same surname alone"
BY_HAND = "joined by hand"
NO_REASONS: Mapping[str, str] = {}

# The articles in which each label is quoted, by the label's number.
Articles = Mapping[int, set[int]]


@dataclass(slots=True)
class Person:
    """The labels under which an index quotes one person, and how often; `words` is the fullest name.

    `articles` are the numbers of the articles that quote them, `first` that of their first label. `because` says of
    each label but the first why it is theirs. `shown` is the name that somebody gave them by hand.
    """

    words: tuple[str, ...]
    labels: list[str]
    count: int = 0
    articles: set[int] = field(default_factory=set)
    first: int = 0
    because: dict[str, str] = field(default_factory=dict)
    shown: str = ""

    @classmethod
    def of(cls, label: Label, articles: Articles) -> Person:
        """Whoever has this label, as yet under no other."""
        return cls(label.words, [label.name], label.many, set(articles[label.number]), label.number)

    @property
    def name(self) -> str:
        """The name given by hand, or as the most usual of the fuller labels writes it, without what stands around."""
        if self.shown:
            return self.shown
        label = self.labels[0]
        if without_letters(label) != label or place_of(label):  # A body that is asked for by its letters; a namesake.
            return label
        words = [w for w in label.split() if self._is_named(w) or w in SUFFIX_FORMS]
        return " ".join(words).strip(" ,") or label

    def _is_named(self, written: str) -> bool:
        """True for a word of the name as a label writes it, and for initials without spaces: "J.P."."""
        parts = NAME_WORD.findall(written)
        return bool(parts) and all(bare(part) in self.words for part in parts)


def dominant(people: list[Person]) -> list[Person]:
    """The people that one surname leaves in doubt; only one when that one has nearly all the statements."""
    named = [p for p in people if len(p.words) > 1] or people
    most = max(named, key=lambda p: p.count, default=None)
    if most and most.count >= DOMINANCE * (sum(p.count for p in named) - most.count):
        return [most]
    return named


def gather(labels: Sequence[Label], articles: Articles, by_hand: ByHand = NOTHING) -> list[Person]:
    """The people of one surname by their full names: those that agree are one person's. Bare surnames are left out."""
    people: list[Person] = []
    near = _Near()
    for label in sorted(labels, key=lambda n: (-n.many, n.number)):
        if len(label.words) < 2:
            continue
        same = [p for p in near.of(label.words) if compatible(label.words, p.words)]
        if by_hand.parted:
            same = _not_parted(label, same, by_hand)
        if len(same) == 1:
            join(same[0], label, articles, SAME if label.words == same[0].words else AGREE)
            near.add(label.words, same[0])
        else:
            people.append(Person.of(label, articles))
            near.add(label.words, people[-1])
    return people


def _not_parted(label: Label, people: list[Person], by_hand: ByHand) -> list[Person]:
    """Those whose the label can be after some were parted: of several, the one of the same given name."""
    left = [p for p in people if not by_hand.are_apart(label.name, p.labels)]
    same = [p for p in left if p.words[0] == label.words[0]]
    return same if len(left) > 1 and len(same) == 1 else left


def join_bare(
    people: list[Person], labels: Iterable[Label], articles: Articles, by_hand: ByHand = NOTHING
) -> list[Person]:
    """All people of one surname; labels that are nothing but the surname are theirs, or a person's of their own.

    Who was joined by hand counts as one; what was decided about a bare label is left to who puts these together. Of
    several places behind one surname each is somebody's own.
    """
    units = _units(people, by_hand)
    wholes = [merged(unit) for unit in units]
    others: list[Person] = []
    labels = list(labels)
    places = {place for label in labels if (place := place_of(label.name))}
    for label in labels:
        can = [whole for whole in wholes if not by_hand.are_apart(label.name, whole.labels)]
        if len(places) > 1 and place_of(label.name):
            can = []
        is_joined = len(by_hand.joined_with(label.name)) > 1
        owner, because = (None, "") if is_joined else _owner(label, can, articles)
        if owner is None:
            beside = (p for p in others if len(places) < 2 or place_of(p.labels[0]) == place_of(label.name))
            alone = next((p for p in beside if not is_joined and _can_be_beside(label, p, by_hand)), None)
            if alone:
                join(alone, label, articles, BESIDE)
            else:
                others.append(Person.of(label, articles))
            continue
        unit = units[next(n for n, whole in enumerate(wholes) if whole is owner)]
        for person in {id(owner): owner, id(unit[0]): unit[0]}.values():
            join(person, label, articles, because)
    return [*people, *others]


def _can_be_beside(label: Label, person: Person, by_hand: ByHand) -> bool:
    is_free = all(len(by_hand.joined_with(name)) == 1 for name in person.labels)
    return is_free and not by_hand.are_apart(label.name, person.labels)


def _units(people: list[Person], by_hand: ByHand) -> list[list[Person]]:
    """These people, those together who were joined by hand."""
    if not by_hand.joined:
        return [[person] for person in people]
    units: list[list[Person]] = []
    for person in people:
        names = {other for name in person.labels for other in by_hand.joined_with(name)}
        same = [unit for unit in units if any(not names.isdisjoint(p.labels) for p in unit)]
        units = [unit for unit in units if unit not in same]
        units.append([p for unit in same for p in unit] + [person])
    return units


def join(person: Person, label: Label, articles: Articles, because: str) -> None:
    """Make a label one of a person's, and note why."""
    person.labels.append(label.name)
    person.because[label.name] = because
    person.count += label.many
    person.articles |= articles[label.number]
    person.first = min(person.first, label.number)
    if len(label.words) > len(person.words):
        person.words = label.words


def merged(people: Sequence[Person], reasons: Mapping[str, str] = NO_REASONS) -> Person:
    """The one person that these are, called as the most quoted with a full name; one alone stays as it is.

    `reasons` say why, by the first label of a part; by hand where they have none.
    """
    if len(people) == 1:
        return people[0]
    first, *others = sorted(people, key=lambda p: (len(p.words) < 2, -p.count, p.first))
    because = dict(first.because)
    for other in others:
        because |= {other.labels[0]: reasons.get(other.labels[0], BY_HAND)} | other.because
    return Person(
        first.words,
        [label for person in (first, *others) for label in person.labels],
        sum(person.count for person in people),
        {article for person in people for article in person.articles},
        min(person.first for person in people),
        because,
    )


def _owner(label: Label, people: list[Person], articles: Articles) -> tuple[Person | None, str]:
    """Whose a bare surname is, and why: the only one's of that name or in its articles, or who dominates."""
    if len(people) <= 1:
        return (people[0], ONLY) if people else (None, "")
    own = articles[label.number]
    here = [p for p in people if own and own <= p.articles]
    if len(here) == 1 and not any(own & p.articles for p in people if p is not here[0]):
        return here[0], HERE
    likely = dominant(people)
    # "Mr." and "Ms." may say the other one.
    titled = bare(NAME_WORD.findall(label.name)[0]) in HONORIFICS
    return (likely[0], MOST) if len(likely) == 1 and not titled else (None, "")


class _Near:
    """People of one surname by their given names, so that each name is held against the few that can agree with it."""

    def __init__(self) -> None:
        self._people: dict[str, dict[int, Person]] = {}

    def add(self, words: tuple[str, ...], person: Person) -> None:
        for key in _given(words) or [""]:
            self._people.setdefault(key, {})[id(person)] = person
            self._people.setdefault(f"{key[:1]}*", {})[id(person)] = person
        self._people.setdefault("*", {})[id(person)] = person

    def of(self, words: tuple[str, ...]) -> list[Person]:
        """Those who can agree: the same given name, a form of it or its initial; all where there is none."""
        given = _given(words)
        if not given:
            return [*self._people.get("*", {}).values()]
        keys = {"", *given, given[0][0], *forms(given[0])} | {f"{given[0]}*" for _ in given if len(given[0]) == 1}
        found = {number: person for key in keys for number, person in self._people.get(key, {}).items()}
        return [*found.values()]


def _given(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word not in SUFFIXES][:-1]
