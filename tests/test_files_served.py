"""No file is served but the page's own: nothing of the index, of the program, or of the machine, by any path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote as percent

import pytest
from fastapi.testclient import TestClient

from rag.schema import Article
from tests.conftest import ROOT
from tests.fakes import quote, record, write_index
from web.login import VARIABLE
from web.serve import application

pytestmark = pytest.mark.slow

DAM = Article("dam", "“The dam will hold,” Ida Hale said.")
ROUTES = (
    "/gradio_api/file={}",
    "/gradio_api/file/{}",
    "/file={}",
    "/gradio_api/stream/x/{}",
    "/static/{}",
    "/assets/{}",
    "/svelte/{}",
    "/custom_component/x/server/component/{}",
    "/reading/{}?spans=0-3",
)
UP = "../" * 12


@pytest.fixture
def index(tmp_path: Path) -> Path:
    made = tmp_path / "index"
    write_index(made, record(DAM, quote(DAM, "“The dam will hold,”", by="Ida Hale")))
    (tmp_path / "index-uploads").mkdir()
    (tmp_path / "index-uploads" / "own.txt").write_text("secret")
    (made / "people.yaml").write_text("secret")
    return made


@pytest.fixture
def client(index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.delenv(VARIABLE, raising=False)
    with TestClient(application(index, ["testserver"]), raise_server_exceptions=False) as made:
        yield made


def test_no_file_outside_or_inside_the_index_is_served(client: TestClient, index: Path) -> None:
    files = [path for path in (*index.rglob("*"), *index.with_name("index-uploads").iterdir()) if path.is_file()]
    files += [ROOT / "app.py", ROOT / "web" / "static" / "page.js", ROOT / "seeds" / "README.md", Path("/etc/passwd")]
    assert len(files) > 6
    tried = 0
    for file in files:
        content = file.read_bytes()[:200]
        below = f"{UP}{str(file)[1:]}"
        for route in ROUTES:
            for path in (str(file), below, percent(str(file), safe=""), percent(below, safe=""), str(file.name)):
                reply = client.get(route.format(path), follow_redirects=False)
                tried += 1
                assert reply.status_code != 200 or content not in reply.content, (route, path)
    assert tried > 300


def test_what_the_page_needs_is_served(client: TestClient) -> None:
    for path in ("/", "/config", "/theme.css", "/gradio_api/info"):
        assert client.get(path).status_code == 200, path
