"""Find what stands in quotation marks of any form: double, ‘single’, «guillemets», „German“, ``tokenised''.

In: an article's text. Out: places, marks included; of marks within marks the outermost.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from rag.text import paragraphs

Pair = tuple[int, int]

# ″ is typed for a mark where a program has no other; ‚ … ‘ are the single marks of German.
OPENING = {"“": "”", '"': '"', "„": "“", "«": "»", "»": "«", "``": "''", "''": "''", "″": "″", "‚": "‘"}
MARK = re.compile(r"“|”|\"|„|«|»|``|''|″|‚|‘")
# ‘ or ' where a quotation can begin, and ’ or ' where one can end; within a word it is an apostrophe.
SINGLE_MARK = re.compile(r"(?P<open>(?<![\w‘’'`])[‘'](?=[^\W\d]))|(?<=[\w.,!?…;:”\"])[’'](?![\w'])")
APART, TOKENISED = ("«", "``"), re.compile(r"\w [,.](?: |\n|\Z)")  # "said , and" in the text of a corpus.
OF_SEVERAL = re.compile(r"s[’']\s[a-z]")  # "the pilots’ boat"
SINGLE_STYLE = 2  # So many quotations in single marks, and none in double ones outside of them, are an article's style.
MOST_HELD = 12  # Paragraphs of a quotation below the one that opens it.
STOPS = ".,!?…"
# Swedish and Finnish print ”so” or »so», Danish and German »so«: a mark that elsewhere closes opens there.
TURNED = {
    mark: (re.compile(rf"(?<![^\s(\[–—-]){mark}(?=[\w‘’'…])"), others) for mark, others in (("”", "“„"), ("»", "«"))
}
CLOSING = "”\"»’'″"
# Typed as two signs for one mark: ,,so'' or ,,so“ for „so“, ‘‘so’’ for “so”; pairs of other marks may stand within.
OF_TWO = re.compile(
    r"(?P<open>(?<![^\s(\[–—-])(?:,,|‚‚|‘‘|``)(?=[^\s,‚‘`]))|(?P<within>(?<=[\s(])[“\"])"
    r"|(?<=\S)(?:(?P<two>''|’’|‘‘|``|´´)|(?P<one>[“”\"]))|(?P<end>\n|\Z|„)"
)
# What stands for them: the marks of two signs that are known, and before one that is closed by one sign a blank that
# nobody sees.
OPENED_BY_TWO, OPENED_BY_ONE, CLOSED_BY_TWO = "``", "“\u2060", "''"


def with_double_marks(text: str) -> str:
    """The text, as long as before, with “ and ” for the single marks where they are the article's only outer ones.

    The articles that the tagger has learned from have double marks.
    """
    lines = list(paragraphs(text))
    singles = _singles(text, lines)
    doubles = [pair for line in lines for pair in _marked(text, *line)]
    outer = [pair for pair in singles if not _crosses(pair, doubles)]
    if len(outer) < SINGLE_STYLE or not all(is_inside(pair, outer) for pair in doubles):
        return text
    characters = list(text)
    for start, end in outer:
        characters[start] = "“"
        if text[end - 1] in "’'":
            characters[end - 1] = "”"
    return "".join(characters)


def with_opening_marks(text: str) -> str:
    """The text, as long as before, with “ and ” for ”such”, »such» and »such« marks where they are its only ones."""
    for mark, (opening, others) in TURNED.items():
        first = opening.search(text)
        if not first or any(0 <= text.find(other) < first.start() for other in others):
            continue
        text = opening.sub("“", text)
        if mark == "»":
            text = text.replace("»", "”").replace("«", "”")
    return text


def with_known_marks(text: str) -> str:
    """The text, as long as before, with known marks for those typed as two signs: ,,so'' and ‘‘so’’, where one closes.

    A paragraph that closes none is one of a quotation that goes on.
    """
    places = list(_of_two(text))
    closed = next((match for _, match in places if match["two"] or match["one"]), None)
    if closed is None:
        return text
    characters = list(text)
    for begin, match in places:
        by_two = bool(match["two"] or (closed["two"] and not match["one"]))
        characters[begin : begin + 2] = OPENED_BY_TWO if by_two else OPENED_BY_ONE
        if match["end"] is None:
            characters[slice(*match.span())] = CLOSED_BY_TWO if by_two else "”"
    return "".join(characters)


def _of_two(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Where each mark of two signs opens, and the one that closes it, or the end of its paragraph."""
    begin, is_within = -1, False
    for match in OF_TWO.finditer(text):
        if match["open"]:
            begin, is_within = (match.start(), False) if begin < 0 else (begin, is_within)
        elif begin >= 0 and (match["within"] or (match["one"] and is_within)):
            is_within = not is_within
        elif begin >= 0:
            if match[0] != "„":
                yield begin, match
            begin = -1


def word_for_word(text: str, given: Iterable[Pair]) -> list[Pair]:
    """All stretches in quotation marks, and some that are given, in order and apart: the outermost."""
    lines = list(paragraphs(text))
    doubles = [pair for line in lines for pair in _marked(text, *line)]
    doubles += (pair for _, held in held_open(text) for pair in held)
    singles = [pair for pair in _singles(text, lines) if not _crosses(pair, doubles)]
    kept: list[Pair] = []
    everything = [*doubles, *singles, *given]
    for pair in sorted(everything, key=lambda pair: (pair[0], -pair[1])):
        if not kept or pair[0] >= kept[-1][1]:
            kept.append(pair)
    return kept


def held_open(text: str) -> list[tuple[Pair, list[Pair]]]:
    """Each “quotation whose paragraph does not close it, with those that do: not opened again, the last one closed.

    There is no other mark in them.
    """
    lines = list(paragraphs(text))
    found: list[tuple[Pair, list[Pair]]] = []
    for number, line in enumerate(lines):
        begun = next((pair for pair in reversed(_marked(text, *line)) if text[pair[1] - 1] not in CLOSING), None)
        opened = MARK.match(text, begun[0]) if begun else None
        closer = OPENING[opened[0]] if opened else ""
        held: list[Pair] = []
        for start, end in lines[number + 1 : number + 1 + MOST_HELD] if begun else ():
            marks = list(MARK.finditer(text, start, end))
            held.append((start, marks[0].end() if marks else end))
            if marks:
                is_closed = len(marks) == 1 and marks[0][0] == closer and not text[marks[0].start() - 1].isspace()
                if begun and is_closed:
                    found.append((begun, held))
                break
    return found


def is_inside(pair: Pair, others: Sequence[Pair]) -> bool:
    """True for a pair that lies in the last of the others, which are apart and in order, to begin before it does."""
    at = bisect_left(others, (pair[0] + 1,))
    return at > 0 and pair[1] <= others[at - 1][1]


def _crosses(pair: Pair, others: Sequence[Pair]) -> bool:
    """True when the last of the others to begin within the pair ends behind it."""
    at = bisect_left(others, (pair[1],))
    return at > 0 and pair[0] < others[at - 1][0] and others[at - 1][1] > pair[1]


def _singles(text: str, lines: Sequence[Pair]) -> list[Pair]:
    """The spans in ‘single’ marks; a paragraph that opens one and the next one, too, goes on to its end."""
    found: list[Pair] = []
    for line, after in zip_longest(lines, lines[1:]):
        opened = [match.start() for match in SINGLE_MARK.finditer(text, *line) if match["open"]]
        # Where the paragraph begins with its quotation, a later mark is one within it or an apostrophe.
        is_whole = opened and opened[0] == line[0] and not _is_closed(text, *line)
        begin = opened[0] if is_whole else opened[-1] if opened else line[1]
        is_opened_again = opened and after and text[after[0]] == text[begin] and text[line[1] - 1] not in CLOSING
        goes_on = is_opened_again and not _is_closed(text, begin, line[1])
        found.extend(pair for pair in _single_marked(text, *line) if not goes_on or pair[1] <= begin)
        if goes_on:
            found.append((begin, line[1]))
    return found


def _is_closed(text: str, begin: int, end: int) -> bool:
    """True where a mark behind a comma or a stop closes the single one at `begin`; behind a letter it may not."""
    depth = 0
    for match in SINGLE_MARK.finditer(text, begin, end):
        depth += 1 if match["open"] else -1 if text[match.start() - 1] in STOPS else 0
        if depth == 0:
            return True
    return False


def _single_marked(text: str, start: int, end: int) -> list[Pair]:
    """The same for ‘single’ marks, where a mark behind an s closes nothing if a better one follows."""
    spans: list[Pair] = []
    begin = maybe = -1
    for match in SINGLE_MARK.finditer(text, start, end):
        if match["open"]:
            if maybe >= 0:
                spans.append((begin, maybe))
            begin, maybe = match.start(), -1
        elif begin >= 0 and OF_SEVERAL.match(text, match.start() - 1):
            maybe = match.end() if maybe < 0 else maybe
        elif begin >= 0:
            spans.append((begin, match.end()))
            begin = maybe = -1
    return [*spans, (begin, maybe)] if maybe >= 0 else spans


def _marked(text: str, start: int, end: int) -> list[Pair]:
    """The spans of a paragraph in quotation marks, marks included; one that is never closed ends with it."""
    spans: list[Pair] = []
    is_apart = TOKENISED.search(text, start, end) is not None
    begin: int | None = None
    closer = ""
    for match in MARK.finditer(text, start, end):
        mark = match.group()
        if begin is None:
            # French marks stand apart from the words, and so do all where every sign does.
            if mark in OPENING and (mark in APART or is_apart or not text[match.end() : match.end() + 1].isspace()):
                begin, closer = match.start(), OPENING[mark]
        elif mark == closer:
            spans.append((begin, match.end()))
            begin = None
    if begin is not None:
        spans.append((begin, end))
    return spans
