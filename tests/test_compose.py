"""The sentences around the copied words: who, what about, where, when; each passes verification."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.citations import problems
from rag.compose import EMPTY, NOT_SAID, Stated, body, closing, opening, sentence, text_of
from rag.decision import Decision
from rag.prose import Prose
from rag.schema import Citation, Query
from tests.fakes import citation, hit

HOLDS = citation("“The dam will hold,” Ida Hale said, “for a year.”", "The dam will hold,", "for a year.")
PLAIN = citation("Karl Poole said that it will not hold.", "it will not hold", kind="indirect", number=2)
POOLE = replace(PLAIN, speaker="Karl Poole", role=None)


def told(cited: Citation, phrase: str = "") -> str:
    made = sentence(Stated(cited, phrase))
    assert problems(made, [cited]) == []
    return made


def test_direct_words_stand_in_quotation_marks() -> None:
    assert told(HOLDS) == "Ida Hale, mayor, said: “The dam will hold,” … “for a year.” [1]"


def test_indirect_words_stand_without_and_are_called_the_article_s() -> None:
    assert told(POOLE) == "Karl Poole, in the article’s words: it will not hold [2]"
    assert told(PLAIN) == "Ida Hale, mayor, in the article’s words: it will not hold [2]"


def test_a_colon_is_no_word_of_a_paraphrase() -> None:
    text = "Ida Hale: the lock is dry"
    cited = citation(text, "the lock is dry", kind="indirect", cue=(8, 9))
    assert told(cited) == "Ida Hale, mayor, in the article’s words: the lock is dry [1]"
    assert Prose(told(cited), {1: cited}, frozenset()).differences == []


def test_a_cue_before_the_context_adds_no_words() -> None:
    """A place before the context, as an index, would count from its end and double the last words."""
    text = "The clerk, Ida Hale, wrote:\nThe lock is dry. It stays so until the spring."
    outside = citation(text, "The lock is dry. It stays so until the spring.", kind="indirect", cue=(21, 26))
    assert told(outside) == f"Ida Hale, mayor, in the article’s words: wrote {outside.quote} [1]"
    begin = text.index("\n") + 1
    assert told(replace(outside, context=text[begin:], context_start=begin)) == (
        f"Ida Hale, mayor, in the article’s words: {outside.quote} [1]"
    )


def test_a_phrase_says_what_it_is_about() -> None:
    assert told(HOLDS, "the dam").startswith("On the dam, Ida Hale, mayor, said: “")
    assert told(POOLE, "the dam").startswith("On the dam, Karl Poole, in the article’s words: it")
    assert sentence(Stated(HOLDS, "the dam"), named=False).startswith("On the dam: “The dam")
    assert sentence(Stated(POOLE, "the dam"), named=False).startswith("On the dam, in the article’s words: it")
    assert sentence(Stated(HOLDS), named=False).startswith("“The dam will hold,”")


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
    assert told(replace(HOLDS, speaker="", role=None)).startswith("Somebody the article does not name said: “")
    assert "‘he’ said: “" in told(replace(HOLDS, speaker="He", role=None))
    assert told(replace(POOLE, speaker="")).startswith("Somebody the article does not name, in the article’s words: ")


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
    assert body([Stated(HOLDS)]) == [sentence(Stated(HOLDS))]
    assert body([Stated(HOLDS), Stated(POOLE)]) == [
        f"- {sentence(Stated(HOLDS))}",
        f"- {sentence(Stated(POOLE))}",
    ]
    assert body([]) == []


def test_a_heading_names_one_person_who_says_it_all() -> None:
    again = replace(HOLDS, number=2)
    assert body([Stated(HOLDS), Stated(again, "the dam")]) == [
        "Ida Hale, mayor:",
        "- “The dam will hold,” … “for a year.” [1]",
        "- On the dam: “The dam will hold,” … “for a year.” [2]",
    ]


def test_two_people_without_a_name_are_not_taken_for_one() -> None:
    nobody = replace(HOLDS, speaker="", role=None)
    assert body([Stated(nobody), Stated(replace(nobody, number=2))])[0].startswith("- Somebody the article does not")


def test_a_role_is_told_once() -> None:
    lines = body([Stated(HOLDS), Stated(POOLE), Stated(replace(HOLDS, number=3))])
    assert [line.partition(":")[0] for line in lines] == [
        "- Ida Hale, mayor, said",
        "- Karl Poole, in the article’s words",
        "- Ida Hale said",
    ]


OVER_TIME = (hit(1.0, published="2026-01-01"), hit(1.0, published="2026-02-01"))
ASKED = Query("Did Ida Hale say so?", "did_say", "so", ("Ida Hale",))


@pytest.mark.parametrize(
    ("query", "decision", "expected"),
    [
        (Query("", "said_what", ""), Decision(False, None, ()), EMPTY),
        (ASKED, Decision(True, "yes", ()), "Yes."),
        (ASKED, Decision(True, "no", ()), "No. In these articles it is not Ida Hale who says so, but:"),
        (ASKED, Decision(True, None, ()), "Judge by the words:"),
        (ASKED, Decision(False, None, ()), f"{NOT_SAID} Ida Hale is quoted in them, but not on this."),
        (
            replace(ASKED, speakers=(), unknown_speakers=("Ann Reed", "Bo Reed")),
            Decision(False, None, (hit(0.5),)),
            f"{NOT_SAID} Nobody is quoted in them under the name Ann Reed and Bo Reed. The closest they come:",
        ),
        (ASKED, Decision(True, "no", (), "opposite"), "No. In these articles Ida Hale says otherwise:"),
        (
            replace(ASKED, premise="it is so"),
            Decision(False, None, ()),
            f"{NOT_SAID} Ida Hale is quoted in them, but not as saying that.",
        ),
        (
            replace(ASKED, kind="compare"),
            Decision(True, None, (), silent=("Karl Poole",)),
            "Nothing is quoted in these articles from Karl Poole on this.",
        ),
        (
            replace(ASKED, kind="said_what", ambiguous=("Ida Hale", "Tom Hale")),
            Decision(True, None, ()),
            "The name can mean Ida Hale or Tom Hale, so each is answered for.",
        ),
        (
            replace(ASKED, kind="said_what", respelt=(("Hael", "Ida Hale"),)),
            Decision(True, None, ()),
            "Taking Hael to mean Ida Hale.",
        ),
        (replace(ASKED, kind="change"), Decision(True, None, OVER_TIME, conflict=(0, 1)), "Oldest first:"),
        (
            replace(ASKED, kind="change"),
            Decision(True, None, OVER_TIME),
            "No change is seen in these articles; oldest first:",
        ),
        (
            replace(ASKED, kind="change"),
            Decision(True, None, OVER_TIME[:1]),
            "These articles show no change over time; what they have:",
        ),
        (replace(ASKED, kind="said_what"), Decision(True, None, ()), ""),
        (Query("x", "said_what", "x"), Decision(False, None, ()), NOT_SAID),
    ],
)
def test_openings(query: Query, decision: Decision, expected: str) -> None:
    assert opening(query, decision) == expected


def test_a_text_is_the_opening_and_the_statements() -> None:
    assert text_of("Yes.", [Stated(POOLE)]) == "Yes.\n\nKarl Poole, in the article’s words: it will not hold [2]"
    assert text_of("", [Stated(POOLE)]) == "Karl Poole, in the article’s words: it will not hold [2]"
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


HOLD = replace(HOLDS, against=2)
FALL = citation("Ida Hale said: “The dam will fall.”", "The dam will fall.", number=2, against=1)
THIRD = replace(HOLDS, number=3)


def test_two_statements_at_odds_stand_side_by_side_at_the_end() -> None:
    end = closing([Stated(HOLD), Stated(FALL), Stated(THIRD)])
    assert end == (
        "Ida Hale, the two that do not go together:\n"
        "- “The dam will hold,” … “for a year.” [1]\n"
        "- “The dam will fall.” [2]"
    )
    assert all(problems(line, [HOLD, FALL]) == [] for line in end.split("\n"))


def test_when_the_two_at_odds_are_all_they_are_not_told_again() -> None:
    assert closing([Stated(HOLD), Stated(FALL)]) == "These two do not go together."


def test_nothing_is_at_odds_until_both_are_told() -> None:
    assert closing([Stated(HOLD), Stated(THIRD)]) == ""
    assert closing([Stated(HOLDS), Stated(THIRD)]) == ""


def test_straight_marks_in_a_paraphrase_are_shown_in_pairs() -> None:
    odd = citation('Ida Hale said he "made up" the "whole" of it.', 'he "made up" the "whole" of it', kind="indirect")
    assert told(odd).endswith("in the article’s words: he “made up” the “whole” of it [1]")
    fake = citation('Ida Hale said he "made up" [2] of it.', 'he "made up" [2] of it', kind="indirect")
    assert told(fake).endswith('in the article’s words: he "made up" [2] of it [1]')
