"""Read the full names that a record has for its labels: who presides, and the witness of a statement or of answers.

    Hon. Ann Lee (Chairwoman of the Committee) presiding.        STATEMENT OF JO HALE, KEEPER OF THE WEIR
    The CHAIRWOMAN. The Committee will come to order.            Mr. HALE. I shut it.

In: a text, and its labels that a point closes or an A. Out: where the full name stands for what a label says.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from ingest.text.names import CAPITALISED, surname
from ingest.text.turn import Pair
from ingest.text.turn_labels import ANSWER, FULL, PLACED_NAME, Label

PRESIDING = re.compile(
    rf"(?:\b[A-Z][a-z]{{1,3}}\. )?({FULL})(?:(?:,|\s[(\[])\s?([^().\[\]]{{1,80}}?)[)\]]?,?)?\s+presiding\b"
)
# A head in capitals, over several lines where it is long: "OPENING STATEMENT OF HON. ANN McTARN, CHAIR".
HEAD = re.compile(
    r"^[^\S\n]*(?:[A-Z]+ ){0,3}[A-Z]+ OF (?:[^a-z\n]|(?<=[A-Z])[a-z]{1,2}(?=[A-Z]{3})|\n(?!\s*\n))+$", re.M
)
# Each of those whom it names: "STATEMENTS OF ANN LEE, KEEPER; AND JO HALE, CLERK".
WITNESS = re.compile(
    rf"(?:(?<= OF )|;\s(?:AND\s)?)(?:(?:[A-Z]{{2,4}}\.|THE HONORABLE) )?(?!THE )({FULL})(?=[,;]|\s*$)", re.M
)
# "ANA LEE, having been duly sworn, …": whose the answers and the words of "THE WITNESS" are from there on.
SWORN = rf"(?P<sworn>{FULL}),\s+(?:[a-z, ]{{0,60}}\b)?sworn\b"
# And a head of a line or two: "DEPOSITION OF DR. ANA LEE, taken …", "Cross-examination of Ana Lee by Mr. Orr".
GIVEN = r"(?i:(?:[\w-]+ ){0,5}?(?:[a-z]+-)?(?:deposition|testimony|evidence|examination|interview|statement) of:?\s+)"
HEADED = (
    rf"^[^\S\n]*{GIVEN}(?:[A-Z][A-Za-z]{{1,3}}\. )?(?!(?i:the) )(?P<headed>{CAPITALISED}(?: {CAPITALISED})+?)"
    r"(?=(?:,|\s+(?i:by)\b)[^\n]*(?<![.!?…\s])\s*$|\s*$)"  # No sentence: "After the testimony of Ana Lee, all went."
)
TESTIFIES = re.compile(rf"{SWORN}|{HEADED}", re.M)
WITNESSES = ("THE WITNESS", "THE DEPONENT")


def testifying(text: str, labels: Sequence[Label]) -> list[Pair]:
    """Where those are named who answer, in the order of the text; none where no label is an A or "THE WITNESS"."""
    if not any(label.name == ANSWER or label.name.upper() in WITNESSES for label in labels):
        return []
    return [match.span(match.lastgroup or 0) for match in TESTIFIES.finditer(text)]


def witness(named: Sequence[Pair], label: Label) -> Pair | None:
    """Who was named last as a witness before an answer."""
    if label.name != ANSWER and label.name.upper() not in WITNESSES:
        return None
    before = bisect_right(named, label.words, key=itemgetter(1))
    return named[before - 1] if before else None


def named_in_full(text: str, labels: Sequence[Label]) -> dict[str, Pair]:
    """Where the full name of each label stands, by the label in small letters; no label that several can have."""
    if not labels:
        return {}
    presiding = PRESIDING.search(text)
    chair = {label.name.lower(): presiding.span(1) for label in labels if presiding and _presides(label, presiding)}
    heads: dict[str, dict[str, Pair]] = {}
    for head in HEAD.finditer(text):
        for match in WITNESS.finditer(text, *head.span()):
            heads.setdefault(surname(tuple(match[1].split())), {})[match[1]] = match.span(1)
    found = dict(chair)
    for label in labels:
        named = heads.get(_surname(label), {})
        bearers = {other.name.lower() for other in labels if _surname(other) == _surname(label)}
        if len(named) == len(bearers) == 1:
            [found[label.name.lower()]] = named.values()
    return found


def _surname(label: Label) -> str:
    """The surname without the place behind it, which may be in the head of the record, too."""
    placed = PLACED_NAME.fullmatch(label.name)
    return placed[1].lower() if placed else label.key


def _presides(label: Label, presiding: re.Match[str]) -> bool:
    """True for "The CHAIRWOMAN", whatever presides is called, and for "The Vice Chairman" where one presides."""
    the, _, office = label.name.lower().partition(" ")
    return the == "the" and (office.startswith("chair") or (presiding[2] or "").lower().startswith(office))
