"""Find where an article corrects itself: paragraphs that say so at their beginning, by themselves or under a heading.

In: an article's text. Out: places of paragraphs. What they are about is told elsewhere; nothing in them is a statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.index.notes import concerns
from rag.index.notices import OF_ERRORS
from rag.schema import Quote, Span
from rag.text import paragraphs, quotations

Pair = tuple[int, int]

# "Correction, 4 May:", "CLARIFICATION —", and such a word alone on its line.
HEADING = re.compile(
    r"[\W_]*(?:corrections?|clarifications?|retractions?|retracted|errat(?:um|a))\b"
    r"(?:[^.:\n]{0,50}[:—–]|[^\w\n]*\Z|\s+[-—–]\s)",
    re.I,
)
AMENDED = re.compile(
    r"[\W_]*(?:an? (?:earlier|previous|original|initial) version of (?:this|the)\b"
    r"|this (?:article|story|report|item|page|post|piece|headline)\b"
    r"(?:[^.\n]{0,60}?\b(?:was|were|has been|have been|is) "
    r"(?:\w+ ){0,2}?(?:amended|corrected|retracted|withdrawn|revised)| mis(?:quoted|attributed|stated|identified)))",
    re.I,
)
# The same within the first sentence: "Because of an editing error, an earlier version of this article …".
ITSELF = re.compile(
    r"[^.!?“”\"\n]{0,80}\b(?:(?:earlier|previous|original|initial) version of (?:this|the)|(?:this|after this)"
    r" (?:article|story) (?:was|had been|has been) (?:first )?published)\b[^\n]*",
    re.I,
)
# "We misquoted …", "• An article on Monday misspelled …", as papers put it in their own voice.
OURS = re.compile(
    r"[^\w“\"‘]*(?:we|an? (?:article|story|report|caption|headline)"
    r"|the (?:article|story),? [“\"‘'][^\n”\"]{10,150}[”\"’'])(?!\w)[^.!?“”\"\n]{0,60}?\b(?:(?:wrongly|incorrectly"
    r"|mistakenly|erroneously|originally) \w+|mis(?:quoted|attributed|stated|identified|spelled|spelt|named))\b",
    re.I,
)
# "MARLIN (Wire) — In a story May 4 about the quay, the Wire reported erroneously that …", as agencies do.
IN_STORY = re.compile(
    r"(?:[^a-z\n]{2,30}(?:\([^()\n]{1,30}\) )?[—–-]+ )?In (?:an?|our) (?:article|story)\b[^.!?“”\"\n]{0,140}?\b"
    r"(?:(?:erroneously|incorrectly|mistakenly|wrongly) (?:reported|said|stated|quoted|identified|attributed)"
    r"|reported (?:erroneously|incorrectly|mistakenly|wrongly))\b"
)
# How a wire corrects at the head of an item, "(Corrects name in paragraph 2)", and takes one back, "… KILL: …".
WIRE = re.compile(r"\((?:[Cc]orrects|[Rr]efiles to correct|[Cc]orrected)\b[^\n]*")
KILL = re.compile(
    r"[^a-z:\n]{0,40}\bKILL(?:\b[^a-z:.\n]{0,40})?[:.][^\n]*"
    r"|[^a-z:\n]{3,40}:[^.!?“”\"\n]{0,80}\bwithdraws? (?:the|this|its) (?:article|story)\b[^\n]*"
)
NOTE = re.compile(
    r"[\W_]*(?:editor[’']?s?[’']? note\b|(?:a )?note (?:to (?:(?:our|the) )?(?:readers|editors)|from the editors?)\b"
    r"(?=\s*(?:[(,][^.:\n]{0,30})?(?:[:—–\n]|-\s|\Z)))[^\w\n]*",
    re.I,
)
# In a note of editors: what they said before, and that they are sorry, whatever they call the error.
BEFORE = re.compile(
    r"\b(?:earlier|previous|original|initial|first|former) version of (?:this|our)\b"
    r"|\bwe (?:\w+ )?(?:apologi[sz]e|regret)\b|\bwe (?:are|were) (?:\w+ )?(?:sorry|wrong|mistaken)\b"
    r"|\bour (?:mistake|apolog)",
    re.I,
)
# The same where they quote, too: “This story first ran in May” alone corrects nothing.
AT_FIRST = re.compile(
    r"\b(?:this|our|the) (?:article|story|report|item|page|post|piece|headline)\b[^.!?“”\"\n]{0,30}?"
    r"\b(?:(?:at )?first|originally|initially)\b",
    re.I,
)
LONGEST_HEAD = 6  # Words of "Editor’s note, 19 March" on a line of its own.


def corrections(text: str) -> list[Pair]:
    """The paragraphs in which an article corrects itself; one below a heading that is alone on its line, too."""
    lines = list(paragraphs(text))
    found = []
    for number, line in enumerate(lines):
        above = text[slice(*lines[number - 1])] if number else ""
        if not (is_correction(text[slice(*line)]) or (_heads_a_note(above) and _is_of_errors(text[slice(*line)]))):
            continue
        found.append(line)
        following = lines[number + 1 : number + 2]
        if following and _is_alone(text[slice(*line)]):
            found += following
    return sorted(set(found))


def is_correction(paragraph: str) -> bool:
    """True for a paragraph, or a note of editors, that begins by saying that it corrects."""
    note = NOTE.match(paragraph)
    if note:
        return _is_of_errors(paragraph[note.end() :])
    if any(form.match(paragraph) for form in (HEADING, AMENDED, OURS, IN_STORY, WIRE, KILL)):
        return True
    return ITSELF.match(paragraph) is not None and OF_ERRORS.search(paragraph) is not None


def _is_of_errors(note: str) -> bool:
    """True for a note of editors that says what was wrong, or quotes what they had at first."""
    if OF_ERRORS.search(note) or BEFORE.search(note):
        return True
    return AT_FIRST.search(note) is not None and any(quotations(note))


def _heads_a_note(paragraph: str) -> bool:
    return NOTE.match(paragraph) is not None and len(paragraph.split()) <= LONGEST_HEAD and paragraph[-1] not in ".!?"


def corrected(text: str, quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes, each with the corrections of the article that concern it; one that concerns none concerns all.

    Not so the line of a wire such as "(Corrects name in paragraph 3)": the text below it is corrected already.
    """
    found = [Span.of(text, *pair) for pair in offsets(text)]
    if not found:
        return list(quotes)
    said = [(quote.speaker.name if quote.speaker else "", quote.text) for quote in quotes]
    own = {span: [n for n, quote in enumerate(quotes) if concerns(span.text, quote, said)] for span in found}
    return [
        replace(quote, corrected=tuple(span for span in found if number in own[span] or _is_of_all(span, own[span])))
        for number, quote in enumerate(quotes)
    ]


def _is_of_all(span: Span, concerned: Sequence[int]) -> bool:
    return not concerned and not WIRE.match(span.text)


def _is_alone(paragraph: str) -> bool:
    return len(paragraph.split()) <= 2 and is_correction(paragraph)


def outside(text: str, quotes: Sequence[Quote]) -> list[Quote]:
    """The quotes that stand in no correction: what it quotes to correct it is nobody's statement."""
    places = corrections(text)
    return [quote for quote in quotes if not _is_within(quote, places)] if places else list(quotes)


def _is_within(quote: Quote, places: Sequence[Pair]) -> bool:
    return any(start <= quote.content[0].start < end for start, end in places)


def offsets(text: str) -> Iterator[Pair]:
    """The places of what the corrections say, without headings."""
    return (pair for pair in corrections(text) if not _is_alone(text[slice(*pair)]))
