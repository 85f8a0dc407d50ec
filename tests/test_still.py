"""Nothing jumps while an answer comes, nothing asked early is lost, and nothing moves where calm is asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from playwright.sync_api import Browser, expect

from rag.schema import Article
from tests.browser import ANSWER, ASK, ASKED, BOX, ask
from tests.conftest import free_port
from tests.fakes import quote, record, write_index
from tests.proxy import serving
from web import running
from web.conversation import Turn, converse
from web.login import VARIABLE
from web.page import Chat
from web.serve import application

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAID = [f"“The dam number {number} will hold for years and years,”" for number in range(6)]
DAM = Article("dam", " ".join(f"{words} Ida Hale said." for words in SAID))
# What web.dev calls good; a marker that pushes a line down would be 0.2 and more.
SHIFT = 0.1
WATCH = """() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({type: 'layout-shift'});
}"""


@pytest.fixture
def url(tmp_path: Path, fake_models: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A page whose answers take their time, and come sentence by sentence."""
    monkeypatch.delenv(VARIABLE, raising=False)
    write_index(tmp_path, record(DAM, *(quote(DAM, words, by="Ida Hale") for words in SAID)))

    def slowly(turn: Turn, past: list[Turn], index: Path) -> Iterator[Turn]:
        time.sleep(2.2)
        for grown in converse(turn, past, index):
            time.sleep(0.3)
            yield grown

    monkeypatch.setattr(running, "converse", slowly)
    with serving(application(tmp_path), free_port()) as served:
        yield served


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_an_answer_comes(url: str, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(url)
    page.locator(ASK).wait_for()
    page.locator(".otr-example").first.wait_for()
    page.evaluate(WATCH)
    ask(page, "What did Ida Hale say about the dam?")
    ask(page, "What did Ida Hale say about the dam?")
    expect(page.locator(ANSWER).last).to_contain_text("will hold for years")
    assert page.evaluate("window.shift") < SHIFT
    page.close()


@pytest.mark.parametrize("pressed", ["once", "twice"])
def test_what_is_asked_before_the_page_is_ready_is_answered_once_and_stays(
    tmp_path: Path, fake_models: None, monkeypatch: pytest.MonkeyPatch, browser: Browser, pressed: str
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    write_index(tmp_path, record(DAM, *(quote(DAM, words, by="Ida Hale") for words in SAID)))
    restore = Chat._restore

    def late(self: Chat, given: object, request: gr.Request) -> dict[Any, Any]:
        time.sleep(2)
        return restore(self, given, request)

    monkeypatch.setattr(Chat, "_restore", late)
    with serving(application(tmp_path), free_port()) as served:
        page = browser.new_page()
        page.goto(served)
        # The script of the page, which listens for the key, gives the box the focus at its end.
        page.locator(f"{BOX}:focus").wait_for()
        page.fill(BOX, "What did Ida Hale say about the dam?")
        page.press(BOX, "Enter")
        expect(page.locator("#otr-next")).to_have_text(
            "This is asked as soon as the page is ready. Escape takes it back."
        )
        if pressed == "twice":
            page.press(BOX, "Enter")
        expect(page.locator(ANSWER)).to_contain_text("will hold for years", timeout=30_000)
        page.wait_for_timeout(1500)
        expect(page.locator(ASKED)).to_have_count(1)
        expect(page.locator(ANSWER)).to_contain_text("will hold for years")
        expect(page.locator(BOX)).to_have_value("")
        page.close()


def test_where_the_system_asks_for_calm_nothing_moves_by_itself(url: str, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(url)
    ask(page, "What did Ida Hale say about the dam?")
    moving = page.evaluate(
        """() => document.getAnimations().filter((each) => each.playState === 'running').map((each) =>
        (each.effect.target.className || each.effect.target.tagName) + ' ' + (each.animationName || ''))"""
    )
    assert moving == []
    context.close()
