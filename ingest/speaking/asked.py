"""Whom "she" means in "Asked by the advocate what she saw, she said": nobody who asks, but whoever is asked.

In: an article's quotes and their speakers. Out: the speakers, "he" or "she" that would be the asker given to the person
named last at the head of a sentence before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.speaking.named import PRONOUN, People
from ingest.speaking.small_words import GENDER
from rag.judging.ground import ASKING
from rag.schema import Quote, Speaker
from rag.text import sentences

FAR = 600  # Characters before the question in which who is asked is looked for.
NEAR = 8  # Quotes: the question stands in the same sentence.


def by_who_is_asked(
    people: People, quotes: Sequence[Quote], speakers: Sequence[Speaker | None]
) -> list[Speaker | None]:
    """The speakers of the quotes, who answers told from who asks within a sentence."""
    made = list(speakers)
    for number, quote in enumerate(quotes):
        if not quote.source or quote.source[0].text.lower() not in GENDER:
            continue
        before = range(max(0, number - NEAR), number)
        asking = next((n for n in before if _asks(people.text, quotes[n], quote)), None)
        asker, speaker = made[asking] if asking is not None else None, made[number]
        if asking is not None and asker and speaker and asker.name == speaker.name:
            made[number] = _asked(people, quotes[asking], quote, asker) or speaker
    return made


def _asks(text: str, one: Quote, other: Quote) -> bool:
    """True for the question of "Asked by …" in the same sentence, ahead of who answers it."""
    if not (one.source and one.cue) or not one.cue[0].start < one.source[0].start < other.source[0].start:
        return False
    start, end = one.cue[0].start, other.source[0].end
    is_whole = "\n" not in text[start:end] and len(list(sentences(text, start, end))) == 1
    return is_whole and ASKING.match(one.cue[0].text) is not None and one.content[-1].end <= other.source[0].start


def _asked(people: People, question: Quote, answer: Quote, asker: Speaker) -> Speaker | None:
    """The last other person of that gender, as far as it is known, whom a sentence before the question begins with."""
    start, wanted = question.cue[0].start, GENDER[answer.source[0].text.lower()]
    for mention in reversed(people.told_between(start - FAR, start)):
        person = people.person(mention, mention.start)
        agrees = people.genders.get(person.name) in (None, wanted)
        if people.opens_sentence(mention) and agrees and person.name != asker.name:
            return replace(asker, name=person.name, role=person.role, confidence=PRONOUN, kind="person")
    return None
