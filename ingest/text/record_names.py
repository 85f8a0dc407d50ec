"""Read the full names that a record of a hearing has for its labels: who presides, and the witness of each statement.

    Hon. Ann Lee (Chairwoman of the Committee) presiding.        STATEMENT OF JO HALE, KEEPER OF THE WEIR
    The CHAIRWOMAN. The Committee will come to order.            Mr. HALE. I shut it.

In: a text, and its labels that a point closes. Out: where the full name stands for what a label says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.text.names import surname
from ingest.text.turn import Pair
from ingest.text.turn_labels import FULL, Label

PRESIDING = re.compile(
    rf"(?:\b[A-Z][a-z]{{1,3}}\. )?({FULL})(?:(?:,|\s[(\[])\s?([^().\[\]]{{1,80}}?)[)\]]?,?)?\s+presiding\b"
)
# A head in capitals, over several lines where it is long: "OPENING STATEMENT OF HON. ANN McTARN, CHAIR".
HEAD = re.compile(
    r"^[^\S\n]*(?:[A-Z]+ ){0,3}[A-Z]+ OF (?:[^a-z\n]|(?<=[A-Z])[a-z]{1,2}(?=[A-Z]{3})|\n(?!\s*\n))+$", re.M
)
# Each of those whom it names: "STATEMENTS OF ANN LEE, KEEPER; AND JO HALE, CLERK".
WITNESS = re.compile(rf"(?:(?<= OF )|;\s(?:AND\s)?)(?:(?:[A-Z]{{2,4}}\.|THE HONORABLE) )?({FULL})(?=[,;]|\s*$)", re.M)


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
        named = heads.get(label.key, {})
        bearers = {other.name.lower() for other in labels if other.key == label.key}
        if len(named) == len(bearers) == 1:
            [found[label.name.lower()]] = named.values()
    return found


def _presides(label: Label, presiding: re.Match[str]) -> bool:
    """True for "The CHAIRWOMAN", whatever presides is called, and for "The Vice Chairman" where one presides."""
    the, _, office = label.name.lower().partition(" ")
    return the == "the" and (office.startswith("chair") or (presiding[2] or "").lower().startswith(office))
