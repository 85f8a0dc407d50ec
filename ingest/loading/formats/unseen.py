"""Take out of a page's tree what stands in its sentences and is no word of them for whoever looks at the page.

That is what is struck through, what only a program that reads aloud gets ("opens in a new tab"), what is marked as
hidden, and the raised numbers that lead to notes. Told by markup alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.loading.common import WORD_END

if TYPE_CHECKING:
    from lxml.etree import _Element

_STRUCK = ("s", "strike", "del")
# The usual names of styles that put words outside of the screen.
_ALOUD = re.compile(r"(?:sr-only|(?:visually|screen-?reader)-?(?:hidden|only|text)|assistive-?text)", re.I)
_NOTE_MARK = re.compile(r"\[?\d{1,3}\]?|[*†‡§]{1,3}")
_REMARK = re.compile(r"\[[a-z]{1,3}\]")  # Where a document on the web is remarked on, or has a note.
_NOTE_ROLE = "doc-noteref"
_GONE = "gone"
_PARTS = ("p", "div", "ul", "ol", "h1", "h2", "h3", "article", "section", "main", "blockquote", "table")


def strip_unseen(tree: _Element) -> list[str]:
    """Take it out, and give the words that are struck through, of which an editor should know."""
    from lxml import etree

    found = [*tree.iter(*_STRUCK)]
    struck = [" ".join("".join(element.itertext()).split()) for element in found]
    unseen = [element for element in tree.iter("p", "li", "span", "div", "small", "a", "sup") if _is_unseen(element)]
    parents = {parent for element in (*found, *unseen) if (parent := element.getparent()) is not None}
    for element in (*found, *unseen):
        element.tag = _GONE
    # All in one go, and the pieces of text put together once: one after the other, each would copy all before it.
    etree.strip_elements(tree, _GONE, with_tail=False)
    for parent in parents:
        parent.text = parent.text
        for child in parent:
            child.tail = child.tail
    return [words for words in dict.fromkeys(struck) if words]


def drop(element: _Element) -> None:
    """Take an element out, not the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _is_unseen(element: _Element) -> bool:
    if element.tag == "sup":
        return _is_note_mark(element)
    if element.get("role") == _NOTE_ROLE:
        return True
    is_aloud = any(_ALOUD.fullmatch(name) for name in element.get("class", "").split())
    # A program of the page may show what is hidden as a whole, as the text behind a "read on".
    return (is_aloud or element.get("hidden") in ("", "hidden", "true")) and next(_inner_parts(element), None) is None


def _inner_parts(element: _Element) -> Iterator[_Element]:
    return (inner for inner in element.iterdescendants(*_PARTS))


def _is_note_mark(raised: _Element) -> bool:
    """True for a raised number that leads to a note: a link within the page, or behind a word; 5 m² is a power."""
    shown = "".join(raised.itertext()).strip()
    is_remark = _REMARK.fullmatch(shown) is not None
    if not (is_remark or _NOTE_MARK.fullmatch(shown)):
        return False
    if any(link.get("href", "").startswith("#") for link in raised.iter("a")):
        return True
    return not is_remark and WORD_END.search(_before(raised)) is not None


def _before(element: _Element) -> str:
    """The text right before an element, within its paragraph."""
    sibling, parent = element.getprevious(), element.getparent()
    if sibling is None:
        return (parent.text or "") if parent is not None else ""
    return sibling.tail or "".join(sibling.itertext())
