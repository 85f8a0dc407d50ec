"""Read the Markdown, HTML and CSV that `rag.writing.formats` writes: what a reader sees in them, as plain mappings.

Nothing is trusted: sentences and sources are taken from the visible text, so that a changed word is found.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from html.parser import HTMLParser

from rag.writing.formats import COLUMNS, SOURCES

Export = Mapping[str, object]

PLACE = re.compile(r"\s+Article `(.+)`, characters (\d{1,9})–(\d{1,9}), SHA-256 ([0-9a-f]{64})")
SOURCE = re.compile(r"(\d{1,4})\. (.*)")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
NUMBERS = ("number", "start", "end")
# Empty means "none" here, but not for the speaker: nobody is named there.
OPTIONAL = ("role", "source", "title", "publication", "published", "url")


def is_markdown(text: str) -> bool:
    """True for the Markdown that is written here."""
    return text[:1] not in ("{", "[", "<") and f"\n{SOURCES}\n" in text


def is_csv(text: str) -> bool:
    """True for the CSV that is written here."""
    return text.splitlines()[:1] == [",".join(COLUMNS)]


def is_html(text: str) -> bool:
    """True for a page of any kind."""
    return text[:1] == "<"


def from_markdown(text: str) -> Export:
    """The answer in Markdown."""
    said, _, sources = text.partition(f"\n{SOURCES}\n")
    title, _, below = said.partition("\n") if said.startswith("# ") else ("", "", said)
    lines = [_unescaped(line) for line in below.splitlines()]
    citations: list[Export] = []
    pending: re.Match[str] | None = None
    for line in sources.splitlines():
        if pending and (place := PLACE.fullmatch(line)):
            article_id, start, end, sha256 = place.groups()
            citations.append(
                {
                    "number": int(pending[1]),
                    "reference": _unescaped(pending[2]),
                    "article_id": article_id,
                    "start": int(start),
                    "end": int(end),
                    "sha256": sha256,
                }
            )
        pending = SOURCE.fullmatch(line)
    asked = {"question": _unescaped(title.removeprefix("# "))} if title else {}
    return {**asked, "text": "\n".join(lines).strip(), "citations": citations}


def from_html(text: str) -> Export:
    """The answer in a page."""
    page = _Page()
    page.feed(text)
    asked = {"question": page.question} if page.question else {}
    return {**asked, "text": "\n".join(page.lines), "citations": page.citations}


def from_csv(text: str) -> Export:
    """The answer in the rows of a table."""
    lines, citations = [], []
    about: dict[str, object] = {}
    for row in csv.DictReader(io.StringIO(text)):
        cells = {name: _uncovered(row.get(name) or "") for name in COLUMNS}
        about = about or _about(cells)
        number = cells["number"]
        lines.append(f"{cells['sentence']} [{number}]" if number else cells["sentence"])
        if number:
            citations.append({name: _value(name, cells[name]) for name in COLUMNS[COLUMNS.index("number") :]})
    return {**about, "text": "\n".join(lines), "citations": citations}


def _about(cells: Mapping[str, str]) -> dict[str, object]:
    """What each row says of the whole answer."""
    asked: dict[str, object] = {"question": cells["question"]} if cells["question"] else {}
    return {**asked, "answered": cells["answered"] == "true", "verdict": cells["verdict"] or None}


class _Page(HTMLParser):
    """Collects the text of whatever is marked as the question, a line of the answer or a source of it."""

    def __init__(self) -> None:
        super().__init__()
        self.question = ""
        self.lines: list[str] = []
        self.citations: list[Export] = []
        self._open: tuple[str, str, dict[str, str]] | None = None  # element, part, attributes
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("data-part") in ("line", "source", "question"):
            self._open, self._text = (tag, given["data-part"], given), []

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._open is None or self._open[0] != tag:
            return
        _, part, given = self._open
        said = " ".join("".join(self._text).split())
        self._open = None
        if part == "line":
            self.lines.append(said)
            return
        if part == "question":
            self.question = said
            return
        place = {name: _integer(given.get(f"data-{name}", "")) for name in ("start", "end")}
        self.citations.append(
            {
                "number": _integer(given.get("data-number", "")),
                "reference": said,
                "article_id": given.get("data-article", ""),
                "sha256": given.get("data-sha256", ""),
                **place,
            }
        )


def _unescaped(line: str) -> str:
    return ESCAPED.sub(r"\1", line)


def _uncovered(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from reading a formula."""
    return cell[1:] if re.match(r"''?[=+\-@\t\r]", cell) else cell


def _value(name: str, cell: str) -> object:
    if name in NUMBERS:
        return _integer(cell)
    if name == "direct":
        return cell == "true"
    return None if not cell and name in OPTIONAL else cell


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None
