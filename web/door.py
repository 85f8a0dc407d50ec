"""The page's door: which requests are let in. For any ASGI application, and before anything else reads a request.

A page of another site that is open in the same browser can send requests here, and by DNS rebinding even under its
own name. So the name that was called must be one of this machine's, and a page that calls must be this page.
"""

from __future__ import annotations

import ipaddress
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from rag.errors import ConfigError
from web.below import inner_path

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

UPLOAD = "/gradio_api/upload"
MAX_UPLOAD_BYTES = 100_000_000  # all the files of one request
MAX_BYTES = 5_000_000  # any other request: a conversation of a hundred answers has one million
# Requests of one client at a time. A page that is open holds two or three, and fifty people can be behind one proxy.
MAX_AT_ONCE = 256
# What Gradio has beside the page and this program does not use: fetching from other hosts, editing its code, figures.
CLOSED = (*(f"/gradio_api/{path}" for path in ("proxy=", "vibe", "undo-vibe", "dev", "profiling")), "/monitoring")
FOREIGN = ("cross-site", "same-site")  # Another port of this machine is the same site, and another page.
Refusal = tuple[int, str]


def check_open(host: str, *, is_open: bool) -> None:
    """ConfigError for an address that other machines can reach, unless it is open to them: by a login, or by wish."""
    if not is_open and not _is_loopback(host):
        raise ConfigError(
            f"Whoever can reach {host} could read the articles, add some, remove those that were added, index anew and "
            f"change who is who, since the page has no login: set OTR_AUTH=name:password to ask for one, leave --host "
            f"out to serve this machine alone, or add --open to serve all others as well."
        )


def _is_loopback(host: str) -> bool:
    try:
        addresses = {found[4][0] for found in socket.getaddrinfo(host or "0.0.0.0", None)}
    except (OSError, UnicodeError):
        return True  # Nothing can be served there; whoever tries says so.
    return all(ipaddress.ip_address(str(address).partition("%")[0]).is_loopback for address in addresses)


class Door:
    """Lets requests through to an application that call this machine by its name or number, and refuses the others.

    `names` are further names that it goes by, such as a proxy's.
    """

    def __init__(self, app: App, names: Iterable[str] = ()) -> None:
        self._app = app
        # Not getfqdn, which asks a name server.
        self._names = {"localhost", socket.gethostname().lower()}
        self._names.update(name.lower() for name in names)
        self._inside = Counter[str]()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        client = str((scope.get("client") or ("",))[0])
        if refusal := self._refusal(scope, client):
            await _refuse(scope, send, refusal)
            return
        self._inside[client] += 1
        try:
            await self._app(scope, _Counted(receive, _limit(scope)), send)
        finally:
            self._inside[client] -= 1
            if not self._inside[client]:
                del self._inside[client]

    def _refusal(self, scope: Message, client: str) -> Refusal | None:
        headers = _headers(scope)
        hosts, origins = headers.get("host", []), headers.get("origin", [])
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return 421, f"This page is not served under the name {', '.join(hosts)!a}; open it by its own address."
        if any(origin.partition("://")[2].lower() != hosts[0].lower() for origin in origins):
            return 403, "Another page asked for this; open this one by its own address."
        is_visit = headers.get("sec-fetch-mode") == ["navigate"] and scope.get("method") == "GET"
        if not is_visit and any(site in FOREIGN for site in headers.get("sec-fetch-site", [])):
            return 403, "Another page asked for this; open this one by its own address."
        if inner_path(scope).startswith(CLOSED):
            return 404, "There is nothing here."
        length = headers.get("content-length", ["0"])[0]
        if not length.isdecimal() or int(length) > _limit(scope):
            return 413, f"The request is longer than {_limit(scope):,} bytes; send fewer or smaller files."
        if self._inside[client] >= MAX_AT_ONCE:
            return 429, f"{MAX_AT_ONCE} requests of yours are being served; try again when they are done."
        return None

    def _is_ours(self, host: str) -> bool:
        """True for a number, which no other site can go by, and for our names; with any port."""
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        try:
            ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return name.lower().rstrip(".") in self._names
        return True


class _Counted:
    """Receives a request's body up to a limit, whatever length it announced."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._left = receive, limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        # What is cut off is no whole request: whoever reads it fails, and the connection ends.
        return message if self._left >= 0 else {"type": "http.disconnect"}


def _headers(scope: Message) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope.get("headers", ()):
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())
    return found


def _limit(scope: Message) -> int:
    return MAX_UPLOAD_BYTES if str(scope.get("path", "")).rstrip("/").endswith(UPLOAD) else MAX_BYTES


async def _refuse(scope: Message, send: Send, refusal: Refusal) -> None:
    status, sentence = refusal
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": sentence[:100]})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})
