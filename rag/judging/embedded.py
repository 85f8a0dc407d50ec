"""The embedded judge: a trained network that reads a question beside each statement in its paragraph.

Its weights lie in `rag/judging/weights`; docs/judge.md tells how they were made and what they can do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from rag.judging.claims import asked_of, bodies_asked, is_own, looked_up, placed
from rag.judging.decision import FAINT
from rag.judging.eligible import is_bare
from rag.judging.ground import answers_nothing
from rag.judging.letters import as_answered
from rag.judging.networks import CLAIM_SCALES, CLAIMS, OPEN, OPEN_SCALES, packaged
from rag.judging.reading import parts, render
from rag.models.cross_encoder import Calibrated
from rag.models.once import Once
from rag.schema import Hit, Judged, Judgement, Query, Statement

# In the order of the network's outputs; the last two, on the topic and off it, are one to a reader.
SHOWN = ("answers", "says_so", "opposite", "another")
RELATIONS = (*SHOWN, "topic", "off")
# Kinds whose questions can be claims that the reader has not known for such.
POLAR = ("said_what", "stance")
# They are where something of the asked settles them so surely: of 118 written for it 17 get the right verdict and 5 a
# wrong one, of 17 set aside or held out three and none.
SETTLED = 0.7
TINY = 1e-6


class EmbeddedJudge:
    """A Judge. Safe to share between threads; it keeps nothing of a question."""

    name = "embedded"

    def __init__(self, network: Calibrated, claims: Callable[[], Calibrated]) -> None:
        """Take a network for open questions, and what makes the one for questions whether somebody said something."""
        self._open, self._claims = network, Once(claims)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> EmbeddedJudge:
        """The judge with the packaged weights, loaded once; ModelError when a file is missing or altered.

        What reads claims is loaded for the first of them: it takes a third of a second, and 200 MB.
        """
        return cls(packaged(OPEN, OPEN_SCALES), lambda: packaged(CLAIMS, CLAIM_SCALES))

    def judge(self, query: Query, hits: Sequence[Hit]) -> Judged:
        """Judge each hit by itself; what surely answers nothing is left out, the likeliest come first."""
        if query.kind != "did_say" and not is_bare(query):
            hits = [hit for hit in hits if not answers_nothing(query.as_judged, hit.statement)]
        if not hits:
            return Judged((), self.name)
        if query.kind == "survey":
            # Whatever is said answers what is asked of all the articles, in the retriever's order.
            return Judged(tuple(Judgement(hit, answers=1.0) for hit in hits), self.name)
        query, read = self._read(query, hits)
        bodies = bodies_asked(query, hits)
        judgements = [placed(query, one, bodies) for one in read]
        # What the asked say answers a question for no more than that, however faint.
        kept = [one for one in looked_up(query, judgements) if one.shown >= FAINT or is_own(query, one.hit.statement)]
        return Judged(tuple(sorted(kept, key=_order)), self.name, kind=query.kind)

    def _read(self, query: Query, hits: Sequence[Hit]) -> tuple[Query, list[Judgement]]:
        """What the network makes of each hit, and the query; as a claim, where "Is Hale hopeful?" is settled as one.

        Where nobody is known who is asked about, a "yes" could rest on anybody.
        """
        if query.polar and query.kind in POLAR and query.labels:
            claim = replace(query, kind="did_say")
            read = _read_by(self._claims(), claim, hits)
            if any(is_own(claim, one.hit.statement) and max(one.says_so, one.opposite) >= SETTLED for one in read):
                return claim, read
        return query, _read_by(self._claims() if query.kind == "did_say" else self._open, query, hits)


def _read_by(network: Calibrated, query: Query, hits: Sequence[Hit]) -> list[Judgement]:
    """What a network makes of each hit; a long statement answers as the likeliest of its pieces does."""
    pieces = [evidence(hit.statement) for hit in hits]
    asked = [asked_of(query, hit.statement) for hit in hits]
    pairs = [(question, text) for question, texts in zip(asked, pieces, strict=True) for text in texts]
    found = iter(network.probabilities(pairs).tolist())
    return [
        max((Judgement(hit, *each[: len(SHOWN)]) for each in islice(found, len(texts))), key=lambda one: one.shown)
        for hit, texts in zip(hits, pieces, strict=True)
    ]


def _order(judgement: Judgement) -> float:
    """The likeliest first; what the retriever made of a statement counts beside the odds that it is to be shown."""
    odds = judgement.shown / max(1 - judgement.shown, TINY)
    return -math.log(odds) - judgement.hit.score


def evidence(statement: Statement) -> list[str]:
    """A statement as the network reads it; a long one in pieces."""
    base, quote = statement.context.start, statement.quote
    places = [(span.start - base, span.end - base) for span in quote.content]
    context = statement.context.text
    for start, end in places:
        context = f"{context[:start]}{as_answered(context[start:end])}{context[end:]}"
    pieces = parts(context, places[0][0], places[-1][1])
    return [
        render(
            context,
            places if len(pieces) == 1 else [piece],
            speaker=quote.speaker.name if quote.speaker else "",
            role=(quote.speaker.role or "") if quote.speaker else "",
            title=statement.article.title or "",
            day=statement.article.published or "",
        )
        for piece in pieces
    ]
