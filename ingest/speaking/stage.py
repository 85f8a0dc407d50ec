"""Who is on stage as the sources of an article are read in order: candidates, and when each was last there.

A candidate is a member of the cast or somebody described by an earlier source; the source's own words (`literal`) and
nobody (`nobody`) come behind them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingest.speaking.appositions import Appositions
from ingest.speaking.cast import CALLED, Cast, Places, leaning, words_of
from ingest.speaking.labels import SEVERAL
from ingest.speaking.small_words import DETERMINER, GENDER, PRONOUN, called
from ingest.text.names import role_noun
from ingest.text.sources import BELONGING, MODIFIED, NOUN_GENDERS, without_relative
from rag.models.onnx import Floats

SPEAKS_FOR = ("for", "of")
BEFORE_LIST, LAST_JOINT = ("", "both", "neither", "the"), ("and", ", and", "nor", "or", "&", "and the", ", and the")
JOINTS = {",", *LAST_JOINT}
FAR = 1 << 40
NEVER = -1
AHEAD = 400  # Characters behind a source in which who is named next is seen.
SURE_PERSON = 0.5  # With this probability a description is a person's.
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Described:
    """The probabilities that a source's words are of a person, a body or a group."""

    person: float
    body: float
    group: float


@dataclass(frozen=True, slots=True)
class Source:
    """A source at [start, end), with the words that are said at `content`; empty where nobody is given as the source.

    `pick` is the name that the rules give, with their confidence; `answer`: an answer in an interview; `through`: who
    passes it on stands there.
    """

    start: int
    end: int
    content: tuple[tuple[int, int], ...]
    kind: str
    pick: str | None
    sure: float
    answer: bool
    quoted: bool
    through: tuple[int, int] = (0, 0)


class Stage:
    """Who is on stage as the sources of one article are read in order: candidates, and when each was last there."""

    def __init__(self, text: str, cast: Cast, places: Places, most: int) -> None:
        self.text, self.cast, self.places = text, cast, places
        self.named = len(cast.members)
        self.appositions = Appositions(text, cast)
        size = self.named + most
        self.names = [member.name for member in cast.members]
        self.roles: list[str | None] = [member.role for member in cast.members]
        self.words = [words_of(f"{m.name} {m.role or ''}") for m in cast.members]
        self.beside = [m.words for m in cast.members]
        self.nouns = [role_noun(m.role) if m.role else "" for m in cast.members]
        self.last, self.last_told = np.full(size, NEVER), np.full(size, NEVER)
        self.spoke, self.spoke_at = np.full(size, NEVER), np.full(size, NEVER)
        self.times = np.zeros(size)
        self._described: dict[str, int] = {}
        self.persons = np.zeros(size)  # How likely each of them is one person.
        self.latest = Described(0, 0, 0)  # What the source that is read now describes.
        self.owned = 0.0  # How sure it is what kind "lawyer" of "Lee’s lawyer" is.
        self._voices: dict[int, int] = {}  # Of "a spokesman for Orsa Rail" the body.
        self.read = 0
        self.sources = self._ended = 0  # How many there were, and where the last one ends.
        self.last_speaker: int | None = None
        self.speaker_before: int | None = None  # The last one who is another.
        self.starts = list(map(int, cast.starts))
        # Each with one more, for who was never mentioned.
        self.mentions = np.append(cast.starts, -FAR)
        self.paragraphs = np.array([*map(places.paragraph, self.starts), -FAR], dtype=np.int64)
        self.sentences = np.array([*map(places.sentence, self.starts), -FAR], dtype=np.int64)
        self.opens = np.append(cast.opens, False)
        self.leanings, self.bodies = np.zeros(size), np.zeros(size)
        self.leanings[: self.named] = [leaning(m) for m in cast.members]
        self.bodies[: self.named] = [np.clip(m.votes / 3, -1, 1) or 0.3 * m.is_body for m in cast.members]
        # Where each candidate was mentioned last as a row of the table of mentions, those of sources behind the cast's.
        self.rows = np.full(size, NEVER)
        self.source_places: dict[int, tuple[int, int, int]] = {}

    @property
    def count(self) -> int:
        """How many candidates there are: members and those whom sources described."""
        return len(self.names)

    def enter(self, source: Source) -> None:
        """Read on to a source: note who is named before it, in it and shortly behind it."""
        while self.read < len(self.starts) and self.starts[self.read] < source.start:
            owner = self.cast.owners[self.read]
            self.last[owner] = self.rows[owner] = self.read
            if self.cast.told[self.read]:
                self.last_told[owner] = self.read
            self.read += 1
        for row in self._within(source.start, source.end):
            self.rows[self.cast.owners[row]] = row
        for row in reversed(self._within(source.end, source.end + AHEAD)):
            if self.rows[self.cast.owners[row]] == NEVER:
                self.rows[self.cast.owners[row]] = row

    def _within(self, start: int, end: int) -> range:
        """The rows of the mentions that begin there."""
        return range(*map(int, np.searchsorted(self.cast.starts, [start, end])))

    def spoken(self, source: Source, number: int | None, label: str, row: int) -> int | None:
        """Note who `source` was: a candidate's number, or None for a new one described as `label`.

        Pronouns describe nobody. Returns the candidate's number. `row` is the source's row in the table of mentions.
        """
        phrase = self.text[source.start : source.end].strip()
        if number is None:
            if phrase.lower() in PRONOUN or not phrase:
                self.sources += 1
                return None
            number = self.count
            self._described.setdefault(label, number)
            self._note_voice(number, source)
            self.persons[number] = self.latest.person
            self.leanings[number] = CALLED.get(NOUN_GENDERS.get(role_noun(phrase), ""), 0)
            self.names.append(label)
            self.roles.append(None)
            self.words.append(words_of(phrase))
            self.beside.append(set())
            self.nouns.append(role_noun(phrase))
        self.rows[number], self._ended = row, source.end
        self.spoke[number], self.spoke_at[number] = self.sources, source.start
        self.times[number] += 1
        self.sources += 1
        if number != self.last_speaker:
            self.last_speaker, self.speaker_before = number, self.last_speaker
        paragraph = self.places.paragraph(source.start)
        self.source_places[number] = (source.start, paragraph, self.places.sentence(source.start))
        return number

    def called(self, number: int | None, source: Source, chances: Floats) -> None:
        """Note what "he" or "she" tells of the candidate it is taken for: who is surely "she" is not "he" later."""
        gender = called(self.text[source.start : source.end].lower().strip())
        if gender and number is not None:
            sign = 1 if gender == "f" else -1
            sure = float(chances[number]) / max(float(1 - chances[-1]), TINY)
            self.leanings[number] = sign * max(sign * self.leanings[number], 2 * sure - 1)

    def _note_voice(self, number: int, source: Source) -> None:
        low, high = np.searchsorted(self.cast.starts, [source.start, source.end])
        before = self.text[source.start : self.starts[low]].split() if high - low == 1 else []
        if before and before[-1] in SPEAKS_FOR:
            self._voices[number] = int(self.cast.owners[low])

    def number_of(self, name: str | None) -> int | None:
        """The candidate of that name: a member's, by any of its names, or the label that a source was given."""
        if name is None:
            return None
        number = self.cast.numbers.get(name)
        return self._described.get(name) if number is None else number

    def is_named(self, source: Source) -> bool:
        """True where a name stands in the source itself, before any clause about it."""
        return self.many(source) > 0

    def many(self, source: Source) -> int:
        """How many names stand in the source itself."""
        main = without_relative(self.text[source.start : source.end])
        low, high = np.searchsorted(self.cast.starts, [source.start, source.start + len(main)])
        return int(high - low)

    def named_in(self, place: tuple[int, int]) -> list[int]:
        """Who is named there."""
        return [int(owner) for owner in self.cast.owners[slice(*np.searchsorted(self.cast.starts, place))]]

    def whose(self, source: Source) -> list[int]:
        """Who stands before a word as whose it is: Orsa of "the Orsa coach" and "Orsa police", not of "Lee of Orsa"."""
        phrase = without_relative(self.text[source.start : source.end])
        low, high = np.searchsorted(self.cast.starts, [source.start, source.start + len(phrase)])
        behind = [phrase[int(end) - source.start :] for end in self.cast.ends[low:high]]
        owners = map(int, self.cast.owners[low:high])
        first = int(self.cast.ends[low]) - source.start if high > low and self.starts[low] == source.start else 0
        is_led = phrase.lower().split(" ")[0] in DETERMINER or (first > 0 and " " not in phrase[:first])
        return [who for who, rest in zip(owners, behind, strict=True) if is_led and _is_noun(rest)]

    def is_called(self, name: str | None, pair: Floats) -> bool:
        """True for a candidate who has the role that the source turns on, or beside whose name its noun stands."""
        number = self.number_of(name)
        return number is not None and bool(pair[number, 39] or pair[number, 41])

    def is_subject(self, source: Source, pair: Floats) -> bool:
        """True where "he" is, by the rules, the only person whom the paragraph names, at the head of a sentence."""
        picked = self.number_of(source.pick)
        is_he = self.text[source.start : source.end].lower() in ("he", "she")
        return is_he and picked is not None and picked < self.named and bool(pair[picked, 20] and pair[picked, 17])

    def just_described(self, source: Source) -> int | None:
        """Who spoke last, a person without a name, in the same paragraph, nobody named since: "she" is that one."""
        gender, last = GENDER.get(self.text[source.start : source.end].lower()), self.last_speaker
        if gender is None or last is None or last < self.named or self.persons[last] < SURE_PERSON:
            return None
        if SEVERAL.search(self.names[last]):
            return None
        low, high = np.searchsorted(self.cast.starts, [self._ended, source.start])
        since = [who for who in self.cast.owners[low:high] if self.bodies[who] < 0]
        is_here = self.places.paragraph(source.start) == self.source_places[last][1]
        agrees = self.leanings[last] * (1 if gender == "f" else -1) >= 0
        return last if is_here and agrees and not since else None

    def voiced(self, chances: Floats) -> Floats:
        """The probabilities, those of a body's spokespeople given to the body: for a source that means a body."""
        made = chances.copy()
        for number, body in self._voices.items():
            made[body] += made[number]
            made[number] = 0
        return made

    def listed(self, source: Source) -> list[int]:
        """Who a source that is nothing but a list of names names, such as "Orsa Rail, Tarn Lines and Lee"."""
        low, high = np.searchsorted(self.cast.starts, [source.start, source.end])
        ends = [source.start, *map(int, self.cast.ends[low:high])]
        starts = [*self.starts[low:high], source.end]
        between = [self.text[end:start].strip(" ").lower() for end, start in zip(ends, starts, strict=True)]
        owners = list(dict.fromkeys(map(int, self.cast.owners[low:high])))
        is_list = len(owners) > 1 and between[0] in BEFORE_LIST and not between[-1] and between[-2] in LAST_JOINT
        return owners if is_list and set(between[1:-1]) <= JOINTS else []


def _is_noun(rest: str) -> bool:
    """True for what goes on behind a name with the word that it belongs to, such as " coach"."""
    return MODIFIED.match(rest) is not None and rest.split()[0] not in BELONGING
