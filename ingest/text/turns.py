"""Find the turns of interviews, transcripts and captions: the label says who speaks, the turn is whole however long.

In: an article's text. Out: turns with the places of their labels and words. What is a label is told by typography
alone: a name and a colon, a name and a time, a Q or an A; and only where labels come again and again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from ingest.text.capitals import are_capitals
from ingest.text.chats import chat_turns
from ingest.text.endings import last_end, set_apart
from ingest.text.interjections import Interjection, around, interjections
from ingest.text.names import LOWER_WORD, surname
from ingest.text.record_names import TESTIFIES, named_in_full, testifying, witness
from ingest.text.turn import Pair, Turn
from ingest.text.turn_labels import (
    ANSWER,
    DAY,
    FULL,
    HOLDER,
    NAME,
    OWN_WORDS,
    QUESTION,
    SENTENCE,
    TIME,
    Label,
    heads_of,
    label_of,
    titled_of,
    told_of,
)
from ingest.text.unlabelled import ASKED_TIMES, ASKS, FULL_NAME, SET_APART, unlabelled_turns
from rag.text import paragraphs

TIMED_LINE = re.compile(TIME)
# A time of a recording, to the second or in brackets: those of the entries of a live page are neither.
STAMPED_LINE = re.compile(
    rf"\u200e?(?:[\[(]{DAY}?\d{{1,2}}(?::\d{{2}}){{1,2}}|{DAY}\d{{1,2}}:\d{{2}}|\d{{1,2}}(?::\d{{2}}){{2}})"
)
ZONED_LINE = re.compile(rf"{DAY}\d{{1,2}}(?::\d{{2}}){{1,2}} ?[A-Z]{{2,5}}: ")  # "2026-03-04 10:15 UTC: It fails."
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
# At the head of a turn, and between two of its sentences: "It rang. [BELL TOLLS] I heard it."
DIRECTION = (
    r"(?:\[[^\W\d_][^\[\] A-Z]*(?: [^\[\]A-Z]*)?\]|\([a-z][^()\nA-Z]{1,30}\)"
    r"|[\[(][^\W\d_a-z][^\[\]()a-z\n]{1,39}[\])]):?\s+(?=[A-Z“\"])"
)
AT_THE_HEAD, BETWEEN = re.compile(DIRECTION), re.compile(rf"(?:(?<=[.!?…])|(?<=[.!?…][”\"]))\s+{DIRECTION}")
# "Ann Lee (Northmere) (Lab) rose—": a record's word for what somebody does who is not called.
RISEN = re.compile(rf"{NAME}(?: \([^()\n]{{1,40}}\)){{0,2}} [a-z]+[—–]")
BRACKETED = re.compile(rf" \(({FULL})\)")
OF_PROGRAM = "\u200e"  # What the program says begins with a mark that nobody sees: "image omitted".
MARKED, CHANGE = ">>", re.compile(r">>+\s*")  # Another speaker in captions, named or not.
NUMBERED = re.compile(r"Q\d{1,4}\b")  # The questions of a committee.
TURNS, TURNS_OF_ONE = 4, 2  # So many turns make an interview, if one speaker has so many;
TURNS_ALONE = 3  # and so many where there is nothing else.
TIMED = 2  # So many names with their times make a transcript.
HEADING_WORDS = 8  # The longest heading between two turns.
GAP = 3  # Paragraphs that an answer takes in whatever they say.
LONGEST_ZONE = 4  # Letters of the zone of a time.
HEARD, MOSTLY_HEARD = 2, 0.6  # So many labels, and this share of them, are sources for the tagger, too.
MOSTLY = 0.8  # Share of the paragraphs that are turns where nothing else is;
MOST_OF_ALL = 0.5  # and where all labels are in capitals, as in records of what was said.


def turns(text: str, *, unlabelled: bool = True, sources: Collection[Pair] = (), title: str = "") -> list[Turn]:
    """The turns of an article, questions marked Q among them; none where it is no interview or transcript.

    `unlabelled` says whether questions and answers without any label are turns, too. `sources` are the places that the
    tagger takes for somebody who speaks: they tell a short exchange from a list. `title` may name who answers.
    """
    lines = list(paragraphs(text))
    if told := told_of(text, lines):
        return list(_whole(text, lines, told))
    if chat := chat_turns(text, lines):
        return chat
    heads = heads_of(text, lines)
    if len(heads) >= TIMED and not _are_zones(heads):
        return list(_cut(text, lines, heads, to_the_end=True))
    titled = titled_of(text, lines)
    if titled and OWN_WORDS.search(text, titled[0].words):
        return list(_cut(text, lines, titled, to_the_end=True))
    labels = [
        label
        for number, line in enumerate(lines)
        if (label := label_of(text, number, line)) and not TESTIFIES.match(text, *line)
    ]
    labels = _without_headings(text, lines, labels)
    labels = _without_fields(text, lines, labels)
    if labels and _are_zones(labels) and all(ZONED_LINE.match(text, lines[label.first][0]) for label in labels):
        labels = []
    if not (_is_interview(text, lines, labels) or _is_exchange(text, lines, labels, sources)):
        return unlabelled_turns(text, lines, labels, title) if unlabelled else []
    in_capitals = all(label.is_in_capitals for label in labels) and labels[0].name not in (ANSWER, QUESTION)
    is_pointed = all(_is_pointed(text, label) for label in labels)
    is_whole = in_capitals or is_pointed or all(_is_timed(text, lines, label) for label in labels)
    return list(_cut(text, lines, _with_marks(text, lines, labels), to_the_end=is_whole))


def _with_marks(text: str, lines: Sequence[Pair], labels: Sequence[Label]) -> list[Label]:
    """The labels, and the marks of captions behind which nobody is named: somebody else speaks from there on."""
    labelled = {label.first for label in labels}
    marks = ((n, CHANGE.match(text, *line)) for n, line in enumerate(lines) if n not in labelled)
    bare = [
        Label(n, n, MARKED, (mark.start(), mark.start() + len(MARKED)), None, mark.end()) for n, mark in marks if mark
    ]
    return sorted([*labels, *bare], key=lambda label: label.first)


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

    Nor is the name of a programme with its title a turn, where all who speak are labelled in capitals or with a time,
    nor who is present, above the first question that has a number.
    """
    counts = Counter(label.key for label in labels)
    numbered = [n for n, label in enumerate(labels) if NUMBERED.match(text, lines[label.first][0])]
    if len(numbered) >= TURNS_OF_ONE:
        labels = [label for n, label in enumerate(labels) if n >= numbered[0] or counts[label.key] > 1]
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
    """True where the line of a label ends a sentence, has the label alone, or a time that no heading has."""
    end = lines[label.line][1]
    return label.words == end or _is_stamped(text, lines, label) or SENTENCE.search(text, label.words, end) is not None


def _form(text: str, lines: Sequence[Pair], label: Label) -> tuple[bool, bool, bool]:
    """Whether a label is in capitals, whether a time stands before it, and whether a full stop closes it."""
    return label.is_in_capitals, TIMED_LINE.match(text, lines[label.first][0]) is not None, _is_pointed(text, label)


def _is_pointed(text: str, label: Label) -> bool:
    """True for "Ms. Lee. I thank": the records of Congress close their labels so."""
    return label.mark is not None and text[label.mark[0] : label.mark[1]] == "." and label.name != ANSWER


def _is_of_record(text: str, lines: Sequence[Pair], label: Label) -> bool:
    """True for "Ms. LEE. I thank", "The SPEAKER pro tempore. The time" and "The CHAIR (Ms. Ann Lee). So ordered"."""
    words = text[lines[label.first][0] : label.words].split()
    return _is_pointed(text, label) and any(are_capitals(word) and len(word.strip(".")) > 1 for word in words)


def _is_interview(text: str, lines: Sequence[Pair], labels: Sequence[Label]) -> bool:
    """Answers marked A, or to questions marked Q, or turns of several who ask or say "I" and are named more fully.

    "Ms. LEE. I rise" is written in records of assemblies only: one such turn is enough.
    """
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
    in_capitals = all(label.is_in_capitals for label in labels)
    spoken = " ".join(text[label.words : lines[label.line][1]] for label in labels)
    asks, own = ASKS.search(spoken), OWN_WORDS.search(spoken)
    is_record = all(_is_of_record(text, lines, label) for label in labels)
    if own and is_record and any(not label.name.startswith("The ") for label in labels):
        return True
    if len(labels) >= TURNS_ALONE and often and share >= MOSTLY and all(_is_set_apart(text, label) for label in labels):
        return True
    if often and len(labels) >= TURNS_ALONE and all(_is_stamped(text, lines, label) for label in labels):
        are_alone = all(label.words == lines[label.line][1] for label in labels)
        if are_alone or share >= MOSTLY:
            return True
    least = TURNS_ALONE if share == 1 or in_capitals else TURNS
    full = [" " in label.name for label in labels if label.place]
    named = _named(text, labels)
    are_full, is_mixed = all(full), any(full)
    if share == 1 and len(counts) > 1 and are_full and own and (asks or len(often) > 1):
        return True
    # Where its type tells what is asked, nobody but who answers is labelled.
    below = [label for label in labels if label.first and text.startswith(SET_APART, lines[label.first - 1][0] - 1)]
    if own and often and len(below) >= ASKED_TIMES and {label.key for label in below} <= named:
        return True
    if counts.total() < least or len(counts) < 2 or not often:
        return False
    if named & often:
        return bool(asks or own)
    if in_capitals and share >= MOST_OF_ALL:
        return bool(asks or own)
    is_dense = share >= MOSTLY or _is_asked_by_one(text, lines, labels)
    return bool(asks and own) and is_dense and (are_full or (is_mixed and len(often) > 1))


def _is_asked_by_one(text: str, lines: Sequence[Pair], labels: Sequence[Label]) -> bool:
    """True where most turns of one ask and another's turn is the next paragraph: the answers may be of several."""
    asking = Counter(
        one.key
        for one, other in pairwise(labels)
        if one.key != other.key and other.first == one.line + 1 and text[lines[one.line][1] - 1] == "?"
    )
    turns_of = Counter(label.key for label in labels)
    return any(count >= max(TURNS_OF_ONE, MOST_OF_ALL * turns_of[key]) for key, count in asking.items())


def _is_exchange(text: str, lines: Sequence[Pair], labels: Sequence[Label], sources: Collection[Pair]) -> bool:
    """Several names, full or in capitals, each before a paragraph to the end, most of which the tagger hears speak."""
    if len({label.key for label in labels}) < 2 or len(labels) < len(lines) - labels[0].line:
        return False
    heard = {start for start, _ in sources}
    told = sum(lines[label.line][0] in heard and (" " in label.name or label.is_in_capitals) for label in labels)
    spoken = " ".join(text[label.words : lines[label.line][1]] for label in labels)
    return told >= max(HEARD, MOSTLY_HEARD * len(labels)) and OWN_WORDS.search(spoken) is not None


def _is_set_apart(text: str, label: Label) -> bool:
    """True for a label closed by a point and a dash, by a cell's border, or by its time: nothing else is written so."""
    return label.place is not None and (label.mark is None or text[label.mark[1] - 1] in "–—")


def _is_stamped(text: str, lines: Sequence[Pair], label: Label) -> bool:
    return STAMPED_LINE.match(text, lines[label.first][0]) is not None


def _is_timed(text: str, lines: Sequence[Pair], label: Label) -> bool:
    """True for a label with a time of a recording before the name or behind it: "Ann Lee (00:12):"."""
    behind = text[label.place[1] : label.words] if label.place else ""
    return _is_stamped(text, lines, label) or STAMPED_LINE.match(behind.lstrip()) is not None


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
    holders, witnesses = _holders(text, labels), testifying(text, labels)
    keys, apart = {label.key for label in labels}, set_apart(text, lines, labels)
    following = [*(label.first for label in labels[1:]), last_end(text, lines, labels, whole=to_the_end)]
    for label, after in zip(labels, following, strict=True):
        first = [(label.words, lines[label.line][1])] if label.words < lines[label.line][1] else []
        in_capitals = text[label.words : lines[after - 1][1]].isupper()
        own = [pair for pair in _own(text, label, lines[label.line + 1 : after]) if pair not in apart]
        broken = [one for pair in (*first, *own) for one in interjections(text, pair, keys)]
        rest = [
            pair
            for pair in own
            if not ASIDE.fullmatch(text, *pair) and (in_capitals or not _is_stage_direction(text, pair))
        ]
        if not first and len(rest) > 1 and label is not labels[-1] and _is_heading(text, *rest[-2:]):
            rest.pop()  # Of what comes next.
        if first and text.startswith(OF_PROGRAM, label.words):
            yield Turn(None, None, (first.pop(),), is_question=True)  # Nobody's, like a question.
        content = tuple(piece for pair in (*first, *rest) for piece in _own_words(text, pair, broken))
        if content:
            named = holders.get(label.name.lower()) or witness(witnesses, label)
            if [named] == [*content]:
                continue  # "Host: Ann Lee" is nothing said.
            yield Turn(label.place, label.mark, content, label.name == QUESTION, named)
        yield from (one.turn for one in broken if one.turn)


def _whole(text: str, lines: Sequence[Pair], labels: Sequence[Label]) -> Iterator[Turn]:
    """The turns of a file that says who speaks: all that is below a label but for what the file sets apart."""
    keys = {label.key for label in labels}
    for label, after in zip(labels, [*(label.first for label in labels[1:]), len(lines)], strict=True):
        below = [line for line in lines[label.line + 1 : after] if not text.startswith(SET_APART, line[0] - 1)]
        own = [(label.words, lines[label.line][1]), *below]
        broken = [one for pair in own for one in interjections(text, pair, keys)]
        said = [pair for pair in own if not ASIDE.fullmatch(text, *pair)]
        if content := tuple(piece for pair in said for piece in _own_words(text, pair, broken)):
            yield Turn(label.place, label.mark, content)
        yield from (one.turn for one in broken if one.turn)


def _own_words(text: str, pair: Pair, broken: Sequence[Interjection]) -> Iterator[Pair]:
    """The words of whoever speaks, without those of others in brackets, and without times and stage directions."""
    for start, end in (piece for own in around(pair, broken) for piece in _undirected(text, own)):
        said = text[start:end]
        if said.strip() and (not broken or any(map(str.isalnum, said))):
            yield start + len(said) - len(said.lstrip()), start + len(said.rstrip())


def _undirected(text: str, pair: Pair) -> Iterator[Pair]:
    """The words without the times and the stage directions in brackets at either end, and between two sentences."""
    behind = AT_THE_END.search(text, max(pair[0], pair[1] - FAR), pair[1])
    end = behind.start() if behind else pair[1]
    head = AT_THE_HEAD.match(text, pair[0], end)
    start = head.end() if head else pair[0]
    for between in BETWEEN.finditer(text, start, end):
        yield start, between.start()
        start = between.end()
    yield start, end


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
    pointed = [label for label in labels if _is_pointed(text, label)]
    return found | named_in_full(text, pointed) | {m[1].lower(): m.span(2) for m in HOLDER.finditer(text)}


def _headed(text: str, label: Label) -> re.Match[str] | None:
    """ "Host: Ann Lee" on a line of its own, where the label is HOST."""
    return re.search(rf"^{re.escape(label.name.capitalize())}:[ \t]+({FULL})(?<!\.)[ \t]*$", text, re.M)


def _is_heading(text: str, above: Pair, line: Pair) -> bool:
    """True for a few words that end no sentence below one that ends, and in which nobody speaks of himself."""
    is_said = len(text[slice(*line)].split()) > HEADING_WORDS or OWN_WORDS.search(text, *line)
    return not (is_said or SENTENCE.search(text, *line)) and SENTENCE.search(text, *above) is not None


def _is_stage_direction(text: str, pair: Pair) -> bool:
    """True for "CROSS-EXAMINATION" and "BY MR. LEE:", which nobody says, and for who has risen or is a witness."""
    line = text[slice(*pair)]
    is_headed = RISEN.fullmatch(line) or (TESTIFIES.match(line) and not SENTENCE.search(line))
    return is_headed is not None or (line.isupper() and line[-1] not in '.!?…”"')


def _own(text: str, label: Label, lines: Sequence[Pair]) -> Sequence[Pair]:
    """A turn's further paragraphs; where there are many, up to one that tells of its own speaker: that is the article.

    "Harrow then left the room" is nothing that Harrow says.
    """
    if len(lines) <= GAP or label.place is None or label.key == ANSWER:
        return lines
    name = re.compile(rf"\b{re.escape(label.key)}\b", re.I)
    told = next((number for number, line in enumerate(lines) if name.search(text, *line)), len(lines))
    return lines[:told]
