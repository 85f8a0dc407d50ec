"""A hundred generated answers in a real browser: marker, list, export, API and page after a reload agree in each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.schema import Article
from rag.writing.exports import parse_answers
from rag.writing.formats import FORMATS
from tests.browser import ASKED, MARKER, ask
from tests.conftest import free_port
from tests.fakes import quote, record, reported, write_index
from tests.proxy import serving
from web.login import VARIABLE
from web.serve import application

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = ("Ida Hale", "Karl Poole", "Ann Reed", "Bo Lund", "Una Quist")
THINGS = ("dam", "toll", "ferry", "mill", "well", "gate", "quay", "lock")
WORDS = (
    "“The {} holds for years,”",
    "“Nobody pays 1,000 crowns for the {}: *not* [2] <b>me</b>,”",
    "“The {} is ‘old’,”",
)
JSON = {"Content-Type": "application/json"}
CONVERSATIONS, QUESTIONS = 5, 20
# Of one answer: the numbers of its markers, of its cards, and of its words' highlights, and what is exported of it.
READ = """() => [...document.querySelectorAll('#otr-chat [data-testid=bot]')].map((bot, at) => {
    const numbers = (all, of) => [...all].map((one) => Number(of(one).match(/^t\\d+c(\\d+)/)[1]));
    const panel = document.querySelector(`.otr-sources[data-turn="${at + 1}"]`);
    return {
        markers: numbers(bot.querySelectorAll('a.otr-marker'), (one) => one.getAttribute('href').slice(1)),
        cards: numbers(panel.querySelectorAll('.otr-cards > .otr-card:not(.otr-bad)'), (one) => one.id),
        marked: [...panel.querySelectorAll('.otr-card > .otr-context .otr-mark')].map((one) => one.textContent),
        shown: [bot.innerText, panel.textContent],
        exported: JSON.parse(panel.dataset.export),
    };
})"""


def articles() -> Iterator[tuple[Article, list[Any]]]:
    """Of each thing two articles, in which all say something of it; one statement stands in both."""
    for number, thing in enumerate(THINGS):
        said = {name: WORDS[(number + n) % 3].format(thing) for n, name in enumerate(PEOPLE[:-1])}
        denied = f"{PEOPLE[-1]} has denied that the {thing} leaks"
        for copy in range(2):
            text = " ".join(f"{words} {name} said." for name, words in said.items()) + f"\n\n{denied}."
            article = Article(f"{thing}-{copy}", text, f"The {thing} <{copy}>", publication=f"Post {copy}")
            first = list(said.items())[copy * 2 :][:3]
            quotes = [quote(article, words, by=name, role="mayor") for name, words in first]
            denial = f"{PEOPLE[-1]} | has denied | that the {thing} leaks"
            yield article, [*quotes, reported(article, denial, by=PEOPLE[-1])]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("agree") / "index"
    write_index(made, *(record(article, *quotes) for article, quotes in articles()))
    return made


@pytest.fixture
def url(index: Path, fake_models: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.delenv(VARIABLE, raising=False)
    with serving(application(index), free_port()) as address:
        yield f"{address}/"


def question(seed: int) -> str:
    chance = random.Random(seed)
    name, thing = chance.choice(PEOPLE), chance.choice(THINGS)
    words = chance.choice(WORDS).format(thing).strip("“”,")
    forms = (
        f"What did {name} say about the {thing}?",
        f"Who spoke of the {thing}, {seed}?",
        f"Did {name} say “{words}”?",
        f"How do {name} and {chance.choice(PEOPLE)} see the {thing}?",
        f"What was said of the weather on day {seed}?",
    )
    return chance.choice(forms)


def numbers(answer: Any) -> list[int]:
    return [citation["number"] for citation in answer["citations"]]


def exports(page: Page, url: str, exported: dict[str, Any]) -> Iterator[Any]:
    """The answer as each kind of file that its buttons give, read back."""
    for form in FORMATS:
        reply = page.request.post(f"{url}api/export/{form}", data=json.dumps(exported), headers=JSON)
        assert reply.ok, reply.text()
        (back,) = parse_answers(reply.body(), form)
        yield back


@pytest.mark.parametrize("conversation", range(CONVERSATIONS))
def test_marker_list_export_api_and_the_page_after_a_reload_agree(
    url: str, browser: Browser, conversation: int
) -> None:
    assert CONVERSATIONS * QUESTIONS == 100
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(url)
    asked = [question(QUESTIONS * conversation + n) for n in range(QUESTIONS)]
    for each in asked:
        ask(page, each)
    read = page.evaluate(READ)
    assert len(read) == QUESTIONS
    for each, found in zip(asked, read, strict=True):
        api = page.request.post(f"{url}api/ask", data=json.dumps({"question": each}), headers=JSON).json()
        assert found["exported"] == {"question": each, **api}
        files = [numbers(export) for export in exports(page, url, found["exported"])]
        listed = [line["citation"] for line in api["sentences"] if line["citation"]]
        assert [found["markers"], found["cards"], listed, *files] == [numbers(api)] * (3 + len(FORMATS)), each
        assert found["marked"] == [citation["quote"] for citation in api["citations"]]
    assert sum(bool(found["markers"]) for found in read) > QUESTIONS / 2
    page.reload()
    expect(page.locator(ASKED)).to_have_count(QUESTIONS)
    expect(page.locator(".otr-sources")).to_have_count(QUESTIONS)
    expect(page.locator(MARKER)).to_have_count(sum(len(found["markers"]) for found in read))
    assert page.evaluate(READ) == read
    page.close()
