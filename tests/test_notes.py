"""What stands beside a statement in an answer: corrections, later versions, retractions, languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rag.index.amending import story_of
from rag.index.notes import concerns, is_later_version, moment_of, notes_of
from rag.judging.decision import Decision
from rag.pipeline import TAKEN_AWAY, stands_for_yes, with_corrected, with_foreign
from rag.schema import Article, Hit, Note, Party, Query, Quote, Span, Speaker
from rag.writing.beside import LONGEST, clauses, language_name
from rag.writing.citations import cite, problems
from rag.writing.compose import sentence
from tests.fakes import hit

TEXT = "“The bell was stuck,” said Ana Torvik.\n\nThe lock at Holm leaks, and the pilots wait for the port."
LATER = "“The gate was stuck,” said Ana Torvik.\n\nThe lock at Holm leaks, and the pilots wait for the port."
STORY = "urn:holm:7"


def version(id: str, text: str = TEXT, **about: Any) -> Article:
    return Article(id, text, **about)


def said(article: Article, words: str = "“The bell was stuck,”") -> Quote:
    start = article.text.index(words)
    return Quote((Span.of(article.text, start, start + len(words)),), speaker=Speaker("Ana Torvik"))


def latest(*versions: Article) -> dict[str, str]:
    """The id of the latest version of each article that has a later one, as an index finds it."""
    found = {}
    for article in versions:
        same = [other for other in versions if story_of(other) and story_of(other) == story_of(article)]
        newest = max(same, key=moment_of, default=article)
        if is_later_version(newest, article):
            found[article.id] = newest.id
    return found


def test_versions_of_one_story_follow_their_times() -> None:
    one = version("a", story=STORY, published="2026-05-04")
    two = version("b", LATER, story=STORY, published="2026-05-04", updated="2026-05-04T10:00:00")
    three = version("c", LATER, story=STORY, published="2026-05-04", updated="2026-05-04T12:00:00")
    assert latest(three, one, two) == {"a": "c", "b": "c"}


@pytest.mark.parametrize(
    "other",
    ["https://holm.example/lock/", "http://www.holm.example/lock?from=mail", "https://HOLM.example/lock#top"],
)
def test_versions_at_one_address_are_one_article(other: str) -> None:
    one = version("a", url="https://holm.example/lock", published="2026-05-04")
    two = version("b", LATER, url=other, published="2026-05-05")
    assert latest(one, two)["a"] == "b"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://holm.example/", LATER),
        ("https://holm.example/lock", "Something else that has no line in common with it."),
        ("https://holm.example/lock-2", LATER),
    ],
)
def test_front_pages_other_texts_and_other_addresses_are_no_versions(url: str, text: str) -> None:
    first = "https://holm.example/" if url.endswith("/") else "https://holm.example/lock"
    one = version("a", url=first, published="2026-05-04")
    assert latest(one, version("b", text, url=url, published="2026-05-05")) == {}


def test_versions_whose_times_do_not_differ_are_in_no_order() -> None:
    one, two = version("a", story=STORY, published="2026-05-04"), version("b", story=STORY, published="2026-05-04")
    assert latest(one, two) == {}


def test_words_that_a_later_version_lacks_are_told_with_its_day() -> None:
    one, two = version("a"), version("b", LATER, updated="2026-05-05T10:00:00")
    assert notes_of(one, said(one), two) == (Note("gone", "", "2026-05-05"),)


def test_words_that_stay_need_no_note() -> None:
    one = version("a")
    assert notes_of(one, said(one), version("b", f"{TEXT}\n\nIt rained.", published="2026-05-05")) == ()


def test_a_later_version_s_correction_stands_beside_what_it_concerns() -> None:
    words = "Correction: The words about the bell were Per Lund’s."
    text = f"{LATER}\n\n{words}"
    two = version("b", text, published="2026-05-05", corrections=f"{text.index(words)}:{len(text)}")
    one = version("a")
    assert notes_of(one, replace(said(one), speaker=None), two) == (Note("gone", "", "2026-05-05"),)
    words = words.replace("bell", "bell, stuck or not,")
    two = version(
        "b",
        f"{LATER}\n\n{words}",
        published="2026-05-05",
        corrections=f"{text.index('Corr')}:{len(LATER) + 2 + len(words)}",
    )
    assert notes_of(one, said(one), two)[0] == Note("correction", words, "2026-05-05")


def test_a_retraction_and_a_publisher_s_note_are_told() -> None:
    for notice, note in (
        ("retracted", Note("retracted")),
        ("The day was wrong.", Note("correction", "The day was wrong.")),
    ):
        article = version("a", notice=notice)
        assert notes_of(article, said(article)) == (note,)


def test_a_foreign_language_is_told_and_english_is_not() -> None:
    for language, notes in (("es", (Note("language", "es"),)), ("en", ())):
        article = version("a", language=language)
        assert notes_of(article, said(article)) == notes


def test_a_correction_concerns_a_surname_or_several_words() -> None:
    article = version("a")
    assert concerns("It was not Torvik.", said(article))
    assert concerns("The bell was not stuck.", replace(said(article), speaker=None))
    assert not concerns("It rained on the bell.", replace(said(article), speaker=None))


def test_that_a_correction_tells_what_somebody_said_does_not_make_it_one_of_all_that_they_say() -> None:
    article = version("a")
    others = [("Ana Torvik", "The bell was stuck."), ("Ana Torvik", "I say the rope is new.")]
    told = "Torvik was quoted as saying that the bell was loud."
    assert concerns(told, replace(said(article), content=(Span(0, 19, others[0][1]),)), others)
    assert not concerns(told, replace(said(article), content=(Span(0, 22, others[1][1]),)), others)


def test_notes_are_clauses() -> None:
    assert clauses(
        [
            Note("correction", "The day was wrong."),
            Note("correction", "Correction: It was May.", "2026-05-05"),
            Note("gone", "", "2026-05-05"),
            Note("gone"),
            Note("retracted"),
            Note("retracted", "", "2026-05-05"),
            Note("language", "es"),
        ]
    ) == (
        "corrected: The day was wrong.",
        "in the version of 5 May 2026, Correction: It was May.",
        "the version of 5 May 2026 no longer has these words",
        "a later version no longer has these words",
        "taken back by its publisher",
        "taken back by its publisher on 5 May 2026",
        "in Spanish",
    )


def test_a_long_correction_ends_with_a_whole_word() -> None:
    [clause] = clauses([Note("correction", "lock " * 200)])
    assert clause.endswith("lock …")
    assert len(clause) < LONGEST + 20


def test_a_language_that_nobody_knows_is_its_code() -> None:
    assert (language_name("de"), language_name("xx"), language_name("zz-bad-one")) == ("German", "xx", "zz-bad-one")


def noted(*notes: Note) -> Hit:
    found = hit(1.0, by="Ana Torvik")
    return replace(found, statement=replace(found.statement, notes=notes))


def test_an_answer_s_sentence_has_the_notes_before_its_marker() -> None:
    [citation] = cite([noted(Note("correction", "“It will” was “It may”."), Note("language", "es"))])
    assert sentence(citation).endswith("— corrected: “It will” was “It may”. — in Spanish [1]")
    assert problems(sentence(citation), [citation]) == []


@pytest.mark.parametrize("kind", TAKEN_AWAY)
def test_nothing_that_was_taken_away_is_ground_for_a_yes(kind: str) -> None:
    query = Query("Did Ana Torvik say that the dam will hold?", "Did Ana Torvik say that the dam will hold?", "did_say")
    assert stands_for_yes(query, noted().statement)
    assert not stands_for_yes(query, noted(Note(kind, "It was May.")).statement)  # type: ignore[arg-type]


def test_where_nothing_answers_the_asked_s_foreign_words_are_shown_and_said_to_be_unjudged() -> None:
    party = Party("Torvik", labels=("Ana Torvik",), people=("Ana Torvik",))
    query = Query("What did Torvik say?", "What did Torvik say?", parties=(party,))
    foreign, english = noted(Note("language", "es")), hit(0.9, by="Per Lund")
    nothing = Decision(False, None, (english,))
    decision, told = with_foreign(query, nothing, [english, foreign])
    assert (decision.hits, told) == ((foreign,), "What is said in Spanish is shown, but not judged.")
    assert with_foreign(query, nothing, [english, noted()]) == (nothing, "")
    answered = Decision(True, None, (english,))
    assert with_foreign(query, answered, [foreign]) == (answered, "")


def test_where_nobody_is_quoted_as_the_asked_the_words_that_a_correction_gives_them_are_shown() -> None:
    query = Query("What did Edda Quist say?", "What did Edda Quist say?", parties=(Party("Edda Quist", named=True),))
    corrected = noted(Note("correction", "It was said by the pilot, Edda Quist."))
    nothing = Decision(False, None, ())
    assert with_corrected(query, nothing, [hit(0.9), corrected]) == Decision(False, None, (corrected,))
    assert with_corrected(query, nothing, [noted(Note("correction", "It was said by Edda Poole."))]) == nothing
    answered = Decision(True, None, (hit(0.9),))
    assert with_corrected(query, answered, [corrected]) == answered
