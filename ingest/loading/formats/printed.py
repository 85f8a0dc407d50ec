"""Take what a browser prints around a page off it, and tell headline and outlet apart in it: "Fares rise - Tarn Post".

In: the lines of a PDF's pages and the name that it gives itself. Out: the pages without headers and footers; headline
and outlet where a header has both and the text begins with the headline alone: without both there is no telling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from ingest.loading.formats.lines import Line, paragraphs, without_running

Told = tuple[str, str]  # Headline and outlet.

_BETWEEN = re.compile(r"\s+[-–—|·•»]\s+|:\s+")
# What a browser prints beside the name of the page: the day, the time, the address, and which page of how many.
_TIMED, _ADDRESS = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?,?", r"https?://\S+"
_DAY, _PAGE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?", r"\d{1,4}\s*(?:/|of)\s*\d{1,4}"
# Atomic: "1.11.26" is a time as well as a day, and a row of such would be read in every mixture of the two.
_BESIDE = rf"(?>(?:{_ADDRESS}|{_TIMED}|{_DAY}|{_PAGE})(?!\S))"
_AT_AN_END = re.compile(rf"\A(?:{_BESIDE}\s*)+|(?:\s+{_BESIDE})+\Z")
_BY_BROWSER = re.compile(rf"{_ADDRESS}|(?<!\S){_TIMED}(?!\S)")
_NEAR = 5  # Among so many paragraphs stands the headline.
_MOST = 80  # Characters of an outlet's name.


def without_print(pages: Sequence[Sequence[Line]], named: str | None) -> tuple[list[list[Line]], Told | None]:
    """The pages without what runs along their edges, and headline and outlet, where that tells them.

    Of one page nothing shows what would run along the next one but the headline in it.
    """
    kept = without_running(pages)
    if len(pages) > 1:
        running = [line.text for page, rest in zip(pages, kept, strict=True) for line in {*page} - {*rest}]
        return kept, _told(named, running, kept)
    printed = sorted((line for line in pages[0] if line.text.strip()), key=lambda line: line.y)
    edges = [line for line in (printed[0], printed[-1]) if line is printed[-1] or not _own(line.text)]
    rest = [line for line in kept[0] if line not in edges]
    told = _told(named, [line.text for line in edges], [rest])
    return ([rest] if told else kept), told


def _told(named: str | None, running: Iterable[str], pages: Sequence[Sequence[Line]]) -> Told | None:
    """Headline and outlet: `named` is what a browser calls the page, and the header may cut that short."""
    lines = {" ".join(line.split()) for line in running}
    if not any(map(_BY_BROWSER.search, lines)):
        return None
    heads, name = {*map(_own, lines)}, " ".join((named or "").split())
    if any(head and name.startswith(head.rstrip(".…")) for head in heads):
        heads.add(name)
    first = [" ".join(paragraph.split()) for paragraph in islice(paragraphs(pages), _NEAR)]
    both = (found for head in sorted(heads, key=len, reverse=True) for title in first if (found := _both(head, title)))
    return next(both, None)


def _own(line: str) -> str:
    """A header without what a browser prints beside the name of a page."""
    return _AT_AN_END.sub("", " ".join(line.split()))


def _both(head: str, headline: str) -> Told | None:
    """Headline and outlet of a header that has one before or behind the other, and perhaps a part of the paper."""
    if head.startswith(headline) and _BETWEEN.match(head, len(headline)):
        outlet = _BETWEEN.split(head[len(headline) :])[-1]
    elif head.endswith(headline) and (between := _BETWEEN.search(head)) and between.end() <= len(head) - len(headline):
        outlet = head[: between.start()]
    else:
        return None
    return (headline, outlet) if outlet[:1].isalpha() and len(outlet) <= _MOST else None
