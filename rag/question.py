"""Take a question apart by its words: who is asked about, about what, and what it takes for granted.

Knows nothing of the index but `Directory.scan`, which finds names before verbs that no list has.
Reads at most MAX_TOKENS words and goes over them a bounded number of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag import lexicon as lex
from rag.names import CAPITAL, bare
from rag.people import Directory

MAX_TOKENS = 220
MAX_SUBJECT = 16
MAX_BEFORE_AUXILIARY = 9
TOKEN = re.compile(r"\d[\d,.]*\d|[^\s,;:?!()\"]+|[,;:?!()\"]")
STRAIGHT = str.maketrans("’‘“”„–—", '\'\'"""--')
QUOTED = re.compile(r"\"[^\"]{2,}\"|(?<!\w)'[^'\"]{1,60}(?:'(?=\w)[^'\"]{1,60}){0,4}'(?!\w)")
CONTRACTED = re.compile(r"^(what|how|why|when|where|who)'(s|d|re|ve|ll)$")
FULL = {"s": "is", "d": "did", "re": "are", "ve": "have", "ll": "will"}
PAUSES = frozenset(',;:?!()-"')
ABOUT = frozenset("about regarding concerning".split())
HEARERS = frozenset("reporters journalists me us".split())
CAUSED = frozenset("about to so into that turn".split())
# Words behind which a clause of its own can begin.
OPENS = frozenset("and but so or then compare tell me know - , :".split())
BESIDE = frozenset("with than between from to".split())  # "… with what Olm said"
# Words that lead up to the subject of a yes-or-no question: "is it true that", "is there any comment by".
SCAFFOLD = frozenset(
    "it true correct right the case that there a an any quote quotes comment comments statement statements anything "
    "record from by of made".split()
)
JOINS = frozenset("and or vs vs. versus &".split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark at [start, end) of the question; `low` is lower case without a possessive ending."""

    start: int
    end: int
    low: str
    owner: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that asks about somebody: `subject` as typed, `rest` what is said of them, `frame` how it is asked.

    `frame` is "wh" or "yes_no"; `opener` the question word, `before` what stands behind it ("reason"),
    `verb` the verb of the subject, if any. `asking` is where the question only asks: [start, end) pairs.
    """

    subject: str
    rest: str
    frame: str
    opener: str
    verb: str
    before: str
    asking: tuple[tuple[int, int], ...]


class Reader:
    """A question as tokens; quotations are one mark each, so that no word in them is taken for grammar."""

    def __init__(self, question: str, people: Directory) -> None:
        self.text = question.translate(STRAIGHT)
        self.masked = QUOTED.sub(lambda m: "\0" * len(m.group()), self.text)
        self.people = people
        self.tokens = list(_tokens(self.masked))[:MAX_TOKENS]
        self.lowered = not CAPITAL.search(self.masked[1:])

    def words(self, start: int, end: int) -> str:
        """The question's own words from token `start` to before token `end`."""
        if not 0 <= start < end <= len(self.tokens):
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def opens(self, i: int) -> bool:
        """True when a clause can begin at token i: at the start, behind a mark or a joining word."""
        if i == 0:
            return True
        low = self.tokens[i - 1].low
        return low in PAUSES | OPENS or (low in BESIDE and self.tokens[i].low == "what")

    def verb(self, start: int, *, base: bool) -> int:
        """The place of the verb whose subject starts at `start`, or -1."""
        stop = min(len(self.tokens), start + MAX_SUBJECT)
        for i in range(start + 1, stop):
            token, before = self.tokens[i], self.tokens[i - 1]
            if token.low in PAUSES and token.low != ",":  # "the cellists, Ida Olm and Bo Reay, hope"
                break
            if not lex.is_verb(token.low, base=base) or token.owner or CAPITAL.match(self.text[token.start]):
                continue
            if before.low in lex.DETERMINERS | lex.PREPOSITIONS or before.owner:
                continue
            after = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
            if after and lex.is_verb(after.low, base=base) and lex.only_says(after.low) and not after.owner:
                continue  # "did the defence report say"
            return i
        return self._behind_name(start) if base else -1

    def _behind_name(self, start: int) -> int:
        """The place behind a speaker's name that begins at `start`: a verb that no list has, or -1."""
        first, last = self.tokens[start], self.tokens[min(len(self.tokens), start + 6) - 1]
        text = self.text[first.start : last.end]
        mention = next(iter(self.people.scan(text)), None)
        if mention is None or len(text[: mention.start].split()) > 2:
            return -1
        place = next(
            (i for i in range(start, len(self.tokens)) if self.tokens[i].start >= first.start + mention.end), -1
        )
        return place if place > 0 and self.tokens[place].low not in PAUSES | JOINS | lex.PREPOSITIONS else -1


def _tokens(text: str) -> list[Token]:
    found = []
    for match in TOKEN.finditer(text):
        word = match.group()
        contracted = CONTRACTED.match(word.lower())
        if contracted:
            middle = match.start() + len(contracted[1])
            found.append(Token(match.start(), middle, contracted[1], owner=False))
            found.append(Token(middle, match.end(), FULL[contracted[2]], owner=False))
            continue
        low = bare(word).rstrip(".") or word
        owner = word.lower().endswith(("'s", "s'"))
        found.append(Token(match.start(), match.end(), word.lower() if "n't" in word else low, owner))
    return found


def clauses(reader: Reader) -> list[Clause]:
    """Every clause of the question that asks about somebody, in order."""
    found: list[Clause] = []
    for i, token in enumerate(reader.tokens):
        if not reader.opens(i):
            continue
        if token.low in lex.WH:
            clause = _wh(reader, i)
        elif token.low in lex.AUXILIARY:
            clause = _yes_no(reader, i)
        else:
            continue
        if clause and clause.subject:
            found.append(clause)
    return found


def _clause(reader: Reader, opener: int, subject: tuple[int, int], rest: int, verb: str = "") -> Clause:
    """The clause of a question word at token `opener` (-1: none), a subject [start, end) and a rest."""
    tokens = reader.tokens
    start, end = subject
    stop = _stop(reader, rest)
    while rest < stop and tokens[rest].low in lex.FILLERS | ABOUT | HEARERS:
        if tokens[rest].low in ABOUT and rest + 1 < stop and tokens[rest + 1].low in ("when", "after", "while"):
            break  # A topic, and no "say while she rowed".
        rest += 1
    first = start
    while first > opener + 1 and (
        tokens[first - 1].low in lex.AUXILIARY or (opener < 0 and first - 1 and tokens[first - 1].low in SCAFFOLD)
    ):
        first -= 1
    asking = (tokens[first].start, tokens[rest].start if rest < len(tokens) else len(reader.text))
    opened = ((tokens[opener].start, tokens[opener].end),) if opener >= 0 else ()
    return Clause(
        reader.words(start, _trim(reader, start, end)),
        reader.words(rest, _trim(reader, rest, stop)).strip(" ,-"),
        "wh" if opener >= 0 else "yes_no",
        tokens[opener].low if opener >= 0 else "",
        verb,
        reader.words(opener + 1, first) if opener >= 0 else "",
        (*opened, asking),
    )


def _behind_verb(reader: Reader, v: int) -> int:
    """Where what is said begins: behind a verb that only says, at one that carries content."""
    after = reader.tokens[v + 1].low if v + 1 < len(reader.tokens) else ""
    return v + 1 if lex.only_says(reader.tokens[v].low, after) else v


def _trim(reader: Reader, start: int, end: int) -> int:
    while end - 1 > start and (reader.tokens[end - 1].low in lex.FILLERS or reader.tokens[end - 1].low in PAUSES):
        end -= 1
    return end


def _stop(reader: Reader, start: int) -> int:
    """Where what is said ends: at a mark that ends a sentence, or where a second question begins."""
    tokens = reader.tokens
    for i in range(start, len(tokens)):
        if tokens[i].low in ("?", ";"):
            return i
        if i + 1 < len(tokens) and i > start:
            asks = tokens[i].low in lex.WH and tokens[i + 1].low in lex.AUXILIARY and tokens[i - 1].low in OPENS
            if asks or (tokens[i].low == "with" and tokens[i + 1].low == "what"):
                return i - 1 if tokens[i - 1].low in OPENS else i
    return len(tokens)


def _wh(reader: Reader, i: int) -> Clause | None:
    tokens = reader.tokens
    if i + 2 < len(tokens) and tokens[i + 1].low in lex.CAUSES and tokens[i].low in ("what", "how"):
        return _caused(reader, i)
    for k in range(i + 1, min(len(tokens) - 1, i + 1 + MAX_BEFORE_AUXILIARY)):
        if tokens[k].low in PAUSES:
            break
        if tokens[k].low in lex.AUXILIARY:
            return _being(reader, i, k + 1) if tokens[k].low in lex.BE else _doing(reader, i, k + 1)
    if i + 2 < len(tokens) and tokens[i + 1].low not in PAUSES:
        v = reader.verb(i + 1, base=False)
        if v > 0:
            return _clause(reader, i, (i + 1, v), _behind_verb(reader, v), tokens[v].low)
    return None


def _doing(reader: Reader, opener: int, start: int) -> Clause | None:
    """Subject and verb behind "did", "has" or "would"."""
    if start >= len(reader.tokens):
        return None
    v = reader.verb(start, base=reader.tokens[start - 1].low not in lex.HAVE | lex.BE)
    return _clause(reader, opener, (start, v), _behind_verb(reader, v), reader.tokens[v].low) if v > 0 else None


def _being(reader: Reader, opener: int, start: int) -> Clause | None:
    """ "What was Hale's concern about", "What is Hale annoyed about", "what's she predict"."""
    tokens = reader.tokens
    if start >= len(tokens):
        return None
    owner = _owner(reader, start)
    if owner:
        return _clause(reader, opener, (start, owner[0]), owner[1])
    for i in range(start + 1, min(len(tokens), start + MAX_SUBJECT)):
        if tokens[i].low in lex.STATES and tokens[i - 1].low not in lex.DETERMINERS:
            return _clause(reader, opener, (start, i), i)
        if tokens[i].low in PAUSES:
            break
    v = reader.verb(start, base=True) if opener >= 0 else -1
    return _clause(reader, opener, (start, v), _behind_verb(reader, v), tokens[v].low) if v > 0 else None


def _owner(reader: Reader, start: int) -> tuple[int, int] | None:
    """(end of the owner, start of what follows) for "Hale's first reaction to": the owner starts at `start`."""
    tokens = reader.tokens
    for i in range(start, min(len(tokens), start + MAX_SUBJECT)):
        for j in range(i + 1, min(len(tokens), i + 4) if tokens[i].owner else 0):
            if tokens[j].low in lex.ATTITUDES:
                return i + 1, j + 1
    return None


def _caused(reader: Reader, i: int) -> Clause | None:
    """ "What led Hale to sell", "What pleased the pilot about"."""
    tokens = reader.tokens
    stop = min(len(tokens), i + 2 + MAX_SUBJECT)
    end = next((j for j in range(i + 3, stop) if tokens[j].low in CAUSED | PAUSES), stop)
    v = reader.verb(i + 2, base=True)
    end = min(v, end) if v > 0 else end
    return _clause(reader, i, (i + 2, end), end, tokens[i + 1].low)


def _yes_no(reader: Reader, i: int) -> Clause | None:
    tokens = reader.tokens
    after = tokens[i + 1].low if i + 1 < len(tokens) else ""
    if after == "it" and tokens[i].low in lex.BE:
        return _is_it(reader, i)
    if after == "there":
        return _there(reader, i)
    return _being(reader, -1, i + 1) if tokens[i].low in lex.BE else _doing(reader, -1, i + 1)


def _is_it(reader: Reader, i: int) -> Clause | None:
    """ "Is it true that Hale said", "Was it Hale who said"."""
    tokens = reader.tokens
    said = [t.low for t in tokens[i + 2 : i + 4]]
    if said[:1] in (["true"], ["correct"], ["right"]) or said == ["the", "case"]:
        start = next((k + 1 for k in range(i + 2, min(i + 6, len(tokens))) if tokens[k].low == "that"), i + 3)
        v = reader.verb(start, base=False) if start < len(tokens) else -1
        return _clause(reader, -1, (start, v), _behind_verb(reader, v), tokens[v].low) if v > 0 else None
    end = next((k for k in range(i + 3, min(len(tokens), i + 18)) if tokens[k].low in ("who", "that")), -1)
    if not 0 < end < len(tokens) - 1:
        return None
    return _clause(reader, -1, (i + 2, end), _behind_verb(reader, end + 1), tokens[end + 1].low)


def _there(reader: Reader, i: int) -> Clause | None:
    """ "Is there any comment by Hale on the toll?" """
    tokens = reader.tokens
    start = next((k + 1 for k in range(i + 2, min(len(tokens), i + 9)) if tokens[k].low in ("from", "by", "of")), -1)
    if start < 0 or start >= len(tokens):
        return None
    stop = (*ABOUT, "on", "saying", "where", "?")
    end = next((k for k in range(start + 1, len(tokens)) if tokens[k].low in stop), len(tokens))
    return _clause(reader, -1, (start, end), end)
