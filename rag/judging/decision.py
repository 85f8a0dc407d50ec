"""What is decided of a question, and the bounds that its parts share.

Each bound is a probability, chosen on articles set aside from the training data (docs/judge.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.schema import Hit, Judgement, Query, Statement, Verdict

# A statement answers from here on; another stands beside the best when it is not much less likely than that.
SHOWN = 0.25
BESIDE = 0.7
# A statement that so surely answers nothing is left out, and is not what comes closest.
FAINT = 0.02
MOST = 3
CLOSEST = 2

Note = Literal["", "opposite", "another", "turned"]
Check = Callable[[Query, Statement], bool]


def never(query: Query, statement: Statement) -> bool:
    """The check that finds nothing."""
    return False


@dataclass(frozen=True, slots=True)
class Decision:
    """What to answer, with which statements.

    `hits` are the answer's statements in the order to be shown, or the closest ones when it is not answered. `note`
    says why a "no" is one: the asked say the "opposite", or "another" says so; for a "yes" that the asked "turned" and
    say the contrary on another day. `silent` are the asked who say nothing that answers.
    """

    answered: bool
    verdict: Verdict | None
    hits: tuple[Hit, ...]
    note: Note = ""
    silent: tuple[str, ...] = ()


def unanswered(found: Sequence[Judgement]) -> Decision:
    """That the articles do not say, and what comes closest."""
    return Decision(False, None, tuple(j.hit for j in found[:CLOSEST] if j.shown >= FAINT))
