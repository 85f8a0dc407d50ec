"""Which dates a question fixes."""

from __future__ import annotations

from datetime import date

import pytest

from rag.understanding.dates import time_of


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What did Voss say in March 2032?", "2032-03-01", "2032-03-31"),
        ("What did Voss say in Feb. 2032 on roofs?", "2032-02-01", "2032-02-29"),
        ("What did Voss say on 3 May 2032?", "2032-05-03", "2032-05-03"),
        ("What did Voss say on May 3rd, 2032?", "2032-05-03", "2032-05-03"),
        ("What did Voss say on the 3rd of May 2032?", "2032-05-03", "2032-05-03"),
        ("What did Voss say on 2032-05-03?", "2032-05-03", "2032-05-03"),
        ("Why is bread dearer in 2032?", "2032-01-01", "2032-12-31"),
        ("What has Voss said since 2031?", "2031-01-01", None),
        ("What did Voss say before June 2032?", None, "2032-06-30"),
        ("What did Voss say in late March 2032?", "2032-03-01", "2032-03-31"),
        ("What did Voss say between 10 and 30 June 2032 on roofs?", "2032-06-10", "2032-06-30"),
        ("What did Voss say between the 3rd and the 9th of May 2032?", "2032-05-03", "2032-05-09"),
        ("What did Voss say from March to May 2032?", "2032-03-01", "2032-05-31"),
        ("What did Voss say between May 3 and June 9, 2032?", "2032-05-03", "2032-06-09"),
        ("What did Voss say between May 5 and 9, 2032?", "2032-05-05", "2032-05-09"),
        ("What did Voss say from December to February 2032?", "2031-12-01", "2032-02-29"),
        ("What did Voss say between 2030 and 2032?", "2030-01-01", "2032-12-31"),
        ("What did Voss say from 2032-05-03 until 2032-05-09?", "2032-05-03", "2032-05-09"),
        ("What did Voss say on the line between 10 and 30 houses in 2032?", "2032-01-01", "2032-12-31"),
        ("What did Voss say between May 2032 and May 2031?", None, None),
        ("What did Voss say from 3 May 2032?", "2032-05-03", None),
        ("What did Voss say in March?", None, None),
        ("What did Voss say on 3 May?", None, None),
        ("What did Voss say on 31 February 2032?", None, None),
        ("What did Voss say on 2032-13-40?", None, None),
        ("What did Voss say last week?", "2032-05-03", "2032-05-09"),
        ("What has Voss said this week?", "2032-05-10", "2032-05-16"),
        ("What did Voss say last month?", "2032-04-01", "2032-04-30"),
        ("What did Voss say this year?", "2032-01-01", "2032-12-31"),
        ("What did Voss say yesterday?", "2032-05-11", "2032-05-11"),
        ("Yesterday Voss said what?", "2032-05-11", "2032-05-11"),
        ("WHAT DID VOSS SAY YESTERDAY?", "2032-05-11", "2032-05-11"),
        ("What did Voss tell Tarn Today?", None, None),
        ("What did Voss tell TARN TODAY on roofs?", None, None),
        ("What did Voss tell Tarn Today yesterday?", "2032-05-11", "2032-05-11"),
        ("What did Voss say before the election?", None, None),
        ("The march of 2032 men", None, None),
        ("", None, None),
    ],
)
def test_the_period_of_a_question(question: str, since: str | None, until: str | None) -> None:
    told = time_of(question, date(2032, 5, 12))
    assert (told.since, told.until) == (since, until)


@pytest.mark.parametrize(
    ("question", "when"),
    [
        ("What did Voss say in March 2032 on roofs?", "in March 2032"),
        ("What has Voss said since 2031?", "since 2031"),
        ("What did Voss say on the 3rd of May 2032?", "on the 3rd of May 2032"),
        ("What did Voss say in March?", "in March"),
        ("What did Voss say last week on roofs?", "last week"),
        ("What did Voss say of the march?", ""),
    ],
)
def test_the_words_that_name_the_time_are_told(question: str, when: str) -> None:
    assert time_of(question).words == when


@pytest.mark.parametrize(
    ("question", "yearly"),
    [
        ("What did Voss say in March?", "03"),
        ("What did Voss say on 3 May?", "05-03"),
        ("What did Voss say on May 3rd?", "05-03"),
        ("What did Voss say on 31 February?", ""),
        ("What has Voss said since March?", ""),
        ("What did Voss say in March 2032?", ""),
    ],
)
def test_a_month_or_a_day_without_a_year_is_that_of_any_year(question: str, yearly: str) -> None:
    assert time_of(question).yearly == yearly


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What was the last thing Voss said about roofs?", "the last thing"),
        ("What did Voss last say about roofs?", "last"),
        ("What is Voss's latest statement on roofs?", "latest"),
        ("What has Voss said most recently?", "most recently"),
        ("What did Voss say last?", "last"),
        ("What did Voss say about the last train?", ""),
        ("What did Voss say of the latest figures?", ""),
        ("What did Voss say last?, asked Bly", ""),
    ],
)
def test_the_last_that_was_said_is_asked_for_by_the_words_that_say_so(question: str, words: str) -> None:
    told = time_of(question)
    assert (told.words, told.newest) == (words, bool(words))
