"""Tell what labels who speaks, by typography alone: a name and a colon, a dash or a tab; a name and a time; a Q or an
A; and a name that has a line to itself, with an office or a party.

In: an article's text and its paragraphs. Out: labels, with the place of the name and where the words begin. Whether
they make an interview is told elsewhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.text.capitals import are_capitals
from ingest.text.marks import OPENING
from ingest.text.names import CAPITALISED, HONORIFICS, TITLES, surname
from rag.text import terms

Pair = tuple[int, int]

# The day before a time, as programs for chats write it: "12/03/2026, 08:14".
DAY = r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s+)"
# The half of the day behind a time, which is nobody's name; or none.
HALF = r"(?:[ \u202f]?[AaPp]\.?[Mm]\.?(?!\w)|(?![ \u202f]?[AaPp]\.?[Mm]\.?(?!\w)))"
TIME = rf"(?:[\[(]?{DAY}?\d{{1,2}}(?::\d{{2}}){{1,2}}(?:[.,]\d{{1,3}})?{HALF}[\])]?|(?:\d+ minutes? )?\d+ seconds?)"
# A device that takes part in a meeting is named as its maker writes it, "iPhone".
NAME = rf"(?:[a-z](?=[^\W\d_a-z])[\w’'-]+|{CAPITALISED})(?: [\w.’'&-]+){{0,4}}?"
# An office can be longer, where who holds it stands behind it in brackets.
OFFICE = rf"[Tt]he(?: [\w.’',&-]+){{1,12}}(?= \({CAPITALISED} )"
# Behind the name: what the person is or where, "(RET.), SAFETY PANEL", and the time.
ROLE = rf"(?: [(\[][^()\[\]\n]{{1,40}}[)\]]){{0,2}}(?:, [^:.!?“”\"\n]{{2,80}}?)?(?: {TIME})?"
# The same in capitals, which may hold points: "COL. A. TARN (RET.), RIVER BOARD", "J. McTARN, U.S. ENVOY".
CAPITALS = r"[^\W\d_a-z](?:[^a-z:!?“”\"\n\t]|(?<=[A-Z])[a-z]{1,2}(?=[A-Z]{3})){1,100}"
# As the records of Congress have it, closed by a full stop: "Ms. Lee. I thank ...", "The Chairman. So ordered."
HELD = "|".join(sorted(title.capitalize() for title in TITLES))
# Of two with one surname the place tells, "Mr. LEE of Tarn", and the name or the office may be in capitals.
PLACE_WORD = rf"{CAPITALISED}(?<!\w{{3}}\.)"  # Behind "Tarn." another sentence begins, behind "St." none.
OF_PLACE = rf" of {PLACE_WORD}(?: {PLACE_WORD}){{0,3}}?"
PLACED_NAME = re.compile(rf"(?:{HELD})\.? ({CAPITALISED})({OF_PLACE})")
OFFICE_HELD = rf"(?:{HELD}|{HELD.upper()})(?: (?:{HELD}|{HELD.upper()}))?"
# In capitals a surname may be of several words, "Ms. ORR LEE", and an office any, "The CLERK", "The PRESIDING OFFICER".
LOUD = r"(?:[A-Z][a-z]{1,2}(?=[A-Z]{3}))?[^\W\d_a-z][^\W\d_a-z’'-]*[^\W\d_a-z]{2}(?![\w’'-])"
TITLED_NAME = (
    rf"(?:(?:{HELD})\.? (?:{LOUD}(?: {LOUD}){{0,2}}|{CAPITALISED})(?:{OF_PLACE})?"
    rf"|The (?:{OFFICE_HELD}|{LOUD}(?: {LOUD})?)(?: pro tem(?:pore)?)?)"
)
# A number before who asks an oral question, "4." or "Q38", and a number for a name in a chat.
NUMBER, PHONE = r"(?:[A-Z]?\d{1,3}\.|Q\d{1,4}[.:]?)\s+", r"\+\d[\d ()-]{6,20}(?=:)"
# What closes a label: a colon, as in minutes of parliaments a point and a dash, or the border of a cell.
CLOSE = r"(:|\.\s[–—]|\t(?=[^\t\n]*\Z))"
BRACKETED_TIME = r"[\[(]\d{1,2}(?::\d{2}){1,2}(?:[.,]\d{1,3})?[\])]"
# "The Minister for Ports (Lena Brask)": the office, then who holds it.
FULL = rf"{CAPITALISED}(?: {CAPITALISED})+"
# Without "The" where a title in the brackets shows that a person stands there: "Madam Speaker (Dame Lena Brask)".
HONORIFIC = "|".join(sorted(honorific.capitalize() for honorific in HONORIFICS))
HOLDER = re.compile(
    rf"((?:The|THE) [^(\n]{{0,120}}?|{CAPITALISED}[^(\n:]{{0,40}}?(?= *\((?:{HONORIFIC})\.? ))"
    rf" *\((?:[A-Z][a-z]{{1,3}}\.? )?({FULL})\)"
)
LABEL = re.compile(
    rf"\u200e?(?:>>\s*|{NUMBER})?(?:{TIME}\s+(?:[-–—|•]\s+)?(?!From\s))?(?:({OFFICE}|{NAME}|{PHONE}){ROLE}|({CAPITALS})){CLOSE}(?:\s*(?<=\s)(?=\S)|(?<=:)\Z)"
    rf"|{TIME}\s+From\s+({NAME})(?:\s+to\s+[^:\n]{{1,60}}?)?\s*(:)(?:\s+(?=\S)|\Z)"  # The chat beside a meeting.
    r"|(A)(\.|(?=\s{2}))\s+(?=[A-Z“\"])|Q(?:[.:]?\s*(?=[A-Z“\"])|[.:]?\s{2,}(?=\S))"
    rf"|({NAME})\s+{BRACKETED_TIME}\s+(?=\S)"
    rf"|({TITLED_NAME})(?: \([^()\n]{{1,60}}\))?(\.)\s+(?=[A-Z“\"])"
)
# What stands before a label where the file itself says who speaks: "Ann Lee (Tarn): " is one, however it looks.
TOLD = "\u2002"
TOLD_LABEL = re.compile(r"([^:\n]+)(:)\s")
CHAT = 4  # The group of a name in a chat, below which the words may stand.
# A name and a time on one or two lines of their own, as programs for meetings write them; the words stand below.
BETWEEN = r"\]?[^\S\n]*(?:[-–|•,][^\S\n]*|\n[^\S\n]*)?"
# "Lee, Ann (Harbour Office)", as the lists of a firm have their names.
LISTED = rf"{NAME}(?:, {CAPITALISED})?"
LISTED_NAME = re.compile(rf"({NAME}), ({CAPITALISED})")
HEAD = re.compile(
    rf"(?:\[?({LISTED})(?: \([^()\n]{{1,40}}\))?{BETWEEN}{TIME}|{TIME}{BETWEEN}\[?(?!From\s)({NAME})\]?)"
    r":?[^\S\n]*(?=\n|\Z)"
)
# A name with what its owner is, on a line of its own: "Ann Lee (Northmere) (Lab)", "Ann Lee -- Chief Executive".
TITLED = re.compile(
    rf"(?:{OFFICE} \({FULL}\)|({NAME})(?:(?: \([^()\n]{{1,40}}\)){{1,2}}|\s+(?:--|[—–])\s+[^\n.!?“”\"]{{2,80}}))"
)
BARE = re.compile(rf"({NAME})")
PRESENT = re.compile(rf"({NAME})\s+-\s+[^\n.!?“”\"]{{2,80}}")
LEAST = 2  # Of such names, and of lines with the same one;
SHARE = 0.25  # and of the lines from the first one on: credits of pictures are fewer.
SENTENCE_END = re.compile(r"\w{3}[.!?]\Z")  # The last words of what was said before, not a name.
OUTSIDE = re.compile(r"[,(\[]")
# What only somebody who speaks says of himself; behind the last turn an article or a note of the editors can go on.
OWN_WORDS = re.compile(r"\b(?:I|we|my|our|me)\b", re.I)
# A line that ends as a sentence does, or is broken off.
SENTENCE = re.compile(r"[.!?…—–:,;-][”\"’')\]]*(?:\s*[\[(][^\[\]()\n]*[\])])?\Z")
ANSWER, QUESTION = "A", "Q"
SPELT_OUT = {"ANSWER": ANSWER, "QUESTION": QUESTION}
# Labels of a list of events, of a recipe or of a contact, not of anybody who speaks.
NO_SPEAKERS = frozenset(
    "what when where who why how price prices cost address phone tickets hours date time info note notes editor photo "
    "image video more read related update correction source sources location website email contact by from to".split()
)


@dataclass(frozen=True, slots=True)
class Label:
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

    @property
    def is_in_capitals(self) -> bool:
        """True for "ANN LEE", and for "ANN McTARN"."""
        return are_capitals(self.name)


def titled_of(text: str, lines: Sequence[Pair]) -> list[Label]:
    """The names on lines of their own with an office, a party or a role, above words; then bare names there, too.

    One of them comes again; a name below a quotation in marks is its signature. Bare names alone, of which two at least
    come again, will do as well.
    """
    above = [None, *lines]
    titled = [
        number
        for number, line in enumerate(lines)
        if TITLED.fullmatch(text, *line) and not ((before := above[number]) and text[before[0]] in OPENING)
    ]
    labels = [_titled(text, number, lines[number]) for number in titled]
    taken = set(titled)
    bare = [
        _titled(text, number, line)
        for number, line in enumerate(lines[:-1])
        if number not in taken
        and BARE.fullmatch(text, *line)
        and not SENTENCE_END.search(text, *line)
        and SENTENCE.search(text, *lines[number + 1])
    ]
    # Who was given an office or a party once may stand without it from there on.
    names = {label.name for label in labels}
    again = [label for label in bare if label.name in names]
    counts = Counter(label.key for label in (*labels, *again))
    found = sorted([*labels, *bare], key=lambda label: label.first)
    if len({label.key for label in labels}) < LEAST or max(counts.values()) < LEAST:
        # A list of who takes part has each name once.
        part = {match[1] for line in lines if (match := PRESENT.fullmatch(text, *line))}
        alone = Counter(label.key for label in bare)
        alone.update({label.key for label in bare if label.name in part})
        found = bare if sum(count >= LEAST for count in alone.values()) >= LEAST else []
    return found if found and len(found) >= SHARE * (len(lines) - found[0].first) else []


def _titled(text: str, number: int, line: Pair) -> Label:
    holder, named = HOLDER.match(text, *line), TITLED.fullmatch(text, *line) or BARE.fullmatch(text, *line)
    place = holder.span(2) if holder else named.span(1) if named else line
    return Label(number, number, text[slice(*place)], place, None, line[1])


def heads_of(text: str, lines: Sequence[Pair]) -> list[Label]:
    """The names with a time beside, above or below them; the words begin in the paragraph after both."""
    found: list[Label] = []
    starts = [start for start, _ in lines]
    done = -1
    for start, _ in lines:
        match = HEAD.match(text, start) if start > done else None
        if match and not (match[1] and SENTENCE_END.search(match[1])):
            done = match.end()
            last = bisect_left(starts, done) - 1
            number = bisect_left(starts, start)
            place = match.span(1 if match[1] else 2)
            found.append(Label(number, last, text[slice(*place)], place, None, lines[last][1]))
    return found


def told_of(text: str, lines: Sequence[Pair]) -> list[Label]:
    """The labels of which the file says that they are some."""
    return [
        Label(number, number, text[slice(*place)], place, match.span(2), match.end())
        for number, line in enumerate(lines)
        if text.startswith(TOLD, line[0] - 1) and (match := TOLD_LABEL.match(text, *line))
        for place in [_place(text, *match.span(1), match.end())]
    ]


def label_of(text: str, number: int, line: Pair) -> Label | None:
    """The label at the head of a paragraph."""
    match = LABEL.match(text, *line)
    if match is None:
        return None
    group = next((group for group in (1, 2, 4, 6, 8, 9) if match[group]), None)
    if group is None:
        return Label(number, number, QUESTION, None, None, match.end())
    start, end = _place(text, *match.span(group), match.end())
    name = SPELT_OUT.get(text[start:end].upper(), text[start:end])
    # "What they said:" and "TIPS OF THE WEEK:" lead to what stands below them; "ANN LEE, HOST:" is a speaker.
    leads = match.end() == line[1] and group != CHAT
    if leads and not (are_capitals(name) and OUTSIDE.search(match[0])):
        return None
    if not name or name.split()[0].lower() in NO_SPEAKERS or OWN_WORDS.match(name.removeprefix("I.")):  # "I. LEE:"
        return None
    if " " in name and not terms(name):  # "And this, from her doorman:"
        return None
    place = None if name == QUESTION else (start, end)
    return Label(number, number, name, place, _mark(match), match.end())


def _place(text: str, start: int, end: int, stop: int) -> Pair:
    """Where the name stands in a label: without what the person is or where, and who holds an office for the office."""
    if holder := HOLDER.match(text, start, stop):
        start, end = holder.span(2)
    cut = OUTSIDE.search(text, start, end)
    return start, start + len(text[start : cut.start() if cut else end].rstrip())


def _mark(match: re.Match[str]) -> Pair | None:
    """What closes a label, where it has more than white space for that."""
    return next((match.span(group) for group in (3, 5, 7, 10) if match[group] and match[group].strip()), None)
