"""Who is who decided on the page: asked first, then done, taken back one by one; by no other page and no stranger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from ingest.people import open_people
from rag import lookup
from rag.errors import ConfigError
from rag.people.by_hand import NOTHING, ByHand, Decision, read_by_hand, write_by_hand
from rag.positions import on_topic, side_by_side
from rag.schema import Article, Citation
from tests.conftest import free_port
from tests.fakes import FakeEmbeddings, quote, record, write_index
from tests.proxy import serving
from web import login
from web.login import VARIABLE
from web.people import person_html
from web.serve import application

FIRST = Article(
    "first", "“The dam will hold for years,” Ida Hale said. “I like cheese,” Ida Brandt said.", published="2026-01-10"
)
SECOND = Article(
    "second",
    "“The dam will not hold for years,” Ida Hale said. “The mill is shut,” Ida Hale said.",
    published="2026-03-01",
)
THIRD = Article(
    "third",
    "“The mill is open again,” Ida Hale said. “It rains,” the pilot said. “The dam will hold for years,” Hale said.",
    published="2026-04-01",
)


@pytest.fixture
def index(tmp_path: Path, fake_models: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(VARIABLE, raising=False)
    write_index(
        tmp_path,
        record(
            FIRST,
            quote(FIRST, "“The dam will hold for years,”", by="Ida Hale", role="mayor"),
            quote(FIRST, "“I like cheese,”", by="Ida Brandt"),
        ),
        record(
            SECOND,
            quote(SECOND, "“The dam will not hold for years,”", by="Ida Hale"),
            quote(SECOND, "“The mill is shut,”", by="Ida Hale"),
        ),
        record(
            THIRD,
            quote(THIRD, "“The mill is open again,”", by="I. Hale"),
            quote(THIRD, "“It rains,”", by="the pilot"),
            quote(THIRD, "“The dam will hold for years,”", by="Ida Hale"),
        ),
    )
    return tmp_path


# ---------------------------------------------------------------------- by topic and time


def words(found: tuple[Citation, ...]) -> list[str]:
    return [citation.quote.strip("“”,") for citation in found]


def test_what_somebody_says_on_a_topic_is_theirs_alone_and_stands_from_the_oldest_to_the_newest(index: Path) -> None:
    found = on_topic("Ida Hale", "the mill", index=index)
    assert [word for word in words(found) if "mill" in word] == ["The mill is shut", "The mill is open again"]
    days = [citation.published for citation in found]
    assert days == sorted(days, key=str)
    assert {citation.speaker for citation in found} <= {"Ida Hale", "I. Hale"}


def test_earlier_statements_stand_beside_the_later_ones_that_are_nearest(index: Path) -> None:
    pairs = {(words(pair[:1])[0], words(pair[1:])[0]) for pair in side_by_side("Ida Hale", index=index)}
    assert ("The mill is shut", "The mill is open again") in pairs
    # The same words again are no other position, and of two on one day none is earlier.
    assert all(one != other for one, other in pairs)
    for one, other in side_by_side("Ida Hale", index=index):
        assert str(one.published) < str(other.published)


@pytest.mark.parametrize("name", ["Ida Brandt", "the pilot", "nobody"])
def test_whoever_spoke_once_or_never_has_nothing_side_by_side(index: Path, name: str) -> None:
    assert side_by_side(name, index=index) == ()


def test_a_person_s_page_leads_from_each_statement_back_to_asking(index: Path) -> None:
    page = person_html("Ida Hale", index, "the mill")
    assert 'data-ask="What did Ida Hale say about the mill?"' in page
    assert 'data-ask="Did Ida Hale say “The mill is shut”?"' in page
    assert 'data-ask="Did Ida Brandt say “I like cheese”?"' in person_html("Ida Brandt", index)


# ---------------------------------------------------------------------- decisions, one by one


def test_each_decision_is_taken_back_by_itself(index: Path) -> None:
    decided = ByHand((("Ida Brandt", "Ida Hale"),), (("I. Hale", "Ida Hale"),), (("Ida Hale", "Ida H."),))
    for decision in decided.decisions:
        write_by_hand(index, decided)
        with open_people(index, embeddings=FakeEmbeddings()) as people:
            people.take_back(decision)
            with pytest.raises(ConfigError, match="not decided any more"):
                people.take_back(decision)
        assert {*read_by_hand(index).decisions} == {*decided.decisions} - {decision}
    assert decided.without(Decision("rename", ("Ida Hale", "Ida H."))) == ByHand(decided.joined, decided.parted)


# ---------------------------------------------------------------------- on the page


class Tab:
    """A browser's tab as far as the fold needs one: it presses a button and reads what comes back."""

    def __init__(self, client: TestClient, **headers: str) -> None:
        self.client, self.headers = client, headers
        config = client.get("/config").json()
        self._ids = {each["props"].get("elem_id"): each["id"] for each in config["components"]}
        self._ids["people"] = next(each["id"] for each in config["components"] if each["props"].get("id") == "people")
        self._events = {tuple(map(tuple, each["targets"])): each["id"] for each in config["dependencies"]}

    def open(self, label: str) -> None:
        """Open the view, and choose a person."""
        self.do("people", "select")
        self.do("otr-who", "input", label, "")

    def press(self, button: str, *given: Any) -> str:
        return self.do(button, "click", *given)

    def do(self, part: str, event: str, *given: Any) -> str:
        """What comes back, its markup unescaped from JSON; or the status when it is refused."""
        sent = {"data": [*given], "fn_index": self._events[((self._ids[part], event),)], "session_hash": "tab"}
        reply = self.client.post("/gradio_api/run/predict", json=sent, headers=self.headers)
        return json.dumps(reply.json(), ensure_ascii=False) if reply.status_code == 200 else str(reply.status_code)


@pytest.fixture
def client(index: Path) -> Iterator[TestClient]:
    with TestClient(application(index, ["testserver"])) as made:
        yield made


def test_nothing_is_decided_before_it_is_said_twice(index: Path, client: TestClient) -> None:
    tab = Tab(client)
    tab.open("Ida Hale")
    asked = tab.press("otr-join-button", "Ida Hale", "Ida Brandt")
    assert "Are Ida Hale (5) and Ida Brandt (1) one person?" in asked
    assert read_by_hand(index) == NOTHING
    done = tab.press("otr-do", ["join", "Ida Hale", "Ida Brandt"], "Ida Hale")
    assert "It can be taken back" in done
    assert read_by_hand(index).joined == (("Ida Hale", "Ida Brandt"),)
    person = lookup.person("Ida Brandt", index=index)
    assert person is not None
    assert person.statements == 6
    assert "Take back that Ida Hale is joined with Ida Brandt?" in tab.press("otr-undo-button", None, "0")
    assert "Taken back" in tab.press("otr-do", ["undo", "join", "Ida Hale", "Ida Brandt"], "Ida Hale")
    assert read_by_hand(index) == NOTHING


def test_labels_are_parted_and_people_named(index: Path, client: TestClient) -> None:
    tab = Tab(client)
    tab.open("Ida Hale")
    assert "Are Ida Hale and I. Hale two people?" in tab.press("otr-part-button", "Ida Hale", "I. Hale")
    tab.press("otr-do", ["part", "Ida Hale", "I. Hale"], "Ida Hale")
    assert "Show Ida Hale as &lt;b&gt;Mayor" in tab.press("otr-rename-button", "Ida Hale", "<b>Mayor</b>")
    tab.press("otr-do", ["rename", "Ida Hale", "<b>Mayor</b>"], "Ida Hale")
    decided = read_by_hand(index)
    assert (decided.parted, decided.renamed) == ((("Ida Hale", "I. Hale"),), (("Ida Hale", "<b>Mayor</b>"),))
    assert "<b>Mayor" not in person_html("Ida Hale", index)


@pytest.mark.parametrize(
    ("button", "given", "told"),
    [
        ("otr-join-button", (None, "Ida Brandt"), "Choose first, above, who this is about."),
        ("otr-join-button", ("Ida Hale", None), "Choose the other one first."),
        ("otr-rename-button", ("Ida Hale", " "), "Type the name first."),
        ("otr-undo-button", (None, None), "Choose first what to take back."),
        ("otr-do", (None, None), "Say first what to decide."),
    ],
)
def test_what_is_missing_is_said(client: TestClient, button: str, given: tuple[Any, ...], told: str) -> None:
    tab = Tab(client)
    tab.open("Ida Hale")
    assert told in tab.press(button, *given)


def test_no_open_page_holds_a_connection_for_what_is_to_be_decided(client: TestClient) -> None:
    # A browser has six for a site: with one a tab, the seventh tab would stand still.
    assert client.get("/config").json()["connect_heartbeat"] is False


@pytest.mark.parametrize(
    "pending", [["__init__", "x", "y"], ["join"], ["undo"], ["undo", "join"], "join", 3, [1, 2, 3]]
)
def test_what_no_page_sends_decides_nothing(index: Path, client: TestClient, pending: Any) -> None:
    tab = Tab(client)
    tab.open("Ida Hale")
    tab.press("otr-do", pending, "Ida Hale")
    assert read_by_hand(index) == NOTHING


def test_another_page_decides_nothing(index: Path, client: TestClient) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        tab = Tab(client, **headers)
        assert tab.press("otr-join-button", "Ida Hale", "Ida Brandt") == "403"
        assert tab.press("otr-do", ["join", "Ida Hale", "Ida Brandt"], "Ida Hale") == "403"
    assert read_by_hand(index) == NOTHING


def test_whoever_is_not_logged_in_decides_nothing(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "ann:secret")
    monkeypatch.setattr(login, "SLOW", 0.0)
    with TestClient(application(index, ["testserver"])) as client:
        client.auth = ("ann", "secret")
        tab = Tab(client)
        client.auth = None  # type: ignore[assignment]
        assert tab.press("otr-join-button", "Ida Hale", "Ida Brandt") == "401"
        assert tab.press("otr-do", ["join", "Ida Hale", "Ida Brandt"], "Ida Hale") == "401"
    assert read_by_hand(index) == NOTHING


# ---------------------------------------------------------------------- in a browser


@pytest.fixture(params=[390, 1280])
def page(index: Path, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with serving(application(index), free_port()) as url:
        opened = browser.new_page(viewport={"width": request.param, "height": 900})
        opened.goto(url)
        opened.get_by_role("tab", name="People").click()
        opened.locator("#otr-people tbody tr").first.wait_for()
        yield opened
        opened.close()


def choose(page: Page, box: str, text: str) -> None:
    page.locator(f"{box} input").click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


@pytest.mark.browser
@pytest.mark.slow
def test_people_are_joined_after_a_question_and_parted_again(page: Page, index: Path) -> None:
    page.get_by_role("button", name="Who is who").click()
    buttons = [page.locator(f"#otr-{name}-button") for name in ("join", "part", "rename", "undo")]
    for button in buttons:
        expect(button).to_be_disabled()
    choose(page, "#otr-who", "Ida Hale")
    expect(page.locator("#otr-people .otr-h2")).to_have_text("Ida Hale")
    expect(page.locator("#otr-labels tbody tr")).to_have_count(2)
    expect(buttons[0]).to_be_disabled()
    choose(page, "#otr-join", "Ida Brandt")
    page.locator("#otr-join-button").click()
    expect(page.locator("#otr-sure")).to_contain_text("one person?")
    assert read_by_hand(index) == NOTHING
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    page.locator("#otr-leave").click()
    expect(page.locator("#otr-sure")).to_be_hidden()
    page.locator("#otr-join-button").click()
    page.locator("#otr-do").click()
    expect(page.locator("#otr-who-notice")).to_contain_text("is joined with")
    expect(page.locator("#otr-people")).to_contain_text("6 statements")
    choose(page, "#otr-decided", "Ida Hale is joined")
    page.locator("#otr-undo-button").click()
    page.locator("#otr-do").click()
    expect(page.locator("#otr-people")).to_contain_text("5 statements")
    assert read_by_hand(index) == NOTHING
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")


@pytest.mark.browser
@pytest.mark.slow
def test_statements_are_read_by_topic_side_by_side_and_asked_about(page: Page) -> None:
    choose(page, "#otr-who", "Ida Hale")
    page.locator(".otr-compare > summary").click()
    pair = page.locator(".otr-beside").first
    expect(pair.locator(".otr-card")).to_have_count(2)
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    page.locator("#otr-topic textarea, #otr-topic input").fill("the mill")
    page.keyboard.press("Enter")
    expect(page.locator("#otr-people")).to_contain_text("What fits “the mill” best")
    card = page.locator("#otr-people .otr-card", has=page.locator(".otr-words", has_text="The mill is shut"))
    card.get_by_role("button", name="Ask about this").click()
    expect(page.locator("#otr-question textarea")).to_have_value("Did Ida Hale say “The mill is shut”?")
