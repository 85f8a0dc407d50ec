"""What any good quote extractor does, on short invented texts and on the sample article: whose words, and where."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest import extract_quotes
from rag.schema import Quote
from tests.conftest import SEEDS

MARKS = "“”\"„«»‘’'`"
CENTURY = "the bridge will stand for a hundred years"


def words(text: str) -> str:
    """A span's words, lower case, without marks, a leading "that" and the punctuation at the end."""
    return text.lower().translate(dict.fromkeys(map(ord, MARKS))).strip(" \n,.:").removeprefix("that ")


def name(quote: Quote) -> str | None:
    return quote.speaker.name if quote.speaker else None


def check_offsets(text: str, quotes: Sequence[Quote]) -> None:
    """Spans cut exactly, the pieces of a quote in order and apart, quotes in order and each once."""
    for span in (span for q in quotes for span in (*q.content, *q.source, *q.cue)):
        assert 0 <= span.start < span.end <= len(text)
        assert span.text == text[span.start : span.end]
    contents = [tuple((s.start, s.end) for s in q.content) for q in quotes]
    assert all(contents)
    assert contents == sorted(set(contents))
    assert all(left[1] <= right[0] for content in contents for left, right in itertools.pairwise(content))


@pytest.mark.parametrize(
    ("text", "pieces", "kind"),
    [
        ("“The bridge will stand for a hundred years,” Ana Torvik said.", 1, "direct"),
        ('"The bridge will stand for a hundred years," Ana Torvik said.', 1, "direct"),
        ("Ana Torvik said: “The bridge will stand for a hundred years.”", 1, "direct"),
        ("Ana Torvik told reporters, “The bridge will stand for a hundred years.”", 1, "direct"),
        ("“The bridge will stand for a hundred years,” said Ana Torvik.", 1, "direct"),
        ("“The bridge will stand,” Ana Torvik said, “for a hundred years.”", 2, "direct"),
        ("“The bridge will stand,” said Ana Torvik, “for a hundred years.”", 2, "direct"),
        ("Ana Torvik said that the bridge will stand for a hundred years.", 1, "indirect"),
        ("Ana Torvik said the bridge will stand for a hundred years.", 1, "indirect"),
        ("The bridge will stand for a hundred years, Ana Torvik said.", 1, "indirect"),
        ("According to Ana Torvik, the bridge will stand for a hundred years.", 1, "indirect"),
        ("The bridge will stand for a hundred years, according to Ana Torvik.", 1, "indirect"),
        ("Ana Torvik said that the bridge “will stand” for a hundred years.", 1, "mixed"),
    ],
)
@pytest.mark.parametrize("before", ["", "The bridge opened on Monday. ", "The bridge opened on Monday.\n\n"])
def test_one_statement_is_found_whole_with_its_speaker(before: str, text: str, pieces: int, kind: str) -> None:
    quotes = extract_quotes(before + text)
    check_offsets(before + text, quotes)
    [quote] = quotes
    assert (name(quote), len(quote.content), quote.kind) == ("Ana Torvik", pieces, kind)
    assert " ".join(words(span.text) for span in quote.content) == CENTURY


Said = tuple[str, str, list[str]]
STRUCTURES: dict[str, tuple[str, list[Said]]] = {
    "split by two cues": (
        "“The quay is sound,” Ana Torvik said. “The crane is not, and the crane,” she added, “pays for it.”",
        [
            ("Ana Torvik", "direct", ["“The quay is sound,”"]),
            ("Ana Torvik", "direct", ["“The crane is not, and the crane,”", "“pays for it.”"]),
        ],
    ),
    "a day between": (
        "“The quay is sound,” Ana Torvik said on Monday after the council met. “The crane is not.”",
        [("Ana Torvik", "direct", ["“The quay is sound,”", "“The crane is not.”"])],
    ),
    "paragraphs behind a colon": (
        "Ana Torvik told us all:\n\n“The quay is sound.\n\n“The crane is not.\n\n“We shall need both.”\n\nNo more.",
        [("Ana Torvik", "direct", ["“The quay is sound.", "“The crane is not.", "“We shall need both.”"])],
    ),
    "mixed": (
        "Ana Torvik said the quay was “sound as a bell” and that the crane was “a hazard to everybody below it.”",
        [
            (
                "Ana Torvik",
                "mixed",
                ["the quay was “sound as a bell” and that the crane was “a hazard to everybody below it.”"],
            )
        ],
    ),
    "two sources": (
        "Ana Torvik and Per Lund said that the quay was sound.",
        [("Ana Torvik and Per Lund", "indirect", ["that the quay was sound"])],
    ),
    "three sources": (
        "Ana Torvik, Per Lund and Ida Hale said in a joint statement that the quay was sound.",
        [("Ana Torvik, Per Lund and Ida Hale", "indirect", ["that the quay was sound"])],
    ),
    "according to a paper": (
        "The quay will close in May, according to a report by the harbour office.",
        [("a report by the harbour office", "indirect", ["The quay will close in May"])],
    ),
    "a headline with a colon": (
        "Torvik: Quay will close in May\n\nThe quay at Halvick will close in May, Mayor Ana Torvik said on Monday.",
        [
            ("Ana Torvik", "indirect", ["Quay will close in May"]),
            ("Ana Torvik", "indirect", ["The quay at Halvick will close in May"]),
        ],
    ),
    "a dash": (
        "“We shall not close the quay” — Ana Torvik, mayor of Halvick.",
        [("Ana Torvik", "direct", ["“We shall not close the quay”"])],
    ),
    "signed lines": (
        "“It is sound.” — Ana Torvik, mayor\n\n“It is a ruin.” — Per Lund, pilot\n\n“It is wet.” — Ida Hale, swimmer",
        [
            ("Ana Torvik", "direct", ["“It is sound.”"]),
            ("Per Lund", "direct", ["“It is a ruin.”"]),
            ("Ida Hale", "direct", ["“It is wet.”"]),
        ],
    ),
    "an interview": (
        "Ana Torvik has been mayor of Halvick for two years. She met us.\n\nQ: Is it sound?\n\nA: It is. Engineers "
        "looked at it in May.\n\nQ: And the crane?\n\nA: Another matter.",
        [
            ("Ana Torvik", "direct", ["It is. Engineers looked at it in May."]),
            ("Ana Torvik", "direct", ["Another matter."]),
        ],
    ),
    "a post": (
        "Ana Torvik (@atorvik) wrote on Twitter: “The quay is sound. Come and see! #halvick”",
        [("Ana Torvik", "direct", ["“The quay is sound. Come and see! #halvick”"])],
    ),
    "single marks": (
        "‘The quay is sound,’ Ana Torvik said. ‘The crane isn’t, and we’ve known that since May.’",
        [("Ana Torvik", "direct", ["‘The quay is sound,’", "‘The crane isn’t, and we’ve known that since May.’"])],
    ),
    "single marks and apostrophes": (
        "Ana Torvik said the quay was ‘sound’ and that the pilots’ fears were ‘rather overdone’.",
        [("Ana Torvik", "mixed", ["the quay was ‘sound’ and that the pilots’ fears were ‘rather overdone’"])],
    ),
    "double marks within single ones": (
        "‘He told me, “The quay is sound,” and I laughed,’ Ana Torvik said.",
        [("Ana Torvik", "direct", ["‘He told me, “The quay is sound,” and I laughed,’"])],
    ),
    "straight single marks": (
        "'The quay is sound,' Ana Torvik said. 'The crane isn't, and we've known that since May.'",
        [("Ana Torvik", "direct", ["'The quay is sound,'", "'The crane isn't, and we've known that since May.'"])],
    ),
    "French marks": ("« The quay is sound », Ana Torvik said.", [("Ana Torvik", "direct", ["« The quay is sound »"])]),
    "doubled marks": (
        "''The quay is sound,'' Ana Torvik said. ''The crane is not.''",
        [("Ana Torvik", "direct", ["''The quay is sound,''", "''The crane is not.''"])],
    ),
    "an unnamed source": (
        "The crane was never inspected, two people with knowledge of the matter said.",
        [("two people with knowledge of the matter", "indirect", ["The crane was never inspected"])],
    ),
}


@pytest.mark.parametrize(("text", "said"), STRUCTURES.values(), ids=STRUCTURES)
def test_each_form_of_a_statement_is_cut_exactly(text: str, said: list[Said]) -> None:
    quotes = [q for q in extract_quotes(text) if q.speaker]
    check_offsets(text, quotes)
    assert [(name(q), q.kind, [s.text for s in q.content]) for q in quotes] == said


def test_the_source_and_the_cue_are_the_articles_own_words() -> None:
    text = "The bridge opened on Monday. “The bridge will stand for a hundred years,” Ana Torvik said."
    [quote] = extract_quotes(text)
    assert [(s.text, s.start) for s in quote.source] == [("Ana Torvik", text.index("Ana"))]
    assert [(s.text, s.start) for s in quote.cue] == [("said", text.index("said"))]


def test_a_quotation_over_paragraphs_has_one_speaker() -> None:
    text = (
        "Ana Torvik answered the town on Monday.\n\n“The bridge is closed. It will stay closed until June.\n\n"
        "“The paint has to dry before anyone walks on it.\n\n“Nobody has to swim,” Torvik said."
    )
    quotes = extract_quotes(text)
    check_offsets(text, quotes)
    for part in ("The bridge is closed.", "The paint has to dry", "Nobody has to swim"):
        start = text.index(part)
        assert {name(q) for q in quotes if any(s.start <= start < s.end for s in q.content)} == {"Ana Torvik"}


@pytest.mark.parametrize("line", ["Advertisement", "Lena Orvik and Per Dahl at the ground on Friday. (Photo)"])
def test_a_line_of_the_page_within_a_quotation_over_paragraphs_says_nothing(line: str) -> None:
    text = (
        "The coach spoke after training.\n\n“We were poor in the first half and we knew it,” Lena Orvik said.\n\n"
        f"“I told them to go home and sleep on it.\n\n{line}\n\n“They came back on Sunday and ran for an hour without "
        "a ball.\n\n"
        "“That is all I can ask of them.”\n"
    )
    quotes = extract_quotes(text)
    assert {name(quote) for quote in quotes} == {"Lena Orvik"}
    [whole] = [" ".join(span.text for span in quote.content) for quote in quotes if "They came" in str(quote.content)]
    assert "sleep on it" in whole


def test_a_sentence_between_two_quotations_ends_the_one_that_is_left_open() -> None:
    text = (
        "“We were slow all spring,” coach Lena Orvik said.\n\n“I told them to sleep on it.\n\n"
        "Per Dahl did not agree.\n\n“Nobody told me anything,” he said.\n"
    )
    assert [name(quote) for quote in extract_quotes(text)] == ["Lena Orvik", "Per Dahl"]


def test_what_nobody_is_said_to_have_said_is_no_quote() -> None:
    assert extract_quotes("The bridge opened on Monday. It was built in two years, and it cost nine million.") == []


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n\n", "“", "”", "“”", '"', "said", "“,” said", "\x00", "\ud800", "\u202e"]
)
def test_a_text_without_statements_gives_none(text: str) -> None:
    assert extract_quotes(text) == []


def test_the_title_is_not_searched() -> None:
    assert extract_quotes("The bridge opened on Monday.", title="“The bridge will stand,” Ana Torvik said") == []


def test_a_quote_may_end_at_the_last_character() -> None:
    text = "Ana Torvik said: “The bridge will stand”"
    [quote] = extract_quotes(text)
    assert words(quote.content[-1].text) == "the bridge will stand"


def test_the_same_words_by_two_people_are_two_quotes() -> None:
    text = "“It was nobody’s fault,” Ana Torvik said. “It was nobody’s fault,” Per Lund said."
    quotes = extract_quotes(text)
    check_offsets(text, quotes)
    assert [name(q) for q in quotes] == ["Ana Torvik", "Per Lund"]


def test_the_offsets_of_the_sample_article_are_exact() -> None:
    check_offsets(ARTICLE, QUOTES)


# What news looks like to a machine: names, cues and marks in every order, breaks and broken characters among them.
MARKS_AND_BREAKS = ["``", "''", " ", "\n", "\n\n", "\u00a0", "\u200b", "\u202e", "\x00", "\ud800", "\udfff", "é"]
WORDS = [*"said told says that who he she and of Mr Dr. Ana Torvik".split(), "according to", "the mayor"]
PIECES = st.sampled_from([*"“”\"„«»‘’'.,:;!?-–—…", *MARKS_AND_BREAKS, *WORDS])
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=200),
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=60).map("".join),
)


@given(TEXTS)
@example("“" * 50)
@example("\u202e“abc def ghi,” \u202csaid Ana Torvik.")
@example("he said\ud83d that“\ude00 a b c”")
@example("“a b c,” A. said, “”")
@example("המפקד אמר: “הגשר סגור”, ואז “הכביש”.")
@example("🙂“a 🙂 b” said Ana Torvik 🙂: ‘c’ — Ana (@ana)")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_gives_exact_spans_in_order(text: str) -> None:
    check_offsets(text, extract_quotes(text))


STATEMENT = "Ana Torvik, the mayor, said that it was cold. “It is very cold,” she said. "
HOSTILE = {
    "dots": ".",
    "no space": "a",
    "capitals": "A",
    "one word": "word ",
    "one name": "Ana Torvik ",
    "titles": "Mr ",
    "particles": "A de ",
    "cues": "said ",
    "name and cue": "Ana told ",
    "cue behind a mark": "“a” Ana said, ",
    "opening marks": "“",
    "closing marks": "”",
    "straight marks": '"',
    "all marks": "“”\"„«»``''",
    "marked words": "“one two three” ",
    "never closed": "“one two three ",
    "a mark opens each line": "“one two three\n",
    "according": "according to Ana, ",
    "spaces": " ",
    "lines": "\n",
    "ellipses": ". A",
    "single marks": "‘one two’ isn’t ",
    "turns": "Ana Torvik met us.\nTorvik: It is.\nLund: It isn’t.\n",
    "answers": "Q: Is it?\nA: It is.\n",
    "namesakes": "Ana Torvik and Per Torvik said it was old. Torvik said it was cold. ",
    "roles": "The mayor said it was old. Per Lund, a mayor of Halvick, came. The mayor of Tarn said it was cold. ",
    "statements in one line": STATEMENT,
    "statements in lines": STATEMENT.rstrip() + "\n",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    """Four times the text takes well under sixteen times as long, which quadratic work would."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.process_time()
        extract_quotes(text)
        return time.process_time() - started

    seconds(1000)
    # The best of two: on a busy machine one run can take several times as long.
    small, large = (min(seconds(size) for _ in range(2)) for size in (2_000, 8_000))
    assert large < 10 * small + 0.3


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    ["“", "“”", '"', STATEMENT, "word "],
    ids=["opening marks", "pairs of marks", "straight marks", "statements", "words"],
)
def test_the_time_that_one_line_takes_grows_no_faster_than_its_length(piece: str) -> None:
    def seconds(length: int) -> float:
        started = time.process_time()
        extract_quotes(piece * (length // len(piece)))
        return time.process_time() - started

    seconds(1000)
    small, large = seconds(20_000), seconds(160_000)
    assert large < 1.6 * 8 * small + 1


ARTICLE = (SEEDS / "000_fda846308a16d720.txt").read_text(encoding="utf-8")
QUOTES = extract_quotes(ARTICLE)


def test_a_sentence_of_the_article_before_a_quotation_is_no_part_of_it() -> None:
    text = (
        "The council raised its tax on Tuesday.\n\nNot everyone minded. ‘I have paid more for worse,’ shrugged Ted "
        "Amory, a retired butcher, on the steps. ‘At least they swept the square.’"
    )
    assert [[span.text for span in quote.content] for quote in extract_quotes(text)] == [
        ["‘I have paid more for worse,’", "‘At least they swept the square.’"]
    ]
