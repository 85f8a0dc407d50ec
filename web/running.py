"""An answer at work: it waits in the line, grows in a thread, and can be stopped at any moment.

Gradio's own way to cancel an event takes away the question that is asked right after it (5 of 9 tries), so a stop is a
flag that the event itself sees.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from web.conversation import Turn, converse, waiting
from web.line import TOLD_EVERY, Line, Place

Sign = Literal["quiet", "over"]
QUIET: Sign = "quiet"
OVER: Sign = "over"
Turns = asyncio.Queue[Turn | Sign]


async def grown(
    turn: Turn, past: Sequence[Turn], index: Path, line: Line, stop: asyncio.Event
) -> AsyncGenerator[Turn, None]:
    """The turn as it waits and grows, until it is whole or `stop` is set: then at once, whatever a model is doing."""
    turns: Turns = asyncio.Queue()
    began = time.monotonic()
    place = line.enter(turn.question)
    over = threading.Event()
    work = asyncio.create_task(_work(place, turns, turn, converse(turn, past, index), over))
    # A task that is cancelled before it begins runs no line of its own.
    work.add_done_callback(lambda _: place.leave())
    try:
        last: Turn = turn
        while (following := await _next(turns, stop)) is not OVER:
            # Nothing new, and nothing to read yet: that somebody is at work is told all the same.
            if following is QUIET and not last.status:
                continue
            last = following if isinstance(following, Turn) else last
            yield replace(last, seconds=int(time.monotonic() - began)) if last.status and not last.failed else last
    finally:
        # A thread cannot be broken off: it ends, and lets the next one in, when its step is done.
        over.set()
        if place.ahead:
            work.cancel()


async def _work(place: Place, turns: Turns, turn: Turn, growing: Iterator[Turn], over: threading.Event) -> None:
    loop = asyncio.get_running_loop()

    def grow() -> None:
        last = turn
        for last in growing:
            if over.is_set():
                return
            loop.call_soon_threadsafe(turns.put_nowait, last)
        if last.failed:
            place.outcome = "failed"
        elif last.answer:
            place.answered(last.answer)

    told = 0
    while ahead := place.ahead:
        if ahead != told:
            turns.put_nowait(waiting(turn, ahead))
        told = ahead
        await place.reached(TOLD_EVERY)
    if told:
        turns.put_nowait(turn)
    await asyncio.to_thread(grow)
    turns.put_nowait(OVER)


async def _next(turns: Turns, stop: asyncio.Event) -> Turn | Sign:
    """The next turn; QUIET when there is none for a while, OVER when there is none any more, or when it is to stop."""
    getting, stopping = asyncio.create_task(turns.get()), asyncio.create_task(stop.wait())
    done, pending = await asyncio.wait({getting, stopping}, timeout=TOLD_EVERY, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if stop.is_set():
        return OVER
    return getting.result() if getting in done else QUIET
