"""Sixty payloads in all that a page shows: none runs, none breaks it, none makes the browser ask another machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from ingest import ingest
from tests.browser import ANSWER, ASK, ASKED, BOX, MARKER, ask, choose, open_page, view
from tests.conftest import StartChat
from tests.payloads import PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

# Of a file's name, a slash is no part.
NAMES = [payload for payload in PAYLOADS if "/" not in payload]
SHOWN = (
    "[data-testid=bot], [data-testid=user], .otr-card, #otr-articles, #otr-people, #otr-added, #otr-notice, #otr-whois"
)
MADE = ":is(script, iframe, object, embed, form, style, link, base, img, video, audio, marquee, template)"


class Hostile(BaseHTTPRequestHandler):
    """A model whose every reply is a payload: as plain text, or in each field of the form that it is to fill in."""

    payloads = cycle(PAYLOADS)

    def do_GET(self) -> None:
        self.reply({"data": [{"id": "hostile"}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        payload = next(self.payloads)
        chosen = {"number": 1, "relation": "answers", "speaker": payload, "words": payload}
        form = json.dumps({"chosen": [chosen], "follow_up": True, "question": payload})
        message = {"role": "assistant", "content": form if len(payload) % 2 else payload}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        self.reply({"id": payload, "object": "chat.completion", "created": 1, "model": payload, "choices": [choice]})

    def reply(self, found: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def hostile(start_chat: StartChat, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A chat over articles with a payload in each field and in the names of files, and a model that is no better."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "id": f"h{number}",
            "text": f"The well at Quill {number} is dry, Orla Quench {payload} said.\n\n"
            f"“The well {payload} is dry,” said Mayor Orla Quench {payload}.",
            "title": f"Well {number} {payload}",
            "author": payload,
            "publication": f"Post {payload}",
            "published": f"2026-01-{1 + number % 28:02}",
            "url": payload if number % 2 else f"javascript:{payload}",
        }
        for number, payload in enumerate(PAYLOADS)
    ]
    (folder / "wells.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for number, name in enumerate(NAMES):
        (folder / f"{name}.txt").write_text(f"Orla Quench said: “The well number {number} is named.”")
    index = Path(folder / "index")
    assert not ingest([folder], index=index).failed
    with ThreadingHTTPServer(("127.0.0.1", 0), Hostile) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with start_chat(index, OTR_LLM=f"http://127.0.0.1:{server.server_port}/v1", OTR_LLM_PORTS="none") as url:
            yield url
        server.shutdown()


@pytest.fixture
def page(browser: Browser, hostile: str) -> Iterator[Page]:
    for page in open_page(browser, hostile, 1280, 900):
        yield page
        assert page.evaluate("window.ran") is None
        assert page.locator(f":is({SHOWN}) {MADE}").count() == 0
        expect(page.get_by_role("tab", name="Ask")).to_be_visible()


def test_in_titles_authors_texts_outlets_addresses_and_names_of_files(page: Page) -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 60
    assert len(NAMES) > 20
    expect(page.locator(".otr-example").first).to_be_visible()
    view(page, "Articles")
    rows = page.locator("#otr-articles tbody tr")
    expect(rows).to_have_count(60 + len(NAMES))
    titles = " ".join(" ".join(rows.locator("th").all_inner_texts()).split())
    assert [payload for payload in PAYLOADS if " ".join(payload.split()) not in titles] == []
    for number in range(0, 60, 12):
        choose(page, "#otr-read", f"Well {number} ")
        expect(page.locator("#otr-articles .otr-text")).to_contain_text(f"The well at Quill {number} is dry")
    view(page, "People")
    page.locator("#otr-people tbody tr .otr-open").first.click()
    page.locator("#otr-people .otr-card[id^=pc]").first.wait_for()


def test_in_questions_and_in_what_a_model_replies(page: Page) -> None:
    for start in range(0, 60, 6):
        few = " ".join(PAYLOADS[start : start + 6])
        ask(page, f"What did Orla Quench say about the well {few}?"[:990])
    expect(page.locator(".otr-by", has_text="Chosen by the model hostile")).not_to_have_count(0)
    expect(page.locator(".otr-stood-in")).not_to_have_count(0)
    page.locator(MARKER).first.click()
    page.locator(".otr-active .otr-article summary").click()
    page.locator(".otr-active .otr-text").wait_for()
    asked = " ".join(page.locator(ASKED).all_inner_texts())
    assert [payload for payload in PAYLOADS if " ".join(payload.split()) not in " ".join(asked.split())] == []
    answers = page.locator(ANSWER).all_inner_texts()
    page.reload()
    expect(page.locator(ASKED)).to_have_count(10)
    assert page.locator(ANSWER).all_inner_texts() == answers


def test_in_a_link(page: Page, hostile: str) -> None:
    after = [" ".join(PAYLOADS[start : start + 20])[:990] for start in (0, 20, 40)]
    page.goto(f"{hostile}?{urlencode({'q': PAYLOADS[0], 'after': after}, doseq=True)}")
    page.locator(ASK).wait_for()
    expect(page.locator(BOX)).to_have_value(PAYLOADS[0])
    expect(page.locator(ASKED)).to_have_count(3)
    shown = [" ".join(words.split()) for words in page.locator(ASKED).all_inner_texts()]
    assert shown == [" ".join(words.split()) for words in after]


def test_in_names_of_files_that_are_added_and_cannot_be_read(page: Page, tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / f"{name}.txt").write_text("")
    page.get_by_role("button", name="Add articles").click()
    page.locator("#otr-add input[type=file]:not([webkitdirectory])").set_input_files(sorted(tmp_path.iterdir()))
    page.locator("#otr-add-button").click()
    expect(page.locator("#otr-added .otr-failures li")).to_have_count(len(NAMES), timeout=60_000)
