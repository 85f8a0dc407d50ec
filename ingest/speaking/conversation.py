"""Whose a line of a conversation is by its place: whom the line above addresses, and not who speaks on either side.

In: the people and the quotes in reading order with their speakers, and where lines begin that, by turns, are another's
than the lines around them. Out: the speakers; a line that can only be somebody's who is not known is nobody's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence

from ingest.speaking.named import PRONOUN, START, People
from ingest.speaking.small_words import GENDER
from ingest.text.names import GENDERS, role_noun
from rag.schema import Quote, Span, Speaker

# What stands apart at the head or the end of a quotation, as who is addressed does: "Minister, …" and "…, Mr Lee,”".
HEAD, TAIL = (
    re.compile(r"[“\"]([^\W\d_][^,.;:?!“”\"\n]{1,40}),\s"),
    re.compile(r"[^,]*, ([^\W\d_][^,;:“”\"\n]{1,40}?)[,.?!…]*[”\"]"),
)
FAR = 600  # Characters from who is addressed to an unknown "he" who may answer.
LINE = "\n\n"


def by_turns_of(
    people: People,
    quotes: Sequence[Quote],
    speakers: Sequence[Speaker | None],
    picks: Sequence[Speaker | None],
    others: Collection[int],
) -> list[Speaker | None]:
    """The speakers, with those of the lines at `others`, and "he" as the one whom the line above addresses.

    Nobody addresses himself: a line without a source of its own is nobody's then, and "she" is whom the rules pick,
    if that is another one. Her lines that come back between another's are hers, too.
    """
    made = list(speakers)
    meant: dict[tuple[Span, ...], Speaker | None] = {}
    for number, (quote, pick) in enumerate(zip(quotes, picks, strict=True)):
        if quote.content[0].start in others:
            made[number] = _other(people, quotes, made, number, others)
        elif quote.source in meant and not quote.cue:
            made[number] = meant[quote.source]
        elif answering := _answering(people, quotes, made, number):
            made[number] = answering
        speaker = made[number]
        is_open = not quote.source or quote.source[0].text.lower() in GENDER
        if speaker and is_open and speaker.name in (addressed := _addressed(people, quote)):
            made[number] = pick if pick and pick.name not in addressed else None
        if quote.source:
            meant.setdefault(quote.source, made[number])
    return made


def _other(
    people: People, quotes: Sequence[Quote], speakers: Sequence[Speaker | None], number: int, others: Collection[int]
) -> Speaker | None:
    """Who says a line of the other side: whom alone its paragraph names, or who said the other side's last line."""
    text, start = people.text, quotes[number].content[0].start
    begin = text.rfind("\n", 0, start) + 1
    named = [m for m in people.told_between(begin - 1, start) if not m.is_body and m.surname in people.full]
    whole = {person.name: person for m in named for person in [people.person(m, m.start)]}
    if len(whole) == 1:
        return next(iter(whole.values()))
    before = number - 2
    if before >= 0 and quotes[before].content[0].start in others and _lines(text, quotes[before], quotes[number]) <= 2:
        return speakers[before]
    speaker = speakers[number]
    told = [one if one and quote.source else None for one, quote in zip(speakers, quotes, strict=True)]
    beside = [next(filter(None, side), None) for side in (reversed(told[:number]), told[number:])]
    return None if speaker is None or speaker.name in {one.name for one in beside if one} else speaker


def _answering(
    people: People, quotes: Sequence[Quote], speakers: Sequence[Speaker | None], number: int
) -> Speaker | None:
    """Whom the line above addresses, by a name with a title or by an office, where "he" or "she" answers it.

    A "he" whom nothing else tells may come a little later, where nobody is named in between.
    """
    quote, before = quotes[number], quotes[number - 1] if number else None
    wanted = GENDER.get(quote.source[0].text.lower()) if quote.source else None
    said_before = speakers[number - 1] if number else None
    if wanted is None or before is None or before.kind != "direct" or quote.kind != "direct":
        return None
    speaker, place = speakers[number], quote.source[0].start
    end = max(span.end for span in (*before.content, *before.source, *before.cue))
    is_open = speaker is not None and speaker.name.lower() in GENDER and place - end < FAR
    is_open = is_open and not any(not m.is_body for m in people.told_between(end, place))
    if not (is_open or _lines(people.text, before, quote) == 1):
        return None
    names = _addressed(people, before) - {said_before.name if said_before else ""}
    fitting = [who for who in names if people.genders.get(who) in (wanted, None)]
    return Speaker(fitting[0], people.role(tuple(fitting[0].split()), None), PRONOUN) if len(fitting) == 1 else None


def _lines(text: str, before: Quote, quote: Quote) -> int:
    """How many paragraphs a quote begins below the end of another."""
    return text.count(LINE, before.content[-1].end, quote.content[0].start)


def _addressed(people: People, quote: Quote) -> set[str]:
    """Whom a quotation addresses at either end, by a title and a name or by an office that one alone has."""
    first, last = quote.content[0], quote.content[-1]
    head, tail = HEAD.match(people.text, first.start, first.end), TAIL.fullmatch(people.text, last.start, last.end)
    return {name for found in (head, tail) if found for name in [_person(people, *found.span(1))] if name}


def _person(people: People, start: int, end: int) -> str | None:
    phrase = people.text[start:end]
    if phrase.split()[0].lower().strip(".") in GENDERS:
        at = bisect_left(people.mentions, start, key=START)
        named = [m for m in people.mentions[at : at + 1] if m.end == end and m.surname in people.full]
        return people.person(named[0], start).name if named else None
    holders = people.holders.get(role_noun(phrase), [])
    names = {people.person(m, m.start).name for m in holders}
    return next(iter(names)) if len(names) == 1 and role_noun(phrase) == phrase.lower() else None
