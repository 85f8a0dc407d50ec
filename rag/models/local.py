"""Chat models that a server on this machine offers: Ollama, or any OpenAI-compatible one, found on its usual port.

Only 127.0.0.1 is asked, without a proxy and without following a redirect, and no question is sent.
"""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from typing import Any

from rag.config import Settings
from rag.errors import ConfigError
from rag.models.chat import ChatModel, load_chat_model, without_key

HOST = "127.0.0.1"
VARIABLE = "OTR_LLM_PORTS"
OLLAMA_PORT = 11434
PORTS = (OLLAMA_PORT, 1234, 8000, 8080)  # Ollama, LM Studio, vLLM, llama.cpp
SECONDS = 0.5  # A server of this machine that lists its models takes a few milliseconds.
KEPT_SECONDS = 30.0
MOST_BYTES = 1 << 20
MOST_MODELS, MOST_NAME = 20, 200  # of one server; characters


@dataclass(frozen=True, slots=True)
class Local:
    """A model of a server on this machine."""

    name: str
    port: int

    @property
    def key(self) -> str:
        """What names it among all."""
        return f"{self.port}:{self.name}"

    @property
    def shown(self) -> str:
        """What people see."""
        return f"{self.name} at {HOST}:{self.port}"


_known: dict[tuple[int, ...], tuple[float, tuple[Local, ...]]] = {}


def ports_asked() -> tuple[int, ...]:
    """The ports of OTR_LLM_PORTS, by default those of the usual servers; ConfigError when it cannot be read."""
    given = os.environ.get(VARIABLE, "").replace(" ", "")
    if not given or given == "none":
        return () if given else PORTS
    numbers = [int(part) if part.isascii() and part.isdecimal() else 0 for part in given.split(",")]
    if not all(0 < number < 65536 for number in numbers):
        raise ConfigError(f"{VARIABLE} is {given!r}: expected ports of this machine, such as 11434,8080, or none.")
    return tuple(dict.fromkeys(numbers))


def local_models() -> tuple[Local, ...]:
    """The models found on the ports that are asked: anew after KEPT_SECONDS, in up to twice SECONDS."""
    ports = ports_asked()
    asked, found = _known.get(ports, (float("-inf"), ()))
    if time.monotonic() - asked > KEPT_SECONDS:
        # No lock: two who come at once ask twice, and neither waits for the other.
        found = _ask_all(ports)
        _known[ports] = time.monotonic(), found
    return found


def load_local(model: Local, settings: Settings) -> ChatModel:
    """A client for a model that was found. Raises ModelError when a package for it is missing."""
    address = f"http://{HOST}:{model.port}"
    is_ollama = model.port == OLLAMA_PORT and importlib.util.find_spec("langchain_ollama") is not None
    # By its own interface, Ollama is told how long a prompt may be; by the other one it cuts off what is too long.
    if not is_ollama:
        chat = without_key(model.name, f"{address}/v1", settings.llm_timeout, settings.llm_tokens)
        return replace(chat, name=model.shown)
    named = {"llm": f"ollama:{model.name}", "llm_base_url": address}
    ollama = load_chat_model(settings.model_copy(update=named))
    assert ollama is not None
    return replace(ollama, name=model.shown)


def _ask_all(ports: Sequence[int]) -> tuple[Local, ...]:
    if not ports:
        return ()
    with ThreadPoolExecutor(len(ports)) as pool:
        return tuple(model for models in pool.map(_ask, ports) for model in models)


def _ask(port: int) -> list[Local]:
    """The models of a server, none where there is no such server."""
    is_ollama = port == OLLAMA_PORT
    listed = _get(port, "/api/tags" if is_ollama else "/v1/models")
    entries = listed.get("models" if is_ollama else "data") if isinstance(listed, dict) else None
    found = []
    for entry in entries if isinstance(entries, list) else ():
        name = entry.get("name" if is_ollama else "id") if isinstance(entry, dict) else None
        # Ollama lists models, too, that it passes on to its maker's machines.
        is_elsewhere = isinstance(entry, dict) and bool(entry.get("remote_host"))
        # With "://" in it, a name would be read as an address.
        is_name = isinstance(name, str) and 0 < len(name) <= MOST_NAME and name.isprintable() and "://" not in name
        if is_name and not is_elsewhere:
            found.append(Local(str(name), port))
    return found[:MOST_MODELS]


def _get(port: int, path: str) -> Any:
    """The JSON at a path of a server of this machine, None where there is none."""
    connection = HTTPConnection(HOST, port, timeout=SECONDS)
    clock = None
    try:
        connection.connect()
        # A timeout is one for each read: a server that drips out its list would never meet it.
        clock = threading.Timer(SECONDS, _cut, [connection.sock])
        clock.daemon = True
        clock.start()
        connection.request("GET", path, headers={"Accept": "application/json"})
        reply = connection.getresponse()
        return json.loads(reply.read(MOST_BYTES)) if reply.status == 200 else None
    except (OSError, HTTPException, ValueError, RecursionError):
        return None
    finally:
        if clock:
            clock.cancel()
        connection.close()


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
