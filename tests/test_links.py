"""Links are followed to public addresses alone, within limits; what is found there is kept with its address."""

from __future__ import annotations

import json
import socket
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from ingest import Report, uploads
from ingest.fetching import links
from ingest.fetching.links import LinkError, fetch
from ingest.uploads import add_uploads, uploads_folder
from rag.errors import ConfigError
from tests.site import PAGE, Does, moved, says
from web.add import MAX_LINKS, NO_LINKS, add_articles, follows_links


def test_what_is_at_a_link_is_fetched(site: dict[str, Does]) -> None:
    site["/a?b=1"] = says()
    fetched = fetch(" http://lock.example/a?b=1 ")
    assert (fetched.data.decode(), fetched.suffix, fetched.url) == (PAGE, ".html", "http://lock.example/a?b=1")


def test_letters_that_no_link_can_have_are_quoted(site: dict[str, Does]) -> None:
    site["/M%C3%BCller"] = says()
    assert fetch("http://lock.example/Müller").url == "http://lock.example/M%C3%BCller"


def test_a_page_that_breaks_off_is_not_kept_as_whole(site: dict[str, Does]) -> None:
    site["/"] = says(Content_Length=str(len(PAGE.encode()) + 10))
    with pytest.raises(LinkError, match="broke off before the end"):
        fetch("http://lock.example/")


def test_a_link_that_leads_on_is_followed_a_few_times(site: dict[str, Does]) -> None:
    site |= {"/0": moved("/1"), "/1": moved("http://lock.example/2"), "/2": moved("3"), "/3": says()}
    assert fetch("http://lock.example/0").url == "http://lock.example/3"
    site["/3"] = moved("/0")
    with pytest.raises(LinkError, match="leads on more than 3 times"):
        fetch("http://lock.example/0")


@pytest.mark.parametrize(
    "place",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://localhost.localdomain.invalid/",
        "file:///etc/passwd",
    ],
)
def test_a_link_that_leads_on_to_what_is_not_public_is_refused(site: dict[str, Does], place: str) -> None:
    site["/"] = moved(place)
    with pytest.raises(LinkError):
        fetch("http://lock.example/")


@pytest.mark.parametrize(
    "link",
    [
        "",
        "lock.example/a",
        "file:///etc/passwd",
        "ftp://lock.example/",
        "gopher://lock.example/",
        "http://",
        "http:///a",
        "http://ann:secret@example.com/",
        "http://example.com:22/",
        "http://example.com:x/",
        "http://example.com/a b",
        "http://example.com/\r\nX: y",
        "http://exämple.com/",
        "javascript:alert(1)",
        "http://example.com/" + "a" * 2000,
    ],
)
def test_what_is_no_plain_link_is_refused_before_anything_is_looked_up(
    monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up"))
    with pytest.raises(LinkError, match="no link that can be followed"):
        fetch(link)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("2130706433", "0x7f.1", "127.1", "[::1]", "[::]", "[fe80::1]", "[fd00::1]", "[::ffff:10.0.0.1]"),
        *("[64:ff9b::a00:1]", "[2002:a00:1::]", "224.0.0.1", "255.255.255.255"),
        *("[fec0::1]", "[::127.0.0.1]", "[::10.0.0.1]", "[64:ff9b:1::a00:1]"),
    ],
)
def test_private_addresses_are_refused_however_they_are_written(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("connected"))
    with pytest.raises(LinkError, match=r"private network|no site called"):
        fetch(f"http://{host}/")


def test_a_name_of_which_any_address_is_private_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, 0, 0, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("connected"))
    with pytest.raises(LinkError, match="private network"):
        fetch("http://lock.example/")


def test_the_address_that_was_checked_is_the_one_that_is_asked(
    site: dict[str, Does], monkeypatch: pytest.MonkeyPatch
) -> None:
    site["/"] = says()
    looked_up = []
    look_up = socket.getaddrinfo

    def once(host: str, *more: Any, **about: Any) -> Any:
        looked_up.append(host)
        return look_up(host, *more, **about)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
    fetch("http://lock.example/")
    assert looked_up == ["lock.example"]


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (says(status=404), "answers 404"),
        (says(kind="image/png"), "'image/png', which is no article"),
        (says(kind=""), "unknown kind"),
        (says(Content_Encoding="gzip"), "packed"),
        (says("x" * 2000), "longer than 1,000 bytes"),
    ],
)
def test_what_cannot_be_used_is_told(
    site: dict[str, Does], monkeypatch: pytest.MonkeyPatch, does: Does, told: str
) -> None:
    monkeypatch.setattr(links, "MAX_BYTES", 1000)
    site["/"] = does
    with pytest.raises(LinkError, match=told):
        fetch("http://lock.example/")


@pytest.mark.parametrize("drips", ["headers", "body"])
def test_a_site_that_drips_is_cut_off(site: dict[str, Does], monkeypatch: pytest.MonkeyPatch, drips: str) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"HTTP/1.0 200 OK\r\n" + b"Content-Type: text/html\r\n\r\n" * (drips == "body"))
        for number in range(100):
            request.wfile.write(f"X-{number}: y\r\n".encode() if drips == "headers" else b"x")
            time.sleep(0.1)

    monkeypatch.setattr(links, "SECONDS", 0.5)
    site["/"] = drip
    began = time.monotonic()
    with pytest.raises(LinkError):
        fetch("http://lock.example/")
    assert 0.5 <= time.monotonic() - began < 5


def test_what_is_read_at_a_link_is_kept_with_the_address_at_which_it_was(
    site: dict[str, Does], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(uploads, "ingest", lambda paths, **options: Report())
    site |= {"/news/lock": says(PAGE.replace("<html>", '<html lang="en-GB">')), "/empty": says("")}
    index = tmp_path / "index"
    report = add_uploads([], index, links=["http://lock.example/news/lock", "http://lock.example/empty", "x"])
    assert [failure.path for failure in report.failed] == ["http://lock.example/empty", "x"]
    [file] = uploads_folder(index).glob("*.jsonl")
    article = json.loads(file.read_text())
    assert file.name.startswith("lock-")
    assert article["language"] == "en"
    assert (article["title"], article["url"]) == ("Lock leaks", "http://lock.example/news/lock")
    assert "“It stays shut,” Torvik said." in article["text"]


def test_links_are_followed_only_where_that_is_wished(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Any] = []
    monkeypatch.setenv("OTR_LINKS", "perhaps")
    with pytest.raises(ConfigError, match="expected yes"):
        follows_links()

    def adding(files: Any, index: Path, **more: Any) -> Report:
        asked.append(more["links"])
        return Report()

    monkeypatch.setattr("web.add.add_uploads", adding)
    monkeypatch.delenv("OTR_LINKS", raising=False)
    link = "http://lock.example/a"
    assert NO_LINKS in add_articles([], tmp_path, lambda *_: None, link)
    monkeypatch.setenv("OTR_LINKS", "yes")
    assert "at most 20 at a time" in add_articles([], tmp_path, lambda *_: None, f"{link}\n" * (MAX_LINKS + 1))
    assert "Articles: nothing to index." in add_articles([], tmp_path, lambda *_: None, f"{link}\n {link}2 ")
    assert asked == [[link, f"{link}2"]]
