"""What an export of WordPress, which is a feed, has beside one: drafts and pictures, who its writers are, short codes.

In: elements of a feed. Out: what of them is shown to readers, and how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACE = "{http://wordpress.org/export/"
_SHOWN = ("publish", "")  # An item of any other feed has no status.
_CAPTION = re.compile(r"\[caption\b[^\[\]]{0,500}\](?:(?!\[/?caption\b).)*\[/caption\]", re.S)
_CODES = re.compile(r"\[/?(?:caption|gallery|embed|audio|video|playlist)\b[^\[\]]{0,500}\]")
_BLANK = re.compile(r"\n\s*\n")
_PARAGRAPH = re.compile(r"<p[\s>]", re.I)
_LAST = re.compile(r"<p\b[^<>]*>(?:(?!</?p\b).)*</p>\s*\Z", re.S | re.I)
_HREF = re.compile(r"href=[\"']([^\"'<>]+)", re.I)


def is_shown(item: _Element) -> bool:
    """True for what readers see: no draft, no picture, no earlier state of an article."""
    return field(item, "status") in _SHOWN


def field(parent: _Element, name: str) -> str:
    """A field of WordPress' own right below an element; empty where there is none."""
    return next((e.text or "" for e in _fields(parent) if e.tag.endswith("}" + name)), "").strip()


def writers(channel: _Element) -> dict[str, str]:
    """The names of those who write, by what they log in with."""
    people = (element for element in _fields(channel) if element.tag.endswith("}author"))
    return {field(one, "author_login"): field(one, "author_display_name") for one in people}


def as_shown(markup: str) -> str:
    """The HTML of an article as WordPress makes it: without its codes for pictures, and an empty line a paragraph."""
    markup = _CODES.sub("", _CAPTION.sub("", markup))
    if _PARAGRAPH.search(markup):
        return markup
    return "".join(f"<p>{part}</p>" for part in _BLANK.split(markup) if part.strip())


def without_notice(markup: str, page: str, home: str) -> str:
    """The HTML of an entry without what WordPress has below it: a paragraph with a link to its page and one home."""
    last = _LAST.search(markup)
    links = [link.rstrip("/") for link in _HREF.findall(last[0])] if last else []
    is_notice = page and home and links == [page.rstrip("/"), home.rstrip("/")]
    return markup[: last.start()] if last and is_notice else markup


def _fields(parent: _Element) -> Iterator[_Element]:
    return (e for e in parent if isinstance(e.tag, str) and e.tag.startswith(_SPACE))
