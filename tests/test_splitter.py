"""The splitter: exact spans, nothing lost, nothing twice, and bounded work on hostile text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.splitter import MAX_CHARS_PER_TOKEN, TARGET_TOKENS, split
from rag.schema import Span


def words(text: str) -> int:
    return len(text.split())


def characters(text: str) -> int:
    return len(text)


def sentence(length: int, word: str = "word") -> str:
    return " ".join([word] * (length - 1) + ["end."])


def texts(spans: list[Span]) -> list[str]:
    return [span.text for span in spans]


def test_short_paragraphs_are_merged_up_to_the_target() -> None:
    paragraph = sentence(TARGET_TOKENS // 3)
    text = "\n\n".join([paragraph] * 4)
    merged = "\n\n".join([paragraph] * 3)
    assert texts(split(text, count_tokens=words, max_tokens=254)) == [merged, paragraph]


def test_a_paragraph_over_the_target_stays_whole_when_it_fits() -> None:
    long = sentence(TARGET_TOKENS + 80)
    text = f"Short one.\n\n{long}\n\nShort two."
    assert texts(split(text, count_tokens=words, max_tokens=254)) == ["Short one.", long, "Short two."]


def test_a_paragraph_over_the_limit_is_cut_at_sentence_ends() -> None:
    text = " ".join([sentence(30)] * 3)
    assert texts(split(text, count_tokens=words, max_tokens=70)) == [f"{sentence(30)} {sentence(30)}", sentence(30)]


def test_a_sentence_end_counts_before_a_closing_quotation_mark() -> None:
    first, second = "“" + sentence(8) + "”", sentence(8)
    assert texts(split(f"{first} {second}", count_tokens=words, max_tokens=10)) == [first, second]


@pytest.mark.parametrize("title", ["Dr.", "J.", "(St."])
def test_an_abbreviation_does_not_end_a_sentence(title: str) -> None:
    text = f"One two three. Four five {title} Six seven eight nine."
    assert texts(split(text, count_tokens=words, max_tokens=8)) == [
        "One two three.",
        f"Four five {title} Six seven eight nine.",
    ]


def test_a_sentence_over_the_limit_is_cut_at_spaces() -> None:
    text = "one two three four five six seven"
    assert texts(split(text, count_tokens=words, max_tokens=3)) == ["one two three", "four five six", "seven"]


def test_a_word_over_the_limit_is_cut_anywhere() -> None:
    assert texts(split("abcdefgh ij", count_tokens=characters, max_tokens=3)) == ["abc", "def", "gh", "ij"]


def test_one_newline_separates_paragraphs_but_not_wrapped_lines() -> None:
    text = "One two three.\nFour five\nsix seven."
    assert texts(split(text, count_tokens=words, max_tokens=4)) == ["One two three.", "Four five\nsix seven."]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2029"])
def test_every_kind_of_newline_makes_a_blank_line(newline: str) -> None:
    text = f"one two three{newline}{newline}four"
    assert texts(split(text, count_tokens=words, max_tokens=3)) == ["one two three", "four"]


def test_offsets_are_exact_where_text_repeats() -> None:
    text = "  same same\n\nsame same  "
    assert split(text, count_tokens=words, max_tokens=2) == [Span(2, 11, "same same"), Span(13, 22, "same same")]


@pytest.mark.parametrize("text", ["", " \n\t\u2003 "])
def test_text_without_words_has_no_passages(text: str) -> None:
    assert split(text, count_tokens=words, max_tokens=10) == []


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="max_tokens is 0"):
        split("text", count_tokens=words, max_tokens=0)


@pytest.mark.parametrize("unit", ["x", "x ", "x\n", "x.\n\n", "x. ", "香"])
def test_work_grows_linearly_on_a_megabyte(unit: str) -> None:
    counted = 0

    def count(text: str) -> int:
        nonlocal counted
        counted += len(text)
        return words(text)

    text = unit * (1_000_000 // len(unit))
    spans = split(text, count_tokens=count, max_tokens=254)
    assert "".join(span.text for span in spans).split() == [text.strip()] or sum(map(words, texts(spans))) == words(
        text
    )
    assert max(len(span.text) for span in spans) <= 254 * MAX_CHARS_PER_TOKEN
    # Bisection looks at a passage about a dozen times, at up to six times its length.
    assert counted <= 80 * len(text)


prose = st.lists(st.sampled_from(["said", "St.", "“No.”", "end.", " ", "\n", "\n\n", "\u2028", "é", "x" * 40])).map(
    "".join
)


@given(text=st.text() | prose, max_tokens=st.integers(1, 30))
@pytest.mark.parametrize("count", [words, characters])
def test_any_text_is_covered_once_in_order_within_the_limit(
    count: Callable[[str], int], text: str, max_tokens: int
) -> None:
    spans = split(text, count_tokens=count, max_tokens=max_tokens)
    covered = [False] * len(text)
    position = 0
    for span in spans:
        assert span.start >= position
        assert text[span.start : span.end] == span.text
        assert span.text == span.text.strip() != ""
        assert count(span.text) <= max_tokens
        covered[span.start : span.end] = [True] * len(span.text)
        position = span.end
    assert [i for i, c in enumerate(text) if not c.isspace() and not covered[i]] == []
