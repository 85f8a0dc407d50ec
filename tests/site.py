"""A site on this machine that the rules for links take for a public one, and what it does at each path."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ingest.fetching import links
from ingest.fetching.links import is_public

PAGE = (
    "<html><head><title>Lock leaks</title><link rel='canonical' href='https://other.example/claimed'></head><body>"
    "<article><h1>Lock leaks</h1><p>Ana Torvik, who keeps the lock at Holm, said on Monday that it leaks and that "
    "nobody had come to look at it.</p><p>“It stays shut,” Torvik said. She went home at noon, and the pilots waited "
    "on the quay until the evening came.</p></article></body></html>"
)
Does = Callable[[BaseHTTPRequestHandler], None]


class Site(BaseHTTPRequestHandler):
    """Does at each path what a test says."""

    does: dict[str, Does]

    def do_GET(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            self.does[self.path](self)

    def log_message(self, *_: object) -> None:
        pass


def says(body: str = PAGE, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> Does:
    def does(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body.encode())

    return does


def moved(place: str) -> Does:
    return says("", status=302, Location=place)


@contextmanager
def public_site(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Does]]:
    """What the site lock.example does, which a name server and the rules for addresses take for a public one."""
    does: dict[str, Does] = {}
    look_up = socket.getaddrinfo

    def named(host: str, *more: Any, **about: Any) -> Any:
        if host.endswith(".invalid"):
            raise socket.gaierror
        return look_up("127.0.0.1" if host == "lock.example" else host, *more, **about)

    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Site,), {"does": does})) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setattr(links, "PORTS", {"http": running.server_port})
        monkeypatch.setattr(links, "is_public", lambda address: address == "127.0.0.1" or is_public(address))
        monkeypatch.setattr(socket, "getaddrinfo", named)
        yield does
        running.shutdown()
