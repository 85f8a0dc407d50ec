"""What the layout alone says: turns of an interview, signed quotations, and what only looks like them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import extract_quotes
from ingest.quoting.decoder import TaggedQuote
from ingest.quoting.layout import apart_from, laid_out


def found(text: str) -> list[tuple[str | None, list[str]]]:
    """(source, contents) of each attribution."""
    return [
        (q.source and text[slice(*q.source)], [text[slice(*pair)] for pair in q.content]) for q in laid_out(text).quotes
    ]


INTERVIEW = (
    "Ana Torvik has been mayor for two years.\n\nThe Courier: Is the quay sound?\n\nTorvik: It is. Engineers "
    "looked at it in May.\n\nThey found nothing.\n\nThe Courier: And the crane?\n\nTorvik (laughs): Another matter."
)


def test_turns_of_an_interview_belong_to_their_labels() -> None:
    assert found(INTERVIEW) == [
        ("The Courier", ["Is the quay sound?"]),
        ("Torvik", ["It is. Engineers looked at it in May.", "They found nothing."]),
        ("The Courier", ["And the crane?"]),
        ("Torvik", ["Another matter."]),
    ]


def test_answers_are_taken_and_questions_marked_q_are_not() -> None:
    text = "Ana Torvik met us.\n\nQ: Is it sound?\n\nA: It is. We looked.\n\nQAnd the crane?\n\nA: Another matter."
    assert found(text) == [("A", ["It is. We looked."]), ("A", ["Another matter."])]


def test_a_list_with_labels_is_no_interview() -> None:
    text = "Ana Torvik sings.\n\nWhere: The quay.\n\nPrice: 4 crowns.\n\nWhere: The pier.\n\nPrice: 6 crowns."
    assert found(text) == []


def test_labels_that_name_nobody_of_the_article_are_no_interview() -> None:
    text = "Two halls.\n\nHall One: Six games.\n\nHall Two: One game.\n\nHall One: No game.\n\nHall Two: A game."
    assert found(text) == []


def test_signed_quotations_belong_to_those_who_signed() -> None:
    text = "What they said\n\n“It is sound.” — Ana Torvik, mayor\n\n“It is a ruin.” – Per Lund, pilot.\n\n“It is wet.”"
    assert found(text) == [("Ana Torvik, mayor", ["“It is sound.”"]), ("Per Lund, pilot", ["“It is a ruin.”"])]


COLUMN = [
    ("It shakes when the lorries come.", "Oona Brisk, ferry pilot"),
    ("I have never crossed it.", "Dario Quell, toll keeper"),
    ("Paint it green.", "a schoolboy who would not stop"),
    ("Pull it down.", "Lamplighter"),
]


@pytest.mark.parametrize("between", ["\n— ", "\n\n– ", " — ", "\n- "])
def test_in_a_column_of_voices_each_is_that_of_the_line_below_it_or_behind_it(between: str) -> None:
    text = "\n\n".join(["Three of the bridge", *(f"“{words}”{between}{who}" for words, who in COLUMN), "It is shut."])
    assert found(text) == [(who, [f"“{words}”"]) for words, who in COLUMN]
    speakers = [quote.speaker.name for quote in extract_quotes(text) if quote.speaker]
    assert speakers == ["Oona Brisk", "Dario Quell", "a schoolboy", "Lamplighter"]


@pytest.mark.parametrize(
    "words", ["the words that haunt the town.", "the motto of the quay", "a line that went around"]
)
def test_what_a_dash_tells_of_the_words_of_a_column_is_no_speaker(words: str) -> None:
    text = f"“It shakes.” — Oona Brisk\n\n“It will hold.” – {words}\n\n“Never.” — Dario Quell"
    assert found(text) == [("Oona Brisk", ["“It shakes.”"]), ("Dario Quell", ["“Never.”"])]


def test_a_voice_of_several_paragraphs_is_whole_in_a_column() -> None:
    text = "“It shakes.\n\n“Every night.”\n\n— Oona Brisk\n\n“I never crossed it.”\n\n— Dario Quell"
    assert found(text) == [
        ("Oona Brisk", ["“It shakes.", "“Every night.”"]),
        ("Dario Quell", ["“I never crossed it.”"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Oona Brisk steers.\n\n“It shakes.”\n\n— Kestwire",
        "“It shakes.”\n\n- The bridge\n- The quay\n\n“It leaks.”\n\n- The lock\n- The weir",
        "“It shakes.” – at least on Mondays\n\nIt is shut.",
    ],
)
def test_one_line_with_a_dash_and_lines_of_a_list_sign_nothing(text: str) -> None:
    assert found(text) == []


def test_a_dash_before_a_sentence_is_no_signature() -> None:
    assert found("“It is sound.” — Ana Torvik said so again on Monday.") == []


def test_a_post_belongs_to_its_handle() -> None:
    text = "Torvik answered.\n\nThe quay is sound. Come and see! #halvick — Ana Torvik (@atorvik) 4 May 2026"
    assert found(text) == [("Ana Torvik (@atorvik)", ["The quay is sound. Come and see! #halvick"])]


def test_the_layout_wins_where_both_read_the_same_words() -> None:
    laid = laid_out(INTERVIEW)
    at = INTERVIEW.index("It is.")
    label = laid.quotes[1].source
    assert label
    it = (INTERVIEW.index("Engineers"), INTERVIEW.index(" looked"))
    nested = TaggedQuote(((it[1], it[1] + 7),), it, None)
    outside = TaggedQuote(((0, 3),), None, None)
    tagged = [TaggedQuote(((at, at + 5),), label, None), TaggedQuote(((at, at + 5),), None, None), nested, outside]
    # What somebody who talks says of another came through the one who talks.
    assert apart_from(INTERVIEW, laid, tagged) == [replace(nested, channel=label), outside]


LINES = st.lists(
    st.sampled_from(
        ["A: ", "Q: ", "QWhy", "Ana Torvik: ", "Torvik: ", "(x): ", "“a b”", " — ", "A. “", "\n", "\n\n", "é"]
    )
)


@given(LINES.map("".join))
@settings(max_examples=300, deadline=None)
def test_any_layout_gives_spans_in_order_within_the_text(text: str) -> None:
    pairs = [pair for quote in laid_out(text).quotes for pair in quote.content]
    assert pairs == sorted(pairs)
    assert all(0 <= start < end <= len(text) for start, end in pairs)


def test_a_row_of_a_table_gives_the_speaker_and_the_words() -> None:
    text = "Ana Torvik, keeper\t“It leaks.”\n\nPer Lund, pilot\t“It always did.”\n\nIt rained."
    assert [(q.speaker and q.speaker.name, q.text) for q in extract_quotes(text)] == [
        ("Ana Torvik", "“It leaks.”"),
        ("Per Lund", "“It always did.”"),
    ]


def test_cells_between_the_speaker_and_the_words_are_neither() -> None:
    text = "Ana Torvik, keeper\tHolm\t“It leaks.”\n\nIt rained."
    assert [(q.speaker and (q.speaker.name, q.speaker.role), q.text) for q in extract_quotes(text)] == [
        (("Ana Torvik", "keeper"), "“It leaks.”")
    ]
