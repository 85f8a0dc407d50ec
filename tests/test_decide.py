"""What a judge's probabilities decide, case by case: answered, yes or no, by which statements, in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rag.judging.decide import LIKELY, LISTED, MOST_LISTED, SURELY, decide
from rag.judging.decision import BESIDE, FAINT, MOST, SHOWN, Decision, never
from rag.judging.eligible import BY_OTHERS
from rag.judging.verdict import ANOTHER, OPPOSITE, SILENT, SURE, TIMES, YES
from rag.schema import Judged, Judgement, Party, Query, QuestionKind, Span, Speaker, Statement
from tests.fakes import hit, party

HALE, POOLE = party("Ida Hale"), party("Karl Poole")


def judgement(
    words: str, *, by: str = "Ida Hale", day: str | None = None, outlet: str | None = None, **likely: Any
) -> Judgement:
    return Judgement(hit(1.0, words, by=by, id=words, published=day, publication=outlet), **likely)


def query(kind: QuestionKind = "said_what", *parties: Party, **about: Any) -> Query:
    return Query("?", "?", kind, parties, **about)


def decided(asked: Query, *found: Judgement, agrees: bool = True, repeats: str = "") -> Decision:
    """What is decided where letters agree with a "yes", and the statements of `repeats` have the claim's own words."""
    return decide(
        asked,
        Judged(found, "fake"),
        agrees=lambda query, statement: agrees,
        repeats=lambda query, statement: statement.quote.text in repeats,
    )


def always(query: Query, statement: Statement) -> bool:
    return True


def shown(decision: Decision) -> str:
    """The words of the statements, each one letter in these tests."""
    return "".join(found.statement.quote.text for found in decision.hits)


@pytest.mark.parametrize(
    ("likely", "answered", "words"),
    [
        ((0.9, 0.8, 0.1), True, "ab"),
        ((SHOWN, 0.1, 0.0), True, "a"),
        ((SHOWN - 0.01, 0.2, 0.1), False, "ab"),
        ((0.9, SHOWN, 0.9 * BESIDE), True, "ac"),
        ((0.7, 0.9, 0.8), True, "abc"),
        ((0.0, 0.0, 0.0), False, ""),
    ],
)
def test_what_is_likely_and_not_much_less_so_than_the_best_answers(
    likely: tuple[float, ...], answered: bool, words: str
) -> None:
    found = [judgement(word, answers=p) for word, p in zip("abc", likely, strict=True)]
    decision = decided(query("who_said"), *found)
    assert (decision.answered, decision.verdict, shown(decision)) == (answered, None, words)


def test_what_stands_beside_the_best_is_likely_by_itself() -> None:
    found = [judgement(word, answers=p) for word, p in zip("abc", (LIKELY + 0.1, LIKELY, LIKELY - 0.01), strict=True)]
    assert shown(decided(query("who_said"), *found)) == "ab"


def test_a_list_of_little_likely_statements_has_the_likeliest() -> None:
    found = [judgement("a", answers=LISTED - 0.1), judgement("b", by="Karl Poole", answers=LISTED - 0.2)]
    assert shown(decided(query("list"), *found)) == "a"


def test_all_relations_together_make_a_statement_worth_showing() -> None:
    assert decided(query("who_said"), judgement("a", answers=0.1, says_so=0.1, another=0.1)).answered


def test_nothing_judged_is_no_answer() -> None:
    for kind in ("said_what", "did_say", "list", "compare", "change"):
        assert decided(query(kind, HALE, POOLE)) == Decision(False, None, ())


def test_an_answer_has_few_statements_and_a_list_or_a_change_more() -> None:
    found = [judgement(chr(97 + n), by=f"Ann {chr(65 + n)}ley", answers=0.9) for n in range(MOST_LISTED + 3)]
    for kind, most in (("said_what", MOST), ("list", MOST_LISTED), ("overview", MOST_LISTED), ("change", MOST_LISTED)):
        assert len(decided(query(kind), *found).hits) == most  # type: ignore[arg-type]


def test_what_seems_to_ask_nothing_is_answered_only_by_what_surely_answers() -> None:
    assert not decided(query("talk"), judgement("a", answers=SURELY - 0.01)).answered
    assert shown(decided(query("talk"), judgement("a", answers=SURELY))) == "a"


def test_a_survey_shows_everybody_once() -> None:
    found = [judgement("a", answers=1.0), judgement("b", by="Karl Poole", answers=1.0), judgement("c", answers=1.0)]
    assert shown(decided(query("survey"), *found)) == "ab"


DID: list[tuple[list[Judgement], bool, Any, str, str]] = [
    ([judgement("a", says_so=YES)], True, "yes", "", "a"),
    ([judgement("a", says_so=0.9), judgement("b", says_so=0.7), judgement("c", another=0.9)], True, "yes", "", "ab"),
    ([judgement("a", opposite=OPPOSITE)], True, "no", "opposite", "a"),
    (
        [judgement("a", another=0.9), judgement("b", opposite=0.8), judgement("c", another=0.7)],
        True,
        "no",
        "opposite",
        "ba",
    ),
    (
        [
            judgement("a", another=0.9),
            judgement("b", opposite=0.9 * BESIDE - 0.01),
            judgement("c", another=0.9 * BESIDE),
        ],
        True,
        "no",
        "another",
        "ac",
    ),
    ([judgement("a", opposite=0.9), judgement("b", another=0.9 * BESIDE - 0.01)], True, "no", "opposite", "a"),
    ([judgement("a", another=0.9), judgement("b", another=0.9 * BESIDE - 0.01)], True, "no", "another", "a"),
    ([judgement("a", says_so=0.9), judgement("b", opposite=0.7)], True, "yes", "", "a"),
    ([judgement("a", opposite=0.9), judgement("b", says_so=0.7)], True, "no", "opposite", "a"),
    ([judgement("a", says_so=YES - 0.01, opposite=OPPOSITE)], True, None, "", "a"),
    ([judgement("a", opposite=OPPOSITE, says_so=OPPOSITE + 0.01)], True, None, "", "a"),
    ([judgement("a", opposite=0.6, says_so=0.6 / TIMES + 0.01)], True, None, "", "a"),
    ([judgement("a", opposite=0.6, says_so=0.6 / TIMES)], True, "no", "opposite", "a"),
    ([judgement("a", another=ANOTHER)], True, "no", "another", "a"),
    ([judgement("a", another=0.9), judgement("b", says_so=SILENT - 0.01)], True, "no", "another", "a"),
    ([judgement("a", another=0.9), judgement("b", says_so=SILENT)], True, None, "", "ab"),
    ([judgement("a", says_so=YES - 0.01)], True, None, "", "a"),
    ([judgement("a", answers=0.9), judgement("b", answers=0.8)], True, None, "", "ab"),
    ([judgement("a", another=0.9), judgement("b", says_so=0.8)], True, None, "", "ab"),
    ([judgement("a", says_so=0.1, another=0.1), judgement("b"), judgement("c")], False, None, "", "a"),
]


@pytest.mark.parametrize(("found", "answered", "verdict", "note", "words"), DID)
def test_did_they_say_it(found: list[Judgement], answered: bool, verdict: Any, note: str, words: str) -> None:
    decision = decided(query("did_say", HALE), *found)
    assert (decision.answered, decision.verdict, decision.note, shown(decision)) == (answered, verdict, note, words)


@pytest.mark.parametrize("found", [case[0] for case in DID])
def test_letters_take_every_yes_away_and_give_none(found: list[Judgement]) -> None:
    with_letters, without = (decided(query("did_say", HALE), *found, agrees=agrees) for agrees in (False, True))
    assert with_letters.verdict != "yes"
    if without.verdict != "yes":
        assert with_letters == without


@pytest.mark.parametrize("found", [case[0] for case in DID if all(one.opposite < SURE for one in case[0])])
def test_the_claim_s_own_words_take_every_no_away_and_give_none(found: list[Judgement]) -> None:
    with_words, without = (decided(query("did_say", HALE), *found, repeats=words) for words in ("abc", ""))
    assert with_words.verdict != "no" or not any(map(_bears_on_it, found))
    if without.verdict != "no":
        assert with_words.verdict == without.verdict


def test_a_sure_no_stands_though_the_claim_s_own_words_do_too() -> None:
    for opposite, verdict in ((SURE, "no"), (SURE - 0.01, None)):
        assert decided(query("did_say", HALE), judgement("a", opposite=opposite), repeats="a").verdict == verdict


def test_what_the_asked_say_in_the_question_s_own_words_is_not_called_nothing_on_it() -> None:
    found = [judgement("a", answers=SHOWN / 2), judgement("b", answers=SHOWN / 3), judgement("c", by="Karl Poole")]
    asked, talk = (replace(query(kind, HALE), text="the strike at the mill") for kind in ("said_what", "talk"))
    decision = decided(asked, *found, repeats="bc")
    assert (decision.answered, shown(decision)) == (True, "b")
    assert not decided(asked, *found).answered
    assert not decided(talk, *found, repeats="bc").answered


def _bears_on_it(one: Judgement) -> bool:
    return one.shown >= SHOWN and one.hit.statement.quote.speaker is not None and one.another < SHOWN


def test_what_has_the_claim_s_own_words_stands_first() -> None:
    found = [judgement("a", opposite=0.8), judgement("b", opposite=0.5), judgement("c", says_so=0.3)]
    decision = decided(query("did_say", HALE), *found, repeats="c")
    assert (decision.answered, decision.verdict, shown(decision)) == (True, None, "cab")


def test_a_yes_rests_only_on_statements_whose_letters_agree() -> None:
    def agrees(query: Query, statement: Statement) -> bool:
        return statement.quote.text != "a"

    judged = Judged((judgement("a", says_so=0.9), judgement("b", says_so=0.7)), "fake")
    decision = decide(query("did_say", HALE), judged, agrees=agrees, repeats=never)
    assert (decision.verdict, shown(decision)) == ("yes", "b")


@pytest.mark.parametrize(
    ("words", "likely", "verdict"),
    [("it lets water in", SURE, "yes"), ("it lets water in", SURE - 0.01, None), ("the gate leaks", SURE, None)],
)
def test_a_negation_takes_away_a_yes_that_is_unsure_or_in_all_the_claim_s_words(
    words: str, likely: float, verdict: Any
) -> None:
    asked = Query("Did Ida Hale say the gate leaks?", "Did Ida Hale say the gate leaks?", "did_say", (HALE,))
    judged = Judged((judgement(words, says_so=likely),), "fake")
    assert decide(asked, judged, agrees=always, repeats=never, turns=always).verdict == verdict
    assert decide(asked, judged, agrees=always, repeats=never).verdict == "yes"


def test_a_list_has_each_speaker_once_and_everybody_without_a_name() -> None:
    found = [
        judgement("a", answers=0.9),
        judgement("b", answers=0.8),
        judgement("c", by="Karl Poole", answers=LISTED),
        judgement("d", by="", answers=LISTED),
        judgement("e", by="", answers=LISTED),
        judgement("f", by="Ann Reed", answers=LISTED - 0.01),
    ]
    assert shown(decided(query("list"), *found)) == "acde"


SIDES = [
    judgement("p", by="Karl Poole", answers=0.95),
    judgement("h", answers=0.9),
    judgement("i", answers=0.8),
    judgement("j", answers=0.7),
    judgement("r", by="Ann Reed", answers=0.6),
]


@pytest.mark.parametrize(
    ("parties", "words", "silent"),
    [
        ((HALE, POOLE), "hpi", ()),
        ((POOLE, HALE), "phi", ()),
        ((HALE, party("Ann Reed")), "hrpi", ()),
        ((HALE, party("Tom Brook")), "hpi", ("Tom Brook",)),
        ((HALE, Party("the diver")), "hpi", ()),
        ((Party("Harlan Quist", named=True), POOLE), "phi", ()),
        ((HALE,), "hpi", ()),
        ((), "phi", ()),
    ],
)
def test_a_comparison_gives_each_side_and_the_likeliest_speakers_and_names_the_silent(
    parties: tuple[Party, ...], words: str, silent: tuple[str, ...]
) -> None:
    decision = decided(query("compare", *parties), *SIDES)
    assert (decision.answered, shown(decision), decision.silent) == (True, words, silent)


def test_a_comparison_has_what_stands_beside_the_best_of_a_side_and_prefers_whom_the_question_names() -> None:
    near = (judgement("h", answers=0.65), judgement("i", answers=0.5), judgement("j", answers=0.4))
    poole = judgement("p", by="Karl Poole", answers=0.9)
    assert shown(decided(query("compare", HALE, POOLE), poole, *near)) == "hpi"
    board = judgement("b", by="Tide Board", answers=0.8)
    asked = replace(query("compare", HALE), question="How do Hale and the board differ?")
    assert shown(decided(asked, poole, board, judgement("k", answers=0.75), *near)) == "kbh"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("Ida Hale", "Hale", "Karl Poole"), "ac"),
        (("Hale", "Ida Hale", "I. Hale"), "a"),
        (("Ida Hale", "Karl Hale", "Hale"), "abc"),
        (("the board", "the board of Tarn", "the board"), "ab"),
    ],
)
def test_a_list_has_each_once_under_whatever_name(names: tuple[str, ...], words: str) -> None:
    found = [judgement(word, by=name, answers=0.9) for word, name in zip("abc", names, strict=True)]
    assert shown(decided(query("list"), *found)) == words


def test_a_follow_up_on_another_time_is_answered_by_what_was_said_then() -> None:
    may, june = judgement("m", day="2026-05-03", answers=0.1), judgement("j", day="2026-06-03", answers=0.9)
    asked = Query(
        "And in May?", "What did Ida Hale say about tugs in May?", parties=(HALE,), when="in May", yearly="05"
    )
    decision = decided(asked, june, may)
    assert (decision.answered, shown(decision)) == (False, "m")
    fresh = decided(replace(asked, question=asked.text), june, may)
    assert (fresh.answered, shown(fresh)) == (False, "jm")


def on_tugs(*parties: Party) -> Query:
    return Query("on tugs and quays?", "on tugs and quays?", "said_what", parties)


def test_what_another_person_says_is_no_answer_where_the_asked_answer() -> None:
    assert shown(decided(on_tugs(HALE), *SIDES)) == "hij"
    assert shown(decided(on_tugs(POOLE), *SIDES)) == "p"


def test_what_nobody_known_says_stands_where_it_is_as_likely_as_the_best_of_the_asked() -> None:
    unnamed = [
        replace(one, hit=replace(one.hit, statement=replace(one.hit.statement, quote=quote)))
        for one in SIDES[:1]
        for quote in (replace(one.hit.statement.quote, speaker=Speaker("a diver", kind="unnamed")),)
    ]
    assert shown(decided(on_tugs(HALE), *unnamed, *SIDES[1:])) == "phi"
    assert shown(decided(on_tugs(HALE), SIDES[1], replace(unnamed[0], answers=0.8))) == "h"


@pytest.mark.parametrize(
    ("text", "words"), [("What did Ida Hale say?", "a"), ("What did Ida Hale say about tugs?", "")]
)
def test_a_question_about_nothing_but_a_person_shows_what_there_is_of_that_person(text: str, words: str) -> None:
    asked = Query(text, text, "said_what", (HALE,))
    found = [judgement("b", by="Karl Poole", answers=SHOWN - 0.05), judgement("a", answers=SHOWN - 0.1)]
    decision = decided(asked, *found)
    assert (decision.answered, shown(decision) if decision.answered else "") == (bool(words), words)


def test_somebody_else_answers_for_a_name_that_nobody_bears_only_when_that_is_likely() -> None:
    text = "What did Harlan Quist say of tugs?"
    asked = Query(text, text, "said_what", (Party("Harlan Quist", named=True),))
    by_another = judgement("a", by="Karl Poole", answers=BY_OTHERS - 0.01)
    assert not decided(asked, by_another).answered
    assert decided(query("who_said"), by_another).answered
    assert not decided(query("said_what"), by_another).answered
    assert shown(decided(asked, by_another, judgement("n", by="", answers=SHOWN))) == "n"
    assert shown(decided(asked, judgement("a", by="Karl Poole", answers=BY_OTHERS))) == "a"


def test_a_change_goes_by_date_and_the_undated_comes_last() -> None:
    found = [
        judgement("c", answers=0.9),
        judgement("b", answers=0.8, day="2026-02-01"),
        judgement("a", answers=0.7, day="2025-12-31"),
    ]
    assert shown(decided(query("change", HALE), *found)) == "abc"


def test_of_a_change_each_day_s_likeliest_is_shown_and_nobody_else_s_words() -> None:
    found = [
        judgement("b", answers=0.9, day="2026-02-01"),
        judgement("p", answers=0.9, day="2026-03-01", by="Karl Poole"),
        judgement("c", answers=0.46, day="2026-04-01"),
        judgement("d", answers=0.45, day="2026-04-01"),
        judgement("a", answers=0.44, day="2025-12-31"),
    ]
    assert shown(decided(query("change", HALE), *found)) == "bc"


DATED = [
    judgement("a", answers=0.9, day="2025-06-01", outlet="The Post"),
    judgement("b", answers=0.8, day="2026-06-01", outlet="The Mail"),
    judgement("c", answers=0.2, day="2024-06-01", outlet="Echo"),
]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({}, "ab"),
        ({"since": "2026-01-01"}, "b"),
        ({"until": "2025-12-31"}, "a"),
        ({"outlets": ("The Mail",)}, "b"),
        ({"since": "2024-01-01", "until": "2024-12-31"}, "ab"),
        ({"outlets": ("Echo",)}, "ab"),
        ({"since": "2026-01-01", "outlets": ("The Post",)}, "b"),
    ],
)
def test_the_time_and_the_outlet_asked_about_are_kept_to_where_they_answer(wish: dict[str, Any], words: str) -> None:
    assert shown(decided(query(**wish), *DATED)) == words


def test_the_speaker_whom_the_judge_sees_is_the_statement_s() -> None:
    found = judgement("a", answers=0.9)
    seen = Judgement(found.hit, 0.9, seen=Span(0, 10, "Karl Poole"))
    [one] = decided(query("list"), seen).hits
    assert one.statement.quote.speaker is not None
    assert (one.statement.quote.speaker.name, one.statement.quote.speaker.role) == ("Karl Poole", None)
    assert one.statement.quote.source == (Span(0, 10, "Karl Poole"),)
    assert one.statement.quote.content == found.hit.statement.quote.content


def test_deciding_changes_nothing_it_was_given() -> None:
    judged = Judged(tuple(SIDES), "fake")
    first = decide(query("compare", HALE, POOLE), judged, agrees=always, repeats=never)
    assert decide(query("compare", HALE, POOLE), judged, agrees=always, repeats=never) == first
    assert judged == Judged(tuple(SIDES), "fake")


LATER = (
    judgement("a", by="Karl Poole", day="2026-01-02", answers=SHOWN),
    judgement("b", day="2026-01-01", answers=0.1),
    judgement("c", day="2026-02-01", answers=0.05),
)


@pytest.mark.parametrize(
    ("question", "wish", "words"),
    [
        ("What did Ida Hale say on 1 February 2026?", {"since": "2026-02-01", "when": "on 1 February 2026"}, "c"),
        ("What did Ida Hale say in 2026?", {"since": "2026-01-01", "when": "in 2026"}, "bc"),
        ("What did Ida Hale tell the Mail?", {"outlets": ("Mail",)}, "bc"),
    ],
    ids=["a day", "a year", "an outlet"],
)
def test_who_is_asked_about_on_nothing_but_a_time_or_an_outlet_answers_by_what_they_say(
    question: str, wish: dict[str, Any], words: str
) -> None:
    assert shown(decided(Query(question, question, "said_what", (HALE,), **wish), *LATER)) == words


SAID = (judgement("the dam holds", answers=0.9), judgement("the gate leaks", by="Karl Poole", answers=0.8))


@pytest.mark.parametrize(
    ("kind", "told", "words"),
    [
        ("who_said", "Ida Hale said: “It stands.” [1]", "the gate leaks"),
        ("list", "Ida Hale said: “It stands.” [1]", "the gate leaks"),
        ("said_what", "Ida Hale said: “It stands.” [1]", "the dam holds"),
        ("said_what", "She said: “The dam holds.” [1]", "the gate leaks"),
        ("who_said", "", "the dam holds"),
    ],
    ids=["who else", "who else, of a list", "the same person", "the same words", "not asked for more"],
)
def test_what_was_told_before_is_no_answer_to_what_else_there_is(kind: QuestionKind, told: str, words: str) -> None:
    assert decided(query(kind, told=told), *SAID).hits[0].statement.quote.text == words


def test_who_else_is_nobody_where_all_were_told() -> None:
    assert not decided(query("who_said", told="Ida Hale said it. Karl Poole, too."), *SAID).answered


def test_what_surely_answers_nothing_does_not_come_closest() -> None:
    found = (judgement("a", answers=FAINT), judgement("b", answers=0.9 * FAINT))
    assert shown(decided(query(), *found)) == "a"


def test_who_says_the_claim_s_very_words_is_another_though_a_nameless_one_bears_on_it_more() -> None:
    found = [judgement("n", by="", answers=0.81), judgement("b", by="Karl Poole", another=0.8)]
    verdicts = [decided(query("did_say", HALE), *found, repeats=repeated).verdict for repeated in ("", "b")]
    assert verdicts == [None, "no"]
