"""A login in front of everything that the program serves: page, files, REST, Gradio's API and MCP alike.

One gate for all, because Gradio's own login covers its routes only. HTTP Basic: browsers ask for it by themselves, and
every client of programs can send it. It is no safer than the connection: put a proxy with TLS before other machines.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rag.errors import ConfigError
from web.below import inner_path

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

VARIABLE = "OTR_AUTH"
OPEN = ("/health",)
SLOW = 0.5  # Seconds before a wrong password is told: guessing is slow, typing is not.
USER = "otr-user"  # Where the name of who is logged in stands in a request's scope.
EXPECTED = f"{VARIABLE} is name:password, several with a comma between them; both must have at least one character."


def users() -> dict[str, str]:
    """The names with their passwords that the environment gives; none without OTR_AUTH. ConfigError when unreadable."""
    found: dict[str, str] = {}
    for pair in filter(None, map(str.strip, os.environ.get(VARIABLE, "").split(","))):
        name, colon, password = pair.partition(":")
        if not (name and colon and password) or name in found:
            # The setting itself is not repeated: passwords stand in it.
            raise ConfigError(EXPECTED)
        found[name] = password
    return found


class Login:
    """The gate as ASGI middleware: whoever does not know a name with its password gets nothing but /health."""

    def __init__(self, app: ASGIApp, users: Mapping[str, str]) -> None:
        self._app = app
        self._users = {name: _digest(password) for name, password in users.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and inner_path(scope) in OPEN):
            return await self._app(scope, receive, send)
        given = [value for key, value in scope["headers"] if key == b"authorization"]
        name = self._known(given[0]) if len(given) == 1 else None
        if name is not None:
            # In the scope itself: what reads it afterwards, as the log, sees which route was found.
            scope[USER] = name
            return await self._app(scope, receive, send)
        if given:
            await asyncio.sleep(SLOW)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return None
        headers = [(b"www-authenticate", b'Basic realm="On the Record", charset="UTF-8"')]
        headers += [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"detail": "Log in with a name and its password."}'})
        return None

    def _known(self, header: bytes) -> str | None:
        """The name in an Authorization header when its password is right."""
        scheme, _, coded = header.partition(b" ")
        try:
            name, colon, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        if scheme.lower() != b"basic" or not colon:
            return None
        # Compared for names that do not exist, too: how long it takes must not tell which do.
        is_right = hmac.compare_digest(self._users.get(name, _digest(os.urandom(16).hex())), _digest(password))
        return name if is_right and name in self._users else None


def _digest(password: str) -> bytes:
    return hashlib.sha256(password.encode()).digest()
