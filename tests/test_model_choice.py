"""Where a chat model is configured, each question goes to it or stays with the embedded one, as the asker chooses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from rag import pipeline
from rag.config import Settings
from rag.models.chat import ChatModel
from tests.chat_fakes import ScriptedChat
from tests.conftest import free_port
from tests.proxy import serving
from web.serve import application

QUESTION = "What did Ida Hale say about the dam?"


@pytest.fixture
def model(dam_index: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptedChat:
    """The model that OTR_LLM names, which notes what it is asked and has no reply of use."""
    scripted = ScriptedChat(script=[RuntimeError("no")])
    chat = ChatModel(scripted, "some-model", "openai")
    monkeypatch.setenv("OTR_LLM", "https://models.example/v1")
    monkeypatch.setattr(pipeline, "load_chat_model", lambda settings: chat)
    return scripted


@pytest.fixture
def client(dam_index: Path) -> Iterator[TestClient]:
    with TestClient(application(dam_index, ["testserver"])) as made:
        yield made


def asked(client: TestClient, model: str, session: str) -> str:
    """Ask as the page does, with a choice; all that comes back."""
    config = client.get("/config").json()
    box = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "otr-question")
    submit = next(each["id"] for each in config["dependencies"] if each["targets"] == [[box, "submit"]])
    sent: dict[str, Any] = {"data": [QUESTION, None, model], "fn_index": submit, "session_hash": session}
    assert client.post("/gradio_api/queue/join", json=sent).status_code == 200
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        return "".join(events.iter_lines())


def choice(client: TestClient) -> dict[str, Any]:
    components = client.get("/config").json()["components"]
    return next(each["props"] for each in components if each["props"].get("elem_id") == "otr-model")


def test_a_question_for_the_embedded_model_does_not_reach_the_chat_model(
    model: ScriptedChat, client: TestClient
) -> None:
    assert "The dam will hold" in asked(client, "embedded", "one")
    assert model.prompts == []
    assert "The dam will hold" in asked(client, "configured", "two")
    assert model.prompts != []


def test_the_choice_says_what_leaves_the_machine(model: ScriptedChat, client: TestClient) -> None:
    offered = choice(client)
    assert (offered["visible"], offered["value"]) == (True, "configured")
    assert [label for label, _ in offered["choices"]] == [
        "https://models.example/v1 (goes to models.example)",
        "embedded (nothing leaves this machine)",
    ]


def test_without_a_chat_model_there_is_nothing_to_choose(client: TestClient) -> None:
    assert choice(client)["visible"] is False


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_the_choice_is_obeyed_on_phone_and_desk_and_has_no_serious_fault(
    model: ScriptedChat, dam_index: Path, browser: Browser, width: int
) -> None:
    with serving(application(dam_index), free_port()) as url:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(url)
        page.get_by_label("embedded (nothing leaves this machine)").check()
        page.locator("#otr-question textarea").fill(QUESTION)
        page.keyboard.press("Enter")
        page.locator("#otr-chat a.otr-marker").first.wait_for()
        assert model.prompts == []
        found = Axe().run(page).response["violations"]
        assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


def test_both_read_the_same_opened_index(model: ScriptedChat, dam_index: Path) -> None:
    chain = pipeline.open_chain(Settings.load(index=dam_index))
    assert chain.embedded is not None
    assert (chain.embedded.store, chain.embedded.retriever) == (chain.store, chain.retriever)
