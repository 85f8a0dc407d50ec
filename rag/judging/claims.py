"""Which relation a statement has to a claim, where names and letters can tell and the network cannot.

The network knows whether a statement is on the very point of a claim far better than whether it says so or the opposite
(docs/judge.md). So what it gives to a statement is moved: to "another" where the index has it by somebody else than the
asked, to "says so" where the words that the question quotes stand in it, to "opposite" where a number or a negation is
another. Everything else stays with "answers": the words are shown, and there is no verdict.
"""

from __future__ import annotations

from rag.judging.letters import agrees, quoted
from rag.schema import Judgement, Query

# Words in quotation marks that the asked said letter for letter, and neither denied nor asked.
PROVEN = 0.95


def placed(query: Query, judgement: Judgement) -> Judgement:
    """The judgement of a statement for a question whether somebody said something; that of another as it is."""
    if query.kind != "did_say" or not query.labels:
        return judgement
    hit, shown = judgement.hit, judgement.shown
    speaker, words = hit.statement.quote.speaker, quoted(query)
    if speaker is None:
        return Judgement(hit, answers=shown)
    if speaker.name not in query.labels:
        return Judgement(hit, another=shown)
    is_agreed = agrees(query, hit.statement)
    if words:
        return Judgement(hit, says_so=max(shown, PROVEN)) if is_agreed else Judgement(hit, answers=shown)
    return Judgement(hit, answers=shown) if is_agreed else Judgement(hit, opposite=shown)
