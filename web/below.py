"""Behind a proxy that gives this program a path of its own site, such as https://desk.example/otr/.

Whether the proxy takes the path off before it passes a request on or leaves it, what is inside sees the same: the ASGI
way, with the whole path in `path` and the proxy's part of it in `root_path`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rag.errors import ConfigError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

# What this program and Gradio serve themselves, by the first part of the path: below one of these, a request that the
# proxy took the path off could not be told from one that it left it on.
OWN = frozenset(
    "api assets config favicon.ico gradio_api health login logout manifest.json metrics monitoring openapi.json "
    "pwa_icon reading robots.txt static svelte theme.css".split()
)
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


def checked_root(path: str) -> str:
    """The path without a slash at its end, "" for none; ConfigError when it is not one."""
    root = path.rstrip("/")
    if root and not _PATH.fullmatch(root):
        raise ConfigError(f"--root-path is {path!r}; expected the path that the proxy serves, such as /otr.")
    if root.split("/")[1:2] and root.split("/")[1] in OWN:
        raise ConfigError(
            f"--root-path is {path!r}, which this program has itself; choose another, such as /otr{root}."
        )
    return root


def inner_path(scope: Any) -> str:
    """The path of a request within this program, without the proxy's part."""
    path, root = str(scope.get("path", "")), str(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


class Below:
    """ASGI middleware, outside all that reads a path."""

    def __init__(self, app: ASGIApp, root: str) -> None:
        self._app, self._root = app, root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its whole path; without the slash behind the root, lead to where links work."""
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        path, raw = scope["path"], scope.get("raw_path") or scope["path"].encode()
        if path == self._root and scope["type"] == "http":
            asked = scope.get("query_string") or b""
            place = f"{self._root}/".encode() + (b"?" + asked if asked else b"")
            headers = [(b"location", place), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 307, "headers": headers})
            await send({"type": "http.response.body"})
            return None
        if not path.startswith(f"{self._root}/"):
            path, raw = self._root + path, self._root.encode() + raw
        return await self._app({**scope, "path": path, "raw_path": raw, "root_path": self._root}, receive, send)
