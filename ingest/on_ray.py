"""Prepare articles on a Ray cluster: one process for each of its processors, on this machine or on many.

Only this process writes the index, in the order in which the articles were read: it is the same as without Ray. A
worker that dies is started again and given its articles again. Each machine of a cluster needs the project installed.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

from ingest.preparing import Batch, attempt, embed
from rag.errors import ConfigError
from rag.models.embeddings import load_embeddings
from rag.schema import Article

HERE = "local"  # In place of an address: a cluster of this machine's processors, for the time of the run.
# Articles, or characters of text, given to a worker at a time; and how many of these each has before it.
ARTICLES, CHARACTERS = 16, 80_000
AHEAD = 2
PATIENCE = 10  # Seconds for a cluster to answer.
LIVES = 3  # Times that articles are given again after a worker has died over them.

Work = tuple[Article, str]


class Worker:
    """What one process of the cluster does."""

    def prepare(self, works: Sequence[Work], model: str) -> Batch:
        """The records of some articles with their fingerprints, and what it failed over.

        ConfigError where another model is set here.
        """
        embedder = load_embeddings()
        if embedder.name != model:
            raise ConfigError(
                f"A Ray worker embeds with {embedder.name!r} where this run does with {model!r}: "
                "set OTR_EMBEDDINGS alike on all machines, or leave --ray out."
            )
        return embed([attempt(article, made, embedder) for article, made in works], embedder)


class OnRay:
    """A Preparer that gives articles to the processes of a cluster."""

    def __init__(self, address: str, model: str) -> None:
        """Start a cluster ("local") or join one ("auto", "host:port", "ray://host:port").

        ConfigError when there is none, or Ray is not installed.
        """
        if address == HERE:
            _lock_out_strangers()
        self._ray = _imported()
        try:
            _knock(address)
            self._ray.init(address=address, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
        except (OSError, ValueError, RuntimeError) as error:
            raise ConfigError(
                f"There is no Ray cluster at {address!r} ({error}): give the address that `ray start --head` printed, "
                "or leave it out for one on this machine."
            ) from error
        number = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        remote = self._ray.remote(num_cpus=1, max_restarts=-1, max_task_retries=LIVES)(Worker)
        self._workers = [remote.remote() for _ in range(number)]
        self._next = cycle(self._workers)
        self._model = model
        self._waiting: list[Work] = []
        self._given: deque[Any] = deque()

    def take(self, article: Article, fingerprint: str) -> Iterator[Batch]:
        """As Preparer. Blocks while all workers have enough before them, so that memory does not grow."""
        self._waiting.append((article, fingerprint))
        size = sum(len(one.text) for one, _ in self._waiting)
        if len(self._waiting) >= ARTICLES or size >= CHARACTERS:
            self._give()
        while len(self._given) > AHEAD * len(self._workers):
            yield self._got()

    def finish(self) -> Iterator[Batch]:
        """As Preparer."""
        if self._waiting:
            self._give()
        while self._given:
            yield self._got()

    def close(self) -> None:
        """Let go of the cluster; one on this machine ends."""
        self._ray.shutdown()

    def _give(self) -> None:
        works, self._waiting = self._waiting, []
        self._given.append(next(self._next).prepare.remote(works, self._model))

    def _got(self) -> Batch:
        try:
            found: Batch = self._ray.get(self._given.popleft())
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error  # what went wrong over there, as it would have here
        except self._ray.exceptions.RayError as error:
            raise ConfigError(
                f"The Ray cluster is gone, or lost its worker {LIVES} times over the same articles "
                f"({type(error).__name__}): what was indexed so far is kept; run it again, or without --ray."
            ) from error
        return found


def _lock_out_strangers() -> None:
    """Let only who has this run's word into the cluster that it starts, whose processes listen to other machines, too.

    Ray reads the word when it is imported; ConfigError where that has happened without one.
    """
    if sys.modules.get("ray") and not os.environ.get("RAY_AUTH_TOKEN"):
        raise ConfigError(
            "Ray was imported before this run could close its cluster to other machines: set RAY_AUTH_MODE=token and "
            "RAY_AUTH_TOKEN before that, or give the address of a cluster."
        )
    os.environ.setdefault("RAY_AUTH_MODE", "token")
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


def _knock(address: str) -> None:
    """OSError where nobody answers at the host and port of an address: Ray itself tries for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=PATIENCE).close()


def _imported() -> Any:
    try:
        import ray
    except ImportError as error:
        raise ConfigError('--ray needs Ray: pip install ".[ray]".') from error
    return ray
