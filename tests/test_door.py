"""The page's door: this page and programs of this machine get in, other pages do not, whatever name they call."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import app
from rag.errors import ConfigError
from tests.fakes import in_own_loop
from web import door
from web.door import Door, check_open
from web.login import VARIABLE

OURS = "127.0.0.1:7860"
PATHS = ("/", "/gradio_api/upload", "/gradio_api/queue/join", "/gradio_api/call/ask", "/config")
# As a page of another site sends them: under its own name, under ours, from another port, from a file, from a frame.
FOREIGN = [
    {"host": "evil.example", "origin": "http://evil.example"},
    {"host": "evil.example:7860"},
    {"host": OURS, "origin": "http://evil.example"},
    {"host": OURS, "origin": "null"},
    {"host": OURS, "origin": "http://127.0.0.1:3000"},
    {"host": OURS, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"host": "127.0.0.1.evil.example", "origin": "http://127.0.0.1.evil.example"},
    {"host": "localhost@evil.example"},
]


def ask(headers: dict[str, str], path: str = "/", method: str = "POST", body: bytes = b"x", **names: Any) -> int:
    """The status of one request to a door with an application behind it that reads all and says 200."""

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        message: Any = {"more_body": True}
        while message.get("more_body"):
            message = await receive()
        status = 400 if message["type"] == "http.disconnect" else 200
        await send({"type": "http.response.start", "status": status, "headers": []})

    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": pairs, "client": ("127.0.0.1", 1)}
    parts = iter([{"type": "http.request", "body": body, "more_body": False}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(parts)

    async def send(message: Any) -> None:
        sent.append(message)

    in_own_loop(Door(inside, **names)(scope, receive, send))
    return int(sent[0]["status"])


@pytest.mark.parametrize(("headers", "path"), [*product(FOREIGN, PATHS)])
def test_no_request_of_another_page_gets_in(headers: dict[str, str], path: str) -> None:
    assert ask(headers, path) in (403, 421)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": OURS, "origin": f"http://{OURS}", "sec-fetch-site": "same-origin"},
        {"host": "localhost:9999", "origin": "http://localhost:9999"},
        {"host": "[::1]:7860", "origin": "http://[::1]:7860"},
        {"host": "192.0.2.7"},
        {"host": socket.gethostname().upper()},
        {"host": OURS},
    ],
)
def test_this_page_and_programs_get_in(headers: dict[str, str]) -> None:
    assert ask(headers) == 200


def test_a_link_from_another_page_opens_this_one_and_does_no_more() -> None:
    visit = {"host": OURS, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert ask(visit, method="GET") == 200
    assert ask(visit, method="POST") == 403


def test_a_proxy_s_name_is_let_in_when_it_is_given() -> None:
    headers = {"host": "Desk.example", "origin": "https://desk.example"}
    assert (ask(headers), ask(headers, names=["desk.example"])) == (421, 200)


def test_a_request_without_a_host_or_with_two_is_refused() -> None:
    assert ask({}) == 421


def test_what_the_page_does_not_use_is_closed() -> None:
    for path in ("/gradio_api/proxy=http://192.0.2.1/", "/gradio_api/vibe-edit", "/monitoring/summary"):
        assert ask({"host": OURS}, path) == 404


def test_a_request_that_is_too_long_is_refused_by_what_it_says_and_by_what_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door, "MAX_BYTES", 10)
    monkeypatch.setattr(door, "MAX_UPLOAD_BYTES", 20)
    assert ask({"host": OURS, "content-length": "11"}) == 413
    assert ask({"host": OURS, "content-length": "11"}, "/gradio_api/upload") == 200
    assert ask({"host": OURS, "content-length": "-1"}) == 413
    assert ask({"host": OURS}, body=b"x" * 11) == 400
    assert ask({"host": OURS}, body=b"x" * 10) == 200


def test_one_client_has_so_many_requests_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MAX_AT_ONCE", 0)
    assert ask({"host": OURS}) == 429


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", ""])
def test_other_machines_are_served_only_when_that_is_wished(host: str) -> None:
    with pytest.raises(ConfigError, match=r"the page has no login: set OTR_AUTH=.* leave --host out .* or add --open"):
        check_open(host, is_open=False)
    check_open(host, is_open=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_this_machine_is_served_without_a_word(host: str) -> None:
    check_open(host, is_open=False)


def test_the_app_refuses_an_open_address_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert app.main(["--host", "0.0.0.0"]) == 1
    assert capsys.readouterr().err.startswith("Whoever can reach 0.0.0.0 could read the articles")


@pytest.mark.parametrize(("login", "option"), [("ann:secret", []), ("", ["--open"]), ("ann:secret", ["--open"])])
def test_the_app_serves_an_open_address_with_a_login_or_when_that_is_wished(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, login: str, option: list[str]
) -> None:
    served = []
    monkeypatch.setenv(VARIABLE, login)
    monkeypatch.setattr(app, "is_whole", lambda index: True)
    monkeypatch.setattr(app, "serve", lambda index, host, port, names, root: served.append((host, port, names, root)))
    given = [
        "--index",
        str(tmp_path),
        "--host",
        "0.0.0.0",
        "--port",
        "0",
        "--name",
        "desk.example",
        *option,
        "--root-path",
        "/otr/",
    ]
    assert app.main(given) == 0
    assert served == [("0.0.0.0", 0, ["desk.example"], "/otr")]


@pytest.fixture
def connection(chat: str) -> Iterator[HTTPConnection]:
    opened = HTTPConnection(urlsplit(chat).netloc, timeout=60)
    yield opened
    opened.close()


@pytest.mark.slow
@pytest.mark.model
def test_the_page_that_is_served_has_this_door(connection: HTTPConnection) -> None:
    statuses = []
    for headers, path in product(FOREIGN, PATHS):
        ours = {name: value.replace(OURS, f"{connection.host}:{connection.port}") for name, value in headers.items()}
        connection.request("POST", path, body=b"{}", headers=ours)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    assert len(statuses) == 40
    assert set(statuses) <= {403, 421}
    connection.request("GET", "/")
    assert connection.getresponse().status == 200
