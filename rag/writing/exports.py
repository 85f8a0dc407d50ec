"""Read exported answers back: JSON, a list or lines of it, Markdown, HTML, CSV, or what `python -m rag` prints.

Out come plain mappings, checked only for being answers at all; what they claim is `rag.verification.verify`'s business.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from rag.errors import ConfigError
from rag.writing import read_back

MAX_BYTES = 50_000_000
MARKER = re.compile(r"\[\d{1,4}\]")
# What the command line prints below an answer: [1] harbour-dredging:703-750 Halvick splits over a deeper harbour
REFERENCE = re.compile(r"\[(\d{1,4})\] (.+?):(\d{1,9})-(\d{1,9})(?: .*)?")
EXPECTED = 'expected what `python -m rag "question" --json` prints, one such object a line or a list of them'

FORMS = (
    (read_back.is_html, read_back.from_html),
    (read_back.is_csv, read_back.from_csv),
    (read_back.is_markdown, read_back.from_markdown),
)

Export = Mapping[str, object]


def read_answers(path: str | Path) -> list[Export]:
    """Read the answers of a file, or of standard input for "-"; ConfigError when it holds none that can be checked."""
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"The answer {path} cannot be read ({reason}): name a file that holds one.") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(f"The answer {path} has more than {MAX_BYTES:,} bytes: split it into several files.")
    return parse_answers(data, str(path))


def parse_answers(data: bytes, name: str) -> list[Export]:
    """The answers in these bytes; `name` is what error messages call them. See `read_answers`."""
    try:
        # A Windows shell writes UTF-16 when it redirects what a program prints.
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise ConfigError(f"The answer {name} is not UTF-8 text ({error.reason}): {EXPECTED}.") from error
    for is_form, read in FORMS:
        if is_form(text):
            return [read(text)]
    if text[:1] not in ("{", "["):
        return [_plain(text, name)]
    found = _json(text, name)
    answers = found if isinstance(found, list) else [found]
    if not answers:
        raise ConfigError(f"The list in {name} is empty: {EXPECTED}.")
    return [as_answer(item, f"item {i} of {name}" if len(answers) > 1 else name) for i, item in enumerate(answers, 1)]


def _json(text: str, name: str) -> object:
    """One JSON value, or the list of those that stand one a line."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if not isinstance(error, ValueError) or len(lines) < 2 or not lines[0].rstrip().endswith("}"):
            raise ConfigError(f"{name} is not JSON ({error}): {EXPECTED}.") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise ConfigError(f"Answer {number} in {name} is not JSON ({error}): {EXPECTED}.") from error
    return found


def as_answer(item: object, name: str) -> Export:
    """The same, when it has the form of an answer; ConfigError otherwise. `name` is what the message calls it."""
    if not isinstance(item, dict) or not isinstance(item.get("citations"), list):
        raise ConfigError(f"There is no answer with a list of citations in {name}: {EXPECTED}.")
    if not isinstance(item.get("text", ""), str):
        raise ConfigError(
            f"The text of the answer in {name} is {type(item['text']).__name__}, not a string: {EXPECTED}."
        )
    return item


def _plain(text: str, name: str) -> Export:
    """An answer as the command line prints it: the text, then a line for each citation."""
    lines = text.splitlines()
    citations: list[Export] = []
    while lines and (match := REFERENCE.fullmatch(lines[-1])):
        number, article_id, start, end = match.groups()
        citations.insert(0, {"number": int(number), "article_id": article_id, "start": int(start), "end": int(end)})
        lines.pop()
    if not citations and not MARKER.search(text):
        raise ConfigError(f"There is no citation in {name}: {EXPECTED}, or the plain answer with its list of sources.")
    return {"text": "\n".join(lines), "citations": citations}
