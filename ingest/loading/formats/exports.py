"""Cut an export of a news archive, one document with many articles, into its articles with their outlet and date.

Read are the layouts of Nexis, old and new, of Factiva, ProQuest, Gale and NewsBank: marks where an article ends or
begins, fields before and behind its body. In: the text of the document. Out: articles, none where it is no such export.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import dropwhile, pairwise, takewhile

from ingest.loading.byline import behind_by
from ingest.loading.common import without_breaks
from ingest.text.wrapping import unwrapped
from rag.schema import Article

_END = re.compile(r"End of Document|Document [A-Z0-9]{12,}|END|-\s*30\s*-|#{3,}", re.I)
_BEGIN = re.compile(r"(?:Document )?\d+ of \d+(?: DOCUMENTS?)?", re.I)
_WORDS = re.compile(r"(?:length:?\s*)?(\d[\d,.]*) words", re.I)
_FIELD = re.compile(
    r"(section|length|byline|by-line|dateline|highlight|headline|publication|source|date|body|edition)(?:\s*:\s*(.*))?",
    re.I,
)
# What stands behind the body: fields that describe it.
_BEHIND = re.compile(
    r"(?:load-date|language|publication-type|journal-code|subject|geographic|industry|company|person|"
    r"correction-date|notes|document-type|graphic|classification)\s*:.*|graphic|classification",
    re.I,
)
_CODE = r"(HD|BY|WC|PD|ET|SN|SC|PG|LA|CY|LP|TD|AN|SE|ED|CR|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|ART)"
_CODED, _BARE_CODE = re.compile(rf"{_CODE}\s+(.*)", re.S), re.compile(_CODE)
# ProQuest: fields before and behind a body that begins with "Full text:".
_FULL_TEXT = re.compile(r"full text:\s*(.*)", re.I)
_NAMED = re.compile(
    r"(title|author|publication title|publication date|publication info|abstract|links|subject|location|people|credit|"
    r"company / organization|classification|identifier / keyword|publication year|section|publisher|issn|source type|"
    r"place of publication|country of publication|publication subject|language of publication|document type|pages|"
    r"proquest document id|document url|copyright|last updated|database|column|dateline|volume|issue|first page|"
    r"headline|byline|source|outlet|newspaper|from|date|page|edition|length|word count|url|record number|"
    r"gale document number)\s*:\s*(.*)",
    re.I,
)
# What these call the same: the headline, who wrote it, where and when it was published.
_TITLES, _WRITERS = ("title", "headline"), ("author", "byline")
_OUTLETS, _DAYS = ("publication title", "from", "source", "outlet", "newspaper"), ("publication date", "date")
_ADDRESSES = ("url", "document url")
_LONGEST_HEAD = 12  # Lines.
_RULE = re.compile(r"_{3,}")
_ITEM = re.compile(r"\d{1,4}\. (.+)")
_DATE = re.compile(r"[^\W\d]{3,}\.? \d{1,2}, \d{4}|\d{1,2} [^\W\d]{3,}\.? \d{4}|\d{4}-\d{2}-\d{2}")
_RIGHTS = re.compile(r"(?:copyright|©|\(c\))", re.I)
_RESERVED = re.compile(r"(?:copyright|©|\(c\))[^.!?\n]{0,60}\d{4}[^\n]{0,200}\Z", re.I)  # Whose the text is, below it.
_PAGE = re.compile(r"page \d+(?: of \d+)?", re.I)
_LONGEST_DATE = 60
_MAILED = re.compile(r"[\s,;|<(]*[\w.+-]+@[\w-]+(?:\.[\w-]+)+[>)]?\s*\Z")
_FIELDS = 3  # So many lines such as "LENGTH: 40 words" are an article of an archive by themselves.


def articles_of(text: str) -> tuple[Article, ...]:
    """The articles of an export; empty when the text is something else. Lines that a width broke are put together."""
    found = _articles_of(text)
    return (_articles_of(without_breaks(unwrapped(text))) or found) if found else ()


def _articles_of(text: str) -> tuple[Article, ...]:
    # An archive sets lines in the middle of the page, and puts two of them together with the white space between.
    lines = [plain for line in text.split("\n") if (plain := " ".join(line.split()))]
    lines = [line for line in lines if not _PAGE.fullmatch(line) and not _RULE.fullmatch(line)]
    lines = _with_codes(_without_cover(lines))
    pieces = [piece for piece in _pieces(lines) if _is_headed(piece, 0) or any(map(_tells, piece))]
    found = [article for piece in pieces if (article := _article(piece))]
    return tuple(found) if pieces and len(found) == len(pieces) else ()


def _without_cover(lines: list[str]) -> list[str]:
    """The lines from the first headline on, where a page before it numbers the headlines of the export."""
    listed = set[str]()
    for number, line in enumerate(lines):
        if line in listed:
            return lines[number:]
        if _tells(line):
            break  # Below it stand lists of the articles themselves.
        if item := _ITEM.fullmatch(line):
            listed.add(item[1])
    return lines


def _with_codes(lines: list[str]) -> list[str]:
    """The lines with each code of Factiva's before its field, where the codes stand on lines of their own."""
    if not {"HD", "WC"} <= set(lines):
        return lines
    joined: list[str] = []
    for line in lines:
        if joined and _BARE_CODE.fullmatch(joined[-1]) and not _BARE_CODE.fullmatch(line):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _pieces(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines between two marks; without a mark all, where some of them are fields of an archive."""
    begin, is_marked = 0, False
    heads = [number for number in range(len(lines)) if _is_headed(lines, number)]
    # Where the fields stand behind a text, the first of them is no head.
    bodies = [number for number, line in enumerate(lines) if _FULL_TEXT.fullmatch(line)]
    if len(heads) > 1 and not (bodies and bodies[0] < heads[0]):
        yield from (list(lines[start:end]) for start, end in pairwise([*heads, len(lines)]))
        return
    for number, line in enumerate(lines):
        coded = _CODED.fullmatch(line)
        if _END.fullmatch(coded[2] if coded and coded[1] == "AN" else line) or _BEGIN.fullmatch(line):
            if begin < number:
                yield list(lines[begin:number])
            begin, is_marked = number + 1, True
    fields = sum(
        1
        for line in lines
        if (field := _FIELD.fullmatch(line) or _BEHIND.fullmatch(line) or _NAMED.fullmatch(line)) and ":" in field[0]
    )
    if (is_marked or fields >= _FIELDS) and begin < len(lines):
        yield list(lines[begin:])


def _is_headed(lines: Sequence[str], at: int) -> bool:
    """True for a headline's field with those of an outlet and a day among the next ones, as in NewsBank."""
    first = _NAMED.fullmatch(lines[at])
    if first is None or first[1].lower() not in _TITLES:
        return False
    head = takewhile(bool, map(_NAMED.fullmatch, lines[at : at + _LONGEST_HEAD]))
    names = {field[1].lower() for field in head if field and field[2]}
    return not names.isdisjoint(_OUTLETS) and not names.isdisjoint(_DAYS)


def _tells(line: str) -> bool:
    """True for a line that only an export has: of how many words the article is, or that its text begins."""
    return _length(line) or _FULL_TEXT.fullmatch(line) is not None


def _length(line: str) -> bool:
    coded = _CODED.fullmatch(line)
    return _WORDS.fullmatch(coded[2] if coded and coded[1] == "WC" else line) is not None


def _article(lines: list[str]) -> Article | None:
    coded = [match for line in lines if (match := _CODED.fullmatch(line))]
    if {"HD", "WC"} <= {match[1] for match in coded}:
        return _from_codes(lines)
    if (text := next((n for n, line in enumerate(lines) if _FULL_TEXT.fullmatch(line)), None)) is not None:
        return _from_names(lines, text)
    if _is_headed(lines, 0):
        head = next((n for n, line in enumerate(lines) if not _NAMED.fullmatch(line)), len(lines))
        return _from_names(lines, head - 1)
    at = next(number for number, line in enumerate(lines) if _length(line))
    if _FIELD.fullmatch(lines[at]):
        return _from_fields(lines, at)
    return _from_words(lines, at)


def _from_fields(lines: list[str], at: int) -> Article | None:
    """Nexis: headline, outlet and date above the fields, or outlet, date and headline; then fields and the body."""
    head = list(takewhile(lambda line: not _FIELD.fullmatch(line), lines))
    last = len(head)
    while last < len(lines) and (match := _FIELD.fullmatch(lines[last])) and match[1].lower() != "body":
        last += 1
    fields = {m[1].lower(): m[2] for line in lines[len(head) : last] if (m := _FIELD.fullmatch(line)) and m[2]}
    if last <= at:
        last = at + 1
    body = [*dropwhile(lambda line: line.lower() == "body", lines[last:])]
    above = [line for line in head if not _RIGHTS.match(line)]
    place = _dated(above)
    if place is None:
        return None
    title = " ".join(dict.fromkeys(above[: place - 1])) if place > 1 else (above[place + 1 :] or [""])[-1]
    return _made(
        body,
        title=fields.get("headline") or title,
        author=_writer(fields.get("byline") or fields.get("by-line") or ""),
        publication=above[place - 1] if place else fields.get("publication"),
        published=above[place],
    )


def _writer(byline: str) -> str | None:
    """Who a byline names, without the "By" before and the address behind: "By Ann Lee, alee@mercury.example"."""
    return _MAILED.sub("", behind_by(byline) or byline) or None


def _from_words(lines: list[str], at: int) -> Article | None:
    """Factiva: headline and byline, number of words, date, time, outlet, codes, language, rights; then the body."""
    above = lines[:at]
    by = next((line for line in above[1:] if behind_by(line)), "")
    below = lines[at + 1 :]
    place, rights = _dated(below), next((n for n, line in enumerate(below) if _RIGHTS.match(line)), None)
    if place is None or rights is None or rights < place:
        return None
    outlet = next((line for line in below[place + 1 : rights] if not re.fullmatch(r"[\d:]+(?: [A-Z]+)?", line)), None)
    title = " ".join(line for line in above if line != by)
    return _made(below[rights + 1 :], title, behind_by(by), outlet, below[place])


def _from_codes(lines: list[str]) -> Article | None:
    """Factiva with its codes: HD headline, BY byline, PD date, SN outlet, LP and TD body; one can stand above."""
    fields: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        match = _CODED.fullmatch(line)
        is_bare = match is None and _BARE_CODE.fullmatch(line) is not None
        code = match[1] if match else line if is_bare else code
        if not is_bare:
            fields.setdefault(code, []).append(match[2] if match else line)
    body = [*fields.get("LP", []), *fields.get("TD", [])]
    one = {name: " ".join(parts) for name, parts in fields.items()}
    author = behind_by(one.get("BY", "")) or one.get("BY")
    return _made(body, one.get("HD", ""), author, one.get("SN"), one.get("PD", ""))


def _from_names(lines: list[str], at: int) -> Article | None:
    """ProQuest, Gale, NewsBank: headline, fields, the body below line `at`, "Full text:" if any; fields again."""
    below = list(takewhile(lambda line: not _NAMED.fullmatch(line), lines[at + 1 :]))
    whole = _FULL_TEXT.fullmatch(lines[at])
    around = [*lines[: at if whole else at + 1], *lines[at + 1 + len(below) :]]
    fields: dict[str, str] = {}
    for match in filter(None, map(_NAMED.fullmatch, around)):
        fields.setdefault(match[1].lower(), match[2])
    first = whole[1] if whole else ""
    body = [first, *below] if first else below
    title = _one_of(fields, _TITLES) or next((line for line in lines[:at] if not _NAMED.fullmatch(line)), "")
    writers = [" ".join(reversed(one.split(", ", 1))) for one in _one_of(fields, _WRITERS).split("; ")]
    made = _made(body, title, ", ".join(writers) or None, _one_of(fields, _OUTLETS), _one_of(fields, _DAYS))
    return made and replace(made, url=_one_of(fields, _ADDRESSES) or None)


def _one_of(fields: Mapping[str, str], names: Sequence[str]) -> str:
    """The first of some fields that there is."""
    return next((fields[name] for name in names if fields.get(name)), "")


def _dated(lines: Sequence[str]) -> int | None:
    """The number of the line that is a date."""
    return next((n for n, line in enumerate(lines) if len(line) <= _LONGEST_DATE and _DATE.search(line)), None)


def _made(
    body: Sequence[str], title: str, author: str | None, publication: str | None, published: str
) -> Article | None:
    shown = [*takewhile(lambda line: not _BEHIND.fullmatch(line), body)]
    while shown and _RESERVED.match(shown[-1]):
        shown.pop()
    text = "\n\n".join(shown)
    day = _DATE.search(published)
    if not text:
        return None
    return Article(
        id="", text=text, title=title, author=author, publication=publication, published=day[0] if day else None
    )
