"""What is written to a terminal: one line stays one line, and nothing in it can steer the terminal.

A file's name may hold any bytes, an article any characters. What goes into a file or a pipe stays word for word.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
from collections.abc import Callable
from typing import NoReturn, TextIO

# Control characters, half surrogates, and what turns the direction of writing: a name can pose as another with it.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
# The same, but for what ends a line or sets it in.
_UNSEEN_IN_TEXT = re.compile(_UNSEEN.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
# Python has a byte that is no UTF-8 in a file's name as one of these.
_BYTES = range(0xDC80, 0xDD00)
# What a shell makes of a program that a closed pipe ended.
CLOSED = 128 + signal.SIGPIPE if hasattr(signal, "SIGPIPE") else 1


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


def leave(main: Callable[[], int]) -> NoReturn:
    """Run a command and end the program with its exit status; CLOSED where nobody reads what it writes any more."""
    try:
        status: object = main()
    except SystemExit as ended:
        status = ended.code
    _put(sys.stdout, "")
    raise SystemExit(status)


def _put(output: TextIO, text: str) -> None:
    """Write, and end the program quietly where its reader, such as `head`, is gone."""
    try:
        output.write(text)
        output.flush()
    except BrokenPipeError:
        # Python writes what is left when it ends, and would tell of the closed pipe again.
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), output.fileno())
        raise SystemExit(CLOSED) from None


def say(text: str) -> None:
    """Write text to standard output."""
    _put(sys.stdout, f"{printable(text, lines=True) if sys.stdout.isatty() else text}\n")


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
    _put(sys.stdout, f"{text}\n")


def warn(text: str) -> None:
    """Write one line to standard error."""
    _put(sys.stderr, f"{printable(text)}\n")
