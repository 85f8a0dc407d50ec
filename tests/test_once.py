"""What few questions need is made for the first of them, once, also where several ask at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.models.once import Once

THREADS = 8


def test_threads_that_ask_at_once_get_the_same_one() -> None:
    starting, made = threading.Barrier(THREADS), list[object]()

    def make() -> object:
        made.append(object())
        threading.Event().wait(0.05)
        return made[-1]

    once = Once(make)

    def asked(_: int) -> object:
        starting.wait()
        return once()

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(asked, range(THREADS)))
    assert len(made) == 1
    assert found == made * THREADS


def test_nothing_is_made_before_it_is_asked_for() -> None:
    made = list[int]()
    once = Once(lambda: made.append(1))
    assert not made
    once()
    once()
    assert made == [1]


def test_what_failed_is_tried_again() -> None:
    results = iter([ValueError("no"), None])

    def make() -> str:
        if error := next(results):
            raise error
        return "made"

    once = Once(make)
    with pytest.raises(ValueError, match="no"):
        once()
    assert once() == "made"
