"""Nothing jumps while an answer comes, on phone and desk; nothing moves by itself where the system asks for calm."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rag.schema import Article
from tests.browser import ANSWER, ask
from tests.conftest import free_port
from tests.fakes import quote, record, write_index
from tests.proxy import serving
from web import running
from web.conversation import Turn, converse
from web.login import VARIABLE
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
    page.locator("#otr-question textarea").wait_for()
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)
    ask(page, "What did Ida Hale say about the dam?")
    ask(page, "What did Ida Hale say about the dam?")
    expect(page.locator(ANSWER).last).to_contain_text("will hold for years")
    assert page.evaluate("window.shift") < SHIFT
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
