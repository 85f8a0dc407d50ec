"""Read the first line of an answer: which sentences the program writes there, for which outcome, and with which names.

What is allowed is what `rag.writing.compose.opening` writes: it is asked for every outcome of every kind of question,
with stand-ins for the names. The names themselves are looked up in the index, as those of a question are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, islice, product
from typing import get_args

from rag.judging.decide import MOST_LISTED
from rag.judging.decision import Decision, Note
from rag.judging.prompts import NOTE
from rag.people.directory import Directory
from rag.schema import ArticleInfo, Hit, Party, Query, QuestionKind, Quote, Span, Speaker, Statement, Verdict
from rag.text import fold, sentences
from rag.understanding.parties import identify
from rag.writing.beside import unjudged
from rag.writing.compose import opening

# Whether an answer is one, and its verdict.
Outcome = tuple[bool, Verdict | None]
# A sentence without its names, and the names in it.
Told = tuple[str, tuple[str, ...]]

# Stand-ins for names: whom a question asks about, a name that nobody bears, those whom a name can mean, a name that was
# taken for a slip of the pen, a chat model, a language, who is quoted most. Private use, so no name holds one.
ASKED, UNKNOWN, MEANT, TYPED, MODEL, LANGUAGE, QUOTED = "\ue101\ue102\ue103\ue104\ue105\ue106\ue107"
STAND_INS = f"[{ASKED}-{QUOTED}]"
GAP = "\0"  # Where names stand in a sentence without them.
LISTED = re.compile(rf"{STAND_INS}(?:(?:, | and | or ){STAND_INS})*")
JOINED = re.compile(r", | and | or ")
ENDS = re.compile(r"(?<=[.:?!]) ")
MAX_LENGTH = 3000  # Characters of an opening that are read; a question has 1000.
MAX_READINGS = 200  # A name can hold what looks like the end of a sentence: so many ways to read a line are tried.
MAX_TYPED = 100  # Characters of a name as somebody typed it.


@dataclass(frozen=True, slots=True)
class Openings:
    """All openings: the outcomes for which sentences stand together, and which names stand where in each of them."""

    outcomes: Mapping[tuple[str, ...], Collection[Outcome]]
    names: Mapping[str, Collection[tuple[str, ...]]]

    def read(self, line: str) -> list[tuple[Told, ...]]:
        """All ways to read a folded line as an opening; none when it is not one."""
        if not line:
            return [()]
        ways = islice(self._read(line, 0, set()), MAX_READINGS) if len(line) <= MAX_LENGTH else ()
        return [way for way in ways if _order(shape for shape, _ in way) in self.outcomes]

    def _read(self, line: str, start: int, dead: set[int]) -> Iterator[tuple[Told, ...]]:
        """The ways to read a line from a place on; `dead` are the places from which there is none."""
        is_dead = True
        ends = [*(match.start() for match in ENDS.finditer(line, start)), len(line)]
        for shape in self.names:
            if not line.startswith(shape.partition(GAP)[0], start):
                continue
            for end in ends:
                if end + 1 in dead or not (found := _pattern(shape).fullmatch(line, start, end)):
                    continue
                for rest in self._read(line, end + 1, dead) if end < len(line) else [()]:
                    is_dead = False
                    yield ((shape, found.groups()), *rest)
        if is_dead:
            dead.add(start)

    def outcomes_of(self, way: Sequence[Told]) -> Collection[Outcome]:
        """The outcomes for which the program writes these sentences."""
        return self.outcomes[_order(shape for shape, _ in way)]


@dataclass(slots=True)
class Names:
    """Looks the names of an opening up.

    `typed` collects those that stand in no question that is given, `meant` whose words were taken for whom, where
    letters do not tell.
    """

    people: Callable[[], Directory]
    labels: Collection[str]
    question: str
    beside: Collection[str]  # What stands beside the statements of the answer, such as "in Spanish".
    typed: list[str] = field(default_factory=list)
    meant: dict[tuple[str, str], None] = field(default_factory=dict)  # In their order, each once.

    def bear_out(self, told: Told) -> bool:
        """True when the index has the names of a sentence as the sentence has them."""
        shape, given = told
        kinds = openings().names[shape]
        if any(TYPED in one or MEANT in one for kind in kinds for one in kind):
            return self._is_written_of(given[0], told) or self._may_mean(kinds, given)
        if any(QUOTED in one for kind in kinds for one in kind):
            return self._are_quoted_most(told)
        return any(all(map(self._are, kind, given)) for kind in kinds)

    def _are_quoted_most(self, told: Told) -> bool:
        """True when just these are quoted most, each just so often."""
        query, answer = Query("?", "?"), Decision(True, None, ())
        first = (opening(query, answer, most=self.people().counted(n)) for n in range(1, MOST_LISTED + 1))
        return any(fold(text).text.startswith(filled(told)) for text in first)

    def _is_written_of(self, phrase: str, told: Told) -> bool:
        """True when just this sentence is written of whom the phrase means."""
        query = Query("?", "?", parties=(identify(phrase, self.people()),))
        return fold(opening(query, Decision(True, None, ()))).text == filled(told)

    def _may_mean(self, kinds: Collection[tuple[str, ...]], given: Sequence[str]) -> bool:
        """True for words by which the index has nobody, taken for one whom it has: a network told who is meant."""
        if not any(kind == (TYPED, ASKED) for kind in kinds) or not self._is_short(given[0]):
            return False
        phrase, name = given
        if identify(phrase, self.people()).labels or not self.people().called(name):
            return False
        self.meant[phrase, name] = None
        return True

    def _are(self, kinds: str, names: str) -> bool:
        """True when this is one name, or a list of names, of these kinds."""
        if any(self._is(kind, names) for kind in kinds):
            return True
        cuts = [match.span() for match in JOINED.finditer(names)]
        return any(
            any(self._is(kind, names[:start]) for kind in kinds) and self._are(kinds, names[end:])
            for start, end in cuts[:MAX_READINGS]
        )

    def _is(self, kind: str, name: str) -> bool:
        if kind == MODEL:
            return self._is_short(name)
        if kind == LANGUAGE:
            return any(note.endswith(f" {name}") for note in self.beside)
        # A line begins with a capital, and "the minister" may stand there.
        phrases = {name, name[:1].lower() + name[1:]}
        is_known = name in self.labels or any(identify(phrase, self.people()).labels for phrase in phrases)
        if kind == ASKED or is_known:
            return is_known and kind == ASKED
        if not re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", self.question.lower()):
            self.typed.append(name)
            return self._is_short(name)
        return True

    @staticmethod
    def _is_short(name: str) -> bool:
        """True for what can be a name: nothing quoted, and no second sentence."""
        return len(name) <= MAX_TYPED and '"' not in name and len(list(sentences(name, 0, len(name)))) == 1


@lru_cache(maxsize=1)
def openings() -> Openings:
    """Everything that `opening` writes, with stand-ins for names; made once."""
    outcomes: defaultdict[tuple[str, ...], set[Outcome]] = defaultdict(set)
    names: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for text, outcome in set(_written()):
        told = [_apart(part) for part in ENDS.split(text) if part]
        outcomes[_order(shape for shape, _ in told)].add(outcome)
        for shape, kinds in told:
            names[shape].add(kinds)
    return Openings(outcomes, names)


def _written() -> Iterator[tuple[str, Outcome]]:
    """Openings for all outcomes of all kinds of questions, with the note of a model that failed, and without."""
    notes = ("", NOTE.format(name=MODEL))
    kinds: tuple[QuestionKind, ...] = get_args(QuestionKind)
    known, unknown = Party(ASKED, (ASKED,)), Party(UNKNOWN, named=True)
    several = Party(ASKED, (ASKED,), (MEANT, MEANT), named=True)
    slip = Party(TYPED, (ASKED,), (ASKED,), named=True, respelt=True)
    counts = product(range(3), range(3), range(2), range(2))
    for kind, (some, none, many, slips) in product(kinds, counts):
        parties = (*[known] * some, *[unknown] * none, *[several] * many, *[slip] * slips)
        query = Query("?", "?", kind, parties)
        for decision in _decisions(kind):
            outcome = (decision.answered, decision.verdict)
            if kind == "survey" and decision.answered:
                for note in notes:
                    yield opening(query, decision, note, most=[QUOTED]), outcome
            yield opening(query, decision, by_model=True), outcome
            for note in notes if decision.answered else (*notes, *_with_language(notes)):
                yield opening(query, decision, note), outcome
    yield opening(Query("", ""), Decision(False, None, ())), (False, None)


def _with_language(notes: Iterable[str]) -> Iterator[str]:
    for note in notes:
        yield " ".join(filter(None, [note, unjudged([LANGUAGE])]))


def _decisions(kind: QuestionKind) -> Iterator[Decision]:
    days = (("2000-01-01",), ("2000-01-01", "2000-01-02"), (None,), ("2000-01-01", "2000-01-01"))
    somebody, nobody_named = Speaker(UNKNOWN), Speaker(ASKED, kind="unnamed")
    shown = [
        tuple(_hit(day, article=article, by=by) for day, article in zip(those, "ab", strict=False))
        for those, by in product(days, (somebody, nobody_named))
    ]
    yield from (Decision(False, None, hits) for hits in ((), shown[0]))
    for silent, hits in product(((), (ASKED,), (ASKED, ASKED)), shown):
        yield Decision(True, None, hits, silent=silent)
    if kind == "did_say":
        reasons: dict[Verdict, tuple[Note, ...]] = {"yes": ("", "turned"), "no": ("opposite", "another")}
        for hits, verdict in product(shown, reasons):
            yield from (Decision(True, verdict, hits, reason) for reason in reasons[verdict])


def _hit(published: str | None, *, article: str, by: Speaker) -> Hit:
    info = ArticleInfo(article, None, None, None, published, None, "")
    return Hit(Statement("s", info, Quote((Span(0, 1, "a"),), speaker=by), Span(0, 1, "a")), 1.0)


@lru_cache(maxsize=256)
def _apart(sentence: str) -> tuple[str, tuple[str, ...]]:
    """A sentence, folded, without its stand-ins, and which kinds of names may stand in each gap."""
    sentence = fold(sentence).text
    kinds = tuple("".join(sorted(set(re.findall(STAND_INS, found)))) for found in LISTED.findall(sentence))
    return LISTED.sub(GAP, sentence), kinds


def _order(shapes: Iterable[str]) -> tuple[str, ...]:
    """Sentences in their order; of those that tell the same of several people, one."""
    return tuple(shape for shape, same in groupby(shapes) for _ in (islice(same, 1) if GAP in shape else same))


@lru_cache(maxsize=256)
def _pattern(shape: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, shape.split(GAP))))


def filled(told: Told) -> str:
    """A sentence with its names."""
    shape, names = told
    return "".join(part for pair in zip(shape.split(GAP), (*names, ""), strict=True) for part in pair)
