"""What a question limits the asked's words to: those of a day or a month, or that they told an outlet or somebody.

Other days and outlets only stand behind what is wished for where a question is about a thing. Where it asks what one
said "in May", what he said in June is no answer, however near it is; but the flood "in May" is spoken of in June, too.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import takewhile

from rag.judging.letters import OWNING, tells_when_said
from rag.months import MONTH, MONTHS
from rag.people.names import BREAKS, name_words
from rag.schema import Hit, Judged, Query
from rag.text import terms

# Kinds of a question that asks for the words of whom it names.
LIMITED = ("said_what", "stance", "list")
LONGEST = 31  # Days: a year is more often what is spoken of than when.
# A month, or a day of one, as a text names it. What holds until it, or since then, is not said to be in it.
NAMED = re.compile(
    r"(?P<open>\b(?:until|till|since|before|after|from|by)\s+(?:(?:the|end|of|late|early|mid)[\s-]+)*)?"
    rf"\b(?:(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>(?-i:(?=[A-Z])){MONTH})\b\.?"
    r"(?:\s+(?P<after>\d\d?)(?:st|nd|rd|th)?\b(?!\d))?(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?",
    re.I,
)
WEEKDAY = re.compile(rf"\b(?:{'|'.join(calendar.day_name)}|yesterday)\b")
# "told the council", "say to the board", and what follows; whom "members of the council" are, goes on at "of".
TELLING = re.compile(r"\b(?:tell|tells|told|telling|(?:say|says|said|saying)\s+to)\s+(?P<whom>[^.,;:!?“”\"\n]+)", re.I)
NOT_WHOM = BREAKS - {"of"}
LAST_MONTH = re.compile(r"\b(?:last|past) month\b", re.I)


def within(query: Query, judged: Judged) -> Judged:
    """Only what a question does not leave out by asking what was said at a time, or to an outlet."""
    kept = judged.judgements
    if _asks_for_words(query) and query.is_told:
        kept = tuple(j for j in kept if _is_told_there(query, j.hit))
    elif _asks_for_words(query) and (whom := _whom(query.text)):
        told = [(j, _told_whom(j.hit)) for j in kept]
        # Whom somebody told is often left open; it limits where one of the statements tells it of the asked.
        if any(not whom.isdisjoint(others) and _is_of_asked(query, j.hit) for j, others in told):
            kept = tuple(j for j, others in told if not others or not whom.isdisjoint(others))
    if _is_of_a_time(query, [j.hit for j in kept]):
        kept = tuple(j for j in kept if is_of_time(query, j.hit))
    return replace(judged, judgements=kept)


def _asks_for_words(query: Query) -> bool:
    return bool(query.labels) and query.kind in (*LIMITED, "did_say")


def _is_of_a_time(query: Query, hits: Sequence[Hit]) -> bool:
    """True where a question asks what the known said at a time; a day that was still to come is spoken of before it."""
    if not _asks_for_words(query) or not (query.since or query.until or query.yearly):
        return False
    if tells_when_said(query):
        return True
    is_owning = bool(query.when) and query.as_judged.partition(query.when)[2].startswith(OWNING)
    if query.kind == "did_say" or is_owning or not (query.yearly or _is_short(query)):
        return False
    days = [hit.statement.article.published for hit in hits]
    return bool(query.yearly) or any(day and day[:10] >= (query.since or "") for day in days)


def _is_short(query: Query) -> bool:
    if not (query.since and query.until):
        return False
    return date.fromisoformat(query.until) - date.fromisoformat(query.since) < timedelta(days=LONGEST)


def is_of_time(query: Query, hit: Hit) -> bool:
    """True for an article of the time that a question names, and for words beside which this stands itself."""
    published = hit.statement.article.published
    if published is None or query.is_when(published):
        return True
    told = f"{hit.statement.article.title or ''}\n{(hit.passage or hit.statement.context).text}"
    # Where the time stands with the verb, and not with what is spoken of, it is that of the words.
    near = hit.statement.context.text if tells_when_said(query) else told
    return any(_is_shared(query, *days) for days in _named_days(near, date.fromisoformat(published[:10])))


def _is_shared(query: Query, first: date, last: date) -> bool:
    if query.yearly:
        return first.isoformat()[5:].startswith(query.yearly) or last.isoformat()[5:].startswith(query.yearly)
    return first.isoformat() <= (query.until or first.isoformat()) and last.isoformat() >= (query.since or "")


def _named_days(text: str, published: date) -> Iterator[tuple[date, date]]:
    """The first and the last of the days that a text names, read from the day on which it was published."""
    for match in NAMED.finditer(text):
        if not match["open"]:
            yield from _of_month(match, published)
    for match in WEEKDAY.finditer(text):
        days = (
            1 if match.group() == "yesterday" else (published.weekday() - [*calendar.day_name].index(match.group())) % 7
        )
        yield published - timedelta(days=days), published - timedelta(days=days)
    if LAST_MONTH.search(text):
        last = published.replace(day=1) - timedelta(days=1)
        yield last.replace(day=1), last


def _of_month(match: re.Match[str], published: date) -> Iterator[tuple[date, date]]:
    """What a match names; of whatever year is nearest where it names none."""
    month, day = MONTHS[match["month"].lower()], int(match["day"] or match["after"] or 0)
    years = [int(match["year"])] if match["year"] else [published.year + n for n in (-1, 0, 1)]
    year = min(years, key=lambda one: abs(date(one, month, 15) - published))
    length = calendar.monthrange(year, month)[1]
    if day <= length:
        yield date(year, month, day or 1), date(year, month, day or length)


def _is_told_there(query: Query, hit: Hit) -> bool:
    """True for what stood in an outlet that was told, and for what another has from it."""
    statement = hit.statement
    channels = {name_words(span.text) for span in statement.quote.channel}
    named = [name_words(outlet) for outlet in query.outlets]
    return query.is_where(statement.article.publication) or any(words in channels for words in named)


def _whom(words: str) -> set[str]:
    """The content words for whom somebody tells something, in a question or a sentence; a pronoun has none."""
    telling = TELLING.search(words)
    phrase = telling["whom"].split() if telling else []
    return {*terms(" ".join(takewhile(lambda word: word.lower() not in NOT_WHOM, phrase)))}


def _told_whom(hit: Hit) -> set[str]:
    """The words for whom a statement was told, as its own verb has it."""
    context = hit.statement.context
    for cue in hit.statement.quote.cue[:1]:
        words = context.text[max(0, cue.start - context.start) :]
        telling = TELLING.search(words)
        return _whom(words) if telling and telling.start() < len(cue.text) else set()
    return set()


def _is_of_asked(query: Query, hit: Hit) -> bool:
    speaker = hit.statement.quote.speaker
    return speaker is not None and speaker.name in query.labels
