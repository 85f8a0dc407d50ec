"""The collection changed on the page: a folder, links, the index brought up to date, what failed, and taking out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from ingest import ingest
from ingest.uploads import add_uploads, added_with, can_be_read, remove_upload, uploads_folder
from rag import lookup
from rag.errors import ConfigError, StoreError
from rag.index import locks
from rag.pipeline import read_article
from tests.conftest import free_port
from tests.fakes import FakeEmbeddings
from tests.proxy import serving
from web.add import add_articles, adding_problem, bring_up_to_date, remove
from web.login import VARIABLE
from web.serve import application

SAID = "Ana Torvik opened the lock at Holm. “It will stand for {} years,” Ana Torvik said.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "desk"
    made.mkdir()
    for number in (10, 20):
        (made / f"{number}.txt").write_text(SAID.format(number))
    return made


@pytest.fixture
def index(folder: Path, fake_models: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of a folder that is no place for uploads."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("ingest.pipeline.load_embeddings", FakeEmbeddings)
    index = folder.parent / "index"
    ingest([folder], index=index)
    return index


def quiet(done: int, total: int, name: str) -> None:
    """A progress that shows nothing."""


def ids(index: Path) -> list[str]:
    return sorted(lookup.articles(index=index))


# ---------------------------------------------------------------------- what is done


def test_of_two_files_of_one_name_in_a_folder_both_are_kept(index: Path, tmp_path: Path) -> None:
    sent = [tmp_path / name / "story.txt" for name in ("a", "b", "c")]
    for number, file in enumerate(sent, 30):
        file.parent.mkdir()
        file.write_text(SAID.format(number))
    report = add_uploads(sent, index)
    assert len(report.added) == 3
    kept = {file.name: file.read_text() for file in uploads_folder(index).iterdir()}
    assert sorted(kept.values()) == [file.read_text() for file in sent]
    # Sent again, in another order, each is where it was.
    assert add_uploads(sent[::-1], index).added == ()
    assert {file.name: file.read_text() for file in uploads_folder(index).iterdir()} == kept


def test_another_article_under_the_name_of_an_earlier_one_is_kept_beside_it_and_can_be_changed(
    index: Path, tmp_path: Path
) -> None:
    first, second = (tmp_path / name / "index.txt" for name in ("a", "b"))
    for file, title in ((first, "The lock opens"), (second, "The ferry is late")):
        file.parent.mkdir()
        file.write_text(f"{title}\n\n{SAID.format(30)}")
        add_uploads([file], index)
    second.write_text(f"The ferry is late\n\n{SAID.format(50)}")
    report = add_uploads([second], index)
    assert (len(report.updated), len(report.added)) == (1, 0)
    kept = sorted(file.read_text() for file in uploads_folder(index).iterdir())
    assert kept == sorted([first.read_text(), second.read_text()])


@pytest.mark.parametrize(
    ("name", "is_read"),
    [("a/b.txt", True), ("b.PDF", True), ("a/.DS_Store", False), (".b.txt", False), ("c.exe", False), ("d", False)],
)
def test_of_a_folder_what_can_be_read_is_taken(name: str, is_read: bool) -> None:
    assert can_be_read(name) is is_read


def test_an_article_that_was_added_is_removed_with_its_file_and_no_other(index: Path, tmp_path: Path) -> None:
    sent = tmp_path / "new.txt"
    sent.write_text(SAID.format(40))
    add_uploads([sent], index)
    assert ids(index) == ["10", "20", "new"]
    report = remove_upload(read_article("new", index=index), index)
    assert report.removed == ("new",)
    assert ids(index) == ["10", "20"]
    assert list(uploads_folder(index).iterdir()) == []


def test_a_file_stays_where_the_index_is_in_use_and_can_be_removed_later(index: Path, tmp_path: Path) -> None:
    sent = tmp_path / "new.txt"
    sent.write_text(SAID.format(40))
    add_uploads([sent], index)
    article = read_article("new", index=index)
    with locks.one_run(index), pytest.raises(StoreError):
        remove_upload(article, index)
    assert [file.name for file in uploads_folder(index).iterdir()] == ["new.txt"]
    assert remove_upload(article, index).removed == ("new",)


def test_a_file_that_was_not_added_on_the_page_is_never_deleted(index: Path, folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"10\.txt was not added on the page"):
        remove_upload(read_article("10", index=index), index)
    assert "was not added on the page" in remove("10", index, quiet)
    assert "has no article" in remove("none", index, quiet)
    assert (folder / "10.txt").exists()


def test_a_link_out_of_the_folder_of_uploads_leads_to_nothing_that_is_deleted(index: Path, folder: Path) -> None:
    from dataclasses import replace

    uploads_folder(index).mkdir()
    (uploads_folder(index) / "x.txt").symlink_to(folder / "10.txt")
    article = replace(read_article("10", index=index), path=str(uploads_folder(index) / "x.txt"))
    with pytest.raises(ConfigError):
        added_with(article, index)


def test_the_index_is_brought_up_to_date_with_all_that_it_was_made_from(index: Path, folder: Path) -> None:
    (folder / "10.txt").write_text(SAID.format(11))
    (folder / "20.txt").unlink()
    (folder / "30.txt").write_text(SAID.format(30))
    (folder / "bad.pdf").write_bytes(b"no PDF")
    told = bring_up_to_date(index, quiet)
    assert "Articles: 1 added, 1 updated, 1 removed." in told
    assert "bad.pdf could not be read: " in told


def test_a_copy_is_noted_by_the_name_of_its_file_and_is_no_failure(index: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text(SAID.format(10))
    told = add_articles([str(copy)], index, quiet)
    assert "it is the same article as 10.txt" in told
    assert str(tmp_path) not in told
    assert 'role="status"' in told
    assert "otr-failures" not in told


def test_a_folder_with_nothing_that_can_be_read_is_told_as_such() -> None:
    assert "The folder has no file that can be read" in (adding_problem([], "", ["a.exe"]) or "")
    assert "Choose one or more files first" in (adding_problem([], "") or "")
    assert adding_problem(["a.txt"], "") is None


# ---------------------------------------------------------------------- who may


def test_another_page_adds_and_removes_nothing(index: Path) -> None:
    with TestClient(application(index, ["testserver"])) as client:
        config = client.get("/config").json()
        named = {each["id"]: each["props"].get("elem_id") for each in config["components"]}
        events = {named[t[0]]: each["id"] for each in config["dependencies"] for t in each["targets"] if t[0] in named}
        for button in ("otr-add-button", "otr-again-button", "otr-remove-button", "otr-remove-do"):
            for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
                sent = {"data": [], "fn_index": events[button], "session_hash": "x"}
                assert client.post("/gradio_api/queue/join", json=sent, headers=headers).status_code == 403


def test_links_are_offered_only_where_they_are_followed(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for given, is_shown in (("no", False), ("yes", True)):
        monkeypatch.setenv("OTR_LINKS", given)
        with TestClient(application(index, ["testserver"])) as client:
            components = client.get("/config").json()["components"]
        assert [c["props"]["visible"] for c in components if c["props"].get("elem_id") == "otr-links"] == [is_shown]


# ---------------------------------------------------------------------- in a browser


@pytest.fixture
def page(index: Path, browser: Browser) -> Iterator[Page]:
    with serving(application(index), free_port()) as url:
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto(url)
        opened.get_by_role("button", name="Add articles").click()
        yield opened
        opened.close()


@pytest.mark.browser
@pytest.mark.slow
def test_a_folder_is_added_read_and_taken_out_again(page: Page, index: Path, tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    (sent / "deep").mkdir(parents=True)
    (sent / "new.txt").write_text(SAID.format(50))
    (sent / "deep" / "new.txt").write_text(SAID.format(60))
    (sent / "picture.png").write_bytes(b"png")
    (sent / "bad.docx").write_bytes(b"no document")
    page.locator("#otr-add input[webkitdirectory]").set_input_files(sent)
    expect(page.locator("#otr-folder")).to_contain_text("new")
    page.click("#otr-add-button")
    result = page.locator("#otr-added .otr-notice")
    expect(result).to_contain_text("Articles: 2 added.")
    expect(result.locator("li")).to_have_text(re.compile("bad.docx could not be read: "))
    [second] = [each for each in ids(index) if each.startswith("new-")]
    assert ids(index) == ["10", "20", "new", second]
    page.get_by_role("tab", name="Articles").click()
    rows = page.locator("#otr-articles tbody tr")
    expect(rows).to_have_count(4)
    expect(page.locator("#otr-remove-button")).to_be_disabled()
    for title, count in (("10", 4), (second, 3)):
        page.locator("#otr-read input").fill(title)
        page.keyboard.press("Enter")
        page.locator("#otr-articles .otr-whole", has_text=f"· {title} ·").wait_for()
        expect(page.locator("#otr-removed")).to_be_empty()
        page.click("#otr-remove-button")
        if count == 4:
            expect(page.locator("#otr-removed")).to_contain_text("10.txt was not added on the page")
            continue
        expect(page.locator("#otr-remove-sure")).to_contain_text(f"The file {second}.txt is deleted")
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
        page.click("#otr-remove-do")
        expect(page.locator("#otr-removed")).to_contain_text("1 removed")
        expect(rows).to_have_count(3)
        expect(page.locator("#otr-remove-button")).to_be_disabled()
    assert ids(index) == ["10", "20", "new"]


@pytest.mark.browser
@pytest.mark.slow
def test_the_index_is_brought_up_to_date_with_a_click(page: Page, index: Path, folder: Path) -> None:
    (folder / "30.txt").write_text(SAID.format(30))
    page.click("#otr-again-button")
    expect(page.locator("#otr-added .otr-notice")).to_contain_text("Articles: 1 added, 2 unchanged.")
    assert ids(index) == ["10", "20", "30"]
