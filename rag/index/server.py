"""An index whose records lie on a Chroma server: where it is, which collections there are its own, and asking it.

A file in the folder of the index names both. Everything derived stays in the folder, and so do its locks: one folder
writes to its collections, whose names no other folder has. The server is told of each change to the records before it
is made, by a name for the state that they come to, so that what is derived can tell whether it stands for them.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.errors import ConfigError, StoreError
from rag.index.damage import DATABASE
from rag.lasting import write_whole

FILE = "server.json"
VARIABLE, TOKEN = "OTR_CHROMA", "OTR_CHROMA_TOKEN"
PORTS = {"http": 8000, "https": 443}
STATE = "state"  # of the articles' records, as their collection notes it
PATIENCE = 30.0  # seconds for a server that is being started again
PAUSE = 0.5
SILENCE = 60.0  # seconds after which a call is given up


@dataclass(frozen=True, slots=True)
class Place:
    """A server's address, and by what its collections of one index are named."""

    address: str
    id: str

    def name(self, collection: str) -> str:
        """A collection of the index, as the server knows it."""
        return f"otr-{self.id}-{collection}"


def place_of(index: Path) -> Place | None:
    """Where the records of an index are; None where they are in its folder, or there is no index.

    An address in the environment comes before the one that was noted: a server can move. Raises ConfigError when it is
    none, and when the index is in its folder and the environment names a server.
    """
    address = _address()
    if (index / DATABASE).exists():
        if address:
            raise ConfigError(
                f"The index in {index} has its records in its folder, and {VARIABLE} names a server: index into "
                f"another folder with --index, or unset {VARIABLE}."
            )
        return None
    with suppress(FileNotFoundError):
        try:
            noted = Place(**json.loads((index / FILE).read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise StoreError(
                f"{index / FILE}, which names the server of the index, cannot be read: put a copy of it back, or index "
                "into another folder with --index."
            ) from error
        return Place(address or noted.address, noted.id)
    return None


def new_place(index: Path) -> Place | None:
    """Where an index is that is now begun, by the environment; None where it will be in its folder."""
    if (known := place_of(index)) or (index / DATABASE).exists() or not (address := _address()):
        return known
    place = Place(address, uuid.uuid4().hex[:12])
    write_whole(index / FILE, json.dumps(asdict(place)))
    return place


def client_of(place: Place) -> Any:
    """Chroma's client of a server; it is kept. Raises what Chroma raises when the server does not answer."""
    return patiently(_client, place.address, os.environ.get(TOKEN, ""))


def state_of(place: Place) -> str:
    """What names the state of the articles' records; empty when nothing was written yet."""
    from chromadb.errors import NotFoundError

    try:
        found = patiently(client_of(place).get_collection, place.name("articles"), embedding_function=None)
    except NotFoundError:
        return ""
    return str((found.metadata or {}).get(STATE, ""))


class Patient:
    """A collection on a server. A call that the server does not answer is made again for as long as PATIENCE.

    All calls that this project makes can be made twice: a row that is there already is not added again.
    """

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._collection, name)
        return partial(patiently, found) if callable(found) else found


def patiently(call: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """What a call gives; httpx.TransportError when nobody answers for too long."""
    import httpx

    end = time.monotonic() + PATIENCE
    while True:
        try:
            return call(*given, **named)
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
        time.sleep(PAUSE)


@lru_cache(maxsize=8)
def _client(address: str, token: str) -> Any:
    import chromadb
    import httpx
    from chromadb.config import Settings as ChromaSettings

    parts = urlsplit(address)
    # Chroma's own server asks for none; a proxy before it, or a hosted one, wants it in either.
    headers = {"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {}
    try:
        client: Any = chromadb.HttpClient(
            host=str(parts.hostname),
            port=parts.port or PORTS[parts.scheme],
            ssl=parts.scheme == "https",
            headers=headers,
            settings=ChromaSettings(anonymized_telemetry=False),
        )
    except ValueError as error:
        # Chroma says so of a server that does not answer, too.
        if isinstance(error.__context__, httpx.TransportError):
            raise error.__context__ from error
        raise
    client._server._session.timeout = SILENCE  # it has none, and no setting for one
    return client


def _address() -> str:
    """The server that the environment names, empty when it names none."""
    given = os.environ.get(VARIABLE, "").strip().rstrip("/")
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        is_fit = parts.scheme in PORTS and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_fit = False
    if not is_fit or parts.path or parts.query or parts.username is not None:
        raise ConfigError(
            f"{VARIABLE} is not the address of a Chroma server: expected http://host:port or https://host:port; a "
            f"token goes into {TOKEN}."
        )
    return given
