"""Cut long files where an article ends, so that none is held whole: JSON lines at a line's end, mail at a message's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

# Large enough that a file's encoding shows, small enough to hold.
BLOCK_BYTES = 1_000_000
# A message begins with such a line in an mbox file; within messages such lines have a ">" in front.
FROM = re.compile(rb"From [^\n]*\d{4}[^\n]*\r?\n")

# The number of a block's first item, from 1 on, and its bytes; None in their place where an item is too long to hold.
Block = tuple[int, bytes | None]


def line_blocks(file: IO[bytes], longest: int) -> Iterator[Block]:
    """Whole lines, about BLOCK_BYTES together, with the number of the first; `longest` is in bytes, for a line."""
    return _blocks(_lines(file, longest))


def message_blocks(file: IO[bytes], longest: int) -> Iterator[Block]:
    """Whole messages, about BLOCK_BYTES together, with the number of the first; none of more than `longest` bytes."""
    return _blocks(_messages(file, longest))


def _blocks(items: Iterator[bytes | None]) -> Iterator[Block]:
    held: list[bytes] = []
    size, first = 0, 1
    for number, item in enumerate(items, start=1):
        if held and (item is None or size + len(item) > BLOCK_BYTES):
            yield first, b"".join(held)
            held, size = [], 0
        if item is None:
            yield number, None
            continue
        first = first if held else number
        held.append(item)
        size += len(item)
    if held:
        yield first, b"".join(held)


def _lines(file: IO[bytes], longest: int) -> Iterator[bytes | None]:
    """Each line with its end; None for one that is too long."""
    while line := file.readline(longest + 1):
        if len(line) <= longest or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(longest)
        yield None


def _messages(file: IO[bytes], longest: int) -> Iterator[bytes | None]:
    """Each message with the line that begins it; None for one that is too long."""
    held: list[bytes] = []
    size = 0
    while line := file.readline(longest):
        if held and FROM.fullmatch(line):
            yield b"".join(held) if size <= longest else None
            held, size = [], 0
        size += len(line)
        # Of one that is too long, enough is held to know that there is one.
        if size <= longest or not held:
            held.append(line)
    if held:
        yield b"".join(held) if size <= longest else None
