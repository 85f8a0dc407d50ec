"""A real headless Chromium for the tests of the page: how it is opened, watched, and asked."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Literal

from playwright.sync_api import Browser, Dialog, Page, Request, expect

# A busy machine is slow, not wrong; what must come soon is timed where that is tested.
expect.set_options(timeout=30_000)
# Quiet on the network, and at home in a container.
CHROMIUM_OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
QUESTION = "What did Peskov say about the new administration?"
WORDS = "The new administration is rapidly changing all foreign policy configurations."
Scheme = Literal["light", "dark"]
BOX = "#otr-question textarea"
ASK = "#otr-question .submit-button"
STOP = "#otr-question .stop-button"
ANSWER = "[data-testid=bot]"
ASKED = "[data-testid=user]"
MARKER = "[data-testid=bot] a.otr-marker"


class Watch:
    """What a page must not do: ask another machine for anything, or open a dialog."""

    def __init__(self, page: Page) -> None:
        self.outside: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", self._request)
        page.on("dialog", self._dialog)

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not re.match(r"http://127\.0\.0\.1:\d+/|data:|blob:", request.url):
            self.outside.append(request.url)


def open_page(browser: Browser, url: str, width: int, height: int, scheme: Scheme = "light") -> Iterator[Page]:
    """A page of the chat; at the end, a failure if it did what it must not."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(30_000)
    watch = Watch(page)
    page.goto(url)
    page.wait_for_selector(ASK)
    yield page
    assert (watch.outside, watch.dialogs) == ([], [])
    context.close()


def ask(page: Page, question: str) -> str:
    """Ask in the box and wait for the whole answer; gives its words."""
    page.locator(ASK).wait_for()
    before = page.locator("[data-testid=user]").count()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    expect(page.locator("[data-testid=user]")).to_have_count(before + 1)
    expect(page.locator(ASK)).to_be_visible(timeout=60_000)
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator(ANSWER).last.locator(".otr-looking")).to_have_count(0)
    return page.locator(ANSWER).last.inner_text()


def view(page: Page, name: str) -> None:
    """Turn to a view of the page."""
    page.get_by_role("tab", name=name).click()


def choose(page: Page, box: str, text: str) -> None:
    """Choose in a list by typing, as one does with a keyboard."""
    page.locator(f"{box} input").click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def soon(page: Page, holds: Callable[[], bool]) -> bool:
    """True as soon as something holds; False when it has not come to hold for half a minute."""
    deadline = time.monotonic() + 30
    while not (held := holds()) and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    return held


def in_view(page: Page, selector: str) -> bool:
    """True when the first line of the element lies inside the window and inside every box that scrolls around it."""
    script = """element => {
        const box = element.getClientRects()[0], x = box.left + 2, y = box.top + 2;
        if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
        return element.contains(document.elementFromPoint(x, y));
    }"""
    return bool(page.locator(selector).first.evaluate(script))
