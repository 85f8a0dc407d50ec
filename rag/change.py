"""One speaker's statements over time: in order, and the two that do not go together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from rag.contradiction import Clash, clashes
from rag.evidence import Scales
from rag.polarity import numbers
from rag.schema import Hit, Statement
from rag.text import terms

# How much each difference says about a change of mind; what only shades a statement is no conflict alone.
CONFLICT: dict[Clash, float] = {"denied": 1.0, "negation": 1.0, "opposite": 1.0, "number": 0.7, "mood": 0.4}
MIN_CONFLICT = 0.7
# Two statements are on one thing when a good part of the words of the shorter is in the other; less is enough to
# compare what was retrieved on one topic.
MIN_SHARED = 0.2
# Words that are no part of what a change is asked about, each by itself. Whether a question asks for a change at all,
# which mostly takes a verb and a noun together, is for `CHANGE` in `rag.query` to say.
CHANGING = re.compile(
    r"\b(?:change[ds]?|changing|shift(?:s|ed|ing)?|revers(?:e[ds]?|ing)|evolv\w+|flip-?flop\w*|u-turn|moved|mind|"
    r"positions?|stance|views?|opinions?|tune|course|over time|since|ever|has|have|had|did|does|his|her|their|its)\b",
    re.I,
)


def subject(topic: str) -> str:
    """What a change is asked about: "changed her position on the toll" without the words for changing."""
    return " ".join(CHANGING.sub(" ", topic).split())


def in_order(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The same hits in the order they were published, those without a date last."""

    def order(hit: Hit) -> tuple[str, str, int]:
        article = hit.statement.article
        return article.published or "9999", article.id, hit.statement.quote.content[0].start

    return tuple(sorted(hits, key=order))


def conflict(hits: Sequence[Hit], scales: Scales) -> tuple[int, int] | None:
    """The places of the two statements of one speaker, of different days, that differ the most; None without any."""
    best, pair = 0.0, None
    for (i, one), (j, other) in combinations(enumerate(hit.statement for hit in hits), 2):
        days = one.article.published, other.article.published
        if None in days or days[0] == days[1] or _name(one) != _name(other):
            continue
        found = _difference(one, other, scales)
        if found > best:
            best, pair = found, (i, j)
    return pair


def _difference(one: Statement, other: Statement, scales: Scales) -> float:
    """How much two statements conflict, weighted by how much they share; 0 when they do not."""
    shared = max(
        scales.share(terms(one.quote.text), other.quote.text), scales.share(terms(other.quote.text), one.quote.text)
    )
    if shared < MIN_SHARED:
        return 0.0
    # Either is tried as the question: a difference counts when it is one both ways.
    found = set(clashes(one.quote.text, other)) & set(clashes(other.quote.text, one))
    if "number" in found and not (numbers(one.quote.text) and numbers(other.quote.text)):
        found.discard("number")
    weight = sum(CONFLICT.get(clash, 0.0) for clash in found)
    return weight * shared if weight >= MIN_CONFLICT else 0.0


def _name(statement: Statement) -> str:
    return statement.quote.speaker.name if statement.quote.speaker else ""
