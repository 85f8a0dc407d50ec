"""How a statement is put to the judge: marked once, in its paragraph, cut to what the network reads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.judging.reading import AFTER, BEFORE, CLOSE, INSIDE, MAX_LABEL, OPEN, parts, render

TEXT = "It rained. “We sell nothing,” Hale said, “to anyone.” Then she left."


def place(text: str, *words: str) -> list[tuple[int, int]]:
    return [(text.index(word), text.index(word) + len(word)) for word in words]


def rendered(text: str, *words: str, speaker: str = "Ida Hale", **about: str) -> str:
    return render(text, place(text, *words), speaker=speaker, **about)


def test_the_statement_is_marked_in_its_paragraph_behind_its_speaker_and_before_its_article() -> None:
    assert rendered(TEXT, "“We sell nothing,”", role="mayor", title="No sale", day="2026-03-01T10:00") == (
        "Ida Hale, mayor: It rained. « “We sell nothing,” » Hale said, “to anyone.” Then she | No sale 2026-03-01"
    )


def test_what_stands_between_the_pieces_is_kept() -> None:
    assert "« “We sell nothing,” Hale said, “to anyone.” » Then" in rendered(TEXT, "“We sell nothing,”", "“to anyone.”")


@pytest.mark.parametrize(
    ("speaker", "role", "who"),
    [("", "", "somebody: "), ("", "a mayor", "somebody, a mayor: "), ("Ida\n Hale", "", "Ida Hale: ")],
)
def test_who_speaks_is_told_as_far_as_it_is_known(speaker: str, role: str, who: str) -> None:
    assert rendered(TEXT, "to anyone.", speaker=speaker, role=role).startswith(f"{who}It rained.")


def test_an_article_without_title_and_date_ends_in_nothing() -> None:
    assert rendered(TEXT, "to anyone.").endswith(" | ")


def words(count: int, letter: str) -> str:
    return " ".join(f"{letter}{n}" for n in range(count))


def test_only_the_words_next_to_the_statement_are_kept_around_it() -> None:
    said = words(INSIDE, "s")
    made = rendered(f"{words(50, 'b')} {said} {words(50, 'a')}", said)
    before, inside, after = re.split(f" [{OPEN}{CLOSE}] ", made.removeprefix("Ida Hale: ").removesuffix(" | "))
    assert before.split() == words(50, "b").split()[-BEFORE:]
    assert inside == said
    assert after.split() == words(50, "a").split()[:AFTER]


def test_a_long_statement_is_cut_and_what_follows_it_left_out() -> None:
    said = words(INSIDE + 1, "s")
    made = rendered(f"Then {said} and more", said)
    assert made == f"Ida Hale: Then « {words(INSIDE, 's')} … » | "


def test_a_statement_that_the_judge_reads_whole_is_one_part() -> None:
    said = words(INSIDE, "s")
    assert parts(f"Then {said} came", 5, 5 + len(said)) == [(5, 5 + len(said))]


def test_a_long_statement_has_parts_of_whole_sentences_as_long_as_the_judge_reads() -> None:
    first, second, third = (f"{words(20, letter)}." for letter in "ABC")
    text = f"{first} {second} {third}"
    assert [text[start:end] for start, end in parts(text, 0, len(text))] == [f"{first} {second}", third]


def test_a_sentence_longer_than_the_judge_reads_is_cut_between_words() -> None:
    text = words(2 * INSIDE + 3, "s")
    found = [text[start:end] for start, end in parts(text, 0, len(text))]
    assert " ".join(found) == text
    assert [len(each.split()) for each in found] == [INSIDE, INSIDE, 3]


def test_long_labels_are_cut() -> None:
    made = rendered(TEXT, "to anyone.", speaker="x" * 200, role="y" * 200, title="z" * 200)
    assert made.startswith(f"{'x' * MAX_LABEL}, {'y' * MAX_LABEL}: ")
    assert made.endswith(f" | {'z' * MAX_LABEL}")


def test_marks_of_the_article_s_own_do_not_say_where_the_statement_is() -> None:
    text = "«Nyet», he said. «We sell «nothing»,» Hale said. «Da.»"
    assert (
        rendered(text, "«We sell «nothing»,»", title="A «new» sale")
        == ("Ida Hale: Nyet, he said. « We sell nothing, » Hale said. Da. | A new sale ").rstrip()
    )


@given(st.text(st.sampled_from(f"ab{OPEN}{CLOSE}|:, \n"), min_size=3, max_size=60), st.data())
def test_there_is_one_pair_of_marks_around_the_statement_s_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = render(text, [(start, end)], speaker=text, role=text, title=text)
    assert (made.count(OPEN), made.count(CLOSE)) == (1, 1)
    inside = made[made.index(OPEN) + 1 : made.index(CLOSE)]
    assert inside.split() == re.sub(f"[{OPEN}{CLOSE}]", "", text[start:end]).split()
