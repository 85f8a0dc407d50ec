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

TIME = r"(?:[\[(]?\d{1,2}(?::\d{2}){1,2}(?:[.,]\d{1,3})?[\])]?|(?:\d+ minutes? )?\d+ seconds?)"
NAME = rf"{CAPITALISED}(?: [\w.’'&-]+){{0,4}}?"
# An office can be longer, where who holds it stands behind it in brackets.
OFFICE = rf"[Tt]he(?: [\w.’',&-]+){{1,12}}(?= \({CAPITALISED} )"
# Behind the name: what the person is or where, "(RET.), SAFETY PANEL", and the time.
ROLE = rf"(?: \([^()\n]{{1,40}}\)){{0,2}}(?:, [^:.!?“”\"\n]{{2,80}}?)?(?: {TIME})?"
# The same in capitals, which may hold points: "REAR ADM. C. BRILL (RET.), SAFETY PANEL".
CAPITALS = r"[^\W\d_a-z][^a-z:!?“”\"\n]{1,100}"
LABEL = re.compile(
    rf"(?:>>\s*)?(?:{TIME}\s+(?:[-–—|•]\s+)?)?(?:({OFFICE}|{NAME}){ROLE}|({CAPITALS}))(:)\s+(?=\S)"
    rf"|{TIME}\s+From\s+({NAME})(?:\s+to\s+[^:\n]{{1,60}}?)?\s*(:)\s+(?=\S)"  # The chat beside a meeting.
    r"|(A)(\.|(?=\s{2}))\s+(?=[A-Z“\"])|Q[.:]?\s*(?=[A-Z“\"])"
)
# A name and a time on one or two lines of their own, as programs for meetings write them; the words stand below.
BETWEEN = r"\]?[^\S\n]*(?:[-–|•,][^\S\n]*|\n[^\S\n]*)?"
HEAD = re.compile(rf"(?:\[?({NAME}){BETWEEN}{TIME}|{TIME}{BETWEEN}\[?({NAME})\]?):?[^\S\n]*(?=\n|\Z)")
SENTENCE_END = re.compile(r"\w{3}[.!?]\Z")  # The last words of what was said before, not a name.
TIMED_LINE = re.compile(TIME)
ASIDE = re.compile(rf"[\[(][^\[\]()\n]*[\])]|{TIME}|[\W_]+")  # [Applause], a time, a rule.
OUTSIDE = re.compile(r"[,(]")
# "The Minister for Ports (Lena Brask)": the office, then who holds it.
FULL = rf"{CAPITALISED}(?: {CAPITALISED})+"
HOLDER = re.compile(rf"((?:The|THE) [^(\n]*?) *\((?:[A-Z][a-z]{{1,3}}\.? )?({FULL})\)")
BRACKETED = re.compile(rf" \(({FULL})\)")
# "ANA LEE, having been duly sworn, …": whose the answers and the words of "THE WITNESS" are from there on.
SWORN = re.compile(rf"({FULL}),\s+(?:[a-z, ]{{0,60}}\b)?sworn\b")
WITNESS = "THE WITNESS"
MARKED = ">>"  # Another speaker in captions, named or not.
FULL_NAME = re.compile(r"\b([^\W\d_a-z][\w’'-]+) (?=([^\W\d_a-z][\w’'-]+))")
ASKS, OWN_VIEW = re.compile(r"\?"), re.compile(r"\bI\b")
# What only somebody who speaks says of himself; behind the last turn an article or a note of the editors can go on.
OWN_WORDS = re.compile(r"\b(?:I|we|my|our|me)\b", re.I)
ANSWER, QUESTION = "A", "Q"
SPELT_OUT = {"ANSWER": ANSWER, "QUESTION": QUESTION}
# Labels of a list of events, of a recipe or of a contact, not of anybody who speaks.
NO_SPEAKERS = frozenset(
    "what when where who why how price prices cost address phone tickets hours date time info note notes editor photo "
    "image video more read related update correction source sources location website email contact by from to".split()
)
# A line that ends as a sentence does, or is broken off.
SENTENCE = re.compile(r"[.!?…—–:,;-][”\"’')\]]*(?:\s*[\[(][^\[\]()\n]*[\])])?\Z")
TURNS, TURNS_OF_ONE = 4, 2  # So many turns make an interview, if one speaker has so many;
TURNS_ALONE = 3  # and so many where there is nothing else.
TIMED = 2  # So many names with their times make a transcript.
GAP = 3  # Paragraphs that an answer takes in whatever they say.
ASKED = re.compile(r"[^\n“”\"]{5,300}\?(?: \([^()\n]{1,60}\))?")  # Who asks may stand behind it.
UNQUOTED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?")
# So many questions, so many of the answers with an "I", and this share with that or a "we", make an interview.
ASKED_TIMES, OWN_TIMES, OWN_SHARE = 3, 2, 0.6
MOSTLY = 0.8  # Share of the paragraphs that are turns where nothing else is;
MOST_OF_ALL = 0.5  # and where all labels are in capitals, as in records of what was said.


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
    said_by: Pair | None = None  # Where the speaker is named whom the label only describes.

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
        words = tuple(self.name.split())
        # "Speaker 1" is told from "Speaker 2" by its whole name.
        return self.name if self.name in (ANSWER, QUESTION) or words[-1].isdigit() else surname(words)


def turns(text: str, *, unlabelled: bool = True) -> list[Turn]:
    """The turns of an article, questions marked Q among them; none where it is no interview or transcript.

    `unlabelled` says whether questions and answers without any label are turns, too.
    """
    lines = list(paragraphs(text))
    heads = _heads(text, lines)
    if len(heads) >= TIMED:
        return list(_cut(text, lines, heads, to_the_end=True))
    labels = [label for number, line in enumerate(lines) if (label := _label(text, number, line))]
    labels = _without_headings(text, lines, labels)
    labels = _without_fields(text, lines, labels)
    if not _is_interview(text, lines, labels):
        return _unlabelled(text, lines) if unlabelled else []
    in_capitals = all(label.name.isupper() for label in labels) and labels[0].name not in (ANSWER, QUESTION)
    return list(_cut(text, lines, labels, to_the_end=in_capitals))


def _without_headings(text: str, lines: Sequence[Pair], labels: list[_Label]) -> list[_Label]:
    """The labels but those of "Harbour Bill: Second reading", whose line ends no sentence where most others do."""
    ended = [SENTENCE.search(text, label.words, lines[label.line][1]) is not None for label in labels]
    if sum(ended) < MOSTLY * len(labels):
        return labels
    return [label for label, is_ended in zip(labels, ended, strict=True) if is_ended]


def _without_fields(text: str, lines: Sequence[Pair], labels: list[_Label]) -> list[_Label]:
    """The labels but those of "Guest: Ann Lee", above the first that comes again: they end no sentence.

    Nor is the name of a programme with its title a turn, where all who speak are labelled in capitals or with a time.
    """
    counts = Counter(label.key for label in labels)
    first = next((n for n, label in enumerate(labels) if counts[label.key] > 1), 0)
    always = [all(form) for form in zip(*(_form(text, lines, label) for label in labels[first:]), strict=True)]
    ended = [
        SENTENCE.search(text, label.words, lines[label.line][1]) is not None
        and all(form or not is_due for form, is_due in zip(_form(text, lines, label), always, strict=True))
        for label in labels[:first]
    ]
    return [label for label, is_ended in zip(labels, ended, strict=False) if is_ended] + labels[first:]


def _form(text: str, lines: Sequence[Pair], label: _Label) -> tuple[bool, bool]:
    """Whether a label is in capitals, and whether a time stands before it."""
    return label.name.isupper(), TIMED_LINE.match(text, lines[label.first][0]) is not None


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
    group = next((group for group in (1, 2, 4, 6) if match[group]), None)
    if group is None:
        return _Label(number, number, QUESTION, None, None, match.end())
    start, end = match.span(group)
    if holder := HOLDER.match(text, start, match.end()):
        start, end = holder.span(2)
    cut = OUTSIDE.search(text, start, end)
    end = start + len(text[start : cut.start() if cut else end].rstrip())
    name = SPELT_OUT.get(text[start:end].upper(), text[start:end])
    if not name or name.split()[0].lower() in NO_SPEAKERS or OWN_WORDS.match(name):
        return None
    place = None if name == QUESTION else (start, end)
    return _Label(number, number, name, place, _mark(match), match.end())


def _mark(match: re.Match[str]) -> Pair | None:
    """What closes a label, where it has more than white space for that."""
    return next((match.span(group) for group in (3, 5, 7) if match[group]), None)


def _is_interview(text: str, lines: Sequence[Pair], labels: Sequence[_Label]) -> bool:
    """Answers marked A, or to questions marked Q, or turns of several who ask or say "I" and are named more fully."""
    counts = Counter(label.key for label in labels if label.name != QUESTION)
    if counts[ANSWER] >= TURNS_OF_ONE:
        return True
    often = {key for key, count in counts.items() if count >= TURNS_OF_ONE}
    share = len(labels) / (len(lines) - labels[0].line) if labels else 0.0
    if often and sum(label.name == QUESTION for label in labels) >= TURNS_OF_ONE:
        return True
    is_marked = sum(text.startswith(MARKED, start) for start, _ in lines) >= TURNS_ALONE
    if is_marked and often:
        return True
    in_capitals = all(label.name.isupper() for label in labels)
    least = TURNS_ALONE if share == 1 or in_capitals else TURNS
    spoken = " ".join(text[label.words : lines[label.line][1]] for label in labels)
    asks, own = ASKS.search(spoken), OWN_WORDS.search(spoken)
    full = [" " in label.name for label in labels if label.place]
    are_full, is_mixed = all(full), any(full)
    if share == 1 and len(counts) > 1 and are_full and asks and own:
        return True
    if counts.total() < least or len(counts) < 2 or not often:
        return False
    if _named(text, labels) & often:
        return bool(asks or own)
    if in_capitals and share >= MOST_OF_ALL:
        return bool(asks or own)
    return bool(asks and own) and share >= MOSTLY and (are_full or (is_mixed and len(often) > 1))


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
    holders = _holders(text, labels)
    following = [*(label.first for label in labels[1:]), _end(text, lines, labels, whole=to_the_end)]
    for label, after in zip(labels, following, strict=True):
        first = [(label.words, lines[label.line][1])] if label.words < lines[label.line][1] else []
        in_capitals = text[label.words : lines[after - 1][1]].isupper()
        rest = [
            pair
            for pair in _own(text, label, lines[label.line + 1 : after])
            if not ASIDE.fullmatch(text, *pair) and (in_capitals or not _is_stage_direction(text, pair))
        ]
        if first or rest:
            named = holders.get(label.name.lower()) or _sworn(text, label)
            if [named] == [*first, *rest]:
                continue  # "Host: Ann Lee" is nothing said.
            yield Turn(label.place, label.mark, (*first, *rest), label.name == QUESTION, named)


def _holders(text: str, labels: Sequence[_Label]) -> dict[str, Pair]:
    """Where those are named whom a label only describes: "The Minister (Ann Lee)", "HOST (Ann Lee):", "Host: Ann Lee".

    What stands in brackets behind one word in capitals is a person where the text has that surname again.
    """
    found = {}
    for label in labels:
        if label.place and label.name.isupper() and len(label.name) > 1 and label.name.lower() not in found:
            beside = BRACKETED.match(text, label.place[1])
            again = beside and len(re.findall(rf"\b{re.escape(surname(tuple(beside[1].split())))}\b", text, re.I)) > 1
            if named := (beside if again else _headed(text, label)):
                found[label.name.lower()] = named.span(1)
    return found | {m[1].lower(): m.span(2) for m in HOLDER.finditer(text)}


def _headed(text: str, label: _Label) -> re.Match[str] | None:
    """ "Host: Ann Lee" on a line of its own, where the label is HOST."""
    return re.search(rf"^{re.escape(label.name.capitalize())}:[ \t]+({FULL})(?<!\.)[ \t]*$", text, re.M)


def _sworn(text: str, label: _Label) -> Pair | None:
    """The witness who was sworn last before an answer."""
    if label.name != ANSWER and label.name.upper() != WITNESS:
        return None
    return max((match.span(1) for match in SWORN.finditer(text, 0, label.words)), default=None)


def _is_stage_direction(text: str, pair: Pair) -> bool:
    """True for "CROSS-EXAMINATION" and "BY MR. LEE:", which nobody says."""
    line = text[slice(*pair)]
    return line.isupper() and line[-1] not in '.!?…”"'


def _end(text: str, lines: Sequence[Pair], labels: Sequence[_Label], *, whole: bool) -> int:
    """Behind which paragraph the last turn ends, at the latest before one that names a speaker.

    All of them up to there belong to a `whole` transcript; else the last that says "I" or "we".
    """
    end = labels[-1].line + 1
    keys = {label.key for label in labels if label.place and label.key != ANSWER}
    names = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(keys)))})\b", re.I) if keys else None
    for number in range(end, len(lines)):
        paragraph = UNQUOTED.sub("", text[slice(*lines[number])])
        if names and names.search(paragraph):
            break
        if whole or OWN_WORDS.search(paragraph):
            end = number + 1
    return end


def _own(text: str, label: _Label, lines: Sequence[Pair]) -> Sequence[Pair]:
    """A turn's further paragraphs; where there are many, up to one that tells of its own speaker: that is the article.

    "Aumont then left the room" is nothing that Aumont says.
    """
    # In captions, a mark begins the turn of somebody who is not named.
    marked = next((number for number, line in enumerate(lines) if text.startswith(MARKED, line[0])), len(lines))
    lines = lines[:marked]
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
    own, ours = (sum(_is_own(answer, words) for answer in said) for words in (OWN_VIEW, OWN_WORDS))
    is_told = own >= OWN_TIMES and ours >= OWN_SHARE * len(said)
    if not names or OWN_VIEW.search(UNQUOTED.sub("", intro)) or not is_told:
        return []
    interviewed = max(names, key=intro.count)
    if any(re.search(rf"\b{re.escape(interviewed)}\b", answer) for answer in said):
        return []
    questions = [Turn(None, None, (lines[number],), is_question=True) for number in asking]
    return sorted([*questions, *(Turn(None, None, tuple(answer)) for answer in answers)], key=lambda turn: turn.area)


def _is_own(answer: str, words: re.Pattern[str]) -> bool:
    """An answer says "I", or is in quotation marks as a whole; where both mix, an article quotes somebody."""
    outside = UNQUOTED.sub("", answer)
    return words.search(outside) is not None or not any(map(str.isalnum, outside))


def _in_marks(text: str, answer: Sequence[Pair]) -> Sequence[Pair]:
    """Of an answer that begins in quotation marks as a whole, what goes on in them; the rest is the article's."""
    whole = [not any(map(str.isalnum, UNQUOTED.sub("", text[slice(*pair)]))) for pair in answer]
    return answer[: whole.index(False)] if whole[0] and False in whole else answer
