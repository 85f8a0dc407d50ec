"""What is written to a terminal: one line stays one line, and nothing in it can steer the terminal.

A file's name may hold any bytes, an article any characters. What goes into a file or a pipe stays word for word.
"""

from __future__ import annotations

import io
import json
import re
import sys

# Control characters, half surrogates, and what turns the direction of writing: a name can pose as another with it.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
# The same, but for what ends a line or sets it in.
_UNSEEN_IN_TEXT = re.compile(_UNSEEN.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
# Python has a byte that is no UTF-8 in a file's name as one of these.
_BYTES = range(0xDC80, 0xDD00)


def printable(text: str, *, lines: bool = False) -> str:
    r"""The text with escapes, such as `\x1b`, for what a terminal does not show as it is; `lines`: its lines stay."""
    return (_UNSEEN_IN_TEXT if lines else _UNSEEN).sub(lambda found: _escaped(found[0]), text)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code - 0xDC00:02x}" if code in _BYTES else ascii(character)[1:-1]


def settle() -> None:
    """Let no character end the program that a terminal's encoding lacks, such as a curly mark in Latin-1."""
    for output in (sys.stdout, sys.stderr):
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write text to standard output."""
    sys.stdout.write(f"{printable(text, lines=True) if sys.stdout.isatty() else text}\n")


def say_json(value: object) -> None:
    """Write a value to standard output as JSON: in its own letters, unless the output cannot take them."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2)
    # JSON escapes what it must; the rest of what steers a terminal is escaped in its way.
    if sys.stdout.isatty():
        text = _UNSEEN_IN_TEXT.sub(lambda found: json.dumps(found[0])[1:-1], text)
    sys.stdout.write(f"{text}\n")


def warn(text: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(f"{printable(text)}\n")
