"""Typographic forms of quotations: tokenised, single marks over paragraphs, brackets, titles, names at the head."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.statements import statements
from ingest.text.marks import with_double_marks, with_known_marks, with_opening_marks, word_for_word


def said(text: str) -> list[tuple[str | None, str, str]]:
    return [(q.speaker.name if q.speaker else None, q.kind, q.text) for q in statements(text, extract_quotes(text))]


def test_tokenised_quotations_are_direct() -> None:
    text = "`` The quay is sound , '' said Ana Torvik .\n\n\" It is not , \" the pilot , Per Lund , said ."
    assert [(name, kind) for name, kind, _ in said(text)] == [("Ana Torvik", "direct"), ("Per Lund", "direct")]


@pytest.mark.parametrize(("opened", "closed"), [("‘", "’"), ("'", "'"), ("“", "”")])
def test_a_quotation_over_several_paragraphs_is_one_person_s(opened: str, closed: str) -> None:
    paragraphs = ["The letter came on Monday.", "The pilots’ boats are tied up, and the men’s pay is late.", "We wait."]
    quoted = f"\n\n{opened}".join(paragraphs)
    text = f"Harbour clerk Ana Torvik said: {opened}{quoted}{closed}\n\nIt rained."
    found = said(text)
    assert [(name, kind) for name, kind, _ in found] == [("Ana Torvik", "direct")] * 3
    assert [words.strip("‘’'“”") for _, _, words in found] == paragraphs


def test_the_tagger_sees_double_marks_where_single_ones_are_the_style() -> None:
    text = "‘It is “sound”, I say,’ Lund said. ‘We’ll see.’ The pilots’ boat left."
    assert with_double_marks(text) == "“It is “sound”, I say,” Lund said. “We’ll see.” The pilots’ boat left."
    mixed = "“It is ‘sound’,” Lund said, ‘so’."
    assert with_double_marks(mixed) == mixed


@pytest.mark.parametrize(("opened", "closed"), [("‘", "’"), ("'", "'")])
@pytest.mark.parametrize("behind", ["she said.", "the pilot, Bo Rask, put to her."])
def test_a_quotation_closed_in_its_paragraph_does_not_go_on_in_the_next(opened: str, closed: str, behind: str) -> None:
    words = [f"{opened}It leaks, and the pilots{closed} boats know it,{closed}", f"{opened}Then shut the lock,{closed}"]
    text = f"Mayor Ana Torvik came.\n\n{words[0]} {behind}\n\n{words[1]} she said."
    assert [text[slice(*pair)] for pair in word_for_word(text, ())] == words


def test_the_last_of_two_quotations_in_a_paragraph_goes_on_in_the_next() -> None:
    parts = ["‘It leaks,’", "‘It is not shut.", "‘We can’t wait, nor can the pilots.’"]
    text = f"{parts[0]} said Ana Torvik. {parts[1]}\n\n{parts[2]}\n\nIt rained."
    assert [text[slice(*pair)] for pair in word_for_word(text, ())] == parts


def test_an_article_may_begin_with_its_speaker() -> None:
    text = "Per Lund, who owns the kiln at Orsa, is putting it out. “The clay is gone,” he said on Monday."
    assert said(text) == [("Per Lund", "direct", "“The clay is gone,”")]


def test_the_star_of_a_list_is_nobody() -> None:
    text = 'Mayor Ana Torvik resigned on Monday.\n\n* Says "the stones are on my conscience"\n\n* Per Lund to take over'
    assert "*" not in [name for name, _, _ in said(text)]


def test_a_translation_in_brackets_is_not_said_and_no_bracket_stays() -> None:
    text = "“Hva gjør vi nå?” asked the pilot, Per Lund. (“What do we do now?”)\n\nIt rained."
    found = said(text)
    assert ("Per Lund", "direct", "“Hva gjør vi nå?”") in found
    assert not [words for _, _, words in found if ")" in words or "What do" in words]


def test_the_title_of_a_song_is_no_statement() -> None:
    text = "The band opened with “Paper Lamps” and closed with “We Never Will Leave Before Every River Does.”"
    assert said(text) == []


def test_two_names_of_which_one_ends_a_sentence_are_two() -> None:
    text = "Ana Torvik left for Orsa. Per Lund stayed. “I am old,” Lund said."
    assert said(text) == [("Per Lund", "direct", "“I am old,”")]


def test_the_reporter_who_asks_is_not_the_one_who_answers() -> None:
    text = "The leader of the pilots, Per Lund, was glum. Asked by a reporter if he would go, he said: “Not today.”"
    assert said(text)[-1] == ("Per Lund", "direct", "“Not today.”")


@pytest.mark.parametrize(("opened", "closed"), [("“", "”"), ('"', '"'), ("‘", "’")])
def test_a_quotation_whose_speaker_leads_to_it_without_a_verb_goes_on_over_its_paragraphs(
    opened: str, closed: str
) -> None:
    paragraphs = [
        "We were six when I came to this lock.",
        "Now we are two, and one of us is ill.",
        "The boats still come.",
    ]
    quoted = f"\n\n{opened}".join(paragraphs)
    text = f"The keeper, Ana Torvik, spoke for a long time.\n\n{opened}{quoted}{closed}\n\nThe port was silent."
    assert [(name, words.strip("‘’“”\"'")) for name, _, words in said(text)] == [("Ana Torvik", p) for p in paragraphs]


def test_a_missing_mark_swallows_no_further_paragraph() -> None:
    text = "“It leaks,” said Ana Torvik.\n\nPilot Per Lund wrote: “Look below the gate.\n\nIt was shut on Friday."
    assert said(text)[-1] == ("Per Lund", "direct", "“Look below the gate.")


def test_a_word_or_two_of_another_sentence_is_no_part_of_a_quotation() -> None:
    text = "Per Lund, a pilot from Orsund, stood on the quay. “The gate sang,” Lund said."
    assert said(text) == [("Per Lund", "direct", "“The gate sang,”")]


@pytest.mark.parametrize("title", ["We Shall Sail Until Dawn Comes", "Never Shut That Gate"])
def test_the_title_of_a_song_says_nothing(title: str) -> None:
    assert "direct" not in [
        kind for _, kind, words in said(f"The pilots’ choir sang “{title}” and went home.") if title in words
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("“Havet eier ingen” [“Nobody owns the sea”], Oskar Wiel told the board.", "“Havet eier ingen”"),
        ("“Vi har ventet” (“We have waited”), said Oskar Wiel.", "“Vi har ventet”"),
        ("“Vi kommer igjen” (We will come back), said Oskar Wiel.", "“Vi kommer igjen”"),
        ("“Nå er det nok,” said Oskar Wiel. [“Enough is enough.”]", "“Nå er det nok,”"),
    ],
)
def test_a_translation_right_behind_the_words_is_none_of_them(line: str, words: str) -> None:
    text = f"The harbour board heard three pilots on Monday.\n\n{line}\n\nThe board will rule in May."
    assert [(name, said_by_him) for name, kind, said_by_him in said(text) if kind == "direct"] == [
        ("Oskar Wiel", words)
    ]


@pytest.mark.parametrize(("opened", "closed"), [("”", "”"), ("»", "»"), ("»", "«"), ("“", "”")])
def test_a_mark_that_closes_elsewhere_opens_where_an_article_has_no_other(opened: str, closed: str) -> None:
    first, second = f"{opened}The nets are dry,{closed}", f"{opened}Nobody has asked for them.{closed}"
    text = f"{first} said Ana Torvik, who owns a boat. {second}\n\nPer Lund, the cook, was asleep."
    assert [(name, kind) for name, kind, _ in said(text)] == [("Ana Torvik", "direct")] * 2
    assert [words for _, _, words in said(text)] == [first, second]


def test_a_mark_at_the_wrong_end_opens_nothing_where_the_article_has_others() -> None:
    text = "“The nets are dry,” said Ana Torvik. ”Nobody came."
    assert with_opening_marks(text) == text


@pytest.mark.parametrize(
    ("opened", "closed"),
    [(",,", "''"), (",,", "“"), (",,", "”"), (",,", '"'), (",,", "``"), ("‚‚", "‘‘"), ("‘‘", "’’"), ("``", '"')],
)
def test_two_signs_are_read_as_the_mark_for_which_they_are_typed(opened: str, closed: str) -> None:
    first, second = f"{opened}The nets are dry,{closed}", f"{opened}Nobody has asked for them.{closed}"
    text = f"{first} said Ana Torvik, who owns a boat. {second}\n\nShe called it {opened}a pity{closed} and left."
    assert [(name, kind, words) for name, kind, words in said(text)][:2] == [
        ("Ana Torvik", "direct", first),
        ("Ana Torvik", "direct", second),
    ]
    assert said(text)[-1][1] == "mixed"


def test_two_signs_open_again_each_paragraph_of_a_quotation_and_hold_other_marks() -> None:
    text = ",,The nets are dry.\n\n,,He said “no” to me,'' said Ana Torvik, who owns a boat."
    assert with_known_marks(text) == "``The nets are dry.\n\n``He said “no” to me,'' said Ana Torvik, who owns a boat."
    assert [len(with_known_marks(one)) for one in (text, ",,so“ and ,,so“")] == [len(text), 15]


@pytest.mark.parametrize(
    "text",
    [
        "The list has a,,b,,c in it.",
        "It cost 1,,000, he said.",
        "He came,, and left.",
        "So ,,it\nends.",
        "the boys’’ own",
    ],
)
def test_two_commas_that_nothing_closes_are_no_mark(text: str) -> None:
    assert with_known_marks(text) == text
