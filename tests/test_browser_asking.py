"""Asking, typing ahead, stopping, waiting and coming back, as they went wrong for people in a real browser."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.writing.compose import TALK
from tests.browser import ANSWER, ASK, ASKED, BOX, MARKER, QUESTION, STOP, WORDS, ask, in_view, soon
from web.conversation import BROUGHT, NO_QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

OTHER = "Who said that the ground is not for sale?"
EVERYBODY = "Who is quoted in these articles, and on what?"
FOLLOW_UP = "And what did he say about their vision?"
OTHER_WORDS = "The ground is not for sale"


def test_what_is_typed_while_an_answer_streams_is_asked_next(slow_page: Page) -> None:
    ask(slow_page, QUESTION)
    for _ in range(4):
        before = slow_page.locator(ASKED).count()
        slow_page.fill(BOX, QUESTION)
        slow_page.press(BOX, "Enter")
        slow_page.locator(STOP).wait_for()
        slow_page.fill(BOX, OTHER)
        slow_page.press(BOX, "Enter")
        expect(slow_page.locator(ASKED)).to_have_count(before + 2, timeout=60_000)
        expect(slow_page.locator(ANSWER).last).to_contain_text(OTHER_WORDS, timeout=60_000)
        expect(slow_page.locator(ANSWER).nth(before)).to_contain_text(WORDS)
        expect(slow_page.locator(BOX)).to_have_value("")


def test_what_is_typed_while_an_answer_streams_can_be_taken_back(slow_page: Page) -> None:
    ask(slow_page, QUESTION)
    slow_page.fill(BOX, QUESTION)
    slow_page.press(BOX, "Enter")
    slow_page.locator(STOP).wait_for()
    slow_page.fill(BOX, "Not yet")
    slow_page.press(BOX, "Enter")
    slow_page.press(BOX, "Escape")
    slow_page.locator(ASK).wait_for(timeout=60_000)
    slow_page.wait_for_timeout(1500)
    expect(slow_page.locator(BOX)).to_have_value("Not yet")
    expect(slow_page.locator(ASKED)).to_have_count(2)


def test_the_question_after_a_stop_is_answered(slow_page: Page) -> None:
    ask(slow_page, QUESTION)
    for pause in (0, 0, 50, 100, 200, 300, 500, 700, 1000):
        before = slow_page.locator(ASKED).count()
        slow_page.fill(BOX, QUESTION)
        slow_page.press(BOX, "Enter")
        slow_page.locator(STOP).click()
        assert slow_page.locator("#otr-sources .otr-card").count() >= 1  # of the answer before, which still stands
        slow_page.wait_for_timeout(pause)
        slow_page.fill(BOX, OTHER)
        slow_page.press(BOX, "Enter")
        expect(slow_page.locator(ASKED)).to_have_count(before + 2, timeout=60_000)
        expect(slow_page.locator(ANSWER).last).to_contain_text(OTHER_WORDS, timeout=60_000)
        slow_page.locator(ASK).wait_for(timeout=60_000)


def test_five_people_who_ask_at_once_all_see_their_question_at_work_and_get_their_answer(
    browser: Browser, chat: str
) -> None:
    with ExitStack() as stack:
        pages = []
        for _ in range(5):
            context = browser.new_context()
            stack.callback(context.close)
            pages.append(context.new_page())
            pages[-1].goto(chat)
            pages[-1].wait_for_selector(ASK)
        for each in pages:
            each.fill(BOX, QUESTION)
        for each in pages:
            each.press(BOX, "Enter")
        for each in pages:
            expect(each.locator(ASKED)).to_have_count(1)
            expect(each.locator(ANSWER)).not_to_be_empty()
        for each in pages:
            expect(each.locator(ANSWER)).to_contain_text(WORDS, timeout=60_000)


def test_an_eighth_tab_works_like_the_first(browser: Browser, chat: str) -> None:
    context = browser.new_context()
    for _ in range(8):
        tab = context.new_page()
        tab.goto(chat)
        tab.wait_for_selector(ASK)
    assert WORDS in ask(tab, QUESTION)
    context.close()


def test_a_new_answer_comes_into_sight_when_one_has_scrolled_up(page: Page) -> None:
    for _ in range(5):
        ask(page, QUESTION)

    def scrolled_up() -> bool:
        page.locator("#otr-chat .bubble-wrap").hover()
        page.mouse.wheel(0, -10_000)
        return not in_view(page, f"{ASKED} >> nth=-1")

    assert soon(page, scrolled_up)
    ask(page, OTHER)
    assert soon(page, lambda: in_view(page, f"{MARKER} >> nth=-1"))


def test_a_long_answer_is_shown_from_its_beginning_also_after_a_reload(browser: Browser, chat: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 620})
    page = context.new_page()
    page.goto(chat)
    ask(page, QUESTION)
    ask(page, EVERYBODY)
    for _ in range(2):
        assert soon(page, lambda: in_view(page, f"{ASKED} >> nth=-1"))
        assert soon(page, lambda: in_view(page, f"{ANSWER} >> nth=-1"))
        assert not in_view(page, f"{MARKER} >> nth=-1")
        page.reload()
        expect(page.locator(ASKED)).to_have_count(2)
    context.close()


def test_an_answer_that_grows_leaves_whoever_reads_another_one_there(slow_page: Page) -> None:
    for _ in range(3):
        ask(slow_page, QUESTION)
    slow_page.fill(BOX, OTHER)
    slow_page.press(BOX, "Enter")
    slow_page.locator(STOP).wait_for()
    slow_page.locator("#otr-chat .bubble-wrap").hover()
    slow_page.mouse.wheel(0, -10_000)
    expect(slow_page.locator(ANSWER).last).to_contain_text(OTHER_WORDS, timeout=60_000)
    slow_page.locator(ASK).wait_for()
    assert slow_page.locator("#otr-chat .bubble-wrap").evaluate("element => element.scrollTop") == 0


def test_a_notice_is_in_sight_on_a_small_screen(browser: Browser, chat: str) -> None:
    context = browser.new_context(viewport={"width": 900, "height": 420})
    page = context.new_page()
    page.goto(chat)
    page.wait_for_selector(ASK)
    page.press(BOX, "Enter")
    expect(page.locator("#otr-notice")).to_have_text(NO_QUESTION)
    assert soon(page, lambda: in_view(page, "#otr-notice p"))
    context.close()


def test_a_marker_twelve_answers_back_still_opens_its_card(page: Page) -> None:
    for _ in range(12):
        ask(page, QUESTION)
    page.locator(ANSWER).first.locator("a.otr-marker").first.click()
    card = page.locator(".otr-card.otr-active")
    expect(card.locator(".otr-words")).to_be_visible()
    expect(card).to_have_id("t1c1")


def test_the_examples_are_the_collection_s_own_and_each_is_answered(page: Page) -> None:
    expect(page.locator(".otr-example").first).to_be_visible()
    texts = [example.inner_text() for example in page.locator(".otr-example").all()]
    assert len(texts) == 4
    for text in texts:
        assert "The articles do not say." not in ask(page, text), text


def test_a_conversation_survives_a_reload_and_goes_on(page: Page) -> None:
    ask(page, QUESTION)
    ask(page, OTHER)
    shown = page.locator(ANSWER).all_inner_texts()
    cards = page.locator(".otr-card").all_text_contents()
    page.reload()
    expect(page.locator(ASKED)).to_have_count(2)
    assert page.locator(ANSWER).all_inner_texts() == shown
    assert page.locator(".otr-card").all_text_contents() == cards
    page.locator(ANSWER).first.locator("a.otr-marker").first.click()
    expect(page.locator(".otr-card.otr-active .otr-words")).to_be_visible()
    ask(page, FOLLOW_UP)
    expect(page.locator(ASKED)).to_have_count(3)
    page.click("#otr-clear")
    expect(page.locator(ASKED)).to_have_count(0)
    page.reload()
    page.wait_for_selector(ASK)
    expect(page.locator(ASKED)).to_have_count(0)


def test_a_question_is_asked_again_or_taken_back_to_be_put_otherwise(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_label("Ask again").click()
    page.locator(STOP).wait_for()
    page.locator(ASK).wait_for(timeout=60_000)
    expect(page.locator(ASKED)).to_have_count(1)
    page.get_by_label("Change this question").click()
    expect(page.locator(BOX)).to_have_value(QUESTION)
    expect(page.locator(ASKED)).to_have_count(0)


def link_of(page: Page) -> str:
    """The link of the last answer, as it is copied."""
    page.locator("#otr-sources [data-take=link]").click()
    expect(page.locator("#otr-sources .otr-done")).to_have_text("Link copied.")
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_link_opens_the_same_question_and_a_reload_does_not_bring_it_again(page: Page, chat: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    words = ask(page, QUESTION)
    link = link_of(page)
    assert link.startswith(f"{chat}?q=What+did")
    page.goto(link)
    expect(page.locator(BOX)).to_have_value(QUESTION)
    expect(page.locator(ASKED)).to_have_count(1)
    page.wait_for_url(chat)
    page.press(BOX, "Enter")
    expect(page.locator(ASKED)).to_have_count(2)
    expect(page.locator(ANSWER).last).to_have_text(words, use_inner_text=True)
    page.locator(ASK).wait_for()
    page.reload()
    page.locator(ASK).wait_for()
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator(ASKED)).to_have_count(2)


def test_the_link_of_a_follow_up_opens_it_behind_its_conversation_and_gets_the_same_answer(
    page: Page, browser: Browser
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    ask(page, "thanks!")
    words = ask(page, FOLLOW_UP)
    link = link_of(page)
    context = browser.new_context()
    other = context.new_page()
    other.goto(link)
    other.locator(ASK).wait_for()
    expect(other.locator(ASKED)).to_have_text([QUESTION])
    expect(other.locator(ANSWER)).to_have_text([BROUGHT])
    expect(other.locator(BOX)).to_have_value(FOLLOW_UP)
    other.press(BOX, "Enter")
    expect(other.locator(ASKED)).to_have_text([QUESTION, FOLLOW_UP])
    expect(other.locator(ANSWER).last).to_have_text(words, use_inner_text=True)
    other.locator(ASK).wait_for()
    other.reload()
    expect(other.locator(ASKED)).to_have_text([QUESTION, FOLLOW_UP])
    expect(other.locator(ANSWER).first).to_have_text(BROUGHT)
    context.close()


def test_thanks_get_a_short_reply_that_is_no_refusal_and_the_sources_stay(page: Page) -> None:
    ask(page, QUESTION)
    cards = page.locator("#otr-sources .otr-card").all_text_contents()
    for words in ("thanks!", "ok"):
        assert ask(page, words) == TALK
        expect(page.locator(ANSWER).last.locator(".otr-unsaid")).to_have_count(0)
        assert page.locator("#otr-sources .otr-card").all_text_contents() == cards
        expect(page.locator("#otr-sources .otr-none")).to_have_count(0)
    assert WORDS in ask(page, FOLLOW_UP)


def test_the_overview_tells_how_often_each_is_quoted_as_the_list_of_people_does(page: Page) -> None:
    ask(page, QUESTION)
    words = ask(page, "who is quoted here and on what?")
    page.get_by_role("tab", name="People").click()
    rows = page.locator("#otr-people tbody tr")
    rows.first.wait_for()
    for row in rows.all()[:3]:
        name, count = row.locator(".otr-open").inner_text(), row.locator(".otr-count").first.inner_text().split()[0]
        assert f"{name} ({count} times)" in words


def test_the_answer_says_which_model_chose_it(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(".otr-by")).to_contain_text("Chosen by the model on this machine")
