"""Make a block quotation of a post that a page embeds: its words, and below them who posted it.

In: a block quotation of a page, which is changed. What its network writes around the words ("View this post on …", the
link of a picture) goes. It is told by markup: words are paragraphs, and what only leads to the post is a link alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.loading.formats.unseen import drop

if TYPE_CHECKING:
    from lxml.etree import _Element

_SHARED = re.compile(r"\(@[\w.@-]{1,60}\)")
# How a post names what its network shows there in place of it.
_SHOWN_THERE = re.compile(r"pic\.(?:twitter|x)\.com/\S+|https?://t\.co/\S+|\[image or embed\]")
_EMBED = re.compile(r"(?:^|[-_])embed(?:$|[-_])", re.I)
_ADDRESS = re.compile(r"[a-z]+://")
_DASHED = re.compile(r"[—–-]")
_BLOCKS = ("p", "div", "section", "ul", "ol", "li", "blockquote", "footer")
_LEAD = 40  # Characters before the name of who posted what has no words.
_SENTENCE_MARKS = (".", "!", "?", "…", ":")


def read_embed(quotation: _Element) -> None:
    """Leave of an embedded post its words and who posted it; one without words goes as a whole."""
    for link in [link for link in quotation.iter("a") if _SHOWN_THERE.fullmatch(_shown(link))]:
        drop(link)
    if _is_embed(quotation):
        for link in [link for link in quotation.iter("a") if _is_beside(link, quotation)]:
            drop(link)
        _sign(quotation)
        if _is_wordless(quotation):
            drop(quotation)
            return
        for link in [link for p in quotation.iter("p") for link in p.iter("a")]:
            link.tag = "span"  # A network can have all words of a post lead to it, and they are no menu.
    for link in [link for link in quotation.iter("a") if _SHARED.search(_shown(link))]:
        link.tag = "span"  # Whose post it is: trafilatura leaves a paragraph out that is nothing but a link.


def _is_embed(quotation: _Element) -> bool:
    """True where a program of a network will put a post: an attribute for it says which, or its class that it does."""
    around = [quotation] if quotation.getparent() is None else [quotation, quotation.getparent()]
    given = ((name, value) for element in around for name, value in element.attrib.items())
    is_named = any(_EMBED.search(name) for name in quotation.get("class", "").split())
    return is_named or any(name.startswith("data-") and _ADDRESS.match(value) for name, value in given)


def _is_beside(link: _Element, quotation: _Element) -> bool:
    """True for a link by itself outside of the paragraphs of a post, that ends no sentence and names nobody."""
    inside = link.iterancestors("p")
    if any(quotation in p.iterancestors() for p in inside):
        return False
    parent, before = link.getparent(), link.getprevious()
    text = (parent.text if before is None and parent is not None else before.tail if before is not None else "") or ""
    is_alone = not text.strip() and not (link.tail or "").strip()
    return is_alone and not _SHARED.search(_shown(link)) and not _shown(link).endswith(_SENTENCE_MARKS)


def _sign(quotation: _Element) -> None:
    """Write who posted below the words as a credit: "— Ann Lee (4 May)" of "Posted by Ann Lee on 4 May".

    The name is the first link of the line behind the last paragraph; what the other links say stands in brackets.
    """
    last = next(reversed([*quotation.iter("p")]), None)
    parent, behind = (quotation, [*quotation]) if last is None else (last.getparent(), [*last.itersiblings()])
    lead = (quotation.text if last is None else last.tail) or ""
    if parent is None or any(element.tag in _BLOCKS for element in behind):
        return
    line = " ".join((lead + "".join(_shown(one) + f" {one.tail or ''}" for one in behind)).split())
    linked = [shown for one in behind if one.tag == "a" and (shown := _shown(one))]
    if not linked or _DASHED.match(line) or _SHARED.search(line):
        return
    if last is None and (len(lead) > _LEAD or not line.endswith(linked[-1])):
        return  # Words that are no paragraph, with a link among them.
    for element in behind:
        parent.remove(element)
    if last is None:
        quotation.text = None
    else:
        last.tail = None
    credit = quotation.makeelement("p", {})
    name, *others = linked
    credit.text = f"— {name}" + (f" ({', '.join(others)})" if others else "")
    parent.append(credit)


def _is_wordless(quotation: _Element) -> bool:
    """True where at most who posted it is left of a post."""
    lines = [*_lines(quotation)]
    is_credit = len(lines) == 1 and bool(_DASHED.match(lines[0]) or _SHARED.search(lines[0]))
    return not lines or (is_credit and not lines[0].endswith(_SENTENCE_MARKS))


def _lines(element: _Element) -> Iterator[str]:
    """The paragraphs below an element, and what stands beside them."""
    text = element.text or ""
    for child in element:
        if child.tag in _BLOCKS:
            yield from filter(None, [text.strip()])
            yield from _lines(child)
            text = ""
        elif isinstance(child.tag, str):
            text += "".join(child.itertext())
        text += child.tail or ""
    yield from filter(None, [text.strip()])


def _shown(element: _Element) -> str:
    """All text of an element on one line."""
    return " ".join("".join(element.itertext()).split()) if isinstance(element.tag, str) else ""
