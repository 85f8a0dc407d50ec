"""How well a judge does on what is set aside: which statement it puts first, what it makes of claims."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from training.judge.losses import POSITIVE
from training.judge.pairs import RELATIONS, Pairs

SAYS_SO, OPPOSITE = RELATIONS.index("says_so"), RELATIONS.index("opposite")


def figures(pairs: Pairs, found: NDArray[np.float32]) -> list[str]:
    """What to print of log probabilities of all pairs, (pairs, relations)."""
    probabilities = np.exp(found)
    shown = probabilities[:, :POSITIVE].sum(1)
    lines = [line for part in ("pools", "new_pools", "claim_pools") for line in _pools(pairs, shown, part)]
    for part in ("claim_pools", "claims", "mixed"):
        lines += _claims(pairs, probabilities, part)
    return lines


def _pools(pairs: Pairs, shown: NDArray[np.float32], part: str) -> list[str]:
    places = pairs.of(part, aside=True)
    if not len(places):
        return []
    best_right: list[float] = []
    best_none: list[float] = []
    first = nearest = 0
    for group in np.unique(pairs.group[places]):
        mine = places[pairs.group[places] == group]
        right = pairs.relation[mine] < POSITIVE
        (best_right if right.any() else best_none).append(float(shown[mine].max()))
        if right.any():
            first += int(right[shown[mine].argmax()])
            nearest += int(right[pairs.rank[mine].argmin()])
    above = sum(one > other for one in best_right for other in best_none)
    answerable = max(1, len(best_right))
    return [
        f"{part} {len(best_right) + len(best_none)}, answerable {len(best_right)}",
        f"first right: judge {first / answerable:.3f}, retriever {nearest / answerable:.3f}",
        f"area under the curve for none of these: {above / max(1, answerable * len(best_none)):.3f}",
    ]


def _claims(pairs: Pairs, probabilities: NDArray[np.float32], part: str) -> list[str]:
    """How claims' statements are judged: yes, no or neither, and what a bound on yes and no would give."""
    places = pairs.of(part, aside=True)
    table: Counter[tuple[str, str]] = Counter()
    for place in places.tolist():
        judged = RELATIONS[int(probabilities[place].argmax())]
        table[RELATIONS[int(pairs.relation[place])], judged] += 1
    lines = [f"{part}, labelled -> judged: {dict(sorted(table.items()))}"]
    labels = pairs.relation[places]
    for bound in (0.5, 0.7, 0.9):
        yes, no = probabilities[places, SAYS_SO] > bound, probabilities[places, OPPOSITE] > bound
        lines.append(
            f"  above {bound}: yes {int((yes & (labels == SAYS_SO)).sum())} of {int((labels == SAYS_SO).sum())}, "
            f"wrong {int((yes & (labels != SAYS_SO)).sum())} (opposites {int((yes & (labels == OPPOSITE)).sum())}); "
            f"no {int((no & (labels == OPPOSITE)).sum())} of {int((labels == OPPOSITE).sum())}, "
            f"wrong {int((no & (labels != OPPOSITE)).sum())} (says so {int((no & (labels == SAYS_SO)).sum())})"
        )
    return lines
