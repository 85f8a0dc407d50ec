"""Find the turns of interviews, transcripts and captions: the label says who speaks, the turn is whole however long.

In: an article's text. Out: turns with the places of their labels and words. What is a label is told by typography
alone: a name and a colon, a name and a time, a Q or an A; and only where labels come again and again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ingest.text.names import LOWER_WORD, surname
from ingest.text.turn_labels import (
    ANSWER,
    DAY,
    FULL,
    HOLDER,
    OWN_WORDS,
    QUESTION,
    SENTENCE,
    TIME,
    Label,
    heads_of,
    label_of,
    titled_of,
)
from rag.text import paragraphs

Pair = tuple[int, int]

TIMED_LINE = re.compile(TIME)
# A time of a recording, to the second or in brackets: those of the entries of a live page are neither.
STAMPED_LINE = re.compile(
    rf"\u200e?(?:[\[(]{DAY}?\d{{1,2}}(?::\d{{2}}){{1,2}}|{DAY}\d{{1,2}}:\d{{2}}|\d{{1,2}}(?::\d{{2}}){{2}})"
)
CLOCK = r"\d{1,2}[:.]\d{2} ?[AaPp]\.?[Mm]\.?(?: [A-Z]{2,4})?"  # "1:22 P.M. EST"
# [Applause], a time, "END 1:22 P.M.", a rule, music, where a column of a record begins.
ASIDE = re.compile(
    rf"(?:{TIME}\s+)?(?:[\[(][^\[\]()\n]*[\])]|{TIME}|[A-Z ]*{CLOCK}|[\W_]+|[♪♫\u200e][^\n]*"
    r"|Column(?: number)? \d+[A-Z]{0,3})"
)
# What whoever wrote speech down sets at the ends of a turn: times, "[laughs] ", " (Laughter.)"; not "[The dam] leaks".
SPOKEN_ASIDE = r"\((?!(?i:I|we|my|our|me)\b)[\w’'-]+(?: [\w’'-]+){0,2}\.?\)"
AT_THE_END = re.compile(rf"(?:\s*\[[\d:.,]+\]|(?<=[.!?…—–-])\s*(?:\[[^\[\]\n]{{1,40}}\]|{SPOKEN_ASIDE}))+\Z")
FAR = 400  # Characters from the end of a turn in which such are looked for.
AT_THE_HEAD = re.compile(r"(?:\[[^\W\d_][^\[\] A-Z]*(?: [^\[\]A-Z]*)?\]|\([a-z][^()\nA-Z]{1,30}\))\s+(?=[A-Z“\"])")
BRACKETED = re.compile(rf" \(({FULL})\)")
# "ANA LEE, having been duly sworn, …": whose the answers and the words of "THE WITNESS" are from there on.
SWORN = re.compile(rf"({FULL}),\s+(?:[a-z, ]{{0,60}}\b)?sworn\b")
WITNESS = "THE WITNESS"
OF_PROGRAM = "\u200e"  # What the program says begins with a mark that nobody sees: "image omitted".
MARKED = ">>"  # Another speaker in captions, named or not.
FULL_NAME = re.compile(r"\b([^\W\d_a-z][\w’'-]+) (?=([^\W\d_a-z][\w’'-]+))")
ASKS, OWN_VIEW = re.compile(r"\?"), re.compile(r"\bI\b")
TURNS, TURNS_OF_ONE = 4, 2  # So many turns make an interview, if one speaker has so many;
TURNS_ALONE = 3  # and so many where there is nothing else.
TIMED = 2  # So many names with their times make a transcript.
HEADING_WORDS = 8  # The longest heading between two turns.
GAP = 3  # Paragraphs that an answer takes in whatever they say.
ASKED = re.compile(r"[^\n“”\"]{5,300}\?(?: \([^()\n]{1,60}\))?")  # Who asks may stand behind it.
UNQUOTED = re.compile(r"“[^”\n]*”?|\"[^\"\n]*\"?")
# So many questions, so many of the answers with an "I", and this share with that or a "we", make an interview.
ASKED_TIMES, OWN_TIMES, OWN_SHARE = 3, 2, 0.6
# Or the same share of the questions that address somebody who answers with an "I" once: an explainer's have no "I".
ADDRESSED = re.compile(r"\byou(?:r|rs)?\b", re.I)
LONGEST_ZONE = 4  # Letters of the zone of a time.
HEARD, MOSTLY_HEARD = 2, 0.6  # So many labels, and this share of them, are sources for the tagger, too.
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


def turns(text: str, *, unlabelled: bool = True, sources: Collection[Pair] = ()) -> list[Turn]:
    """The turns of an article, questions marked Q among them; none where it is no interview or transcript.

    `unlabelled` says whether questions and answers without any label are turns, too. `sources` are the places that the
    tagger takes for somebody who speaks: they tell a short exchange from a list.
    """
    lines = list(paragraphs(text))
    heads = heads_of(text, lines)
    if len(heads) >= TIMED and not _are_zones(heads):
        return list(_cut(text, lines, heads, to_the_end=True))
    titled = titled_of(text, lines)
    if titled and OWN_WORDS.search(text, titled[0].words):
        return list(_cut(text, lines, titled, to_the_end=True))
    labels = [
        label
        for number, line in enumerate(lines)
        if (label := label_of(text, number, line)) and not SWORN.match(text, *line)
    ]
    labels = _without_headings(text, lines, labels)
    labels = _without_fields(text, lines, labels)
    if not (_is_interview(text, lines, labels) or _is_exchange(text, lines, labels, sources)):
        return _unlabelled(text, lines, labels) if unlabelled else []
    in_capitals = all(label.name.isupper() for label in labels) and labels[0].name not in (ANSWER, QUESTION)
    return list(_cut(text, lines, labels, to_the_end=in_capitals))


def _are_zones(heads: Sequence[Label]) -> bool:
    """True where behind every time stands the same short word in capitals: the zone of a live page's clock."""
    names = {label.name for label in heads}
    return len(names) == 1 and (only := names.pop()).isupper() and len(only) <= LONGEST_ZONE


def _without_headings(text: str, lines: Sequence[Pair], labels: list[Label]) -> list[Label]:
    """The labels but those of "Harbour Bill: Second reading", whose line ends no sentence where most others do.

    A name that stands before sentences elsewhere is a label here, too: the point is forgotten.
    """
    ended = [_is_ended(text, lines, label) for label in labels]
    if sum(ended) < MOSTLY * len(labels):
        return labels
    names = {label.key for label, is_ended in zip(labels, ended, strict=True) if is_ended}
    return [label for label in labels if label.key in names]


def _without_fields(text: str, lines: Sequence[Pair], labels: list[Label]) -> list[Label]:
    """The labels but those of "Guest: Ann Lee", above the first that comes again: they end no sentence.

    Nor is the name of a programme with its title a turn, where all who speak are labelled in capitals or with a time.
    """
    counts = Counter(label.key for label in labels)
    first = next((n for n, label in enumerate(labels) if counts[label.key] > 1), 0)
    always = [all(form) for form in zip(*(_form(text, lines, label) for label in labels[first:]), strict=True)]
    ended = [
        _is_ended(text, lines, label)
        and (
            _initials(label) in counts
            or all(form or not is_due for form, is_due in zip(_form(text, lines, label), always, strict=True))
        )
        for label in labels[:first]
    ]
    return [label for label, is_ended in zip(labels, ended, strict=False) if is_ended] + labels[first:]


def _initials(label: Label) -> str:
    """What a label is called from its second time on where a magazine has the names once: "al" of "Ann Lee"."""
    return "".join(word[0] for word in label.name.split()).lower() if " " in label.name else ""


def _is_ended(text: str, lines: Sequence[Pair], label: Label) -> bool:
    """True where the line of a label ends a sentence, or has the label alone."""
    end = lines[label.line][1]
    return label.words == end or SENTENCE.search(text, label.words, end) is not None


def _form(text: str, lines: Sequence[Pair], label: Label) -> tuple[bool, bool]:
    """Whether a label is in capitals, and whether a time stands before it."""
    return label.name.isupper(), TIMED_LINE.match(text, lines[label.first][0]) is not None


def _is_interview(text: str, lines: Sequence[Pair], labels: Sequence[Label]) -> bool:
    """Answers marked A, or to questions marked Q, or turns of several who ask or say "I" and are named more fully."""
    short = {_initials(label): label.key for label in labels if " " in label.name}
    counts = Counter(short.get(label.key, label.key) for label in labels if label.name != QUESTION)
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
    if len(labels) >= TURNS_ALONE and often and share >= MOSTLY and all(_is_set_apart(text, label) for label in labels):
        return True
    if often and len(labels) >= TURNS_ALONE and all(_is_stamped(text, lines, label) for label in labels):
        are_alone = all(label.words == lines[label.line][1] for label in labels)
        if are_alone or share >= MOSTLY:
            return True
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


def _is_exchange(text: str, lines: Sequence[Pair], labels: Sequence[Label], sources: Collection[Pair]) -> bool:
    """Several names, full or in capitals, each before a paragraph to the end, most of which the tagger hears speak."""
    if len({label.key for label in labels}) < 2 or len(labels) < len(lines) - labels[0].line:
        return False
    heard = {start for start, _ in sources}
    told = sum(lines[label.line][0] in heard and (" " in label.name or label.name.isupper()) for label in labels)
    spoken = " ".join(text[label.words : lines[label.line][1]] for label in labels)
    return told >= max(HEARD, MOSTLY_HEARD * len(labels)) and OWN_WORDS.search(spoken) is not None


def _is_set_apart(text: str, label: Label) -> bool:
    """True for a label closed by a point and a dash, by a cell's border, or by its time: nothing else is written so."""
    return label.place is not None and (label.mark is None or text[label.mark[1] - 1] in "–—")


def _is_stamped(text: str, lines: Sequence[Pair], label: Label) -> bool:
    return STAMPED_LINE.match(text, lines[label.first][0]) is not None


def _named(text: str, labels: Sequence[Label]) -> set[str]:
    """What a label may call those whom the text names in full elsewhere, or another label: either name, initials."""
    starts = {label.place[0] for label in labels if label.place}
    plain = set(LOWER_WORD.findall(text))  # "Creator" is no surname where "creator" stands, too.
    fuller = {label.key for label in labels if " " in label.name}
    bare = {label.key for label in labels if " " not in label.name}
    full = [(m[1].lower(), m[2].lower()) for m in FULL_NAME.finditer(text) if m.start() not in starts]
    outside = {name for first, last in full for name in (first, last, first[0] + last[0])}
    return (outside | (fuller & bare)) - plain


def _cut(text: str, lines: Sequence[Pair], labels: Sequence[Label], *, to_the_end: bool) -> Iterator[Turn]:
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
        if not first and len(rest) > 1 and label is not labels[-1] and _is_heading(text, *rest[-2:]):
            rest.pop()  # Of what comes next.
        first = [pair for pair in first if not text.startswith(OF_PROGRAM, pair[0])]
        first, rest = ([_undirected(text, pair) for pair in pairs] for pairs in (first, rest))
        if first or rest:
            named = holders.get(label.name.lower()) or _sworn(text, label)
            if [named] == [*first, *rest]:
                continue  # "Host: Ann Lee" is nothing said.
            yield Turn(label.place, label.mark, (*first, *rest), label.name == QUESTION, named)


def _undirected(text: str, pair: Pair) -> Pair:
    """The words without the times and the stage directions in brackets at either end."""
    behind = AT_THE_END.search(text, max(pair[0], pair[1] - FAR), pair[1])
    end = behind.start() if behind else pair[1]
    head = AT_THE_HEAD.match(text, pair[0], end)
    return (head.end() if head else pair[0]), end


def _holders(text: str, labels: Sequence[Label]) -> dict[str, Pair]:
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


def _headed(text: str, label: Label) -> re.Match[str] | None:
    """ "Host: Ann Lee" on a line of its own, where the label is HOST."""
    return re.search(rf"^{re.escape(label.name.capitalize())}:[ \t]+({FULL})(?<!\.)[ \t]*$", text, re.M)


def _sworn(text: str, label: Label) -> Pair | None:
    """The witness who was sworn last before an answer."""
    if label.name != ANSWER and label.name.upper() != WITNESS:
        return None
    return max((match.span(1) for match in SWORN.finditer(text, 0, label.words)), default=None)


def _is_heading(text: str, above: Pair, line: Pair) -> bool:
    """True for a few words that end no sentence below one that ends, and in which nobody speaks of himself."""
    is_said = len(text[slice(*line)].split()) > HEADING_WORDS or OWN_WORDS.search(text, *line)
    return not (is_said or SENTENCE.search(text, *line)) and SENTENCE.search(text, *above) is not None


def _is_stage_direction(text: str, pair: Pair) -> bool:
    """True for "CROSS-EXAMINATION" and "BY MR. LEE:", which nobody says."""
    line = text[slice(*pair)]
    return line.isupper() and line[-1] not in '.!?…”"'


def _end(text: str, lines: Sequence[Pair], labels: Sequence[Label], *, whole: bool) -> int:
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


def _own(text: str, label: Label, lines: Sequence[Pair]) -> Sequence[Pair]:
    """A turn's further paragraphs; where there are many, up to one that tells of its own speaker: that is the article.

    "Harrow then left the room" is nothing that Harrow says.
    """
    # In captions, a mark begins the turn of somebody who is not named.
    marked = next((number for number, line in enumerate(lines) if text.startswith(MARKED, line[0])), len(lines))
    lines = lines[:marked]
    if len(lines) <= GAP or label.place is None or label.key == ANSWER:
        return lines
    name = re.compile(rf"\b{re.escape(label.key)}\b", re.I)
    told = next((number for number, line in enumerate(lines) if name.search(text, *line)), len(lines))
    return lines[:told]


def _unlabelled(text: str, lines: Sequence[Pair], labels: Sequence[Label]) -> list[Turn]:
    """The questions and answers of an interview without labels: lines that ask, and below them what an "I" answers.

    Not the questions of an explainer, whose answers have no "I", nor those of a column, whose writer says "I" from the
    beginning; and nobody names himself in his answers. The paper may be named before all of its questions.
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
    addressed = sum(ADDRESSED.search(text, *lines[number]) is not None for number in asking)
    asked_by = [label.name for label in labels if label.line in asking]
    is_labelled = len(asked_by) == len(asking) and len(set(asked_by)) == 1
    is_asked = own > 0 and (addressed >= OWN_SHARE * len(asking) or is_labelled)
    is_told = (own >= OWN_TIMES or is_asked) and ours >= OWN_SHARE * len(said)
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
