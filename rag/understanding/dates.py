"""The dates that a question names: "in March 2016", "on 3 May 2016", "since 2015". Only what the words fix."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rag.months import MONTH, MONTHS

YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:(?P<iso>{YEAR}-\d\d-\d\d)"
    rf"|(?:(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{MONTH})\b\.?(?:\s+(?P<after>\d\d?)(?:st|nd|rd|th)?\b(?!\d))?"
    rf"(?:,?\s+(?P<year>{YEAR}))?"
    rf"|(?P<only>{YEAR}))\b"
)
DATE = re.compile(
    rf"\b(?P<how>in|on|during|since|after|from|before|until|by|as of|late|early|mid-?)\s+(?:the\s+)?"
    rf"(?:(?:late|early|mid-?)\s+)?{_DATE}",
    re.I,
)
# "Between 10 and 30 June 2032": two dates, of which the first may leave to the other what they share.
BETWEEN = re.compile(r"\b(?:between|from)\s+(?:the\s+)?(?=\w)", re.I)
EITHER = re.compile(rf"{_DATE}|(?P<number>\d\d?)(?:st|nd|rd|th)?\b(?:,?\s+(?P<own>{YEAR})\b)?", re.I)
AND = re.compile(r"\s*(?:\b(?:and|to|until|till|through)\b|[-–])\s*(?:the\s+)?", re.I)
BACK = re.compile(r"\b(?:(?P<which>last|past|this) (?P<unit>week|month|year)|(?P<day>yesterday|today))\b", re.I)
# Of all that somebody said, the last: "the last thing she said", "did she last say", "her latest statement".
NEWEST = re.compile(
    r"\b(?:the (?:last|latest|most recent) thing|most recently|last(?=\W*$)"
    r"|(?:last|latest|most recent)(?= (?:sa(?:y|ys|id)|(?:statement|comment|remark|word|position|view)s?)\b))",
    re.I,
)
LEAP_YEAR = 2000
FROM_ON = frozenset({"since", "after", "from", "as of"})
UP_TO = frozenset({"before", "until", "by"})


@dataclass(frozen=True, slots=True)
class Time:
    """When a question asks about: ISO dates, None where a side is open, and the words that say so.

    `yearly` is a month, or a day of one, of whatever year: "05", "05-30"; `newest` is true where it asks for the last.
    """

    since: str | None = None
    until: str | None = None
    words: str = ""
    yearly: str = ""
    newest: bool = False


def time_of(question: str, today: date | None = None) -> Time:
    """The first time that a question names. What no calendar has fixes nothing; `today` is the clock's unless given."""
    for match in BETWEEN.finditer(question):
        period = _period(question, match)
        if period:
            return period
    for match in DATE.finditer(question):
        how = match["how"].lower()
        bounds = _bounds(match.groupdict())
        if bounds is None:
            yearly = _yearly(match) if how not in FROM_ON | UP_TO else ""
            if yearly:
                return Time(words=match.group(), yearly=yearly)
            continue
        since, until = bounds
        if how in FROM_ON:
            return Time(since, None, match.group())
        return Time(None if how in UP_TO else since, until, match.group())
    told = next((match for match in BACK.finditer(question) if not _is_name(match)), None)
    if told:
        return Time(*_back(told, today or date.today()), told.group())
    last = NEWEST.search(question)
    return Time(words=last.group(), newest=True) if last else Time()


def _period(question: str, opened: re.Match[str]) -> Time | None:
    """The time from one date to another; None where what stands behind "between" or "from" is no two."""
    first = EITHER.match(question, opened.end())
    joined = AND.match(question, first.end()) if first else None
    last = EITHER.match(question, joined.end()) if joined else None
    if not first or not last:
        return None
    since, until = first.groupdict(), last.groupdict()
    until = _shared(until, since, until["own"])
    begin, end = _bounds(_shared(since, until, until["year"])), _bounds(until)
    if begin and end and begin[0] > end[1] and not since["year"] and until["year"]:
        begin = _bounds(_shared(since, until, str(int(until["year"]) - 1)))  # "From December to February 2032".
    if not begin or not end or begin[0] > end[1]:
        return None
    return Time(begin[0], end[1], question[opened.start() : last.end()])


def _shared(date: dict[str, str | None], other: dict[str, str | None], year: str | None) -> dict[str, str | None]:
    """A date with what it leaves to the other one of its period: the month, and a year."""
    if date["only"] or date["iso"]:
        return date
    day = date["day"] or date["number"]
    return {**date, "day": day, "month": date["month"] or other["month"], "year": date["year"] or year}


def _is_name(match: re.Match[str]) -> bool:
    """True for "Today" of a paper called Tarn Today: a capital within a question that is not all in capitals."""
    return match.start() > 0 and match.group()[0].isupper() and not match.string.isupper()


def _yearly(match: re.Match[str]) -> str:
    """The month, and the day if there is one, of a date that names no year."""
    if not match["month"]:
        return ""
    month, day = MONTHS[match["month"].lower()], match["day"] or match["after"]
    if not day:
        return f"{month:02}"
    return f"{month:02}-{int(day):02}" if 1 <= int(day) <= calendar.monthrange(LEAP_YEAR, month)[1] else ""


def _back(match: re.Match[str], today: date) -> tuple[str, str]:
    """The first and the last day of what is told from today."""
    if not match["unit"]:
        day = (today - timedelta(days=1 if match["day"].lower() == "yesterday" else 0)).isoformat()
        return day, day
    unit, is_last = match["unit"].lower(), match["which"].lower() != "this"
    if unit == "week":
        since = today - timedelta(days=today.weekday() + 7 * is_last)
        return since.isoformat(), (since + timedelta(days=6)).isoformat()
    year, month = today.year, today.month
    if unit == "year":
        return f"{year - is_last}-01-01", f"{year - is_last}-12-31"
    year, month = (year - (month == 1), (month - 2) % 12 + 1) if is_last else (year, month)
    return f"{year}-{month:02}-01", f"{year}-{month:02}-{calendar.monthrange(year, month)[1]:02}"


def _bounds(parts: Mapping[str, str | None]) -> tuple[str, str] | None:
    """The first and the last day of a date whose parts are given; None where they name no day of the calendar."""
    if parts["only"]:
        return f"{parts['only']}-01-01", f"{parts['only']}-12-31"
    if parts["iso"]:
        year, month, day = (int(part) for part in parts["iso"].split("-"))
        number = str(day)
    elif parts["year"] and parts["month"]:
        year, month, number = int(parts["year"]), MONTHS[parts["month"].lower()], parts["day"] or parts["after"] or ""
    else:
        return None
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if not number:
        return f"{year}-{month:02}-01", f"{year}-{month:02}-{last:02}"
    if not 1 <= int(number) <= last:
        return None
    return f"{year}-{month:02}-{int(number):02}", f"{year}-{month:02}-{int(number):02}"
