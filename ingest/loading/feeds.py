"""Read a feed, RSS or Atom: bytes go in; whose feed it is and what it links to come out. Nothing is fetched.

lxml reads it, without what a document type declares and without any look-up. A feed with a stray mark in it, as many
have, is read as far as it can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    from lxml.etree import _Element

# Of which an element may be to mean what its name says: "title" of a picture in an entry is none of the entry's.
ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
SPACES = ("", ATOM, DUBLIN_CORE, "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
ROOTS = (b"<rss", b"<feed", b"<rdf:RDF")
HEAD = 2000  # bytes before which the first element of a feed begins
BASE = "{http://www.w3.org/XML/1998/namespace}base"
PAGE = (None, "", "alternate")  # how Atom calls the link from an entry to its page


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one article. Dates are ISO; what it does not say is None."""

    link: str
    title: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None

    @property
    def stamp(self) -> str:
        """What changes when the article does, as far as a feed tells."""
        return self.updated or self.published or self.title or ""


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose feed it is, and its entries as it lists them, each link once."""

    title: str | None
    entries: tuple[Entry, ...]


def read_feed(data: bytes, url: str) -> Feed | None:
    """The feed in what was fetched from an address; None where it is none."""
    read = opened(data)
    if read is None:
        return None
    about, items = read
    by_link = {entry.link: entry for item in reversed(items) if (entry := entry_of(item, url)).link}
    return Feed(text_of(about, "title"), tuple(reversed(by_link.values())))


def opened(data: bytes) -> tuple[_Element, list[_Element]] | None:
    """What says whose feed it is, and the elements of its entries; None where the data is no feed."""
    if not any(root in data[:HEAD] for root in ROOTS):
        return None
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root: _Element | None = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    if root is None or _local(root) not in ("rss", "feed", "RDF"):
        return None
    # RSS has its items in the channel, RSS 1.0 beside it.
    about = root if _local(root) == "feed" else next(named(root, "channel"), root)
    return about, [
        item for parent in ((about,) if about is root else (about, root)) for item in named(parent, "item", "entry")
    ]


def entry_of(item: _Element, url: str) -> Entry:
    """What a feed says of one entry; a link that is relative is from where the feed was found."""
    author = next(named(item, "author"), None)
    return Entry(
        _link(item, url),
        title=text_of(item, "title"),
        author=text_of(item, "creator") or (text_of(author, "name") if author is not None else None),
        published=_moment(text_of(item, "published") or text_of(item, "pubDate") or text_of(item, "date")),
        updated=_moment(text_of(item, "updated")),
    )


def _link(item: _Element, url: str) -> str:
    """The address of an entry's page, empty when it has none; one that is relative is from where the feed says."""
    links = [each.get("href") or each.text for each in named(item, "link") if each.get("rel") in PAGE]
    # Where RSS gives no link, the entry's own mark is one, unless it says otherwise.
    marks = [each.text for each in named(item, "guid") if each.get("isPermaLink", "true") == "true"]
    base = next((each.get(BASE) or "" for each in (item, *item.iterancestors()) if each.get(BASE)), "")
    first = next((link.strip() for link in (*links, *marks) if link and link.strip()), "")
    try:
        return urljoin(urljoin(url, base), first) if first else ""
    except ValueError:  # it is no address: whoever fetches it says so
        return first


def named(parent: _Element, *names: str) -> Iterator[_Element]:
    """The elements right below one that have one of some names, of a feed's own."""
    for element in parent:
        if isinstance(element.tag, str):  # a comment has none
            space, _, local = element.tag.rpartition("}")
            if local in names and space.lstrip("{") in SPACES:
                yield element


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def text_of(parent: _Element, name: str) -> str | None:
    """The text on one line of the first such element right below one; None where there is none."""
    return next((" ".join(text.split()) for e in named(parent, name) if (text := "".join(e.itertext())).strip()), None)


def _moment(written: str | None) -> str | None:
    """A date of RSS or of Atom as an ISO one; None when it is neither."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(written or "").isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
