"""In every format that is read, a marker of an answer opens the exact sentence in its article, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ingest import ingest
from rag import lookup
from rag.pipeline import read_article
from tests.browser import MARKER, ask, in_view, soon
from tests.conftest import free_port
from tests.fakes import FakeEmbeddings
from tests.proxy import serving
from tests.test_every_format import FORMATS
from web.login import VARIABLE
from web.serve import application

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAMES = dict(
    zip(
        FORMATS,
        "Torvik Lund Brand Odell Quarrie Sandoz Umber Vantongeren Wexley Yardley Zabriskie Aldous "
        "Birtwell Carrow Delmont Eastlake Fennimore Garrick Hathersage".split(),
        strict=True,
    )
)
BEFORE = "The pilots waited on the quay until the evening, and nobody was seen there again before the winter."


def paragraphs(name: str) -> list[str]:
    return [*[BEFORE] * 12, f"“The lock at Holm leaks,” said Ana {name}, who keeps it.", *[BEFORE] * 12]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of an article in each format, each with a speaker of its own."""
    home = tmp_path_factory.mktemp("formats")
    folder = home / "articles"
    folder.mkdir()
    for suffix, make in FORMATS.items():
        (folder / f"lock-{suffix[1:]}{suffix}").write_bytes(make(paragraphs(NAMES[suffix])))
    report = ingest([folder], index=home / "index", embeddings=FakeEmbeddings())
    assert not report.failed
    return home / "index"


@pytest.fixture
def page(index: Path, fake_models: None, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.delenv(VARIABLE, raising=False)
    with serving(application(index), free_port()) as url:
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto(url)
        yield opened
        opened.close()


def test_in_every_format_a_marker_leads_to_the_exact_sentence(page: Page, index: Path) -> None:
    assert len(lookup.articles(index=index)) == len(FORMATS) == len(NAMES)
    for suffix, name in NAMES.items():
        ask(page, f"What did Ana {name} say about the lock at Holm?")
        page.locator(MARKER).last.wait_for()
        page.locator("[data-testid=bot]").last.locator("a.otr-marker").first.click()
        card = page.locator(".otr-card.otr-active")
        expect(card.locator(".otr-speaker")).to_have_text(f"Ana {name}")
        mark = card.locator(".otr-context .otr-mark")
        expect(mark).to_be_in_viewport()
        quote = mark.inner_text()
        assert quote.strip('“”,"') == "The lock at Holm leaks", suffix
        card.locator(".otr-article summary").click()
        whole = card.locator(".otr-article .otr-mark")
        expect(whole).to_have_text(quote)
        assert soon(page, lambda: in_view(page, ".otr-active .otr-article .otr-mark")), suffix
        article_id = card.locator(".otr-article").get_attribute("data-article")
        start = int(str(card.locator(".otr-article").get_attribute("data-spans")).split("-")[0])
        text = read_article(str(article_id), index=index).text
        assert text[start : start + len(quote)] == quote, suffix
