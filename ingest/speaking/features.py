"""What can be counted about a source and each candidate for it: the numbers that the linking network weighs.

A candidate is a member of the cast, somebody described by an earlier source, the source's own words (`literal`), or
nobody (`nobody`). Sources are asked about in reading order, for who spoke before counts.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
import numpy.typing as npt

from ingest.speaking.cast import CALLED, Cast, Places, is_heading, leaning, words_of
from ingest.speaking.source import DETERMINER, GENDER, PRONOUN, Described, Source, called
from ingest.text.names import role_noun
from ingest.text.sources import BELONGING, MODIFIED, NOUN_GENDERS, without_relative

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

SPEAKS_FOR = ("for", "of")
BEFORE_LIST, LAST_JOINT = ("", "both", "neither", "the"), ("and", ", and", "nor", "or", "&", "and the", ", and the")
JOINTS = {",", *LAST_JOINT}
FAR = 1 << 40
NEVER = -1
SURE = 0.9  # The rules have a name.
SURE_PERSON = 0.5  # With this probability a description is a person's.
TINY = 1e-6
PAIR, OWN = 66, 40  # Numbers about a source with a candidate, and about the source alone.


class Stage:
    """Who is on stage as the sources of one article are read in order: candidates, and when each was last there."""

    def __init__(self, text: str, cast: Cast, places: Places, most: int) -> None:
        self.text, self.cast, self._places = text, cast, places
        self.named = len(cast.members)
        size = self.named + most
        self.names = [member.name for member in cast.members]
        self.roles: list[str | None] = [member.role for member in cast.members]
        self.words = [words_of(f"{m.name} {m.role or ''}") for m in cast.members]
        self._beside = [m.words for m in cast.members]
        self.nouns = [role_noun(m.role) if m.role else "" for m in cast.members]
        self._last, self._last_told, self._next = (np.full(size, NEVER) for _ in range(3))
        self._spoke, self._spoke_at = np.full(size, NEVER), np.full(size, NEVER)
        self._times, self._counts = np.zeros(size), np.zeros(size)
        np.add.at(self._counts, cast.owners, 1)
        self._described: dict[str, int] = {}
        self.persons = np.zeros(size)  # How likely each of them is one person.
        self.latest = Described(0, 0, 0)  # What the source that is read now describes.
        self.owned = 0.0  # How sure it is what kind "lawyer" of "Lee’s lawyer" is.
        self._voices: dict[int, int] = {}  # Of "a spokesman for Orsa Rail" the body.
        self._read = 0
        self._sources = self._ended = 0  # How many there were, and where the last one ends.
        self.last_speaker: int | None = None
        self._speaker_before: int | None = None  # The last one who is another.
        self.starts = list(map(int, cast.starts))
        # Each with one more, for who was never mentioned.
        self._mentions = np.append(cast.starts, -FAR)
        self._paragraphs = np.array([*map(places.paragraph, self.starts), -FAR], dtype=np.int64)
        self._sentences = np.array([*map(places.sentence, self.starts), -FAR], dtype=np.int64)
        self._opens = np.append(cast.opens, False)
        self._headed = [number for number, at in enumerate(self.starts) if is_heading(text, at)]
        self._fixed = self._about_members(size)
        self._women, self.bodies = np.zeros(size), np.zeros(size)
        self._women[: self.named] = [m.woman for m in cast.members]
        self.leanings = self._women.copy()
        self.leanings[: self.named] = [leaning(m) for m in cast.members]
        self.bodies[: self.named] = [np.clip(m.votes / 3, -1, 1) or 0.3 * m.is_body for m in cast.members]
        # Where each candidate was mentioned last as a row of the table of mentions, those of sources behind the cast's.
        self.rows = np.full(size, NEVER)
        self._source_places: dict[int, tuple[int, int, int]] = {}

    @property
    def count(self) -> int:
        """How many candidates there are: members and those whom sources described."""
        return len(self.names)

    def _about_members(self, size: int) -> Floats:
        fixed = np.zeros((size, 10), dtype=np.float32)
        first = np.full(size, float(len(self.text)))
        np.minimum.at(first, self.cast.owners, self.cast.starts)
        order = np.argsort(np.argsort(-self._counts, kind="stable"), kind="stable")
        for number, member in enumerate(self.cast.members):
            fixed[number] = [
                member.in_title,
                member.gender == "m",
                member.gender == "f",
                member.is_body,
                len(member.name.split()) > 1,
                member.role is not None,
                np.log1p(self._counts[number]) / 3,
                1 / (1 + order[number]),
                first[number] / max(1, len(self.text)),
                self._counts[number] / max(1, len(self.starts)),
            ]
        return fixed

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
        low, high = np.searchsorted(self.cast.starts, [self._ended, source.start])
        since = [who for who in self.cast.owners[low:high] if self.bodies[who] < 0]
        is_here = self._places.paragraph(source.start) == self._source_places[last][1]
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

    def _read_to(self, position: int) -> None:
        while self._read < len(self.starts) and self.starts[self._read] < position:
            owner = self.cast.owners[self._read]
            self._last[owner] = self.rows[owner] = self._read
            if self.cast.told[self._read]:
                self._last_told[owner] = self._read
            self._read += 1

    def about(self, source: Source) -> tuple[Floats, Floats]:
        """(candidates + 2, PAIR) and (OWN,): each candidate, then the source's own words, then nobody."""
        self._read_to(source.start)
        own = self._own(source)
        pair = np.zeros((self.count + 2, PAIR), dtype=np.float32)
        if self.count:
            self._fill(pair[: self.count], source)
        pair[-2, 0] = pair[-1, 1] = 1
        known = pair[: self.count, 27].max(initial=0)
        pair[-2, 2] = pair[-1, 2] = known
        pair[-2, 3] = source.pick is not None and not known
        pair[-1, 3] = source.pick is None
        return pair, own

    def _fill(self, out: Floats, source: Source) -> None:
        n, at = self.count, source.start
        paragraph, sentence = self._places.paragraph(at), self._places.sentence(at)
        last, told = self._last[:n], self._last_told[:n]
        starts, paragraphs, sentences, opens = self._mentions, self._paragraphs, self._sentences, self._opens
        out[:, 4] = np.arange(n) >= self.named
        out[:, 5] = last >= 0
        out[:, 6] = np.where(last >= 0, np.log1p(np.maximum(0, at - starts[last])) / 8, 1.5)
        out[:, 7] = paragraphs[last] == paragraph
        out[:, 8] = paragraphs[last] == paragraph - 1
        out[:, 9] = sentences[last] == sentence
        out[:, 10] = sentences[last] == sentence - 1
        out[:, 11] = _ranks(last)
        out[:, 12] = told >= 0
        out[:, 13] = np.where(told >= 0, np.log1p(np.maximum(0, at - starts[told])) / 8, 1.5)
        out[:, 14] = paragraphs[told] == paragraph
        out[:, 15] = sentences[told] == sentence
        out[:, 16] = sentences[told] == sentence - 1
        out[:, 17] = opens[told] & (told >= 0)
        out[:, 18] = _ranks(told)
        persons = np.where(self._fixed[:n, 3] > 0, NEVER, told)
        out[:, 19] = _ranks(persons)
        here = (paragraphs[told] == paragraph) & (self._fixed[:n, 3] == 0)
        out[:, 20] = here & (here.sum() == 1)
        self._inside(out, source)
        self._spoken(out, at, paragraph)
        self._by_words(out, source)
        out[:, 43:53] = self._fixed[:n]
        self._after(out, source, sentence, paragraph)
        self._agreeing(out, source)
        told_at = self._last_told[:n]
        bodies = np.where(self.bodies[:n] > 0, told_at, NEVER)
        out[:, 56] = self.bodies[:n]
        out[:, 57] = _ranks(bodies)
        body_here = (paragraphs[told_at] == paragraph) & (bodies >= 0)
        out[:, 58] = body_here & (body_here.sum() == 1)
        out[:, 61] = opens[told_at] & (told_at >= 0) & (sentences[told_at] == sentence - 1)
        out[:, 62] = opens[told_at] & (told_at >= 0) & (paragraphs[told_at] == paragraph - 1)
        if before := bisect_left(self._headed, self._read):
            out[self.cast.owners[self._headed[before - 1]], 65] = 1
        if self.last_speaker is not None and self.last_speaker in self._source_places:
            _, _, its = self._source_places[self.last_speaker]
            out[:, 63] = (sentences[told_at] >= its) & (told_at >= 0)

    def number_of(self, name: str | None) -> int | None:
        """The candidate of that name: a member's, by any of its names, or the label that a source was given."""
        if name is None:
            return None
        number = self.cast.numbers.get(name)
        return self._described.get(name) if number is None else number

    def _inside(self, out: Floats, source: Source) -> None:
        low, high = np.searchsorted(self.cast.starts, [source.start, source.end])
        length = max(1, source.end - source.start)
        for row in range(low, high):
            owner = self.cast.owners[row]
            start, end = int(self.cast.starts[row]), int(self.cast.ends[row])
            self.rows[owner] = row
            out[owner, 21] += 0.5
            out[owner, 22] = max(out[owner, 22], (min(end, source.end) - start) / length)
            out[owner, 23] = row == low
            out[owner, 24] = row == high - 1
            out[owner, 25] = self.text[end : end + 2] in ("’s", "'s") and end + 2 < source.end
            out[owner, 26] = start == source.start
        for start, end in source.content:
            low, high = np.searchsorted(self.cast.starts, [start, end])
            out[self.cast.owners[low:high], 42] = 1

    def _spoken(self, out: Floats, at: int, paragraph: int) -> None:
        n = self.count
        for column, speaker in ((30, self.last_speaker), (31, self._speaker_before)):
            if speaker is not None:
                out[speaker, column] = 1
        spoke = self._spoke[:n]
        out[:, 32] = np.where(spoke >= 0, 1 / (1 + np.maximum(0, self._sources - 1 - spoke)), 0)
        out[:, 33] = np.where(spoke >= 0, np.log1p(np.maximum(0, at - self._spoke_at[:n])) / 8, 1.5)
        for number, (_, its_paragraph, _) in self._source_places.items():
            out[number, 34] = its_paragraph == paragraph
            out[number, 35] = its_paragraph == paragraph - 1
        out[:, 36] = self._times[:n] / max(1, self._sources)
        out[:, 37] = _ranks(spoke)

    def _by_words(self, out: Floats, source: Source) -> None:
        phrase = self.text[source.start : source.end]
        low = phrase.lower().strip()
        picked = self.number_of(source.pick)
        if picked is not None:
            out[picked, 27:30] = 1, source.sure, source.sure >= SURE
        if low in PRONOUN:
            return
        words = words_of(phrase)
        noun = role_noun(phrase)
        size = max(1, len(words))
        for number in range(self.count):
            own = self.words[number]
            out[number, 38] = len(words & own) / size
            out[number, 39] = bool(noun) and noun == self.nouns[number]
            out[number, 40] = len(words & self._beside[number]) / size
            out[number, 41] = bool(noun) and noun in self._beside[number]

    def _agreeing(self, out: Floats, source: Source) -> None:
        """Whether what the source tells of a gender is so of each candidate, or is not."""
        phrase = self.text[source.start : source.end].lower().strip()
        wanted = GENDER.get(phrase) or NOUN_GENDERS.get(role_noun(phrase))
        if wanted:
            out[:, 59], out[:, 60] = (self._fixed[: self.count, at] for at in ((1, 2) if wanted == "m" else (2, 1)))
            out[:, 64] = self._women[: self.count] * (1 if wanted == "f" else -1)

    def _after(self, out: Floats, source: Source, sentence: int, paragraph: int) -> None:
        """Mentions behind the source: the first of each member."""
        at = source.end
        low, high = np.searchsorted(self.cast.starts, [at, at + 400])
        for row in range(high - 1, low - 1, -1):
            owner = self.cast.owners[row]
            out[owner, 53] = 1 - (self.starts[row] - at) / 400
            out[owner, 54] = self._sentences[row] == sentence
            out[owner, 55] = self._paragraphs[row] == paragraph
            if self.rows[owner] == NEVER:
                self.rows[owner] = row

    def _own(self, source: Source) -> Floats:
        phrase = self.text[source.start : source.end].strip()
        low = phrase.lower()
        words = low.split()
        own = np.zeros(OWN, dtype=np.float32)
        if low in PRONOUN:
            own[PRONOUN[low]] = 1
        elif words and words[0] in DETERMINER:
            own[17 + DETERMINER[words[0]]] = 1
        capitals = sum(word[:1].isupper() for word in phrase.split())
        paragraph = self._places.paragraph(source.start)
        before = [at for at, its, _ in self._source_places.values() if its == paragraph]
        first = source.content[0][0] if source.content else source.start
        own[22:40] = [
            source.start == source.end,
            len(words) / 10,
            capitals / max(1, len(words)),
            bool(phrase) and phrase[0].isupper(),
            low.endswith("s"),
            source.sure,
            source.pick is None,
            source.answer,
            source.kind == "direct",
            source.kind == "mixed",
            source.start / max(1, len(self.text)),
            source.start < first,
            not before,
            source.quoted,
            self._sources == 0,
            source.start - self._places.head(source.start) <= 2,
            " and " in low,
            "," in low,
        ]
        return own

    def spoken(self, source: Source, number: int | None, label: str, row: int) -> int | None:
        """Note who `source` was: a candidate's number, or None for a new one described as `label`.

        Pronouns describe nobody. Returns the candidate's number. `row` is the source's row in the table of mentions.
        """
        phrase = self.text[source.start : source.end].strip()
        if number is None:
            if phrase.lower() in PRONOUN or not phrase:
                self._sources += 1
                return None
            number = self.count
            self._described.setdefault(label, number)
            self._note_voice(number, source)
            self.persons[number] = self.latest.person
            self.leanings[number] = CALLED.get(NOUN_GENDERS.get(role_noun(phrase), ""), 0)
            self.names.append(label)
            self.roles.append(None)
            self.words.append(words_of(phrase))
            self._beside.append(set())
            self.nouns.append(role_noun(phrase))
        self.rows[number], self._ended = row, source.end
        self._spoke[number], self._spoke_at[number] = self._sources, source.start
        self._times[number] += 1
        self._sources += 1
        if number != self.last_speaker:
            self.last_speaker, self._speaker_before = number, self.last_speaker
        paragraph = self._places.paragraph(source.start)
        self._source_places[number] = (source.start, paragraph, self._places.sentence(source.start))
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


def _is_noun(rest: str) -> bool:
    """True for what goes on behind a name with the word that it belongs to, such as " coach"."""
    return MODIFIED.match(rest) is not None and rest.split()[0] not in BELONGING


def _ranks(rows: Ints) -> Floats:
    """1 for the candidate mentioned last, 1/2 for the one before, and so on; 0 for those not mentioned."""
    order = np.argsort(-rows, kind="stable")
    ranks = np.empty(len(rows), dtype=np.float32)
    ranks[order] = 1 / (1 + np.arange(len(rows)))
    return np.where(rows >= 0, ranks, 0).astype(np.float32)
