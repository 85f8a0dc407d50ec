"""Find the turns of interviews, transcripts and captions: the label says who speaks, the turn is whole however long.

In: an article's text. Out: turns with the places of their labels and words. What is a label is told by typography
alone: a name and a colon, a name and a time, a Q or an A; and only where labels come again and again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.names import CAPITALISED, LOWER_WORD, surname
from rag.text import paragraphs

Pair = tuple[int, int]

TIME = r"[\[(]?\d{1,2}(?::\d{2}){1,2}(?:[.,]\d{1,3})?[\])]?"
NAME = rf"{CAPITALISED}(?: [\w.’'&-]+){{0,4}}?"
# Behind the name: what the person is or where, "(RET.), SAFETY PANEL", and the time.
ROLE = rf"(?: \([^()\n]{{1,40}}\))?(?:, [^:.!?“”\"\n]{{2,80}}?)?(?: {TIME})?"
# The same in capitals, which may hold points: "REAR ADM. C. BRILL (RET.), SAFETY PANEL".
CAPITALS = r"[^\W\d_a-z][^a-z:!?“”\"\n]{1,100}"
LABEL = re.compile(
    rf"(?:>>\s*)?(?:{TIME}\s+)?(?:({NAME}){ROLE}|({CAPITALS}))(:)\s+(?=\S)"
    r"|(A)(\.)\s+(?=[A-Z“\"])|Q[.:]?\s*(?=[A-Z“\"])"
)
# A name and a time on one or two lines of their own, as programs for meetings write them; the words stand below.
BETWEEN = r"\]?[^\S\n]*(?:[-–|•,][^\S\n]*|\n[^\S\n]*)?"
HEAD = re.compile(rf"(?:\[?({NAME}){BETWEEN}{TIME}|{TIME}{BETWEEN}\[?({NAME})\]?):?[^\S\n]*(?=\n|\Z)")
SENTENCE_END = re.compile(r"\w{3}[.!?]\Z")  # The last words of what was said before, not a name.
ASIDE = re.compile(rf"[\[(][^\[\]()\n]*[\])]|{TIME}|[\W_]+")  # [Applause], a time, a rule.
OUTSIDE = re.compile(r"[,(]")
# "The Minister for Ports (Lena Brask)": the office, then who holds it.
HOLDER = re.compile(rf"(?:The|THE) [^(\n]*\(({CAPITALISED}(?: {CAPITALISED})+)\)")
FULL_NAME = re.compile(r"\b([^\W\d_a-z][\w’'-]+) (?=([^\W\d_a-z][\w’'-]+))")
ASKS, OWN_VIEW = re.compile(r"\?"), re.compile(r"\bI\b")
ANSWER, QUESTION = "A", "Q"
SPELT_OUT = {"Answer": ANSWER, "Question": QUESTION}
# Labels of a list of events, of a recipe or of a contact, not of anybody who speaks.
NO_SPEAKERS = frozenset(
    "what when where who why how price prices cost address phone tickets hours date time info note notes editor photo "
    "image video more read related update correction source sources location website email contact by from to".split()
)
TURNS, TURNS_OF_ONE = 4, 2  # So many turns make an interview, if one speaker has so many.
TIMED = 2  # So many names with their times make a transcript.
GAP = 3  # Paragraphs that an answer takes in whatever they say.
ASKED = re.compile(r"[^\n“”\"]{5,300}\?")
UNQUOTED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?")
ASKED_TIMES, OWN_SHARE = 3, 0.6  # So many questions, and so many of the answers with an "I", make an interview.
MOSTLY = 0.8  # Share of the paragraphs that are turns where nothing else is.


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says in one go.

    `label` is the name, None for a question that nobody is named for and for an answer to such a one; `mark` is what
    closes the label.
    """

    label: Pair | None
    mark: Pair | None
    content: tuple[Pair, ...]
    is_question: bool = False

    @property
    def area(self) -> Pair:
        """All of the turn."""
        pairs = [*self.content, *(pair for pair in (self.label, self.mark) if pair)]
        return min(pairs)[0], max(end for _, end in pairs)


@dataclass(frozen=True, slots=True)
class _Label:
    """A label: its first and last paragraph, its name, where that stands, what closes it, where the words begin."""

    first: int
    line: int
    name: str
    place: Pair | None
    mark: Pair | None
    words: int

    @property
    def key(self) -> str:
        """What two labels of one person have in common."""
        return self.name if self.name in (ANSWER, QUESTION) else surname(tuple(self.name.split()))


def turns(text: str, *, unlabelled: bool = True) -> list[Turn]:
    """The turns of an article, questions marked Q among them; none where it is no interview or transcript.

    `unlabelled` says whether questions and answers without any label are turns, too.
    """
    lines = list(paragraphs(text))
    heads = _heads(text, lines)
    if len(heads) >= TIMED:
        return list(_cut(text, lines, heads, to_the_end=True))
    labels = [label for number, line in enumerate(lines) if (label := _label(text, number, line))]
    if not _is_interview(text, lines, labels):
        return _unlabelled(text, lines) if unlabelled else []
    in_capitals = all(label.name.isupper() for label in labels) and labels[0].name not in (ANSWER, QUESTION)
    return list(_cut(text, lines, labels, to_the_end=in_capitals))


def _heads(text: str, lines: Sequence[Pair]) -> list[_Label]:
    """The names with a time beside, above or below them; the words begin in the paragraph after both."""
    found: list[_Label] = []
    starts = [start for start, _ in lines]
    done = -1
    for start, _ in lines:
        match = HEAD.match(text, start) if start > done else None
        if match and not (match[1] and SENTENCE_END.search(match[1])):
            done = match.end()
            last = bisect_left(starts, done) - 1
            number = bisect_left(starts, start)
            place = match.span(1 if match[1] else 2)
            found.append(_Label(number, last, text[slice(*place)], place, None, lines[last][1]))
    return found


def _label(text: str, number: int, line: Pair) -> _Label | None:
    match = LABEL.match(text, *line)
    if match is None:
        return None
    group = next((group for group in (1, 2, 4) if match[group]), None)
    if group is None:
        return _Label(number, number, QUESTION, None, None, match.end())
    start, end = match.span(group)
    if holder := HOLDER.match(text, start, match.end()):
        start, end = holder.span(1)
    cut = OUTSIDE.search(text, start, end)
    end = start + len(text[start : cut.start() if cut else end].rstrip())
    name = SPELT_OUT.get(text[start:end], text[start:end])
    if not name or name.split()[0].lower() in NO_SPEAKERS:
        return None
    place = None if name == QUESTION else (start, end)
    return _Label(number, number, name, place, match.span(5 if group == 4 else 3), match.end())


def _is_interview(text: str, lines: Sequence[Pair], labels: Sequence[_Label]) -> bool:
    """Answers marked A, or turns of several people who ask or say "I", and whom the article names more fully."""
    counts = Counter(label.key for label in labels if label.name != QUESTION)
    if counts[ANSWER] >= TURNS_OF_ONE:
        return True
    often = {key for key, count in counts.items() if count >= TURNS_OF_ONE}
    if counts.total() < TURNS or len(counts) < 2 or not often:
        return False
    spoken = " ".join(text[label.words : lines[label.line][1]] for label in labels)
    asks, own = ASKS.search(spoken), OWN_VIEW.search(spoken)
    if _named(text, labels) & often:
        return bool(asks or own)
    share = len(labels) / (len(lines) - labels[0].line)
    return bool(asks and own) and share >= MOSTLY and all(" " in label.name for label in labels if label.place)


def _named(text: str, labels: Sequence[_Label]) -> set[str]:
    """What a label may call those whom the text names in full elsewhere, or another label: either name, initials."""
    starts = {label.place[0] for label in labels if label.place}
    plain = set(LOWER_WORD.findall(text))  # "Creator" is no surname where "creator" stands, too.
    fuller = {label.key for label in labels if " " in label.name}
    bare = {label.key for label in labels if " " not in label.name}
    full = [(m[1].lower(), m[2].lower()) for m in FULL_NAME.finditer(text) if m.start() not in starts]
    outside = {name for first, last in full for name in (first, last, first[0] + last[0])}
    return (outside | (fuller & bare)) - plain


def _cut(text: str, lines: Sequence[Pair], labels: Sequence[_Label], *, to_the_end: bool) -> Iterator[Turn]:
    following = [*(label.first for label in labels[1:]), len(lines) if to_the_end else labels[-1].line + 1]
    for label, after in zip(labels, following, strict=True):
        first = [(label.words, lines[label.line][1])] if label.words < lines[label.line][1] else []
        rest = [pair for pair in _own(text, label, lines[label.line + 1 : after]) if not ASIDE.fullmatch(text, *pair)]
        if first or rest:
            yield Turn(label.place, label.mark, (*first, *rest), label.name == QUESTION)


def _own(text: str, label: _Label, lines: Sequence[Pair]) -> Sequence[Pair]:
    """A turn's further paragraphs; where there are many, up to one that tells of its own speaker: that is the article.

    "Aumont then left the room" is nothing that Aumont says.
    """
    if len(lines) <= GAP or label.place is None or label.key == ANSWER:
        return lines
    name = re.compile(rf"\b{re.escape(label.key)}\b", re.I)
    told = next((number for number, line in enumerate(lines) if name.search(text, *line)), len(lines))
    return lines[:told]


def _unlabelled(text: str, lines: Sequence[Pair]) -> list[Turn]:
    """The questions and answers of an interview without labels: lines that ask, and below them what an "I" answers.

    Not the questions of an explainer, whose answers have no "I", nor those of a column, whose writer says "I" from the
    beginning; and nobody names himself in his answers.
    """
    asking = [number for number, (start, end) in enumerate(lines) if ASKED.fullmatch(text, start, end)]
    asking = [number for number in asking if number + 1 < len(lines) and number + 1 not in asking]
    if len(asking) < ASKED_TIMES:
        return []
    answers = [lines[number + 1 : after] for number, after in zip(asking, [*asking[1:], len(lines)], strict=True)]
    # Behind the first paragraph of the last answer the article can go on.
    answers = [_in_marks(text, answer) for answer in [*answers[:-1], answers[-1][:1]]]
    intro = text[: lines[asking[0]][0]]
    said = [" ".join(text[slice(*pair)] for pair in answer) for answer in answers]
    names = list(dict.fromkeys(m[2] for m in FULL_NAME.finditer(intro)))
    own = sum(_is_own(answer) for answer in said)
    if not names or OWN_VIEW.search(UNQUOTED.sub("", intro)) or own < OWN_SHARE * len(said):
        return []
    interviewed = max(names, key=intro.count)
    if any(re.search(rf"\b{re.escape(interviewed)}\b", answer) for answer in said):
        return []
    questions = [Turn(None, None, (lines[number],), is_question=True) for number in asking]
    return sorted([*questions, *(Turn(None, None, tuple(answer)) for answer in answers)], key=lambda turn: turn.area)


def _is_own(answer: str) -> bool:
    """An answer says "I", or is in quotation marks as a whole; where both mix, an article quotes somebody."""
    outside = UNQUOTED.sub("", answer)
    return OWN_VIEW.search(outside) is not None or not any(map(str.isalnum, outside))


def _in_marks(text: str, answer: Sequence[Pair]) -> Sequence[Pair]:
    """Of an answer that begins in quotation marks as a whole, what goes on in them; the rest is the article's."""
    whole = [not any(map(str.isalnum, UNQUOTED.sub("", text[slice(*pair)]))) for pair in answer]
    return answer[: whole.index(False)] if whole[0] and False in whole else answer
