"""Who waits for an answer is served in order, told how many are before, and loses nothing when others give up."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from tests.fakes import in_own_loop
from web import running
from web.conversation import Turn
from web.line import Line
from web.running import grown

ASKED = Turn(1, "Who?")


def test_so_many_are_served_at_once_and_the_others_in_their_order() -> None:
    async def scene() -> None:
        line = Line(2)
        places = [line.enter() for _ in range(4)]
        assert [place.ahead for place in places] == [0, 0, 1, 2]
        with places[1]:
            pass
        assert [place.ahead for place in places] == [0, 0, 0, 1]
        with places[2]:  # gives up as soon as it is served
            pass
        assert places[3].ahead == 0

    in_own_loop(scene())


def test_whoever_gives_up_while_waiting_takes_no_place() -> None:
    async def scene() -> None:
        line = Line(1)
        first, second, third = (line.enter() for _ in range(3))
        with second:
            pass
        assert [first.ahead, third.ahead] == [0, 1]
        await third.reached(0.01)
        assert third.ahead == 1
        with first:
            pass
        await third.reached()
        assert third.ahead == 0

    in_own_loop(scene())


async def collect(growing: AsyncGenerator[Turn, None]) -> list[str]:
    return [turn.status async for turn in growing]


def test_a_third_asker_is_told_at_once_that_others_are_before(monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()

    def slow(turn: Turn, past: object, index: object) -> Iterator[Turn]:
        held.wait(10)
        yield Turn(1, turn.question, status="done")

    async def scene() -> None:
        monkeypatch.setattr(running, "converse", slow)
        line = Line(2)
        asks = [asyncio.create_task(collect(grown(ASKED, [], Path(), line, asyncio.Event()))) for _ in range(2)]
        await asyncio.sleep(0.05)
        third = grown(ASKED, [], Path(), line, asyncio.Event())
        assert (await anext(third)).status == "Waiting: one other question is before yours."
        held.set()
        assert (await collect(third))[-1] == "done"
        assert [await ask for ask in asks] == [["done"], ["done"]]

    in_own_loop(scene())


def test_a_stop_takes_effect_at_once_and_the_place_is_free_when_the_step_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = threading.Event()

    def slow(turn: Turn, past: object, index: object) -> Iterator[Turn]:
        yield Turn(1, turn.question, status="first")
        held.wait(10)
        yield Turn(1, turn.question, status="second")

    async def scene() -> None:
        monkeypatch.setattr(running, "converse", slow)
        line, stop = Line(1), asyncio.Event()
        growing = grown(ASKED, [], Path(), line, stop)
        assert (await anext(growing)).status == "first"
        asyncio.get_running_loop().call_later(0.05, stop.set)
        assert await collect(growing) == []
        after = line.enter()
        assert after.ahead == 1
        held.set()
        await after.reached(5)
        assert after.ahead == 0

    in_own_loop(scene())


def test_whoever_goes_away_while_waiting_leaves_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        line = Line(1)
        first = line.enter()
        growing = grown(ASKED, [], Path(), line, asyncio.Event())
        await anext(growing)
        await growing.aclose()
        await asyncio.sleep(0.05)
        with first:
            pass
        assert line.enter().ahead == 0

    in_own_loop(scene())
