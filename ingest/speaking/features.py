"""What can be counted about a source and each candidate for it: the numbers that the linking network weighs.

Sources are asked about in reading order, for who spoke before counts.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from ingest.speaking.cast import Ints, is_heading, words_of
from ingest.speaking.small_words import DETERMINER, GENDER, PRONOUN
from ingest.speaking.stage import AHEAD, NEVER, Source, Stage
from ingest.text.names import role_noun
from ingest.text.sources import NOUN_GENDERS
from rag.models.onnx import Floats

SURE = 0.9  # The rules have a name.
PAIR, OWN = 66, 40  # Numbers about a source with a candidate, and about the source alone.


class Features:
    """The numbers about the sources of one article, as they are met on its stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        size = len(stage.rows)
        self._counts = np.zeros(size)
        np.add.at(self._counts, stage.cast.owners, 1)
        self._headed = [number for number, at in enumerate(stage.starts) if is_heading(stage.text, at)]
        self._fixed = self._about_members(size)
        self._women = np.zeros(size)
        self._women[: stage.named] = [member.woman for member in stage.cast.members]

    def about(self, source: Source) -> tuple[Floats, Floats]:
        """(candidates + 2, PAIR) and (OWN,): each candidate, then the source's own words, then nobody."""
        stage = self._stage
        stage.enter(source)
        own = self._own(source)
        pair = np.zeros((stage.count + 2, PAIR), dtype=np.float32)
        if stage.count:
            self._fill(pair[: stage.count], source)
        pair[-2, 0] = pair[-1, 1] = 1
        known = pair[: stage.count, 27].max(initial=0)
        pair[-2, 2] = pair[-1, 2] = known
        pair[-2, 3] = source.pick is not None and not known
        pair[-1, 3] = source.pick is None
        return pair, own

    def _about_members(self, size: int) -> Floats:
        stage = self._stage
        fixed = np.zeros((size, 10), dtype=np.float32)
        first = np.full(size, float(len(stage.text)))
        np.minimum.at(first, stage.cast.owners, stage.cast.starts)
        order = np.argsort(np.argsort(-self._counts, kind="stable"), kind="stable")
        for number, member in enumerate(stage.cast.members):
            fixed[number] = [
                member.in_title,
                member.gender == "m",
                member.gender == "f",
                member.is_body,
                len(member.name.split()) > 1,
                member.role is not None,
                np.log1p(self._counts[number]) / 3,
                1 / (1 + order[number]),
                first[number] / max(1, len(stage.text)),
                self._counts[number] / max(1, len(stage.starts)),
            ]
        return fixed

    def _fill(self, out: Floats, source: Source) -> None:
        stage = self._stage
        n, at = stage.count, source.start
        paragraph, sentence = stage.places.paragraph(at), stage.places.sentence(at)
        last, told = stage.last[:n], stage.last_told[:n]
        starts, paragraphs, sentences, opens = stage.mentions, stage.paragraphs, stage.sentences, stage.opens
        out[:, 4] = np.arange(n) >= stage.named
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
        told_at = stage.last_told[:n]
        bodies = np.where(stage.bodies[:n] > 0, told_at, NEVER)
        out[:, 56] = stage.bodies[:n]
        out[:, 57] = _ranks(bodies)
        body_here = (paragraphs[told_at] == paragraph) & (bodies >= 0)
        out[:, 58] = body_here & (body_here.sum() == 1)
        out[:, 61] = opens[told_at] & (told_at >= 0) & (sentences[told_at] == sentence - 1)
        out[:, 62] = opens[told_at] & (told_at >= 0) & (paragraphs[told_at] == paragraph - 1)
        if before := bisect_left(self._headed, stage.read):
            out[stage.cast.owners[self._headed[before - 1]], 65] = 1
        if stage.last_speaker is not None and stage.last_speaker in stage.source_places:
            _, _, its = stage.source_places[stage.last_speaker]
            out[:, 63] = (sentences[told_at] >= its) & (told_at >= 0)

    def _inside(self, out: Floats, source: Source) -> None:
        stage = self._stage
        low, high = np.searchsorted(stage.cast.starts, [source.start, source.end])
        length = max(1, source.end - source.start)
        for row in range(low, high):
            owner = stage.cast.owners[row]
            start, end = int(stage.cast.starts[row]), int(stage.cast.ends[row])
            out[owner, 21] += 0.5
            out[owner, 22] = max(out[owner, 22], (min(end, source.end) - start) / length)
            out[owner, 23] = row == low
            out[owner, 24] = row == high - 1
            out[owner, 25] = stage.text[end : end + 2] in ("’s", "'s") and end + 2 < source.end
            out[owner, 26] = start == source.start
        for start, end in source.content:
            low, high = np.searchsorted(stage.cast.starts, [start, end])
            out[stage.cast.owners[low:high], 42] = 1

    def _spoken(self, out: Floats, at: int, paragraph: int) -> None:
        stage = self._stage
        n = stage.count
        for column, speaker in ((30, stage.last_speaker), (31, stage.speaker_before)):
            if speaker is not None:
                out[speaker, column] = 1
        spoke = stage.spoke[:n]
        out[:, 32] = np.where(spoke >= 0, 1 / (1 + np.maximum(0, stage.sources - 1 - spoke)), 0)
        out[:, 33] = np.where(spoke >= 0, np.log1p(np.maximum(0, at - stage.spoke_at[:n])) / 8, 1.5)
        for number, (_, its_paragraph, _) in stage.source_places.items():
            out[number, 34] = its_paragraph == paragraph
            out[number, 35] = its_paragraph == paragraph - 1
        out[:, 36] = stage.times[:n] / max(1, stage.sources)
        out[:, 37] = _ranks(spoke)

    def _by_words(self, out: Floats, source: Source) -> None:
        stage = self._stage
        phrase = stage.text[source.start : source.end]
        low = phrase.lower().strip()
        picked = stage.number_of(source.pick)
        if picked is not None:
            out[picked, 27:30] = 1, source.sure, source.sure >= SURE
        if low in PRONOUN:
            return
        words = words_of(phrase)
        noun = role_noun(phrase)
        size = max(1, len(words))
        for number in range(stage.count):
            own = stage.words[number]
            out[number, 38] = len(words & own) / size
            out[number, 39] = bool(noun) and noun == stage.nouns[number]
            out[number, 40] = len(words & stage.beside[number]) / size
            out[number, 41] = bool(noun) and noun in stage.beside[number]

    def _agreeing(self, out: Floats, source: Source) -> None:
        """Whether what the source tells of a gender is so of each candidate, or is not."""
        stage = self._stage
        phrase = stage.text[source.start : source.end].lower().strip()
        wanted = GENDER.get(phrase) or NOUN_GENDERS.get(role_noun(phrase))
        if wanted:
            out[:, 59], out[:, 60] = (self._fixed[: stage.count, at] for at in ((1, 2) if wanted == "m" else (2, 1)))
            out[:, 64] = self._women[: stage.count] * (1 if wanted == "f" else -1)

    def _after(self, out: Floats, source: Source, sentence: int, paragraph: int) -> None:
        """Mentions behind the source: the first of each member."""
        stage = self._stage
        at = source.end
        low, high = np.searchsorted(stage.cast.starts, [at, at + AHEAD])
        for row in range(high - 1, low - 1, -1):
            owner = stage.cast.owners[row]
            out[owner, 53] = 1 - (stage.starts[row] - at) / AHEAD
            out[owner, 54] = stage.sentences[row] == sentence
            out[owner, 55] = stage.paragraphs[row] == paragraph

    def _own(self, source: Source) -> Floats:
        stage = self._stage
        phrase = stage.text[source.start : source.end].strip()
        low = phrase.lower()
        words = low.split()
        own = np.zeros(OWN, dtype=np.float32)
        if low in PRONOUN:
            own[PRONOUN[low]] = 1
        elif words and words[0] in DETERMINER:
            own[17 + DETERMINER[words[0]]] = 1
        capitals = sum(word[:1].isupper() for word in phrase.split())
        paragraph = stage.places.paragraph(source.start)
        before = [at for at, its, _ in stage.source_places.values() if its == paragraph]
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
            source.start / max(1, len(stage.text)),
            source.start < first,
            not before,
            source.quoted,
            stage.sources == 0,
            source.start - stage.places.head(source.start) <= 2,
            " and " in low,
            "," in low,
        ]
        return own


def _ranks(rows: Ints) -> Floats:
    """1 for the candidate mentioned last, 1/2 for the one before, and so on; 0 for those not mentioned."""
    order = np.argsort(-rows, kind="stable")
    ranks = np.empty(len(rows), dtype=np.float32)
    ranks[order] = 1 / (1 + np.arange(len(rows)))
    return np.where(rows >= 0, ranks, 0).astype(np.float32)
