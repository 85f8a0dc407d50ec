"""One person under the several labels of an index: which labels are whose, and whom a surname can mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.people.names import HONORIFICS, NAME_WORD, bare, compatible, surname

SUFFIX_FORMS = ("Jr.", "Sr.", "Jr", "Sr", "II", "III", "IV")
# A surname means the one person who has this many times the statements of all others of that name;
# otherwise it is ambiguous. Chosen, not measured: newspapers drop the given name of whom they report on most.
DOMINANCE = 8


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


def dominant(people: list[Person]) -> list[Person]:
    """The people that one surname leaves in doubt; only one when that one has nearly all the statements."""
    named = [p for p in people if len(p.words) > 1] or people
    most = max(named, key=lambda p: p.count, default=None)
    if most and most.count >= DOMINANCE * (sum(p.count for p in named) - most.count):
        return [most]
    return named


def gather(
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
        owner = _owner(label, full.get(words[0], []), counts, articles) or _by_given(label, words[0], full, articles)
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


def _by_given(
    label: str, word: str, full: Mapping[str, list[Person]], articles: Mapping[str, set[str]]
) -> Person | None:
    """Whose a bare given name is: the only one of that name, if every article of the label quotes that one too."""
    if word in full:
        return None
    bearers = [p for people in full.values() for p in people if p.words[0] == word and len(word) > 1]
    return bearers[0] if len(bearers) == 1 and articles[label] and articles[label] <= bearers[0].articles else None
