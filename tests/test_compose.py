"""The sentences around the copied words: who, where, when; each passes verification."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from rag.judging.decision import Decision
from rag.schema import (
    Article,
    ArticleInfo,
    Citation,
    Hit,
    Party,
    Query,
    QuestionKind,
    Sentence,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
)
from rag.writing.citations import cite, problems
from rag.writing.compose import EMPTY, NOT_SAID, TALK, opening, sentence, sentences_of, text_of, written
from tests.fakes import citation, hit, party, reported

HOLDS = citation("“The dam will hold,” Ida Hale said, “for a year.”", "The dam will hold,", "for a year.")
PLAIN = citation("Karl Poole said that it will not hold.", "it will not hold", kind="indirect", number=2)
POOLE = replace(PLAIN, speaker="Karl Poole", role=None)


def told(cited: Citation, **how: bool) -> str:
    made = sentence(cited, **how)
    assert problems(made, [cited]) == []
    return made


def cited(clause: str, *, before: str = "", by: str = "Ida Hale", role: str | None = None, **about: Any) -> Citation:
    """A citation of a paraphrase such as "the mayor | warned | that the dam leaks"."""
    article = Article("a1", f"{before}{clause.replace(' | ', ' ')}.")
    info = ArticleInfo("a1", None, None, None, None, None, article.sha256)
    made = reported(article, clause, by=by, role=role)
    statement = Statement("s1", info, made, Span.of(article.text, 0, len(article.text)))
    return replace(cite([Hit(statement, 1.0)])[0], **about)


def test_direct_words_stand_in_quotation_marks() -> None:
    assert told(HOLDS) == "Ida Hale, mayor, said: “The dam will hold,” … “for a year.” [1]"


def test_indirect_words_stand_without_and_are_called_the_article_s() -> None:
    assert told(POOLE) == "Karl Poole, in the article’s words: it will not hold [2]"
    assert told(PLAIN) == "Ida Hale, mayor, in the article’s words: it will not hold [2]"


WARNED = cited("she | warned | that the dam will not hold", role="mayor", publication="The Post")


def test_a_paraphrase_keeps_its_verb_and_takes_the_speaker_s_name_for_its_subject() -> None:
    assert told(WARNED) == "Ida Hale, mayor, warned that the dam will not hold (The Post) [1]"
    assert told(WARNED, role=False) == "Ida Hale warned that the dam will not hold (The Post) [1]"


def test_a_paraphrase_goes_on_from_the_heading_as_from_its_subject() -> None:
    assert told(WARNED, named=False) == "warned that the dam will not hold (The Post) [1]"
    apart = cited("Hale | warned | that it leaks", is_subject=False)
    assert told(apart, named=False) == "In the article’s words: warned that it leaks [1]"


@pytest.mark.parametrize(
    ("clause", "made"),
    [
        ("the mayor | denied | that it leaks", "Ida Hale denied that it leaks [1]"),
        ("Hale | is not ruling out | a new dam", "Ida Hale is not ruling out a new dam [1]"),
        ("the mayor | said | it leaks", "Ida Hale said it leaks [1]"),
        ("Hale | called it | “a toy” of the rich", "Ida Hale called it “a toy” of the rich [1]"),
    ],
)
def test_the_verb_is_the_article_s(clause: str, made: str) -> None:
    assert told(cited(clause)) == made


def test_a_source_that_is_no_subject_leaves_the_clause_as_it_is() -> None:
    apart = cited("Hale | warned | that it leaks", is_subject=False)
    assert told(apart) == "Ida Hale, in the article’s words: warned that it leaks [1]"


def test_a_headline_s_colon_is_no_verb() -> None:
    article = Article("a1", "Mayor: the dam leaks")
    start = article.text.index("the")
    colon = citation(article.text, Span.of(article.text, start, 20).text, kind="indirect", cue=(5, 6), is_subject=True)
    assert told(colon) == "Ida Hale, mayor, in the article’s words: the dam leaks [1]"


def test_a_marker_in_a_verb_is_the_article_s() -> None:
    assert told(cited("Hale | warned [2] | that it leaks")) == "Ida Hale warned [2] that it leaks [1]"


def test_a_cue_before_the_context_adds_no_words() -> None:
    """A place before the context, as an index, would count from its end and double the last words."""
    text = "The clerk, Ida Hale, wrote:\nThe lock is dry. It stays so until the spring."
    outside = citation(text, "The lock is dry. It stays so until the spring.", kind="indirect", cue=(21, 26))
    assert told(outside) == f"Ida Hale, mayor, in the article’s words: wrote {outside.quote} [1]"
    begin = text.index("\n") + 1
    assert told(replace(outside, context=text[begin:], context_start=begin)) == (
        f"Ida Hale, mayor, in the article’s words: {outside.quote} [1]"
    )


def test_below_a_heading_a_sentence_has_no_name() -> None:
    assert told(HOLDS, named=False).startswith("“The dam will hold,”")
    assert told(POOLE, named=False).startswith("In the article’s words: it will")


@pytest.mark.parametrize(
    ("publication", "published", "place"),
    [
        ("The Post", "2026-03-01", " (The Post, 1 March 2026)"),
        ("The Post", None, " (The Post)"),
        (None, "2026-03-01", " (1 March 2026)"),
        (None, "spring 2026", " (spring 2026)"),
        (None, None, ""),
    ],
)
def test_the_outlet_and_the_day_are_named(publication: str | None, published: str | None, place: str) -> None:
    made = told(replace(HOLDS, publication=publication, published=published))
    assert made == f"Ida Hale, mayor, said: “The dam will hold,” … “for a year.”{place} [1]"


def test_somebody_without_a_name_is_called_so() -> None:
    assert "‘he’ said: “" in told(replace(HOLDS, speaker="He", role=None))
    assert told(replace(POOLE, speaker="")).startswith("Somebody the article does not name, in the article’s words: ")


def test_words_that_may_stand_on_a_thing_are_nobody_s() -> None:
    assert told(replace(HOLDS, speaker="", role=None)).startswith("The article names nobody who says: “The dam")
    on_it = told(replace(HOLDS, speaker="it", role=None))
    assert on_it.startswith("Something the article calls ‘it’ has the words: “The dam will hold,”")


@pytest.mark.parametrize(
    "words",
    [
        'a "b c" d',
        "a “b c” d",
        "a “b c d",
        'a b" c',
        "“a b”",
        "“a b",
        "``a b''",
        ",,a b''",
        ",,a b“",
        "‘‘a b’’",
        '"',
        "see [2] for “more”",
        "</p><script>alert(1)</script>",
        "**bold** [link](javascript:alert(1))",
    ],
)
@pytest.mark.parametrize("kind", ["direct", "indirect", "mixed"])
def test_odd_words_are_copied_and_pass(words: str, kind: str) -> None:
    told(citation(f"Ida Hale said {words} and left.", words, kind=kind))  # type: ignore[arg-type]


def test_one_statement_is_a_sentence_and_several_are_a_list() -> None:
    assert text_of("", [HOLDS]) == sentence(HOLDS)
    assert text_of("", [HOLDS, POOLE]).splitlines() == [
        f"- {sentence(HOLDS)}",
        f"- {sentence(POOLE)}",
    ]
    assert text_of("", []) == ""


def test_an_answer_s_lines_are_data_that_its_text_is_written_from() -> None:
    again = replace(HOLDS, number=2)
    lines = sentences_of("Yes.", [HOLDS, again])
    assert lines == (
        Sentence("Yes.", "opening"),
        Sentence("Ida Hale, mayor:", "heading"),
        Sentence("“The dam will hold,” … “for a year.”", citation=1),
        Sentence("“The dam will hold,” … “for a year.”", citation=2),
    )
    assert written(lines) == text_of("Yes.", [HOLDS, again])


def test_a_heading_names_one_person_who_says_it_all() -> None:
    again = replace(HOLDS, number=2)
    assert text_of("", [HOLDS, again]).splitlines() == [
        "Ida Hale, mayor:",
        "- “The dam will hold,” … “for a year.” [1]",
        "- “The dam will hold,” … “for a year.” [2]",
    ]


def test_two_people_without_a_name_are_not_taken_for_one() -> None:
    nobody = replace(HOLDS, speaker="", role=None)
    assert text_of("", [nobody, replace(nobody, number=2)]).startswith("- The article names nobody who says")


def test_a_role_is_told_once() -> None:
    lines = text_of("", [HOLDS, POOLE, replace(HOLDS, number=3)]).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "- Ida Hale, mayor, said",
        "- Karl Poole, in the article’s words",
        "- Ida Hale said",
    ]


OVER_TIME = (hit(1.0, published="2026-01-01"), hit(1.0, published="2026-02-01"))
HALE, POOLE_PARTY = party("Ida Hale"), party("Karl Poole")
HALES = Party("Hale", ("Ida Hale", "Tom Hale"), ("Ida Hale", "Tom Hale"), named=True)
QUIST, REED = Party("Harlan Quist", named=True), Party("Ann Reed", named=True)
MAYOR, DIVER = Party("the mayor", ("Ida Hale",)), Party("the diver")
HAEL = Party("Hael", ("Ida Hale",), ("Ida Hale",), named=True, respelt=True)


def asked(kind: QuestionKind, *parties: Party) -> Query:
    return Query("Did they?", "Did they?", kind, parties)


NO = Decision(False, None, ())


@pytest.mark.parametrize(
    ("query", "decision", "expected"),
    [
        (Query("", ""), NO, EMPTY),
        (asked("talk"), NO, TALK),
        (asked("said_what"), Decision(True, None, ()), ""),
        (asked("said_what"), NO, NOT_SAID),
        (asked("said_what"), Decision(False, None, (hit(0.5),)), f"{NOT_SAID} The closest they come:"),
        (asked("said_what", HALE), NO, f"{NOT_SAID} Ida Hale is quoted in them, but not on this."),
        (asked("said_what", MAYOR), NO, f"{NOT_SAID} The mayor is quoted in them, but not on this."),
        (asked("said_what", HALES), NO, f"{NOT_SAID} Hale is quoted in them, but not on this."),
        (asked("said_what", DIVER), NO, NOT_SAID),
        (asked("said_what", HALE, DIVER), NO, f"{NOT_SAID} Ida Hale is quoted in them, but not on this."),
        (
            asked("compare", HALE, POOLE_PARTY),
            NO,
            f"{NOT_SAID} Ida Hale and Karl Poole are quoted in them, but not on this.",
        ),
        (
            asked("compare", QUIST, REED),
            Decision(False, None, (hit(0.5),)),
            f"{NOT_SAID} Nobody is quoted in them under the name Harlan Quist and Ann Reed. The closest they come:",
        ),
        (
            asked("said_what", QUIST),
            Decision(True, None, (hit(0.9),)),
            "Nobody is quoted in these articles under the name Harlan Quist.",
        ),
        (
            asked("compare", HALE, POOLE_PARTY),
            Decision(True, None, (), silent=("Karl Poole",)),
            "Nothing is quoted in these articles from Karl Poole on this.",
        ),
        (
            asked("compare", QUIST, HALE),
            Decision(True, None, (), silent=("Harlan Quist", "Ida Hale")),
            "Nobody is quoted in these articles under the name Harlan Quist. "
            "Nothing is quoted in these articles from Ida Hale on this.",
        ),
        (asked("said_what", HALES), Decision(True, None, ()), "The name Hale can mean Ida Hale or Tom Hale."),
        (asked("said_what", HAEL), Decision(True, None, ()), "Taking Hael to mean Ida Hale."),
        (
            asked("said_what", HAEL),
            NO,
            f"Taking Hael to mean Ida Hale. {NOT_SAID} Ida Hale is quoted in them, but not on this.",
        ),
        (asked("did_say", HALE), Decision(True, "yes", ()), "Yes."),
        (
            asked("did_say", HALE),
            Decision(True, "yes", OVER_TIME, "turned"),
            "Yes, and on another day otherwise, oldest first:",
        ),
        (asked("did_say", HALE), Decision(True, None, ()), "Judge by the words:"),
        (
            asked("did_say", HALE),
            Decision(True, "no", (), "opposite"),
            "No. In these articles Ida Hale says otherwise:",
        ),
        (
            asked("did_say", HALE, POOLE_PARTY),
            Decision(True, "no", (), "opposite"),
            "No. In these articles Ida Hale and Karl Poole say otherwise:",
        ),
        (
            asked("did_say", HALE),
            Decision(True, "no", (), "another"),
            "No. In these articles it is not Ida Hale who says so, but:",
        ),
        (
            asked("did_say"),
            Decision(True, "no", (), "another"),
            "No. In these articles it is not the person asked about who says so, but:",
        ),
        (asked("change"), Decision(True, None, OVER_TIME), "Oldest first:"),
        (
            asked("change"),
            Decision(True, None, OVER_TIME[:1]),
            "What was found on this is of one day alone:",
        ),
        (asked("change"), Decision(True, None, (OVER_TIME[0], hit(1.0))), "Judge by the words:"),
    ],
)
def test_openings(query: Query, decision: Decision, expected: str) -> None:
    assert opening(query, decision) == expected


@pytest.mark.parametrize(
    ("articles", "kind", "may_differ"), [("ab", "unnamed", True), ("aa", "unnamed", False), ("ab", "person", False)]
)
def test_one_description_in_several_articles_need_not_mean_one_person(
    articles: str, kind: SpeakerKind, may_differ: bool
) -> None:
    def made(article: str) -> Hit:
        found = hit(1.0, by="minister", id=article)
        speaker = Speaker("minister", kind=kind)
        return replace(found, statement=replace(found.statement, quote=replace(found.statement.quote, speaker=speaker)))

    minister = Party("the minister", ("minister",), ("minister",))
    told = opening(Query("?", "?", parties=(minister,)), Decision(True, None, tuple(map(made, articles))))
    assert (told == "Who the minister is may differ from article to article.") is may_differ


def test_what_the_reader_must_know_of_the_judge_comes_first() -> None:
    assert opening(asked("did_say", HALE), Decision(True, "yes", ()), "The model is away.") == "The model is away. Yes."
    assert opening(asked("said_what"), Decision(True, None, ()), "The model is away.") == "The model is away."


def test_a_text_is_the_opening_and_the_statements() -> None:
    assert text_of("Yes.", [POOLE]) == "Yes.\n\nKarl Poole, in the article’s words: it will not hold [2]"
    assert text_of("", [POOLE]) == "Karl Poole, in the article’s words: it will not hold [2]"
    assert text_of("Yes.", []) == "Yes."
    assert text_of("", []) == ""


def test_the_same_words_in_other_outlets_share_a_marker() -> None:
    other = replace(HOLDS, publication="The Mail", published="2026-03-02")
    made = told(replace(HOLDS, publication="The Post", published="2026-03-01", also=(other, other, HOLDS)))
    assert made.endswith("“for a year.” (The Post, 1 March 2026; also in: The Mail, 2 March 2026) [1]")


def test_somebody_is_called_what_the_article_calls_them() -> None:
    assert told(replace(HOLDS, speaker="", role=None, source="three officials")).startswith(
        "Three officials, not named in the article, said: “"
    )
    assert told(replace(POOLE, speaker="", source="a clerk")).startswith(
        "A clerk, not named in the article, in the article’s words: "
    )


def test_straight_marks_in_a_paraphrase_are_shown_in_pairs() -> None:
    odd = citation('Ida Hale said he "made up" the "whole" of it.', 'he "made up" the "whole" of it', kind="indirect")
    assert told(odd).endswith("in the article’s words: he “made up” the “whole” of it [1]")
    fake = citation('Ida Hale said he "made up" [2] of it.', 'he "made up" [2] of it', kind="indirect")
    assert told(fake).endswith('in the article’s words: he "made up" [2] of it [1]')


@pytest.mark.parametrize(
    "words", ["‘The keeper’s dog barked.", "‘The keeper’s dog barked.’", "'The keeper's dog barked.'"]
)
def test_single_marks_give_way_to_double_ones_even_where_only_one_stands(words: str) -> None:
    shown = told(citation(f"Ida Hale said: {words}", words))
    assert re.search("“The keeper.s dog barked.”", shown)
