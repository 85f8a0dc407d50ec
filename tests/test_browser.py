"""The chat as a person meets it: the real program, the real models, a real Chromium. Nothing is faked."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from gradio_client import Client  # type: ignore[import-untyped]
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from rag.pipeline import MAX_QUESTION_CHARS
from rag.writing.compose import NOT_SAID
from tests.browser import BOX, QUESTION, WORDS, ask, in_view, open_page, soon
from tests.conftest import ROOT, SEEDS, StartChat
from web.conversation import NO_QUESTION

HOSTILE = (
    "Council votes on the well\n\n"
    "Mayor Orla Quench said: “The well <script>window.ran = 1</script> is dry "
    "<img src=http://192.0.2.1/a.png onerror=window.ran=2> and ![dry](http://192.0.2.1/leak.png) so "
    "[drink](javascript:window.ran=3) nothing <div style='position:fixed;inset:0;background:red'>here</div> "
    "at www.well.example until **Monday** [1] or `later`.”\n"
)

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]


def test_a_cited_answer_leads_to_the_words_highlighted_in_their_paragraph_and_article(page: Page) -> None:
    answer = ask(page, QUESTION)
    assert WORDS in answer
    page.locator("[data-testid=bot] a.otr-marker").first.click()
    card = page.locator(".otr-card.otr-active")
    expect(card).to_have_count(1)
    expect(card.locator(".otr-speaker")).to_have_text("Dmitry Peskov")
    mark = card.locator(".otr-context .otr-mark")
    expect(mark).to_be_in_viewport()
    quote = mark.inner_text()
    assert quote.strip("“”").startswith(WORDS)
    assert quote in (SEEDS / "000_fda846308a16d720.txt").read_text()
    card.locator("summary").click()
    whole = card.locator(".otr-article .otr-text")
    expect(whole).to_be_visible()
    assert whole.locator(".otr-mark").inner_text() == quote
    assert (SEEDS / "000_fda846308a16d720.txt").read_text().strip() in whole.inner_text().replace("\xa0", " ")
    assert soon(page, lambda: in_view(page, ".otr-active .otr-article .otr-mark"))


def test_what_the_articles_do_not_say_is_said_plainly(page: Page) -> None:
    answer = ask(page, "What did Peskov say about football transfers in Brazil?")
    assert answer.startswith(NOT_SAID)
    expect(page.locator("#otr-sources .otr-none")).to_have_text(NOT_SAID)


def test_an_earlier_answers_marker_opens_its_folded_card(page: Page) -> None:
    ask(page, QUESTION)
    ask(page, "What did Peskov say about football transfers in Brazil?")
    marker = page.locator("[data-testid=bot]").first.locator("a.otr-marker").first
    marker.click()
    expect(page.locator("#otr-earlier .otr-card.otr-active .otr-words")).to_be_visible()


def test_an_example_asks_itself_and_a_new_conversation_starts_empty(page: Page) -> None:
    expect(page.locator(".otr-example").first).to_be_visible()
    page.locator(".otr-example").first.click()
    expect(page.locator(".otr-card").first).to_be_visible(timeout=60_000)
    expect(page.locator(".otr-example").first).to_be_hidden()
    page.click("#otr-clear")
    expect(page.locator("[data-testid=bot]")).to_have_count(0)
    expect(page.locator(".otr-card")).to_have_count(0)
    expect(page.locator(".otr-example").first).to_be_visible()


def test_the_box_stays_usable_after_a_question_that_cannot_be_asked(page: Page) -> None:
    page.press(BOX, "Enter")
    expect(page.locator("#otr-notice")).to_have_text(NO_QUESTION)
    page.fill(BOX, "x" * (MAX_QUESTION_CHARS + 1))
    page.press(BOX, "Enter")
    expect(page.locator("#otr-notice")).to_contain_text("please shorten it")
    expect(page.locator(BOX)).to_have_value("x" * (MAX_QUESTION_CHARS + 1))
    assert WORDS in ask(page, QUESTION)
    expect(page.locator("#otr-notice")).to_be_hidden()


def test_a_question_is_shown_as_typed_and_runs_nothing(page: Page) -> None:
    question = "Did <b>Peskov</b> say <img src=http://192.0.2.1/q.png onerror=window.ran=4> *x*?"
    ask(page, question)
    assert page.locator("[data-testid=user]").last.inner_text() == question
    assert page.evaluate("window.ran") is None


def test_what_is_copied_is_the_words_and_their_sources_not_their_markup(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.locator("#otr-chat .message-buttons-left button").first.click()
    expect(page.locator(".otr-done")).to_have_text("Answer copied with its sources.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"# {QUESTION}\n\nDmitry Peskov, Kremlin spokesperson, said: “{WORDS}")
    assert "\n## Sources\n\n1. “" + WORDS in copied
    rich = page.evaluate("async () => (await (await navigator.clipboard.read())[0].getType('text/html')).text()")
    assert f"said: “{WORDS}" in rich
    assert "<li" in rich


def test_a_statement_is_copied_with_its_verb(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "Is Delphine Hale on her way to Halvick City?")
    card = page.locator(".otr-card", has_text="on her way").first
    assert "has denied that she is on her way to Halvick City" in card.locator(".otr-words").inner_text()
    expect(card.locator(".otr-context .otr-verb")).to_have_text("has denied")
    card.locator(".otr-copy").click()
    expect(card.locator(".otr-copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "has denied that she is on her way to Halvick City" in copied
    assert "Northlight News, 3 April 2026, Hale denies move to Halvick City, https://northlight.example" in copied


@pytest.mark.parametrize("form", ["markdown", "html", "json", "csv"])
def test_a_saved_answer_is_verified_on_the_command_line(
    page: Page, chat_index: Path, form: str, tmp_path: Path
) -> None:
    ask(page, QUESTION)
    with page.expect_download() as saved:
        page.locator(f"#otr-sources [data-take={form}]").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    command = [sys.executable, "-m", "rag", "verify", str(file), "--index", str(chat_index)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout[:9]) == (0, "verified "), done


def test_it_fits_a_phone(browser: Browser, chat: str) -> None:
    for page in open_page(browser, chat, 400, 800):
        ask(page, QUESTION)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        page.locator("[data-testid=bot] a.otr-marker").first.click()
        expect(page.locator(".otr-active .otr-context .otr-mark")).to_be_in_viewport()
        page.locator(".otr-active .otr-back").click()
        expect(page.locator("[data-testid=bot] a.otr-marker").first).to_be_in_viewport()


def test_uploaded_articles_are_indexed_and_a_hostile_one_runs_nothing(page: Page, tmp_path: Path) -> None:
    (tmp_path / "well.txt").write_text(HOSTILE)
    (tmp_path / "empty.txt").write_text("")
    # Long enough to be seen at work.
    (tmp_path / "long.txt").write_text("\n\n".join(f"Ann Reed said: “Line {n} holds.”" for n in range(150)))
    page.get_by_role("button", name="Add articles").click()
    page.locator("#otr-add input[type=file]:not([webkitdirectory])").set_input_files(sorted(tmp_path.iterdir()))
    expect(page.locator("#otr-add")).to_contain_text("well")
    page.click("#otr-add-button")
    expect(page.locator("#otr-added [role=progressbar]")).to_be_visible()
    result = page.locator("#otr-added .otr-notice")
    expect(result).to_contain_text("Articles: 2 added.", timeout=60_000)
    expect(result.locator("li")).to_contain_text("empty.txt could not be read: ")

    answer = ask(page, "What did Mayor Quench say about the well?")
    words = HOSTILE.split("“")[1].split("”")[0]
    assert words in answer
    page.locator("[data-testid=bot] a.otr-marker").last.click()
    card = page.locator(".otr-card.otr-active")
    card.locator("summary").click()
    expect(card.locator(".otr-text")).to_be_visible()
    assert card.locator(".otr-context .otr-mark").inner_text().strip("“”") == words
    assert card.locator(".otr-article .otr-mark").inner_text().strip("“”") == words
    assert page.locator("[data-testid=bot] :is(img, script, div[style]), .otr-card :is(img, script)").count() == 0
    assert [a.get_attribute("href") for a in page.locator("[data-testid=bot] a").all()] == ["#t1c1"]
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None


def test_a_program_asks_through_the_api_and_can_check_every_offset(chat: str) -> None:
    client = Client(chat, verbose=False)
    answer = client.predict(QUESTION, api_name="/ask")
    citation = answer["citations"][0]
    text = (SEEDS / "000_fda846308a16d720.txt").read_text()
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert json.dumps(answer)
    with pytest.raises(AppError, match=re.escape(NO_QUESTION)):
        client.predict(" ", api_name="/ask")


def test_the_embedded_model_answers_in_the_browser(browser: Browser, start_chat: StartChat, seeds_index: Path) -> None:
    with start_chat(seeds_index, OTR_LLM="embedded") as url:
        for page in open_page(browser, url, 1280, 900):
            assert WORDS in ask(page, QUESTION)
            expect(page.locator(".otr-card .otr-mark").first).to_be_visible()
