"""Which relation a statement has to a claim, where names and letters can tell and the network cannot.

The network knows whether a statement is on the very point of a claim far better than whether it says so or the opposite
(docs/judge.md). So what it gives to a statement is moved: to "another" where the index has it by somebody else than the
asked, to "says so" where the words that the question quotes stand in it, to "opposite" where a number or a negation is
another. Everything else stays with "answers": the words are shown, and there is no verdict.
"""

from __future__ import annotations

from dataclasses import replace

from rag.judging.letters import agrees, quoted
from rag.schema import Judgement, Query

# Words in quotation marks that the asked said letter for letter, and neither denied nor asked.
PROVEN = 0.95


def placed(query: Query, judgement: Judgement) -> Judgement:
    """The judgement of a statement for a question whether somebody said something; that of another as it is."""
    if query.kind != "did_say" or not query.labels:
        return judgement
    statement, nothing = judgement.hit.statement, {"answers": 0.0, "says_so": 0.0, "opposite": 0.0, "another": 0.0}
    speaker, words = statement.quote.speaker, quoted(query)
    if speaker is None or speaker.name not in query.labels:
        relation = "another" if speaker else "answers"
    elif words and agrees(query, statement):
        return replace(judgement, **{**nothing, "says_so": max(judgement.shown, PROVEN)})
    else:
        relation = "answers" if words or agrees(query, statement) else "opposite"
    return replace(judgement, **{**nothing, relation: judgement.shown})
