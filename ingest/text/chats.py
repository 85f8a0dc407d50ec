"""Find the messages of a chat that a program has written out: "[14/02/2026, 21:03:11] Ann Lee: It leaks.".

In: an article's text and its paragraphs. Out: a turn for each message, which goes on over the lines below it, and one
of nobody for what the program says itself. A day and a time at the head of a line tell of a message; an article may
stand above the first one, below the last one and between two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.text.turn import Pair, Turn

_BLANK = "[ \u00a0\u202f]"
# "14/02/2026", "2026-02-14", "14 Feb 2026".
_DAY = rf"(?:\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\d{{1,2}}\.?{_BLANK}[^\W\d_]{{3,9}}\.?{_BLANK}\d{{4}})"
_TIME = rf"\d{{1,2}}(?:[:.]\d{{2}}){{1,2}}(?:{_BLANK}?[AaPp]\.?{_BLANK}?[Mm](?:\.|(?!\w)))?"
# "10:15 UTC: It fails": the letters of a zone are nobody. "Bob:" and "10:15 - BOB:" are.
_ZONE = rf"(?:{_BLANK}?[A-Z]{{2,5}}(?=:{_BLANK}))?"
_STAMP = re.compile(
    rf"[\u200e\u200f]*(?:(?P<bracket>[\[(])?{_DAY}(?:,|{_BLANK}[^\W\d_]{{1,3}})?{_BLANK}{_TIME}(?(bracket)[\])]|(?!\d){_ZONE}))"
    rf"(?:{_BLANK}*[-–—:|](?={_BLANK}))?{_BLANK}+"
)
# Who writes: a name, whatever it looks like, or a number; "~" stands before one that nobody has in their book.
_SENDER = re.compile(
    rf"[\u200e\u200f]*(?:~{_BLANK}?)?(?P<name>[^\s:~][^:\n\"“”]{{0,59}}?)(?P<colon>:)(?:{_BLANK}+|(?=\n|\Z))"
)
# What the program says of a message: "<Media omitted>", "IMG-0001.jpg (file attached)", a mark that nobody sees.
_OF_PROGRAM = re.compile(
    r"\u200e[^\n]*|<[^<>\n]+>|[^\s/]+\.\w{2,4} \([^()\n]+\)|null|(?:This message was|You) deleted[^\n]{0,14}"
)
_BEHIND = re.compile(r"\s*\u200e?<[^<>\n]{1,60}>\Z")  # "It leaks. <This message was edited>".
_MESSAGES, _OF_ONE = 3, 2  # So many messages are a chat, so many of one sender; a programme has its days, too.
_BRACKETED = 2  # Nobody but a program writes days in brackets.


def chat_turns(text: str, lines: Sequence[Pair]) -> list[Turn]:
    """The messages of a chat, and what its program says as turns of nobody; none where there is no chat."""
    stamps = {number: match for number, line in enumerate(lines) if (match := _STAMP.match(text, *line))}
    senders = {
        number: found
        for number, stamp in stamps.items()
        if (found := _SENDER.match(text, stamp.end(), lines[number][1]))
    }
    often = Counter(found["name"] for found in senders.values()).most_common(1)
    bracketed = sum(1 for number in senders if stamps[number]["bracket"])
    if bracketed < _BRACKETED and not (often and often[0][1] >= _OF_ONE and len(senders) >= _MESSAGES):
        return []
    made: list[Turn] = []
    numbers = sorted(stamps)
    for number, after in zip(numbers, [*numbers[1:], len(lines)], strict=True):
        begin = senders[number].end() if number in senders else stamps[number].end()
        own = [(begin, lines[number][1]), *_below(text, lines, number, after)]
        made += _message(text, senders.get(number), own)
    return made


def _below(text: str, lines: Sequence[Pair], number: int, after: int) -> Sequence[Pair]:
    """The further lines of a message: all up to the next one where that follows at once, else to the first blank line.

    What stands between two blank lines is the article.
    """
    if after < len(lines) and not _is_apart(text, lines, after):
        return lines[number + 1 : after]
    end = next((n for n in range(number + 1, after) if _is_apart(text, lines, n)), after)
    return lines[number + 1 : end]


def _is_apart(text: str, lines: Sequence[Pair], number: int) -> bool:
    """True where a blank line stands above the paragraph."""
    return text.count("\n", lines[number - 1][1], lines[number][0]) > 1


def _message(text: str, sender: re.Match[str] | None, own: Sequence[Pair]) -> Iterator[Turn]:
    """The turn of a message, lines below each other as one piece; what the program says is nobody's turn."""
    pieces: list[Pair] = []
    for start, end in own:
        if sender is None or _OF_PROGRAM.fullmatch(text, start, end):
            if start < end:
                yield Turn(None, None, ((start, end),), is_question=True)
            continue
        behind = _BEHIND.search(text, start, end)
        end = behind.start() if behind else end
        if pieces and text.count("\n", pieces[-1][1], start) == 1:
            pieces[-1] = pieces[-1][0], end
        elif start < end:
            pieces.append((start, end))
    if pieces and sender:
        yield Turn(sender.span("name"), sender.span("colon"), tuple(pieces))
