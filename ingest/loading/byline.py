"""Title, author, outlet and day as a printed article gives them: in the lines above its text.

    Library will not charge for loans            Council splits over harbour
    By Ann Reed, The Courier, 14 July 2026       PORT ELLIN, 12 March 2026. The council ...

For formats whose files do not say so themselves, or say when the file was made and not when the article was published.
Where neither a by-line nor a dateline stands below the first line, nothing is read into it. The text stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice, takewhile

from ingest.loading.heads import head_at, is_headed, is_release, released, title_of
from ingest.loading.transcript_heads import of_transcript
from ingest.text.datelines import WIRED
from ingest.text.names import role_noun
from ingest.text.sources import is_body
from rag.schema import Article
from rag.text import paragraphs, sentences

SUFFIXES = (".txt", ".pdf", ".docx", ".odt", ".rtf")
PAGES = (".html", ".htm", ".mhtml")
# A headline, and a line of names and a day, are shorter than these; what is longer is text.
MAX_TITLE_CHARS = 200
MAX_BYLINE_CHARS = 160
MAX_STACKED = 3  # Lines between the first one and the text.
MAX_HEAD = 9  # Lines above the by-line or the dateline of a release, or of an agency.
SEPARATOR = re.compile(r"\s*[,|·•–—]\s*")
BY = re.compile(r"by:?\s+(?=\S)|words:\s+(?=[^\W\d])", re.IGNORECASE)
# The same in Spanish, French, German and Italian: names alone can stand behind it, for a sentence can begin so, too.
BY_ELSEWHERE = re.compile(
    r"(?:Por|Par|Von|Di)\s+(?=[^\W\d_a-z][\w’'-]+(?: (?:[^\W\d_a-z][\w’'.-]*|de|del|la|van|von|y|i)){1,4}(?:[,|]|\Z))"
)
PUBLISHED = re.compile(r"(?:first )?(?:published|posted)(?: on)?:?\s+(.+)", re.IGNORECASE)
SEPARATOR_OF_DAYS = re.compile(r"[|·•–—;]")
# Fields above a text, "Headline: …", by what they are of ours.
FIELD = re.compile(r"([A-Za-z][A-Za-z ]{1,20}):\s+(\S.*)")
NAMES = {
    "title": ("headline", "title"),
    "author": ("author", "byline", "by", "reporter"),
    "publication": ("outlet", "publication", "source", "newspaper"),
    "published": ("date", "published", "publication date"),
    "url": ("url", "link"),
}
MAX_FIELDS = 12  # Lines.
NAMED_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})-")
SENTENCE_MARKS = ".!?…:"
HEAD_CHARS = 1000  # In which the headline stands.
# What a by-line calls its author by, and no outlet: "By Ann Reed, Health Correspondent".
WRITES = ("correspondent", "reporter", "writer", "editor", "columnist")
FILE_NAME = re.compile(r".*\.(?:docx?|odt|rtf|pdf|indd|qxp|pages|txt)", re.IGNORECASE)
DAY_ASIDE = re.compile(r",? \(([^()\n]{4,30}\d)\)")
REPORTED = re.compile(r"\((?:Additional )?[Rr]eporting by ((?:(?! in )[^;()\n])+)(?: in [^;()\n]+)?(?:;[^()\n]*)?\)")
LONGEST_REGION = 20  # Letters of a state or a country behind a place.

Day = Callable[[str | None], str | None]
Told = tuple[str | None, str | None, str | None]  # Author, outlet and day.


def with_byline(article: Article, day: Day) -> Article:
    """The article with what its first lines say of it; a day there is the day of publication.

    `day` makes an ISO date of a complete one, and None of anything else. An agency is named in its dateline, too, and
    who writes for it below the text. Title and author by the properties of a document, which can be those of its
    template, are taken where its lines do not say so; an archive, which names the outlet, gives none but the article's.
    """
    if article.publication:
        return _printed(article, day)
    told = _printed(replace(article, title=None, author=None), day)
    head = " ".join(article.text[:HEAD_CHARS].split()).casefold()
    title = " ".join((article.title or "").split())
    is_shown = title.casefold() in head
    titled = told.title if FILE_NAME.fullmatch(title) or (told.title and not is_shown) else title
    return replace(told, title=titled or told.title, author=told.author or article.author)


def _printed(article: Article, day: Day) -> Article:
    """The article with what its lines say of it."""
    told = _with_lines(article, day)
    told = told if told.title else of_transcript(told, day)
    first = (told.text[slice(*place)] for place in islice(paragraphs(told.text), MAX_HEAD))
    wired = next(filter(None, map(WIRED.match, first)), None)
    if wired is None:
        return told
    reported = next(iter(REPORTED.findall(told.text)), None)
    return replace(told, publication=told.publication or wired[2], author=told.author or reported)


def _with_lines(article: Article, day: Day) -> Article:
    if (told := _with_fields(article, day)) is not None:
        return told
    begin, issued = head_at(article.text, day)
    if begin:
        told = _with_lines(replace(article, text=article.text[begin:]), day)
        return replace(told, text=article.text, published=told.published or issued)
    lines = [*_first_lines(article.text), "", ""]
    title, below = lines[0], lines[1:]
    day = partial(_declared_day, day)
    if is_headed(title) and (headed := _headed(lines, day)):
        return _with(article, *headed)
    if not title or len(title) > MAX_TITLE_CHARS or title[-1] in SENTENCE_MARKS:
        return article
    if (found := _below(below, day) or _dateline(below[0], day)) is not None:
        return _with(article, title, found)
    return _with(article, *headed) if (headed := _headed(lines, day)) else article


def _below(lines: Sequence[str], day: Day) -> Told | None:
    """What a by-line says that the first of some lines begins."""
    stacked = _stacked(lines, day)
    if stacked and stacked[0]:
        return stacked
    return _in_any_order(lines, day) or stacked or _byline(lines[0], day)


def _headed(lines: Sequence[str], day: Day) -> tuple[str, Told] | None:
    """Headline, author, outlet and day where several lines stand above the by-line or the dateline, or of a release."""
    head = [line for line in lines[: MAX_HEAD + 1] if line]
    is_sent = is_release(head[0]) if head else False
    for number, line in enumerate(head):
        found = _begun(lines[number:], day) if number else None
        is_text = len(line) > MAX_TITLE_CHARS or (is_sent and line[-1] in SENTENCE_MARKS[:-1])
        if is_text and is_sent and not found:
            found = None, None, released(head[:number], day)
        if found:
            title = title_of(head[:number], day, MAX_TITLE_CHARS)
            return (title, found) if title else None
        if is_text:
            return None
    return None


def _begun(lines: Sequence[str], day: Day) -> Told | None:
    """What a by-line with text below it or a dateline says that the first of some lines is or begins with."""
    begins = (behind_by(lines[0]) or "")[:1].isupper() and bool(lines[1])
    return _below(lines, day) if begins else _dateline(lines[0], day)


def _with(article: Article, title: str, found: Told) -> Article:
    """The article with what was told of it, where its file does not say so itself; a day counts before the file's."""
    author, publication, published = found
    return replace(
        article,
        title=article.title or title,
        author=article.author or author,
        publication=article.publication or publication,
        published=published or article.published,
    )


def dated_by_name(article: Article, name: str) -> Article:
    """The article with the day that the name of its file begins with, as Jekyll has it, where it has no other."""
    named = NAMED_DAY.match(name)
    return article if article.published or not named else replace(article, published=named[1])


def with_first_line(article: Article, day: Day) -> Article:
    """The article with what a by-line in its first line, or below its title there, says of it before its file does.

    So does one below a few short lines that end no sentence: the name of a newsletter, its number, a link to a page.
    """
    lines = [*_first_lines(article.text), ""]
    # A list puts its own name before the headline: "Tarn Letter: Why the tram won’t come".
    headline = (article.title or "").casefold()
    below = lines[1:] if lines[0] and headline.endswith(lines[0].casefold()) else lines
    above = [*takewhile(_is_short, below[: MAX_STACKED + 1])]
    below = below[next((n for n, line in enumerate(above) if (behind_by(line) or "")[:1].isupper()), 0) :]
    found = _below(below, day) if behind_by(below[0]) else None
    if found is None:
        return article
    author, publication, published = found
    return replace(
        article,
        author=author or article.author,
        publication=publication or article.publication,
        published=published or article.published,
    )


def with_shown_lines(article: Article, day: Day) -> Article:
    """The article of a page that declares neither author nor day with what its first lines say of it."""
    if article.author or article.published:
        return article
    if not article.title:
        return with_byline(article, day)
    told = with_byline(replace(article, text=f"{article.title}\n\n{article.text}"), day)
    return replace(told, text=article.text)


def _with_fields(article: Article, day: Day) -> Article | None:
    """An article above whose text stand fields, a line each, a day and a headline among them; None for any other."""
    lines = (article.text[slice(*place)] for place in islice(paragraphs(article.text), MAX_FIELDS))
    head = [field for field in takewhile(bool, map(FIELD.fullmatch, lines)) if field]
    fields = {name: field[2] for field in head for name in NAMES if field[1].lower() in NAMES[name]}
    if not {"title", "published"} <= fields.keys() or not (published := day(fields["published"])):
        return None
    return replace(article, **{**fields, "published": published})


def _declared_day(day: Day, line: str | None) -> str | None:
    """A day, also one that a line declares to be that of publication: "Published 4 May 2026 | Updated 5 May 2026"."""
    if found := day(line):
        return found
    parts = SEPARATOR_OF_DAYS.split(line or "")
    return next((day(match[1]) for part in parts if (match := PUBLISHED.fullmatch(part.strip()))), None)


def behind_by(line: str) -> str | None:
    """What stands behind the "By" that a line begins with; None for a line that begins otherwise."""
    by = BY.match(line)
    return line[by.end() :] if by else None


def _first_lines(text: str) -> list[str]:
    return [
        text[start:end] for (start, end), _ in zip(paragraphs(text), range(1 + MAX_HEAD + MAX_STACKED), strict=False)
    ]


def _stacked(lines: Sequence[str], day: Day) -> Told | None:
    """The same of author, outlet and day on lines of their own, in this order, of which the last is the day."""
    count = next((n for n, line in enumerate(lines[:MAX_STACKED], start=1) if day(line)), 0)
    above = lines[: max(0, count - 1)]
    above = above[next((n for n, line in enumerate(above) if behind_by(line)), 0) :]  # A deck can stand there, too.
    if not above and behind_by(lines[0]) and (told := _told_below(lines[1], day)):
        return _byline(f"{lines[0]}, {told}", day)
    if not above or any(len(line) > MAX_BYLINE_CHARS or line[-1] in SENTENCE_MARKS for line in above):
        return None
    return _byline(", ".join([*above, str(day(lines[count - 1]))]), day)


def _in_any_order(lines: Sequence[str], day: Day) -> Told | None:
    """The same of lines of which one begins with "By" and one is a day, whichever comes first."""
    head = list(takewhile(_is_short, lines[: MAX_STACKED + 1]))
    by = [number for number, line in enumerate(head) if (behind_by(line) or "")[:1].isupper()]
    dated = [number for number, line in enumerate(head) if day(line)]
    if len(by) != 1 or len(dated) != 1 or (told := _byline(head[by[0]], day)) is None:
        return None
    others = (line for number, line in enumerate(head[: max(*by, *dated)]) if number not in (*by, *dated))
    outlet = next((line for line in others if is_body(line) or line.startswith("The ")), None)
    return told[0], told[1] or outlet, day(head[dated[0]])


def _is_short(line: str) -> bool:
    """True for a line that can stand above a text, and ends no sentence."""
    return bool(line) and len(line) <= MAX_BYLINE_CHARS and line[-1] not in SENTENCE_MARKS


def _told_below(line: str, day: Day) -> str | None:
    """The day that a short line below a by-line ends in, with what stands before it if a word shows it an outlet.

    Else it may be a place: there is no telling.
    """
    if not line or len(line) > MAX_BYLINE_CHARS or line[-1] in SENTENCE_MARKS:
        return None
    names, published = _cut_day(line, day)
    if len(names) != 1 or published is None:
        return None
    return f"{names[0]}, {published}" if is_body(names[0]) or names[0].startswith("The ") else published


def _byline(line: str, day: Day) -> Told | None:
    """Author, outlet and day of a line that begins with "By" or ends in a day; None for any other."""
    if not line or len(line) > MAX_BYLINE_CHARS or line[-1] in SENTENCE_MARKS:
        return None
    elsewhere = BY_ELSEWHERE.match(line)
    said_by = line[elsewhere.end() :] if elsewhere else behind_by(line)
    names, published = _cut_day(said_by or line, day)
    if not names or not (said_by or published) or not all(name[:1].isalpha() for name in names):
        return None
    if not said_by and (len(names) == 1 or ": " in names[0]):
        return None, None, published  # An author, an outlet or a part of it: there is no telling. Or a title, "News: …"
    outlets = [name for name in names[1:] if role_noun(name) not in WRITES]
    return names[0], outlets[0] if outlets else None, published


def _dateline(paragraph: str, day: Day) -> tuple[None, None, str | None] | None:
    """The day of a paragraph that begins "PLACE, 12 March 2026." or "PLACE, Ohio (March 12, 2026) — ".

    An agency's can have no day, or none with a year.
    """
    if wired := WIRED.match(paragraph):
        return None, None, _cut_day(wired[1], day)[1]
    start, end = next(sentences(paragraph, 0, min(len(paragraph), MAX_BYLINE_CHARS)), (0, 0))
    head = re.split(r"\s(?:[–—-]{1,2}\s|/)", DAY_ASIDE.sub(r", \1", paragraph[start:end]), maxsplit=1)[0].rstrip(".")
    names, published = _cut_day(head, day)
    is_place = bool(names) and names[0].isupper() and sum(map(len, names[1:])) <= LONGEST_REGION
    return (None, None, published) if is_place and published else None


def _cut_day(line: str, day: Day) -> tuple[list[str], str | None]:
    """The parts of a line, and the day that its last one or two are: "March 12, 2026" holds a comma itself."""
    cuts = [0, *(match.end() for match in SEPARATOR.finditer(line))]
    for begin in cuts[:0:-1][:2]:
        if published := day(line[begin:]):
            return _parts(line[:begin]), published
    return _parts(line), None


def _parts(line: str) -> list[str]:
    return [part for part in SEPARATOR.split(line) if part]
