"""Read the article out of a web page, block quotations and posts set off from it; and text out of a piece of HTML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.loading.common import BLOCK, LoadError, Read
from rag.schema import Article

if TYPE_CHECKING:
    from lxml.etree import _Element

# What trafilatura makes of HTML: paragraphs and headings hold text, the others hold such elements and text.
_INLINE = frozenset("hi ref del code graphic lb".split())
_TITLES = ("//meta[@property='og:title']/@content", "//meta[@name='twitter:title']/@content", "//title//text()")


def read_html(data: bytes) -> Read:
    """Read the article out of a web page, without menus, comments and footers."""
    from trafilatura import bare_extraction, load_html

    tree = load_html(data)
    heading = None if tree is None else _heading(tree)
    shown = [] if tree is None else [" ".join(str(title).split()) for path in _TITLES for title in tree.xpath(path)]
    page: Any = (
        None
        if tree is None
        else bare_extraction(
            tree,
            with_metadata=True,
            include_comments=False,
            include_formatting=True,
            # Only a date that the page declares, and the first one: no guess from numbers in its text.
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    )
    if page is None:
        raise LoadError("no article text was found in the page; save the page of one article, not of a list")
    found = page.as_dict()
    # A live page declares each of its updates, too; a title that the page shows nowhere at its head is one of those.
    is_shown = found["title"] and any(found["title"] in title for title in [*shown, heading or ""])
    title = found["title"] if is_shown or not heading else heading
    paragraphs = list(_blocks(page.body))
    article = Article(
        id="",
        # The headline is kept apart: nobody says it.
        text="\n\n".join(paragraphs[1:] if len(paragraphs) > 1 and paragraphs[0] == title else paragraphs),
        title=title,
        author=found["author"],
        publication=found["sitename"],
        published=found["date"],
        url=found["url"],
    )
    return Read.one(article)


def text_of_html(markup: str) -> str:
    """The text of a piece of HTML that is an article's body as a whole, as wire agencies send it."""
    from trafilatura import bare_extraction

    page: Any = bare_extraction(
        f"<html><body><article>{markup}</article></body></html>",
        include_comments=False,
        include_formatting=True,
        favor_recall=True,
    )
    return "" if page is None else "\n\n".join(_blocks(page.body))


def _heading(tree: _Element) -> str | None:
    """The page's heading, where it has just one of the first order."""
    headings = [" ".join("".join(found.itertext()).split()) for found in tree.iter("h1")]
    return headings[0] or None if len(headings) == 1 else None


def _blocks(element: _Element, indent: str = "") -> Iterator[str]:
    """The paragraphs below an element; those of a block quotation are set off."""
    text, before = element.text or "", ""
    for child in element:
        if child.tag in _INLINE:
            text += _inline(child) + (child.tail or "")
            continue
        if line := _line(text):
            yield indent + line
            before = line
        text = child.tail or ""
        for paragraph in _child(child, indent, before):
            yield paragraph
            before = paragraph
    if line := _line(text):
        yield indent + line


def _child(child: _Element, indent: str, before: str) -> Iterator[str]:
    if child.tag == "quote":
        yield from _blocks(child, BLOCK)
    elif child.tag == "p" and _is_emphasised(child) and before.endswith(":"):
        yield from _blocks(child, BLOCK)  # "She wrote:", and the letter in italics.
    else:
        yield from _blocks(child, indent)


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
    return (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)


def _line(text: str) -> str:
    return "\n".join(filter(None, (" ".join(part.split()) for part in text.split("\n"))))
