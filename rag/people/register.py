"""Who speaks in an index, as tables of SQLite: names taken apart once, counted article by article.

    (speaker, role, how often) of an article -> labels, where each is quoted, the words of names and offices

The tables stand in whatever database they are given, so that they are written and read with what is beside them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from rag.people.names import PRONOUNS, name_words, personal, surname, without_letters
from rag.people.roles import role_stems
from rag.text import stem

T = TypeVar("T")

BOUND = 500  # Values of one query; SQLite takes more, and plans no better with them.

# `said` counts the statements of a label in an article under a role; `described` has a row for each word of a
# description, which is a label's name and one role that an article gives it: two roles together would be nobody's.
# `aliases` are other names that an article, whose id is `place`, gives whoever has a label there.
TABLES = """
CREATE TABLE labels(
  label INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, plain TEXT NOT NULL, words TEXT NOT NULL,
  surname TEXT NOT NULL, given TEXT NOT NULL, many INTEGER NOT NULL);
CREATE INDEX labels_plain ON labels(plain);
CREATE INDEX labels_surname ON labels(surname);
CREATE INDEX labels_given ON labels(given, surname);
CREATE INDEX labels_many ON labels(many);
CREATE TABLE offices(office INTEGER PRIMARY KEY, stems TEXT NOT NULL UNIQUE);
CREATE TABLE said(
  label INTEGER NOT NULL, office INTEGER NOT NULL, article INTEGER NOT NULL, many INTEGER NOT NULL,
  PRIMARY KEY(label, office, article)) WITHOUT ROWID;
CREATE INDEX said_article ON said(article);
CREATE TABLE described(
  stem TEXT NOT NULL, label INTEGER NOT NULL, office INTEGER NOT NULL,
  PRIMARY KEY(stem, label, office)) WITHOUT ROWID;
CREATE TABLE aliases(
  label INTEGER NOT NULL, article INTEGER NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL, words TEXT NOT NULL,
  surname TEXT NOT NULL, given TEXT NOT NULL, PRIMARY KEY(label, article, name)) WITHOUT ROWID;
CREATE INDEX aliases_surname ON aliases(surname);
CREATE INDEX aliases_given ON aliases(given);
CREATE INDEX aliases_article ON aliases(article);
"""


@dataclass(frozen=True, slots=True)
class Label:
    """What an article calls a speaker: its number, the words of the personal name in it (none: it names nobody)."""

    number: int
    name: str
    words: tuple[str, ...]
    many: int


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name that an article (its id) gives whoever has a label there."""

    label: str
    name: str
    words: tuple[str, ...]
    article: str

    @property
    def because(self) -> str:
        """The evidence in words."""
        return f"also called {self.name} in {self.article}"


class Registrar:
    """Writes who speaks into the tables of a database. Nothing is committed here."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, article: int, speakers: Mapping[tuple[str, str], int]) -> None:
        """Count an article's speakers: (name, role) and how many statements; nobody and pronouns are no speakers."""
        for (name, role), many in speakers.items():
            if not name or name.lower() in PRONOUNS:
                continue
            label = self._label(name, many)
            office = self._office(" ".join(sorted(role_stems(role))))
            known = self._database.execute("SELECT 1 FROM said WHERE label = ? AND office = ?", (label, office))
            if known.fetchone() is None:
                self._describe(label, office, name)
            self._database.execute(
                "INSERT INTO said VALUES (?, ?, ?, ?) "
                "ON CONFLICT(label, office, article) DO UPDATE SET many = many + excluded.many",
                (label, office, article, many),
            )

    def add_aliases(self, article: int, id: str, aliases: Iterable[tuple[str, str]]) -> None:
        """Note an article's other names of its speakers, who were added before: (label, other name)."""
        for label, name in sorted(aliases):
            if words := personal(name):
                self._database.execute(
                    "INSERT OR IGNORE INTO aliases SELECT label, ?, ?, ?, ?, ?, ? FROM labels "
                    "WHERE name = ? AND words <> ''",
                    (article, name, id, " ".join(words), surname(words), words[0], label),
                )

    def remove(self, article: int) -> None:
        """Take out what an article adds."""
        found = self._database.execute("SELECT label, office, many FROM said WHERE article = ?", (article,)).fetchall()
        self._database.execute("DELETE FROM said WHERE article = ?", (article,))
        self._database.execute("DELETE FROM aliases WHERE article = ?", (article,))
        for label, office, many in found:
            self._database.execute("UPDATE labels SET many = many - ? WHERE label = ?", (many, label))
            left = self._database.execute("SELECT 1 FROM said WHERE label = ? AND office = ?", (label, office))
            if left.fetchone() is None:
                self._forget(label, office)
            self._database.execute("DELETE FROM labels WHERE label = ? AND many <= 0", (label,))

    def _label(self, name: str, many: int) -> int:
        known = self._database.execute("SELECT label FROM labels WHERE name = ?", (name,)).fetchone()
        if known:
            self._database.execute("UPDATE labels SET many = many + ? WHERE label = ?", (many, known[0]))
            return int(known[0])
        words = personal(name)
        values = (
            *(name, " ".join(name_words(without_letters(name))), " ".join(words)),
            *(surname(words), words[0] if len(words) > 1 else "", many),
        )
        added = self._database.execute(
            "INSERT INTO labels(name, plain, words, surname, given, many) VALUES (?, ?, ?, ?, ?, ?)", values
        )
        return int(added.lastrowid or 0)

    def _office(self, stems: str) -> int:
        known = self._database.execute("SELECT office FROM offices WHERE stems = ?", (stems,)).fetchone()
        if known:
            return int(known[0])
        return int(self._database.execute("INSERT INTO offices(stems) VALUES (?)", (stems,)).lastrowid or 0)

    def _describe(self, label: int, office: int, name: str) -> None:
        rows = [(word, label, office) for word in self._words(office, name)]
        self._database.executemany("INSERT OR IGNORE INTO described VALUES (?, ?, ?)", rows)

    def _forget(self, label: int, office: int) -> None:
        [name] = self._database.execute("SELECT name FROM labels WHERE label = ?", (label,)).fetchone()
        rows = [(word, label, office) for word in self._words(office, name)]
        self._database.executemany("DELETE FROM described WHERE stem = ? AND label = ? AND office = ?", rows)

    def _words(self, office: int, name: str) -> list[str]:
        """The stems of a description: of a label's name and of one role."""
        [stems] = self._database.execute("SELECT stems FROM offices WHERE office = ?", (office,)).fetchone()
        return sorted({*stems.split(), *map(stem, name_words(name))})


# Gives the rows of a query with its values.
Select = Callable[[str, Sequence[Any]], Iterable[tuple[Any, ...]]]


class Register:
    """Who speaks, as the tables have it; they are read through `select`."""

    def __init__(self, select: Select) -> None:
        self._select = select

    def names(self) -> tuple[str, ...]:
        """Every label, in the order in which they came."""
        return tuple(name for (name,) in self._select("SELECT name FROM labels ORDER BY label", ()))

    def named(self, names: Iterable[str]) -> list[Label]:
        """The labels of these names; unknown ones are left out."""
        return [
            label for part in _parts(sorted(set(names))) for label in self._labels(f"name IN ({_marks(part)})", part)
        ]

    def plain(self, words: Sequence[str]) -> list[Label]:
        """The labels that are exactly these words, honorifics aside."""
        return self._labels("plain = ?", (" ".join(words),))

    def of_surname(self, name: str) -> list[Label]:
        """The labels whose personal name ends so, bare surnames included."""
        return self._labels("surname = ? AND words <> ''", (name,))

    def surnames_of(self, given: Iterable[str], most: int) -> list[tuple[str, str]]:
        """(given name, surname) of the people of these given names, at most so many."""
        wanted = sorted(set(given) - {""})
        query = f"SELECT DISTINCT given, surname FROM labels WHERE given IN ({_marks(wanted)}) LIMIT ?"
        return [(str(one), str(other)) for one, other in self._select(query, (*wanted, most))]

    def surnames_like(self, word: str, slack: int) -> list[str]:
        """The surnames with the same first letter that are at most so many letters longer or shorter."""
        if not word:
            return []
        each = (
            "SELECT DISTINCT surname FROM {} WHERE surname >= ? AND surname < ? "
            "AND length(surname) BETWEEN ? AND ? AND words <> ''"
        )
        first, size = word[0], len(word)
        bounds = (first, chr(ord(first) + 1), size - slack, size + slack)
        query = f"{each.format('labels')} UNION {each.format('aliases')}"
        return [str(name) for (name,) in self._select(query, bounds * 2)]

    def aliases_of(self, labels: Iterable[str]) -> list[Alias]:
        """The other names of whoever has one of these labels."""
        parts = _parts(sorted(set(labels)))
        return [alias for part in parts for alias in self._aliases(f"l.name IN ({_marks(part)})", part)]

    def aliases_of_surname(self, name: str) -> list[Alias]:
        """The other names that end so."""
        return self._aliases("a.surname = ?", (name,))

    def nicknames(self, word: str) -> list[Alias]:
        """The other names that begin with a word which the label does not begin with."""
        return self._aliases("a.given = ? AND l.given <> ?", (word, word))

    def most_quoted(self, most: int) -> list[Label]:
        """The labels that name a person and have the most statements."""
        return self._labels("words <> '' ORDER BY many DESC, label LIMIT ?", (most,))

    def like(self, words: str, most: int) -> list[Label]:
        """The labels that hold these letters, the most quoted first."""
        pattern = "%" + "".join(f"\\{c}" if c in "%_\\" else c for c in words) + "%"
        return self._labels(
            "plain LIKE ? ESCAPE '\\' AND words <> '' ORDER BY many DESC, label LIMIT ?", (pattern, most)
        )

    def articles_of(self, labels: Sequence[Label]) -> dict[int, set[int]]:
        """The articles in which each label is quoted, by the label's number."""
        found: dict[int, set[int]] = {label.number: set() for label in labels}
        for part in _parts([*found]):
            query = f"SELECT label, article FROM said WHERE label IN ({_marks(part)})"
            for label, article in self._select(query, part):
                found[label].add(article)
        return found

    def descriptions(self, labels: Sequence[int]) -> dict[int, list[frozenset[str]]]:
        """The words of each description of these labels, by the label's number."""
        found: dict[tuple[int, int], set[str]] = {}
        for part in _parts(labels):
            query = (
                "SELECT s.label, s.office, l.plain, o.stems FROM (SELECT DISTINCT label, office FROM said "
                f"WHERE label IN ({_marks(part)})) s JOIN labels l USING(label) JOIN offices o USING(office)"
            )
            for label, office, plain, stems in self._select(query, part):
                found[label, office] = {*stems.split(), *map(stem, plain.split())}
        described: dict[int, list[frozenset[str]]] = {label: [] for label in labels}
        for (label, _), words in found.items():
            described[label].append(frozenset(words))
        return described

    def offices_of(self, labels: Sequence[int]) -> set[str]:
        """The words of all roles that articles give these labels."""
        query = "SELECT DISTINCT o.stems FROM said s JOIN offices o USING(office) WHERE s.label IN ({})"
        rows = (row for part in _parts(labels) for row in self._select(query.format(_marks(part)), part))
        return {word for (stems,) in rows for word in stems.split()}

    def described_by(self, stems: Iterable[str], most: int) -> list[Label]:
        """The labels of whom one description holds all these words, the most quoted of them, in the order they came."""
        wanted = sorted(set(stems), key=self.common)
        each = " INTERSECT ".join(["SELECT label, office FROM described WHERE stem = ?"] * len(wanted))
        found = self._labels(
            f"label IN (SELECT label FROM ({each})) ORDER BY many DESC, label LIMIT ?", (*wanted, most)
        )
        return sorted(found, key=lambda label: label.number)

    def common(self, word: str) -> int:
        """How many descriptions hold a word."""
        [(count,)] = self._select("SELECT count(*) FROM described WHERE stem = ?", (word,))
        return int(count)

    def _aliases(self, which: str, values: Sequence[object]) -> list[Alias]:
        query = (
            "SELECT l.name, a.name, a.words, a.place FROM aliases a JOIN labels l USING(label) "
            f"WHERE {which} ORDER BY a.article, l.label, a.name"
        )
        return [Alias(label, name, tuple(words.split()), at) for label, name, words, at in self._select(query, values)]

    def _labels(self, which: str, values: Sequence[object]) -> list[Label]:
        query = f"SELECT label, name, words, many FROM labels WHERE {which}"
        if "ORDER BY" not in which:
            query += " ORDER BY label"
        return [
            Label(number, name, tuple(words.split()), many)
            for number, name, words, many in self._select(query, tuple(values))
        ]


def in_memory(
    speakers: Iterable[tuple[str, str]], articles: Iterable[str] = (), aliases: Iterable[tuple[str, str, str]] = ()
) -> Register:
    """The register of these speakers, one (name, role) for each statement, and the article of each.

    `aliases` are other names of them: (label, other name, article).
    """
    database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    database.executescript(TABLES)
    registrar, numbers, where = Registrar(database), dict[str, int](), iter(articles)
    for name, role in speakers:
        article = numbers.setdefault(next(where, ""), len(numbers) + 1)
        registrar.add(article, {(name, role): 1})
    for label, name, id in aliases:
        registrar.add_aliases(numbers.get(id, 0), id, [(label, name)])
    return Register(lambda query, values: database.execute(query, values).fetchall())


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[begin : begin + BOUND] for begin in range(0, len(values), BOUND))
