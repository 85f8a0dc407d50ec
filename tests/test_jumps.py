"""Articles that a newspaper continues on a later page."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.loading.formats.jumps import parts_of
from ingest.loading.formats.lines import Line
from ingest.quoting.statements import statements
from ingest.text.jumps import gone_on, jumps
from ingest.text.reading import as_read

FIRST = ["Pilots leave", "“We will not take a ship past the wreck in the", "{}", "Lock opens", "It has a new gate."]
LATER = ["Pilots", "{}", "dark,” said Ana Torvik, who leads them."]


def parts(*pages: list[str]) -> list[str]:
    made = [[Line(text, 60, 780 - 16 * number) for number, text in enumerate(page)] for page in pages]
    return [" ".join(line.text for page in part for line in page) for part in parts_of(made)]


@pytest.mark.parametrize(
    ("onward", "back"),
    [
        ("Continued on page 6", "Continued from page 1"),
        ("CONTINUED ON PAGE A6", "From Page A1"),
        ("Turn to Page 6 »", "Cont’d from p. 1"),
        ("(See PILOTS, page 6)", "PILOTS, from page 1"),
        ("See PILOTS, A6", "Continued from A1"),
    ],
)
def test_an_article_is_read_on_where_the_paper_continues_it(onward: str, back: str) -> None:
    first, later = ([line.format(mark) for line in page] for page, mark in ((FIRST, onward), (LATER, back)))
    assert parts(first, ["Weather", "It rains."], later, ["It snows."]) == [
        "Pilots leave “We will not take a ship past the wreck in the dark,” said Ana Torvik, who leads them. It snows.",
        "Lock opens It has a new gate. Weather It rains. Pilots",
    ]


def test_where_it_goes_on_is_not_guessed_among_several() -> None:
    first = [line.format("Continued on page 6") for line in FIRST]
    later = [line.format("Continued from page 1") for line in LATER]
    assert len(parts(first, first, later, later)) == 5


HALVES = [["“Nobody asked the", "Continued on page {}"], ["LOCK, from page {}", "keeper of the lock,” said Mr. Ode."]]


def test_a_text_goes_on_over_every_jump_with_nothing_in_it() -> None:
    pages = [[line.format(number) for line in HALVES[number % 2]] for number in range(4)]
    whole = "“Nobody asked the keeper of the lock,” said Mr. Ode."
    assert parts(*pages) == [f"{whole} {whole}"]


def test_a_line_that_leads_back_to_another_article_is_not_read_on() -> None:
    assert len(parts(["The pier rots.", "See PIER, page 2"], ["LOCK, from page 1", "It has a gate."])) == 3


@pytest.mark.parametrize(
    "line",
    ["The dispute, which continued on page 6", "continued on page 6", "See page 6", "He read from page 1", "Page 6"],
)
def test_a_sentence_about_a_page_stays(line: str) -> None:
    [whole] = parts([mark.format(line) for mark in FIRST])
    assert line in whole


ARTICLE = """Lock opens at last

“It is made of oak, and I have seen it from my window since the day on which they hung the old one, so I {}

keeper of the lock for nine years,” said Ana Torvik, who lives beside it.

“Oak is dear,” said Bram Tewes.{}
"""


@pytest.mark.parametrize(
    "jump",
    [
        "know the\n\nContinued on page 4\n\nLOCK, from page 1",
        "know the\nSee LOCK, A4",
        "know the\n\nStory continues below advertisement",
        "know the\n\nArticle continues after this message from the Tarn Post",
        "know the\n\nLock\n\nFrom Page A1".replace("Lock\n\n", ""),
    ],
)
def test_a_jump_in_a_quotation_is_none_of_its_words(jump: str) -> None:
    text = ARTICLE.format(jump, "")
    first, second = statements(as_read(text), extract_quotes(text))
    said = "know the", "keeper of the lock for nine years,”"
    assert (first.content[0].text.endswith(said[0]), first.content[1].text) == (True, said[1])
    assert first.content[0].text.startswith("“It is made of oak")
    assert [quote.speaker.name for quote in (first, second) if quote.speaker] == ["Ana Torvik", "Bram Tewes"]


def test_a_jump_below_the_last_words_is_nobodys() -> None:
    text = ARTICLE.format("know the", "\n\nSee TUGS, page 5\n")
    assert not any("TUGS" in quote.text for quote in extract_quotes(text))


@pytest.mark.parametrize("line", ["story goes on after the flood", "Story goes on below, said Lund, and so do we."])
def test_a_line_of_a_sentence_about_a_story_stays(line: str) -> None:
    assert jumps(f"We were told; the\n{line}\nof our houses.") == []


@pytest.mark.parametrize("between", ["\n\nContinued on page 4\n\n", "\nSee LOCK, A4\nLOCK, from page 1\n"])
def test_sentences_on_both_sides_of_a_jump_stay_apart(between: str) -> None:
    text = f"The lock is open.{between}The keeper is not there."
    [place] = jumps(text)
    assert text[slice(*place)] == between
    assert gone_on(text, [place]) == text


def test_a_sentence_goes_on_over_a_jump() -> None:
    text = "The lock is open and the\nContinued on page 4\n\nLOCK, from page 1\nkeeper is not there."
    read = gone_on(text, jumps(text))
    assert (read.split(), len(read)) == ("The lock is open and the keeper is not there.".split(), len(text))
