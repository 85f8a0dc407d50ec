"""The dates that a question names: "in March 2016", "on 3 May 2016", "since 2015". Only what the words fix."""

from __future__ import annotations

import calendar
import re

from rag.months import MONTH, MONTHS

YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"\b(?P<how>in|on|during|since|after|from|before|until|by|as of|late|early|mid-?)\s+(?:the\s+)?"
    rf"(?:(?:late|early|mid-?)\s+)?"
    rf"(?:(?P<iso>{YEAR}-\d\d-\d\d)"
    rf"|(?:(?P<day>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{MONTH})\b\.?(?:\s+(?P<after>\d\d?)(?:st|nd|rd|th)?\b(?!\d))?"
    rf"(?:,?\s+(?P<year>{YEAR}))?"
    rf"|(?P<only>{YEAR}))\b",
    re.I,
)
FROM_ON = frozenset({"since", "after", "from", "as of"})
UP_TO = frozenset({"before", "until", "by"})


def period(question: str) -> tuple[str | None, str | None, str]:
    """(since, until, the words that say so) of the first date a question names; None where it leaves that side open.

    A month without a year, which could be any year's, and what no calendar has fix nothing.
    """
    for match in DATE.finditer(question):
        bounds = _bounds(match)
        if bounds is None:
            continue
        how = match["how"].lower()
        since, until = bounds
        if how in FROM_ON:
            return since, None, match.group()
        return (None if how in UP_TO else since), until, match.group()
    return None, None, ""


def _bounds(match: re.Match[str]) -> tuple[str, str] | None:
    if match["only"]:
        return f"{match['only']}-01-01", f"{match['only']}-12-31"
    if match["iso"]:
        year, month, day = (int(part) for part in match["iso"].split("-"))
        number = str(day)
    elif match["year"]:
        year, month, number = int(match["year"]), MONTHS[match["month"].lower()], match["day"] or match["after"] or ""
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
