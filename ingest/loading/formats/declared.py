"""Keep of what a web page declares for programs, as JSON-LD and in its markup, what is about its own article.

In: a page's tree of elements, which is changed. A list of what is read most, a teaser or a film beside the text
declares its own day and writer, often ahead of the article. What is the page's own has its address or its headline.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ingest.loading.formats.unseen import drop

if TYPE_CHECKING:
    from lxml.etree import _Element

_DATA = "//script[@type='application/ld+json' or @type='application/settings+json']"
_ADDRESSES = ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
_TITLES = ("//meta[@property='og:title']/@content", "//meta[@name='twitter:title']/@content", "//title//text()")
_DAYS = ("datePublished", "dateModified", "dateCreated", "uploadDate")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_DAY_MARKS = "//time | //*[starts-with(@itemprop, 'date')]"
# Of articles in the markup that have not the page's own heading in them.
_HEADLINES = "//*[@itemprop='headline' and ancestor::*[@itemscope][1][not(.//h1)]]"
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")  # Characters that JSON may have, and no element of a page.
_LISTED = "itemListElement"  # What stands below it, a list of articles or of pages above this one.


def shown_titles(tree: _Element) -> list[str]:
    """The titles that the head of a page shows."""
    return [" ".join(str(title).split()) for path in _TITLES for title in tree.xpath(path)]


def keep_own(tree: _Element, heading: str | None) -> None:
    """Take what a page declares of other articles out of it."""
    _keep_own_data(tree, heading)
    _keep_own_marks(tree, heading)


def published(tree: _Element) -> str | None:
    """The ISO day that the data of a page, of which other articles are taken out, has for its article."""
    found = (work for script in tree.xpath(_DATA) for work in _works(_read(script.text)) if "headline" in work)
    days = (_ISO.match(str(work.get("datePublished", ""))) for work in found)
    return next((day[0] for day in days if day), None)


def _keep_own_marks(tree: _Element, heading: str | None) -> None:
    """Take out of the markup the articles that have another headline, and days beside the text where others are in it.

    A box beside the text can have the day of the article, where nothing else has it.
    """
    titles = [title.casefold() for title in [*shown_titles(tree), heading or ""]]
    for headline in tree.xpath(_HEADLINES) if heading else ():
        named = " ".join("".join(headline.itertext()).split()).casefold()
        if named and not any(named in title for title in titles):
            drop(headline.xpath("ancestor::*[@itemscope][1]")[0])
    days = tree.xpath(_DAY_MARKS)
    beside = [day for day in days if next(day.iterancestors("aside"), None) is not None]
    for day in beside if len(beside) < len(days) else ():
        drop(day)


def _keep_own_data(tree: _Element, heading: str | None) -> None:
    """Take other articles out of the data of a page; where nothing shows which is its own, only those of lists."""
    found = [(script, data) for script in tree.xpath(_DATA) if (data := _read(script.text)) is not None]
    with suppress(RecursionError):  # What nests deeper than any page's own data stays as it is.
        own = _own(tree, heading, [work for _, data in found for work in _works(data)])
        for (script, _), kept in zip(found, [_kept(data, own) for _, data in found], strict=True):
            script.text = _UNFIT.sub("", json.dumps(kept, ensure_ascii=False))


def _own(tree: _Element, heading: str | None, works: Sequence[dict[str, Any]]) -> set[int]:
    """Which works are the page's own, by their identity; none where no headline shows one."""
    titles = [title for title in [*shown_titles(tree), heading or ""] if title]
    addresses = {_address(str(url)) for path in _ADDRESSES for url in tree.xpath(path)}
    own = [work for work in works if _titled(work) in titles or _addresses(work) & addresses]
    if not any("headline" in work for work in own):
        # The name of the paper can stand behind the headline.
        own += [work for work in works if (named := _titled(work)) and any(named in title for title in titles)]
    # The page itself has its address, too, and may be all that has.
    return {id(work) for work in own} if any("headline" in work for work in own) else set()


def _read(text: str | None) -> Any:
    try:
        return json.loads(text or "", strict=False)
    except (ValueError, RecursionError):
        return None


def _works(data: Any) -> Iterator[dict[str, Any]]:
    """The objects that have a headline or a day, each before those in it."""
    if isinstance(data, dict) and _is_work(data):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _works(part)


def _is_work(data: dict[str, Any]) -> bool:
    return "headline" in data or any(day in data for day in _DAYS)


def _titled(work: dict[str, Any]) -> str:
    return " ".join(html.unescape(str(work.get("headline") or work.get("name") or "")).split())


def _addresses(work: dict[str, Any]) -> set[str]:
    page = work.get("mainEntityOfPage")
    found = [work.get("url"), work.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    return {_address(url) for url in found if isinstance(url, str) and url.startswith("http")}


def _address(url: str) -> str:
    """An address without what leads to a place within its page."""
    return url.partition("#")[0].rstrip("/")


def _kept(data: Any, own: set[int], *, is_listed: bool = False) -> Any:
    """The data without the works of others; None for such a one. Of the page's own its own fields stand first."""
    if isinstance(data, list):
        return [kept for part in data if (kept := _kept(part, own, is_listed=is_listed)) is not None]
    if not isinstance(data, dict):
        return data
    if id(data) in own:
        return dict(sorted(data.items(), key=lambda field: isinstance(field[1], dict | list)))
    is_other = _is_work(data) and (own or is_listed) and not any(id(work) in own for work in _works(data))
    if is_other:
        return None
    parts = ((name, _kept(part, own, is_listed=is_listed or name == _LISTED)) for name, part in data.items())
    return {name: part for name, part in parts if part is not None}
