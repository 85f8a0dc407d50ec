"""A source as the linker asks about it, and the small words that tell what kind of source it is."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Described:
    """The probabilities that a source's words are of a person, a body or a group."""

    person: float
    body: float
    group: float


@dataclass(frozen=True, slots=True)
class Source:
    """A source at [start, end), with the words that are said at `content`; empty where nobody is given as the source.

    `pick` is the name that the rules give, with their confidence; `answer`: an answer in an interview; `through`: who
    passes it on stands there.
    """

    start: int
    end: int
    content: tuple[tuple[int, int], ...]
    kind: str
    pick: str | None
    sure: float
    answer: bool
    quoted: bool
    through: tuple[int, int] = (0, 0)
