"""Link every source of an article to one of its cast, to its own words, or to nobody: a small trained network.

In: the quotes with whom the rules take each for, and the tagger's states of the article's pieces. Out: for each source
a candidate with a probability. Nothing is read again: the vectors of sources and mentions are means of those states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.speaking.agreement import agreement
from ingest.speaking.cast import Cast, Places, gathered, is_inside
from ingest.speaking.features import SURE, Features
from ingest.speaking.labels import SEVERAL, TOGETHER
from ingest.speaking.named import People
from ingest.speaking.possessors import owner_of
from ingest.speaking.small_words import DETERMINER, GENDER, PRONOUN
from ingest.speaking.stage import TINY, Described, Source, Stage
from ingest.text.pieces import Pieces
from ingest.text.sources import TWO, joined, without_relative
from rag.models.onnx import Floats, checked
from rag.schema import Quote, Speaker, SpeakerKind

Bytes = npt.NDArray[np.int8]

WEIGHTS = Path(__file__).with_name("linker.npz")
SHA256 = "f5cddc803a6471ce1f5f27b4a790b3c4bd234a095e751a7c3c8270419c0c449d"
KINDS: tuple[SpeakerKind, ...] = ("person", "body", "group", "unnamed")
# From these probabilities, given that somebody speaks, the linker has its way: with a pronoun, with another source that
# names nobody, with a name or words without a source, and where it would leave a source its own words; from the last
# ones of all, nobody speaks. Chosen by training on four fifths of the labelled articles and linking the last one.
PRONOUN_LINKED, LINKED, NAMED_LINKED, LITERAL, NOBODY = 0.25, 0.35, 0.6, 0.7, 0.6
NOBODY_NAMED = 0.9  # Where the rules have a name: not measured.
UNNAMED_LINKED = 0.9  # "A spokesman" is seldom one whom the article names, and nor is "she" behind it.
OUTWEIGHS = 0.95  # Nor is "he" in a paragraph whose only person opens a sentence in it somebody else: not measured.
INDEFINITE = (1, 4)  # The places of "a" and "some" in DETERMINERS.
SHARE = 0.15  # Who speaks together with others has this probability at least.
PERSON, BODY, UNNAMED = KINDS.index("person"), KINDS.index("body"), KINDS.index("unnamed")
LITERAL_ROW = -2  # Of the candidates: the source's own words.
FIRST_PIECES = 3  # Pieces of words without a source that stand for it.


@dataclass(frozen=True, slots=True)
class Scene:
    """An article ready to be linked: `vectors` has a row for each mention of the cast, then for each source.

    `main` has a row for each source without its relative clauses, which tell more of other things than of what it is,
    `owned` one for "lawyer" of "Lee’s lawyer", by the source's number.
    """

    cast: Cast
    places: Places
    sources: list[Source]
    vectors: Floats
    main: Floats
    owned: Mapping[int, Floats]

    def stage(self, text: str) -> Stage:
        """The stage before the first source is read."""
        return Stage(text, self.cast, self.places, len(self.sources))


@dataclass(frozen=True, slots=True)
class Link:
    """Whom the source at `place` means: a `name`, or else its own words, or `nobody`; `sure` is the probability.

    `as_picked`: it is whom the rules say, and the name is theirs.
    """

    place: tuple[int, int]
    name: str | None
    role: str | None
    nobody: bool
    sure: float
    kind: SpeakerKind
    as_picked: bool


def scene(
    people: People, quotes: Sequence[Quote], picks: Sequence[Speaker | None], pool: Callable[[int, int], Floats]
) -> Scene:
    """Make ready an article whose quotes the rules give to `picks`; `pool` gives the vector of a stretch of text."""
    marks = sorted((span.start, span.end) for quote in quotes if quote.kind != "indirect" for span in quote.content)
    places = Places(people.text, people.mentions)
    cast = gathered(people, marks, places)
    sources = _sources(quotes, picks, marks)
    spans = [
        *zip(map(int, cast.starts), map(int, cast.ends), strict=True),
        *((s.start, s.end) for s in sources),
    ]
    vectors = np.stack([pool(start, end) for start, end in spans]) if spans else np.zeros((0, 1), dtype=np.float32)
    main, owned = vectors[len(cast.starts) :].copy(), {}
    for number, source in enumerate(sources):
        phrase = people.text[source.start : source.end]
        if (short := without_relative(phrase)) != phrase:
            main[number] = pool(source.start, source.start + len(short))
        if theirs := owner_of(short):
            owned[number] = pool(source.start + len(short) - len(theirs[1]), source.start + len(short))
    return Scene(cast, places, sources, vectors, main, owned)


def _sources(
    quotes: Sequence[Quote], picks: Sequence[Speaker | None], marks: Sequence[tuple[int, int]]
) -> list[Source]:
    """The sources in the order of the text, each once, with all that is said there."""
    found: dict[tuple[int, int], Source] = {}
    heads = {start for start, _ in marks}
    for quote, pick in zip(quotes, picks, strict=True):
        place = place_of(quote)
        content = tuple((span.start, span.end) for span in quote.content)
        before = found.get(place)
        found[place] = Source(
            *place,
            (*before.content, *content) if before else content,
            before.kind if before else quote.kind,
            pick.name if pick else None,
            pick.confidence if pick else 0.0,
            not quote.source and pick is not None,
            place[0] not in heads and is_inside(place[0], marks),
            (quote.channel[0].start, quote.channel[-1].end) if quote.channel else (0, 0),
        )
    return [found[place] for place in sorted(found)]


def place_of(quote: Quote) -> tuple[int, int]:
    """Where the source stands; where there is none, the place without length at which the words begin."""
    if quote.source:
        return quote.source[0].start, quote.source[-1].end
    return quote.content[0].start, quote.content[0].start


def pooling(pieces: Pieces, states: Floats, table: Bytes, scales: Floats) -> Callable[[int, int], Floats]:
    """Of a stretch of text the mean of its pieces' states, and beside it that of their word vectors."""
    starts, ends = pieces.starts, pieces.ends
    size = states.shape[1] + table.shape[1]

    def pool(start: int, end: int) -> Floats:
        low = int(np.searchsorted(ends, start, side="right"))
        high = int(np.searchsorted(starts, end, side="left")) if end > start else low + FIRST_PIECES
        high = min(max(high, low + 1), len(starts))
        if low >= high:
            return np.zeros(size, dtype=np.float32)
        ids = pieces.ids[low:high]
        words = (table[ids] * scales[ids]).mean(axis=0)
        return np.concatenate([states[low:high].mean(axis=0), words]).astype(np.float32)

    return pool


class Meant:
    """Whom those may be whom sources only describe: what speaks for "the firm" speaks for each by its share."""

    def __init__(self, named: int) -> None:
        self._named = named
        self._shares: dict[int, tuple[Floats, float]] = {}

    def note(self, number: int | None, chances: Floats) -> None:
        """Keep what is known of a candidate who is described for the first time."""
        if number is not None and number >= self._named and number not in self._shares:
            rest = max(float(1 - chances[-1]), TINY)
            shares = chances[: self._named] / rest
            self._shares[number] = shares, float(1 - shares.sum())

    def is_named(self, number: int) -> bool:
        """True for one who is likelier somebody whom the article names than nobody of them."""
        shares, own = self._shares.get(number, (np.zeros(0), 1.0))
        return float(shares.max(initial=0)) > own

    def through(self, chances: Floats) -> Floats:
        """The probabilities, those of the described ones given on to whom they may be."""
        made = chances.copy()
        for number, (shares, own) in self._shares.items():
            made[: self._named] += chances[number] * shares
            made[number] = chances[number] * own
        return made


class Linker:
    """The trained network: NumPy does its sums, for they are few."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._w = {name: np.asarray(array, dtype=np.float32) for name, array in weights.items()}

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls, path: Path = WEIGHTS) -> Linker:
        """The linker with the packaged weights, loaded once; ModelError when they are missing or altered."""
        with np.load(BytesIO(checked(path, SHA256))) as kept:
            return cls(dict(kept))

    def links(self, text: str, made: Scene) -> list[Link]:
        """Whom each of the scene's sources means."""
        w, stage = self._w, made.stage(text)
        sources = np.tanh(made.vectors @ w["source"] + w["source_bias"])
        others = np.tanh(made.vectors @ w["mention"] + w["mention_bias"])
        first = len(made.cast.starts)
        found, meant, features = [], Meant(stage.named), Features(stage)
        ends = frozenset(map(int, made.cast.ends))
        for number, source in enumerate(made.sources):
            pair, own = features.about(source)
            rows = stage.rows[: stage.count]
            seen = np.concatenate([np.where((rows >= 0)[:, None], others[rows], w["absent"][0]), w["absent"][1:]])
            chances, kinds = self._weigh(sources[first + number], seen, pair, own)
            is_named, of_kind = stage.is_named(source), self.described(made.main[number])
            if text[source.start : source.end].strip().lower() in PRONOUN:
                of_kind = _shares(kinds[LITERAL_ROW])
            stage.latest = Described(*map(float, of_kind[:UNNAMED]))
            stage.owned = float(self.described(made.owned[number]).max()) if number in made.owned else 0.0
            chances = _agreeing(chances, agreement(stage, source, pair, stage.latest))
            if of_kind.argmax() == BODY and not is_named:
                chances = stage.voiced(chances)
            together = stage.listed(source)
            if together:  # A list says itself who it is.
                chances[together] = np.maximum(chances[together], SURE)
                chances /= chances.sum()
            else:
                together = self._together(sources[first + number], own, chances[: stage.count])
            chances = meant.through(chances)
            link = _link(source, stage, chances, kinds, together)
            described_before = source.pick not in made.cast.numbers and stage.number_of(source.pick) is not None
            if _is_one_of_several(link, source, stage) or (link.sure < OUTWEIGHS and stage.is_subject(source, pair)):
                link = replace(link, name=None, as_picked=True)
            if of_kind.argmax() == PERSON and len(stage.whose(source)) == stage.many(source):
                # "The Orsa coach" has no name, and is one who is called a coach.
                is_named = is_named and not stage.is_called(link.name, pair)
            link = _settled(link, source, text, is_named=is_named, described_before=described_before)
            number_described = stage.just_described(source)
            if number_described is not None and not meant.is_named(number_described):
                link = replace(link, name=stage.names[number_described], role=None, nobody=False, as_picked=False)
            found.append(link)
            if not link.nobody:
                name = source.pick if link.as_picked else link.name
                meant_by = stage.number_of(name)
                stage.called(meant_by, source, chances)
                spoke = stage.spoken(source, meant_by, name or source.pick or "", first + number)
                # "Orsa police" is taken for nobody who is named, and so is "the force" that means them.
                is_apart = is_named and name == source.pick and source.end not in ends
                if not (is_apart or _is_indefinite(text[source.start : source.end])):
                    meant.note(spoke, chances)
        return found

    def described(self, source: Floats) -> Floats:
        """(KINDS,) probabilities of what kind of speaker a source's words describe."""
        return _shares(source @ self._w["described"] + self._w["described_bias"])

    def _together(self, source: Floats, own: Floats, chances: Floats) -> list[int]:
        """The candidates who speak together, in no order; none where one speaks alone."""
        score = np.concatenate([source, own]) @ self._w["several"] + self._w["several_bias"]
        found = np.flatnonzero(chances >= SHARE)
        return found.tolist() if score[0] > 0 and len(found) > 1 else []

    def _weigh(self, source: Floats, seen: Floats, pair: Floats, own: Floats) -> tuple[Floats, Floats]:
        """(candidates,) probabilities and (candidates, KINDS) scores of what kind of speaker each would be."""
        w = self._w
        size = len(source)
        into = w["hidden"]
        # What is the same for all candidates is multiplied once.
        alike = source @ into[:size] + own @ into[3 * size + pair.shape[1] :] + w["hidden_bias"]
        # (seen * source) @ into[2 * size : 3 * size], and what is seen by itself, in one product.
        hidden = alike + seen @ (into[size : 2 * size] + source[:, None] * into[2 * size : 3 * size])
        hidden = np.maximum(hidden + pair @ into[3 * size : 3 * size + pair.shape[1]], 0)
        narrow = np.maximum(hidden @ w["narrow"] + w["narrow_bias"], 0)
        scores = (narrow @ w["score"] + w["score_bias"])[:, 0] / w["temperature"]
        chances = np.exp(scores - scores.max())
        return chances / chances.sum(), narrow @ w["kind"] + w["kind_bias"]


def _shares(scores: Floats) -> Floats:
    shares = np.exp(scores - scores.max())
    return np.asarray(shares / shares.sum())


def _is_indefinite(phrase: str) -> bool:
    """True for "a spokesman", who is hardly one whom the article names."""
    return bool(phrase.strip()) and DETERMINER.get(phrase.lower().split(maxsplit=1)[0]) in INDEFINITE


def _agreeing(chances: Floats, factors: Floats) -> Floats:
    """The probabilities times the factors; that of nobody stays as it is."""
    some = chances[:-1] * factors
    return np.append(some * (1 - chances[-1]) / max(float(some.sum()), TINY), chances[-1])


def _is_one_of_several(link: Link, source: Source, stage: Stage) -> bool:
    """True for one of those who, the rules say, speak together, and for anybody else whom "the pair" cannot mean.

    Nor can "he" mean "the brother and the sister".
    """
    phrase = stage.text[source.start : source.end].strip().lower()
    if phrase in GENDER and SEVERAL.search(link.name or ""):
        return True
    together = TOGETHER.split(source.pick or "") if phrase not in GENDER else []
    numbers = {stage.number_of(name) for name in together} - {None} if len(together) > 1 else set()
    number = stage.number_of(link.name)
    is_single = number is not None and len(numbers) > 1 and stage.bodies[number] < 0
    is_alone = is_single and TWO.fullmatch(phrase) is not None
    return link.name not in (None, source.pick) and (number in numbers or is_alone)


def _settled(link: Link, source: Source, text: str, *, is_named: bool, described_before: bool) -> Link:
    """The link where it is sure enough, or else the one that the rules have.

    `is_named`: the source has a name; `described_before`: the rules take it for somebody whom an earlier one describes.
    """
    phrase = text[source.start : source.end].lower()
    if link.nobody or link.name is None:
        least = 0.0 if link.nobody else LITERAL
    elif _is_indefinite(phrase) or (described_before and phrase in GENDER):
        least = UNNAMED_LINKED
    elif is_named or source.sure >= SURE or not phrase:
        least = NAMED_LINKED
    else:
        least = PRONOUN_LINKED if phrase in PRONOUN else LINKED
    return link if link.sure >= least else replace(link, name=None, nobody=False, as_picked=True)


def _link(source: Source, stage: Stage, chances: Floats, kinds: Floats, together: Sequence[int]) -> Link:
    """The likeliest: nobody only where that is likely enough, and of the others the one that is if somebody speaks."""
    picked = stage.number_of(source.pick)
    nobody = float(chances[-1]) >= (NOBODY if picked is None else NOBODY_NAMED)
    chosen = len(chances) - 1 if nobody else int(chances[:-1].argmax())
    # Of words without a source and without marks it must be likelier that somebody says them at all.
    is_bare = source.start == source.end and (chosen >= stage.named or source.kind == "indirect")
    somebody = 1 if nobody or is_bare else max(float(1 - chances[-1]), TINY)
    place = (source.start, source.end)
    if together and not nobody:
        name, sure = joined([stage.names[number] for number in together]), float(chances[together].sum()) / somebody
        return Link(place, name, None, False, sure, "group", False)
    only = stage.names[chosen] if chosen < stage.count else None
    role, kind = stage.roles[chosen] if only else None, KINDS[int(kinds[chosen].argmax())]
    return Link(place, only, role, nobody, float(chances[chosen]) / somebody, kind, picked == chosen)
