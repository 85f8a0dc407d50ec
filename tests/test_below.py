"""Behind a proxy under a path: page, files, REST, exports, Gradio's API and MCP work, and door and login hold there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from gradio_client import Client  # type: ignore[import-untyped]
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from playwright.sync_api import Browser

import app
from rag.errors import ConfigError
from rag.schema import Article
from tests.browser import ask
from tests.conftest import free_port
from tests.fakes import in_own_loop, quote, record, write_index
from tests.proxy import proxy, serving
from tests.test_login import paths
from web import login
from web.below import OWN, checked_root
from web.login import VARIABLE
from web.serve import application

ROOT = "/otr"
DAM = Article("dam", "“The dam will hold,” Ida Hale said.")
QUESTION = "What did Ida Hale say about the dam?"


@pytest.fixture
def index(tmp_path: Path, fake_models: None) -> Path:
    write_index(tmp_path, record(DAM, quote(DAM, "“The dam will hold,”", by="Ida Hale")))
    (tmp_path / "version").write_text("whole 1")
    return tmp_path


@pytest.fixture(params=[True, False], ids=["path taken off", "path left"])
def url(index: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the page behind a proxy that takes the path off, or leaves it."""
    with (
        serving(application(index, root=ROOT), free_port()) as target,
        serving(proxy(target, ROOT, strips=request.param), free_port()) as outside,
    ):
        yield f"{outside}{ROOT}/"


@pytest.mark.slow
def test_page_files_rest_and_exports_are_below_the_path(url: str) -> None:
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        page = client.get("")
        assert page.status_code == 200
        # Whatever the page asks for by its own address lies below the path.
        own = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
        # Gradio's own template names a manifest at the root of the site; a page that cannot be installed has none.
        own.remove("/manifest.json")
        assert own
        for link in own:
            reply = client.get(httpx.URL(url).join(link), follow_redirects=True)
            assert (str(reply.url).startswith(url), reply.status_code) == (True, 200), link
        assert client.get("config").json()["root"] == url.rstrip("/")
        assert client.get("api/openapi.json").json()["servers"] == [{"url": ROOT}]
        answer = client.post("api/ask", json={"question": QUESTION}).json()
        assert answer["answered"]
        exported = client.post("api/export/html", json={"question": QUESTION, **answer})
        assert exported.headers["content-disposition"].startswith("attachment")
        assert "The dam will hold" in client.get("reading/dam", params={"spans": "0-20"}).text
        assert client.get("health").json() == {"status": "ok"}
        assert "otr_articles 1.0" in client.get("metrics").text
        moved = client.get("gradio_api/mcp", follow_redirects=True, headers={"Accept": "text/html"})
        assert str(moved.url).startswith(url)


@pytest.mark.slow
def test_gradio_s_client_and_mcp_work_below_the_path(url: str) -> None:
    async def over_mcp() -> Any:
        async with (
            streamable_http_client(f"{url}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            reply = await session.call_tool("ask", {"question": QUESTION})
        return json.loads(reply.content[0].text)  # type: ignore[union-attr]

    told = Client(url, verbose=False).predict(QUESTION, api_name="/ask")
    assert told["answered"]
    assert in_own_loop(over_mcp()) == told


@pytest.mark.browser
@pytest.mark.slow
def test_a_browser_asks_and_reads_the_article_below_the_path(url: str, browser: Browser) -> None:
    page = browser.new_page()
    failed: list[str] = []
    page.on("response", lambda reply: failed.append(f"{reply.status} {reply.url}") if reply.status >= 400 else None)
    page.on("request", lambda sent: None if sent.url.startswith((url, "blob:", "data:")) else failed.append(sent.url))
    page.goto(url)
    ask(page, QUESTION)
    page.locator("#otr-chat a.otr-marker").first.click()
    page.locator("#otr-sources .otr-article summary").first.click()
    page.locator("#otr-sources .otr-reading .otr-mark").first.wait_for()
    with page.expect_download() as download:
        page.locator("#otr-sources [data-take=json]").first.click()
    assert json.loads(download.value.path().read_text())["question"] == QUESTION
    page.close()
    assert failed == []


@pytest.fixture
def locked(index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv(VARIABLE, "ann:secret")
    monkeypatch.setattr(login, "SLOW", 0.0)
    with TestClient(application(index, ["testserver"], ROOT), raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize(
    "path", ["/", "/metrics", "/api/people", "/config", "/gradio_api/mcp/", "/health/", "//health"]
)
@pytest.mark.parametrize("before", ["", ROOT, ROOT * 2, f"/health/..{ROOT}", "/%2fotr", ROOT.upper()])
def test_the_login_holds_with_and_without_the_path(locked: TestClient, before: str, path: str) -> None:
    assert locked.get(before + path, follow_redirects=False).status_code == 401


def test_what_is_open_and_what_is_closed_is_so_below_the_path(locked: TestClient) -> None:
    for before in ("", ROOT):
        assert locked.get(f"{before}/health").status_code == 200
        assert locked.get(f"{before}/gradio_api/proxy=http://192.0.2.1/", auth=("ann", "secret")).status_code == 404
        assert locked.get(f"{before}/metrics", auth=("ann", "secret")).status_code == 200
        foreign = {"Origin": "http://evil.example"}
        assert locked.get(f"{before}/metrics", auth=("ann", "secret"), headers=foreign).status_code == 403
    assert locked.get(f"{ROOT * 2}/health").status_code == 401


def test_the_path_without_its_slash_leads_to_where_links_work(locked: TestClient) -> None:
    reply = locked.get(ROOT, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (307, f"{ROOT}/")


@pytest.mark.parametrize(("given", "root"), [("", ""), ("/", ""), ("/otr", "/otr"), ("/a/b-c/", "/a/b-c")])
def test_a_path_is_taken_with_or_without_a_slash_at_its_end(given: str, root: str) -> None:
    assert checked_root(given) == root


@pytest.mark.parametrize("given", ["/api", "/gradio_api/", "/health", "/reading/x", "/static"])
def test_a_path_that_the_program_has_itself_is_refused_in_one_line(
    given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert app.main(["--root-path", given]) == 1
    assert capsys.readouterr().err == (
        f"--root-path is {given!r}, which this program has itself; choose another, such as /otr{given.rstrip('/')}.\n"
    )
    assert checked_root(f"/otr{given}") == f"/otr{given.rstrip('/')}"


def test_every_path_that_is_served_is_known_as_the_program_s_own(index: Path) -> None:
    first = {path.split("/")[1] for path in paths(application(index).routes)}
    # Pages of Gradio's that this program has not would be below any name.
    assert {part for part in first if part and "{" not in part} <= OWN


@pytest.mark.parametrize("given", ["otr", "/o tr", "/../x", "//x", "https://desk.example/otr", "/a?b", "/a\n"])
def test_what_is_no_path_is_told_in_one_line(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigError, match="expected the path that the proxy serves, such as /otr"):
        checked_root(given)
    assert app.main(["--root-path", given]) == 1
    assert capsys.readouterr().err.count("\n") == 1
