"""Read a feed, RSS or Atom, that was saved as a file: each entry is an article with the text that the feed itself has.

An export of WordPress is one. Nothing is fetched: what a feed only links to is read by its link
(`ingest.fetching.following`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ingest.loading.common import LoadError, Read
from ingest.loading.feeds import entry_of, named, opened, text_of
from ingest.loading.formats import wordpress
from ingest.loading.formats.page import text_of_html
from rag.schema import Article

if TYPE_CHECKING:
    from lxml.etree import _Element

_WHOLE = "{http://purl.org/rss/1.0/modules/content/}encoded"
_SUMMARIES = ("description", "summary")
_PLAIN, _XHTML = "text", "xhtml"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_feed_file(data: bytes) -> Read | None:
    """The articles of a feed; None where the file is none. A warning says how many have no more than a summary."""
    feed = opened(data)
    if feed is None:
        return None
    about, items = feed
    names = wordpress.writers(about)
    shown = [item for item in items if wordpress.is_shown(item)]
    articles, summaries, empty = [], 0, 0
    for item in shown:
        text, is_whole = _text(item)
        if text:
            articles.append(_article(item, text, about, names))
        summaries += bool(text) and not is_whole
        empty += not text
    if not articles:
        raise LoadError("the feed has no text of its articles, only links: name its address instead of the file")
    left_out = len(items) - len(shown)
    notes = [
        (summaries, "only a summary"),
        (empty, "no text, and are left out"),
        (left_out, "no readers (drafts, pictures), and are left out"),
    ]
    return Read(tuple(articles), tuple(f"entries of the feed with {what}: {count}" for count, what in notes if count))


def _article(item: _Element, text: str, about: _Element, names: Mapping[str, str]) -> Article:
    entry = entry_of(item, "")
    modified = wordpress.field(item, "post_modified")
    return Article(
        id=text_of(item, "guid") or text_of(item, "id") or entry.link,
        text=text,
        title=entry.title,
        author=names.get(entry.author or "") or entry.author,
        publication=text_of(about, "title"),
        published=entry.published or entry.updated,
        url=entry.link,
        updated=entry.updated or (modified if modified != wordpress.field(item, "post_date") else None),
        language=text_of(about, "language") or about.get(_LANGUAGE),
    )


def _text(item: _Element) -> tuple[str, bool]:
    """The text of an entry, and whether it is more than a summary."""
    whole = [*item.iterchildren(_WHOLE), *named(item, "content")]
    for element in (*whole, *named(item, *_SUMMARIES)):
        if text := _shown(element).strip():
            return text, element in whole
    return "", False


def _shown(element: _Element) -> str:
    """The text of an element that holds HTML, escaped or as elements of its own."""
    from lxml import etree

    kind = element.get("type", "html")
    if kind == _PLAIN:
        return "".join(element.itertext())
    if kind == _XHTML:
        for inner in element.iter():
            if isinstance(inner.tag, str):
                inner.tag = etree.QName(inner).localname
        etree.cleanup_namespaces(element)
        return text_of_html("".join(etree.tostring(child, encoding="unicode", method="html") for child in element))
    markup, item = "".join(element.itertext()), element.getparent()
    if item is None:
        return text_of_html(markup)
    feed = item.getparent()
    home = (text_of(feed, "link") if feed is not None else None) or ""
    markup = wordpress.without_notice(markup, entry_of(item, "").link, home)
    return text_of_html(wordpress.as_shown(markup) if wordpress.field(item, "status") else markup)
