"""The small words that tell what kind of source a pronoun or a description is: number, gender, how definite."""

from __future__ import annotations

from ingest.text.names import GENDERS

PRONOUNS = (
    "he him himself", "she herself", "his", "her", "they them themselves", "their", "it itself", "its", "we us", "our",
    "i me", "my mine", "you your", "who whom", "which", "that this", "one ones",
)  # fmt: skip
PRONOUN = {word: number for number, words in enumerate(PRONOUNS) for word in words.split()}
DETERMINERS = ("the", "a an one another", "this that these those", "his her their its our my", "some many several most")
GENDER = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
DETERMINER = {word: number for number, words in enumerate(DETERMINERS) for word in words.split()}


def called(phrase: str) -> str | None:
    """ "f" of "she" and of "mrs hale", "m" of "he" and of "mr hale"; the phrase is in lower case."""
    return GENDER.get(phrase) or GENDERS.get(phrase.split(" ", 1)[0].strip("."))
