"""What is made when it is first asked for, and kept: a network that not every process needs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Calls what makes something once, whichever thread asks first; the others wait. After a failure it tries again."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Take what makes it."""
        self._make, self._lock, self._made = make, threading.Lock(), list[T]()

    def __call__(self) -> T:
        """What was made."""
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]
