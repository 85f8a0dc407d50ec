"""A line of those who wait for an answer: so many are served at once, in the order in which they came.

Everybody in it, page, REST and MCP alike, can be told how many are before them. For one event loop.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Literal, Protocol

from rag.schema import Answer

TOLD_EVERY = 1.0  # Seconds between two words to somebody who waits.

Outcome = Literal["answered", "not_answered", "failed", "stopped"]


class Watcher(Protocol):
    """Is told of everybody who comes into a line and leaves it."""

    def entered(self, place: Place) -> None:
        """Somebody stands in line."""

    def left(self, place: Place) -> None:
        """Somebody has left it, `place.outcome` says how."""


class Line:
    """`with line.enter() as place:`, then `await place.reached()` or ask for `place.ahead` until it is 0."""

    def __init__(self, slots: int, watchers: tuple[Watcher, ...] = ()) -> None:
        self._free = slots
        self._waiting: deque[Place] = deque()
        self._watchers = watchers

    def enter(self, question: str = "") -> Place:
        """Stand in line, at its end, with a question."""
        place = Place(self, question)
        self._waiting.append(place)
        for watcher in self._watchers:
            watcher.entered(place)
        self._serve()
        return place

    def left(self, place: Place) -> None:
        """Let the next one in, or close the gap that somebody leaves who gave up."""
        if place in self._waiting:
            self._waiting.remove(place)
        else:
            self._free += 1
        for watcher in self._watchers:
            watcher.left(place)
        self._serve()

    def ahead(self, place: Place) -> int:
        """How many are served before this one; 0 when it is served itself."""
        try:
            return self._waiting.index(place) + 1
        except ValueError:
            return 0

    def _serve(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            self._waiting.popleft().serve()


class Place:
    """Somebody's place in a line, left at the end of the `with` whatever happens.

    `outcome` is what became of the question: whoever answers it sets it, and "stopped" stands when nobody did.
    """

    def __init__(self, line: Line, question: str = "") -> None:
        self._line = line
        self.question = question
        self._turn = asyncio.Event()
        self._entered = time.monotonic()
        self._served: float | None = None
        self.outcome: Outcome = "stopped"

    @property
    def ahead(self) -> int:
        """How many are before one; 0 when it is one's turn."""
        return self._line.ahead(self)

    @property
    def waited(self) -> float:
        """Seconds in line before it was one's turn, or until now."""
        return (self._served or time.monotonic()) - self._entered

    @property
    def worked(self) -> float:
        """Seconds since it was one's turn; 0 before."""
        return time.monotonic() - self._served if self._served else 0.0

    def serve(self) -> None:
        """Say that it is one's turn."""
        self._served = time.monotonic()
        self._turn.set()

    async def reached(self, seconds: float | None = None) -> None:
        """Wait until it is one's turn, or so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._turn.wait(), seconds)

    def answered(self, answer: Answer) -> None:
        """Note that there is an answer, and whether the articles say what was asked."""
        self.outcome = "answered" if answer.answered else "not_answered"

    def leave(self) -> None:
        """Give one's place to the next in line, or give up."""
        self._line.left(self)

    def __enter__(self) -> Place:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whoever breaks a request off raises no Exception, but CancelledError.
        if isinstance(error, Exception):
            self.outcome = "failed"
        self.leave()
