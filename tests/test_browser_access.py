"""For everyone: keyboard alone, screen readers, dark and light, phones, and pages that no hostile article breaks."""

from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.browser import ANSWER, ASK, BOX, MARKER, QUESTION, Scheme, ask, choose, open_page, view
from web.conversation import NO_QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

ANSWERED = (
    QUESTION,
    "Did Delphine Hale say “Nobody from Halvick has called me”?",
    "Did Stellan Voss call the plan a tax with a tap on it?",
    "Who is quoted here, and on what?",
    "What did Peskov say about football transfers in Brazil?",
    "thanks!",
)


def faults(page: Page) -> list[str]:
    """What axe-core finds serious or critical, as rule: where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'][:150]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious_in_any_view(browser: Browser, chat: str, width: int, scheme: Scheme) -> None:
    for page in open_page(browser, chat, width, 900, scheme):
        expect(page.locator(".otr-example").first).to_be_visible()
        page.press(BOX, "Enter")
        expect(page.locator("#otr-notice")).to_have_text(NO_QUESTION)
        assert faults(page) == []
        # What a link brings, a "yes", a "no", a list, that the articles do not say, and what asks nothing of them.
        page.goto(f"{chat}?{urlencode({'q': 'And?', 'after': QUESTION})}")
        page.locator(ASK).wait_for()
        for question in ANSWERED:
            ask(page, question)
        for state in ("yes", "no", "unsaid"):
            expect(page.locator(f"#otr-chat .otr-{state}")).not_to_have_count(0)
        page.locator(MARKER).first.click()
        page.locator(".otr-active summary").first.click()
        page.locator(".otr-active .otr-text").wait_for()
        page.get_by_role("button", name="Add articles").click()
        assert faults(page) == []
        view(page, "People")
        page.locator("#otr-people tbody tr").first.wait_for()
        assert faults(page) == []
        # A word broken into letters makes a row as high as a phone.
        assert page.locator("#otr-people tbody tr").first.evaluate("row => row.offsetHeight") < 130
        choose(page, "#otr-who", "Delphine Hale")
        page.locator("#otr-people .otr-card[id^=pc]").first.wait_for()
        page.locator(".otr-compare > summary").click()
        page.locator("#otr-people .otr-beside .otr-card").first.wait_for()
        page.get_by_role("button", name="Who is who").click()
        page.locator("#otr-labels table").wait_for()
        assert faults(page) == []
        view(page, "Articles")
        page.locator("#otr-articles tbody tr").first.wait_for()
        assert faults(page) == []
        choose(page, "#otr-read", "Hale denies move")
        page.locator("#otr-articles .otr-whole mark").first.wait_for()
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_follow_the_system(browser: Browser, chat: str, scheme: Scheme) -> None:
    for page in open_page(browser, chat, 1280, 900, scheme):
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        brightness = sum(map(int, colour.strip("rgb()").split(", ")))
        assert (brightness > 3 * 128) is (scheme == "light")


def test_the_keyboard_alone_asks_opens_a_citation_and_returns_in_one_key(page: Page) -> None:
    page.locator(BOX).focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(MARKER).first.wait_for(timeout=60_000)
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.otr-marker')"):
            break
    expect(page.locator(MARKER).first).to_be_focused()
    expect(page.locator("#otr-tip")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".otr-card.otr-active")).to_be_focused()
    assert page.evaluate("location.hash") == ""
    page.keyboard.press("Escape")
    expect(page.locator(MARKER).first).to_be_focused()


def test_hovering_over_a_marker_shows_the_quote_with_its_verb_and_speaker(page: Page) -> None:
    ask(page, "Is Delphine Hale on her way to Halvick City?")
    marker = page.locator(MARKER, has_text="1").first
    marker.hover()
    tip = page.locator("#otr-tip")
    expect(tip).to_contain_text(page.locator("#t1c1 .otr-speaker").inner_text())
    expect(tip).to_contain_text(" ".join(page.locator("#t1c1 .otr-words").inner_text().split()))
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()


def test_every_control_has_a_name_and_the_answers_are_a_live_region(page: Page) -> None:
    page.fill(BOX, QUESTION)
    page.press(BOX, "Enter")
    page.get_by_role("button", name="Stop answering").wait_for()
    page.locator(MARKER).first.wait_for(timeout=60_000)
    page.get_by_role("button", name="Add articles").click()
    unnamed = page.evaluate(
        """[...document.querySelectorAll('button, a[href], input, textarea, select')]
        .filter((e) => e.getClientRects().length && !(e.innerText || '').trim() && !e.ariaLabel && !e.title
          && !(e.labels && e.labels.length) && !e.getAttribute('aria-labelledby'))
        .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert unnamed == []
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


def test_a_person_s_statements_open_in_their_articles_and_lead_to_a_question(page: Page) -> None:
    view(page, "People")
    rows = page.locator("#otr-people tbody tr")
    rows.first.wait_for()
    expect(rows.filter(has_text="Delphine Hale")).to_contain_text("Tarnmouth Ledger")
    rows.first.get_by_role("button").press("Enter")
    expect(page.locator("#otr-people h2")).to_be_focused()
    first = page.locator("#otr-people h2").inner_text()
    page.get_by_role("button", name="Everyone quoted").press("Enter")
    expect(rows.first.get_by_role("button", name=first)).to_be_focused()
    choose(page, "#otr-who", "Voss")
    expect(page.locator("#otr-people h2")).to_have_text("Stellan Voss")
    choose(page, "#otr-who", "Delphine Hale")  # over the name that stands there
    expect(page.locator("#otr-people h2")).to_have_text("Delphine Hale")
    cards = page.locator("#otr-people .otr-card[id^=pc]")
    cards.first.wait_for()
    assert page.locator("#otr-people circle").count() >= 2
    days = cards.locator("time").evaluate_all("times => times.map((time) => time.dateTime)")
    assert days == sorted(days)
    cards.first.locator(".otr-article summary").click()
    quote = cards.first.locator(".otr-context .otr-mark").inner_text()
    expect(cards.first.locator(".otr-text .otr-mark")).to_have_text(quote)
    page.get_by_role("button", name="Ask about Delphine Hale").click()
    expect(page.locator(BOX)).to_have_value("What did Delphine Hale say?")
    page.press(BOX, "Enter")
    expect(page.locator(ANSWER)).to_contain_text("Delphine Hale", timeout=60_000)


def test_articles_are_filtered_sorted_and_read_with_their_speakers_in_colour(page: Page) -> None:
    view(page, "Articles")
    rows = page.locator("#otr-articles tbody tr")
    rows.first.wait_for()
    everything = rows.count()
    page.locator("#otr-filter textarea, #otr-filter input").fill("northlight")
    expect(rows).not_to_have_count(everything)
    expect(rows.filter(has_text="Northlight News")).to_have_count(rows.count())
    rows.first.locator("td").first.click()
    expect(page.locator("#otr-articles h2")).to_be_focused()
    page.get_by_role("button", name="All articles").click()
    expect(rows.first.get_by_role("button")).to_be_focused()
    choose(page, "#otr-read", "Hale denies move")
    article = page.locator("#otr-articles .otr-whole")
    article.locator("mark").first.wait_for()
    assert "Delphine Hale" in article.locator(".otr-legend").inner_text()
    assert article.locator("mark[title='Delphine Hale']").count() >= 1
