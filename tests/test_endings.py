"""Where a transcript ends: what its reporter writes below the last turn is no part of it, where the file shows that."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.loading.formats.page import read_html

TURNS = [
    ("Ina Larch", "Mr. Ostby, when did you see it?"),
    ("Per Ostby", "On Sunday, when I looked up. There was a pole."),
    ("Ina Larch", "Has anybody looked in the river?"),
    ("Per Ostby", "My brother has. It had a pram in it."),
]
CLOSING = "Our listeners may hear the council talk about the pole in April, in the hall."
INTRO = "This is what was said on the church steps on Tuesday, where a gale had taken the bell from the roof."


def said_by(text: str, name: str) -> str:
    found = [quote for quote in extract_quotes(text) if quote.speaker and quote.speaker.name == name]
    return " | ".join(span.text for quote in found for span in quote.content)


def text_of(body: str) -> str:
    page = f"<html><body><article><h1>The bell</h1><p>{INTRO}</p>{body}</article></body></html>"
    return read_html(page.encode()).articles[0].text


@pytest.mark.parametrize(
    ("container", "turn"),
    [
        ("<dl>{}</dl>", "<dt>{}</dt><dd>{}</dd>"),
        ("<table>{}</table>", "<tr><td>{}</td><td>{}</td></tr>"),
        ("<ul>{}</ul>", "<li><b>{}:</b> {}</li>"),
    ],
)
def test_what_stands_below_a_list_of_turns_is_nobody_s(container: str, turn: str) -> None:
    transcript = container.format("".join(turn.format(*one) for one in TURNS))
    text = text_of(f"{transcript}<p>{CLOSING}</p>")
    assert CLOSING in text
    assert said_by(text, "Per Ostby").endswith("It had a pram in it.")
    assert "council" not in said_by(text, "Per Ostby")


def test_a_turn_s_second_paragraph_in_a_list_stays_its_own() -> None:
    turns = "".join(f"<dt>{name}</dt><dd>{words}</dd>" for name, words in TURNS)
    text = text_of(f"<dl>{turns}<dd>The pram was sold to the museum.</dd></dl><p>{CLOSING}</p>")
    assert said_by(text, "Per Ostby").endswith("The pram was sold to the museum.")


def test_turns_that_go_on_below_a_list_of_turns_stay() -> None:
    turns = "".join(f"<li>{name}: {words}</li>" for name, words in TURNS)
    text = text_of(f"<ul>{turns}</ul><p>Ina Larch: And who has the pram?</p><p>Per Ostby: The museum has my pram.</p>")
    assert said_by(text, "Per Ostby").endswith("The museum has my pram.")


def test_a_list_that_is_no_transcript_sets_nothing_apart() -> None:
    text = text_of(f"<ul><li>A bell: gone since Sunday.</li><li>A pole: still there.</li></ul><p>{CLOSING}</p>")
    assert text.endswith(f"\n{CLOSING}")


LINES = [f"{name.upper()}: {words}" for name, words in TURNS]


@pytest.mark.parametrize("rule", ["* * *", "——————", "-----"])
def test_a_rule_below_the_last_turn_ends_it(rule: str) -> None:
    text = "\n\n".join([*LINES, rule, CLOSING])
    assert said_by(text, "Per Ostby").endswith("It had a pram in it.")


def test_rules_between_turns_end_none() -> None:
    text = "\n\n".join([*LINES[:2], "* * *", *LINES[2:], "* * *", "The museum has the pram."])
    assert said_by(text, "Per Ostby").endswith("The museum has the pram.")


def test_a_blank_line_ends_turns_that_have_none_between_them() -> None:
    assert said_by("\n".join(LINES) + f"\n\n{CLOSING}", "Per Ostby").endswith("It had a pram in it.")


def test_where_nothing_shows_it_a_further_paragraph_is_the_turn_s() -> None:
    assert said_by("\n\n".join([*LINES, "The museum has the pram."]), "Per Ostby").endswith("The museum has the pram.")


@pytest.mark.parametrize("label", ["{} (00:{}):", "[00:{1}] {0}:", "{} [00:03:{}]:", "(0:{1}) {0}:"])
def test_where_every_turn_has_its_time_a_further_paragraph_is_the_last_turn_s(label: str) -> None:
    turns = [f"{label.format(name, 10 + number)} {words}" for number, (name, words) in enumerate(TURNS)]
    text = "\n\n".join([INTRO, *turns, "The museum has the pram."])
    assert said_by(text, "Per Ostby").endswith("The museum has the pram.")


def test_where_no_time_shows_a_recording_an_article_goes_on_below_the_last_turn() -> None:
    text = "\n\n".join([INTRO, *(f"{name}: {words}" for name, words in TURNS), "The council will talk about the pole."])
    assert said_by(text, "Per Ostby").endswith("It had a pram in it.")
