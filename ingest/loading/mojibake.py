"""Mend text that was read in a wrong encoding somewhere on its way: "â€œIt leaksâ€" for “It leaks”.

ftfy knows which wrong turns there are; it is asked for that and for nothing else, line by line, and a line is changed
only where nothing odd is left in it. In: text or bytes. Out: the same mended, and what an editor should know of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html.entities import name2codepoint
from itertools import zip_longest

from ingest.loading.common import UTF16_MARKS
from rag.text import from_windows

LOST = "\ufffd"
NEXT_LINE = "\x85"  # Ends a line in some files, and is the only such character that is right anywhere.
# The marks “ and ”, read as Windows' Western encoding; the second has a byte that it does not know.
_OPENED, _CLOSED = "â€œ", re.compile(r"â€(?:\ufffd|\?|(?=[\s.,;:)]|\Z))")
# Whatever encoding it was taken for, text from a wrong one has a letter or a sign besides these in its place.
_OTHER = re.compile(r"[^\x00-\x7f“”‘’–—…]")
_TIMES = 3  # So often at most an entity is escaped.
# Of HTML's names those that are never a word behind an "&": quotation marks, dashes, letters with an accent.
_NAMES = "|".join(
    name
    for name, code in name2codepoint.items()
    if name.endswith(("quo", "dash", "hellip", "nbsp")) or unicodedata.normalize("NFD", chr(code))[:1].isascii()
    if len(name) > 3 and code > 0x7F
)
_UNENDED = re.compile(rf"&(?:amp;)?(?:#(?:3[49]|[1-9]\d{{2,4}})(?![\d;])|(?:{_NAMES})(?!;))")
_ESCAPED = re.compile(r"&(?:amp;)*(?:#\d+|[A-Za-z]+);")
# Marks as programs write them within a string, and the ends of its lines, which no folder "C:\\new" is taken for.
_MARKS = "\"'“”‘’"
_STRUCK = re.compile(rf"\\([{_MARKS}])")
_STRUCK_OPENING = re.compile(rf"(?:(?<![^\s(\[—–-])|(?<=\\n))\\[{_MARKS}](?=[^\s\\])|(?<=[^\W\d_])\\['’](?=[^\W\d_])")
_STRUCK_BREAK = re.compile(rf"(?<=[.!?…{_MARKS}])(?:(?:\\r)?\\n)+|(?:(?:\\r)?\\n){{2,}}")
_SHOWN = 60  # Characters of a line that a note shows.


def mended(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with its lines mended, and notes on what was mended, what seems wrong and what is lost."""
    if not _OTHER.search(text):
        return text, ()
    from ftfy import TextFixerConfig, fix_encoding
    from ftfy.badness import is_bad

    # The whole line or nothing: where letters were lost, a part of it comes out as other letters.
    only = TextFixerConfig(replace_lossy_sequences=False, decode_inconsistent_utf8=False)
    lines = text.split("\n")
    good, odd = [], []
    for number, line in enumerate(lines):
        if not _OTHER.search(line) or not is_bad(line.replace(NEXT_LINE, "")):
            continue
        # ftfy takes a line for one of Windows' Western encoding only where all of it is.
        ways = (fix_encoding(_with_closing(line), config=only), from_windows(line))
        fixed = next((way for way in ways if way != line and not is_bad(way) and LOST not in way), line)
        if fixed != line:
            good.append((line, fixed))
            lines[number] = fixed
        else:
            odd.append(line)
    whole = "\n".join(lines)
    return whole, tuple(_notes(good, odd, whole.count(LOST)))


def unescaped(text: str) -> tuple[str, tuple[str, ...]]:
    """Text without markup in which marks are written as HTML has them, "&ldquo;", with these, and a note.

    Also where that was done twice, "&amp;ldquo;", or left its semicolon, "&#147", which nobody writes for itself.
    """
    if "&" not in text or "<" in text or (whole := _unescaped(text)) == text:
        return text, ()
    before, after = next((one, other) for one, other in _changed_lines(text, whole) if one != other)
    return whole, (f"marks of HTML in it are read as what they stand for, as “{_short(before)}” as “{_short(after)}”",)


def without_backslashes(text: str) -> tuple[str, tuple[str, ...]]:
    """Text whose marks a program wrote as within a string, \\"It leaks,\\" with the marks alone, and a note.

    Most marks of one kind stand so, and one of them opens or is an apostrophe: the last one of "C:\\" does neither.
    """
    if "\\" not in text:
        return text, ()
    struck = {mark for mark in _MARKS if f"\\{mark}" in text and 2 * text.count(f"\\{mark}") > text.count(mark)}
    if not any(found[0].lstrip("\\") in struck for found in _STRUCK_OPENING.finditer(text)):
        return text, ()
    whole = _STRUCK.sub(lambda found: found[1] if found[1] in struck else found[0], text)
    whole = _STRUCK_BREAK.sub(lambda found: "\n" * found[0].count("n"), whole)
    return whole, ("the backslashes that a program put before its quotation marks are left out",)


def _unescaped(text: str) -> str:
    from ftfy.fixes import unescape_html

    for _ in range(_TIMES):
        text = unescape_html(_UNENDED.sub(r"\g<0>;", text))
        if not _ESCAPED.search(text):
            break
    return text


def _changed_lines(text: str, whole: str) -> Iterator[tuple[str, str]]:
    return zip_longest(text.split("\n"), whole.split("\n"), fillvalue="")


def _with_closing(line: str) -> str:
    """The line with the last byte of closing marks, which most programs lose on that way: it has none of its own."""
    opened = line.count(_OPENED)
    return _CLOSED.sub("â€\x9d", line) if opened and len(_CLOSED.findall(line)) <= opened else line


def unmixed(data: bytes) -> tuple[bytes, int]:
    """Bytes in UTF-8 of which some lines are in Windows' Western encoding, all in UTF-8, and how many lines those are.

    A line is taken for one only where none of its letters is UTF-8; in a file without any UTF-8 all lines stay.
    """
    if data.isascii() or data.startswith(UTF16_MARKS) or b"\0" in data or _is_utf8(data):
        return data, 0
    lines = data.split(b"\n")
    foreign = [number for number, line in enumerate(lines) if not _is_utf8(line)]
    if any(_has_utf8(lines[number]) for number in foreign):
        return data, 0
    if not any(_is_utf8(line) and not line.isascii() for line in lines):
        return data, 0
    for number in foreign:
        try:
            lines[number] = lines[number].decode("cp1252").encode()
        except UnicodeDecodeError:
            return data, 0
    return b"\n".join(lines), len(foreign)


_UTF8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _has_utf8(line: bytes) -> bool:
    return _UTF8.search(line) is not None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _notes(good: list[tuple[str, str]], odd: list[str], lost: int) -> list[str]:
    notes = []
    if good:
        before, after = _apart(*good[0])
        notes.append(
            f"the text was in a wrong encoding and is mended in {_lines(len(good))}, as “{before}” to “{after}”"
        )
    if odd:
        notes.append(
            f"the text seems to be in a wrong encoding in {_lines(len(odd))} and is left so: “{_short(odd[0])}”"
        )
    if lost:
        notes.append(f"characters of the text are lost and shown as {LOST} ({lost}): save it again from its source")
    return notes


def _apart(before: str, after: str) -> tuple[str, str]:
    """The two lines from a little before where they part."""
    at = next((n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    begin = max(0, at - 10)
    return _short(before[begin:]), _short(after[begin:])


def _short(line: str) -> str:
    text = " ".join(line.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _lines(count: int) -> str:
    return f"{count} line{'' if count == 1 else 's'}"
