"""Read the article out of a web page, block quotations and posts set off from it; and text out of a piece of HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ingest.loading.common import BLOCK, CELL_CHARS, LoadError, Read, without_breaks, without_struck
from ingest.loading.emphasis import emphasised, with_questions, without_marks
from ingest.loading.formats.declared import keep_own, published, shown_titles
from ingest.loading.formats.exports import articles_of
from ingest.loading.formats.furniture import show_times, strip_furniture
from ingest.loading.formats.unseen import strip_unseen
from ingest.text.turns import turns
from ingest.text.unlabelled import SET_APART
from rag.schema import Article

if TYPE_CHECKING:
    from lxml.etree import _Element

# What trafilatura makes of HTML: paragraphs and headings hold text, the others hold such elements and text.
NOTHING = "no article text was found in the page; save the page of one article, not of a list"
_INLINE = frozenset("hi ref del code graphic lb".split())
_LISTS = ("list", "table")
_SET = ("#b", "#i")  # Bold and in italics.
_UPDATED = "//meta[@property='article:modified_time' or @itemprop='dateModified']/@content"
_DATA, _MODIFIED = "//script[@type='application/ld+json']/text()", re.compile(r'"dateModified"\s*:\s*"([^"]+)"')
# "Published: 4 March 2026 | Updated: 6 March 2026"
_LINES, _LONGEST_LINE, _PARTS = ("p", "div", "span", "time", "li"), 120, re.compile(r"[|·•–—;]")
_SHOWN = re.compile(r"(?:last )?updated(?: on)?:?\s+(.{6,40})", re.I)
# What only a page that an archive exports is likely to have: "126 words" alone, or "Full text:".
_ARCHIVED = re.compile(rb">\s*(?:length:?(?:\s|</?\w[^>]{0,40}>){0,4})?[\d,.]{1,9} words\s*<|full text:", re.I)
_APART, _UNREAD = frozenset("p div td th li br h1 h2 h3 h4 table tr".split()), ("script", "style")
_EVENTS = ("start", "end", "comment")
_PUBLISHER = re.compile(r'"publisher"\s*:\s*\{[^{}]*?"name"\s*:\s*"([^"]+)"')


def read_html(data: bytes) -> Read:
    """Read the article out of a web page, without menus, captions, comments and footers."""
    from trafilatura import extract_metadata, load_html

    tree = load_html(data)
    if tree is not None and _ARCHIVED.search(data) and (archived := articles_of(_lines_of(tree))):
        return Read(archived)
    if tree is not None and len(each := _articles(tree)) > 1:
        return _joined(each)
    own = deepcopy(tree)
    struck = [] if tree is None else strip_unseen(own)
    body = None if tree is None else _body(own)
    if tree is None or body is None:
        raise LoadError(NOTHING)
    heading = _heading(tree)
    keep_own(tree, heading)
    # Only a date that the page declares, and the first one: no guess from numbers in its text.
    found = extract_metadata(tree, date_config={"original_date": True, "extensive_search": False})
    # A live page declares each of its updates, too; a title that the page shows nowhere at its head is one of those.
    is_shown = found.title and any(found.title in title for title in [*shown_titles(tree), heading or ""])
    title = found.title if is_shown or not heading else heading
    paragraphs = with_questions(blocks(body))
    article = Article(
        id="",
        # The headline is kept apart: nobody says it.
        text="\n\n".join(paragraphs[1:] if len(paragraphs) > 1 and paragraphs[0].strip() == title else paragraphs),
        title=title,
        author=found.author,
        publication=found.sitename or _declared(tree, _PUBLISHER),
        # The other one can be a day of its last change.
        published=published(tree) or found.date,
        url=found.url,
        updated=next((str(value) for value in tree.xpath(_UPDATED)), None)
        or _declared(tree, _MODIFIED)
        or _shown(tree),
        language=tree.get("lang"),
    )
    return Read.one(article, *without_struck(struck))


def _lines_of(tree: _Element) -> str:
    """All text of a page, with a break wherever its markup has one."""
    from lxml import etree

    shown: list[str] = []
    for event, element in (step for body in tree.iter("body") for step in etree.iterwalk(body, _EVENTS)):
        text = element.tail if event != "start" else "" if element.tag in _UNREAD else element.text
        # Of white space at either end one space is left.
        shown.append(("\n" if element.tag in _APART else "") + " ".join(f"-{text or ''}-".split())[1:-1])
    return "".join(shown)


def _joined(pages: list[bytes]) -> Read:
    """The articles of several pages; one without text is passed over, unless none has any."""
    articles, warnings = list[Article](), list[str]()
    for page in pages:
        with suppress(LoadError):
            read = read_html(page)
            articles += read.articles
            warnings += read.warnings
    if not articles:
        raise LoadError(NOTHING)
    return Read(tuple(articles), tuple(dict.fromkeys(warnings)))


def _articles(tree: _Element) -> list[bytes]:
    """The articles of a page that an archive exports, each as a page: those with a heading of the first order each.

    The entries of a live page have none, and the teasers of a list have links there.
    """
    from lxml import etree

    found = [one for one in tree.iter("article") if next(one.iterancestors("article"), None) is None]
    headed = [one for one in found if sum(1 for _ in one.iter("h1")) == 1]
    if sum(1 for _ in tree.iter("h1")) != len(headed) or any(one.find(".//h1//a[@href]") is not None for one in headed):
        return []
    headed = [one for one in headed if one.find(".//p") is not None]
    inside = [etree.tostring(one, encoding="unicode", method="html", with_tail=False) for one in headed]
    titles = [html.escape(_heading(one) or "") for one in headed]
    pages = zip(titles, inside, strict=True)
    return [f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode() for title, body in pages]


def _body(own: _Element) -> _Element | None:
    """The article's own part of a page, which is changed, in trafilatura's elements."""
    strip_furniture(own)
    show_times(own)
    return _extracted(own)


def _extracted(tree: _Element, **options: Any) -> _Element | None:
    """What trafilatura takes for the text; of a page with little text it takes all that there is, in one paragraph.

    That page may have an article, too.
    """
    from trafilatura import bare_extraction
    from trafilatura.settings import DEFAULT_CONFIG

    def read(**how: Any) -> _Element | None:
        page: Any = bare_extraction(deepcopy(tree), include_comments=False, include_formatting=True, **options, **how)
        return None if page is None else page.body

    body = read()
    if body is None or len(body) > 1:
        return body
    little = deepcopy(DEFAULT_CONFIG)
    little["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "1"
    again = read(config=little)
    return again if again is not None and len(again) > 1 else body


def text_of_html(markup: str) -> str:
    """The text of a piece of HTML that is an article's body as a whole, as wire agencies send it."""
    from trafilatura import load_html

    tree = load_html(f"<html><body><article>{markup}</article></body></html>")
    if tree is None:
        return ""
    strip_unseen(tree)
    strip_furniture(tree)
    body = _extracted(tree, favor_recall=True)
    return "" if body is None else "\n\n".join(with_questions(blocks(body)))


def _declared(tree: _Element, field: re.Pattern[str]) -> str | None:
    """What the page declares for programs, such as when it was changed."""
    return next((match[1] for data in tree.xpath(_DATA) if (match := field.search(data))), None)


def _shown(tree: _Element) -> str | None:
    """When the page says in a line of its own that it was updated; None where its lines say different times."""
    lines = (" ".join("".join(element.itertext()).split()) for element in tree.iter(*_LINES))
    parts = (part for line in lines if len(line) <= _LONGEST_LINE for part in _PARTS.split(line))
    found = {match[1] for part in parts if (match := _SHOWN.fullmatch(part.strip()))}
    return found.pop() if len(found) == 1 else None


def _heading(tree: _Element) -> str | None:
    """The page's heading, where it has just one of the first order."""
    headings = [" ".join("".join(found.itertext()).split()) for found in tree.iter("h1")]
    return headings[0] or None if len(headings) == 1 else None


def blocks(element: _Element, indent: str = "") -> Iterator[str]:
    """The paragraphs below an element of trafilatura's; those of a block quotation are set off.

    What is emphasised has the marks for `with_questions`.
    """
    if element.tag == "head":
        yield from (_set_in(emphasised(line), indent) for line in [_line(_inline(element))] if line)
        return
    text, before, below = element.text or "", "", ""
    for child in element:
        if child.tag in _INLINE:
            text += _inline(child) + (child.tail or "")
            continue
        if line := _line(text):
            yield below + _set_in(line, indent)
            before = line
        text = child.tail or ""
        paragraphs = list(_child(child, indent, before))
        yield from (paragraph if paragraph.startswith(BLOCK) else below + paragraph for paragraph in paragraphs)
        before = paragraphs[-1] if paragraphs else before
        if child.tag in _LISTS and turns(without_marks("\n\n".join(paragraphs)), unlabelled=False):
            below = SET_APART  # What stands outside of a list that is a transcript is no part of its last turn.
    if line := _line(text):
        yield below + _set_in(line, indent)


def _set_in(paragraph: str, indent: str) -> str:
    """The paragraph with all of its lines set off: a post has breaks of its own."""
    return indent + paragraph.replace("\n", f"\n{indent}")


def _child(child: _Element, indent: str, before: str) -> Iterator[str]:
    if child.tag == "row" and len(child) > 1 and all(_is_short(cell) for cell in child):
        yield indent + "\t".join(_line("".join(cell.itertext())) for cell in child)
    elif child.tag == "quote":
        yield from blocks(child, BLOCK)
    elif child.tag == "p" and _is_emphasised(child) and without_marks(before).endswith(":"):
        yield from blocks(child, BLOCK)  # "She wrote:", and the letter in italics.
    else:
        yield from blocks(child, indent)


def _is_short(cell: _Element) -> bool:
    """True for a cell of a table that is one line."""
    return all(inner.tag in _INLINE for inner in cell.iterdescendants()) and len("".join(cell.itertext())) <= CELL_CHARS


def _is_emphasised(paragraph: _Element) -> bool:
    outside = [paragraph.text, *(child.tail for child in paragraph)]
    return (
        len(paragraph) > 0
        and not any((text or "").strip() for text in outside)
        and all(child.tag == "hi" and child.get("rend") == "#i" for child in paragraph)
    )


def _inline(element: _Element) -> str:
    if element.tag in ("lb", "graphic"):
        return "\n" if element.tag == "lb" else ""
    text = (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)
    return emphasised(text) if element.tag == "hi" and element.get("rend") in _SET else text


def _line(text: str) -> str:
    return without_breaks("\n".join(filter(None, (" ".join(part.split()) for part in text.split("\n")))))
