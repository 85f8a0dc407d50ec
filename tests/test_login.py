"""A login stands before everything that is served: no route, API, file or MCP path can be reached without it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount

from rag.errors import ConfigError
from rag.schema import Article
from tests.fakes import quote, record, write_index
from web import login
from web.door import CLOSED
from web.login import VARIABLE, users
from web.serve import application

DAM = Article("dam", "“The dam will hold,” Ida Hale said.")
ANN, BOB = ("ann", "s3crét:x"), ("bob", "b")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    index = tmp_path_factory.mktemp("index")
    write_index(index, record(DAM, quote(DAM, "“The dam will hold,”", by="Ida Hale")))
    (index / "version").write_text("whole 1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, f"{':'.join(ANN)}, {':'.join(BOB)}")
        patch.setattr(login, "SLOW", 0.0)
        with TestClient(application(index, ["testserver"]), raise_server_exceptions=False) as made:
            yield made


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def paths(routes: list[BaseRoute], prefix: str = "") -> Iterator[str]:
    for route in routes:
        path = prefix + str(getattr(route, "path", ""))
        yield path or "/"
        inside: Any = getattr(route, "original_router", route)
        if isinstance(route, Mount) or inside is not route:
            yield from paths(inside.routes, path.rstrip("/"))


def test_another_page_is_refused_before_it_is_asked_who_it_is(client: TestClient) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for given in ({}, basic(*ANN)):
            for path in ("/", "/health", "/api/ask", "/api/openapi.json", "/gradio_api/mcp/"):
                assert client.post(path, headers={**headers, **given}, content=b"{}").status_code == 403, path
    assert client.get("/api/people", headers={"Host": "evil.example", **basic(*ANN)}).status_code == 421


def test_every_route_wants_the_login(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    found = {re.sub(r"[{}]|:path", "", path) for path in (*paths(app.routes), *app.openapi()["paths"])}
    assert {"/", "/api/ask", "/api/openapi.json", "/config", "/gradio_api/mcp"} <= found
    assert len(found) > 60
    for path in sorted(found - {"/health"}):
        for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
            refused = 404 if path.startswith(CLOSED) else 401
            assert client.request(method, path, follow_redirects=False).status_code == refused, (method, path)


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "/health/",
        "/health/../config",
        "/%2e%2e/config",
        "/health%2f..%2fconfig",
        "/HEALTH",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/mcp/",
        "/gradio_api/mcp/sse",
        "/gradio_api/upload",
        "/static/img/logo.svg",
        "/theme.css",
        "/nothing-here",
        "/config?__theme=dark",
    ],
)
def test_no_spelling_of_a_path_gets_past(client: TestClient, path: str) -> None:
    assert client.get(path, follow_redirects=False).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("ann", "wrong"),
        basic("ann", ""),
        basic("", ""),
        basic("eve", "s3crét:x"),
        basic("ann", "b"),
        basic("ANN", "s3crét:x"),
        {"Authorization": "Basic"},
        {"Authorization": "Basic ?"},
        {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()},
        {"Authorization": "Basic " + base64.b64encode(b"ann").decode()},
        {"Authorization": "Bearer " + basic(*ANN)["Authorization"][6:]},
        {"Cookie": "access-token=ann"},
        {"X-Forwarded-User": "ann"},
    ],
)
def test_nothing_but_a_name_with_its_password_gets_in(client: TestClient, headers: dict[str, str]) -> None:
    reply = client.get("/api/people", headers=headers)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"].startswith("Basic ")


def test_two_logins_in_one_request_are_none(client: TestClient) -> None:
    both = [("Authorization", basic("eve", "x")["Authorization"]), ("Authorization", basic(*BOB)["Authorization"])]
    assert client.get("/config", headers=both).status_code == 401


@pytest.mark.parametrize("who", [ANN, BOB])
def test_whoever_knows_the_password_gets_the_page_and_the_interface(client: TestClient, who: tuple[str, str]) -> None:
    for path in ("/", "/config", "/api/openapi.json", "/gradio_api/info", "/gradio_api/mcp/schema"):
        assert client.get(path, headers=basic(*who)).status_code == 200, path
    assert client.get("/gradio_api/user", headers=basic(*who)).json() == who[0]


def test_whether_it_works_can_be_asked_by_anybody_and_tells_nothing_else(client: TestClient) -> None:
    reply = client.get("/health")
    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("given", ["ann", "ann:", ":x", "ann:x,ann:y", "ann:x,bob"])
def test_a_login_that_cannot_be_read_is_told_without_repeating_it(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(VARIABLE, given)
    with pytest.raises(ConfigError, match="OTR_AUTH is name:password") as raised:
        users()
    assert given not in str(raised.value)


def test_without_the_setting_there_is_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert users() == {}
