"""Answered or not, yes or no, and by which statements: with retrieval given by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rag.decision import MAX_CITATIONS, MAX_CLOSEST, PER_SPEAKER, Decision, decide
from rag.evidence import Scales
from rag.schema import Asked, Hit, Query, QuestionKind
from rag.several import MAX_LISTED
from tests.fakes import FakeEmbeddings, Found, hit, speaker_name

HOLDS = "The dam will hold."
OTHER = "Trout breed in spring."  # Shares no word with the topic.
TOPIC = "the dam will hold"


def made(kind: QuestionKind, found: Found, *speakers: str, topic: str = TOPIC, **about: Any) -> Decision:
    scales = Scales([each.statement.quote.text for each in found.hits], FakeEmbeddings().embed)
    return decide(Query("the question", kind, topic, speakers, **about), found, scales)


def scores(decision: Decision) -> list[float]:
    return [found.score for found in decision.hits]


def names(decision: Decision) -> list[str]:
    return [speaker_name(found) for found in decision.hits]


def said(decision: Decision) -> list[str]:
    return [found.statement.quote.text for found in decision.hits]


def test_nothing_found_is_not_answered() -> None:
    for kind in ("said_what", "who_said", "did_say", "list", "compare", "change"):
        assert made(kind, Found()) == Decision(False, None, ())
        assert made(kind, Found(), "Ida Hale") == Decision(False, None, ())
        assert made(kind, Found(), "Ida Hale", "Karl Poole") == Decision(False, None, ())
        assert made(kind, Found(), unknown_speakers=("Ann Reed",)) == Decision(False, None, ())


def test_an_empty_question_is_not_answered_by_anything() -> None:
    assert decide(Query("", "said_what", ""), Found(hit(2.0)), Scales([], FakeEmbeddings().embed)) == Decision(
        False, None, ()
    )


def test_somebody_on_another_topic_is_shown_as_the_closest_only() -> None:
    found = Found(hit(1.0, by="Karl Poole"), *(hit(0.3 - 0.01 * n, f"{OTHER} Year {n}.") for n in range(5)))
    decision = made("said_what", found, "Ida Hale")
    assert (decision.answered, decision.verdict, names(decision)) == (False, None, ["Ida Hale"] * MAX_CLOSEST)
    assert scores(decision) == [0.3, 0.29]


def test_somebody_who_comes_as_near_as_anybody_answers_without_a_word_in_common() -> None:
    decision = made("said_what", Found(hit(1.0, by="Karl Poole"), hit(0.9, OTHER)), "Ida Hale")
    assert (decision.answered, said(decision), decision.sure) == (True, [OTHER], False)


def test_an_answer_in_the_question_s_own_words_is_sure() -> None:
    assert made("said_what", Found(hit(1.0)), "Ida Hale").sure


def test_of_nobody_in_particular_only_what_shares_the_topic_answers() -> None:
    assert made("said_what", Found(hit(1.0, OTHER))) == Decision(False, None, ())
    assert made("said_what", Found(hit(1.0))).answered


def test_the_best_and_those_near_it_answer() -> None:
    decision = made("said_what", Found(hit(1.0), hit(0.71, "Two."), hit(0.69, "Three.")))
    assert (decision.answered, decision.verdict, scores(decision)) == (True, None, [1.0, 0.71])
    many = Found(*(hit(1.0, f"{HOLDS} Number {n}.") for n in range(20)))
    assert len(made("who_said", many).hits) == MAX_CITATIONS


def test_only_the_speaker_asked_about_answers() -> None:
    found = Found(hit(2.0, by="Karl Poole"), hit(1.6, by="Ida Hale"))
    assert names(made("said_what", found, "Ida Hale")) == ["Ida Hale"]


def test_somebody_who_is_not_quoted_is_not_answered_however_near_others_come() -> None:
    decision = made("said_what", Found(hit(2.0, by="Karl Poole")), unknown_speakers=("Ann Reed",))
    assert not decision.answered
    assert names(decision) == ["Karl Poole"]


def test_an_office_is_answered_by_whom_it_fits() -> None:
    poole, weir = replace(hit(1.0, by="Karl Poole"), missed=("speaker",)), hit(0.9, by="Jon Weir")
    office = ("the river warden",)
    assert names(made("said_what", Found(poole, weir), described=office)) == ["Jon Weir"]
    assert names(made("who_said", Found(poole, weir), described=office)) == ["Karl Poole", "Jon Weir"]
    assert names(made("said_what", Found(poole), described=office)) == ["Karl Poole"]


def test_a_question_without_a_topic_gets_what_the_person_said() -> None:
    found = Found(hit(1.0, by="Karl Poole"), hit(0.1, OTHER))
    assert said(made("said_what", found, "Ida Hale", topic="What did say")) == [OTHER]


class TestDidSay:
    """Did X say Y?"""

    def test_yes_is_the_speaker_s_own_statement(self) -> None:
        decision = made("did_say", Found(hit(1.0), hit(0.5, by="Karl Poole")), "Ida Hale")
        assert (decision.answered, decision.verdict, names(decision)) == (True, "yes", ["Ida Hale"])

    def test_yes_although_another_says_it_too(self) -> None:
        found = Found(hit(1.0), hit(1.1, by="Karl Poole"))
        assert made("did_say", found, "Ida Hale").verdict == "yes"

    def test_no_is_somebody_else_s_statement(self) -> None:
        found = Found(hit(0.8, OTHER), hit(1.0, by="Karl Poole"))
        decision = made("did_say", found, "Ida Hale")
        assert (decision.answered, decision.verdict, names(decision)) == (True, "no", ["Karl Poole"])

    def test_no_for_somebody_who_is_not_quoted_when_another_says_it(self) -> None:
        decision = made("did_say", Found(hit(1.0, by="Karl Poole")), unknown_speakers=("Ann Reed",))
        assert (decision.verdict, names(decision)) == ("no", ["Karl Poole"])

    def test_no_by_another_who_leaves_the_number_out(self) -> None:
        found = Found(hit(0.3, OTHER), hit(1.0, "The old dam will hold for years.", by="Karl Poole"))
        decision = made("did_say", found, "Ida Hale", topic="the dam will hold for 40 years")
        assert (decision.verdict, names(decision)) == ("no", ["Karl Poole"])

    def test_no_no_by_another_with_another_number(self) -> None:
        found = Found(hit(0.3, OTHER), hit(1.0, "The dam will hold for 30 years.", by="Karl Poole"))
        assert made("did_say", found, "Ida Hale", topic="the dam will hold for 40 years").verdict is None

    def test_no_by_the_likest_of_those_as_near(self) -> None:
        found = Found(hit(1.0, f"{HOLDS} {OTHER * 5}", by="Jon Weir"), hit(0.95, by="Karl Poole"))
        assert names(made("did_say", found, "Ida Hale"))[:1] == ["Karl Poole"]

    def test_unanswered_when_nobody_says_it(self) -> None:
        found = Found(hit(0.8, OTHER), hit(1.0, "The dam is old, the mill older.", by="Karl Poole"))
        decision = made("did_say", found, "Ida Hale")
        assert (decision.answered, decision.verdict, names(decision)) == (False, None, ["Ida Hale"])

    def test_unanswered_with_the_closest_of_others_when_the_speaker_says_nothing(self) -> None:
        decision = made("did_say", Found(hit(0.6, "The dam is old, the mill older.", by="Karl Poole")), "Ida Hale")
        assert (decision.answered, names(decision)) == (False, ["Karl Poole"])

    def test_the_opposite_is_a_no_in_the_speaker_s_own_words(self) -> None:
        decision = made("did_say", Found(hit(1.5, "The dam will not hold.")), "Ida Hale")
        assert (decision.answered, decision.verdict, decision.note) == (True, "no", "opposite")
        negated = made("did_say", Found(hit(1.5, "The dam will not hold.")), "Ida Hale", topic="the dam will not hold")
        assert negated.verdict == "yes"

    @pytest.mark.parametrize("words", ["The dam may hold.", "The dam will hold for 9 years."])
    def test_another_mood_or_number_is_shown_without_a_verdict(self, words: str) -> None:
        asked = "the dam will hold for 4 years" if "9" in words else TOPIC
        decision = made("did_say", Found(hit(1.5, words)), "Ida Hale", topic=asked)
        assert (decision.answered, decision.verdict, said(decision)) == (True, None, [words])

    def test_a_weaker_statement_does_not_hide_that_the_closest_says_the_opposite(self) -> None:
        found = Found(hit(1.5, "The dam will not hold."), hit(1.0, "The dam is old."))
        assert made("did_say", found, "Ida Hale").verdict == "no"

    def test_a_statement_as_close_that_says_it_is_a_yes(self) -> None:
        found = Found(hit(1.5, "The dam will not hold."), hit(1.45))
        assert (made("did_say", found, "Ida Hale").verdict, said(made("did_say", found, "Ida Hale"))) == (
            "yes",
            [HOLDS],
        )

    def test_a_negated_statement_of_another_is_no_no(self) -> None:
        decision = made("did_say", Found(hit(1.5, "The dam will not hold.", by="Karl Poole")), "Ida Hale")
        assert (decision.answered, decision.verdict) == (False, None)

    @pytest.mark.parametrize("by", ["", "he", "they", "the captain", "others"])
    def test_a_statement_of_nobody_named_refutes_nobody(self, by: str) -> None:
        decision = made("did_say", Found(hit(2.0, by=by)), "Ida Hale")
        assert (decision.answered, decision.verdict) == (False, None)

    def test_of_either_namesake_is_yes(self) -> None:
        decision = made("did_say", Found(hit(1.0, by="Tom Hale")), "Ida Hale", "Tom Hale")
        assert (decision.verdict, names(decision)) == ("yes", ["Tom Hale"])

    def test_shows_few_statements(self) -> None:
        found = Found(*(hit(1.0, f"The dam will hold, {'and ' * n}hold.") for n in range(9)))
        assert len(made("did_say", found, "Ida Hale").hits) == PER_SPEAKER

    def test_of_anybody_is_answered_by_what_is_said(self) -> None:
        decision = made("did_say", Found(hit(1.0, by="Karl Poole")))
        assert (decision.answered, decision.verdict, names(decision)) == (True, None, ["Karl Poole"])


class TestPremise:
    """Why did X say Y, when X did not?"""

    def test_one_that_holds_is_no_obstacle(self) -> None:
        decision = made("said_what", Found(hit(1.0)), "Ida Hale", premise=TOPIC)
        assert (decision.answered, decision.verdict, names(decision)) == (True, None, ["Ida Hale"])

    def test_one_that_is_another_s_is_corrected(self) -> None:
        found = Found(hit(0.9, OTHER), hit(1.0, by="Karl Poole"))
        decision = made("said_what", found, "Ida Hale", premise=TOPIC)
        assert (decision.answered, decision.verdict, decision.note) == (True, "no", "premise")
        assert names(decision) == ["Karl Poole"]

    def test_one_that_the_speaker_contradicts_is_corrected_in_her_words(self) -> None:
        decision = made("said_what", Found(hit(1.0, "The dam will not hold.")), "Ida Hale", premise=TOPIC)
        assert (decision.verdict, decision.note, names(decision)) == ("no", "opposite", ["Ida Hale"])

    def test_one_that_nobody_carries_is_refused(self) -> None:
        found = Found(hit(0.9, "The mill has a dam."), hit(1.0, "The dam is older.", by="Karl Poole"))
        decision = made("said_what", found, "Ida Hale", premise="call the dam a monument to vanity")
        assert (decision.answered, decision.verdict) == (False, None)


class TestCompare:
    """How do X and Y differ?"""

    def test_gives_each_person_s_best_in_the_order_asked(self) -> None:
        found = Found(
            hit(0.9, by="Karl Poole"),
            hit(0.8, "More.", by="Karl Poole"),
            hit(0.3, "Yet more.", by="Karl Poole"),
            hit(0.5, by="Ida Hale"),
        )
        decision = made("compare", found, "Ida Hale", "Karl Poole")
        assert (decision.answered, names(decision)) == (True, ["Ida Hale", "Karl Poole", "Karl Poole"])

    def test_of_people_who_say_nothing_on_it_is_not_answered(self) -> None:
        found = Found(hit(0.4, OTHER), hit(0.3, OTHER, by="Karl Poole"), hit(2.0, by="Ann Reed"))
        decision = made("compare", found, "Ida Hale", "Karl Poole")
        assert (decision.answered, names(decision)) == (False, ["Ida Hale", "Karl Poole"])

    def test_says_who_is_silent_on_it(self) -> None:
        found = Found(hit(1.0), hit(0.3, OTHER, by="Karl Poole"))
        asked = (Asked("Hale", ("Ida Hale",), ("Ida Hale",)), Asked("Poole", ("Karl Poole",), ("Karl Poole",)))
        decision = made("compare", found, "Ida Hale", "Karl Poole", asked=asked)
        assert (decision.answered, names(decision), decision.silent) == (True, ["Ida Hale"], ("Karl Poole",))

    def test_asks_each_party_about_its_own_topic(self) -> None:
        found = Found(hit(1.0), hit(0.8, OTHER, by="Karl Poole"))
        parties = (Asked("Hale", ("Ida Hale",)), Asked("Poole", ("Karl Poole",), topic="trout in spring"))
        assert names(made("compare", found, "Ida Hale", "Karl Poole", asked=parties)) == ["Ida Hale", "Karl Poole"]

    def test_of_nobody_named_takes_the_two_best(self) -> None:
        found = Found(hit(1.0), hit(0.95, by="he"), hit(0.9, by="Karl Poole"), hit(0.8, by="Ann Reed"))
        assert names(made("compare", found)) == ["Ida Hale", "Karl Poole"]

    def test_people_who_share_a_surname_are_each_answered_for(self) -> None:
        found = Found(hit(1.0), hit(0.9, by="Tom Hale"))
        decision = made("said_what", found, "Ida Hale", "Tom Hale", ambiguous=("Ida Hale", "Tom Hale"))
        assert names(decision) == ["Ida Hale", "Tom Hale"]


class TestList:
    """Who spoke about it?"""

    def test_has_each_speaker_once(self) -> None:
        found = Found(
            *(hit(1.0 - 0.01 * n, by=f"Speaker {'ABCDEFGHIJKLMN'[n]}") for n in range(14)),
            hit(0.99, f"{HOLDS} Again.", by="Speaker A"),
        )
        assert names(made("list", found)) == [f"Speaker {letter}" for letter in "ABCDEFGHIJKLMN"[:MAX_LISTED]]

    def test_takes_a_surname_for_the_person_already_listed(self) -> None:
        found = Found(hit(1.0), hit(0.9, by="Hale"), hit(0.8, by="Tom Hale"), hit(0.7, by="Karl Poole"))
        assert names(made("list", found)) == ["Ida Hale", "Hale", "Tom Hale", "Karl Poole"]

    def test_puts_whom_nobody_names_last(self) -> None:
        found = Found(hit(1.1, by=""), hit(1.0), hit(0.9, by="several captains"))
        assert names(made("list", found)) == ["Ida Hale", "", "several captains"]

    def test_leaves_out_what_is_only_loosely_related(self) -> None:
        assert names(made("list", Found(hit(1.0), hit(0.45, OTHER, by="Karl Poole")))) == ["Ida Hale"]


class TestChange:
    """Has X changed position?"""

    OLD = hit(0.8, "The dam will not hold.", published="2026-02-09")
    NEW = hit(1.0, HOLDS, published="2026-10-05")

    def test_is_told_oldest_first_with_the_two_that_conflict(self) -> None:
        undated = hit(0.9, "The dam is a dam.")
        decision = made("change", Found(self.NEW, undated, self.OLD), "Ida Hale")
        assert said(decision) == ["The dam will not hold.", HOLDS, "The dam is a dam."]
        assert decision.conflict == (0, 1)

    def test_is_none_when_all_go_together(self) -> None:
        again = replace(self.NEW, statement=hit(1.0, f"{HOLDS} It will.", published="2025-01-01").statement)
        assert made("change", Found(self.NEW, again), "Ida Hale").conflict is None

    def test_is_none_within_a_day(self) -> None:
        same = hit(0.8, "The dam will not hold.", published="2026-10-05")
        assert made("change", Found(self.NEW, same), "Ida Hale").conflict is None


@pytest.mark.parametrize("kind", ["said_what", "who_said", "list", "compare", "change"])
def test_only_a_did_say_question_has_a_verdict(kind: QuestionKind) -> None:
    assert made(kind, Found(hit(3.0)), "Ida Hale").verdict is None


class TestAskedWords:
    """Did X say “Y”? asks for those words."""

    def ask(self, question: str, *hits: Hit) -> Decision:
        scales = Scales([each.statement.quote.text for each in hits], FakeEmbeddings().embed)
        return decide(Query(question, "did_say", question[20:], ("Ida Hale",)), Found(*hits), scales)

    def test_the_words_letter_for_letter_are_a_yes(self) -> None:
        assert self.ask("Did Ida Hale say “The dam won't hold”?", hit(1.0, "“The dam won’t hold,”")).verdict == "yes"

    @pytest.mark.parametrize("word", ["mill", "dams"])
    def test_one_other_word_is_no_yes(self, word: str) -> None:
        decision = self.ask(
            f"Did Ida Hale say “The {word} will hold in spring”?", hit(1.0, "The dam will hold in spring.")
        )
        assert (decision.answered, decision.verdict, decision.note) == (True, None, "words")

    def test_words_of_another_are_a_no(self) -> None:
        hits = hit(0.7, "Trout breed in the mill."), hit(1.0, "The dam will hold.", by="Karl Poole")
        assert self.ask("Did Ida Hale say “The dam will hold”?", *hits).verdict == "no"
