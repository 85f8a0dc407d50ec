"""Read XML of news agencies, NewsML-G2, one item or a message of many, and NITF, within it or by itself; and what
else newsrooms have as XML: feeds, debates in Akoma Ntoso, and the articles that trafilatura writes.

lxml reads it, without what a document type declares and without any look-up. What has no text, as a picture or a
package, is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.loading.common import LoadError, Read
from ingest.loading.emphasis import with_questions
from ingest.loading.formats.debate import debates
from ingest.loading.formats.page import blocks, text_of_html
from ingest.loading.formats.saved_feed import read_feed_file
from ingest.loading.formats.unseen import drop
from ingest.text.corrections import is_correction
from rag.schema import Article

if TYPE_CHECKING:
    from lxml.etree import _Element

# How an agency takes an item back: "stat:canceled", and what older items have.
_TAKEN_BACK = ("canceled", "cancelled", "withheld", "killed", "retracted")
_XHTML, _PLAIN = "html", "text/plain"


def read_wire(data: bytes) -> Read:
    """Read NewsML-G2, NITF, a feed, a debate or trafilatura's XML; several items are several articles."""
    if (feed := read_feed_file(data)) is not None:
        return feed
    root = _parsed(data)
    articles = [article for item in _all(root, "newsItem") if (article := _item(item))]
    if not articles and (nitf := next(_all(root, "nitf"), None)) is not None:
        articles = [_nitf(nitf)]
    if not articles:
        articles = debates(root)
    if not articles:
        articles = [_extracted(doc) for doc in _all(root, "doc") if next(_all(doc, "main"), None) is not None]
    if not articles:
        kind = _local(root)
        raise LoadError(
            f"no news item with text was found under <{kind}>; read are NewsML-G2, NITF, RSS, Atom, debates in Akoma "
            "Ntoso and trafilatura"
        )
    return Read(tuple(articles))


def _parsed(data: bytes) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: _Element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise LoadError(f"not valid XML: {error.msg}") from error
    return root


def _item(item: _Element) -> Article | None:
    text = _content(item)
    if not text.strip():
        return None
    status = next((e.get("qcode", "").rpartition(":")[2] for e in _all(item, "pubStatus")), "")
    note = _text(item, "edNote") or ""
    is_back = status in _TAKEN_BACK
    signals = [e.get("qcode", "").rpartition(":")[2] for e in _all(item, "signal")]
    is_corrected = is_correction(note) or any(signal.startswith("correct") for signal in signals)
    guid, version = item.get("guid", ""), item.get("version", "")
    return Article(
        id=f"{guid}#{version}" if guid and version else guid,
        text=text,
        title=_text(item, "headline"),
        author=_text(item, "by") or _name(item, "creator"),
        publication=_name(item, "provider") or _name(item, "infoSource"),
        published=_text(item, "firstCreated") or _text(item, "contentCreated") or _text(item, "versionCreated"),
        url=next((e.get("href") for e in _all(item, "link", "remoteContent") if e.get("rel") == "irel:seeAlso"), None),
        updated=_text(item, "versionCreated") if version not in ("", "1") else None,
        language=next((e.get("tag") for e in _all(item, "language")), None) or _lang(item),
        story=guid or None,
        notice=f"retracted {note}".strip() if is_back else note if is_corrected else None,
    )


def _content(item: _Element) -> str:
    for inline in _all(item, "inlineXML", "inlineData"):
        kind = inline.get("contenttype", "")
        if (nitf := next(_all(inline, "nitf"), None)) is not None:
            return _nitf(nitf).text
        if _local(inline) == "inlineData":
            given = inline.text or ""
            text = text_of_html(given) if _XHTML in kind else given.strip()
        else:
            body = next(_all(inline, "body"), inline)
            text = text_of_html(_markup(body))
        if text.strip():
            return text
    return ""


def _nitf(root: _Element) -> Article:
    """An article in NITF; its paragraphs, block quotations and headlines are named as in HTML."""
    content = next(_all(root, "body.content"), root)
    for picture in [*_all(content, "media")]:  # What stands below a picture is no text of the article.
        drop(picture)
    issued = next((e.get("norm") for e in _all(root, "date.issue", "story.date")), None)
    return Article(
        id="",
        text=text_of_html(_markup(content)),
        title=_text(root, "hl1") or _text(root, "title"),
        author=_name(root, "byline"),
        publication=_text(root, "distributor") or next((e.get("name") for e in _all(root, "pubdata")), None),
        published=f"{issued[:4]}-{issued[4:6]}-{issued[6:8]}" if issued and issued[:8].isdigit() else issued,
    )


def _extracted(doc: _Element) -> Article:
    """An article as trafilatura writes it: what it says of it in attributes, its paragraphs in <main>."""
    return Article(
        id="",
        text="\n\n".join(with_questions(blocks(next(_all(doc, "main"))))),
        title=doc.get("title"),
        author=doc.get("author"),
        publication=doc.get("sitename") or doc.get("hostname"),
        published=doc.get("date"),
        url=doc.get("url") or doc.get("source"),
        language=doc.get("language"),
    )


def _markup(element: _Element) -> str:
    """What is in an element as HTML: the names without their namespaces."""
    from lxml import etree

    for inner in element.iter():
        if isinstance(inner.tag, str):
            inner.tag = _local(inner)
    etree.cleanup_namespaces(element)
    inside = [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return (element.text or "") + "".join(inside)


def _all(element: _Element, *names: str) -> Iterator[_Element]:
    """The elements of these names below an element, whatever their namespace."""
    return (inner for inner in element.iter() if isinstance(inner.tag, str) and _local(inner) in names)


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: _Element, name: str) -> str | None:
    """The first such element's text on one line; None where there is none."""
    found = (" ".join("".join(inner.itertext()).split()) for inner in _all(element, name))
    return next(filter(None, found), None)


def _name(element: _Element, name: str) -> str | None:
    """The name within the first such element, or what stands in its attributes."""
    for inner in _all(element, name):
        given = (
            _text(inner, "name")
            or _text(inner, "person")
            or inner.get("literal")
            or inner.get("qcode", "").rpartition(":")[2]
        )
        if given:
            return given
    return None


def _lang(item: _Element) -> str | None:
    given: str | None = item.get("{http://www.w3.org/XML/1998/namespace}lang")
    return given
