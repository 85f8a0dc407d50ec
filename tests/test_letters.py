"""What takes a yes away: another number or year, a negation, a denial, other quoted words; and what takes a no away."""

from __future__ import annotations

import pytest

from rag.judging.letters import agrees, is_verbatim, repeats, turns
from rag.schema import Party, Query, Statement
from tests.test_polarity import statement

ANN = Party("Ann Poole", ("Ann Poole",), ("Ann Poole",), named=True)


def asking(asked: str, whole: str | None = None) -> Query:
    return Query(asked, whole or asked, "did_say", (ANN,))


def agree(asked: str, found: Statement, *, whole: str | None = None) -> bool:
    return agrees(asking(asked, whole), found)


def said(words: str, cue: str = "said", before: str = "Ann Poole ") -> Statement:
    return statement(before, cue, words)


@pytest.mark.parametrize(
    ("asked", "words", "same"),
    [
        ("the ferry will sail on Sunday", "the ferry will sail on Sunday", True),
        ("the ferry will sail on Sunday", "the ferry will not sail on Sunday", False),
        ("the ferry won’t sail on Sunday", "the ferry will sail on Sunday", False),
        ("the ferry will not sail", "the ferry won’t sail", True),
        ("the ferry never sails", "the ferry does not sail", True),
        ("the toll costs nothing", "the toll costs a fortune", False),
        ("a second tug costs nothing", "a second tug costs two million. We do not have it", False),
        ("the captain is sorry", "nobody asked. The captain is sorry", True),
        ("not feeding the gulls", "his hostility to feeding the gulls grew", True),
        ("a captain who is no captain", "he is a captain", True),
        ("captains should not raise the toll", "I don’t think that captains ought to raise the toll", True),
        ("captains should raise the toll", "I don’t think that captains ought to raise the toll", False),
        ("he does not want the toll", "he wants the toll and not the tunnel", False),
        ("she no longer hums the old tune", "she forgot the old tune", True),
        ("the ferry is late", "the gulls are hungry", True),
        ("he gave the toll some thought", "he hasn’t given the toll much thought", False),
    ],
)
def test_a_word_that_is_negated_in_one_alone_turns_a_claim(asked: str, words: str, same: bool) -> None:
    query = asking(f"Did Ann Poole say {asked}?")
    assert turns(query, said(words)) is not same
    assert not turns(asking(f"Did Ann Poole say “{asked}”?"), said(words))


@pytest.mark.parametrize(
    ("asked", "words", "same"),
    [
        ("the toll is nine crowns", "the toll is four crowns", False),
        ("the toll is 9 crowns", "the toll is nine crowns", True),
        ("the toll is 12 crowns", "the toll is 21 crowns", False),
        ("the toll is 1,000 crowns", "the toll is 1000 crowns", True),
        ("the toll is nine crowns", "the toll is unfair", False),
        ("the toll is unfair", "the toll of nine crowns is unfair", True),
        ("the toll will end in 2031", "the toll will end in 2029", False),
        ("the toll will end in 2031", "the toll will end in 2031", True),
        ("in 2032 that the toll will end", "the toll will end", True),
    ],
)
def test_another_number_or_year_is_no_yes(asked: str, words: str, same: bool) -> None:
    assert agree(f"Did Ann Poole say {asked}?", said(words)) is same


def test_a_number_that_only_the_paragraph_gives_is_enough_for_a_paraphrase_without_one() -> None:
    found = said("the toll is unfair", before="The toll is nine crowns. Ann Poole ")
    assert agree("Did Ann Poole say the toll of nine crowns is unfair?", found)
    assert not agree("Did Ann Poole say the toll of eight crowns is unfair?", found)


@pytest.mark.parametrize(
    ("before", "cue", "same"),
    [
        ("Ann Poole ", "said", True),
        ("Ann Poole ", "insisted", True),
        ("Ann Poole ", "denied", False),
        ("Ann Poole ", "disputed", False),
        ("Ann Poole ", "rejected", False),
        ("Ann Poole did not ", "say", False),
        ("Ann Poole never ", "said", False),
        ("She hasn’t ", "said", False),
        ("It did not rain. She ", "said", True),
    ],
)
def test_who_denies_it_or_did_not_say_it_does_not_say_so(before: str, cue: str, same: bool) -> None:
    assert agree("Did Ann Poole say the bridge will close?", said("the bridge will close", cue, before)) is same


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("Will the bridge close?", False),
        ("“Will the bridge close?”", False),
        ("Who knows? The bridge will close.", True),
        ("The bridge will close. Who would have thought so?", True),
    ],
)
def test_who_asks_whether_it_is_so_does_not_say_so(words: str, same: bool) -> None:
    assert agree("Did Ann Poole say the bridge will close?", said(words, "asked")) is same


def test_a_denial_is_what_was_asked_for() -> None:
    assert agree("Did Ann Poole deny that the toll is unfair?", said("the toll is unfair", "denied"))


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("“the ferry will not sail”", True),
        ('"The ferry will not sail."', True),
        ("“the ferry will sail”", False),
        ("“the ferry won’t sail”", False),
        ("“ferry will not sail on”", False),
    ],
)
def test_words_in_quotation_marks_must_be_the_article_s(asked: str, same: bool) -> None:
    assert agree(f"Did Ann Poole say {asked}?", said("the ferry will not sail in May")) is same


def test_quoted_words_are_those_of_the_question_itself_not_of_what_it_goes_on_from() -> None:
    whole = "Did Ida Hale say “the toll is unfair”? And Ann Poole?"
    assert agree("And Ann Poole?", said("the toll is unfair to all"), whole=whole)


def test_a_negation_in_a_name_is_none() -> None:
    nobody = Party("Nobody Poole", ("Nobody Poole",), ("Nobody Poole",), named=True)
    asked = "Did Nobody Poole say the bridge will close?"
    assert agrees(Query(asked, asked, "did_say", (nobody,)), said("the bridge will close"))


@pytest.mark.parametrize("asked", ["", "?", "“”", "Did Ann Poole say so?"])
def test_a_question_without_words_speaks_against_nothing(asked: str) -> None:
    assert agree(asked, said("the ferry will sail"))


def test_some_of_a_statement_s_sentences_in_marks_are_what_is_said() -> None:
    asked = "Did Ann Poole say “The bridge will close. We are sorry”?"
    assert is_verbatim(
        Query(asked, asked, "did_say"), said("“It rained. The bridge will close. We are sorry. Go home.”")
    )


@pytest.mark.parametrize(("cue", "found"), [("said", True), ("denied", False)])
def test_whole_sentences_in_marks_are_what_is_said_unless_it_is_denied(cue: str, found: bool) -> None:
    asked = "Did Ann Poole say “The bridge will close”?"
    assert is_verbatim(Query(asked, asked, "did_say"), said("“The bridge will close.”", cue)) is found


@pytest.mark.parametrize(
    ("asked", "words", "cue", "same"),
    [
        ("say she was afraid of gulls", "that she was afraid of two things, gulls and tolls", "told us", True),
        ("say the ferry will sail on Sunday", "that the ferry will sail on Sunday if it is calm", "said", True),
        ("say the ferry will sail on Sunday", "that the ferry will not sail on Sunday", "said", False),
        ("say the ferry will sail on Sunday", "that the ferry will sail", "said", False),
        ("comment", "to comment", "declined", True),
        ("ask the council to close the quay", "the council to close the North Quay", "asked", True),
        ("deny promising a ferry", "having made any such promise", "denied", True),
        ("deny promising a ferry", "“I said I would look at it.”", "said", False),
        ("ever say so", "the ferry will sail", "said", False),
    ],
)
def test_words_of_the_claim_itself_are_no_no(asked: str, words: str, cue: str, same: bool) -> None:
    assert (
        repeats(Query(f"Did Ann Poole {asked}?", f"Did Ann Poole {asked}?", "did_say", (ANN,)), said(words, cue))
        is same
    )


CAMP = statement("Of the camp, Ann Poole ", "said", "“It will be empty by May.”")


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("Did Ann Poole say the camp will be empty by May?", True),
        ("Did Ann Poole say the camp will not be empty by May?", False),
        ("Did Ann Poole say the quay will be empty by May?", False),
        ("Did Ann Poole say Poole’s camp will be empty by May?", False),
        ("Did Ann Poole speak of the camp?", False),
        ("Did Ann Poole say it will be empty by May of the camp?", False),
    ],
    ids=[
        "it",
        "negated",
        "not around it",
        "two words are missing",
        "nothing but what it stands for",
        "not what the claim begins with",
    ],
)
def test_the_first_word_of_the_claim_can_stand_around_words_with_a_pronoun(asked: str, same: bool) -> None:
    assert repeats(Query(asked, asked, "did_say", (ANN,)), CAMP) is same


def test_a_word_around_words_without_a_pronoun_is_not_theirs() -> None:
    found = statement("Of the camp, Ann Poole ", "said", "“By May the town will be empty.”")
    asked = "Did Ann Poole say the camp will be empty by May?"
    assert not repeats(Query(asked, asked, "did_say", (ANN,)), found)


@pytest.mark.parametrize(
    "asked", ["Did Ann Poole's letter ask for a ferry?", "Did Ann Poole’s letter ask for a ferry?"]
)
def test_the_ending_of_an_owner_s_name_is_no_word_of_the_claim(asked: str) -> None:
    assert repeats(Query(asked, asked, "did_say", (ANN,)), said("for a ferry in her letter", "asked"))
