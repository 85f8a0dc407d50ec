"""Check the prose of an answer against its citations: every [n], every quoted string, every speaker that it names.

Works line by line on folded text. A line that ends in [n] must be what the program writes for citation n, with or
without role and place, or with the name in a heading above it; of any other, what is wrong with it is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from rag.people.names import PRONOUNS
from rag.schema import Citation
from rag.text import fold
from rag.verification.openings import openings
from rag.writing.citations import MARKER, cue_words, pieces
from rag.writing.compose import heading, sentence

QUOTED = re.compile(r'"([^"]*)"')
# In a folded line, where the dash before what stands beside a statement has no spaces.
ALSO = re.compile(r"(?:; | ?\()also in: .*?\)(?=(?: ?-.*)? ?\[\d+\]$)")
MARKS = "\"' "
MAX_SHOWN = 120
BEFORE_DIFFERENCE = 40  # Characters shown before the place where two texts part.
COPIED = "\ue000"  # Stands for words that were copied; private use, so no article means anything by it.


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that an answer says and the articles do not: of citation `number`, or of the text when it is None."""

    number: int | None
    what: str
    message: str


def shown(value: object) -> str:
    """A value for a message: what a terminal would obey is escaped, the middle of a long one is left out."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else " " if c.isspace() else ascii(c)[1:-1] for c in text)
    if len(text) > MAX_SHOWN:
        text = f"{text[: MAX_SHOWN // 2].rstrip()} … {text[-MAX_SHOWN // 2 :].lstrip()}"
    return f"“{text}”" if isinstance(value, str) else text


def apart(given: str, found: str) -> tuple[str, str]:
    """The two texts for a message, from a little before the first character in which they differ."""
    one, other = fold(given).text, fold(found).text
    same = _parting(one, other)
    begin = one.rfind(" ", 0, same - BEFORE_DIFFERENCE) + 1 if same > BEFORE_DIFFERENCE else 0
    cut = [("… " if begin else "") + text[begin : begin + MAX_SHOWN] for text in (one, other)]
    return shown(cut[0]), shown(cut[1])


def _parting(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def known_names(speakers: Iterable[str]) -> frozenset[str]:
    """The full names among an index's speakers, folded: a surname alone can be any word."""
    return frozenset(fold(name).text for name in set(speakers) if len(name.split()) > 1)


class Prose:
    """The text of an answer, checked.

    `opening` is its first line, where that neither tells a statement nor names who says the next ones: see
    `rag.verification.openings`.

    `cited` has the citations as the index has them, None for an unknown one; of those in `partly` it is not known
    which other articles the answer had for them.
    """

    def __init__(
        self, text: str, cited: Mapping[int, Citation | None], names: frozenset[str], partly: Collection[int] = ()
    ) -> None:
        self.markers = self.quoted = 0
        self.opening = ""
        self.differences: list[Difference] = []
        self._cited = cited
        self._names = names
        self._partly = partly
        known = [citation for citation in cited.values() if citation]
        self._copied = {core for citation in known for core in _cores(citation)}
        # One person's statements stand under the name with the role that the first of them gives.
        self._headings = {(fold(c.speaker).text, fold(heading(c)).text) for c in known if _is_named(c)}
        above = ""
        is_first = True
        for line in text.splitlines():
            folded = fold(line).text.replace(COPIED, " ")
            # A name that a question has may hold a marker, too.
            is_opening = is_first and bool(folded) and bool(openings().read(folded))
            numbers = [] if is_opening else self._line(folded, above)
            if folded and not numbers:
                above = folded if folded.endswith(":") else ""
                self._bare(folded, is_first=is_first)
            is_first = is_first and not folded

    def _line(self, line: str, above: str) -> list[int]:
        """Check one folded line; the numbers of its markers."""
        bare = _without(line, self._copied)
        # A name that holds a marker or a quotation mark is the article's, not the answer's.
        labels = {label for c in self._cited.values() if c for label in (*_labels(c), fold(c.speaker).text)}
        rest = _without(bare, labels, " ")
        numbers = [int(number) for number in MARKER.findall(rest)]
        self.markers += len(numbers)
        here = [c for n in numbers if (c := self._cited.get(n))]
        odd = [citation for citation in here if not self._is_as_written(line, citation, above)]
        before = len(self.differences)
        for number in numbers:
            if number not in self._cited:
                self._differ(None, "marker", f"The text points at [{number}], which is no citation of the answer.")
        for citation in odd:
            self._told(citation, line, bare, above)
        self.quoted += line.count('"') // 2
        if odd or not here:
            self._quotations(rest, here or [c for c in self._cited.values() if c])
        if odd and len(self.differences) == before:
            given, wanted = apart(line, sentence(odd[0]))
            message = f"The text does not tell [{odd[0].number}] as the index has it: {given} for {wanted}."
            self._differ(odd[0].number, "words", message)
        return numbers

    def _bare(self, line: str, *, is_first: bool) -> None:
        """Take a line without a marker for what it is: the name of who says the next ones, or the opening."""
        if any(line == head for _, head in self._headings):
            return
        if is_first:
            self.opening = line
        else:
            self._differ(None, "sentence", f"This sentence is not one that an answer has there: {shown(line)}.")

    def _is_as_written(self, line: str, citation: Citation, above: str) -> bool:
        """True for a line that says of a citation just what the program would, letter for letter."""
        if citation.number in self._partly:
            line = ALSO.sub(lambda match: ")" if match[0].startswith(";") else "", line)
        is_headed = (fold(citation.speaker).text, above) in self._headings
        return line in _forms(citation, named=True) or (is_headed and line in _forms(citation, named=False))

    def _quotations(self, rest: str, cited: Iterable[Citation]) -> None:
        words = [core for citation in cited for core in _cores(citation)]
        for inside in QUOTED.findall(rest):
            # What is left between the marks once copied words are out stands in no citation as a whole.
            if re.search(r"\w", inside) and not any(_core(inside) in text for text in words):
                given = shown(inside.replace(COPIED, "…"))
                self._differ(
                    None, "quotation", f"The text quotes {given}, which does not stand in the words that it cites."
                )

    def _told(self, citation: Citation, line: str, bare: str, above: str) -> None:
        number = citation.number
        for core in _cores(citation):
            if not _has(line, core):
                given, found = apart(_nearest(line, core), core)
                wrong = f"The text does not give the words of [{number}] as they stand: {given} for {found}."
                self._differ(number, "words", wrong)
        self._named(citation, bare, above)

    def _named(self, citation: Citation, bare: str, above: str) -> None:
        speaker = fold(citation.speaker).text
        lead, _, tail = _without(bare, _labels(citation), " ").partition(COPIED)
        is_named = _is_named(citation)
        # The name next to the words is whose words they are; another may stand in what they are about.
        names = self._names | {speaker} if is_named else self._names
        credited = _last_name(lead, names) or _last_name(tail, names)
        if credited == (speaker if is_named else ""):
            return
        if is_named and not credited and (speaker, above) in self._headings:
            return
        by = f"gives the words of [{citation.number}] to {shown(credited)}"
        if not credited:
            by = f"does not say whose words [{citation.number}] are"
        whose = f"in the index they are those of {shown(citation.speaker)}" if is_named else "the index has no name"
        self._differ(citation.number, "speaker", f"The text {by}; {whose}.")

    def _differ(self, number: int | None, what: str, message: str) -> None:
        self.differences.append(Difference(number, what, message))


def _is_named(citation: Citation) -> bool:
    return bool(citation.speaker) and citation.speaker.lower() not in PRONOUNS


def _forms(citation: Citation, *, named: bool) -> Iterator[str]:
    """The lines that tell a citation, folded: by itself or in a list, with role and place or without."""
    for told in (citation, replace(citation, publication=None, published=None, channel=None, also=())):
        for role in (True, False):
            line = sentence(told, named=named, role=role)
            yield from (fold(line).text, fold(f"- {line}").text)


def _labels(citation: Citation) -> list[str]:
    """What a line says of a citation besides the name and the words, folded."""
    outlets = (citation.publication, *(other.publication for other in citation.also))
    given = (citation.role, citation.source, citation.channel, *outlets)
    return [fold(label).text for label in given if label]


def _cores(citation: Citation) -> list[str]:
    """The words that a line must show for a citation, folded, piece by piece, without the marks around them."""
    said = pieces(citation)
    if not citation.direct and said:
        cue = cue_words(citation)
        said[0] = f"{cue} {said[0]}" if cue else said[0].removeprefix("that ")
    return [core for core in map(_core, said) if core]


def _core(text: str) -> str:
    return fold(text).text.strip(MARKS)


def _has(text: str, words: str) -> bool:
    return words in text and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def _without(line: str, words: Iterable[str], by: str = COPIED) -> str:
    """The line with every one of these words replaced, the longest first."""
    for text in sorted(words, key=lambda text: (-len(text), text)):
        if text and text in line:
            line = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", by, line)
    return line


def _last_name(text: str, names: Iterable[str]) -> str:
    """The name that stands last in a text, the longest where several end at one place; empty when none does."""
    # A line begins with a capital, and "the minister" may stand there.
    forms = ((form, name) for name in names for form in {name, name[:1].upper() + name[1:]})
    found = [(text.rindex(form) + len(form), len(form), name) for form, name in forms if _has(text, form)]
    return max(found)[2] if found else ""


def _nearest(line: str, core: str) -> str:
    """What a line says in the place of these words, for a message: the quotation or statement most like them."""
    said = [*QUOTED.findall(line), re.split(r" ?\[\d", line.partition(": ")[2])[0]]
    return max((str(text).strip(MARKS) for text in said), key=lambda text: _parting(text, core))
