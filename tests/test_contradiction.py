"""What must not pass for the same: one changed word is enough."""

from __future__ import annotations

import pytest

from rag.judging.letters import clashes
from tests.test_polarity import statement


@pytest.mark.parametrize(
    ("asked", "said", "found"),
    [
        ("the ferry will sail on Sunday", "the ferry will sail on Sunday", ()),
        ("the ferry will sail on Sunday", "the ferry will not sail on Sunday", ("negation",)),
        ("the ferry won’t sail on Sunday", "the ferry will sail on Sunday", ("negation",)),
        ("the ferry will sail on Sunday", "the ferry may sail on Sunday", ("mood",)),
        ("the ferry must sail on Sunday", "the ferry might sail on Sunday", ("mood",)),
        ("the ferry sails on Sunday", "the ferry could sail on Sunday", ("mood",)),
        ("the ferry will sail on Sunday", "the ferry would sail on Sunday", ()),
        ("the ferry passed the light", "the ferry will pass the light", ("time",)),
        ("the ferry will pass the light", "the ferry passed the light", ("time",)),
        ("the toll will rise", "the toll will fall", ("opposite",)),
        ("the toll will rise", "the toll will not fall", ()),
        ("he supports the toll", "he opposes the toll", ("opposite",)),
        ("all captains want the toll", "some captains want the toll", ("quantity",)),
        ("captains want the toll", "some captains want the toll", ()),
        ("the toll is nine crowns", "the toll is four crowns", ("number",)),
        ("the toll will end in 2031", "the toll will end in 2029", ("number",)),
        ("the toll costs nothing", "the toll costs a fortune", ("negation",)),
        ("the captain is sorry", "nobody asked. The captain is sorry", ()),
        ("not feeding the gulls", "his hostility to feeding the gulls grew", ()),
        ("a captain who is no captain", "he is a captain", ()),
        ("captains should not raise the toll", "I don’t think that captains ought to raise the toll", ()),
        ("captains should raise the toll", "I don’t think that captains ought to raise the toll", ("negation",)),
        ("he does not want the toll", "he wants the toll and not the tunnel", ("negation",)),
        ("she no longer hums the old tune", "she forgot the old tune", ()),
    ],
)
def test_one_changed_word_is_named(asked: str, said: str, found: tuple[str, ...]) -> None:
    assert clashes(asked, statement("Ann Poole ", "said", said)) == found


@pytest.mark.parametrize(("cue", "found"), [("denied", ("denied",)), ("disputed", ("denied",)), ("insisted", ())])
def test_a_denial_says_the_opposite_of_its_words(cue: str, found: tuple[str, ...]) -> None:
    assert clashes("say the toll is unfair", statement("Ann Poole ", cue, "the toll is unfair")) == found


def test_a_denial_is_what_was_asked_for() -> None:
    assert clashes("deny that the toll is unfair", statement("Ann Poole ", "denied", "the toll is unfair")) == ()


def test_a_number_that_only_the_paragraph_gives_is_enough_for_a_paraphrase_without_one() -> None:
    found = statement("The toll is nine crowns. Ann Poole ", "said", "the toll is unfair")
    assert clashes("say the toll of nine crowns is unfair", found) == ()
    assert clashes("say the toll of eight crowns is unfair", found) == ("number",)
